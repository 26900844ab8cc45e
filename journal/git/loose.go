package git

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/objfile"
)

// maxLoose is how many objects are written one by one. More go into a pack, as
// git does with what it fetches.
const maxLoose = 64

// persistLoose writes objects as git writes loose ones: a temporary file that
// `git prune` knows, flushed, read-only, and then under its name. A process for
// this would cost more than the work, and would flush one after the other.
func (r *Repo) persistLoose(objects []plumbing.EncodedObject) error {
	errs := make([]error, len(objects))
	var wg sync.WaitGroup
	for i, raw := range objects {
		wg.Go(func() { errs[i] = r.persistOne(raw) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// persistOne writes again what a `git gc --prune=now` takes while it is being
// written: the temporary file, or the object before it has its second name.
func (r *Repo) persistOne(raw plumbing.EncodedObject) (err error) {
	hex := raw.Hash().String()
	for range createTries {
		if err = writeLoose(r.home(hex), raw); err == nil {
			err = r.keep(hex)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("write object %s: %w", hex, err)
	}
	return nil
}

func writeLoose(path string, raw plumbing.EncodedObject) error {
	file, err := createIn(filepath.Dir(path))
	if err != nil {
		return err
	}
	err = errors.Join(encodeLoose(file, raw), file.Sync(), file.Close())
	if err == nil {
		err = replace(file.Name(), path)
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return err
}

// replace puts an object under its name. One that is there already is replaced
// by its like, which keeps a gc from taking it for old; Windows refuses that for
// a read-only file, and then the old one has to do.
func replace(temp, path string) error {
	err := os.Rename(temp, path)
	if err == nil {
		return nil
	}
	if _, statErr := os.Stat(path); statErr != nil {
		return err
	}
	return os.Remove(temp)
}

// createTries is how often a gc may take the folder away between our making it
// and our using it. It does so for each folder once in its turn, so that a few
// in a row are many already.
const createTries = 100

// createIn makes a temporary file in a folder that a gc may remove at any time
// while it is empty.
func createIn(folder string) (file *os.File, err error) {
	for range createTries {
		// As git does it: read-only from the start, and the umask has its say.
		path := filepath.Join(folder, "tmp_obj_"+rand.Text())
		file, err = os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o444)
		if !errors.Is(err, fs.ErrNotExist) {
			return file, err
		}
		if err := os.Mkdir(folder, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
	}
	return file, err
}

func encodeLoose(file io.Writer, raw plumbing.EncodedObject) error {
	r, err := raw.Reader()
	if err != nil {
		return err
	}
	defer r.Close()
	w := objfile.NewWriter(file)
	if err := w.WriteHeader(raw.Type(), raw.Size()); err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return errors.Join(err, w.Close())
}
