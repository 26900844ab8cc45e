package main

import (
	"errors"

	"github.com/urfave/cli/v2"

	"git-incident/journal"
	"git-incident/journal/store"
)

func (a *app) unshareCommand() *cli.Command {
	return &cli.Command{
		Name: "unshare", Category: together, Usage: "make an incident that never left this clone a private draft again",
		ArgsUsage: oneID,
		Description: "Takes an incident off the journal and out of the part of its history that nobody\n" +
			"else has, and puts it back among the drafts. What a remote has cannot be taken back.",
		Flags:  []cli.Flag{sharedFlag()},
		Action: a.unshare,
	}
}

func (a *app) unshare(c *cli.Context) error {
	if c.NArg() == 0 && !c.IsSet(flagIncident) {
		return &problem{code: exitDecide, err: errors.New("say which incident; nothing was changed"),
			hints: []string{"git incident unshare <id>", "git incident list"}}
	}
	s, err := a.named(c)
	if err != nil {
		return err
	}
	short := journal.ShortID(s.ID)
	if s.Draft {
		a.say("%s is a private draft already.", short)
		return nil
	}
	step, end := a.steps(a.store)
	offline, err := a.store.Unshare(c.Context, a.change(s, "unshare", s.Title), a.purgeOptions(step))
	end()
	if err != nil {
		return a.published(s, err)
	}
	a.say("%s  %s is a private draft again.", short, journal.VisibleLine(s.Title))
	if offline != nil {
		a.say("The remote could not be asked, so this goes by what it had when it last answered:")
		a.sayFolded("  " + harmless(offline.Error()))
	}
	a.say("To share it after all: git incident share %s", short)
	return nil
}

// published says why an incident cannot become private again, and what can be done.
func (a *app) published(s journal.Summary, err error) error {
	var published *store.PublishedError
	if !errors.As(err, &published) {
		return a.unfound(err)
	}
	remote, short := journal.VisibleLine(published.Remote), journal.ShortID(s.ID)
	return &problem{code: exitFailed, err: errors.New(remote + " has " + short + " already, and that cannot be undone; nothing was changed"),
		notes: []string{
			"Whoever fetched the journal has it. Taking it off the branch would only hide it from you: it would come back with the next sync.",
			"A secret in it can be taken out everywhere. visibility: team in the note keeps it out of a public site. For more than that, talk to whoever administers " + remote + " and to those who have clones.",
		},
		hints: []string{"git incident purge --text   # for a secret", "git incident edit " + short + "   # for its visibility"}}
}
