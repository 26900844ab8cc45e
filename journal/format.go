package journal

import (
	"fmt"
	"strconv"
	"strings"
)

// Format writes a note in its canonical form. [Parse] reads it back as an equal
// Incident, but for what is not part of a note: ID and Attachments.
func Format(inc *Incident) []byte {
	var b strings.Builder
	b.WriteString("---\n")
	writeHeader(&b, inc)
	b.WriteString("---\n")
	writeBody(&b, inc)
	return []byte(b.String())
}

func writeHeader(b *strings.Builder, inc *Incident) {
	writeExtra(b, inc, "")
	for _, f := range fields {
		writeField(b, inc, f)
		writeExtra(b, inc, f.key)
	}
}

func writeExtra(b *strings.Builder, inc *Incident, after string) {
	for _, x := range inc.Extra {
		if x.After == after && x.Parent == "" {
			b.WriteString(x.Text)
		}
	}
}

func writeField(b *strings.Builder, inc *Incident, f field) {
	if f.sub == nil {
		if v := f.get(inc); len(v) > 0 {
			fmt.Fprintf(b, "%s: %s\n", f.key, yamlValue(f, v))
		}
		return
	}
	pairs := subPairs(inc, f)
	switch {
	case len(pairs) == 0:
	case f.block:
		fmt.Fprintf(b, "%s:\n  %s\n", f.key, strings.Join(pairs, "\n  "))
	default:
		fmt.Fprintf(b, "%s: {%s}\n", f.key, strings.Join(pairs, ", "))
	}
}

func subPairs(inc *Incident, f field) []string {
	var pairs []string
	for _, s := range f.sub {
		if v := s.get(inc); len(v) > 0 {
			pairs = append(pairs, s.key+": "+yamlValue(s, v))
		}
	}
	for _, x := range inc.Extra {
		if x.Parent == f.key {
			pairs = append(pairs, x.Text)
		}
	}
	return pairs
}

func yamlValue(f field, v []string) string {
	if f.bare {
		return v[0]
	}
	if !f.list {
		return quote(v[0])
	}
	quoted := make([]string, len(v))
	for i, s := range v {
		quoted[i] = quote(s)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

func writeBody(b *strings.Builder, inc *Incident) {
	b.WriteString(inc.Lead)
	for i, s := range inc.Sections {
		b.WriteString("## " + s.Heading + "\n" + s.Text)
		before := b.Len()
		switch s.Heading {
		case Timeline:
			for _, e := range inc.Timeline {
				e.write(b)
			}
			writeTombstones(b, inc.Deleted)
		case ChainOfProblems:
			for n, p := range inc.Chain {
				writeItem(b, strconv.Itoa(n+1)+". ", p.Text, itemRef("c", p.ID, p.Rev, "", p.Of))
			}
		case Learnings:
			for n, l := range inc.Learnings {
				l.write(b, strconv.Itoa(n+1)+". ")
			}
		}
		if b.Len() > before && i < len(inc.Sections)-1 {
			b.WriteByte('\n')
		}
	}
}

// writeTombstones writes all of them under the timeline, whatever they deleted:
// ids are unique in a note.
func writeTombstones(b *strings.Builder, deleted []Tombstone) {
	for _, t := range deleted {
		fmt.Fprintf(b, "<!-- x:%s r%d -->\n", t.ID, t.Rev)
	}
}
