package store

import (
	"context"
	"fmt"
	"path"
	"slices"

	"git-incident/journal"
	"git-incident/journal/git"
)

// Left is a text that could not be put on a purged history: it was written on top
// of something that is gone.
type Left struct {
	Incident string // id
	File     string // that has the text
	text     string
}

// replay puts the changes of a purged history that the new one does not know on
// top of it. What was purged is not among them, because a change brings only what
// it added itself.
func (m *merging) replay(ctx context.Context, tip Hash) error {
	m.has[tip] = true
	if tip == m.there {
		m.replaces = true
	}
	if tip == m.here.parent {
		m.result.Purged = true
		m.backup = Hash{} // what was purged is kept by no ref
	}
	published := []Hash{m.merged}
	if tip != m.seen && !m.seen.IsZero() {
		published = append(published, m.seen)
	}
	if tip == m.seen {
		return nil
	}
	known, err := m.changes(ctx, m.merged)
	if err != nil {
		return err
	}
	entries, err := m.j.repo.Log(ctx, tip, 0, published...)
	if err != nil {
		return err
	}
	slices.Reverse(entries) // oldest first
	for _, e := range entries {
		ids := e.Values(journal.TrailerChange)
		if len(ids) > 0 && !slices.ContainsFunc(ids, func(id string) bool { return !known[id] }) {
			continue
		}
		if err := m.replayCommit(ctx, e.Hash); err != nil {
			return err
		}
	}
	return nil
}

// changes are the ids of all changes in a history.
func (m *merging) changes(ctx context.Context, tip Hash) (map[string]bool, error) {
	entries, err := m.j.repo.Log(ctx, tip, 0)
	ids := map[string]bool{}
	for _, e := range entries {
		for _, id := range e.Values(journal.TrailerChange) {
			ids[id] = true
		}
	}
	return ids, err
}

// replayCommit makes a commit again, on top of what was merged so far. Merges have
// nothing of their own.
func (m *merging) replayCommit(ctx context.Context, h Hash) error {
	objs := m.batch.objs
	old, err := objs.Commit(h)
	if err != nil || len(old.Parents) > 1 {
		return err
	}
	var before git.Commit
	if len(old.Parents) == 1 {
		if before, err = objs.Commit(old.Parents[0]); err != nil {
			return err
		}
	}
	onto, err := objs.Commit(m.merged)
	if err != nil {
		return err
	}
	ids, err := m.touched(ctx, before.Tree, old.Tree)
	if err != nil {
		return err
	}
	var edits []git.TreeEdit
	for _, id := range ids {
		more, err := m.replayIncident(before.Tree, onto.Tree, old.Tree, id)
		if err != nil {
			return err
		}
		edits = append(edits, more...)
	}
	tree, err := objs.EditTree(onto.Tree, edits)
	if err != nil || tree == onto.Tree {
		return err
	}
	m.merged, err = m.commit(ctx, git.Commit{Tree: tree, Parents: []Hash{m.merged}, Author: old.Author, Message: old.Message})
	return err
}

// touched are the incidents in which two trees differ.
func (m *merging) touched(ctx context.Context, from, to Hash) ([]string, error) {
	if from.IsZero() {
		var err error
		if from, err = m.batch.objs.AddTree(nil); err == nil {
			err = m.batch.objs.Persist(ctx)
		}
		if err != nil {
			return nil, err
		}
	}
	changes, err := m.j.repo.DiffTree(ctx, from, to)
	var ids []string
	for _, c := range changes {
		id := path.Base(path.Dir(c.Path))
		if journal.ValidID(id) && journal.Path(id) == path.Dir(c.Path) && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, err
}

// replayIncident puts what a commit changed in an incident on the incident as it
// is now.
func (m *merging) replayIncident(before, onto, after Hash, id string) ([]git.TreeEdit, error) {
	var sides [3]folder
	for i, root := range []Hash{before, onto, after} {
		var err error
		if sides[i], err = readFolder(m.batch.objs, root, id); err != nil {
			return nil, err
		}
	}
	was, now, next := sides[0], sides[1], sides[2]
	if next.inc == nil {
		if next.raw != nil {
			m.result.Left = append(m.result.Left, Left{Incident: id, text: string(next.raw)})
		}
		return nil, nil
	}
	result, left := journal.Replay(was.inc, now.inc, next.inc)
	for _, text := range left {
		m.result.Left = append(m.result.Left, Left{Incident: id, text: text})
	}
	if result == nil {
		return nil, nil
	}
	_, edits, err := m.batch.edits(now, result, id)
	return edits, err
}

// leftDir is where texts wait for the person who wrote them.
const leftDir = "left"

// keepLeft writes down what could not be replayed, so that it is there also when
// nobody watches the sync.
func (s *syncing) keepLeft() error {
	for i, l := range s.result.Left {
		if l.File != "" {
			continue
		}
		dir := s.j.path(leftDir)
		if err := s.j.makeDir(dir); err != nil {
			return err
		}
		name := fmt.Sprintf("%s-%.8s.md", l.Incident, fingerprint(l.text))
		if err := s.j.writeDurably(dir, name, []byte(l.text)); err != nil {
			return fmt.Errorf("keep what could not be replayed: %w", err)
		}
		s.result.Left[i].File = s.j.path(leftDir, name)
	}
	return nil
}
