package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"git-incident/journal/git"
)

// land moves the refs of this clone, and takes what was purged out of its files.
func (w *purging) land(ctx context.Context) error {
	unlock, ok, err := w.j.lock(ctx, landWait)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("%w: %w", errBusy, git.ErrStale)
	}
	defer unlock()
	if updates := w.updates(); len(updates) > 0 {
		if err := w.j.move(ctx, "incident: purge", updates); err != nil {
			return err
		}
	}
	return w.j.scrub(w.cut)
}

// updates are the refs to move. What the remote had after the last sync is
// forgotten: it is the very history that must not come back.
func (w *purging) updates() intent {
	var updates intent
	for _, f := range w.families() {
		if f.tip.old.IsZero() && f.isAffected() && !f.tip.parent.IsZero() {
			updates = append(updates, git.RefUpdate{Name: w.j.ref(f.draft), New: f.new.commits[f.tip.parent]})
		}
		for _, name := range slices.Sorted(maps.Keys(f.refs)) {
			old := f.refs[name]
			now, ok := f.new.commits[old]
			if !ok || now == old {
				continue
			}
			if strings.HasPrefix(name, seenRefs) {
				now = Hash{}
			}
			updates = append(updates, git.RefUpdate{Name: name, New: now, Old: old})
		}
	}
	return updates
}

// Reflogs are the refs of the journal that have a reflog, which may still name what
// was purged.
func (j *Journal) Reflogs() ([]string, error) {
	remote, err := j.Remote()
	if err != nil {
		return nil, err
	}
	names := []string{j.branch, Drafts}
	if remote != "" {
		names = append(names, j.tracking(remote), j.seen(remote))
	}
	var with []string
	for _, name := range names {
		values, err := j.repo.Reflog(name)
		if err != nil {
			return nil, err
		}
		if len(values) > 0 {
			with = append(with, name)
		}
	}
	return with, nil
}
