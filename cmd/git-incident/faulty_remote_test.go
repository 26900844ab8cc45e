//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// longest is how long a command may take, whatever the remote does. A command that
// takes longer is killed, which fails its test.
const longest = 15 * time.Second

// remoteFault is something that a remote does to a sync.
type remoteFault struct {
	name string
	rig  func(f *faulty) // sets the clone's remote up
	code int             // exit code of the sync
	says string          // what it says, as a regular expression
}

var remoteFaults = []remoteFault{
	{"never answers", (*faulty).silent, exitFailed, `no answer in time\n(.*\n)*What you wrote is safe in this clone\.\n  git incident sync --timeout 1m`},
	{"hangs in the push", (*faulty).hangsInPush, exitFailed, `no answer in time`},
	{"hangs in a hook", (*faulty).hangsInHook, exitFailed, `no answer in time`},
	{"is cut off when asked", func(f *faulty) { f.cutsOff("/info/refs") }, exitFailed, `cannot be reached`},
	{"is cut off in the push", func(f *faulty) { f.cutsOff("/git-receive-pack") }, exitFailed, `cannot be reached`},
	{"refuses connections", (*faulty).closed, exitFailed, `cannot be reached`},
	{"has an error of its own", func(f *faulty) { f.answers(http.StatusInternalServerError) }, exitFailed, `cannot be reached|did not work`},
	{"wants a password", func(f *faulty) { f.answers(http.StatusUnauthorized) }, exitFailed, `wants a password or key(.*\n)*  git fetch origin `},
	{"is not there", func(f *faulty) { f.answers(http.StatusNotFound) }, exitFailed, `no such repository(.*\n)*  git remote get-url origin`},
	{"has a full disk", (*faulty).full, exitFailed, `no space left there`},
	{"protects the branch", func(f *faulty) { f.hook("update", `[ "$1" != refs/heads/incidents ]`) }, exitDone, `origin did not take the branch: .*\n.*in refs/incident/inbox/`},
	{"takes nothing", func(f *faulty) { f.hook("pre-receive", "exit 1") }, exitFailed, `takes the journal neither on its branch .* nor in an inbox`},
	{"is overtaken", (*faulty).overtaken, exitDone, `Sent \d changes?`},
	{"is shallow", (*faulty).shallow, exitDone, `The journal is the same|in refs/incident/inbox/`},
}

// TestFaultyRemotes syncs with remotes that do everything a remote can do. The
// command ends in time, says what is wrong, and what was written is on the
// journal; so it is when the remote has nothing yet, and when a sync that follows a
// share has to bear it.
func TestFaultyRemotes(t *testing.T) {
	for _, fault := range remoteFaults {
		t.Run(fault.name, func(t *testing.T) {
			t.Parallel()
			f := newFaulty(t, false)
			fault.rig(f)
			f.expect(fault, "sync")

			f = newFaulty(t, true)
			fault.rig(f)
			f.expect(fault, "sync", "--timeout", "2s")

			f = newFaulty(t, false)
			fault.rig(f)
			f.clone.run("git", "config", "incident.autosync", "true")
			defer f.alone()
			f.clone.run(f.bin, "start", "-q", "--private", "a draft")
			if code, said := f.ends("share"); code != exitDone || !strings.Contains(said, "is on the journal now") {
				t.Errorf("share ends with %d and says\n%s", code, said)
			}
			f.has("a draft")
		})
	}
}

// faulty is a clone with something unshared, and its remote.
type faulty struct {
	*team
	t     *testing.T
	clone *sandbox
	empty bool // the remote has no journal yet

	letGo []func() // ends what the remote holds up
}

const unsharedText = "written while the forge was down"

func newFaulty(t *testing.T, empty bool) *faulty {
	t.Helper()
	f := &faulty{team: newTeam(t, 2), t: t, empty: empty}
	f.clone = f.clones[0]
	f.clone.run(f.bin, "start", "-q", "checkout is 500ing")
	if !empty {
		f.clone.run(f.bin, "sync")
	}
	f.clone.run(f.bin, "log", unsharedText)
	return f
}

// ends runs the program, and kills it after the longest time it may take.
func (f *faulty) ends(args ...string) (code int, said string) {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.t.Context(), longest)
	defer cancel()
	cmd := exec.CommandContext(ctx, f.bin, args...)
	cmd.Dir, cmd.Env = f.clone.dir, f.clone.env
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		f.t.Fatalf("%s was still running after %s:\n%s", args[0], longest, out)
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		f.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

func (f *faulty) expect(fault remoteFault, args ...string) {
	f.t.Helper()
	code, said := f.ends(args...)
	if code != fault.code || !regexp.MustCompile(fault.says).MatchString(said) {
		f.t.Errorf("nothing there yet: %t: it ends with %d, not %d, and says\n%s", f.empty, code, fault.code, said)
	}
	f.has(unsharedText)
}

// alone ends what the remote holds up, and waits for what the clone has started in
// the background.
func (f *faulty) alone() {
	f.t.Helper()
	mark := []byte("HOME=" + f.clone.home() + "\x00")
	for end := time.Now().Add(2 * autosyncTimeout); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		for _, letGo := range f.letGo {
			letGo()
		}
		running := false
		found, _ := filepath.Glob("/proc/[0-9]*/environ")
		for _, name := range found {
			env, _ := os.ReadFile(name)
			running = running || bytes.Contains(env, mark)
		}
		if !running {
			return
		}
	}
	f.t.Error("what was started in the background is still running")
}

// has looks for a text in the clone's journal, without asking anybody.
func (f *faulty) has(text string) {
	f.t.Helper()
	if n := strings.Count(f.clone.run(f.bin, "export"), `"`+text+`"`); n == 0 {
		f.t.Errorf("%q is gone", text)
	}
	f.clone.run("git", "fsck", "--strict", "--no-dangling")
}

func (f *faulty) at(url string) { f.clone.run("git", "remote", "set-url", "origin", url) }

func (f *faulty) hook(name, script string) {
	f.t.Helper()
	if err := os.WriteFile(filepath.Join(f.remote.dir, "hooks", name), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
		f.t.Fatal(err)
	}
}

// listener gives an address; nobody answers there.
func (f *faulty) listener() net.Listener {
	f.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { _ = l.Close() })
	f.letGo = append(f.letGo, func() { _ = l.Close() })
	return l
}

func (f *faulty) silent() { f.at("git://" + f.listener().Addr().String() + "/origin.git") }

func (f *faulty) closed() {
	l := f.listener()
	f.at("http://" + l.Addr().String() + "/origin.git")
	_ = l.Close()
}

func (f *faulty) hangsInHook() {
	never := filepath.Join(f.t.TempDir(), "never")
	if err := syscall.Mkfifo(never, 0o600); err != nil {
		f.t.Fatal(err)
	}
	f.hook("pre-receive", "exec cat <"+never)
	f.letGo = append(f.letGo, func() {
		if pipe, err := os.OpenFile(never, os.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil {
			_ = pipe.Close()
		}
	})
}

// web serves the remote by http; guard may answer in its place.
func (f *faulty) web(guard func(http.ResponseWriter, *http.Request) bool) {
	f.t.Helper()
	backend := filepath.Join(strings.TrimSpace(f.remote.run("git", "--exec-path")), "git-http-backend")
	need(f.t, backend)
	git := &cgi.Handler{Path: backend, Stderr: io.Discard, Env: append(f.remote.env,
		"GIT_PROJECT_ROOT="+filepath.Dir(f.remote.dir), "GIT_HTTP_EXPORT_ALL=1", "REMOTE_USER=ada")}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !guard(w, r) {
			git.ServeHTTP(w, r)
		}
	}))
	f.t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	f.at(server.URL + "/" + filepath.Base(f.remote.dir))
}

func (f *faulty) answers(status int) {
	f.web(func(w http.ResponseWriter, r *http.Request) bool {
		if status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", `Basic realm="git"`)
		}
		w.WriteHeader(status)
		return true
	})
}

func (f *faulty) hangsInPush() {
	held := make(chan struct{})
	letGo := sync.OnceFunc(func() { close(held) })
	f.web(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/git-receive-pack") {
			return false
		}
		<-held
		return true
	})
	f.letGo = append(f.letGo, letGo)
	f.t.Cleanup(letGo) // before the server waits for its requests
}

// cutsOff resets the connection in the middle of an answer.
func (f *faulty) cutsOff(step string) {
	f.web(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, step) || step == "/git-receive-pack" && r.Method != http.MethodPost {
			return false
		}
		conn, buffered, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return true
		}
		_, _ = buffered.WriteString("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n001e# service=git")
		_ = buffered.Flush()
		_ = conn.(*net.TCPConn).SetLinger(0)
		_ = conn.Close()
		return true
	})
}

// overtaken lets another clone push whenever this one is about to, three times.
func (f *faulty) overtaken() {
	other, times := f.clones[1], atomic.Int32{}
	if f.empty {
		other.run(f.bin, "start", "-q", "the queue is stuck")
	} else {
		other.run(f.bin, "sync")
	}
	f.web(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/git-receive-pack") && times.Add(1) <= 3 {
			other.run(f.bin, "log", "faster")
			other.run(f.bin, "sync")
		}
		return false
	})
}

// shallow serves a repository that has only the end of its history.
func (f *faulty) shallow() {
	if f.empty {
		return
	}
	narrow := filepath.Join(f.t.TempDir(), "narrow.git")
	f.remote.run("git", "clone", "-q", "--bare", "--depth", "1", "--branch", "incidents", "file://"+f.remote.dir, narrow)
	f.at("file://" + narrow)
}

// full puts the remote on a disk without room.
func (f *faulty) full() {
	if os.Getuid() != 0 {
		if os.Getenv("CI") == "true" {
			f.t.Fatal("only root can mount a small disk")
		}
		f.t.Skip("LEFT OUT: only root can mount a small disk")
	}
	disk := f.t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=400k"); err != nil {
		f.t.Skipf("LEFT OUT: no disk can be mounted here: %v", err)
	}
	f.t.Cleanup(func() { _ = syscall.Unmount(disk, syscall.MNT_DETACH) })
	small := filepath.Join(disk, "small.git")
	f.remote.run("git", "clone", "-q", "--bare", "--template=", f.remote.dir, small)
	rest, err := os.Create(filepath.Join(disk, "rest"))
	if err != nil {
		f.t.Fatal(err)
	}
	_, _ = io.Copy(rest, neverending{}) // until there is no room
	_ = rest.Close()
	f.at("file://" + small)
}

type neverending struct{}

func (neverending) Read(b []byte) (int, error) { return len(b), nil }
