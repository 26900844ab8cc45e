//go:build unix

package main

import (
	"crypto/sha256"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// installed is what install.sh writes below its prefix.
var installed = []string{
	"bin/git-incident",
	"share/bash-completion/completions/git-incident",
	"share/fish/vendor_completions.d/git-incident.fish",
	"share/fish/vendor_conf.d/git-incident.fish",
	"share/git-incident/installed",
	"share/man/man1/git-incident.1",
	"share/zsh/site-functions/_git-incident",
}

// TestInstall installs, installs again over a program that is running, and
// removes it, from a checkout and to a prefix with spaces in their names.
func TestInstall(t *testing.T) {
	t.Parallel()
	in := newInstaller(t)
	in.copyCheckout(t)
	prefix := filepath.Join(t.TempDir(), "a new", "place")
	repository := hashes(t, in.checkout)

	out := in.run(t, 0, "--prefix", prefix)
	if got := slices.Sorted(slices.Values(filesBelow(t, prefix))); !slices.Equal(got, installed) {
		t.Errorf("installed %q\n   wanted %q", got, installed)
	}
	if want := "PATH='" + prefix + "/bin':$PATH"; !strings.Contains(out, want) {
		t.Errorf("nothing about %s in:\n%s", want, out)
	}

	in.env = append(in.env, "PATH="+prefix+"/bin:"+os.Getenv("PATH"))
	repo := t.TempDir()
	in.program(t, repo, "git", "init", "-q")
	in.program(t, repo, "git", "incident", "start", "checkout is 500ing")
	running, say := in.waiting(t, repo, "git-incident", "log", "-")
	if out := in.run(t, 0, "--prefix="+prefix); strings.Contains(out, "PATH") {
		t.Errorf("it is in PATH, and yet:\n%s", out)
	}
	if _, err := io.WriteString(say, "rolled back\n"); err != nil {
		t.Fatal(err)
	}
	say.Close()
	if err := running.Wait(); err != nil {
		t.Errorf("the program that was running: %v", err)
	}
	if got := in.program(t, repo, "git", "incident", "show"); !strings.Contains(got, "rolled back") {
		t.Errorf("git incident show: %s", got)
	}
	in.testManual(t, repo)

	in.run(t, 0, "--uninstall", "--prefix", prefix)
	if left, err := os.ReadDir(filepath.Dir(filepath.Dir(prefix))); err != nil || len(left) > 0 {
		t.Errorf("after --uninstall: %v, %v", left, err)
	}
	if after := hashes(t, in.checkout); !slices.Equal(after, repository) {
		t.Errorf("the checkout has changed:\n%q\n%q", repository, after)
	}
}

// testManual opens the manual page as a person does.
func (in *installer) testManual(t *testing.T, repo string) {
	t.Run("manual", func(t *testing.T) {
		need(t, "man")
		if got := in.program(t, repo, "git", "incident", "--help"); !strings.Contains(got, "an incident journal in your repository") {
			t.Errorf("git incident --help: %s", got)
		}
	})
}

// TestUninstall leaves what is not ours.
func TestUninstall(t *testing.T) {
	t.Parallel()
	in := newInstaller(t)
	prefix := t.TempDir()
	for _, name := range []string{"bin/other", "share/man/man1/other.1", "share/zsh/site-functions/_other"} {
		file := filepath.Join(prefix, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	empty := filepath.Join(prefix, "share", "fish")
	if err := os.Mkdir(empty, 0o777); err != nil {
		t.Fatal(err)
	}
	before := hashes(t, prefix)
	in.run(t, 0, "--prefix", prefix)
	in.run(t, 0, "--prefix", prefix)
	in.run(t, 0, "--prefix", prefix, "--uninstall")
	if after := hashes(t, prefix); !slices.Equal(after, before) {
		t.Errorf("before %q\nafter  %q", before, after)
	}
	if _, err := os.Stat(empty); err != nil {
		t.Errorf("an empty folder that was there: %v", err)
	}
	if _, err := os.Stat(filepath.Join(prefix, "share", "git-incident")); err == nil {
		t.Error("a folder of ours is still there")
	}
	if out := in.run(t, 0, "--prefix", prefix, "--uninstall"); !strings.Contains(out, "Nothing") {
		t.Errorf("once more: %s", out)
	}
}

// TestInstallRefuses says what is wrong and writes nothing.
func TestInstallRefuses(t *testing.T) {
	t.Parallel()
	in := newInstaller(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	closed, says := filepath.Join(t.TempDir(), "closed"), "is not writable"
	if err := os.Mkdir(closed, 0o555); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 {
		closed, says = "/proc", "cannot make the folder /proc/x" // where root cannot write either
	}
	tools := toolsWithoutGo(t)
	old := toolsWithoutGo(t)
	if err := os.WriteFile(filepath.Join(old, "go"), []byte("#!/bin/sh\n[ $1 = env ] && echo go1.25.9\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		code int
		says string
		env  []string
		args []string
	}{
		{"help", 0, "usage:", nil, []string{"--help"}},
		{"unknown flag", 2, "--prefx is not understood", nil, []string{"--prefx", "x"}},
		{"no value", 2, "--prefix needs a folder", nil, []string{"--prefix"}},
		{"empty value", 2, "--prefix needs a folder", nil, []string{"--uninstall", "--prefix="}},
		{"no home", 2, "HOME is empty", []string{"HOME="}, nil},
		{"no Go", 1, "Go is missing", []string{"PATH=" + tools}, nil},
		{"old Go", 1, "Go is too old: this needs Go 1.26 or newer, and here is go1.25.9", []string{"PATH=" + old}, nil},
		{"a file", 1, "is not a folder", nil, []string{"--prefix", filepath.Join(file, "x")}},
		{"not writable", 1, says, nil, []string{"--prefix", filepath.Join(closed, "x")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			refusing := *in
			refusing.env = append(slices.Clone(in.env), c.env...)
			if out := refusing.run(t, c.code, c.args...); !strings.Contains(out, c.says) {
				t.Errorf("%q is not in:\n%s", c.says, out)
			}
		})
	}
	if _, err := os.Stat(filepath.Join(in.home, ".local")); err == nil {
		t.Error("it wrote to ~/.local")
	}
}

// installer runs install.sh for a person who has nothing in their home.
type installer struct {
	checkout, home string
	env            []string
}

func newInstaller(t *testing.T) *installer {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	in := &installer{checkout: root, home: t.TempDir()}
	in.env = append(os.Environ(), "HOME="+in.home, "SHELL=/bin/sh", "MANPATH=", "PAGER=cat", "MANPAGER=cat",
		"GIT_CONFIG_NOSYSTEM=1", "GIT_COMMITTER_NAME=Ada", "GIT_COMMITTER_EMAIL=ada@example.com",
		"GIT_AUTHOR_NAME=Ada", "GIT_AUTHOR_EMAIL=ada@example.com")
	// An empty home would have Go fetch and build everything anew.
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPATH"} {
		out, err := exec.Command("go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		in.env = append(in.env, name+"="+strings.TrimSpace(string(out)))
	}
	return in
}

// copyCheckout makes a checkout of its own, with the files as they are now.
func (in *installer) copyCheckout(t *testing.T) {
	t.Helper()
	to := filepath.Join(t.TempDir(), "a checkout")
	for _, name := range checkedIn(t, in.checkout) {
		content, err := os.ReadFile(filepath.Join(in.checkout, name))
		if err != nil {
			continue // deleted, but not yet committed
		}
		file := filepath.Join(to, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, content, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	in.checkout = to
	in.program(t, to, "git", "init", "-q")
	in.program(t, to, "git", "add", "-A")
	in.program(t, to, "git", "commit", "-q", "-m", "all of it")
}

// run runs install.sh and gives what it said, on both streams.
func (in *installer) run(t *testing.T, code int, args ...string) string {
	t.Helper()
	sh := "sh"
	if dash, err := exec.LookPath("dash"); err == nil {
		sh = dash // nothing but POSIX
	}
	sh, err := exec.LookPath(sh)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(sh, append([]string{filepath.Join(in.checkout, "install.sh")}, args...)...)
	cmd.Dir, cmd.Env = t.TempDir(), in.env
	out, err := cmd.CombinedOutput()
	if got := cmd.ProcessState.ExitCode(); got != code {
		t.Fatalf("install.sh %q: exit code %d, wanted %d (%v)\n%s", args, got, code, err, out)
	}
	return string(out)
}

func (in *installer) program(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := in.command(t, dir, name, args...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// command finds the program in the PATH that install.sh was told of.
func (in *installer) command(t *testing.T, dir, name string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("env", append([]string{name}, args...)...)
	cmd.Dir, cmd.Env = dir, in.env
	return cmd
}

// waiting starts a program that waits for its standard input.
func (in *installer) waiting(t *testing.T, dir, name string, args ...string) (*exec.Cmd, io.WriteCloser) {
	t.Helper()
	cmd := in.command(t, dir, name, args...)
	say, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, say
}

// toolsWithoutGo is a PATH with what install.sh uses, except Go.
func toolsWithoutGo(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"dirname", "basename", "sed", "cut", "cat", "mktemp", "mkdir", "rm"} {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// filesBelow are the files below a folder, with slashes.
func filesBelow(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, path)
			files = append(files, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// hashes are the files below a folder with their content.
func hashes(t *testing.T, dir string) (list []string) {
	t.Helper()
	for _, name := range filesBelow(t, dir) {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(content)
		list = append(list, name+" "+string(sum[:]))
	}
	return list
}
