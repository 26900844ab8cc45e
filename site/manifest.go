package site

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
)

const (
	ownFolder    = ".incident-site"
	manifestName = ownFolder + "/manifest"
	tempPrefix   = "new-"

	// manifestHead is the first line. What a later version writes behind a name
	// stands after a tab and is not read by this one.
	manifestHead = "git-incident site 1\n"
	manifestKind = "git-incident site "
)

// manifest is the list of the files that builds wrote into a folder, and the
// mark of a folder that is ours. A name is in it before its file is there, so
// that nothing an interrupted build wrote is forgotten.
type manifest struct {
	root  *os.Root
	log   *os.File
	owned map[string]bool
}

func openManifest(root *os.Root, dir string, force bool) (*manifest, error) {
	m := &manifest{root: root, owned: map[string]bool{}}
	text, err := root.ReadFile(manifestName)
	ours := err == nil && bytes.HasPrefix(text, []byte(manifestKind))
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, err
	case ours:
		m.read(string(text))
	case !force:
		if err := refuseForeign(root, dir); err != nil {
			return nil, err
		}
	}
	if err := m.open(ours); err != nil {
		return nil, err
	}
	return m, nil
}

func refuseForeign(root *os.Root, dir string) error {
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return err
	}
	if len(entries) > 0 {
		return &FolderError{Dir: dir, Found: entries[0].Name()}
	}
	return nil
}

// read takes the names over, except those that cannot be ours.
func (m *manifest) read(text string) {
	_, text, _ = strings.Cut(text, "\n")
	for line := range strings.Lines(text) {
		name, whole := strings.CutSuffix(line, "\n")
		name, _, _ = strings.Cut(name, "\t")
		if whole && fs.ValidPath(name) && name != "." && !strings.HasPrefix(name, ownFolder) {
			m.owned[name] = true
		}
	}
}

// open makes the manifest ready for more names.
func (m *manifest) open(ours bool) error {
	if err := m.root.MkdirAll(ownFolder, 0o777); err != nil {
		return err
	}
	if !ours {
		if err := m.root.WriteFile(manifestName, []byte(manifestHead), 0o666); err != nil {
			return err
		}
	}
	log, err := m.root.OpenFile(manifestName, os.O_WRONLY|os.O_APPEND, 0)
	m.log = log
	return err
}

func (m *manifest) add(name string) error {
	if m.owned[name] {
		return nil
	}
	m.owned[name] = true
	_, err := m.log.WriteString(name + "\n")
	return err
}

func (m *manifest) names() []string { return slices.Sorted(maps.Keys(m.owned)) }

// replace makes the manifest name these files and no others.
func (m *manifest) replace(files map[string]bool) error {
	var b strings.Builder
	b.WriteString(manifestHead)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		b.WriteString(name + "\n")
	}
	if old, err := m.root.ReadFile(manifestName); err == nil && string(old) == b.String() {
		return nil
	}
	temp := fmt.Sprintf("%s/%s%d", ownFolder, tempPrefix, os.Getpid())
	if err := m.root.WriteFile(temp, []byte(b.String()), 0o666); err != nil {
		return err
	}
	return m.root.Rename(temp, manifestName)
}

func (m *manifest) close() { _ = m.log.Close() }
