package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"git-incident/journal"
	"git-incident/journal/git"
	"git-incident/journal/store"
)

// Exit codes; the package comment explains them.
const (
	exitDone = iota
	exitFailed
	exitUsage
	exitNotFound
	exitDecide
)

// problem is an error as a person reads it: what happened, what was kept, and
// what to type next.
type problem struct {
	err   error
	code  int
	kept  string   // what was typed, to be given back; "" when it was nothing
	safe  bool     // what was typed is on disk and need not be given back
	notes []string // sentences
	hints []string // commands
}

func (p *problem) Error() string { return p.err.Error() }
func (p *problem) Unwrap() error { return p.err }

// report tells the person about an error and returns the exit code. Whatever
// part of it repeats what was typed, a secret is not repeated.
func (a *app) report(err error) int {
	if err == nil {
		return exitDone
	}
	p := explain(err)
	a.sayFolded("git incident: " + harmless(p.err.Error()))
	if p.kept != "" {
		a.sayKept(harmless(p.kept))
	}
	for _, n := range p.notes {
		a.sayFolded(harmless(n))
	}
	for _, h := range p.hints {
		a.say("  %s", journal.VisibleLine(journal.MaskSecrets(h)))
	}
	return p.code
}

// sayFolded says text in lines that fit the terminal. In a pipe a line stays one.
func (a *app) sayFolded(text string) {
	if a.terminal.err {
		text = fold(text, a.width())
	}
	a.say("%s", text)
}

// isSafe reports whether an error came after what was typed was safe on disk.
func isSafe(err error) bool {
	var p *problem
	return errors.As(err, &p) && p.safe
}

func harmless(text string) string { return journal.VisibleText(journal.MaskSecrets(text)) }

// explain finds the way out of errors that come from further down.
func explain(err error) *problem {
	var p *problem
	if errors.As(err, &p) {
		return p
	}
	p = &problem{err: err, code: exitFailed}
	var ref *store.RefError
	var parse *journal.ParseError
	switch {
	case errors.Is(err, git.ErrNotRepository):
		p.err = errors.New("this is not inside a git repository, and the journal lives in one")
		p.hints = []string{"cd <your repository>", "git init"}
	case errors.Is(err, git.ErrNoIdentity):
		p.err = git.ErrNoIdentity
	case errors.As(err, &ref):
		p.hints = ref.Way
	case errors.As(err, &parse):
		p.hints = []string{"git incident list"}
	case errors.Is(err, context.Canceled):
		p.err = errors.New("stopped")
	}
	return p
}

// giveBack puts beside an error what a person typed or piped, so that they need
// not type it again, and nobody can pipe it again.
func (a *app) giveBack(ctx context.Context, l *line, err error) error {
	if err == nil {
		return nil
	}
	p := explain(err)
	if l.cmd != nil && !l.isText() {
		a.keepPiped(ctx, l, p)
		return p
	}
	if p.kept != "" || p.safe {
		return p
	}
	text, isPiped := a.heard, l.endsInDash()
	if isPiped && text == "" && !a.terminal.in {
		text, _ = a.hear(ctx) // what could be read of it
	}
	if !isPiped && l.cmd != nil {
		text = l.text()
	}
	p.kept = journal.CleanText(text)
	if l.inner && p.code == exitNotFound {
		p.notes = append(p.notes, "To write all of it as text, put -- before it:")
		p.hints = append([]string{l.command([]string{"--"}, l.typed)}, p.hints...)
	}
	return p
}

// sayKept gives a text back: on the screen, or in a file when it would run away
// there.
func (a *app) sayKept(text string) {
	if len(text) > maxText {
		if file, err := a.putAside(text + "\n"); err == nil {
			a.say("Your text is in %s", file)
			return
		}
	}
	a.say("\nYour text:\n%s\n", indent(text, "    "))
}

func (a *app) putAside(text string) (file string, err error) {
	if a.cramped != nil {
		return "", a.cramped
	}
	f, err := os.CreateTemp("", "git-incident-*.txt")
	if err != nil {
		return "", err
	}
	_, err = io.WriteString(f, text)
	if err = errors.Join(err, f.Close()); err != nil {
		_ = os.Remove(f.Name())
	}
	return f.Name(), err
}

func indent(text, by string) string {
	return by + strings.ReplaceAll(text, "\n", "\n"+by)
}

func usage(format string, args ...any) *problem {
	return &problem{err: fmt.Errorf(format, args...), code: exitUsage}
}
