package store

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"git-incident/journal"
	"git-incident/journal/git"
)

// ledger is one ref of the journal as an examination has read it.
type ledger struct {
	draft   bool
	ref     string
	tip     Hash              // zero when there is none, or when it cannot be read
	blind   bool              // the tip is not whole, so nothing can be proven yet
	notes   map[string]folder // by incident; without attachments
	history []git.LogEntry
	commits map[Hash]bool   // of the history
	changes map[string]bool // ids of the changes in it
}

// readRefs reads the branch and the drafts.
func (x *exam) readRefs(ctx context.Context) error {
	for _, draft := range []bool{false, true} {
		l := &ledger{
			draft: draft, ref: x.j.ref(draft),
			notes: map[string]folder{}, commits: map[Hash]bool{}, changes: map[string]bool{},
		}
		x.sides[side(draft)] = l
		at, err := x.examineRef(ctx, l)
		if err == nil && !at.IsZero() {
			err = x.readTip(ctx, l, at)
		}
		if err != nil {
			return err
		}
	}
	x.report.Incidents, x.report.Entries = x.total()
	return nil
}

// readTip reads everything at a tip, and the history behind it.
func (x *exam) readTip(ctx context.Context, l *ledger, at Hash) error {
	bad := x.damage(ctx, at, l.notes)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if len(bad) > 0 {
		return x.damagedTip(ctx, l, at, bad)
	}
	l.tip = at
	x.readHistory(ctx, l)
	return ctx.Err()
}

func (x *exam) readHistory(ctx context.Context, l *ledger) {
	var err error
	if l.history, err = x.j.repo.Log(ctx, l.tip, 0); err != nil {
		x.add(Finding{Kind: DamagedHistory, Subject: l.ref,
			Sentence: fmt.Sprintf("Not all of the history can be read, so nothing can be proven from it: %s.", firstLine(err.Error())),
			Kept:     "Every note as it is now can be read.",
			Way:      []string{"git fsck --no-dangling " + l.ref},
		})
	}
	for _, e := range l.history {
		l.commits[e.Hash] = true
		for _, id := range e.Values(journal.TrailerChange) {
			l.changes[id] = true
		}
	}
}

// on are the sides that have an incident.
func (x *exam) on(incident string) []*ledger {
	return slices.DeleteFunc(slices.Clone(x.sides[:]), func(l *ledger) bool {
		_, there := l.notes[incident]
		return !there
	})
}

// accounts reports whether an entry is where it should be: on a ref, or deleted on
// purpose. Of a note that nobody can read nothing is known.
func (x *exam) accounts(incident, id string) bool {
	for _, l := range x.on(incident) {
		inc := l.notes[incident].inc
		if inc == nil || slices.Contains(entryIDs(inc), id) ||
			slices.ContainsFunc(inc.Deleted, func(t journal.Tombstone) bool { return t.ID == id }) {
			return true
		}
	}
	return false
}

// total counts what is on the refs; what is on both counts once.
func (x *exam) total() (incidents, entries int) {
	all := maps.Clone(x.sides[1].notes)
	maps.Copy(all, x.sides[0].notes)
	for _, f := range all {
		if f.inc != nil {
			entries += len(entryIDs(f.inc))
		}
	}
	return len(all), entries
}
