package site

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"sync"
)

// FolderError is returned for a folder that holds files which no build of ours
// wrote.
type FolderError struct {
	Dir   string
	Found string // one of the files
}

func (e *FolderError) Error() string {
	return fmt.Sprintf("%q holds files that this tool did not write, %q for one; name an empty folder", e.Dir, e.Found)
}

// output is the folder that a build writes. Every write stays below it, also if
// somebody put symbolic links there.
type output struct {
	root *os.Root

	mu       sync.Mutex
	manifest *manifest
	wanted   map[string]bool // files of this build
	made     map[string]bool // folders known to be there
	temps    int

	written, unchanged, removed int
}

func openOutput(dir string, force bool) (*output, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	m, err := openManifest(root, dir, force)
	if err != nil {
		_ = root.Close()
		return nil, err
	}
	return &output{root: root, manifest: m, wanted: map[string]bool{}, made: map[string]bool{}}, nil
}

func (o *output) close() {
	o.manifest.close()
	_ = o.root.Close()
}

// write puts data at name unless it is there already. A reader sees the old file
// or the new one, never a part.
func (o *output) write(name string, data []byte) error {
	temp, err := o.claim(name)
	if err != nil || temp == "" {
		return err
	}
	old, err := o.root.ReadFile(name)
	if err == nil && bytes.Equal(old, data) {
		o.count(&o.unchanged)
		return nil
	}
	if err := o.root.WriteFile(temp, data, 0o666); err != nil {
		return err
	}
	if err := o.root.Rename(temp, name); err != nil {
		return err
	}
	o.count(&o.written)
	return nil
}

func (o *output) count(n *int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	*n++
}

// claim notes in the manifest that name is ours, before it is there, and returns
// the name of a temporary file. It returns "" for a file that this build has
// written: only attachments come twice, and their names say what is in them.
func (o *output) claim(name string) (temp string, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.wanted[name] {
		return "", nil
	}
	if err := o.manifest.add(name); err != nil {
		return "", err
	}
	o.wanted[name] = true
	if d := path.Dir(name); !o.made[d] {
		if err := o.root.MkdirAll(d, 0o777); err != nil {
			return "", err
		}
		o.made[d] = true
	}
	o.temps++
	return fmt.Sprintf("%s/%s%d-%d", ownFolder, tempPrefix, os.Getpid(), o.temps), nil
}

// finish removes what earlier builds wrote and this one did not, and writes the
// manifest anew.
func (o *output) finish() error {
	for _, name := range o.manifest.names() {
		if o.wanted[name] {
			continue
		}
		switch err := o.root.Remove(name); {
		case err == nil:
			o.removed++
		case !os.IsNotExist(err):
			return err
		}
		o.removeEmpty(path.Dir(name))
	}
	if err := o.removeTemps(); err != nil {
		return err
	}
	return o.manifest.replace(o.wanted)
}

// removeEmpty removes a folder and those above it as long as they are empty;
// removing one that is not fails, which is what is wanted.
func (o *output) removeEmpty(d string) {
	for ; d != "."; d = path.Dir(d) {
		if o.root.Remove(d) != nil {
			return
		}
	}
}

// removeTemps removes what interrupted builds left.
func (o *output) removeTemps() error {
	left, err := fs.Glob(o.root.FS(), ownFolder+"/"+tempPrefix+"*")
	if err != nil {
		return err
	}
	for _, name := range left {
		if err := o.root.Remove(name); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	return nil
}
