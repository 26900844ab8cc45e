package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"git-incident/journal/git"
)

// turn is one try of a sync: what is where, and what it was merged to.
type turn struct {
	there   Hash // the remote's branch, zero when it has none
	inboxes []git.RemoteRef
	here    base // our own branch
	seen    Hash // what the remote had after the last sync

	merged   Hash
	has      map[Hash]bool // tips that merged took in
	replaces bool          // merged is not a descendant of what the remote has: it was purged
	backup   Hash          // what to keep a ref at, zero for nothing
}

// inbox is what an inbox on the remote holds, zero when there is none.
func (t *turn) inbox(name string) Hash {
	for _, in := range t.inboxes {
		if in.Name == name {
			return in.Hash
		}
	}
	return Hash{}
}

// inboxWith is the inbox on the remote that holds a commit, "" when none does.
func (t *turn) inboxWith(tip Hash) string {
	for _, in := range t.inboxes {
		if in.Hash == tip {
			return in.Name
		}
	}
	return ""
}

// known are the commits that the remote has already.
func (t *turn) known() []Hash {
	var known []Hash
	if !t.there.IsZero() {
		known = append(known, t.there)
	}
	for _, in := range t.inboxes {
		known = append(known, in.Hash)
	}
	return known
}

// gather asks the remote what it has, and fetches what is not here.
func (s *syncing) gather(ctx context.Context) (*turn, error) {
	t := &turn{has: map[Hash]bool{}}
	s.step(StepAsk)
	refs, err := s.j.repo.LsRemote(ctx, s.net, s.result.Remote, s.j.branch, s.j.inboxes()[0]+"*", s.j.inboxes()[1]+"*")
	if err != nil {
		return t, err
	}
	if err := s.fetchAll(ctx, t, refs); err != nil {
		return t, err
	}
	seen, err := s.j.repo.FreshRef(ctx, s.j.seen(s.result.Remote))
	if err != nil {
		return t, s.j.unreadable(s.j.seen(s.result.Remote), err)
	}
	t.seen = seen.Hash
	if t.here, err = s.j.writeBase(ctx, false); err != nil {
		return t, err
	}
	return t, s.mustBeJournal(ctx, s.j.branch, t.here.parent)
}

// mustBeJournal fails for a commit that holds something else.
func (s *syncing) mustBeJournal(ctx context.Context, ref string, tip Hash) error {
	if tip.IsZero() {
		return nil
	}
	objs := s.j.repo.Objects(ctx)
	defer objs.Close()
	commit, err := objs.Commit(tip)
	if err != nil {
		return &RefError{Ref: ref, Reason: "it does not name a commit", Err: err}
	}
	return s.j.mustBeJournal(objs, ref, commit.Tree)
}

// maxInboxes is more than a team has clones that may not push; anybody who may push
// could make any number.
const maxInboxes = 200

// fetchAll brings everything here. An inbox that cannot be had is skipped: it is
// one clone's, and that one still has its journal.
func (s *syncing) fetchAll(ctx context.Context, t *turn, refs []git.RemoteRef) error {
	s.result.Skipped = nil
	var branch, inboxes []git.RemoteRef
	for _, ref := range refs {
		switch {
		case ref.Name == s.j.branch:
			t.there, branch = ref.Hash, []git.RemoteRef{ref}
		case strings.Contains(strings.TrimPrefix(strings.TrimPrefix(ref.Name, s.j.inboxes()[0]), s.j.inboxes()[1]), "/"):
			// it is of another journal, whose name begins with that of this one
		case len(inboxes) == maxInboxes:
			s.skip(ref, "there are too many inboxes")
		default:
			inboxes = append(inboxes, ref)
		}
	}
	err := s.fetch(ctx, append(inboxes, branch...))
	if cause, ok := causeOf(err); ok && cause == git.Broken && len(inboxes) > 0 {
		if err = s.fetch(ctx, branch); err == nil {
			inboxes, err = s.fetchEach(ctx, inboxes)
		}
	}
	if err != nil {
		return err
	}
	objs := s.j.repo.Objects(ctx)
	defer objs.Close()
	if err := s.mustBeJournal(ctx, s.result.Remote+" "+s.j.branch, t.there); err != nil {
		return err
	}
	for _, in := range inboxes {
		if _, err := objs.Commit(in.Hash); err != nil {
			s.skip(in, "it does not name a commit")
			continue
		}
		t.inboxes = append(t.inboxes, in)
	}
	return nil
}

func (s *syncing) fetchEach(ctx context.Context, inboxes []git.RemoteRef) (good []git.RemoteRef, err error) {
	for _, in := range inboxes {
		err := s.fetch(ctx, []git.RemoteRef{in})
		if cause, ok := causeOf(err); ok && cause == git.Broken {
			s.skip(in, "it cannot be fetched")
			continue
		}
		if err != nil {
			return nil, err
		}
		good = append(good, in)
	}
	return good, nil
}

func (s *syncing) skip(in git.RemoteRef, reason string) {
	s.result.Skipped = append(s.result.Skipped, Warning{Path: in.Name, Reason: reason})
}

func causeOf(err error) (git.Cause, bool) {
	var failed *git.NetworkError
	if !errors.As(err, &failed) {
		return 0, false
	}
	return failed.Cause, true
}

// fetch brings the history of refs here. One that moved since we asked is a lost
// race.
func (s *syncing) fetch(ctx context.Context, refs []git.RemoteRef) error {
	wanted, err := s.missing(ctx, refs)
	if err != nil || len(wanted) == 0 {
		return err
	}
	s.step(StepFetch)
	names := make([]string, len(wanted))
	for i, ref := range wanted {
		names[i] = ref.Name
	}
	err = s.j.repo.Fetch(ctx, s.net, s.result.Remote, names...)
	if cause, ok := causeOf(err); ok && cause == git.NoRef {
		return fmt.Errorf("%w: %w", git.ErrStale, err)
	}
	if err != nil {
		return err
	}
	left, err := s.missing(ctx, wanted)
	if err == nil && len(left) > 0 {
		err = fmt.Errorf("%s of %s: %w", left[0].Name, s.result.Remote, git.ErrStale)
	}
	return err
}

func (s *syncing) missing(ctx context.Context, refs []git.RemoteRef) ([]git.RemoteRef, error) {
	tips := make([]Hash, len(refs))
	for i, ref := range refs {
		tips[i] = ref.Hash
	}
	if len(tips) == 0 {
		return nil, nil
	}
	missing, err := s.j.repo.Missing(ctx, tips...)
	var out []git.RemoteRef
	for _, ref := range refs {
		if slices.Contains(missing, ref.Hash) {
			out = append(out, ref)
		}
	}
	return out, err
}

// count says how much comes and goes.
func (s *syncing) count(ctx context.Context, t *turn) (err error) {
	s.result.Sent, s.result.Received = 0, 0
	if t.merged.IsZero() {
		return nil
	}
	if t.merged != t.there {
		s.result.Sent, err = s.j.changesBetween(ctx, t.merged, t.known()...)
	}
	if err == nil && t.merged != t.here.parent {
		var ours []Hash
		if !t.here.parent.IsZero() {
			ours = append(ours, t.here.parent)
		}
		s.result.Received, err = s.j.changesBetween(ctx, t.merged, ours...)
	}
	return err
}

// land moves our refs: the branch to what was merged, the others to what the
// remote has. The error wraps [git.ErrStale] when somebody wrote meanwhile.
func (s *syncing) land(ctx context.Context, t *turn) error {
	updates, err := s.updates(ctx, t)
	if err != nil || len(updates) == 0 {
		return err
	}
	unlock, ok, err := s.j.lock(ctx, landWait)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("%w: %w", errBusy, git.ErrStale)
	}
	defer unlock()
	ours, tracking := intent{}, intent{}
	for _, u := range updates {
		if u.Name == s.j.tracking(s.result.Remote) {
			tracking = append(tracking, u)
		} else {
			ours = append(ours, u)
		}
	}
	if len(ours) > 0 {
		if err := s.j.move(ctx, "incident: sync", ours); err != nil {
			return err
		}
	}
	if len(tracking) > 0 {
		_ = s.j.move(ctx, "incident: sync", tracking) // the user's git keeps it too, and may be faster or in the way
	}
	return nil
}

// updates are the refs that a turn moves.
func (s *syncing) updates(ctx context.Context, t *turn) (intent, error) {
	tracking, seen, sent := s.j.tracking(s.result.Remote), s.j.seen(s.result.Remote), s.j.sent(s.result.Remote)
	backup := ""
	if !t.backup.IsZero() {
		stamp := s.j.now().UTC().Format("20060102T150405Z")
		backup = fmt.Sprintf("%s%s/%s/%s-%.7s", BackupRefs, s.result.Remote, s.j.shortBranch(), stamp, t.backup)
	}
	names := slices.DeleteFunc([]string{tracking, seen, sent, backup}, func(name string) bool { return name == "" })
	refs, err := s.j.repo.Refs(ctx, names...)
	if err != nil {
		return nil, err
	}
	var updates intent
	to := func(name string, now, old Hash) {
		if !now.IsZero() && now != old {
			updates = append(updates, git.RefUpdate{Name: name, New: now, Old: old})
		}
	}
	there := t.there
	if t.replaces && there != t.merged {
		there = Hash{} // no ref of ours leads back to what was purged
	}
	to(s.j.branch, t.merged, t.here.old)
	to(tracking, there, refs[tracking].Hash)
	to(seen, there, refs[seen].Hash)
	if s.result.State == SyncInbox {
		to(sent, t.merged, refs[sent].Hash)
	}
	if backup != "" {
		to(backup, t.backup, refs[backup].Hash)
		s.result.Backup = backup
	}
	return updates, nil
}
