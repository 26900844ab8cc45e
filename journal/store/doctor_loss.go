package store

import (
	"strings"

	"git-incident/journal"
)

// loss is what an incident lacks.
type loss struct {
	incident string
	draft    bool
	whole    *folder // the incident itself is missing, and this is it
	pieces   []piece
}

// piece is an entry that is missing, and a version of the incident that has it.
type piece struct {
	id      string
	from    folder
	subject string // of the commit that names it, "" if none does
}

// change brings the loss back.
func (l loss) change() journal.Change {
	c := journal.Change{Incident: l.incident, Draft: l.draft, Summary: "put back " + count(len(l.pieces), "entry")}
	if l.whole != nil {
		c.Summary = "put back the incident"
		c.Adopt, c.Attach = string(l.whole.raw), l.whole.inc.Attachments
	}
	for _, p := range l.pieces {
		text := pick(&c, p.from.inc, p.id)
		for _, a := range p.from.inc.Attachments {
			if strings.Contains(text, "]("+a.Name+")") {
				c.Attach = append(c.Attach, a)
			}
		}
	}
	return c
}

// pick adds the entry with this id to a change, and gives its text.
func pick(c *journal.Change, inc *journal.Incident, id string) string {
	for _, e := range inc.Timeline {
		if e.ID == id {
			c.Log = append(c.Log, e)
			return e.Text
		}
	}
	for _, p := range inc.Chain {
		if p.ID == id {
			c.Why = append(c.Why, p)
			return p.Text
		}
	}
	for _, l := range inc.Learnings {
		if l.ID == id {
			c.Learn = append(c.Learn, l)
			return l.Text
		}
	}
	return ""
}

// entryIDs are the ids of all events, problems and learnings of an incident.
func entryIDs(inc *journal.Incident) []string { return idsOf(inc, func(string) bool { return true }) }

// ownIDs are entryIDs without those of versions that a merge has set beside an
// entry: they go when the entry is worked on.
func ownIDs(inc *journal.Incident) []string {
	return idsOf(inc, func(of string) bool { return of == "" })
}

func idsOf(inc *journal.Incident, counts func(of string) bool) []string {
	var all []string
	for _, e := range inc.Timeline {
		if counts(e.Of) {
			all = append(all, e.ID)
		}
	}
	for _, p := range inc.Chain {
		if counts(p.Of) {
			all = append(all, p.ID)
		}
	}
	for _, l := range inc.Learnings {
		if counts(l.Of) {
			all = append(all, l.ID)
		}
	}
	return all
}
