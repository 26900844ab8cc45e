package git

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/filemode"
)

// File is an entry below a tree with its whole path, as it stands there: not
// only blobs, and not only names that are safe to use.
type File struct {
	Path string
	Mode Mode
	Hash Hash
	Size int64 // bytes, from NewBlobs only
}

// FileChange is a path that differs between two trees. A side where the path is
// missing has a zero Hash.
type FileChange struct {
	Path     string
	Old, New File
}

// LsTree lists everything below a commit or tree that is not itself a folder. It
// is for trees that we trust: others may unfold to more paths than anybody can read.
func (r *Repo) LsTree(ctx context.Context, tree Hash) ([]File, error) {
	stdout, err := r.output(ctx, "ls-tree", "-r", "-z", "--full-tree", tree.String())
	if err != nil {
		return nil, fmt.Errorf("list tree %s: %w", tree, err)
	}
	files := make([]File, 0, strings.Count(stdout, "\x00"))
	for record := range strings.SplitSeq(stdout, "\x00") {
		if record == "" {
			continue
		}
		head, path, ok := strings.Cut(record, "\t")
		field := strings.Fields(head)
		if !ok || len(field) != 3 {
			return nil, fmt.Errorf("list tree %s: unexpected answer %q", tree, record)
		}
		files = append(files, File{Path: path, Mode: parseMode(field[0]), Hash: NewHash(field[2])})
	}
	return files, nil
}

// DiffTree lists what differs between two commits or trees, which we trust as with
// LsTree.
func (r *Repo) DiffTree(ctx context.Context, from, to Hash) ([]FileChange, error) {
	stdout, err := r.output(ctx, "diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames",
		"--no-relative", "--ignore-submodules=none", from.String(), to.String())
	if err != nil {
		return nil, fmt.Errorf("compare trees: %w", err)
	}
	part := strings.Split(strings.TrimSuffix(stdout, "\x00"), "\x00")
	changes := make([]FileChange, 0, len(part)/2)
	for i := 0; i+1 < len(part); i += 2 {
		field := strings.Fields(strings.TrimPrefix(part[i], ":"))
		if len(field) != 5 {
			return nil, fmt.Errorf("compare trees: unexpected answer %q", part[i])
		}
		path := part[i+1]
		changes = append(changes, FileChange{
			Path: path,
			Old:  File{Path: path, Mode: parseMode(field[0]), Hash: NewHash(field[2])},
			New:  File{Path: path, Mode: parseMode(field[1]), Hash: NewHash(field[3])},
		})
	}
	return changes, nil
}

// parseMode reads git's octal mode; what it cannot read is no mode at all.
func parseMode(octal string) Mode {
	mode, err := filemode.New(octal)
	if err != nil {
		return filemode.Empty
	}
	return mode
}

// Sizes gives the sizes of objects in bytes, zero for those that are not there.
func (r *Repo) Sizes(ctx context.Context, hashes []Hash) ([]int64, error) {
	sizes := make([]int64, len(hashes))
	if len(hashes) == 0 {
		return sizes, nil
	}
	var names strings.Builder
	for _, h := range hashes {
		names.WriteString(h.String() + "\n")
	}
	stdout, _, err := r.run(ctx, call{
		args:  []string{"cat-file", "--batch-check=%(objectsize)", "--buffer"},
		stdin: strings.NewReader(names.String()),
	})
	if err != nil {
		return nil, fmt.Errorf("look up the sizes of objects: %w", err)
	}
	line := strings.Split(strings.TrimSuffix(stdout, "\n"), "\n")
	if len(line) != len(hashes) {
		return nil, fmt.Errorf("git cat-file: %d answers to %d questions", len(line), len(hashes))
	}
	for i, l := range line {
		if size, err := strconv.ParseInt(l, 10, 64); err == nil { // not "<name> missing"
			sizes[i] = size
		}
	}
	return sizes, nil
}
