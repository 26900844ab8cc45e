package site

import (
	"bytes"
	"encoding/xml"
	"time"

	"git-incident/journal"
)

// maxFeed is how many stories the feed has.
const maxFeed = 50

// idPrefix starts the ids of feed and entries. They do not depend on where the
// site lives, so that moving it makes nothing new.
const idPrefix = "tag:git-incident,2026:"

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Title   string      `xml:"title"`
	ID      string      `xml:"id"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	Title     string   `xml:"title"`
	ID        string   `xml:"id"`
	Published string   `xml:"published"`
	Updated   string   `xml:"updated"`
	Link      atomLink `xml:"link"`
	Summary   string   `xml:"summary"`
}

// feed renders the Atom feed. Drafts are not in it.
func (b *builder) feed() ([]byte, error) {
	f := atomFeed{
		Title: journal.VisibleLine(b.info.Title), Author: journal.VisibleLine(b.info.Title),
		ID:    idPrefix + "archive",
		Links: []atomLink{{"alternate", "text/html", b.absolute("index.html")}},
	}
	if root := b.plan.root; root != "" {
		f.ID += ":" + root
	}
	if b.base != nil {
		f.Links = append(f.Links, atomLink{"self", "application/atom+xml", b.absolute("atom.xml")})
	}
	updated := b.plan.updated
	for _, e := range b.plan.stories {
		if e.Draft || len(f.Entries) == maxFeed {
			continue
		}
		if t := lastKnown(e); b.plan.updated.IsZero() && t.After(updated) {
			updated = t
		}
		f.Entries = append(f.Entries, b.entry(e))
	}
	f.Updated = atomTime(updated)
	var buf bytes.Buffer
	buf.WriteString(xml.Header)
	enc := xml.NewEncoder(&buf)
	enc.Indent("", " ")
	if err := enc.Encode(f); err != nil {
		return nil, err
	}
	buf.WriteByte('\n')
	return buf.Bytes(), nil
}

func (b *builder) entry(e entry) atomEntry {
	return atomEntry{
		Title: journal.VisibleLine(e.Title), ID: idPrefix + e.ID,
		Published: atomTime(e.sum.When().Time), Updated: atomTime(lastKnown(e)),
		Link:    atomLink{"alternate", "text/html", b.absolute(e.page)},
		Summary: journal.VisibleLine(learned(e)),
	}
}

// absolute is the address of a page, relative when nobody said where the site is.
func (b *builder) absolute(name string) string {
	if b.base == nil {
		return name
	}
	return b.base.JoinPath(name).String()
}

// lastKnown is the latest moment that a story tells of.
func lastKnown(e entry) time.Time {
	last := e.sum.When().Time
	for _, s := range steps(e.Times) {
		if s.when.Time.After(last) {
			last = s.when.Time
		}
	}
	for _, ev := range e.Timeline {
		if ev.At.Time.After(last) {
			last = ev.At.Time
		}
	}
	return last
}

func atomTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }
