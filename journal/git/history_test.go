package git

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
)

// tangle is a history with two best common ancestors, and one beside it:
//
//	root - a - m1    other
//	     \   X
//	       b - m2
func (s sandbox) tangle() map[string]Hash {
	s.t.Helper()
	h := map[string]Hash{"root": NewHash(s.git("rev-parse", "HEAD"))}
	at := func(name string) string { return h[name].String() }
	h["a"], h["b"] = s.commitHere("a", at("root")), s.commitHere("b", at("root"))
	h["m1"], h["m2"] = s.commitHere("m1", at("a"), at("b")), s.commitHere("m2", at("b"), at("a"))
	h["other"] = s.commitHere("other")
	return h
}

func sorted(hashes ...Hash) []Hash {
	slices.SortFunc(hashes, func(a, b Hash) int { return strings.Compare(a.String(), b.String()) })
	return hashes
}

func TestAncestors(t *testing.T) {
	s := newRepo(t)
	h, r, ctx := s.tangle(), s.open(), t.Context()
	for _, c := range []struct {
		a, b string
		want []Hash
	}{
		{"m1", "m2", sorted(h["a"], h["b"])}, {"a", "b", []Hash{h["root"]}}, {"m1", "a", []Hash{h["a"]}},
		{"a", "a", []Hash{h["a"]}}, {"m1", "other", nil},
	} {
		if got := must(r.MergeBases(ctx, h[c.a], h[c.b]))(t); !slices.Equal(got, c.want) {
			t.Errorf("%s and %s: %v, want %v", c.a, c.b, got, c.want)
		}
	}
	for pair, want := range map[string]bool{"root m2": true, "a m2": true, "m2 a": false, "a a": true, "other m1": false, "m1 m2": false} {
		a, b, _ := strings.Cut(pair, " ")
		if got := must(r.IsAncestor(ctx, h[a], h[b]))(t); got != want {
			t.Errorf("%s: %v", pair, got)
		}
	}
	if got := must(r.Roots(ctx, s.commitHere("both", h["m1"].String(), h["other"].String())))(t); !slices.Equal(got, sorted(h["root"], h["other"])) {
		t.Errorf("roots: %v", got)
	}
	_, bases := r.MergeBases(ctx, h["a"], Hash{1})
	_, ancestor := r.IsAncestor(ctx, Hash{1}, h["a"])
	_, roots := r.Roots(ctx, Hash{1})
	if bases == nil || ancestor == nil || roots == nil {
		t.Errorf("a commit that is not here: %v, %v, %v", bases, ancestor, roots)
	}
}

func TestCommits(t *testing.T) {
	s := newRepo(t)
	h, r := s.tangle(), s.open()
	tree := NewHash(s.git("rev-parse", "HEAD^{tree}"))
	nodes := must(r.Commits(t.Context(), []Hash{h["m1"], h["m2"]}, h["b"]))(t)
	want := map[Hash][]Hash{h["a"]: {h["root"]}, h["m1"]: {h["a"], h["b"]}, h["m2"]: {h["b"], h["a"]}}
	for _, n := range nodes {
		if !slices.Equal(n.Parents, want[n.Hash]) || n.Tree != tree {
			t.Errorf("%+v", n)
		}
	}
	if len(nodes) != 3 || nodes[0].Hash != h["a"] {
		t.Errorf("%+v", nodes)
	}
	if got := must(r.Commits(t.Context(), []Hash{h["root"]}))(t); len(got) != 1 || len(got[0].Parents) != 0 {
		t.Errorf("a root: %+v", got)
	}
	if got, err := r.Commits(t.Context(), nil); len(got) != 0 || err != nil {
		t.Errorf("nothing: %+v, %v", got, err)
	}
	if _, err := r.Commits(t.Context(), []Hash{{1}}); err == nil {
		t.Error("a commit that is not here has a history")
	}
}

func (s sandbox) remove(h Hash) {
	s.t.Helper()
	name := h.String()
	if err := os.Remove(s.path(".git/objects/" + name[:2] + "/" + name[2:])); err != nil {
		s.t.Fatal(err)
	}
}

func TestMissing(t *testing.T) {
	s := newRepo(t)
	h, ctx := s.tangle(), t.Context()
	full := NewHash(s.git("rev-parse", "HEAD"))
	holed := s.bulk(h["other"].String(), 100)
	above := s.commitHere("above", holed.String())
	s.remove(NewHash(s.git("rev-parse", holed.String()+":bulk")))
	for name, c := range map[string]struct{ ask, want []Hash }{
		"nothing":          {},
		"all here":         {[]Hash{full, h["m1"], h["other"]}, nil},
		"absent":           {[]Hash{full, {1}, h["m1"]}, []Hash{{1}}},
		"a hole":           {[]Hash{above, h["m1"]}, []Hash{above}},
		"nothing is whole": {[]Hash{above, {1}}, []Hash{above, {1}}},
	} {
		if got := must(s.open().Missing(ctx, c.ask...))(t); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	s.remove(h["a"])
	if got := must(s.open().Missing(ctx, h["m1"], h["b"]))(t); !slices.Equal(got, []Hash{h["m1"]}) {
		t.Errorf("a commit in the middle: %v", got)
	}
	s.write(".git/refs/heads/broken", strings.Repeat("1", 40)+"\n")
	if got := must(s.open().Missing(ctx, h["m1"], h["b"]))(t); !slices.Equal(got, []Hash{h["m1"]}) {
		t.Errorf("beside a broken ref: %v", got)
	}
}

func TestNewBlobs(t *testing.T) {
	s := newRepo(t)
	r, ctx := s.open(), t.Context()
	base := NewHash(s.git("rev-parse", "HEAD"))
	s.commit("a b/c.txt", "new\n")
	s.commit("copy.txt", "new\n")
	s.commit("gone.txt", "once\n")
	s.git("rm", "-q", "gone.txt")
	s.git("commit", "-qm", "remove")
	s.commit("old.txt", "one\n") // as app.txt in base
	tip := NewHash(s.git("rev-parse", "HEAD"))
	var got []string
	for _, f := range must(r.NewBlobs(ctx, []Hash{tip}, base))(t) {
		content := must(s.blob(f.Hash))(t)
		if int64(len(content)) != f.Size {
			t.Errorf("%+v has %q", f, content)
		}
		got = append(got, f.Path+"="+content)
	}
	slices.Sort(got)
	if len(got) != 2 || (got[0] != "a b/c.txt=new\n" && got[0] != "copy.txt=new\n") || got[1] != "gone.txt=once\n" {
		t.Errorf("%q", got)
	}
	if got, err := r.NewBlobs(ctx, []Hash{base}, tip); len(got) != 0 || err != nil {
		t.Errorf("nothing new: %v, %v", got, err)
	}
	if _, err := r.NewBlobs(ctx, []Hash{{1}}); err == nil {
		t.Error("a commit that is not here has files")
	}
}

func (s sandbox) blob(h Hash) (string, error) {
	o := s.open().Objects(s.t.Context())
	defer o.Close()
	content, err := o.Blob(h, 1<<20)
	return string(content), err
}

func TestRefsBelow(t *testing.T) {
	s := newRepo(t)
	r, ctx := s.open(), t.Context()
	head := NewHash(s.git("rev-parse", "HEAD"))
	for _, ref := range []string{"refs/incident/seen/b", "refs/incident/seen/a/c", "refs/incident/seenx", "refs/heads/x"} {
		s.git("update-ref", ref, head.String())
	}
	got := must(r.RefsBelow(ctx, "refs/incident/seen"))(t)
	if len(got) != 2 || got[0] != (Ref{Name: "refs/incident/seen/a/c", Hash: head}) || got[1].Name != "refs/incident/seen/b" {
		t.Errorf("%+v", got)
	}
	if got, err := r.RefsBelow(ctx, "refs/incident/none/"); len(got) != 0 || err != nil {
		t.Errorf("%+v, %v", got, err)
	}
	s.write(".git/refs/incident/seen/empty", "")
	s.write(".git/refs/incident/seen/odd", "odd\n")
	s.write(".git/refs/incident/seen/gone", strings.Repeat("1", 40)+"\n")
	s.git("update-ref", "refs/incident/seen/blob", s.git("rev-parse", "HEAD:app.txt"))
	got, err := r.RefsBelow(ctx, "refs/incident/seen/")
	if len(got) != 2 || !errors.Is(err, ErrBrokenRef) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, name := range []string{"empty", "odd", "gone", "blob"} {
		if err == nil || !strings.Contains(err.Error(), "refs/incident/seen/"+name) {
			t.Errorf("%s is not named: %v", name, err)
		}
	}
	for _, bad := range []string{"", "refs", "-x", "refs/*", "incident"} {
		if _, err := r.RefsBelow(ctx, bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestReflog(t *testing.T) {
	s := newRepo(t)
	r, ctx := s.open(), t.Context()
	var values []Hash
	for range 3 {
		next := RefUpdate{Name: journal, New: s.commitHere(strings.Repeat("x", len(values)+1))}
		if len(values) > 0 {
			next.Old = values[0]
		}
		if err := r.UpdateRefs(ctx, "a message\twith a tab", next); err != nil {
			t.Fatal(err)
		}
		values = append([]Hash{next.New}, values...)
	}
	if got := must(r.Reflog(journal))(t); !slices.Equal(got, values) {
		t.Errorf("%v, want %v", got, values)
	}
	if err := os.Remove(s.path(".git/" + journal)); err != nil {
		t.Fatal(err)
	}
	if got := must(r.Reflog(journal))(t); !slices.Equal(got, values) {
		t.Errorf("without the ref: %v, want %v", got, values)
	}
	if got := r.LastKnown(journal); got != values[0] {
		t.Errorf("last known: %v", got)
	}
	if got, err := r.Reflog("refs/heads/never"); len(got) != 0 || err != nil {
		t.Errorf("no ref: %v, %v", got, err)
	}
	if _, err := r.Reflog("refs/../../HEAD"); err == nil {
		t.Error("a path is taken for a ref")
	}
}

func TestParseReflog(t *testing.T) {
	a, b, c, zero := strings.Repeat("a", 40), strings.Repeat("b", 40), strings.Repeat("c", 40), strings.Repeat("0", 40)
	for log, want := range map[string][]string{
		"": nil,
		zero + " " + a + " Ada <a@b> 1 +0000\tmsg\n":      {a},
		zero + " " + a + " x\n" + a + " " + b + " x\n":    {b, a},
		b + " " + c + " x\n":                              {c, b},
		a + " " + zero + " x\n" + zero + " " + b + " x\n": {b, a},
		a + " " + b + " x\n" + b + " " + c[:20]:           {b, a},
		"\x00\x00\x00\n" + a + " " + b + " x\n":           {b, a},
	} {
		var got []string
		for _, h := range parseReflog(log) {
			got = append(got, h.String())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", log, got, want)
		}
	}
}

func TestSetConfig(t *testing.T) {
	s := newRepo(t)
	r, ctx := s.open(), t.Context()
	for _, value := range []string{"one", "two words", "-x", "a\nb", "="} {
		if err := r.SetConfig(ctx, "incident.Remote", value); err != nil {
			t.Fatal(err)
		}
		if got, set := r.Config("incident.remote"); got != value || !set {
			t.Errorf("%q, want %q", got, value)
		}
		if got := s.git("config", "--local", "incident.remote"); got != value {
			t.Errorf("git says %q, want %q", got, value)
		}
	}
	s.git("config", "--add", "incident.remote", "second")
	for range 2 {
		if err := r.SetConfig(ctx, "incident.remote", ""); err != nil {
			t.Fatal(err)
		}
		if got, set := r.Config("incident.remote"); set {
			t.Errorf("%q is left", got)
		}
	}
	for _, key := range []string{"", "x", "-x", "--get", "a.b c"} {
		if err := r.SetConfig(ctx, key, "x"); err == nil {
			t.Errorf("%q is a key", key)
		}
	}
}
