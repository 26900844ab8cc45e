package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"git-incident/journal"
)

// Stuck is a spooled change that cannot be applied. Its file stays.
type Stuck struct {
	File    string // absolute path
	Changes []journal.Change
	Reason  string
}

// setAside moves a record to spool/stuck and leaves the reason beside it. If
// even that fails it stays pending and is tried again.
func (j *Journal) setAside(r *record, reason error) Stuck {
	dir := j.path(stuckDir)
	file := filepath.Join(dir, r.name)
	err := errors.Join(j.makeDir(dir), os.WriteFile(file+whyEnds, []byte(reason.Error()+"\n"), 0o666))
	if err == nil {
		err = os.Rename(j.path(spoolDir, r.name), file)
	}
	if err != nil {
		file = j.path(spoolDir, r.name)
	}
	return Stuck{File: file, Changes: r.Changes, Reason: reason.Error()}
}

// Stuck lists the changes that could not be applied, oldest first.
func (j *Journal) Stuck() ([]Stuck, error) {
	dir := j.path(stuckDir)
	names, err := recordNames(dir)
	if err != nil {
		return nil, fmt.Errorf("read the spool: %w", err)
	}
	var stuck []Stuck
	for _, name := range names {
		s := Stuck{File: filepath.Join(dir, name)}
		if r, err := readRecord(dir, name); err == nil {
			s.Changes = r.Changes
		}
		why, _ := os.ReadFile(s.File + whyEnds)
		s.Reason = strings.TrimSpace(string(why))
		stuck = append(stuck, s)
	}
	return stuck, nil
}

// finish moves applied records out of the way and reports whether all of them
// went. One that stays is recognized by its change id, as long as the intent
// makes the next command look.
func (j *Journal) finish(records []*record) bool {
	if err := j.makeDir(j.path(doneDir)); err != nil {
		return false
	}
	all := true
	for _, r := range records {
		err := os.Rename(j.path(spoolDir, r.name), j.path(doneDir, r.name))
		all = all && err == nil
	}
	return all
}

// How long applied records are kept, and how often we look.
const (
	keepDone   = 14 * 24 * time.Hour
	pruneEvery = 24 * time.Hour
)

// prune removes applied records that are old, or that a remote has, once a day.
// It is housekeeping: what fails today works tomorrow.
func (j *Journal) prune(ctx context.Context) {
	stamp := j.path(doneDir, ".pruned")
	text, _ := os.ReadFile(stamp)
	last, _ := strconv.ParseInt(string(text), 10, 64)
	now := j.now()
	if age := now.Sub(time.Unix(last, 0)); age >= 0 && age < pruneEvery {
		return
	}
	_ = os.WriteFile(stamp, []byte(strconv.FormatInt(now.Unix(), 10)), 0o666)
	j.sweep(now)
	names, err := recordNames(j.path(doneDir))
	if err != nil || len(names) == 0 {
		return
	}
	shared, here := j.sharedChanges(ctx), j.ownChanges(ctx)
	for _, name := range names {
		stamp, id, _ := strings.Cut(name, "-")
		nanos, _ := strconv.ParseInt(stamp, 10, 64)
		if now.Sub(time.Unix(0, nanos)) > keepDone && here[id] || shared[id] {
			_ = os.Remove(j.path(doneDir, name))
		}
	}
}

// sweep removes temporary files of processes that died long ago.
func (j *Journal) sweep(now time.Time) {
	for _, dir := range []string{j.dir, j.path(spoolDir)} {
		entries, _ := os.ReadDir(dir)
		for _, e := range entries {
			info, err := e.Info()
			if err == nil && strings.HasPrefix(e.Name(), tempName) && now.Sub(info.ModTime()) > pruneEvery {
				_ = os.Remove(filepath.Join(dir, e.Name()))
			}
		}
	}
}

// sharedChanges are the ids of recent changes that a remote-tracking branch has.
func (j *Journal) sharedChanges(ctx context.Context) map[string]bool {
	shared := map[string]bool{}
	for _, tip := range j.remoteTips(ctx) {
		ids, err := j.changesIn(ctx, tip.Hash, recentCommits)
		if err != nil {
			return nil
		}
		maps.Copy(shared, ids)
	}
	return shared
}

// recentCommits is how far back changes are looked for in the history.
const recentCommits = 2000

// changesIn are the ids of the changes in the newest commits of a history, at most
// limit of them; zero is no limit.
func (j *Journal) changesIn(ctx context.Context, tip Hash, limit int) (map[string]bool, error) {
	entries, err := j.repo.Log(ctx, tip, limit)
	if err != nil {
		return nil, err
	}
	ids := map[string]bool{}
	for _, e := range entries {
		for _, id := range e.Values(journal.TrailerChange) {
			ids[id] = true
		}
	}
	return ids, nil
}

// isApplied reports whether all changes of a record are in the history.
func (r *record) isApplied(ids map[string]bool) bool {
	return !slices.ContainsFunc(r.Changes, func(c journal.Change) bool { return !ids[c.ID] })
}

// ownChanges are the ids of the changes in the history of the branch and of the
// drafts. What is in neither has no other copy than its record, however old.
func (j *Journal) ownChanges(ctx context.Context) map[string]bool {
	own := map[string]bool{}
	for _, draft := range []bool{false, true} {
		ref, err := j.repo.FreshRef(ctx, j.ref(draft))
		if err != nil || ref.Absent() {
			continue
		}
		ids, _ := j.changesIn(ctx, ref.Hash, 0) // unknown is not there
		maps.Copy(own, ids)
	}
	return own
}
