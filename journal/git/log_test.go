package git

import (
	"slices"
	"testing"
)

func TestLog(t *testing.T) {
	s := newRepo(t)
	s.git("config", "log.showSignature", "true")
	s.git("commit", "-q", "--allow-empty", "-m", "log: a\x1fb (k7f3)", "-m", "body: not a trailer\n\nIncident: x-k7f3\nIncident-Entry: 9xq2kd\nincident-entry: 2")
	s.git("commit", "-q", "--allow-empty", "--allow-empty-message", "-m", "")
	r := s.open()
	tip := must(r.Ref(t.Context(), "refs/heads/main"))(t).Hash
	all := must(r.Log(t.Context(), tip, 0))(t)
	if len(all) != 3 || all[0].Hash != tip || all[0].Subject != "" || all[1].Subject != "log: a\x1fb (k7f3)" || all[0].When.Unix() != 1795183200 {
		t.Fatalf("%+v", all)
	}
	if got := all[1].Values("Incident-Entry"); !slices.Equal(got, []string{"9xq2kd", "2"}) {
		t.Errorf("entries %q", got)
	}
	if got := all[1].Values("body"); got != nil {
		t.Errorf("body %q", got)
	}
	if some := must(r.Log(t.Context(), tip, 2))(t); len(some) != 2 {
		t.Errorf("%d with a limit of 2", len(some))
	}
	if some := must(r.Log(t.Context(), tip, 0, all[1].Hash))(t); len(some) != 1 || some[0].Hash != tip {
		t.Errorf("%+v", some)
	}
	if none := must(r.Log(t.Context(), tip, 0, tip))(t); len(none) != 0 {
		t.Errorf("%+v", none)
	}
}

func TestDiffTree(t *testing.T) {
	s := newRepo(t)
	r := s.open()
	old := s.append(r, journal, "2026/a/README.md", "one\n")
	s.append(r, journal, "2026/a/README.md", "two\n")
	tip := s.append(r, journal, "2026/b c/é.md", "new\n")
	changes := must(s.open().DiffTree(t.Context(), old, tip))(t)
	if len(changes) != 2 || changes[0].Path != "2026/a/README.md" || changes[0].Old.Hash.IsZero() || changes[0].New.Mode != Regular ||
		changes[1].Path != "2026/b c/é.md" || !changes[1].Old.Hash.IsZero() {
		t.Errorf("%+v", changes)
	}
	if same := must(r.DiffTree(t.Context(), tip, tip))(t); len(same) != 0 {
		t.Errorf("%+v", same)
	}
	if _, err := r.DiffTree(t.Context(), Hash{1}, tip); err == nil {
		t.Error("an unknown tree compares")
	}
}
