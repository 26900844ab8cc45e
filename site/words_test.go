package site

import (
	"strings"
	"testing"
	"time"

	"git-incident/journal"
)

func when(t testing.TB, s string) journal.When {
	t.Helper()
	w, err := journal.ParseWhen(s)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestAfter(t *testing.T) {
	for _, c := range []struct{ before, at, want string }{
		{"", "", "unknown"},
		{"", "2026-11-20T14:02:11Z", "14:02 UTC, 20 November 2026"},
		{"", "~2026-11-20T14:02:11+01:00", "about 14:02 UTC+01:00, 20 November 2026"},
		{"", "~2026-11-20T00:00:00Z", "about 20 November 2026"},
		{"", "2026-11-20T00:00:00Z", "00:00 UTC, 20 November 2026"},
		{"2026-11-20T13:00:00Z", "2026-11-20T14:02:11Z", "14:02"},
		{"2026-11-20T13:00:00Z", "2026-11-21T14:02:11Z", "14:02, 21 November 2026"},
		{"2026-11-20T13:00:00Z", "2026-11-20T14:02:11-05:00", "14:02 UTC-05:00"},
		{"~2026-11-20T00:00:00Z", "2026-11-20T14:02:11Z", "14:02 UTC"},
	} {
		if got := after(when(t, c.before), when(t, c.at)).Text; got != c.want {
			t.Errorf("%s after %s: got %q, want %q", c.at, c.before, got, c.want)
		}
	}
}

func TestLater(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"", "2026-11-20T14:00:00Z", ""},
		{"2026-11-20T14:00:00Z", "2026-11-20T13:00:00Z", ""},
		{"2026-11-20T14:00:00Z", "2026-11-20T14:00:20Z", "less than a minute later"},
		{"2026-11-20T14:00:00Z", "2026-11-20T14:01:00Z", "1 minute later"},
		{"2026-11-20T14:00:00Z", "2026-11-20T15:59:00Z", "119 minutes later"},
		{"2026-11-20T14:00:00Z", "2026-11-20T16:00:00Z", "2 hours later"},
		{"~2026-11-20T14:00:00Z", "2026-11-20T16:05:00Z", "about 2 hours 5 minutes later"},
		{"2026-11-20T14:00:00Z", "2026-11-23T14:00:00Z", "3 days later"},
	} {
		if got := later(when(t, c.from), when(t, c.to)); got != c.want {
			t.Errorf("%s to %s: got %q, want %q", c.from, c.to, got, c.want)
		}
	}
}

func TestShorten(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{
		{"short", 20, "short"},
		{"One sentence here. And another one that is long.", 30, "One sentence here."},
		{"One. And then a sentence that goes on and on", 30, "One. And then a sentence…"},
		{"see e.g. the manual, which is long enough", 24, "see e.g. the…"},
		{strings.Repeat("x", 50), 10, strings.Repeat("x", 9) + "…"},
		{"", 10, ""},
	} {
		got, cut := shorten(c.in, c.n)
		if got != c.want || cut != (got != c.in) {
			t.Errorf("%q to %d: got %q %v, want %q", c.in, c.n, got, cut, c.want)
		}
	}
}

func FuzzShorten(f *testing.F) {
	f.Add("One sentence. Another W 日本語 👩‍💻", 12)
	f.Fuzz(func(t *testing.T, s string, n int) {
		n = 2 + max(0, n)%400
		if short, _ := shorten(s, n); width(short) > n+1 {
			t.Errorf("%q is %d wide, not %d", short, width(short), n)
		}
	})
}

func TestBeats(t *testing.T) {
	var events []journal.Event
	for i := range 20 {
		e := journal.Event{ID: string(rune('a' + i)), At: journal.When{Time: fixed.Add(time.Duration(i) * time.Minute)}}
		if i == 7 {
			e.Mark = journal.MarkStatus
		}
		events = append(events, e)
	}
	ids := ""
	for _, e := range beatsOf(events) {
		ids += e.ID
	}
	if ids != "afhkt" { // first, status, quarter, half, last
		t.Errorf("chose %q", ids)
	}
	if got := beatsOf(events[:5]); len(got) != 5 {
		t.Errorf("%d of five", len(got))
	}
	for n := range 40 {
		if got := beatsOf(events[:min(n, 20)]); len(got) != min(n, maxPoints) {
			t.Errorf("%d of %d", len(got), n)
		}
	}
}

func TestSourceURL(t *testing.T) {
	for text, want := range map[string]string{
		"source:\n  id: 7\n  url: https://x.example/a\n":         "https://x.example/a",
		"source:\n  url: \"https://x.example/a\" # from there\n": "https://x.example/a",
		"source: {id: 7, url: 'https://x.example/a'}\n":          "https://x.example/a",
		"source: {\"url\": \"http://x.example/a\"}\n":            "http://x.example/a",
		"source:\n  url: javascript:alert(1)\n":                  "",
		"source:\n  url: mailto:a@x.example\n":                   "",
		"source:\n  curl: https://x.example\n":                   "",
		"source: {}\n":                                           "",
		"url: https://x.example\n":                               "",
	} {
		inc := &journal.Incident{Extra: []journal.Extra{{Text: text}}}
		if got := sourceURL(inc); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestFileKind(t *testing.T) {
	for _, c := range []struct {
		name, data, ext string
		picture         bool
	}{
		{"a.png", "\x89PNG\r\n\x1a\n", ".png", true},
		{"a.exe", "\xff\xd8\xff\xe0", ".jpg", true},
		{"a", "GIF89a", ".gif", true},
		{"a", "RIFF\x00\x00\x00\x00WEBPVP8 ", ".webp", true},
		{"a.svg", "<svg/>", ".bin", false},
		{"a.png", "<svg/>", ".bin", false},
		{"a.html", "<p>", ".bin", false},
		{"a.LOG", "x", ".log", false},
		{"a.js", "x", ".bin", false},
		{"", "", ".bin", false},
	} {
		if ext, picture := fileKind(c.name, []byte(c.data)); ext != c.ext || picture != c.picture {
			t.Errorf("%s %q: %s %v", c.name, c.data, ext, picture)
		}
	}
}

// TestConflictMarksAreVisible merges two versions of one paragraph.
func TestConflictMarksAreVisible(t *testing.T) {
	version := func(text string) *journal.Incident {
		return noteOf(t, "2026-11-20-a-k7f3", "---\nschema: 1\ntitle: T\n---\n\n## Impact\n\n"+text+"\n")
	}
	merged := journal.Merge(version("was"), version("one of them"), version("the other"))
	merged.ID = "2026-11-20-a-k7f3"
	dir, _ := build(t, Archive{Stories: []Story{{Incident: merged}}}, Config{})
	page := tree(t, dir)["i/2026/2026-11-20-a-k7f3.html"]
	for _, text := range []string{"one of them", "the other", "<blockquote>", "More than one version of this part"} {
		if !strings.Contains(page, text) {
			t.Errorf("%q is not shown", text)
		}
	}
}
