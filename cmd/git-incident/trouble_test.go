//go:build linux

package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// trouble is why a machine does not let a command do its work.
type trouble struct {
	name  string
	begin func(s *victim)
	end   func(s *victim)
	wrap  []string             // a command line that comes before the program's
	user  *syscall.SysProcAttr // who types it
	env   []string             // instead of the usual one
}

// victim is a repository that something happens to.
type victim struct {
	*sandbox
	bin string
}

// writing is a command with a text.
type writing struct {
	args  []string
	stdin string
	line  string // on the branch for it
	text  string // to be given back; "" when it is still where it came from
}

// kinds are the commands that write, each with a text of its own.
var kinds = map[string]func(s *victim, incident, text string) writing{
	"log": func(_ *victim, id, text string) writing {
		return writing{args: []string{"log", "-i", id, text}, line: "Z " + text + " <!--", text: text}
	},
	"log from a pipe": func(_ *victim, id, text string) writing {
		text = strings.Repeat("many words, ", 4000) + text
		return writing{args: []string{"log", "-i", id, "-"}, stdin: text, line: text, text: text}
	},
	"start": func(_ *victim, _, text string) writing {
		return writing{args: []string{"start", "-q", text}, line: "title: " + text + "\n", text: text}
	},
	"attach": func(s *victim, id, text string) writing {
		file := s.file(strings.ReplaceAll(text, " ", "-") + ".txt")
		return writing{args: []string{"attach", "-i", id, file}, line: "in " + filepath.Base(file) + "\n"}
	},
	"attach from a pipe": func(_ *victim, id, text string) writing {
		return writing{args: []string{"attach", "-i", id, "--name", strings.ReplaceAll(text, " ", "-"), "-"}, stdin: text + "\n", line: "\n" + text + "\n", text: text}
	},
	"learn": func(_ *victim, id, text string) writing {
		return writing{args: []string{"learn", "-i", id, text}, line: ". " + text + " <!--", text: text}
	},
	"edit from a file": func(s *victim, id, text string) writing {
		story := s.file("story.md")
		s.must(os.WriteFile(story, []byte(s.run(s.bin, "show", "--raw", id)+"\n## Aside\n\n"+text+"\n"), 0o666))
		return writing{args: []string{"edit", id, "--from", story}, line: "\n" + text + "\n"}
	},
	"edit from a pipe": func(s *victim, id, text string) writing {
		story := s.run(s.bin, "show", "--raw", id) + "\n## Impact\n\n" + text + "\n"
		return writing{args: []string{"edit", id, "--from", "-"}, stdin: story, line: "\n" + text + "\n", text: text}
	},
	"share": func(s *victim, _, text string) writing {
		id := strings.TrimSpace(s.run(s.bin, "start", "-q", "--private", text))
		return writing{args: []string{"share", id}, line: "title: " + text + "\n"}
	},
	"resolve": func(_ *victim, id, text string) writing {
		return writing{args: []string{"resolve", "-i", id, text}, line: "Z " + text + " <!--", text: text}
	},
}

// suffers runs a command in trouble. Either its text is safe, and on the branch
// after the next command, once; or it says that it is not, and gives the text
// back.
func (s *victim) suffers(tr trouble, kind string) {
	s.Helper()
	id := strings.TrimSpace(s.run(s.bin, "start", "-q", "before "+kind+" with "+tr.name))
	w := kinds[kind](s, id, kind+" with "+tr.name)
	tr.begin(s)
	code, said := s.in(tr, w)
	tr.end(s)
	s.run(s.bin, "list")
	times := strings.Count(s.branch(), w.line)
	switch isSafe := strings.Contains(said, "safe on this disk"); {
	case code == 0 || isSafe:
		if times != 1 {
			s.Errorf("%s with %s: it was acknowledged, and is there %d times; it ended with %d and said\n%s", kind, tr.name, times, code, said)
		}
		return
	case code > exitDecide || code < 0:
		s.Errorf("%s with %s ended with %d and said\n%s", kind, tr.name, code, said)
	case times != 0:
		s.Errorf("%s with %s: it was refused, and is there %d times; it said\n%s", kind, tr.name, times, said)
	}
	if !strings.Contains(s.given(said), w.text) {
		s.Errorf("%s with %s: the text is not given back:\n%s", kind, tr.name, said)
	}
	if code, said := s.in(trouble{}, w); code != 0 || strings.Count(s.branch(), w.line) != 1 {
		s.Errorf("%s after %s ended with %d:\n%s", kind, tr.name, code, said)
	}
}

// branch is every line on the branch.
func (s *victim) branch() string { return s.run("git", "grep", "-h", "", "incidents") }

func (s *victim) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// in runs a command in trouble.
func (s *victim) in(tr trouble, w writing) (code int, said string) {
	line := append(append([]string{}, tr.wrap...), append([]string{s.bin}, w.args...)...)
	cmd := exec.Command(line[0], line[1:]...)
	cmd.Dir, cmd.Env, cmd.SysProcAttr, cmd.Stdin = s.dir, s.env, tr.user, strings.NewReader(w.stdin)
	if tr.env != nil {
		cmd.Env = tr.env
	}
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		s.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

var putIn = regexp.MustCompile(`(?:Your text|What was piped) is in (.*)`)

// given is what was given back, on the screen or in a file.
func (s *victim) given(said string) string {
	if m := putIn.FindStringSubmatch(said); m != nil {
		text, _ := os.ReadFile(m[1])
		return string(text)
	}
	return said
}

// suffersAll has every command in trouble.
func (s *victim) suffersAll(tr trouble) {
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		s.suffers(tr, kind)
	}
	s.run("git", "fsck", "--strict", "--full", "--no-dangling")
}

func newVictim(t *testing.T) *victim {
	t.Helper()
	s := &victim{newSandbox(t), releaseBinary(t)}
	s.run(s.bin, "init")
	return s
}

func nothing(*victim) {}

// TestAFullDisk leaves so much room that a command gets further every time.
func TestAFullDisk(t *testing.T) {
	t.Parallel()
	s := newVictim(t)
	if err := syscall.Mount("tmpfs", s.dir, "tmpfs", 0, "size=32m"); err != nil {
		t.Skipf("LEFT OUT: mount needs root: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(s.dir, syscall.MNT_DETACH) })
	s.run("git", "init", "-q", "-b", "main", "--template=")
	s.run(s.bin, "init")
	for left := 0; left < 40; left += 4 {
		filler := filepath.Join(s.dir, "filler")
		s.suffersAll(trouble{name: fmt.Sprintf("%d KiB of disk left", left),
			begin: func(s *victim) { s.fill(filler, left) },
			end:   func(s *victim) { s.must(os.Remove(filler)) }})
	}
}

// fill takes all room but the last.
func (s *victim) fill(file string, left int) {
	f, err := os.Create(file)
	s.must(err)
	defer f.Close()
	page := make([]byte, 4096)
	for err == nil {
		_, err = f.Write(page)
	}
	at, err := f.Seek(0, io.SeekEnd)
	s.must(err)
	s.must(f.Truncate(max(0, at-int64(left)<<10)))
}

// TestNotAllowedToWrite is a repository of somebody else, whom git is told to
// trust or not.
func TestNotAllowedToWrite(t *testing.T) {
	t.Parallel()
	s := newVictim(t)
	if os.Geteuid() != 0 {
		s.suffersAll(trouble{name: "a read-only repository",
			begin: func(s *victim) { s.run("chmod", "-R", "a-w", ".git") },
			end:   func(s *victim) { s.run("chmod", "-R", "u+w", ".git") }})
		return
	}
	for _, dir := range []string{filepath.Dir(s.bin), filepath.Dir(s.dir), filepath.Dir(s.home())} {
		s.must(os.Chmod(dir, 0o755))
	}
	tmp := t.TempDir()
	s.must(os.Chmod(tmp, 0o777))
	env := append(s.env[:len(s.env):len(s.env)], "TMPDIR="+tmp)
	const nobody = 65534
	user := &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	trust := []string{"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*"}
	s.suffersAll(trouble{name: "a read-only repository", begin: nothing, end: nothing, user: user, env: append(env, trust...)})
	s.suffersAll(trouble{name: "a repository of somebody else", begin: nothing, end: nothing, user: user, env: env})
}

func TestWithoutAHome(t *testing.T) {
	t.Parallel()
	s := newVictim(t)
	env := slices.DeleteFunc(slices.Clone(s.env), func(kv string) bool {
		return strings.HasPrefix(kv, "HOME=") || strings.HasPrefix(kv, "GIT_CONFIG_")
	})
	s.suffersAll(trouble{name: "no home", begin: nothing, end: nothing, env: env})
}

// TestLimits sets limits that shells set, lower and lower.
func TestLimits(t *testing.T) {
	t.Parallel()
	s := newVictim(t)
	for limit, values := range map[string][]int{"f": {0, 1, 2, 4}, "n": {6, 12, 24, 28, 36}} {
		for _, n := range values {
			set := fmt.Sprintf("ulimit -%s %d; ", limit, n)
			s.suffersAll(trouble{name: fmt.Sprintf("ulimit %s of %d", limit, n), begin: nothing, end: nothing,
				wrap: []string{"sh", "-c", set + `exec "$@"`, "sh"}})
		}
	}
}

// TestARefusedSystemCall has one system call after the other fail, once or from
// then on, as it does for somebody over quota or on a disk that goes bad. The
// commands and the reasons take turns.
func TestARefusedSystemCall(t *testing.T) {
	t.Parallel()
	strace := need(t, "strace")
	s := newVictim(t)
	turn, reasons := slices.Sorted(maps.Keys(kinds)), []string{"EDQUOT", "EIO", "ENOSPC"}
	for _, call := range []string{"openat", "fsync", "renameat", "mkdirat", "linkat", "unlinkat", "flock"} {
		for _, when := range []string{"1", "2", "3", "5", "2+", "4+"} {
			point := call + ":error=" + reasons[0] + ":when=" + when
			s.suffers(trouble{name: strings.NewReplacer(":", " ", "=", " ").Replace(point), begin: nothing, end: nothing,
				wrap: []string{strace, "-f", "-qq", "-o", os.DevNull, "-e", "trace=" + call, "-e", "inject=" + point}}, turn[0])
			turn, reasons = append(turn[1:], turn[0]), append(reasons[1:], reasons[0])
		}
	}
	s.run("git", "fsck", "--strict", "--full", "--no-dangling")
}
