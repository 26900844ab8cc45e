package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"git-incident/journal/git"
)

// Purged is what a purge did.
type Purged struct {
	PurgePlan
	Left      []Left // changes of this clone that had no place any more; see [Synced]
	Synced    Synced
	Unsent    error    // why the remote still has the old history, nil when it has not
	Reflogs   []string // refs whose reflogs still name the old history in this clone
	Local     bool     // the remote does not have it, and was left alone
	Elsewhere []string // refs that are not the journal's and still have the old history
}

// Do makes the purge: here first, and then on the remote. Once it has returned
// without an error, no ref of the journal in this clone has what was purged, and
// no later sync brings it back, also if the remote could not be changed yet.
func (p *PurgePlan) Do(ctx context.Context) (Purged, error) {
	done := Purged{PurgePlan: *p}
	roots, err := p.here(ctx, &done)
	if err != nil {
		return done, err
	}
	j := p.s.j
	done.Left = p.s.result.Left
	if done.Reflogs, err = j.Reflogs(); err != nil {
		return done, err
	}
	if done.Commits > 0 && p.Remote != "" && done.Unsent == nil && !done.Local {
		o := p.s.o
		o.AllowSecrets = true // what the remote did not have was looked at
		done.Synced, done.Unsent = j.Sync(ctx, o)
	}
	if len(roots) > 0 {
		done.Elsewhere, err = j.repo.Containing(ctx, roots...)
	}
	done.Elsewhere = slices.DeleteFunc(done.Elsewhere, func(name string) bool {
		return name == j.tracking(p.Remote) || strings.HasPrefix(name, seenRefs)
	})
	return done, err
}

// here makes the purge in this clone, and gives the first commits of the old
// history. When somebody writes meanwhile, it is made again with what they wrote.
func (p *PurgePlan) here(ctx context.Context, done *Purged) ([]Hash, error) {
	j := p.s.j
	unlock, err := j.lockSync(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	for try := 0; ; try++ {
		roots, err := p.once(ctx, done)
		if !errors.Is(err, git.ErrStale) || try == syncTries {
			return roots, err
		}
		sleep(ctx, jitter(try))
	}
}

func (p *PurgePlan) once(ctx context.Context, done *Purged) ([]Hash, error) {
	j := p.s.j
	var t *turn
	done.Unsent = p.Offline
	if p.Remote != "" && p.Offline == nil {
		var network *git.NetworkError
		var err error
		if t, err = p.s.fetchOnly(ctx); errors.As(err, &network) {
			done.Unsent = err
		} else if err != nil {
			return nil, err
		}
	}
	w, err := j.newPurging(ctx, p.purge, p.Remote)
	if err != nil {
		return nil, err
	}
	defer w.batch.objs.Close()
	if err := w.describe(ctx, &done.PurgePlan); err != nil {
		return nil, err
	}
	if done.Local, err = w.isLocal(ctx, t); err != nil {
		return nil, err
	}
	w.local = done.Local
	if err := w.build(ctx); err != nil {
		return nil, err
	}
	if err := w.persist(ctx); err != nil {
		return nil, err
	}
	var secret *SecretError
	if err := w.mayLeave(ctx, t, p.s.o.AllowSecrets); errors.As(err, &secret) {
		done.Unsent = err
	} else if err != nil {
		return nil, err
	}
	return w.roots(), w.land(ctx)
}

// persist writes the new history, and looks whether all of it is there before
// anything points at it.
func (w *purging) persist(ctx context.Context) error {
	if err := w.batch.objs.Persist(ctx); err != nil {
		return err
	}
	tips := w.newTips()
	if len(tips) == 0 {
		return nil
	}
	missing, err := w.j.repo.Missing(ctx, tips...)
	if err != nil || len(missing) == 0 {
		return err
	}
	if err := w.batch.objs.PersistAgain(ctx); err != nil {
		return err
	}
	if missing, err = w.j.repo.Missing(ctx, tips...); err == nil && len(missing) > 0 {
		err = fmt.Errorf("read back the new history: %w", errNotWritten)
	}
	return err
}

func (w *purging) newTips() []Hash {
	var tips []Hash
	for _, f := range w.families() {
		for _, h := range f.tips() {
			tips = append(tips, f.new.commits[h])
		}
	}
	return distinct(tips)
}

func (f *family) tips() []Hash {
	return distinct(append(slices.Collect(maps.Values(f.refs)), f.tip.parent))
}

// roots are the first commits that are no longer part of the journal.
func (w *purging) roots() []Hash {
	var roots []Hash
	for _, n := range w.branch.main {
		if now, ok := w.branch.new.commits[n.Hash]; len(n.Parents) == 0 && ok && now != n.Hash {
			roots = append(roots, n.Hash)
		}
	}
	return roots
}

// mayLeave looks for other secrets in what the remote does not have yet.
func (w *purging) mayLeave(ctx context.Context, t *turn, allow bool) error {
	tip, ok := w.branch.new.commits[w.branch.tip.parent]
	if t == nil || !ok {
		return nil
	}
	var known []Hash
	for _, h := range t.known() {
		if now, ok := w.branch.new.commits[h]; ok {
			known = append(known, now)
		}
	}
	return w.j.mayLeave(ctx, tip, known, allow)
}
