package store

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"git-incident/journal"
	"git-incident/journal/git"
)

// maxRounds is how often a repair looks again: behind a broken ref there may be
// missing entries, and behind those nothing.
const maxRounds = 4

// Repair examines the journal and mends what it can, in rounds. Everything it puts
// back goes through the spool, the lock and a commit like any other change, so that
// a repair which is killed is finished by the next command. A second one finds
// nothing to do.
func (j *Journal) Repair(ctx context.Context) (Report, error) {
	var fixed []Finding
	failed := map[string]error{}
	for range maxRounds {
		stuck := j.settle(ctx)
		report, err := j.Examine(ctx)
		if err != nil {
			return report, err
		}
		acted := false
		for _, f := range report.Findings {
			if f.repair == nil || failed[f.key()] != nil {
				continue
			}
			if f.Fixed, err = f.repair(ctx); err != nil {
				failed[f.key()] = err
				continue
			}
			fixed, acted = append(fixed, f), true
		}
		if !acted {
			report.waits(j, stuck)
			return report.with(fixed, failed), nil
		}
	}
	j.settle(ctx)
	report, err := j.Examine(ctx)
	return report.with(fixed, failed), err
}

// settle applies what is in the spool, all at once. What keeps it from that is for
// the examination to find.
func (j *Journal) settle(ctx context.Context) error {
	if names, err := j.pendingNames(); err != nil || len(names) == 0 {
		return nil
	}
	unlock, ok, err := j.lock(ctx, landWait)
	if err != nil || !ok {
		return nil
	}
	defer unlock()
	_, err = j.drain(ctx)
	return err
}

// waits adds what no examination can foresee: a ref that git will not move.
func (r *Report) waits(j *Journal, err error) {
	known := slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Kind == Waiting || f.Kind == Locked || f.Kind == CheckedOut })
	if err == nil || known {
		return
	}
	r.Findings = append(r.Findings, Finding{Kind: Waiting, Subject: j.path(spoolDir),
		Sentence: "What is written down cannot be put on the journal: " + firstLine(err.Error()) + ".", Kept: "The text is safe in the spool."})
}

func (f Finding) key() string { return f.Kind + " " + f.Subject }

// with adds what was mended and is not found any more, and says why the rest was
// not.
func (r Report) with(fixed []Finding, failed map[string]error) Report {
	for i, f := range r.Findings {
		if err := failed[f.key()]; err != nil {
			r.Findings[i].Sentence += fmt.Sprintf(" Mending it did not work: %s.", firstLine(err.Error()))
		}
	}
	known := map[string]bool{}
	for _, f := range r.Findings {
		known[f.key()] = true
	}
	for _, f := range fixed {
		if !known[f.key()] {
			known[f.key()] = true
			r.Findings = append(r.Findings, f)
		}
	}
	return r
}

// doctorVerb begins the subjects of commits that put something back.
const doctorVerb = "doctor"

// putBack writes down changes that bring losses back, one for each incident.
func (j *Journal) putBack(ctx context.Context, losses []loss) (string, error) {
	objs := j.repo.Objects(ctx)
	defer objs.Close()
	for _, l := range losses {
		random := make([]byte, journal.ChangeIDLen)
		_, _ = rand.Read(random) // never fails, by its documentation
		c := l.change()
		c.ID, c.At, c.Verb = journal.Token(random), j.now().Truncate(time.Second), doctorVerb
		attachments := map[string][]byte{}
		c.Attach = slices.DeleteFunc(slices.Clone(c.Attach), func(a journal.Attachment) bool {
			content, err := objs.Blob(git.NewHash(a.Hash), journal.MaxAttachment)
			attachments[a.Name] = content
			return err != nil
		})
		files, err := complete(&c, attachments)
		if err == nil {
			err = j.spool(&record{Changes: []journal.Change{c}, Files: files})
		}
		if err != nil {
			return "", fmt.Errorf("put back what %s lacks: %w", l.incident, err)
		}
	}
	return putBackSentence(losses), nil
}

// spoolAgain moves records back into the spool.
func (j *Journal) spoolAgain(dir string, names []string) (string, error) {
	for _, name := range names {
		if err := os.Rename(j.path(dir, name), j.path(spoolDir, name)); err != nil {
			return "", err
		}
		_ = os.Remove(j.path(dir, name+whyEnds))
	}
	return "Put back: " + count(len(names), "change") + ".", nil
}

func putBackSentence(losses []loss) string {
	entries, incidents := 0, 0
	for _, l := range losses {
		entries += len(l.pieces)
		if l.whole != nil {
			incidents++
		}
	}
	var parts []string
	if incidents > 0 {
		parts = append(parts, count(incidents, "whole incident"))
	}
	if entries > 0 {
		parts = append(parts, count(entries, "entry"))
	}
	return "Put back: " + strings.Join(parts, " and ") + "."
}
