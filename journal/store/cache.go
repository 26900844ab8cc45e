package store

import (
	"crypto/rand"
	"fmt"
	"hash/crc32"
	"os"
	"strings"

	"git-incident/journal"
	"git-incident/journal/git"
)

// Names of the caches in the journal's directory.
const (
	indexFile = "index" // every incident
	openFile  = "open"  // those that somebody is still at
)

// cache is summaries of incidents at certain tips.
type cache struct {
	tips     [2]Hash // branch, drafts
	entries  []entry
	warnings []cachedWarning
}

// entry is a summary and the blob it was made from.
type entry struct {
	journal.Summary
	blob Hash
}

type cachedWarning struct {
	Warning
	draft bool
}

const (
	cacheMagic = "git-incident cache 1"
	sumLine    = "sum "
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// readCache gives a cache, or an empty one at no tip when the file is missing,
// damaged, or of another version.
func (j *Journal) readCache(name string) *cache {
	raw, err := os.ReadFile(j.path(name))
	if err != nil {
		return &cache{}
	}
	c, err := decodeCache(string(raw))
	if err != nil {
		return &cache{}
	}
	return c
}

// writeCache replaces a cache. Where that is not possible we do without.
func (j *Journal) writeCache(name string, c *cache) {
	if err := j.makeDir(j.dir); err != nil {
		return
	}
	temp := j.path(tempName + name + "-" + rand.Text())
	file, err := os.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if err != nil {
		return
	}
	_, err = file.WriteString(encodeCache(c))
	if closeErr := file.Close(); err == nil && closeErr == nil {
		j.share(temp)
		err = os.Rename(temp, j.path(name))
	}
	if err != nil {
		_ = os.Remove(temp)
	}
}

// encodeCache writes a line for the tips, one for every incident and warning,
// and a checksum.
func encodeCache(c *cache) string {
	var b strings.Builder
	b.Grow(lineGuess * len(c.entries))
	fmt.Fprintf(&b, "%s\n%s %s\n", cacheMagic, c.tips[0], c.tips[1])
	for _, w := range c.warnings {
		writeFields(&b, "w", flag(w.draft), escape.Replace(w.Path), escape.Replace(w.Reason))
	}
	var fields []string
	for i := range c.entries {
		e := &c.entries[i]
		fields = appendSummary(append(fields[:0], "i", e.blob.String()), &e.Summary)
		writeFields(&b, fields...)
	}
	sum := crc32.Checksum([]byte(b.String()), castagnoli)
	fmt.Fprintf(&b, "%s%08x\n", sumLine, sum)
	return b.String()
}

// lineGuess is about how long the lines of an incident are, in bytes.
const lineGuess = 400

func decodeCache(text string) (*cache, error) {
	at := strings.LastIndex(text, sumLine)
	if at < 0 || text[at:] != fmt.Sprintf("%s%08x\n", sumLine, crc32.Checksum([]byte(text[:at]), castagnoli)) {
		return nil, fmt.Errorf("the checksum does not match")
	}
	magic, text, _ := strings.Cut(text[:at], "\n")
	tips, text, _ := strings.Cut(text, "\n")
	branch, drafts, _ := strings.Cut(tips, " ")
	if magic != cacheMagic || !git.IsHash(branch) || !git.IsHash(drafts) {
		return nil, fmt.Errorf("it was made by another version")
	}
	c := &cache{tips: [2]Hash{git.NewHash(branch), git.NewHash(drafts)}}
	c.entries = make([]entry, 0, strings.Count(text, "\n"))
	r := fieldReader{}
	for len(text) > 0 {
		line, rest, _ := strings.Cut(text, "\n")
		text = rest
		r.start(line)
		switch kind := r.next(); kind {
		case "w":
			c.warnings = append(c.warnings, cachedWarning{draft: r.next() == flag(true), Warning: Warning{Path: r.text(), Reason: r.text()}})
		case "i":
			blob := git.NewHash(r.next())
			c.entries = append(c.entries, entry{blob: blob, Summary: r.summary()})
		}
		if r.err != nil {
			return nil, r.err
		}
	}
	return c, nil
}

func flag(b bool) string {
	if b {
		return "1"
	}
	return ""
}
