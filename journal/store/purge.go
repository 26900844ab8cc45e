package store

import (
	"context"
	"errors"

	"git-incident/journal/git"
)

// Purge says what to take out of the whole history of a journal: an item or an
// attachment of an incident, or a text wherever it stands.
type Purge struct {
	ID         string // of the change: [journal.ChangeIDLen] characters of [journal.Token]
	Incident   string // id, for an entry and an attachment
	Entry      string // id of an event, a problem or a learning
	Attachment string // name
	Text       string
}

// PurgePlan is what a purge would do.
type PurgePlan struct {
	Remote    string
	Offline   error     // why the remote could not be asked, nil when it was or when there is none
	Published bool      // the remote has it
	Commits   int       // of the branch, that have it
	All       int       // commits of the branch, which all get new names
	Incidents []string  // ids, as they are called after it
	Places    int       // in the files as they are now: the branch and the drafts
	Drafts    bool      // the drafts of this clone have it
	Backups   bool      // a ref under refs/incident/backup has it
	Files     int       // texts in the journal's folder of this clone that have it
	Warnings  []Warning // files that could not be looked into, or cannot be read any more

	purge Purge
	s     *syncing
}

// Empty reports that there is nothing to take out.
func (p PurgePlan) Empty() bool { return p.Commits == 0 && !p.Drafts && !p.Backups && p.Files == 0 }

// minPurged is how long a text is at least that does not stand in other words by
// chance, in bytes.
const minPurged = 6

// MinPurge is how long a text has to be to be purged without a second look.
const MinPurge = minPurged

// ErrShallow says that the history is not all here.
var ErrShallow = errors.New("this clone has only the newest commits, and a purge needs all of them")

// PlanPurge says what a purge would do. With fetch it first gets what the remote
// has, so that nothing is left out; a remote that cannot be reached is in the plan.
// It sends nothing.
func (j *Journal) PlanPurge(ctx context.Context, p Purge, o SyncOptions, fetch bool) (PurgePlan, error) {
	plan := PurgePlan{purge: p}
	if j.repo.Shallow {
		return plan, ErrShallow
	}
	s, err := j.syncing(o)
	if err != nil {
		return plan, err
	}
	plan.s, plan.Remote = s, s.result.Remote
	if fetch {
		if plan.Offline, err = plan.fetch(ctx); err != nil {
			return plan, err
		}
	}
	w, err := j.newPurging(ctx, p, s.result.Remote)
	if err != nil {
		return plan, err
	}
	defer w.batch.objs.Close()
	return plan, w.describe(ctx, &plan)
}

// syncing prepares a conversation with the remote, if there is one.
func (j *Journal) syncing(o SyncOptions) (*syncing, error) {
	remote, err := j.Remote()
	return &syncing{
		j: j, o: o, result: Synced{Remote: remote},
		net: git.Network{Timeout: o.Timeout, Prompt: o.Prompt},
	}, err
}

// fetch merges what the remote has into this clone, and sends nothing: what is to
// be purged may not have left yet.
func (p *PurgePlan) fetch(ctx context.Context) (offline, err error) {
	if p.Remote == "" {
		return nil, nil
	}
	unlock, err := p.s.j.lockSync(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	_, err = p.s.fetchOnly(ctx)
	var network *git.NetworkError
	if errors.As(err, &network) {
		return err, nil
	}
	return nil, err
}

// fetchOnly is a turn of a sync without its push.
func (s *syncing) fetchOnly(ctx context.Context) (*turn, error) {
	if _, err := s.j.Flush(ctx); err != nil {
		return nil, err
	}
	var t *turn
	err := git.ErrStale
	for try := 1; errors.Is(err, git.ErrStale) && try <= syncTries; try++ {
		if t, err = s.gather(ctx); err != nil {
			continue
		}
		s.step(StepMerge)
		if err = s.unite(ctx, t); err != nil || t.merged.IsZero() {
			continue
		}
		if err = s.keepLeft(); err == nil {
			err = s.land(ctx, t)
		}
	}
	return t, err
}
