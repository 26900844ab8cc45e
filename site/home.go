package site

import (
	"strings"

	"git-incident/journal"
)

// homePage is the front page.
type homePage struct {
	head
	Ledger     ledger
	Cards      []card
	Earlier    []year
	Unreadable []Unreadable
}

// card is a story as the front page tells it: what was learned first.
type card struct {
	Href     string
	Title    string
	Day      moment
	Written  bool // Day is only when it was written down
	Draft    bool
	Kind     string
	Open     string // how far it has come, if there is still work
	Learned  string
	Told     string // what happened, where no learning is written down yet
	Tags     []string
	Ledger   ledger
	HasState bool
}

// year is the stories of one year that have no card any more.
type year struct {
	Name    string
	Stories []card
}

const (
	maxCards = 60  // stories with a card; the others have a line
	maxTold  = 220 // columns of the sentence on a card
)

func newHomePage(b *builder) homePage {
	h := homePage{
		head:   b.head("index.html", "", "What broke, and what we learned from it."),
		Ledger: b.plan.ledger, Unreadable: b.plan.unreadable,
	}
	for i, e := range b.plan.stories {
		if i < maxCards {
			h.Cards = append(h.Cards, newCard(e))
			continue
		}
		c := card{Href: e.page, Title: e.Title, Day: day(e.sum.When())}
		name := "Nobody knows when"
		if e.sum.Dated() {
			name = e.sum.When().Time.Format("2006")
		}
		if n := len(h.Earlier); n == 0 || h.Earlier[n-1].Name != name {
			h.Earlier = append(h.Earlier, year{Name: name})
		}
		last := &h.Earlier[len(h.Earlier)-1]
		last.Stories = append(last.Stories, c)
	}
	return h
}

func newCard(e entry) card {
	c := card{
		Href: e.page, Title: e.Title, Draft: e.Draft, Kind: kindWords[e.Kind],
		Day: day(e.sum.When()), Tags: append(append([]string{}, e.Services...), e.Factors...),
	}
	if !e.sum.Dated() {
		c.Written = true
		c.Day.Text = strings.TrimPrefix(c.Day.Text, about)
	}
	if e.sum.Open() {
		c.Open = statusWords[e.Status]
	}
	for _, l := range e.Learnings {
		c.Ledger.add(l)
	}
	c.HasState = c.Ledger != ledger{Learnings: c.Ledger.Learnings}
	if len(e.Learnings) > 0 {
		c.Learned = learned(e)
	} else {
		c.Told = learned(e)
	}
	return c
}

// learned is the sentence that makes one want to read: the first learning, or
// else how the story begins.
func learned(e entry) string {
	if len(e.Learnings) > 0 {
		s, _ := shorten(plain(e.Learnings[0].Text), maxTold)
		return s
	}
	for _, text := range append(prosesOf(e.Incident, journal.InOneBreath, journal.WhatHappened), e.Lead) {
		if s, _ := shorten(plain(text), maxTold); s != "" {
			return s
		}
	}
	return ""
}

func prosesOf(inc *journal.Incident, headings ...string) []string {
	var out []string
	for _, h := range headings {
		s, _ := inc.Section(h)
		out = append(out, s.Text)
	}
	return out
}
