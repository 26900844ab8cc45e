package git

import (
	"context"
	"fmt"
	"strings"
)

// Containing gives the names of the refs whose history has any of these commits.
func (r *Repo) Containing(ctx context.Context, commits ...Hash) ([]string, error) {
	args := []string{"for-each-ref", "--format=%(refname)"}
	for _, h := range commits {
		args = append(args, "--contains="+h.String())
	}
	stdout, err := r.output(ctx, args...)
	if err != nil {
		return nil, fmt.Errorf("look for refs: %w", err)
	}
	return strings.Fields(stdout), nil
}
