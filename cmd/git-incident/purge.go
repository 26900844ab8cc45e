package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"git-incident/journal"
	"git-incident/journal/store"
)

const (
	flagText = "text"
	flagYes  = "yes"
	flagDry  = "dry-run"
)

func (a *app) purgeCommand() *cli.Command {
	return &cli.Command{
		Name: "purge", Category: together, Usage: "take a secret that got in out of the whole history",
		ArgsUsage: "[ENTRY | FILE]",
		Description: "Takes an entry, by the id that stands in the note, an attachment, or with --text\n" +
			"every occurrence of a text out of the journal and out of everything it ever was,\n" +
			"here and on the remote. Other clones follow with their next sync. It shows what\n" +
			"would change and asks first.\n" +
			"Change the secret itself too: copies that others have are out of reach.",
		Flags: []cli.Flag{
			incidentFlag(),
			&cli.BoolFlag{Name: flagText, Usage: "a text, read from the terminal unseen or from standard input"},
			&cli.BoolFlag{Name: flagDry, Usage: "say what would change in this clone, and change nothing"},
			&cli.BoolFlag{Name: flagYes, Usage: "do not ask"},
		},
		Action: a.purge,
	}
}

func (a *app) purge(c *cli.Context) error {
	j, err := a.open(c.Context)
	if err != nil {
		return err
	}
	if c.Bool(flagText) && (c.NArg() > 0 || c.IsSet(flagIncident)) {
		return usage("--text takes nothing from the command line: a secret there would stay in the history " +
			"of the shell, and others on this machine could see it. It is read from the terminal or " +
			"from standard input, and taken out of all incidents; nothing was changed")
	}
	what, err := a.whatToPurge(c, j)
	if err != nil {
		return err
	}
	what.ID = a.token(journal.ChangeIDLen)
	step, end := a.steps(j)
	plan, err := j.PlanPurge(c.Context, what, a.purgeOptions(step), !c.Bool(flagDry))
	end()
	switch {
	case errors.Is(err, store.ErrShallow):
		return &problem{code: exitFailed, err: err, hints: []string{"git fetch --unshallow"}}
	case err != nil:
		return err
	case plan.Empty():
		return &problem{code: exitNotFound, err: errors.New("it stands nowhere in the journal, and never did; nothing was changed")}
	}
	a.sayPlan(c.Context, what, plan)
	if c.Bool(flagDry) {
		return nil
	}
	if sure, err := a.isSure(c, what, plan); err != nil || !sure {
		return err
	}
	done, err := plan.Do(c.Context)
	end()
	if err != nil {
		return err
	}
	return a.sayPurge(done)
}

func (a *app) purgeOptions(step func(string)) store.SyncOptions {
	return store.SyncOptions{
		Timeout: syncTimeout, Prompt: a.terminal.in && a.terminal.err,
		CloneID: a.token(store.CloneIDLen), Step: step,
	}
}

// whatToPurge is what the command line names, or the text that is typed.
func (a *app) whatToPurge(c *cli.Context, j *store.Journal) (store.Purge, error) {
	if c.Bool(flagText) {
		text, err := a.unseen(c)
		return store.Purge{Text: text}, err
	}
	if c.NArg() != 1 {
		return store.Purge{}, &problem{code: exitUsage, err: errors.New("say what to purge; nothing was changed"),
			hints: []string{"git incident purge <entry>    # its id stands in git incident show --raw", "git incident purge <file>     # an attachment", "git incident purge --text     # every occurrence of a text"}}
	}
	a.flush(c.Context)
	incident := ""
	if c.IsSet(flagIncident) {
		s, err := j.Find(c.Context, c.String(flagIncident))
		if err != nil {
			return store.Purge{}, a.unfound(err)
		}
		incident = s.ID
	}
	return a.onlyPurge(c, j, incident)
}

// onlyPurge is the one thing that a word means: in the open incident, if several
// have it.
func (a *app) onlyPurge(c *cli.Context, j *store.Journal, incident string) (store.Purge, error) {
	word := c.Args().First()
	found, err := j.FindPurge(c.Context, incident, word)
	if err != nil {
		return store.Purge{}, err
	}
	if len(found) > 1 {
		open, err := j.OpenIncidents(c.Context)
		if err != nil {
			return store.Purge{}, err
		}
		isOpen := func(p store.Purge) bool {
			return slices.ContainsFunc(open, func(s journal.Summary) bool { return s.ID == p.Incident })
		}
		if one := slices.DeleteFunc(slices.Clone(found), func(p store.Purge) bool { return !isOpen(p) }); len(one) == 1 {
			found = one
		}
	}
	switch len(found) {
	case 0:
		return store.Purge{}, &problem{code: exitNotFound, err: fmt.Errorf("no incident has an entry or an attachment %q; nothing was changed", word),
			hints: []string{"git incident show --raw   # the id of an entry stands at its end", "git incident purge --text  # for a text"}}
	case 1:
		return found[0], nil
	}
	p := &problem{code: exitDecide, err: fmt.Errorf("%d incidents have %q; say which one you mean", len(found), word)}
	for _, f := range found {
		p.hints = append(p.hints, "git incident purge -i "+journal.ShortID(f.Incident)+" "+shellQuote(word))
	}
	return store.Purge{}, p
}

// maxUnseen is how long a text to purge may be, in bytes.
const maxUnseen = 64 << 10

// unseen reads the text to purge. It is not shown, not kept and not given back.
func (a *app) unseen(c *cli.Context) (string, error) {
	var text string
	var err error
	if a.terminal.in && a.terminal.err {
		fmt.Fprint(a.stderr, "Type or paste the text, in one line. It is not shown: ")
		text, err = a.hidden(c.Context)
		a.say("")
	} else {
		var b []byte
		b, err = io.ReadAll(io.LimitReader(a.input(c.Context), maxUnseen+1))
		text = string(b)
	}
	text = strings.TrimSpace(text)
	switch {
	case err != nil:
		return "", fmt.Errorf("read the text: %w", err)
	case text == "":
		return "", usage("there was no text to purge; nothing was changed")
	case len(text) > maxUnseen:
		return "", usage("the text has more than 64 KiB; a piece of it that stands nowhere else is enough")
	}
	return text, nil
}

// isSure asks, where there is somebody to ask.
func (a *app) isSure(c *cli.Context, what store.Purge, plan store.PurgePlan) (bool, error) {
	again := "git incident purge --yes " + shellQuote(c.Args().Slice()...)
	if c.IsSet(flagIncident) {
		again = "git incident purge --yes -i " + shellQuote(c.String(flagIncident)) + " " + shellQuote(c.Args().Slice()...)
	}
	if what.Text != "" {
		again = "<what was piped> | git incident purge --yes --text"
	}
	switch {
	case c.Bool(flagYes):
		return true, nil
	case what.Text != "" && len(what.Text) < store.MinPurge:
		return false, &problem{code: exitDecide, err: fmt.Errorf("a text this short also stands inside other words: %s in %s would change; nothing was changed",
			plural(plan.Places, "place"), plural(len(plan.Incidents), "incident")), hints: []string{again + "   # if that is what you want"}}
	case !a.terminal.in || !a.terminal.err:
		return false, &problem{code: exitDecide, err: errors.New("a purge writes the whole history anew, so somebody has to agree; nothing was changed"), hints: []string{again}}
	}
	if a.agrees(c.Context, "Purge it?") {
		return true, nil
	}
	a.say("Nothing was changed.")
	return false, nil
}
