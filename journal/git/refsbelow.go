package git

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// RefsBelow gives the refs of a folder like "refs/incident/inbox", by name. The
// error wraps [ErrBrokenRef] and names them when some cannot be read or are not
// commits; the others are given all the same.
func (r *Repo) RefsBelow(ctx context.Context, prefix string) ([]Ref, error) {
	folder := strings.TrimSuffix(prefix, "/")
	if !validRef(folder) {
		return nil, fmt.Errorf("%q is not a folder of refs", prefix)
	}
	// Without the type, which would make git stop at the first missing object.
	const format = "%(refname)%00%(objectname)%00%(symref)%00%(worktreepath)"
	stdout, stderr, err := r.run(ctx, call{args: []string{"for-each-ref", "--format=" + format, "--", folder + "/"}})
	if err != nil {
		return nil, fmt.Errorf("read refs: %w", err)
	}
	var broken []error
	for line := range strings.Lines(stderr) {
		if strings.Contains(line, "broken ref") {
			broken = append(broken, fmt.Errorf("%w: %s", ErrBrokenRef, strings.TrimSpace(line)))
		}
	}
	refs, err := parseRefsBelow(stdout)
	if err != nil {
		return nil, err
	}
	commits, odd, err := r.commitsOnly(ctx, refs)
	if err != nil {
		return nil, err
	}
	return commits, errors.Join(append(broken, odd...)...)
}

func parseRefsBelow(stdout string) ([]Ref, error) {
	var refs []Ref
	for line := range strings.Lines(stdout) {
		field := strings.Split(strings.TrimSuffix(line, "\n"), "\x00")
		if len(field) != 4 || !IsHash(field[1]) {
			return nil, fmt.Errorf("read refs: unexpected answer %q", line)
		}
		refs = append(refs, Ref{Name: field[0], Hash: NewHash(field[1]), Symref: field[2], WorkTree: field[3]})
	}
	return refs, nil
}

// commitsOnly sorts out the refs that name no commit, or one that is missing.
func (r *Repo) commitsOnly(ctx context.Context, refs []Ref) (commits []Ref, odd []error, err error) {
	if len(refs) == 0 {
		return nil, nil, nil
	}
	var names strings.Builder
	for _, ref := range refs {
		fmt.Fprintln(&names, ref.Hash)
	}
	stdout, _, err := r.run(ctx, call{args: []string{"cat-file", "--buffer", "--batch-check=%(objecttype)"}, stdin: strings.NewReader(names.String())})
	if err != nil {
		return nil, nil, fmt.Errorf("read refs: %w", err)
	}
	kinds := strings.Split(strings.TrimSuffix(stdout, "\n"), "\n")
	if len(kinds) != len(refs) {
		return nil, nil, fmt.Errorf("read refs: unexpected answer %q", stdout)
	}
	for i, ref := range refs {
		if kinds[i] == "commit" {
			commits = append(commits, ref)
			continue
		}
		kind, found := strings.CutPrefix(kinds[i], ref.Hash.String()+" ")
		if !found {
			kind = "a " + kinds[i] + " and not a commit"
		}
		odd = append(odd, fmt.Errorf("%w: %s is %s", ErrBrokenRef, ref.Name, kind))
	}
	return commits, odd, nil
}
