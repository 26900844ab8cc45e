package store

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"git-incident/journal/git"
)

// The refs of a journal, unless incident.branch names another branch.
const (
	Branch = "refs/heads/incidents"
	Drafts = "refs/incident/drafts"
)

// Journal is the incidents of one repository. It is for one goroutine.
type Journal struct {
	repo   *git.Repo
	branch string // full name
	now    func() time.Time
	dir    string // <common dir>/incident
	shared bool   // core.sharedRepository: the group may write
	looked bool   // for what a gc took
}

// Open gives the journal of a repository, which may not have one yet. now is the
// clock. It fails when incident.branch is no name for a branch.
func Open(repo *git.Repo, now func() time.Time) (*Journal, error) {
	branch := Branch
	if name, ok := repo.Config("incident.branch"); ok {
		branch = "refs/heads/" + strings.TrimPrefix(name, "refs/heads/")
		if !isBranch(branch) {
			return nil, fmt.Errorf("git config incident.branch: %q is no name for a branch", name)
		}
	}
	j := &Journal{
		repo:   repo,
		branch: branch,
		now:    now,
		dir:    filepath.Join(repo.CommonDir, "incident"),
		shared: isShared(repo),
	}
	j.keepWritten()
	return j, nil
}

// isBranch is narrower than git's rule: the name goes into a script for git.
func isBranch(ref string) bool {
	for part := range strings.SplitSeq(ref, "/") {
		if part == "" || strings.ContainsAny(part[:1], "-.") || strings.HasSuffix(part, ".lock") || strings.HasSuffix(part, ".") {
			return false
		}
	}
	return !strings.Contains(ref, "..") && !strings.ContainsFunc(ref, func(c rune) bool {
		return c > unicode.MaxASCII || !unicode.IsLetter(c) && !unicode.IsDigit(c) && !strings.ContainsRune("/._-", c)
	})
}

// isShared reports whether other users of the machine write to the repository.
func isShared(repo *git.Repo) bool {
	value, _ := repo.Config("core.sharedRepository")
	switch strings.ToLower(value) {
	case "", "umask", "false", "0":
		return false
	}
	return true
}

// share gives the group what git would give it. A failure shows when the other
// user comes, and is theirs to see.
func (j *Journal) share(path string) {
	if !j.shared {
		return
	}
	if info, err := os.Stat(path); err == nil {
		mode := info.Mode().Perm() | 0o060
		if info.IsDir() {
			mode |= 0o010
		}
		_ = os.Chmod(path, mode)
	}
}
