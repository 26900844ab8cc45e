package git

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// RemoteUpdate moves one ref of a remote, forwards only unless there is a lease.
type RemoteUpdate struct {
	Name  string
	New   Hash // zero deletes the ref, which is always on a lease
	Old   Hash // what Lease is about; zero means that the ref must not exist
	Lease bool // move it in any direction, but only if the remote still has Old
}

// PushResult is a remote's word on one update.
type PushResult struct {
	Name   string
	Status PushStatus
	Reason string // the remote's or git's, raw; "" when pushed
}

// PushStatus is what became of an update.
type PushStatus int

// The statuses, from good to bad.
const (
	Pushed  PushStatus = iota // the remote has it now, or had it before
	Stale                     // somebody was first: ask again, build again, push again
	Refused                   // the remote's policy: pushing it again changes nothing
)

func (s PushStatus) String() string {
	switch s {
	case Pushed:
		return "pushed"
	case Stale:
		return "stale"
	default:
		return "refused"
	}
}

// Push moves refs of a remote, each on its own: one may be refused where others
// are pushed. Nothing moves here; git's own update of the tracking ref is turned
// off, because a push that is killed would leave its lock behind.
//
// There is a result for each update, in their order, or the error is a
// [*NetworkError]. Then it is unknown what has arrived: ask.
func (r *Repo) Push(ctx context.Context, n Network, remote string, updates ...RemoteUpdate) ([]PushResult, error) {
	if len(updates) == 0 {
		return nil, nil // git would take the configured ones
	}
	c, err := pushing(remote, updates)
	if err != nil {
		return nil, err
	}
	answer, err := r.converse(ctx, n, c)
	var failed *NetworkError
	if err != nil && (!errors.As(err, &failed) || failed.Cause == TimedOut) {
		return nil, err
	}
	results := sortResults(parsePush(answer), updates)
	switch {
	case failed != nil && failed.Cause != LocalSpace && remoteFull(results, len(updates), failed.Stderr):
		failed.Cause = NoSpace
	case len(results) == len(updates) && (failed == nil) == allPushed(results):
		return results, nil
	case failed == nil:
		return nil, fmt.Errorf("git push: unexpected answer %q", answer)
	}
	return nil, failed
}

// pushing prepares a push. The two refspecs for each name take it out of the
// tracking refs that git moves after a push: one makes the name known, the other
// excludes what is known.
func pushing(remote string, updates []RemoteUpdate) (conversation, error) {
	c := conversation{step: "push", remote: remote,
		config: []string{"remote." + remote + ".mirror=false", "push.pushOption="},
		args: []string{"push", "--porcelain", "--no-progress", "--no-verify", "--no-follow-tags", "--no-signed",
			"--no-force-if-includes", "--recurse-submodules=no"}}
	var refspecs []string
	seen := map[string]bool{}
	for _, u := range updates {
		if !validRef(u.Name) || seen[u.Name] || u.New.IsZero() && u.Old.IsZero() {
			return c, fmt.Errorf("push to %s: %q cannot be moved from %s to %s", remote, u.Name, u.Old, u.New)
		}
		seen[u.Name] = true
		c.config = append(c.config, "remote."+remote+".fetch="+u.Name, "remote."+remote+".fetch=^"+u.Name)
		if u.Lease || u.New.IsZero() {
			c.args = append(c.args, "--force-with-lease="+u.Name+":"+hexOrNothing(u.Old))
		}
		refspecs = append(refspecs, hexOrNothing(u.New)+":"+u.Name)
	}
	c.args = append(append(c.args, "--end-of-options", remote), refspecs...)
	return c, nil
}

func hexOrNothing(h Hash) string {
	if h.IsZero() {
		return ""
	}
	return h.String()
}

// sortResults brings results into the order of updates. Those without one are
// left out.
func sortResults(results map[string]PushResult, updates []RemoteUpdate) []PushResult {
	sorted := make([]PushResult, 0, len(updates))
	for _, u := range updates {
		if result, ok := results[u.Name]; ok {
			sorted = append(sorted, result)
		}
	}
	return sorted
}

// allPushed must agree with git's exit code: a second push URL that cannot be
// reached leaves no result.
func allPushed(results []PushResult) bool {
	return !slices.ContainsFunc(results, func(p PushResult) bool { return p.Status != Pushed })
}

// remoteFull reports that the remote could not store what it was sent. A hook's
// words about a full disk are no proof; its git must have failed.
func remoteFull(results []PushResult, wanted int, stderr string) bool {
	failed := len(results) < wanted ||
		slices.ContainsFunc(results, func(p PushResult) bool { return strings.Contains(p.Reason, "failed to update ref") })
	return failed && (strings.Contains(stderr, "No space left on device") || strings.Contains(stderr, "Disk quota exceeded"))
}
