//go:build unix

package git

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"sync/atomic"
	"testing"

	"github.com/creack/pty"
)

// person is set in a second run of a test, which has a terminal.
const person = "INCIDENT_TEST_PERSON"

// atTerminal runs a test once more at a terminal of its own, in the clone.
func (p pair) atTerminal(exchange ...string) (seen []byte) {
	p.t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^"+p.t.Name()+"$")
	cmd.Dir, cmd.Env = p.dir, append(p.env, person+"="+p.dir)
	terminal := must(pty.Start(cmd))(p.t)
	defer terminal.Close()
	seen = answerPrompts(terminal, exchange...)
	if err := cmd.Wait(); err != nil {
		p.t.Errorf("%v, with %q on the terminal", err, seen)
	}
	p.quiet()
	return seen
}

// TestNoTerminal holds that what a silent step starts cannot open the terminal,
// even if there is one.
func TestNoTerminal(t *testing.T) {
	if dir := os.Getenv(person); dir != "" {
		r := must(Open(t.Context(), dir, os.Environ()))(t)
		_, err := r.LsRemote(t.Context(), fast, "origin")
		var failed *NetworkError
		if !errors.As(err, &failed) || failed.Stderr[:4] != "none" {
			t.Errorf("%#v", err)
		}
		terminal, err := openTerminal()
		if err != nil {
			t.Errorf("the test itself has no terminal: %v", err)
		}
		_ = terminal.Close()
		return
	}
	newPair(t).ssh(`(exec 3</dev/tty) 2>/dev/null && echo one >&2 || echo none >&2; exit 255`).atTerminal()
}

// TestPrompt has a person at a terminal, who is asked once the silent try has
// failed.
func TestPrompt(t *testing.T) {
	if dir := os.Getenv(person); dir != "" {
		r := must(Open(t.Context(), dir, os.Environ()))(t)
		refs, err := r.LsRemote(t.Context(), Network{Timeout: limit, Prompt: true}, "origin", mainRef)
		if err != nil || len(refs) != 1 {
			t.Errorf("%v, %v", refs, err)
		}
		return
	}
	p := newPair(t)
	var tries atomic.Int32
	p.at(p.web(func(w http.ResponseWriter, r *http.Request) bool {
		if name, password, _ := r.BasicAuth(); name == "ada" && password == "hunter2" {
			return false
		}
		tries.Add(1)
		w.Header().Set("WWW-Authenticate", `Basic realm="there"`)
		w.WriteHeader(http.StatusUnauthorized)
		return true
	}))
	var failed *NetworkError
	for _, n := range []Network{fast, {Timeout: limit, Prompt: true}} {
		if n.Prompt && hasTerminal() {
			continue // it is the tester's
		}
		if _, err := p.open().LsRemote(t.Context(), n, "origin"); !errors.As(err, &failed) || failed.Cause != NeedsPassword || tries.Swap(0) != 1 {
			t.Errorf("%+v: %#v", n, err)
		}
	}
	seen := p.atTerminal("Username for ", "ada\n", "Password for ", "hunter2\n")
	if tries.Load() != 2 || bytes.Contains(seen, []byte("hunter2")) {
		t.Errorf("after %d tries, with %q on the terminal", tries.Load(), seen)
	}
}

func hasTerminal() bool {
	terminal, err := openTerminal()
	if err == nil {
		_ = terminal.Close()
	}
	return err == nil
}

// answerPrompts waits for each prompt in turn, types what follows, and gives all
// that was shown.
func answerPrompts(terminal io.ReadWriter, exchange ...string) []byte {
	var seen []byte
	from := 0
	buffer := make([]byte, 1024)
	for {
		n, err := terminal.Read(buffer)
		seen = append(seen, buffer[:n]...)
		for len(exchange) > 0 && bytes.Contains(seen[from:], []byte(exchange[0])) {
			from = len(seen)
			_, _ = io.WriteString(terminal, exchange[1])
			exchange = exchange[2:]
		}
		if err != nil {
			return seen // the terminal is closed when everybody has left it
		}
	}
}
