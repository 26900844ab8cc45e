package journal

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// ErrNoIncident is returned for a change to an incident that is not there.
var ErrNoIncident = errors.New("there is no such incident")

// Apply returns inc as it is after the change. inc is nil when the incident is
// not there, and so is the result when it has left. inc is not altered. Applying
// a change twice is applying it once.
func Apply(inc *Incident, c Change) (*Incident, error) {
	c.Log = slices.Clone(c.Log) // attach may rename what an event points to
	switch {
	case c.Drop:
		return nil, nil
	case c.Adopt != "":
		return adopt(inc, c)
	case inc == nil && c.Start == nil:
		return nil, ErrNoIncident
	case inc == nil:
		inc = &Incident{
			ID: c.Incident, Title: c.Start.Title, Kind: c.Start.Kind,
			Status: StatusOpen, Visibility: c.Start.Visibility, Lead: "\n",
		}
	default:
		inc = inc.clone()
	}
	if err := c.apply(inc); err != nil {
		return nil, err
	}
	if _, err := Parse(Format(inc)); err != nil {
		return nil, err // what nobody could read is never written
	}
	return inc, nil
}

// adopt takes over a note from another ref, beside what is here already.
func adopt(inc *Incident, c Change) (*Incident, error) {
	note, err := Parse([]byte(c.Adopt))
	if err != nil {
		return nil, fmt.Errorf("the note that moves here: %w", err)
	}
	note.ID = c.Incident
	if inc != nil {
		note = Merge(nil, inc, note)
		note.ID = c.Incident
	}
	c.attach(note)
	return note, nil
}

func (c Change) apply(inc *Incident) error {
	if c.Edit != nil {
		if err := inc.edit(*c.Edit); err != nil {
			return err
		}
	}
	c.attach(inc)
	for _, s := range c.Set {
		if err := inc.set(s); err != nil {
			return err
		}
	}
	inc.Timeline = upsert(inc, inc.Timeline, c.Log, eventOps)
	inc.Chain = upsert(inc, inc.Chain, c.Why, problemOps)
	inc.Learnings = upsert(inc, inc.Learnings, c.Learn, learningOps)
	for _, id := range c.Delete {
		inc.delete(id)
	}
	inc.release(inc)
	return nil
}

func (inc *Incident) set(s Set) error {
	values := s.Values
	if s.Add {
		values = append(slices.Clone(inc.Field(s.Key)), values...)
	}
	return inc.SetField(s.Key, values...)
}

// upsert puts new items in, and puts a higher revision in the place of a lower.
// Two that say different things at one revision stay beside each other.
func upsert[T any](inc *Incident, have, add []T, ops itemOps[T]) []T {
	have = slices.Clone(have)
	for _, n := range add {
		rev := ops.rev(n)
		n = ops.as(n, ops.id(n), rev, "")
		if inc.isDeleted(ops.id(n)) {
			continue
		}
		i := slices.IndexFunc(have, func(h T) bool { return ops.id(h) == ops.id(n) })
		switch {
		case i < 0:
			inc.beginItems(ops.section)
			have = insert(have, n, ops)
		case ops.content(have[i]) == ops.content(n) && ops.rev(have[i]) >= ops.rev(n):
		case ops.rev(have[i]) == maxRevision && rev > maxRevision:
			inc.bury(ops.id(n), maxRevision)
			have = replace(have, i, ops.again(n), ops)
		case ops.isSibling(have[i]) || ops.rev(have[i]) < ops.rev(n):
			have = replace(have, i, n, ops)
		case ops.rev(have[i]) == ops.rev(n):
			p := placing[T]{ops, settle(inc.deletedIDs(), append(slices.Clone(have), n), ops)}
			have = p.items(p.ids(have))
		}
	}
	return have
}

// replace puts an item in the place of another, or in its own place by time if that
// has changed.
func replace[T any](have []T, i int, n T, ops itemOps[T]) []T {
	if ops.at(have[i]).String() != ops.at(n).String() {
		return insert(slices.Delete(have, i, i+1), n, ops)
	}
	have[i] = n
	return have
}

// insert puts an item after the last one that is not later, so that hand made
// order is kept and a back-dated line finds its place.
func insert[T any](have []T, n T, ops itemOps[T]) []T {
	i := len(have)
	if ops.at(n).Known() {
		for i > 0 && ops.at(have[i-1]).Known() && ops.at(have[i-1]).Time.After(ops.at(n).Time) {
			i--
		}
	}
	return slices.Insert(have, i, n)
}

// beginItems makes room for a first item in a list section.
func (inc *Incident) beginItems(section string) {
	i := inc.ensureSection(section)
	if !inc.hasItems(section) {
		inc.Sections[i].Text = closed(inc.Sections[i].Text)
	}
}

func (inc *Incident) isDeleted(id string) bool {
	return slices.ContainsFunc(inc.Deleted, func(t Tombstone) bool { return t.ID == id })
}

// delete takes an item out and remembers that it is gone.
func (inc *Incident) delete(id string) {
	if inc.isDeleted(id) {
		return
	}
	rev := 1
	inc.Timeline = slices.DeleteFunc(inc.Timeline, func(e Event) bool { return take(&rev, e, id, eventOps) })
	inc.Chain = slices.DeleteFunc(inc.Chain, func(p Problem) bool { return take(&rev, p, id, problemOps) })
	inc.Learnings = slices.DeleteFunc(inc.Learnings, func(l Learning) bool { return take(&rev, l, id, learningOps) })
	inc.bury(id, rev)
}

func (inc *Incident) bury(id string, rev int) {
	inc.beginItems(Timeline)
	inc.Deleted = mergeTombstones(inc.Deleted, []Tombstone{{ID: id, Rev: min(rev, maxRevision)}})
}

func take[T any](rev *int, it T, id string, ops itemOps[T]) bool {
	if ops.id(it) != id {
		return false
	}
	*rev = ops.rev(it) + 1
	return true
}

// attach records files beside the note. One whose name is taken by other content
// gets a name of its own, and the events of the change follow it.
func (c Change) attach(inc *Incident) {
	for _, a := range c.Attach {
		old := a.Name
		i := slices.IndexFunc(inc.Attachments, func(b Attachment) bool { return b.Name == a.Name })
		if i >= 0 && inc.Attachments[i].Hash == a.Hash {
			continue
		}
		if i >= 0 {
			a.Name = OtherName(a)
			for j, e := range c.Log {
				c.Log[j].Text = strings.ReplaceAll(e.Text, "]("+old+")", "]("+a.Name+")")
			}
		}
		if !slices.ContainsFunc(inc.Attachments, func(b Attachment) bool { return b.Name == a.Name }) {
			inc.Attachments = append(inc.Attachments, a)
		}
	}
}

// MaxAttachmentName is the length of an attachment's name at most, in bytes: what
// every file system takes, with room for the path around it.
const MaxAttachmentName = 120

// OtherName is the name of an attachment whose own name is taken.
func OtherName(a Attachment) string {
	ext := path.Ext(a.Name)
	if len(ext) > MaxAttachmentName/2 {
		ext = ""
	}
	tail := fmt.Sprintf("-%.8s%s", a.Hash, ext)
	stem := strings.TrimSuffix(a.Name, ext)
	if room := MaxAttachmentName - len(tail); len(stem) > room {
		stem = strings.ToValidUTF8(stem[:room], "")
	}
	return stem + tail
}

// edit takes over what a person wrote, beside what others wrote meanwhile.
func (inc *Incident) edit(e Edit) error {
	text, err := Parse([]byte(e.Text))
	if err != nil {
		return err
	}
	base, err := Parse([]byte(e.Base))
	if err != nil {
		base = text // the note was broken before; the edit is what mends it
	}
	text.reconcile(base)
	inc.release(text)
	if bytes.Equal(Format(inc), Format(text)) {
		return nil // done before
	}
	merged := text
	if now := Format(inc); string(now) != e.Base {
		merged = Merge(base, inc, text)
	}
	merged.ID, merged.Attachments = inc.ID, inc.Attachments
	*inc = *merged
	return nil
}

// reconcile makes an edited note say what the edit did: items that are gone were
// deleted, items that read differently are a new revision.
func (inc *Incident) reconcile(base *Incident) {
	inc.Deleted = mergeTombstones(inc.Deleted, base.Deleted)
	inc.keepTombstones()
	inc.Timeline = renewed(inc, inc.Timeline, eventOps)
	inc.Chain = renewed(inc, inc.Chain, problemOps)
	inc.Learnings = renewed(inc, inc.Learnings, learningOps)
	reconcileItems(inc, inc.Timeline, base.Timeline, eventOps)
	reconcileItems(inc, inc.Chain, base.Chain, problemOps)
	reconcileItems(inc, inc.Learnings, base.Learnings, learningOps)
	inc.release(inc)
}

// renewed gives items that were deleted and written again an id of their own:
// under the old one they would go with the next merge.
func renewed[T any](inc *Incident, items []T, ops itemOps[T]) []T {
	out := slices.Clone(items)
	for i, it := range out {
		if inc.isDeleted(ops.id(it)) {
			out[i] = ops.again(it)
		}
	}
	return out
}

func reconcileItems[T any](inc *Incident, items, base []T, ops itemOps[T]) {
	known := map[string]bool{}
	for _, was := range base {
		known[ops.id(was)] = true
		i := slices.IndexFunc(items, func(it T) bool { return ops.id(it) == ops.id(was) })
		switch {
		case i < 0 && !inc.isDeleted(ops.id(was)):
			inc.bury(ops.id(was), ops.rev(was)+1)
		case i < 0 || ops.same(items[i], was):
		case ops.content(items[i]) == ops.content(was) && !ops.isSibling(was):
			items[i] = ops.as(items[i], ops.id(was), max(ops.rev(items[i]), ops.rev(was)), "")
		case ops.rev(was) == maxRevision:
			inc.bury(ops.id(was), maxRevision)
			items[i] = ops.again(items[i])
		default:
			items[i] = ops.as(items[i], ops.id(was), max(ops.rev(items[i]), ops.rev(was)+1), "")
		}
	}
	for i, it := range items {
		if !known[ops.id(it)] {
			items[i] = ops.as(it, ops.id(it), ops.rev(it), "") // what a person writes is no sibling
		}
	}
}

// clone copies what Apply alters in place.
func (inc *Incident) clone() *Incident {
	c := *inc
	c.Extra = slices.Clone(inc.Extra)
	c.Sections = slices.Clone(inc.Sections)
	c.Timeline = slices.Clone(inc.Timeline)
	c.Chain = slices.Clone(inc.Chain)
	c.Learnings = slices.Clone(inc.Learnings)
	c.Deleted = slices.Clone(inc.Deleted)
	c.Attachments = slices.Clone(inc.Attachments)
	return &c
}

// CleanText makes what a person typed or piped fit for a note: line ends become
// LF, white space around it goes, and bytes that a note cannot hold are written
// as \x9b, so that nothing is lost.
func CleanText(s string) string { return strings.TrimSpace(cleanText(s)) }

func cleanText(s string) string {
	s = crlf.ReplaceAllString(s, "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	if utf8.ValidString(s) && !strings.Contains(s, "\x00") {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if r == 0 || r == utf8.RuneError && n == 1 {
			fmt.Fprintf(&b, `\x%02x`, s[0])
		} else {
			b.WriteString(s[:n])
		}
		s = s[n:]
	}
	return b.String()
}
