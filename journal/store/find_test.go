package store

import (
	"errors"
	"testing"

	"git-incident/journal"
)

func TestFind(t *testing.T) {
	s := newRepo(t)
	start := func(id, status string) {
		c := startChange(id)
		c.Incident = id
		applied(t, s.open(), c)
		applied(t, s.open(), setChange(id, "status", status))
	}
	start("2026-11-20-checkout-500s-k7f3", "resolved")
	start("2026-11-20-checkout-slow-m2m2", "open")
	start("2026-11-20-k7f3-is-a-word-aaaa", "open")
	start("2026-11-21-twin-bbbb", "open")
	start("2026-11-22-twin-bbbb", "resolved")
	start("2026-11-23-dup-cccc", "resolved")
	start("2026-11-24-dup-cccc", "resolved")
	for piece, want := range map[string]string{
		"k7f3": "2026-11-20-checkout-500s-k7f3", " K7F3 ": "2026-11-20-checkout-500s-k7f3",
		"slow": "2026-11-20-checkout-slow-m2m2", "bbbb": "2026-11-21-twin-bbbb", "word": "2026-11-20-k7f3-is-a-word-aaaa",
		"2026-11-22-twin-bbbb": "2026-11-22-twin-bbbb", "11-24": "2026-11-24-dup-cccc",
	} {
		if got, err := s.open().Find(t.Context(), piece); err != nil || got.ID != want {
			t.Errorf("Find(%q) = %q, %v", piece, got.ID, err)
		}
	}
	var ambiguous *AmbiguousError
	if _, err := s.open().Find(t.Context(), "checkout"); !errors.As(err, &ambiguous) || len(ambiguous.Candidates) != 2 {
		t.Errorf("%v", err)
	}
	if _, err := s.open().Find(t.Context(), "cccc"); !errors.As(err, &ambiguous) || len(ambiguous.Candidates) != 2 {
		t.Errorf("%v", err)
	}
	for _, piece := range []string{"zzzz", "", "../..", "*"} {
		if got, err := s.open().Find(t.Context(), piece); !IsNotFound(err) {
			t.Errorf("Find(%q) = %q, %v", piece, got.ID, err)
		}
	}
	if _, err := s.open().Read(t.Context(), journal.Path("x")); !IsNotFound(err) {
		t.Errorf("%v", err)
	}
}
