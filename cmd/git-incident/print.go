package main

import (
	"errors"
	"fmt"
)

// print writes what somebody asked for to standard output. The first error is
// kept for the end of the run: what a command does is not half done because
// nobody could read about it.
func (a *app) print(format string, args ...any) {
	if a.unheard == nil {
		_, a.unheard = fmt.Fprintf(a.stdout, format, args...)
	}
}

var errUnprinted = errors.New("not everything could be printed")

// unprinted is the problem of an output that could not be written, nil when all
// of it was.
func (a *app) unprinted() error {
	if a.unheard == nil {
		return nil
	}
	p := &problem{code: exitFailed, err: fmt.Errorf("%w: %w", errUnprinted, a.unheard)}
	if a.wrote {
		p.notes = []string{"What you wrote is kept; do not write it again."}
		p.hints = []string{"git incident show"}
	}
	return p
}

// say talks to the person, on stderr.
func (a *app) say(format string, args ...any) { fmt.Fprintf(a.stderr, format+"\n", args...) }

// maxMeasure is how wide text is set, in cells. Longer lines are hard to read.
const maxMeasure = 80

// width is that of the terminal, as far as text is set.
func (a *app) width() int { return min(a.terminal.width, maxMeasure) }
