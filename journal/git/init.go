package git

import (
	"context"
	"fmt"
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
