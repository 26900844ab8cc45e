package main

import (
	"context"
	"io"
)

// input is standard input for reading by this program: waiting for it ends with
// the context, so that Ctrl-C ends the program. A child gets a.stdin itself.
func (a *app) input(ctx context.Context) io.Reader { return &patient{ctx, a.stdin} }

// patient waits for what it reads as long as the context allows. After that the
// rest of the input is nobody's.
type patient struct {
	ctx context.Context
	in  io.Reader
}

func (r *patient) Read(p []byte) (int, error) {
	type result struct {
		n   int
		err error
	}
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	read := make(chan result, 1)
	own := make([]byte, len(p)) // p is the caller's again once we gave up
	go func() {
		n, err := r.in.Read(own)
		read <- result{n, err}
	}()
	select {
	case <-r.ctx.Done():
		return 0, r.ctx.Err()
	case got := <-read:
		return copy(p, own[:got.n]), got.err
	}
}
