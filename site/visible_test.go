package site

import (
	"bytes"
	"path"
	"strings"
	"testing"
)

func TestWriteVisible(t *testing.T) {
	for in, want := range map[string]string{
		"":             "",
		"<p>plain</p>": "<p>plain</p>",
		"<p>größer → 日本 👩\u200d💻 1\ufe0f\u20e3</p>": "<p>größer → 日本 👩\u200d💻 1\ufe0f\u20e3</p>",
		"<p>a\u202eb\u202c</p>":                     `<p>a\u{202e}b\u{202c}</p>`,
		"<a title=\"\x1b[31m\">":                    `<a title="\u{1b}[31m">`,
		"tab\tand\nline":                            "tab\tand\nline",
		"\u2066":                                    `\u{2066}`,
	} {
		var b bytes.Buffer
		writeVisible(&b, []byte(in))
		if b.String() != want {
			t.Errorf("%q: got %q, want %q", in, b.String(), want)
		}
	}
}

// TestNothingInvisibleReachesAPage puts characters that deceive everywhere.
func TestNothingInvisibleReachesAPage(t *testing.T) {
	dir, _ := build(t, Archive{Stories: []Story{{Incident: everywhere("a\u202eb\x1b[2Jc\u200bd\u2066e &#x202e; &#27;", 0)}}}, Config{})
	for name, text := range tree(t, dir) {
		if ext := path.Ext(name); ext != ".html" && ext != ".xml" {
			continue
		}
		if i := strings.IndexAny(text, "\u202e\u202a\u2066\u2069\x1b\u200b\u009b"); i >= 0 {
			t.Errorf("%s: %q", name, text[max(0, i-40):i+8])
		}
	}
}
