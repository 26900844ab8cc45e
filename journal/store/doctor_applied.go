package store

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"git-incident/journal"
	"git-incident/journal/git"
)

// applied looks for changes that were on the journal, as the spool remembers, and
// are in no history any more. They are applied again as they are: nothing else has
// all of what they did.
func (x *exam) applied(context.Context) error {
	lost := map[string][]*record{} // by incident
	for _, r := range x.spool.doneWithout(x.isKnown) {
		if !x.isPurged(r) && slices.ContainsFunc(r.Changes, x.isLost) {
			id := r.Changes[0].Incident
			lost[id] = append(lost[id], r)
		}
	}
	for _, id := range sortedKeys(lost) {
		x.missingChanges(id, lost[id])
	}
	return nil
}

func (x *exam) missingChanges(id string, lost []*record) {
	var names, subjects []string
	begun := len(x.on(id)) > 0
	for _, r := range lost {
		names = append(names, r.name)
		for _, c := range r.Changes {
			begun = begun || c.Start != nil || c.Adopt != ""
			if !c.Drop {
				subjects = append(subjects, subject(c.Verb+": "+c.Summary))
			}
			x.claim(c)
		}
	}
	f := Finding{Kind: MissingChange, Subject: id,
		Sentence: fmt.Sprintf("%s that had been on the journal %s not there any more: %s.", sentenceStart(count(len(lost), "change")), isOrAre(len(lost)), listed(subjects)),
		Kept:     "The spool still has all of it.",
	}
	if begun {
		f.repair = func(context.Context) (string, error) { return x.j.spoolAgain(doneDir, names) }
	} else {
		f.Sentence += " The incident itself is missing too."
		for _, name := range names[:min(len(names), maxListed)] {
			f.Way = append(f.Way, "cat "+quote(x.j.path(doneDir, name)))
		}
	}
	x.add(f)
}

// isLost reports whether something that a change did is missing. One that brought
// no entries may have changed nothing in its time, or what it did may have been
// changed since: it is lost only if nothing was written to its incident later.
func (x *exam) isLost(c journal.Change) bool {
	brought := broughtBy(c)
	there := x.on(c.Incident)
	switch {
	case c.Drop || !journal.ValidID(c.Incident) || x.isKnown(c.ID):
		return false
	case len(there) == 0:
		return c.Start != nil || c.Adopt != "" || len(brought) > 0
	case len(brought) > 0:
		return slices.ContainsFunc(brought, func(id string) bool { return !x.accounts(c.Incident, id) })
	}
	inc := there[0].notes[c.Incident].inc
	if inc == nil || c.Start != nil || !x.lastNamed(c.Incident).Before(c.At.Truncate(time.Second)) {
		return false
	}
	next, err := journal.Apply(inc, c)
	return err == nil && next != nil && !bytes.Equal(journal.Format(next), journal.Format(inc))
}

// broughtBy are the ids of the entries that a change brings.
func broughtBy(c journal.Change) []string {
	added := journal.Incident{Timeline: c.Log, Chain: c.Why, Learnings: c.Learn}
	brought := ownIDs(&added)
	if whole, err := journal.Parse([]byte(c.Adopt)); err == nil {
		brought = append(brought, ownIDs(whole)...)
	}
	if c.Edit == nil {
		return brought
	}
	var before []string
	if base, err := journal.Parse([]byte(c.Edit.Base)); err == nil {
		before = entryIDs(base)
	}
	after, err := journal.Parse([]byte(c.Edit.Text))
	if err != nil {
		return brought
	}
	return append(brought, slices.DeleteFunc(ownIDs(after), func(id string) bool { return slices.Contains(before, id) })...)
}

// lastNamed is when the history names an incident for the last time.
func (x *exam) lastNamed(incident string) time.Time {
	var last time.Time
	for _, l := range x.sides {
		for _, e := range l.history {
			if e.When.After(last) && slices.Contains(e.Values(journal.TrailerIncident), incident) {
				last = e.When
			}
		}
	}
	return last
}

// readPurges learns what must not come back.
func (x *exam) readPurges() error {
	x.purge = purges{}
	l := x.sides[side(false)]
	if l.tip.IsZero() {
		return nil
	}
	commit, err := x.objs.Commit(l.tip)
	if err != nil {
		return err
	}
	if x.purge, err = purgesOf(x.objs, commit.Tree); err != nil || len(x.purge) == 0 {
		return err
	}
	text, err := transitions(x.objs, commit.Tree)
	for line := range strings.Lines(text) {
		word := strings.Fields(line)
		if len(word) < 3 || word[0] != purgeVerb || !git.IsHash(word[1]) {
			continue
		}
		if day, err := time.Parse(time.DateOnly, word[2]); err == nil && day.AddDate(0, 0, 1).After(x.purgedUntil) {
			x.purgedUntil = day.AddDate(0, 0, 1)
		}
	}
	return err
}

// isPurged reports whether a record may hold what was purged: the spool keeps what
// it applied for two weeks, and a purge has no say in that. What was written since
// is not in question.
func (x *exam) isPurged(r *record) bool {
	return len(x.purge) > 0 && slices.ContainsFunc(r.Changes, func(c journal.Change) bool { return c.At.Before(x.purgedUntil) })
}
