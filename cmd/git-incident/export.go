package main

import (
	"github.com/urfave/cli/v2"
)

func (a *app) exportCommand() *cli.Command {
	return &cli.Command{
		Name: "export", Category: archive, Usage: "print every incident as JSON",
		Flags: []cli.Flag{
			jsonFlag(),
			&cli.BoolFlag{Name: "drafts", Usage: "also those that are private to this clone"},
		},
		Action: a.export,
	}
}

func (a *app) export(c *cli.Context) error {
	j, err := a.open(c.Context)
	if err != nil {
		return err
	}
	a.flush(c.Context)
	notes, warnings, err := j.All(c.Context, c.Bool("drafts"))
	if err != nil {
		return err
	}
	a.sayWarnings(unread(notes, warnings))
	out := make([]incidentJSON, 0, len(notes))
	for _, n := range notes {
		if n.Incident != nil {
			out = append(out, incidentToJSON(n.Incident, n.Draft))
		}
	}
	return a.printJSON(out)
}
