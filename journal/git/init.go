package git

import (
	"context"
	"fmt"
	"strings"
)

// Init makes a repository in an empty directory.
func Init(ctx context.Context, dir string, env []string) error {
	bin, err := findGit()
	if err != nil {
		return err
	}
	r := &Repo{bin: bin, dir: dir, env: scrub(env)}
	if _, err := r.output(ctx, "init", "-q"); err != nil {
		return fmt.Errorf("make a repository in %s: %w", dir, err)
	}
	return nil
}

// Root gives the first commit of a history; of several the one that git names
// first.
func (r *Repo) Root(ctx context.Context, tip Hash) (Hash, error) {
	out, err := r.output(ctx, "rev-list", "--max-parents=0", tip.String())
	if err != nil {
		return Hash{}, fmt.Errorf("look for the first commit: %w", err)
	}
	first, _, _ := strings.Cut(out, "\n")
	if !IsHash(first) {
		return Hash{}, fmt.Errorf("git rev-list: unexpected answer %q", out)
	}
	return NewHash(first), nil
}
