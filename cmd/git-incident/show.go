package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"git-incident/journal"
)

func (a *app) showCommand() *cli.Command {
	return &cli.Command{
		Name: "show", Category: read, Usage: "one incident, whole",
		ArgsUsage: oneID,
		Flags: []cli.Flag{
			incidentFlag(),
			&cli.BoolFlag{Name: "raw", Usage: "print the note as it is stored"},
			jsonFlag(),
		},
		Action: a.show,
	}
}

func (a *app) show(c *cli.Context) error {
	s, note, err := a.note(c)
	if err != nil {
		return err
	}
	switch {
	case c.Bool("raw") && note.Raw != nil && a.terminal.out:
		return a.page(c.Context, journal.VisibleText(string(note.Raw)))
	case c.Bool("raw") && note.Raw != nil:
		_, err := a.stdout.Write(note.Raw)
		return err
	case note.Incident == nil:
		return &problem{code: exitFailed, err: fmt.Errorf("%s cannot be read: %w", s.ID, note.Err),
			hints: []string{"git incident show --raw " + journal.ShortID(s.ID), "git incident edit " + journal.ShortID(s.ID)}}
	case c.Bool(flagJSON):
		return a.printJSON(incidentToJSON(note.Incident, note.Draft))
	}
	p := storyPrinter{app: a, width: a.width(), styled: a.colour(a.terminal.out)}
	p.story(note.Incident, note.Draft)
	return a.page(c.Context, p.b.String())
}

// storyPrinter sets an incident for a terminal.
type storyPrinter struct {
	*app
	b      strings.Builder
	width  int
	styled bool
}

func (p *storyPrinter) line(format string, args ...any) { fmt.Fprintf(&p.b, format+"\n", args...) }

func (p *storyPrinter) strong(s string) string { return style(p.styled, "1", s) }
func (p *storyPrinter) quiet(s string) string  { return style(p.styled, "2", s) }

func (p *storyPrinter) story(inc *journal.Incident, draft bool) {
	for l := range strings.SplitSeq(wrap(journal.VisibleLine(inc.Title), p.width, "", ""), "\n") {
		p.line("%s", p.strong(l))
	}
	p.line("%s", p.quiet(inc.ID))
	p.line("")
	p.facts(inc, draft)
	p.prose(inc.Lead)
	for _, s := range inc.Sections {
		p.line("")
		p.line("%s", p.strong(journal.VisibleLine(s.Heading)))
		p.prose(s.Text)
		switch s.Heading {
		case journal.Timeline:
			p.timeline(inc.Timeline)
		case journal.ChainOfProblems:
			p.line("")
			for i, x := range inc.Chain {
				p.item(fmt.Sprintf("%3d. ", i+1), x.Shown())
			}
		case journal.Learnings:
			p.learnings(inc.Learnings)
		}
	}
	if len(inc.Attachments) > 0 {
		p.line("")
		p.line("%s", p.strong("Attachments"))
		for _, f := range inc.Attachments {
			p.line("  %s", journal.VisibleLine(f.Name))
		}
	}
}

func (p *storyPrinter) fact(name, value string) {
	if value != "" {
		p.line("%s", wrap(journal.VisibleLine(value), p.width, fmt.Sprintf("  %-11s ", name), strings.Repeat(" ", 14)))
	}
}

func (p *storyPrinter) facts(inc *journal.Incident, draft bool) {
	state := string(inc.Status)
	if inc.Kind != "" && inc.Kind != journal.KindIncident {
		state = strings.TrimPrefix(state+", "+string(inc.Kind), ", ")
	}
	if draft {
		state = strings.TrimPrefix(state+", private draft", ", ")
	}
	p.fact("status", state)
	for _, t := range []struct {
		name string
		at   journal.When
	}{
		{"began", inc.Times.Began}, {"noticed", inc.Times.Noticed}, {"told", inc.Times.Told},
		{"mitigated", inc.Times.Mitigated}, {"resolved", inc.Times.Resolved},
	} {
		if t.at.Known() {
			p.fact(t.name, p.longMoment(t.at))
		}
	}
	p.fact("noticed by", string(inc.NoticedBy))
	p.fact("severity", inc.Severity)
	p.fact("services", strings.Join(inc.Services, ", "))
	p.fact("factors", strings.Join(inc.Factors, ", "))
	p.fact("from", inc.Source("url"))
}

// longMoment is a When with its day, in the user's zone.
func (a *app) longMoment(w journal.When) string {
	s := w.Time.In(a.clock().Location()).Format("2006-01-02 15:04 MST")
	if w.About {
		return "about " + s
	}
	return s
}

func (p *storyPrinter) timeline(events []journal.Event) {
	p.line("")
	day := ""
	for _, e := range events {
		at := "  ?  "
		if e.At.Known() {
			t := e.At.Time.In(p.clock().Location())
			if d := t.Format("Mon 2 Jan 2006"); d != day {
				day = d
				p.line("  %s", p.quiet(day))
			}
			at = t.Format("15:04")
			if e.At.About {
				at = "~" + at
			}
		}
		p.item(fmt.Sprintf("%7s  ", at), e.Shown())
	}
}

func (p *storyPrinter) learnings(list []journal.Learning) {
	p.line("")
	for i, l := range list {
		p.item(fmt.Sprintf("%3d. ", i+1), l.Shown())
		for _, c := range l.Consequences {
			p.item("     → ", c.String())
		}
	}
}

// item sets text behind a mark, with the further lines below its beginning.
func (p *storyPrinter) item(mark, text string) {
	p.line("%s", wrapText(journal.VisibleText(text), p.width, mark, strings.Repeat(" ", len([]rune(mark)))))
}

func (p *storyPrinter) prose(text string) {
	if text = strings.TrimSpace(text); text != "" {
		p.line("")
		p.line("%s", wrapText(journal.VisibleText(text), p.width, "  ", "  "))
	}
}
