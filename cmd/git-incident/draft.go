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
	hasBase       bool // base is what the text was made from
	base, text    []byte
	blob          string   // id of the base as it is stored
	isPart        bool     // the draft has only the beginning of the text
	draft         string   // the file with the text; it stays until the edit is on the journal
	kept          []string // texts of the note that the text lacks, and that may be newer
}

// take gets the text from the editor, or from where --from says, into the draft.
func (e *edit) take(c *cli.Context) error {
	from := c.String(flagFrom)
	if from == "" {
		if err := e.sayEarlier(); err != nil {
			return err
		}
		return e.askEditor(c.Context)
	}
	if from == "-" {
		return e.receive(e.input(c.Context))
	}
	return e.fromFile(e.path(from))
}

// fromFile takes the text from a file. A file that stays by itself needs no copy that
// would stay too.
func (e *edit) fromFile(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("read the text: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("read the text: %w", err)
	}
	isOurs, isTooLarge := filepath.Dir(file) == e.draftDir(), info.Size() > journal.MaxNote
	if !info.Mode().IsRegular() || !isOurs && !isTooLarge {
		return e.receive(f)
	}
	e.draft = file
	if base, err := os.ReadFile(file + baseEnds); err == nil {
		e.base, e.blob, e.hasBase = base, git.BlobHash(base).String(), true
	}
	return e.readDraft()
}

// receive keeps what can be read only once, before anything can be wrong with
// it. More than any attachment may have is not kept.
func (e *edit) receive(in io.Reader) error {
	text, readErr := io.ReadAll(io.LimitReader(in, journal.MaxAttachment+1))
	if len(text) == 0 && readErr != nil {
		return fmt.Errorf("read the text: %w", readErr)
	}
	e.piped = text
	if err := e.newDraft(text); err != nil {
		return err
	}
	e.piped = nil // the draft has it
	e.isPart = readErr != nil || len(text) > journal.MaxAttachment
	if readErr != nil {
		return e.problem(exitFailed, fmt.Errorf("read the text: %w", readErr))
	}
	return e.readDraft()
}

// readDraft reads as much as shows that a text is too large for a note.
func (e *edit) readDraft() error {
	f, err := os.Open(e.draft)
	if err != nil {
		return fmt.Errorf("read the text: %w", err)
	}
	defer f.Close()
	if e.text, err = io.ReadAll(io.LimitReader(f, journal.MaxNote+1)); err != nil {
		return fmt.Errorf("read the text: %w", err)
	}
	return nil
}

// baseEnds is the end of the name of the file beside a draft that has its base.
const baseEnds = ".base"

func (e *edit) askEditor(ctx context.Context) error {
	if err := e.newDraft(e.base); err != nil {
		return err
	}
	e.hasBase = true
	if err := os.WriteFile(e.draft+baseEnds, e.base, 0o666); err != nil {
		return errors.Join(fmt.Errorf("keep what the text is made from: %w", err), e.discard())
	}
	failed := e.repo.Edit(ctx, e.draft, git.Streams{In: e.stdin, Out: e.stdout, Err: e.stderr})
	if err := e.readDraft(); err != nil || failed == nil {
		return err
	}
	if bytes.Equal(e.text, e.base) {
		return errors.Join(failed, e.discard())
	}
	return e.problem(exitFailed, failed)
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
		return errors.Join(fmt.Errorf("keep the text: %w", err), e.discard())
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
	where := "Your text is in "
	if e.isPart {
		where = "The beginning of your text is in "
	}
	return &problem{code: code, err: err, notes: []string{"Nothing was written. " + where + e.draft},
		hints: []string{e.again(e.draft) + "   # once it is mended"}}
}

func (e *edit) discard() error {
	_ = os.Remove(e.draft + baseEnds)
	err := os.Remove(e.draft)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
