package main

import (
	"strings"

	"github.com/urfave/cli/v2"
)

func (a *app) initCommand() *cli.Command {
	return &cli.Command{
		Name: "init", Category: around, Usage: "make the journal's branch; start does it too",
		Description: "Makes the branch that holds the journal, or takes over the one a remote has. Your\n" +
			"work tree, your index and your branch are not touched. Nothing needs this: the\n" +
			"first start does it.",
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
