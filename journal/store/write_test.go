package store

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"git-incident/journal"
	"git-incident/journal/git"
)

func TestTheHistoryReadsAsAStory(t *testing.T) {
	s := newRepo(t)
	before := s.print()
	j := s.open()
	id := started(t, j, "checkout is 500ing")
	entry := logChange(id, "rolled back to v41")
	receipt := applied(t, j, entry)
	applied(t, s.open(), setChange(id, "status", "mitigated"))
	short := journal.ShortID(id)
	want := "set: status (" + short + ")\nlog: rolled back to v41 (" + short + ")\nstart: checkout is 500ing (" + short + ")"
	if got := s.git("log", "--format=%s", "incidents"); got != want {
		t.Errorf("got\n%s", got)
	}
	if got := s.git("log", "-1", "--format=%an <%ae> %aI %cn %cI", receipt.Commit.String()); got != "Ada <ada@example.com> 2026-11-20T13:00:00+01:00 Ada 2026-11-20T13:00:00+01:00" {
		t.Error(got)
	}
	trailers := "Incident: " + id + "\nIncident-Entry: " + entry.Log[0].ID + "\nIncident-Change: " + entry.ID + "\n"
	if got := s.git("log", "-1", "--format=%(trailers:only)", receipt.Commit.String()); got != trailers {
		t.Errorf("got\n%s", got)
	}
	if got := s.git("log", "-g", "--format=%gs", "incidents"); got != "incident: set\nincident: log\nincident: start" {
		t.Errorf("reflog\n%s", got)
	}
	if got := s.git("show", "incidents:README.md"); !strings.HasPrefix(got, "# Incidents\n") {
		t.Errorf("README\n%s", got)
	}
	if got := s.git("cat-file", "blob", "incidents:"+journal.Path(id)+"/README.md"); !strings.Contains(got, "rolled back to v41") || got+"\n" != string(must(s.open().Read(t.Context(), id))(t).Raw) {
		t.Errorf("note\n%s", got)
	}
	if receipt.Incident == nil || len(receipt.Incident.Timeline) != 1 {
		t.Errorf("receipt %+v", receipt)
	}
	s.fsck()
	if s.print() != before {
		t.Error("work tree, index, HEAD or status changed")
	}
	if left := waiting(s, spoolDir); len(left) != 0 || len(waiting(s, doneDir)) != 3 {
		t.Errorf("spool %q, done %q", left, waiting(s, doneDir))
	}
}

func TestTwiceIsOnce(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "a")
	c := logChange(id, "x")
	first := applied(t, s.open(), c)
	if again := applied(t, s.open(), c); again.Commit != first.Commit {
		t.Errorf("a second commit %s", again.Commit)
	}
	if got := texts(s, id); !slices.Equal(got, []string{"x"}) {
		t.Errorf("%q", got)
	}
}

func TestAttachments(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "a")
	attach := func(text, content string) error {
		c := logChange(id, text)
		c.Attach = []journal.Attachment{{Name: "graph.png"}}
		_, err := s.open().Write(t.Context(), c, map[string][]byte{"graph.png": []byte(content)})
		return err
	}
	for _, content := range []string{"one", "one", "two"} {
		if err := attach("see [it](graph.png)", content); err != nil {
			t.Fatal(err)
		}
	}
	note := must(s.open().Read(t.Context(), id))(t)
	if len(note.Incident.Attachments) != 2 || note.Incident.Attachments[0].Size != 3 {
		t.Fatalf("%+v", note.Incident.Attachments)
	}
	other := journal.OtherName(journal.Attachment{Name: "graph.png", Hash: git.BlobHash([]byte("two")).String()})
	for name, want := range map[string]string{"graph.png": "one", other: "two"} {
		if got := must(s.open().Attachment(t.Context(), id, name))(t); string(got) != want {
			t.Errorf("%s holds %q", name, got)
		}
	}
	if got := texts(s, id); got[2] != "see [it]("+other+")" {
		t.Errorf("%q", got)
	}
	if _, err := s.open().Attachment(t.Context(), id, "../README.md"); !IsNotFound(err) {
		t.Errorf("outside: %v", err)
	}
	all, _, err := s.open().All(t.Context(), true)
	if err != nil || len(all) != 1 || len(all[0].Incident.Attachments) != 2 || all[0].Incident.Attachments[0].Size != 3 {
		t.Errorf("All = %+v, %v", all, err)
	}
	s.fsck()
}

func TestAttachmentsAreCheckedBeforeAnythingIsWritten(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "a")
	big := make([]byte, journal.MaxAttachment+1)
	for name, content := range map[string][]byte{"../x": nil, "README.md": nil, ".git": nil, "a/b": nil, "con.txt": nil, "x\u202e.png": nil, "big": big} {
		c := logChange(id, "x")
		c.Attach = []journal.Attachment{{Name: name}}
		if receipt, err := s.open().Write(t.Context(), c, map[string][]byte{name: content}); err == nil || receipt.Spooled {
			t.Errorf("%q: %+v, %v", name, receipt, err)
		}
	}
	c := logChange(id, "x")
	c.Attach = []journal.Attachment{{Name: "none"}}
	if _, err := s.open().Write(t.Context(), c, nil); err == nil {
		t.Error("an attachment without content passes")
	}
	if len(waiting(s, spoolDir)) != 0 {
		t.Error("something was spooled")
	}
}

func TestWhatCannotBeAppliedIsInNobodysWay(t *testing.T) {
	s := newRepo(t)
	j := s.open()
	id := started(t, j, "a")
	lost := logChange(journal.NewID(noon, "never", "k7f3"), "where to?")
	receipt, err := j.Write(t.Context(), lost, nil)
	if !errors.Is(err, ErrInapplicable) || !errors.Is(err, journal.ErrNoIncident) || !receipt.Spooled || receipt.Applied {
		t.Errorf("%+v, %v", receipt, err)
	}
	big := logChange(id, strings.Repeat("x", journal.MaxNote))
	if _, err := j.Write(t.Context(), big, nil); !errors.Is(err, journal.ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	applied(t, s.open(), logChange(id, "goes on"))
	stuck := must(s.open().Stuck())(t)
	if len(stuck) != 2 || stuck[0].Changes[0].Log[0].Text != "where to?" || stuck[0].Reason != journal.ErrNoIncident.Error() {
		t.Fatalf("%+v", stuck)
	}
	if _, err := os.Stat(stuck[0].File); err != nil {
		t.Error(err)
	}
}

func TestDroppingNothingMakesNothing(t *testing.T) {
	s := newRepo(t)
	for _, draft := range []bool{false, true} {
		c := change(journal.NewID(noon, "never", "k7f3"), "drop", "x")
		c.Drop, c.Draft = true, draft
		applied(t, s.open(), c)
	}
	if got := s.git("for-each-ref", "--format=%(refname)"); got != "refs/heads/main" {
		t.Errorf("refs %q", got)
	}
}

func TestARecordIsAppliedAsAWholeOrNotAtAll(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "a")
	spooled(t, s.open(), setChange(id, "severity", "half"), logChange(journal.NewID(noon, "never", "k7f3"), "x"))
	spooled(t, s.open(), logChange(id, "after"))
	receipt := must(s.open().Flush(t.Context()))(t)
	if receipt.Others != 1 || len(receipt.Stuck) != 1 || len(receipt.Stuck[0].Changes) != 2 {
		t.Errorf("%+v", receipt)
	}
	note := must(s.open().Read(t.Context(), id))(t)
	if note.Incident.Severity != "" || len(note.Incident.Timeline) != 1 {
		t.Errorf("%+v", note.Incident)
	}
}

func TestDrafts(t *testing.T) {
	s := newRepo(t)
	c := startChange("private")
	c.Draft = true
	applied(t, s.open(), c)
	if out, err := s.try("git", "rev-parse", "-q", "--verify", "incidents"); err == nil {
		t.Errorf("a draft made the branch %s", out)
	}
	entry := logChange(c.Incident, "first")
	entry.Draft = true
	applied(t, s.open(), entry)
	if note := must(s.open().Read(t.Context(), c.Incident))(t); !note.Draft {
		t.Errorf("%+v", note)
	}
	late := logChange(c.Incident, "written before, spooled until after")
	late.Draft = true
	receipt := must(s.open().Share(t.Context(), change(c.Incident, "share", "private")))(t)
	if !receipt.Applied || len(receipt.Incident.Timeline) != 1 {
		t.Fatalf("%+v", receipt)
	}
	applied(t, s.open(), late)
	if note := must(s.open().Read(t.Context(), c.Incident))(t); note.Draft || len(note.Incident.Timeline) != 2 {
		t.Errorf("%+v", note)
	}
	if got := s.git("ls-tree", "-r", "--name-only", Drafts); got != ".gitattributes\nREADME.md" {
		t.Errorf("still among the drafts: %q", got)
	}
	if _, err := s.open().Share(t.Context(), change(c.Incident, "share", "again")); !IsNotFound(err) {
		t.Errorf("shared twice: %v", err)
	}
	s.fsck()
}

func TestADraftThatIsOnTheBranchTooIsUnitedByTheNextShare(t *testing.T) {
	s := newRepo(t)
	c := startChange("both")
	applied(t, s.open(), c)
	applied(t, s.open(), logChange(c.Incident, "on the branch"))
	s.git("update-ref", Drafts, "incidents")
	entry := logChange(c.Incident, "among the drafts")
	entry.Draft = true
	applied(t, s.open(), entry)
	list, _, err := s.open().List(t.Context())
	if err != nil || len(list) != 1 || list[0].Draft {
		t.Fatalf("%+v, %v", list, err)
	}
	must(s.open().Share(t.Context(), change(c.Incident, "share", "both")))(t)
	if got := texts(s, c.Incident); len(got) != 2 {
		t.Errorf("%q", got)
	}
}

func TestAPendingChangeToADraftGoesAlongWithIt(t *testing.T) {
	s := newRepo(t)
	c := startChange("private")
	c.Draft = true
	applied(t, s.open(), c)
	j := s.open()
	entry := logChange(c.Incident, "waiting")
	entry.Draft = true
	if err := j.spool(&record{Changes: []journal.Change{entry}}); err != nil {
		t.Fatal(err)
	}
	move := change(c.Incident, "share", "private")
	move.Adopt = string(must(j.Read(t.Context(), c.Incident))(t).Raw)
	drop := change(c.Incident, "share", "private")
	drop.Draft, drop.Drop = true, true
	must(j.write(t.Context(), &record{Changes: []journal.Change{move, drop}}))(t)
	if got := texts(s, c.Incident); !slices.Equal(got, []string{"waiting"}) {
		t.Errorf("%q", got)
	}
}

func TestNoIdentity(t *testing.T) {
	s := newRepo(t)
	none := s.with("GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=user.useConfigOnly", "GIT_CONFIG_VALUE_0=true")
	c := startChange("who")
	receipt, err := none.open().Write(t.Context(), c, nil)
	if !errors.Is(err, git.ErrNoIdentity) || !receipt.Spooled || receipt.Applied {
		t.Errorf("%+v, %v", receipt, err)
	}
	if receipt := must(s.open().Flush(t.Context()))(t); receipt.Others != 1 {
		t.Errorf("%+v", receipt)
	}
	if must(s.open().Read(t.Context(), c.Incident))(t).Incident.Title != "who" {
		t.Error("not there")
	}
}

func TestSigning(t *testing.T) {
	s := newRepo(t)
	if _, err := s.try("which", "ssh-keygen"); err != nil {
		t.Skip("SIGNING IS NOT TESTED HERE: ssh-keygen is not installed")
	}
	key := s.path("../key")
	if out, err := s.try("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Cleanup(func() { _ = os.Remove(key); _ = os.Remove(key + ".pub") })
	s.git("config", "gpg.format", "ssh")
	s.git("config", "user.signingKey", key)
	s.git("config", "commit.gpgSign", "true")
	id := started(t, s.open(), "signed")
	applied(t, s.open(), logChange(id, "x"))
	s.git("config", "incident.gpgSign", "false")
	applied(t, s.open(), logChange(id, "y"))
	signed := func(rev string) bool { return strings.Contains(s.git("cat-file", "commit", rev), "\ngpgsig ") }
	if signed("incidents") || !signed("incidents~1") || !signed("incidents~2") {
		t.Error("signatures are not where the configuration wants them")
	}
	s.fsck()
}

func TestBranchNameFromConfig(t *testing.T) {
	s := newRepo(t)
	s.git("config", "incident.branch", "ops/journal")
	id := started(t, s.open(), "elsewhere")
	if got := s.git("ls-tree", "-r", "--name-only", "refs/heads/ops/journal", journal.Path(id)+"/"); got == "" {
		t.Error("not on the branch that was named")
	}
	for _, bad := range []string{"", "-x", "a..b", "a b", "a/.b", "x.lock", "a//b", "é\n"} {
		s.git("config", "incident.branch", bad)
		repo := must(git.Open(t.Context(), s.dir, s.env))(t)
		if j, err := Open(repo, nil); err == nil {
			t.Errorf("%q gave %q", bad, j.branch)
		}
	}
}
