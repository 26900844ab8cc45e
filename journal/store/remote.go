package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"git-incident/journal"
)

// Refs that belong to sync.
const (
	// seenRefs/<remote>/<branch> is the journal of a remote as the last sync left it: what it
	// once had, it may not lose without somebody saying so.
	seenRefs = "refs/incident/seen/"
	// sentRefs/<remote>/<branch> is what this clone last put in an inbox there.
	sentRefs = "refs/incident/sent/"
	// BackupRefs/<remote>/<branch>/<time> keeps what this clone had when a remote went back.
	BackupRefs = "refs/incident/backup/"
	// inboxRefs/<branch>/<clone> is on remotes: what a clone could not put on the branch.
	inboxRefs = "refs/incident/inbox/"
	// inboxHeads is for forges that take branches only.
	inboxHeads = "refs/heads/incident-inbox/"
)

// ErrManyRemotes says that somebody has to choose.
var ErrManyRemotes = errors.New("there are several remotes and none of them is origin; say once which one has the journal")

// ErrNoSuchRemote says that incident.remote names none.
var ErrNoSuchRemote = errors.New("there is no remote")

// Remote is the name of the remote that the journal is shared by: incident.remote,
// or origin, or the only one. "" means that there is none.
func (j *Journal) Remote() (string, error) {
	remotes := j.repo.Remotes()
	if name, ok := j.repo.Config("incident.remote"); ok && name != "" {
		if !slices.Contains(remotes, name) {
			return "", fmt.Errorf("git config incident.remote: %w %q", ErrNoSuchRemote, name)
		}
		return name, nil
	}
	switch {
	case len(remotes) == 0:
		return "", nil
	case remotes[0] == "origin", len(remotes) == 1:
		return remotes[0], nil
	}
	return "", ErrManyRemotes
}

// seen, sent and inbox are apart for each branch: incident.branch may change, and
// a remote may have several journals.
func (j *Journal) seen(remote string) string { return seenRefs + remote + "/" + j.shortBranch() }
func (j *Journal) sent(remote string) string { return sentRefs + remote + "/" + j.shortBranch() }

func (j *Journal) inboxes() []string {
	return []string{inboxRefs + j.shortBranch() + "/", inboxHeads + j.shortBranch() + "/"}
}

func (j *Journal) shortBranch() string { return strings.TrimPrefix(j.branch, "refs/heads/") }

// tracking is the remote-tracking branch of the journal.
func (j *Journal) tracking(remote string) string {
	return "refs/remotes/" + remote + "/" + j.shortBranch()
}

const cloneFile = "clone"

// cloneID tells this clone from all others; it says nothing about whose it is.
// fresh is the one it gets if it has none.
func (j *Journal) cloneID(fresh string) (string, error) {
	id, err := j.readCloneID()
	if !errors.Is(err, fs.ErrNotExist) {
		return id, err
	}
	if err := j.makeDir(j.dir); err != nil {
		return "", err
	}
	if err := j.writeDurably(j.dir, cloneFile, []byte(fresh+"\n")); err != nil {
		return "", fmt.Errorf("name this clone: %w", err)
	}
	return j.readCloneID()
}

func (j *Journal) readCloneID() (string, error) {
	text, err := os.ReadFile(j.path(cloneFile))
	if err != nil {
		return "", err
	}
	id := strings.TrimSpace(string(text))
	if id == "" || strings.Trim(id, digits+"abcdefghijklmnopqrstuvwxyz") != "" {
		return "", fmt.Errorf("%s holds no name for a clone", j.path(cloneFile))
	}
	return id, nil
}

// Unshared counts the changes on the branch that the remote did not have when we
// last heard of it. ok is false when there is no remote to share with.
func (j *Journal) Unshared(ctx context.Context) (n int, ok bool, err error) {
	remote, err := j.Remote()
	if err != nil || remote == "" {
		return 0, false, nil // nobody has chosen one yet
	}
	tip, err := j.repo.Ref(ctx, j.branch)
	if err != nil || tip.Absent() {
		return 0, err == nil, err
	}
	there, err := j.published(ctx, remote)
	if err != nil {
		return 0, false, err
	}
	if slices.Contains(there, tip.Hash) {
		return 0, true, nil
	}
	n, err = j.changesBetween(ctx, tip.Hash, there...)
	return n, true, err
}

// published are the commits that a remote had when we last heard of it.
func (j *Journal) published(ctx context.Context, remote string) ([]Hash, error) {
	refs, err := j.repo.Refs(ctx, j.tracking(remote), j.seen(remote), j.sent(remote))
	if err != nil {
		return nil, err
	}
	var there []Hash
	for _, ref := range refs {
		there = append(there, ref.Hash)
	}
	return there, nil
}

// changesBetween counts the commits that say that they are a change, in the history
// of a commit that the others do not have.
func (j *Journal) changesBetween(ctx context.Context, tip Hash, without ...Hash) (int, error) {
	entries, err := j.repo.Log(ctx, tip, 0, without...)
	n := 0
	for _, e := range entries {
		if len(e.Values(journal.TrailerChange)) > 0 {
			n++
		}
	}
	return n, err
}
