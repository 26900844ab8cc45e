package journal

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits, in bytes, that hold before any parser runs. They keep a hostile note
// from costing more than a moment: YAML's check for duplicate keys is quadratic
// in the front matter, Markdown's brackets in the body.
const (
	MaxHeader     = 64 << 10
	MaxNote       = 1 << 20
	MaxAttachment = 10 << 20
)

// ParseError says where a note stops following the grammar.
type ParseError struct {
	Line int // from 1
	Msg  string
}

func (e *ParseError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Msg) }

// maxMsg is how much is said about a line, in characters: it may quote what stands
// there, and that may be the whole note.
const maxMsg = 200

func errorAt(line int, format string, args ...any) error {
	return &ParseError{Line: line, Msg: Ellipsis(fmt.Sprintf(format, args...), maxMsg)}
}

// ErrTooLarge is returned for a note over [MaxNote].
var ErrTooLarge = errors.New("the note is larger than 1 MiB")

// Parse reads a note. A text that does not follow the grammar is a *[ParseError];
// nothing is guessed.
func Parse(note []byte) (*Incident, error) {
	if len(note) > MaxNote {
		return nil, ErrTooLarge
	}
	text, err := clean(note)
	if err != nil {
		return nil, err
	}
	header, body, line, err := splitNote(text)
	if err != nil {
		return nil, err
	}
	inc := &Incident{}
	if err := parseHeader(inc, header, 2); err != nil {
		return nil, err
	}
	if err := parseBody(inc, body, line); err != nil {
		return nil, err
	}
	return inc, nil
}

var crlf = regexp.MustCompile(`\r+\n`)

// clean decides about unusual bytes; see the package comment.
func clean(note []byte) (string, error) {
	note = bytes.TrimPrefix(note, []byte("\ufeff"))
	if bytes.IndexByte(note, '\r') >= 0 {
		note = crlf.ReplaceAll(note, []byte("\n"))
	}
	if i := bytes.IndexByte(note, 0); i >= 0 {
		return "", errorAt(1+bytes.Count(note[:i], []byte("\n")), "there is a NUL byte")
	}
	if !utf8.Valid(note) {
		for i, l := range bytes.SplitAfter(note, []byte("\n")) {
			if !utf8.Valid(l) {
				return "", errorAt(i+1, "there are bytes that are not UTF-8")
			}
		}
	}
	return string(note), nil
}

// splitNote cuts the front matter off. line is the number of the body's first line.
func splitNote(text string) (header, body string, line int, err error) {
	rest, ok := strings.CutPrefix(text, "---\n")
	if !ok {
		return "", "", 0, errorAt(1, "a note starts with front matter between two lines of ---")
	}
	line = 2
	for pos := 0; pos < len(rest); line++ {
		l := rest[pos:]
		if end := strings.IndexByte(l, '\n'); end >= 0 {
			l = l[:end+1]
		}
		if strings.TrimRight(l, " \t\n") == "---" {
			return rest[:pos], rest[pos+len(l):], line + 1, nil
		}
		if pos += len(l); pos > MaxHeader {
			return "", "", 0, errorAt(line, "the front matter is larger than %d KiB", MaxHeader>>10)
		}
	}
	return "", "", 0, errorAt(line, "the front matter has no end; close it with a line of ---")
}

func parseBody(inc *Incident, body string, line int) error {
	lead, sections := splitBody(body, line)
	inc.Lead = lead
	ids := idSet{used: map[string]bool{}, equal: map[string]int{}}
	seen := map[string]bool{}
	for _, s := range sections {
		h := canonicalHeading(s.heading)
		text, err := parseSection(inc, ids, h, s, seen[h])
		if err != nil {
			return err
		}
		seen[h] = true
		inc.Sections = append(inc.Sections, Section{Heading: h, Text: text})
	}
	if len(inc.Deleted) > 0 {
		inc.ensureSection(Timeline) // where they are written
	}
	return nil
}

// listSection returns the reader of a section that holds a list.
func listSection(h string) (r listReader, ok bool) {
	switch h {
	case Timeline:
		return listReader{section: h, kind: "e", marker: bulletMarker}, true
	case ChainOfProblems:
		return listReader{section: h, kind: "c", marker: numberMarker}, true
	case Learnings:
		return listReader{section: h, kind: "l", marker: numberMarker}, true
	}
	return listReader{}, false
}

// parseSection reads a list section's items into inc and returns the prose.
func parseSection(inc *Incident, ids idSet, h string, s rawSection, again bool) (string, error) {
	r, isList := listSection(h)
	if !isList {
		return s.text, nil
	}
	if again {
		return "", errorAt(s.line, "%q stands here a second time", h)
	}
	if err := r.read(s.text, s.line+1); err != nil {
		return "", err
	}
	inc.Deleted = append(inc.Deleted, r.deleted...)
	for _, it := range r.items {
		if err := ids.add(inc, h, it); err != nil {
			return "", err
		}
	}
	return r.lead, nil
}

// idSet gives every item of one note an id of its own.
type idSet struct {
	used  map[string]bool
	equal map[string]int // how many items of one content came before
}

func (ids idSet) add(inc *Incident, h string, it item) error {
	switch h {
	case Timeline:
		e := it.event()
		if e.Text == "" {
			return errorAt(it.line, "this entry has a time and no text")
		}
		e.ID = ids.unique('e', e.ID, e.At.String(), e.Text)
		inc.Timeline = append(inc.Timeline, e)
	case ChainOfProblems:
		p := Problem{ID: it.id, Rev: it.rev, Text: it.text(), Of: it.of}
		p.ID = ids.unique('c', p.ID, p.Text)
		inc.Chain = append(inc.Chain, p)
	case Learnings:
		l, err := it.learning()
		if err != nil {
			return err
		}
		l.ID = ids.unique('l', l.ID, l.Text)
		inc.Learnings = append(inc.Learnings, l)
	}
	return nil
}

// unique returns id, or one derived from the content where there is none or
// where a line was copied with its id.
func (ids idSet) unique(kind byte, id string, content ...string) string {
	for id == "" || ids.used[id] {
		key := string(kind) + strings.Join(content, "\x00")
		ids.equal[key]++
		id = derivedID(kind, append(content, strconv.Itoa(ids.equal[key]))...)
	}
	ids.used[id] = true
	return id
}
