package store

import (
	"errors"
	"path/filepath"
	"testing"
)

// unborn are work trees whose HEAD names the journal's branch before it exists.
var unborn = map[string]func(t *testing.T) sandbox{
	"empty repository": func(t *testing.T) sandbox {
		s := newSandbox(t)
		s.git("init", "-q", "-b", "incidents")
		return s
	},
	"journal on main": func(t *testing.T) sandbox {
		s := newSandbox(t)
		s.git("init", "-q")
		s.git("config", "incident.branch", "main")
		return s
	},
	"linked work tree": func(t *testing.T) sandbox {
		s := newRepo(t)
		side := s.in(filepath.Join(t.TempDir(), "it's a side"))
		s.git("worktree", "add", "-q", "--detach", side.dir)
		side.git("symbolic-ref", "HEAD", Branch)
		return side
	},
}

func TestAnUnbornBranchIsNotWrittenUnderItsWorkTree(t *testing.T) {
	for name, prepare := range unborn {
		t.Run(name, func(t *testing.T) {
			s := prepare(t)
			before := s.print()
			c := startChange("a")
			receipt, err := s.open().Write(t.Context(), c, nil)
			var ref *RefError
			if !errors.As(err, &ref) || !receipt.Spooled || receipt.Applied {
				t.Fatalf("%+v, %v", receipt, err)
			}
			if _, made, err := s.open().Init(t.Context()); !errors.As(err, &ref) || made {
				t.Errorf("Init: %v, %v", made, err)
			}
			if s.print() != before {
				t.Error("work tree, index, HEAD or status changed")
			}
			runWay(t, s, ref)
			before = s.print()
			applied(t, s.open(), logChange(c.Incident, "x"))
			if got := texts(s, c.Incident); len(got) != 1 {
				t.Errorf("%q", got)
			}
			if s.print() != before {
				t.Error("work tree, index, HEAD or status changed afterwards")
			}
		})
	}
}
