package journal

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// VisibleText makes text of unknown origin safe to print on a terminal, line by line.
// Whatever moves the cursor, changes colours, turns the reading direction or takes no
// room is written out: \u{1b} for a character, \x{9b} for a byte that is not UTF-8.
// Newlines and tabs stay; a carriage return before a newline is dropped.
//
// Kept although they take no room: a zero-width joiner between two emoji (a family is
// one picture), joiners inside words of the scripts that are spelled with them, and one
// variation selector after a character it can select.
//
// A backslash is not escaped, so that running it again changes nothing. The result is
// for reading; it cannot be turned back.
func VisibleText(s string) string { return visible(s, true) }

// VisibleLine is VisibleText on one line: each newline and each tab is a space.
func VisibleLine(s string) string { return visible(s, false) }

func visible(s string, multiLine bool) string {
	var (
		b    strings.Builder
		done int      // s[:done] is in b
		last = noRune // the character before i
		base = noRune // the same, or the one that a kept variation selector selects
	)
	for i := 0; i < len(s); {
		if c := s[i]; c >= ' ' && c < 0x7f || multiLine && (c == '\n' || c == '\t') {
			last, base = rune(c), rune(c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		next, _ := utf8.DecodeRuneInString(s[i+size:])
		instead, kept := "", false
		switch {
		case r == utf8.RuneError && size == 1:
			instead, r = fmt.Sprintf(`\x{%02x}`, s[i]), noRune
		case r == '\n' || r == '\t':
			instead = " "
		case r == '\r' && next == '\n':
		case !isHidden(r) || isSpelling(r, base, next) || isVariation(r, last):
			kept = true
		default:
			instead = fmt.Sprintf(`\u{%x}`, r)
		}
		if !kept {
			b.WriteString(s[done:i])
			b.WriteString(instead)
			done = i + size
		}
		if last = r; !kept || !unicode.Is(unicode.Variation_Selector, r) {
			base = r
		}
		i += size
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}

const noRune rune = -1

// isHidden says that r does something to a terminal or to a reader without being seen:
// controls, format characters, line and paragraph separators, fillers of no width.
// The number signs of Arabic are format characters by class, but are drawn.
func isHidden(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) &&
		!unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

const (
	nonJoiner = '\u200c'
	joiner    = '\u200d'
)

// isSpelling says that r is a joiner which its neighbours need.
func isSpelling(r, before, after rune) bool {
	if r != joiner && r != nonJoiner {
		return false
	}
	return r == joiner && isPictograph(before) && isPictograph(after) || isJoined(before) && isJoined(after)
}

// isJoined says that r belongs to a word of a script that uses joiners: Persian writes
// one inside many verbs, Sinhala and Malayalam inside conjuncts.
func isJoined(r rune) bool {
	return unicode.In(r, unicode.L, unicode.M) && unicode.In(r,
		unicode.Arabic, unicode.Syriac, unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati,
		unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala)
}

// isPictograph is a superset of Unicode's Extended_Pictographic that leaves out the few
// signs (© ‼ 〰) no emoji sequence is joined to. The skin tones are in the last range.
func isPictograph(r rune) bool {
	switch {
	case 0x2190 <= r && r <= 0x21ff, // arrows
		0x2300 <= r && r <= 0x23ff, // technical
		0x2600 <= r && r <= 0x27bf, // miscellaneous symbols, dingbats
		0x2b00 <= r && r <= 0x2bff, // more arrows and shapes
		0x1f000 <= r && r <= 0x1faff:
		return true
	}
	return false
}

// isVariation says that r selects a form of the character before it. After letters of
// other scripts, and after each other, selectors select nothing and only smuggle bytes.
func isVariation(r, before rune) bool {
	switch {
	case 0xfe00 <= r && r <= 0xfe0f:
		return unicode.In(before, unicode.S, unicode.P, unicode.Nd, unicode.Han, unicode.Myanmar)
	case 0xe0100 <= r && r <= 0xe01ef:
		return unicode.Is(unicode.Han, before)
	case 0x180b <= r && r <= 0x180f:
		return unicode.Is(unicode.Mongolian, before) && unicode.IsLetter(before)
	}
	return false
}
