package store

import (
	"bytes"
	"path"
	"regexp"
	"strings"
	"unicode/utf16"

	"git-incident/journal"
	"git-incident/journal/git"
)

// What stands where something was purged. Brackets mean something in names and in
// some values of the front matter, so there it is the bare word.
const (
	purgedMark = "[" + purgedWord + "]"
	purgedWord = "purged"
)

// textCut takes every occurrence of a text out.
type textCut struct {
	objs  *git.Objects
	text  string
	find  *regexp.Regexp
	slug  string // the text as the id of an incident would have it, "" when it has none
	files map[blobAt]Hash

	unread []Warning // files too large to be looked into
	broken []Warning // notes that cannot be read any more
}

type blobAt struct {
	hash   Hash
	isNote bool
}

// maxPurged is how large a file may be to be looked into, in bytes. No command of
// ours writes one that is larger than a tenth of it.
const maxPurged = 10 * journal.MaxAttachment

func newTextCut(objs *git.Objects, text string) *textCut {
	return &textCut{objs: objs, text: text, find: spaced(text), slug: slugOf(text), files: map[blobAt]Hash{}}
}

// spaced finds a text also where its lines are indented or have become one.
func spaced(text string) *regexp.Regexp {
	var parts []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			parts = append(parts, regexp.QuoteMeta(line))
		}
	}
	return regexp.MustCompile(strings.Join(parts, `\s+`))
}

var notInSlugs = regexp.MustCompile(`[^a-z0-9]+`)

// minSlug is how long a text has to be to be looked for in ids: anything shorter
// is part of other words.
const minSlug = 4

func slugOf(text string) string {
	s := strings.Trim(notInSlugs.ReplaceAllString(strings.ToLower(text), "-"), "-")
	if len(s) < minSlug {
		return ""
	}
	return s
}

func (t *textCut) folder(dir, name string) string { return t.name(dir, name) }

// name is what a file or folder is called without the text.
func (t *textCut) name(dir, name string) string {
	if journal.ValidID(name) && journal.Path(name) == path.Join(dir, name) {
		return t.id(name)
	}
	if name == noteName || name == transitionsName || layoutFolder.MatchString(name) {
		return name
	}
	return t.bare(name)
}

// layoutFolder is a year or a month.
var layoutFolder = regexp.MustCompile(`^(\d{2}|\d{4})$`)

// longestSlug is where ids cut a title.
const longestSlug = 40

// id is the id of an incident whose first title had the text. The day and the
// characters at the end, by which people know it, stay.
func (t *textCut) id(id string) string {
	const day = len("2026-11-20-")
	short := "-" + journal.ShortID(id)
	if t.slug == "" || len(id) <= day+len(short) {
		return id
	}
	slug := id[day : len(id)-len(short)]
	now := strings.ReplaceAll(slug, t.slug, purgedWord)
	for n := len(t.slug) - 1; n >= minSlug && now == slug; n-- {
		if strings.HasSuffix(slug, t.slug[:n]) && len(slug)-n+len(t.slug) > longestSlug {
			now = slug[:len(slug)-n] + purgedWord
		}
	}
	return id[:day] + now + short
}

func (t *textCut) file(dir string, e git.TreeEntry) (git.TreeEntry, error) {
	if dir == "" && e.Name == transitionsName {
		return e, nil
	}
	isNote := e.Name == noteName && journal.ValidID(path.Base(dir))
	at := blobAt{e.Hash, isNote}
	now, ok := t.files[at]
	if !ok {
		var err error
		if now, err = t.blob(dir, e, isNote); err != nil {
			return e, err
		}
		t.files[at] = now
	}
	e.Hash, e.Name = now, t.name(dir, e.Name)
	return e, nil
}

func (t *textCut) blob(dir string, e git.TreeEntry, isNote bool) (Hash, error) {
	was, err := t.objs.Blob(e.Hash, maxPurged)
	if isTooLarge(err) {
		t.unread = append(t.unread, Warning{Path: path.Join(dir, e.Name), Reason: "it is too large to be looked into"})
		return e.Hash, nil
	}
	if err != nil {
		return e.Hash, err
	}
	now := t.content(was)
	if isNote {
		var fits bool
		if now, fits = t.note(was); !fits {
			t.broken = append(t.broken, Warning{Path: path.Join(dir, noteName), Reason: "it cannot be read as a note any more"})
		}
	}
	if bytes.Equal(now, was) {
		return e.Hash, nil
	}
	return t.objs.AddBlob(now)
}

var (
	idLike      = regexp.MustCompile(`\d{4}-\d{2}-\d{2}-[a-z0-9][a-z0-9-]*-[0-9a-hjkmnp-tv-z]{4,8}`)
	destination = regexp.MustCompile(`\]\([^()\s]*\)`)
)

// clean is a text without the purged one. Ids and the names of attachments become
// what they are called now.
func (t *textCut) clean(s string) string {
	if t.find.MatchString(s) {
		s = destination.ReplaceAllStringFunc(s, t.bare)
		s = t.replace(s, purgedMark)
	}
	if t.slug != "" && strings.Contains(s, t.slug[:minSlug]) {
		s = idLike.ReplaceAllStringFunc(s, t.id)
	}
	return s
}

func (t *textCut) bare(s string) string { return t.replace(s, purgedWord) }

// replace leaves the ids of incidents alone: they are names, and change as a whole.
func (t *textCut) replace(s, by string) string {
	ids := idLike.FindAllStringIndex(s, -1)
	var b strings.Builder
	done := 0
	for _, m := range t.find.FindAllStringIndex(s, -1) {
		for len(ids) > 0 && ids[0][1] <= m[0] {
			ids = ids[1:]
		}
		if len(ids) > 0 && ids[0][0] <= m[0] && m[1] <= ids[0][1] {
			continue
		}
		b.WriteString(s[done:m[0]] + by)
		done = m[1]
	}
	return b.String() + s[done:]
}

// content is the content of any file, in UTF-8 or UTF-16, without the text.
func (t *textCut) content(b []byte) []byte {
	b = []byte(t.clean(string(b)))
	for _, bigEndian := range []bool{false, true} {
		b = bytes.ReplaceAll(b, wide(t.text, bigEndian), wide(purgedMark, bigEndian))
	}
	return b
}

// wide is a text in UTF-16.
func wide(s string, bigEndian bool) []byte {
	var b []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		if bigEndian {
			b = append(b, byte(unit>>8), byte(unit))
		} else {
			b = append(b, byte(unit), byte(unit>>8))
		}
	}
	return b
}
