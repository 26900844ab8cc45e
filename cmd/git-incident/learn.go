package main

import (
	"github.com/urfave/cli/v2"

	"git-incident/journal"
)

func (a *app) learnCommand() *cli.Command {
	return &cli.Command{
		Name: "learn", Category: after, Usage: "what you know now, and what follows from it",
		ArgsUsage: anyWords,
		Description: "git incident learn a clean-up script is a deploy --so scripts get a review\n\n" +
			"--so may be given several times; its words go up to the next flag. A consequence\n" +
			"may end in {done: <commit or URL>} or {declined: <why>}; otherwise it waits.",
		Flags: append([]cli.Flag{
			incidentFlag(),
			&cli.StringSliceFlag{Name: flagSo, Usage: "the `WORDS` of a consequence"},
		}, secretFlags()...),
		Action: a.learn,
	}
}

func (a *app) learn(c *cli.Context) error {
	e, err := a.entry(c, "")
	if err != nil {
		return err
	}
	if e.text == "" {
		return usage("say what you know now: git incident learn <what> --so <what follows>")
	}
	change := a.change(e.Summary, "learn", firstLine(e.text))
	l := journal.Learning{ID: a.token(journal.EntryIDLen), Rev: 1}
	var attachments map[string][]byte
	l.Text, attachments = shorten(&change, l.ID, e.text)
	for _, so := range c.StringSlice(flagSo) {
		so, err := a.guard(c, journal.CleanText(so))
		if err != nil {
			return err
		}
		consequence := journal.ParseConsequence(so)
		if consequence.State == "" {
			consequence.State = journal.ConsequenceWaiting
		}
		if consequence.Text != "" {
			l.Consequences = append(l.Consequences, consequence)
		}
	}
	change.Learn = []journal.Learning{l}
	if _, err := a.write(c.Context, change, attachments); err != nil {
		return err
	}
	a.say("Learned: %s", journal.VisibleText(l.Text))
	for _, so := range l.Consequences {
		a.say("  → %s", journal.VisibleLine(so.String()))
	}
	if len(l.Consequences) == 0 {
		a.say("If something follows from it, say so too: --so <what you will do>")
	}
	return nil
}
