package git

import (
	"context"
	"fmt"
)

// Fetch brings the objects of refs, which are full names or hashes, and of their
// whole history. It moves nothing: no ref, no tag, no FETCH_HEAD, no shallow
// boundary. The objects are flushed to disk, and as new files they are safe from a
// gc for two weeks, or whatever gc.pruneExpire says. It fails with a [*NetworkError].
//
// A blob-less clone gets these blobs too: reading them later must not need the
// network.
func (r *Repo) Fetch(ctx context.Context, n Network, remote string, refs ...string) error {
	for _, name := range refs {
		if !validRef(name) && !IsHash(name) {
			return fmt.Errorf("fetch from %s: %q is neither a ref nor a hash", remote, name)
		}
	}
	if len(refs) == 0 {
		return nil // git would take the configured ones
	}
	_, err := r.converse(ctx, n, conversation{step: "fetch", remote: remote,
		config: []string{
			"remote." + remote + ".followRemoteHEAD=never",
			"fetch.fsckObjects=false", // one bad entry must not keep the others away; readers look at each
		},
		args: append([]string{"fetch", "--quiet", "--no-progress",
			"--refmap=", "--no-write-fetch-head", "--no-tags", "--no-prune",
			"--no-recurse-submodules", "--no-auto-maintenance", "--no-write-commit-graph",
			"--no-show-forced-updates", "--no-filter", "--end-of-options", remote}, refs...)})
	return err
}
