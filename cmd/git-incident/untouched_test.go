package main

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

// TestNothingElseIsTouched runs every command, in a work tree with everything in
// it that a command could disturb, and compares every byte of the work tree, the
// index, HEAD, the other refs, the configuration and git status.
func TestNothingElseIsTouched(t *testing.T) {
	t.Parallel()
	s := newSandbox(t)
	s.env = append(s.env, "GIT_EDITOR=true", "GIT_PAGER=cat", "INCIDENT_TEST_NOW=2026-11-20T14:05:00Z", "TMPDIR="+t.TempDir())
	s.disturbable(t)
	archive := t.TempDir()
	s.write(t, filepath.Join(archive, "old.md"), "---\ntitle: long ago\n---\nIt was long ago.\n")
	s.write(t, filepath.Join(archive, "graph.txt"), "#####\n")
	remote := t.TempDir()
	s.run("git", "init", "-q", "--bare", remote)
	s.run("git", "remote", "add", "origin", remote)
	version := filepath.Join(t.TempDir(), "note.md")
	s.write(t, version, "---\nschema: 1\ntitle: long ago\n---\n")
	s.self(t, "init") // registers the merge driver, which nothing else does
	s.self(t, "sync") // makes the folders of the tracking branch
	before := s.state(t)
	commands := map[string]bool{}
	for _, line := range []string{
		"init", "sync", "merge-driver " + version + " " + version + " " + version, "start -q checkout is 500ing", "log rolled back", "log rolled back again", "update", "why it broke",
		"breathe", "mitigate", "learn it breaks --so mend it", "edit", "attach " + filepath.Join(archive, "graph.txt"),
		"status", "", "list", "show", "show --raw", "search checkout", "resolve", "sync", "start --private -q another", "share", "unshare another", "purge --yes graph.txt",
		"import " + archive, "export", "site", "site --out " + t.TempDir(), "demo --no-serve", "doctor", "sync", "version", "help", "log -h",
		"serve --port no", "lgo", "log -i nope",
	} {
		out, err := s.program(t, strings.Fields(line)...).CombinedOutput()
		if name, _, _ := strings.Cut(line, " "); err == nil || name == "serve" {
			commands[name] = true
		}
		if after := s.state(t); after != before {
			t.Fatalf("git incident %s left something behind:\n%s\nbefore:\n%s\nafter:\n%s", line, out, before, after)
		}
	}
	for _, c := range (&app{}).cli().Commands {
		if !commands[c.Name] {
			t.Errorf("%s was not run, or failed", c.Name)
		}
	}
}

// disturbable fills a repository with what people have lying about: staged,
// changed, untracked, ignored and executable files, and a stash.
func (s *sandbox) disturbable(t *testing.T) {
	t.Helper()
	s.write(t, "kept", "kept\n")
	s.write(t, "changed", "one\n")
	s.write(t, ".gitignore", "ignored\n")
	s.run("git", "add", ".")
	s.run("git", "commit", "-qm", "one")
	s.write(t, "changed", "stashed\n")
	s.run("git", "stash", "-q")
	s.write(t, "changed", "two\n")
	s.write(t, "staged", "staged\n")
	s.run("git", "add", "staged")
	s.write(t, "staged", "staged and changed\n")
	s.write(t, "ignored", "ignored\n")
	s.write(t, "sub/untracked", "untracked\n")
	s.run("git", "status") // refreshes the index
}

func (s *sandbox) write(t *testing.T, file, text string) {
	t.Helper()
	if !filepath.IsAbs(file) {
		file = filepath.Join(s.dir, file)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// state is a line for everything that is not the journal's: every file outside of
// incident/, the objects, and the journal's own refs and reflogs.
func (s *sandbox) state(t *testing.T) string {
	t.Helper()
	var lines []string
	err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(s.dir, path)
		if err != nil || isJournals(filepath.ToSlash(rel)) {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		line := fmt.Sprintf("%s %s", info.Mode(), rel)
		if d.Type().IsRegular() {
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			line += fmt.Sprintf(" %d %x", info.ModTime().UnixNano(), sha256.Sum256(content))
		}
		lines = append(lines, line)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n") + "\n" + s.run("git", "--no-optional-locks", "status", "--porcelain=v2", "--branch", "--ignored", "--show-stash")
}

func isJournals(path string) bool {
	for _, p := range []string{
		".git/incident", ".git/objects", ".git/refs/heads/incidents", ".git/logs/refs/heads/incidents",
		".git/refs/incident", ".git/logs/refs/incident",
		".git/refs/remotes/origin/incidents", ".git/logs/refs/remotes/origin/incidents",
	} {
		if path == p || strings.HasPrefix(path, p+"/") {
			return true
		}
	}
	return false
}
