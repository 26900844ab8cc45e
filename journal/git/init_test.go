package git

import (
	"testing"
)

func TestInitMakesARepository(t *testing.T) {
	s := newHistory(t)
	dir := t.TempDir()
	if err := Init(t.Context(), dir, s.env); err != nil {
		t.Fatal(err)
	}
	r, err := Open(t.Context(), dir, s.env)
	if err != nil || r.WorkTree == "" {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestRootIsTheFirstCommit(t *testing.T) {
	s := newHistory(t)
	want := s.git("rev-list", "--max-parents=0", journal)
	got, err := s.open().Root(t.Context(), NewHash(s.git("rev-parse", journal)))
	if err != nil || got.String() != want {
		t.Errorf("got %v, %v, want %s", got, err, want)
	}
	if _, err := s.open().Root(t.Context(), Hash{1}); err == nil {
		t.Error("a missing commit has a root")
	}
}
