package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Processes that write in the storm, and commands of each.
const (
	stormWriters = 8
	stormEach    = 15
)

// housekeeping takes objects away and moves refs about, as hard as git can.
var housekeeping = [][]string{
	{"gc", "-q", "--prune=now"},
	{"repack", "-q", "-a", "-d"},
	{"pack-refs", "--all"},
	{"reflog", "expire", "--expire=now", "--expire-unreachable=now", "--all"},
}

// TestHousekeepingBesideWriters has git throw away what no ref reaches, again and
// again, while others write. Such a gc takes objects that the ref is about to
// reach, and some that it has just come to reach. What was acknowledged is there
// afterwards, once, with its whole history, and nobody had to help.
func TestHousekeepingBesideWriters(t *testing.T) {
	if testing.Short() {
		t.Skip("takes many processes")
	}
	s := newSandbox(t)
	bin := releaseBinary(t)
	busy := strings.TrimSpace(s.run(bin, "start", "-q", "busy"))
	lines := make([][]string, stormWriters) // that have to be on the branch
	passes := s.beside(housekeeping, func() {
		var writers sync.WaitGroup
		for w := range lines {
			writers.Go(func() { lines[w] = s.storm(bin, busy, w) })
		}
		writers.Wait()
	})
	s.run(bin, "doctor") // looks for what is missing however lately somebody did
	s.run("git", "fsck", "--strict", "--full", "--no-dangling")
	s.run("git", "rev-list", "--objects", "incidents")
	branch, count := s.run("git", "grep", "-h", "", "incidents"), 0
	for _, l := range lines {
		for _, line := range l {
			count++
			if n := strings.Count(branch, line); n != 1 {
				t.Errorf("%q is there %d times", line, n)
			}
		}
	}
	if left, _ := filepath.Glob(filepath.Join(s.dir, ".git", "incident", "spool", "*[0-9]-*")); len(left) > 0 {
		t.Errorf("the spool still has %q", left)
	}
	if passes[0] == 0 || passes[1] == 0 {
		t.Errorf("%d runs of gc and %d of repack: the test tests nothing", passes[0], passes[1])
	}
	t.Logf("%d lines beside %v runs of housekeeping", count, passes)
}

// storm writes one entry after the other, now and then as an incident of its own
// or as a file, and returns the lines that are on the branch for it.
func (s *sandbox) storm(bin, busy string, w int) (lines []string) {
	for n := range stormEach {
		text := fmt.Sprintf("entry %d of writer %d", n, w)
		args, line := []string{"log", "-i", busy, text}, "Z "+text+" <!--"
		switch {
		case n%5 == 3:
			args, line = []string{"start", "-q", text}, "title: "+text+"\n"
		case n%7 == 5:
			file := filepath.Join(s.home(), fmt.Sprintf("%d-%d.txt", w, n))
			if err := os.WriteFile(file, []byte("content of "+text+"\n"), 0o666); err != nil {
				s.Error(err)
			}
			args, line = []string{"attach", "-i", busy, file}, "content of "+text+"\n"
		}
		if out, err := s.try(bin, args...); err != nil {
			s.Errorf("%s: %v\n%s", text, err, out)
			continue
		}
		lines = append(lines, line)
	}
	return lines
}

// beside runs git over and over, each of its commands in a loop of its own, until
// do is done. It returns how often each has succeeded.
func (s *sandbox) beside(commands [][]string, do func()) []int {
	passes := make([]int, len(commands))
	stop := make(chan struct{})
	var loops sync.WaitGroup
	for i, args := range commands {
		loops.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if _, err := s.try("git", args...); err == nil { // it may lose a race, like anybody
					passes[i]++
				}
			}
		})
	}
	do()
	close(stop)
	loops.Wait()
	return passes
}
