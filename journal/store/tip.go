package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"git-incident/journal/git"
)

// Hash names a git object.
type Hash = git.Hash

// Tip is a commit that incidents are read from.
type Tip struct {
	Ref  string // a remote-tracking branch when there is no branch of our own
	Hash Hash   // zero when there is no journal yet
}

// RefError is a ref that cannot be used as it is.
type RefError struct {
	Ref    string
	Reason string   // a sentence
	Way    []string // shell lines that lead out; none when only a person can know
	Err    error    // what git said, may be nil
}

func (e *RefError) Error() string {
	text := e.Ref + ": " + e.Reason
	if e.Err != nil {
		text += " (" + e.Err.Error() + ")"
	}
	return text
}

func (e *RefError) Unwrap() error { return e.Err }

// Tip gives the commit that the branch's incidents are read from, as it is now.
// Later reads of this Journal see the same one.
func (j *Journal) Tip(ctx context.Context) (Tip, error) {
	for _, name := range []string{j.branch, Drafts} {
		if _, err := j.repo.FreshRef(ctx, name); err != nil {
			return Tip{}, j.unreadable(name, err)
		}
	}
	return j.tip(ctx, false)
}

// DraftTip gives the commit that drafts are read from, as it is now.
func (j *Journal) DraftTip(ctx context.Context) (Tip, error) {
	ref, err := j.repo.FreshRef(ctx, Drafts)
	if err != nil {
		return Tip{}, j.unreadable(Drafts, err)
	}
	return Tip{Ref: Drafts, Hash: ref.Hash}, nil
}

// Age tells how old a journal is: its first commit, and when its tip was made.
func (j *Journal) Age(ctx context.Context, tip Tip) (root string, updated time.Time, err error) {
	if tip.Hash.IsZero() {
		return "", time.Time{}, nil
	}
	first, err := j.repo.Root(ctx, tip.Hash)
	if err != nil {
		return "", time.Time{}, err
	}
	last, err := j.repo.Log(ctx, tip.Hash, 1)
	if err != nil || len(last) == 0 {
		return "", time.Time{}, err
	}
	return first.String(), last[0].When, nil
}

// tip is what reading starts from. Without a branch of our own it is the first
// remote-tracking one.
func (j *Journal) tip(ctx context.Context, draft bool) (Tip, error) {
	j.bringBack(ctx)
	name := j.ref(draft)
	ref, err := j.repo.Ref(ctx, name)
	if err != nil {
		return Tip{}, j.unreadable(name, err)
	}
	if ref.Absent() && !draft {
		if remote := j.remoteTips(ctx); len(remote) > 0 {
			return remote[0], nil
		}
	}
	return Tip{Ref: name, Hash: ref.Hash}, nil
}

func (j *Journal) ref(draft bool) string {
	if draft {
		return Drafts
	}
	return j.branch
}

// remoteTips are the journals that remote-tracking branches point at, origin's
// first. One that cannot be read is nobody's to build on.
func (j *Journal) remoteTips(ctx context.Context) []Tip {
	tips, _ := j.allRemoteTips(ctx)
	return tips
}

func (j *Journal) allRemoteTips(ctx context.Context) ([]Tip, error) {
	var names []string
	remotes := j.repo.Remotes()
	if chosen, ok := j.repo.Config("incident.remote"); ok && chosen != "" {
		remotes = []string{chosen} // what others have may not be for this one
	}
	for _, remote := range remotes {
		names = append(names, j.tracking(remote))
	}
	if len(names) == 0 {
		return nil, nil
	}
	refs, err := j.repo.Refs(ctx, names...)
	if err != nil {
		return nil, err
	}
	var tips []Tip
	for _, name := range names {
		if ref, ok := refs[name]; ok {
			tips = append(tips, Tip{Ref: name, Hash: ref.Hash})
		}
	}
	return tips, nil
}

// base is what a write to a ref builds on.
type base struct {
	old    Hash // what the ref points at now; zero when it is to be created
	parent Hash // the commit to build on; zero for a first one
}

// writeBase reads a ref for a write.
func (j *Journal) writeBase(ctx context.Context, draft bool) (base, error) {
	name := j.ref(draft)
	ref, err := j.repo.FreshRef(ctx, name)
	switch {
	case err != nil:
		return base{}, j.unreadable(name, err)
	case ref.Symref != "":
		return base{}, &RefError{Ref: name, Reason: "it is a symbolic ref to " + ref.Symref + "; a journal is written on a branch of its own"}
	case ref.WorkTree != "":
		return base{}, &RefError{Ref: name,
			Reason: "it is checked out in " + ref.WorkTree + ", and writing to it would make that work tree look changed",
			Way:    j.wayOff(ctx, ref)}
	case ref.Rebasing != "":
		return base{}, &RefError{Ref: name,
			Reason: "it is being rebased in " + ref.Rebasing + ", and the end of the rebase would undo what is written to it meanwhile",
			Way:    []string{"git -C " + quote(ref.Rebasing) + " rebase --continue", "git -C " + quote(ref.Rebasing) + " rebase --abort"}}
	case !ref.Absent():
		return base{old: ref.Hash, parent: ref.Hash}, nil
	case draft:
		return base{}, j.lost(name)
	}
	return j.firstBase(ctx)
}

// wayOff gets a work tree off the branch. Without a commit there is nothing to
// detach at: then HEAD names another branch that is not there either, or, when
// somebody chose the journal's name, the journal goes back to its own.
func (j *Journal) wayOff(ctx context.Context, ref git.Ref) []string {
	if !ref.Absent() {
		return []string{"git -C " + quote(ref.WorkTree) + " switch --detach"}
	}
	if j.branch != Branch {
		return []string{"git config incident.branch " + strings.TrimPrefix(Branch, "refs/heads/")}
	}
	for _, name := range []string{"refs/heads/main", "refs/heads/trunk", "refs/heads/work"} {
		other, err := j.repo.FreshRef(ctx, name)
		if err == nil && other.Absent() && other.WorkTree == "" {
			return []string{"git -C " + quote(ref.WorkTree) + " symbolic-ref HEAD " + name}
		}
	}
	return nil
}

// badTip is for a tip that could not be read. Git knows whether the ref is to
// blame.
func (j *Journal) badTip(ctx context.Context, name string, err error) error {
	if _, asked := j.repo.AskRef(ctx, name); asked != nil {
		return j.unreadable(name, asked)
	}
	return fmt.Errorf("read the tip of %s: %w", name, err)
}

// firstBase decides what the branch starts from when there is none: the journal
// of a remote, or nothing, but never nothing when there was something.
func (j *Journal) firstBase(ctx context.Context) (base, error) {
	if err := j.lost(j.branch); err != nil {
		return base{}, err
	}
	remote, err := j.allRemoteTips(ctx)
	if err != nil {
		return base{}, &RefError{Ref: j.branch, Reason: "it is not there yet, and what the remotes have cannot be read", Err: err}
	}
	if len(remote) > 0 {
		return base{parent: remote[0].Hash}, nil
	}
	return base{}, nil
}

// lost is the error for a missing ref whose reflog is still there: git removes
// both together, so something else removed the ref.
func (j *Journal) lost(name string) error {
	last := j.repo.LastKnown(name)
	if last.IsZero() {
		return nil
	}
	return &RefError{Ref: name, Reason: "it is gone, and its reflog says that it was there",
		Way: []string{fmt.Sprintf("git update-ref %s %s", name, last)}}
}

// unreadable puts the way out beside git's complaint about a ref. Git refuses to
// update what it cannot read, but lets a symbolic ref take its place.
func (j *Journal) unreadable(name string, err error) error {
	if !errors.Is(err, git.ErrBrokenRef) {
		return err
	}
	broken := &RefError{Ref: name, Reason: "it cannot be read", Err: err}
	if last := j.repo.LastKnown(name); !last.IsZero() {
		broken.Way = []string{
			fmt.Sprintf("git symbolic-ref %s refs/incident/repair", name),
			fmt.Sprintf("git update-ref --no-deref %s %s", name, last),
		}
	}
	return broken
}

// quote makes a path one word for a shell.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// mustBeJournal fails for a branch that holds something else: a slip in
// incident.branch must not write notes into somebody's code, nor push that.
func (j *Journal) mustBeJournal(objs *git.Objects, ref string, tree Hash) error {
	top, err := readTree(objs, tree)
	if err != nil || len(top) == 0 {
		return err
	}
	for _, e := range top {
		if e.Name == noteName && len(top) == 1 || e.Name == attributesName || e.Name == transitionsName || e.Mode == git.Dir && yearOrMonth.MatchString(e.Name) {
			return nil
		}
	}
	return &RefError{Ref: ref, Reason: "it holds something else than a journal",
		Way: []string{"git config incident.branch " + strings.TrimPrefix(Branch, "refs/heads/")}}
}
