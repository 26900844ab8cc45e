package journal

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

const headerOnly = "---\nschema: 1\ntitle: Checkout 500s\n---\n"

// TestParseErrors holds what a note may not be, each with the line that is named.
func TestParseErrors(t *testing.T) {
	for _, c := range []struct {
		name, note string
		line       int
		says       string
	}{
		{"no front matter", "# Hello\n", 1, "starts with front matter"},
		{"front matter without end", "---\nschema: 1\ntitle: x\n", 4, "has no end"},
		{"no title", "---\nschema: 1\n---\n", 2, "a title"},
		{"empty title", "---\nschema: 1\ntitle:\n---\n", 2, "a title"},
		{"no schema", "---\ntitle: x\n---\n", 2, "schema"},
		{"later schema", "---\nschema: 2\ntitle: x\n---\n", 2, `"2" is not a schema`},
		{"unknown status", "---\nschema: 1\ntitle: x\nstatus: bananas\n---\n", 4, "open, mitigated, resolved, reviewed"},
		{"time without zone", "---\nschema: 1\ntitle: x\ntimes:\n  began: 2026-11-20 14:05\n---\n", 5, "began"},
		{"key twice", "---\nschema: 1\ntitle: x\ntitle: y\n---\n", 4, "title"},
		{"alias", "---\nschema: 1\ntitle: x\na: &b [1]\nc: *b\n---\n", 4, "anchors"},
		{"flow front matter", "---\n{schema: 1, title: x}\n---\n", 2, "one a line"},
		{"second document", "---\nschema: 1\ntitle: x\n...\nmore: 1\n---\n", 4, "another YAML document"},
		{"broken YAML", "---\nschema: 1\ntitle: [x\n---\n", 2, "front matter"},
		{"title of two lines", "---\nschema: 1\ntitle: |\n  a\n  b\n---\n", 3, "one line"},
		{"NUL", headerOnly + "a\nb\x00\n", 6, "NUL"},
		{"not UTF-8", headerOnly + "a\n\xff\n", 6, "UTF-8"},
		{"text among entries", headerOnly + "\n## Timeline\n\n- a\n\nstray\n", 10, `start it with "- "`},
		{"empty entry", headerOnly + "## Timeline\n- a\n- 2026-11-20T14:05:02Z\n", 7, "no text"},
		{"timeline twice", headerOnly + "## Timeline\n- a\n## timeline\n- b\n", 7, "second time"},
		{"arrow to nowhere", headerOnly + "## Learnings\n1. a\n   →\n", 7, "nothing after"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse([]byte(c.note))
			var pe *ParseError
			if !errors.As(err, &pe) {
				t.Fatalf("got %v, want a ParseError", err)
			}
			if pe.Line != c.line || !strings.Contains(pe.Msg, c.says) {
				t.Errorf("got %v, want line %d to say %q", err, c.line, c.says)
			}
		})
	}
}

func TestLimitsHoldBeforeParsing(t *testing.T) {
	_, err := Parse([]byte(strings.Repeat("x", MaxNote+1)))
	if !errors.Is(err, ErrTooLarge) {
		t.Errorf("a large note: got %v", err)
	}
	_, err = Parse([]byte("---\nschema: 1\n" + strings.Repeat("k: v\n", MaxHeader/5) + "---\n"))
	if err == nil || !strings.Contains(err.Error(), "larger than 64 KiB") {
		t.Errorf("large front matter: got %v", err)
	}
}

func TestUnusualBytes(t *testing.T) {
	long := strings.Repeat("long ", MaxNote/6)
	for _, c := range []struct{ name, body, want string }{
		{"CRLF", "\r\n## Impact\r\n\r\nall of it\r\n", "\n## Impact\n\nall of it\n"},
		{"no newline at the end", "## Impact\nall of it", "## Impact\nall of it"},
		{"bidi and control characters", "## Impact\n\x1b[31m\u202e\n", "## Impact\n\x1b[31m\u202e\n"},
		{"one long line", "## Impact\n" + long + "\n", "## Impact\n" + long + "\n"},
		{"many blank lines in prose", "\n\n\n## Impact\n\n\n\nx\n\n\n", "\n\n\n## Impact\n\n\n\nx\n\n\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			inc, err := Parse([]byte("\ufeff" + headerOnly + c.body))
			if err != nil {
				t.Fatal(err)
			}
			if got := string(Format(inc)); got != headerOnly+c.want {
				t.Errorf("got %.200q, want %.200q", got, headerOnly+c.want)
			}
		})
	}
}

// TestHeadings says what starts a section and what does not.
func TestHeadings(t *testing.T) {
	for _, c := range []struct {
		body string
		want string
	}{
		{"## A\nx\n##B\n ## C\n### D\n## \n", "A"},
		{"## A\n```\n## B\n```\n## C\n", "A,C"},
		{"## A\n~~~~ sh\n~~~\n## B\n~~~~\n## C\n", "A,C"},
		{"## A\n``` a`b\n## B\n", "A,B"},
		{"## A\n  ```\n## B\n", "A,B"},
		{"## A\n```\n## B\n", "A"},
		{"## impact\n## WHAT HAPPENED\n##   Our own   \n", "Impact,What happened,Our own"},
	} {
		inc, err := Parse([]byte(headerOnly + c.body))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range inc.Sections {
			got = append(got, s.Heading)
		}
		if strings.Join(got, ",") != c.want {
			t.Errorf("%q: got %q, want %q", c.body, strings.Join(got, ","), c.want)
		}
	}
}

// TestItems reads lists as people type them and writes them in canonical form.
func TestItems(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"hand-typed lines get ids from their content",
			"## Timeline\n- 2026-11-20T14:05:02Z a\n* b\n- b\n",
			"## Timeline\n- 2026-11-20T14:05:02Z a <!-- e:%s r1 -->\n- (time unknown) b <!-- e:%s r1 -->\n- (time unknown) b <!-- e:%s r1 -->\n"},
		{"fences and blank lines in an entry",
			"## Timeline\n- a\n  ```\n  ## not a heading\n\n  ```\n- b\n",
			"## Timeline\n- (time unknown) a <!-- e:%s r1 -->\n  ```\n  ## not a heading\n\n  ```\n- (time unknown) b <!-- e:%s r1 -->\n"},
		{"lazy continuation is indented",
			"## Chain of problems\n3) a\nand more\n7) b\n",
			"## Chain of problems\n1. a <!-- c:%s r1 -->\n   and more\n2. b <!-- c:%s r1 -->\n"},
		{"consequences and their states",
			"## Learnings\n\n1. we learned\n   → so   this {waiting}\n   → that {declined: too   dear}\n   over two lines\n   → done {done: 1f0c9ab}\n",
			"## Learnings\n\n1. we learned <!-- l:%s r1 -->\n   → so this {waiting}\n   → that {declined: too dear} over two lines\n   → done {done: 1f0c9ab}\n"},
		{"a copied id is not an id twice",
			"## Timeline\n- a <!-- e:aaaaaa r4 update -->\n- b <!-- e:aaaaaa r4 -->\n",
			"## Timeline\n- (time unknown) a <!-- e:aaaaaa r4 update -->\n- (time unknown) b <!-- e:%s r4 -->\n"},
		{"a tombstone in a fence is prose",
			"## Timeline\n```\n<!-- x:tt r9 -->\n- no entry\n```\n- a\n",
			"## Timeline\n```\n<!-- x:tt r9 -->\n- no entry\n```\n- (time unknown) a <!-- e:%s r1 -->\n"},
		{"a revision beyond reason is clamped", "## Timeline\n- a <!-- e:aaaaaa r9223372036854775807 -->\n",
			"## Timeline\n- (time unknown) a <!-- e:aaaaaa r1000000 -->\n"},
		{"prose above the first entry", "## Timeline\nAll times UTC.\n\n- a\n", "## Timeline\nAll times UTC.\n\n- (time unknown) a <!-- e:%s r1 -->\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			inc, err := Parse([]byte(headerOnly + c.body))
			if err != nil {
				t.Fatal(err)
			}
			var ids []any
			for _, id := range inc.itemIDs() {
				if id != "aaaaaa" {
					ids = append(ids, id)
				}
			}
			want := headerOnly + fmt.Sprintf(c.want, ids...)
			if got := string(Format(inc)); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// TestUnknownStaysInPlace keeps what this version does not know.
func TestUnknownStaysInPlace(t *testing.T) {
	const note = `---
# at the top
schema: 1
x-before: {a: 1}
title: Checkout 500s
status: open
# what the words mean
x-team:
  - web # they asked

times:
  began: ~2026-11-20T13:40:00Z
  heard: "14:00, or so"
undo: {reversible: no, data_repair: true, by: hand}
x-last: 1
---

Lead.

## Our own heading

Kept.

## Impact

Kept too.
`
	inc, err := Parse([]byte(note))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(Format(inc)); got != note {
		t.Errorf("got\n%s\nwant\n%s", got, note)
	}
}
