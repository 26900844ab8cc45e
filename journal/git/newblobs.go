package git

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// NewBlobs gives the files that tips reach and without do not, each content
// once, with a path that it has or had, its hash and its size. A path with a
// line feed ends before it.
func (r *Repo) NewBlobs(ctx context.Context, tips []Hash, without ...Hash) ([]File, error) {
	objects, _, err := r.run(ctx, call{
		args:  []string{"rev-list", "--objects", "--missing=allow-promisor", "--stdin"},
		stdin: strings.NewReader(revisions(tips, without)),
	})
	if err != nil {
		return nil, fmt.Errorf("list what is new: %w", err)
	}
	kinds, _, err := r.run(ctx, call{
		args:  []string{"cat-file", "--buffer", "--batch-check=%(objectname) %(objecttype) %(objectsize) %(rest)"},
		stdin: strings.NewReader(objects),
	})
	if err != nil {
		return nil, fmt.Errorf("list what is new: %w", err)
	}
	var files []File
	for line := range strings.Lines(kinds) {
		field := strings.SplitN(strings.TrimSuffix(line, "\n"), " ", 4)
		if len(field) != 4 || field[1] != "blob" || !IsHash(field[0]) {
			continue
		}
		size, err := strconv.ParseInt(field[2], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("list what is new: unexpected answer %q", line)
		}
		files = append(files, File{Path: field[3], Hash: NewHash(field[0]), Size: size})
	}
	return files, nil
}
