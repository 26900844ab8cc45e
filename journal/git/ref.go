package git

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// ErrBrokenRef says that a ref is there but cannot be read. It must never be
// taken for an absent one: whoever would create it anew loses its history.
var ErrBrokenRef = errors.New("the ref is there but cannot be read")

// Ref is what a name points at.
type Ref struct {
	Name     string
	Hash     Hash   // zero when there is no such ref
	Symref   string // the ref this one stands for, "" for an ordinary ref
	WorkTree string // the work tree that has this branch checked out, born or not; "" for none
	Rebasing string // the work tree that is in the middle of a rebase of it; "" for none
}

// Absent reports that there is no such ref.
func (r Ref) Absent() bool { return r.Hash.IsZero() }

// Ref gives a ref as this Repo saw or left it last, so that everything a process
// reads is of one moment.
func (r *Repo) Ref(ctx context.Context, name string) (Ref, error) {
	r.mu.Lock()
	ref, ok := r.seen[name]
	r.mu.Unlock()
	if ok {
		return ref, nil
	}
	return r.FreshRef(ctx, name)
}

// FreshRef gives a ref as it is now. The error wraps [ErrBrokenRef] when there
// is something under that name which cannot be read. Whether the commit it names
// is there shows when that is read; then [Repo.AskRef] has the words for it.
func (r *Repo) FreshRef(ctx context.Context, name string) (Ref, error) {
	ref, plain := r.peek(name)
	if !plain {
		var err error
		if ref, err = r.askRef(ctx, name); err != nil {
			return Ref{}, err
		}
	}
	ref.Rebasing = r.rebasing(name)
	r.remember(ref)
	return ref, nil
}

// AskRef is FreshRef with git's word for it, in every case. A ref that names no
// commit, or one that is missing, is broken too.
func (r *Repo) AskRef(ctx context.Context, name string) (Ref, error) {
	ref, err := r.askRef(ctx, name)
	if err == nil {
		r.remember(ref)
	}
	return ref, err
}

func (r *Repo) askRef(ctx context.Context, name string) (Ref, error) {
	refs, err := r.Refs(ctx, name)
	if errors.Is(err, ErrBrokenRef) && r.BringBack(ctx) {
		refs, err = r.Refs(ctx, name)
	}
	if err != nil {
		return Ref{}, err
	}
	if ref, ok := refs[name]; ok {
		return ref, nil
	}
	// A symbolic ref whose target is missing is listed as nothing at all.
	target, err := r.output(ctx, "symbolic-ref", "-q", name)
	if err == nil {
		return Ref{}, fmt.Errorf("%w: %s stands for %s, which does not exist", ErrBrokenRef, name, strings.TrimSpace(target))
	}
	tree, err := r.unbornIn(ctx, name)
	return Ref{Name: name, WorkTree: tree}, err
}

// unbornIn gives the work tree whose HEAD names a branch that does not exist, ""
// for none. %(worktreepath) is for refs that are there; but whoever makes this
// one fills that work tree's history, and all of it looks deleted.
func (r *Repo) unbornIn(ctx context.Context, name string) (string, error) {
	if !r.isHead(name) {
		return "", nil
	}
	list, err := r.output(ctx, "worktree", "list", "--porcelain")
	if err != nil {
		return "", fmt.Errorf("list the work trees: %w", err)
	}
	tree := ""
	for line := range strings.Lines(list) {
		line = strings.TrimSuffix(line, "\n")
		if path, ok := strings.CutPrefix(line, "worktree "); ok {
			tree = path
		}
		if line == "branch "+name {
			return tree, nil
		}
	}
	return "", nil
}

// Refs gives those of the named refs that exist, by name, as they are now.
func (r *Repo) Refs(ctx context.Context, names ...string) (map[string]Ref, error) {
	const format = "%(refname)%00%(objectname)%00%(objecttype)%00%(symref)%00%(worktreepath)"
	args := append([]string{"for-each-ref", "--format=" + format, "--"}, names...)
	stdout, stderr, err := r.run(ctx, call{args: args})
	if err := brokenRef(names, stderr); err != nil {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("read refs: %w", err)
	}
	return parseRefs(stdout, names)
}

func parseRefs(stdout string, names []string) (map[string]Ref, error) {
	wanted, refs := map[string]bool{}, map[string]Ref{}
	for _, name := range names {
		wanted[name] = true
	}
	for line := range strings.Lines(stdout) {
		field := strings.Split(strings.TrimSuffix(line, "\n"), "\x00")
		// A name is also a prefix for git: refs/x lists refs/x/y.
		if len(field) != 5 || !wanted[field[0]] {
			continue
		}
		if field[2] != "commit" {
			return nil, fmt.Errorf("%w: %s is a %s and not a commit", ErrBrokenRef, field[0], field[2])
		}
		refs[field[0]] = Ref{Name: field[0], Hash: NewHash(field[1]), Symref: field[3], WorkTree: field[4]}
	}
	return refs, nil
}

// brokenRef finds git's complaint about one of names. Git exits with 0 after
// "warning: ignoring broken ref", as if the ref did not exist.
func brokenRef(names []string, stderr string) error {
	for line := range strings.Lines(stderr) {
		line = strings.TrimSpace(line)
		if !strings.Contains(line, "broken ref") && !strings.Contains(line, "missing object") {
			continue
		}
		for _, name := range names {
			if strings.HasSuffix(line, " "+name) {
				return fmt.Errorf("%w: %s", ErrBrokenRef, line)
			}
		}
	}
	return nil
}

func (r *Repo) remember(ref Ref) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen[ref.Name] = ref
}

func (r *Repo) forget(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.seen, name)
}
