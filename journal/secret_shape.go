package journal

import "strings"

// isReference says that an unquoted value is code: getPassword(), os.environ["X"],
// &Token{}, config.token, newPassword, Option<String>, 0x80.
func isReference(value string) bool {
	const longestNumber = len("0xFFFFFFFF")
	if strings.HasPrefix(value, "0x") && len(value) <= longestNumber {
		return true
	}
	value = strings.TrimLeft(value, "&*")
	n := runLength(value, func(c byte) bool { return isWord(c) || c == '.' })
	if n > 0 && n < len(value) && isLetter(value[0]) && strings.IndexByte("([<{", value[n]) >= 0 {
		return true
	}
	value, _, _ = strings.Cut(value, ";")
	value = strings.TrimRight(value, ",)}")
	if value == "" || !isLetter(value[0]) && value[0] != '_' {
		return false
	}
	name := func(c byte) bool { return isLetter(c) || c == '_' }
	if runLength(value, name) == len(value) {
		_, named := credentialName(value)
		return named
	}
	segments := strings.Split(strings.ReplaceAll(value, "->", "."), ".")
	for _, segment := range segments {
		if segment = strings.TrimRight(segment, "0123456789"); segment == "" || runLength(segment, name) != len(segment) {
			return false
		}
	}
	return len(segments) > 1
}

// isGenerated says that a value looks drawn by a machine: long enough, letters with
// digits or strong symbols, and neither a name like db-creds-2 nor a date.
func isGenerated(value string) bool {
	const shortest = 8 // bytes
	if len(value) < shortest || !hasBoth(value, isLetter, isAny) || looksLikeName(value) || looksLikeDate(value) || isProse(value) {
		return false
	}
	return hasBoth(value, isLetter, isDigit) || hasSymbol(value)
}

// isTypedPassword says that a word after "password:" or "password is" is more likely the
// password than the next word of a sentence.
func isTypedPassword(value string) bool {
	const shortest, shortestDigits = 5, 6 // bytes
	value = strings.TrimRight(value, ".,;:!?)]}")
	if len(value) < shortest || looksLikeDate(value) || looksLikeMail(value) {
		return false
	}
	digits := runLength(value, isDigit)
	return digits == len(value) && digits >= shortestDigits || hasBoth(value, isLetter, isDigit) || hasBoth(value, isLetter, isSymbol)
}

// looksLikeName says that a value is made of words with at most two digits each, and of
// short numbers: k8s manifests, hosts and versions are.
func looksLikeName(value string) bool {
	for value != "" {
		letters := runLength(value, isLetter)
		digits := runLength(value[letters:], isDigit)
		if letters+digits == 0 || letters > 0 && digits > 2 || digits > 4 {
			return false
		}
		value = value[letters+digits:]
		if value != "" {
			if strings.IndexByte("-_./:", value[0]) < 0 {
				return false
			}
			value = value[1:]
		}
	}
	return true
}

func looksLikeDate(value string) bool {
	const date = "dddd-dd-dd"
	return len(value) >= len(date) && hasShape(value[:len(date)], date)
}

func looksLikeMail(value string) bool {
	name, host, ok := strings.Cut(value, "@")
	dot := strings.LastIndexByte(host, '.')
	return ok && name != "" && dot > 0 && len(host)-dot > 2 && runLength(host[dot+1:], isLetter) == len(host)-dot-1
}

// hasBoth says that some byte of s is of the one kind and some byte of the other.
func hasBoth(s string, one, other func(byte) bool) bool {
	var a, b bool
	for i := range len(s) {
		a, b = a || one(s[i]), b || other(s[i])
	}
	return a && b
}

func isAny(byte) bool { return true }

func isNoDigit(c byte) bool { return !isDigit(c) }

// isSymbol covers the marks that keyboards offer for passwords and prose does not put
// inside a word.
func isSymbol(c byte) bool { return strings.IndexByte("!#$%^&*+=~@", c) >= 0 }

func hasSymbol(s string) bool { return hasBoth(s, isSymbol, isAny) }
