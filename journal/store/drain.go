package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"git-incident/journal/git"
)

// drain applies everything in the spool. The caller holds the lock.
func (j *Journal) drain(ctx context.Context) (outcome, error) {
	deadline, cancel := context.WithTimeout(ctx, writeFor)
	defer cancel()
	j.bringBack(ctx)
	left, crashed := j.leftover()
	j.freeRefs(ctx, left)
	out := outcome{names: map[string]error{}}
	for try := 0; ; try++ {
		err := j.turn(ctx, &out, left, crashed)
		switch {
		case errors.Is(err, git.ErrLocked) && j.unlockRefs(left):
		case (errors.Is(err, git.ErrStale) || errors.Is(err, git.ErrPruned)) && deadline.Err() == nil:
			sleep(deadline, jitter(try))
		case err != nil:
			return out, fmt.Errorf("apply what is written down: %w", err)
		default:
			j.prune(ctx)
			return out, nil
		}
	}
}

// turn builds on the tips as they are and tries to move them, once.
func (j *Journal) turn(ctx context.Context, out *outcome, left intent, crashed bool) error {
	out.done, out.held = nil, nil
	records, unread, err := j.pending()
	if err != nil || len(records)+len(unread) == 0 {
		return err
	}
	for _, r := range unread {
		j.keep(r, out)
	}
	b, err := j.newBatch(ctx)
	if err != nil {
		return err
	}
	defer b.objs.Close()
	applied, err := b.alreadyApplied(ctx, crashed)
	if err != nil {
		return err
	}
	for _, r := range records {
		if r.isApplied(applied) {
			out.done = append(out.done, r)
			continue
		}
		j.take(ctx, b, r, out)
	}
	updates := b.updates()
	if len(updates) == 0 {
		j.finish(out.done)
		return nil
	}
	if err := b.land(ctx, reflogMessage(out.done), left, updates); err != nil {
		return err
	}
	if j.finish(out.done) {
		j.retract()
	}
	b.remember()
	return nil
}

// take applies one record, or puts it where its error says.
func (j *Journal) take(ctx context.Context, b *batch, r *record, out *outcome) {
	err := b.apply(ctx, r)
	if err != nil {
		j.keep(heldRecord{r, err}, out)
		return
	}
	out.done = append(out.done, r)
}

// keep sets a record aside that will never fit, and holds any other.
func (j *Journal) keep(r heldRecord, out *outcome) {
	if !isUnfit(r.err) {
		out.held = append(out.held, r)
		return
	}
	out.names[r.name] = r.err
	out.stuck = append(out.stuck, j.setAside(r.record, r.err))
}

// alreadyApplied are the changes that a process which died may have committed
// without tidying the spool. Applying them again could undo what was written
// since.
func (b *batch) alreadyApplied(ctx context.Context, crashed bool) (map[string]bool, error) {
	ids := map[string]bool{}
	for _, draft := range []bool{false, true} {
		if !crashed {
			break
		}
		l, err := b.on(ctx, draft)
		if err != nil || l.tip.IsZero() {
			continue // its changes are held back, or there are none
		}
		found, err := b.j.changesIn(ctx, l.tip, recentCommits)
		if err != nil {
			return nil, err
		}
		for id := range found {
			ids[id] = true
		}
	}
	return ids, nil
}

// unlockRefs removes the lock files that a dead process of ours left. Git has
// waited a second for them, and the lock of the journal is ours.
func (j *Journal) unlockRefs(left intent) bool {
	removed := false
	for _, u := range left {
		removed = j.repo.RemoveLock(u.Name, u.New) || removed
	}
	return removed
}

// freeRefs removes the lock files that a dead process of ours left, on whichever
// ref: once its intent is gone nobody can tell whose they are, and the user's own
// git fetch would stop at them. A child that outlived it is given time to end.
func (j *Journal) freeRefs(ctx context.Context, left intent) {
	held := func(u git.RefUpdate) bool { return j.repo.Locked(u.Name) }
	until := 1000 * time.Millisecond
	for ; until > 0 && slices.ContainsFunc(left, held); until -= 20 * time.Millisecond {
		sleep(ctx, 20*time.Millisecond)
	}
	if until <= 0 {
		j.unlockRefs(left)
	}
}

// move moves refs that no change of the spool is about. The caller holds the lock.
func (j *Journal) move(ctx context.Context, message string, updates intent) error {
	left, crashed := j.leftover()
	j.freeRefs(ctx, left)
	if err := j.declare(append(left, updates...)); err != nil {
		return err
	}
	err := j.repo.UpdateRefs(ctx, message, updates...)
	if errors.Is(err, git.ErrLocked) && j.unlockRefs(left) {
		err = j.repo.UpdateRefs(ctx, message, updates...)
	}
	var refused *git.CommandError
	switch {
	case err != nil && (!errors.As(err, &refused) || refused.Code <= 0):
		return err // nobody knows how far it came
	case crashed:
		return errors.Join(err, j.declare(left))
	}
	j.retract()
	return err
}

// reflogMessage is what `git reflog` shows.
func reflogMessage(done []*record) string {
	if len(done) == 1 {
		return done[0].reflogMessage()
	}
	return fmt.Sprintf("incident: %d changes", len(done))
}

func (r *record) reflogMessage() string { return "incident: " + r.Changes[0].Verb }

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// tidyUp removes what a process of ours that died left on the refs.
func (j *Journal) tidyUp(ctx context.Context) error {
	left, crashed := j.leftover()
	if !crashed {
		return nil
	}
	unlock, ok, err := j.lock(ctx, landWait)
	if err != nil || !ok {
		return err
	}
	defer unlock()
	j.freeRefs(ctx, left)
	return nil
}
