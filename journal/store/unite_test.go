package store

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"git-incident/journal"
	"git-incident/journal/git"
)

const unitedID = "2026-11-20-checkout-is-500ing-k7f3"

// files is a tree as a test writes it: paths and contents.
type files map[string]string

// noteWith is a note of the incident with a body.
func noteWith(title, body string) string {
	return "---\nschema: 1\ntitle: " + title + "\n---\n" + body
}

// commitOf makes a commit of files out of thin air.
func (s sandbox) commitOf(f files, parents ...Hash) Hash {
	s.t.Helper()
	j := s.open()
	objs := j.repo.Objects(s.t.Context())
	defer objs.Close()
	var edits []git.TreeEdit
	for _, name := range slices.Sorted(maps.Keys(f)) {
		edits = append(edits, git.TreeEdit{Path: name, Hash: must(objs.AddBlob([]byte(f[name])))(s.t)})
	}
	who := git.Ident{Name: "Ada", Email: "ada@example.com", When: noon}
	commit := git.Commit{Tree: must(objs.EditTree(Hash{}, edits))(s.t), Parents: parents, Author: who, Committer: who, Message: fmt.Sprint(f)}
	h := must(objs.AddCommit(s.t.Context(), commit, false))(s.t)
	if err := objs.Persist(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	return h
}

// united merges two commits both ways, expects the same tree, and gives its files.
func (s sandbox) united(a, b Hash) files {
	s.t.Helper()
	first, second := s.unitedTree(a, b), s.unitedTree(b, a)
	if first != second {
		s.t.Fatalf("which side is which matters:\n%v\n%v", s.filesOf(first), s.filesOf(second))
	}
	return s.filesOf(first)
}

func (s sandbox) unitedTree(a, b Hash) Hash {
	s.t.Helper()
	j := s.open()
	objs := j.repo.Objects(s.t.Context())
	defer objs.Close()
	tree := must(union{j: j, objs: objs}.commits(s.t.Context(), a, b))(s.t)
	if err := objs.Persist(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	return tree
}

func (s sandbox) filesOf(tree Hash) files {
	s.t.Helper()
	j := s.open()
	objs := j.repo.Objects(s.t.Context())
	defer objs.Close()
	f := files{}
	for _, entry := range must(j.repo.LsTree(s.t.Context(), tree))(s.t) {
		f[entry.Path] = string(must(objs.Blob(entry.Hash, journal.MaxNote))(s.t))
	}
	return f
}

func TestUniteKeepsBothSides(t *testing.T) {
	dir := journal.Path(unitedID) + "/"
	note, line := noteWith("Checkout", "\n## Timeline\n\n"), "- 2026-11-20T14:0%d:00Z %s <!-- e:%s r1 -->\n"
	s := newRepo(t)
	base := s.commitOf(files{dir + "README.md": note + fmt.Sprintf(line, 1, "one", "aaaaaa"), "README.md": "about\n"})
	a := s.commitOf(files{
		dir + "README.md": note + fmt.Sprintf(line, 1, "one", "aaaaaa") + fmt.Sprintf(line, 2, "ada", "bbbbbb"),
		"README.md":       "about it\n", dir + "graph.png": "of ada", "welcome.md": "hello\n",
	}, base)
	b := s.commitOf(files{
		dir + "README.md": note + fmt.Sprintf(line, 1, "one", "aaaaaa") + fmt.Sprintf(line, 3, "grace", "cccccc"),
		"README.md":       "about\n", dir + "graph.png": "of grace",
	}, base)
	f := s.united(a, b)
	merged := f[dir+"README.md"]
	for _, want := range []string{"one", "ada", "grace"} {
		if strings.Count(merged, " "+want+" <!--") != 1 {
			t.Errorf("%q is not there once:\n%s", want, merged)
		}
	}
	if f["README.md"] != "about it\n" || f["welcome.md"] != "hello\n" {
		t.Errorf("the files at the top: %q", f)
	}
	var graphs []string
	for name, content := range f {
		if path.Ext(name) == ".png" {
			graphs = append(graphs, content)
		}
	}
	if len(graphs) != 2 || f[dir+"graph.png"] == "" {
		t.Errorf("two files of one name: %q", slices.Sorted(maps.Keys(f)))
	}
}

func TestUniteKeepsWhatCannotBeRead(t *testing.T) {
	dir := journal.Path(unitedID) + "/"
	s := newRepo(t)
	base := s.commitOf(files{dir + "README.md": noteWith("Checkout", "")})
	good := s.commitOf(files{dir + "README.md": noteWith("Checkout again", "")}, base)
	broken := s.commitOf(files{dir + "README.md": "no note\n"}, base)
	other := s.commitOf(files{dir + "README.md": "no note either\n"}, base)
	if f := s.united(good, broken); f[dir+"README.md"] != noteWith("Checkout again", "") || !hasContent(f, "no note\n") {
		t.Errorf("one side cannot be read: %q", f)
	}
	if f := s.united(broken, other); !hasContent(f, "no note\n") || !hasContent(f, "no note either\n") {
		t.Errorf("neither side can be read: %q", f)
	}
	if f := s.united(base, broken); f[dir+"README.md"] != "no note\n" || len(f) != 1 {
		t.Errorf("only one side did anything: %q", f)
	}
}

func hasContent(f files, content string) bool {
	return slices.Contains(slices.Collect(maps.Values(f)), content)
}

func TestUniteFilesAndFolders(t *testing.T) {
	s := newRepo(t)
	base := s.commitOf(files{"a": "1", "gone": "1", "edited": "1"})
	x := s.commitOf(files{"a": "2", "name": "a file", "edited": "2"}, base)
	y := s.commitOf(files{"a": "3", "name/inside": "a folder", "gone": "1"}, base)
	f := s.united(x, y)
	for _, content := range []string{"2", "3", "a file", "a folder"} {
		if !hasContent(f, content) {
			t.Errorf("%q is gone: %q", content, f)
		}
	}
	if _, still := f["gone"]; still || f["edited"] != "2" {
		t.Errorf("one side took a file out: %q", f)
	}
	if _, err := s.try("git", "fsck", "--strict"); err != nil {
		t.Error(err)
	}
}

func TestUniteWithoutAnythingInCommon(t *testing.T) {
	dir := journal.Path(unitedID) + "/"
	s := newRepo(t)
	x := s.commitOf(files{"README.md": readme, dir + "README.md": noteWith("Checkout", "\n## Impact\n\nby card\n")})
	y := s.commitOf(files{"README.md": readme, dir + "README.md": noteWith("Checkout", "\n## Impact\n\nby invoice\n")})
	f := s.united(x, y)
	if merged := f[dir+"README.md"]; !strings.Contains(merged, "by card") || !strings.Contains(merged, "by invoice") || f["README.md"] != readme {
		t.Errorf("%q", f)
	}
}

// TestUniteCrissCross merges two commits with two best common ancestors. What one
// of them took out stays out.
func TestUniteCrissCross(t *testing.T) {
	dir := journal.Path(unitedID) + "/"
	note := func(services, severity string) files {
		return files{dir + "README.md": "---\nschema: 1\ntitle: x\nseverity: " + severity + "\nservices: [" + services + "]\n---\n"}
	}
	s := newRepo(t)
	root := s.commitOf(note("web, db, mail", "low"))
	left := s.commitOf(note("web, mail", "low"), root)       // took db out
	right := s.commitOf(note("web, db, mail", "high"), root) // raised the severity
	both := note("web, mail", "high")
	one := s.commitOf(both, left, right)
	two := s.commitOf(note("web, mail, dns", "high"), right, left)
	f := s.united(one, two)
	if merged := f[dir+"README.md"]; !strings.Contains(merged, "services: [") || strings.Contains(merged, "db") ||
		!strings.Contains(merged, "dns") || !strings.Contains(merged, "severity: high") || strings.Contains(merged, "two versions") {
		t.Errorf("%s", merged)
	}
}

func TestTransitionsAreUnited(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.SampledFrom([]string{"purge a 2026-11-20", "purge b 2026-11-21", "later c", ""})
		a, b := strings.Join(rapid.SliceOf(line).Draw(t, "a"), "\n"), strings.Join(rapid.SliceOf(line).Draw(t, "b"), "\n")
		ab := mergeTransitions(a, b)
		if ab != mergeTransitions(b, a) || mergeTransitions(ab, a) != ab {
			t.Fatalf("%q and %q give %q", a, b, ab)
		}
		for _, l := range strings.Fields(strings.ReplaceAll(a+"\n"+b, " ", "_")) {
			if !strings.Contains(ab, strings.ReplaceAll(l, "_", " ")+"\n") {
				t.Fatalf("%q is not in %q", l, ab)
			}
		}
	})
}

// TestUniteKeepsHostileEntries merges a tree that somebody wrote by hand: what it
// has beside the incidents stays as it is.
func TestUniteKeepsHostileEntries(t *testing.T) {
	dir := journal.Path(unitedID) + "/"
	s := newRepo(t)
	base := s.commitOf(files{dir + "README.md": noteWith("Checkout", "")})
	x := s.commitOf(files{dir + "README.md": noteWith("Checkout again", "")}, base)
	j := s.open()
	objs := j.repo.Objects(t.Context())
	defer objs.Close()
	evil := must(objs.AddBlob([]byte("evil")))(t)
	entries := must(objs.Tree(must(objs.Commit(base))(t).Tree))(t)
	for _, name := range []string{"..", ".git", "-rf", "CON", "a\x1b[2J", "\xff"} {
		entries = append(entries, git.TreeEntry{Name: name, Mode: git.Regular, Hash: evil}, git.TreeEntry{Name: name + "l", Mode: git.Symlink, Hash: evil})
	}
	who := git.Ident{Name: "Eve", Email: "eve@example.com", When: noon}
	hostile := git.Commit{Tree: must(objs.AddTree(entries))(t), Parents: []Hash{base}, Author: who, Committer: who, Message: "evil\n"}
	y := must(objs.AddCommit(t.Context(), hostile, false))(t)
	if err := objs.Persist(t.Context()); err != nil {
		t.Fatal(err)
	}
	tree := s.unitedTree(x, y)
	if tree != s.unitedTree(y, x) {
		t.Error("which side is which matters")
	}
	if got := len(must(s.open().repo.LsTree(t.Context(), tree))(t)); got != 13 {
		t.Errorf("%d files", got)
	}
	if f := must(readFolder(objs, tree, unitedID))(t); f.inc == nil || f.inc.Title != "Checkout again" {
		t.Errorf("the incident: %+v", f)
	}
}
