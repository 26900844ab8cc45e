package main

import (
	"strings"

	"github.com/urfave/cli/v2"

	"git-incident/journal"
)

func (a *app) logCommand() *cli.Command {
	return &cli.Command{
		Name: "log", Category: during, Usage: "write down what you see or do",
		ArgsUsage: anyWords,
		Description: "No quotes needed: git incident log rolled back to v41\n" +
			"From a pipe: kubectl get pods | git incident log -\n" +
			"With quotes or several lines in it: git incident log - and then type or paste.\n" +
			"Once the text has begun, what looks like a flag is text; after -- all of it is.",
		Flags:  append([]cli.Flag{incidentFlag(), atFlag()}, secretFlags()...),
		Action: a.log,
	}
}

func (a *app) log(c *cli.Context) error {
	e, err := a.entry(c, "")
	if err != nil {
		return err
	}
	if e.text == "" {
		return usage("say what happened: git incident log <what you see or do>")
	}
	change := a.change(e.Summary, "log", firstLine(e.text))
	if a.heard != "" && !a.terminal.in {
		e.text = evidence(e.text)
	}
	ev, _, err := a.writeEvent(c.Context, &change, a.event(e.at, e.text, ""))
	if err != nil {
		return err
	}
	a.sayLogged(e.Summary, ev)
	return nil
}

// fence is what Markdown sets code between.
const fence = "```"

// evidence is the output of another program, as text that keeps its lines. What
// is Markdown with code of its own, or is going to be an attachment, stays as it
// is.
func evidence(text string) string {
	if !strings.Contains(text, "\n") || strings.Contains(text, fence) || len(text) > maxText/2 {
		return text
	}
	return "from a pipe:\n\n" + fence + "\n" + text + "\n" + fence
}

func (a *app) sayLogged(s journal.Summary, e journal.Event) {
	at, tail := a.moment(e.At)+"  ", "("+journal.ShortID(s.ID)+")"
	room := max(minTitle, a.width()-cells(at)-2-cells(tail))
	a.say("%s%s  %s", at, cut(journal.VisibleLine(firstLine(e.Text)), room), a.dim(tail))
	if due := s.UpdateDue(); !due.IsZero() && due.Before(a.clock()) && e.Mark != journal.MarkUpdate {
		a.say("People were told to expect news by %s: git incident update <what to tell them>, even if it is no change.", a.clockTime(due))
	}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return strings.TrimSpace(line)
}

func join(words []string) string { return strings.Join(words, " ") }
