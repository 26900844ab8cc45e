package git

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// ConfigAll gives every value of a key that may be set several times, like
// "remote.origin.push".
func (r *Repo) ConfigAll(ctx context.Context, key string) ([]string, error) {
	stdout, err := r.output(ctx, "config", "-z", "--get-all", key)
	var none *CommandError
	if errors.As(err, &none) && none.Code == 1 {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read git's configuration: %w", err)
	}
	return strings.Split(strings.TrimSuffix(stdout, "\x00"), "\x00"), nil
}
