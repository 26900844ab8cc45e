package git

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// damage are ways in which a ref is there and cannot be read.
var damage = map[string]func(s sandbox, path string){
	"empty file":           func(s sandbox, path string) { s.write(path, "") },
	"garbage":              func(s sandbox, path string) { s.write(path, "garbage\n") },
	"object is gone":       func(s sandbox, path string) { s.write(path, strings.Repeat("5", 40)+"\n") },
	"symref to nothing":    func(s sandbox, path string) { s.write(path, "ref: refs/heads/nothing\n") },
	"empty, packed behind": func(s sandbox, path string) { s.git("pack-refs", "--all"); s.write(path, "") },
	"points at a blob": func(s sandbox, path string) {
		s.write(path, s.git("rev-parse", "main:app.txt")+"\n")
	},
}

func TestBrokenIsNotAbsent(t *testing.T) {
	for name, harm := range damage {
		t.Run(name, func(t *testing.T) {
			s := newHistory(t)
			tip := s.git("rev-parse", journal)
			harm(s, ".git/"+journal)
			r := s.open()
			if ref, err := r.AskRef(t.Context(), journal); !errors.Is(err, ErrBrokenRef) {
				t.Errorf("got %+v, %v", ref, err)
			}
			ref, err := r.FreshRef(t.Context(), journal)
			if unread := name == "object is gone" || name == "points at a blob"; unread != (err == nil) || ref.Absent() == unread {
				t.Errorf("got %+v, %v", ref, err)
			}
			if got := r.LastKnown(journal); got.String() != tip {
				t.Errorf("LastKnown = %s, want %s", got, tip)
			}
			if ref, err := r.FreshRef(t.Context(), "refs/heads/main"); err != nil || ref.Absent() {
				t.Errorf("its neighbour: %+v, %v", ref, err)
			}
		})
	}
}

func TestRefOutcomes(t *testing.T) {
	s := newHistory(t)
	s.git("symbolic-ref", "refs/heads/alias", journal)
	s.git("branch", "incidents-2", journal)
	s.git("update-ref", "refs/heads/deep/incidents/x", journal)
	tip := s.git("rev-parse", journal)
	r := s.open()
	if ref := must(r.Ref(t.Context(), journal))(t); ref.Hash.String() != tip || ref.Symref != "" || ref.WorkTree != "" {
		t.Errorf("%+v", ref)
	}
	for _, absent := range []string{"refs/incident/drafts", "refs/heads/deep/incidents", "refs/heads/incident"} {
		if ref := must(r.FreshRef(t.Context(), absent))(t); !ref.Absent() || ref.Name != absent {
			t.Errorf("%+v", ref)
		}
	}
	if ref := must(r.Ref(t.Context(), "refs/heads/alias"))(t); ref.Symref != journal {
		t.Errorf("%+v", ref)
	}
	side := filepath.Join(t.TempDir(), "side")
	s.git("worktree", "add", "-q", side, "incidents")
	if ref := must(r.Ref(t.Context(), journal))(t); ref.WorkTree != "" {
		t.Errorf("Ref read again: %+v", ref)
	}
	if ref := must(r.FreshRef(t.Context(), journal))(t); ref.WorkTree != side {
		t.Errorf("%+v", ref)
	}
}

func TestUpdateIsCompareAndSwap(t *testing.T) {
	s := newHistory(t)
	r := s.open()
	tip := must(r.Ref(t.Context(), journal))(t).Hash
	parent := must(r.FreshRef(t.Context(), "refs/heads/main"))(t).Hash
	for name, u := range map[string]RefUpdate{
		"other value":            {Name: journal, New: parent, Old: parent},
		"create what exists":     {Name: journal, New: parent},
		"change what is missing": {Name: "refs/heads/none", New: parent, Old: tip},
		"delete what has moved":  {Name: journal, Old: parent},
	} {
		if err := r.UpdateRefs(t.Context(), "x", u); !errors.Is(err, ErrStale) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := must(r.FreshRef(t.Context(), journal))(t).Hash; got != tip {
		t.Errorf("the ref moved to %s", got)
	}
}

func TestUpdateTellsWhy(t *testing.T) {
	s := newHistory(t)
	r := s.open()
	tip := must(r.Ref(t.Context(), journal))(t).Hash
	s.write(".git/"+journal+".lock", "")
	again := RefUpdate{Name: journal, New: tip, Old: tip}
	if err := r.UpdateRefs(t.Context(), "x", again); !errors.Is(err, ErrLocked) {
		t.Errorf("locked: %v", err)
	}
	if !r.RemoveLock(journal, tip) || r.RemoveLock(journal, tip) {
		t.Error("the lock left behind was not removed exactly once")
	}
	s.write(".git/"+journal+".lock", strings.Repeat("1", 40)+"\n")
	if r.RemoveLock(journal, tip) {
		t.Error("somebody else's lock was removed")
	}
	if err := os.Remove(filepath.Join(s.dir, ".git", journal+".lock")); err != nil {
		t.Fatal(err)
	}
	s.write(".git/"+journal, "")
	for _, u := range []RefUpdate{again, {Name: journal, New: tip}} {
		if err := r.UpdateRefs(t.Context(), "x", u); !errors.Is(err, ErrBrokenRef) {
			t.Errorf("broken: %v", err)
		}
	}
}

func TestUpdateOfTwoRefsIsOneUpdate(t *testing.T) {
	s := newHistory(t)
	r := s.open()
	const drafts = "refs/incident/drafts"
	tip := must(r.Ref(t.Context(), journal))(t).Hash
	other := must(r.Ref(t.Context(), "refs/heads/main"))(t).Hash
	create := RefUpdate{Name: drafts, New: other}
	if err := r.UpdateRefs(t.Context(), "x", create, RefUpdate{Name: journal, New: other, Old: other}); !errors.Is(err, ErrStale) {
		t.Errorf("half a lie: %v", err)
	}
	if ref := must(r.FreshRef(t.Context(), drafts))(t); !ref.Absent() {
		t.Errorf("half of an update happened: %+v", ref)
	}
	if err := r.UpdateRefs(t.Context(), "x", create, RefUpdate{Name: journal, New: tip, Old: tip}); err != nil {
		t.Fatal(err)
	}
	if err := r.UpdateRefs(t.Context(), "x", RefUpdate{Name: drafts, Old: other}); err != nil {
		t.Fatal(err)
	}
	if ref := must(r.FreshRef(t.Context(), drafts))(t); !ref.Absent() {
		t.Errorf("not deleted: %+v", ref)
	}
}

func TestUpdateMovesTheSymrefItself(t *testing.T) {
	s := newHistory(t)
	s.git("symbolic-ref", "refs/heads/alias", "refs/heads/main")
	before := s.git("rev-parse", "main")
	r := s.open()
	tip := must(r.Ref(t.Context(), journal))(t).Hash
	_ = r.UpdateRefs(t.Context(), "x", RefUpdate{Name: "refs/heads/alias", New: tip, Old: must(r.Ref(t.Context(), "refs/heads/main"))(t).Hash})
	if got := s.git("rev-parse", "main"); got != before {
		t.Error("the branch behind a symbolic ref was moved")
	}
}

// TestFreshRefSaysWhatGitSays compares the shortcut with git, in every state a
// ref can be in.
func TestFreshRefSaysWhatGitSays(t *testing.T) {
	s := newHistory(t)
	names := []string{journal, "refs/heads/main", "refs/heads/none", "refs/heads/incident", "refs/heads", "refs/incident/drafts", "refs/heads/alias", "refs/tags/annotated"}
	s.git("symbolic-ref", "refs/heads/alias", journal)
	s.git("tag", "-a", "-m", "x", "v1")
	s.git("tag", "-a", "-m", "x", "annotated")
	check := func(state string) {
		t.Helper()
		r := s.open()
		for _, name := range names {
			want, wantErr := r.AskRef(t.Context(), name)
			got, err := r.FreshRef(t.Context(), name)
			if name == "refs/tags/annotated" && errors.Is(wantErr, ErrBrokenRef) {
				continue // not a commit: shows when it is read
			}
			if got != want || (err == nil) != (wantErr == nil) {
				t.Errorf("%s, %s: %+v, %v; git says %+v, %v", state, name, got, err, want, wantErr)
			}
		}
	}
	check("loose")
	s.git("pack-refs", "--all")
	check("packed")
	s.append(s.open(), journal, "c", "c\n")
	s.append(s.open(), "refs/incident/drafts", "c", "c\n")
	check("loose over packed")
	s.git("worktree", "add", "-q", filepath.Join(t.TempDir(), "side"), "incidents")
	check("checked out")
	s.git("config", "core.repositoryFormatVersion", "1")
	s.git("config", "extensions.noop", "true")
	check("an extension")
	s.git("checkout", "-q", "--detach")
	check("detached")
}

func TestALargePackedRefsIsLeftToGit(t *testing.T) {
	s := newHistory(t)
	s.git("pack-refs", "--all")
	tip := s.git("rev-parse", journal)
	packed := s.file(".git/packed-refs")
	var more strings.Builder
	for more.Len() < maxPacked {
		more.WriteString(tip + " refs/tags/" + strings.Repeat("v", more.Len()%97) + "-" + strings.Repeat("x", 100) + "\n")
	}
	s.write(".git/packed-refs", packed+more.String())
	if _, plain := s.open().peek(journal); plain {
		t.Error("read as a whole")
	}
	if ref := must(s.open().FreshRef(t.Context(), journal))(t); ref.Hash.String() != tip {
		t.Errorf("%+v", ref)
	}
}

func TestAnExpectedUpdateHoldsNoLock(t *testing.T) {
	s := newHistory(t)
	r := s.open()
	r.ExpectUpdate(t.Context(), "mine")
	s.append(s.open(), journal, "theirs", "x\n")
	s.git("pack-refs", "--all")
	tip := must(r.FreshRef(t.Context(), journal))(t).Hash
	parent := NewHash(s.git("rev-parse", journal+"~1"))
	if err := r.UpdateRefs(t.Context(), "mine", RefUpdate{Name: journal, New: parent, Old: tip}); err != nil {
		t.Fatal(err)
	}
	if r.updater != nil {
		t.Error("not used")
	}
	r.ExpectUpdate(t.Context(), "mine")
	if err := r.UpdateRefs(t.Context(), "another", RefUpdate{Name: journal, New: tip, Old: parent}); err != nil {
		t.Fatal(err)
	}
	r.ExpectUpdate(t.Context(), "never")
	r.ForgetUpdate()
	r.ForgetUpdate()
	if got := s.git("log", "-g", "-2", "--format=%gs", journal); got != "another\nmine" {
		t.Errorf("reflog %q", got)
	}
}

func TestAnUnbornBranchHasItsWorkTree(t *testing.T) {
	s := newRepo(t)
	side := filepath.Join(t.TempDir(), "side")
	s.git("worktree", "add", "-q", "--detach", side)
	s.in(side).git("symbolic-ref", "HEAD", "refs/heads/unborn")
	for _, from := range []sandbox{s, s.in(side)} {
		if ref := must(from.open().FreshRef(t.Context(), "refs/heads/unborn"))(t); !ref.Absent() || ref.WorkTree != side {
			t.Errorf("%+v", ref)
		}
	}
	for _, other := range []string{"refs/heads/unbor", "refs/heads/unborn2"} {
		if ref := must(s.open().FreshRef(t.Context(), other))(t); ref.WorkTree != "" {
			t.Errorf("%+v", ref)
		}
	}
}
