package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// TestStoppedAnywhere stops a log whenever it looks at the clock or draws chance.
// Either what was written is acknowledged, and then it is on the journal in the
// end, once; or it is given back.
func TestStoppedAnywhere(t *testing.T) {
	t.Parallel()
	s := newSandbox(t)
	s.self(t, "start", "-q", "checkout is 500ing")
	acknowledged, givenBack := 0, 0
	for n := 1; ; n++ {
		text := fmt.Sprintf("stopped the %d. time", n)
		code, said, stopped := s.stoppedAt(t, n, "log", text)
		note := s.self(t, "show", "--raw")
		times := strings.Count(note, " "+text+" <!--")
		switch {
		case code == exitDone || strings.Contains(said, "safe on this disk"):
			acknowledged++
			if times != 1 {
				t.Errorf("acknowledged when stopped at %d, it is there %d times:\n%s%s", n, times, said, note)
			}
		case strings.Contains(said, "git incident: stopped\n\nYour text:\n    "+text+"\n"):
			givenBack++
			if times != 0 {
				t.Errorf("given back when stopped at %d, it is there %d times:\n%s%s", n, times, said, note)
			}
		default:
			t.Errorf("stopped at %d it ends with %d and says\n%s", n, code, said)
		}
		if !stopped {
			break
		}
	}
	if acknowledged < 2 || givenBack == 0 {
		t.Errorf("%d acknowledged, %d given back: the test tests nothing", acknowledged, givenBack)
	}
}

// stoppedAt runs the program and stops it the nth time that it asks for something
// from outside.
func (s *sandbox) stoppedAt(t *testing.T, n int, args ...string) (code int, said string, stopped bool) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	count := func() {
		if n--; n == 0 {
			stop()
		}
	}
	var stderr bytes.Buffer
	code = run(ctx, process{
		args: args, dir: s.dir, env: s.env, stdin: strings.NewReader(""), stdout: &stderr, stderr: &stderr,
		now: func() time.Time { count(); return time.Now() },
		random: func(b []byte) {
			count()
			for i := range b {
				b[i] = byte(rand.IntN(256))
			}
		},
		terminal: terminal{width: 80},
	})
	return code, stderr.String(), n <= 0
}

// TestStoppedWhileReading stops a log that waits for the rest of a pipe. What came
// by then is given back: the pipe will not say it again.
func TestStoppedWhileReading(t *testing.T) {
	t.Parallel()
	s := newSandbox(t)
	s.self(t, "start", "-q", "checkout is 500ing")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	in, pipe := io.Pipe()
	go func() {
		for _, text := range []string{"NAME STATUS\n", "web  Running\n", "and"} { // the third is read after the second was taken
			_, _ = io.WriteString(pipe, text)
		}
		stop()
	}()
	var stderr bytes.Buffer
	code := run(ctx, process{
		args: []string{"log", "-"}, dir: s.dir, env: s.env, stdin: in, stdout: io.Discard, stderr: &stderr,
		now: time.Now, random: func([]byte) {}, terminal: terminal{width: 80},
	})
	if code != exitFailed || !strings.HasPrefix(stderr.String(), "git incident: stopped\n\nYour text:\n    NAME STATUS\n    web  Running\n") {
		t.Errorf("exit code %d, and it says\n%s", code, stderr.String())
	}
	if note := s.self(t, "show", "--raw"); strings.Contains(note, "NAME") {
		t.Errorf("the note has it:\n%s", note)
	}
}
