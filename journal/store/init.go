package store

import (
	"context"
	"fmt"

	"git-incident/journal/git"
)

// initMessage is the message of a first commit that has no incident.
const initMessage = "init: an incident journal\n"

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
		if _, err := b.extend(ctx, l, nil, initMessage, who); err != nil {
			return Tip{}, false, err
		}
	}
	left, crashed := j.leftover()
	created := intent{git.RefUpdate{Name: l.ref, New: l.tip}}
	if err := b.land(ctx, "incident: init", left, created); err != nil {
		return Tip{}, false, fmt.Errorf("make the branch: %w", err)
	}
	if !crashed {
		j.retract()
	}
	return Tip{Ref: l.ref, Hash: l.tip}, true, nil
}

// mergeDriver is what the branch's attributes call the rules for notes.
const mergeDriver = "incident"

// RegisterMergeDriver lets a plain git merge in this repository unite notes by the
// rules of [journal.Merge], when program is on the PATH; otherwise git merges lines
// as it always does.
func (j *Journal) RegisterMergeDriver(ctx context.Context, program string) error {
	driver := fmt.Sprintf("%s merge-driver %%O %%A %%B 2>/dev/null || git merge-file %%A %%O %%B", program)
	for _, setting := range []struct{ key, value string }{
		{"name", "incident notes"},
		{"driver", driver},
	} {
		key := "merge." + mergeDriver + "." + setting.key
		if old, _ := j.repo.Config(key); old == setting.value {
			continue
		}
		if err := j.repo.SetConfig(ctx, key, setting.value); err != nil {
			return fmt.Errorf("register the merge driver: %w", err)
		}
	}
	return nil
}
