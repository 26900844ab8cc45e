//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// TestClonesAgree lets many clones write and sync over one bare remote at once,
// and kills their processes, with every child, at random moments. Two quiet syncs
// later every clone has every acknowledged entry exactly once, in files of the
// same bytes. INCIDENT_FAULTS=all takes 50 clones, 40 entries each and 1,000 kills.
func TestClonesAgree(t *testing.T) {
	clones, entries, kills := 10, 20, 50
	if os.Getenv("INCIDENT_FAULTS") == "all" {
		clones, entries, kills = 50, 40, 1000
	}
	team := newTeam(t, clones)
	team.clones[0].run(team.bin, "start", "-q", "checkout is 500ing")
	for _, c := range team.clones {
		c.run(team.bin, "sync")
	}
	w := &workload{busy: make(chan struct{}, 10), team: team, kills: int64(kills), steps: int64(clones * entries * 3 / 2)}
	var working sync.WaitGroup
	for i, c := range team.clones {
		working.Go(func() { w.work(c, i, entries) })
	}
	working.Wait()
	t.Logf("%d entries acknowledged, %d killed", len(w.acked), kills-int(w.kills))
	if w.kills > 0 || len(w.acked) < clones*entries/2 {
		t.Error("too few; the test tests too little")
	}
	team.quiet(t)
	team.check(t, w.acked, w.doubtful)
}

// team is the clones of one bare remote.
type team struct {
	bin    string
	remote *sandbox
	clones []*sandbox
}

func newTeam(t testing.TB, n int) *team {
	t.Helper()
	team := &team{bin: releaseBinary(t), remote: &sandbox{TB: t, dir: t.TempDir(), env: cleanEnv(t.TempDir())}}
	team.remote.run("git", "init", "-q", "--bare", "-b", "main")
	for range n {
		team.clones = append(team.clones, team.clone(t))
	}
	return team
}

func (team *team) clone(t testing.TB) *sandbox {
	t.Helper()
	c := newSandbox(t)
	c.run("git", "remote", "add", "origin", team.remote.dir)
	return c
}

// quiet syncs every clone twice while nobody writes.
func (team *team) quiet(t testing.TB) {
	t.Helper()
	for range 2 {
		for i, c := range team.clones {
			if out, err := c.try(team.bin, "sync"); err != nil {
				t.Errorf("clone %d: a quiet sync: %v\n%s", i, err, out)
			}
		}
	}
}

// check compares every clone with what was acknowledged. What was killed before
// it said so may be there, but once.
func (team *team) check(t testing.TB, acked, doubtful []string) {
	t.Helper()
	first := team.clones[0].run("git", "rev-parse", "incidents^{tree}")
	for i, c := range team.clones {
		if tree := c.run("git", "rev-parse", "incidents^{tree}"); tree != first {
			t.Errorf("clone %d has other files: %s", i, c.run("git", "diff", "--stat", strings.TrimSpace(first), strings.TrimSpace(tree)))
		}
		c.run("git", "fsck", "--strict", "--no-dangling")
	}
	note := team.clones[0].run(team.bin, "export")
	for _, text := range acked {
		if n := strings.Count(note, `"`+text+`"`); n != 1 {
			t.Errorf("%q is there %d times", text, n)
		}
	}
	for _, text := range doubtful {
		if n := strings.Count(note, `"`+text+`"`); n > 1 {
			t.Errorf("%q, which was never acknowledged, is there %d times", text, n)
		}
	}
	team.remote.run("git", "fsck", "--strict", "--no-dangling")
}

// workload is what the clones write, and the kills that are left.
type workload struct {
	*team
	kills int64 // left
	steps int64 // that are likely to come, to spread the kills

	busy     chan struct{} // as many as may run at once: a remote that answers too late is another test
	mu       sync.Mutex
	acked    []string
	doubtful []string
}

// work writes entries and syncs now and then.
func (w *workload) work(c *sandbox, clone, entries int) {
	for n := range entries {
		text := fmt.Sprintf("clone %d entry %d", clone, n)
		err := w.step(c, "log", text)
		w.mu.Lock()
		if err == nil {
			w.acked = append(w.acked, text)
		} else {
			w.doubtful = append(w.doubtful, text)
		}
		w.mu.Unlock()
		if rand.IntN(2) == 0 {
			_ = w.step(c, "sync") // one that fails or is killed leaves its work to the next
		}
	}
	for atomic.LoadInt64(&w.kills) > 0 {
		w.busy <- struct{}{}
		_ = w.killed(c, "sync")
		<-w.busy
	}
}

// step runs the program, and kills it if it is its turn.
func (w *workload) step(c *sandbox, args ...string) error {
	w.busy <- struct{}{}
	defer func() { <-w.busy }()
	if rand.Int64N(w.steps) < 2*atomic.LoadInt64(&w.kills) {
		return w.killed(c, args...)
	}
	_, err := c.try(w.bin, args...)
	return err
}

// killed runs the program, and kills it with all its children unless it is faster.
func (w *workload) killed(c *sandbox, args ...string) error {
	cmd := exec.Command(w.bin, args...)
	cmd.Dir, cmd.Env = c.dir, c.env
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-time.After(time.Duration(rand.IntN(150)) * time.Millisecond): // a moment, whichever
		killAll(cmd.Process.Pid)
		atomic.AddInt64(&w.kills, -1)
		<-ended
		return errKilled
	}
}

var errKilled = errors.New("killed")

// killAll kills a process with everything that it started. It is stopped first,
// so that it starts nothing more.
func killAll(pid int) {
	_ = syscall.Kill(pid, syscall.SIGSTOP)
	for _, child := range childrenOf(pid) {
		killAll(child)
	}
	_ = syscall.Kill(pid, syscall.SIGKILL)
}

// childrenOf reads /proc: network steps have a process group of their own, which
// is why the group is not enough.
func childrenOf(pid int) []int {
	var children []int
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, task := range tasks {
		list, _ := os.ReadFile(task)
		for _, word := range bytes.Fields(list) {
			if child, err := strconv.Atoi(string(word)); err == nil {
				children = append(children, child)
			}
		}
	}
	return children
}
