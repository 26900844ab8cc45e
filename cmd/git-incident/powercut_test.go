//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// boots is how many disks are looked at at once. Most of the time they wait: git
// gives the lock file that it finds a second.
const boots = 4

// TestPowerCutAfterExit0 pulls the plug right after a command has ended: what the
// disk has by then is looked at as the next boot would. Every entry that was
// acknowledged is there after the next command, once, and nobody had to help.
func TestPowerCutAfterExit0(t *testing.T) {
	if testing.Short() {
		t.Skip("takes many disks")
	}
	bin := releaseBinary(t)
	for _, c := range []struct {
		name  string
		times int
		args  func(s *sandbox, n int) []string
		line  string // on the branch, with the number in it
	}{
		{"log while others write", 8, func(_ *sandbox, n int) []string { return []string{"log", fmt.Sprintf("entry %d", n)} }, "Z entry %d <!--"},
		{"log", 50, func(_ *sandbox, n int) []string { return []string{"log", fmt.Sprintf("entry %d", n)} }, "Z entry %d <!--"},
		{"start", 8, func(_ *sandbox, n int) []string { return []string{"start", fmt.Sprintf("story %d", n)} }, "title: story %d\n"},
		{"attach", 8, func(s *sandbox, n int) []string { return []string{"attach", s.file(fmt.Sprintf("file-%d", n))} }, "in file-%d\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDisk(t)
			s := d.sandbox(t)
			s.run("git", "init", "-q", "-b", "main")
			if c.name != "start" {
				s.run(bin, "start", "-q", "power")
			}
			if strings.HasSuffix(c.name, "others write") {
				s.busy() // it goes no further than the spool
			}
			s.run("sync", "-f", s.dir)
			var looks sync.WaitGroup
			free := make(chan struct{}, boots)
			for n := range c.times {
				s.run(bin, c.args(s, n)...)
				free <- struct{}{}
				boot := d.copied(t)
				looks.Go(func() {
					boot.sandbox(t).booted(bin, c.line, n+1)
					boot.unmount(t)
					<-free
				})
			}
			looks.Wait()
		})
	}
}

// busy has somebody else write for the rest of the test.
func (s *sandbox) busy() {
	file, err := os.Open(filepath.Join(s.dir, ".git", "incident", "lock"))
	if err == nil {
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX)
	}
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { _ = file.Close() })
}

// booted looks for the first n entries after the next command.
func (s *sandbox) booted(bin, line string, n int) {
	for _, args := range [][]string{{bin, "list"}, {"git", "fsck", "--strict", "--full", "--no-dangling"}} {
		if out, err := s.try(args[0], args[1:]...); err != nil {
			s.Errorf("%d entries and a power cut: %q: %v\n%s", n, args, err, out)
		}
	}
	branch, err := s.try("git", "grep", "-h", "", "incidents")
	if err != nil {
		s.Errorf("%d entries and a power cut: %v\n%s", n, err, branch)
	}
	for i := range n {
		if times := strings.Count(branch, fmt.Sprintf(line, i)); times != 1 {
			s.Errorf("%d entries and a power cut: number %d is there %d times", n, i, times)
		}
	}
}

// file makes a file beside the repository.
func (s *sandbox) file(name string) string {
	path := filepath.Join(s.home(), name)
	if err := os.WriteFile(path, []byte("in "+name+"\n"), 0o666); err != nil {
		s.Fatal(err)
	}
	return path
}

// disk is a file system in a file. The file is what the disk has; what is in
// memory only is not in it.
type disk struct{ image, dir string }

// diskSize is enough for a small repository and ext4's journal.
const diskSize = 16 << 20

func newDisk(t *testing.T) disk {
	t.Helper()
	mayMount(t)
	mkfs := need(t, "mkfs.ext4")
	d := disk{image: filepath.Join(t.TempDir(), "image")}
	command(t, "truncate", "-s", fmt.Sprint(diskSize), d.image)
	command(t, mkfs, "-q", "-F", d.image)
	return d.mounted(t)
}

// copied is the disk as it would be found if the power went now.
func (d disk) copied(t *testing.T) disk {
	t.Helper()
	c := disk{image: filepath.Join(t.TempDir(), "image")}
	command(t, "cp", "--sparse=always", d.image, c.image)
	return c.mounted(t)
}

// mounted has the file system write nothing for ten minutes, unless it is told to.
func (d disk) mounted(t *testing.T) disk {
	t.Helper()
	d.dir = t.TempDir()
	command(t, "mount", "-o", "loop,commit=600", d.image, d.dir)
	t.Cleanup(func() { _ = exec.Command("umount", "-q", d.dir).Run() })
	return d
}

func (d disk) unmount(t *testing.T) {
	if out, err := exec.Command("umount", d.dir).CombinedOutput(); err != nil {
		t.Errorf("umount: %v\n%s", err, out)
	}
}

// sandbox is the repository on the disk.
func (d disk) sandbox(t *testing.T) *sandbox {
	s := &sandbox{TB: t, dir: filepath.Join(d.dir, "repo"), env: cleanEnv(t.TempDir())}
	if err := os.MkdirAll(s.dir, 0o777); err != nil {
		t.Error(err)
	}
	return s
}

// mayMount skips a test, loudly, where disks in files cannot be mounted: that
// takes root and loop devices.
func mayMount(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("LEFT OUT: only root can mount")
	}
	if _, err := os.Stat("/dev/loop-control"); err != nil {
		t.Skip("LEFT OUT: there are no loop devices")
	}
}

func command(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
}
