package git

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

var (
	// ErrStale says that a ref was not at the value the update was built on:
	// somebody else was first. Read it afresh and build again.
	ErrStale = errors.New("the ref moved meanwhile")
	// ErrPruned says that a gc took what the ref was about to point at. Build it
	// again.
	ErrPruned = errors.New("a gc took what had just been written")
	// ErrLocked says that somebody holds the lock of a ref, or left it behind.
	ErrLocked = errors.New("another git process holds the ref's lock")
)

// RefUpdate moves one ref.
type RefUpdate struct {
	Name string
	New  Hash // zero deletes the ref
	Old  Hash // zero means that the ref must not exist yet
}

// UpdateRefs moves all refs or none, and writes their reflogs. The error wraps
// [ErrStale], [ErrLocked] or [ErrBrokenRef] when git's reason is one of these.
// A symbolic ref is moved itself and not what it stands for.
func (r *Repo) UpdateRefs(ctx context.Context, message string, updates ...RefUpdate) error {
	var script strings.Builder
	script.WriteString("start\n")
	for _, u := range updates {
		r.forget(u.Name)
		script.WriteString("option no-deref\n")
		if u.New.IsZero() {
			fmt.Fprintf(&script, "delete %s %s\n", u.Name, u.Old)
		} else {
			fmt.Fprintf(&script, "update %s %s %s\n", u.Name, u.New, u.Old)
		}
	}
	script.WriteString("prepare\ncommit\n")
	err := r.runUpdate(ctx, message, script.String())
	for try := 1; try < persistTries && errors.Is(err, ErrPruned) && r.BringBack(ctx); try++ {
		err = r.runUpdate(ctx, message, script.String())
	}
	if err != nil {
		return fmt.Errorf("move %s: %w", updates[0].Name, err)
	}
	for _, u := range updates {
		r.remember(Ref{Name: u.Name, Hash: u.New})
	}
	return nil
}

func (r *Repo) runUpdate(ctx context.Context, message, script string) error {
	updater := r.takeUpdater(message)
	if updater == nil {
		updater = r.startUpdater(ctx, message)
	}
	stderr, err := updater.run(script)
	if err = r.explain(ctx, call{args: []string{"update-ref"}}, stderr, err); err != nil {
		return refusal(stderr, err)
	}
	return nil
}

// refusal names the reason behind git's words. A broken ref comes first: git
// says "cannot lock ref" about all of them.
func refusal(stderr string, err error) error {
	reasons := []struct {
		words string
		is    error
	}{
		{"reference broken", ErrBrokenRef},
		{".lock': File exists", ErrLocked},
		{"but expected", ErrStale},
		{"reference already exists", ErrStale},
		{"with nonexistent object", ErrPruned},
		{"unable to resolve reference", ErrStale},
	}
	for _, reason := range reasons {
		if strings.Contains(stderr, reason.words) {
			return fmt.Errorf("%w: %w", reason.is, err)
		}
	}
	return err
}

// Locked reports whether there is a lock file on a ref.
func (r *Repo) Locked(name string) bool {
	_, err := os.Stat(filepath.Join(r.CommonDir, filepath.FromSlash(name)+".lock"))
	return err == nil
}

// RemoveLock removes the lock file of a ref if it was left behind by an update
// to the value leftover: git writes the new value into it, or was killed before
// it could. The caller knows that no update of its own is running and has waited
// for everybody else's. It reports whether a file was removed.
func (r *Repo) RemoveLock(name string, leftover Hash) bool {
	path := filepath.Join(r.CommonDir, filepath.FromSlash(name)+".lock")
	content, err := os.ReadFile(path)
	if err != nil {
		return false
	}
	if value := strings.TrimSpace(string(content)); value != "" && value != leftover.String() {
		return false
	}
	return os.Remove(path) == nil
}
