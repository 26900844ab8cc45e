package journal

import (
	"encoding/base64"
	"strings"
)

// urlPassword finds pass in scheme://user:pass@host; "://" stands at i.
func (s *secretScan) urlPassword(i int) (Secret, bool) {
	const longest = 4096 // bytes of user and password
	text := s.text
	if i == 0 || !isAlnum(text[i-1]) {
		return Secret{}, false
	}
	start := i + len("://")
	end := s.urlEnd.get(start, func(i int) int {
		for i < len(text) && !isSpace(text[i]) && strings.IndexByte("\"'`<>", text[i]) < 0 {
			i++
		}
		return i
	})
	at := s.nextAt.get(start, func(i int) int {
		if n := strings.IndexByte(text[i:], '@'); n >= 0 {
			return i + n
		}
		return len(text)
	})
	if at >= end || at-start > longest {
		return Secret{}, false
	}
	_, password, ok := strings.Cut(text[start:at], ":")
	from := at - len(password)
	digits := runLength(password, isDigit)
	switch {
	case !ok, strings.ContainsAny(text[start:from], "/?#"):
		return Secret{}, false
	case digits > 0 && digits < len(password) && strings.IndexByte("/?#", password[digits]) >= 0:
		return Secret{}, false // a port, and an @ in the path
	}
	// A password with an unescaped @ in it: the last one before the path is the border.
	for n := at + 1; n < end && strings.IndexByte("/?#", text[n]) < 0 && n-at < longest; n++ {
		if text[n] == '@' {
			at = n
		}
	}
	password = text[from:at]
	if password == "" || isRepeated(password) && len(password) > 2 || isVariable(password) || strings.Contains(password, "***") ||
		strings.Contains(strings.ToLower(password), "redacted") || password == "PASSWORD" || password == "PASS" {
		return Secret{}, false
	}
	return Secret{"password in url", from, at}, true
}

// authorization finds the credential of an Authorization header; its value begins at i.
func (s *secretScan) authorization(i int) (Secret, bool) {
	v := s.valueAt(i)
	text := s.text
	schemes := []string{"bearer", "basic", "token", "apikey", "key", "negotiate", "digest"}
	n := v.start + runLength(text[v.start:], isTokenByte)
	scheme := strings.ToLower(text[v.start:min(n, v.start+20)])
	for _, known := range schemes {
		if scheme != known || n >= len(text) || !isBlank(text[n]) && text[n] != '%' && text[n] != '+' {
			continue
		}
		if text[n] == '%' {
			n += 2 // Bearer%20
		}
		v = s.valueAt(min(n+1, len(text)))
		value := text[v.start:v.end]
		ok := len(value) >= 6 && !isSample(value) && (isGenerated(value) || isTypedPassword(value) || known == "basic")
		return Secret{"authorization", v.start, v.end}, ok
	}
	value := text[v.start:v.end]
	return Secret{"authorization", v.start, v.end}, !isSample(value) && isGenerated(value)
}

// bearer finds a credential after the word Bearer or Basic alone, as clients log it.
func (s *secretScan) bearer(i int) (Secret, bool) {
	text := s.text
	const words = len("bearer ")
	if i+words >= len(text) {
		return Secret{}, false
	}
	switch start := strings.ToLower(text[i : i+words]); {
	case start == "bearer ":
		from := i + words
		n := runLength(text[from:], func(c byte) bool { return isTokenByte(c) || isBase64(c) || c == '.' || c == '~' })
		value := strings.TrimRight(text[from:from+n], ".")
		return Secret{"bearer token", from, from + len(value)}, len(value) >= 16 && !isSample(value) && isGenerated(value)
	case start[:words-1] == "basic ":
		from := i + words - 1
		n := runLength(text[from:], isBase64)
		plain, err := base64.StdEncoding.DecodeString(text[from : from+n])
		return Secret{"authorization", from, from + n}, err == nil && n >= 8 && strings.Contains(string(plain), ":")
	}
	return Secret{}, false
}

// cookie finds the value of a Cookie or Set-Cookie header that begins at i. A cookie has
// a name: without an = it is talk about cookies.
func (s *secretScan) cookie(keyStart, i int, set bool) (Secret, bool) {
	const longest = 16 << 10 // bytes; servers stop at 8 KiB
	text := s.text
	v := s.valueAt(i)
	name := v.start + runLength(text[v.start:], func(c byte) bool { return isTokenByte(c) || c == '.' })
	if name == v.start || name == len(text) || text[name] != '=' {
		return Secret{}, false
	}
	stops := []string{"\n", "\r", maskOpen}
	if set {
		stops = append(stops, ";") // what follows says how long and where, and is no secret
	}
	if keyStart > 0 && strings.IndexByte("\"'", text[keyStart-1]) >= 0 {
		stops = append(stops, text[keyStart-1:keyStart]) // -H 'Cookie: a=b'
	}
	value := text[v.start:min(len(text), v.start+longest)]
	if v.quoted {
		value = text[v.start:min(v.end, v.start+longest)]
	}
	for _, stop := range stops {
		value, _, _ = strings.Cut(value, stop)
	}
	value = strings.TrimRight(value, " \t")
	return Secret{"cookie", v.start, v.start + len(value)}, len(value) > name-v.start && !isSample(value[name-v.start+1:])
}
