package git

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const journal = "refs/heads/incidents"

// kinds are the repositories people have. Each gives the sandbox to stand in.
var kinds = map[string]func(t *testing.T) sandbox{
	"plain": func(t *testing.T) sandbox { return newRepo(t) },
	"empty": func(t *testing.T) sandbox {
		s := newSandbox(t)
		s.git("init", "-q")
		return s
	},
	"sub-directory": func(t *testing.T) sandbox {
		s := newRepo(t)
		s.commit("a/b/c.txt", "x\n")
		return s.in(filepath.Join(s.dir, "a", "b"))
	},
	"linked work tree": func(t *testing.T) sandbox {
		s := newRepo(t)
		side := filepath.Join(t.TempDir(), "side")
		s.git("worktree", "add", "-q", side)
		return s.in(side)
	},
	"bare": func(t *testing.T) sandbox {
		s := newRepo(t)
		bare := filepath.Join(t.TempDir(), "x.git")
		s.git("clone", "-q", "--bare", ".", bare)
		return s.in(bare)
	},
	"sparse": func(t *testing.T) sandbox {
		s := newRepo(t)
		s.commit("a/b.txt", "x\n")
		s.git("sparse-checkout", "set", "a")
		return s
	},
	"shallow": func(t *testing.T) sandbox {
		return clone(t, newHistory(t), "file", "--depth=1")
	},
	"partial": func(t *testing.T) sandbox {
		s := newHistory(t)
		s.git("config", "uploadpack.allowFilter", "true")
		return clone(t, s, "file", "--filter=blob:none", "--no-checkout")
	},
	"alternates": func(t *testing.T) sandbox {
		return shared(t, newHistory(t))
	},
	"alternates of alternates": func(t *testing.T) sandbox {
		return shared(t, shared(t, newHistory(t)))
	},
	"submodule": func(t *testing.T) sandbox {
		inner, outer := newRepo(t), newRepo(t)
		outer.git("submodule", "--quiet", "add", inner.dir, "sub")
		return outer.in(filepath.Join(outer.dir, "sub"))
	},
	"detached HEAD": func(t *testing.T) sandbox {
		s := newRepo(t)
		s.git("checkout", "-q", "--detach")
		return s
	},
	"dirty": func(t *testing.T) sandbox {
		s := newRepo(t)
		s.write("app.txt", "changed\n")
		s.write("new.txt", "new\n")
		s.git("add", "new.txt")
		return s
	},
	"middle of a rebase": func(t *testing.T) sandbox {
		s := newRepo(t)
		s.git("checkout", "-q", "-b", "side")
		s.commit("app.txt", "side\n")
		s.git("checkout", "-q", "main")
		s.commit("app.txt", "main\n")
		if out, err := s.try("rebase", "side"); err == nil {
			t.Fatalf("the rebase should have stopped: %s", out)
		}
		return s
	},
	"git dir is a link": func(t *testing.T) sandbox {
		s := newRepo(t)
		away := filepath.Join(t.TempDir(), "gitdir")
		if err := os.Rename(filepath.Join(s.dir, ".git"), away); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(away, filepath.Join(s.dir, ".git")); err != nil {
			t.Skip(err)
		}
		return s
	},
	"old pack index": func(t *testing.T) sandbox {
		s := newHistory(t)
		s.git("config", "pack.indexVersion", "1")
		s.git("repack", "-adq")
		return s
	},
	"packed refs and objects": func(t *testing.T) sandbox {
		s := newHistory(t)
		s.git("gc", "-q")
		return s
	},
}

// newHistory is a repository whose journal has two entries.
func newHistory(t *testing.T) sandbox {
	s := newRepo(t)
	r := s.open()
	s.append(r, journal, "2026/10/a/README.md", "first\n")
	s.append(r, journal, "2026/10/b/README.md", "second\n")
	return s
}

// shared is a clone that borrows its objects.
func shared(t *testing.T, s sandbox) sandbox {
	c := clone(t, s, "", "--shared")
	if _, err := os.Stat(filepath.Join(c.dir, ".git/objects/info/alternates")); err != nil {
		t.Fatal(err)
	}
	return c
}

// clone is a second repository with the journal of s as its own. With the scheme
// "file" it goes through git's transport, as from a server.
func clone(t *testing.T, s sandbox, scheme string, flags ...string) sandbox {
	t.Helper()
	from, dir := s.dir, filepath.Join(t.TempDir(), "clone")
	if scheme != "" {
		from = scheme + "://" + s.dir
	}
	s.git(append(append([]string{"clone", "-q", "--no-single-branch"}, flags...), from, dir)...)
	c := s.in(dir)
	c.git("update-ref", journal, "refs/remotes/origin/incidents")
	return c
}

func TestEveryKindOfRepository(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			s := kind(t)
			before := s.print()
			r := s.open()
			tip := s.append(r, journal, "2026/11/x/README.md", "three\n")
			s.append(r, journal, "2026/11/y/README.md", "four\n")
			s.in(s.dir).git("cat-file", "-e", tip.String())
			if got := s.git("cat-file", "blob", journal+":2026/11/x/README.md"); got != "three" {
				t.Errorf("git reads %q", got)
			}
			files, err := s.open().LsTree(background(), tip)
			if err != nil || !strings.HasSuffix(files[len(files)-1].Path, "x/README.md") {
				t.Errorf("LsTree = %v, %v", files, err)
			}
			if got := s.git("log", "-g", "--format=%gs", "-1", journal); got != "incident: log" {
				t.Errorf("reflog says %q", got)
			}
			if out, err := s.try("fsck", "--strict", "--no-dangling"); err != nil || strings.Contains(out, "warning") {
				t.Errorf("fsck: %v\n%s", err, out)
			}
			if after := s.print(); after != before {
				t.Error("work tree, index or HEAD changed")
			}
		})
	}
}

func TestPlaces(t *testing.T) {
	s := newRepo(t)
	side := filepath.Join(t.TempDir(), "side")
	s.git("worktree", "add", "-q", side)
	main, linked := s.open(), s.in(side).open()
	if main.CommonDir != linked.CommonDir || main.GitDir == linked.GitDir || main.CommonDir != main.GitDir {
		t.Errorf("main %q %q, linked %q %q", main.GitDir, main.CommonDir, linked.GitDir, linked.CommonDir)
	}
	if main.WorkTree != s.git("rev-parse", "--show-toplevel") || main.Bare || main.Shallow {
		t.Errorf("%+v", main)
	}
	inside := s.in(filepath.Join(s.dir, ".git")).open()
	if inside.WorkTree != "" || inside.CommonDir != main.CommonDir {
		t.Errorf("inside .git: %q %q", inside.WorkTree, inside.CommonDir)
	}
	if bare := kinds["bare"](t).open(); !bare.Bare || bare.WorkTree != "" {
		t.Errorf("%+v", bare)
	}
	if !kinds["shallow"](t).open().Shallow {
		t.Error("a shallow clone does not say so")
	}
}

func TestNotARepository(t *testing.T) {
	s := newSandbox(t).with("GIT_CEILING_DIRECTORIES=/")
	if _, err := Open(t.Context(), s.dir, s.env); !errors.Is(err, ErrNotRepository) {
		t.Errorf("Open = %v", err)
	}
}

func TestSHA256IsRefusedInOneSentence(t *testing.T) {
	s := newSandbox(t)
	s.git("init", "-q", "--object-format=sha256")
	if _, err := Open(t.Context(), s.dir, s.env); !errors.Is(err, ErrObjectFormat) {
		t.Errorf("Open = %v", err)
	}
}

func TestForeignOwnerIsRefusedInGitsWords(t *testing.T) {
	s := newRepo(t)
	if err := os.Chown(s.dir, 65534, 65534); err != nil {
		t.Skip("needs root:", err)
	}
	if err := os.Chown(filepath.Join(s.dir, ".git"), 65534, 65534); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), s.dir, s.env)
	if err == nil || !strings.Contains(err.Error(), "dubious ownership") || !strings.Contains(err.Error(), "safe.directory") {
		t.Errorf("Open = %v", err)
	}
}

func TestHookEnvironmentIsNotOurs(t *testing.T) {
	s := newRepo(t)
	index := filepath.Join(t.TempDir(), "index.lock")
	hook := s.with("GIT_INDEX_FILE="+index, "GIT_AUTHOR_NAME=Eve", "GIT_AUTHOR_EMAIL=eve@example.com",
		"GIT_PREFIX=a/", "GIT_LITERAL_PATHSPECS=1", "GIT_DIR="+filepath.Join(s.dir, ".git"))
	r := must(Open(t.Context(), t.TempDir(), hook.env))(t)
	who := must(r.Committer(t.Context()))(t)
	if who.Name != "Ada" || r.CommonDir != filepath.Join(s.dir, ".git") {
		t.Errorf("%v in %q", who, r.CommonDir)
	}
	if got := must(r.output(t.Context(), "var", "GIT_AUTHOR_IDENT"))(t); !strings.HasPrefix(got, "Ada ") {
		t.Errorf("children think the author is %q", got)
	}
	if got := must(r.output(t.Context(), "rev-parse", "--git-path", "index"))(t); strings.Contains(got, index) {
		t.Errorf("children use the index %q", got)
	}
	s.append(r, journal, "x/README.md", "x\n")
	if got := s.git("log", "-1", "--format=%an %cn", journal); got != "Ada Ada" {
		t.Errorf("committed as %q", got)
	}
	if _, err := os.Stat(index); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the hook's index was touched: %v", err)
	}
}
