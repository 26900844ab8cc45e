package store

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"git-incident/journal"
)

// inPart is as much of the secret as must not be left of it where it was cut.
const (
	secret = "hunter2trouble"
	inPart = "hunter2"
)

// team is a remote and clones of it.
type team struct {
	testing.TB
	origin sandbox
	clones []sandbox
}

func newTeam(t testing.TB, clones int) team {
	t.Helper()
	seed := newRepo(t)
	dir := filepath.Join(t.TempDir(), "origin.git")
	seed.git("clone", "-q", "--bare", seed.dir, dir)
	tm := team{TB: t, origin: seed.in(dir)}
	for range clones {
		clone := seed.in(filepath.Join(t.TempDir(), "clone"))
		seed.git("clone", "-q", "file://"+dir, clone.dir)
		tm.clones = append(tm.clones, clone)
	}
	return tm
}

func syncOptions() SyncOptions {
	return SyncOptions{Timeout: time.Minute, CloneID: token(CloneIDLen), AllowSecrets: true}
}

// sync shares the journal of a clone, and expects it to work.
func (s sandbox) sync() Synced {
	s.t.Helper()
	return must(s.open().Sync(s.t.Context(), syncOptions()))(s.t)
}

// purge takes something out, as a process of its own.
func (s sandbox) purge(p Purge) Purged {
	s.t.Helper()
	p.ID = token(journal.ChangeIDLen)
	plan := must(s.open().PlanPurge(s.t.Context(), p, syncOptions(), true))(s.t)
	if plan.Empty() {
		s.t.Fatalf("there is nothing to purge: %+v", plan)
	}
	return must(plan.Do(s.t.Context()))(s.t)
}

// settle lets every clone sync until nothing moves.
func (tm team) settle() {
	tm.Helper()
	for range 2 {
		for _, c := range tm.clones {
			c.sync()
		}
	}
	for i, c := range tm.clones {
		if done := c.sync(); done.Sent > 0 || done.Received > 0 || done.Purged || done.State != SyncShared {
			tm.Errorf("clone %d is not quiet: %+v", i, done)
		}
	}
}

// same fails when clones and the remote differ.
func (tm team) same() {
	tm.Helper()
	tip := tm.origin.git("rev-parse", Branch)
	for i, c := range tm.clones {
		if got := c.git("rev-parse", Branch); got != tip {
			tm.Errorf("clone %d is at %s and the remote at %s", i, got, tip)
		}
		c.fsck()
	}
	tm.origin.fsck()
}

// reachable is everything that any ref of a repository leads to.
func (s sandbox) reachable() string {
	s.t.Helper()
	objects := s.git("rev-list", "--objects", "--all")
	list := filepath.Join(s.t.TempDir(), "objects")
	var names strings.Builder
	for line := range strings.Lines(objects) {
		name, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		names.WriteString(name + "\n")
	}
	if err := os.WriteFile(list, []byte(names.String()), 0o600); err != nil {
		s.t.Fatal(err)
	}
	out, err := s.try("sh", "-c", "git cat-file --batch < "+quote(list))
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

// nowhereReachable fails when a ref leads to a value.
func (s sandbox) nowhereReachable(value string) {
	s.t.Helper()
	text := s.reachable()
	for _, v := range written(value) {
		if strings.Contains(text, v) {
			s.t.Errorf("a ref of %s leads to %q:\n%s", s.dir, v, around(text, v))
		}
	}
}

// written are the ways in which a value may stand in a file.
func written(value string) []string {
	return []string{value, string(wide(value, false)), string(wide(value, true))}
}

func around(text, value string) string {
	i := strings.Index(text, value)
	return text[max(0, i-200):min(len(text), i+200)]
}

// nowhere fails when a value is in any object or in the journal's folder, after
// the reflogs are expired.
func (s sandbox) nowhere(value string) {
	s.t.Helper()
	s.git("reflog", "expire", "--expire=now", "--all")
	s.git("gc", "-q", "--prune=now")
	text := s.git("cat-file", "--batch-all-objects", "--batch")
	for _, v := range written(value) {
		if strings.Contains(text, v) {
			s.t.Errorf("%s has an object with %q:\n%s", s.dir, v, around(text, v))
		}
	}
	s.notInFiles(value)
}

func (s sandbox) notInFiles(value string) {
	s.t.Helper()
	dir := filepath.Join(s.git("rev-parse", "--path-format=absolute", "--git-common-dir"), "incident")
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if text, _ := os.ReadFile(path); strings.Contains(string(text), value) {
				s.t.Errorf("%s has %q", path, value)
			}
		}
		return nil
	})
}

func attachChange(id, name string) journal.Change {
	c := change(id, "attach", name)
	c.Attach = []journal.Attachment{{Name: name}}
	c.Log = []journal.Event{{ID: token(journal.EntryIDLen), Rev: 1, At: journal.When{Time: c.At}, Text: fmt.Sprintf("attached [%s](%s)", name, name)}}
	return c
}

func learnChange(id, text, so string) journal.Change {
	c := change(id, "learn", text)
	c.Learn = []journal.Learning{{ID: token(journal.EntryIDLen), Rev: 1, Text: text, Consequences: []journal.Consequence{{Text: so}}}}
	return c
}

// edited replaces a inPart of a note, as an editor does.
func edited(t testing.TB, j *Journal, id, old, now string) {
	t.Helper()
	note := must(j.Read(t.Context(), id))(t)
	text := string(journal.Format(note.Incident))
	if !strings.Contains(text, old) {
		t.Fatalf("%q is not in\n%s", old, text)
	}
	c := change(id, "edit", note.Incident.Title)
	c.Edit = &journal.Edit{Base: text, Text: strings.Replace(text, old, now, 1), Blob: note.Blob.String()}
	applied(t, j, c)
}

// TestPurgeLeavesNothing puts a secret wherever it can get in, purges it, and
// looks at every object that is left.
func TestPurgeLeavesNothing(t *testing.T) {
	place := map[string]func(t testing.TB, j *Journal, id string) Purge{
		"an entry": func(t testing.TB, j *Journal, id string) Purge {
			c := logChange(id, "it was "+secret+" all along")
			applied(t, j, c)
			return Purge{Incident: id, Entry: c.Log[0].ID}
		},
		"an entry that was edited since": func(t testing.TB, j *Journal, id string) Purge {
			c := logChange(id, "it was "+secret+" all along")
			applied(t, j, c)
			edited(t, j, id, "all along", "from the beginning")
			return Purge{Incident: id, Entry: c.Log[0].ID}
		},
		"a learning": func(t testing.TB, j *Journal, id string) Purge {
			c := learnChange(id, "never type "+secret, "nor "+secret)
			applied(t, j, c)
			return Purge{Incident: id, Entry: c.Learn[0].ID}
		},
		"an attachment": func(t testing.TB, j *Journal, id string) Purge {
			c := attachChange(id, "dump.txt")
			receipt := must(j.Write(t.Context(), c, map[string][]byte{"dump.txt": []byte("pass " + secret + "\n")}))(t)
			if !receipt.Applied {
				t.Fatalf("%+v", receipt)
			}
			return Purge{Incident: id, Attachment: "dump.txt"}
		},
		"text of an entry": func(t testing.TB, j *Journal, id string) Purge {
			applied(t, j, logChange(id, "it was "+secret+" all along"))
			return Purge{Text: secret}
		},
		"text of a learning": func(t testing.TB, j *Journal, id string) Purge {
			applied(t, j, learnChange(id, "never type "+secret, "nor "+secret))
			return Purge{Text: secret}
		},
		"text of a title": func(t testing.TB, j *Journal, id string) Purge {
			applied(t, j, startChange(secret+": is what it said"))
			return Purge{Text: secret}
		},
		"text of fields": func(t testing.TB, j *Journal, id string) Purge {
			applied(t, j, setChange(id, "title", secret))
			applied(t, j, setChange(id, "services", "checkout", secret))
			applied(t, j, setChange(id, "severity", "["+secret+"]"))
			return Purge{Text: secret}
		},
		"text of prose": func(t testing.TB, j *Journal, id string) Purge {
			edited(t, j, id, "## Timeline\n", "## What happened\n\nSomebody typed "+secret+" aloud.\n\n## Timeline\n")
			return Purge{Text: secret}
		},
		"text of an attachment": func(t testing.TB, j *Journal, id string) Purge {
			for name, content := range map[string][]byte{
				"dump.txt": []byte("pass " + secret + "\n"), secret + ".txt": []byte("x"),
				"wide.txt": append([]byte("\xff\xfe"), wide("pass "+secret, false)...),
			} {
				must(j.Write(t.Context(), attachChange(id, name), map[string][]byte{name: content}))(t)
			}
			return Purge{Text: secret}
		},
		"text of a message": func(t testing.TB, j *Journal, id string) Purge {
			c := logChange(id, "nothing to see")
			c.Summary = "it was " + secret
			applied(t, j, c)
			c = logChange(id, "nothing to see here")
			c.Summary = strings.Repeat("x", maxSubjectFor("log")-8) + secret
			applied(t, j, c)
			return Purge{Text: secret}
		},
		"text that was taken out by hand": func(t testing.TB, j *Journal, id string) Purge {
			applied(t, j, logChange(id, "it was "+secret+" all along"))
			edited(t, j, id, secret, "something")
			return Purge{Text: secret}
		},
		"text in a hostile file": func(t testing.TB, j *Journal, id string) Purge {
			c := setChange(id, "title", "\""+secret+"\": 'what: it \\ said")
			applied(t, j, c)
			applied(t, j, logChange(id, "```\n"+secret+"\n```\n<!-- e:"+secret+" r1 -->"))
			return Purge{Text: secret}
		},
		"text of several lines": func(t testing.TB, j *Journal, id string) Purge {
			key := "-----BEGIN KEY-----\n" + secret + "\nabcdef\n-----END KEY-----"
			applied(t, j, logChange(id, "it was\n\n"+key+"\n\nall along"))
			return Purge{Text: key}
		},
		"text of a draft": func(t testing.TB, j *Journal, id string) Purge {
			c := startChange("a draft about " + secret)
			c.Draft = true
			applied(t, j, c)
			must(j.Share(t.Context(), change(c.Incident, "share", secret)))(t)
			c = startChange("another about " + secret)
			c.Draft = true
			applied(t, j, c)
			return Purge{Text: secret}
		},
	}
	for name, put := range place {
		t.Run(name, func(t *testing.T) { purgeLeavesNothing(t, put) })
	}
}

func purgeLeavesNothing(t *testing.T, put func(t testing.TB, j *Journal, id string) Purge) {
	tm := newTeam(t, 2)
	one, two := tm.clones[0], tm.clones[1]
	id := started(t, one.open(), "checkout is 500ing")
	applied(t, one.open(), logChange(id, "rolled back"))
	one.sync()
	applied(t, one.open(), logChange(id, "still rolling"))
	p := put(t, one.open(), id)
	one.sync()
	two.sync()
	applied(t, one.open(), logChange(id, "and better"))
	if text := one.reachable(); !strings.Contains(text, secret) {
		t.Fatal("the secret is nowhere, so this tests nothing")
	}
	done := one.purge(p)
	if done.Unsent != nil || done.Synced.State != SyncShared || len(done.Elsewhere) > 0 {
		t.Errorf("%+v", done)
	}
	if done := two.sync(); done.Sent > 0 || done.Backup != "" || len(done.Left) > 0 {
		t.Errorf("%+v", done)
	}
	if done := one.sync(); done.Sent+done.Received > 0 || done.State != SyncShared {
		t.Errorf("%+v", done)
	}
	tm.same()
	for _, s := range append(tm.clones, tm.origin) {
		s.nowhereReachable(inPart)
		s.nowhere(inPart)
	}
	got := strings.Join(texts(two, id), "\n")
	for _, want := range []string{"rolled back", "still rolling", "and better"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is gone:\n%s", want, got)
		}
	}
	if report := must(one.open().Examine(t.Context()))(t); !report.Healthy() {
		t.Errorf("%+v", report.Findings)
	}
}

// maxSubjectFor is how many characters of a summary fit a subject.
func maxSubjectFor(verb string) int { return 72 - len(verb+": ") - len(" (k7f3)") }
