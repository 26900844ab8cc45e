package store

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// refLock is a lock file of git on a ref of the journal.
type refLock struct {
	file string
	ref  string // "" for the lock of all packed refs
	made time.Time
}

// refLocks are the lock files that keep our refs from moving.
func (j *Journal) refLocks() []refLock {
	var locks []refLock
	look := func(file, ref string) {
		if info, err := os.Stat(file); err == nil {
			locks = append(locks, refLock{file: file, ref: ref, made: info.ModTime()})
		}
	}
	in := func(name string) string { return filepath.Join(j.repo.CommonDir, filepath.FromSlash(name)) }
	look(in("packed-refs.lock"), "")
	look(in(j.branch)+".lock", j.branch)
	for _, remote := range j.repo.Remotes() {
		look(in(j.tracking(remote))+".lock", j.tracking(remote))
	}
	_ = filepath.WalkDir(in("refs/incident"), func(path string, _ fs.DirEntry, err error) error {
		if below, relErr := filepath.Rel(j.repo.CommonDir, path); err == nil && relErr == nil && strings.HasSuffix(path, ".lock") {
			look(path, strings.TrimSuffix(filepath.ToSlash(below), ".lock"))
		}
		return nil
	})
	return locks
}

// locks names the locks that were there all the while: that of a git at work is
// gone in a moment. Only what we can prove to be left by a process of ours is
// removed.
func (x *exam) locks(before []refLock) {
	for _, l := range x.j.refLocks() {
		there := false
		for _, b := range before {
			there = there || b == l
		}
		if !there {
			continue
		}
		f := Finding{Kind: Locked, Subject: l.file, Kept: x.spool.kept()}
		if x.j.isLeftover(l) {
			f.Sentence = "A git-incident that was ended in the middle left this lock behind."
			f.repair = func(ctx context.Context) (string, error) { return x.j.removeLeftover(ctx, l) }
		} else {
			f.Sentence = fmt.Sprintf("Another program locked this at %s. It may still be running; if no git is, the lock was left behind.", x.time(l.made))
			f.Way = []string{"rm " + quote(l.file)}
		}
		x.add(f)
	}
}

// isLeftover reports whether a lock holds the very value that a process of ours was
// about to write.
func (j *Journal) isLeftover(l refLock) bool {
	left, _ := j.leftover()
	content, err := os.ReadFile(l.file)
	for _, u := range left {
		if err == nil && u.Name == l.ref && strings.TrimSpace(string(content)) == u.New.String() {
			return true
		}
	}
	return false
}

// removeLeftover removes such a lock if nobody is writing: our own lock says so.
func (j *Journal) removeLeftover(ctx context.Context, l refLock) (string, error) {
	unlock, ok, err := j.lock(ctx, lockWait)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", errBusy
	}
	defer unlock()
	if !j.isLeftover(l) {
		return "It is gone.", nil
	}
	return "Removed it.", os.Remove(l.file)
}
