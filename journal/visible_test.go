package journal

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestVisible(t *testing.T) {
	tests := []struct{ name, in, text, line string }{
		{"nothing", "", "", ""},
		{"plain", `rolled back to v41 \o/`, `rolled back to v41 \o/`, `rolled back to v41 \o/`},
		{"accents", "café, naïve, Ærø, 東京, עברית, हिन्दी", "café, naïve, Ærø, 東京, עברית, हिन्दी", "café, naïve, Ærø, 東京, עברית, हिन्दी"},
		{"newline and tab", "a\n\tb\n", "a\n\tb\n", "a  b "},
		{"windows lines", "a\r\nb\r\r\n", "a\nb\\u{d}\n", "a b\\u{d} "},
		{"carriage return overwrites", "safe\revil", `safe\u{d}evil`, `safe\u{d}evil`},
		{"nul", "a\x00b", `a\u{0}b`, `a\u{0}b`},
		{"bell, backspace, vertical tab", "\a\b\v\f", `\u{7}\u{8}\u{b}\u{c}`, `\u{7}\u{8}\u{b}\u{c}`},
		{"escape sequence", "\x1b[31mred", `\u{1b}[31mred`, `\u{1b}[31mred`},
		{"delete", "a\x7f", `a\u{7f}`, `a\u{7f}`},
		{"CSI as one byte", "\x9b31m", `\x{9b}31m`, `\x{9b}31m`},
		{"CSI as a character", "\u009b31m", `\u{9b}31m`, `\u{9b}31m`},
		{"next line", "a\u0085b", `a\u{85}b`, `a\u{85}b`},
		{"bytes that are no UTF-8", "a\xff\xc3(\xe2\x82", `a\x{ff}\x{c3}(\x{e2}\x{82}`, `a\x{ff}\x{c3}(\x{e2}\x{82}`},
		{"a surrogate", "\xed\xa0\x80", `\x{ed}\x{a0}\x{80}`, `\x{ed}\x{a0}\x{80}`},
		{"the replacement character itself", "\ufffd", "\ufffd", "\ufffd"},
		{"bidi override", "user\u202etxt.exe", `user\u{202e}txt.exe`, `user\u{202e}txt.exe`},
		{"bidi isolates", "\u2066a\u2069", `\u{2066}a\u{2069}`, `\u{2066}a\u{2069}`},
		{"marks of direction", "\u200e\u200f\u061c", `\u{200e}\u{200f}\u{61c}`, `\u{200e}\u{200f}\u{61c}`},
		{"zero width", "a\u200bb\u2060c\ufeffd\u00ade\u2065f", `a\u{200b}b\u{2060}c\u{feff}d\u{ad}e\u{2065}f`, `a\u{200b}b\u{2060}c\u{feff}d\u{ad}e\u{2065}f`},
		{"fillers", "\u3164\u115f\u034f\uffa0", `\u{3164}\u{115f}\u{34f}\u{ffa0}`, `\u{3164}\u{115f}\u{34f}\u{ffa0}`},
		{"separators", "a\u2028b\u2029", `a\u{2028}b\u{2029}`, `a\u{2028}b\u{2029}`},
		{"tags", "\U000E0001\U000E0041\U000E007F", `\u{e0001}\u{e0041}\u{e007f}`, `\u{e0001}\u{e0041}\u{e007f}`},
		{"interlinear and musical format", "\ufff9\U0001D173", `\u{fff9}\u{1d173}`, `\u{fff9}\u{1d173}`},
		{"no-break space is a space", "a\u00a0b", "a\u00a0b", "a\u00a0b"},
		{"Arabic number sign is drawn", "\u0600\u0661", "\u0600\u0661", "\u0600\u0661"},

		{"family", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"},
		{"heart on fire", "❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"},
		{"health worker with a skin tone", "👩🏽\u200d⚕\ufe0f", "👩🏽\u200d⚕\ufe0f", "👩🏽\u200d⚕\ufe0f"},
		{"keycap", "1\ufe0f\u20e3", "1\ufe0f\u20e3", "1\ufe0f\u20e3"},
		{"joiner after a letter", "a\u200d👩", `a\u{200d}👩`, `a\u{200d}👩`},
		{"joiner before a letter", "👩\u200da", `👩\u{200d}a`, `👩\u{200d}a`},
		{"joiner at the end", "👩\u200d", `👩\u{200d}`, `👩\u{200d}`},
		{"two joiners", "👩\u200d\u200d👧", `👩\u{200d}\u{200d}👧`, `👩\u{200d}\u{200d}👧`},
		{"joiner after two selectors", "❤\ufe0f\ufe0f\u200d🔥", "❤\ufe0f\\u{fe0f}\\u{200d}🔥", "❤\ufe0f\\u{fe0f}\\u{200d}🔥"},
		{"Persian verb", "می\u200cخواهم", "می\u200cخواهم", "می\u200cخواهم"},
		{"Sinhala conjunct", "ශ්\u200dරී", "ශ්\u200dරී", "ශ්\u200dරී"},
		{"non-joiner in Latin", "pay\u200cpal", `pay\u{200c}pal`, `pay\u{200c}pal`},
		{"non-joiner between emoji", "👩\u200c👧", `👩\u{200c}👧`, `👩\u{200c}👧`},
		{"selector after a letter", "a\ufe01", `a\u{fe01}`, `a\u{fe01}`},
		{"selector first", "\ufe0f", `\u{fe0f}`, `\u{fe0f}`},
		{"selector after a bad byte", "\xff\ufe0f", `\x{ff}\u{fe0f}`, `\x{ff}\u{fe0f}`},
		{"bytes smuggled in selectors", "😀\U000E0101\U000E0102", `😀\u{e0101}\u{e0102}`, `😀\u{e0101}\u{e0102}`},
		{"ideographic variation", "葛\U000E0100城", "葛\U000E0100城", "葛\U000E0100城"},
		{"Mongolian variation", "ᠠ\u180b", "ᠠ\u180b", "ᠠ\u180b"},
	}
	for _, tt := range tests {
		if got := VisibleText(tt.in); got != tt.text {
			t.Errorf("%s: VisibleText(%+q) = %+q, want %+q", tt.name, tt.in, got, tt.text)
		}
		if got := VisibleLine(tt.in); got != tt.line {
			t.Errorf("%s: VisibleLine(%+q) = %+q, want %+q", tt.name, tt.in, got, tt.line)
		}
	}
}

func TestVisibleTextDoesNotCopyCleanText(t *testing.T) {
	s := strings.Repeat("14:05 rolled back to v41 — ✅ café 👨\u200d👩\u200d👧\n", 20)
	if n := testing.AllocsPerRun(10, func() { VisibleText(s) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// checkVisible holds for every input.
func checkVisible(t interface{ Errorf(string, ...any) }, s string) {
	text, line := VisibleText(s), VisibleLine(s)
	for _, got := range []string{text, line} {
		if !utf8.ValidString(got) {
			t.Errorf("%+q becomes %+q, which is not UTF-8", s, got)
		}
	}
	for _, r := range text {
		joins := r == joiner || r == nonJoiner || unicode.Is(unicode.Variation_Selector, r)
		if isHidden(r) && !joins && r != '\n' && r != '\t' {
			t.Errorf("VisibleText(%+q) = %+q, with %U in it", s, text, r)
		}
	}
	if strings.ContainsAny(line, "\n\t\r") {
		t.Errorf("VisibleLine(%+q) = %+q", s, line)
	}
	if again := VisibleText(text); again != text {
		t.Errorf("VisibleText(%+q) = %+q, and again %+q", s, text, again)
	}
	if again := VisibleLine(line); again != line {
		t.Errorf("VisibleLine(%+q) = %+q, and again %+q", s, line, again)
	}
	if both := VisibleLine(text); both != line {
		t.Errorf("%+q: the line %+q, of the text %+q", s, line, both)
	}
}

func TestVisibleHoldsForAnyText(t *testing.T) {
	pieces := rapid.OneOf(
		rapid.String(),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
		rapid.SampledFrom([]string{"\u200d", "\u200c", "\ufe0f", "\U000E0100", "👩", "❤", "葛", "ی", "ේ", "a", " ", "\r", "\n", "\t", "\xff", "\x1b", "\u202e"}),
	)
	rapid.Check(t, func(t *rapid.T) {
		checkVisible(t, strings.Join(rapid.SliceOf(pieces).Draw(t, "pieces"), ""))
	})
}

func FuzzVisible(f *testing.F) {
	for _, s := range []string{"plain", "\x1b[31m\x9b", "👨\u200d👩\u200d👧\ufe0f\ufe0f", "a\u202e\r\r\n\t", "می\u200cخواهم"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkVisible(t, s) })
}

func BenchmarkVisibleText(b *testing.B) {
	s := strings.Repeat("14:05 rolled back to v41, checkout is 500ing\n", 1000)
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		VisibleText(s)
	}
}
