package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"git-incident/journal"
	"git-incident/journal/git"
)

// Folders and files in the journal's directory that are made from the journal, and
// are made again when they are needed; and objects that would be brought back.
var (
	builtDirs  = []string{"site", "serve", keptDir}
	builtFiles = []string{indexFile, openFile}
)

// holding are the files in the journal's directory that have what is purged, by
// path below it.
func (j *Journal) holding(c cut) []string {
	var names []string
	_ = j.eachFile(func(name string, body []byte) error {
		if now, err := cleanFile(c, name, body); err != nil || !bytes.Equal(now, body) {
			names = append(names, name)
		}
		return nil
	})
	return names
}

// scrub takes what is purged out of the files in the journal's directory. The
// caller holds the lock.
func (j *Journal) scrub(c cut) error {
	for _, name := range slices.Concat(builtDirs, builtFiles) {
		if err := os.RemoveAll(j.path(name)); err != nil {
			return err
		}
	}
	if t, ok := c.(*textCut); ok {
		if err := j.disallow(t.text); err != nil {
			return err
		}
	}
	return j.eachFile(func(name string, body []byte) error {
		now, err := cleanFile(c, name, body)
		switch {
		case err != nil:
			return fmt.Errorf("take it out of %s: %w", j.path(name), err)
		case bytes.Equal(now, body):
			return nil
		case len(now) == 0:
			return os.Remove(j.path(name))
		}
		return j.writeDurably(filepath.Dir(j.path(name)), filepath.Base(name), now)
	})
}

// eachFile reads what is kept in the journal's directory, one file after the
// other: the spool, texts from the editor, what could not be replayed.
func (j *Journal) eachFile(f func(name string, body []byte) error) error {
	err := filepath.WalkDir(j.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(j.dir, path)
		if err != nil {
			return err
		}
		switch {
		case d.IsDir() && slices.Contains(builtDirs, name):
			return fs.SkipDir
		case !d.Type().IsRegular() || slices.Contains(builtFiles, name) || name == allowedFile:
			return nil
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return f(name, body)
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// disallow forgets that somebody once meant to write this.
func (j *Journal) disallow(text string) error {
	file, err := os.ReadFile(j.path(allowedFile))
	if err != nil {
		return nil // there is none, or none that anybody reads
	}
	now := strings.ReplaceAll(string(file), fingerprint(text)+"\n", "")
	if now == string(file) {
		return nil
	}
	return j.writeDurably(j.dir, allowedFile, []byte(now))
}

// cleanFile is the content of a file of the journal's directory without what is
// purged; nothing when the file goes.
func cleanFile(c cut, name string, body []byte) ([]byte, error) {
	if isRecord(filepath.Base(name)) {
		return cleanRecord(c, name, body)
	}
	switch c := c.(type) {
	case *textCut:
		if _, err := journal.Parse(body); err == nil {
			now, _ := c.note(body)
			return now, nil
		}
		return c.content(body), nil
	case *entryCut:
		if !strings.Contains(name, c.incident) {
			return body, nil
		}
		now, _ := c.note(body)
		return now, nil
	case *fileCut:
		if c.contents[git.BlobHash(body)] {
			return nil, nil
		}
	}
	return body, nil
}
