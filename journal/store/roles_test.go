package store

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"git-incident/journal"
	"git-incident/journal/git"
)

// The test binary runs itself as other processes. These variables say as what.
const (
	roleVariable = "STORE_TEST_ROLE"     // "log" is the only one
	argsVariable = "STORE_TEST_INCIDENT" // id, first number, how many
)

// processes and entries of the concurrency test: 400 entries.
const (
	writers = 16
	each    = 25
)

// playRole is a process that writes entries, each as a command of its own would.
func playRole() int {
	arg := strings.Fields(os.Getenv(argsVariable))
	first, _ := strconv.Atoi(arg[1])
	count, _ := strconv.Atoi(arg[2])
	for n := first; n < first+count; n++ {
		if err := logOnce(arg[0], n); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return 0
}

func logOnce(id string, n int) error {
	ctx := context.Background()
	repo, err := git.Open(ctx, ".", os.Environ())
	if err != nil {
		return err
	}
	j, err := Open(repo, time.Now)
	if err != nil {
		return err
	}
	if _, err := j.Flush(ctx); err != nil {
		return err
	}
	c := journal.Change{ID: fmt.Sprintf("%016d", n), Incident: id, At: time.Now(), Verb: "log", Summary: fmt.Sprint(n)}
	c.Log = []journal.Event{{ID: fmt.Sprintf("%06d", n), Rev: 1, At: journal.When{Time: c.At}, Text: fmt.Sprint(n)}}
	receipt, err := j.Write(ctx, c, nil)
	if err == nil && !receipt.Spooled {
		err = fmt.Errorf("entry %d was not acknowledged: %+v", n, receipt)
	}
	return err
}

// TestManyWritersAtOnce is 16 processes with 25 entries each, beside pack-refs
// and gc in loops. Every entry has to be there exactly once.
func TestManyWritersAtOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("takes many processes")
	}
	s := newRepo(t)
	id := started(t, s.open(), "busy")
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var beside, wg sync.WaitGroup
	for _, args := range [][]string{{"pack-refs", "--all"}, {"gc", "-q"}} {
		beside.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					_, _ = s.try("git", args...) // may lose a race for a lock, like anybody
				}
			}
		})
	}
	for w := range writers {
		wg.Go(func() {
			cmd := exec.Command(binary)
			cmd.Dir = s.dir
			cmd.Env = append(s.env, roleVariable+"=log", fmt.Sprintf("%s=%s %d %d", argsVariable, id, w*each, each))
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("writer %d: %v\n%s", w, err, out)
			}
		})
	}
	wg.Wait()
	close(stop)
	beside.Wait()
	must(s.open().Flush(t.Context()))(t)
	count := map[string]int{}
	for _, text := range texts(s, id) {
		count[text]++
	}
	for n := range writers * each {
		if count[fmt.Sprint(n)] != 1 {
			t.Errorf("entry %d is there %d times", n, count[fmt.Sprint(n)])
		}
	}
	if got := s.git("rev-list", "--count", "--no-merges", "incidents"); got != fmt.Sprint(1+writers*each) {
		t.Errorf("%s commits", got)
	}
	if got := s.git("rev-list", "--max-parents=0", "--count", "incidents"); got != "1" {
		t.Errorf("%s roots", got)
	}
	if left, stuck := waiting(s, spoolDir), waiting(s, stuckDir); len(left)+len(stuck) != 0 {
		t.Errorf("spool %q, stuck %q", left, stuck)
	}
	s.fsck()
}
