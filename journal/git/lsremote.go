package git

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// RemoteRef is a ref of a remote. What its name says beyond being valid is the
// remote's choice.
type RemoteRef struct {
	Name string
	Hash Hash
}

// LsRemote asks a remote for its refs. A pattern is the full name of a ref, or
// "refs/some/folder/*" for all below. Refs with names that git would not take,
// or that nobody asked for, are left out. Sorted by name. It fails with a
// [*NetworkError].
func (r *Repo) LsRemote(ctx context.Context, n Network, remote string, patterns ...string) ([]RemoteRef, error) {
	for _, p := range patterns {
		if !validRef(strings.TrimSuffix(p, "/*")) {
			return nil, fmt.Errorf("ask %s: %q is not the name of a ref", remote, p)
		}
	}
	answer, err := r.converse(ctx, n, conversation{step: "ask", remote: remote,
		args: append([]string{"ls-remote", "--quiet", "--end-of-options", remote}, patterns...)})
	if err != nil {
		return nil, err
	}
	return parseRemoteRefs(answer, patterns), nil
}

func parseRemoteRefs(answer string, patterns []string) []RemoteRef {
	var refs []RemoteRef
	for line := range strings.Lines(answer) {
		hex, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if ok && IsHash(hex) && !NewHash(hex).IsZero() && validRef(name) && matches(name, patterns) {
			refs = append(refs, RemoteRef{Name: name, Hash: NewHash(hex)})
		}
	}
	slices.SortStableFunc(refs, func(a, b RemoteRef) int { return strings.Compare(a.Name, b.Name) })
	return slices.CompactFunc(refs, func(a, b RemoteRef) bool { return a.Name == b.Name })
}

// matches is stricter than git, for which refs/x asks for refs/a/refs/x too. No
// pattern asks for everything.
func matches(name string, patterns []string) bool {
	return len(patterns) == 0 || slices.ContainsFunc(patterns, func(p string) bool {
		folder, all := strings.CutSuffix(p, "*")
		return name == p || all && strings.HasPrefix(name, folder)
	})
}
