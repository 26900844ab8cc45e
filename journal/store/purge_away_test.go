package store

import (
	"errors"
	"strings"
	"testing"

	"git-incident/journal"
	"git-incident/journal/git"
)

// purgeTeam is a team whose first clone wrote two secrets that all have.
func purgeTeam(t *testing.T, clones int) (tm team, id string) {
	t.Helper()
	tm = newTeam(t, clones)
	id = started(t, tm.clones[0].open(), "checkout is 500ing")
	applied(t, tm.clones[0].open(), logChange(id, "it was "+secret+" all along"))
	applied(t, tm.clones[0].open(), logChange(id, "and swordfish99 too"))
	for range 2 {
		for _, c := range tm.clones {
			c.sync()
		}
	}
	return tm, id
}

// offline takes the remote away from a clone, and gives the way back.
func (s sandbox) offline() (back func()) {
	s.t.Helper()
	url := s.git("remote", "get-url", "origin")
	s.git("remote", "set-url", "origin", s.path("gone"))
	return func() { s.git("remote", "set-url", "origin", url) }
}

// TestPurgeWithoutTheRemote purges here at once, and there with the next sync of
// this clone, whatever others have written meanwhile.
func TestPurgeWithoutTheRemote(t *testing.T) {
	tm, id := purgeTeam(t, 2)
	one, two := tm.clones[0], tm.clones[1]
	back := one.offline()
	done := one.purge(Purge{Text: secret})
	var network *git.NetworkError
	if !errors.As(done.Unsent, &network) || !errors.As(done.Offline, &network) || !done.Published {
		t.Errorf("%+v", done)
	}
	one.nowhereReachable(inPart)
	applied(t, one.open(), logChange(id, "after it"))
	applied(t, two.open(), logChange(id, "meanwhile"))
	two.sync()
	back()
	if done := one.sync(); done.State != SyncShared || done.Purged || done.Backup != "" || done.Received != 1 {
		t.Errorf("%+v", done)
	}
	tm.origin.nowhere(inPart)
	tm.settle()
	tm.same()
	for _, c := range tm.clones {
		c.nowhereReachable(inPart)
		got := strings.Join(texts(c, id), "|")
		if strings.Count(got, "after it") != 1 || strings.Count(got, "meanwhile") != 1 || strings.Count(got, "swordfish99") != 1 {
			t.Errorf("it reads %s", got)
		}
	}
}

// TestPurgeThatTheRemoteRefuses cannot make the remote forget. What it has is
// nothing that this clone takes back, and the new history is in the inbox.
func TestPurgeThatTheRemoteRefuses(t *testing.T) {
	tm, id := purgeTeam(t, 3)
	one, two := tm.clones[0], tm.clones[1]
	tm.origin.git("config", "receive.denyNonFastForwards", "true")
	done := one.purge(Purge{Text: secret})
	if done.Unsent != nil || done.Synced.State != SyncInbox {
		t.Errorf("%+v", done)
	}
	one.nowhereReachable(inPart)
	applied(t, two.open(), logChange(id, "by two"))
	two.sync()
	one.sync()
	one.nowhereReachable(inPart)
	if got := strings.Join(texts(one, id), "|"); strings.Count(got, "by two") != 1 {
		t.Errorf("one reads %s", got)
	}
	tm.origin.git("config", "receive.denyNonFastForwards", "false")
	tm.clones[2].sync()
	tm.settle()
	tm.same()
	tm.origin.nowhere(inPart)
	if got := tm.origin.git("for-each-ref", "--format=%(refname)"); strings.Contains(got, "inbox") {
		t.Errorf("an inbox is left:\n%s", got)
	}
}

// TestTwoPurgesApart are made by two people who did not know of each other. The
// first on the remote stays, and the other one is asked to purge again: merged,
// each history would bring back what the other took out.
func TestTwoPurgesApart(t *testing.T) {
	tm, id := purgeTeam(t, 3)
	one, two := tm.clones[0], tm.clones[1]
	back := two.offline()
	two.purge(Purge{Text: "swordfish99"})
	applied(t, two.open(), logChange(id, "by two"))
	one.purge(Purge{Text: secret})
	back()
	if done := two.sync(); !done.Again || !done.Purged {
		t.Errorf("%+v", done)
	}
	tm.settle()
	tm.same()
	if got := strings.Join(texts(tm.clones[2], id), "|"); strings.Count(got, "by two") != 1 {
		t.Errorf("it reads %s", got)
	}
	tm.origin.nowhere(inPart)
	two.purge(Purge{Text: "swordfish99"})
	tm.settle()
	tm.same()
	for _, s := range append(tm.clones, tm.origin) {
		s.nowhereReachable(inPart)
		s.nowhereReachable("swordfish99")
	}
}

// TestPurgeSendsNothingBefore makes sure that what never left does not leave on
// the way to being purged.
func TestPurgeSendsNothingBefore(t *testing.T) {
	tm, id := purgeTeam(t, 1)
	one := tm.clones[0]
	applied(t, one.open(), logChange(id, "an unsent thing"))
	before := tm.origin.git("rev-parse", Branch)
	p := Purge{ID: token(journal.ChangeIDLen), Text: "an unsent thing"}
	plan := must(one.open().PlanPurge(t.Context(), p, syncOptions(), true))(t)
	if plan.Published || plan.Commits != 1 || plan.Places != 1 || len(plan.Incidents) != 1 || plan.Incidents[0] != id {
		t.Errorf("%+v", plan)
	}
	if got := tm.origin.git("rev-parse", Branch); got != before {
		t.Error("looking sent something")
	}
	must(plan.Do(t.Context()))(t)
	if text := tm.origin.git("cat-file", "--batch-all-objects", "--batch"); strings.Contains(text, "unsent") {
		t.Error("it left")
	}
}

// TestPurgeWithAnotherSecret does not send what looks like a secret and was not
// purged, while the purge itself is made.
func TestPurgeWithAnotherSecret(t *testing.T) {
	tm, id := purgeTeam(t, 1)
	one := tm.clones[0]
	applied(t, one.open(), logChange(id, "connect with postgres://app:correcthorse7@db/x"))
	if err := one.open().disallow("correcthorse7"); err != nil {
		t.Fatal(err)
	}
	p := Purge{ID: token(journal.ChangeIDLen), Text: secret}
	o := syncOptions()
	o.AllowSecrets = false
	plan := must(one.open().PlanPurge(t.Context(), p, o, true))(t)
	done := must(plan.Do(t.Context()))(t)
	var leak *SecretError
	if !errors.As(done.Unsent, &leak) {
		t.Errorf("%+v", done)
	}
	one.nowhereReachable(inPart)
	if text := tm.origin.git("cat-file", "--batch-all-objects", "--batch"); strings.Contains(text, "correcthorse7") {
		t.Error("it left")
	}
}

// TestPurgeWithoutARemote is about a journal that nobody shares.
func TestPurgeWithoutARemote(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "checkout is 500ing")
	applied(t, s.open(), logChange(id, "it was "+secret+" all along"))
	done := s.purge(Purge{Text: secret})
	if done.Remote != "" || done.Published || done.Unsent != nil || done.Commits != 1 || done.All != 2 {
		t.Errorf("%+v", done)
	}
	if got := texts(s, id); len(got) != 1 || got[0] != "it was [purged] all along" {
		t.Errorf("it reads %q", got)
	}
	s.nowhere(inPart)
	s.fsck()
}

// TestPurgeCleansTheSpool looks at what waits, what was done and what is stuck.
func TestPurgeCleansTheSpool(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "checkout is 500ing")
	c := attachChange(id, "dump.txt")
	must(s.open().Write(t.Context(), c, map[string][]byte{"dump.txt": []byte("pass " + secret + "\n")}))(t)
	applied(t, s.open(), logChange(id, "it was "+secret+" all along"))
	stuck := logChange("2026-11-20-nothing-k7f3", "not "+secret)
	if _, err := s.open().Write(t.Context(), stuck, nil); !errors.Is(err, ErrInapplicable) {
		t.Fatal(err)
	}
	s.purge(Purge{Text: secret})
	s.nowhere(inPart)
	j := s.open()
	for _, dir := range []string{doneDir, stuckDir} {
		for _, name := range waiting(s, dir) {
			if _, err := readRecord(j.path(dir), name); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if got := must(j.Stuck())(t); len(got) != 1 || got[0].Changes[0].Log[0].Text != "not [purged]" {
		t.Errorf("stuck: %+v", got)
	}
}

// TestPurgeWinsOverAnOpenEditor saves, after a purge, a text that somebody was at
// before it. What they wrote is there, and what was purged is not.
func TestPurgeWinsOverAnOpenEditor(t *testing.T) {
	for name, edit := range map[string]func(text string) string{
		"elsewhere": func(text string) string { return strings.Replace(text, "rolled back", "rolled back to v41", 1) },
		"right there": func(text string) string {
			return strings.Replace(strings.Replace(text, "all along", "from the beginning", 1), "rolled back", "rolled back to v41", 1)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newRepo(t)
			id := started(t, s.open(), "checkout is 500ing")
			applied(t, s.open(), logChange(id, "it was "+secret+" all along"))
			applied(t, s.open(), logChange(id, "rolled back"))
			base := string(must(s.open().Read(t.Context(), id))(t).Raw)
			s.purge(Purge{Text: secret})
			applied(t, s.open(), logChange(id, "after it"))
			c := change(id, "edit", "checkout is 500ing")
			c.Edit = &journal.Edit{Base: base, Text: edit(base)}
			applied(t, s.open(), c)
			got := strings.Join(texts(s, id), "|")
			if got != "it was [purged] all along|rolled back to v41|after it" {
				t.Errorf("it reads %s", got)
			}
			s.nowhereReachable(inPart)
		})
	}
}

// TestPurgeOfAShortText leaves ids alone that have it by chance.
func TestPurgeOfAShortText(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "it is in 0 and in 00")
	for range 40 {
		applied(t, s.open(), logChange(id, "x0y"))
	}
	before := must(s.open().Read(t.Context(), id))(t).Incident
	changes := s.git("log", "--format=%(trailers:key=Incident-Change,key=Incident-Entry,key=Incident)", Branch)
	s.purge(Purge{Text: "0"})
	look := must(s.open().Read(t.Context(), id))(t)
	if look.Err != nil || len(look.Incident.Timeline) != 40 || look.Incident.Title != "it is in [purged] and in [purged][purged]" {
		t.Fatalf("%v\n%s", look.Err, look.Raw)
	}
	for i, e := range look.Incident.Timeline {
		if was := before.Timeline[i]; e.ID != was.ID || e.At.String() != was.At.String() || e.Text != "x[purged]y" {
			t.Errorf("%+v became %+v", was, e)
		}
	}
	if now := s.git("log", "--format=%(trailers:key=Incident-Change,key=Incident-Entry,key=Incident)", Branch+"~1"); now != changes {
		t.Errorf("the trailers were\n%s\nand are\n%s", changes, now)
	}
}

// TestPurgeOfWhatIsGoneByHand finds an entry that somebody cut out of the note, and
// leaves a tombstone, so that no copy of the note brings it back.
func TestPurgeOfWhatIsGoneByHand(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "checkout is 500ing")
	c := logChange(id, "it was "+secret+" all along")
	applied(t, s.open(), c)
	note := must(s.open().Read(t.Context(), id))(t)
	cut := strings.Replace(string(note.Raw), "- 2026-11-20T13:00:00+01:00 it was "+secret+" all along <!-- e:"+c.Log[0].ID+" r1 -->\n", "", 1)
	s.git("worktree", "add", "-q", "../by-hand", "incidents")
	s.in(s.path("../by-hand")).commit(journal.Path(id)+"/README.md", cut)
	s.git("worktree", "remove", "../by-hand")
	found := must(s.open().FindPurge(t.Context(), id, "e:"+c.Log[0].ID))(t)
	if len(found) != 1 {
		t.Fatalf("%+v", found)
	}
	s.purge(found[0])
	s.nowhere(inPart)
	now := must(s.open().Read(t.Context(), id))(t).Incident
	if len(now.Timeline) > 0 || len(now.Deleted) != 1 || now.Deleted[0].ID != c.Log[0].ID {
		t.Errorf("%+v", now)
	}
}
