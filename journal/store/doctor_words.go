package store

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"git-incident/journal"
)

// count says how many there are of something.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if stem, ok := strings.CutSuffix(noun, "y"); ok {
		return fmt.Sprintf("%d %sies", n, stem)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// maxListed is how many things a sentence names.
const maxListed = 5

func listed(things []string) string {
	if rest := len(things) - maxListed; rest > 0 {
		things = append(things[:maxListed:maxListed], fmt.Sprintf("%d more", rest))
	}
	return strings.Join(things, "; ")
}

// maxQuoted is how much of somebody's text a sentence repeats, in characters.
const maxQuoted = 72

// subject quotes what may have been written by anybody.
func subject(s string) string {
	return "\u201c" + journal.Ellipsis(journal.VisibleLine(s), maxQuoted) + "\u201d"
}

// sentence begins a reason with a capital and ends it with a full stop.
func sentence(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + strings.TrimSuffix(s[n:], ".") + "."
}

func firstLine(s string) string {
	first, _, _ := strings.Cut(s, "\n")
	return journal.VisibleLine(strings.TrimSuffix(first, "."))
}

// time is a moment in the zone of the reader.
func (x *exam) time(t time.Time) string {
	return t.In(x.j.now().Location()).Format("2006-01-02 15:04")
}

// sentenceStart is a number of things at the beginning of a sentence.
func sentenceStart(s string) string {
	if rest, ok := strings.CutPrefix(s, "1 "); ok {
		return "One " + rest
	}
	return s
}

func isOrAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

func itOrThem(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}
