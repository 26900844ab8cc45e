package journal

import (
	"fmt"
	"strings"
	"time"
)

// Change is one thing that somebody did to one incident. It is spooled before it
// is applied, so it holds everything that applying it needs: time and ids
// included. Which ident it is committed under is git's to say.
type Change struct {
	ID       string    `json:"id"`       // [ChangeIDLen] characters of [Token]
	Incident string    `json:"incident"` // id of the incident
	At       time.Time `json:"at"`       // when it was made
	Verb     string    `json:"verb"`     // the command: start, log, resolve
	Summary  string    `json:"summary"`  // what the history shows after the verb
	Draft    bool      `json:"draft,omitempty"`

	Start  *Start       `json:"start,omitempty"`
	Set    []Set        `json:"set,omitempty"`
	Log    []Event      `json:"log,omitempty"`
	Why    []Problem    `json:"why,omitempty"`
	Learn  []Learning   `json:"learn,omitempty"`
	Attach []Attachment `json:"attach,omitempty"`
	Delete []string     `json:"delete,omitempty"` // ids of events, problems and learnings
	Edit   *Edit        `json:"edit,omitempty"`
	Adopt  string       `json:"adopt,omitempty"` // a whole note that comes from another ref
	Drop   bool         `json:"drop,omitempty"`  // the incident leaves this ref
}

// Start writes an incident down for the first time.
type Start struct {
	Title      string     `json:"title"`
	Kind       Kind       `json:"kind"`
	Visibility Visibility `json:"visibility"`
}

// Set changes one field of the front matter; see [Incident.SetField]. With Add
// the values join those of a list.
type Set struct {
	Key    string   `json:"key"`
	Values []string `json:"values"`
	Add    bool     `json:"add,omitempty"`
}

// Edit is a note before and after a person worked on it in an editor.
type Edit struct {
	Base string `json:"base"`
	Text string `json:"text"`
	Blob string `json:"blob,omitempty"` // id of the base as a git blob: it may have bytes that JSON has not
}

// Trailers of the commits on a journal's ref.
const (
	TrailerIncident = "Incident"
	TrailerEntry    = "Incident-Entry"
	TrailerChange   = "Incident-Change"
)

// maxSubject keeps a commit's subject on one line of a terminal, in characters.
const maxSubject = 72

// Message is the message of the commit that applies the change: a subject that
// reads as one line of the story, and the ids as trailers.
func (c Change) Message() string {
	var b strings.Builder
	tail := fmt.Sprintf(" (%s)", ShortID(c.Incident))
	b.WriteString(Ellipsis(c.Verb+": "+VisibleLine(c.Summary), maxSubject-len(tail)) + tail + "\n\n")
	fmt.Fprintf(&b, "%s: %s\n", TrailerIncident, c.Incident)
	for _, id := range c.entries() {
		fmt.Fprintf(&b, "%s: %s\n", TrailerEntry, id)
	}
	fmt.Fprintf(&b, "%s: %s\n", TrailerChange, c.ID)
	return b.String()
}

// entries are the ids of the items that the change adds or alters.
func (c Change) entries() []string {
	var ids []string
	for _, e := range c.Log {
		ids = append(ids, e.ID)
	}
	for _, p := range c.Why {
		ids = append(ids, p.ID)
	}
	for _, l := range c.Learn {
		ids = append(ids, l.ID)
	}
	return append(ids, c.addedBy()...)
}

// addedBy are the ids in a whole note that an edit or a move brings along.
func (c Change) addedBy() []string {
	before, after := c.Adopt, c.Adopt
	if c.Edit != nil {
		before, after = c.Edit.Base, c.Edit.Text
	}
	new, err := Parse([]byte(after))
	if err != nil {
		return nil
	}
	known, items := map[string]string{}, new.items()
	if old, err := Parse([]byte(before)); err == nil && c.Edit != nil {
		known = old.items()
	}
	var ids []string
	for _, id := range new.itemIDs() {
		if known[id] != items[id] {
			ids = append(ids, id)
		}
	}
	return ids
}

// items maps the id of every item to what it says.
func (inc *Incident) items() map[string]string {
	m := map[string]string{}
	for _, e := range inc.Timeline {
		m[e.ID] = eventOps.content(e)
	}
	for _, p := range inc.Chain {
		m[p.ID] = problemOps.content(p)
	}
	for _, l := range inc.Learnings {
		m[l.ID] = learningOps.content(l)
	}
	return m
}

// itemIDs are the ids of every item in the order of the note.
func (inc *Incident) itemIDs() []string {
	var ids []string
	for _, e := range inc.Timeline {
		ids = append(ids, e.ID)
	}
	for _, p := range inc.Chain {
		ids = append(ids, p.ID)
	}
	for _, l := range inc.Learnings {
		ids = append(ids, l.ID)
	}
	return ids
}

// Ellipsis cuts s to at most n characters, the last of them … if it was cut.
func Ellipsis(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return strings.TrimRight(string(r[:n-1]), " ") + "…"
}
