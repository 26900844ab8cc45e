package git

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Missing gives those of commits whose history, with all trees and files, is not
// completely here. What the existing refs reach is taken to be complete, as git
// itself does; where one of them is damaged, the whole history is walked. Blobs
// that a partial clone left at the remote on purpose are not missing.
func (r *Repo) Missing(ctx context.Context, commits ...Hash) ([]Hash, error) {
	if whole, err := r.whole(ctx, commits, "--not", "--all"); whole || err != nil {
		return nil, err
	}
	var missing []Hash
	for _, h := range commits {
		whole, err := r.whole(ctx, []Hash{h})
		if err != nil {
			return nil, err
		}
		if !whole {
			missing = append(missing, h)
		}
	}
	return missing, nil
}

func (r *Repo) whole(ctx context.Context, commits []Hash, more ...string) (bool, error) {
	args := append([]string{"rev-list", "--objects", "--quiet", "--missing=allow-promisor", "--stdin"}, more...)
	_, _, err := r.run(ctx, call{args: args, stdin: strings.NewReader(revisions(commits, nil))})
	var failed *CommandError
	if errors.As(err, &failed) && failed.Code > 0 {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look whether everything is here: %w", err)
	}
	return true, nil
}
