package main

import (
	"github.com/urfave/cli/v2"

	"git-incident/journal"
)

func (a *app) whyCommand() *cli.Command {
	return &cli.Command{
		Name: "why", Category: during, Usage: "the next link of the chain of problems",
		ArgsUsage: anyWords,
		Description: "Each link is what lay under the one before. There is no last one: stop where\n" +
			"you can do something.",
		Flags:  append([]cli.Flag{incidentFlag()}, secretFlags()...),
		Action: a.why,
	}
}

func (a *app) why(c *cli.Context) error {
	e, err := a.entry(c, "")
	if err != nil {
		return err
	}
	if e.text == "" {
		return usage("say what lay under it: git incident why <because of what>")
	}
	change := a.change(e.Summary, "why", firstLine(e.text))
	link := journal.Problem{ID: a.token(journal.EntryIDLen), Rev: 1}
	var attachments map[string][]byte
	link.Text, attachments = shorten(&change, link.ID, e.text)
	change.Why = []journal.Problem{link}
	r, err := a.write(c.Context, change, attachments)
	if err != nil {
		return err
	}
	if r.Incident != nil {
		for i, p := range r.Incident.Chain {
			a.say("%d. %s", i+1, journal.VisibleLine(firstLine(p.Text)))
		}
	}
	a.say("And under that? git incident why <because of what>")
	return nil
}
