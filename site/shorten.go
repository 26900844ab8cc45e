package site

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// shorten cuts a text to at most n columns, at the end of a sentence if that
// keeps half of them, otherwise at the end of a word.
func shorten(s string, n int) (short string, cut bool) {
	if width(s) <= n {
		return s, false
	}
	fits := prefix(s, n-1) // room for …
	if end := lastSentence(fits, s[len(fits):]); width(fits[:end]) > n/2 {
		return fits[:end], true
	}
	if i := strings.LastIndexByte(fits, ' '); width(fits[:max(i, 0)]) > n/2 {
		fits = fits[:i]
	}
	return strings.TrimRight(fits, " ,;:–—-(") + "…", true
}

// prefix is the longest beginning of s that is at most n columns wide.
func prefix(s string, n int) string {
	used := 0
	for i, r := range s {
		if used += quarters(r); used > 4*n {
			return s[:i]
		}
	}
	return s
}

// lastSentence is where the last whole sentence of s ends; rest follows s.
func lastSentence(s, rest string) int {
	for i := len(s); i > 0; i-- {
		if strings.IndexByte(".!?", s[i-1]) < 0 {
			continue
		}
		after := strings.TrimLeft(s[i:]+rest, "”’\")")
		next, spaced := strings.CutPrefix(after, " ")
		if r, _ := utf8.DecodeRuneInString(next); spaced && unicode.IsUpper(r) {
			return i
		}
	}
	return 0
}

// width is about how many columns of lower-case letters a text takes.
func width(s string) int {
	sum := 0
	for _, r := range s {
		sum += quarters(r)
	}
	return (sum + 3) / 4
}

// quarters is the width of a character in quarters of a column. It errs on the
// wide side: what is counted too wide leaves room, what is counted too narrow
// would not fit.
func quarters(r rune) int {
	switch {
	case r == 'm' || r == 'w' || r == 'M' || r == 'W' || r == '@' || r == '%':
		return 9
	case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == ' ':
		return 4
	case r < 0x80:
		return 6
	case r < 0x250 || r >= 0x2000 && r < 0x2030:
		return 6
	}
	return 9
}
