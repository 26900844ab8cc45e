package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"git-incident/journal"
	"git-incident/journal/git"
)

// tip compares a commit with what is on the refs, entry by entry.
func (x *exam) tip(ctx context.Context, l *ledger, t beside) {
	commit, err := x.objs.Commit(t.hash)
	if err != nil {
		return // gc has taken it, or it is what a broken ref pointed at
	}
	var losses []loss
	entries, incidents := 0, 0
	for _, id := range x.differing(ctx, l, t.hash) {
		f, err := readFolder(x.objs, commit.Tree, id)
		if err != nil || f.inc == nil || x.claimed[id] {
			continue
		}
		if lost, ok := x.lossAt(l, f); ok {
			losses = append(losses, lost)
			entries += len(lost.pieces)
			if lost.whole != nil {
				entries += len(entryIDs(f.inc))
				incidents++
			}
		}
	}
	if len(losses) > 0 {
		x.leftBehind(t, losses, entries, incidents)
	}
}

// differing are the incidents whose notes are not the same at a commit.
func (x *exam) differing(ctx context.Context, l *ledger, at Hash) []string {
	_, there, err := x.j.compare(ctx, l.tip, at)
	if errors.Is(err, errTwice) {
		there, _ = x.j.survey(ctx, at) // more than differ, which costs time only
	}
	var found []string
	for _, n := range there.notes {
		found = append(found, n.id)
	}
	return found
}

// lossAt is what an incident as it is elsewhere has more than here. A draft that
// left its ref on purpose is not missed.
func (x *exam) lossAt(l *ledger, f folder) (loss, bool) {
	id := f.inc.ID
	there := x.on(id)
	if len(there) == 0 {
		if l.draft && x.left(l, id) {
			return loss{}, false
		}
		x.claimed[id] = true
		return loss{incident: id, draft: l.draft, whole: &f}, true
	}
	lost := loss{incident: id, draft: there[0].draft}
	for _, entry := range ownIDs(f.inc) {
		key := id + " " + entry
		if !x.claimed[key] && !x.accounts(id, entry) {
			x.claimed[key] = true
			lost.pieces = append(lost.pieces, piece{id: entry, from: f})
		}
	}
	return lost, len(lost.pieces) > 0
}

// left reports whether the history of a ref names an incident that is not on it.
func (x *exam) left(l *ledger, incident string) bool {
	return slices.ContainsFunc(l.history, func(e git.LogEntry) bool {
		return slices.Contains(e.Values(journal.TrailerIncident), incident)
	})
}

func (x *exam) leftBehind(t beside, losses []loss, entries, incidents int) {
	what := count(entries, "entry")
	if incidents > 0 {
		what += ", with " + count(incidents, "whole incident")
	}
	f := Finding{Kind: LeftBehind, Subject: t.name,
		Sentence: fmt.Sprintf("It has %s more than the journal now, in commit %s.", what, short(t.hash)),
		Kept:     "That commit has all of it.",
		repair:   func(ctx context.Context) (string, error) { return x.j.putBack(ctx, losses) },
	}
	if t.remote {
		f.Kind = Behind
		f.Sentence = fmt.Sprintf("It has %s that this clone has not.", what)
		f.Kept = "A sync takes it over."
		f.Way = []string{"git incident sync"}
	}
	x.add(f)
}
