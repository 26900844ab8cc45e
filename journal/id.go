package journal

import (
	"crypto/sha256"
	"fmt"
	"path"
	"regexp"
	"strings"
	"time"
	"unicode"
)

// alphabet is Crockford's base 32 in lower case: no i, l, o or u, so that an id
// read aloud on a call arrives as it was meant.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// Lengths of the random parts of ids, in characters of five bits each.
const (
	IncidentTokenLen = 4
	EntryIDLen       = 6
	ChangeIDLen      = 16
)

// Token turns random bytes into as many characters of base 32.
func Token(random []byte) string {
	out := make([]byte, len(random))
	for i, b := range random {
		out[i] = alphabet[b%32]
	}
	return string(out)
}

// derivedID is the id of an item typed by hand: a hash of what it says.
func derivedID(kind byte, parts ...string) string {
	sum := sha256.Sum256([]byte(string(kind) + "\x00" + strings.Join(parts, "\x00")))
	return Token(sum[:EntryIDLen])
}

// maxSlug keeps a folder's name short enough for every file system, with room
// for the path around it.
const maxSlug = 40

// NewID returns the id of an incident written down on day with this title.
// token is [IncidentTokenLen] characters of [Token].
func NewID(day time.Time, title, token string) string {
	return fmt.Sprintf("%s-%s-%s", day.Format(time.DateOnly), slug(title), token)
}

// slug keeps the letters and digits of ASCII, whole words as far as they fit.
func slug(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	out := ""
	for _, w := range words {
		if len(out)+1+len(w) > maxSlug {
			break
		}
		out = strings.TrimPrefix(out+"-"+w, "-")
	}
	if out == "" && len(words) > 0 {
		out = words[0][:maxSlug]
	}
	if out == "" {
		return "incident"
	}
	return out
}

var idPattern = regexp.MustCompile(`^(\d{4})-(\d{2})-\d{2}-[a-z0-9][a-z0-9-]*-[0-9a-hjkmnp-tv-z]{4,8}$`)

// maxID is longer than any id that [NewID] makes, in bytes, and shorter than what
// file systems take as a name.
const maxID = 120

// ValidID reports whether id can be the name of an incident's folder.
func ValidID(id string) bool { return len(id) <= maxID && idPattern.MatchString(id) }

// Path is the folder of an incident in the tree, with slashes: 2026/11/<id>.
// The id must be valid.
func Path(id string) string {
	m := idPattern.FindStringSubmatch(id)
	if m == nil || len(id) > maxID {
		return ""
	}
	return path.Join(m[1], m[2], id)
}

// ShortID is the piece of an id that people type: its last four characters.
func ShortID(id string) string {
	return id[strings.LastIndexByte(id, '-')+1:]
}
