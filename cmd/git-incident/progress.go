package main

import (
	"fmt"
	"time"
)

// progress shows how far long work has come: one line on a terminal, nothing in
// a pipe.
type progress struct {
	app   *app
	what  string
	total int
	shown time.Time
}

// drawEvery keeps the terminal from being the slow part.
const drawEvery = 100 * time.Millisecond

func (a *app) progress(what string, total int) *progress {
	return &progress{app: a, what: what, total: total}
}

func (p *progress) at(done int) {
	now := p.app.now()
	if !p.app.terminal.err || now.Sub(p.shown) < drawEvery {
		return
	}
	p.shown = now
	fmt.Fprintf(p.app.stderr, "\r\x1b[K%s %d of %d", p.what, done, p.total)
}

// end clears the line.
func (p *progress) end() {
	if !p.shown.IsZero() {
		fmt.Fprint(p.app.stderr, "\r\x1b[K")
	}
}
