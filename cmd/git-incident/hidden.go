package main

import (
	"context"
	"errors"
	"os"

	"golang.org/x/term"
)

// hidden reads a line at the terminal without showing it. An interrupt ends it,
// and leaves the terminal as it was.
func (a *app) hidden(ctx context.Context) (string, error) {
	file, ok := a.stdin.(*os.File)
	if !ok {
		return "", errors.New("standard input is no terminal")
	}
	fd := int(file.Fd())
	was, err := term.GetState(fd)
	if err != nil {
		return "", err
	}
	type line struct {
		text string
		err  error
	}
	read := make(chan line, 1)
	go func() {
		text, err := term.ReadPassword(fd)
		read <- line{string(text), err}
	}()
	select {
	case <-ctx.Done():
		return "", errors.Join(ctx.Err(), term.Restore(fd, was))
	case got := <-read:
		return got.text, got.err
	}
}
