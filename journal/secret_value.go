package journal

import "strings"

// foundValue is where a value stands, and how.
type foundValue struct {
	start, end int
	quoted     bool
	last       bool // nothing but blanks follows on its line
}

// valueAt finds the value that begins at or after i on the same line.
func (s *secretScan) valueAt(i int) foundValue {
	text := s.text
	if strings.HasPrefix(text[i:], "**") { // **Password:** in Markdown
		i += 2
	}
	for i < len(text) && isBlank(text[i]) {
		i++
	}
	open := i
	for open < len(text) && text[open] == '\\' {
		open++
	}
	if open < len(text) && strings.IndexByte("\"'`", text[open]) >= 0 {
		v := foundValue{start: open + 1, quoted: true}
		v.end = quoteEnd(text, v.start, text[open], open-i)
		return v
	}
	v := foundValue{start: i, end: s.wordEnd.get(i, s.findWordEnd)}
	v.last = isLineEnd(text, v.end)
	return v
}

func isLineEnd(text string, i int) bool {
	for i < len(text) && isBlank(text[i]) {
		i++
	}
	return i == len(text) || text[i] == '\n' || text[i] == '\r'
}

// quoteEnd is where the quote closes: the next quote character with as many backslashes
// as opened it (JSON inside JSON has one, then three), else the end of the line.
func quoteEnd(text string, i int, quote byte, depth int) int {
	slashes := 0
	for ; i < len(text) && text[i] != '\n'; i++ {
		switch {
		case text[i] == '\\':
			slashes++
			continue
		case text[i] == quote && slashes <= depth:
			return i - slashes
		}
		slashes = 0
	}
	return i
}

// findWordEnd is the end of an unquoted value. Passwords contain anything, so a mark
// ends one only where it clearly belongs to what follows.
func (s *secretScan) findWordEnd(i int) int {
	text := s.text
	for ; i < len(text) && !isSpace(text[i]); i++ {
		rest := text[i+1:]
		switch text[i] {
		case '"', '\'', '`':
			if rest == "" || !isWord(rest[0]) {
				return i
			}
		case '\\':
			if rest != "" && strings.IndexByte("nrt\"'", rest[0]) >= 0 {
				return i
			}
		case '&', ';', ',':
			if rest == "" || isSpace(rest[0]) || startsPair(rest) {
				return i
			}
		case '<':
			if strings.HasPrefix(rest, "/") || strings.HasPrefix(rest, "!--") {
				return i
			}
		case '[':
			if strings.HasPrefix(text[i:], maskOpen) {
				return i
			}
		}
	}
	return i
}

// closesLiteral says that the quote before a value ends a piece of code in which the key
// stood: "password=" + pw, prompt("Password: ", in).
func (s *secretScan) closesLiteral(sep, keyStart, keyEnd int, v foundValue) bool {
	quote := s.text[v.start-1]
	if keyEnd == sep && keyStart > 0 && s.text[keyStart-1] == quote {
		return true
	}
	return v.start < len(s.text) && strings.IndexByte(" ,;)", s.text[v.start]) >= 0
}

// startsPair says that s goes on with name= or name: and so is a new setting.
func startsPair(s string) bool {
	n := runLength(s[:min(len(s), 40)], isTokenByte)
	return n > 0 && n < len(s) && (s[n] == '=' || s[n] == ':')
}
