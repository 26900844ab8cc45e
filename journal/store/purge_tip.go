package store

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"git-incident/journal"
	"git-incident/journal/git"
)

// build writes the histories anew, in memory.
func (w *purging) build(ctx context.Context) error {
	for _, f := range w.families() {
		if len(f.affected) == 0 {
			continue
		}
		if !f.draft && f.isAffected() && !w.local {
			f.new.mark = w.purge.ID
		}
		if err := f.new.all(ctx, f.nodes); err != nil {
			return err
		}
		if err := w.top(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

// top puts a commit on the new history that says what happened to it.
func (w *purging) top(ctx context.Context, f *family) error {
	old := f.tip.parent
	if old.IsZero() || !f.isAffected() {
		return nil
	}
	objs := w.batch.objs
	was, err := objs.Commit(old)
	if err != nil {
		return err
	}
	below := f.new.commits[old]
	now, err := objs.Commit(below)
	if err != nil {
		return err
	}
	edits, err := w.settle(f, was.Tree, now.Tree)
	if err != nil {
		return err
	}
	if !f.draft && !w.local {
		edit, err := w.declare(f, now.Tree)
		if err != nil {
			return err
		}
		edits = append(edits, edit)
	}
	c := git.Commit{Parents: []Hash{below}, Message: w.message(slices.Sorted(maps.Values(f.ids)))}
	if c.Tree, err = objs.EditTree(now.Tree, edits); err != nil || c.Tree == now.Tree {
		return err
	}
	c.Author = w.batch.who
	c.Author.When = w.j.now()
	c.Committer = c.Author
	f.new.commits[old], err = objs.AddCommit(ctx, c, w.batch.sign)
	return err
}

// declare says in transitions which histories must not come back.
func (w *purging) declare(f *family, tree Hash) (git.TreeEdit, error) {
	text, err := transitions(w.batch.objs, tree)
	if err != nil {
		return git.TreeEdit{}, err
	}
	var roots []Hash
	for _, n := range f.main {
		if len(n.Parents) == 0 {
			roots = append(roots, n.Hash)
		}
	}
	blob, err := w.batch.objs.AddBlob([]byte(declarePurge(text, roots, w.j.now())))
	return git.TreeEdit{Path: transitionsName, Hash: blob}, err
}

// settle makes the notes of a new tip win over copies of the old ones that are
// still under way, in an editor or among somebody's drafts.
func (w *purging) settle(f *family, was, now Hash) ([]git.TreeEdit, error) {
	ids := maps.Clone(f.ids)
	if w.purge.Incident != "" {
		ids[w.purge.Incident] = w.purge.Incident
	}
	var edits []git.TreeEdit
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		before, err := readFolder(w.batch.objs, was, id)
		if err != nil {
			return nil, err
		}
		after, err := readFolder(w.batch.objs, now, ids[id])
		if err != nil {
			return nil, err
		}
		if before.inc == nil || after.inc == nil {
			continue
		}
		settled, err := w.settled(before.inc, after.inc)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", ids[id], err)
		}
		blob, err := w.batch.objs.AddBlob(settled)
		if err != nil {
			return nil, err
		}
		edits = append(edits, git.TreeEdit{Path: journal.Path(ids[id]) + "/" + noteName, Hash: blob})
	}
	return edits, nil
}

// settled is a note with a tombstone for each item that is gone, and a new revision
// of each that reads differently.
func (w *purging) settled(was, now *journal.Incident) ([]byte, error) {
	if c, ok := w.cut.(*fileCut); ok {
		eachItem(now, c.link)
	}
	old := items(was)
	gone := maps.Clone(old)
	for id, it := range items(now) {
		if before, known := old[id]; known && before.said() != it.said() && *it.rev <= *before.rev {
			*it.rev = *before.rev + purgedRevisions
		}
		delete(gone, id)
	}
	c := journal.Change{Incident: now.ID, Delete: slices.Sorted(maps.Keys(gone))}
	if w.purge.Entry != "" && !slices.Contains(c.Delete, w.purge.Entry) {
		c.Delete = append(c.Delete, w.purge.Entry)
	}
	next, err := journal.Apply(now, c)
	if err != nil {
		return nil, err
	}
	return journal.Format(next), nil
}

// purgedRevisions is by how much a purge raises the revision of an item: over one
// edit of the old text that somebody makes at the same time.
const purgedRevisions = 2

// itemAt is an item of any kind in its incident.
type itemAt struct {
	rev  *int
	said func() string
}

// items are those of an incident, by id.
func items(inc *journal.Incident) map[string]itemAt {
	m := map[string]itemAt{}
	for i := range inc.Timeline {
		e := &inc.Timeline[i]
		m[e.ID] = itemAt{&e.Rev, func() string { return e.Text }}
	}
	for i := range inc.Chain {
		p := &inc.Chain[i]
		m[p.ID] = itemAt{&p.Rev, func() string { return p.Text }}
	}
	for i := range inc.Learnings {
		l := &inc.Learnings[i]
		m[l.ID] = itemAt{&l.Rev, func() string { return fmt.Sprint(l.Text, l.Consequences) }}
	}
	return m
}
