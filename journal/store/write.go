package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"time"

	"git-incident/journal"
	"git-incident/journal/git"
)

// Receipt says how far a write has come.
type Receipt struct {
	Spooled bool  // it is on disk and survives a power cut
	Applied bool  // it is on the ref
	Waiting error // why it is not applied yet, when the next command will do so by itself

	Commit   Hash              // the commit that has it, the tip if it changed nothing; zero if another process made it
	Incident *journal.Incident // the incident with it

	Others int     // other spooled changes that were applied along
	Stuck  []Stuck // changes that were found to be inapplicable
}

// writeFor is how long a write that keeps losing the race tries again.
const writeFor = 10 * time.Second

var (
	// errBusy is why a change waits when others write.
	errBusy = errors.New("another git incident is writing")
	// ErrInapplicable says that a change does not fit what is on the ref. The
	// spooled file is kept under spool/stuck.
	ErrInapplicable = errors.New("the change cannot be applied")
)

// Write makes a change survive, and applies it together with everything else
// that is spooled. attachments is the content of the files in c.Attach, by name;
// their sizes and hashes are filled in here.
//
// When the receipt says Spooled, the text is safe whatever the error. An error
// then is something a person has to do: a [*RefError], [git.ErrNoIdentity] or
// [ErrInapplicable].
func (j *Journal) Write(ctx context.Context, c journal.Change, attachments map[string][]byte) (Receipt, error) {
	files, err := complete(&c, attachments)
	if err != nil {
		return Receipt{}, err
	}
	return j.write(ctx, &record{Changes: []journal.Change{c}, Files: files})
}

func (j *Journal) write(ctx context.Context, r *record) (Receipt, error) {
	j.repo.ExpectUpdate(ctx, r.reflogMessage())
	defer j.repo.ForgetUpdate()
	if err := j.spool(r); err != nil {
		return Receipt{}, fmt.Errorf("write the change down: %w", err)
	}
	j.allow(r.texts()...)
	receipt := Receipt{Spooled: true}
	unlock, ok, err := j.lock(ctx, lockWait)
	if err != nil {
		return receipt, err
	}
	if !ok {
		receipt.Waiting = errBusy
		return receipt, nil
	}
	defer unlock()
	out, err := j.drain(ctx)
	if isContention(err) {
		receipt.Waiting = err
		return receipt, nil
	}
	if err == nil && !out.mentions(r) {
		return j.appliedByOthers(ctx, r, receipt)
	}
	return receipt.of(r, out), out.of(r, err)
}

// appliedByOthers is about a record that was no longer in the spool when we had
// the lock: the process that had it before us dealt with it.
func (j *Journal) appliedByOthers(ctx context.Context, r *record, receipt Receipt) (Receipt, error) {
	if why, err := os.ReadFile(j.path(stuckDir, r.name+whyEnds)); err == nil {
		return receipt, fmt.Errorf("%w: %s", ErrInapplicable, bytes.TrimSpace(why))
	}
	if _, err := os.Stat(j.path(doneDir, r.name)); err != nil {
		return receipt, fmt.Errorf("%s is neither in the spool nor done: %w", r.name, err)
	}
	receipt.Applied = true
	if _, err := j.Tip(ctx); err != nil {
		return receipt, err
	}
	note, err := j.Read(ctx, r.Changes[0].Incident)
	if err != nil && !IsNotFound(err) {
		return receipt, err
	}
	receipt.Incident = note.Incident
	return receipt, nil
}

// isContention reports an error that passes by itself.
func isContention(err error) bool {
	return errors.Is(err, git.ErrStale) || errors.Is(err, git.ErrPruned) || errors.Is(err, git.ErrLocked)
}

// Flush applies what earlier commands left in the spool. It waits for nobody,
// and costs a look into a directory when there is nothing.
func (j *Journal) Flush(ctx context.Context) (Receipt, error) {
	names, err := j.pendingNames()
	if err != nil {
		return Receipt{}, fmt.Errorf("read the spool: %w", err)
	}
	if len(names) == 0 {
		return Receipt{}, nil
	}
	unlock, ok, err := j.lock(ctx, 0)
	if err != nil {
		return Receipt{}, err
	}
	if !ok {
		return Receipt{Waiting: errBusy}, nil
	}
	defer unlock()
	out, err := j.drain(ctx)
	switch {
	case isContention(err):
		return Receipt{Waiting: err}, nil
	case err == nil && len(out.held) > 0:
		err = out.held[0].err
	}
	return Receipt{Others: len(out.done), Stuck: out.stuck}, err
}

// complete checks the attachments of a change and fills in what the content
// says.
func complete(c *journal.Change, attachments map[string][]byte) ([]spooledFile, error) {
	if !journal.ValidID(c.Incident) {
		return nil, fmt.Errorf("%q is no id of an incident", c.Incident)
	}
	var files []spooledFile
	attach := append([]journal.Attachment(nil), c.Attach...)
	for i, a := range attach {
		content, ok := attachments[a.Name]
		if !ok {
			return nil, fmt.Errorf("attachment %q has no content", a.Name)
		}
		if err := CheckAttachment(a.Name); err != nil {
			return nil, fmt.Errorf("attachment %q: %w", a.Name, err)
		}
		if len(content) > journal.MaxAttachment {
			return nil, fmt.Errorf("attachment %q has %d bytes, more than the limit of %d", a.Name, len(content), journal.MaxAttachment)
		}
		attach[i].Size, attach[i].Hash = int64(len(content)), git.BlobHash(content).String()
		files = append(files, spooledFile{Hash: attach[i].Hash, Size: len(content), content: content})
	}
	c.Attach = attach
	return files, nil
}

// outcome is what became of the records of the spool.
type outcome struct {
	done  []*record
	held  []heldRecord // stay pending
	stuck []Stuck
	names map[string]error // why a record is stuck, by its name
}

type heldRecord struct {
	*record
	err error
}

// of tells the fate of the caller's own record.
func (rc Receipt) of(own *record, out outcome) Receipt {
	rc.Stuck = out.stuck
	for _, r := range out.done {
		if r.name != own.name {
			rc.Others++
			continue
		}
		rc.Applied, rc.Commit, rc.Incident = true, r.commit, r.result
	}
	return rc
}

// mentions reports whether the record was in the spool at all.
func (out outcome) mentions(own *record) bool {
	is := func(r *record) bool { return r.name == own.name }
	return out.names[own.name] != nil || slices.ContainsFunc(out.done, is) ||
		slices.ContainsFunc(out.held, func(h heldRecord) bool { return is(h.record) })
}

// of gives the error that concerns the caller's own record.
func (out outcome) of(own *record, err error) error {
	if err != nil {
		return err
	}
	if reason := out.names[own.name]; reason != nil {
		return fmt.Errorf("%w: %w", ErrInapplicable, reason)
	}
	for _, h := range out.held {
		if h.name == own.name {
			return h.err
		}
	}
	return nil
}

// jitter spreads writers that lost the same race.
func jitter(try int) time.Duration {
	return time.Duration(1+rand.IntN(10<<min(try, 5))) * time.Millisecond
}
