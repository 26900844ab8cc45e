package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"git-incident/journal"
	"git-incident/journal/git"
)

// PublishedError says that an incident has left this clone, so that nobody can
// make it private again.
type PublishedError struct {
	Incident string
	Remote   string
}

func (e *PublishedError) Error() string {
	return fmt.Sprintf("%s has left this clone: %s has it", e.Incident, e.Remote)
}

// Unshare moves an incident that never left this clone from the branch back to
// the drafts. The part of the branch's history that no remote has is written anew
// without it. c says when and which; the rest is filled in.
//
// offline is why the remote could not be asked; then what it had when we last
// heard of it counts. The error is a [*PublishedError] or a [*NotFoundError].
func (j *Journal) Unshare(ctx context.Context, c journal.Change, o SyncOptions) (offline, err error) {
	s, err := j.syncing(o)
	if err != nil {
		return nil, err
	}
	unlockSync, err := j.lockSync(ctx)
	if err != nil {
		return nil, err
	}
	defer unlockSync()
	known, err := s.anywhere(ctx)
	var network *git.NetworkError
	if errors.As(err, &network) {
		offline, err = err, nil
	}
	if err == nil {
		err = j.whenPrivate(ctx, c.Incident, known)
	}
	if err != nil {
		return offline, err
	}
	unlock, ok, err := j.lock(ctx, landWait)
	if err != nil {
		return offline, err
	}
	if !ok {
		return offline, errBusy
	}
	defer unlock()
	if _, err := j.drain(ctx); err != nil {
		return offline, err
	}
	return offline, j.unshare(ctx, c, slices.Collect(maps.Keys(known)))
}

// anywhere is every commit that some remote is known to have at the tip of its
// journal, and the remote's name. What is known without asking is given also with
// a [*git.NetworkError].
func (s *syncing) anywhere(ctx context.Context) (map[Hash]string, error) {
	known := map[Hash]string{}
	for _, remote := range s.j.repo.Remotes() {
		there, err := s.j.published(ctx, remote)
		if err != nil {
			return nil, err
		}
		for _, h := range there {
			known[h] = remote
		}
	}
	if s.result.Remote == "" {
		return known, nil
	}
	t, err := s.gather(ctx)
	for _, h := range t.known() {
		known[h] = s.result.Remote
	}
	return known, err
}

// whenPrivate fails when one of the commits that remotes have, or one before it,
// has the incident.
func (j *Journal) whenPrivate(ctx context.Context, id string, known map[Hash]string) error {
	for h, remote := range known {
		files, err := j.repo.NewBlobs(ctx, []Hash{h})
		if err != nil {
			return err
		}
		if slices.ContainsFunc(files, func(f git.File) bool { return incidentOf(f.Path) == id }) {
			return &PublishedError{Incident: id, Remote: remote}
		}
	}
	return nil
}

// unshare makes both refs anew. The caller holds the lock.
func (j *Journal) unshare(ctx context.Context, c journal.Change, known []Hash) error {
	b, err := j.newBatch(ctx)
	if err != nil {
		return err
	}
	defer b.objs.Close()
	branch, err := b.on(ctx, false)
	if err != nil {
		return err
	}
	f, err := b.load(branch, c.Incident)
	switch {
	case err != nil:
		return err
	case !f.exists():
		return &NotFoundError{Piece: c.Incident}
	case f.err != nil:
		return f.err
	}
	c.Draft, c.Adopt, c.Attach = true, string(f.raw), f.inc.Attachments
	moved, err := b.without(ctx, branch, c.Incident, known)
	if err != nil {
		return err
	}
	if err := b.takeBack(ctx, c, moved.changes); err != nil {
		return err
	}
	left, crashed := j.leftover()
	updates := append(b.updates(), git.RefUpdate{Name: j.branch, New: moved.tip, Old: branch.base.old})
	if err := b.land(ctx, "incident: "+c.Verb, left, updates); err != nil {
		return err
	}
	if !crashed {
		j.retract()
	}
	return nil
}

// without writes what no remote has of a line anew, without an incident.
func (b *batch) without(ctx context.Context, l *line, id string, known []Hash) (m leftOut, err error) {
	nodes, err := b.j.repo.Commits(ctx, []Hash{l.tip}, known...)
	if err != nil {
		return m, err
	}
	cut := &folderCut{incident: id}
	r := newRewriting(b.objs, cut)
	r.drop = true
	if err := r.all(ctx, nodes); err != nil {
		return m, err
	}
	m.tip, m.changes = r.commits[l.tip], cut.changes
	return m, nil
}

// leftOut is a line without an incident, and the ids of the changes to that.
type leftOut struct {
	tip     Hash
	changes []string
}

// takeBack puts a note among the drafts. Its commit has the ids of all changes
// that led to the note, so that none of them seems to be missing.
func (b *batch) takeBack(ctx context.Context, c journal.Change, changes []string) error {
	drafts, err := b.on(ctx, true)
	if err != nil {
		return err
	}
	there, err := b.load(drafts, c.Incident)
	if err != nil {
		return err
	}
	next, err := journal.Apply(there.inc, c)
	if err != nil {
		return err
	}
	now, edits, err := b.edits(there, next, c.Incident)
	if err != nil {
		return err
	}
	message := c.Message()
	for _, id := range changes {
		message += journal.TrailerChange + ": " + id + "\n"
	}
	who := git.Ident{Name: b.who.Name, Email: b.who.Email, When: c.At}
	if _, err := b.extend(ctx, drafts, edits, message, who); err != nil {
		return err
	}
	drafts.folders[c.Incident], drafts.changed[c.Incident] = now, true
	return nil
}

// folderCut takes an incident out of a history as if it had never been there.
type folderCut struct {
	incident string
	changes  []string // ids of the changes to it, in the order they were seen
}

func (f *folderCut) folder(dir, name string) string {
	if path.Join(dir, name) == journal.Path(f.incident) {
		return ""
	}
	return name
}

func (f *folderCut) file(_ string, e git.TreeEntry) (git.TreeEntry, error) { return e, nil }

// commit keeps a commit that has something else too from telling of the incident:
// the first of a journal, which also has the branch's own page.
func (f *folderCut) commit(c *git.Commit) {
	lines := strings.Split(c.Message, "\n")
	if !slices.Contains(lines, journal.TrailerIncident+": "+f.incident) {
		return
	}
	for _, line := range lines {
		if id, ok := strings.CutPrefix(line, journal.TrailerChange+": "); ok {
			f.changes = append(f.changes, id)
		}
	}
	c.Message = initMessage
	if len(c.Parents) > 0 {
		c.Message = "unshare: what else came with a draft\n"
	}
}
