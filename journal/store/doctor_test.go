package store

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"git-incident/journal"
	"git-incident/journal/git"
)

// disk is a checksum of every file in the git directory, with names and modes.
func (s sandbox) disk() string {
	s.t.Helper()
	sum := sha256.New()
	err := filepath.WalkDir(s.git("rev-parse", "--path-format=absolute", "--git-common-dir"), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil || d.IsDir() {
			fmt.Fprintln(sum, path)
			return err
		}
		content, err := os.ReadFile(path)
		fmt.Fprintf(sum, "%s %s %s %x\n", path, info.Mode(), info.ModTime(), sha256.Sum256(content))
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

// examined are the findings, as kinds and subjects. It fails when anything on disk
// changed on the way.
func (s sandbox) examined() Report {
	s.t.Helper()
	before := s.disk()
	report := must(s.open().Examine(s.t.Context()))(s.t)
	if s.disk() != before {
		s.t.Error("an examination changed the repository")
	}
	return report
}

func (s sandbox) repaired() Report {
	s.t.Helper()
	return must(s.open().Repair(s.t.Context()))(s.t)
}

func kindsOf(r Report) []string {
	var list []string
	for _, f := range r.Findings {
		list = append(list, f.Kind)
	}
	return list
}

// finds expects findings of these kinds, and gives the first.
func (s sandbox) finds(want ...string) Finding {
	s.t.Helper()
	r := s.examined()
	if got := kindsOf(r); !slices.Equal(got, want) {
		s.t.Fatalf("found %q, not %q: %+v", got, want, r.Findings)
	}
	return r.Findings[0]
}

// mends expects that a repair leaves nothing to do, that a second one changes
// nothing, and that the history is sound.
func (s sandbox) mends() Report {
	s.t.Helper()
	r := s.repaired()
	if !r.Healthy() {
		s.t.Fatalf("%+v", r.Findings)
	}
	s.healthy()
	tips := s.git("for-each-ref")
	if again := s.repaired(); len(again.Findings) > 0 || s.git("for-each-ref") != tips {
		s.t.Errorf("a second repair: %+v", again.Findings)
	}
	return r
}

func (s sandbox) healthy() {
	s.t.Helper()
	if r := s.examined(); len(r.Findings) > 0 {
		s.t.Errorf("%+v", r.Findings)
	}
}

// types runs the commands that lead out, as a person would.
func (s sandbox) types(way []string) {
	s.t.Helper()
	if len(way) == 0 {
		s.t.Fatal("there is no way out")
	}
	for _, line := range way {
		if out, err := s.try("sh", "-c", line); err != nil {
			s.t.Fatalf("%s: %s", line, out)
		}
	}
}

// atNoon makes plain git commit when the other entries were written.
func (s sandbox) atNoon() sandbox {
	return s.with("GIT_COMMITTER_DATE="+noon.Format(time.RFC3339), "GIT_AUTHOR_DATE="+noon.Format(time.RFC3339))
}

// told is a repository with an incident of three entries.
func told(t testing.TB) (s sandbox, id string) {
	t.Helper()
	s = newRepo(t)
	id = started(t, s.open(), "checkout is 500ing")
	for _, text := range []string{"one", "two", "three"} {
		applied(t, s.open(), logChange(id, text))
	}
	return s, id
}

func (s sandbox) says(id string, want ...string) {
	s.t.Helper()
	if got := texts(s, id); !slices.Equal(got, want) {
		s.t.Errorf("the timeline is %q, not %q", got, want)
	}
}

// forget removes what the spool still has, as two weeks do.
func (s sandbox) forget() {
	s.t.Helper()
	if err := os.RemoveAll(s.open().path(doneDir)); err != nil {
		s.t.Fatal(err)
	}
}

// object is the loose file of what a name stands for.
func (s sandbox) object(name string) string {
	hex := s.git("rev-parse", name)
	return s.path(".git/objects/" + hex[:2] + "/" + hex[2:])
}

// damage flips a byte in the middle of a file, or cuts it in half.
func (s sandbox) damage(file string, cut bool) {
	s.t.Helper()
	body := must(os.ReadFile(file))(s.t)
	if cut {
		body = body[:len(body)/2]
	} else {
		body[len(body)/2] ^= 0x55
	}
	if err := os.Chmod(file, 0o600); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(file, body, 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func TestNothingIsWrongWithAHealthyJournal(t *testing.T) {
	s := newRepo(t)
	s.healthy()
	id := started(t, s.open(), "a")
	s.healthy()
	applied(t, s.open(), logChange(id, "x"))
	draft := startChange("private")
	draft.Draft = true
	applied(t, s.open(), draft)
	applied(t, s.open(), func() journal.Change {
		c := logChange(draft.Incident, "quietly")
		c.Draft = true
		return c
	}())
	note := must(s.open().Read(t.Context(), id))(t)
	gone := change(id, "edit", "take it out")
	gone.Delete = []string{note.Incident.Timeline[0].ID}
	applied(t, s.open(), gone)
	must(s.open().Share(t.Context(), change(draft.Incident, "share", "told")))(t)
	titles(t, s)
	if r := s.examined(); len(r.Findings) > 0 || r.Incidents != 2 || r.Entries != 1 {
		t.Errorf("%+v", r)
	}
	s.git("gc", "-q", "--prune=now")
	s.healthy()
	s.clone().healthy()
	if r := s.repaired(); len(r.Findings) > 0 {
		t.Errorf("%+v", r)
	}
}

// TestEntriesTakenOutByHandComeBack edits the note with plain git.
func TestEntriesTakenOutByHandComeBack(t *testing.T) {
	s, id := told(t)
	note := must(s.open().Read(t.Context(), id))(t)
	two := note.Incident.Timeline[1]
	var kept []string
	for line := range strings.Lines(string(note.Raw)) {
		if !strings.Contains(line, two.ID) {
			kept = append(kept, line)
		}
	}
	s.put(journal.Path(id)+"/"+noteName, []byte(strings.Join(kept, "")))
	f := s.finds(MissingEntries)
	if f.Subject != id || !strings.Contains(f.Sentence, two.ID) || !strings.Contains(f.Sentence, "log: two") || !f.Fixable {
		t.Errorf("%+v", f)
	}
	s.mends()
	if got := texts(s, id); !slices.Contains(got, "two") || len(got) != 3 {
		t.Errorf("%q", got)
	}
	s.fsck()
}

func TestADeletedEntryStaysDeleted(t *testing.T) {
	s, id := told(t)
	old := s.git("rev-parse", Branch)
	gone := change(id, "edit", "take it out")
	gone.Delete = []string{must(s.open().Read(t.Context(), id))(t).Incident.Timeline[1].ID}
	applied(t, s.open(), gone)
	s.git("update-ref", BackupRefs+"origin/x", s.atNoon().git("commit-tree", "-m", "elsewhere", old+"^{tree}"))
	s.mends()
	s.says(id, "one", "three")
}

// TestAVersionOfAnEntryMayGo takes out what a merge has set beside an entry.
func TestAVersionOfAnEntryMayGo(t *testing.T) {
	s, id := told(t)
	note := must(s.open().Read(t.Context(), id))(t)
	three := note.Incident.Timeline[2].ID
	sibling := fmt.Sprintf("- 2026-11-20T12:00:00Z another three <!-- e:svers1 r1 of:%s.1 -->\n", three)
	s.put(journal.Path(id)+"/"+noteName, append(slices.Clone(note.Raw), sibling...))
	if got := must(s.open().Read(t.Context(), id))(t).Incident.Timeline[3]; got.Of == "" {
		t.Fatalf("%+v", got)
	}
	message := "merge\n\nIncident: " + id + "\nIncident-Entry: svers1\n"
	s.git("update-ref", Branch, s.atNoon().git("commit-tree", "-p", "incidents", "-m", message, "incidents^{tree}"))
	s.git("update-ref", BackupRefs+"origin/x", "incidents")
	s.put(journal.Path(id)+"/"+noteName, note.Raw)
	s.healthy()
	s.git("update-ref", Branch, "incidents~3")
	s.healthy()
}

func TestAnIncidentThatVanishedComesBack(t *testing.T) {
	s, id := told(t)
	other := started(t, s.open(), "other")
	c := logChange(id, "see [graph](graph.png)")
	c.Attach = []journal.Attachment{{Name: "graph.png"}}
	must(s.open().Write(t.Context(), c, map[string][]byte{"graph.png": []byte("pixels")}))(t)
	without := s.git("rev-parse", "HEAD")
	s.git("checkout", "-q", "--detach", "incidents")
	s.git("rm", "-rq", journal.Path(id))
	s.atNoon().git("commit", "-q", "-m", "tidy")
	s.git("update-ref", Branch, "HEAD")
	s.git("checkout", "-q", "-f", without)
	s.forget()
	if f := s.finds(MissingIncident); f.Subject != id {
		t.Errorf("%+v", f)
	}
	s.mends()
	s.says(id, "one", "two", "three", "see [graph](graph.png)")
	s.says(other)
	if got := must(s.open().Attachment(t.Context(), id, "graph.png"))(t); string(got) != "pixels" {
		t.Errorf("%q", got)
	}
}

// TestAnAttachmentComesBackWithItsEntry moves back to before both were there.
func TestAnAttachmentComesBackWithItsEntry(t *testing.T) {
	s, id := told(t)
	c := logChange(id, "see [graph](graph.png)")
	c.Attach = []journal.Attachment{{Name: "graph.png"}}
	must(s.open().Write(t.Context(), c, map[string][]byte{"graph.png": []byte("pixels")}))(t)
	s.git("update-ref", Branch, "incidents~1")
	s.forget()
	s.finds(LeftBehind)
	s.mends()
	if got := must(s.open().Attachment(t.Context(), id, "graph.png"))(t); string(got) != "pixels" {
		t.Errorf("%q", got)
	}
}

func TestADraftThatLeftIsNotMissed(t *testing.T) {
	s, _ := told(t)
	draft := startChange("private")
	draft.Draft = true
	applied(t, s.open(), draft)
	drop := change(draft.Incident, "drop", "private")
	drop.Draft, drop.Drop = true, true
	applied(t, s.open(), drop)
	s.healthy()
}

// TestTrailersAreNotBelieved names what never was, many times.
func TestTrailersAreNotBelieved(t *testing.T) {
	s, id := told(t)
	tree := s.git("rev-parse", "incidents^{tree}")
	for n, message := range []string{
		"x\n\nIncident: " + id + "\nIncident-Entry: never1\n",
		"x\n\nIncident: 2026-11-20-not-there-aaaa\nIncident-Entry: never2\n",
		"x\n\nIncident: ../../etc\nIncident-Entry: ../x\nIncident-Change: \x1b[31m\n",
		"x\n\nIncident: " + id + "\nIncident: " + id + "\nIncident-Entry: " + strings.Repeat("a", 4000) + "\n",
	} {
		s.git("update-ref", Branch, s.atNoon().git("commit-tree", "-p", "incidents", "-m", fmt.Sprint(n, message), tree))
	}
	s.healthy()
}

// TestWhatTheReflogHasIsUnited moves the branch back, and goes on from there.
func TestWhatTheReflogHasIsUnited(t *testing.T) {
	for name, forgets := range map[string]bool{"with the spool": false, "without it": true} {
		t.Run(name, func(t *testing.T) {
			s, id := told(t)
			late := started(t, s.open(), "late")
			s.git("update-ref", Branch, "incidents~3")
			applied(t, s.open(), logChange(id, "four"))
			kind := MissingChange
			if forgets {
				s.forget()
				kind = LeftBehind
			}
			if f := s.examined().Findings[0]; f.Kind != kind {
				t.Errorf("%+v", f)
			}
			s.mends()
			if got := texts(s, id); len(got) != 4 || !slices.Contains(got, "two") || !slices.Contains(got, "three") || !slices.Contains(got, "four") {
				t.Errorf("%q", got)
			}
			s.says(late)
			s.fsck()
		})
	}
}

// TestEveryOtherRefIsRead puts a history that nothing else has on refs of all kinds.
func TestEveryOtherRefIsRead(t *testing.T) {
	for ref, kind := range map[string]string{
		BackupRefs + "origin/incidents/20261120T120000Z-abcdefg": LeftBehind,
		"refs/incident/seen/origin/incidents":                    LeftBehind,
		"refs/remotes/origin/incidents":                          Behind,
		"refs/remotes/origin/incident-inbox/abc":                 Behind,
	} {
		t.Run(ref, func(t *testing.T) {
			s, id := told(t)
			s.git("remote", "add", "origin", t.TempDir())
			far := s.clone("--branch", "incidents")
			far.git("config", "user.name", "Ben")
			far.git("switch", "-q", "--detach")
			there := started(t, far.open(), "there")
			applied(t, far.open(), logChange(id, "from afar"))
			s.git("fetch", "-q", far.dir, "+incidents:"+ref)
			if f := s.finds(kind); f.Subject != ref || !strings.Contains(f.Sentence, "1 entry, with 1 whole incident") {
				t.Errorf("%+v", f)
			}
			s.mends()
			s.says(id, "one", "two", "three", "from afar")
			s.says(there)
		})
	}
}

// TestDraftsStayPrivate loses a draft, and expects it back among the drafts.
func TestDraftsStayPrivate(t *testing.T) {
	s, _ := told(t)
	draft := startChange("private")
	draft.Draft = true
	applied(t, s.open(), draft)
	first := s.git("rev-parse", Drafts)
	c := logChange(draft.Incident, "quietly")
	c.Draft = true
	applied(t, s.open(), c)
	s.forget()
	s.git("update-ref", draftBackups+"x", Drafts)
	s.git("update-ref", BackupRefs+"doctor/wrong", Drafts) // by some mistake
	s.git("update-ref", "-d", Drafts)
	s.git("update-ref", "--create-reflog", Drafts, first)
	s.mends()
	note := must(s.open().Read(t.Context(), draft.Incident))(t)
	if !note.Draft || len(note.Incident.Timeline) != 1 {
		t.Errorf("%+v", note)
	}
	if out, err := s.try("git", "grep", "-l", "quietly", "incidents"); err == nil {
		t.Errorf("it is on the branch: %s", out)
	}
}

func TestWhatWasPurgedStaysAway(t *testing.T) {
	s, id := told(t)
	old := s.git("rev-parse", "incidents")
	root := s.git("rev-list", "--max-parents=0", "incidents")
	j := s.open()
	objs := j.repo.Objects(t.Context())
	defer objs.Close()
	before := must(objs.Commit(git.NewHash(old)))(t)
	note := must(j.Read(t.Context(), id))(t)
	clean := must(journal.Apply(note.Incident, func() journal.Change { c := change(id, "x", ""); c.Delete = nil; return c }()))(t)
	clean.Timeline = clean.Timeline[:1]
	blob := must(objs.AddBlob(journal.Format(clean)))(t)
	text := must(objs.AddBlob([]byte("purge " + root + " 2026-11-20\n")))(t)
	tree := must(objs.EditTree(before.Tree, []git.TreeEdit{
		{Path: journal.Path(id) + "/" + noteName, Hash: blob}, {Path: transitionsName, Hash: text}}))(t)
	if err := objs.Persist(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.git("update-ref", "-m", "sync", Branch, s.atNoon().git("commit-tree", "-m", "a new beginning", tree.String()))
	s.git("update-ref", BackupRefs+"origin/x", old)
	s.mends()
	s.says(id, "one")
}

func TestEveryKindOfRepositoryIsExamined(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			s := newRepo(t)
			started(t, s.open(), "first")
			s = kind(s)
			second := started(t, s.open(), "second")
			applied(t, s.open(), logChange(second, "one"))
			applied(t, s.open(), logChange(second, "two"))
			titles(t, s) // a partial clone gets the notes it has not
			s.healthy()
			s.git("update-ref", Branch, "incidents~1")
			if f := s.finds(MissingChange); f.Subject != second {
				t.Errorf("%+v", f)
			}
			s.mends()
			s.says(second, "one", "two")
		})
	}
}
