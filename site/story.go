package site

import (
	"html/template"
	"path"
	"strings"

	"git-incident/journal"
)

// telling is a story ready to be told, as a page and as a deck.
type telling struct {
	entry
	links links
	files map[string]file
}

func newTelling(p plan, e entry, files map[string]file) telling {
	return telling{entry: e, files: files, links: links{
		folder: journal.Path(e.ID), pages: p.pages, files: files, anchors: anchorsOf(e.Incident),
	}}
}

// storyPage is the page of one incident.
type storyPage struct {
	head
	Draft       bool
	Kind        string
	Status      string
	Breath      template.HTML
	Times       []fact
	Facts       []fact
	Remarks     []string
	Lead        template.HTML
	Sections    []section
	Files       []file
	Source      elsewhere
	Credit      string
	Newer       neighbour
	Older       neighbour
	Deck        string // beside the page
	WrittenDown string
}

// section is one heading of a story with what stands under it.
type section struct {
	ID, Heading string
	Kind        string // for the style sheet
	Prose       template.HTML
	Timeline    timeline
	Chain       []problem
	Learnings   []learning
}

// neighbour is the story before or after.
type neighbour struct{ Href, Title string }

func newStoryPage(b *builder, i int, t telling) storyPage {
	p := newProse(t.links)
	s := storyPage{
		head:  b.head(t.page, t.Title, learned(t.entry)),
		Draft: t.Draft, Kind: kindWords[t.Kind], Status: statusWords[t.Status],
		Times: times(t.Times), Facts: facts(t.Incident), Remarks: remarks(t.Incident),
		Source: elsewhere{sourceURL(t.Incident)}, Credit: strings.Join(t.Credit, ", "),
		Deck: path.Base(t.deck), WrittenDown: writtenDown(t.ID),
	}
	if breath, ok := t.Section(journal.InOneBreath); ok {
		s.Breath = p.lead(breath.Text)
	}
	s.Lead = p.lead(t.Lead)
	s.Sections = sections(p, t.Incident)
	for _, a := range t.Attachments {
		f, ok := t.files[a.Name]
		if !ok {
			f = file{Name: a.Name, Missing: true}
		}
		s.Files = append(s.Files, f)
	}
	if i > 0 {
		s.Newer = neighbourOf(b.plan.stories[i-1])
	}
	if i+1 < len(b.plan.stories) {
		s.Older = neighbourOf(b.plan.stories[i+1])
	}
	return s
}

func neighbourOf(e entry) neighbour { return neighbour{Href: top + e.page, Title: e.Title} }

// sections renders what stands under the headings, in their order, except the
// breath that stands above everything.
func sections(p *prose, inc *journal.Incident) []section {
	var out []section
	breath := false
	for _, s := range inc.Sections {
		if !breath && strings.EqualFold(s.Heading, journal.InOneBreath) {
			breath = true
			continue
		}
		v := section{Heading: plain(s.Heading), Kind: "told", Prose: p.block(s.Text)}
		v.ID = p.ids.id("s-", v.Heading)
		switch s.Heading {
		case journal.Timeline:
			v.Kind, v.Timeline = "events", newTimeline(p, inc.Timeline)
		case journal.ChainOfProblems:
			v.Kind, v.Chain = "links", newChain(p, inc.Chain)
		case journal.Learnings:
			v.Kind, v.Learnings = "lessons", newLearnings(p, inc.Learnings)
		case journal.KindWords:
			v.Kind = "kind"
		}
		if v.Prose != "" || len(v.Timeline.Days)+len(v.Chain)+len(v.Learnings) > 0 {
			out = append(out, v)
		}
	}
	return out
}

// writtenDown is the day in the id.
func writtenDown(id string) string {
	s := journal.Summary{ID: id}
	return s.When().Time.Format(dayLayout)
}

// Shown is where a picture is loaded from, "" for every other file.
func (f file) Shown() string {
	if !f.picture {
		return ""
	}
	return top + f.path
}

// Href is where the file is fetched from.
func (f file) Href() string { return top + f.path }

// SaveAs is the name that the file is saved under.
func (f file) SaveAs() string { return path.Base(f.path) }
