package site

import (
	"bytes"
	"html"
	"unicode/utf8"

	"git-incident/journal"
)

// writeVisible writes a finished page so that its control and bidirectional
// characters can be seen. All markup is plain ASCII, so what is replaced stands in
// text or in the value of an attribute.
func writeVisible(w *bytes.Buffer, page []byte) {
	for len(page) > 0 {
		n := until(page, odd)
		if n > 0 && n < len(page) && bytes.IndexByte(keycaps, page[n-1]) >= 0 {
			n-- // what follows may select the form of this character
		}
		w.Write(page[:n])
		page = page[n:]
		n = min(1, len(page))
		n += until(page[n:], func(r rune) bool { return !odd(r) })
		run := string(page[:n])
		page = page[n:]
		if shown := journal.VisibleText(run); shown != run {
			run = html.EscapeString(shown)
		}
		w.WriteString(run)
	}
}

// keycaps are the characters of ASCII that have a form as an emoji.
var keycaps = []byte("0123456789#*")

// until is the index of the first character that is what is asked for.
func until(page []byte, is func(rune) bool) int {
	if n := bytes.IndexFunc(page, is); n >= 0 {
		return n
	}
	return len(page)
}

// odd reports whether a character may be one that does not show.
func odd(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r >= utf8.RuneSelf
}
