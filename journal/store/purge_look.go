package store

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"git-incident/journal/git"
)

// purging is a purge being made, in memory.
type purging struct {
	j      *Journal
	purge  Purge
	cut    cut
	batch  *batch
	branch family
	drafts family
	remote string
	local  bool // nobody else has it: what is shared stays as it is
}

// family is the refs that share a history: those of the journal, or of the drafts.
type family struct {
	draft    bool
	tip      base
	refs     map[string]Hash  // as they are, and all to be written anew
	main     []git.CommitNode // what the tip has, and what a remote has of it; parents first
	nodes    []git.CommitNode // what any of the refs has
	affected map[Hash]bool    // commits that have what is purged
	new      *rewriting
	ids      map[string]string // incidents that change at the tip: old ids, new ids
}

// isAffected reports whether the history proper has what is purged, and not only
// a ref that keeps something older.
func (f *family) isAffected() bool {
	return slices.ContainsFunc(f.main, func(n git.CommitNode) bool { return f.affected[n.Hash] })
}

// newPurging looks through the history for what is to be purged.
func (j *Journal) newPurging(ctx context.Context, p Purge, remote string) (*purging, error) {
	b, err := j.newBatch(ctx)
	if err != nil {
		return nil, err
	}
	w := &purging{j: j, purge: p, batch: b, remote: remote}
	if w.cut, err = p.cut(b.objs); err == nil {
		err = w.look(ctx, remote)
	}
	if err != nil {
		b.objs.Close()
	}
	return w, err
}

func (p Purge) cut(objs *git.Objects) (cut, error) {
	switch {
	case p.Entry != "":
		return newEntryCut(objs, p.Incident, p.Entry), nil
	case p.Attachment != "":
		return newFileCut(p.Incident, p.Attachment), nil
	case p.Text != "":
		return newTextCut(objs, p.Text), nil
	}
	return nil, errors.New("there is nothing to purge")
}

func (w *purging) look(ctx context.Context, remote string) error {
	var err error
	if w.branch, err = w.j.family(ctx, false, remote); err != nil {
		return err
	}
	if w.drafts, err = w.j.family(ctx, true, ""); err != nil {
		return err
	}
	for _, f := range w.families() {
		if err := newRewriting(w.batch.objs, w.cut).learn(ctx, f.nodes); err != nil {
			return err
		}
	}
	if l, ok := w.cut.(learner); ok {
		l.know()
	}
	for _, f := range w.families() {
		f.new = newRewriting(w.batch.objs, w.cut)
		if f.affected, err = f.new.affected(ctx, f.nodes); err != nil {
			return err
		}
	}
	return nil
}

func (w *purging) families() []*family { return []*family{&w.branch, &w.drafts} }

// family finds the refs of the branch, with what is known of the remote, or those
// of the drafts.
func (j *Journal) family(ctx context.Context, draft bool, remote string) (family, error) {
	f := family{draft: draft, refs: map[string]Hash{}}
	var err error
	if f.tip, err = j.writeBase(ctx, draft); err != nil {
		return f, err
	}
	main := []Hash{f.tip.parent}
	if !f.tip.old.IsZero() {
		f.refs[j.ref(draft)] = f.tip.old
	}
	if remote != "" {
		known, err := j.repo.Refs(ctx, j.tracking(remote))
		if err != nil {
			return f, err
		}
		for name, ref := range known {
			f.refs[name] = ref.Hash
			main = append(main, ref.Hash)
		}
	}
	ours, err := j.repo.RefsBelow(ctx, "refs/incident")
	if err != nil {
		return f, err
	}
	for _, ref := range ours {
		if strings.HasPrefix(ref.Name, Drafts) != draft {
			continue
		}
		f.refs[ref.Name] = ref.Hash
		if strings.HasPrefix(ref.Name, seenRefs) {
			main = append(main, ref.Hash)
		}
	}
	if f.main, err = j.commitsOf(ctx, main); err != nil {
		return f, err
	}
	f.nodes, err = j.commitsOf(ctx, append(slices.Collect(maps.Values(f.refs)), main...))
	return f, err
}

func (j *Journal) commitsOf(ctx context.Context, tips []Hash) ([]git.CommitNode, error) {
	if tips = distinct(tips); len(tips) == 0 {
		return nil, nil
	}
	return j.repo.Commits(ctx, tips)
}
