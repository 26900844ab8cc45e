package git

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReplaceRefMendsWhatUpdateRefRefuses(t *testing.T) {
	s := newRepo(t)
	to := NewHash(s.git("rev-parse", "HEAD"))
	for _, content := range []string{"", "garbage\n", strings.Repeat("7", 40) + "\n", "ref: refs/heads/nowhere\n"} {
		file := filepath.Join(s.dir, ".git/refs/heads/journal")
		if err := os.WriteFile(file, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
		r := s.open()
		if _, err := r.AskRef(t.Context(), "refs/heads/journal"); !errors.Is(err, ErrBrokenRef) {
			t.Errorf("%q: %v", content, err)
		}
		if err := r.ReplaceRef(t.Context(), "mend", "refs/heads/journal", to); err != nil {
			t.Fatalf("%q: %v", content, err)
		}
		ref, err := r.FreshRef(t.Context(), "refs/heads/journal")
		if err != nil || ref.Hash != to || ref.Symref != "" {
			t.Errorf("%q: %+v, %v", content, ref, err)
		}
		if values, err := r.Reflog("refs/heads/journal"); err != nil || values[0] != to {
			t.Errorf("%q: reflog %v, %v", content, values, err)
		}
	}
}

func TestConfigAllGivesEveryValue(t *testing.T) {
	s := newRepo(t)
	s.git("config", "--add", "remote.a b.push", "refs/heads/x")
	s.git("config", "--add", "remote.a b.push", "two\nlines")
	r := s.open()
	values, err := r.ConfigAll(t.Context(), "remote.a b.push")
	if err != nil || len(values) != 2 || values[0] != "refs/heads/x" || values[1] != "two\nlines" {
		t.Errorf("%q, %v", values, err)
	}
	if values, err := r.ConfigAll(t.Context(), "remote.none.push"); err != nil || values != nil {
		t.Errorf("%q, %v", values, err)
	}
}
