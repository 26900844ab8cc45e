package store

import (
	"context"
	"fmt"
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
		keys, err := m.keys(e)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(keys, func(key string) bool { return !known[key] }) {
			continue
		}
		if err := m.replayCommit(ctx, e.Hash); err != nil {
			return err
		}
	}
	return nil
}

// changes are the keys of all commits in a history.
func (m *merging) changes(ctx context.Context, tip Hash) (map[string]bool, error) {
	entries, err := m.j.repo.Log(ctx, tip, 0)
	ids := map[string]bool{}
	for _, e := range entries {
		keys, err := m.keys(e)
		if err != nil {
			return nil, err
		}
		for _, key := range keys {
			ids[key] = true
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
	var parent Hash
	var before git.Commit
	if len(old.Parents) == 1 {
		parent = old.Parents[0]
		if before, err = objs.Commit(parent); err != nil {
			return err
		}
	}
	onto, err := objs.Commit(m.merged)
	if err != nil {
		return err
	}
	ids, err := m.touched(ctx, parent, h)
	if err != nil {
		return err
	}
	var edits []git.TreeEdit
	names := map[string]string{}
	for _, id := range ids {
		if names[id], err = m.renamed(onto.Tree, id); err != nil {
			return err
		}
		more, err := m.replayIncident(before.Tree, onto.Tree, old.Tree, id, names[id])
		if err != nil {
			return err
		}
		edits = append(edits, more...)
	}
	tree, err := objs.EditTree(onto.Tree, edits)
	if err != nil || tree == onto.Tree {
		return err
	}
	message, err := m.retold(old.Message, tree, names)
	if err != nil {
		return err
	}
	m.merged, err = m.commit(ctx, git.Commit{Tree: tree, Parents: []Hash{m.merged}, Author: old.Author, Message: message})
	return err
}

// touched are the incidents in which a commit differs from the one before.
func (m *merging) touched(ctx context.Context, from, to Hash) ([]string, error) {
	_, come, err := m.j.compare(ctx, from, to)
	var ids []string
	for _, n := range come.notes {
		ids = append(ids, n.id)
	}
	return ids, err
}

// replayIncident puts what a commit changed in an incident on the incident as it
// is now, under the id it has now.
func (m *merging) replayIncident(before, onto, after Hash, id, now string) ([]git.TreeEdit, error) {
	var sides [3]folder
	for i, at := range []struct {
		root Hash
		id   string
	}{{before, id}, {onto, now}, {after, id}} {
		var err error
		if sides[i], err = readFolder(m.batch.objs, at.root, at.id); err != nil {
			return nil, err
		}
	}
	was, there, next := sides[0], sides[1], sides[2]
	if next.inc == nil {
		if next.raw != nil {
			m.result.Left = append(m.result.Left, Left{Incident: now, text: string(next.raw)})
		}
		return nil, nil
	}
	result, left := journal.Replay(was.inc, there.inc, next.inc)
	for _, text := range left {
		m.result.Left = append(m.result.Left, Left{Incident: now, text: text})
	}
	if result == nil {
		return nil, nil
	}
	_, edits, err := m.batch.edits(there, result, now)
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
