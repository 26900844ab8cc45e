package store

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// kinds are the repositories people have. Each gives the sandbox to stand in; in
// clones a first incident is there already.
var kinds = map[string]func(s sandbox) sandbox{
	"plain": func(s sandbox) sandbox { return s },
	"empty": func(s sandbox) sandbox {
		e := newSandbox(s.t)
		e.git("init", "-q")
		return e
	},
	"sub-directory": func(s sandbox) sandbox {
		s.commit("a/b/c.txt", "x\n")
		return s.in(s.path("a/b"))
	},
	"linked work tree": func(s sandbox) sandbox {
		side := filepath.Join(s.t.TempDir(), "side")
		s.git("worktree", "add", "-q", side)
		return s.in(side)
	},
	"bare": func(s sandbox) sandbox { return s.clone("--bare") },
	"sparse": func(s sandbox) sandbox {
		s.commit("a/b.txt", "x\n")
		s.git("sparse-checkout", "set", "a")
		return s
	},
	"shallow": func(s sandbox) sandbox { return s.clone("--depth=1") },
	"partial": func(s sandbox) sandbox {
		s.git("config", "uploadpack.allowFilter", "true")
		return s.clone("--filter=blob:none")
	},
	"alternates": func(s sandbox) sandbox {
		dir := filepath.Join(s.t.TempDir(), "clone")
		s.git("clone", "-q", "--shared", ".", dir)
		return s.in(dir)
	},
	"submodule": func(s sandbox) sandbox {
		outer := newRepo(s.t)
		outer.git("submodule", "--quiet", "add", s.dir, "sub")
		return outer.in(outer.path("sub"))
	},
	"detached HEAD": func(s sandbox) sandbox {
		s.git("checkout", "-q", "--detach")
		return s
	},
	"dirty": func(s sandbox) sandbox {
		s.write("app.txt", "changed\n")
		s.write("new.txt", "new\n")
		s.git("add", "new.txt")
		return s
	},
	"middle of a rebase": func(s sandbox) sandbox {
		s.git("checkout", "-q", "-b", "side")
		s.commit("app.txt", "side\n")
		s.git("checkout", "-q", "main")
		s.commit("app.txt", "main\n")
		if out, err := s.try("git", "rebase", "side"); err == nil {
			s.t.Fatalf("the rebase should have stopped: %s", out)
		}
		return s
	},
	"packed": func(s sandbox) sandbox {
		s.git("gc", "-q")
		return s
	},
	"shared with a group": func(s sandbox) sandbox {
		s.git("config", "core.sharedRepository", "group")
		return s
	},
}

func TestEveryKindOfRepository(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			origin := newRepo(t)
			first := started(t, origin.open(), "first")
			s := kind(origin.in(origin.dir))
			s.t = t
			before := s.print()
			id := started(t, s.open(), "second")
			applied(t, s.open(), logChange(id, "one"))
			if name != "empty" {
				applied(t, s.open(), logChange(first, "from here too"))
			}
			draft := startChange("private")
			draft.Draft = true
			applied(t, s.open(), draft)
			if got := texts(s, id); !slices.Equal(got, []string{"one"}) {
				t.Errorf("%q", got)
			}
			list, warnings, err := s.open().List(t.Context())
			want := 3
			if name == "empty" {
				want = 2
			}
			if err != nil || len(list) != want || len(warnings) != 0 {
				t.Errorf("List = %+v, %+v, %v", list, warnings, err)
			}
			all, _, err := s.open().All(t.Context(), true)
			if err != nil || len(all) != want || slices.ContainsFunc(all, func(n Note) bool { return n.Err != nil }) {
				t.Errorf("All = %+v, %v", all, err)
			}
			if s.print() != before {
				t.Error("work tree, index, HEAD or status changed")
			}
			s.fsck()
		})
	}
}

func TestTheGroupCanWriteToo(t *testing.T) {
	s := kinds["shared with a group"](newRepo(t))
	started(t, s.open(), "a")
	j := s.open()
	for path, want := range map[string]os.FileMode{
		j.dir: 0o070, j.path(spoolDir): 0o070, j.path(doneDir): 0o070, j.path(lockFile): 0o060, j.path(openFile): 0o060,
	} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm()&want != want {
			t.Errorf("%s: %v, %v", path, info, err)
		}
	}
}
