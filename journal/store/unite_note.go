package store

import (
	"errors"
	"maps"
	"slices"

	"git-incident/journal"
	"git-incident/journal/git"
)

// incident merges the folder of one incident.
func (u union) incident(was, x, y entries, id string) (Hash, error) {
	base, a, b := u.folder(was, id), u.folder(x, id), u.folder(y, id)
	merged, err := u.each(base.foreign, a.foreign, b.foreign, journal.Path(id))
	if err != nil {
		return Hash{}, err
	}
	note, files, err := u.note(base, a, b)
	if err != nil {
		return Hash{}, err
	}
	if !note.IsZero() {
		merged = append(merged, git.TreeEntry{Name: noteName, Mode: git.Regular, Hash: note})
	}
	for name, h := range files {
		merged = append(merged, git.TreeEntry{Name: name, Mode: git.Regular, Hash: h})
	}
	if len(merged) == 0 {
		return Hash{}, nil
	}
	return u.objs.AddTree(merged)
}

// split is the folder of an incident on one side: the incident, and what has no
// business there but is kept.
type split struct {
	folder
	foreign entries
}

func (u union) folder(all entries, id string) split {
	s := split{foreign: entries{}}
	var list []git.TreeEntry
	for key, e := range all {
		at, err := locate(git.File{Path: journal.Path(id) + "/" + e.Name, Mode: e.Mode})
		if err != nil || at.id == "" || key.nth > 0 {
			s.foreign[key] = e
			continue
		}
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b git.TreeEntry) int { return compareKeys(entryKey{name: a.Name}, entryKey{name: b.Name}) })
	s.folder = folderOf(u.objs, list, id)
	return s
}

// note merges the note and the attachments. A version that cannot be read, or
// that cannot be united with the other, stands beside it as a whole.
func (u union) note(was, a, b split) (note Hash, files map[string]Hash, err error) {
	if a.inc != nil && b.inc != nil {
		merged := journal.Merge(was.inc, a.inc, b.inc)
		text := journal.Format(merged)
		if _, err := journal.Parse(text); err == nil {
			if u.conflict != nil && journal.Conflicts(merged) > max(journal.Conflicts(a.inc), journal.Conflicts(b.inc)) {
				u.conflict(a.inc.ID)
			}
			note, err = u.bytes(text, a.folder, b.folder)
			return note, hashes(merged.Attachments), err
		}
	}
	for _, side := range []split{a, b} {
		if side.exists() && side.raw == nil && !isTooLarge(side.err) {
			return Hash{}, nil, side.err // it may be there in a moment
		}
	}
	// Only the attachments can be merged.
	merged := journal.Merge(was.stub(), a.stub(), b.stub())
	files = hashes(merged.Attachments)
	win, lose := a.folder, b.folder
	switch {
	case a.note == was.note, a.note.IsZero():
		return b.note, files, nil
	case b.note == was.note, b.note.IsZero():
		return a.note, files, nil
	case (a.inc != nil) != (b.inc != nil) && b.inc != nil,
		(a.inc != nil) == (b.inc != nil) && a.note.String() < b.note.String():
		win, lose = lose, win
	}
	if win.note != lose.note {
		files[journal.ConflictName(lose.note.String())] = lose.note
	}
	return win.note, files, nil
}

// bytes gives the blob of a merged note. A side that says the same keeps its own
// bytes, so that taking over a change changes nothing else.
func (u union) bytes(text []byte, sides ...folder) (Hash, error) {
	var same []Hash
	for _, f := range sides {
		if string(journal.Format(f.inc)) == string(text) {
			same = append(same, f.note)
		}
	}
	if len(same) == 0 {
		return u.objs.AddBlob(text)
	}
	return slices.MaxFunc(same, func(a, b Hash) int { return slices.Compare(a[:], b[:]) }), nil
}

func isTooLarge(err error) bool {
	var large *git.TooLargeError
	return errors.As(err, &large)
}

// stub is an incident with nothing but the attachments.
func (s split) stub() *journal.Incident {
	stub := &journal.Incident{}
	for _, name := range slices.Sorted(maps.Keys(s.files)) {
		stub.Attachments = append(stub.Attachments, journal.Attachment{Name: name, Hash: s.files[name].String()})
	}
	return stub
}

func hashes(files []journal.Attachment) map[string]Hash {
	m := map[string]Hash{}
	for _, a := range files {
		m[a.Name] = git.NewHash(a.Hash)
	}
	return m
}
