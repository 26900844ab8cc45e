package store

import (
	"fmt"
	"slices"
	"strings"

	"git-incident/journal"
	"git-incident/journal/git"
)

// folder is an incident as a tree has it.
type folder struct {
	tree  Hash
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
	tree, entries, err := descend(objs, root, journal.Path(id))
	if err != nil {
		return folder{}, fmt.Errorf("read %s: %w", id, err)
	}
	f := folder{tree: tree, files: map[string]Hash{}}
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
		return f, nil
	}
	if f.raw, f.err = objs.Blob(f.note, journal.MaxNote); f.err == nil {
		f.inc, f.err = journal.Parse(f.raw)
	}
	if f.inc != nil {
		f.inc.ID, f.inc.Attachments = id, files
	}
	return f, nil
}

// descend gives a folder below root and its entries, none when it is not there.
func descend(objs *git.Objects, root Hash, path string) (Hash, []git.TreeEntry, error) {
	if root.IsZero() || path == "" {
		return Hash{}, nil, nil
	}
	at := root
	for name := range strings.SplitSeq(path, "/") {
		entries, err := objs.Tree(at)
		i := slices.IndexFunc(entries, func(e git.TreeEntry) bool { return e.Name == name && e.Mode == git.Dir })
		if err != nil || i < 0 {
			return Hash{}, nil, err
		}
		at = entries[i].Hash
	}
	entries, err := objs.Tree(at)
	return at, entries, err
}
