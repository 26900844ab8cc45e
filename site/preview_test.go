package site

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

const previewHost = "127.0.0.1:8080"

func previewed() http.Handler {
	return Preview(fstest.MapFS{
		"index.html":              {Data: []byte("<p>home")},
		"404.html":                {Data: []byte("<p>nothing")},
		"a/site.css":              {Data: []byte("p{}")},
		"m/1.bin":                 {Data: []byte("<script>")},
		"m/1.log":                 {Data: []byte("<script>")},
		"i/2026/a.html":           {Data: []byte("<p>a")},
		".incident-site/manifest": {Data: []byte("secret")},
		"i/.hidden/x.html":        {Data: []byte("secret")},
	}, []string{previewHost, "localhost:8080", "[::1]:8080"}, &Reloader{})
}

func ask(h http.Handler, method, target, host string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://"+previewHost+"/", nil)
	r.URL.Path, r.Host = target, host
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestPreviewServesTheSite(t *testing.T) {
	for _, c := range []struct {
		target string
		status int
		kind   string
	}{
		{"/", 200, "text/html; charset=utf-8"},
		{"/index.html", 200, "text/html; charset=utf-8"},
		{"/a/site.css", 200, "text/css; charset=utf-8"},
		{"/i/2026/a.html", 200, "text/html; charset=utf-8"},
		{"/m/1.bin", 200, "application/octet-stream"},
		{"/m/1.log", 200, "text/plain; charset=utf-8"},
		{"/nothing", 404, "text/html; charset=utf-8"},
		{"/i/", 404, ""}, {"/i", 404, ""}, {"/i/2026/", 404, ""},
		{"/.incident-site/manifest", 404, ""}, {"/i/.hidden/x.html", 404, ""},
		{"/../index.html", 404, ""}, {"/i/../index.html", 404, ""}, {"/i/2026/../../index.html", 404, ""},
		{"//index.html", 404, ""}, {"/a\\site.css", 404, ""}, {"/index.html\x00", 404, ""}, {"/./index.html", 404, ""},
	} {
		w := ask(previewed(), "GET", c.target, previewHost)
		if w.Code != c.status || c.kind != "" && w.Header().Get("Content-Type") != c.kind {
			t.Errorf("%q: %d %s", c.target, w.Code, w.Header().Get("Content-Type"))
		}
		if strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%q shows what is hidden", c.target)
		}
		if w.Header().Get("X-Content-Type-Options") != "nosniff" || w.Header().Get("Content-Security-Policy") == "" {
			t.Errorf("%q: headers are missing", c.target)
		}
	}
	if w := ask(previewed(), "GET", "/m/1.bin", previewHost); w.Header().Get("Content-Disposition") != "attachment" {
		t.Error("an unknown file is not saved")
	}
}

func TestPreviewAnswersItsOwnPagesOnly(t *testing.T) {
	for _, c := range []struct {
		method, host string
		header       []string
		status       int
	}{
		{"GET", previewHost, nil, 200},
		{"HEAD", "localhost:8080", nil, 200},
		{"GET", "[::1]:8080", nil, 200},
		{"GET", "localhost", nil, 403},
		{"GET", "localhost:8081", nil, 403},
		{"GET", "evil.example:8080", nil, 403},
		{"GET", "127.0.0.1.evil.example:8080", nil, 403},
		{"GET", "", nil, 403},
		{"POST", previewHost, nil, 405},
		{"PUT", previewHost, nil, 405},
		{"OPTIONS", previewHost, nil, 405},
		{"GET", previewHost, []string{"Origin", "http://" + previewHost}, 200},
		{"GET", previewHost, []string{"Origin", "http://evil.example"}, 403},
		{"GET", previewHost, []string{"Origin", "https://" + previewHost}, 403},
		{"GET", previewHost, []string{"Origin", "null"}, 403},
		{"GET", previewHost, []string{"Sec-Fetch-Site", "same-origin"}, 200},
		{"GET", previewHost, []string{"Sec-Fetch-Site", "none"}, 200},
		{"GET", previewHost, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"GET", previewHost, []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"GET", previewHost, []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"}, 200},
		{"GET", previewHost, []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "iframe"}, 403},
	} {
		if w := ask(previewed(), c.method, "/", c.host, c.header...); w.Code != c.status {
			t.Errorf("%s %s %q: %d, want %d", c.method, c.host, c.header, w.Code, c.status)
		}
	}
}

func TestPreviewDoesNotFollowLinksOut(t *testing.T) {
	dir, _ := build(t, sample(t), Config{})
	secret := filepath.Join(t.TempDir(), "secret.txt")
	if err := os.WriteFile(secret, []byte("secret"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(dir, "out.txt")); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	h := Preview(root.FS(), []string{previewHost}, nil)
	if w := ask(h, "GET", "/out.txt", previewHost); w.Code != 404 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := ask(h, "GET", reloadPath, previewHost); w.Code != 404 {
		t.Errorf("events without a reloader: %d", w.Code)
	}
}

// events reads the names of events as they come.
func events(t *testing.T, url, lastID string) <-chan string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, "GET", url+reloadPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if kind := resp.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Fatalf("content type %q", kind)
	}
	names := make(chan string, 10)
	go func() {
		defer resp.Body.Close()
		for s := bufio.NewScanner(resp.Body); s.Scan(); {
			if name, ok := strings.CutPrefix(s.Text(), "event: "); ok {
				names <- name
			}
		}
		close(names)
	}()
	return names
}

func next(t *testing.T, names <-chan string) string {
	t.Helper()
	select {
	case name := <-names:
		return name
	case <-time.After(5 * time.Second):
		t.Fatal("no event came")
		return ""
	}
}

func TestOpenPagesHearOfANewBuild(t *testing.T) {
	var l Reloader
	l.Notify()
	server := httptest.NewUnstartedServer(nil)
	server.Config.Handler = Preview(fstest.MapFS{}, []string{server.Listener.Addr().String()}, &l)
	server.Start()
	defer server.Close()
	open := events(t, server.URL, "")
	if got := next(t, open); got != "hello" {
		t.Errorf("first %q", got)
	}
	other := events(t, server.URL, "1")
	l.Notify()
	for _, names := range []<-chan string{open, other} {
		if got := next(t, names); got != "reload" {
			t.Errorf("after a build %q", got)
		}
	}
	if got := next(t, events(t, server.URL, "1")); got != "reload" {
		t.Errorf("a page that missed a build hears %q", got)
	}
	server.CloseClientConnections()
}

func TestOnlyAPreviewHasLiveReload(t *testing.T) {
	for _, live := range []bool{false, true} {
		dir, _ := build(t, sample(t), Config{LiveReload: live})
		files := tree(t, dir)
		if _, ok := files["a/reload.js"]; ok != live {
			t.Errorf("live %v: reload.js is there: %v", live, ok)
		}
		if got := strings.Contains(files["index.html"], "connect-src 'self'"); got != live {
			t.Errorf("live %v: connect-src: %v", live, got)
		}
		if got := strings.Contains(files["index.html"], "a/reload.js"); got != live {
			t.Errorf("live %v: script: %v", live, got)
		}
	}
}
