package journal

import "strings"

// setting finds the value of a key that is named like a credential: password=…,
// "api_key": "…", <token>…</token>, password is …. The separator stands at i.
func (s *secretScan) setting(i int) (Secret, bool) {
	after, ok := s.separatorEnd(i)
	if !ok {
		return Secret{}, false
	}
	keyStart, keyEnd := s.keyBefore(i)
	key := s.text[keyStart:keyEnd]
	name, ok := credentialName(key)
	if !ok || s.text[i] == '>' && (keyEnd != i || keyStart == 0 || s.text[keyStart-1] != '<') {
		return Secret{}, false
	}
	switch name.class {
	case cookieKey:
		return s.cookie(keyStart, after, strings.HasPrefix(strings.ToLower(key), "set"))
	case authorizationKey:
		return s.authorization(after)
	case signatureKey:
		if keyStart == 0 || strings.IndexByte("?&;\"'", s.text[keyStart-1]) < 0 {
			return Secret{}, false
		}
	}
	v := s.valueAt(after)
	value := s.text[v.start:v.end]
	if v.quoted && s.closesLiteral(i, keyStart, keyEnd, v) {
		return Secret{}, false
	}
	if strings.HasPrefix(value, pemBegin) { // found as a block, to its last line
		return Secret{}, false
	}
	if isSample(value) || !s.isSecretValue(name, i, keyStart, v) {
		return Secret{}, false
	}
	if token, ok := vendorTokenAt(s.text, v.start); ok && token.Start == v.start && token.End >= v.end {
		return token, true
	}
	return Secret{name.kind, v.start, v.end}, true
}

// separatorEnd is where the text after the separator at i begins; ok is false when it
// separates nothing: ==, !=, ::, ->.
func (s *secretScan) separatorEnd(i int) (end int, ok bool) {
	var before, after byte
	if i > 0 {
		before = s.text[i-1]
	}
	if i+1 < len(s.text) {
		after = s.text[i+1]
	}
	switch s.text[i] {
	case 'i':
		return i + len("is "), before == ' '
	case '>':
		return i + 1, true
	case ':':
		if before == ':' || after == ':' {
			return 0, false
		}
		if after == '=' {
			return i + 2, true
		}
	case '=':
		if after == '=' || strings.IndexByte("=!<>+:~", before) >= 0 {
			return 0, false
		}
		if after == '>' {
			return i + 2, true
		}
	}
	return i + 1, true
}

// keyBefore finds the identifier before the separator at i, over blanks and what may
// close the identifier: "password": , password**: , cfg['password'] =
func (s *secretScan) keyBefore(i int) (start, end int) {
	const mostBetween, longest = 12, 64 // bytes
	end = i
	for i-end < mostBetween && end > 0 && strings.IndexByte(" \t\"'`\\]*?", s.text[end-1]) >= 0 {
		end--
	}
	start = end
	for end-start < longest && start > 0 && (isTokenByte(s.text[start-1]) || s.text[start-1] == '.') {
		start--
	}
	return start, end
}

// isSecretValue decides by the shape of the value; how strict it is depends on how much
// the key and the separator promise.
func (s *secretScan) isSecretValue(name credential, sep, keyStart int, v foundValue) bool {
	const shortest, longLook = 3, 256 // bytes
	if v.end-v.start < shortest {
		return false
	}
	value := s.text[v.start:min(v.end, v.start+longLook)]
	if !v.quoted && isReference(value) {
		return false
	}
	assigned := s.text[sep] == '=' || s.text[sep] == ':' && strings.HasPrefix(s.text[sep:], ":=")
	if name.class == signatureKey {
		return len(value) >= 16 && isGenerated(value)
	}
	if name.class == tokenKey {
		exported := assigned && isUpperName(s.text[keyStart:sep])
		return isGenerated(value) || exported && !v.quoted && len(value) >= 6 && !looksLikeName(value)
	}
	switch {
	case v.quoted:
		return !isProse(value)
	case assigned && name.short && isBlank(s.text[v.start-1]): // pass = 12, pwd = dir
		return isTypedPassword(value)
	case assigned:
		return !name.short || hasBoth(value, isNoDigit, isAny)
	case s.text[sep] == '>':
		return strings.HasPrefix(s.text[v.end:], "</")
	case name.short && sep+1 < v.start: // --- PASS: TestLogin2 (0.00s)
		return isTypedPassword(value) && hasSymbol(value) && !strings.HasPrefix(value, "Test")
	}
	return isTypedPassword(value) || v.last && s.text[sep] == ':' && s.startsLine(keyStart) && isPlainWord(value)
}

// isPlainWord says that a value which is all of its line may be a password made of
// letters: "password: letmein" in a settings file.
func isPlainWord(value string) bool {
	return runLength(value, func(c byte) bool { return ' ' < c && c < 0x7f }) == len(value) &&
		!strings.HasSuffix(value, ".") && !looksLikeDate(value)
}

// startsLine says that only indentation, a bullet or a quote stands before i on its line.
func (s *secretScan) startsLine(i int) bool {
	for n := 0; n < 40 && i > 0 && s.text[i-1] != '\n'; n++ {
		if strings.IndexByte(" \t->*\"'", s.text[i-1]) < 0 {
			return false
		}
		i--
	}
	return i == 0 || s.text[i-1] == '\n'
}
