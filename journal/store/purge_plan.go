package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"git-incident/journal"
	"git-incident/journal/git"
)

// describe fills the plan in.
func (w *purging) describe(ctx context.Context, plan *PurgePlan) error {
	own, err := w.j.commitsOf(ctx, []Hash{w.branch.tip.parent})
	if err != nil {
		return err
	}
	plan.All, plan.Commits = len(own), 0
	for _, n := range w.branch.main {
		if w.branch.affected[n.Hash] {
			plan.Commits++
		}
	}
	plan.Backups = len(w.branch.affected) > plan.Commits
	plan.Drafts = len(w.drafts.affected) > 0
	if plan.Published, err = w.published(ctx, plan.Remote); err != nil {
		return err
	}
	plan.Places, plan.Incidents = 0, nil
	for _, f := range w.families() {
		if err := w.count(f, plan); err != nil {
			return err
		}
	}
	slices.Sort(plan.Incidents)
	plan.Incidents = slices.Compact(plan.Incidents)
	plan.Files = len(w.j.holding(w.cut))
	if t, ok := w.cut.(*textCut); ok {
		plan.Warnings = slices.Concat(t.unread, t.broken)
	}
	return nil
}

// published reports whether a commit that has it is known to be on the remote.
func (w *purging) published(ctx context.Context, remote string) (bool, error) {
	if remote == "" {
		return false, nil
	}
	there, err := w.j.published(ctx, remote)
	if err != nil {
		return false, err
	}
	nodes, err := w.j.commitsOf(ctx, there)
	return slices.ContainsFunc(nodes, func(n git.CommitNode) bool { return w.branch.affected[n.Hash] }), err
}

// isLocal reports whether a remote that has just answered has nothing of what is
// purged: then the commits that it has need not be written anew, and nothing that
// somebody has not sent yet is sent.
func (w *purging) isLocal(ctx context.Context, t *turn) (bool, error) {
	if t == nil {
		return false, nil
	}
	looked := map[Hash]bool{}
	for _, n := range w.branch.nodes {
		looked[n.Hash] = true
	}
	there, err := w.j.published(ctx, w.remote)
	if err != nil {
		return false, err
	}
	nodes, err := w.j.commitsOf(ctx, append(there, t.known()...))
	return !slices.ContainsFunc(nodes, func(n git.CommitNode) bool { return w.branch.affected[n.Hash] || !looked[n.Hash] }), err
}

// count adds what a tip has to the plan.
func (w *purging) count(f *family, plan *PurgePlan) error {
	f.ids = map[string]string{}
	if f.tip.parent.IsZero() {
		return nil
	}
	was, err := w.batch.objs.Commit(f.tip.parent)
	if err != nil {
		return err
	}
	var failed error
	err = f.new.changes(was.Tree, "", "", func(c changedFile) {
		if id := incidentOf(c.was); id != "" {
			f.ids[id] = incidentOf(c.now)
			plan.Incidents = append(plan.Incidents, f.ids[id])
		}
		n, err := w.places(c)
		plan.Places += n
		failed = errors.Join(failed, err)
	})
	return errors.Join(err, failed)
}

// places is how often what is purged stands in a file.
func (w *purging) places(c changedFile) (int, error) {
	t, ok := w.cut.(*textCut)
	switch {
	case c.old == c.new:
		return 0, nil
	case !ok:
		return 1, nil
	}
	content, err := w.batch.objs.Blob(c.old, maxPurged)
	return max(1, len(t.find.FindAllIndex(content, -1))), err
}

// message is what the history says of the purge: what kind of thing, and never
// the value.
func (w *purging) message(ids []string) string {
	if w.purge.Incident != "" {
		ids = []string{w.purge.Incident}
	}
	c := journal.Change{ID: w.purge.ID, Verb: "purge", Summary: w.purge.kind()}
	if len(ids) == 1 {
		c.Incident = ids[0]
		return c.Message()
	}
	return fmt.Sprintf("%s: %s, in %s\n\n%s: %s\n", c.Verb, c.Summary, count(len(ids), "incident"), journal.TrailerChange, c.ID)
}

func (p Purge) kind() string {
	switch {
	case p.Entry != "":
		return "an entry"
	case p.Attachment != "":
		return "an attachment"
	}
	return "a text"
}
