package main

import (
	"strings"
	"testing"
)

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text, want string
		width      int
	}{
		{"", "> ", 20},
		{"one two three", "> one two\n  three", 10},
		{"a-word-that-is-longer-than-the-line stays", "> a-word-that-is-longer-than-the-line\n  stays", 10},
		{"決済ページが真っ白", "> 決済ペー\n  ジが真っ\n  白", 10},
		{"ok 決済 ok", "> ok 決済\n  ok", 10},
		{"🎉🎉🎉🎉🎉", "> 🎉🎉🎉🎉\n  🎉", 10},
	} {
		if got := wrap(c.text, c.width, "> ", "  "); got != c.want {
			t.Errorf("wrap(%q, %d) is\n%s\nnot\n%s", c.text, c.width, got, c.want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		text, want string
		n          int
	}{
		{"checkout", "checkout", 8},
		{"checkout", "checko…", 7},
		{"決済ページ", "決済…", 6},
		{"決済ページ", "決済…", 5},
		{"👩‍👩‍👧‍👦 family", "👩‍👩‍👧‍👦 f…", 5},
	} {
		got := cut(c.text, c.n)
		if got != c.want || cells(got) > c.n {
			t.Errorf("cut(%q, %d) is %q of %d cells, not %q", c.text, c.n, got, cells(got), c.want)
		}
		if w := cells(fit(c.text, c.n)); w != c.n {
			t.Errorf("fit(%q, %d) is %d cells wide", c.text, c.n, w)
		}
	}
}

func TestWrapTextLeavesCodeAlone(t *testing.T) {
	text := "a paragraph\nof two lines\n\n```\n  code that is   not wrapped at all\n```\n- an item that is wrapped\n| a | table |"
	want := "  a paragraph of two\n  lines\n\n  ```\n    code that is   not wrapped at all\n  ```\n  - an item that is\n    wrapped\n  | a | table |"
	if got := wrapText(text, 21, "  ", "  "); got != want {
		t.Errorf("got\n%s\nnot\n%s", got, want)
	}
	if got := fold("short\n    an indented line", 16); got != "short\n    an indented\n    line" {
		t.Errorf("fold gives\n%s", got)
	}
	if strings.HasSuffix(wrapText("x", 10, "  ", "  "), " ") {
		t.Error("a line ends in a space")
	}
}
