package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"git-incident/journal/git"
)

// How long a command waits for the lock, and how often it looks.
const (
	lockWait  = 500 * time.Millisecond
	lockRetry = 2 * time.Millisecond
	landWait  = 5 * time.Second // a sync has time
	syncWait  = time.Minute
	syncRetry = 20 * time.Millisecond
)

const (
	lockFile     = "lock"
	syncFile     = "sync"
	syncNextFile = "sync.next"
	intentFile   = "intent"
	intentMagic  = "git-incident intent 1"
)

// lock takes the journal's lock. It reports false when somebody else has it for
// longer than wait; zero does not wait at all. The kernel releases the lock of a
// process that dies.
func (j *Journal) lock(ctx context.Context, wait time.Duration) (unlock func(), ok bool, err error) {
	if err := j.makeDir(j.dir); err != nil {
		return nil, false, fmt.Errorf("lock the journal: %w", err)
	}
	file := flock.New(j.path(lockFile), flock.SetPermissions(0o666))
	if ok, err = file.TryLock(); err == nil && !ok && wait > 0 {
		ctx, cancel := context.WithTimeout(ctx, wait)
		defer cancel()
		ok, err = file.TryLockContext(ctx, lockRetry)
	}
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return nil, false, fmt.Errorf("lock the journal: %w", err)
	}
	if !ok {
		return nil, false, nil
	}
	j.share(j.path(lockFile))
	return func() { _ = file.Unlock() }, true, nil
}

// lockSync makes syncs of one clone follow each other. The one that waits longest
// holds a second lock, so that others can tell that somebody waits.
func (j *Journal) lockSync(ctx context.Context) (unlock func(), err error) {
	if err := j.makeDir(j.dir); err != nil {
		return nil, fmt.Errorf("lock the sync: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, syncWait)
	defer cancel()
	next := flock.New(j.path(syncNextFile), flock.SetPermissions(0o666))
	running := flock.New(j.path(syncFile), flock.SetPermissions(0o666))
	for _, lock := range []*flock.Flock{next, running} {
		_, err = lock.TryLockContext(ctx, syncRetry)
		if errors.Is(err, context.DeadlineExceeded) {
			err = fmt.Errorf("another git incident sync has been running for %s", syncWait)
		}
		if err != nil {
			_ = next.Unlock()
			return nil, err
		}
	}
	_ = next.Unlock()
	return func() { _ = running.Unlock() }, nil
}

// SyncWaits reports whether a sync waits for another one to end: it will take along
// what is on the branch now.
func (j *Journal) SyncWaits() bool {
	next := flock.New(j.path(syncNextFile), flock.SetPermissions(0o666))
	ok, err := next.TryLock()
	if ok {
		_ = next.Unlock()
	}
	return err == nil && !ok
}

// intent says which refs we are about to move, and where. It stands from before
// the refs move until the spool is tidied. Whoever gets the lock and finds one
// knows that its author died in between, and looks closer.
type intent []git.RefUpdate

// declare writes the intent down, so that it survives a power cut: a lock file of
// git's may survive one, and without the intent nobody could say whose it was.
func (j *Journal) declare(i intent) error {
	var b strings.Builder
	fmt.Fprintln(&b, intentMagic)
	for _, u := range i {
		fmt.Fprintln(&b, u.Name, u.New)
	}
	file, err := os.OpenFile(j.path(intentFile), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o666)
	if err == nil {
		_, err = file.WriteString(b.String())
		err = errors.Join(err, file.Sync(), file.Close())
	}
	if err != nil {
		return fmt.Errorf("note what is about to be written: %w", err)
	}
	j.share(j.path(intentFile))
	return nil
}

// withdraw takes back what was declared beyond left.
func (j *Journal) withdraw(left intent) {
	if len(left) == 0 {
		j.retract()
		return
	}
	_ = j.declare(left)
}

func (j *Journal) retract() { _ = os.Remove(j.path(intentFile)) }

// leftover reads the intent of a process that died. found is true even if the
// text was cut off.
func (j *Journal) leftover() (i intent, found bool) {
	text, err := os.ReadFile(j.path(intentFile))
	if err != nil {
		return nil, false
	}
	for line := range strings.Lines(string(text)) {
		name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if ok && strings.HasPrefix(name, "refs/") && git.IsHash(value) {
			i = append(i, git.RefUpdate{Name: name, New: git.NewHash(value)})
		}
	}
	return i, true
}
