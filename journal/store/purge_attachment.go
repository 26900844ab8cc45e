package store

import (
	"path"
	"regexp"

	"git-incident/journal"
	"git-incident/journal/git"
)

// fileCut takes an attachment out wherever its content stands, under any name.
type fileCut struct {
	incident string
	name     string
	contents map[Hash]bool // what the attachment was, in all versions
	complete bool          // contents has all of them
}

func newFileCut(incident, name string) *fileCut {
	return &fileCut{incident: incident, name: name, contents: map[Hash]bool{}}
}

func (f *fileCut) know() { f.complete = true }

func (f *fileCut) folder(_, name string) string { return name }

func (f *fileCut) file(dir string, e git.TreeEntry) (git.TreeEntry, error) {
	id := path.Base(dir)
	isAttachment := e.Name != noteName && journal.ValidID(id) && dir == journal.Path(id)
	if id == f.incident && isAttachment && e.Name == f.name {
		f.contents[e.Hash] = true
	}
	if f.complete && isAttachment && f.contents[e.Hash] {
		return git.TreeEntry{}, nil
	}
	return e, nil
}

func (f *fileCut) commit(*git.Commit) {}

// link says in an item that the file it points to is gone.
func (f *fileCut) link(text string) string {
	link := regexp.MustCompile(`!?\[[^\[\]]*\]\(` + regexp.QuoteMeta(f.name) + `\)`)
	return link.ReplaceAllLiteralString(text, f.name+" "+purgedMark)
}
