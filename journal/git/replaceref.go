package git

import (
	"context"
	"fmt"
)

// SpareRef is what a broken ref stands for while it is replaced.
const SpareRef = "refs/incident/repair"

// ReplaceRef points a ref that cannot be read at a commit. Git refuses to update
// such a ref, but lets a symbolic ref take its place. The caller knows that nobody
// else writes to it.
func (r *Repo) ReplaceRef(ctx context.Context, message, name string, to Hash) error {
	r.forget(name)
	if _, err := r.output(ctx, "symbolic-ref", "-m", message, name, SpareRef); err != nil {
		return fmt.Errorf("replace %s: %w", name, err)
	}
	_, _, err := r.run(ctx, call{flush: true, args: []string{"update-ref", "--create-reflog", "--no-deref", "-m", message, name, to.String()}})
	if err != nil {
		return fmt.Errorf("replace %s: %w", name, err)
	}
	return nil
}
