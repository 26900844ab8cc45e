package git

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// A gc that is told to prune now takes every object that no ref reached when it
// began to look, even if one does when its turn comes. It may so take what was
// just written, before the ref moves or a moment after. So what is written has a
// second name for a while, in a folder that git knows nothing of, and comes back
// from there. The name begins with the hash of an object by which it is missed.

// KeepIn makes Persist give everything that it writes a second name in a folder
// of place. The folder is the caller's to remove, when every gc is over that
// began before the refs moved.
func (r *Repo) KeepIn(place, folder string) { r.keptIn, r.kept = place, folder }

// BringBack puts what is missing and has a second name back under its own. What
// cannot be put back shows when it is read. It reports whether there is anything
// with a second name, so that it may be worth while to look again.
func (r *Repo) BringBack(ctx context.Context) bool {
	found := false
	var gone []string
	folders, _ := os.ReadDir(r.keptIn)
	for _, folder := range folders {
		files, _ := os.ReadDir(filepath.Join(r.keptIn, folder.Name()))
		for _, f := range slices.Backward(files) { // a pack before its index
			home := r.home(f.Name())
			if home == "" {
				continue
			}
			found = true
			if _, err := os.Lstat(home); err != nil {
				gone = append(gone, filepath.Join(r.keptIn, folder.Name(), f.Name()))
			}
		}
	}
	for _, file := range r.missed(ctx, gone) {
		_ = link(file, r.home(filepath.Base(file)))
	}
	return found
}

// home is where git has the file with this second name, "" for other names.
func (r *Repo) home(second string) string {
	hex, pack, isPack := strings.Cut(second, ".")
	switch {
	case !IsHash(hex):
		return ""
	case !isPack:
		return filepath.Join(r.ObjectDir, hex[:2], hex[2:])
	case strings.HasPrefix(pack, "pack-"):
		return filepath.Join(r.ObjectDir, "pack", pack)
	}
	return ""
}

// emptyTree is what git says it has even where it has not.
const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

// missed leaves out the files whose object git has elsewhere, in a pack. When it
// cannot be asked, all are missed.
func (r *Repo) missed(ctx context.Context, files []string) []string {
	if len(files) == 0 {
		return nil
	}
	var names strings.Builder
	for _, file := range files {
		hex, _, _ := strings.Cut(filepath.Base(file), ".")
		names.WriteString(hex + "\n")
	}
	stdout, _, err := r.run(ctx, call{args: []string{"cat-file", "--batch-check", "--buffer"}, stdin: strings.NewReader(names.String())})
	lines := strings.Split(strings.TrimSuffix(stdout, "\n"), "\n")
	if err != nil || len(lines) != len(files) {
		return files
	}
	var missed []string
	for i, line := range lines {
		if strings.HasSuffix(line, " missing") || strings.HasPrefix(line, emptyTree) {
			missed = append(missed, files[i])
		}
	}
	return missed
}

// keep gives a file its second name. The error is [fs.ErrNotExist]: it is gone.
// Where there can be no second names we do without, as git does.
func (r *Repo) keep(second string) error {
	if r.keptIn == "" {
		return nil
	}
	name := filepath.Join(r.keptIn, r.kept, second)
	_ = os.Remove(name) // of an earlier file with the same content
	if err := link(r.home(second), name); errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// keepCopy keeps an object that has no file of its own.
func (r *Repo) keepCopy(raw plumbing.EncodedObject) {
	if r.keptIn != "" {
		_ = writeLoose(filepath.Join(r.keptIn, r.kept, raw.Hash().String()), raw)
	}
}

// keepPack keeps the pack that `git index-pack` says it has written, with some
// object in it.
func (r *Repo) keepPack(answer string, object Hash) error {
	_, hex, _ := strings.Cut(strings.TrimSpace(answer), "\t")
	if !IsHash(hex) {
		return fmt.Errorf("git index-pack: unexpected answer %q", answer)
	}
	second := object.String() + ".pack-" + hex
	return errors.Join(r.keep(second+".pack"), r.keep(second+".idx"))
}

// link gives a file another name, or makes a copy where a file can have only one.
// A name that is taken is well.
func link(file, name string) error {
	err := os.Link(file, name)
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		err = os.Link(file, name)
	}
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, err := os.Lstat(name); err == nil {
		return nil
	}
	return duplicate(file, name)
}

func duplicate(file, name string) error {
	from, err := os.Open(file)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := createIn(filepath.Dir(name))
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	if err = errors.Join(err, to.Sync(), to.Close()); err == nil {
		err = replace(to.Name(), name)
	}
	if err != nil {
		_ = os.Remove(to.Name())
	}
	return err
}
