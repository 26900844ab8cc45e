package store

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"git-incident/journal"
	"git-incident/journal/git"
)

// TestAPassingFailureHoldsTheChange takes away what the change is applied to, and
// gives it back.
func TestAPassingFailureHoldsTheChange(t *testing.T) {
	for name, object := range map[string]func(s sandbox, id string) string{
		"note": func(s sandbox, id string) string { return "incidents:" + journal.Path(id) + "/" + noteName },
		"tree": func(s sandbox, id string) string { return "incidents:" + journal.Path(id) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newRepo(t)
			id := started(t, s.open(), "a")
			hex := s.git("rev-parse", object(s, id))
			path := s.path(".git/objects/" + hex[:2] + "/" + hex[2:])
			whole := must(os.ReadFile(path))(t)
			for _, damage := range []func() error{
				func() error { s.lose(path); return nil },
				func() error { return os.WriteFile(path, []byte("damaged"), 0o600) },
			} {
				if err := damage(); err != nil {
					t.Fatal(err)
				}
				receipt, err := s.open().Write(t.Context(), logChange(id, "x"), nil)
				if err == nil || errors.Is(err, ErrInapplicable) || receipt.Applied || len(receipt.Stuck) > 0 {
					t.Fatalf("%+v, %v", receipt, err)
				}
			}
			if err := os.WriteFile(path, whole, 0o600); err != nil {
				t.Fatal(err)
			}
			must(s.open().Flush(t.Context()))(t)
			if got := texts(s, id); len(got) != 2 {
				t.Errorf("%q", got)
			}
		})
	}
}

// TestOnlyOwnErrorsSetAChangeAside gives a turn errors of all kinds.
func TestOnlyOwnErrorsSetAChangeAside(t *testing.T) {
	s := newRepo(t)
	started(t, s.open(), "a")
	for _, err := range []error{context.Canceled, git.ErrNoObject, os.ErrPermission, errors.New("git cat-file ended: EOF")} {
		var out outcome
		s.open().keep(heldRecord{&record{name: "x"}, err}, &out)
		if len(out.held) != 1 || len(out.stuck) != 0 {
			t.Errorf("%v: %+v", err, out)
		}
	}
}

// TestAnUnreadableSpoolFileIsHeld has a directory where a record should be, which
// no permission of root's can open as a file.
func TestAnUnreadableSpoolFileIsHeld(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "a")
	name := strings.Repeat("1", stampLen) + "-abc"
	if err := os.Mkdir(s.open().path(spoolDir, name), 0o777); err != nil {
		t.Fatal(err)
	}
	applied(t, s.open(), logChange(id, "goes on"))
	if got := waiting(s, spoolDir); !slices.Equal(got, []string{name}) {
		t.Errorf("spool %q", got)
	}
}

// TestAChangeWaitsForTheRefItsIncidentMayBeOn logs to a draft, by a change that
// takes it for the branch's, while the drafts cannot be read.
func TestAChangeWaitsForTheRefItsIncidentMayBeOn(t *testing.T) {
	s := newRepo(t)
	started(t, s.open(), "other")
	c := startChange("private")
	c.Draft = true
	applied(t, s.open(), c)
	tip := s.git("rev-parse", Drafts)
	s.write(".git/"+Drafts, "")
	receipt, err := s.open().Write(t.Context(), logChange(c.Incident, "x"), nil)
	var ref *RefError
	if !errors.As(err, &ref) || len(receipt.Stuck) > 0 {
		t.Fatalf("%+v, %v", receipt, err)
	}
	s.write(".git/"+Drafts, tip+"\n")
	must(s.open().Flush(t.Context()))(t)
	if got := texts(s, c.Incident); !slices.Equal(got, []string{"x"}) {
		t.Errorf("%q", got)
	}
}

func TestAClockSetBackKeepsTheOrder(t *testing.T) {
	s := newRepo(t)
	j := s.open()
	start := startChange("a")
	spooled(t, j, start)
	j.now = func() time.Time { return noon.Add(-time.Hour) }
	spooled(t, j, logChange(start.Incident, "one"))
	spooled(t, j, logChange(start.Incident, "two"))
	receipt := must(s.open().Flush(t.Context()))(t)
	if receipt.Others != 3 || len(receipt.Stuck) > 0 {
		t.Errorf("%+v", receipt)
	}
	if got := texts(s, start.Incident); !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("%q", got)
	}
}

// TestARecordThatCannotBeMovedIsNotAppliedTwice has a file where applied records
// should go.
func TestARecordThatCannotBeMovedIsNotAppliedTwice(t *testing.T) {
	s := newRepo(t)
	s.write(".git/incident/"+doneDir, "in the way")
	if err := s.open().makeDir(s.open().path(doneDir)); err == nil {
		t.Error("a file passes for a directory")
	}
	id := started(t, s.open(), "a")
	applied(t, s.open(), setChange(id, "severity", "bad"))
	applied(t, s.open(), setChange(id, "severity", "mild"))
	must(s.open().Import(t.Context(), notes(1), "import", noon, none))(t)
	must(s.open().Flush(t.Context()))(t)
	if got := s.git("rev-list", "--count", "incidents"); got != "4" {
		t.Errorf("%s commits\n%s", got, s.git("log", "--format=%s", "incidents"))
	}
	if err := os.Remove(s.open().path(doneDir)); err != nil {
		t.Fatal(err)
	}
	applied(t, s.open(), logChange(id, "x"))
	if left := waiting(s, spoolDir); len(left) != 0 {
		t.Errorf("spool %q", left)
	}
	if _, found := s.open().leftover(); found {
		t.Error("the intent is still there")
	}
}

// TestANoteThatIsNotUTF8CanBeMended edits a text that JSON cannot carry.
func TestANoteThatIsNotUTF8CanBeMended(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "a")
	good := must(s.open().Read(t.Context(), id))(t)
	s.put(journal.Path(id)+"/"+noteName, []byte("---\n\xff broken"))
	bad := must(s.open().Read(t.Context(), id))(t)
	if bad.Err == nil {
		t.Fatal("the note can be read")
	}
	c := change(id, "edit", "mend")
	c.Edit = &journal.Edit{Base: string(bad.Raw), Text: string(good.Raw), Blob: good.Blob.String()}
	if _, err := s.open().Write(t.Context(), c, nil); !errors.Is(err, ErrInapplicable) {
		t.Errorf("an edit of another text: %v", err)
	}
	c = change(id, "edit", "mend")
	c.Edit = &journal.Edit{Base: string(bad.Raw), Text: string(good.Raw), Blob: bad.Blob.String()}
	landed(t, s, c)
	if note := must(s.open().Read(t.Context(), id))(t); note.Err != nil {
		t.Error(note.Err)
	}
}

// TestReadingBackSaysWhatIsWrong verifies a line whose tree is not the commit's.
func TestReadingBackSaysWhatIsWrong(t *testing.T) {
	s := newRepo(t)
	started(t, s.open(), "a")
	b := must(s.open().newBatch(t.Context()))(t)
	defer b.objs.Close()
	l := must(b.on(t.Context(), false))(t)
	l.base.parent, l.tree = Hash{}, Hash{}
	if err := b.verify(t.Context()); !errors.Is(err, errNotWritten) || strings.Contains(err.Error(), "%!") {
		t.Errorf("verify = %v", err)
	}
}
