package git

import (
	"os"
	"path/filepath"
	"strings"
)

// rebasing gives the work tree that is in the middle of a rebase of the branch, ""
// for none. Its HEAD is detached meanwhile, but git moves the branch at the end,
// from where it was at the beginning: a branch that was written to since breaks
// --continue, and --abort drops what was written.
func (r *Repo) rebasing(name string) string {
	if !strings.HasPrefix(name, "refs/heads/") {
		return "" // git rebases branches only
	}
	linked, _ := os.ReadDir(filepath.Join(r.CommonDir, "worktrees"))
	for _, tree := range linked {
		dir := filepath.Join(r.CommonDir, "worktrees", tree.Name())
		if rebases(dir, name) {
			top, _ := os.ReadFile(filepath.Join(dir, "gitdir"))
			return filepath.Dir(strings.TrimSpace(string(top)))
		}
	}
	if !rebases(r.CommonDir, name) {
		return ""
	}
	return filepath.Dir(r.CommonDir)
}

func rebases(gitDir, name string) bool {
	for _, kind := range []string{"rebase-merge", "rebase-apply"} {
		head, err := os.ReadFile(filepath.Join(gitDir, kind, "head-name"))
		if err == nil && strings.TrimSpace(string(head)) == name {
			return true
		}
	}
	return false
}
