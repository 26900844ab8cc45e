package store

import (
	"path"
	"slices"

	"git-incident/journal"
	"git-incident/journal/git"
)

// tree gives a folder as the cut leaves it, zero when nothing is left of it.
func (r *rewriting) tree(h Hash, dir string) (Hash, error) {
	dir = standing(dir)
	at := treeAt{h, dir}
	if now, ok := r.trees[at]; ok {
		return now, nil
	}
	was, err := r.objs.Tree(h)
	if err != nil {
		return Hash{}, err
	}
	var entries []git.TreeEntry
	for _, e := range was {
		if e, err = r.entry(dir, e); err != nil {
			return Hash{}, err
		}
		if !e.Hash.IsZero() {
			entries = append(entries, e)
		}
	}
	now := h
	switch {
	case slices.Equal(entries, was):
	case len(entries) == 0 && dir != "":
		now = Hash{}
	default:
		now, err = r.objs.AddTree(unlike(entries))
	}
	r.trees[at] = now
	return now, err
}

func (r *rewriting) entry(dir string, e git.TreeEntry) (git.TreeEntry, error) {
	switch e.Mode {
	case git.Submodule:
		return e, nil
	case git.Dir:
		name := r.cut.folder(dir, e.Name)
		if name == "" {
			return git.TreeEntry{}, nil
		}
		below, err := r.tree(e.Hash, path.Join(dir, e.Name))
		return git.TreeEntry{Name: name, Mode: e.Mode, Hash: below}, err
	}
	return r.cut.file(dir, e)
}

// unlike gives entries whose names have become the same names of their own.
func unlike(entries []git.TreeEntry) []git.TreeEntry {
	taken := map[string]bool{}
	for i, e := range entries {
		if taken[e.Name] {
			entries[i].Name = journal.OtherName(journal.Attachment{Name: e.Name, Hash: e.Hash.String()})
		}
		taken[entries[i].Name] = true
	}
	return entries
}

// changedFile is a file that a cut changes: where it stood and what it was, and
// both afterwards. A folder that only gets another name, or is none of the layout,
// is told as a whole.
type changedFile struct {
	was, now string // paths
	old, new Hash   // new is zero when the file is gone
}

// changes tells about the files of a tree that the cut changes.
func (r *rewriting) changes(h Hash, was, now string, tell func(changedFile)) error {
	if after, err := r.tree(h, was); err != nil || after == h {
		return err
	}
	entries, err := r.objs.Tree(h)
	if err != nil {
		return err
	}
	for _, e := range entries {
		next, err := r.entry(was, e)
		if err != nil {
			return err
		}
		from, to := path.Join(was, e.Name), path.Join(now, next.Name)
		switch {
		case next == e:
		case e.Mode == git.Dir && (next.Hash == e.Hash || !inLayout(from)):
			tell(changedFile{was: path.Join(from, noteName), now: path.Join(to, noteName)})
		case e.Mode == git.Dir:
			err = r.changes(e.Hash, from, to, tell)
		default:
			tell(changedFile{was: from, now: to, old: e.Hash, new: next.Hash})
		}
		if err != nil {
			return err
		}
	}
	return nil
}
