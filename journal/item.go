package journal

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// item is one entry of a list section as it stands in the note.
type item struct {
	line  int
	first string   // first line, without marker and comment
	rest  []string // further lines, without indentation
	id    string   // "" when typed by hand
	rev   int
	mark  string
	of    string
}

// text joins the lines of an item.
func (it item) text() string {
	return strings.TrimSpace(strings.Join(append([]string{it.first}, it.rest...), "\n"))
}

var (
	bulletMarker = regexp.MustCompile(`^[-*+] +`)
	numberMarker = regexp.MustCompile(`^\d{1,9}[.)] +`)
	itemComment  = regexp.MustCompile(` ?<!-- ([ecl]):([0-9a-z]+)(?: r(\d+))?((?: [a-z][a-z0-9-]*)*)(?: of:([0-9a-z]+)\.(\d+))? -->\s*$`)
	tombstone    = regexp.MustCompile(`^<!-- x:([0-9a-z]+) r(\d+) -->\s*$`)
)

// listReader cuts the text of a list section into the prose above, items and
// tombstones.
type listReader struct {
	section string
	kind    string // letter of the ids: e, c or l
	marker  *regexp.Regexp

	lead    string
	items   []item
	deleted []Tombstone
}

func (r *listReader) read(text string, line int) error {
	var f fence
	width, blank := 0, false
	for raw := range strings.Lines(text) {
		l := strings.TrimSuffix(raw, "\n")
		marker := r.marker.FindString(l)
		switch {
		case !r.begun() && (f.open() || marker == "" && !tombstone.MatchString(l)):
			f.line(l)
			r.lead = text[:len(r.lead)+len(raw)]
		case marker != "":
			width, blank = len(marker), false
			r.items = append(r.items, r.item(l[len(marker):], line))
		case tombstone.MatchString(l):
			m := tombstone.FindStringSubmatch(l)
			r.deleted = append(r.deleted, Tombstone{ID: m[1], Rev: revision(m[2])})
		case strings.TrimSpace(l) == "" && (len(r.items) == 0 || !indented(l, width)):
			blank = true
			r.continueWith("")
		case len(r.items) == 0 || blank && !indented(l, 1):
			return errorAt(line, "this line is under %q but belongs to no entry: start it with %q, or indent it", r.section, r.example())
		default:
			blank = false
			r.continueWith(unindent(l, width))
		}
		line++
	}
	for _, it := range r.items {
		if it.text() == "" {
			return errorAt(it.line, "this entry under %q is empty", r.section)
		}
	}
	return nil
}

func (r *listReader) begun() bool { return len(r.items) > 0 || len(r.deleted) > 0 }

func (r *listReader) example() string {
	if r.marker == bulletMarker {
		return "- "
	}
	return "1. "
}

func (r *listReader) item(first string, line int) item {
	it := item{line: line, first: first, rev: 1}
	if m := itemComment.FindStringSubmatchIndex(first); m != nil && first[m[2]:m[3]] == r.kind {
		it.first = first[:m[0]]
		it.id = first[m[4]:m[5]]
		if m[6] >= 0 {
			it.rev = revision(first[m[6]:m[7]])
		}
		it.mark = strings.TrimSpace(first[m[8]:m[9]])
		if m[10] >= 0 {
			it.of = versionOf(first[m[10]:m[11]], revision(first[m[12]:m[13]]))
		}
	}
	return it
}

func (r *listReader) continueWith(l string) {
	if n := len(r.items); n > 0 {
		r.items[n-1].rest = append(r.items[n-1].rest, l)
	}
}

// maxRevision is more than honest edits ever reach, so that there is always a
// higher one to write.
const maxRevision = 1_000_000

func revision(s string) int {
	n, _ := strconv.Atoi(s)
	return min(max(n, 1), maxRevision)
}

// indented reports whether a line is indented by at least n columns, where a tab
// is enough.
func indented(l string, n int) bool {
	return strings.HasPrefix(l, "\t") || len(l)-len(strings.TrimLeft(l, " ")) >= n
}

func unindent(l string, n int) string {
	if rest, ok := strings.CutPrefix(l, "\t"); ok {
		return rest
	}
	for ; n > 0 && strings.HasPrefix(l, " "); n-- {
		l = l[1:]
	}
	return l
}

// writeItem writes one item: marker, text, and the comment with its id at the end
// of the first line.
func writeItem(b *strings.Builder, marker, text, comment string) {
	first, rest, more := strings.Cut(text, "\n")
	b.WriteString(marker + first + " <!-- " + comment + " -->\n")
	if more {
		writeIndented(b, len(marker), rest)
	}
}

func writeIndented(b *strings.Builder, width int, text string) {
	for l := range strings.SplitSeq(text, "\n") {
		if l != "" {
			b.WriteString(strings.Repeat(" ", width) + l)
		}
		b.WriteByte('\n')
	}
}

func itemRef(kind, id string, rev int, mark, of string) string {
	ref := fmt.Sprintf("%s:%s r%d", kind, id, rev)
	if mark != "" {
		ref += " " + mark
	}
	if of != "" {
		ref += " of:" + of
	}
	return ref
}

// versionOf names an item and a revision of it.
func versionOf(id string, rev int) string { return fmt.Sprintf("%s.%d", id, rev) }

// timeUnknown stands for the time of an event nobody knows.
const timeUnknown = "(time unknown)"

// event reads an item of the timeline.
func (it item) event() Event {
	text := it.text()
	e := Event{ID: it.id, Rev: it.rev, Mark: it.mark, Text: text, Of: it.of}
	word, rest, _ := cutSpace(text)
	if w, err := ParseWhen(word); err == nil && w.Known() {
		e.At, e.Text = w, rest
	} else if after, ok := strings.CutPrefix(text, timeUnknown); ok {
		e.Text = strings.TrimSpace(after)
	}
	return e
}

// cutSpace cuts text after its first word.
func cutSpace(text string) (word, rest string, found bool) {
	i := strings.IndexAny(text, " \t\n")
	if i < 0 {
		return text, "", false
	}
	return text[:i], strings.TrimSpace(text[i:]), true
}

const arrow = "→"

// learning reads an item of the learnings.
func (it item) learning() (Learning, error) {
	l := Learning{ID: it.id, Rev: it.rev, Of: it.of}
	text := []string{it.first}
	var consequences [][]string // their lines
	for i, line := range it.rest {
		trimmed := strings.TrimLeft(line, " \t")
		after, isConsequence := strings.CutPrefix(trimmed, arrow)
		n := len(consequences)
		switch {
		case isConsequence:
			if strings.TrimSpace(after) == "" {
				return l, errorAt(it.line+i+1, "there is nothing after %q", arrow)
			}
			consequences = append(consequences, []string{after})
		case n > 0:
			consequences[n-1] = append(consequences[n-1], trimmed)
		case n == 0:
			text = append(text, unescapeArrow(line))
		}
	}
	for _, c := range consequences {
		l.Consequences = append(l.Consequences, ParseConsequence(strings.Join(c, " ")))
	}
	l.Text = strings.TrimSpace(strings.Join(text, "\n"))
	if l.Text == "" {
		return l, errorAt(it.line, "this learning is empty")
	}
	return l, nil
}

var (
	escapedArrow  = regexp.MustCompile(`^([ \t]*)\\(\\*` + arrow + `)`)
	needsEscape   = regexp.MustCompile(`^([ \t]*)(\\*` + arrow + `)`)
	consequenceRE = regexp.MustCompile(`^(.*\S)\s+\{(waiting|done|declined)(?::\s*([^{}]*))?\}$`)
)

func unescapeArrow(l string) string { return escapedArrow.ReplaceAllString(l, "$1$2") }

// ParseConsequence reads a consequence as it stands after the arrow, with its
// state in braces at the end if it has one.
func ParseConsequence(text string) Consequence {
	text = strings.Join(strings.Fields(text), " ")
	m := consequenceRE.FindStringSubmatch(text)
	if m == nil {
		return Consequence{Text: text}
	}
	return Consequence{Text: m[1], State: ConsequenceState(m[2]), Detail: strings.TrimSpace(m[3])}
}

// String is the consequence as ParseConsequence reads it.
func (c Consequence) String() string {
	switch {
	case c.State == "":
		return c.Text
	case c.Detail == "":
		return fmt.Sprintf("%s {%s}", c.Text, c.State)
	}
	return fmt.Sprintf("%s {%s: %s}", c.Text, c.State, c.Detail)
}

// text is the learning with what follows from it.
func (l Learning) text() string {
	text := l.Text
	for _, c := range l.Consequences {
		text += "\n" + arrow + " " + c.String()
	}
	return text
}

func (l Learning) write(b *strings.Builder, marker string) {
	lines := strings.Split(l.Text, "\n")
	for i := 1; i < len(lines); i++ {
		lines[i] = needsEscape.ReplaceAllString(lines[i], `$1\$2`)
	}
	writeItem(b, marker, strings.Join(lines, "\n"), itemRef("l", l.ID, l.Rev, "", l.Of))
	for _, c := range l.Consequences {
		writeIndented(b, len(marker), arrow+" "+c.String())
	}
}

func (e Event) write(b *strings.Builder) {
	at := e.At.String()
	if !e.At.Known() {
		at = timeUnknown
	}
	writeItem(b, "- ", at+" "+e.Text, itemRef("e", e.ID, e.Rev, e.Mark, e.Of))
}
