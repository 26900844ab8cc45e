package git

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// CommitNode is a commit's place in a history.
type CommitNode struct {
	Hash, Tree Hash
	Parents    []Hash
}

// MergeBases gives all best common ancestors of two commits, sorted; none when
// they are unrelated.
func (r *Repo) MergeBases(ctx context.Context, a, b Hash) ([]Hash, error) {
	stdout, err := r.output(ctx, "merge-base", "--all", a.String(), b.String())
	if err != nil && !saidNo(err) {
		return nil, fmt.Errorf("look for common ancestors: %w", err)
	}
	return parseHashes(stdout)
}

// IsAncestor reports whether b's history has a. A commit has itself.
func (r *Repo) IsAncestor(ctx context.Context, a, b Hash) (bool, error) {
	_, err := r.output(ctx, "merge-base", "--is-ancestor", a.String(), b.String())
	if err != nil && !saidNo(err) {
		return false, fmt.Errorf("look for an ancestor: %w", err)
	}
	return err == nil, nil
}

// saidNo is git's exit code for "no", which is not a failure.
func saidNo(err error) bool {
	var failed *CommandError
	return errors.As(err, &failed) && failed.Code == 1 && !complains(failed.Stderr)
}

// complains reports whether git said more than a trace or a hint.
func complains(stderr string) bool {
	return strings.HasPrefix(stderr, "error:") || strings.HasPrefix(stderr, "fatal:") ||
		strings.Contains(stderr, "\nerror:") || strings.Contains(stderr, "\nfatal:")
}

// Roots gives the first commits of a history, sorted. In a shallow clone these
// are the ones at its boundary.
func (r *Repo) Roots(ctx context.Context, tip Hash) ([]Hash, error) {
	stdout, err := r.output(ctx, "rev-list", "--max-parents=0", tip.String())
	if err != nil {
		return nil, fmt.Errorf("look for the first commits: %w", err)
	}
	return parseHashes(stdout)
}

// Commits gives what is reachable from tips and from none of without, parents
// before children.
func (r *Repo) Commits(ctx context.Context, tips []Hash, without ...Hash) ([]CommitNode, error) {
	stdout, _, err := r.run(ctx, call{
		args:  []string{"rev-list", "--topo-order", "--reverse", "--format=%H %T %P", "--stdin"},
		stdin: strings.NewReader(revisions(tips, without)),
	})
	if err != nil {
		return nil, fmt.Errorf("read the history: %w", err)
	}
	var nodes []CommitNode
	for line := range strings.Lines(stdout) {
		if strings.HasPrefix(line, "commit ") {
			continue // git's header, there before each
		}
		hashes, err := parseHashList(strings.Fields(line))
		if err != nil || len(hashes) < 2 {
			return nil, fmt.Errorf("read the history: unexpected answer %q", line)
		}
		nodes = append(nodes, CommitNode{Hash: hashes[0], Tree: hashes[1], Parents: hashes[2:]})
	}
	return nodes, nil
}

// revisions is what `git rev-list --stdin` reads.
func revisions(tips, without []Hash) string {
	var b strings.Builder
	for _, h := range tips {
		fmt.Fprintln(&b, h)
	}
	for _, h := range without {
		fmt.Fprintf(&b, "^%s\n", h)
	}
	return b.String()
}

// parseHashes reads one hash a line and sorts them.
func parseHashes(stdout string) ([]Hash, error) {
	hashes, err := parseHashList(strings.Fields(stdout))
	slices.SortFunc(hashes, func(a, b Hash) int { return slices.Compare(a[:], b[:]) })
	return hashes, err
}

func parseHashList(words []string) ([]Hash, error) {
	var hashes []Hash
	for _, word := range words {
		if !IsHash(word) {
			return nil, fmt.Errorf("unexpected answer %q", word)
		}
		hashes = append(hashes, NewHash(word))
	}
	return hashes, nil
}
