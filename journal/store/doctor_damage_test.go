package store

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"git-incident/journal"
)

// TestADamagedTipLeadsBack damages what the tip is made of. While the spool has
// the change, nothing is lost; otherwise it is said what is.
func TestADamagedTipLeadsBack(t *testing.T) {
	parts := map[string]func(id string) string{
		"commit": func(string) string { return "incidents" },
		"tree":   func(string) string { return "incidents^{tree}" },
		"folder": func(id string) string { return "incidents:" + journal.Path(id) },
		"note":   func(id string) string { return "incidents:" + journal.Path(id) + "/" + noteName },
	}
	for name, part := range parts {
		for how, damage := range map[string]func(s sandbox, file string){
			"flipped":   func(s sandbox, file string) { s.damage(file, false) },
			"truncated": func(s sandbox, file string) { s.damage(file, true) },
			"missing":   func(s sandbox, file string) { s.lose(file) },
		} {
			t.Run(name+" "+how, func(t *testing.T) {
				s, id := told(t)
				damage(s, s.object(part(id)))
				f := s.finds(BrokenRef)
				if !strings.Contains(f.Sentence, "1 change that the spool still has") || strings.Contains(f.Sentence, "gone") {
					t.Errorf("%s", f.Sentence)
				}
				was := s.git("for-each-ref", "--format=%(objectname)", Branch)
				s.mends()
				s.says(id, "one", "two", "three")
				s.fsck()
				kept := s.git("for-each-ref", "--format=%(objectname)", BackupRefs)
				if name != "commit" && how != "missing" && kept != was {
					t.Errorf("the backup is %q, not %q", kept, was)
				}
			})
			if how != "flipped" {
				continue
			}
			t.Run(name+" "+how+" without the spool", func(t *testing.T) {
				s, id := told(t)
				three := must(s.open().Read(t.Context(), id))(t).Incident.Timeline[2].ID
				s.forget()
				damage(s, s.object(part(id)))
				f := s.finds(BrokenRef)
				want := three + " of \u201clog: three"
				if name == "commit" {
					want = "What 1 commit said that cannot be read any more is gone"
				}
				if !strings.Contains(f.Sentence, want) {
					t.Errorf("%s", f.Sentence)
				}
				s.mends()
				s.says(id, "one", "two")
			})
		}
	}
}

func TestARefThatCannotBeReadLeadsBack(t *testing.T) {
	for name, damage := range map[string]func(s sandbox){
		"empty":   func(s sandbox) { s.write(".git/"+Branch, "") },
		"garbage": func(s sandbox) { s.write(".git/"+Branch, "not a hash at all\n") },
		"nowhere": func(s sandbox) { s.write(".git/"+Branch, strings.Repeat("7", 40)+"\n") },
		"no commit": func(s sandbox) {
			s.write(".git/"+Branch, s.git("rev-parse", "HEAD^{tree}")+"\n")
		},
		"gone": func(s sandbox) { _ = os.Remove(s.path(".git/" + Branch)) },
	} {
		t.Run(name, func(t *testing.T) {
			s, id := told(t)
			tip := s.git("rev-parse", "incidents")
			damage(s)
			kind := BrokenRef
			if name == "gone" {
				kind = LostRef
			}
			// Something is written meanwhile.
			receipt, _ := s.open().Write(t.Context(), logChange(id, "four"), nil)
			if !receipt.Spooled || receipt.Applied {
				t.Fatalf("%+v", receipt)
			}
			f := s.finds(kind)
			if !strings.Contains(f.Kept, "1 change waits") || len(f.Way) == 0 || !strings.Contains(f.Way[len(f.Way)-1], tip) {
				t.Errorf("%+v", f)
			}
			s.types(f.Way)
			must(s.open().Flush(t.Context()))(t)
			s.healthy()
			s.says(id, "one", "two", "three", "four")
			damage(s)
			s.mends()
			s.says(id, "one", "two", "three", "four")
			s.git("fsck", "--strict", "--no-reflogs") // which still name what was never there
		})
	}
}

// TestWithoutAReflogTheRemoteLeadsBack has nothing left but a remote-tracking ref.
func TestWithoutAReflogTheRemoteLeadsBack(t *testing.T) {
	s, id := told(t)
	s.git("remote", "add", "origin", t.TempDir())
	s.git("update-ref", "refs/remotes/origin/incidents", "incidents~1")
	s.write(".git/"+Branch, "")
	if err := os.RemoveAll(s.path(".git/logs")); err != nil {
		t.Fatal(err)
	}
	s.finds(BrokenRef)
	s.mends()
	s.says(id, "one", "two", "three")
}

func TestADamagedNoteOfLongAgoIsNamed(t *testing.T) {
	s := newRepo(t)
	old := started(t, s.open(), "old")
	hex := s.git("rev-parse", "incidents:"+journal.Path(old)+"/"+noteName)
	file := s.object(hex)
	whole := must(os.ReadFile(file))(t)
	id := started(t, s.open(), "new")
	s.damage(file, false)
	applied(t, s.open(), logChange(id, "x"))
	f := s.finds(DamagedObject)
	if f.Subject != "the note of "+old || !strings.Contains(f.Sentence, hex) {
		t.Errorf("%+v", f)
	}
	other := newRepo(t) // another clone, which has it whole
	other.write(".git/objects/"+hex[:2]+"/"+hex[2:], string(whole))
	s.types([]string{f.Way[0], strings.ReplaceAll(f.Way[1], "<another clone>", other.dir)})
	s.healthy()
}

// TestATruncatedSpoolFileIsReadAsFarAsItGoes cuts a record at every length.
func TestATruncatedSpoolFileIsReadAsFarAsItGoes(t *testing.T) {
	s, id := told(t)
	c := logChange(id, "the queue \"a\" stood still")
	spooled(t, s.open(), c)
	name := waiting(s, spoolDir)[0]
	file := s.open().path(spoolDir, name)
	whole := must(os.ReadFile(file))(t)
	at := strings.Index(string(whole), `stood still"`)
	for _, n := range []int{0, 1, at - 1, at + 5, len(whole) / 2, len(whole) - 3} {
		if err := os.WriteFile(file, whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		f := s.finds(DamagedSpool)
		if n < 20 && !strings.Contains(f.Sentence, "Nothing of it can be read, so it is gone") ||
			n > at && !strings.Contains(f.Sentence, `the queue "a" stood`) || !strings.Contains(f.Sentence, "2026-11-20 12:00") {
			t.Errorf("%d bytes: %s", n, f.Sentence)
		}
	}
	if r := s.repaired(); r.Healthy() || kindsOf(r)[0] != DamagedSpool {
		t.Errorf("%+v", r)
	}
	f := s.finds(DamagedSpool)
	if got := waiting(s, stuckDir); !slices.Equal(got, []string{name}) || !strings.Contains(f.Subject, stuckDir) {
		t.Errorf("%q, %+v", got, f)
	}
	s.types(f.Way[len(f.Way)-1:])
	s.healthy()
	s.says(id, "one", "two", "three")
}

func TestADamagedFileOfAnAppliedChangeIsNoLoss(t *testing.T) {
	s, _ := told(t)
	name := waiting(s, doneDir)[1]
	s.write(".git/incident/"+spoolDir+"/"+name, "{")
	s.healthy()
}

func TestAForeignLockIsLeftAlone(t *testing.T) {
	for _, lock := range []string{Branch + ".lock", "packed-refs.lock", Drafts + ".lock"} {
		t.Run(lock, func(t *testing.T) {
			s, id := told(t)
			s.write(".git/"+lock, "")
			when := noon.Add(-2 * time.Hour)
			if err := os.Chtimes(s.path(".git/"+lock), when, when); err != nil {
				t.Fatal(err)
			}
			spooled(t, s.open(), logChange(id, "four"))
			f := s.finds(Locked)
			if f.Fixable || !strings.Contains(f.Sentence, "2026-11-20 10:00") || !strings.Contains(f.Kept, "1 change waits") {
				t.Errorf("%+v", f)
			}
			s.repaired()
			if _, err := os.Stat(s.path(".git/" + lock)); err != nil {
				t.Errorf("it was removed: %v", err)
			}
			s.types(f.Way)
			s.mends()
			s.says(id, "one", "two", "three", "four")
		})
	}
}

// TestOurOwnDeadLockIsRemoved has the lock and the intent of a process that was
// killed while git moved the branch.
func TestOurOwnDeadLockIsRemoved(t *testing.T) {
	s, id := told(t)
	value := s.git("rev-parse", "incidents")
	s.write(".git/"+Branch+".lock", value+"\n")
	s.write(".git/incident/"+intentFile, intentMagic+"\n"+Branch+" "+value+"\n")
	if f := s.finds(Locked); !f.Fixable {
		t.Errorf("%+v", f)
	}
	s.write(".git/"+Branch+".lock", s.git("rev-parse", "incidents~1")+"\n")
	if f := s.finds(Locked); f.Fixable {
		t.Errorf("of another value: %+v", f)
	}
	s.write(".git/"+Branch+".lock", value+"\n")
	s.mends()
	s.says(id, "one", "two", "three")
}

func TestWhatWasSetAsideIsTriedAgain(t *testing.T) {
	s, id := told(t)
	good := must(s.open().Read(t.Context(), id))(t).Raw
	s.put(journal.Path(id)+"/"+noteName, []byte("broken by hand\n"))
	if _, err := s.open().Write(t.Context(), logChange(id, "four"), nil); err == nil {
		t.Fatal("it was written")
	}
	r := s.examined()
	if got := kindsOf(r); !slices.Equal(got, []string{SetAside, UnreadableNote}) {
		t.Fatalf("%q", got)
	}
	note := r.Findings[1]
	if !strings.Contains(note.Sentence, "line 1") || !strings.Contains(note.Sentence, s.git("rev-parse", "--short=10", "incidents~1")) || note.Way[0] != "git incident edit "+journal.ShortID(id) {
		t.Errorf("%+v", note)
	}
	if r := s.repaired(); r.Healthy() || len(waiting(s, stuckDir)) != 1 {
		t.Errorf("%+v", r)
	}
	s.put(journal.Path(id)+"/"+noteName, good)
	if f := s.finds(SetAside); !f.Fixable {
		t.Errorf("%+v", f)
	}
	s.mends()
	s.says(id, "one", "two", "three", "four")
	if left := waiting(s, stuckDir); len(left) > 0 {
		t.Errorf("%q", left)
	}
}

func TestDamagedCachesAreMadeAnew(t *testing.T) {
	s, _ := told(t)
	want := titles(t, s)
	must(s.open().OpenIncidents(t.Context()))(t)
	for _, name := range []string{indexFile, openFile} {
		s.damage(s.open().path(name), false)
		s.finds(DamagedCache)
		s.mends()
		s.write(".git/incident/"+name, "git-incident cache 99\nof a later version\n")
		s.healthy()
	}
	if got := titles(t, s); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestACheckedOutJournalAndASymbolicRef(t *testing.T) {
	s, id := told(t)
	s.git("switch", "-q", "incidents")
	spooled(t, s.open(), logChange(id, "four"))
	f := s.finds(CheckedOut)
	s.types(f.Way)
	s.mends()
	s.says(id, "one", "two", "three", "four")
	s.git("branch", "-m", "incidents", "elsewhere")
	s.git("symbolic-ref", Branch, "refs/heads/elsewhere")
	f = s.finds(SymbolicRef)
	s.types(f.Way)
	s.healthy()
}

func TestAClockThatWasWrong(t *testing.T) {
	for name, when := range map[string]time.Time{"ahead": noon.Add(time.Hour), "a year back": noon.AddDate(-1, 0, 0)} {
		s, id := told(t)
		c := logChange(id, "four")
		c.At = when
		applied(t, s.open(), c)
		if f := s.finds(Clock); f.Fixable || !strings.Contains(f.Sentence, s.git("rev-parse", "--short=10", "incidents")) {
			t.Errorf("%s: %+v", name, f)
		}
	}
	s, id := told(t)
	c := logChange(id, "four")
	c.At = noon.AddDate(0, 0, -3) // three days offline
	applied(t, s.open(), c)
	s.healthy()
}

func TestAPushThatWouldPublishDrafts(t *testing.T) {
	s, _ := told(t)
	s.git("remote", "add", "origin", t.TempDir())
	s.git("config", "remote.origin.push", "refs/*:refs/*")
	s.git("config", "--add", "remote.origin.push", "refs/heads/main")
	s.healthy()
	c := startChange("private")
	c.Draft = true
	applied(t, s.open(), c)
	for _, set := range [][]string{nil, {"config", "remote.origin.mirror", "true"}} {
		if set != nil {
			s.git(set...)
		}
		f := s.finds(PushesDrafts)
		s.types(f.Way)
		s.healthy()
	}
	far := t.TempDir()
	s.in(far).git("init", "-q", "--bare")
	s.git("config", "remote.origin.url", far)
	s.git("push", "-q", "origin")
	if refs := s.in(far).git("for-each-ref"); strings.Contains(refs, Drafts) || !strings.Contains(refs, "refs/heads/main") {
		t.Errorf("%s", refs)
	}
}

// TestAFetchThatWouldWriteOverTheJournal is about a clone that was made with
// --mirror: its fetch takes away every ref that the remote has not.
func TestAFetchThatWouldWriteOverTheJournal(t *testing.T) {
	s, _ := told(t)
	far := t.TempDir()
	s.in(far).git("init", "-q", "--bare")
	s.git("remote", "add", "origin", far)
	s.healthy()
	s.git("config", "remote.origin.fetch", "+refs/*:refs/*")
	f := s.finds(FetchesOver)
	s.types(f.Way)
	s.healthy()
	s.git("fetch", "-q", "--prune", "origin")
	if s.git("for-each-ref", Branch) == "" {
		t.Error("a fetch took the journal away all the same")
	}
}

// TestARefWithNothingLeftIsBuiltFromTheSpool damages the only commit there is.
func TestARefWithNothingLeftIsBuiltFromTheSpool(t *testing.T) {
	for name, damage := range map[string]func(s sandbox){
		"corrupt": func(s sandbox) { s.damage(s.object("incidents"), true) },
		"empty": func(s sandbox) {
			s.write(".git/"+Branch, "")
			_ = os.RemoveAll(s.path(".git/logs"))
		},
		"both": func(s sandbox) {
			s.damage(s.object("incidents"), true)
			s.write(".git/"+Branch, "")
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newRepo(t)
			c := startChange("a")
			c.Log = logChange(c.Incident, "one").Log
			applied(t, s.open(), c)
			damage(s)
			f := s.finds(BrokenRef)
			if f.Fixable || !strings.Contains(f.Kept, "1 change") {
				t.Errorf("%+v", f)
			}
			if r := s.repaired(); r.Healthy() {
				t.Errorf("%+v", r)
			}
			s.types(f.Way[:len(f.Way)-1]) // the last is the repair
			s.mends()
			s.says(c.Incident, "one")
			s.fsck()
		})
	}
}

func TestAnAttachmentThatIsDamaged(t *testing.T) {
	s, id := told(t)
	c := logChange(id, "see [graph](graph.png)")
	c.Attach = []journal.Attachment{{Name: "graph.png"}}
	must(s.open().Write(t.Context(), c, map[string][]byte{"graph.png": []byte("pixels")}))(t)
	s.damage(s.object("incidents:"+journal.Path(id)+"/graph.png"), false)
	if f := s.finds(BrokenRef); !strings.Contains(f.Sentence, "the attachment graph.png of "+id) {
		t.Errorf("%+v", f)
	}
	s.mends()
	if got := must(s.open().Attachment(t.Context(), id, "graph.png"))(t); string(got) != "pixels" {
		t.Errorf("%q", got)
	}
}

// TestADamagedHistoryIsSaid damages a commit that is not the tip.
func TestADamagedHistoryIsSaid(t *testing.T) {
	s, _ := told(t)
	s.damage(s.object("incidents~2"), false)
	if f := s.finds(DamagedHistory); f.Fixable {
		t.Errorf("%+v", f)
	}
}

// TestARepairThatHasToWaitIsNotMadeTwice puts an entry back while somebody else
// holds the branch.
func TestARepairThatHasToWaitIsNotMadeTwice(t *testing.T) {
	s, id := told(t)
	s.forget()
	s.git("update-ref", Branch, "incidents~1")
	s.write(".git/"+Branch+".lock", "")
	s.finds(LeftBehind, Locked)
	for range 2 {
		if r := s.repaired(); r.Healthy() {
			t.Errorf("%+v", r)
		}
		if got := waiting(s, spoolDir); len(got) != 1 {
			t.Errorf("the spool has %q", got)
		}
	}
	_ = os.Remove(s.path(".git/" + Branch + ".lock"))
	s.mends()
	s.says(id, "one", "two", "three")
}

// TestAnObjectWithOtherContentIsDamaged puts a file of git's in the place of
// another: only its name says that it is wrong.
func TestAnObjectWithOtherContentIsDamaged(t *testing.T) {
	s, id := told(t)
	note := s.object("incidents:" + journal.Path(id) + "/" + noteName)
	other := must(os.ReadFile(s.object("incidents~1:" + journal.Path(id) + "/" + noteName)))(t)
	if err := errors.Join(os.Remove(note), os.WriteFile(note, other, 0o400)); err != nil {
		t.Fatal(err)
	}
	for range 10 { // so many that they are read by the thousand
		started(t, s.open(), "another")
	}
	if f := s.finds(BrokenRef); !strings.Contains(f.Sentence, "the note of "+id) {
		t.Errorf("%+v", f)
	}
	s.mends()
	s.says(id, "one", "two", "three")
}

func TestDamagedDraftsAreBackedUpApart(t *testing.T) {
	s, _ := told(t)
	draft := startChange("private")
	draft.Draft = true
	applied(t, s.open(), draft)
	c := logChange(draft.Incident, "quietly")
	c.Draft = true
	applied(t, s.open(), c)
	s.damage(s.object(Drafts+":"+journal.Path(draft.Incident)+"/"+noteName), false)
	if f := s.finds(BrokenRef); f.Subject != Drafts {
		t.Errorf("%+v", f)
	}
	s.mends()
	s.says(draft.Incident, "quietly")
	if refs := s.git("for-each-ref", "--format=%(refname)", "refs/incident"); strings.Contains(refs, BackupRefs) || !strings.Contains(refs, draftBackups) {
		t.Errorf("%s", refs)
	}
}
