package git

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
)

// ErrDamaged says that a tree has entries that git cannot read. Those that can be
// read come with it: they are good for reading, and for nothing that writes the
// tree anew.
var ErrDamaged = errors.New("the tree is damaged")

// parseTree reads the entries of a tree in its own order. What git would stop at,
// like an entry without a name, is an entry like others.
func parseTree(h Hash, content []byte) ([]TreeEntry, error) {
	var entries []TreeEntry
	damaged := false
	for len(content) > 0 {
		octal, rest, hasMode := bytes.Cut(content, []byte(" "))
		name, rest, hasName := bytes.Cut(rest, []byte{0})
		if !hasMode || !hasName || len(rest) < len(plumbing.ZeroHash) {
			damaged = true
			break
		}
		mode, err := filemode.New(string(octal))
		damaged = damaged || err != nil
		e := TreeEntry{Name: string(name), Mode: mode}
		content = rest[copy(e.Hash[:], rest):]
		entries = append(entries, e)
	}
	if damaged {
		return entries, fmt.Errorf("tree %s: %w", h, ErrDamaged)
	}
	return entries, nil
}
