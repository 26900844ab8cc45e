package store

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"git-incident/journal"
	"git-incident/journal/git"
)

// batch builds the commits of one turn under the lock, in memory.
type batch struct {
	j    *Journal
	objs *git.Objects
	who  git.Ident
	sign bool
	line [2]*line // of the branch and of the drafts, once asked for
	err  [2]error // why there is no line
}

// line is a ref while it is being extended.
type line struct {
	ref     string
	base    base
	tip     Hash // last commit built
	tree    Hash
	folders map[string]folder // by id, as they are in tree
	changed map[string]bool   // ids
}

func (j *Journal) newBatch(ctx context.Context) (*batch, error) {
	who, err := j.repo.Committer(ctx)
	if err != nil {
		return nil, err
	}
	sign, err := j.repo.ConfigBool("commit.gpgSign", false)
	if err == nil {
		sign, err = j.repo.ConfigBool("incident.gpgSign", sign)
	}
	if err != nil {
		return nil, err
	}
	return &batch{j: j, objs: j.repo.Objects(ctx), who: who, sign: sign}, nil
}

// side is the index of a ref in pairs of branch and drafts.
func side(draft bool) int {
	if draft {
		return 1
	}
	return 0
}

// on gives the line of a ref, started at its tip.
func (b *batch) on(ctx context.Context, draft bool) (*line, error) {
	n := side(draft)
	if b.line[n] == nil && b.err[n] == nil {
		b.line[n], b.err[n] = b.start(ctx, draft)
	}
	return b.line[n], b.err[n]
}

func (b *batch) start(ctx context.Context, draft bool) (*line, error) {
	at, err := b.j.writeBase(ctx, draft)
	if err != nil {
		return nil, err
	}
	l := &line{ref: b.j.ref(draft), base: at, tip: at.parent, folders: map[string]folder{}, changed: map[string]bool{}}
	if at.parent.IsZero() {
		return l, nil
	}
	commit, err := b.objs.Commit(at.parent)
	if err != nil {
		return nil, b.j.badTip(ctx, l.ref, err)
	}
	l.tree = commit.Tree
	return l, b.j.mustBeJournal(b.objs, l.ref, l.tree)
}

// apply makes the commits of a record, all or none.
func (b *batch) apply(ctx context.Context, r *record) error {
	undo := b.mark()
	for _, f := range r.Files {
		if _, err := b.objs.AddBlob(f.content); err != nil {
			return err
		}
	}
	for _, c := range r.Changes {
		if err := b.change(ctx, r, c); err != nil {
			undo()
			return err
		}
	}
	return nil
}

// mark remembers where the lines are and gives the way back.
func (b *batch) mark() (undo func()) {
	var saved [2]*line
	for n, l := range b.line {
		if l != nil {
			at := *l
			at.folders, at.changed = map[string]folder{}, maps.Clone(l.changed)
			saved[n] = &at
		}
	}
	return func() { b.line = saved }
}

// change applies one change where its incident is, and commits it.
func (b *batch) change(ctx context.Context, r *record, c journal.Change) error {
	if !journal.ValidID(c.Incident) {
		return unfit{fmt.Errorf("%q is no id of an incident", c.Incident)}
	}
	l, f, err := b.find(ctx, c)
	if err != nil {
		return err
	}
	if c.Adopt != "" && !c.Draft {
		c = b.adoptNow(ctx, c)
	}
	if f.err != nil {
		if c, err = mend(f, c); err != nil {
			return err
		}
	}
	next, err := journal.Apply(f.inc, c)
	if err != nil {
		return unfit{err}
	}
	if err := b.commit(ctx, l, f, next, c); err != nil {
		return err
	}
	if next != nil {
		r.result, r.commit = next, l.tip
	}
	return nil
}

// find gives the line that a change belongs to. An incident that moved to the
// other ref since the change was made is followed there. If that one cannot be
// read the incident may be on it: nobody can say yet that there is none.
func (b *batch) find(ctx context.Context, c journal.Change) (*line, folder, error) {
	l, err := b.on(ctx, c.Draft)
	if err != nil {
		return nil, folder{}, err
	}
	f, err := b.load(l, c.Incident)
	if err != nil || f.exists() || c.Start != nil || c.Adopt != "" || c.Drop {
		return l, f, err
	}
	other, err := b.on(ctx, !c.Draft)
	if err != nil {
		return nil, folder{}, err
	}
	moved, err := b.load(other, c.Incident)
	if err == nil && moved.exists() {
		return other, moved, nil
	}
	return l, f, err
}

// adoptNow takes the text of a draft that moves to the branch as it is now: a
// change to it may have been waiting in the spool when the move was written.
func (b *batch) adoptNow(ctx context.Context, c journal.Change) journal.Change {
	drafts, err := b.on(ctx, true)
	if err != nil {
		return c
	}
	f, err := b.load(drafts, c.Incident)
	if err == nil && f.inc != nil {
		c.Adopt = string(journal.Format(f.inc))
		c.Attach = f.inc.Attachments
	}
	return c
}

// mend lets an edit replace a note that cannot be read, if it was made from that
// very text. Otherwise such a note can only be dropped. The blob's id says so even
// when the text has bytes that did not survive the spool's JSON.
func mend(f folder, c journal.Change) (journal.Change, error) {
	if c.Drop {
		return c, nil
	}
	if c.Edit != nil && (c.Edit.Blob == f.note.String() || f.raw != nil && c.Edit.Base == string(f.raw)) {
		c.Adopt, c.Edit = c.Edit.Text, nil
		return c, nil
	}
	if f.raw == nil && !isTooLarge(f.err) {
		return c, fmt.Errorf("read the note of %s: %w", c.Incident, f.err)
	}
	return c, unfit{fmt.Errorf("the note cannot be read, mend it with `git incident edit`: %w", f.err)}
}

// load reads the folder of an incident from a line's tree.
func (b *batch) load(l *line, id string) (folder, error) {
	if f, ok := l.folders[id]; ok {
		return f, nil
	}
	f, err := readFolder(b.objs, l.tree, id)
	if err != nil {
		return f, err
	}
	l.folders[id] = f
	return f, nil
}

// unfit marks an error that is the change's own, or its spooled file's: trying
// again will not help. Every other error is about git, the disk or the moment,
// and the change is held until the next command.
type unfit struct{ error }

func (e unfit) Unwrap() error { return e.error }

func isUnfit(err error) bool {
	var own unfit
	return errors.As(err, &own)
}
