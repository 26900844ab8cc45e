package git

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// each runs all three steps at once and gives their errors.
func (p pair) each(n Network) map[string]error {
	r, ctx := p.open(), p.t.Context()
	tip := p.commitHere("more", "HEAD")
	var steps sync.WaitGroup
	var asked, fetched, pushed error
	steps.Go(func() { _, asked = r.LsRemote(ctx, n, "origin", "refs/heads/main") })
	steps.Go(func() { fetched = r.Fetch(ctx, n, "origin", "refs/heads/main") })
	steps.Go(func() { _, pushed = r.Push(ctx, n, "origin", RemoteUpdate{Name: "refs/heads/main", New: tip}) })
	steps.Wait()
	return map[string]error{"ask": asked, "fetch": fetched, "push": pushed}
}

// wantCause looks at all steps of a remote that cannot be talked to.
func (p pair) wantCause(n Network, want Cause) {
	p.t.Helper()
	for step, err := range p.each(n) {
		var failed *NetworkError
		if !errors.As(err, &failed) || failed.Cause != want || failed.Step != step {
			p.t.Errorf("%s: %#v, want %q", step, err, want)
		}
	}
	p.quiet()
}

// soon is for steps that must run into it.
const soon = 300 * time.Millisecond

func TestSilentRemote(t *testing.T) {
	silent := func(conn *net.TCPConn) {}
	for _, scheme := range []string{"git://", "http://"} {
		p := newPair(t)
		p.at(scheme+listen(t, silent)+"/remote.git").wantCause(Network{Timeout: soon}, TimedOut)
	}
}

// ssh gives the clone a remote that is reached by running script.
func (p pair) ssh(script string) pair {
	p.at("git@example.invalid:x/y.git")
	p.sandbox = p.with("GIT_SSH_VARIANT=ssh", "GIT_SSH_COMMAND="+script+"; :")
	return p
}

// TestStubbornChild starts something that takes no hint and keeps the pipes.
func TestStubbornChild(t *testing.T) {
	newPair(t).ssh(`trap "" TERM; sleep 1000 & sleep 1000`).wantCause(Network{Timeout: soon}, TimedOut)
}

// TestAskedFirst holds that whoever has something to tidy up is asked to end.
func TestAskedFirst(t *testing.T) {
	p := newPair(t).ssh(`trap "echo asked >asked" TERM; sleep 1000`)
	_, err := p.open().LsRemote(t.Context(), Network{Timeout: soon}, "origin")
	var failed *NetworkError
	if !errors.As(err, &failed) || failed.Cause != TimedOut || p.file("asked") != "asked\n" {
		t.Errorf("%#v", err)
	}
	p.quiet()
}

// TestSharedConnection has ssh leave something in the background that keeps
// stderr, as a shared connection does. It is not waited for, and not ended.
func TestSharedConnection(t *testing.T) {
	p := newPair(t).ssh(`sleep 1000 >/dev/null & echo $! >left; for a; do :; done; eval "$a"`)
	refs, err := p.at("git@example.invalid:"+p.remote.dir).open().LsRemote(t.Context(), fast, "origin")
	if err != nil || len(refs) != 1 {
		t.Errorf("%v, %v", refs, err)
	}
	pid := must(strconv.Atoi(strings.TrimSpace(p.file("left"))))(t)
	left := must(os.FindProcess(pid))(t)
	if err := left.Kill(); err != nil {
		t.Errorf("it was ended: %v", err)
	}
	p.quiet()
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p := newPair(t)
	p.at("git://" + listen(t, func(*net.TCPConn) { cancel() }) + "/remote.git")
	_, err := p.open().LsRemote(ctx, fast, "origin")
	var failed *NetworkError
	if !errors.Is(err, context.Canceled) || errors.As(err, &failed) {
		t.Errorf("%#v", err)
	}
	p.quiet()
}

func TestNobodyThere(t *testing.T) {
	l := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	_ = l.Close()
	for _, scheme := range []string{"git://", "http://"} {
		newPair(t).at(scheme+l.Addr().String()+"/remote.git").wantCause(fast, Unreachable)
	}
	newPair(t).at("git://no.such.host.invalid/remote.git").wantCause(fast, Unreachable)
}

func TestNoSuchRepository(t *testing.T) {
	p := newPair(t)
	daemon, web := "git://"+p.daemon(), p.web(nil)
	for _, url := range []string{p.remote.dir + "x", daemon + "/x.git", strings.Replace(web, "remote", "x", 1)} {
		p.at(url).wantCause(fast, NotFound)
	}
}

func TestWebSaysNo(t *testing.T) {
	for status, want := range map[int]Cause{
		http.StatusUnauthorized:        NeedsPassword,
		http.StatusForbidden:           Forbidden,
		http.StatusNotFound:            NotFound,
		http.StatusTooManyRequests:     Unreachable,
		http.StatusInternalServerError: Unreachable,
		http.StatusServiceUnavailable:  Unreachable,
	} {
		p := newPair(t)
		p.at(p.web(func(w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("WWW-Authenticate", `Basic realm="there"`)
			w.WriteHeader(status)
			return true
		})).wantCause(fast, want)
	}
}

func TestWrongPasswordIsNotShown(t *testing.T) {
	p := newPair(t)
	url := p.web(func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("WWW-Authenticate", `Basic realm="there"`)
		w.WriteHeader(http.StatusUnauthorized)
		return true
	})
	p.at(strings.Replace(url, "http://", "http://ada:hunter2@", 1))
	p.wantCause(fast, NeedsPassword)
	for _, err := range p.each(fast) {
		if strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), url) {
			t.Error(err)
		}
	}
}

func TestSSHSaysNo(t *testing.T) {
	for words, want := range map[string]Cause{
		"Permission denied (publickey).":                                           NeedsPassword,
		"Host key verification failed.":                                            HostKey,
		"ssh: connect to host x port 22: Connection refused":                       Unreachable,
		"ERROR: Repository not found.":                                             NotFound,
		"ERROR: The key you are authenticating with has been marked as read only.": Forbidden,
		"something new": Broken,
	} {
		newPair(t).ssh("echo '"+words+"' >&2; exit 255").wantCause(fast, want)
	}
}

// TestResetInThePack cuts the connection all along the way.
func TestResetInThePack(t *testing.T) {
	p := newPair(t)
	big := p.bulk("HEAD", 200_000)
	p.git("push", "-q", "origin", big.String()+":refs/heads/big")
	address, pushed := p.daemon(), 0
	for _, after := range []int64{0, 4, 40, 400, 4_000, 40_000, 150_000} {
		q := newPair(t).at("git://" + cut(t, address, after) + "/remote.git")
		err := q.open().Fetch(t.Context(), fast, "origin", "refs/heads/big")
		var failed *NetworkError
		if !errors.As(err, &failed) || failed.Cause != Unreachable {
			t.Errorf("fetch, cut after %d: %#v", after, err)
		}
		q.quiet()
		_, err = q.open().Push(t.Context(), fast, "origin", RemoteUpdate{Name: "refs/heads/other", New: q.bulk("HEAD", 1000)})
		if err == nil {
			pushed++ // there is less to hear
		} else if !errors.As(err, &failed) || failed.Cause != Unreachable {
			t.Errorf("push, cut after %d: %#v", after, err)
		}
		q.quiet()
	}
	if pushed == 7 {
		t.Error("no push was cut")
	}
}

func TestHostileRemoteNames(t *testing.T) {
	p := newPair(t)
	p.git("config", "remote.-x.url", p.remote.dir)
	p.git("config", "remote.a=b.url", p.remote.dir)
	for _, remote := range []string{"", "-x", "a=b", "nowhere", "--upload-pack=touch canary", p.remote.dir, "ext::sh -c touch% canary"} {
		r, ctx := p.open(), t.Context()
		_, asked := r.LsRemote(ctx, fast, remote, "refs/heads/main")
		_, pushed := r.Push(ctx, fast, remote, RemoteUpdate{Name: "refs/heads/x", New: Hash{1}})
		if fetched := r.Fetch(ctx, fast, remote, "refs/heads/main"); asked == nil || fetched == nil || pushed == nil {
			t.Errorf("%q is taken: %v, %v, %v", remote, asked, fetched, pushed)
		}
	}
	for _, url := range []string{"ext::sh -c 'touch canary'", "fd::0"} {
		p.at(url)
		p.git("config", "protocol.allow", "always")
		for step, err := range p.each(fast) {
			if err == nil || !strings.Contains(err.Error(), "not allowed") {
				t.Errorf("%s %s: %v", step, url, err)
			}
		}
	}
	if out := p.git("ls-files", "-o"); strings.Contains(out, "canary") {
		t.Error("a remote ran a program")
	}
}
