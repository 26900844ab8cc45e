package site

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestTheSameArchiveGivesTheSameBytes(t *testing.T) {
	var first map[string]string
	for _, workers := range []int{1, 2, 8} {
		dir, _ := build(t, sample(t), Config{Workers: workers})
		if first == nil {
			first = tree(t, dir)
		}
		if !maps.Equal(first, tree(t, dir)) {
			t.Errorf("%d workers give another site than one", workers)
		}
	}
}

func TestTheOrderOfTheStoriesDoesNotMatter(t *testing.T) {
	a := sample(t)
	one, _ := build(t, a, Config{})
	slices.Reverse(a.Stories)
	other, _ := build(t, a, Config{})
	if !maps.Equal(tree(t, one), tree(t, other)) {
		t.Error("the site depends on the order it is given the stories in")
	}
}

func TestASecondBuildWritesNothing(t *testing.T) {
	dir, first := build(t, sample(t), Config{})
	again, err := Build(context.Background(), dir, sample(t), Config{})
	if err != nil {
		t.Fatal(err)
	}
	if again.Written != 0 || again.Removed != 0 || again.Unchanged != first.Written {
		t.Errorf("first %+v, then %+v", first, again)
	}
}

func TestLeftoversGoAndOtherFilesStay(t *testing.T) {
	dir, _ := build(t, sample(t), Config{})
	theirs := filepath.Join(dir, "i", "2026", "theirs.html")
	if err := os.WriteFile(theirs, []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	a := sample(t)
	a.Stories = a.Stories[1:]
	r, err := Build(context.Background(), dir, a, Config{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Removed != 2 {
		t.Errorf("%d files removed, want a page and its deck", r.Removed)
	}
	fresh, _ := build(t, a, Config{})
	want := tree(t, fresh)
	want["i/2026/theirs.html"] = "mine"
	if !maps.Equal(tree(t, dir), want) {
		t.Error("the folder is not what a new build gives plus the other file")
	}
}

func TestAFolderOfSomebodyElseIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "thesis.txt"), []byte("years"), 0o666); err != nil {
		t.Fatal(err)
	}
	_, err := Build(context.Background(), dir, sample(t), Config{})
	var foreign *FolderError
	if !errors.As(err, &foreign) || foreign.Found != "thesis.txt" {
		t.Fatalf("error %v", err)
	}
	if files := tree(t, dir); len(files) != 1 {
		t.Errorf("something was written: %v", slices.Sorted(maps.Keys(files)))
	}
	if _, err := Build(context.Background(), dir, sample(t), Config{Force: true}); err != nil {
		t.Fatal(err)
	}
	if tree(t, dir)["thesis.txt"] != "years" {
		t.Error("force did not leave the other file alone")
	}
}

func TestAnInterruptedBuildIsFinishedByTheNext(t *testing.T) {
	want, _ := build(t, sample(t), Config{})
	for stop := 1; stop <= len(sample(t).Stories); stop++ {
		dir := filepath.Join(t.TempDir(), "site")
		ctx, cancel := context.WithCancel(context.Background())
		_, err := Build(ctx, dir, sample(t), Config{Workers: 1, Progress: func(done, _ int) {
			if done == stop {
				cancel()
			}
		}})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("stopped after %d: %v", stop, err)
		}
		leaveHalf(t, dir)
		// the story that was written first is gone by the time of the next build
		a := sample(t)
		if _, err := Build(context.Background(), dir, Archive{Updated: a.Updated}, Config{}); err != nil {
			t.Fatal(err)
		}
		for name := range tree(t, dir) {
			if strings.HasPrefix(name, "i/") || strings.HasPrefix(name, "m/") || strings.Contains(name, tempPrefix) {
				t.Errorf("stopped after %d: %s was forgotten", stop, name)
			}
		}
		if _, err := Build(context.Background(), dir, a, Config{}); err != nil {
			t.Fatal(err)
		}
		if !maps.Equal(tree(t, dir), tree(t, want)) {
			t.Errorf("stopped after %d: the next build does not mend it", stop)
		}
	}
}

// leaveHalf leaves what a process leaves that is killed while it writes: half a
// temporary file, and half a line in the manifest.
func leaveHalf(t *testing.T, dir string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, ownFolder, tempPrefix+"1-1"), []byte("<!doc"), 0o666); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(filepath.Join(dir, manifestName), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("i/2026/2026-"); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAManifestCannotNameFilesOutside(t *testing.T) {
	dir, _ := build(t, sample(t), Config{})
	outside := filepath.Join(filepath.Dir(dir), "precious")
	if err := os.WriteFile(outside, []byte("gold"), 0o666); err != nil {
		t.Fatal(err)
	}
	bad := manifestHead + "../precious\n" + outside + "\n./../precious\n.incident-site/manifest\n"
	if err := os.WriteFile(filepath.Join(dir, manifestName), []byte(bad), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Build(context.Background(), dir, sample(t), Config{}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(outside); err != nil {
		t.Error("a file outside was removed:", err)
	}
}

func TestSymbolicLinksDoNotLeadOut(t *testing.T) {
	dir, _ := build(t, Archive{}, Config{})
	elsewhere := t.TempDir()
	if err := os.Symlink(elsewhere, filepath.Join(dir, "i")); err != nil {
		t.Fatal(err)
	}
	if _, err := Build(context.Background(), dir, sample(t), Config{}); err == nil {
		t.Error("a link out of the folder was followed")
	}
	if len(tree(t, elsewhere)) != 0 {
		t.Error("something was written outside")
	}
}

func TestADraftDoesNotReplaceTheSharedStory(t *testing.T) {
	a := sample(t)
	shared := a.Stories[0]
	draft := *shared.Incident
	draft.Title = "The draft of it"
	a.Stories = []Story{{Incident: &draft, Draft: true}, shared}
	dir, _ := build(t, a, Config{})
	for name, text := range tree(t, dir) {
		if strings.Contains(text, draft.Title) {
			t.Errorf("%s shows the draft", name)
		}
	}
}

func TestAnInvalidIDNamesNoFile(t *testing.T) {
	a := sample(t)
	bad := *a.Stories[0].Incident
	bad.ID = "../../2026-11-20-out-k7f3"
	a.Stories = append(a.Stories, Story{Incident: &bad})
	dir, _ := build(t, a, Config{})
	if home := tree(t, dir)["index.html"]; !strings.Contains(home, bad.ID) {
		t.Error("the note is not listed among those that could not be read")
	}
}

func TestTheAddressOfTheSiteIsChecked(t *testing.T) {
	for _, address := range []string{"example.com", "javascript:alert(1)", "file:///tmp", "http://", "https://x.example/?a", "::"} {
		if _, err := Build(context.Background(), filepath.Join(t.TempDir(), "x"), sample(t), Config{BaseURL: address}); err == nil {
			t.Errorf("%q was taken", address)
		}
	}
}

func TestMissingAttachmentsAreReportedAndSaid(t *testing.T) {
	dir, r := build(t, sample(t), Config{})
	if len(r.Missing) != 1 || r.Missing[0].Name != "gone.txt" || r.Missing[0].Err == nil {
		t.Errorf("missing: %+v", r.Missing)
	}
	page := tree(t, dir)["i/2026/2026-11-20-bucket-policy-locked-us-out-k7f3.html"]
	if !strings.Contains(page, "<code>gone.txt</code> could not be read") {
		t.Error("the page does not say so")
	}
}
