package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestServe looks at the archive in a browser, logs something meanwhile, waits to
// be told, and looks again.
func TestServe(t *testing.T) {
	t.Parallel()
	s := newSandbox(t)
	s.env = append(s.env, "INCIDENT_TEST_NOW=2026-11-20T14:05:00Z")
	s.self(t, "start", "-q", "checkout is 500ing")
	s.self(t, "start", "-q", "--private", "a private one")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out, stdout := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, process{
			args: []string{"serve"}, dir: s.dir, env: s.env, stdin: strings.NewReader(""), stdout: stdout, stderr: io.Discard,
			now: time.Now, random: func([]byte) {}, terminal: terminal{width: 80},
		})
		_ = stdout.CloseWithError(io.ErrUnexpectedEOF)
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	url := strings.TrimSpace(line)
	if !strings.HasPrefix(url, "http://127.0.0.1:") {
		t.Fatalf("it listens on %q", url)
	}
	home := get(t, url, "")
	if !strings.Contains(home, "checkout is 500ing") || strings.Contains(home, "a private one") {
		t.Errorf("home is\n%s", home)
	}
	if got := get(t, url, "evil.example"); strings.Contains(got, "checkout is 500ing") {
		t.Error("it answers to another name")
	}

	news, err := http.Get(url + "_reload")
	if err != nil {
		t.Fatal(err)
	}
	defer news.Body.Close()
	events := bufio.NewScanner(news.Body)
	awaitLine(t, events, "event: hello")
	s.self(t, "start", "-q", "search is slow")
	awaitLine(t, events, "event: reload")
	if home := get(t, url, ""); !strings.Contains(home, "search is slow") {
		t.Errorf("after the news home is\n%s", home)
	}
	stop()
	if c := <-code; c != exitDone {
		t.Errorf("exit code %d after Ctrl-C", c)
	}
}

func get(t *testing.T, url, host string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if host != "" {
		req.Host = host
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func awaitLine(t *testing.T, s *bufio.Scanner, line string) {
	t.Helper()
	for s.Scan() {
		if s.Text() == line {
			return
		}
	}
	t.Fatalf("%q did not come: %v", line, s.Err())
}
