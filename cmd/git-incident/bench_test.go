package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"git-incident/journal"
	"git-incident/journal/git"
	"git-incident/journal/store"
)

// sizes are the journals that the benchmarks use: a new one, and that of a large
// team after ten years.
var sizes = []int{10, 10_000}

// filled is a sandbox whose journal has n incidents of text made here, packed as
// git leaves it after a while. The work tree of main has the same files, so that
// a plain commit has as much to do.
func filled(b *testing.B, n int) *sandbox {
	b.Helper()
	s := newSandbox(b)
	ctx := context.Background()
	repo, err := git.Open(ctx, s.dir, s.env)
	if err != nil {
		b.Fatal(err)
	}
	j, err := store.Open(repo, time.Now)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := j.Import(ctx, madeUp(n), "import: made up for a benchmark\n", time.Unix(1.7e9, 0), func(int) {}); err != nil {
		b.Fatal(err)
	}
	s.run("git", "repack", "-adq")
	s.run("git", "checkout", "-q", "-B", "main", "incidents")
	return s
}

// madeUp are n stories of about a screen each, spread over ten years.
func madeUp(n int) []*journal.Incident {
	day := time.Date(2016, 1, 1, 9, 0, 0, 0, time.UTC)
	list := make([]*journal.Incident, n)
	for i := range list {
		at := day.Add(time.Duration(i) * 10 * 365 * 24 * time.Hour / time.Duration(n))
		title := fmt.Sprintf("The %s job of service %d stopped at step %d", []string{"import", "invoice", "backup"}[i%3], i%60, i%17)
		token := journal.Token([]byte{byte(i), byte(i >> 5), byte(i >> 10), byte(i >> 15), byte(i % 7)})
		inc := &journal.Incident{
			ID: journal.NewID(at, title, token), Title: title, Kind: journal.KindIncident,
			Status: journal.StatusResolved, Visibility: journal.VisibilityTeam, Lead: "\n",
			Times:    journal.Times{Noticed: journal.When{Time: at}},
			Services: []string{fmt.Sprintf("service-%d", i%60)},
		}
		inc.SetProse(journal.WhatHappened, fmt.Sprintf("Run %d met rows that run %d had left half done. %s", i, i-1, paragraph))
		for e := range 6 {
			c := journal.Change{ID: "made-up", Log: []journal.Event{{
				ID: fmt.Sprintf("e%05d", e), Rev: 1, At: journal.When{Time: at.Add(time.Duration(e) * 7 * time.Minute)},
				Text: fmt.Sprintf("looked at worker %d, restarted it, waited", (i+e)%23),
			}}}
			inc, _ = journal.Apply(inc, c)
		}
		list[i] = inc
	}
	return list
}

const paragraph = "The queue kept growing while everybody looked at the database, because the graph that would have shown it was on another page. It took a while until somebody asked which of the numbers were from today."

// BenchmarkLog compares a whole git incident log with git add and git commit of
// the same text, in the same repository, taking turns.
func BenchmarkLog(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			bin := releaseBinary(b)
			s := filled(b, n)
			s.run(bin, "start", "-q", "measured")
			file := filepath.Join(s.dir, "log.txt")
			var ours, theirs time.Duration
			for i := 0; b.Loop(); i++ {
				text := fmt.Sprintf("rolled back to v%d", i)
				ours += s.timed(func() { s.run(bin, "log", text) })
				theirs += s.timed(func() {
					appendLine(b, file, text)
					s.run("git", "add", "log.txt")
					s.run("git", "commit", "-qm", text)
				})
			}
			b.ReportMetric(float64(ours.Microseconds())/1e3/float64(b.N), "log-ms")
			b.ReportMetric(float64(theirs.Microseconds())/1e3/float64(b.N), "commit-ms")
			b.ReportMetric(float64(ours)/float64(theirs), "ratio")
		})
	}
}

func (s *sandbox) timed(f func()) time.Duration {
	begin := time.Now()
	f()
	return time.Since(begin)
}

func appendLine(b *testing.B, file, text string) {
	b.Helper()
	f, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	if _, err := io.WriteString(f, text+"\n"); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkList is the whole git incident list of a large journal: with its
// index, and without.
func BenchmarkList(b *testing.B) {
	bin := releaseBinary(b)
	s := filled(b, sizes[1])
	index := filepath.Join(s.dir, ".git", "incident", "index")
	b.Run("warm", func(b *testing.B) {
		s.run(bin, "list")
		for b.Loop() {
			s.run(bin, "list")
		}
	})
	b.Run("cold", func(b *testing.B) {
		for b.Loop() {
			if err := os.Remove(index); err != nil {
				b.Fatal(err)
			}
			s.run(bin, "list")
		}
	})
}
