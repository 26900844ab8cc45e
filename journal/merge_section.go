package journal

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// sectionKey names a section: its heading, case aside, and how many sections with
// that heading stand above it.
type sectionKey struct {
	heading string
	above   int
}

// compareSections is the order of sections that nobody has put in order: the
// known ones as in [Headings], then the others by name.
func compareSections(a, b sectionKey) int {
	rank := func(k sectionKey) int {
		i := slices.IndexFunc(Headings, func(h string) bool { return sameHeading(h, k.heading) })
		return cmp.Or(i+1, len(Headings)+1)
	}
	return cmp.Or(rank(a)-rank(b), cmp.Compare(a.heading, b.heading), a.above-b.above)
}

// sectionKeys name the sections in order.
func (inc *Incident) sectionKeys() []sectionKey {
	count := map[string]int{}
	keys := make([]sectionKey, len(inc.Sections))
	for i, s := range inc.Sections {
		folded := strings.ToLower(s.Heading)
		keys[i] = sectionKey{folded, count[folded]}
		count[folded]++
	}
	return keys
}

// prose maps the keys of sections to the sections.
func (inc *Incident) prose() map[sectionKey]Section {
	m := map[sectionKey]Section{}
	for i, key := range inc.sectionKeys() {
		m[key] = inc.Sections[i]
	}
	return m
}

// mergeSections merges the prose, a section at a time. inc has its items already.
func (inc *Incident) mergeSections(base, a, b *Incident) {
	if base == nil {
		inc.uniteSections(a, b)
		return
	}
	fits := func(text string) bool { return readsAsProse("", text) }
	inc.Lead = mergeProse(base.Lead, a.Lead, b.Lead, fits)
	if slices.Equal(base.Sections, b.Sections) || slices.Equal(a.Sections, b.Sections) {
		inc.Sections = slices.Clone(a.Sections)
	} else if slices.Equal(base.Sections, a.Sections) {
		inc.Sections = slices.Clone(b.Sections)
	} else {
		inc.weaveSections(base, a, b)
	}
	for _, h := range []string{Timeline, ChainOfProblems, Learnings} {
		if inc.hasItems(h) {
			i := inc.ensureSection(h)
			inc.Sections[i].Text = sealed(inc.Sections[i].Text)
		}
	}
}

func (inc *Incident) weaveSections(base, a, b *Incident) {
	was, x, y := base.prose(), a.prose(), b.prose()
	for _, key := range weave(base.sectionKeys(), a.sectionKeys(), b.sectionKeys()) {
		s, inX := x[key]
		other, inY := y[key]
		if old, known := was[key]; known && (!inX && other.Text == old.Text || !inY && s.Text == old.Text) {
			continue // one side took it out, the other left it alone
		}
		fits := func(text string) bool { return readsAsProse(cmp.Or(s.Heading, other.Heading), text) }
		text := mergeProse(was[key].Text, s.Text, other.Text, fits)
		inc.Sections = append(inc.Sections, Section{Heading: spelling(s.Heading, other.Heading), Text: text})
	}
	for i := range max(0, len(inc.Sections)-1) {
		inc.Sections[i].Text = sealed(inc.Sections[i].Text)
	}
}

// uniteSections merges the prose of versions that have no base. A section that
// they do not agree on is one conflict, and only an order that they agree on
// stays.
func (inc *Incident) uniteSections(a, b *Incident) {
	x, y := a.prose(), b.prose()
	first, second := a.sectionKeys(), b.sectionKeys()
	keys := slices.Concat(first, second)
	for _, h := range []string{Timeline, ChainOfProblems, Learnings} {
		if inc.hasItems(h) {
			keys = append(keys, sectionKey{heading: strings.ToLower(h)})
		}
	}
	slices.SortFunc(keys, compareSections)
	keys = slices.Compact(keys)
	if slices.Equal(first, second) && len(first) == len(keys) {
		keys = first
		if a.Lead == b.Lead && slices.Equal(a.Sections, b.Sections) && inc.itemsFit(a.Sections) {
			inc.Lead, inc.Sections = a.Lead, slices.Clone(a.Sections)
			return
		}
	}
	inc.Lead = unite(a.Lead, b.Lead)
	for _, key := range keys {
		heading := cmp.Or(spelling(x[key].Heading, y[key].Heading), canonicalHeading(key.heading))
		inc.Sections = append(inc.Sections, Section{Heading: heading, Text: unite(x[key].Text, y[key].Text)})
	}
}

// itemsFit reports whether the items of inc can stand in sections as they are.
func (inc *Incident) itemsFit(sections []Section) bool {
	return !slices.ContainsFunc(sections, func(s Section) bool { return inc.hasItems(s.Heading) && sealed(s.Text) != s.Text })
}

// spelling decides between two spellings of one heading.
func spelling(a, b string) string {
	if a == "" || b != "" && compareHash(b, a) > 0 {
		return b
	}
	return a
}

// readsAsProse reports whether text under a heading would be read back as the prose of
// that section and nothing else.
func readsAsProse(h, text string) bool {
	if _, sections := splitBody(text, 1); len(sections) > 0 {
		return false
	}
	r, isList := listSection(h)
	return !isList || r.read(text, 1) == nil && !r.begun()
}

// weave is the order of what two sides have. A side that left the order of base
// alone follows the other; otherwise what only one has stands after what it stands
// after there.
func weave[K comparable](base, a, b []K) []K {
	switch {
	case slices.Equal(a, base):
		a, b = b, a
	case slices.Equal(b, base):
	case compareHash(fmt.Sprint(a), fmt.Sprint(b)) > 0:
		a, b = b, a
	}
	var out, first []K
	has, after := map[K]bool{}, map[K][]K{}
	for _, key := range a {
		has[key] = true
	}
	put := func(key K) { first = append(first, key) }
	for _, key := range b {
		if has[key] {
			put = func(next K) { after[key] = append(after[key], next) }
			continue
		}
		put(key)
	}
	for _, key := range a {
		out = append(append(out, key), after[key]...)
	}
	return append(first, out...)
}
