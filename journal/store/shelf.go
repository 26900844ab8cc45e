package store

import (
	"errors"
	"regexp"
	"strings"

	"git-incident/journal"
	"git-incident/journal/git"
)

// level is how far down in the layout a tree stands.
type level int

const (
	atTop level = iota
	atYear
	atMonth
	atIncident
)

// shelf is one tree on a level. It may stand there in many places.
type shelf struct {
	entries []git.TreeEntry
	err     error                      // why there are none, or not all of them
	places  []string                   // for each entry the folder it has to stand in; "" leads nowhere
	ways    map[string][]git.TreeEntry // what leads to notes, by that folder

	// of an incident
	sorted  bool
	note    Hash // zero when there is none
	files   []journal.Attachment
	foreign []Warning
}

type shelfKey struct {
	tree Hash
	level
}

// anywhere is the folder of years and months, which look the same in all places.
const anywhere = "*"

func (sh *shelf) put(entries []git.TreeEntry, l level, err error) {
	sh.entries, sh.err, sh.ways = entries, err, map[string][]git.TreeEntry{}
	if l == atIncident {
		return
	}
	sh.places = make([]string, len(entries))
	for i, e := range entries {
		if sh.places[i] = placeOf(e, l); sh.places[i] != "" {
			sh.ways[sh.places[i]] = append(sh.ways[sh.places[i]], e)
		}
	}
}

var onTheWay = map[level]*regexp.Regexp{atTop: regexp.MustCompile(`^\d{4}$`), atYear: regexp.MustCompile(`^\d{2}$`)}

func placeOf(e git.TreeEntry, l level) string {
	switch {
	case e.Mode != git.Dir:
		return ""
	case l == atMonth:
		return strings.TrimSuffix(journal.Path(e.Name), e.Name)
	case onTheWay[l].MatchString(e.Name):
		return anywhere
	}
	return ""
}

// leads reports whether an entry leads to notes when the tree stands at dir.
func (sh *shelf) leads(i int, dir string) bool {
	return sh.places[i] == anywhere || sh.places[i] == dir && dir != ""
}

// folders are the entries that lead to notes when the tree stands at dir.
func (sh *shelf) folders(dir string) []git.TreeEntry {
	switch {
	case sh == nil:
		return nil
	case len(sh.ways[anywhere]) > 0:
		return sh.ways[anywhere]
	}
	return sh.ways[dir]
}

// byName are the same folders. It fails with errTwice if two have one name.
func (sh *shelf) byName(dir string) (map[string]Hash, error) {
	list := sh.folders(dir)
	m := make(map[string]Hash, len(list))
	for _, e := range list {
		if _, twice := m[e.Name]; twice {
			return nil, errTwice
		}
		m[e.Name] = e.Hash
	}
	return m, nil
}

// maxBeside is how many files of one incident are looked at.
const maxBeside = 1000

var (
	errTwoNotes  = errors.New("the folder has two files of this name")
	errManyFiles = errors.New("the folder has more than 1000 files")
)

// sort tells the note of an incident from its attachments, and from what has no
// business beside them.
func (sh *shelf) sort(dir string) {
	if sh.sorted {
		return
	}
	sh.sorted = true
	for _, e := range sh.entries {
		at, err := locate(git.File{Path: dir + e.Name, Mode: e.Mode})
		switch {
		case err == nil && at.name == noteName && sh.note.IsZero():
			sh.note = e.Hash
			continue
		case err == nil && at.name == noteName:
			err = errTwoNotes
		case err == nil && len(sh.files) == maxBeside:
			err = errManyFiles
		}
		if err != nil {
			if len(sh.foreign) < maxWarnings {
				sh.foreign = append(sh.foreign, Warning{Path: e.Name, Reason: err.Error()})
			}
			continue
		}
		sh.files = append(sh.files, journal.Attachment{Name: e.Name, Hash: e.Hash.String()})
	}
}
