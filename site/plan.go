package site

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"time"

	"git-incident/journal"
)

// plan is the archive in the order it is shown in, and where each story goes.
type plan struct {
	stories    []entry // newest first
	unreadable []Unreadable
	pages      map[string]string // folder of a story in the journal → its page
	ledger     ledger
	root       string
	updated    time.Time
}

// entry is a story with its place.
type entry struct {
	Story
	sum  journal.Summary
	page string // path of its page from the top of the site
	deck string
}

// ledger counts learnings and what became of them. It counts no incidents and
// nobody.
type ledger struct{ Learnings, Done, Waiting, Declined int }

func newPlan(a Archive) plan {
	p := plan{
		unreadable: slices.Clone(a.Unreadable), pages: map[string]string{},
		root: a.Root, updated: a.Updated,
	}
	stories := map[string]Story{}
	for _, s := range a.Stories {
		if !journal.ValidID(s.ID) {
			p.unreadable = append(p.unreadable, Unreadable{s.ID, "its folder does not have the name of an incident"})
			continue
		}
		if old, twice := stories[s.ID]; !twice || old.Draft {
			stories[s.ID] = s // what is shared counts more than a draft of it
		}
	}
	var sums []journal.Summary
	for _, id := range slices.Sorted(maps.Keys(stories)) {
		sums = append(sums, journal.Summarize(stories[id].Incident))
	}
	journal.NewestFirst(sums)
	for _, sum := range sums {
		p.add(stories[sum.ID], sum)
	}
	slices.SortFunc(p.unreadable, func(a, b Unreadable) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Reason, b.Reason))
	})
	return p
}

func (p *plan) add(s Story, sum journal.Summary) {
	place := path.Join("i", s.ID[:len("2006")], s.ID)
	e := entry{Story: s, sum: sum, page: place + ".html", deck: place + ".talk.html"}
	p.stories = append(p.stories, e)
	p.pages[journal.Path(s.ID)] = e.page
	for _, l := range s.Learnings {
		p.ledger.add(l)
	}
}

func (n *ledger) add(l journal.Learning) {
	n.Learnings++
	for _, c := range l.Consequences {
		switch stateOf(c) {
		case journal.ConsequenceDone:
			n.Done++
		case journal.ConsequenceDeclined:
			n.Declined++
		default:
			n.Waiting++
		}
	}
}
