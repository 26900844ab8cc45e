package store

import (
	"context"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"unicode/utf8"

	"git-incident/journal"
	"git-incident/journal/git"
)

// union merges commits of the journal: notes by the rules of [journal.Merge],
// everything else three-way by path. Which side is which makes no difference, so
// that every clone comes to the same bytes.
type union struct {
	j        *Journal
	objs     *git.Objects
	conflict func(id string) // is told of prose that both sides wrote; may be nil
	seen     Hash            // what both come from where a shallow clone cannot tell; zero for nothing
}

// maxBases is how deep the bases of bases are looked for. Merges that cross that
// often are rare; past it one of the bases stands for all.
const maxBases = 6

// commits merges the trees of two commits.
func (u union) commits(ctx context.Context, a, b Hash) (tree Hash, err error) {
	base, err := u.base(ctx, a, b, maxBases)
	if err != nil {
		return Hash{}, err
	}
	x, y, err := u.treesOf(a, b)
	if err != nil {
		return Hash{}, err
	}
	return u.trees(base, x, y, "")
}

func (u union) treesOf(a, b Hash) (x, y Hash, err error) {
	first, err := u.objs.Commit(a)
	if err != nil {
		return Hash{}, Hash{}, err
	}
	second, err := u.objs.Commit(b)
	return first.Tree, second.Tree, err
}

// base is the tree that two commits come from, zero when they have nothing in
// common. Several common ancestors are merged first, as git does it.
func (u union) base(ctx context.Context, a, b Hash, depth int) (Hash, error) {
	bases, err := u.j.repo.MergeBases(ctx, a, b)
	if err == nil && len(bases) == 0 && !u.seen.IsZero() {
		bases = []Hash{u.seen}
	}
	if err != nil || len(bases) == 0 {
		return Hash{}, err
	}
	first, err := u.objs.Commit(bases[0])
	if err != nil || depth == 0 {
		return first.Tree, err
	}
	tree := first.Tree
	for _, next := range bases[1:] {
		below, err := u.base(ctx, bases[0], next, depth-1)
		if err != nil {
			return Hash{}, err
		}
		commit, err := u.objs.Commit(next)
		if err != nil {
			return Hash{}, err
		}
		if tree, err = u.trees(below, tree, commit.Tree, ""); err != nil {
			return Hash{}, err
		}
	}
	return tree, nil
}

// entryKey names an entry of a tree. A hostile tree may have several of one name.
type entryKey struct {
	name string
	dir  bool
	nth  int
}

// trees merges two folders. A zero hash is no folder.
func (u union) trees(was, a, b Hash, dir string) (Hash, error) {
	switch {
	case a == b || b == was:
		return a, nil
	case a == was:
		return b, nil
	}
	base, x, y, err := u.entries(was, a, b)
	if err != nil {
		return Hash{}, fmt.Errorf("merge %q: %w", dir, err)
	}
	if id := path.Base(dir); journal.ValidID(id) && journal.Path(id) == dir {
		return u.incident(base, x, y, id)
	}
	merged, err := u.each(base, x, y, dir)
	if err != nil || len(merged) == 0 {
		return Hash{}, err
	}
	return u.objs.AddTree(merged)
}

type entries map[entryKey]git.TreeEntry

func (u union) entries(was, a, b Hash) (base, x, y entries, err error) {
	var all [3]entries
	for i, tree := range []Hash{was, a, b} {
		all[i] = entries{}
		if tree.IsZero() {
			continue
		}
		list, err := readTree(u.objs, tree)
		if err != nil {
			return nil, nil, nil, err
		}
		for _, e := range list {
			if e.Mode == 0 {
				continue // git itself cannot read it, and no tree we write may have it
			}
			key := entryKey{name: e.Name, dir: e.Mode == git.Dir}
			for _, taken := all[i][key]; taken; _, taken = all[i][key] {
				key.nth++
			}
			all[i][key] = e
		}
	}
	return all[0], all[1], all[2], nil
}

// each merges the entries of a folder one by one.
func (u union) each(was, x, y entries, dir string) ([]git.TreeEntry, error) {
	keys := maps.Clone(x)
	maps.Copy(keys, y)
	var out []git.TreeEntry
	for _, key := range slices.SortedFunc(maps.Keys(keys), compareKeys) {
		merged, err := u.entry(was[key], x[key], y[key], path.Join(dir, key.name))
		if err != nil {
			return nil, err
		}
		out = append(out, merged...)
	}
	return apart(out), nil
}

func compareKeys(a, b entryKey) int {
	switch {
	case a.name != b.name && a.name < b.name:
		return -1
	case a.name != b.name:
		return 1
	case a.dir != b.dir && b.dir:
		return -1
	case a.dir != b.dir:
		return 1
	}
	return a.nth - b.nth
}

// entry merges one entry; one that is absent has a zero hash. Of two versions of a
// file one keeps the name and the other stands beside it.
func (u union) entry(was, x, y git.TreeEntry, name string) ([]git.TreeEntry, error) {
	switch {
	case x == y || y == was:
		return present(x), nil
	case x == was:
		return present(y), nil
	case (x.Mode == git.Dir || y.Mode == git.Dir) && inLayout(name):
		tree, err := u.trees(was.Hash, x.Hash, y.Hash, name)
		if err != nil || tree.IsZero() {
			return nil, err
		}
		return []git.TreeEntry{{Name: path.Base(name), Mode: git.Dir, Hash: tree}}, nil
	case x.Hash.IsZero():
		return present(y), nil
	case y.Hash.IsZero():
		return present(x), nil
	}
	if merged, ok, err := u.text(was, x, y); ok || err != nil {
		return []git.TreeEntry{merged}, err
	}
	if x.Hash.String() < y.Hash.String() {
		x, y = y, x
	}
	y.Name = journal.OtherName(journal.Attachment{Name: y.Name, Hash: y.Hash.String()})
	return []git.TreeEntry{x, y}, nil
}

var yearOrMonth = regexp.MustCompile(`^\d{4}(/\d{2})?$`)

// inLayout reports whether a folder holds incidents, or is one. Others are kept or
// replaced as a whole: a kilobyte of trees can unfold to ten billion paths.
func inLayout(dir string) bool {
	id := path.Base(dir)
	return yearOrMonth.MatchString(dir) || journal.ValidID(id) && journal.Path(id) == dir
}

func present(e git.TreeEntry) []git.TreeEntry {
	if e.Hash.IsZero() {
		return nil
	}
	return []git.TreeEntry{e}
}

// text merges two versions of a text that is no note, like the branch's README.
func (u union) text(was, x, y git.TreeEntry) (git.TreeEntry, bool, error) {
	if path.Ext(x.Name) != ".md" && x.Name != transitionsName || x.Mode != git.Regular || y.Mode != git.Regular {
		return git.TreeEntry{}, false, nil
	}
	var texts [3]string
	for i, e := range []git.TreeEntry{was, x, y} {
		if e.Hash.IsZero() {
			continue
		}
		content, err := u.objs.Blob(e.Hash, journal.MaxNote)
		if err != nil || !utf8.Valid(content) {
			return git.TreeEntry{}, false, nil // it is kept as a whole
		}
		texts[i] = string(content)
	}
	merged := journal.MergeText(texts[0], texts[1], texts[2])
	if x.Name == transitionsName {
		merged = mergeTransitions(texts[1], texts[2])
	}
	blob, err := u.objs.AddBlob([]byte(merged))
	return git.TreeEntry{Name: x.Name, Mode: git.Regular, Hash: blob}, true, err
}

// apart gives a file another name where a folder has the same: no tree may hold
// both. What stands there twice is kept once.
func apart(list []git.TreeEntry) []git.TreeEntry {
	var out []git.TreeEntry
	for _, e := range list {
		folder := func(o git.TreeEntry) bool { return o.Name == e.Name && o.Mode == git.Dir }
		if e.Mode != git.Dir && slices.ContainsFunc(list, folder) {
			e.Name = journal.OtherName(journal.Attachment{Name: e.Name, Hash: e.Hash.String()})
		}
		if !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	return out
}
