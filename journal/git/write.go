package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// persistTries is how often objects are handed to git: a gc may remove a folder
// of the object directory between git's making it and using it.
const persistTries = 4

// BlobHash is the name that git gives to the content of a file.
func BlobHash(content []byte) Hash {
	return plumbing.ComputeHash(plumbing.BlobObject, content)
}

// AddBlob adds the content of a file.
func (o *Objects) AddBlob(content []byte) (Hash, error) {
	return o.add(func(raw *plumbing.MemoryObject) error {
		raw.SetType(plumbing.BlobObject)
		_, err := raw.Write(content)
		return err
	})
}

// AddTree adds a tree, sorted as git wants it. Names are taken as they are: whoever
// has names from elsewhere uses EditTree.
func (o *Objects) AddTree(entries []TreeEntry) (Hash, error) {
	tree := object.Tree{Entries: make([]object.TreeEntry, len(entries))}
	for i, e := range entries {
		tree.Entries[i] = object.TreeEntry(e)
	}
	slices.SortStableFunc(tree.Entries, func(a, b object.TreeEntry) int {
		return strings.Compare(sortName(a), sortName(b))
	})
	return o.add(func(raw *plumbing.MemoryObject) error { return tree.Encode(raw) })
}

// sortName is what git compares: a folder's name counts with a slash.
func sortName(e object.TreeEntry) string {
	if e.Mode == Dir {
		return e.Name + "/"
	}
	return e.Name
}

// AddCommit adds a commit. A signed one is made by git, which needs its tree and
// parents on disk: they are persisted first.
func (o *Objects) AddCommit(ctx context.Context, c Commit, sign bool) (Hash, error) {
	c.Author, c.Committer = c.Author.clean(), c.Committer.clean()
	c.Message = strings.ToValidUTF8(strings.ReplaceAll(c.Message, "\x00", ""), "\uFFFD")
	if sign {
		return o.signCommit(ctx, c)
	}
	commit := object.Commit{
		TreeHash: c.Tree, ParentHashes: c.Parents, Message: c.Message,
		Author: object.Signature(c.Author), Committer: object.Signature(c.Committer),
	}
	return o.add(func(raw *plumbing.MemoryObject) error { return commit.Encode(raw) })
}

func (i Ident) clean() Ident {
	return Ident{Name: clean(i.Name), Email: clean(i.Email), When: i.When}
}

// signCommit runs `git commit-tree -S`, which signs with whatever gpg.format and
// user.signingKey say. Without -S it never signs.
func (o *Objects) signCommit(ctx context.Context, c Commit) (Hash, error) {
	if err := o.Persist(ctx); err != nil {
		return Hash{}, err
	}
	args := []string{"-c", "i18n.commitEncoding=UTF-8", "commit-tree", "-S"}
	for _, parent := range c.Parents {
		args = append(args, "-p", parent.String())
	}
	stdout, _, err := o.repo.run(ctx, call{
		args:  append(args, c.Tree.String()),
		stdin: strings.NewReader(c.Message),
		env:   slices.Concat(c.Author.environ("AUTHOR"), c.Committer.environ("COMMITTER")),
		flush: true,
	})
	if err != nil {
		return Hash{}, fmt.Errorf("sign the commit: %w", err)
	}
	hex := strings.TrimSpace(stdout)
	if !IsHash(hex) {
		return Hash{}, fmt.Errorf("sign the commit: unexpected answer %q", stdout)
	}
	return NewHash(hex), o.repo.keep(hex)
}

func (i Ident) environ(who string) []string {
	return []string{
		"GIT_" + who + "_NAME=" + i.Name,
		"GIT_" + who + "_EMAIL=" + i.Email,
		fmt.Sprintf("GIT_%s_DATE=@%d %s", who, i.When.Unix(), i.When.Format("-0700")),
	}
}

// add encodes an object into memory and remembers that it is not on disk.
func (o *Objects) add(encode func(*plumbing.MemoryObject) error) (Hash, error) {
	raw := &plumbing.MemoryObject{}
	if err := encode(raw); err != nil {
		return Hash{}, fmt.Errorf("build an object: %w", err)
	}
	h := raw.Hash()
	if _, known := o.mem.Objects[h]; known {
		return h, nil
	}
	if _, err := o.mem.SetEncodedObject(raw); err != nil {
		return Hash{}, fmt.Errorf("build an object: %w", err)
	}
	o.fresh = append(o.fresh, h)
	return h, nil
}

// Persist writes everything that was added and is not on disk yet, flushed. Where
// other users share the repository git does it, who knows their permissions.
func (o *Objects) Persist(ctx context.Context) error {
	if len(o.fresh) == 0 {
		return nil
	}
	shared, _ := o.repo.Config("core.sharedRepository")
	var err error
	switch {
	case len(o.fresh) > maxLoose:
		err = o.persistPack(ctx, o.keepPack, "index-pack", "--stdin")
	case shared != "":
		err = o.persistPack(ctx, o.keepFresh, "unpack-objects", "-q")
	default:
		err = o.repo.persistLoose(o.raw(o.fresh))
	}
	if err != nil {
		return fmt.Errorf("write the objects: %w", err)
	}
	o.written = append(o.written, o.fresh...)
	o.fresh = nil
	return nil
}

func (o *Objects) raw(hashes []Hash) []plumbing.EncodedObject {
	objects := make([]plumbing.EncodedObject, len(hashes))
	for i, h := range hashes {
		objects[i] = o.mem.Objects[h]
	}
	return objects
}

// persistPack hands the objects to git. keep gets what git says, and gives what
// git wrote its second name.
func (o *Objects) persistPack(ctx context.Context, keep func(answer string) error, args ...string) error {
	var pack bytes.Buffer
	if _, err := packfile.NewEncoder(&pack, o.mem, false).Encode(o.fresh, 0); err != nil {
		return fmt.Errorf("pack the objects: %w", err)
	}
	var err error
	for try := range persistTries {
		if try > 0 {
			pause(ctx, time.Duration(try)*10*time.Millisecond)
		}
		var answer string
		answer, _, err = o.repo.run(ctx, call{args: args, stdin: bytes.NewReader(pack.Bytes()), flush: true})
		if err == nil {
			err = keep(answer)
		}
		var refused *CommandError
		if !errors.As(err, &refused) && !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return err
}

// keepPack gives a second name to the pack. A gc takes all of it or nothing, so that
// the newest object stands for the others.
func (o *Objects) keepPack(answer string) error {
	return o.repo.keepPack(answer, o.fresh[len(o.fresh)-1])
}

// keepFresh gives second names to objects that git has written one by one, or
// found to be there.
func (o *Objects) keepFresh(string) error {
	for _, raw := range o.raw(o.fresh) {
		if o.repo.keep(raw.Hash().String()) != nil {
			o.repo.keepCopy(raw)
		}
	}
	return nil
}

// PersistAgain writes once more what Persist has written, for the case that a
// `git gc --prune=now` took it away before a ref pointed at it.
func (o *Objects) PersistAgain(ctx context.Context) error {
	o.fresh, o.written = append(o.written, o.fresh...), nil
	return o.Persist(ctx)
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
