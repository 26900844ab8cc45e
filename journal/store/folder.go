package store

import (
	"errors"
	"fmt"
	"strings"

	"git-incident/journal"
	"git-incident/journal/git"
)

// folder is an incident as a tree has it.
type folder struct {
	note  Hash              // blob of the note, zero when there is no incident
	raw   []byte            // the note
	inc   *journal.Incident // nil when there is none, or when it cannot be read
	err   error             // why it cannot be read
	files map[string]Hash   // blobs of the attachments, by name
}

func (f folder) exists() bool { return !f.note.IsZero() }

// readFolder reads one incident from the root tree of a commit. The sizes of its
// attachments are not known yet.
func readFolder(objs *git.Objects, root Hash, id string) (folder, error) {
	trees, err := foldersAt(objs, root, journal.Path(id))
	if err != nil {
		return folder{}, fmt.Errorf("read %s: %w", id, err)
	}
	for _, tree := range trees {
		entries, err := readTree(objs, tree)
		if err != nil && len(trees) == 1 {
			return folder{}, fmt.Errorf("read %s: %w", id, err)
		}
		if f := folderOf(objs, entries, id); f.exists() || len(trees) == 1 {
			return f, nil
		}
	}
	return folder{}, nil
}

// folderOf reads an incident from the entries of its folder. What has no business
// there is not in it.
func folderOf(objs *git.Objects, entries []git.TreeEntry, id string) folder {
	f := folder{files: map[string]Hash{}}
	var files []journal.Attachment
	for _, e := range entries {
		at, err := locate(git.File{Path: journal.Path(id) + "/" + e.Name, Mode: e.Mode})
		switch {
		case err != nil || at.id == "":
		case at.name != noteName:
			f.files[e.Name] = e.Hash
			files = append(files, journal.Attachment{Name: e.Name, Hash: e.Hash.String()})
		case !f.exists():
			f.note = e.Hash
		}
	}
	if !f.exists() {
		return f
	}
	if f.raw, f.err = objs.Blob(f.note, journal.MaxNote); f.err == nil {
		f.inc, f.err = journal.Parse(f.raw)
	}
	if f.inc != nil {
		f.inc.ID, f.inc.Attachments = id, files
	}
	return f
}

// descend gives a folder below root and its entries, none when it is not there.
func descend(objs *git.Objects, root Hash, path string) (Hash, []git.TreeEntry, error) {
	trees, err := foldersAt(objs, root, path)
	if err != nil || len(trees) == 0 {
		return Hash{}, nil, err
	}
	entries, err := readTree(objs, trees[0])
	return trees[0], entries, err
}

// foldersAt gives the folders of a name below root. No honest tree has several.
func foldersAt(objs *git.Objects, root Hash, path string) ([]Hash, error) {
	if root.IsZero() || path == "" {
		return nil, nil
	}
	at := []Hash{root}
	for name := range strings.SplitSeq(path, "/") {
		var below []Hash
		seen := map[Hash]bool{}
		for _, tree := range at {
			entries, err := readTree(objs, tree)
			if err != nil && len(at) == 1 {
				return nil, err
			}
			for _, e := range entries {
				if e.Name == name && e.Mode == git.Dir && !seen[e.Hash] {
					seen[e.Hash] = true
					below = append(below, e.Hash)
				}
			}
		}
		at = below
	}
	return at, nil
}

// readTree reads what can be read of a tree.
func readTree(objs *git.Objects, tree Hash) ([]git.TreeEntry, error) {
	entries, err := objs.Tree(tree)
	if errors.Is(err, git.ErrDamaged) {
		err = nil
	}
	return entries, err
}
