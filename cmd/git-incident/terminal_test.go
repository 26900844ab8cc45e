//go:build unix

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// screen is a program at a terminal of its own.
type screen struct {
	*testing.T
	tty *os.File // our end
	cmd *exec.Cmd

	mu    sync.Mutex
	shown strings.Builder
	more  chan struct{} // holds a token when something was shown; closed at the end
}

// patience is how long a terminal may show nothing before a test fails.
const patience = time.Minute

// at runs the program at a terminal of so many columns.
func (s *sandbox) at(t *testing.T, columns int, args ...string) *screen {
	t.Helper()
	cmd := s.program(t, args...)
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: uint16(columns)})
	if err != nil {
		t.Fatal(err)
	}
	sc := &screen{T: t, tty: tty, cmd: cmd, more: make(chan struct{}, 1)}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // and what it started
		_ = tty.Close()
	})
	go sc.watch()
	return sc
}

func (sc *screen) watch() {
	defer close(sc.more)
	buf := make([]byte, 4096)
	for {
		n, err := sc.tty.Read(buf)
		sc.mu.Lock()
		sc.shown.Write(buf[:n])
		sc.mu.Unlock()
		if err != nil {
			return
		}
		select {
		case sc.more <- struct{}{}:
		default:
		}
	}
}

func (sc *screen) text() string {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	return strings.ReplaceAll(sc.shown.String(), "\r\n", "\n")
}

// await waits until the terminal shows a text.
func (sc *screen) await(text string) {
	sc.Helper()
	late := time.After(patience)
	for !strings.Contains(sc.text(), text) {
		select {
		case _, open := <-sc.more:
			if !open && !strings.Contains(sc.text(), text) {
				sc.Fatalf("%q did not come; the terminal shows:\n%s", text, sc.text())
			}
		case <-late:
			sc.Fatalf("%q is not there yet; the terminal shows:\n%s", text, sc.text())
		}
	}
}

// Keys that a terminal turns into something else.
const (
	ctrlC = "\x03"
	ctrlD = "\x04"
)

func (sc *screen) press(keys string) {
	sc.Helper()
	if _, err := io.WriteString(sc.tty, keys); err != nil {
		sc.Fatal(err)
	}
}

// end waits for the program and returns its exit code and what it showed.
func (sc *screen) end() (code int, shown string) {
	sc.Helper()
	done := make(chan error, 1)
	go func() { done <- sc.cmd.Wait() }()
	select {
	case err := <-done:
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			sc.Fatal(err)
		}
	case <-time.After(patience):
		sc.Fatalf("it hangs; the terminal shows:\n%s", sc.text())
	}
	for range sc.more { // the rest of what it showed
	}
	return sc.cmd.ProcessState.ExitCode(), sc.text()
}

func newTerminalSandbox(t *testing.T) *sandbox {
	t.Helper()
	s := newSandbox(t)
	s.env = append(s.env, "TERM=xterm-256color", "GIT_PAGER=cat", "INCIDENT_TEST_NOW=2026-11-20T14:05:00Z")
	return s
}

func TestMaskPrompt(t *testing.T) {
	const secret = "hunter2trouble"
	for _, c := range []struct {
		name, keys string
		masked     bool
	}{
		{"yes", "y\n", true},
		{"Enter", "\n", true},
		{"Yes", "Yes\n", true},
		{"no", "n\n", false},
		{"something else", "what\n", false},
		{"Ctrl-C", ctrlC, false},
		{"Ctrl-D", ctrlD, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newTerminalSandbox(t)
			s.self(t, "start", "-q", "checkout is 500ing")
			sc := s.at(t, 80, "log", "the", "password="+secret, "is out")
			sc.await("Write it with the value masked? [Y/n] ")
			sc.press(c.keys)
			code, shown := sc.end()
			note := s.self(t, "show", "--raw")
			if c.masked && (code != exitDone || !strings.Contains(note, "the password=[masked: password] is out")) {
				t.Errorf("exit code %d, and the note is\n%s", code, note)
			}
			if !c.masked && (code != exitDecide || strings.Contains(note, "is out")) {
				t.Errorf("exit code %d, and the note is\n%s", code, note)
			}
			if !c.masked && !strings.Contains(shown, "the password=[masked: password] is out") {
				t.Errorf("the text did not come back:\n%s", shown)
			}
			if strings.Contains(shown+note, secret) {
				t.Errorf("the secret is shown:\n%s%s", shown, note)
			}
		})
	}
}

func TestTerminalIsClosedAtThePrompt(t *testing.T) {
	s := newTerminalSandbox(t)
	s.self(t, "start", "-q", "checkout is 500ing")
	cmd := s.program(t, "log", "password=hunter2trouble")
	tty, err := pty.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	for shown := ""; !strings.Contains(shown, "[Y/n] "); {
		buf := make([]byte, 100)
		n, err := tty.Read(buf)
		if err != nil {
			t.Fatalf("%v, after:\n%s", err, shown)
		}
		shown += string(buf[:n])
	}
	if err := tty.Close(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Error("it claims that something was written")
	}
	if note := s.self(t, "show", "--raw"); strings.Contains(note, "password") {
		t.Errorf("the note has it:\n%s", note)
	}
}

func TestTextTypedAtATerminal(t *testing.T) {
	t.Run("Ctrl-D ends it", func(t *testing.T) {
		s := newTerminalSandbox(t)
		s.self(t, "start", "-q", "checkout is 500ing")
		sc := s.at(t, 80, "log", "-")
		sc.press("rolled back\nto v41\n" + ctrlD)
		if code, shown := sc.end(); code != exitDone {
			t.Errorf("exit code %d:\n%s", code, shown)
		}
		if note := s.self(t, "show", "--raw"); !strings.Contains(note, "rolled back <!-- e:") || !strings.Contains(note, "\n  to v41\n") {
			t.Errorf("the note is\n%s", note)
		}
	})
	t.Run("Ctrl-C forgets it", func(t *testing.T) {
		s := newTerminalSandbox(t)
		s.self(t, "start", "-q", "checkout is 500ing")
		sc := s.at(t, 80, "log", "-")
		sc.await("Type or paste.")
		sc.press("rolled back\n")
		sc.await("rolled back\n")
		sc.press(ctrlC)
		code, shown := sc.end()
		if code != exitFailed || !strings.Contains(shown, "git incident: stopped\n") {
			t.Errorf("exit code %d:\n%s", code, shown)
		}
		if note := s.self(t, "show", "--raw"); strings.Contains(note, "rolled back") {
			t.Errorf("the note has it:\n%s", note)
		}
	})
}

// The editor of this test works at the terminal, as editors do, and an interrupt
// does not end it.
const terminalEditor = `#!/bin/sh
trap '' INT
echo editing
read -r line </dev/tty
printf '\n## What happened\n\n%s\n' "$line" >> "$1"
`

func TestInterruptsBelongToTheEditor(t *testing.T) {
	s := newTerminalSandbox(t)
	script := filepath.Join(t.TempDir(), "editor.sh")
	if err := os.WriteFile(script, []byte(terminalEditor), 0o777); err != nil {
		t.Fatal(err)
	}
	s.env = append(s.env, "GIT_EDITOR=exec "+script)
	s.self(t, "start", "-q", "checkout is 500ing")
	sc := s.at(t, 80, "edit")
	sc.await("editing\n")
	sc.press(ctrlC)
	sc.await("^C")
	sc.press("a cable was loose\n")
	if code, shown := sc.end(); code != exitDone || !strings.Contains(shown, "Saved.") {
		t.Errorf("exit code %d:\n%s", code, shown)
	}
	if note := s.self(t, "show", "--raw"); !strings.Contains(note, "a cable was loose") {
		t.Errorf("the note is\n%s", note)
	}
}

func TestPager(t *testing.T) {
	s := newTerminalSandbox(t)
	s.self(t, "start", "-q", "checkout is 500ing")
	for i := range 60 {
		s.self(t, "log", fmt.Sprintf("line %d", i))
	}
	show := func(pager string, args ...string) *screen {
		with := &sandbox{TB: t, dir: s.dir, env: append(s.env[:len(s.env):len(s.env)], "GIT_PAGER="+pager)}
		return with.at(t, 80, args...)
	}
	t.Run("show uses it", func(t *testing.T) {
		if code, shown := show("sed s/^/paged:/", "show").end(); code != exitDone || !strings.Contains(shown, "paged:Timeline") && !strings.Contains(shown, "paged:\x1b[1mTimeline") {
			t.Errorf("exit code %d:\n%s", code, shown)
		}
	})
	t.Run("list does not", func(t *testing.T) {
		if _, shown := show("sed s/^/paged:/", "list").end(); strings.Contains(shown, "paged:") {
			t.Errorf("list is in the pager:\n%s", shown)
		}
	})
	t.Run("leaving early is quiet", func(t *testing.T) {
		if code, shown := show("head -n 1", "show").end(); code != exitDone || strings.Count(shown, "\n") != 1 {
			t.Errorf("exit code %d:\n%s", code, shown)
		}
	})
	t.Run("Ctrl-C belongs to it", func(t *testing.T) {
		need(t, "less")
		sc := show("less", "show")
		sc.await("line 10")
		for _, line := range []string{"line 20", "line 40"} {
			sc.press(ctrlC)
			for !strings.Contains(sc.text(), line) { // an interrupt may take keys along
				if _, open := <-sc.more; !open {
					t.Fatalf("it ended; the terminal shows:\n%s", sc.text())
				}
				sc.press(" ")
			}
		}
		for open := true; open; _, open = <-sc.more {
			sc.press("q")
		}
		if code, shown := sc.end(); code != exitDone {
			t.Errorf("exit code %d:\n%s", code, shown)
		}
	})
}

var escape = regexp.MustCompile("\x1b\\[[0-9;]*[a-zA-Z]")

func TestStylesOnlyOnATerminal(t *testing.T) {
	for _, c := range []struct {
		env    string
		styled bool
	}{{"TERM=xterm", true}, {"TERM=dumb", false}, {"NO_COLOR=1", false}} {
		t.Run(c.env, func(t *testing.T) {
			s := newTerminalSandbox(t)
			s.env = append(s.env, c.env)
			s.self(t, "start", "-q", "checkout is 500ing")
			for _, command := range []string{"show", "list", "status", "log x", "start"} {
				if _, shown := s.at(t, 80, strings.Fields(command)...).end(); escape.MatchString(shown) != c.styled {
					t.Errorf("%s: styled is not %v:\n%q", command, c.styled, shown)
				}
			}
		})
	}
}

func TestFitsTheTerminal(t *testing.T) {
	s := newTerminalSandbox(t)
	titles := []string{
		"checkout is 500ing and nobody in the room knows why it is that the third region is fine",
		"決済ページが真っ白になり、在庫の数字も合わず、夜間バッチが二回動いていたことが分かった",
		"the deploy bot says 🎉🎉🎉 and 👩‍👩‍👧‍👦 families see nothing at all in their shopping baskets",
	}
	for _, title := range titles {
		s.self(t, "start", "-q", title)
		s.self(t, "learn", "-i", shortIn(t, s.self(t, "list")), title, "--so", title)
	}
	for _, columns := range []int{80, 40} {
		for _, command := range []string{"list", "status", "search e", "breathe", "start -- " + titles[1], "log x " + titles[2], "log -h", "start -h", "import -h"} {
			args := strings.Fields(command)
			if args[0] == "log" && args[1] == "x" {
				args = append([]string{"log", "-i", shortIn(t, s.self(t, "list"))}, args[2:]...)
			}
			_, shown := s.at(t, columns, args...).end()
			fits(t, columns, command, shown)
		}
		for l := range strings.Lines(s.self(t, "list")) {
			_, shown := s.at(t, columns, "show", strings.Fields(l)[0]).end()
			fits(t, columns, "show", shown)
		}
	}
}

// shortIn is the first short id of a list.
func shortIn(t *testing.T, list string) string {
	t.Helper()
	fields := strings.Fields(list)
	if len(fields) == 0 {
		t.Fatal("the list is empty")
	}
	return fields[0]
}

func fits(t *testing.T, columns int, command, shown string) {
	t.Helper()
	if strings.TrimSpace(shown) == "" {
		t.Errorf("%s shows nothing", command)
	}
	for l := range strings.SplitSeq(escape.ReplaceAllString(shown, ""), "\n") {
		l = strings.TrimRight(l, "\r")
		if w := cells(l); w > columns && strings.Contains(strings.TrimSpace(l), " ") { // an id is not broken
			t.Errorf("%s at %d columns has a line of %d:\n%s", command, columns, w, l)
		}
	}
}

func TestProgressOnATerminal(t *testing.T) {
	s := newTerminalSandbox(t)
	dir := t.TempDir()
	for i := range 3 {
		text := fmt.Sprintf("---\ntitle: story %d\n---\nIt was long ago.\n", i)
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.md", i)), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	_, shown := s.at(t, 80, "import", dir).end()
	if !strings.Contains(shown, "\r\x1b[Kimporting 1 of 3") || !strings.Contains(shown, "\r\x1b[Kimported") {
		t.Errorf("no line of progress that was cleared:\n%q", shown)
	}
}
