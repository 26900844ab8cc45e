package git

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// LastKnown gives the last value that the reflog of a missing or broken ref
// holds, zero when it has none: the way back for a person, and the reason not to
// believe that there never was such a ref.
func (r *Repo) LastKnown(name string) Hash {
	values, err := r.Reflog(name)
	if err != nil || len(values) == 0 {
		return Hash{}
	}
	return values[0]
}

// Reflog gives the values that a ref had, newest first. Git itself shows no
// reflog without a ref, so the file is read, and is there also for a ref that was
// lost; one that was deleted lost its reflog too. Other ref storages than files
// have none to read, and for them there are no values.
func (r *Repo) Reflog(name string) ([]Hash, error) {
	if !validRef(name) {
		return nil, fmt.Errorf("%q is not the name of a ref", name)
	}
	log, err := os.ReadFile(filepath.Join(r.CommonDir, "logs", filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the reflog of %s: %w", name, err)
	}
	return parseReflog(string(log)), nil
}

// parseReflog skips what it cannot read, like the line a crash cut short.
func parseReflog(log string) []Hash {
	var values []Hash
	add := func(hex string) {
		h := NewHash(hex)
		if IsHash(hex) && !h.IsZero() && (len(values) == 0 || values[len(values)-1] != h) {
			values = append(values, h)
		}
	}
	for line := range strings.Lines(log) {
		before, rest, _ := strings.Cut(line, " ")
		after, _, _ := strings.Cut(rest, " ")
		add(before)
		add(after)
	}
	slices.Reverse(values)
	return values
}
