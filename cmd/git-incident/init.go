package main

import (
	"strings"

	"github.com/urfave/cli/v2"

	"git-incident/journal"
)

func (a *app) initCommand() *cli.Command {
	return &cli.Command{
		Name: "init", Category: around, Usage: "make the journal's branch; start does it too",
		Description: "Makes the branch that holds the journal, or takes over the one a remote has. Your\n" +
			"work tree, your index and your branch are not touched. Nothing needs this: the\n" +
			"first start does it. It also tells this repository's git how to merge notes.",
		Action: a.init,
	}
}

func (a *app) init(c *cli.Context) error {
	j, err := a.open(c.Context)
	if err != nil {
		return err
	}
	tip, made, err := j.Init(c.Context)
	if err != nil {
		return err
	}
	if err := j.RegisterMergeDriver(c.Context, mergeProgram); err != nil {
		a.say("git incident: %s; git merge will unite notes line by line", journal.VisibleLine(err.Error()))
	}
	branch := strings.TrimPrefix(tip.Ref, "refs/heads/")
	if made {
		a.say("The journal is on the branch %s.", branch)
	} else {
		a.say("The journal is on the branch %s already.", branch)
	}
	a.say("  git incident start <what you see>   when something is wrong")
	a.say("  git incident demo                   a tour in a throw-away repository")
	return nil
}
