package store

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestTheUmaskIsObeyed writes with one that lets nobody else read.
func TestTheUmaskIsObeyed(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "a")
	old := filesBelow(t, s.path(".git/objects"))
	binary := must(os.Executable())(t)
	role := s.with(roleVariable+"=log", fmt.Sprintf("%s=%s 0 1", argsVariable, id))
	if out, err := role.try("sh", "-c", `umask 077; exec "$0"`, binary); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	made := 0
	for path, mode := range filesBelow(t, s.path(".git/objects")) {
		if _, before := old[path]; before {
			continue
		}
		made++
		if mode != 0o400 {
			t.Errorf("%s has %o", path, mode)
		}
	}
	if made == 0 {
		t.Error("no objects")
	}
	if info := must(os.Stat(s.open().path(openFile)))(t); info.Mode().Perm() != 0o600 {
		t.Errorf("%s has %o", openFile, info.Mode().Perm())
	}
}

// filesBelow gives the permissions of the files in a directory.
func filesBelow(t *testing.T, dir string) map[string]fs.FileMode {
	t.Helper()
	modes := map[string]fs.FileMode{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			modes[path] = info.Mode().Perm()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return modes
}
