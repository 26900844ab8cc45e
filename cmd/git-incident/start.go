package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"git-incident/journal"
)

// maxTitle cuts a title made of what was typed, in characters. The whole text
// stands in the first entry.
const maxTitle = 100

func (a *app) startCommand() *cli.Command {
	return &cli.Command{
		Name: "start", Category: during, Usage: "something is wrong: write it down",
		ArgsUsage: anyWords,
		Description: "Asks nothing and needs nothing but git. The words are what you see; they become\n" +
			"the title. Everything else can wait. With quotes or several lines in it:\n" +
			"git incident start - and then type or paste.",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: flagAt, Usage: "the `TIME` you noticed, if not now"},
			&cli.StringFlag{Name: flagBegan, Usage: "the `TIME` it began, if you know: ~13:40 for about"},
			&cli.StringFlag{Name: "kind", Value: string(journal.KindIncident), Usage: "the `KIND`: incident, near-miss or exercise"},
			&cli.StringFlag{Name: "noticed-by", Usage: "`WHO` noticed: self, teammate, alert, customer, external or unknown"},
			&cli.StringSliceFlag{Name: "service", Usage: "the `NAME` of what is affected; may be given several times"},
			&cli.StringFlag{Name: "severity", Usage: "a `WORD` of your own, if your team uses them"},
			&cli.BoolFlag{Name: "private", Usage: "a draft that stays in this clone until you share it"},
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "print only the id"},
		}, secretFlags()...),
		Action: a.start,
	}
}

func (a *app) start(c *cli.Context) error {
	text, err := a.words(c.Context, c.Args().Slice())
	if err == nil {
		text, err = a.guard(c, text)
	}
	if err != nil {
		return err
	}
	change, err := a.startChange(c, text)
	if err != nil {
		return err
	}
	noticed, err := a.when(c, flagAt)
	if err != nil {
		return err
	}
	if text == "" {
		text = change.Start.Title
	}
	_, _, err = a.writeEvent(c.Context, &change, a.event(noticed, text, journal.MarkStatus))
	switch {
	case err != nil && !isSafe(err):
		return err
	case c.Bool("quiet"):
		a.print("%s\n", change.Incident)
	default:
		a.sayStarted(change, noticed)
	}
	return err
}

// startChange is the change that writes an incident down, but for its first entry.
func (a *app) startChange(c *cli.Context, text string) (journal.Change, error) {
	title := journal.Ellipsis(firstLine(text), maxTitle)
	if title == "" {
		title = "Something is wrong"
	}
	id := journal.NewID(a.clock(), title, a.token(journal.IncidentTokenLen))
	change := a.change(journal.Summary{ID: id, Draft: c.Bool("private")}, "start", title)
	change.Start = &journal.Start{Title: title, Kind: journal.Kind(c.String("kind")), Visibility: journal.VisibilityTeam}
	var err error
	if change.Set, err = a.startFields(c); err != nil {
		return change, err
	}
	if _, err := journal.Apply(nil, change); err != nil {
		return change, &problem{err: err, code: exitUsage, hints: []string{"git incident start -h"}}
	}
	return change, nil
}

// startFields are what the flags say.
func (a *app) startFields(c *cli.Context) ([]journal.Set, error) {
	noticed, err := a.when(c, flagAt)
	if err != nil {
		return nil, err
	}
	fields := []journal.Set{
		{Key: "kind", Values: []string{c.String("kind")}},
		{Key: "times.noticed", Values: []string{noticed.String()}},
		{Key: "noticed_by", Values: []string{c.String("noticed-by")}},
		{Key: "severity", Values: []string{c.String("severity")}},
		{Key: "services", Values: c.StringSlice("service")},
	}
	if c.IsSet(flagBegan) {
		began, err := a.when(c, flagBegan)
		if err != nil {
			return nil, err
		}
		fields = append(fields, journal.Set{Key: "times.began", Values: []string{began.String()}})
	}
	for i, f := range fields {
		for v, value := range f.Values {
			if fields[i].Values[v], err = a.guard(c, value); err != nil {
				return nil, err
			}
		}
	}
	return slices.DeleteFunc(fields, func(f journal.Set) bool { return len(f.Values) == 0 || f.Values[0] == "" }), nil
}

func (a *app) sayStarted(change journal.Change, noticed journal.When) {
	short := journal.ShortID(change.Incident)
	where := ""
	if change.Draft {
		where = "\nIt stays in this clone until you type git incident share."
	}
	due := a.nextUpdate(noticed)
	title := wrap(journal.VisibleLine(change.Start.Title), a.width(), "  "+short+"  ", "        ")
	a.say("%s\n", fold("You noticed, and that helps. It is written down."+where, a.width()))
	a.say("%s\n", strings.Replace(title, short, a.bold(short), 1))
	a.say("%s\n", fold("  git incident log <what you see or do>\n"+
		"  git incident update <what to tell people>   next due "+due, a.width()))
	a.say("%s", fold("Need a moment first? git incident breathe", a.width()))
}
