package main

import (
	"context"
	"io"
	"slices"

	"git-incident/journal"
)

// readsInput reports whether standard input is content for the command, a file or
// a note, and not its text.
func (l *line) readsInput() bool {
	return l.cmd != nil && !l.isText() && (slices.Contains(l.words, "-") || slices.Contains(l.flags, "--"+flagFrom+"=-"))
}

// keepPiped puts content that was piped beside an error, in a file: nobody can pipe
// it again. What looks like a secret does not get another copy.
func (a *app) keepPiped(ctx context.Context, l *line, p *problem) {
	wasRead := a.piped != nil
	if p.safe || wasRead && p.code == exitDecide {
		return
	}
	if !wasRead && l.readsInput() && !a.terminal.in {
		a.piped, _ = io.ReadAll(io.LimitReader(a.input(ctx), journal.MaxAttachment+1)) // what could be read of it
	}
	if len(a.piped) == 0 {
		return
	}
	file, err := a.putAside(string(a.piped))
	if err != nil {
		p.kept = string(a.piped)
		return
	}
	p.notes = append(p.notes, "What was piped is in "+file)
}
