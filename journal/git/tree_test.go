package git

import (
	"errors"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// literally writes bytes as an object that git would not make.
func (s sandbox) literally(kind, content string) Hash {
	s.t.Helper()
	cmd := exec.Command("git", "hash-object", "-t", kind, "-w", "--literally", "--stdin")
	cmd.Dir, cmd.Env, cmd.Stdin = s.dir, s.env, strings.NewReader(content)
	out, err := cmd.Output()
	if err != nil {
		s.t.Fatal(err)
	}
	return NewHash(strings.TrimSpace(string(out)))
}

func rawEntry(mode, name string, h Hash) string { return mode + " " + name + "\x00" + string(h[:]) }

func TestDamagedTrees(t *testing.T) {
	s := newRepo(t)
	blob := s.literally("blob", "x\n")
	good := rawEntry("100644", "a", blob)
	for name, c := range map[string]struct {
		content string
		names   []string
		damaged bool
	}{
		"empty":        {"", nil, false},
		"good":         {good, []string{"a"}, false},
		"no name":      {rawEntry("100644", "", blob) + good, []string{"", "a"}, false},
		"mode zero":    {rawEntry("0", "z", blob), []string{"z"}, false},
		"no mode":      {good + rawEntry("x", "z", blob) + rawEntry("100644", "zz", blob), []string{"a", "z", "zz"}, true},
		"short hash":   {good + "100644 z\x00short", []string{"a"}, true},
		"no NUL":       {good + "100644 z", []string{"a"}, true},
		"not a tree":   {"what is this", nil, true},
		"name is huge": {rawEntry("100644", strings.Repeat("n", 1<<20), blob), []string{strings.Repeat("n", 1<<20)}, false},
	} {
		h := s.literally("tree", c.content)
		o := s.open().Objects(t.Context())
		defer o.Close()
		check := func(entries []TreeEntry, err error) {
			t.Helper()
			var names []string
			for _, e := range entries {
				names = append(names, e.Name)
			}
			if !slices.Equal(names, c.names) || errors.Is(err, ErrDamaged) != c.damaged || !c.damaged && err != nil {
				t.Errorf("%s: %.80q, %v", name, names, err)
			}
		}
		check(o.Tree(h))
		err := s.open().Trees(t.Context(), []Hash{h}, func(_ int, entries []TreeEntry, err error) { check(entries, err) })
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := o.EditTree(h, []TreeEdit{{Path: "new", Hash: blob}}); (err != nil) != c.damaged {
			t.Errorf("%s: a write beside it: %v", name, err)
		}
	}
	if err := s.open().Trees(t.Context(), []Hash{blob, {1}}, func(i int, _ []TreeEntry, err error) {
		if err == nil || errors.Is(err, ErrNoObject) != (i == 1) {
			t.Errorf("%d: %v", i, err)
		}
	}); err != nil {
		t.Error(err)
	}
}

// TestEditTreeBesideNamesThatStandTwice checks that nothing is lost in folders of
// one name.
func TestEditTreeBesideNamesThatStandTwice(t *testing.T) {
	s := newRepo(t)
	a, b := s.literally("blob", "a\n"), s.literally("blob", "b\n")
	one := s.literally("tree", rawEntry("100644", "only-one", a)+rawEntry("100644", "same", a))
	two := s.literally("tree", rawEntry("100644", "only-two", b)+rawEntry("100644", "same", b))
	root := s.literally("tree", rawEntry("100644", "d", b)+rawEntry("40000", "d", one)+rawEntry("40000", "d", two)+rawEntry("40000", "d", one)+rawEntry("40000", "", two))
	o := s.open().Objects(t.Context())
	defer o.Close()
	edited := must(o.Tree(must(o.EditTree(root, []TreeEdit{{Path: "d/new", Hash: a}}))(t)))(t)
	if len(edited) != 3 || edited[0] != (TreeEntry{Name: "", Mode: Dir, Hash: two}) || edited[1] != (TreeEntry{Name: "d", Mode: Regular, Hash: b}) {
		t.Fatalf("%+v", edited)
	}
	inside := must(o.Tree(edited[2].Hash))(t)
	want := []TreeEntry{{"new", Regular, a}, {"only-one", Regular, a}, {"only-two", Regular, b}, {"same", Regular, a}, {"same", Regular, b}}
	if !slices.Equal(inside, want) {
		t.Errorf("%+v", inside)
	}
}

func TestSizes(t *testing.T) {
	s := newRepo(t)
	small, empty, missing := s.literally("blob", "four"), s.literally("blob", ""), Hash{1}
	if got := must(s.open().Sizes(t.Context(), []Hash{small, missing, empty, small}))(t); !slices.Equal(got, []int64{4, 0, 0, 4}) {
		t.Errorf("%v", got)
	}
	if got := must(s.open().Sizes(t.Context(), nil))(t); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

func TestLogOfCommitsThatGitWouldNotMake(t *testing.T) {
	s := newRepo(t)
	tree := s.git("rev-parse", "HEAD^{tree}")
	for _, people := range []string{
		"author E <e> 99999999999999999999999 +0000\ncommitter E <e> 99999999999999999999999 +0000\n", "author\ncommitter\n", "",
		"author E <e> 9223372036854775807 +0000\ncommitter E <e> 9223372036854775807 +0000\n", "author E <e> -5 +9999\ncommitter E <e> -5 +9999\n",
	} {
		tip := s.literally("commit", "tree "+tree+"\nparent "+s.git("rev-parse", "HEAD")+"\n"+people+"\nwords\n\nIncident: x\n")
		got := must(s.open().Log(t.Context(), tip, 0))(t)
		if len(got) != 2 || got[0].Subject != "words" || !got[0].When.IsZero() || got[1].When.IsZero() || !slices.Equal(got[0].Values("incident"), []string{"x"}) {
			t.Errorf("%q: %+v", people, got)
		}
	}
}
