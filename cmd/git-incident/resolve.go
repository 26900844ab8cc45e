package main

import (
	"github.com/urfave/cli/v2"

	"git-incident/journal"
)

func (a *app) mitigateCommand() *cli.Command {
	return &cli.Command{
		Name: "mitigate", Category: during, Usage: "the harm has stopped, the work has not",
		ArgsUsage: anyWords,
		Flags:     append([]cli.Flag{incidentFlag(), atFlag()}, secretFlags()...),
		Action: func(c *cli.Context) error {
			return a.move(c, journal.StatusMitigated, "mitigate", "times.mitigated", "The harm has stopped.")
		},
	}
}

func (a *app) resolveCommand() *cli.Command {
	return &cli.Command{
		Name: "resolve", Category: during, Usage: "it is over",
		ArgsUsage: anyWords,
		Flags:     append([]cli.Flag{incidentFlag(), atFlag()}, secretFlags()...),
		Action: func(c *cli.Context) error {
			return a.move(c, journal.StatusResolved, "resolve", "times.resolved", "It is over.")
		},
	}
}

// move takes an incident to another status.
func (a *app) move(c *cli.Context, to journal.Status, verb, moment, otherwise string) error {
	e, err := a.entry(c, otherwise)
	if err != nil {
		return err
	}
	change := a.change(e.Summary, verb, firstLine(e.text))
	change.Set = []journal.Set{
		{Key: "status", Values: []string{string(to)}},
		{Key: moment, Values: []string{e.at.String()}},
	}
	if !e.at.Known() {
		change.Set[1].Values = nil
	}
	ev, r, err := a.writeEvent(c.Context, &change, a.event(e.at, e.text, journal.MarkStatus))
	if err != nil {
		return err
	}
	a.sayLogged(e.Summary, ev)
	if to == journal.StatusMitigated {
		a.say("When it is over: git incident resolve")
		return nil
	}
	a.sayWhatRemains(e.Summary, r.Incident)
	return nil
}

// sayWhatRemains lists what would make the story whole. None of it is urgent.
func (a *app) sayWhatRemains(s journal.Summary, inc *journal.Incident) {
	a.say("")
	a.say("That was work. Thank you for writing it down. When you have had a break:")
	short := journal.ShortID(s.ID)
	if inc == nil || len(inc.Learnings) == 0 {
		a.say("  git incident learn -i %s <what you know now> --so <what follows>", short)
	}
	if inc == nil || len(inc.Chain) == 0 {
		a.say("  git incident why -i %s <what lay under it>", short)
	}
	a.say("  git incident edit %s", short)
	if s.Draft {
		a.say("  git incident share %s", short)
	}
	a.say("  git incident site")
}
