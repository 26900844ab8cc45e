package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"git-incident/journal"
)

// spoolView is what the spool holds, as it was when the examination began.
type spoolView struct {
	j       *Journal
	pending []*record
	unread  []heldRecord // pending, and cannot be read
	done    []string     // names
}

// readSpool looks at what is written down. Nothing of it is applied.
func (x *exam) readSpool(context.Context) (err error) {
	x.spool.j = x.j
	if x.spool.pending, x.spool.unread, err = x.j.pending(); err != nil {
		return err
	}
	for _, r := range x.spool.pending {
		for _, c := range r.Changes {
			x.claim(c)
		}
	}
	x.spool.done, err = recordNames(x.j.path(doneDir))
	return err
}

// claim remembers that what a change brings is not missing: it waits, or is about
// to come back.
func (x *exam) claim(c journal.Change) {
	if c.Start != nil || c.Adopt != "" {
		x.claimed[c.Incident] = true
	}
	for _, id := range broughtBy(c) {
		x.claimed[c.Incident+" "+id] = true
	}
}

// waiting says what is safe in the spool, "" when it is empty.
func (s spoolView) waiting() string {
	switch n := len(s.pending); n {
	case 0:
		return ""
	case 1:
		return "1 change waits in the spool and is safe there."
	default:
		return fmt.Sprintf("%d changes wait in the spool and are safe there.", n)
	}
}

// kept is waiting for what does not keep anybody from writing.
func (s spoolView) kept() string {
	return cmp.Or(s.waiting(), "What is written meanwhile waits in the spool.")
}

// doneWithout are the records that were on the journal once, oldest first, without
// those whose changes are known.
func (s spoolView) doneWithout(known func(change string) bool) []*record {
	var records []*record
	for _, name := range s.done {
		_, first, _ := strings.Cut(name, "-")
		if known(first) {
			continue // a look at the name is enough
		}
		r, err := readRecord(s.j.path(doneDir), name)
		if err == nil && s.j.isFor(context.Background(), r) && slices.ContainsFunc(r.Changes, func(c journal.Change) bool { return !known(c.ID) }) {
			records = append(records, r)
		}
	}
	return records
}

// isKnown reports whether a change is in the history of a ref.
func (x *exam) isKnown(change string) bool {
	return x.sides[0].changes[change] || x.sides[1].changes[change]
}

// has reports whether a record has one of these changes.
func (r *record) has(changes []string) bool {
	return slices.ContainsFunc(r.Changes, func(c journal.Change) bool { return slices.Contains(changes, c.ID) })
}

// timeOf is when a record was written down, by its name.
func timeOf(name string) time.Time {
	stamp, _, _ := strings.Cut(name, "-")
	nanos, _ := strconv.ParseInt(stamp, 10, 64)
	return time.Unix(0, nanos)
}
