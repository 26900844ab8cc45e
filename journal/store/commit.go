package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"git-incident/journal"
	"git-incident/journal/git"
)

// commit writes the incident as it is now into the line, as one commit. A change
// that changes nothing makes none.
func (b *batch) commit(ctx context.Context, l *line, old folder, inc *journal.Incident, c journal.Change) error {
	if inc == nil && !old.exists() {
		return nil
	}
	now, edits, err := b.edits(old, inc, c.Incident)
	if err != nil {
		return err
	}
	who := git.Ident{Name: b.who.Name, Email: b.who.Email, When: c.At}
	changed, err := b.extend(ctx, l, edits, c.Message(), who)
	if err != nil {
		return err
	}
	l.folders[c.Incident] = now
	if changed {
		l.changed[c.Incident] = true
	}
	return nil
}

// edits are the differences between a folder and the incident that goes there.
// No incident means no folder.
func (b *batch) edits(old folder, inc *journal.Incident, id string) (folder, []git.TreeEdit, error) {
	if inc == nil {
		return folder{}, []git.TreeEdit{{Path: journal.Path(id)}}, nil
	}
	blob, err := b.objs.AddBlob(journal.Format(inc))
	if err != nil {
		return folder{}, nil, err
	}
	dir := journal.Path(id) + "/"
	now := folder{inc: inc, note: blob, files: map[string]Hash{}}
	edits := []git.TreeEdit{{Path: dir + noteName, Hash: blob}}
	for _, a := range inc.Attachments {
		if !git.IsHash(a.Hash) {
			return folder{}, nil, unfit{fmt.Errorf("attachment %q has no content", a.Name)}
		}
		now.files[a.Name] = git.NewHash(a.Hash)
		if old.files[a.Name] != now.files[a.Name] {
			edits = append(edits, git.TreeEdit{Path: dir + a.Name, Hash: now.files[a.Name]})
		}
	}
	return now, edits, nil
}

// top are the files at the top of a new branch.
func (b *batch) top() ([]git.TreeEdit, error) {
	about, err := b.objs.AddBlob([]byte(readme))
	if err != nil {
		return nil, err
	}
	rules, err := b.objs.AddBlob([]byte(attributes))
	return []git.TreeEdit{{Path: noteName, Hash: about}, {Path: attributesName, Hash: rules}}, err
}

// extend commits the edits, and with a first commit the files at the top of the
// branch. It reports whether there was anything to commit.
func (b *batch) extend(ctx context.Context, l *line, edits []git.TreeEdit, message string, who git.Ident) (bool, error) {
	if l.tip.IsZero() {
		top, err := b.top()
		if err != nil {
			return false, err
		}
		edits = append(edits, top...)
	}
	tree, err := b.objs.EditTree(l.tree, edits)
	if err != nil || tree == l.tree {
		return false, err
	}
	commit := git.Commit{Tree: tree, Author: who, Committer: who, Message: message}
	if !l.tip.IsZero() {
		commit.Parents = []Hash{l.tip}
	}
	h, err := b.objs.AddCommit(ctx, commit, b.sign)
	if err != nil {
		return false, err
	}
	l.tip, l.tree = h, tree
	return true, nil
}

// updates are the refs to move. A batch that changed nothing has none.
func (b *batch) updates() intent {
	var updates intent
	for _, l := range b.line {
		if l != nil && l.tip != l.base.parent {
			updates = append(updates, git.RefUpdate{Name: l.ref, New: l.tip, Old: l.base.old})
		}
	}
	return updates
}

// land makes everything that was built permanent: objects, then the refs in one
// go, then a look at what is really there. what is for the reflog.
func (b *batch) land(ctx context.Context, what string, left, updates intent) error {
	if err := b.prepare(ctx, left, updates); err != nil {
		return err
	}
	if err := b.j.repo.UpdateRefs(ctx, what, updates...); err != nil {
		var refused *git.CommandError
		if errors.As(err, &refused) && refused.Code > 0 {
			b.j.withdraw(left) // git itself said no, and has tidied up
		}
		return err
	}
	if err := b.verify(ctx); err == nil {
		return nil
	}
	if err := b.objs.PersistAgain(ctx); err != nil {
		return err
	}
	return b.verify(ctx)
}

// prepare makes the objects and the intent permanent, both at once: disks flush
// two files in little more time than one.
func (b *batch) prepare(ctx context.Context, left, updates intent) error {
	declared := make(chan error, 1)
	go func() { declared <- b.j.declare(slices.Concat(left, updates)) }()
	persisted := b.objs.Persist(ctx)
	if err := <-declared; err != nil {
		return cmp.Or(persisted, err)
	}
	if persisted != nil {
		b.j.withdraw(left)
	}
	return persisted
}

// verify reads what was written back from disk.
func (b *batch) verify(ctx context.Context) error {
	objs := b.j.repo.Objects(ctx)
	defer objs.Close()
	for _, l := range b.line {
		if l == nil || l.tip == l.base.parent {
			continue
		}
		commit, err := objs.Commit(l.tip)
		if err == nil && commit.Tree != l.tree {
			err = errNotWritten
		}
		if err != nil {
			return fmt.Errorf("read back what was written to %s: %w", l.ref, err)
		}
		for id := range l.changed {
			built, err := b.load(l, id)
			if err != nil {
				return err
			}
			if err := readBack(objs, commit.Tree, id, built); err != nil {
				return fmt.Errorf("read back %s from %s: %w", id, l.ref, err)
			}
		}
	}
	return nil
}

var errNotWritten = errors.New("it is not what was written")

// readBack reads the folder of an incident as it was built.
func readBack(objs *git.Objects, root Hash, id string, built folder) error {
	there, err := readFolder(objs, root, id)
	switch {
	case err != nil:
		return err
	case there.note != built.note:
		return errNotWritten
	case there.exists() && there.raw == nil:
		return there.err
	}
	return nil
}
