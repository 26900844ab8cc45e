package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"git-incident/journal"
)

// noChange is what an update says when there is nothing to say. People who wait
// would rather hear it than nothing.
const noChange = "No change. We are still on it."

func (a *app) updateCommand() *cli.Command {
	return &cli.Command{
		Name: "update", Category: during, Usage: "tell people: prints a text to paste, restarts the 30-minute clock",
		ArgsUsage: anyWords,
		Description: "Without words it says that nothing has changed, which is an honest update.\n" +
			"The text to paste goes to standard output.",
		Flags:  append([]cli.Flag{incidentFlag(), atFlag()}, secretFlags()...),
		Action: a.update,
	}
}

func (a *app) update(c *cli.Context) error {
	e, err := a.entry(c, noChange)
	if err != nil {
		return err
	}
	change := a.change(e.Summary, "update", firstLine(e.text))
	if !e.Times.Told.Known() && e.at.Known() {
		change.Set = []journal.Set{{Key: "times.told", Values: []string{e.at.String()}}}
	}
	ev, _, err := a.writeEvent(c.Context, &change, a.event(e.at, e.text, journal.MarkUpdate))
	if err == nil || isSafe(err) {
		a.print("%s\n", a.statusText(e.Summary, ev))
	}
	return err
}

// statusText is an update as it is pasted into a chat or a status page.
func (a *app) statusText(s journal.Summary, e journal.Event) string {
	var b strings.Builder
	if at := a.moment(e.At); e.At.Known() {
		zone := e.At.Time.In(a.clock().Location()).Format("MST")
		fmt.Fprintf(&b, "[%s %s] ", at, zone)
	}
	fmt.Fprintf(&b, "%s\n", journal.VisibleLine(s.Title))
	fmt.Fprintf(&b, "%s\n", journal.VisibleText(e.Text))
	if s.Times.Noticed.Known() && s.Status != "" {
		fmt.Fprintf(&b, "Status: %s. Noticed at %s", s.Status, a.moment(s.Times.Noticed))
		if d := e.At.Time.Sub(s.Times.Noticed.Time); d > 0 {
			fmt.Fprintf(&b, ", %s ago", span(d))
		}
		b.WriteString(".\n")
	}
	fmt.Fprintf(&b, "Next update by %s.", a.nextUpdate(e.At))
	return b.String()
}
