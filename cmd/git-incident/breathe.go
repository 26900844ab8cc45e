package main

import (
	"github.com/urfave/cli/v2"

	"git-incident/journal"
)

func (a *app) breatheCommand() *cli.Command {
	return &cli.Command{
		Name: "breathe", Category: during, Usage: "the pause card: four questions before the next step",
		Action: a.breathe,
	}
}

// card is read by somebody whose hands are shaking. It asks and does not tell.
const card = `Breathe out. A minute of thinking is part of the work.

  1. Who is affected, and is it getting worse?
     If you do not know, that is an answer too: say so.
  2. What changed lately?
     A deploy, a flag, data, traffic, a certificate, a vendor.
  3. What is safe not to touch? Going back may need its own care:
     is the change reversible, and would data need repair afterwards?
  4. Who can you ask?
     Two people see more than one, at any hour.

Everybody breaks production. You are looking after it, and that is what counts.`

func (a *app) breathe(c *cli.Context) error {
	a.print("%s\n", fold(card, a.width()))
	j, err := a.open(c.Context)
	if err != nil {
		return nil // the card helps outside a repository too
	}
	open, err := j.OpenIncidents(c.Context)
	if err != nil {
		return nil
	}
	for _, s := range open {
		a.print("\n%s\n", wrap(journal.VisibleLine(s.Title), a.width(), journal.ShortID(s.ID)+"  ", "      "))
		if due := s.UpdateDue(); !due.IsZero() {
			a.print("%s\n", a.below(a.dueText(due)))
		}
	}
	return nil
}
