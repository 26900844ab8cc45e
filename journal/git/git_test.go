package git

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sandbox is a directory with git in a clean environment.
type sandbox struct {
	t   testing.TB
	dir string
	env []string
}

var who = Ident{Name: "Ada", Email: "ada@example.com", When: time.Date(2026, 11, 20, 14, 5, 0, 0, time.FixedZone("", 3600))}

// newSandbox makes an empty directory and an environment in which nothing of
// the machine's or the caller's git shows.
func newSandbox(t testing.TB) sandbox {
	t.Helper()
	home := t.TempDir()
	config := filepath.Join(home, "gitconfig")
	text := "[user]\n\tname = Ada\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n[protocol \"file\"]\n\tallow = always\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "LC_ALL=C", "TMPDIR=" + t.TempDir(),
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + config,
		"GIT_COMMITTER_DATE=2026-11-20T14:00:00Z", "GIT_AUTHOR_DATE=2026-11-20T14:00:00Z"}
	return sandbox{t: t, dir: t.TempDir(), env: env}
}

// newRepo is a sandbox with a repository that has one commit.
func newRepo(t testing.TB) sandbox {
	t.Helper()
	s := newSandbox(t)
	s.git("init", "-q")
	s.commit("app.txt", "one\n")
	return s
}

func (s sandbox) in(dir string) sandbox {
	s.dir = dir
	return s
}

func (s sandbox) with(env ...string) sandbox {
	s.env = append(s.env[:len(s.env):len(s.env)], env...)
	return s
}

// git runs git and gives its output without the newline at the end.
func (s sandbox) git(args ...string) string {
	s.t.Helper()
	out, err := s.try(args...)
	if err != nil {
		s.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

func (s sandbox) try(args ...string) (string, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Env = s.dir, s.env
	out, err := cmd.CombinedOutput()
	return strings.TrimSuffix(string(out), "\n"), err
}

func (s sandbox) write(name, content string) {
	s.t.Helper()
	path := filepath.Join(s.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

func (s sandbox) commit(name, content string) {
	s.t.Helper()
	s.write(name, content)
	s.git("add", name)
	s.git("commit", "-q", "-m", "add "+name)
}

func (s sandbox) open() *Repo {
	s.t.Helper()
	r, err := Open(s.t.Context(), s.dir, s.env)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

// print is a checksum of everything in the work tree, of the index and of HEAD.
func (s sandbox) print() string {
	s.t.Helper()
	sum := sha256.New()
	for _, name := range []string{"index", "HEAD"} {
		content, _ := os.ReadFile(s.git("rev-parse", "--path-format=absolute", "--git-path", name))
		fmt.Fprintf(sum, "%s %d\n%s", name, len(content), content)
	}
	err := filepath.WalkDir(s.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() == ".git" || s.bare() {
			return filepath.SkipDir
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		content, _ := os.ReadFile(path)
		fmt.Fprintf(sum, "%s %s %s %x\n", path, info.Mode(), info.ModTime(), sha256.Sum256(content))
		return nil
	})
	if err != nil && err != filepath.SkipDir {
		s.t.Fatal(err)
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

func (s sandbox) bare() bool { return s.git("rev-parse", "--is-bare-repository") == "true" }

// append puts a file on a ref as the store does and gives the new commit.
func (s sandbox) append(r *Repo, ref, path, content string) Hash {
	s.t.Helper()
	ctx := s.t.Context()
	tip, err := r.FreshRef(ctx, ref)
	if err != nil {
		s.t.Fatal(err)
	}
	o := r.Objects(ctx)
	defer o.Close()
	commit := Commit{Author: who, Committer: who, Message: "log: " + path + "\n"}
	if !tip.Absent() {
		parent, err := o.Commit(tip.Hash)
		if err != nil {
			s.t.Fatal(err)
		}
		commit.Tree, commit.Parents = parent.Tree, []Hash{tip.Hash}
	}
	blob := must(o.AddBlob([]byte(content)))(s.t)
	commit.Tree = must(o.EditTree(commit.Tree, []TreeEdit{{Path: path, Hash: blob}}))(s.t)
	h := must(o.AddCommit(ctx, commit, false))(s.t)
	if err := o.Persist(ctx); err != nil {
		s.t.Fatal(err)
	}
	if err := r.UpdateRefs(ctx, "incident: log", RefUpdate{Name: ref, New: h, Old: tip.Hash}); err != nil {
		s.t.Fatal(err)
	}
	return h
}

// must gives a function that ends the test if there was an error.
func must[T any](value T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func background() context.Context { return context.Background() }

func (s sandbox) file(name string) string {
	s.t.Helper()
	content, err := os.ReadFile(filepath.Join(s.dir, name))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(content)
}
