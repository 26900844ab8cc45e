// Command git-incident keeps an incident journal in a git repository. Called as
// git incident, it writes down what happens while it happens, and turns it into
// an archive worth reading afterwards.
//
// This file is the only one that knows the process: arguments, environment,
// streams, clock and chance enter here once, as values. Everything that people
// read is in this package; everything it says about incidents comes from
// package journal.
//
// # Exit codes
//
//	0  done
//	1  it did not work; the message says what was kept and what to type next.
//	   Of doctor: there is something left to look at
//	2  the command line was not understood
//	3  no such incident, or several that fit
//	4  a person has to decide: which incident, or what to do with a secret
package main

import (
	"context"
	"crypto/rand"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"golang.org/x/term"
)

// gcPercent lets a command that is over in milliseconds end before the first
// collection. Long work sets it back; see [app.build].
const gcPercent = 400

func main() {
	debug.SetGCPercent(gcPercent)
	os.Exit(interruptibly(fromProcess()))
}

// interruptibly runs the program so that the first Ctrl-C asks it to stop and a
// second one makes it.
func interruptibly(p process) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return run(ctx, p)
}

// fromProcess takes everything there is to know from the process we are.
func fromProcess() process {
	dir, _ := os.Getwd()       // git says what is wrong with it
	self, _ := os.Executable() // without it nothing is started in the background
	return process{
		args: os.Args[1:], self: self, dir: dir, env: os.Environ(),
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		now:    time.Now,
		random: func(b []byte) { _, _ = rand.Read(b) }, // never fails, by its documentation
		terminal: terminal{
			in:    term.IsTerminal(int(os.Stdin.Fd())),
			out:   term.IsTerminal(int(os.Stdout.Fd())),
			err:   term.IsTerminal(int(os.Stderr.Fd())),
			width: width(),
		},
	}
}

// width is that of the terminal in columns, 80 where there is none.
func width() int {
	if w, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil && w > 0 {
		return w
	}
	return 80
}
