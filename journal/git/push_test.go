package git

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const mainRef = "refs/heads/main"

// push pushes and gives the only result.
func (p pair) push(u RemoteUpdate) (PushResult, error) {
	results, err := p.open().Push(p.t.Context(), fast, "origin", u)
	if err != nil || len(results) != 1 {
		return PushResult{}, err
	}
	return results[0], nil
}

func (p pair) wantPush(u RemoteUpdate, want PushStatus, reason string) {
	p.t.Helper()
	got, err := p.push(u)
	if err != nil || got.Name != u.Name || got.Status != want || !strings.Contains(got.Reason, reason) {
		p.t.Errorf("%+v: %+v, %v, want %v %q", u, got, err, want, reason)
	}
}

// transports are the ways to a remote that are served here.
func (p pair) transports() map[string]string {
	p.remote.git("config", "http.receivepack", "true")
	return map[string]string{"folder": p.remote.dir, "daemon": "git://" + p.daemon() + "/remote.git", "web": p.web(nil)}
}

func TestPush(t *testing.T) {
	q := newPair(t)
	for name, url := range q.transports() {
		t.Run(name, func(t *testing.T) {
			p := pair{newRepo(t).in(filepath.Join(t.TempDir(), "clone")), q.remote, "INCIDENT_TEST_MARK=none"}
			p.in(".").git("clone", "-q", q.remote.dir, p.dir)
			p.git("fetch", "-q")
			p.at(url)
			head := NewHash(p.git("rev-parse", "origin/main"))
			next, other := p.commitHere("next", head.String()), p.commitHere("other", head.String())
			more := p.commitHere("more", next.String())
			p.wantPush(RemoteUpdate{Name: mainRef, New: next}, Pushed, "")
			p.wantPush(RemoteUpdate{Name: mainRef, New: next}, Pushed, "")
			p.wantPush(RemoteUpdate{Name: mainRef, New: other}, Stale, "non-fast-forward")
			p.wantPush(RemoteUpdate{Name: mainRef, New: other, Old: head, Lease: true}, Stale, "stale info")
			p.wantPush(RemoteUpdate{Name: mainRef, New: other, Old: next, Lease: true}, Pushed, "")
			p.wantPush(RemoteUpdate{Name: "refs/incident/inbox/a", New: more}, Pushed, "")
			p.wantPush(RemoteUpdate{Name: "refs/incident/inbox/a", New: more, Lease: true}, Pushed, "")
			p.wantPush(RemoteUpdate{Name: "refs/incident/inbox/a", New: next, Lease: true}, Stale, "stale info")
			p.wantPush(RemoteUpdate{Name: "refs/incident/inbox/a", Old: next}, Stale, "stale info")
			p.wantPush(RemoteUpdate{Name: "refs/incident/inbox/a", Old: more}, Pushed, "")
			p.wantPush(RemoteUpdate{Name: "refs/incident/inbox/a", Old: more}, Stale, "stale info")
			p.wantPush(RemoteUpdate{Name: mainRef, New: head, Old: other, Lease: true}, Pushed, "")
		})
	}
}

// TestPushToAStranger pushes where somebody was that this clone has never seen.
func TestPushToAStranger(t *testing.T) {
	p := newPair(t)
	theirs := p.remote.commitHere("theirs", "HEAD")
	p.remote.git("update-ref", mainRef, theirs.String())
	p.wantPush(RemoteUpdate{Name: mainRef, New: p.commitHere("ours", "HEAD")}, Stale, "fetch first")
}

func TestPushRefused(t *testing.T) {
	t.Run("pre-receive", func(t *testing.T) {
		p := newPair(t)
		p.hook("pre-receive", "echo No space left on device; exit 1")
		p.wantPush(RemoteUpdate{Name: mainRef, New: p.commitHere("x", "HEAD")}, Refused, "pre-receive hook declined")
	})
	t.Run("update, one of two", func(t *testing.T) {
		p := newPair(t)
		p.hook("update", `test "$1" != refs/heads/main`)
		x := p.commitHere("x", "HEAD")
		got, err := p.open().Push(t.Context(), fast, "origin", RemoteUpdate{Name: mainRef, New: x}, RemoteUpdate{Name: "refs/heads/a", New: x})
		if err != nil || len(got) != 2 || got[0] != (PushResult{mainRef, Refused, "hook declined"}) || got[1] != (PushResult{"refs/heads/a", Pushed, ""}) {
			t.Errorf("%+v, %v", got, err)
		}
	})
	for key, u := range map[string]RemoteUpdate{
		"receive.denyNonFastForwards": {Name: mainRef, Lease: true},
		"receive.denyDeletes":         {Name: mainRef},
		"receive.hideRefs":            {Name: "refs/incident/x"},
		"receive.denyCurrentBranch":   {Name: mainRef},
	} {
		t.Run(key, func(t *testing.T) {
			p := newPair(t)
			value := "true"
			switch key {
			case "receive.hideRefs":
				value = "refs/incident"
			case "receive.denyCurrentBranch":
				value = "refuse"
				p.remote.git("config", "core.bare", "false")
			}
			p.remote.git("config", key, value)
			if key != "receive.denyDeletes" {
				u.New = p.commitHere("root")
			}
			if key == "receive.denyCurrentBranch" {
				u.New = p.commitHere("next", "HEAD")
			}
			u.Old = NewHash(p.git("rev-parse", "HEAD"))
			p.wantPush(u, Refused, "")
		})
	}
	t.Run("shallow", func(t *testing.T) {
		p := newPair(t)
		p.commit("b.txt", "b\n")
		p.git("push", "-q", "origin", "HEAD:main")
		s := p.in(filepath.Join(t.TempDir(), "shallow"))
		p.git("clone", "-q", "--depth=1", "file://"+p.dir, s.dir)
		empty := s.in(filepath.Join(t.TempDir(), "empty"))
		s.git("init", "-q", "--bare", empty.dir)
		s.git("remote", "set-url", "origin", empty.dir)
		pair{s, empty, p.mark}.wantPush(RemoteUpdate{Name: mainRef, New: NewHash(s.git("rev-parse", "HEAD"))}, Refused, "shallow update not allowed")
	})
}

// TestPushLostRace has somebody else move the ref, or lock it, while the remote
// looks at the push.
func TestPushLostRace(t *testing.T) {
	for name, script := range map[string]string{
		"moved":   "unset GIT_QUARANTINE_PATH; git update-ref refs/heads/main %s",
		"removed": "unset GIT_QUARANTINE_PATH; git update-ref -d refs/heads/main",
		"locked":  "touch refs/heads/main.lock",
	} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t)
			theirs := p.remote.commitHere("theirs", "HEAD")
			p.hook("pre-receive", strings.ReplaceAll(script, "%s", theirs.String()))
			p.wantPush(RemoteUpdate{Name: mainRef, New: p.commitHere("ours", "HEAD")}, Stale, "")
		})
	}
}

func TestPushHangs(t *testing.T) {
	p := newPair(t)
	p.hook("pre-receive", "sleep 1000")
	_, err := p.open().Push(t.Context(), Network{Timeout: soon}, "origin", RemoteUpdate{Name: mainRef, New: p.commitHere("x", "HEAD")})
	var failed *NetworkError
	if !errors.As(err, &failed) || failed.Cause != TimedOut {
		t.Errorf("%#v", err)
	}
	p.quiet()
}

// TestPushMovesNothingHere holds that neither the tracking ref nor its lock is
// touched, whatever the remote is configured to do.
func TestPushMovesNothingHere(t *testing.T) {
	for _, fetch := range []string{"+refs/heads/*:refs/remotes/origin/*", "+refs/heads/main:refs/remotes/origin/main", "+refs/*:refs/*"} {
		p := newPair(t)
		p.git("fetch", "-q", "origin")
		p.git("config", "remote.origin.fetch", fetch)
		p.git("config", "remote.origin.mirror", "true")
		p.git("config", "push.followTags", "true")
		p.git("config", "push.pushOption", "no")
		p.git("config", "push.recurseSubmodules", "on-demand")
		p.write(".git/hooks/pre-push", "#!/bin/sh\nexit 1\n")
		must(0, os.Chmod(p.path(".git/hooks/pre-push"), 0o755))(t)
		p.git("tag", "-am", "a tag", "v1")
		for _, ref := range []string{"refs/remotes/origin/main.lock", "refs/heads/main.lock"} {
			p.write(".git/"+ref, "") // would be in the way of whoever writes
		}
		next := p.commitHere("next", "HEAD")
		before := p.git("for-each-ref")
		got, err := p.open().Push(t.Context(), fast, "origin",
			RemoteUpdate{Name: mainRef, New: next}, RemoteUpdate{Name: "refs/incident/inbox/x", New: next}, RemoteUpdate{Name: "refs/heads/gone", New: next})
		if err != nil || len(got) != 3 || !allPushed(got) {
			t.Errorf("%s: %+v, %v", fetch, got, err)
		}
		if after := p.git("for-each-ref"); after != before {
			t.Errorf("%s: refs moved from\n%s\nto\n%s", fetch, before, after)
		}
		if got := p.remote.git("for-each-ref", "refs/tags"); got != "" {
			t.Errorf("a tag went along: %s", got)
		}
	}
}

func TestPushToTwoURLs(t *testing.T) {
	p := newPair(t)
	p.git("config", "--add", "remote.origin.pushurl", p.remote.dir)
	p.git("config", "--add", "remote.origin.pushurl", p.remote.dir+"x")
	_, err := p.push(RemoteUpdate{Name: mainRef, New: p.commitHere("x", "HEAD")})
	var failed *NetworkError
	if !errors.As(err, &failed) || failed.Cause != NotFound {
		t.Errorf("one of two is not there: %#v", err)
	}
	second := p.in(filepath.Join(t.TempDir(), "second.git"))
	p.git("clone", "-q", "--bare", p.remote.dir, second.dir)
	p.git("config", "--replace-all", "remote.origin.pushurl", second.dir, "x$")
	second.git("update-ref", mainRef, second.commitHere("theirs", "HEAD").String())
	p.wantPush(RemoteUpdate{Name: mainRef, New: p.commitHere("y", p.remote.git("rev-parse", "main"))}, Stale, "fetch first")
}

func TestPushNonsense(t *testing.T) {
	p := newPair(t)
	head := NewHash(p.git("rev-parse", "HEAD"))
	for _, u := range []RemoteUpdate{
		{Name: "main", New: head}, {Name: "--all", New: head}, {Name: "refs/heads/*", New: head},
		{Name: "refs/heads/a:refs/heads/b", New: head}, {Name: "+refs/heads/a", New: head}, {Name: "refs/heads/a"},
	} {
		if _, err := p.push(u); err == nil {
			t.Errorf("%+v is taken", u)
		}
	}
	if _, err := p.open().Push(t.Context(), fast, "origin", RemoteUpdate{Name: mainRef, New: head}, RemoteUpdate{Name: mainRef, New: head}); err == nil {
		t.Error("one ref twice is taken")
	}
	if got, err := p.open().Push(t.Context(), fast, "origin"); got != nil || err != nil {
		t.Errorf("nothing to push: %v, %v", got, err)
	}
	if _, err := p.push(RemoteUpdate{Name: "refs/heads/a", New: Hash{1}}); err == nil {
		t.Error("a commit that is not here is pushed")
	}
}

// TestKilledPush ends pushes at many moments: no lock is left on either side, and
// the next one gets through.
func TestKilledPush(t *testing.T) {
	p := newPair(t)
	p.git("fetch", "-q", "origin")
	update := RemoteUpdate{Name: mainRef, New: p.bulk("HEAD", 1_000_000)}
	r, before, ended := p.open(), p.state(), 0
	for after := time.Millisecond; ; after += after/2 + 3*time.Millisecond {
		ctx, cancel := context.WithTimeout(t.Context(), after)
		got, err := r.Push(ctx, Network{}, "origin", update)
		cancel()
		p.quiet()
		if locks := append(p.locks(".git"), p.remote.locks(".")...); len(locks) > 0 {
			t.Errorf("ended after %v, there is %q", after, locks)
		}
		if err == nil {
			if !allPushed(got) {
				t.Errorf("%+v", got)
			}
			break
		}
		ended++
	}
	if after := p.state(); after != before || ended < 3 {
		t.Errorf("after %d ends, from\n%s\nto\n%s", ended, before, after)
	}
	p.remote.git("fsck", "--connectivity-only")
}
