package store

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// refused writes a change and expects it to be kept and not applied.
func refused(t *testing.T, s sandbox, text, id string) *RefError {
	t.Helper()
	receipt, err := s.open().Write(t.Context(), logChange(id, text), nil)
	var ref *RefError
	if !errors.As(err, &ref) || !receipt.Spooled || receipt.Applied {
		t.Fatalf("%+v, %v", receipt, err)
	}
	return ref
}

// runWay types what the error says.
func runWay(t *testing.T, s sandbox, e *RefError) {
	t.Helper()
	if len(e.Way) == 0 {
		t.Fatalf("no way out of %v", e)
	}
	for _, line := range e.Way {
		if out, err := s.try("sh", "-c", line); err != nil {
			t.Fatalf("%s: %v\n%s", line, err, out)
		}
	}
}

// TestTheWayOutWorks damages the branch, writes, types what the error names, and
// expects everything to be there.
func TestTheWayOutWorks(t *testing.T) {
	for name, damage := range map[string]func(s sandbox){
		"empty file":        func(s sandbox) { s.write(".git/refs/heads/incidents", "") },
		"garbage":           func(s sandbox) { s.write(".git/refs/heads/incidents", "garbage\n") },
		"object is gone":    func(s sandbox) { s.write(".git/refs/heads/incidents", strings.Repeat("5", 40)+"\n") },
		"ref file is gone":  func(s sandbox) { _ = os.Remove(s.path(".git/refs/heads/incidents")) },
		"symref to nothing": func(s sandbox) { s.write(".git/refs/heads/incidents", "ref: refs/heads/nothing\n") },
		"checked out": func(s sandbox) {
			s.git("worktree", "add", "-q", filepath.Join(s.t.TempDir(), "it's a tree"), "incidents")
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newRepo(t)
			id := started(t, s.open(), "a")
			applied(t, s.open(), logChange(id, "before"))
			root := s.git("rev-list", "--max-parents=0", "incidents")
			damage(s)
			way := refused(t, s, "during", id)
			runWay(t, s, way)
			applied(t, s.open(), logChange(id, "after"))
			if got := texts(s, id); !slices.Equal(got, []string{"before", "during", "after"}) {
				t.Errorf("%q", got)
			}
			if got := s.git("rev-list", "--max-parents=0", "incidents"); got != root {
				t.Errorf("roots %q", got)
			}
			s.fsck()
		})
	}
}

func TestASymbolicRefIsNotWritten(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "a")
	s.git("branch", "other", "incidents")
	s.git("symbolic-ref", "refs/heads/incidents", "refs/heads/other")
	before := s.git("rev-parse", "other")
	refused(t, s, "x", id)
	if s.git("rev-parse", "other") != before {
		t.Error("the branch behind it moved")
	}
}

func TestABrokenDraftRefDoesNotStopTheBranch(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "a")
	s.write(".git/"+Drafts, "")
	applied(t, s.open(), logChange(id, "x"))
	c := startChange("private")
	c.Draft = true
	receipt, err := s.open().Write(t.Context(), c, nil)
	var ref *RefError
	if !errors.As(err, &ref) || ref.Ref != Drafts || !receipt.Spooled || len(receipt.Stuck) > 0 {
		t.Fatalf("%+v, %v", receipt, err)
	}
	applied(t, s.open(), logChange(id, "y"))
	if got := waiting(s, spoolDir); len(got) != 1 {
		t.Errorf("spool %q", got)
	}
}

func TestADeletedBranchMayBeginAnew(t *testing.T) {
	s := newRepo(t)
	started(t, s.open(), "a")
	s.git("branch", "-q", "-D", "incidents")
	id := started(t, s.open(), "b")
	if list, _, err := s.open().List(t.Context()); err != nil || len(list) != 1 || list[0].ID != id {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestASecondCloneAdoptsTheRemotesJournal(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "a")
	applied(t, s.open(), logChange(id, "first clone"))
	tip := s.git("rev-parse", "incidents")
	c := s.clone()
	at := must(c.open().Tip(t.Context()))(t)
	if at.Ref != "refs/remotes/origin/incidents" || at.Hash.String() != tip {
		t.Errorf("reads from %+v", at)
	}
	if got := texts(c, id); !slices.Equal(got, []string{"first clone"}) {
		t.Errorf("%q", got)
	}
	if open := must(c.open().OpenIncidents(t.Context()))(t); len(open) != 1 || open[0].ID != id {
		t.Errorf("%+v", open)
	}
	applied(t, c.open(), logChange(id, "second clone"))
	if got := c.git("rev-parse", "incidents~1"); got != tip {
		t.Errorf("built on %s, not on %s", got, tip)
	}
	if got := texts(c, id); !slices.Equal(got, []string{"first clone", "second clone"}) {
		t.Errorf("%q", got)
	}
	if at := must(c.open().Tip(t.Context()))(t); at.Ref != Branch {
		t.Errorf("reads from %+v", at)
	}
}

func TestABrokenRemoteTrackingRefMakesNoSecondRoot(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "a")
	c := s.clone()
	c.git("pack-refs", "--all")
	c.write(".git/refs/remotes/origin/incidents", "")
	refused(t, c, "x", id)
	if out, err := c.try("git", "rev-parse", "-q", "--verify", Branch); err == nil {
		t.Errorf("the branch was made: %s", out)
	}
}
