package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// faultCalls are the system calls at which a process may be killed with a
// difference: those that read or alter what others see.
const faultCalls = "openat,write,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,link,linkat,mkdir,mkdirat,close,flock,clone,clone3,vfork,execve,pwrite64,fchmod,fchmodat,read,newfstatat,wait4,waitid,exit_group"

// maxFault is past the last of these calls that any process of a log makes.
const maxFault = 400

// TestKilledAtAnySystemCall kills a log, or one of the processes it starts, at
// the Nth system call of its kind, for many N. What was acknowledged is there
// afterwards, once, and the next command needs no human step.
// INCIDENT_FAULTS=all takes every N for every call.
func TestKilledAtAnySystemCall(t *testing.T) {
	strace := need(t, "strace")
	bin := releaseBinary(t)
	s := newSandbox(t)
	s.run(bin, "start", "-q", "killed")
	acked := map[string]bool{}
	killed := 0
	for _, point := range faultPoints() {
		text := "entry " + strings.NewReplacer(":", " ", "=", " ", ",", " ").Replace(point)
		_, err := s.try(strace, "-f", "-qq", "-o", os.DevNull, "-e", "trace="+faultCalls, "-e", "inject="+point, bin, "log", text)
		if err == nil {
			acked[text] = true
		} else {
			killed++
		}
		if out, err := s.try(bin, "list"); err != nil {
			t.Fatalf("after a kill at %s: list: %v\n%s", point, err, out)
		}
		next := "next after " + text
		if out, err := s.try(bin, "log", next); err != nil {
			t.Fatalf("after a kill at %s: log: %v\n%s", point, err, out)
		}
		acked[next] = true
	}
	note := s.run(bin, "show", "--raw")
	for text := range acked {
		if n := strings.Count(note, "Z "+text+" <!--"); n != 1 {
			t.Errorf("%q is there %d times", text, n)
		}
	}
	if killed == 0 {
		t.Error("nothing was killed; the test tests nothing")
	}
	left, _ := filepath.Glob(filepath.Join(s.dir, ".git", "incident", "spool", "[0-9]*-*"))
	if len(left) > 0 {
		t.Errorf("the spool still has %q", left)
	}
	s.run("git", "fsck", "--strict", "--no-dangling")
	t.Logf("%d killed, %d entries acknowledged", killed, len(acked))
}

// faultPoints are strace's words for where to strike.
func faultPoints() []string {
	var points []string
	if os.Getenv("INCIDENT_FAULTS") == "all" {
		for _, call := range strings.Split(faultCalls, ",") {
			for n := 1; n <= maxFault/4; n++ {
				points = append(points, fmt.Sprintf("%s:signal=KILL:when=%d", call, n))
			}
		}
		return points
	}
	for _, call := range []string{"write", "fsync", "renameat", "unlink", "openat", "execve", "flock", "link", "mkdirat", "close"} {
		for _, n := range []int{1, 2, 3, 5, 8, 13, 21} {
			points = append(points, fmt.Sprintf("%s:signal=KILL:when=%d", call, n))
		}
	}
	return points
}
