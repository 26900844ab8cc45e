package store

import "testing"

func TestInit(t *testing.T) {
	s := newRepo(t)
	before := s.print()
	tip, made, err := s.open().Init(t.Context())
	if err != nil || !made || tip.Hash.String() != s.git("rev-parse", Branch) {
		t.Fatalf("%+v, %v, %v", tip, made, err)
	}
	if again, made, err := s.open().Init(t.Context()); err != nil || made || again != tip {
		t.Errorf("%+v, %v, %v", again, made, err)
	}
	if got := s.git("ls-tree", "--name-only", Branch); got != attributesName+"\n"+noteName {
		t.Errorf("%q", got)
	}
	root, updated, err := s.open().Age(t.Context(), tip)
	if err != nil || root != tip.Hash.String() || updated.IsZero() {
		t.Errorf("%q, %v, %v", root, updated, err)
	}
	id := started(t, s.open(), "a")
	c := s.clone()
	adopted, made, err := c.open().Init(t.Context())
	if err != nil || !made || adopted.Hash.String() != s.git("rev-parse", Branch) {
		t.Errorf("%+v, %v, %v", adopted, made, err)
	}
	if got := texts(c, id); len(got) != 0 {
		t.Errorf("%q", got)
	}
	if s.print() != before {
		t.Error("work tree, index, HEAD or status changed")
	}
	s.fsck()
}
