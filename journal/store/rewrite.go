package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"git-incident/journal"
	"git-incident/journal/git"
)

// cut says what a rewrite does to the parts of a history.
type cut interface {
	// folder gives the name that a folder gets, "" when it goes with all that is in
	// it.
	folder(dir, name string) string
	// file gives what stands in the place of a file, a zero hash for nothing. dir is
	// a folder of the layout, or [elsewhere].
	file(dir string, e git.TreeEntry) (git.TreeEntry, error)
	// commit alters what a commit says of itself.
	commit(c *git.Commit)
}

// learner is a cut that has to see a whole history before it knows all of what it
// takes out of it.
type learner interface{ know() }

// elsewhere is every folder that is not one of the layout. They look the same to a
// cut, so that a tree is looked at once for all of them: a hostile one may stand in
// ten billion places.
const elsewhere = "*"

// standing is dir if it is a folder of the layout, and otherwise elsewhere.
func standing(dir string) string {
	if dir == "" || inLayout(dir) {
		return dir
	}
	return elsewhere
}

// rewriting makes a history anew. A tree in which nothing changes keeps its hash.
type rewriting struct {
	objs *git.Objects
	cut  cut
	mark string // what first commits are marked with, so that all others are new too; "" for nothing
	drop bool   // leave out commits that have nothing of their own any more

	commits map[Hash]Hash // old to new
	trees   map[treeAt]Hash
}

type treeAt struct {
	hash Hash
	dir  string
}

func newRewriting(objs *git.Objects, c cut) *rewriting {
	return &rewriting{objs: objs, cut: c, commits: map[Hash]Hash{}, trees: map[treeAt]Hash{}}
}

// learn shows a history to a cut that has to see it first.
func (r *rewriting) learn(ctx context.Context, nodes []git.CommitNode) error {
	if _, ok := r.cut.(learner); !ok {
		return nil
	}
	_, err := r.affected(ctx, nodes)
	return err
}

// TrailerPurge marks the first commit of a history that was written anew.
const TrailerPurge = "Incident-Purge"

// affected are the commits that the cut changes by what they are, and not only by
// what came before them.
func (r *rewriting) affected(ctx context.Context, nodes []git.CommitNode) (map[Hash]bool, error) {
	found := map[Hash]bool{}
	for _, n := range nodes {
		_, changed, err := r.anew(ctx, n)
		if err != nil {
			return nil, err
		}
		if changed {
			found[n.Hash] = true
		}
	}
	return found, nil
}

// anew gives a commit as the cut leaves it, on the parents it had.
func (r *rewriting) anew(ctx context.Context, n git.CommitNode) (c git.Commit, changed bool, err error) {
	if err := ctx.Err(); err != nil {
		return c, false, err
	}
	if c, err = r.objs.Commit(n.Hash); err != nil {
		return c, false, err
	}
	was := c
	if c.Tree, err = r.tree(c.Tree, ""); err != nil {
		return c, false, fmt.Errorf("commit %s: %w", n.Hash, err)
	}
	r.cut.commit(&c)
	return c, c.Tree != was.Tree || c.Message != was.Message || c.Author != was.Author || c.Committer != was.Committer, nil
}

// all rewrites commits, parents before children.
func (r *rewriting) all(ctx context.Context, nodes []git.CommitNode) error {
	for _, n := range nodes {
		c, changed, err := r.anew(ctx, n)
		if err != nil {
			return err
		}
		if len(n.Parents) == 0 && r.mark != "" {
			c.Message = strings.TrimRight(c.Message, "\n") + between(c.Message) + TrailerPurge + ": " + r.mark + "\n"
			changed = true
		}
		parents := r.follow(n.Parents)
		if !changed && slices.Equal(parents, n.Parents) {
			r.commits[n.Hash] = n.Hash
			continue
		}
		c.Parents = parents
		if r.commits[n.Hash], err = r.keep(ctx, n, c); err != nil {
			return err
		}
	}
	return nil
}

// between is what stands between a message and a trailer that is added to it.
func between(message string) string {
	last := message[strings.LastIndex(strings.TrimRight(message, "\n"), "\n")+1:]
	if key, _, ok := strings.Cut(last, ": "); ok && strings.HasPrefix(key, journal.TrailerIncident) {
		return "\n"
	}
	return "\n\n"
}

// follow gives the parents that a commit has now.
func (r *rewriting) follow(parents []Hash) []Hash {
	var now []Hash
	for _, p := range parents {
		if next, ok := r.commits[p]; ok {
			p = next
		}
		if !r.drop || !slices.Contains(now, p) {
			now = append(now, p)
		}
	}
	return now
}

// keep adds a commit. One that has become empty gives way to its parent.
func (r *rewriting) keep(ctx context.Context, n git.CommitNode, c git.Commit) (Hash, error) {
	if r.drop && len(c.Parents) == 1 && c.Tree != n.Tree {
		before, err := r.objs.Commit(c.Parents[0])
		if err != nil {
			return Hash{}, err
		}
		if before.Tree == c.Tree {
			return c.Parents[0], nil
		}
	}
	return r.objs.AddCommit(ctx, c, false)
}
