package git

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// SetConfig sets a key of the repository's own configuration to one value; ""
// unsets it. What [Repo.Config] gives follows.
func (r *Repo) SetConfig(ctx context.Context, key, value string) error {
	if strings.HasPrefix(key, "-") {
		return fmt.Errorf("set git config: %q is not a key", key)
	}
	args := []string{"config", "--local", "--replace-all", key, value}
	if value == "" {
		args = []string{"config", "--local", "--unset-all", key}
	}
	_, err := r.output(ctx, args...)
	var failed *CommandError
	if value == "" && errors.As(err, &failed) && failed.Code == 5 {
		err = nil // it was not set
	}
	if err != nil {
		return fmt.Errorf("set git config %s: %w", key, err)
	}
	list, err := r.output(ctx, "config", "-z", "--list")
	if err != nil {
		return fmt.Errorf("read git's configuration: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.config = parseConfig(list)
	return nil
}
