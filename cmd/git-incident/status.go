package main

import (
	"context"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"git-incident/journal"
)

func (a *app) statusCommand() *cli.Command {
	return &cli.Command{
		Name: "status", Category: read, Usage: "what is open, and when people expect news",
		Flags:  []cli.Flag{jsonFlag()},
		Action: a.status,
	}
}

func (a *app) status(c *cli.Context) error {
	j, err := a.open(c.Context)
	if err != nil {
		return err
	}
	a.flush(c.Context)
	open, err := j.OpenIncidents(c.Context)
	if err != nil {
		return err
	}
	journal.NewestFirst(open)
	if c.Bool(flagJSON) {
		return a.printJSON(struct {
			Open     []summaryJSON `json:"open"`
			Unshared *int          `json:"unshared,omitempty"` // changes that the remote does not have; absent without one
		}{a.summariesJSON(open), a.unshared(c.Context)})
	}
	defer a.sayUnshared(c.Context)
	if len(open) == 0 {
		a.print("Nothing is open.\n")
		a.say("  git incident start <what you see>   if something is wrong\n  git incident list                   what there is to learn from")
		return nil
	}
	for i, s := range open {
		if i > 0 {
			a.print("\n")
		}
		a.printOpen(s)
	}
	return nil
}

// unshared counts the changes that only this clone has; nil when there is no
// remote to share them with, or when that cannot be said.
func (a *app) unshared(ctx context.Context) *int {
	n, ok, err := a.store.Unshared(ctx)
	if err != nil || !ok {
		return nil
	}
	return &n
}

// sayUnshared says it as long as there is something to say.
func (a *app) sayUnshared(ctx context.Context) {
	if n := a.unshared(ctx); n != nil && *n > 0 {
		a.say("%s only in this clone so far. To share: git incident sync", plural(*n, "change")+are(*n))
		if at, reason := a.store.LastSyncFailed(); !at.IsZero() {
			a.say("The last try, at %s, did not work: %s.", a.clockTime(at.In(a.clock().Location())), harmless(reason))
		}
	}
}

func are(n int) string {
	if n == 1 {
		return " is"
	}
	return " are"
}

func (a *app) printOpen(s journal.Summary) {
	bold := a.colour(a.terminal.out)
	short := journal.ShortID(s.ID)
	title := strings.Split(wrap(journal.VisibleLine(s.Title), a.width(), pad(short, 4)+"  ", "      "), "\n")
	for _, l := range title {
		a.print("%s\n", style(bold, "1", l))
	}
	state := string(s.Status)
	if s.Draft {
		state += ", private draft"
	}
	if s.Times.Noticed.Known() {
		state += ", noticed " + a.moment(s.Times.Noticed)
		if d := a.clock().Sub(s.Times.Noticed.Time); d > 0 {
			state += " (" + span(d) + " ago)"
		}
	}
	a.print("%s\n", a.below(state))
	if due := s.UpdateDue(); !due.IsZero() {
		a.print("%s\n", a.below(a.dueText(due)))
	}
}

// dueText says when people expect news.
func (a *app) dueText(due time.Time) string {
	if a.clock().After(due) {
		return "people expected news at " + a.clockTime(due) + ": git incident update, even if it is no change"
	}
	return "next update due " + a.clockTime(due)
}

// below sets text under the title of an incident in a list.
func (a *app) below(text string) string { return wrap(text, a.width(), "      ", "      ") }
