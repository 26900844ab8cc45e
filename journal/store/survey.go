package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"git-incident/journal"
	"git-incident/journal/git"
)

// survey is what a tree holds by the layout of a journal.
type survey struct {
	notes    []noteFile
	warnings []Warning // of paths that have no business there, the first maxWarnings
	missing  bool      // some tree could not be read, which may be different in a moment
}

// full reports whether there may be more to warn of.
func (s *survey) full() bool { return len(s.warnings) >= maxWarnings }

// noteFile is the note of an incident and what lies beside it.
type noteFile struct {
	id    string
	path  string
	blob  Hash
	files []journal.Attachment // without sizes
}

// Limits of what a hostile tree can make of little.
const (
	maxWarnings   = 1000
	maxWarnedPath = 1000    // bytes
	maxSpots      = 1 << 20 // folders on one level: every month of every year
)

func (s *survey) warn(path, reason string) {
	path = cmp.Or(path, "/")
	if !s.full() {
		s.warnings = append(s.warnings, Warning{Path: path[:min(len(path), maxWarnedPath)], Reason: reason})
	}
}

// surveyor goes through trees by the layout, level by level. It never looks into
// folders beside or below it, and at a tree only once, however often it stands in
// others: anybody can push a kilobyte that unfolds to ten billion paths.
type surveyor struct {
	j       *Journal
	objs    *git.Objects
	shelves map[shelfKey]*shelf
}

// spot is a place in the layout, and the trees that stand there: in what is
// compared with, and in what is. Zero is none.
type spot struct {
	dir     string // "" or with a slash at the end
	was, is Hash
}

// survey looks at the whole tree of a commit.
func (j *Journal) survey(ctx context.Context, tip Hash) (survey, error) {
	_, is, err := j.compare(ctx, Hash{}, tip)
	return is, err
}

// errTwice says that trees cannot be compared place by place.
var errTwice = errors.New("a folder stands twice in a tree")

// compare tells what is different in the trees of two commits: what is gone, and
// what has come.
func (j *Journal) compare(ctx context.Context, from, to Hash) (gone, come survey, err error) {
	s := surveyor{j: j, objs: j.repo.Objects(ctx), shelves: map[shelfKey]*shelf{}}
	defer s.objs.Close()
	spots := make([]spot, 1)
	if spots[0].was, err = s.root(from); err != nil {
		return gone, come, err
	}
	if spots[0].is, err = s.root(to); err != nil {
		return gone, come, err
	}
	for l := atTop; l <= atIncident; l++ {
		if err := s.read(ctx, spots, l); err != nil {
			return gone, come, err
		}
		var below []spot
		for _, at := range spots {
			was, is := s.shelves[shelfKey{at.was, l}], s.shelves[shelfKey{at.is, l}]
			if l == atTop && is != nil && is.err != nil && !errors.Is(is.err, git.ErrDamaged) {
				return gone, come, fmt.Errorf("read the tip: %w", is.err)
			}
			gone.add(was, at.dir, l)
			come.add(is, at.dir, l)
			if below, err = at.below(below, was, is, l); err != nil {
				return gone, come, err
			}
		}
		spots = below
	}
	return gone, come, nil
}

func (s surveyor) root(tip Hash) (Hash, error) {
	if tip.IsZero() {
		return Hash{}, nil
	}
	c, err := s.objs.Commit(tip)
	if err != nil {
		return Hash{}, fmt.Errorf("read the tip: %w", err)
	}
	return c.Tree, nil
}

// read makes shelves of the trees at these spots.
func (s surveyor) read(ctx context.Context, spots []spot, l level) error {
	var trees []Hash
	for _, at := range spots {
		for _, h := range []Hash{at.was, at.is} {
			if key := (shelfKey{h, l}); s.shelves[key] == nil && !h.IsZero() {
				s.shelves[key] = &shelf{}
				trees = append(trees, h)
			}
		}
	}
	if len(trees) > few {
		return s.j.repo.Trees(ctx, trees, func(i int, entries []git.TreeEntry, err error) {
			s.shelves[shelfKey{trees[i], l}].put(entries, l, err)
		})
	}
	for _, h := range trees {
		entries, err := s.objs.Tree(h)
		s.shelves[shelfKey{h, l}].put(entries, l, err)
	}
	return ctx.Err()
}

// below adds the spots one level further down. What is the same on both sides need
// not be looked at.
func (at spot) below(to []spot, was, is *shelf, l level) ([]spot, error) {
	old, err := was.byName(at.dir)
	if err != nil {
		return nil, err
	}
	if _, err := is.byName(at.dir); err != nil && was != nil {
		return nil, err
	}
	for _, e := range is.folders(at.dir) {
		if old[e.Name] != e.Hash && len(to) < maxSpots {
			to = append(to, spot{dir: at.dir + e.Name + "/", was: old[e.Name], is: e.Hash})
		}
		delete(old, e.Name)
	}
	for _, e := range was.folders(at.dir) {
		if h, gone := old[e.Name]; gone && len(to) < maxSpots {
			to = append(to, spot{dir: at.dir + e.Name + "/", was: h})
		}
	}
	return to, nil
}

// add takes over what a tree says by itself.
func (s *survey) add(sh *shelf, dir string, l level) {
	if sh == nil {
		return
	}
	if l == atIncident {
		sh.sort(dir)
	}
	s.complain(sh, dir, l)
	if !sh.note.IsZero() {
		id := dir[len("2006/01/") : len(dir)-1]
		s.notes = append(s.notes, noteFile{id: id, path: dir + noteName, blob: sh.note, files: sh.files})
	}
}

// complain warns of what is wrong with a tree.
func (s *survey) complain(sh *shelf, dir string, l level) {
	if sh.err != nil {
		s.missing = s.missing || errors.Is(sh.err, git.ErrNoObject)
		s.warn(dir, sh.err.Error())
	}
	if s.full() {
		return
	}
	for _, w := range sh.foreign {
		s.warn(dir+w.Path, w.Reason)
	}
	if l == atIncident {
		return
	}
	for i, e := range sh.entries {
		if s.full() { // the same tree may stand in a million places
			return
		}
		isFile := e.Mode == git.Regular || e.Mode == git.Executable
		switch {
		case e.Name == "":
			s.warn(dir, "there is an entry without a name")
		case !sh.leads(i, dir) && (l != atTop || !isFile):
			s.warn(dir+e.Name, errNotInFolder.Error())
		}
	}
}
