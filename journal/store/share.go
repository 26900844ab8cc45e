package store

import (
	"context"

	"git-incident/journal"
)

// Share moves a draft to the branch, in one step. c says when and under which id;
// the rest of it is filled in. A draft that is on the branch too is united with
// it. The error is a [*NotFoundError] when there is no such draft.
func (j *Journal) Share(ctx context.Context, c journal.Change) (Receipt, error) {
	if _, err := j.Flush(ctx); err != nil {
		return Receipt{}, err
	}
	objs := j.repo.Objects(ctx)
	defer objs.Close()
	tip, err := j.tip(ctx, true)
	if err != nil {
		return Receipt{}, err
	}
	if tip.Hash.IsZero() {
		return Receipt{}, &NotFoundError{Piece: c.Incident}
	}
	commit, err := objs.Commit(tip.Hash)
	if err != nil {
		return Receipt{}, j.badTip(ctx, tip.Ref, err)
	}
	f, err := readFolder(objs, commit.Tree, c.Incident)
	switch {
	case err != nil:
		return Receipt{}, err
	case !f.exists():
		return Receipt{}, &NotFoundError{Piece: c.Incident}
	case f.err != nil:
		return Receipt{}, f.err
	}
	c.Draft, c.Adopt, c.Attach = false, string(f.raw), f.inc.Attachments
	drop := journal.Change{
		ID: c.ID + dropEnds, Incident: c.Incident, At: c.At,
		Verb: c.Verb, Summary: c.Summary, Draft: true, Drop: true,
	}
	return j.write(ctx, &record{Changes: []journal.Change{c, drop}})
}

// dropEnds makes the id of the second half of a move from the first's.
const dropEnds = "d"
