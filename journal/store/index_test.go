package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"git-incident/journal"
	"git-incident/journal/git"
)

// titles are what List gives, as "id-token title" or with the reason.
func titles(t testing.TB, s sandbox) []string {
	t.Helper()
	list, _, err := s.open().List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, sum := range list {
		out = append(out, sum.Title+sum.Unreadable)
	}
	return out
}

func TestTheIndexFollowsEveryChange(t *testing.T) {
	s := newRepo(t)
	if got := titles(t, s); got != nil {
		t.Errorf("no journal lists %q", got)
	}
	a := started(t, s.open(), "a")
	if got := titles(t, s); !slices.Equal(got, []string{"a"}) {
		t.Errorf("%q", got)
	}
	draft := startChange("b draft")
	draft.Draft = true
	applied(t, s.open(), draft)
	applied(t, s.open(), setChange(a, "title", "a two"))
	if got := titles(t, s); !slices.Equal(got, []string{"a two", "b draft"}) {
		t.Errorf("%q", got)
	}
	drop := change(a, "drop", "a")
	drop.Drop = true
	applied(t, s.open(), drop)
	if got := titles(t, s); !slices.Equal(got, []string{"b draft"}) {
		t.Errorf("%q", got)
	}
	s.git("update-ref", Branch, "incidents~2")
	if got := titles(t, s); !slices.Equal(got, []string{"a", "b draft"}) {
		t.Errorf("after a force push: %q", got)
	}
	s.git("branch", "-q", "-D", "incidents")
	if got := titles(t, s); !slices.Equal(got, []string{"b draft"}) {
		t.Errorf("after deletion: %q", got)
	}
}

func TestDamagedCachesAreRebuiltSilently(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "a")
	want := titles(t, s)
	for _, name := range []string{indexFile, openFile} {
		path := s.open().path(name)
		if must(s.open().OpenIncidents(t.Context()))(t)[0].ID != id {
			t.Fatal("not open")
		}
		whole := must(os.ReadFile(path))(t)
		for n := range whole {
			flipped := bytes.Clone(whole)
			flipped[n] ^= 1
			for _, body := range [][]byte{flipped, whole[:n]} {
				if c, err := decodeCache(string(body)); err == nil {
					t.Fatalf("%s: byte %d passes: %+v", name, n, c)
				}
			}
		}
		s.write(".git/incident/"+name, "garbage")
		if got := titles(t, s); !slices.Equal(got, want) {
			t.Errorf("%s: %q", name, got)
		}
		if open := must(s.open().OpenIncidents(t.Context()))(t); len(open) != 1 {
			t.Errorf("%s: %+v", name, open)
		}
		if got := must(os.ReadFile(path))(t); !bytes.Equal(got, whole) {
			t.Errorf("%s was not written again", name)
		}
	}
}

func TestACacheOfAnUnknownTipIsBuiltFromNothing(t *testing.T) {
	s := newRepo(t)
	started(t, s.open(), "a")
	titles(t, s)
	j := s.open()
	c := j.readCache(indexFile)
	c.tips[0] = git.NewHash(strings.Repeat("7", 40))
	c.entries[0].Title = "stale"
	c.entries[0].blob = git.NewHash(strings.Repeat("8", 40))
	j.writeCache(indexFile, c)
	if got := titles(t, s); !slices.Equal(got, []string{"a"}) {
		t.Errorf("%q", got)
	}
}

// TestOpenFollowsTheBranch checks that the small cache says what the index says,
// through random writes and moves of the ref behind our back.
func TestOpenFollowsTheBranch(t *testing.T) {
	s := newRepo(t)
	var ids []string
	for n := range 3 {
		ids = append(ids, started(t, s.open(), fmt.Sprint("incident ", n)))
	}
	states := []string{"open", "mitigated", "resolved", "reviewed"}
	pick := rapid.Custom(func(t *rapid.T) [3]int {
		return [3]int{rapid.IntRange(0, 2).Draw(t, "which"), rapid.IntRange(0, 3).Draw(t, "state"), rapid.IntRange(0, 9).Draw(t, "act")}
	})
	for n := range 60 {
		p := pick.Example(n)
		switch {
		case p[2] == 0:
			s.git("update-ref", Branch, "incidents~1")
		case p[2] == 1:
			s.git("update-ref", Branch, s.git("commit-tree", "-p", "incidents", "-m", "foreign", "incidents^{tree}"))
		default:
			applied(t, s.open(), setChange(ids[p[0]], "status", states[p[1]]))
		}
		if n%3 != 0 {
			continue // so that writes meet a cache that nobody has looked at since
		}
		var want []string
		list, _, err := s.open().List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, sum := range list {
			if sum.Open() {
				want = append(want, sum.ID)
			}
		}
		var got []string
		for _, sum := range must(s.open().OpenIncidents(t.Context()))(t) {
			got = append(got, sum.ID)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("step %d %v: open %q, index says %q", n, p, got, want)
		}
	}
}

// put commits raw bytes to a path of the branch, as somebody with plain git can.
func (s sandbox) put(path string, content []byte) {
	s.t.Helper()
	j := s.open()
	ctx := s.t.Context()
	objs := j.repo.Objects(ctx)
	defer objs.Close()
	tip := must(j.repo.FreshRef(ctx, Branch))(s.t)
	var c git.Commit
	if !tip.Absent() {
		c = must(objs.Commit(tip.Hash))(s.t)
		c.Parents = []Hash{tip.Hash}
	}
	blob := must(objs.AddBlob(content))(s.t)
	c.Tree = must(objs.EditTree(c.Tree, []git.TreeEdit{{Path: path, Hash: blob}}))(s.t)
	c.Message = "by hand\n"
	h := must(objs.AddCommit(ctx, c, false))(s.t)
	if err := objs.Persist(ctx); err != nil {
		s.t.Fatal(err)
	}
	if err := j.repo.UpdateRefs(ctx, "by hand", git.RefUpdate{Name: Branch, New: h, Old: tip.Hash}); err != nil {
		s.t.Fatal(err)
	}
}

func TestOneBadNoteIsOneBadNote(t *testing.T) {
	s := newRepo(t)
	good := started(t, s.open(), "good")
	bad := map[string][]byte{
		"2026-11-20-broken-aaaa": []byte("no front matter\n"),
		"2026-11-20-broken-bbbb": []byte("---\nschema: 99\n---\n"),
		"2026-11-20-broken-cccc": bytes.Repeat([]byte("x"), journal.MaxNote+1),
		"2026-11-20-broken-dddd": {0, 0xff},
	}
	for id, content := range bad {
		s.put(journal.Path(id)+"/README.md", content)
	}
	for _, packed := range []bool{false, true} {
		if packed {
			s.git("gc", "-q")
			_ = os.Remove(s.open().path(indexFile))
		}
		list, _, err := s.open().List(t.Context())
		if err != nil || len(list) != 5 {
			t.Fatalf("%+v, %v", list, err)
		}
		for _, sum := range list {
			if (sum.Unreadable != "") != (bad[sum.ID] != nil) {
				t.Errorf("%+v", sum)
			}
		}
		all, _, err := s.open().All(t.Context(), true)
		if err != nil || len(all) != 5 || all[4].ID != good || all[4].Err != nil || all[0].Err == nil {
			t.Errorf("%+v, %v", all, err)
		}
	}
	applied(t, s.open(), logChange(good, "still works"))
	note := must(s.open().Read(t.Context(), "2026-11-20-broken-aaaa"))(t)
	if note.Err == nil || string(note.Raw) != "no front matter\n" {
		t.Errorf("%+v", note)
	}
	if _, err := s.open().Write(t.Context(), logChange(note.ID, "x"), nil); !errors.Is(err, ErrInapplicable) {
		t.Errorf("%v", err)
	}
	mended := change(note.ID, "edit", "mended")
	mended.Edit = &journal.Edit{Base: string(note.Raw), Text: string(must(s.open().Read(t.Context(), good))(t).Raw)}
	applied(t, s.open(), mended)
	if got := texts(s, note.ID); !slices.Equal(got, []string{"still works"}) {
		t.Errorf("%q", got)
	}
}

// TestHostileTrees builds trees that no git command would and expects the good
// incident to be there, and every bad path to be named.
func TestHostileTrees(t *testing.T) {
	s := newRepo(t)
	good := started(t, s.open(), "good")
	blob := s.git("rev-parse", "incidents:"+journal.Path(good)+"/README.md")
	tree := func(entries ...string) string {
		var raw bytes.Buffer
		for i := 0; i < len(entries); i += 3 {
			h := git.NewHash(entries[i+2])
			fmt.Fprintf(&raw, "%s %s\x00%s", entries[i], entries[i+1], h[:])
		}
		cmd := exec.Command("git", "hash-object", "-t", "tree", "-w", "--literally", "--stdin")
		cmd.Dir, cmd.Env, cmd.Stdin = s.dir, s.env, &raw
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(out))
	}
	note := tree("100644", "README.md", blob)
	folder := s.git("rev-parse", "incidents:"+journal.Path(good))
	link := tree("120000", "README.md", blob)
	files := tree("100644", "..", blob, "100644", ".git", blob, "100644", "README.md", blob, "100644", "\x1b[31m.png", blob,
		"100644", "a.png", blob, "100644", "x\u202egnp.exe", blob, "100755", "run.sh", blob, "160000", "sub", s.git("rev-parse", "main"))
	twice := tree("100644", "README.md", blob, "100644", "README.md", s.git("rev-parse", "main:app.txt"))
	nov := tree(
		"40000", "..", note,
		"40000", "--upload-pack=x", note,
		"40000", "2026-11-20-files-bbbb", files,
		"40000", "2026-11-20-link-cccc", link,
		"40000", "2026-11-20-twice-dddd", twice,
		"40000", "2027-01-01-wrong-month-aaaa", note,
		"100644", "README.md", blob,
		"40000", good, folder,
	)
	root := tree("100644", "/etc/passwd", blob, "40000", "2026", tree("40000", "11", nov), "100644", "README.md", blob, "120000", "evil", blob, "100644", "\xff", blob)
	s.git("update-ref", Branch, s.git("commit-tree", "-p", "incidents", "-m", "hostile", root))

	list, warnings, err := s.open().List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, sum := range list {
		ids = append(ids, sum.ID)
	}
	slices.Sort(ids)
	want := []string{"2026-11-20-files-bbbb", good, "2026-11-20-twice-dddd"}
	slices.Sort(want)
	if !slices.Equal(ids, want) {
		t.Errorf("ids %q", ids)
	}
	all, skipped, err := s.open().All(t.Context(), true)
	if err != nil || len(all) != 3 || len(skipped) < 10 || len(warnings) != len(skipped) {
		t.Errorf("%d notes, %d skipped, %d warnings, %v", len(all), len(skipped), len(warnings), err)
	}
	read := must(s.open().Read(t.Context(), "2026-11-20-files-bbbb"))(t)
	var names []string
	for _, a := range read.Incident.Attachments {
		names = append(names, a.Name)
	}
	if !slices.Equal(names, []string{"a.png", "run.sh"}) {
		t.Errorf("attachments %q", names)
	}
	applied(t, s.open(), logChange(good, "writing goes on beside them"))
	if got := texts(s, good); !slices.Equal(got, []string{"writing goes on beside them"}) {
		t.Errorf("%q", got)
	}
	if _, again, err := s.open().List(t.Context()); err != nil || len(again) != len(warnings) {
		t.Errorf("%d warnings after a write, %d before, %v", len(again), len(warnings), err)
	}
}

// fill sets every field of a value to something, so that a field that the cache
// forgets shows.
func fill(v reflect.Value, n *int) {
	*n++
	switch {
	case v.Type() == reflect.TypeFor[journal.When]():
		v.Set(reflect.ValueOf(journal.When{Time: noon.Add(time.Duration(*n)).In(time.FixedZone("", *n*60)), About: *n%2 == 0}))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	case v.Kind() == reflect.String:
		v.SetString(fmt.Sprintf("%d\t\\s\n\x1f\\", *n))
	case v.Kind() == reflect.Int:
		v.SetInt(int64(*n))
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.Kind() == reflect.Slice:
		v.Set(reflect.ValueOf([]string{fmt.Sprint(*n), "", "a\x1f\\b"}))
	}
}

func TestTheCacheKeepsEveryField(t *testing.T) {
	var full journal.Summary
	n := 0
	fill(reflect.ValueOf(&full).Elem(), &n)
	full.ID, full.Kind, full.Status, full.Visibility, full.NoticedBy = "2026-11-20-a-k7f3", "near-miss", "open", "public", "alert"
	c := &cache{
		tips:     [2]Hash{git.NewHash(strings.Repeat("1", 40)), git.NewHash(strings.Repeat("2", 40))},
		entries:  []entry{{blob: git.NewHash(strings.Repeat("3", 40)), Summary: full}, {Summary: journal.Summary{ID: "x"}}},
		warnings: []cachedWarning{{draft: true, Warning: Warning{Path: "a\tb\n\x00\xff", Reason: "because"}}},
	}
	got := must(decodeCache(encodeCache(c)))(t)
	for i, want := range c.entries {
		a, b := must(json.Marshal(got.entries[i].Summary))(t), must(json.Marshal(want.Summary))(t)
		if !bytes.Equal(a, b) || got.entries[i].blob != want.blob {
			t.Errorf("got  %s\nwant %s", a, b)
		}
	}
	if got.tips != c.tips || !slices.Equal(got.warnings, c.warnings) {
		t.Errorf("got  %+v\nwant %+v", got, c)
	}
}
