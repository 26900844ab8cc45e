package store

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"git-incident/journal/git"
)

// SyncOptions say how a sync may behave.
type SyncOptions struct {
	Timeout      time.Duration     // how long one step may wait for the remote
	Prompt       bool              // a person sits at the terminal and may be asked for a password
	AllowSecrets bool              // what looks like a secret may leave
	CloneID      string            // for a clone that has no name yet: some random characters
	Step         func(step string) // is told which of the steps begins; may be nil
}

// CloneIDLen is the length of a clone's name in characters.
const CloneIDLen = 8

// The steps of a sync.
const (
	StepAsk   = "ask"
	StepFetch = "fetch"
	StepMerge = "merge"
	StepPush  = "push"
)

// SyncState is how a sync ended.
type SyncState string

// The ends of a sync.
const (
	SyncNoRemote SyncState = "no-remote" // there is nobody to share with
	SyncEmpty    SyncState = "empty"     // there is no journal, here or there
	SyncShared   SyncState = "shared"    // the remote's branch has everything
	SyncInbox    SyncState = "inbox"     // the remote has everything, some of it in the inbox of this clone
)

// Synced is what a sync did.
type Synced struct {
	State    SyncState
	Remote   string
	Sent     int // changes that the remote did not have
	Received int // changes that this clone did not have

	Refused   string    // why the branch did not take it, in the remote's words
	Inbox     string    // the ref on the remote that has it instead
	Backup    string    // the ref that keeps what we had, when the remote had gone back
	Purged    bool      // our history gave way to one that was purged
	Left      []Left    // what could not be put on that one
	Conflicts []string  // ids of incidents whose prose stands there in more than one version since this merge
	Unpurged  bool      // what was purged still stands on the remote's branch
	Again     bool      // a purge of this clone has to be made again: another one was first
	Skipped   []Warning // inboxes that could not be read
}

// How long a sync that keeps losing the race tries again. Fifty clones writing at
// once needed up to eight tries.
const (
	syncTries = 8
	sameTries = 3 // while the remote's branch stands still
	syncFor   = 20 * time.Second
	syncPause = 4 * time.Second // between two tries, at most
)

// Sync makes this clone and the remote have the same journal: it fetches, merges,
// and pushes. After a lost race the merge is thrown away and made afresh from the
// new tip. A remote whose branch does not take the push gets it in an inbox of this
// clone, which every other sync reads.
//
// What was on the branch before stays whatever the error, which is a
// [*git.NetworkError], a [*SecretError], a [*RefError] or [git.ErrNoIdentity].
// The result is valid even then.
func (j *Journal) Sync(ctx context.Context, o SyncOptions) (Synced, error) {
	remote, err := j.Remote()
	if err != nil {
		return Synced{}, err
	}
	if remote == "" {
		return Synced{State: SyncNoRemote}, nil
	}
	unlock, err := j.lockSync(ctx)
	if err != nil {
		return Synced{Remote: remote}, err
	}
	defer unlock()
	if err := j.tidyUp(ctx); err != nil {
		return Synced{Remote: remote}, err
	}
	_, waiting := j.Flush(ctx) // what still waits goes along, but it keeps nothing else here
	s := &syncing{
		j: j, o: o, result: Synced{Remote: remote},
		net: git.Network{Timeout: o.Timeout, Prompt: o.Prompt},
	}
	if s.clone, err = j.cloneID(o.CloneID); err != nil {
		return s.result, err
	}
	err = s.run(ctx)
	j.noteSync(err)
	if err != nil {
		return s.result, err
	}
	return s.result, waiting
}

// syncing is one sync.
type syncing struct {
	j      *Journal
	o      SyncOptions
	net    git.Network
	clone  string
	result Synced
	stale  string // why the last push came too late
}

func (s *syncing) step(name string) {
	if s.o.Step != nil {
		s.o.Step(name)
	}
}

func (s *syncing) run(ctx context.Context) error {
	race, cancel := context.WithTimeout(ctx, syncFor)
	defer cancel()
	var last Hash
	same := 0
	for try := 1; ; try++ {
		t, err := s.turn(ctx)
		if !errors.Is(err, git.ErrStale) {
			return err
		}
		if same++; t.there != last || s.stale == "" {
			last, same = t.there, 1
		}
		if try == syncTries || same == sameTries || race.Err() != nil {
			s.result.Refused = "others were faster, again and again"
			if same == sameTries { // nobody was: the remote cannot move its branch
				s.result.Refused = s.stale
			}
			return s.finish(ctx, t, s.toInbox(ctx, t))
		}
		sleep(race, backoff(try))
	}
}

// backoff spreads clones that lost the same race.
func backoff(try int) time.Duration {
	longest := min(syncPause, 100*time.Millisecond<<try)
	return longest/2 + rand.N(longest/2)
}

// turn asks, fetches, merges and pushes once. The error wraps [git.ErrStale] when
// somebody else was faster, there or here.
func (s *syncing) turn(ctx context.Context) (*turn, error) {
	t, err := s.gather(ctx)
	if err != nil {
		return t, err
	}
	s.step(StepMerge)
	if err := s.unite(ctx, t); err != nil {
		return t, err
	}
	if err := s.count(ctx, t); err != nil {
		return t, err
	}
	if t.merged.IsZero() {
		s.result.State = SyncEmpty
		return t, nil
	}
	return t, s.finish(ctx, t, s.push(ctx, t))
}

// finish moves our refs after a push. Also when it did not work: what came from
// others is worth reading now.
func (s *syncing) finish(ctx context.Context, t *turn, pushed error) error {
	if errors.Is(pushed, git.ErrStale) {
		return pushed
	}
	if err := s.keepLeft(); err != nil {
		return err // our branch has the only other copy, and stays
	}
	landed := s.land(ctx, t)
	if pushed != nil {
		if errors.Is(landed, git.ErrStale) {
			landed = nil
		}
		return errors.Join(pushed, landed)
	}
	if landed == nil {
		s.tidy(ctx, t)
	}
	return landed
}

// push sends what was merged to the branch, or else to the inbox.
func (s *syncing) push(ctx context.Context, t *turn) error {
	if t.merged == t.there {
		s.result.State = SyncShared
		return nil
	}
	update := git.RemoteUpdate{Name: s.j.branch, New: t.merged, Old: t.there, Lease: t.replaces}
	result, err := s.send(ctx, t, update)
	switch {
	case err != nil:
		return err
	case result.Status == git.Stale:
		s.stale = result.Reason
		return git.ErrStale
	case result.Status == git.Refused:
		s.result.Refused = result.Reason
		return s.toInbox(ctx, t)
	}
	s.result.State = SyncShared
	t.there = t.merged
	return nil
}

// toInbox sends what was merged to a ref that nobody else writes, so that there is
// no race to lose and no protected branch in the way.
func (s *syncing) toInbox(ctx context.Context, t *turn) error {
	if name := t.inboxWith(t.merged); name != "" {
		s.result.State, s.result.Inbox, s.result.Unpurged = SyncInbox, name, t.replaces
		return nil
	}
	var refused string
	for _, below := range s.j.inboxes() {
		name := below + s.clone
		result, err := s.send(ctx, t, git.RemoteUpdate{Name: name, New: t.merged, Old: t.inbox(name), Lease: true})
		if err != nil {
			return err
		}
		if result.Status == git.Pushed {
			s.result.State, s.result.Inbox, s.result.Unpurged = SyncInbox, name, t.replaces
			return nil
		}
		refused = result.Reason
	}
	return &RefusedError{Remote: s.result.Remote, Branch: s.result.Refused, Inbox: refused}
}

// RefusedError says that a remote takes the journal nowhere.
type RefusedError struct {
	Remote string
	Branch string // why not on the branch, in the remote's words
	Inbox  string // why not in an inbox
}

func (e *RefusedError) Error() string {
	return e.Remote + " takes the journal neither on its branch (" + e.Branch + ") nor in an inbox (" + e.Inbox + ")"
}

// send pushes one ref, after a last look for secrets in what would leave.
func (s *syncing) send(ctx context.Context, t *turn, update git.RemoteUpdate) (git.PushResult, error) {
	if err := s.j.mayLeave(ctx, t.merged, t.known(), s.o.AllowSecrets); err != nil {
		return git.PushResult{}, err
	}
	s.step(StepPush)
	results, err := s.j.repo.Push(ctx, s.net, s.result.Remote, update)
	if err != nil {
		return git.PushResult{}, err
	}
	return results[0], nil
}

// tidy removes the inboxes on the remote that the branch now has. One that cannot
// be removed does no harm.
func (s *syncing) tidy(ctx context.Context, t *turn) {
	if s.result.State != SyncShared {
		return
	}
	var gone []git.RemoteUpdate
	for _, in := range t.inboxes {
		if t.has[in.Hash] {
			gone = append(gone, git.RemoteUpdate{Name: in.Name, Old: in.Hash, Lease: true})
		}
	}
	if len(gone) > 0 {
		_, _ = s.j.repo.Push(ctx, s.net, s.result.Remote, gone...)
	}
}
