package git

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// state is everything about a clone but its objects.
func (s sandbox) state() string {
	s.t.Helper()
	var b strings.Builder
	for _, name := range []string{"FETCH_HEAD", "shallow", "packed-refs", "config", "index"} {
		content, err := os.ReadFile(s.path(".git/" + name))
		fmt.Fprintf(&b, "%s %x %v\n", name, content, err)
	}
	fmt.Fprintln(&b, s.git("for-each-ref"), s.git("config", "--list"))
	return b.String()
}

func (s sandbox) locks(dir string) (found []string) {
	_ = filepath.WalkDir(s.path(dir), func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".lock") {
			found = append(found, path)
		}
		return err
	})
	return found
}

func TestFetchMovesNothing(t *testing.T) {
	q := newPair(t)
	for name, url := range q.transports() {
		t.Run(name, func(t *testing.T) {
			p := pair{newPair(t).sandbox, q.remote, ""}.at(url)
			p.git("fetch", "-q", "origin")
			for key, value := range map[string]string{
				"fetch.prune": "true", "fetch.pruneTags": "true", "remote.origin.tagOpt": "--tags", "fetch.writeCommitGraph": "true",
				"fetch.recurseSubmodules": "true", "remote.origin.fetch": "+refs/*:refs/*", "gc.auto": "1", "transfer.fsckObjects": "true",
			} {
				p.git("config", key, value)
			}
			theirs := p.remote.commitHere("theirs "+name, "main")
			p.remote.git("tag", "-f", "-am", "tag", "v-"+name, theirs.String())
			p.remote.git("update-ref", "refs/heads/incidents", theirs.String())
			before, graph := p.state(), p.path(".git/objects/info/commit-graphs")
			if err := p.open().Fetch(t.Context(), fast, "origin", "refs/heads/incidents", theirs.String()); err != nil {
				t.Fatal(err)
			}
			if got := p.git("cat-file", "-t", theirs.String()); got != "commit" {
				t.Errorf("it is a %s", got)
			}
			if after := p.state(); after != before {
				t.Errorf("from\n%s\nto\n%s", before, after)
			}
			if _, err := os.Stat(graph); err == nil {
				t.Error("a commit graph was written")
			}
		})
	}
}

func TestFetchWhatIsNotThere(t *testing.T) {
	p := newPair(t)
	for _, ref := range []string{"refs/heads/none", strings.Repeat("1", 40)} {
		err := p.open().Fetch(t.Context(), fast, "origin", ref)
		var failed *NetworkError
		if !errors.As(err, &failed) || failed.Cause != NoRef {
			t.Errorf("%s: %#v", ref, err)
		}
	}
	for _, ref := range []string{"", "main", "-x", "--upload-pack=touch canary", "refs/heads/main:refs/heads/x", "+refs/heads/main", "refs/heads/*", "^refs/heads/main"} {
		if err := p.open().Fetch(t.Context(), fast, "origin", ref); err == nil {
			t.Errorf("%q is taken", ref)
		}
	}
	if err := p.open().Fetch(t.Context(), fast, "origin"); err != nil {
		t.Errorf("nothing: %v", err)
	}
}

// TestFetchIntoKindsOfClones holds that what arrived can be read when the remote
// is gone, and that later fetches by the user find a sound repository.
func TestFetchIntoKindsOfClones(t *testing.T) {
	for _, kind := range []string{"--depth=1", "--filter=blob:none", "--filter=tree:0", "--bare", "--shared"} {
		t.Run(kind, func(t *testing.T) {
			p := newPair(t)
			p.remote.git("config", "uploadpack.allowFilter", "true")
			p.commit("b.txt", "b\n")
			p.git("push", "-q", "origin", "HEAD:main", "HEAD:incidents")
			url := p.remote.dir
			if kind != "--shared" {
				url = "file://" + url
			}
			c := p.in(filepath.Join(t.TempDir(), "clone"))
			p.git("clone", "-q", "--no-single-branch", kind, url, c.dir)
			next := p.bulk("HEAD", 100)
			p.git("push", "-q", "origin", next.String()+":incidents")
			shallow := c.git("rev-parse", "--is-shallow-repository")
			if err := c.open().Fetch(t.Context(), fast, "origin", "refs/heads/incidents"); err != nil {
				t.Fatal(err)
			}
			if kind != "--shared" {
				must(0, os.Rename(p.remote.dir, p.remote.dir+"x"))(t)
			}
			c.git("cat-file", "-p", next.String()+":bulk")
			if got := must(c.open().Missing(t.Context(), next))(t); len(got) != 0 {
				t.Errorf("missing: %v", got)
			}
			if kind != "--shared" {
				must(0, os.Rename(p.remote.dir+"x", p.remote.dir))(t)
			}
			c.git("fetch", "-q", "origin")
			c.git("fsck", "--connectivity-only")
			if got := c.git("rev-parse", "--is-shallow-repository"); got != shallow {
				t.Errorf("shallow was %s and is %s", shallow, got)
			}
			if kind == "--depth=1" {
				c.git("fetch", "-q", "--unshallow")
			}
		})
	}
}

// TestFetchFromShallow is about a remote that has less history than it seems.
func TestFetchFromShallow(t *testing.T) {
	p := newPair(t)
	p.commit("b.txt", "b\n")
	s := p.in(filepath.Join(t.TempDir(), "shallow"))
	p.git("clone", "-q", "--depth=1", "file://"+p.dir, s.dir)
	s.commit("c.txt", "c\n")
	c := newSandbox(t)
	c.git("init", "-q")
	c.git("remote", "add", "origin", s.dir)
	before := c.state()
	err := c.open().Fetch(t.Context(), fast, "origin", "refs/heads/main")
	missing := must(c.open().Missing(t.Context(), NewHash(s.git("rev-parse", "HEAD"))))(t)
	if err == nil && len(missing) == 0 {
		t.Error("half a history passes for a whole one")
	}
	if after := c.state(); after != before {
		t.Errorf("from\n%s\nto\n%s", before, after)
	}
}

// TestFetchHostileTree brings what fsck would refuse; readers skip it.
func TestFetchHostileTree(t *testing.T) {
	p := newPair(t)
	p.git("config", "transfer.fsckObjects", "true")
	blob := p.remote.git("rev-parse", "HEAD:app.txt")
	tree := p.remote.feed("100644 blob "+blob+"\t.git\n100644 blob "+blob+"\t..\n", "mktree")
	evil := p.remote.git("commit-tree", "-m", "evil", tree)
	p.remote.git("update-ref", "refs/heads/incidents", evil)
	if err := p.open().Fetch(t.Context(), fast, "origin", "refs/heads/incidents"); err != nil {
		t.Fatal(err)
	}
	if got := must(p.open().LsTree(t.Context(), NewHash(evil)))(t); len(got) != 2 {
		t.Errorf("%+v", got)
	}
}

// TestKilledFetch ends fetches at many moments and looks whether anything is in
// the way of the next one.
func TestKilledFetch(t *testing.T) {
	for _, kind := range []string{"--depth=1", "--no-local"} {
		p := newPair(t)
		p.commit("b.txt", "b\n")
		big := p.bulk("HEAD", 1_000_000)
		p.git("push", "-q", "origin", "HEAD:main")
		c := pair{p.in(filepath.Join(t.TempDir(), "clone")), p.remote, p.mark}
		p.git("clone", "-q", kind, "file://"+p.remote.dir, c.dir)
		p.git("push", "-q", "origin", big.String()+":refs/heads/incidents")
		r, before, ended := c.open(), c.state(), 0
		for after := time.Millisecond; ; after += after/2 + 3*time.Millisecond {
			ctx, cancel := context.WithTimeout(t.Context(), after)
			err := r.Fetch(ctx, Network{}, "origin", "refs/heads/incidents")
			cancel()
			c.quiet()
			if locks := c.locks(".git"); len(locks) > 0 {
				t.Errorf("ended after %v, there is %q", after, locks)
			}
			if err == nil {
				break
			}
			ended++
		}
		if got := must(r.Missing(t.Context(), big))(t); len(got) > 0 || c.state() != before || ended < 3 {
			t.Errorf("%s: after %d ends, missing %v, from\n%s\nto\n%s", kind, ended, got, before, c.state())
		}
		c.git("fsck", "--connectivity-only")
	}
}

func TestLsRemote(t *testing.T) {
	q := newPair(t)
	head := NewHash(q.git("rev-parse", "HEAD"))
	for _, ref := range []string{"refs/heads/b", "refs/incident/inbox/x", "refs/incident/inbox/a/b", "refs/incidents", "refs/a/refs/heads/b"} {
		q.remote.git("update-ref", ref, head.String())
	}
	for name, url := range q.transports() {
		r := q.at(url).open()
		for patterns, want := range map[string]string{
			"refs/heads/b":                          "refs/heads/b",
			"refs/heads/none":                       "",
			"refs/heads/main refs/incident/inbox/*": "refs/heads/main refs/incident/inbox/a/b refs/incident/inbox/x",
			"refs/incident/*":                       "refs/incident/inbox/a/b refs/incident/inbox/x",
		} {
			var names []string
			for _, ref := range must(r.LsRemote(t.Context(), fast, "origin", strings.Fields(patterns)...))(t) {
				if names = append(names, ref.Name); ref.Hash != head {
					t.Errorf("%+v", ref)
				}
			}
			if got := strings.Join(names, " "); got != want {
				t.Errorf("%s, %s: %q, want %q", name, patterns, got, want)
			}
		}
		if all := must(r.LsRemote(t.Context(), fast, "origin"))(t); len(all) != 6 {
			t.Errorf("%s: %+v", name, all)
		}
		for _, bad := range []string{"main", "--heads", "refs/*/x", "refs/heads/", ""} {
			if _, err := r.LsRemote(t.Context(), fast, "origin", bad); err == nil {
				t.Errorf("%q is taken", bad)
			}
		}
	}
}

func TestParseRemoteRefs(t *testing.T) {
	a, b := strings.Repeat("a", 40), strings.Repeat("b", 40)
	answer := strings.Join([]string{
		b + "\trefs/x/2", a + "\trefs/x/1", b + "\trefs/x/1", "abc\trefs/x/3", strings.Repeat("0", 40) + "\trefs/x/4",
		strings.Repeat("c", 64) + "\trefs/x/5", a + "\trefs/x/../y", a + "\trefs/x/a.lock", a + "\trefs/x/.a", a + "\trefs/x/-ok",
		a + "\trefs/x/a b", a + "\trefs/x/\x1b[2J", a + "\trefs/x/a^{}", a + "\trefs/xx/1", a + "\tHEAD", a + " refs/x/6", "", a,
	}, "\n")
	want := []RemoteRef{{"refs/x/-ok", NewHash(a)}, {"refs/x/1", NewHash(a)}, {"refs/x/2", NewHash(b)}}
	if got := parseRemoteRefs(answer, []string{"refs/x/*"}); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}

// TestValidRefIsGits compares with git's own opinion.
func TestValidRefIsGits(t *testing.T) {
	s := newSandbox(t)
	for _, name := range []string{
		"refs/a", "refs/a/b", "refs/", "refs", "refs//a", "refs/a/", "/refs/a", "refs/.a", "refs/a.", "refs/a/.b", "refs/a./b", "refs/a..b",
		"refs/a.lock", "refs/a.lock/b", "refs/a.lockb", "refs/@", "refs/a@{b", "refs/a@b", "refs/a{", "refs/a b", "refs/a\tb", "refs/a\nb",
		"refs/a\x7f", "refs/a~b", "refs/a^b", "refs/a:b", "refs/a?b", "refs/a*b", "refs/a[b", `refs/a\b`, "refs/a]b", "refs/ä", "refs/\xff",
		"refs/-a", "refs/heads/-", "refs/a/@", "refs/heads/..", "refs/...",
	} {
		_, err := s.try("check-ref-format", name)
		if got := validRef(name); got != (err == nil) {
			t.Errorf("%q: %v, and git says %v", name, got, err)
		}
	}
	if validRef("HEAD") || validRef("main") || validRef("heads/main") {
		t.Error("a short name is taken")
	}
}

func TestURL(t *testing.T) {
	s := newRepo(t)
	for url, want := range map[string]string{
		"https://github.com/x/y.git":           "https://github.com/x/y.git",
		"https://ada:hunter2@github.com/x/y":   "https://github.com/x/y",
		"https://token@github.com:8443/x/y":    "https://github.com:8443/x/y",
		"https://ada:hun@ter2@github.com/x/y":  "https://github.com/x/y",
		"https://ada:hun/ter2@github.com/x/y":  "origin",
		"https://github.com/x/y?token=hunter2": "https://github.com/x/y",
		"ssh://git@github.com:22/x/y":          "ssh://github.com:22/x/y",
		"git@github.com:x/y.git":               "github.com:x/y.git",
		"ada:hunter2@host:x/y":                 "host:x/y",
		"ada:hunter2@host/x":                   "origin",
		"github.com:x/y@z":                     "github.com:x/y@z",
		"/srv/git/x@y.git":                     "/srv/git/x@y.git",
		"../x:y@z":                             "../x:y@z",
		"/srv/\x1b[2J\u202e.git":               "/srv/\uFFFD[2J\uFFFD.git",
		"":                                     "origin",
	} {
		s.git("config", "remote.origin.url", url)
		if got := s.open().URL("origin"); got != want {
			t.Errorf("%q: %q, want %q", url, got, want)
		}
	}
}
