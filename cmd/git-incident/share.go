package main

import (
	"errors"

	"github.com/urfave/cli/v2"

	"git-incident/journal"
)

func (a *app) shareCommand() *cli.Command {
	return &cli.Command{
		Name: "share", Category: after, Usage: "move a private draft to the journal",
		ArgsUsage: oneID,
		Description: "A draft made with git incident start --private stays in this clone. share moves\n" +
			"it to the branch that others read after the next git incident sync.",
		Flags:  []cli.Flag{draftFlag()},
		Action: a.share,
	}
}

func (a *app) share(c *cli.Context) error {
	s, err := a.draft(c)
	if err != nil {
		return err
	}
	if !s.Draft {
		a.say("%s is on the journal already.", journal.ShortID(s.ID))
		return nil
	}
	r, err := a.store.Share(c.Context, a.change(s, "share", s.Title))
	a.wrote = a.wrote || r.Spooled
	if err != nil && r.Spooled {
		p := explain(err)
		p.safe = true
		p.notes = append(p.notes, "The draft is safe on this disk. The next git incident command moves it once this is mended.")
		return p
	}
	if err != nil {
		return a.unfound(err)
	}
	if r.Waiting != nil {
		a.say("%s, so the next command will move it.", waitsFor(r.Waiting))
		return nil
	}
	others := "Others see it after git incident sync."
	if a.syncsByItself() {
		others = "It is on its way to the others, by incident.autosync."
	}
	a.say("%s  %s is on the journal now. %s", journal.ShortID(s.ID), journal.VisibleLine(s.Title), others)
	return nil
}

var (
	errNoDraft    = errors.New("there is no draft in this clone")
	errManyDrafts = errors.New("there are several drafts; say which one you mean")
)

// draft is the incident that the command names, or the only draft there is.
func (a *app) draft(c *cli.Context) (journal.Summary, error) {
	if c.NArg() > 0 || c.IsSet(flagIncident) {
		return a.named(c)
	}
	j, err := a.open(c.Context)
	if err != nil {
		return journal.Summary{}, err
	}
	a.flush(c.Context)
	all, _, err := j.List(c.Context)
	if err != nil {
		return journal.Summary{}, err
	}
	var drafts []journal.Summary
	for _, s := range all {
		if s.Draft {
			drafts = append(drafts, s)
		}
	}
	switch len(drafts) {
	case 0:
		return journal.Summary{}, &problem{code: exitNotFound, err: errNoDraft, hints: []string{"git incident start --private <what you see>"}}
	case 1:
		return drafts[0], nil
	}
	p := &problem{code: exitDecide, err: errManyDrafts}
	for _, s := range drafts {
		p.hints = append(p.hints, "git incident share "+journal.ShortID(s.ID)+"   # "+cut(journal.VisibleLine(s.Title), 40))
	}
	return journal.Summary{}, p
}
