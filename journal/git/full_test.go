//go:build linux

package git

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// smallDisk mounts a file system with room for little.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		leftOut(t, "mount (it needs root): "+err.Error()+"; it")
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// fill takes what room is left in the file system of a folder.
func fill(t *testing.T, dir string) {
	t.Helper()
	file := must(os.Create(filepath.Join(dir, "filler")))(t)
	defer file.Close()
	for _, size := range []int{64 << 10, 4 << 10, 1} {
		for {
			if _, err := file.Write(make([]byte, size)); err != nil {
				break
			}
		}
	}
}

func TestRemoteDiskFull(t *testing.T) {
	for _, scheme := range []string{"folder", "daemon"} {
		for _, size := range []int{0, 2 << 20} {
			p := newPair(t)
			disk := smallDisk(t, "1m")
			p.git("clone", "-q", "--bare", p.remote.dir, filepath.Join(disk, "remote.git"))
			p.remote = p.remote.in(filepath.Join(disk, "remote.git"))
			p.at(p.remote.dir)
			if scheme == "daemon" {
				p.at("git://" + p.daemon() + "/remote.git")
			}
			if size == 0 {
				fill(t, disk)
			}
			got, err := p.push(RemoteUpdate{Name: mainRef, New: p.bulk("HEAD", size)})
			var failed *NetworkError
			if !errors.As(err, &failed) || failed.Cause != NoSpace {
				t.Errorf("%s, %d bytes: %+v, %#v", scheme, size, got, err)
			}
		}
	}
}

func TestOwnDiskFull(t *testing.T) {
	p := newPair(t)
	big := p.bulk("HEAD", 2<<20)
	p.git("push", "-q", "origin", big.String()+":refs/heads/big")
	disk := smallDisk(t, "1m")
	clone := p.in(filepath.Join(disk, "clone"))
	p.git("clone", "-q", "--single-branch", "--branch=main", "file://"+p.remote.dir, clone.dir)
	err := clone.open().Fetch(t.Context(), fast, "origin", "refs/heads/big")
	var failed *NetworkError
	if !errors.As(err, &failed) || failed.Cause != LocalSpace {
		t.Errorf("%#v", err)
	}
}
