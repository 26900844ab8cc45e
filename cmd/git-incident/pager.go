package main

import (
	"context"
	"io"

	"git-incident/journal/git"
)

// page shows text in git's pager when a person sits at the terminal.
func (a *app) page(ctx context.Context, text string) error {
	if !a.terminal.out {
		_, err := io.WriteString(a.stdout, text)
		return err
	}
	w, err := a.repo.Page(ctx, git.Streams{In: a.stdin, Out: a.stdout, Err: a.stderr})
	if err != nil {
		return err
	}
	_, _ = io.WriteString(w, text) // fails when the person leaves before the end
	return w.Close()
}
