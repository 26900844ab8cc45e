package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"git-incident/journal"
	"git-incident/journal/git"
)

// Imported says what an import did.
type Imported struct {
	Added   []string // ids
	Present []string // ids that were there already, or twice in the import
	Commit  Hash     // zero when nothing was added
}

// importWait is how long an import waits for the lock: it is not spooled, as its
// source is still there.
const importWait = 10 * time.Second

// importTries is how often an import is built again after a lost race.
const importTries = 10

// ErrBusy says that others kept writing for longer than an import waits.
var ErrBusy = errors.New("others are writing to the journal; nothing was imported, try again")

// Import adds notes to the branch in one commit. An incident that is there
// already, under the same id or from the same source, is left alone. progress
// is told how many have been dealt with.
func (j *Journal) Import(ctx context.Context, notes []*journal.Incident, message string, at time.Time, progress func(done int)) (Imported, error) {
	unlock, ok, err := j.lock(ctx, importWait)
	if err != nil {
		return Imported{}, err
	}
	if !ok {
		return Imported{}, ErrBusy
	}
	defer unlock()
	if _, err := j.drain(ctx); err != nil {
		return Imported{}, err
	}
	left, crashed := j.leftover()
	for try := 0; ; try++ {
		im, err := j.importOnce(ctx, notes, message, at, left, progress)
		if err == nil && !crashed {
			j.retract()
		}
		again := errors.Is(err, git.ErrStale) && try < importTries || errors.Is(err, git.ErrLocked) && j.unlockRefs(left)
		if !again {
			return im, err
		}
		sleep(ctx, jitter(try))
	}
}

func (j *Journal) importOnce(ctx context.Context, notes []*journal.Incident, message string, at time.Time, left intent, progress func(int)) (Imported, error) {
	b, err := j.newBatch(ctx)
	if err != nil {
		return Imported{}, err
	}
	defer b.objs.Close()
	l, err := b.on(ctx, false)
	if err != nil {
		return Imported{}, err
	}
	there, err := j.sources(ctx, l.tip)
	if err != nil {
		return Imported{}, err
	}
	var im Imported
	var edits []git.TreeEdit
	for i, inc := range notes {
		if there.add(inc.ID) {
			im.Added = append(im.Added, inc.ID)
			if edits, err = b.importNote(edits, inc); err != nil {
				return Imported{}, err
			}
		} else {
			im.Present = append(im.Present, inc.ID)
		}
		progress(i + 1)
	}
	if len(im.Added) == 0 {
		return im, nil
	}
	who := git.Ident{Name: b.who.Name, Email: b.who.Email, When: at}
	if _, err := b.extend(ctx, l, edits, message, who); err != nil {
		return Imported{}, err
	}
	if err := b.land(ctx, "incident: import", left, b.updates()); err != nil {
		return Imported{}, err
	}
	im.Commit = l.tip
	return im, nil
}

func (b *batch) importNote(edits []git.TreeEdit, inc *journal.Incident) ([]git.TreeEdit, error) {
	text := journal.Format(inc)
	if len(text) > journal.MaxNote {
		return nil, fmt.Errorf("%s: %w", inc.ID, journal.ErrTooLarge)
	}
	if !journal.ValidID(inc.ID) {
		return nil, fmt.Errorf("%q is no id of an incident", inc.ID)
	}
	b.j.allow(string(text))
	blob, err := b.objs.AddBlob(text)
	return append(edits, git.TreeEdit{Path: journal.Path(inc.ID) + "/" + noteName, Hash: blob}), err
}

// errUnknown keeps an import from writing what may be there already.
var errUnknown = errors.New("a part of the journal cannot be read; see git incident doctor")

// sources are the ids on the branch, and the parts of them that name a source.
type sources map[string]bool

func (j *Journal) sources(ctx context.Context, tip Hash) (sources, error) {
	there := sources{}
	if tip.IsZero() {
		return there, nil
	}
	found, err := j.survey(ctx, tip)
	if err == nil && found.missing {
		err = errUnknown
	}
	for _, n := range found.notes {
		there.add(n.id)
	}
	return there, err
}

// add reports whether an id is new.
func (s sources) add(id string) bool {
	key := id
	// A token of this length was made from a source and not by chance.
	if token := journal.ShortID(id); len(token) == journal.ImportTokenLen {
		key = token
	}
	known := s[key]
	s[key] = true
	return !known
}
