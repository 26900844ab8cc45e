package store

import (
	"context"
	"fmt"
	"time"

	"git-incident/journal/git"
)

// Init makes the branch with nothing on it but its README, or takes over the
// journal that a remote has. It reports whether there was something to make.
func (j *Journal) Init(ctx context.Context) (Tip, bool, error) {
	unlock, ok, err := j.lock(ctx, lockWait)
	if err != nil {
		return Tip{}, false, err
	}
	if !ok {
		return Tip{}, false, errBusy
	}
	defer unlock()
	b, err := j.newBatch(ctx)
	if err != nil {
		return Tip{}, false, err
	}
	defer b.objs.Close()
	l, err := b.on(ctx, false)
	if err != nil {
		return Tip{}, false, err
	}
	if !l.base.old.IsZero() {
		return Tip{Ref: l.ref, Hash: l.tip}, false, nil
	}
	if l.tip.IsZero() {
		who := b.who
		who.When = j.now()
		if _, err := b.extend(ctx, l, nil, "init: an incident journal\n", who); err != nil {
			return Tip{}, false, err
		}
	}
	left, _ := j.leftover()
	created := intent{git.RefUpdate{Name: l.ref, New: l.tip}}
	if err := b.land(ctx, "incident: init", left, created); err != nil {
		return Tip{}, false, fmt.Errorf("make the branch: %w", err)
	}
	j.retract()
	return Tip{Ref: l.ref, Hash: l.tip}, true, nil
}

// Age tells how old a journal is: its first commit, and when its tip was made.
func (j *Journal) Age(ctx context.Context, tip Tip) (root string, updated time.Time, err error) {
	if tip.Hash.IsZero() {
		return "", time.Time{}, nil
	}
	first, err := j.repo.Root(ctx, tip.Hash)
	if err != nil {
		return "", time.Time{}, err
	}
	last, err := j.repo.Log(ctx, tip.Hash, 1)
	if err != nil || len(last) == 0 {
		return "", time.Time{}, err
	}
	return first.String(), last[0].When, nil
}

// DraftTip gives the commit that drafts are read from, as it is now.
func (j *Journal) DraftTip(ctx context.Context) (Tip, error) {
	ref, err := j.repo.FreshRef(ctx, Drafts)
	if err != nil {
		return Tip{}, j.unreadable(Drafts, err)
	}
	return Tip{Ref: Drafts, Hash: ref.Hash}, nil
}
