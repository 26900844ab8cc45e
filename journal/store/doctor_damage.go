package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"git-incident/journal"
	"git-incident/journal/git"
)

// damaged is an object below a tip that cannot be read.
type damaged struct {
	what string // "the commit", "the note of 2026-11-20-x-k7f3"
	hash Hash
	err  error
	file bool // a file, not a folder or the commit
}

func (d damaged) String() string { return fmt.Sprintf("%s (%s)", d.what, d.hash) }

// damage reads a commit and everything below it, and says what cannot be read. The
// notes that can are put into notes, if there is such a map.
func (x *exam) damage(ctx context.Context, at Hash, notes map[string]folder) []damaged {
	commit, err := x.objs.Commit(at)
	if err != nil {
		return []damaged{{what: "the commit", hash: at, err: err}}
	}
	w := walk{exam: x, seen: map[shelfKey]bool{}}
	w.folder(commit.Tree, atTop, "")
	there, err := x.j.survey(ctx, at)
	if len(w.bad) > 0 || err != nil {
		return w.bad
	}
	files := w.top
	for _, n := range there.notes {
		files = append(files, git.File{Path: n.path, Mode: git.Regular, Hash: n.blob})
		for _, a := range n.files {
			files = append(files, git.File{Path: strings.TrimSuffix(n.path, noteName) + a.Name, Mode: git.Regular, Hash: git.NewHash(a.Hash)})
		}
	}
	return x.damagedFiles(ctx, slices.DeleteFunc(files, func(f git.File) bool { return !x.isHere(f) }), notes)
}

// isHere reports whether a file should be in this repository: the commit of a
// submodule is in another, and a partial clone has the notes that were read.
func (x *exam) isHere(f git.File) bool {
	at, _ := locate(f)
	return f.Mode != git.Submodule && (at.id != "" && at.name == noteName || !x.isPartial())
}

func (x *exam) isPartial() bool {
	return slices.ContainsFunc(x.j.repo.Remotes(), func(name string) bool {
		promisor, err := x.j.repo.ConfigBool("remote."+name+".promisor", false)
		return promisor && err == nil
	})
}

// walk looks for folders that cannot be read: at those of the layout only, and at
// each once. A kilobyte of trees can unfold to ten billion paths.
type walk struct {
	*exam
	seen map[shelfKey]bool
	top  []git.File // files above all incidents
	bad  []damaged
}

func (w *walk) folder(tree Hash, l level, dir string) {
	entries, err := readTree(w.objs, tree)
	if err != nil {
		w.bad = append(w.bad, damaged{what: "the folder " + journal.VisibleLine("/"+strings.TrimSuffix(dir, "/")), hash: tree, err: err})
		return
	}
	for _, e := range entries {
		switch {
		case e.Mode != git.Dir && l == atTop:
			w.top = append(w.top, git.File{Path: e.Name, Mode: e.Mode, Hash: e.Hash})
		case e.Mode == git.Dir && l < atIncident && placeOf(e, l) != "" && !w.seen[shelfKey{e.Hash, l + 1}]:
			w.seen[shelfKey{e.Hash, l + 1}] = true
			w.folder(e.Hash, l+1, dir+e.Name+"/")
		}
	}
}

// damagedFiles reads files by the thousand, and one by one only when a child of
// git gave up: then nobody knows about which.
func (x *exam) damagedFiles(ctx context.Context, files []git.File, notes map[string]folder) []damaged {
	blobs := make([]Hash, len(files))
	for i, f := range files {
		blobs[i] = f.Hash
	}
	results := make([]error, len(files))
	folders := make([]folder, len(files))
	read := func(i int, content []byte, err error) { folders[i], results[i] = examineFile(files[i], content, err) }
	if x.j.repo.Blobs(ctx, blobs, journal.MaxAttachment, read) != nil {
		for i, h := range blobs {
			content, err := x.objs.Blob(h, journal.MaxAttachment)
			read(i, content, err)
		}
	}
	var bad []damaged
	for i, f := range files {
		at, _ := locate(f)
		if results[i] != nil {
			bad = append(bad, damaged{what: nameOf(f), hash: f.Hash, err: results[i], file: true})
		}
		if at.name == noteName && at.id != "" && notes != nil {
			if _, twice := notes[at.id]; !twice {
				notes[at.id] = folders[i]
			}
		}
	}
	return bad
}

// examineFile says whether the content of a file is what its name says, and reads
// it if it is a note. What is too large to be read is not damaged.
func examineFile(f git.File, content []byte, err error) (folder, error) {
	at, _ := locate(f)
	isNote := at.id != "" && at.name == noteName
	found := folder{note: f.Hash}
	switch {
	case isTooLarge(err):
		found.err = journal.ErrTooLarge
		return found, nil
	case err == nil && git.BlobHash(content) != f.Hash:
		err = fmt.Errorf("object %s has other content", f.Hash)
	}
	if err != nil || !isNote {
		found.err = err
		return found, err
	}
	found.inc, found.err = parseNote(at.id, content, nil)
	return found, nil
}

func nameOf(f git.File) string {
	at, err := locate(f)
	switch {
	case err != nil || at.id == "":
		return "the file " + journal.VisibleLine(f.Path)
	case at.name == noteName:
		return "the note of " + at.id
	}
	return "the attachment " + journal.VisibleLine(at.name) + " of " + at.id
}
