package store

import (
	"context"
	"errors"
	"slices"

	"git-incident/journal/git"
)

// mergeMessage is the commit message of a merge. It names no incident: everything
// it has was named by the commits it unites.
const mergeMessage = "sync: unite the journals of several clones\n"

// unite merges what is here, what the remote's branch has and what is in inboxes.
// A history that was purged is not merged: its changes that nobody else has are
// put on the new one.
func (s *syncing) unite(ctx context.Context, t *turn) error {
	s.result.Purged, s.result.Again, s.result.Left, s.result.Conflicts = false, false, nil, nil // of a try before this one
	b, err := s.j.newBatch(ctx)
	nobody := errors.Is(err, git.ErrNoIdentity)
	if nobody {
		b = &batch{j: s.j, objs: s.j.repo.Objects(ctx)} // enough for whoever only reads
	} else if err != nil {
		return err
	}
	defer b.objs.Close()
	m := merging{syncing: s, turn: t, batch: b, nobody: nobody}
	if err := m.lookBack(ctx); err != nil {
		return err
	}
	clean, purged, err := m.sort(ctx)
	if err != nil {
		return err
	}
	for _, tip := range clean {
		if err := m.take(ctx, tip); err != nil {
			return err
		}
	}
	for _, tip := range purged {
		if err := m.replay(ctx, tip); err != nil {
			return err
		}
	}
	return nil
}

// merging makes the merge of one turn.
type merging struct {
	*syncing
	*turn
	batch  *batch
	nobody bool // git does not know who the user is
}

// lookBack finds out whether the remote has lost something that it had.
func (m *merging) lookBack(ctx context.Context) error {
	if m.seen.IsZero() || m.seen == m.there {
		return nil
	}
	if !m.there.IsZero() {
		if kept, err := m.j.repo.IsAncestor(ctx, m.seen, m.there); kept || err != nil {
			return err
		}
	}
	if m.j.repo.Shallow && !m.there.IsZero() {
		return nil // its history may just be cut off
	}
	m.backup = m.here.parent
	if m.backup.IsZero() {
		m.backup = m.seen
	}
	return nil
}

// sort tells the tips that may be merged from those of a history that was purged.
// If nothing but purged histories is left, somebody has merged them again, and
// dropping all of them would lose the journal.
func (m *merging) sort(ctx context.Context) (clean, purged []Hash, err error) {
	tips := []Hash{m.there, m.here.parent}
	if !m.backup.IsZero() {
		tips = append(tips, m.seen)
	}
	for _, in := range m.inboxes {
		tips = append(tips, in.Hash)
	}
	tips = distinct(tips)
	gone, err := m.purges(tips)
	if err != nil || len(gone) == 0 {
		return tips, nil, err
	}
	roots := map[Hash][]Hash{}
	for _, tip := range tips {
		if roots[tip], err = m.j.repo.Roots(ctx, tip); err != nil {
			return nil, nil, err
		}
		old := slices.ContainsFunc(roots[tip], func(r Hash) bool { return gone[r] })
		for _, c := range clean { // the remote's branch comes first, and stays
			if old {
				break
			}
			rival, err := m.rivals(c, tip, roots)
			if err != nil {
				return nil, nil, err
			}
			old = old || rival
			m.result.Again = m.result.Again || rival && tip == m.here.parent
		}
		if old {
			purged = append(purged, tip)
		} else {
			clean = append(clean, tip)
		}
	}
	if len(clean) == 0 {
		return tips, nil, nil
	}
	return clean, purged, nil
}

// purges are those that any of the tips declares.
func (m *merging) purges(tips []Hash) (purges, error) {
	all := purges{}
	for _, tip := range tips {
		commit, err := m.batch.objs.Commit(tip)
		if err != nil {
			return nil, err
		}
		declared, err := purgesOf(m.batch.objs, commit.Tree)
		if err != nil {
			return nil, err
		}
		for root := range declared {
			all[root] = true
		}
	}
	return all, nil
}

// distinct are hashes without doubles and zeros, in the order given.
func distinct(all []Hash) []Hash {
	var out []Hash
	for _, h := range all {
		if !h.IsZero() && !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	return out
}

// take merges a tip into what was merged so far.
func (m *merging) take(ctx context.Context, tip Hash) error {
	m.has[tip] = true
	if m.merged.IsZero() {
		m.merged = tip
		return nil
	}
	if known, err := m.j.repo.IsAncestor(ctx, tip, m.merged); known || err != nil {
		return err
	}
	newer, err := m.j.repo.IsAncestor(ctx, m.merged, tip)
	if newer || err != nil {
		m.merged = tip
		return err
	}
	tree, err := m.union().commits(ctx, m.merged, tip)
	if err != nil {
		return err
	}
	m.merged, err = m.commit(ctx, git.Commit{Tree: tree, Parents: []Hash{m.merged, tip}, Message: mergeMessage})
	return err
}

// union merges trees. A shallow clone may not have what its branch and the remote's
// come from: then what the remote had after the last sync stands for it.
func (m *merging) union() union {
	u := union{j: m.j, objs: m.batch.objs, conflict: func(id string) {
		if !slices.Contains(m.result.Conflicts, id) {
			m.result.Conflicts = append(m.result.Conflicts, id)
		}
	}}
	if m.j.repo.Shallow {
		u.seen = m.seen
	}
	return u
}

// commit makes a commit that git can see at once: the next question is about its
// history.
func (m *merging) commit(ctx context.Context, c git.Commit) (Hash, error) {
	if m.nobody {
		return Hash{}, git.ErrNoIdentity
	}
	who := m.batch.who
	who.When = m.j.now()
	c.Committer = who
	if c.Author == (git.Ident{}) {
		c.Author = who
	}
	h, err := m.batch.objs.AddCommit(ctx, c, m.batch.sign)
	if err != nil {
		return Hash{}, err
	}
	return h, m.batch.objs.Persist(ctx)
}
