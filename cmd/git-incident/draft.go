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

func (e *edit) discard() error {
	err := os.Remove(e.draft)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
