package store

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"git-incident/journal"
	"git-incident/journal/git"
)

// spooled leaves a change as a process does that is killed right after it was
// acknowledged.
func spooled(t *testing.T, j *Journal, changes ...journal.Change) string {
	t.Helper()
	r := &record{Changes: changes}
	if err := j.spool(r); err != nil {
		t.Fatal(err)
	}
	return r.name
}

func TestSpooledAndKilled(t *testing.T) {
	s := newRepo(t)
	j := s.open()
	start := startChange("a")
	spooled(t, j, start)
	spooled(t, j, logChange(start.Incident, "one"))
	if open := must(s.open().OpenIncidents(t.Context()))(t); len(open) != 1 || open[0].ID != start.Incident {
		t.Errorf("before it is applied: %+v", open)
	}
	if found := must(s.open().Find(t.Context(), journal.ShortID(start.Incident)))(t); found.Title != "a" {
		t.Errorf("before it is applied: %+v", found)
	}
	receipt := must(s.open().Flush(t.Context()))(t)
	if receipt.Others != 2 || !slices.Equal(texts(s, start.Incident), []string{"one"}) {
		t.Errorf("%+v, %q", receipt, texts(s, start.Incident))
	}
	if again := must(s.open().Flush(t.Context()))(t); again.Others != 0 {
		t.Errorf("%+v", again)
	}
}

// TestAppliedAndKilled is a process that dies between moving the ref and tidying
// its spool. Others write before anybody looks; applying it twice would take
// back what they wrote.
func TestAppliedAndKilled(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "a")
	c := setChange(id, "severity", "bad")
	receipt := applied(t, s.open(), c)
	other := applied(t, s.open(), setChange(id, "severity", "mild"))
	done := waiting(s, doneDir)
	j := s.open()
	if err := os.Rename(j.path(doneDir, done[1]), j.path(spoolDir, done[1])); err != nil {
		t.Fatal(err)
	}
	if err := j.declare(intent{{Name: Branch, New: receipt.Commit}}); err != nil {
		t.Fatal(err)
	}
	must(s.open().Flush(t.Context()))(t)
	if got := must(s.open().Read(t.Context(), id))(t).Incident.Severity; got != "mild" {
		t.Errorf("severity is %q", got)
	}
	if got := s.git("rev-parse", "incidents"); got != other.Commit.String() {
		t.Errorf("another commit %s", got)
	}
	if left := waiting(s, spoolDir); len(left) != 0 {
		t.Errorf("spool %q", left)
	}
	applied(t, s.open(), logChange(id, "x"))
	if _, found := s.open().leftover(); found {
		t.Error("the intent of the dead is still there")
	}
}

func TestALockFileOfTheDeadIsRemoved(t *testing.T) {
	for name, content := range map[string]string{"before writing": "", "after writing": strings.Repeat("7", 40) + "\n"} {
		t.Run(name, func(t *testing.T) {
			s := newRepo(t)
			id := started(t, s.open(), "a")
			s.write(".git/"+Branch+".lock", content)
			if err := s.open().declare(intent{{Name: Branch, New: git.NewHash(strings.Repeat("7", 40))}}); err != nil {
				t.Fatal(err)
			}
			applied(t, s.open(), logChange(id, "x"))
		})
	}
}

func TestALockFileOfOthersIsWaitedForAndRespected(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "a")
	s.write(".git/"+Branch+".lock", "")
	for range 2 {
		receipt := must(s.open().Write(t.Context(), logChange(id, "x"), nil))(t)
		if !receipt.Spooled || receipt.Applied || !errors.Is(receipt.Waiting, git.ErrLocked) {
			t.Fatalf("%+v", receipt)
		}
	}
	if err := os.Remove(s.path(".git/" + Branch + ".lock")); err != nil {
		t.Fatal(err)
	}
	must(s.open().Flush(t.Context()))(t)
	if got := texts(s, id); len(got) != 2 {
		t.Errorf("%q", got)
	}
}

func TestABusyJournalKeepsNobodyWaiting(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "a")
	unlock, ok, err := s.open().lock(t.Context(), 0)
	if !ok || err != nil {
		t.Fatal(err)
	}
	receipt := must(s.open().Write(t.Context(), logChange(id, "x"), nil))(t)
	if !receipt.Spooled || receipt.Applied || receipt.Waiting == nil {
		t.Errorf("%+v", receipt)
	}
	if flushed := must(s.open().Flush(t.Context()))(t); flushed.Waiting == nil || flushed.Others != 0 {
		t.Errorf("%+v", flushed)
	}
	unlock()
	if receipt := applied(t, s.open(), logChange(id, "y")); receipt.Others != 1 {
		t.Errorf("%+v", receipt)
	}
	if got := texts(s, id); !slices.Equal(got, []string{"x", "y"}) {
		t.Errorf("%q", got)
	}
}

// TestSomebodyElseAppliedIt is a writer that gets the lock after another one has
// found its record in the spool.
func TestSomebodyElseAppliedIt(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "a")
	j := s.open()
	r := &record{Changes: []journal.Change{logChange(id, "x")}}
	if err := j.spool(r); err != nil {
		t.Fatal(err)
	}
	must(s.open().Flush(t.Context()))(t)
	receipt := must(j.appliedByOthers(t.Context(), r, Receipt{Spooled: true}))(t)
	if !receipt.Applied || len(receipt.Incident.Timeline) != 1 {
		t.Errorf("%+v", receipt)
	}
}

// TestALostRaceIsBuiltAgain moves the branch while a turn is being built, as a
// git that knows nothing of our lock does.
func TestALostRaceIsBuiltAgain(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "a")
	j := s.open()
	spooled(t, j, logChange(id, "mine"))
	records, _, err := j.pending()
	if err != nil {
		t.Fatal(err)
	}
	b := must(j.newBatch(t.Context()))(t)
	defer b.objs.Close()
	if err := b.apply(t.Context(), records[0]); err != nil {
		t.Fatal(err)
	}
	s.put("theirs.md", []byte("x\n"))
	if err := b.land(t.Context(), "x", nil, b.updates()); !errors.Is(err, git.ErrStale) {
		t.Fatalf("land = %v", err)
	}
	if _, found := j.leftover(); found {
		t.Error("a refused update looks like a crash")
	}
	must(s.open().Flush(t.Context()))(t)
	if got := texts(s, id); !slices.Equal(got, []string{"mine"}) || s.git("show", "incidents:theirs.md") != "x" {
		t.Errorf("%q", got)
	}
}

// TestTheRetryLoop lets somebody who knows nothing of our lock move the branch
// all the while.
func TestTheRetryLoop(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "a")
	var wg sync.WaitGroup
	wg.Go(func() {
		for range 40 {
			tip := s.git("rev-parse", Branch)
			_, _ = s.try("git", "update-ref", Branch, s.git("commit-tree", "-p", tip, "-m", "theirs", tip+"^{tree}"), tip)
		}
	})
	for n := range 15 {
		applied(t, s.open(), logChange(id, fmt.Sprint(n)))
	}
	wg.Wait()
	if got := texts(s, id); len(got) != 15 {
		t.Errorf("%q", got)
	}
	if got := s.git("rev-list", "--grep=theirs", "--count", Branch); got == "0" {
		t.Error("nobody else wrote")
	}
}

func TestADamagedSpoolFileIsSetAside(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "a")
	j := s.open()
	c := logChange(id, "with a file")
	c.Attach = []journal.Attachment{{Name: "x.txt"}}
	files := must(complete(&c, map[string][]byte{"x.txt": []byte("content")}))(t)
	r := &record{Changes: []journal.Change{c}, Files: files}
	if err := j.spool(r); err != nil {
		t.Fatal(err)
	}
	whole := must(os.ReadFile(j.path(spoolDir, r.name)))(t)
	for n, body := range [][]byte{nil, whole[:20], whole[:len(whole)-1], slices.Concat(whole[:len(whole)-1], []byte("?")), []byte("{}\n")} {
		name := r.name[:19-1] + string(rune('1'+n)) + r.name[19:]
		if err := os.WriteFile(j.path(spoolDir, name), body, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	_ = os.Remove(j.path(spoolDir, r.name))
	receipt := landed(t, s, logChange(id, "goes on"))
	if len(receipt.Stuck) != 5 || len(must(s.open().Stuck())(t)) != 5 {
		t.Errorf("%+v", receipt.Stuck)
	}
}

// landed is applied for a write that finds others stuck.
func landed(t *testing.T, s sandbox, c journal.Change) Receipt {
	t.Helper()
	receipt := must(s.open().Write(t.Context(), c, nil))(t)
	if !receipt.Applied {
		t.Fatalf("%+v", receipt)
	}
	return receipt
}

func TestDoneIsKeptForAWhile(t *testing.T) {
	s := newRepo(t)
	at := func(days float64) *Journal {
		j := s.open()
		j.now = func() time.Time { return noon.Add(time.Duration(days * 24 * float64(time.Hour))) }
		return j
	}
	kept := func(want int, why string) {
		t.Helper()
		if got := must(recordNames(s.open().path(doneDir)))(t); len(got) != want {
			t.Errorf("%s: %q", why, got)
		}
	}
	id := started(t, at(0), "a")
	applied(t, at(0.5), logChange(id, "pushed"))
	at(1.1).prune(t.Context())
	kept(2, "too young")
	remote := s.clone("--bare")
	applied(t, at(1.2), logChange(id, "not pushed"))
	s.git("remote", "add", "origin", remote.dir)
	s.git("fetch", "-q", "origin")
	at(2).prune(t.Context())
	kept(3, "looked at less than a day ago")
	at(2.2).prune(t.Context())
	kept(1, "on a remote")
	at(15.1).prune(t.Context())
	kept(1, "not yet two weeks old")
	at(16.2).prune(t.Context())
	kept(0, "two weeks old")
}

func TestTemporaryFilesOfTheDeadAreSweptUp(t *testing.T) {
	s := newRepo(t)
	started(t, s.open(), "a")
	j := s.open()
	old, young := j.path(spoolDir, tempName+"old"), j.path(tempName+"young")
	for path, age := range map[string]time.Duration{old: 48 * time.Hour, young: time.Hour} {
		s.write(strings.TrimPrefix(path, s.dir), "x")
		if err := os.Chtimes(path, noon.Add(-age), noon.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	j.sweep(noon)
	_, oldErr := os.Stat(old)
	_, youngErr := os.Stat(young)
	if !errors.Is(oldErr, os.ErrNotExist) || youngErr != nil {
		t.Errorf("old %v, young %v", oldErr, youngErr)
	}
}

func TestAReadOnlyRepositoryCanBeRead(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "a")
	j := s.open()
	if err := os.RemoveAll(j.dir); err != nil {
		t.Fatal(err)
	}
	s.write(".git/incident", "in the way") // for root, permissions are not
	if list, _, err := s.open().List(t.Context()); err != nil || len(list) != 1 {
		t.Errorf("%+v, %v", list, err)
	}
	if open := must(s.open().OpenIncidents(t.Context()))(t); len(open) != 1 {
		t.Errorf("%+v", open)
	}
	receipt, err := s.open().Write(t.Context(), logChange(id, "x"), nil)
	if err == nil || receipt.Spooled {
		t.Errorf("%+v, %v", receipt, err)
	}
}
