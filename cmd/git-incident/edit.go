package main

import (
	"bytes"
	"context"
	"fmt"

	"github.com/urfave/cli/v2"

	"git-incident/journal"
	"git-incident/journal/store"
)

func (a *app) editCommand() *cli.Command {
	return &cli.Command{
		Name: "edit", Category: after, Usage: "work on the story in your editor",
		ArgsUsage: oneID,
		Description: "Opens the note in git's editor. What others write meanwhile is merged in.\n" +
			"If the result cannot be read, your text is kept and the line is named.",
		Flags: []cli.Flag{
			incidentFlag(),
			&cli.StringFlag{Name: flagFrom, Usage: "take the text from a `FILE` instead of the editor; - is standard input"},
			allowFlag(),
		},
		Action: a.edit,
	}
}

func (a *app) edit(c *cli.Context) error {
	s, note, err := a.note(c)
	if err != nil {
		return err
	}
	if note.Raw == nil {
		return fmt.Errorf("%s cannot be read: %w", s.ID, note.Err)
	}
	e := edit{app: a, Summary: s, wasUnreadable: note.Incident == nil, base: note.Raw, blob: note.Blob.String()}
	if note.Incident != nil {
		e.base = journal.Format(note.Incident)
	}
	if err := e.take(c); err != nil {
		return err
	}
	if bytes.Equal(e.text, e.base) {
		a.say("Nothing was changed.")
		return e.discard()
	}
	return e.write(c)
}

// note reads the incident that named finds.
func (a *app) note(c *cli.Context) (journal.Summary, store.Note, error) {
	s, err := a.named(c)
	if err != nil {
		return s, store.Note{}, err
	}
	note, err := a.store.Read(c.Context, s.ID)
	return s, note, a.unfound(err)
}

// named finds the incident that is the command's only word, or the usual one.
func (a *app) named(c *cli.Context) (journal.Summary, error) {
	j, err := a.open(c.Context)
	if err != nil {
		return journal.Summary{}, err
	}
	if c.NArg() > 1 {
		return journal.Summary{}, usage("git incident %s takes one id, and there are %d", c.Command.Name, c.NArg())
	}
	a.flush(c.Context) // what was only spooled has an id already, and no note to read
	if c.NArg() == 1 {
		s, err := j.Find(c.Context, c.Args().First())
		return s, a.unfound(err)
	}
	t, err := a.target(c)
	return t.Summary, err
}

// write checks what a person wrote and puts it on the journal. An interrupt was
// for the editor; from here on the text counts.
func (e *edit) write(c *cli.Context) error {
	if _, err := journal.Parse(e.text); err != nil {
		return e.problem(exitFailed, fmt.Errorf("the text cannot be read as a note: %w", err))
	}
	if kind := newSecret(string(e.base), string(e.text)); kind != "" && !c.Bool(flagAllow) {
		p := e.problem(exitDecide, fmt.Errorf("this looks like it holds a secret (%s)", kind))
		p.notes = append(p.notes, "Take it out and try again, or add --allow-secret.")
		return p
	}
	if !e.hasBase {
		e.base, e.kept = journal.EditBase(e.base, e.text)
	}
	change := e.change(e.Summary, "edit", e.Title)
	if e.wasUnreadable {
		change.Summary = "mend the note"
	}
	change.Edit = &journal.Edit{Base: string(e.base), Text: string(e.text), Blob: e.blob}
	r, err := e.app.write(context.WithoutCancel(c.Context), change, nil)
	if err != nil && !r.Spooled {
		return e.problem(exitFailed, err)
	}
	if err != nil {
		return err
	}
	e.say("Saved. %s", e.dim("("+journal.ShortID(e.ID)+")"))
	e.sayKeptLines()
	return e.discard()
}

// sayKeptLines tells of lines that the text lacks. Nobody knows whether they were
// taken out or are newer than the text, so they stay.
func (e *edit) sayKeptLines() {
	if len(e.kept) == 0 {
		return
	}
	e.say("Kept %s that your text does not have:", plural(len(e.kept), "line"))
	for _, text := range e.kept {
		e.say("  %s", cut(harmless(firstLine(text)), e.width()-2))
	}
	e.say("To take something out: git incident edit %s", journal.ShortID(e.ID))
}

// newSecret is the kind of a secret that stands in text and not in base. An edit
// is not masked: the person's file would say something else than the journal.
func newSecret(base, text string) string {
	before := map[string]bool{}
	for _, s := range journal.FindSecrets(base) {
		before[base[s.Start:s.End]] = true
	}
	for _, s := range journal.FindSecrets(text) {
		if !before[text[s.Start:s.End]] {
			return s.Kind
		}
	}
	return ""
}
