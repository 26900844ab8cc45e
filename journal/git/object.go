package git

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/format/objfile"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/storage/memory"
)

// ErrNoObject says that an object is not there.
var ErrNoObject = errors.New("no such object")

// maxMetadata limits commits and trees, in bytes: a folder of a few hundred
// thousand entries.
const maxMetadata = 32 << 20

// TooLargeError is an object over the limit that the caller set.
type TooLargeError struct {
	Hash      Hash
	Size, Max int64 // bytes
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("object %s has %d bytes, more than the limit of %d", e.Hash, e.Size, e.Max)
}

// Mode is the kind of a tree entry.
type Mode = filemode.FileMode

// The modes git knows.
const (
	Regular    = filemode.Regular
	Executable = filemode.Executable
	Dir        = filemode.Dir
	Symlink    = filemode.Symlink
	Submodule  = filemode.Submodule
)

// TreeEntry is one name in a tree, as it stands there.
type TreeEntry struct {
	Name string
	Mode Mode
	Hash Hash
}

// Commit is what a commit says.
type Commit struct {
	Tree      Hash
	Parents   []Hash
	Author    Ident
	Committer Ident
	Message   string
}

// Objects reads and builds objects. What was added is readable at once and on
// disk after Persist. Reading goes to memory, then to the loose object in this
// process, then to one lazy `git cat-file --batch`, which sees everything that
// git sees. An Objects belongs to one goroutine. Close it.
type Objects struct {
	ctx     context.Context // of the cat-file child, which outlives single calls
	repo    *Repo
	mem     *memory.Storage
	fresh   []Hash // in mem, not yet on disk
	written []Hash // in mem, and on disk since Persist
	cat     *catFile
}

// Objects opens the repository's objects. ctx ends the child process.
func (r *Repo) Objects(ctx context.Context) *Objects {
	return &Objects{ctx: ctx, repo: r, mem: memory.NewStorage()}
}

// Close ends the child process, if there is one.
func (o *Objects) Close() {
	if o.cat != nil {
		o.cat.stop()
		o.cat = nil
	}
}

// Commit reads a commit.
func (o *Objects) Commit(h Hash) (Commit, error) {
	raw, err := o.read(h, plumbing.CommitObject, maxMetadata)
	if err != nil {
		return Commit{}, err
	}
	var c object.Commit
	if err := c.Decode(raw); err != nil {
		return Commit{}, fmt.Errorf("commit %s: %w", h, err)
	}
	return Commit{
		Tree: c.TreeHash, Parents: c.ParentHashes, Message: c.Message,
		Author: Ident(c.Author), Committer: Ident(c.Committer),
	}, nil
}

// Tree reads the entries of a tree in its own order. With [ErrDamaged] there are
// some all the same.
func (o *Objects) Tree(h Hash) ([]TreeEntry, error) {
	content, err := o.content(h, plumbing.TreeObject, maxMetadata)
	if err != nil {
		return nil, err
	}
	return parseTree(h, content)
}

// Blob reads the bytes of a file. Over max bytes it fails with [*TooLargeError]
// before it reads them.
func (o *Objects) Blob(h Hash, max int64) ([]byte, error) {
	return o.content(h, plumbing.BlobObject, max)
}

func (o *Objects) content(h Hash, want plumbing.ObjectType, max int64) ([]byte, error) {
	raw, err := o.read(h, want, max)
	if err != nil {
		return nil, err
	}
	reader, err := raw.Reader()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", want, h, err)
	}
	defer reader.Close()
	return io.ReadAll(reader)
}

func (o *Objects) read(h Hash, want plumbing.ObjectType, max int64) (plumbing.EncodedObject, error) {
	raw, err := o.find(h, max)
	if err != nil {
		return nil, err
	}
	if raw.Type() != want {
		return nil, fmt.Errorf("object %s is a %s, not a %s", h, raw.Type(), want)
	}
	return raw, nil
}

// find tries memory, the loose object, and git. Git has the last word when the
// loose object is gone or damaged, as there may be a packed one.
func (o *Objects) find(h Hash, max int64) (plumbing.EncodedObject, error) {
	if raw, err := o.mem.EncodedObject(plumbing.AnyObject, h); err == nil {
		return raw, nil
	}
	raw, err := readLoose(o.repo.ObjectDir, h, max)
	var large *TooLargeError
	if err == nil || errors.As(err, &large) {
		return raw, err
	}
	if raw, err = o.ask(h, max); errors.Is(err, ErrNoObject) && o.repo.BringBack(o.ctx) {
		return o.ask(h, max)
	}
	return raw, err
}

// readLoose reads one file of the object directory and checks that its content
// has the name it goes by.
func readLoose(dir string, h Hash, max int64) (plumbing.EncodedObject, error) {
	name := h.String()
	file, err := os.Open(filepath.Join(dir, name[:2], name[2:]))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	r, err := objfile.NewReader(file)
	if err != nil {
		return nil, fmt.Errorf("loose object %s: %w", h, err)
	}
	defer r.Close()
	kind, size, err := r.Header()
	if err != nil {
		return nil, fmt.Errorf("loose object %s: %w", h, err)
	}
	if size > max {
		return nil, &TooLargeError{Hash: h, Size: size, Max: max}
	}
	raw := &plumbing.MemoryObject{}
	raw.SetType(kind)
	if _, err := io.Copy(raw, io.LimitReader(r, size)); err != nil {
		return nil, fmt.Errorf("loose object %s: %w", h, err)
	}
	if r.Hash() != h {
		return nil, fmt.Errorf("loose object %s is damaged", h)
	}
	return raw, nil
}
