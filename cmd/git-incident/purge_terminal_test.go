//go:build linux

package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// TestPurgeAtATerminal types a secret that must not be shown, and answers.
func TestPurgeAtATerminal(t *testing.T) {
	const secret = "hunter2trouble"
	for _, c := range []struct {
		name, answer string
		purged       bool
	}{{"yes", "y\n", true}, {"Enter is no", "\n", false}, {"no", "n\n", false}, {"Ctrl-D is no", ctrlD, false}} {
		t.Run(c.name, func(t *testing.T) {
			s := newTerminalSandbox(t)
			s.self(t, "start", "-q", "checkout is 500ing")
			s.self(t, "log", "--allow-secret", "password="+secret)
			sc := s.at(t, 80, "purge", "--text")
			sc.await("It is not shown: ")
			sc.awaitNoEcho()
			sc.press(secret + "\n")
			sc.await("Purge it? [y/N] ")
			sc.press(c.answer)
			code, shown := sc.end()
			note := s.self(t, "show", "--raw")
			if code != exitDone || strings.Contains(note, secret) == c.purged {
				t.Errorf("exit code %d:\n%s\n%s", code, shown, note)
			}
			if strings.Contains(shown, secret) || strings.Contains(shown, "Nothing was changed.") == c.purged {
				t.Errorf("it shows:\n%s", shown)
			}
		})
	}
}

// awaitNoEcho waits until the terminal does not show what is typed.
func (sc *screen) awaitNoEcho() {
	sc.Helper()
	tty, err := sc.tty.SyscallConn()
	if err != nil {
		sc.Fatal(err)
	}
	var state syscall.Termios
	late := time.Now().Add(patience)
	for state.Lflag = syscall.ECHO; state.Lflag&syscall.ECHO != 0; runtime.Gosched() {
		if err := tty.Control(func(fd uintptr) {
			_, _, _ = syscall.Syscall(syscall.SYS_IOCTL, fd, syscall.TCGETS, uintptr(unsafe.Pointer(&state)))
		}); err != nil || time.Now().After(late) {
			sc.Fatalf("it still shows what is typed: %v", err)
		}
	}
}

// TestPurgeIsInterrupted leaves the terminal with its echo on.
func TestPurgeIsInterrupted(t *testing.T) {
	need(t, "stty")
	s := newTerminalSandbox(t)
	s.self(t, "start", "-q", "checkout is 500ing")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), "git-incident")
	if err := os.Symlink(self, program); err != nil {
		t.Fatal(err)
	}
	// An editor is how a script gets at the terminal here.
	editor := program + ".sh"
	text := "#!/bin/sh\ntrap : INT\n" + program + " purge --text\nstty -a | tr ' ;' '\\n\\n' | grep -x -e echo -e -echo\n"
	if err := os.WriteFile(editor, []byte(text), 0o777); err != nil {
		t.Fatal(err)
	}
	s.env = append(s.env, "GIT_EDITOR="+editor)
	sc := s.at(t, 80, "edit")
	sc.await("It is not shown: ")
	sc.awaitNoEcho()
	sc.press(ctrlC)
	code, shown := sc.end()
	if code != exitDone || !strings.Contains(shown, "git incident: stopped\n") || !strings.Contains(shown, "\necho\n") {
		t.Errorf("exit code %d, and the terminal shows:\n%s", code, shown)
	}
}
