package store

import (
	"errors"
	"strings"
	"testing"

	"git-incident/journal/git"
)

// shared is a draft with an attachment that was moved to the branch, and went on
// there.
func shared(t *testing.T, s sandbox) (id string) {
	t.Helper()
	c := startChange("told to few")
	c.Draft = true
	applied(t, s.open(), c)
	attach := attachChange(c.Incident, "graph.txt")
	attach.Draft = true
	must(s.open().Write(t.Context(), attach, map[string][]byte{"graph.txt": []byte("#####\n")}))(t)
	must(s.open().Share(t.Context(), change(c.Incident, "share", c.Summary)))(t)
	applied(t, s.open(), logChange(c.Incident, "told to all"))
	return c.Incident
}

// onBranch is every object and message that the branch leads to.
func (s sandbox) onBranch() string {
	return s.git("rev-list", "--objects", Branch) + s.git("log", "--format=%B", Branch)
}

func unshared(s sandbox, id string) (offline, err error) {
	return s.open().Unshare(s.t.Context(), change(id, "unshare", "told to few"), syncOptions())
}

func TestUnshare(t *testing.T) {
	for name, setUp := range map[string]func(s sandbox){
		"without a remote":      func(sandbox) {},
		"as the first incident": func(sandbox) {},
		"after a sync": func(s sandbox) {
			origin := s.path("../origin.git")
			s.git("init", "-q", "--bare", origin)
			s.git("remote", "add", "origin", origin)
			started(s.t, s.open(), "known to all")
			s.sync()
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newRepo(t)
			setUp(s)
			if name == "without a remote" {
				started(t, s.open(), "known to all")
			}
			id := shared(t, s)
			other := started(t, s.open(), "something else")
			applied(t, s.open(), logChange(id, "more"))
			applied(t, s.open(), logChange(other, "and more of "+id))
			if offline, err := unshared(s, id); offline != nil || err != nil {
				t.Fatal(offline, err)
			}
			if text := strings.ReplaceAll(s.onBranch(), "and more of "+id, ""); strings.Contains(text, id) || strings.Contains(text, "told") {
				t.Errorf("the branch still has it:\n%s", text)
			}
			note := must(s.open().Read(t.Context(), id))(t)
			if !note.Draft || len(note.Incident.Attachments) != 1 || len(note.Incident.Timeline) != 3 {
				t.Errorf("the draft is %+v", note)
			}
			if got := texts(s, other); len(got) != 1 {
				t.Errorf("the other incident reads %q", got)
			}
			s.fsck()
			if report := must(s.open().Examine(t.Context()))(t); !report.Healthy() {
				t.Errorf("%+v", report.Findings)
			}
			if name == "after a sync" {
				if done := s.sync(); done.State != SyncShared || done.Backup != "" {
					t.Errorf("%+v", done)
				}
				if out := s.in(s.path("../origin.git")).onBranch(); strings.Contains(strings.ReplaceAll(out, "and more of "+id, ""), id) {
					t.Error("the remote has it")
				}
			}
			must(s.open().Share(t.Context(), change(id, "share", "told to few")))(t)
			if note := must(s.open().Read(t.Context(), id))(t); note.Draft || len(note.Incident.Timeline) != 3 {
				t.Errorf("shared again it is %+v", note)
			}
		})
	}
}

// TestUnshareOfWhatIsPublished refuses, however it left: by a sync, or by a push
// that this clone has heard of or only the remote knows.
func TestUnshareOfWhatIsPublished(t *testing.T) {
	for name, publish := range map[string]func(s sandbox) (isOffline bool){
		"by a sync": func(s sandbox) bool { s.sync(); return false },
		"by a push": func(s sandbox) bool { s.git("push", "-q", "origin", "incidents"); return false },
		"by a push, offline": func(s sandbox) bool {
			s.git("push", "-q", "origin", "incidents")
			s.offline()
			return true
		},
		"by a push that only the remote knows": func(s sandbox) bool {
			s.git("push", "-q", s.git("remote", "get-url", "origin"), "incidents")
			return false
		},
		"into an inbox": func(s sandbox) bool {
			s.git("push", "-q", s.git("remote", "get-url", "origin"), "incidents:refs/incident/inbox/incidents/abc")
			return false
		},
	} {
		t.Run(name, func(t *testing.T) {
			tm := newTeam(t, 1)
			s := tm.clones[0]
			started(t, s.open(), "known to all")
			id := shared(t, s)
			isOffline := publish(s)
			applied(t, s.open(), logChange(id, "more"))
			before := s.git("for-each-ref")
			offline, err := unshared(s, id)
			var published *PublishedError
			if !errors.As(err, &published) || published.Remote != "origin" || published.Incident != id {
				t.Errorf("%v", err)
			}
			var network *git.NetworkError
			if errors.As(offline, &network) != isOffline {
				t.Errorf("offline: %v", offline)
			}
			if after := s.git("for-each-ref"); after != before {
				t.Errorf("refs moved:\n%s\n%s", before, after)
			}
		})
	}
}

// TestUnshareOffline goes by what is known, and says so.
func TestUnshareOffline(t *testing.T) {
	tm := newTeam(t, 1)
	s := tm.clones[0]
	id := shared(t, s)
	defer s.offline()()
	offline, err := unshared(s, id)
	if offline == nil || err != nil {
		t.Errorf("offline %v, %v", offline, err)
	}
	if note := must(s.open().Read(t.Context(), id))(t); !note.Draft {
		t.Error("it is on the branch")
	}
	if _, err := unshared(s, id); !IsNotFound(err) {
		t.Errorf("a second time: %v", err)
	}
}

// TestUnshareAfterAPurge knows what was published also when the purge has not
// reached the remote yet.
func TestUnshareAfterAPurge(t *testing.T) {
	tm, id := purgeTeam(t, 1)
	s := tm.clones[0]
	back := s.offline()
	s.purge(Purge{Text: secret})
	for _, online := range []bool{false, true} {
		if online {
			back()
		}
		var published *PublishedError
		if _, err := unshared(s, id); !errors.As(err, &published) {
			t.Errorf("online %v: %v", online, err)
		}
	}
}
