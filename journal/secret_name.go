package journal

import "strings"

// credential is what the name of a setting says about its value.
type credential struct {
	suffix string // of the name, in lower case and without _ - and .
	kind   string
	class  keyClass
	short  bool // too short a word to be trusted alone: "3 pass: 12"
}

type keyClass uint8

const (
	passwordKey keyClass = iota // people choose it: any value
	tokenKey                    // machines draw it: only what looks drawn
	signatureKey
	authorizationKey
	cookieKey
)

var credentials = []credential{
	{"password", "password", passwordKey, false},
	{"passwd", "password", passwordKey, false},
	{"passphrase", "password", passwordKey, false},
	{"passcode", "password", passwordKey, false},
	{"passwort", "password", passwordKey, false},
	{"kennwort", "password", passwordKey, false},
	{"pwd", "password", passwordKey, true},
	{"pass", "password", passwordKey, true},
	{"pw", "password", passwordKey, true},
	{"secret", "secret", tokenKey, false},
	{"token", "token", tokenKey, false},
	{"apikey", "api key", tokenKey, false},
	{"accesskey", "access key", tokenKey, false},
	{"secretkey", "secret key", tokenKey, false},
	{"secretkeybase", "secret key", tokenKey, false},
	{"privatekey", "private key", tokenKey, false},
	{"accountkey", "account key", tokenKey, false},
	{"authkey", "key", tokenKey, false},
	{"masterkey", "key", tokenKey, false},
	{"signingkey", "key", tokenKey, false},
	{"encryptionkey", "key", tokenKey, false},
	{"credential", "credential", tokenKey, false},
	{"credentials", "credential", tokenKey, false},
	{"authorization", "authorization", authorizationKey, false},
	{"cookie", "cookie", cookieKey, false},
	{"amzsignature", "signature", signatureKey, false},
	{"googsignature", "signature", signatureKey, false},
	{"signature", "signature", signatureKey, false},
	{"sig", "signature", signatureKey, false},
}

// pageTokens mark a place in a list and open nothing.
var pageTokens = []string{"nexttoken", "pagetoken", "continuetoken", "continuationtoken", "synctoken", "cancellationtoken"}

// credentialName looks a name up by how it ends, so that DB_PASSWORD, db.password,
// dbPassword2 and spring.datasource.password are one thing.
func credentialName(name string) (credential, bool) {
	name = strings.TrimRight(name, "0123456789._-")
	if len(name) < 2 {
		return credential{}, false
	}
	var buffer [64]byte
	plain := buffer[:0]
	for i := range min(len(name), len(buffer)) {
		if c := name[i]; isAlnum(c) {
			if 'A' <= c && c <= 'Z' {
				c |= 0x20
			}
			plain = append(plain, c)
		}
	}
	if name == "PWD" || name == "OLDPWD" {
		return credential{}, false // the shell's directory
	}
	for _, c := range credentials {
		if len(plain) < len(c.suffix) || string(plain[len(plain)-len(c.suffix):]) != c.suffix {
			continue
		}
		if c.short && !isOwnWord(name, len(c.suffix)) || c.suffix == "sig" && len(plain) != len("sig") {
			continue
		}
		if c.suffix == "token" {
			for _, page := range pageTokens {
				if strings.HasSuffix(string(plain), page) {
					return credential{}, false
				}
			}
		}
		return c, true
	}
	return credential{}, false
}

// isOwnWord says that the last n bytes of a name are a word of their own: DB_PASS and
// dbPass, or dbpass with a known first half, but not compass.
func isOwnWord(name string, n int) bool {
	head := name[:len(name)-n]
	if head == "" {
		return true
	}
	before, first := head[len(head)-1], name[len(head)]
	camel := n > 2 && 'a' <= before && before <= 'z' && 'A' <= first && first <= 'Z' // Pw= ends many a base64 text
	if !isLetter(before) || camel {
		return true
	}
	switch strings.ToLower(head) {
	case "db", "user", "root", "admin", "mysql", "pg", "smtp", "mail", "ftp", "ldap", "redis", "bind":
		return true
	}
	return false
}

// isUpperName says that a key is written as environment variables are.
func isUpperName(key string) bool {
	key = strings.TrimRight(key, " \t")
	return key != "" && runLength(key, func(c byte) bool { return isUpperAlnum(c) || c == '_' }) == len(key)
}
