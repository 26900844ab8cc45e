package journal

import (
	"regexp"
	"slices"
	"strings"
)

// Headings of the sections that this package writes, in the order of a note.
const (
	InOneBreath     = "In one breath"
	WhatWeBelieved  = "What we believed"
	WhatHappened    = "What happened"
	Impact          = "Impact"
	Timeline        = "Timeline"
	ChainOfProblems = "Chain of problems"
	WhySurprised    = "Why we were surprised"
	WhatWentWell    = "What went well"
	GotLucky        = "Where we got lucky"
	Learnings       = "Learnings"
	KindWords       = "Kind words"
	Aside           = "Aside"
)

// Headings lists them in order.
var Headings = []string{
	InOneBreath, WhatWeBelieved, WhatHappened, Impact, Timeline, ChainOfProblems,
	WhySurprised, WhatWentWell, GotLucky, Learnings, KindWords, Aside,
}

func sameHeading(a, b string) bool { return strings.EqualFold(a, b) }

// canonicalHeading is the spelling this package writes.
func canonicalHeading(h string) string {
	h = strings.TrimSpace(h)
	for _, known := range Headings {
		if sameHeading(h, known) {
			return known
		}
	}
	return h
}

// rawSection is a heading with everything under it and the number of its line.
type rawSection struct {
	heading string
	text    string
	line    int
}

// splitBody cuts the text after the front matter at its headings.
func splitBody(body string, line int) (lead string, sections []rawSection) {
	var f fence
	start := 0 // of the text under the current heading
	flush := func(end int) {
		if len(sections) == 0 {
			lead = body[:end]
			return
		}
		sections[len(sections)-1].text = body[start:end]
	}
	pos := 0
	for l := range strings.Lines(body) {
		if h, ok := heading(l); ok && !f.open() {
			flush(pos)
			sections = append(sections, rawSection{heading: h, line: line})
			start = pos + len(l)
		} else {
			f.line(l)
		}
		pos += len(l)
		line++
	}
	flush(len(body))
	return lead, sections
}

func heading(l string) (string, bool) {
	h, ok := strings.CutPrefix(l, "## ")
	h = strings.TrimSpace(h)
	return h, ok && h != ""
}

var fenceLine = regexp.MustCompile("^ ?(```+|~~~+)(.*)")

// fence follows fenced code blocks from line to line, by the rules of CommonMark
// for fences, but only for those that start in the first two columns: deeper ones
// belong to a list item, which any line in the first column ends.
type fence struct {
	marker string // of the open block, "" outside
}

func (f *fence) open() bool { return f.marker != "" }

func (f *fence) line(l string) {
	if c := strings.TrimPrefix(l, " "); c == "" || c[0] != '`' && c[0] != '~' {
		return // nearly every line
	}
	m := fenceLine.FindStringSubmatch(strings.TrimRight(l, "\n"))
	switch {
	case m == nil:
	case !f.open():
		if m[1][0] != '`' || !strings.Contains(m[2], "`") {
			f.marker = m[1]
		}
	case m[1][0] == f.marker[0] && len(m[1]) >= len(f.marker) && strings.TrimSpace(m[2]) == "":
		f.marker = ""
	}
}

// sealed returns text with its last line and every fence closed, so that a
// heading can stand after it.
func sealed(text string) string {
	var f fence
	for l := range strings.Lines(text) {
		f.line(l)
	}
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	if f.open() {
		text += f.marker + "\n"
	}
	return text
}

// closed is sealed with an empty line at its end, so that something new can stand
// after it.
func closed(text string) string {
	text = sealed(text)
	if !strings.HasSuffix(text, "\n\n") && text != "\n" {
		text += "\n"
	}
	return text
}

// hasItems reports whether a list section holds anything that is not prose.
func (inc *Incident) hasItems(h string) bool {
	return h == Timeline && len(inc.Timeline)+len(inc.Deleted) > 0 ||
		h == ChainOfProblems && len(inc.Chain) > 0 || h == Learnings && len(inc.Learnings) > 0
}

// keepTombstones makes the section that tombstones are written in, if there are
// any.
func (inc *Incident) keepTombstones() {
	if len(inc.Deleted) == 0 {
		return
	}
	i := inc.ensureSection(Timeline)
	if len(inc.Timeline) == 0 {
		inc.Sections[i].Text = closed(inc.Sections[i].Text)
	}
}

// ensureSection gives inc a section with this heading at its place among those it
// has, and returns its index.
func (inc *Incident) ensureSection(h string) int {
	rank := slices.Index(Headings, h)
	at := 0
	for i, s := range inc.Sections {
		if sameHeading(s.Heading, h) {
			return i
		}
		if r := slices.Index(Headings, canonicalHeading(s.Heading)); r < rank || rank < 0 {
			at = i + 1
		}
	}
	if at == 0 {
		inc.Lead = closed(inc.Lead)
	} else {
		inc.Sections[at-1].Text = closed(inc.Sections[at-1].Text)
	}
	text := "\n"
	inc.Sections = slices.Insert(inc.Sections, at, Section{Heading: h, Text: text})
	return at
}

// SetProse replaces the prose under a heading; "" removes the section if it holds
// nothing else. A line of text that is a heading starts a section of its own once
// the note is read again.
func (inc *Incident) SetProse(h, text string) {
	i := inc.ensureSection(canonicalHeading(h))
	text = strings.TrimSpace(cleanText(text))
	if text == "" && inc.hasItems(inc.Sections[i].Heading) {
		inc.Sections[i].Text = "\n"
		return
	}
	if text == "" {
		inc.Sections = slices.Delete(inc.Sections, i, i+1)
		return
	}
	inc.Sections[i].Text = closed("\n" + text + "\n")
}
