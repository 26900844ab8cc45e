package journal

import "strings"

// vendorToken is a token that says what it is. Prefixes and lengths are from the
// vendors' own pages on secret scanning and token formats.
type vendorToken struct {
	kind   string
	prefix string
	min    int             // bytes after the prefix; fewer is talk about tokens
	is     func(byte) bool // the alphabet after the prefix
	form   tokenForm
}

type tokenForm uint8

const (
	oneRun   tokenForm = iota
	exactRun           // exactly min bytes: short prefixes need it
	dotted             // may go on after dots
	twoParts           // must go on after a dot
	address            // the prefix is a web address and stays readable
)

var vendorTokens = []vendorToken{
	{"aws access key id", "AKIA", 16, isUpperAlnum, exactRun},
	{"aws access key id", "ASIA", 16, isUpperAlnum, exactRun},
	{"github token", "ghp_", 30, isWord, oneRun},
	{"github token", "gho_", 30, isWord, oneRun},
	{"github token", "ghu_", 30, isWord, oneRun},
	{"github token", "ghs_", 30, isWord, dotted},
	{"github token", "ghr_", 30, isWord, oneRun},
	{"github token", "github_pat_", 30, isWord, oneRun},
	{"gitlab token", "glpat-", 20, isTokenByte, dotted},
	{"gitlab token", "gldt-", 20, isTokenByte, oneRun},
	{"gitlab token", "glrt-", 20, isTokenByte, oneRun},
	{"gitlab token", "glcbt-", 20, isTokenByte, oneRun},
	{"gitlab token", "glptt-", 20, isTokenByte, oneRun},
	{"slack token", "xoxa-", 10, isTokenByte, oneRun},
	{"slack token", "xoxb-", 10, isTokenByte, oneRun},
	{"slack token", "xoxe-", 10, isTokenByte, oneRun},
	{"slack token", "xoxe.xox", 10, isTokenByte, dotted},
	{"slack token", "xoxp-", 10, isTokenByte, oneRun},
	{"slack token", "xoxr-", 10, isTokenByte, oneRun},
	{"slack token", "xoxs-", 10, isTokenByte, oneRun},
	{"slack token", "xapp-", 20, isTokenByte, oneRun},
	{"slack webhook", "hooks.slack.com/services/", 20, isPath, address},
	{"slack webhook", "hooks.slack.com/workflows/", 20, isPath, address},
	{"discord webhook", "discord.com/api/webhooks/", 40, isPath, address},
	{"discord webhook", "discordapp.com/api/webhooks/", 40, isPath, address},
	{"google api key", "AIza", 35, isTokenByte, oneRun},
	{"google client secret", "GOCSPX-", 20, isTokenByte, oneRun},
	{"google access token", "ya29.", 20, isTokenByte, dotted},
	{"stripe key", "sk_live_", 16, isAlnum, oneRun},
	{"stripe key", "rk_live_", 16, isAlnum, oneRun},
	{"stripe key", "sk_test_", 16, isAlnum, oneRun},
	{"stripe webhook secret", "whsec_", 24, isBase64, oneRun},
	{"npm token", "npm_", 36, isAlnum, oneRun},
	{"pypi token", "pypi-", 50, isTokenByte, oneRun},
	{"rubygems key", "rubygems_", 40, isHex, oneRun},
	{"docker token", "dckr_pat_", 20, isTokenByte, oneRun},
	{"docker token", "dckr_oat_", 20, isTokenByte, oneRun},
	{"anthropic key", "sk-ant-", 20, isTokenByte, oneRun},
	{"api key", "sk-", 20, isTokenByte, oneRun},
	{"hugging face token", "hf_", 30, isAlnum, oneRun},
	{"sendgrid key", "SG.", 20, isTokenByte, twoParts},
	{"twilio key", "SK", 32, isHex, exactRun},
	{"digitalocean token", "dop_v1_", 60, isHex, oneRun},
	{"digitalocean token", "doo_v1_", 60, isHex, oneRun},
	{"vault token", "hvs.", 20, isTokenByte, dotted},
	{"vault token", "hvb.", 20, isTokenByte, dotted},
	{"databricks token", "dapi", 32, isHex, exactRun},
	{"grafana token", "glsa_", 30, isWord, oneRun},
	{"new relic key", "NRAK-", 20, isUpperAlnum, oneRun},
	{"shopify token", "shpat_", 32, isHex, oneRun},
	{"shopify token", "shpss_", 32, isHex, oneRun},
	{"tailscale key", "tskey-", 20, isTokenByte, oneRun},
	{"atlassian token", "ATATT3", 50, isTokenByte, oneRun},
	{"age key", "AGE-SECRET-KEY-1", 40, isUpperAlnum, oneRun},
	{"jwt", "eyJ", 8, isTokenByte, twoParts},
}

// vendorsByFirst holds, for each first byte, where its vendors stand in vendorTokens.
var vendorsByFirst = func() (table [256][]uint8) {
	for n, t := range vendorTokens {
		table[t.prefix[0]] = append(table[t.prefix[0]], uint8(n))
	}
	return table
}()

// vendorTokenAt finds a token that starts at i, which is a boundary.
func vendorTokenAt(text string, i int) (Secret, bool) {
	for _, n := range vendorsByFirst[text[i]] {
		t := &vendorTokens[n]
		if !strings.HasPrefix(text[i:], t.prefix) {
			continue
		}
		start := i + len(t.prefix)
		end := start + runLength(text[start:], t.is)
		value := text[start:end]
		if len(value) < t.min || isSample(value) || t.prefix == "sk-" && (!isGenerated(value) || longestRun(value, isWord) < 16) {
			continue // sk-spinner-double-bounce is a class of a style sheet, sk-ssh-ed25519 a kind of key
		}
		switch t.form {
		case exactRun:
			if len(value) != t.min || end < len(text) && isTokenByte(text[end]) {
				continue
			}
		case dotted, twoParts:
			one := end
			end = dottedEnd(text, end)
			if t.form == twoParts && end == one {
				continue
			}
		case address:
			return Secret{t.kind, start, end}, true
		}
		return Secret{t.kind, i, end}, true
	}
	return Secret{}, false
}

// dottedEnd goes on over ".part" as long as there is one; a full stop is none.
func dottedEnd(text string, end int) int {
	for end+1 < len(text) && text[end] == '.' && isTokenByte(text[end+1]) {
		end += 1 + runLength(text[end+1:], isTokenByte)
	}
	return end
}

func runLength(s string, is func(byte) bool) int {
	n := 0
	for n < len(s) && is(s[n]) {
		n++
	}
	return n
}

func isWord(c byte) bool { return isAlnum(c) || c == '_' }

func isPath(c byte) bool { return isTokenByte(c) || c == '/' }

func isBase64(c byte) bool { return isAlnum(c) || c == '+' || c == '/' || c == '=' }

func isUpperAlnum(c byte) bool { return isDigit(c) || 'A' <= c && c <= 'Z' }
