package git

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// keeping is a repository that keeps what it writes.
func (s sandbox) keeping() *Repo {
	r := s.open()
	r.KeepIn(filepath.Join(s.dir, ".git", "kept"), "now")
	return r
}

func TestWhatAGcTookComesBack(t *testing.T) {
	for name, c := range map[string]struct {
		count int
		setup []string
	}{
		"one by one":          {count: 3},
		"in a pack":           {count: maxLoose + 1},
		"shared with a group": {count: 3, setup: []string{"config", "core.sharedRepository", "group"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newRepo(t)
			if c.setup != nil {
				s.git(c.setup...)
			}
			o := s.keeping().Objects(t.Context())
			defer o.Close()
			var hashes []Hash
			for n := range c.count {
				hashes = append(hashes, must(o.AddBlob(fmt.Append(nil, n)))(t))
			}
			if err := o.Persist(t.Context()); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				s.git("repack", "-q", "-a", "-d")
				s.git("prune", "--expire=now")
				if out, err := s.try("cat-file", "-e", hashes[0].String()); err == nil {
					t.Fatalf("the object was not pruned: %s", out)
				}
				read := s.keeping().Objects(t.Context())
				for n, h := range hashes {
					if got := must(read.Blob(h, 10))(t); string(got) != fmt.Sprint(n) {
						t.Errorf("%s is %q", h, got)
					}
				}
				read.Close()
				s.git("cat-file", "-e", hashes[c.count-1].String())
			}
		})
	}
}

func TestWhatIsPackedIsNotBroughtBack(t *testing.T) {
	s := newRepo(t)
	r := s.keeping()
	o := r.Objects(t.Context())
	defer o.Close()
	tree := must(o.EditTree(Hash{}, []TreeEdit{{Path: "a", Hash: must(o.AddBlob([]byte("x\n")))(t)}}))(t)
	tip := must(o.AddCommit(t.Context(), Commit{Tree: tree, Author: who, Committer: who, Message: "m\n"}, false))(t)
	if err := o.Persist(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := r.UpdateRefs(t.Context(), "m", RefUpdate{Name: "refs/heads/x", New: tip}); err != nil {
		t.Fatal(err)
	}
	s.git("gc", "-q", "--prune=now")
	if !s.keeping().BringBack(t.Context()) {
		t.Error("nothing was kept")
	}
	if loose, _ := filepath.Glob(filepath.Join(s.dir, ".git/objects/??/*")); len(loose) > 0 {
		t.Errorf("%q", loose)
	}
}

// TestTheRefMovesToWhatAGcTook has a gc between writing a commit and pointing at it.
func TestTheRefMovesToWhatAGcTook(t *testing.T) {
	s := newRepo(t)
	r := s.keeping()
	o := r.Objects(t.Context())
	defer o.Close()
	tip := must(o.AddCommit(t.Context(), Commit{Tree: must(o.EditTree(Hash{}, nil))(t), Author: who, Committer: who, Message: "m\n"}, false))(t)
	if err := o.Persist(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.git("prune", "--expire=now")
	if err := r.UpdateRefs(t.Context(), "m", RefUpdate{Name: "refs/heads/x", New: tip}); err != nil {
		t.Fatal(err)
	}
	s.git("fsck", "--strict")
}

// TestWhereNothingCanBeKept writes all the same.
func TestWhereNothingCanBeKept(t *testing.T) {
	s := newRepo(t)
	s.write("in the way", "")
	r := s.open()
	r.KeepIn(filepath.Join(s.dir, "in the way", "kept"), "now")
	o := r.Objects(t.Context())
	defer o.Close()
	h := must(o.AddBlob([]byte("x\n")))(t)
	if err := o.Persist(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.git("cat-file", "-e", h.String())
}

func TestACopyForASecondName(t *testing.T) {
	dir := t.TempDir()
	file, name := filepath.Join(dir, "file"), filepath.Join(dir, "new", "name")
	if err := os.WriteFile(file, []byte("x\n"), 0o444); err != nil {
		t.Fatal(err)
	}
	if err := duplicate(file, name); err != nil {
		t.Fatal(err)
	}
	if got := must(os.ReadFile(name))(t); string(got) != "x\n" {
		t.Errorf("%q", got)
	}
}
