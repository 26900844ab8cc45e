package site

import (
	"fmt"
	"strings"

	"git-incident/journal"
)

// deckWriter collects the slides of a deck.
type deckWriter struct {
	inc    *journal.Incident
	prose  *prose
	slides []slide
}

func (d *deckWriter) add(s slide) {
	s.ID = fmt.Sprintf("slide-%d", len(d.slides)+1)
	s.Size = sizeOf(s.Says)
	d.slides = append(d.slides, s)
}

func (d *deckWriter) title(t telling) {
	says, cut := shorten(journal.VisibleLine(oneLine(t.Title)), fitsTitle)
	s := slide{Kind: "title", Says: says, Label: day(t.sum.When()).Text}
	if cut {
		s.note("", asTyped(t.Title))
	}
	if services, _ := shorten(journal.VisibleLine(strings.Join(t.Services, ", ")), fitsLabel); services != "" {
		s.More = services
	}
	d.add(s)
}

// says makes a slide of the first words of a section.
func (d *deckWriter) says(kind, heading string) bool {
	section, _ := d.inc.Section(heading)
	return d.prosed(kind, heading, section.Text)
}

func (d *deckWriter) prosed(kind, label, text string) bool {
	words := plain(text)
	if words == "" {
		return false
	}
	s := slide{Kind: kind, Label: label}
	var cut bool
	s.Says, cut = shorten(words, fitsSays)
	if cut || isRich(text) {
		s.note("", d.prose.block(text))
	}
	d.add(s)
	return true
}

// happened shows the beats of the timeline, or else how the story tells it.
func (d *deckWriter) happened() {
	beats := beatsOf(d.inc.Timeline)
	if len(beats) == 0 {
		_ = d.says("happened", journal.WhatHappened) ||
			d.says("happened", journal.InOneBreath) ||
			d.prosed("happened", journal.WhatHappened, d.inc.Lead)
		return
	}
	s := slide{Kind: "beats", Label: journal.WhatHappened}
	whole, days := true, severalDays(d.inc.Timeline)
	var before journal.Event
	for _, e := range beats {
		whole = s.point(point{When: whenOf(before, e, days), Text: e.Text}) && whole
		before = e
	}
	if left := len(d.inc.Timeline) - len(beats); left > 0 {
		s.More = fmt.Sprintf("and %s in the notes", plural(left, "more line"))
		whole = false
	}
	if !whole {
		before = journal.Event{}
		for _, e := range set(d.inc.Timeline) {
			s.note(whenOf(before, e, days), d.prose.item(e.Text))
			before = e
		}
		if more := rest(d.inc.Timeline); more != "" {
			s.note("", more)
		}
	}
	d.add(s)
}

func (d *deckWriter) chain() {
	s := slide{Kind: "chain", Label: journal.ChainOfProblems}
	var all []point
	for _, p := range d.inc.Chain {
		all = append(all, point{Text: p.Text})
	}
	d.list(s, all)
}

func (d *deckWriter) therefore() {
	s := slide{Kind: "therefore", Label: "Therefore"}
	var all []point
	for _, l := range d.inc.Learnings {
		for _, c := range l.Consequences {
			all = append(all, point{Text: c.Text, State: string(stateOf(c))})
		}
	}
	d.list(s, all)
}

// list adds a slide of the first points. Its notes hold them all if anything is
// left out.
func (d *deckWriter) list(s slide, all []point) {
	if len(all) == 0 {
		return
	}
	whole := true
	for _, p := range all[:min(len(all), maxPoints)] {
		whole = s.point(p) && whole
	}
	if left := len(all) - len(s.Items); left > 0 {
		s.More = fmt.Sprintf("and %d more in the notes", left)
		whole = false
	}
	if !whole {
		for _, p := range all {
			s.note("", d.prose.item(p.Text))
		}
	}
	d.add(s)
}

// learned gives each of the first learnings a slide.
func (d *deckWriter) learned() {
	for i, l := range d.inc.Learnings {
		says, cut := shorten(plain(l.Text), fitsLesson)
		s := slide{Kind: "learned", Label: "What we learned", Says: says}
		if cut || isRich(l.Text) {
			s.note("", d.prose.item(l.Text))
		}
		if left := len(d.inc.Learnings) - maxLearned; i == maxLearned-1 && left > 0 {
			s.More = fmt.Sprintf("and %d more in the notes", left)
			for _, l := range d.inc.Learnings[maxLearned:] {
				s.note("", d.prose.item(l.Text))
			}
		}
		d.add(s)
		if i == maxLearned-1 {
			return
		}
	}
}
