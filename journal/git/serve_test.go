package git

import (
	"bytes"
	"crypto/rand"
	"io"
	"net"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// pair is a clone with a remote called origin, and what the remote has. Whatever
// the clone's git starts is known by its environment.
type pair struct {
	sandbox         // the clone
	remote  sandbox // bare
	mark    string
}

const limit = 20 * time.Second // for steps that must not need it

var fast = Network{Timeout: limit}

// newPair has one commit on main on both sides.
func newPair(t testing.TB) pair {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("needs sh, signals and git daemon")
	}
	s := newRepo(t)
	remote := s.in(filepath.Join(t.TempDir(), "remote.git"))
	s.git("clone", "-q", "--bare", ".", remote.dir)
	s.git("remote", "add", "origin", remote.dir)
	mark := "INCIDENT_TEST_MARK=" + rand.Text()
	return pair{sandbox: s.with(mark), remote: remote, mark: mark}
}

// at gives the clone with another URL for its remote.
func (p pair) at(url string) pair {
	p.git("remote", "set-url", "origin", url)
	return p
}

// quiet waits until nothing runs any more that the clone's git started. What was
// ended is there for a moment longer.
func (p pair) quiet() {
	p.t.Helper()
	if runtime.GOOS != "linux" {
		return
	}
	var left []string
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if left = p.running(); len(left) == 0 {
			return
		}
	}
	p.t.Errorf("still there: %q", left)
}

func (p pair) running() (commands []string) {
	found, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, name := range found {
		if env, err := os.ReadFile(name); err == nil && bytes.Contains(env, []byte(p.mark)) {
			command, _ := os.ReadFile(filepath.Join(filepath.Dir(name), "cmdline"))
			commands = append(commands, string(command))
		}
	}
	return commands
}

// hook gives the remote a hook.
func (p pair) hook(name, script string) {
	p.t.Helper()
	p.remote.write("hooks/"+name, "#!/bin/sh\n"+script+"\n")
	if err := os.Chmod(filepath.Join(p.remote.dir, "hooks", name), 0o755); err != nil {
		p.t.Fatal(err)
	}
}

// commitHere makes a commit on the clone's HEAD, without a work tree.
func (s sandbox) commitHere(message string, parents ...string) Hash {
	s.t.Helper()
	args := []string{"commit-tree", "-m", message}
	for _, parent := range parents {
		args = append(args, "-p", parent)
	}
	tree := s.git("rev-parse", "HEAD^{tree}")
	return NewHash(s.git(append(args, tree)...))
}

// bulk gives a commit whose new file cannot be compressed.
func (s sandbox) bulk(parent string, size int) Hash {
	s.t.Helper()
	content := make([]byte, size)
	_, _ = rand.Read(content)
	s.write("bulk", string(content))
	blob := s.git("hash-object", "-w", "bulk")
	tree := s.feed("100644 blob "+blob+"\tbulk\n", "mktree")
	return NewHash(s.git("commit-tree", "-m", "bulk", "-p", parent, tree))
}

// listen serves each connection with handle and gives the address. It hangs up
// at the end of the test.
func listen(t testing.TB, handle func(*net.TCPConn)) string {
	t.Helper()
	l := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = conn.Close() })
			go handle(conn.(*net.TCPConn))
		}
	}()
	return l.Addr().String()
}

// daemon serves the remote by git's own protocol.
func (p pair) daemon() string {
	p.t.Helper()
	return listen(p.t, func(conn *net.TCPConn) {
		file, err := conn.File()
		_ = conn.Close()
		if err != nil {
			return
		}
		defer file.Close()
		cmd := exec.Command("git", "daemon", "--inetd", "--export-all", "--enable=receive-pack",
			"--base-path="+filepath.Dir(p.remote.dir))
		cmd.Env, cmd.Stdin, cmd.Stdout = p.remote.env, file, file
		_ = cmd.Run()
	})
}

// cut passes connections on to address and resets them once that many bytes came
// back.
func cut(t testing.TB, address string, after int64) string {
	t.Helper()
	return listen(t, func(conn *net.TCPConn) {
		server, err := net.Dial("tcp", address)
		if err != nil {
			_ = conn.Close()
			return
		}
		defer server.Close()
		go func() { _, _ = io.Copy(server, conn) }()
		_, _ = io.CopyN(conn, server, after)
		_ = conn.SetLinger(0)
		_ = conn.Close()
	})
}

// web serves the remote by http; guard may answer first.
func (p pair) web(guard func(http.ResponseWriter, *http.Request) bool) string {
	p.t.Helper()
	backend := filepath.Join(p.git("--exec-path"), "git-http-backend")
	if _, err := os.Stat(backend); err != nil {
		leftOut(p.t, "git http-backend")
	}
	handler := &cgi.Handler{Path: backend, Stderr: io.Discard, Env: append(p.remote.env,
		"GIT_PROJECT_ROOT="+filepath.Dir(p.remote.dir), "GIT_HTTP_EXPORT_ALL=1", "REMOTE_USER=ada")}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if guard == nil || !guard(w, r) {
			handler.ServeHTTP(w, r)
		}
	}))
	p.t.Cleanup(server.CloseClientConnections)
	p.t.Cleanup(func() { go server.Close() })
	return server.URL + "/remote.git"
}

func leftOut(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not here", what)
	}
	t.Skipf("LEFT OUT: %s is not here", what)
}

func (s sandbox) path(name string) string { return filepath.Join(s.dir, name) }

// feed runs git with a text on its stdin.
func (s sandbox) feed(text string, args ...string) string {
	s.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Env, cmd.Stdin = s.dir, s.env, strings.NewReader(text)
	return strings.TrimSpace(string(must(cmd.Output())(s.t)))
}
