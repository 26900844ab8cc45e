package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"git-incident/journal/git"
)

// TestARecordOutlivesItsChange lets two weeks pass after a change left the history.
// Its record is the only other copy.
func TestARecordOutlivesItsChange(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "a")
	before := s.git("rev-parse", "incidents")
	applied(t, s.open(), logChange(id, "only here"))
	s.git("update-ref", "refs/heads/incidents", before)
	later := func() *Journal {
		j := s.open()
		j.now = func() time.Time { return noon.Add(keepDone + pruneEvery + time.Hour) }
		return j
	}
	applied(t, later(), logChange(id, "later"))
	must(later().Repair(t.Context()))(t)
	if got := texts(s, id); len(got) != 2 || !strings.Contains(strings.Join(got, " "), "only here") {
		t.Errorf("%q", got)
	}
}

// TestALockOnATrackingBranchGoes is about a sync that died while it moved refs: the
// user's own git fetch stops at the lock.
func TestALockOnATrackingBranchGoes(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "a")
	name := "refs/remotes/origin/incidents"
	value := git.NewHash(s.git("rev-parse", "incidents"))
	j := s.open()
	if err := j.declare(intent{{Name: name, New: value}}); err != nil {
		t.Fatal(err)
	}
	lock := filepath.Join(s.dir, ".git", filepath.FromSlash(name)+".lock")
	if err := os.MkdirAll(filepath.Dir(lock), 0o777); err != nil {
		t.Fatal(err)
	}
	s.write(".git/"+name+".lock", value.String()+"\n")
	applied(t, s.open(), logChange(id, "next"))
	if _, err := os.Stat(lock); err == nil {
		t.Error("the lock is still there, and nobody can tell any more whose it was")
	}
}
