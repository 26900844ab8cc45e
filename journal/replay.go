package journal

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
)

// Replay puts on onto what changed from base to next, and nothing else. It is for
// a history from which something was purged: what stands in base and not in onto
// does not come back. left is text of next that has no place any more. base is nil
// if the incident is new in next, onto if it is not there; the result is nil if
// there is nothing to put a change on.
func Replay(base, onto, next *Incident) (result *Incident, left []string) {
	switch {
	case base == nil && onto == nil:
		return next.clone(), nil
	case base == nil:
		base = &Incident{}
	case onto != nil && bytes.Equal(Format(base), Format(onto)) && slices.Equal(base.Attachments, onto.Attachments):
		return next.clone(), nil
	}
	r := &replay{base: base, next: next, now: &Incident{}}
	if onto != nil {
		r.now = onto.clone()
	}
	r.purged = base.lines()
	for l := range r.now.lines() {
		delete(r.purged, l)
	}
	r.deletions()
	r.now.Timeline = replayItems(r, eventOps)
	r.now.Chain = replayItems(r, problemOps)
	r.now.Learnings = replayItems(r, learningOps)
	r.fields()
	r.extra()
	r.prose()
	r.attachments()
	r.now.keepTombstones()
	r.now.release(r.now)
	if onto == nil {
		for _, text := range r.now.texts() {
			r.leave(text)
		}
		return nil, r.left
	}
	return r.now, r.left
}

// replay is what a change is put on, and what could not be put on it.
type replay struct {
	base, next, now *Incident
	purged          map[string]bool // lines that must not come back
	left            []string
}

// leave hands text out that has no place.
func (r *replay) leave(text string) {
	if text = strings.TrimSpace(text); text != "" && !slices.Contains(r.left, text) {
		r.left = append(r.left, text)
	}
}

// isPurged reports whether text has a line that must not come back.
func (r *replay) isPurged(text string) bool {
	for l := range strings.Lines(text) {
		if r.purged[strings.TrimSpace(l)] {
			return true
		}
	}
	return false
}

// texts are what people wrote in a note.
func (inc *Incident) texts() []string {
	texts := []string{inc.Lead}
	for _, s := range inc.Sections {
		texts = append(texts, s.Text)
	}
	for _, x := range inc.Extra {
		texts = append(texts, x.Text)
	}
	for _, e := range inc.Timeline {
		texts = append(texts, e.Text)
	}
	for _, p := range inc.Chain {
		texts = append(texts, p.Text)
	}
	for _, l := range inc.Learnings {
		texts = append(texts, l.text())
	}
	return texts
}

// lines are the lines of every text of a note that say something.
func (inc *Incident) lines() map[string]bool {
	set := map[string]bool{}
	for _, text := range inc.texts() {
		for l := range strings.Lines(text) {
			if strings.ContainsFunc(l, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }) {
				set[strings.TrimSpace(l)] = true
			}
		}
	}
	return set
}

// deletions takes out what next deleted.
func (r *replay) deletions() {
	before, gone := r.base.deletedIDs(), map[string]bool{}
	var added []Tombstone
	for _, t := range r.next.Deleted {
		if !before[t.ID] {
			gone[t.ID] = true
			added = append(added, t)
		}
	}
	r.now.Deleted = mergeTombstones(r.now.Deleted, added)
	r.now.Timeline = without(gone, r.now.Timeline, eventOps)
	r.now.Chain = without(gone, r.now.Chain, problemOps)
	r.now.Learnings = without(gone, r.now.Learnings, learningOps)
}

func without[T any](gone map[string]bool, items []T, ops itemOps[T]) []T {
	return slices.DeleteFunc(items, func(it T) bool { return gone[ops.id(it)] })
}

// replayItems puts new items in, and what changed where the item still stands as
// it was.
func replayItems[T any](r *replay, ops itemOps[T]) []T {
	have, gone := ops.in(r.now), r.now.deletedIDs()
	was, there := byID(ops.in(r.base), ops), byID(have, ops)
	for _, n := range ops.in(r.next) {
		id := ops.id(n)
		old, known := was[id]
		now, stands := there[id]
		switch {
		case known && ops.same(old, n), stands && ops.same(now, n), !stands && known && ops.content(old) == ops.content(n):
		case gone[id], r.isPurged(ops.text(n)), known && !(stands && ops.same(now, old)):
			r.leave(ops.text(n))
		case stands && known:
			have = replace(have, slices.IndexFunc(have, func(h T) bool { return ops.id(h) == id }), n, ops)
		case stands:
			have = upsert(r.now, have, []T{n}, ops)
		default:
			r.now.beginItems(ops.section)
			have = insert(have, n, ops)
		}
	}
	return have
}

func byID[T any](items []T, ops itemOps[T]) map[string]T {
	m := map[string]T{}
	for _, it := range items {
		m[ops.id(it)] = it
	}
	return m
}

// freeText are the fields of one value that hold whatever people write.
var freeText = map[string]bool{"title": true, "severity": true}

// fields replays the front matter. What lost is kept as an event, as in a merge.
func (r *replay) fields() {
	for _, key := range Fields() {
		was, is, now := r.base.Field(key), r.next.Field(key), r.now.Field(key)
		f, _ := lookup(key)
		win, lose := is, []string(nil)
		switch {
		case slices.Equal(was, is):
			continue
		case slices.Equal(was, now), slices.Equal(is, now):
		case freeText[key]:
			r.leave(strings.Join(is, "")) // it may quote what was purged
			continue
		case f.list:
			win = mergeSets(was, now, is)
		default:
			win, lose = pick(key, now, is)
		}
		_ = f.set(r.now, win) // it came from a field, so it fits one
		if len(lose) > 0 {
			r.now.Timeline = upsert(r.now, r.now.Timeline, []Event{lostValue(key, lose[0])}, eventOps)
		}
	}
}

// extra replays what this version does not know, a key at a time.
func (r *replay) extra() {
	for _, name := range extraNames(slices.Concat(r.base.Extra, r.next.Extra)) {
		was, is, now := find(r.base.Extra, name), find(r.next.Extra, name), find(r.now.Extra, name)
		switch {
		case was == is, is == now:
		case now != was || r.isPurged(is.Text):
			r.leave(is.Text)
		default:
			r.now.Extra = replaceExtra(r.now.Extra, name, is)
		}
	}
}

// replaceExtra puts a part of the front matter in the place of the one with that
// name, or at the end; a zero Extra takes it out.
func replaceExtra(in []Extra, name string, x Extra) []Extra {
	i := slices.IndexFunc(in, func(e Extra) bool { return e.name() == name })
	switch {
	case i < 0:
		return append(slices.Clip(in), x)
	case x.Text == "":
		return slices.Delete(slices.Clone(in), i, i+1)
	}
	out := slices.Clone(in)
	out[i] = x
	return out
}

// prose replays the text under every heading.
func (r *replay) prose() {
	r.now.Lead = r.text("", r.base.Lead, r.now.Lead, r.next.Lead)
	was, is := r.base.prose(), r.next.prose()
	keys := weave(r.base.sectionKeys(), r.now.sectionKeys(), r.next.sectionKeys())
	for _, key := range keys {
		now, standing := r.now.prose()[key]
		old, known := was[key]
		next, there := is[key]
		switch {
		case known && there && old.Text == next.Text:
		case !there && standing && known && old.Text == now.Text && !r.now.hasItems(now.Heading):
			i := slices.Index(r.now.sectionKeys(), key)
			r.now.Sections = slices.Delete(r.now.Sections, i, i+1)
		case !there:
		case !standing && (known || r.isPurged(next.Text)):
			r.leave(next.Text)
		case !standing:
			r.addSection(keys, key, next)
		default:
			i := slices.Index(r.now.sectionKeys(), key)
			r.now.Sections[i].Text = r.text(now.Heading, old.Text, now.Text, next.Text)
		}
	}
	for i := range max(0, len(r.now.Sections)-1) {
		r.now.Sections[i].Text = sealed(r.now.Sections[i].Text)
	}
}

// addSection puts a section in that is new, in the order of keys.
func (r *replay) addSection(keys []sectionKey, key sectionKey, s Section) {
	at := 0
	for i, have := range r.now.sectionKeys() {
		if slices.Index(keys, have) < slices.Index(keys, key) {
			at = i + 1
		}
	}
	r.now.Sections = slices.Insert(r.now.Sections, at, s)
}

// text is one text after the replay: that of next where nobody else has changed
// it, both where they do not meet, else what stands there.
func (r *replay) text(h, was, now, next string) string {
	switch {
	case was == next, now == next:
		return now
	case isEmpty(now) && isEmpty(was) || now == was:
		if !r.isPurged(next) {
			return next
		}
	case !isEmpty(was):
		merged, clean := mergeCleanly(lines(was), lines(now), lines(next))
		if clean && !r.isPurged(merged) && readsAsProse(h, merged) {
			return closed(merged)
		}
	}
	r.leave(next)
	return now
}

// attachments adds the files that are new in next, and takes out those that next
// has not any more.
func (r *replay) attachments() {
	was, is := r.base.files(), r.next.files()
	r.now.Attachments = slices.DeleteFunc(r.now.Attachments, func(a Attachment) bool {
		_, kept := is[a.Name]
		return !kept && was[a.Name].Hash == a.Hash
	})
	for _, a := range r.next.Attachments {
		purged := func(b Attachment) bool { return b.Hash == a.Hash }
		if slices.ContainsFunc(r.base.Attachments, purged) {
			continue
		}
		have := r.now.files()
		if other, taken := have[a.Name]; taken && other.Hash == was[a.Name].Hash {
			r.now.Attachments = slices.DeleteFunc(r.now.Attachments, func(b Attachment) bool { return b.Name == a.Name })
		} else if taken && other.Hash != a.Hash {
			lost := a
			a.Name = freeName(have, a)
			r.now.Timeline = upsert(r.now, r.now.Timeline, []Event{lostAttachment(lost, a)}, eventOps)
		} else if taken {
			continue
		}
		r.now.Attachments = append(r.now.Attachments, a)
	}
	slices.SortFunc(r.now.Attachments, compareAttachments)
}
