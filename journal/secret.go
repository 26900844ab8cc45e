package journal

import "strings"

// Secret is the place of something in a text that looks like a credential. It never
// holds the value: what is found is shown to people, logged and tested.
type Secret struct {
	Kind       string // in a person's words: "password", "github token"
	Start, End int    // byte offsets of the value: text[Start:End]
}

// FindSecrets finds what people paste by accident while an outage is on: passwords in
// URLs, settings and commands, headers with credentials, tokens with a known prefix,
// private keys. The findings are in order and do not overlap.
//
// It would rather miss a password that is a plain word in a sentence than warn about
// sentences. Placeholders (***, ${DB_PASS}, your-password-here) and its own masks are
// no secrets. The time is linear in the length of text.
func FindSecrets(text string) []Secret {
	var found []Secret
	scan := secretScan{text: text}
	for i := 0; i < len(text); {
		if !mayStartSecret[text[i]] {
			i++
			continue
		}
		if end := maskEnd(text, i); end > i {
			i = end
			continue
		}
		s, ok := scan.at(i)
		if !ok {
			i++
			continue
		}
		found = append(found, s)
		i = s.End
	}
	return found
}

// MaskSecrets replaces each finding by [masked: kind]. The result has no findings.
func MaskSecrets(text string) string {
	// Once is nearly always enough. What is left of a line can read differently with a mask
	// in it, so look again; each round masks bytes no mask had covered, and so ends.
	for {
		found := FindSecrets(text)
		if len(found) == 0 {
			return text
		}
		var b strings.Builder
		done := 0
		for _, s := range found {
			b.WriteString(text[done:s.Start])
			b.WriteString(maskOpen + s.Kind + maskClose)
			done = s.End
		}
		b.WriteString(text[done:])
		text = b.String()
	}
}

const (
	maskOpen  = "[masked: "
	maskClose = "]"
)

// maskEnd is the end of the mask that starts at i, i itself when none does.
func maskEnd(text string, i int) int {
	const longest = 40 // bytes between the brackets; kinds are short
	if text[i] != '[' || !strings.HasPrefix(text[i:], maskOpen) {
		return i
	}
	inside := text[i+len(maskOpen):]
	if n := strings.Index(inside[:min(len(inside), longest)], maskClose); n >= 0 {
		return i + len(maskOpen) + n + len(maskClose)
	}
	return i
}

// secretScan is one pass over a text. What it remembers makes the pass linear: the ends
// of runs that several starts share, and the command a flag belongs to.
type secretScan struct {
	text    string
	wordEnd memo
	urlEnd  memo
	nextAt  memo
	command shellCommand
}

// memo is the answer to "where does this run end", valid for every start in between.
type memo struct{ from, to int }

func (m *memo) get(i int, find func(i int) int) int {
	if i < m.from || i >= m.to {
		*m = memo{i, find(i)}
	}
	return m.to
}

// mayStartSecret marks the bytes that at looks at.
var mayStartSecret = func() (table [256]bool) {
	for _, c := range []byte("[:=>-") {
		table[c] = true
	}
	for _, t := range vendorTokens {
		table[t.prefix[0]] = true
	}
	for _, c := range []byte("eiBbPS") { // eyJ, is, Bearer, Basic, Private-Lines, SG.
		table[c] = true
	}
	return table
}()

// at is the finding whose mark (a separator, a prefix, a flag) stands at i.
func (s *secretScan) at(i int) (Secret, bool) {
	switch c := s.text[i]; c {
	case '[':
		return Secret{}, false
	case ':':
		if strings.HasPrefix(s.text[i:], "://") {
			return s.urlPassword(i)
		}
		return s.setting(i)
	case '=', '>':
		return s.setting(i)
	case '-':
		if strings.HasPrefix(s.text[i:], pemBegin) {
			return privateKeyBlock(s.text, i)
		}
		return s.flag(i)
	}
	if !startsToken(s.text, i) {
		return Secret{}, false
	}
	switch s.text[i] {
	case 'i':
		if strings.HasPrefix(s.text[i:], "is ") {
			return s.setting(i)
		}
	case 'b', 'B':
		return s.bearer(i)
	case 'P':
		if found, ok := puttyKey(s.text, i); ok {
			return found, true
		}
	}
	return vendorTokenAt(s.text, i)
}

// startsToken says that no token reaches over i from the left. An escape such as \n in a
// JSON log, or %3D in a URL, ends in a letter or digit and is still a boundary.
func startsToken(text string, i int) bool {
	if i == 0 || !isTokenByte(text[i-1]) {
		return true
	}
	if i >= 2 && text[i-2] == '\\' && strings.IndexByte("nrt", text[i-1]) >= 0 {
		return true
	}
	return i >= 3 && text[i-3] == '%' && isHex(text[i-2]) && isHex(text[i-1])
}

// isTokenByte covers base64url, the alphabet of nearly every token.
func isTokenByte(c byte) bool { return isAlnum(c) || c == '_' || c == '-' }

func isAlnum(c byte) bool { return isLetter(c) || isDigit(c) }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

func isSpace(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }
