package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// lose takes an object away for good.
func (s sandbox) lose(file string) {
	_ = os.Remove(file)
	s.keepNothing()
}

// keepNothing is as if everything was written long ago.
func (s sandbox) keepNothing() { _ = os.RemoveAll(s.path(".git/incident/" + keptDir)) }

// later opens the journal when a look for what is missing is due again.
func (s sandbox) later() *Journal {
	s.t.Helper()
	j := s.open()
	j.now = func() time.Time { return noon.Add(lookEvery) }
	return j
}

// TestAGcThatTookTheTip takes every object of the last change, as a gc does that
// looked for the last time before the ref moved.
func TestAGcThatTookTheTip(t *testing.T) {
	for name, next := range map[string]func(s sandbox, id string){
		"read":  func(s sandbox, id string) { must(s.later().Read(s.t.Context(), id))(s.t) },
		"list":  func(s sandbox, _ string) { _, _, err := s.later().List(s.t.Context()); must(0, err)(s.t) },
		"write": func(s sandbox, id string) { applied(s.t, s.later(), logChange(id, "two")) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newRepo(t)
			id := started(t, s.open(), "a")
			applied(t, s.open(), logChange(id, "one"))
			for line := range strings.Lines(s.git("rev-list", "--objects", "incidents", "^incidents~1")) {
				if err := os.Remove(s.path(".git/objects/" + line[:2] + "/" + line[2:40])); err != nil {
					t.Fatal(err)
				}
			}
			next(s, id)
			s.fsck()
			if got := texts(s, id); len(got) == 0 || got[0] != "one" {
				t.Errorf("%q", got)
			}
		})
	}
}

func TestWhatNoGcCanTakeIsLetGo(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "a")
	kept := func(after time.Duration) int {
		j := s.open()
		j.now = func() time.Time { return noon.Add(after) }
		must(j.OpenIncidents(t.Context()))(t)
		files, _ := filepath.Glob(j.path(keptDir, "[0-9]*", "*"))
		return len(files)
	}
	if n := kept(0); n == 0 {
		t.Error("nothing is kept")
	}
	if n := kept(keptPeriod + time.Second); n == 0 {
		t.Error("a gc of ten minutes takes it")
	}
	if n := kept(2 * keptPeriod); n != 0 {
		t.Errorf("%d files are still kept", n)
	}
	if got := texts(s, id); len(got) != 0 {
		t.Errorf("%q", got)
	}
	s.fsck()
}

// TestAPurgeBringsNothingBack looks for what was purged behind the gc that takes it.
func TestAPurgeBringsNothingBack(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "a")
	const value = "swordfish-and-chips"
	applied(t, s.open(), logChange(id, "the word is "+value))
	s.purge(Purge{Text: value})
	s.git("reflog", "expire", "--expire=now", "--all")
	s.git("gc", "-q", "--prune=now")
	s.later().bringBack(t.Context())
	if text := s.git("cat-file", "--batch-all-objects", "--batch"); strings.Contains(text, value) {
		t.Errorf("it is back:\n%s", around(text, value))
	}
}
