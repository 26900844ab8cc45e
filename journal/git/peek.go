package git

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Asking git for a ref costs a process, a fifth of what a whole write may take.
// So the plain case is read from the files that git documents (see
// gitrepository-layout): a hash in a file of the ref's name, or else in
// packed-refs, and the HEADs of the work trees to see whether a branch is
// checked out. Whatever is not plain (an empty or a broken file, a symbolic ref,
// a checked out branch, another ref storage) is git's to explain, and absence is
// believed only if both places say so.

// maxPacked is how much of packed-refs is worth reading to save a process, in
// bytes: some ten thousand refs.
const maxPacked = 1 << 20

// peek reads a ref without git. plain is false when git has to be asked.
func (r *Repo) peek(name string) (ref Ref, plain bool) {
	if r.otherRefStorage() || r.isHead(name) {
		return Ref{}, false
	}
	content, err := os.ReadFile(filepath.Join(r.CommonDir, filepath.FromSlash(name)))
	switch {
	case err == nil:
		hex, ok := strings.CutSuffix(string(content), "\n")
		return Ref{Name: name, Hash: NewHash(hex)}, ok && IsHash(hex)
	case errors.Is(err, fs.ErrNotExist):
		return r.peekPacked(name)
	}
	return Ref{}, false
}

// peekPacked looks into packed-refs. Git writes it before it removes the file of
// a ref, so what is in neither did not exist when we began to look.
func (r *Repo) peekPacked(name string) (Ref, bool) {
	path := filepath.Join(r.CommonDir, "packed-refs")
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Ref{Name: name}, true
	}
	if err != nil || info.Size() > maxPacked {
		return Ref{}, false
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return Ref{}, false
	}
	at := bytes.Index(content, []byte(" "+name+"\n"))
	if at < 0 {
		return Ref{Name: name}, true
	}
	line := content[bytes.LastIndexByte(content[:at], '\n')+1 : at]
	return Ref{Name: name, Hash: NewHash(string(line))}, IsHash(string(line))
}

func (r *Repo) otherRefStorage() bool {
	storage, set := r.Config("extensions.refStorage")
	_, chosen := lookup(r.env, "GIT_REFERENCE_BACKEND")
	return set && storage != "files" || chosen
}

// isHead reports whether some work tree may have the branch checked out.
func (r *Repo) isHead(name string) bool {
	heads := []string{filepath.Join(r.CommonDir, "HEAD")}
	linked, _ := os.ReadDir(filepath.Join(r.CommonDir, "worktrees"))
	for _, tree := range linked {
		heads = append(heads, filepath.Join(r.CommonDir, "worktrees", tree.Name(), "HEAD"))
	}
	for _, path := range heads {
		content, err := os.ReadFile(path)
		target, _ := strings.CutPrefix(string(content), "ref:")
		if err != nil || strings.TrimSpace(target) == name {
			return true
		}
	}
	return false
}
