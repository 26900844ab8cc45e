package site

import (
	"flag"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden compares one page of every kind with what it was.
func TestGolden(t *testing.T) {
	dir, _ := build(t, sample(t), Config{BaseURL: "https://stories.example/prod", LiveReload: false})
	files := tree(t, dir)
	for golden, name := range map[string]string{
		"home.html":     "index.html",
		"story.html":    "i/2026/2026-11-20-bucket-policy-locked-us-out-k7f3.html",
		"imported.html": "i/2026/2026-09-14-slow-migration-second-week-w9xt.html",
		"flagged.html":  "i/2026/2026-10-02-clean-up-deleted-rows-in-use-m2qa.html",
		"deck.html":     "i/2026/2026-11-20-bucket-policy-locked-us-out-k7f3.talk.html",
		"lost.html":     "404.html",
		"atom.xml":      "atom.xml",
	} {
		golden = filepath.Join("testdata", "golden", golden)
		if *update {
			if err := os.WriteFile(golden, []byte(files[name]), 0o666); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got := files[name]; got != string(want) {
			t.Errorf("%s differs from %s at %q; look, and run go test -update if it is meant", name, golden, firstDifference(got, string(want)))
		}
	}
}

func firstDifference(got, want string) string {
	n := 0
	for n < min(len(got), len(want)) && got[n] == want[n] {
		n++
	}
	return got[n:min(len(got), n+80)]
}

func TestWhatPagesSay(t *testing.T) {
	dir, _ := build(t, sample(t), Config{})
	files := tree(t, dir)
	for name, texts := range map[string][]string{
		"index.html": {
			"<strong>5</strong> learnings so far", "3 consequences done, 4 waiting, 1 declined",
			"draft, not shared yet", "near miss", "could not be read", "half-a-note",
		},
		"2026-11-20-bucket-policy-locked-us-out-k7f3.html": {
			"about 13:40 UTC&#43;01:00, 20 November 2026", "about 22 minutes later", "time unknown",
			"people outside were told", `id="e-9xq2kd"`, `id="c-0gk2wd"`, `id="l-hq81s3"`,
			"saw &lt;nil&gt; in output", "break-glass role", ">1f0c9ab2<", "the check above catches",
			"With thanks to Noor", `class="language-hcl"`, "a customer", "the change could not be taken back",
		},
		"2026-10-02-clean-up-deleted-rows-in-use-m2qa.html": {"“Resolved” is written down as earlier than “Noticed”"},
		"2026-09-14-slow-migration-second-week-w9xt.html":   {`href="https://notes.example.org/2026/slow-migration"`},
		"2026-08-30-certificate-expired-on-sunday-p4rd.html": {
			"about 30 August 2026", "best memory", "unknown",
		},
		"2026-12-01-something-is-slow-z0zz.html": {"draft, not shared yet", "still open"},
	} {
		page := files[name]
		if page == "" {
			page = files[path.Join("i/2026", name)]
		}
		for _, text := range texts {
			if !strings.Contains(page, text) {
				t.Errorf("%s does not say %q", name, text)
			}
		}
	}
}

func TestNoPageSaysWhatWeDoNotSay(t *testing.T) {
	dir, _ := build(t, sample(t), Config{})
	for name, text := range tree(t, dir) {
		if strings.HasPrefix(name, "m/") {
			continue
		}
		for _, word := range []string{"root cause", "culprit", "failure rate", "mttr", "morgue", "blame", "!</"} {
			if strings.Contains(strings.ToLower(text), word) {
				t.Errorf("%s says %q", name, word)
			}
		}
	}
}

func TestAnEmptyArchiveIsKind(t *testing.T) {
	dir, _ := build(t, Archive{}, Config{})
	home := tree(t, dir)["index.html"]
	if !strings.Contains(home, "Nothing is written down here yet") || strings.Contains(home, "learnings so far") {
		t.Error(home)
	}
}

func TestOlderStoriesHaveALine(t *testing.T) {
	a := generated(maxCards + 40)
	dir, _ := build(t, a, Config{})
	home := tree(t, dir)["index.html"]
	if n := strings.Count(home, `<li class="story">`); n != maxCards {
		t.Errorf("%d cards", n)
	}
	for _, s := range a.Stories {
		if !strings.Contains(home, s.ID+".html") {
			t.Errorf("%s is not on the front page", s.ID)
		}
	}
}
