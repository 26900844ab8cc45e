package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/urfave/cli/v2"
)

// gitCompletions are where distributions keep git's completion for bash.
var gitCompletions = []string{
	"/usr/share/bash-completion/completions/git",
	"/usr/local/share/bash-completion/completions/git",
	"/opt/homebrew/etc/bash_completion.d/git-completion.bash",
	"/usr/local/etc/bash_completion.d/git-completion.bash",
	"/usr/share/git/completion/git-completion.bash",
}

// TestCompletion types into real shells. A driver in testdata/completion reads
// lines, presses TAB at the end of each, and prints what is offered.
func TestCompletion(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish"} {
		t.Run(shell, func(t *testing.T) {
			t.Parallel()
			testCompletion(t, newShell(t, shell))
		})
	}
}

func testCompletion(t *testing.T, sh shell) {
	dir := sh.repository(t, "checkout is 500ing")
	commands := (&app{}).cli().Commands
	lines := []string{"git incident ", "git incident sta", "git incident start --kind ", "git incident start -- --a"}
	for _, c := range commands {
		lines = append(lines, "git incident "+c.Name+" --")
	}
	offered := sh.complete(t, dir, lines...)

	var names []string
	for _, c := range commands {
		names = append(names, c.Name)
	}
	sh.expect(t, lines[0], offered[0], names...)
	sh.expect(t, lines[1], offered[1], "start", "status")
	sh.expect(t, lines[2], offered[2], "incident", "near-miss", "exercise")
	sh.expect(t, lines[3], offered[3])
	for i, c := range commands {
		sh.expect(t, lines[4+i], offered[4+i], longFlags(c)...)
	}
}

// longFlags are the flags that stand after two dashes.
func longFlags(c *cli.Command) []string {
	names := []string{"--help"}
	for _, f := range c.Flags {
		for _, n := range f.Names() {
			if len(n) > 1 {
				names = append(names, "--"+n)
			}
		}
	}
	return names
}

// TestCompletionOfIDs is about the incidents that are there.
func TestCompletionOfIDs(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish"} {
		t.Run(shell, func(t *testing.T) {
			t.Parallel()
			sh := newShell(t, shell)
			one := sh.repository(t, "checkout is 500ing")
			two := sh.repository(t, "checkout: 500s", "queue $(touch x) `stands`  still")
			closed := sh.repository(t, "it is over")
			sh.git(t, closed, "incident", "resolve")
			draft := sh.repository(t, "told to all")
			draftID := sh.git(t, draft, "incident", "start", "-q", "--private", "told to few")

			sh.expectAll(t, one, sh.ids(t, one), "show ", "edit ", "log -i ", "show -i ", "show --incident ")
			sh.expectAll(t, two, sh.ids(t, two), "log ", "why ", "learn --so x -i ", "resolve ")
			sh.expect(t, "log, one open", sh.complete(t, one, "git incident log ")[0])
			sh.expect(t, "log -i, none open", sh.complete(t, closed, "git incident log -i ")[0], sh.ids(t, closed)...)
			sh.expect(t, "share", sh.complete(t, draft, "git incident share ")[0], draftID[len(draftID)-4:])
			sh.expect(t, "no journal", sh.complete(t, sh.repository(t), "git incident show ")[0])
			sh.expect(t, "no repository", sh.complete(t, t.TempDir(), "git incident show ")[0])
			if _, err := os.Stat(filepath.Join(two, "x")); err == nil {
				t.Error("a title was run")
			}
		})
	}
}

// shell completes lines with what is installed beside the program.
type shell struct {
	name string
	env  []string
}

func newShell(t *testing.T, name string) shell {
	t.Helper()
	need(t, name)
	home := t.TempDir()
	files, err := filepath.Abs("completion")
	if err != nil {
		t.Fatal(err)
	}
	sh := shell{name, []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "XDG_DATA_HOME=" + home + "/share", "TERM=dumb", "LC_ALL=C.UTF-8",
		"GIT_CONFIG_NOSYSTEM=1", "GIT_COMMITTER_NAME=Ada", "GIT_COMMITTER_EMAIL=ada@example.com",
		"GIT_CEILING_DIRECTORIES=" + filepath.Dir(home), "COMPLETION=" + files,
		"GORACE=" + noSleep,
	}}
	if name == "bash" {
		i := slices.IndexFunc(gitCompletions, func(f string) bool { _, err := os.Stat(f); return err == nil })
		if i < 0 {
			need(t, "git's completion for bash")
		}
		sh.env = append(sh.env, "GIT_COMPLETION="+gitCompletions[i])
	}
	return sh
}

// repository makes one with these incidents open.
func (sh shell) repository(t *testing.T, titles ...string) string {
	t.Helper()
	dir := t.TempDir()
	sh.git(t, dir, "init", "-q")
	for _, title := range titles {
		sh.git(t, dir, "incident", "start", "-q", title)
	}
	return dir
}

func (sh shell) git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Env = dir, sh.env
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("git %s: %v", strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out))
}

// ids are the short ids of all incidents.
func (sh shell) ids(t *testing.T, dir string) (ids []string) {
	t.Helper()
	for line := range strings.Lines(sh.git(t, dir, "incident", "list")) {
		ids = append(ids, strings.Fields(line)[0])
	}
	return ids
}

// complete gives what is offered at the end of each line.
func (sh shell) complete(t *testing.T, dir string, lines ...string) [][]string {
	t.Helper()
	driver, err := filepath.Abs(filepath.Join("testdata", "completion", "press-tab."+sh.name))
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, sh.name, driver)
	cmd.WaitDelay = time.Second
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, sh.env, &stdout, &stderr
	cmd.Stdin = strings.NewReader(strings.Join(lines, "\n") + "\n")
	if err := cmd.Run(); err != nil || stderr.Len() > 0 {
		t.Fatalf("%s: %v\n%s", sh.name, err, stderr.String())
	}
	blocks := strings.Split(stdout.String(), "\x1e\n")
	if len(blocks) != len(lines)+1 {
		t.Fatalf("%d lines gave %d answers:\n%s", len(lines), len(blocks)-1, stdout.String())
	}
	offered := make([][]string, len(lines))
	for i := range lines {
		for word := range strings.Lines(blocks[i]) {
			word, _, _ = strings.Cut(strings.TrimSpace(word), "\t") // fish: a description
			offered[i] = append(offered[i], strings.TrimSuffix(word, "="))
		}
	}
	return offered
}

// expectAll compares what is offered after each line of git incident.
func (sh shell) expectAll(t *testing.T, dir string, want []string, lines ...string) {
	t.Helper()
	full := make([]string, len(lines))
	for i, l := range lines {
		full[i] = "git incident " + l
	}
	for i, got := range sh.complete(t, dir, full...) {
		sh.expect(t, full[i], got, want...)
	}
}

// expect compares what is offered, in any order. Of flags only the long ones
// count, and files of the directory do not.
func (sh shell) expect(t *testing.T, line string, got []string, want ...string) {
	t.Helper()
	got = slices.DeleteFunc(slices.Clone(got), func(w string) bool {
		return w == "" || len(w) == 2 && w[0] == '-'
	})
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(slices.Compact(got), slices.Compact(want)) {
		t.Errorf("%s: %s\n   got %q\nwanted %q", sh.name, line, got, want)
	}
}
