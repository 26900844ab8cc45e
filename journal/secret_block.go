package journal

import "strings"

// Headings of private keys.
const (
	pemBegin     = "-----BEGIN "
	puttyHeading = "Private-Lines:"
)

// privateKeyBlock finds a private key in armour, from its first dash: whole, cut off
// after some lines, or as one string with \n in it.
func privateKeyBlock(text string, i int) (Secret, bool) {
	const longestLabel, leastKey = 60, 16 // bytes
	rest := text[i+len(pemBegin):]
	n := strings.Index(rest[:min(len(rest), longestLabel)], "-----")
	if n < 0 || !strings.Contains(rest[:n], "PRIVATE KEY") {
		return Secret{}, false
	}
	label := rest[:n]
	body := i + len(pemBegin) + n + len("-----")
	ending := "-----END " + label + "-----"
	end, lastKey := armourEnd(text, body)
	// Whatever stands between the two lines is the key: logs put times and bars before lines.
	inside := text[body:]
	if next := strings.Index(inside, pemBegin); next >= 0 {
		inside = inside[:next]
	}
	if n := strings.Index(inside, ending); n >= 0 && !strings.Contains(inside[:n], maskOpen) {
		end = body + n + len(ending)
		lastKey = max(lastKey, longestRun(inside[:n], isBase64))
	}
	return Secret{"private key", i, end}, lastKey >= leastKey
}

// armourEnd goes over lines of base64, their escapes and the headers of old keys. It
// gives the end of the last line and the length of the longest.
func armourEnd(text string, i int) (end, longest int) {
	end = i
	for i < len(text) {
		i += skipBreaks(text[i:])
		n := runLength(text[i:], isBase64)
		after := i + n
		switch {
		case n == 0:
			return end, longest
		case after < len(text) && text[after] == ':' || strings.HasPrefix(text[i:], "Proc-Type"), strings.HasPrefix(text[i:], "DEK-Info"):
			after += headerLength(text[after:])
		case after < len(text) && !isSpace(text[after]) && strings.IndexByte("\\\"'`,", text[after]) < 0:
			if n < 16 { // a word of the sentence that follows
				return end, longest
			}
		case after < len(text) && isBlank(text[after]) && n < 16:
			return end, longest
		}
		longest = max(longest, n)
		end, i = after, after
	}
	return end, longest
}

// headerLength is the length of the rest of a header's line. A further heading ends
// it too: the scan comes to that one by itself, and would go over the line again.
func headerLength(s string) int {
	for n := range len(s) {
		switch s[n] {
		case '\n', '\\':
			return n
		case '-', 'P':
			if strings.HasPrefix(s[n:], pemBegin) || strings.HasPrefix(s[n:], puttyHeading) {
				return n
			}
		}
	}
	return len(s)
}

// skipBreaks is the length of the white space and of the escapes for it.
func skipBreaks(s string) int {
	n := 0
	for n < len(s) {
		switch {
		case isSpace(s[n]):
			n++
		case s[n] == '\\' && n+1 < len(s) && strings.IndexByte("nrt\\", s[n+1]) >= 0:
			n += 2
		case s[n] == 'n' && n > 0 && s[n-1] == '\\': // \\n
			n++
		default:
			return n
		}
	}
	return n
}

func longestRun(s string, is func(byte) bool) int {
	longest := 0
	for i := 0; i < len(s); i++ {
		n := runLength(s[i:], is)
		longest = max(longest, n)
		i += n
	}
	return longest
}

// puttyKey finds the private lines of a PuTTY key file, whose heading stands at i.
func puttyKey(text string, i int) (Secret, bool) {
	if !strings.HasPrefix(text[i:], puttyHeading) {
		return Secret{}, false
	}
	start := i + len(puttyHeading)
	start += skipBreaks(text[start:])
	start += runLength(text[start:], isDigit)
	start += skipBreaks(text[start:])
	end, longest := armourEnd(text, start)
	return Secret{"private key", start, end}, longest >= 16
}
