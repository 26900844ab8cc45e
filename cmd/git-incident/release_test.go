package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// releaseDir is where release builds; "" before.
var releaseDir string

// tidy is the tests of this package, and the tidying after them.
type tidy struct{ *testing.M }

func (t tidy) Run() int {
	defer func() { _ = os.RemoveAll(releaseDir) }()
	return t.M.Run()
}

// release builds the program as install.sh does, once, and returns its path.
var release = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "git-incident-release-")
	if err != nil {
		return "", err
	}
	releaseDir = dir
	bin := filepath.Join(dir, "git-incident")
	build := exec.Command("go", "build", "-tags", "urfave_cli_no_docs", "-trimpath", "-ldflags", "-s -w", "-o", bin, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	if err != nil {
		os.Stderr.Write(out)
	}
	return bin, err
})

func releaseBinary(t testing.TB) string {
	t.Helper()
	bin, err := release()
	if err != nil {
		t.Fatal(err)
	}
	return bin
}

// noSleep tells programs built with -race not to sleep for a second at their end.
const noSleep = "atexit_sleep_ms=0"

// cleanEnv is an environment without anybody's git configuration.
func cleanEnv(home string, more ...string) []string {
	env := []string{
		"GORACE=" + noSleep,
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TZ=UTC", "LC_ALL=C",
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull,
		"GIT_COMMITTER_NAME=Ada", "GIT_COMMITTER_EMAIL=ada@example.com",
		"GIT_AUTHOR_NAME=Ada", "GIT_AUTHOR_EMAIL=ada@example.com",
	}
	return append(env, more...)
}

// sandbox is a repository and an environment to run real programs in.
type sandbox struct {
	testing.TB
	dir string
	env []string
}

func newSandbox(t testing.TB) *sandbox {
	t.Helper()
	s := &sandbox{TB: t, dir: t.TempDir(), env: cleanEnv(t.TempDir())}
	s.run("git", "init", "-q", "-b", "main")
	return s
}

// home is the sandbox's HOME, which no other sandbox has.
func (s *sandbox) home() string {
	for _, pair := range s.env {
		if home, ok := strings.CutPrefix(pair, "HOME="); ok {
			return home
		}
	}
	return ""
}

// try runs a program and returns what it printed, both streams.
func (s *sandbox) try(name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = s.dir, s.env
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (s *sandbox) run(name string, args ...string) string {
	s.Helper()
	out, err := s.try(name, args...)
	if err != nil {
		s.Fatalf("%s %s: %v\n%s", filepath.Base(name), strings.Join(args, " "), err, out)
	}
	return out
}

// need skips a test that cannot run here, loudly, and fails it where nothing may
// be left out.
func need(t testing.TB, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err == nil {
		return path
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not installed", program)
	}
	t.Skipf("LEFT OUT: %s is not installed", program)
	return ""
}
