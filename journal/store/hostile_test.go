package store

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"git-incident/journal"
	"git-incident/journal/git"
)

// raw writes a tree of "mode name hash" triples, whatever they say.
func (s sandbox) raw(entries ...string) string {
	s.t.Helper()
	var content bytes.Buffer
	for i := 0; i < len(entries); i += 3 {
		h := git.NewHash(entries[i+2])
		fmt.Fprintf(&content, "%s %s\x00%s", entries[i], entries[i+1], h[:])
	}
	cmd := exec.Command("git", "hash-object", "-t", "tree", "-w", "--literally", "--stdin")
	cmd.Dir, cmd.Env, cmd.Stdin = s.dir, s.env, &content
	out, err := cmd.Output()
	if err != nil {
		s.t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// push makes a tree the tip of the branch, as somebody else's push does.
func (s sandbox) push(tree string) {
	s.t.Helper()
	s.git("update-ref", Branch, s.git("commit-tree", "-p", "incidents", "-m", "hostile", tree))
}

// outline is everything that List says, on one line each.
func outline(s sandbox) []string {
	s.t.Helper()
	list, warnings, err := s.open().List(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	var out []string
	for _, sum := range list {
		out = append(out, sum.ID+" "+sum.Title+sum.Unreadable)
	}
	for _, w := range warnings {
		out = append(out, fmt.Sprintf("%q %s", w.Path, w.Reason))
	}
	return out
}

// TestHostileTreesAreListedTheSameByStepsAndAtOnce goes from one hostile tree to
// the next with an index that is kept up to date, and looks at each without one.
func TestHostileTreesAreListedTheSameByStepsAndAtOnce(t *testing.T) {
	s := newRepo(t)
	good := started(t, s.open(), "good")
	note, other := s.git("rev-parse", "incidents:"+journal.Path(good)+"/README.md"), s.git("rev-parse", "main:app.txt")
	folder := s.raw("100644", "README.md", note)
	bomb := folder
	for range 12 {
		bomb = s.raw("40000", "a", bomb, "40000", "b", bomb, "40000", "c", bomb, "40000", "d", bomb, "40000", "e", bomb, "40000", "f", bomb, "40000", "g", bomb, "40000", "h", bomb)
	}
	month := func(more ...string) string { return s.raw(append(more, "40000", good, folder)...) }
	year := func(more ...string) string { return s.raw(append([]string{"40000", "11", month()}, more...)...) }
	root := func(year string, more ...string) string { return s.raw(append(more, "40000", "2026", year)...) }
	plain := month()
	steps := map[string]string{
		"plain":            root(year()),
		"bomb":             root(year("40000", "12", bomb), "40000", "bomb", bomb),
		"bomb in a month":  root(s.raw("40000", "11", month("40000", "2026-11-20-bomb-aaaa", bomb, "40000", "x", bomb))),
		"bomb beside":      root(s.raw("40000", "11", s.raw("40000", good, s.raw("100644", "README.md", note, "40000", "x", bomb)))),
		"other bomb":       root(year(), "40000", "bomb", s.raw("40000", "x", bomb)),
		"year twice":       root(year(), "40000", "2026", s.raw("40000", "11", s.raw("40000", good, s.raw("100644", "README.md", other)))),
		"year twice again": root(year(), "40000", "2026", s.raw("40000", "11", s.raw("40000", good, folder))),
		"same everywhere":  root(s.raw("40000", "11", plain, "40000", "12", plain), "40000", "2025", s.raw("40000", "11", plain)),
		"two notes":        root(s.raw("40000", "11", s.raw("40000", good, s.raw("100644", "README.md", note, "100644", "README.md", other)))),
		"odd names":        root(year("40000", "../..", folder, "100644", "", note), "120000", "2026", note, "100644", "2026", note, "160000", "sub", strings.Repeat("1", 40)),
		"odd mode":         root(year("what", "x", note)),
		"nothing":          s.raw(),
	}
	var names []string
	for name := range steps {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, from := range names {
		for _, ahead := range []int{0, 1, 3, 5, 7} {
			to := names[(i+ahead)%len(names)]
			s.push(steps[from])
			outline(s)
			s.push(steps[to])
			bySteps := outline(s)
			if err := os.Remove(s.open().path(indexFile)); err != nil {
				t.Fatal(err)
			}
			atOnce := outline(s)
			if !slices.Equal(bySteps, atOnce) {
				t.Errorf("from %s to %s:\n%q\nat once:\n%q", from, to, bySteps, atOnce)
			}
			if to != "nothing" && to != "year twice" && !slices.Contains(bySteps, good+" good") {
				t.Errorf("from %s to %s: the good one is not among %q", from, to, bySteps)
			}
			all, _, err := s.open().All(t.Context(), true)
			if err != nil || len(all) == 0 && to != "nothing" {
				t.Errorf("%s: %d notes, %v", to, len(all), err)
			}
		}
	}
}

// TestWhatIsMissingIsLookedForAgain has a folder that is not there yet, as when
// objects come late.
func TestWhatIsMissingIsLookedForAgain(t *testing.T) {
	s := newRepo(t)
	good := started(t, s.open(), "good")
	outline(s)
	note := s.git("rev-parse", "incidents:"+journal.Path(good)+"/README.md")
	late := s.raw("100644", "README.md", note)
	file := s.path(".git/objects/" + late[:2] + "/" + late[2:])
	s.keepNothing()
	if err := os.Rename(file, file+".away"); err != nil {
		t.Fatal(err)
	}
	s.push(s.raw("40000", "2026", s.raw("40000", "11", s.raw("40000", "2026-11-20-late-aaaa", late, "40000", good, s.git("rev-parse", "incidents:"+journal.Path(good))))))
	if got := outline(s); len(got) != 2 || got[0] != good+" good" || !strings.Contains(got[1], "late-aaaa") {
		t.Errorf("%q", got)
	}
	if _, err := s.open().Import(t.Context(), notes(1), "import\n", noon, none); err == nil {
		t.Error("an import does not know what is there already")
	}
	if err := os.Rename(file+".away", file); err != nil {
		t.Fatal(err)
	}
	if got := outline(s); len(got) != 2 || !strings.HasPrefix(got[1], "2026-11-20-late-aaaa good") {
		t.Errorf("%q", got)
	}
}

// TestWarningsHaveAnEnd has more to complain about than anybody reads.
func TestWarningsHaveAnEnd(t *testing.T) {
	s := newRepo(t)
	good := started(t, s.open(), "good")
	note := s.git("rev-parse", "incidents:"+journal.Path(good)+"/README.md")
	year := s.git("rev-parse", "incidents:2026")
	var many, files []string
	for i := range 3000 {
		many = append(many, "40000", fmt.Sprintf("x%d%s", i, strings.Repeat("y", 5000)), year)
		files = append(files, "100644", fmt.Sprintf("f%d", i), note)
	}
	s.push(s.raw(append(many, "40000", "2026", s.raw("40000", "11", s.raw("40000", good, s.raw(append(files, "100644", "README.md", note)...))))...))
	list, warnings, err := s.open().List(t.Context())
	if err != nil || len(list) != 1 || len(warnings) != maxWarnings || len(warnings[0].Path) > maxWarnedPath {
		t.Errorf("%d incidents, %d warnings, %v", len(list), len(warnings), err)
	}
	all, _, err := s.open().All(t.Context(), true)
	if err != nil || len(all) != 1 || len(all[0].Incident.Attachments) != maxBeside || all[0].Incident.Attachments[7].Size == 0 {
		t.Errorf("%d notes, %v", len(all), err)
	}
}
