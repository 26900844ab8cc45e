package site

import (
	"html/template"
	"path"
	"strings"

	"git-incident/journal"
)

// deckPage is the first deck of a story: one idea a slide.
type deckPage struct {
	head
	Draft  bool
	Slides []slide
	Story  string // the page beside the deck
}

// slide is one idea. What does not fit on it stands whole in its notes.
type slide struct {
	Kind  string // for the style sheet
	ID    string
	Label string
	Says  string
	Size  string // how much Says is: short, medium or long
	Items []point
	More  string // what the items leave out
	Notes []note
}

// note is a text in full.
type note struct {
	When string
	Text template.HTML
}

func (s *slide) note(when string, text template.HTML) {
	s.Notes = append(s.Notes, note{When: when, Text: text})
}

// point is one of several things that a slide says.
type point struct {
	When  string
	Text  string
	State string
}

// point adds an item, shortened, and reports whether that is all there is to say.
func (s *slide) point(p point) bool {
	text := p.Text
	var cut bool
	p.Text, cut = shorten(plain(text), fitsPoint)
	s.Items = append(s.Items, p)
	return !cut && !isRich(text)
}

// What fits on a slide, in columns and items. The style sheet is made for these
// numbers, and a test in a browser holds them.
const (
	fitsTitle   = 140
	fitsSays    = 300
	fitsPoint   = 92
	fitsLesson  = 200
	fitsLabel   = 40
	maxPoints   = 5
	maxLearned  = 3
	shortSays   = 80
	mediumSays  = 170
	closingLine = "Something let it happen, something hid it, and people put it right together."
)

func newDeckPage(b *builder, t telling) deckPage {
	d := deckWriter{inc: t.Incident, prose: newProse(t.links)}
	d.title(t)
	d.says("believed", journal.WhatWeBelieved)
	d.happened()
	d.says("surprise", journal.WhySurprised)
	d.chain()
	d.learned()
	d.therefore()
	d.add(slide{Kind: "closing", Says: "It is never just one person.", More: closingLine})
	return deckPage{
		head: b.head(t.deck, t.Title+" – a talk", learned(t.entry)), Draft: t.Draft,
		Slides: d.slides, Story: path.Base(t.page),
	}
}

func sizeOf(says string) string {
	switch n := width(says); {
	case n <= shortSays:
		return "short"
	case n <= mediumSays:
		return "medium"
	}
	return "long"
}

// isRich reports whether a text holds more than its plain words.
func isRich(text string) bool { return strings.ContainsAny(text, "`[|~") }
