package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"git-incident/journal"
	"git-incident/journal/store"
)

func (a *app) listCommand() *cli.Command {
	return &cli.Command{
		Name: "list", Category: read, Usage: "every incident, newest first",
		Flags: []cli.Flag{
			&cli.IntFlag{Name: "number", Aliases: []string{"n"}, Value: 20, Usage: "show the newest `N`"},
			&cli.BoolFlag{Name: "all", Aliases: []string{"a"}, Usage: "show all of them"},
			&cli.BoolFlag{Name: "open", Usage: "only those that are open"},
			&cli.StringFlag{Name: "service", Usage: "only those of the service `NAME`"},
			jsonFlag(),
		},
		Action: a.list,
	}
}

func (a *app) list(c *cli.Context) error {
	all, err := a.listed(c.Context)
	if err != nil {
		return err
	}
	var shown []journal.Summary
	for _, s := range all {
		if (!c.Bool("open") || s.Open()) && (!c.IsSet("service") || hasFold(s.Services, c.String("service"))) {
			shown = append(shown, s)
		}
	}
	rest := 0
	if n := c.Int("number"); (a.terminal.out || c.IsSet("number")) && !c.Bool("all") && n > 0 && n < len(shown) {
		shown, rest = shown[:n], len(shown)-n
	}
	if c.Bool(flagJSON) {
		return a.printJSON(a.summariesJSON(shown))
	}
	switch {
	case len(all) == 0:
		a.say("There is nothing here yet. When something goes wrong: git incident start <what you see>")
		if remote, err := a.store.Remote(); err == nil && remote != "" {
			a.say("To get what others wrote: git incident sync")
		}
	case len(shown) == 0:
		a.say("No incident is like that. All of them: git incident list")
	}
	width := idColumn(shown)
	for _, s := range shown {
		a.print("%s\n", a.listLine(s, width))
	}
	if rest > 0 {
		a.say("%d more: git incident list --all", rest)
	}
	return nil
}

// listed gives all incidents, newest first, and tells what could not be read.
func (a *app) listed(ctx context.Context) ([]journal.Summary, error) {
	j, err := a.open(ctx)
	if err != nil {
		return nil, err
	}
	a.flush(ctx)
	all, warnings, err := j.List(ctx)
	if err != nil {
		return nil, err
	}
	a.sayWarnings(warnings)
	if tip, err := j.Tip(ctx); err == nil && strings.HasPrefix(tip.Ref, "refs/remotes/") && len(all) > 0 {
		a.say("Read from %s; the first thing you write makes a branch of your own.", journal.VisibleLine(tip.Ref))
	}
	journal.NewestFirst(all)
	return all, nil
}

// These keep a hostile journal from filling the screen.
const (
	maxWarnings = 5
	maxPath     = 120 // characters
)

func (a *app) sayWarnings(warnings []store.Warning) {
	for i, w := range warnings {
		if i == maxWarnings {
			a.say("git incident: and %d more paths were left out", len(warnings)-i)
			return
		}
		a.say("git incident: left out %s: %s", journal.Ellipsis(journal.VisibleLine(w.Path), maxPath), journal.VisibleLine(journal.MaskSecrets(w.Reason)))
	}
}

// unread puts what could not be read before what has no business in a journal: it
// is what somebody may miss.
func unread(notes []store.Note, warnings []store.Warning) []store.Warning {
	var list []store.Warning
	for _, n := range notes {
		if n.Incident == nil {
			list = append(list, store.Warning{Path: n.ID, Reason: n.Err.Error()})
		}
	}
	return append(list, warnings...)
}

// Columns of the list, in cells of the terminal.
const (
	dayColumn    = 10
	statusColumn = 9
	minTitle     = 20
)

// idColumn is as wide as the short ids of a list: imported ones are longer.
func idColumn(list []journal.Summary) int {
	width := 0
	for _, s := range list {
		width = max(width, cells(journal.ShortID(s.ID)))
	}
	return width
}

// listLine is one incident in a list: a line, or a few on a narrow terminal.
func (a *app) listLine(s journal.Summary, idColumn int) string {
	day := strings.Repeat(" ", dayColumn)
	if s.Dated() || s.Unreadable != "" { // of the unreadable there is the day in the id
		day = s.When().Time.Format(time.DateOnly)
	}
	state := string(s.Status)
	if s.Draft {
		state = "draft"
	}
	title := journal.VisibleLine(s.Title)
	if s.Unreadable != "" {
		state, title = "?", "cannot be read: "+journal.VisibleLine(s.Unreadable)
	}
	tail := ""
	if s.Learnings > 0 {
		tail = "  " + plural(s.Learnings, "learning")
	}
	on, short := a.colour(a.terminal.out), pad(journal.ShortID(s.ID), idColumn)
	head := fmt.Sprintf("  %s  %s", day, pad(state, statusColumn))
	room := a.terminal.width - cells(short+head+"  "+tail)
	switch {
	case !a.terminal.out:
		return short + head + "  " + title + tail
	case room < minTitle:
		return style(on, "1", short) + strings.TrimRight(head, " ") + "\n" + wrap(title, a.terminal.width, "      ", "      ")
	}
	return style(on, "1", short) + head + "  " + fit(title, room) + style(on, "2", tail)
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func hasFold(list []string, s string) bool {
	for _, x := range list {
		if strings.EqualFold(x, s) {
			return true
		}
	}
	return false
}

// flush puts on the journal what earlier commands could not. What is in the way
// is said, and does not keep anybody from reading.
func (a *app) flush(ctx context.Context) {
	r, err := a.store.Flush(ctx)
	a.sayStuck(r.Stuck)
	if err == nil {
		return
	}
	p := explain(err)
	a.say("git incident: what was written earlier is safe on this disk but not on the journal yet: %s", harmless(p.err.Error()))
	for _, h := range p.hints {
		a.say("  %s", journal.VisibleLine(h))
	}
}
