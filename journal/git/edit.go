package git

import (
	"fmt"
	"slices"
	"strings"
)

// TreeEdit sets one path of a tree, or removes it when Hash is zero.
type TreeEdit struct {
	Path string // slash-separated
	Mode Mode   // Regular when zero
	Hash Hash
}

// EditTree gives root with the edits made; a zero root is the empty tree. Every
// other entry is kept as it is, whatever its name. Folders come and go with
// their files. Removing what is not there changes nothing.
func (o *Objects) EditTree(root Hash, edits []TreeEdit) (Hash, error) {
	for _, e := range edits {
		if err := checkPath(e.Path); err != nil {
			return Hash{}, err
		}
	}
	var entries []TreeEntry
	if !root.IsZero() {
		var err error
		if entries, err = o.Tree(root); err != nil {
			return Hash{}, err
		}
	}
	entries, err := o.editEntries(entries, edits)
	if err != nil {
		return Hash{}, err
	}
	return o.AddTree(entries)
}

// checkPath refuses names that git, or a file system some reader has, would not
// take as a plain file.
func checkPath(path string) error {
	for name := range strings.SplitSeq(path, "/") {
		lower := strings.ToLower(strings.TrimRight(name, ". "))
		if lower == "" || lower == ".git" || lower == "git~1" || strings.ContainsAny(name, "\x00\\:") {
			return fmt.Errorf("path %q: %q cannot be a name in a tree", path, name)
		}
	}
	return nil
}

func (o *Objects) editEntries(entries []TreeEntry, edits []TreeEdit) ([]TreeEntry, error) {
	below := map[string][]TreeEdit{}
	var folders []string
	for _, e := range edits {
		name, rest, nested := strings.Cut(e.Path, "/")
		if !nested {
			entries = setEntry(entries, e)
			continue
		}
		if below[name] == nil {
			folders = append(folders, name)
		}
		below[name] = append(below[name], TreeEdit{Path: rest, Mode: e.Mode, Hash: e.Hash})
	}
	for _, name := range folders {
		var err error
		if entries, err = o.editFolder(entries, name, below[name]); err != nil {
			return nil, err
		}
	}
	return entries, nil
}

func (o *Objects) editFolder(entries []TreeEntry, name string, edits []TreeEdit) ([]TreeEntry, error) {
	inside, err := o.inFolder(entries, name)
	if err == nil {
		inside, err = o.editEntries(inside, edits)
	}
	if err != nil {
		return nil, err
	}
	edit := TreeEdit{Path: name, Mode: Dir}
	if len(inside) > 0 {
		if edit.Hash, err = o.AddTree(inside); err != nil {
			return nil, err
		}
	}
	return setEntry(entries, edit), nil
}

// inFolder gives what is in a folder. A hostile tree may have several of one name,
// or a file beside it: then what is in any of them is in the folder.
func (o *Objects) inFolder(entries []TreeEntry, name string) ([]TreeEntry, error) {
	var inside []TreeEntry
	isFile := false
	seen := map[Hash]bool{}
	for _, e := range entries {
		isFile = isFile || e.Name == name && e.Mode != Dir
		if e.Name != name || e.Mode != Dir || seen[e.Hash] {
			continue
		}
		seen[e.Hash] = true
		list, err := o.Tree(e.Hash)
		if err != nil {
			return nil, err
		}
		inside = append(inside, list...)
	}
	if isFile && inside == nil {
		return nil, fmt.Errorf("%q is a file in the tree and cannot be a folder", name)
	}
	return inside, nil
}

// setEntry puts one entry in the place of all that have its name. A folder leaves
// a file of the same name where it is: it is not what was edited.
func setEntry(entries []TreeEntry, e TreeEdit) []TreeEntry {
	kept := slices.DeleteFunc(entries, func(old TreeEntry) bool {
		return old.Name == e.Path && (e.Mode != Dir || old.Mode == Dir)
	})
	if e.Hash.IsZero() {
		return kept
	}
	if e.Mode == 0 {
		e.Mode = Regular
	}
	return append(kept, TreeEntry{Name: e.Path, Mode: e.Mode, Hash: e.Hash})
}
