package main

import (
	"context"
	"io"
	"os"
	"os/signal"

	"git-incident/journal/git"
)

// page shows text in git's pager when a person sits at the terminal. Interrupts
// belong to the pager meanwhile: it must not be left alone with the terminal.
func (a *app) page(ctx context.Context, text string) error {
	if !a.terminal.out {
		_, err := io.WriteString(a.stdout, text)
		return err
	}
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	w, err := a.repo.Page(ctx, git.Streams{In: a.stdin, Out: a.stdout, Err: a.stderr})
	if err != nil {
		return err
	}
	_, _ = io.WriteString(w, text) // fails when the person leaves before the end
	return w.Close()
}
