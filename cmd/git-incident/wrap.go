package main

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// wrap sets the words of one paragraph in lines of at most width cells. A word
// that is longer stands on a line of its own: addresses and hashes are copied.
func wrap(text string, width int, first, rest string) string {
	var b strings.Builder
	b.WriteString(first)
	used := cells(first)
	begun := false
	for _, word := range strings.Fields(text) {
		for i, piece := range pieces(word) {
			gap := ""
			if begun && i == 0 {
				gap = " "
			}
			if w := cells(piece); begun && used+len(gap)+w > width {
				b.WriteString("\n" + rest)
				used, gap = cells(rest), ""
			}
			b.WriteString(gap + piece)
			used, begun = used+len(gap)+cells(piece), true
		}
	}
	return b.String()
}

// fold wraps the lines of a text that are too wide, each below its beginning.
func fold(text string, width int) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if cells(l) > width {
			indent := l[:len(l)-len(strings.TrimLeft(l, " "))]
			lines[i] = wrap(l, width, indent, indent)
		}
	}
	return strings.Join(lines, "\n")
}

// pieces are the parts of a word between which a line may end: scripts with wide
// characters write sentences without spaces.
func pieces(word string) []string {
	if cells(word) <= utf8.RuneCountInString(word) {
		return []string{word}
	}
	var out []string
	for state := -1; word != ""; {
		var piece string
		piece, word, _, state = uniseg.FirstLineSegmentInString(word, state)
		out = append(out, piece)
	}
	return out
}

// cells is how wide s is on a terminal.
func cells(s string) int { return uniseg.StringWidth(s) }

// cut is s, or its beginning with … when it is wider than n cells.
func cut(s string, n int) string {
	if cells(s) <= n {
		return s
	}
	var b strings.Builder
	width := 0
	for g := uniseg.NewGraphemes(s); g.Next() && width+g.Width() < n; {
		b.WriteString(g.Str())
		width += g.Width()
	}
	return strings.TrimRight(b.String(), " ") + "…"
}

func pad(s string, n int) string { return s + strings.Repeat(" ", max(0, n-cells(s))) }

// fit makes s exactly n cells wide.
func fit(s string, n int) string { return pad(cut(s, n), n) }

// Lines of Markdown that mean what they mean by standing alone.
var (
	fenceLine = regexp.MustCompile("^ {0,3}(```|~~~)")
	listLine  = regexp.MustCompile(`^([-*+] |\d+[.)] |→ )`)
	ownLine   = regexp.MustCompile(`^(\s|[#>|<]|[-*_]{3,}$)`)
)

// wrapText sets Markdown as text: paragraphs and list items are wrapped; code,
// quotes, tables and what is indented are left as they are.
func wrapText(text string, width int, first, rest string) string {
	var out, paragraph []string
	lead := func() string {
		if len(out) == 0 {
			return first
		}
		return rest
	}
	flush := func() {
		if len(paragraph) > 0 {
			out = append(out, wrap(strings.Join(paragraph, " "), width, lead(), rest))
			paragraph = nil
		}
	}
	inFence := false
	for line := range strings.SplitSeq(text, "\n") {
		fence := fenceLine.MatchString(line)
		switch {
		case fence || inFence || ownLine.MatchString(line) || line == "":
			flush()
			out = append(out, strings.TrimRight(lead()+line, " "))
			inFence = inFence != fence
		case listLine.MatchString(line):
			flush()
			mark := listLine.FindString(line)
			out = append(out, wrap(line, width, lead(), rest+strings.Repeat(" ", len([]rune(mark)))))
		default:
			paragraph = append(paragraph, line)
		}
	}
	flush()
	return strings.Join(out, "\n")
}
