package store

import (
	"context"
	"fmt"
	"time"

	"git-incident/journal/git"
)

// back is a commit that a broken ref can go back to.
type back struct {
	hash Hash
	when time.Time
}

// maxBack is how many commits are tried on the way back, of each history.
const maxBack = 100

// wayBack looks for the newest commit that can be read whole: among what the ref
// pointed at, what came before that, and then what others have of it.
func (x *exam) wayBack(ctx context.Context, l *ledger, at Hash) (back, bool) {
	if known, ok := x.backs[l.ref]; ok {
		return known, !known.hash.IsZero()
	}
	var found back
	for _, group := range [][]Hash{x.lastValues(l), x.before(ctx, append(x.lastValues(l), at)), x.elsewhere(ctx, l)} {
		if found = x.firstWhole(ctx, group, at); !found.hash.IsZero() {
			break
		}
	}
	x.backs[l.ref] = found
	return found, !found.hash.IsZero()
}

func (x *exam) firstWhole(ctx context.Context, commits []Hash, except Hash) back {
	for _, h := range commits[:min(len(commits), maxBack)] {
		if h == except || ctx.Err() != nil {
			continue
		}
		commit, err := x.objs.Commit(h)
		if err == nil && len(x.damage(ctx, h, nil)) == 0 {
			return back{hash: h, when: commit.Committer.When}
		}
	}
	return back{}
}

// lastValues are what the ref pointed at, newest first.
func (x *exam) lastValues(l *ledger) []Hash {
	values, _ := x.j.repo.Reflog(l.ref) // without one we go on with what others have
	return distinct(values)
}

// before are the commits in the history of the first of values that has one.
func (x *exam) before(ctx context.Context, values []Hash) []Hash {
	for _, h := range values {
		if h.IsZero() {
			continue
		}
		entries, err := x.j.repo.Log(ctx, h, maxBack)
		if err != nil {
			continue
		}
		var commits []Hash
		for _, e := range entries {
			commits = append(commits, e.Hash)
		}
		return commits
	}
	return nil
}

// elsewhere are the tips that remotes and backups have, and their histories.
func (x *exam) elsewhere(ctx context.Context, l *ledger) []Hash {
	tips := x.tipsBeside(ctx, l)
	var commits []Hash
	for _, t := range tips {
		commits = append(commits, t.hash)
	}
	for _, t := range tips {
		commits = append(commits, x.before(ctx, []Hash{t.hash})...)
	}
	return distinct(commits)
}

// wayTo are the commands that point a ref at a commit. Git refuses to update what
// it cannot read, but lets a symbolic ref take its place.
func wayTo(ref string, at, to Hash, gone bool) []string {
	if gone || !at.IsZero() {
		return []string{fmt.Sprintf("git update-ref %s %s", ref, to)}
	}
	return []string{
		fmt.Sprintf("git symbolic-ref %s %s", ref, git.SpareRef),
		fmt.Sprintf("git update-ref --no-deref %s %s", ref, to),
	}
}

// draftBackups/<time> keeps what the drafts' ref said before a repair. It is apart
// from the backups of the branch, as nothing here may end up on that.
const draftBackups = Drafts + "-backup/"

// moveBack points a ref at a commit that can be read, and keeps what it said
// before if that is still an object.
func (j *Journal) moveBack(ctx context.Context, l *ledger, at, to Hash, gone bool) (string, error) {
	unlock, ok, err := j.lock(ctx, landWait)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", errBusy
	}
	defer unlock()
	text := fmt.Sprintf("It is at %s now.", short(to))
	if !at.IsZero() {
		name := BackupRefs + "doctor/"
		if l.draft {
			name = draftBackups
		}
		name += j.now().UTC().Format("20060102T150405Z") + "-" + at.String()[:7]
		if j.repo.UpdateRefs(ctx, "incident: doctor", git.RefUpdate{Name: name, New: at}) == nil {
			text += " What it said before is kept at " + name + "."
		}
	}
	if at.IsZero() && !gone {
		return text, j.repo.ReplaceRef(ctx, "incident: doctor", l.ref, to)
	}
	return text, j.move(ctx, "incident: doctor", intent{{Name: l.ref, New: to, Old: at}})
}
