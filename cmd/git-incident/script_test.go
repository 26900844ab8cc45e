package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets scripts and other tests run the program itself, as the command
// git-incident, with a clock and chance of their own.
func TestMain(m *testing.M) {
	testscript.Main(tidy{m}, map[string]func(){"git-incident": programUnderTest})
}

// programUnderTest is main, but for what must not differ from run to run.
// INCIDENT_TEST_NOW is the time it is, with the user's offset; without it the
// real clock is used.
func programUnderTest() {
	p := fromProcess()
	if now := os.Getenv("INCIDENT_TEST_NOW"); now != "" {
		t, err := time.Parse(time.RFC3339, now)
		if err != nil {
			panic(err)
		}
		p.now = func() time.Time { return t }
	}
	os.Exit(interruptibly(p))
}

// TestScripts runs every promise to a user; see testdata/script.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               setupScript,
		Cmds:                scriptWords,
	})
}

// scriptConfig is the configuration of Ada, who has nothing to edit with.
const scriptConfig = `[user]
	name = Ada
	email = ada@example.com
[core]
	editor = false
	pager = cat
`

// setupScript gives a script a home of its own, a repository that nothing outside
// can reach, and a Friday afternoon.
func setupScript(env *testscript.Env) error {
	for name, value := range map[string]string{
		"HOME":                    env.WorkDir,
		"XDG_CONFIG_HOME":         env.WorkDir + "/.config",
		"GIT_CONFIG_NOSYSTEM":     "1",
		"GIT_CONFIG_GLOBAL":       env.WorkDir + "/.gitconfig",
		"GIT_CEILING_DIRECTORIES": env.WorkDir,
		"INCIDENT_TEST_NOW":       "2026-11-20T14:05:00Z",
		"TZ":                      "UTC",
		"GORACE":                  noSleep,
		"TERM":                    "dumb",
	} {
		env.Setenv(name, value)
	}
	return os.WriteFile(filepath.Join(env.WorkDir, ".gitconfig"), []byte(scriptConfig), 0o666)
}

// program is the program under test, which is this one under another name.
func (s *sandbox) program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Args = append([]string{"git-incident"}, args...)
	cmd.Dir, cmd.Env = s.dir, s.env
	return cmd
}

// self runs the program without a terminal and returns its standard output.
func (s *sandbox) self(t *testing.T, args ...string) string {
	t.Helper()
	out, err := s.program(t, args...).Output()
	if err != nil {
		t.Fatalf("%q: %v", args, err)
	}
	return string(out)
}
