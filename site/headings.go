package site

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
)

// headingIDs gives the headings of one page their ids. None can be taken for the
// permalink of an item.
type headingIDs struct {
	seen map[string]bool
	last map[string]int // the last number given to a heading of these words
}

func newHeadingIDs() *headingIDs {
	return &headingIDs{seen: map[string]bool{}, last: map[string]int{}}
}

var _ parser.IDs = (*headingIDs)(nil)

// Generate implements [parser.IDs] for headings in prose.
func (h *headingIDs) Generate(value []byte, _ ast.NodeKind) []byte {
	return []byte(h.id("h-", string(value)))
}

// Put implements [parser.IDs].
func (h *headingIDs) Put(value []byte) { h.seen[string(value)] = true }

// id makes an id of a heading's words.
func (h *headingIDs) id(prefix, heading string) string {
	words := strings.FieldsFunc(strings.ToLower(heading), func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	base := prefix + strings.Join(words[:min(len(words), maxIDWords)], "-")
	id := base
	for h.seen[id] {
		h.last[base]++
		id = base + "-" + strconv.Itoa(h.last[base]+1)
	}
	h.seen[id] = true
	return id
}

// maxIDWords keeps permalinks of headings short.
const maxIDWords = 8
