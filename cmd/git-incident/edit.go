package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"git-incident/journal"
	"git-incident/journal/git"
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
	s, err := a.named(c)
	if err != nil {
		return err
	}
	note, err := a.store.Read(c.Context, s.ID)
	if err != nil {
		return a.unfound(err)
	}
	if note.Raw == nil {
		return fmt.Errorf("%s cannot be read: %w", s.ID, note.Err)
	}
	e := edit{app: a, Summary: s, wasUnreadable: note.Incident == nil, base: note.Raw}
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

// named finds the incident that is the command's only word, or the usual one.
func (a *app) named(c *cli.Context) (journal.Summary, error) {
	j, err := a.open(c.Context)
	if err != nil {
		return journal.Summary{}, err
	}
	if c.NArg() > 1 {
		return journal.Summary{}, usage("git incident %s takes one id, and there are %d", c.Command.Name, c.NArg())
	}
	if c.NArg() == 1 {
		s, err := j.Find(c.Context, c.Args().First())
		return s, a.unfound(err)
	}
	t, err := a.target(c)
	return t.Summary, err
}

// edit is a person's work on one note.
type edit struct {
	*app
	journal.Summary
	wasUnreadable bool
	base, text    []byte
	draft         string // the file with the text; it stays until the edit is on the journal
}

// take gets the text from the editor, or from where --from says, into the draft.
func (e *edit) take(c *cli.Context) error {
	from := c.String(flagFrom)
	var err error
	if from == "" {
		if err := e.sayEarlier(); err != nil {
			return err
		}
		return e.askEditor(c.Context)
	}
	if from != "-" {
		from = e.path(from)
	}
	if e.text, err = e.readFrom(c.Context, from); err != nil {
		return fmt.Errorf("read the text: %w", err)
	}
	if filepath.Dir(from) == e.draftDir() {
		e.draft = from
		return nil
	}
	return e.newDraft(e.text)
}

func (e *edit) askEditor(ctx context.Context) error {
	if err := e.newDraft(e.base); err != nil {
		return err
	}
	failed := e.repo.Edit(ctx, e.draft, git.Streams{In: e.stdin, Out: e.stdout, Err: e.stderr})
	text, err := os.ReadFile(e.draft)
	if err != nil {
		return fmt.Errorf("read the text: %w", err)
	}
	if e.text = text; failed == nil {
		return nil
	}
	if bytes.Equal(text, e.base) {
		return errors.Join(failed, e.discard())
	}
	return e.problem(exitFailed, failed)
}

func (e *edit) readFrom(ctx context.Context, file string) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(e.input(ctx))
	}
	return os.ReadFile(file)
}

func (e *edit) draftDir() string { return filepath.Join(e.repo.CommonDir, "incident", "edit") }

// newDraft makes a file of its own for every edit: two terminals may be at the
// same note, and an earlier text may wait to be mended.
func (e *edit) newDraft(text []byte) error {
	if err := os.MkdirAll(e.draftDir(), 0o777); err != nil {
		return fmt.Errorf("make a place for the text: %w", err)
	}
	e.draft = filepath.Join(e.draftDir(), e.ID+"."+e.token(journal.EntryIDLen)+".md")
	if err := os.WriteFile(e.draft, text, 0o666); err != nil {
		return fmt.Errorf("keep the text: %w", err)
	}
	return nil
}

// sayEarlier tells of texts for the same note that are not on the journal.
func (e *edit) sayEarlier() error {
	earlier, err := filepath.Glob(filepath.Join(e.draftDir(), e.ID+".*.md"))
	for _, file := range earlier {
		e.say("An earlier text for it is in %s", file)
		e.say("  %s", e.again(file))
	}
	return err
}

func (e *edit) again(file string) string {
	return "git incident edit " + journal.ShortID(e.ID) + " --from " + shellQuote(file)
}

// problem is an error that leaves the text in the draft.
func (e *edit) problem(code int, err error) *problem {
	return &problem{code: code, err: err, notes: []string{"Nothing was written. Your text is in " + e.draft},
		hints: []string{e.again(e.draft) + "   once it is mended"}}
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
	change := e.change(e.Summary, "edit", e.Title)
	if e.wasUnreadable {
		change.Summary = "mend the note"
	}
	change.Edit = &journal.Edit{Base: string(e.base), Text: string(e.text)}
	r, err := e.app.write(context.WithoutCancel(c.Context), change, nil)
	if err != nil && !r.Spooled {
		return e.problem(exitFailed, err)
	}
	if err != nil {
		return err
	}
	e.say("Saved. %s", e.dim("("+journal.ShortID(e.ID)+")"))
	return e.discard()
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

func (e *edit) discard() error {
	err := os.Remove(e.draft)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
