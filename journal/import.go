package journal

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Imported is a note made from a file of another tool.
type Imported struct {
	Incident *Incident
	Flags    []string // what a person should look at
}

// ImportTokenLen is the length of the token in the id of an imported incident. It
// is longer than [IncidentTokenLen]: the token comes from the file and not from
// chance, and thousands of files may come at once.
const ImportTokenLen = 8

// Import reads a Markdown file with YAML front matter, as other archives of
// incidents write them. What has a meaning here is mapped, the whole front matter
// but title and summary stays under source as it was written, and the body is
// kept byte for byte; the one exception is flagged. What the file does not say
// stays unknown.
//
// name is the path of the file. The id of the incident depends on the file's own
// identity (uuid, id, url or name) so that a second import finds the first. day
// dates the id of a file that has no date.
func Import(name string, file []byte, day time.Time) (*Imported, error) {
	if len(file) > MaxNote {
		return nil, ErrTooLarge
	}
	text, err := clean(file)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(text, "---\n") {
		return nil, errNoFrontMatter
	}
	header, body, _, err := splitNote(text)
	if err != nil {
		return nil, err
	}
	f, err := readForeign(header)
	if err != nil {
		return nil, err
	}
	im := &Imported{Incident: &Incident{Kind: KindIncident, Visibility: VisibilityTeam}}
	if bytes.Contains(file, []byte("\r\n")) {
		im.flag("line ends were changed to LF")
	}
	im.mapTimes(f)
	im.mapLists(f)
	im.mapTitle(f, body)
	im.Incident.Extra = []Extra{{After: "credit", Text: f.source(name)}}
	im.Incident.ID = NewID(f.day(day), im.Incident.Title, f.token(name))
	return im, im.mapBody(f, body)
}

func (im *Imported) flag(format string, args ...any) {
	im.Flags = append(im.Flags, fmt.Sprintf(format, args...))
}

// foreign is the front matter of another tool: keys and values, and the raw text.
type foreign struct {
	keys   []string
	values map[string][]string
	raw    map[string]string
}

var errNoFrontMatter = errors.New("it has no front matter: YAML between two lines of ---, at the top")

var errForeignHeader = errors.New("the front matter is not a list of keys, one a line")

func readForeign(header string) (foreign, error) {
	f := foreign{values: map[string][]string{}, raw: map[string]string{}}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(header), &doc); err != nil {
		return f, yamlError(err, 2)
	}
	if len(doc.Content) == 0 {
		return f, errForeignHeader
	}
	root := doc.Content[0]
	h := headerReader{lines: strings.SplitAfter(header, "\n"), line: 2}
	if root.Kind != yaml.MappingNode || root.Style&yaml.FlowStyle != 0 {
		return f, errForeignHeader
	}
	for i := 0; i < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		if key.Kind != yaml.ScalarNode || key.Column != 1 || f.raw[key.Value] != "" {
			return f, errForeignHeader
		}
		if err := h.plainNode(value); err != nil {
			return f, err
		}
		end := len(h.lines)
		if i+2 < len(root.Content) {
			end = root.Content[i+2].Line - 1
		}
		f.keys = append(f.keys, key.Value)
		f.raw[key.Value] = h.region(key.Line-1, end)
		f.values[key.Value] = scalarsOf(value)
	}
	return f, nil
}

func scalarsOf(n *yaml.Node) []string {
	if isNull(n) {
		return nil
	}
	if n.Kind == yaml.ScalarNode {
		return nonEmpty(strings.TrimSpace(n.Value))
	}
	var out []string
	if n.Kind == yaml.SequenceNode {
		for _, c := range n.Content {
			out = append(out, scalarsOf(c)...)
		}
	}
	return out
}

// first returns the values of the first key that has any.
func (f foreign) first(keys ...string) []string {
	for _, k := range keys {
		if v := f.values[k]; len(v) > 0 {
			return v
		}
	}
	return nil
}

func (f foreign) one(keys ...string) string {
	if v := f.first(keys...); len(v) > 0 {
		return strings.Join(strings.Fields(v[0]), " ")
	}
	return ""
}

// token identifies the file, wherever it is imported.
func (f foreign) token(name string) string {
	id := f.one("uuid", "id", "url")
	if id == "" {
		id = name
	}
	sum := sha256.Sum256([]byte("import\x00" + id))
	return Token(sum[:ImportTokenLen])
}

// source is the front matter as it was, one level deeper.
func (f foreign) source(name string) string {
	var b strings.Builder
	b.WriteString(sourceKey + "\n  imported_from: " + quote(name) + "\n")
	for _, k := range f.keys {
		if k == "title" || k == "summary" {
			continue
		}
		for l := range strings.Lines(strings.TrimRight(f.raw[k], "\n ") + "\n") {
			b.WriteString("  " + l)
		}
	}
	return b.String()
}

// Keys of other tools for what a note knows, first match wins.
var (
	beganKeys     = []string{"start_time", "started", "start", "began", "date"}
	noticedKeys   = []string{"detected", "detect_time", "noticed"}
	resolvedKeys  = []string{"end_time", "ended", "end", "resolvedWhen", "resolved_at"}
	publishedKeys = []string{"source_published_at", "published", "source_fetched_at"}
	serviceKeys   = []string{"services", "affected", "product", "service"}
	factorKeys    = []string{"factors", "categories", "tags"}
)

var foreignLayouts = []struct {
	layout string
	about  bool // the value does not say everything
}{
	{time.RFC3339Nano, false},
	{"2006-01-02 15:04:05Z07:00", false},
	{"2006-01-02T15:04Z07:00", false},
	{"2006-01-02T15:04:05", true},
	{"2006-01-02 15:04:05", true},
	{"2006-01-02 15:04", true},
	{time.DateOnly, true},
}

// readForeignTime reads a time of another tool. One without a zone is read as
// UTC and about; so is midnight to the second, which stands for a day.
func readForeignTime(s string) (When, bool) {
	for _, l := range foreignLayouts {
		if t, err := time.ParseInLocation(l.layout, s, time.UTC); err == nil {
			midnight := t.Equal(t.Truncate(24 * time.Hour))
			return When{Time: t, About: l.about || midnight}, true
		}
	}
	return When{}, false
}

func (im *Imported) mapTimes(f foreign) {
	times := &im.Incident.Times
	for _, m := range []struct {
		at   *When
		keys []string
	}{{&times.Began, beganKeys}, {&times.Noticed, noticedKeys}, {&times.Resolved, resolvedKeys}} {
		s := f.one(m.keys...)
		if s == "" {
			continue
		}
		w, ok := readForeignTime(s)
		if !ok {
			im.flag("the time %q could not be read; it is kept under source", s)
			continue
		}
		*m.at = w
	}
	if times.Resolved.Known() {
		im.Incident.Status = StatusResolved
	}
	if times.Began.Known() && times.Resolved.Known() && times.Resolved.Time.Before(times.Began.Time) {
		im.flag("it ends before it starts")
	}
}

func (im *Imported) mapLists(f foreign) {
	for _, s := range f.first(serviceKeys...) {
		for part := range strings.SplitSeq(s, ",") {
			im.Incident.Services = appendNew(im.Incident.Services, part)
		}
	}
	for _, s := range f.first(factorKeys...) {
		im.Incident.Factors = appendNew(im.Incident.Factors, s)
	}
	im.Incident.Severity = f.one("severity")
}

func appendNew(list []string, s string) []string {
	s = strings.Join(strings.Fields(s), " ")
	if s == "" || slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// maxTitle cuts a title that is made from prose, in characters.
const maxTitle = 90

var sentenceEnd = regexp.MustCompile(`[.!?](\s|$)`)

func (im *Imported) mapTitle(f foreign, body string) {
	im.Incident.Title = f.one("title", "name")
	if im.Incident.Title != "" {
		return
	}
	im.flag("it has no title; its first sentence stands in")
	text := f.one("summary")
	if text == "" {
		text = strings.Join(strings.Fields(body), " ")
	}
	if m := sentenceEnd.FindStringIndex(text); m != nil {
		text = text[:m[0]]
	}
	im.Incident.Title = Ellipsis(text, maxTitle)
	if im.Incident.Title == "" {
		im.Incident.Title = "Untitled"
	}
}

// day is the first date the file names.
func (f foreign) day(otherwise time.Time) time.Time {
	for _, keys := range [][]string{beganKeys, noticedKeys, resolvedKeys, publishedKeys} {
		for _, k := range keys {
			if w, ok := readForeignTime(f.one(k)); ok {
				return w.Time
			}
		}
	}
	return otherwise
}

// mapBody puts the body under its heading and reads the whole note once more, as
// every later reader will. Where the body has a list section of ours that is
// written differently, its heading goes one level down and the text stays.
func (im *Imported) mapBody(f foreign, body string) error {
	inc := im.Incident
	inc.Lead = "\n"
	if s := f.first("summary"); len(s) > 0 {
		inc.SetProse(InOneBreath, s[0])
	}
	inc.Sections = append(inc.Sections, Section{Heading: WhatHappened, Text: body})
	note, err := Parse(Format(inc))
	if err != nil || !bytes.HasSuffix(Format(note), []byte(body)) {
		im.flag("its headings Timeline, Chain of problems and Learnings went one level down: their text is not as a note has it")
		inc.Sections[len(inc.Sections)-1].Text = lowered(body)
		note, err = Parse(Format(inc))
	}
	if err != nil {
		return fmt.Errorf("as a note it could not be read: %w", err)
	}
	note.ID = inc.ID
	im.Incident = note
	return nil
}

// lowered is body with the headings of list sections one level down.
func lowered(body string) string {
	lead, sections := splitBody(body, 1)
	var b strings.Builder
	b.WriteString(lead)
	for _, s := range sections {
		level := "## "
		if h := canonicalHeading(s.heading); h == Timeline || h == ChainOfProblems || h == Learnings {
			level = "### "
		}
		b.WriteString(level + s.heading + "\n" + s.text)
	}
	return b.String()
}
