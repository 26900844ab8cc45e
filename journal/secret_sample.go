package journal

import "strings"

// isSample says that a value stands for a credential and is none: empty, masked, a
// variable, a format verb, a word from documentation.
func isSample(value string) bool {
	const longLook = 256 // bytes; a sample shows itself early
	value = value[:min(len(value), longLook)]
	if value == "" || isRepeated(value) || strings.Contains(value, "***") || isVariable(value) {
		return true
	}
	lower := strings.ToLower(value)
	for _, part := range []string{"example", "redacted", "placeholder", "xxxxx", "changeme", "change-me", "change_me", "-here", "_here", "goes here", "....", "••"} {
		if strings.Contains(lower, part) {
			return true
		}
	}
	return sampleWords[strings.Trim(lower, ".,;:!?)]}")] || startsSample(lower)
}

// isRepeated says that a value draws on one or two characters: ****, xxxx, x-x-x.
func isRepeated(value string) bool {
	const most = 2
	var seen [most]byte
	n := 0
	for i := range len(value) {
		known := false
		for _, c := range seen[:n] {
			known = known || c == value[i]
		}
		if !known {
			if n == most {
				return false
			}
			seen[n] = value[i]
			n++
		}
	}
	return n == 1 || n < len(value)
}

// isVariable says that a value is filled in later: $PASSWORD, ${DB_PASS}, $(cat f), %s,
// %(pw)s, {{ .pw }}, <password>, [hidden], @file, :bind, !vault.
func isVariable(value string) bool {
	first, rest := value[0], value[1:]
	switch first {
	case '<', '{', '[', '(', '`':
		return true
	case '$', '#':
		if rest == "" || rest[0] == '{' || rest[0] == '(' {
			return true
		}
		rest = rest[runLength(rest, isWord):]
		return !isDigit(value[1]) && (rest == "" || rest[0] == '[' || strings.HasPrefix(rest, "->"))
	case '%':
		rest = strings.TrimLeft(rest, "#+-.0123456789")
		return len(rest) < 2 || rest[0] == '(' || rest[0] == '{' || strings.HasSuffix(rest, "%") || rest[0] == '['
	case '@', ':', '?', '*', '&', '|', '>', '!':
		return runLength(rest, func(c byte) bool { return isLetter(c) || c == '_' || c == '-' }) == len(rest)
	}
	return false
}

// startsSample finds your-password, my_secret, test-token and where a value is kept.
func startsSample(lower string) bool {
	for _, prefix := range []string{"your", "insert", "replace", "arn:", "op://", "vault:", "file:", "ssm:", "env:", "env(", "env.", "http://", "https://", "projects/", "kv/", "secret/"} {
		if strings.HasPrefix(lower, prefix) {
			return true
		}
	}
	for _, prefix := range []string{"my", "some", "the", "new", "old", "test", "dummy", "fake", "sample", "default"} {
		if rest, ok := strings.CutPrefix(lower, prefix); ok && sampleWords[strings.TrimLeft(rest, "-_ ")] {
			return true
		}
	}
	return strings.Contains(lower, "://") || isPlainPath(lower)
}

// isPlainPath says that a value is the path of a file with a secret in it.
func isPlainPath(lower string) bool {
	path, ok := strings.CutPrefix(strings.TrimLeft(lower, "~."), "/")
	dirs := strings.Count(path, "/")
	return ok && dirs > 0 && runLength(path, func(c byte) bool { return isPath(c) || c == '.' }) == len(path) && len(path) < 12*(dirs+1)
}

// sampleWords are what people write where the value would stand.
var sampleWords = wordSet(`password passwd pass passphrase pwd pw secret token key apikey api-key api_key credential credentials
	none null nil undefined undef nothing empty blank unset set true false yes no on off ok n/a na tbd todo
	redacted masked hidden filtered removed deleted protected encrypted
	sensitive string str text bytes int char varchar boolean object any type value field input prompt
	required optional invalid valid incorrect correct wrong bad missing expired rotated reset changed updated unknown
	unchanged disabled enabled failed failure success error rejected accepted denied refused revoked leaked exposed lost found
	auth authentication authorization base64 base32 sha1 sha256 sha512 md5 bcrypt argon2 argon2id scrypt pbkdf2 oauth2 oidc utf8
	range compat files systemd see same here above below pending done fixed unclear foo bar baz foobar`)

// proseWords do not stand in a password, and do in a message about one.
var proseWords = wordSet(`is was are be been has have had must should can cannot can't will not no the a an and or of to for in on
	with by from at it too your you invalid required incorrect does do did failed expired changed see please`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(words) {
		set[word] = true
	}
	return set
}

// isProse says that a quoted value is a sentence.
func isProse(value string) bool {
	words := strings.Fields(strings.ToLower(value))
	if len(words) < 2 {
		return false
	}
	for _, word := range words {
		if proseWords[strings.Trim(word, ".,;:!?")] {
			return true
		}
	}
	return false
}
