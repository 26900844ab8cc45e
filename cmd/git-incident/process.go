package main

import (
	"io"
	"path/filepath"
	"strings"
	"time"

	"git-incident/journal"
)

// process is what the program is given by whoever starts it.
type process struct {
	args           []string // without the program's name
	self           string   // the program's file, "" when that is not known
	dir            string
	env            []string // as os.Environ gives it
	stdin          io.Reader
	stdout, stderr io.Writer
	now            func() time.Time // in the user's zone
	random         func([]byte)     // fills with chance
	terminal       terminal
}

// terminal says which streams a person sits at.
type terminal struct {
	in, out, err bool
	width        int // columns
}

// getenv is the value of an environment variable, "" when it is not set.
func (p process) getenv(name string) string {
	value := ""
	for _, kv := range p.env {
		if k, v, _ := strings.Cut(kv, "="); k == name {
			value = v
		}
	}
	return value
}

// colour reports whether styles may be used on a stream.
func (p process) colour(isTerminal bool) bool {
	return isTerminal && p.getenv("NO_COLOR") == "" && p.getenv("TERM") != "dumb"
}

// token draws an id of n characters.
func (p process) token(n int) string {
	b := make([]byte, n)
	p.random(b)
	return journal.Token(b)
}

// clock is now, to the second: nobody's story needs more.
func (p process) clock() time.Time { return p.now().Truncate(time.Second) }

// path is a file as the person named it from where they are.
func (p process) path(file string) string {
	if filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(p.dir, file)
}
