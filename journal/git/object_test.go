package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
	"pgregory.net/rapid"
)

func TestReadingIsTheSameLooseAndPacked(t *testing.T) {
	s := newHistory(t)
	r := s.open()
	read := func() string {
		o := r.Objects(t.Context())
		defer o.Close()
		ref := must(r.FreshRef(t.Context(), journal))(t)
		c := must(o.Commit(ref.Hash))(t)
		year := must(o.Tree(c.Tree))(t)
		month := must(o.Tree(year[0].Hash))(t)
		folders := must(o.Tree(month[0].Hash))(t)
		note := must(o.Tree(folders[1].Hash))(t)
		text := must(o.Blob(note[0].Hash, 100))(t)
		return fmt.Sprint(c, year, month, folders, note, string(text))
	}
	loose := read()
	s.git("gc", "-q")
	if packed := read(); packed != loose {
		t.Errorf("loose  %s\npacked %s", loose, packed)
	}
	if !strings.Contains(loose, "second") || !strings.Contains(loose, "Ada") {
		t.Error(loose)
	}
}

func TestReadingSurvivesGcAndADeadChild(t *testing.T) {
	s := newHistory(t)
	s.git("repack", "-adq")
	r := s.open()
	o := r.Objects(t.Context())
	defer o.Close()
	tip := must(r.Ref(t.Context(), journal))(t).Hash
	must(o.Commit(tip))(t)
	next := s.append(s.open(), journal, "z", "z\n")
	s.git("repack", "-adq")
	must(o.Commit(next))(t)
	if err := o.cat.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	must(o.Commit(tip))(t)
	missing := plumbing.NewHash(strings.Repeat("7", 40))
	if _, err := o.Commit(missing); !errors.Is(err, ErrNoObject) {
		t.Errorf("missing: %v", err)
	}
	if _, err := o.Tree(tip); err == nil {
		t.Error("a commit passes for a tree")
	}
}

func TestDamagedLooseObjectIsNotBelieved(t *testing.T) {
	s := newHistory(t)
	a, b := s.git("rev-parse", journal+":2026/10/a/README.md"), s.git("rev-parse", journal+":2026/10/b/README.md")
	path := func(h string) string { return filepath.Join(".git/objects", h[:2], h[2:]) }
	if err := os.Remove(filepath.Join(s.dir, path(a))); err != nil {
		t.Fatal(err)
	}
	s.write(path(a), s.file(path(b)))
	o := s.open().Objects(t.Context())
	defer o.Close()
	if text, err := o.Blob(plumbing.NewHash(a), 100); err == nil {
		t.Errorf("read %q", text)
	}
}

func TestTooLargeIsFoundBeforeReading(t *testing.T) {
	s := newRepo(t)
	r := s.open()
	s.append(r, journal, "big", strings.Repeat("x", 5000))
	s.append(r, journal, "small", "small")
	big, small := plumbing.NewHash(s.git("rev-parse", journal+":big")), plumbing.NewHash(s.git("rev-parse", journal+":small"))
	for _, packed := range []bool{false, true} {
		if packed {
			s.git("gc", "-q")
		}
		o := r.Objects(t.Context())
		defer o.Close()
		var large *TooLargeError
		if _, err := o.Blob(big, 4999); !errors.As(err, &large) || large.Size != 5000 || large.Max != 4999 {
			t.Errorf("packed %v: %v", packed, err)
		}
		if text := must(o.Blob(big, 5000))(t); len(text) != 5000 {
			t.Errorf("packed %v: %d bytes", packed, len(text))
		}
		got := make([]string, 5)
		missing := plumbing.NewHash(strings.Repeat("7", 40))
		err := r.Blobs(t.Context(), []Hash{small, big, small, missing, small}, 10, func(i int, content []byte, err error) {
			got[i] = string(content)
			switch {
			case errors.As(err, &large):
				got[i] = "large"
			case errors.Is(err, ErrNoObject):
				got[i] = "none"
			}
		})
		if want := "small large small none small"; err != nil || strings.Join(got, " ") != want {
			t.Errorf("packed %v: Blobs = %q, %v", packed, got, err)
		}
	}
}

func TestReplacedObjectsAreNotFollowed(t *testing.T) {
	s := newHistory(t)
	s.git("gc", "-q")
	a, b := s.git("rev-parse", journal+":2026/10/a/README.md"), s.git("rev-parse", journal+":2026/10/b/README.md")
	s.git("replace", a, b)
	o := s.open().Objects(t.Context())
	defer o.Close()
	if text := must(o.Blob(plumbing.NewHash(a), 100))(t); string(text) != "first\n" {
		t.Errorf("read %q", text)
	}
}

// hostile makes a tree that no git command would, and a commit of it.
func hostile(s sandbox, names ...string) Hash {
	blob := s.git("rev-parse", "main:app.txt")
	raw := plumbing.NewHash(blob)
	var tree bytes.Buffer
	for _, name := range names {
		fmt.Fprintf(&tree, "100644 %s\x00%s", name, raw[:])
	}
	cmd := exec.Command("git", "hash-object", "-t", "tree", "-w", "--literally", "--stdin")
	cmd.Dir, cmd.Env, cmd.Stdin = s.dir, s.env, &tree
	out, err := cmd.Output()
	if err != nil {
		s.t.Fatal(err)
	}
	return plumbing.NewHash(s.git("commit-tree", "-m", "hostile", strings.TrimSpace(string(out))))
}

func TestHostileTreesAreHandedOverRaw(t *testing.T) {
	s := newRepo(t)
	names := []string{"..", ".git", "/etc/evil.md", "--upload-pack=x", "CON.md", "a", "a", "b\nc", "\x1b[31m.md", "\xff"}
	h := hostile(s, names...)
	r := s.open()
	o := r.Objects(t.Context())
	defer o.Close()
	entries := must(o.Tree(must(o.Commit(h))(t).Tree))(t)
	files := must(r.LsTree(t.Context(), h))(t)
	changes := must(r.DiffTree(t.Context(), must(r.Ref(t.Context(), "refs/heads/main"))(t).Hash, h))(t)
	if len(entries) != len(names) || len(files) != len(names) || len(changes) < len(names) {
		t.Fatalf("%d entries, %d files, %d changes", len(entries), len(files), len(changes))
	}
	for i, name := range names {
		if entries[i].Name != name || files[i].Path != name {
			t.Errorf("%q came as %q and %q", name, entries[i].Name, files[i].Path)
		}
	}
	kept := must(o.EditTree(must(o.Commit(h))(t).Tree, []TreeEdit{{Path: "new", Hash: files[0].Hash}}))(t)
	if got := len(must(o.Tree(kept))(t)); got != len(names)+1 {
		t.Errorf("an edit beside them leaves %d entries", got)
	}
}

func TestEditTreeRefusesNames(t *testing.T) {
	o := newRepo(t).open().Objects(t.Context())
	blob := must(o.AddBlob(nil))(t)
	for _, path := range []string{"", "/a", "a/", "a//b", ".", "..", "a/../b", ".git", "a/.GIT/b", ".git .", "git~1", "a\x00b", `a\b`, "c:x"} {
		if h, err := o.EditTree(Hash{}, []TreeEdit{{Path: path, Hash: blob}}); err == nil {
			t.Errorf("%q gave %s", path, h)
		}
	}
	if _, err := o.EditTree(Hash{}, []TreeEdit{{Path: "a", Hash: blob}, {Path: "a/b", Hash: blob}}); err == nil {
		t.Error("a is a file and a folder")
	}
}

// TestEditTreeIsWhatGitWouldMake compares with git's own trees over random edits.
func TestEditTreeIsWhatGitWouldMake(t *testing.T) {
	s := newRepo(t)
	r := s.open()
	o := r.Objects(t.Context())
	defer o.Close()
	blob := must(o.AddBlob([]byte("x\n")))(t)
	path := rapid.SampledFrom([]string{"a", "a.b", "a-b", "a0", "b/a", "b/a.b/x", "b/a/x/y", "b.c", "b-", "c/d/e/f", "é/x"})
	rapid.Check(t, func(rt *rapid.T) {
		files, root := map[string]bool{}, Hash{}
		for range rapid.IntRange(1, 6).Draw(rt, "steps") {
			edits := map[string]TreeEdit{}
			for _, p := range rapid.SliceOfN(path, 1, 4).Draw(rt, "paths") {
				edits[p] = TreeEdit{Path: p, Hash: blob}
				if rapid.Bool().Draw(rt, "remove") {
					edits[p] = TreeEdit{Path: p}
				}
			}
			if clash(files, edits) {
				continue
			}
			var list []TreeEdit
			for p, e := range edits {
				list = append(list, e)
				files[p] = !e.Hash.IsZero()
			}
			var err error
			if root, err = o.EditTree(root, list); err != nil {
				rt.Fatal(err)
			}
		}
		if root.IsZero() {
			return
		}
		if err := o.Persist(t.Context()); err != nil {
			rt.Fatal(err)
		}
		if want := gitTree(s, files, blob); root.String() != want {
			rt.Fatalf("EditTree gave %s, git %s for %v", root, want, files)
		}
	})
}

// clash tells whether a path would be file and folder at once.
func clash(files map[string]bool, edits map[string]TreeEdit) bool {
	all := map[string]bool{}
	for p, there := range files {
		all[p] = there
	}
	for p, e := range edits {
		all[p] = all[p] || !e.Hash.IsZero()
		all[p] = true
	}
	for a, there := range all {
		for b, other := range all {
			if there && other && strings.HasPrefix(a, b+"/") {
				return true
			}
		}
	}
	return false
}

// gitTree writes the same files with an index of their own.
func gitTree(s sandbox, files map[string]bool, blob Hash) string {
	var lines strings.Builder
	for p, there := range files {
		if there {
			fmt.Fprintf(&lines, "100644 %s\t%s\n", blob, p)
		}
	}
	index := s.with("GIT_INDEX_FILE=" + filepath.Join(s.t.TempDir(), "index"))
	cmd := exec.Command("git", "update-index", "--add", "--index-info")
	cmd.Dir, cmd.Env, cmd.Stdin = index.dir, index.env, strings.NewReader(lines.String())
	if out, err := cmd.CombinedOutput(); err != nil {
		s.t.Fatalf("%v\n%s", err, out)
	}
	return index.git("write-tree")
}

func TestPersistWritesAsGitDoes(t *testing.T) {
	for _, shared := range []string{"", "group"} {
		s := newRepo(t)
		if shared != "" {
			s.git("config", "core.sharedRepository", shared)
		}
		s.append(s.open(), journal, "a/b", "x\n")
		mode := func(h string) (file, folder os.FileMode) {
			path := filepath.Join(s.dir, ".git/objects", h[:2], h[2:])
			info := must(os.Stat(path))(t)
			dir := must(os.Stat(filepath.Dir(path)))(t)
			return info.Mode(), dir.Mode()
		}
		s.write("y", "y\n")
		file, folder := mode(s.git("rev-parse", journal))
		wantFile, wantFolder := mode(s.git("hash-object", "-w", "y"))
		if file != wantFile || folder != wantFolder {
			t.Errorf("shared %q: %v %v, git writes %v %v", shared, file, folder, wantFile, wantFolder)
		}
	}
}

func TestManyObjectsBecomeAPack(t *testing.T) {
	s := newRepo(t)
	o := s.open().Objects(t.Context())
	defer o.Close()
	var edits []TreeEdit
	for n := range 2 * maxLoose {
		blob := must(o.AddBlob([]byte(fmt.Sprint(n))))(t)
		edits = append(edits, TreeEdit{Path: fmt.Sprint("d/", n), Hash: blob})
	}
	tree := must(o.EditTree(Hash{}, edits))(t)
	if err := o.Persist(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(s.git("ls-tree", "-r", tree.String()), "\n") + 1; got != len(edits) {
		t.Errorf("%d files", got)
	}
	if packs, _ := filepath.Glob(filepath.Join(s.dir, ".git/objects/pack/*.pack")); len(packs) != 1 {
		t.Errorf("%q", packs)
	}
}

func TestWritingWhatIsThereAlready(t *testing.T) {
	s := newRepo(t)
	for range 2 {
		o := s.open().Objects(t.Context())
		h := must(o.AddBlob([]byte("one\n")))(t)
		if err := o.Persist(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := s.git("cat-file", "blob", h.String()); got != "one" {
			t.Errorf("%q", got)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(s.dir, ".git/objects/*/tmp_obj_*")); len(left) != 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestPersistAgainBringsBackWhatAGcTook(t *testing.T) {
	s := newRepo(t)
	o := s.open().Objects(t.Context())
	defer o.Close()
	h := must(o.AddBlob([]byte("x\n")))(t)
	for _, persist := range []func(context.Context) error{o.Persist, o.PersistAgain} {
		if err := persist(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.git("cat-file", "-e", h.String())
		s.git("prune", "--expire=now")
		if out, err := s.try("cat-file", "-e", h.String()); err == nil {
			t.Fatalf("the object was not pruned: %s", out)
		}
	}
	if got := BlobHash([]byte("x\n")); got != h {
		t.Errorf("BlobHash = %s, want %s", got, h)
	}
}

func TestCommitHeadersCannotBeForged(t *testing.T) {
	s := newRepo(t)
	r := s.open()
	o := r.Objects(t.Context())
	defer o.Close()
	eve := Ident{Name: "Eve\nparent 0", Email: "e>\x00<x", When: who.When}
	tree := must(o.EditTree(Hash{}, nil))(t)
	h := must(o.AddCommit(t.Context(), Commit{Tree: tree, Author: eve, Committer: eve, Message: "a\x00b\xff\n"}, false))(t)
	if err := o.Persist(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := s.git("cat-file", "commit", h.String())
	if !strings.Contains(got, "author Eveparent 0 <ex> 1795179900 +0100") || !strings.HasSuffix(got, "\n\nab\uFFFD") {
		t.Errorf("%q", got)
	}
}
