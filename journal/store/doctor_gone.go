package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"git-incident/journal"
	"git-incident/journal/git"
)

// since says what was written after a commit that a ref goes back to: what comes
// back, and what is gone.
func (x *exam) since(ctx context.Context, l *ledger, to back, at Hash) string {
	known := map[string]bool{}
	entries, _ := x.j.repo.Log(ctx, to.hash, 0)
	for _, e := range entries {
		for _, id := range e.Values(journal.TrailerChange) {
			known[id] = true
		}
	}
	again := x.spool.doneWithout(func(change string) bool { return known[change] })
	again = slices.DeleteFunc(again, func(r *record) bool {
		return r.Changes[0].Draft != l.draft || r.Changes[0].At.Before(to.when.Truncate(time.Second))
	})
	unreadable, named := x.after(ctx, l, to.hash, at)
	text := ""
	if len(again) > 0 {
		text = fmt.Sprintf(" After it came %s that the spool still has.", count(len(again), "change"))
	}
	var gone []string
	for _, c := range named {
		if i := slices.IndexFunc(again, func(r *record) bool { return r.has(c.changes) }); i >= 0 {
			again = slices.Delete(again, i, i+1)
			continue
		}
		gone = append(gone, x.goneFrom(c)...)
	}
	if len(gone) > 0 {
		text += " Gone, unless another clone has it: " + listed(gone) + "."
	}
	if n := unreadable - len(again); n > 0 {
		text += fmt.Sprintf(" What %s said that cannot be read any more is gone, unless another clone has it.", count(n, "commit"))
	}
	return text
}

// named is a commit with the ids in its trailers.
type named struct {
	git.LogEntry
	changes, entries []string
	incident         string
}

func namedBy(e git.LogEntry) named {
	n := named{LogEntry: e, changes: e.Values(journal.TrailerChange)}
	// Trailers are anybody's to write. One commit is about one incident.
	if incidents := e.Values(journal.TrailerIncident); len(incidents) == 1 && journal.ValidID(incidents[0]) {
		n.incident = incidents[0]
		n.entries = slices.DeleteFunc(e.Values(journal.TrailerEntry), func(id string) bool { return !isEntryID(id) })
	}
	return n
}

// maxEntryID is longer than any id that is ever made, in bytes.
const maxEntryID = 64

func isEntryID(id string) bool {
	return id != "" && len(id) <= maxEntryID && strings.Trim(id, digits+"abcdefghijklmnopqrstuvwxyz") == ""
}

// after are the commits that the ref had after to. Those that cannot be read are
// counted.
func (x *exam) after(ctx context.Context, l *ledger, to, at Hash) (unreadable int, after []named) {
	values := distinct(append([]Hash{at}, x.lastValues(l)...))
	if i := slices.Index(values, to); i >= 0 {
		values = values[:i]
	}
	seen := map[Hash]bool{}
	for _, v := range values[:min(len(values), maxBack)] {
		if _, err := x.objs.Commit(v); err != nil {
			unreadable++
			continue
		}
		entries, _ := x.j.repo.Log(ctx, v, maxBack, to)
		for _, e := range entries {
			if !seen[e.Hash] {
				seen[e.Hash] = true
				after = append(after, namedBy(e))
			}
		}
	}
	return unreadable, after
}

// goneFrom names the entries of a commit that its own tree does not give any more.
func (x *exam) goneFrom(c named) []string {
	if c.incident == "" {
		return nil
	}
	f, err := x.folderAt(c.Hash, c.incident)
	if err == nil && f.inc != nil || x.budget < 0 {
		return nil
	}
	if len(c.entries) == 0 {
		return []string{subject(c.Subject)}
	}
	var gone []string
	for _, id := range c.entries {
		gone = append(gone, id+" of "+subject(c.Subject))
	}
	return gone
}
