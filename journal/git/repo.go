package git

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/go-git/go-git/v5/plumbing"
)

// Hash is the name of an object. The zero Hash means "none".
type Hash = plumbing.Hash

var (
	// ErrNotRepository says that the directory is in no repository.
	ErrNotRepository = errors.New("not inside a git repository")
	// ErrObjectFormat says that the repository names objects by SHA-256.
	ErrObjectFormat = errors.New("this repository uses the object format sha256, and git-incident can only work with sha1 so far")
)

// Repo is a repository as git sees it from one directory. Its exported fields
// are absolute paths and facts, set by Open and not to be changed. Its methods
// may be called from several goroutines; the Objects it makes may not.
type Repo struct {
	GitDir    string // of this work tree
	CommonDir string // shared by all work trees: objects, refs, configuration
	ObjectDir string // where loose objects lie
	WorkTree  string // top of the work tree we stand in; "" in a bare repository
	Bare      bool
	Shallow   bool

	Editor string // a shell line, as git would run it
	Pager  string // a shell line, as git would run it

	bin    string
	dir    string
	env    []string
	keptIn string // where what was written has second names; "" for nowhere
	kept   string // the folder there that is in use
	ident  string // committer as `git var -l` printed it
	config config

	mu      sync.Mutex
	seen    map[string]Ref // refs as we saw or left them
	updater *updater       // waiting for a script
}

// Open finds the repository that dir is in. env is the environment of the
// process.
//
// It fails with [ErrNoGit], [ErrNotRepository], [ErrObjectFormat], or a
// [*CommandError] in git's own words, for example when the repository belongs to
// somebody else.
func Open(ctx context.Context, dir string, env []string) (*Repo, error) {
	bin, err := findGit()
	if err != nil {
		return nil, err
	}
	r := &Repo{bin: bin, dir: dir, env: scrub(env), seen: map[string]Ref{}}
	var forks sync.WaitGroup
	var placesErr, variablesErr error
	forks.Go(func() { placesErr = r.askPlaces(ctx) })
	forks.Go(func() { variablesErr = r.askVariables(ctx) })
	forks.Wait()
	if placesErr != nil {
		return nil, placesErr
	}
	return r, variablesErr
}

// askPlaces asks where things are. --show-toplevel comes last because it fails
// in a bare repository, after the other answers were printed.
func (r *Repo) askPlaces(ctx context.Context) error {
	stdout, stderr, err := r.run(ctx, call{args: []string{"rev-parse", "--path-format=absolute",
		"--git-dir", "--git-common-dir", "--git-path", "objects",
		"--is-bare-repository", "--is-shallow-repository", "--show-object-format", "--show-toplevel"}})
	if strings.Contains(stderr, "not a git repository") {
		return fmt.Errorf("%w: %s", ErrNotRepository, r.dir)
	}
	lines := strings.Split(strings.TrimSuffix(stdout, "\n"), "\n")
	if len(lines) < 6 {
		if err == nil {
			err = fmt.Errorf("git rev-parse: unexpected answer %q", stdout)
		}
		return fmt.Errorf("find the repository of %s: %w", r.dir, err)
	}
	r.GitDir, r.CommonDir, r.ObjectDir = lines[0], lines[1], lines[2]
	r.Bare, r.Shallow = lines[3] == "true", lines[4] == "true"
	if lines[5] != "sha1" {
		return ErrObjectFormat
	}
	r.WorkTree = strings.Join(lines[6:], "\n")
	return nil
}

// askVariables asks for configuration, identity, editor and pager. `git var` has
// all of them, but does not say where a value of several lines ends.
func (r *Repo) askVariables(ctx context.Context) error {
	var lines, list string
	var varErr, listErr error
	var forks sync.WaitGroup
	forks.Go(func() { lines, varErr = r.output(ctx, "var", "-l") })
	forks.Go(func() { list, listErr = r.output(ctx, "config", "-z", "--list") })
	forks.Wait()
	if err := cmp.Or(varErr, listErr); err != nil {
		return fmt.Errorf("read git's configuration: %w", err)
	}
	r.config = parseConfig(list)
	variables := parseVariables(lines, list)
	r.ident, r.Editor, r.Pager = variables["GIT_COMMITTER_IDENT"], variables["GIT_EDITOR"], variables["GIT_PAGER"]
	return nil
}

// NewHash reads a hash from its 40 hexadecimal digits; see [IsHash].
func NewHash(hex string) Hash { return plumbing.NewHash(hex) }

// IsHash reports whether s is a hash in hexadecimal.
func IsHash(s string) bool { return plumbing.IsHash(s) && len(s) == 40 }
