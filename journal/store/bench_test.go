package store

import (
	"fmt"
	"os"
	"testing"
)

// filled is a journal with n imported incidents and an open one.
func filled(b *testing.B, n int) (sandbox, string) {
	s := newRepo(b)
	must(s.open().Import(b.Context(), notes(n), "import\n", noon, none))(b)
	id := started(b, s.open(), "open")
	s.git("gc", "-q")
	must(s.open().OpenIncidents(b.Context()))(b)
	return s, id
}

// BenchmarkLog is everything that `git incident log` does behind its flags.
func BenchmarkLog(b *testing.B) {
	for _, n := range []int{10, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s, id := filled(b, n)
			for b.Loop() {
				j := s.open()
				must(j.Flush(b.Context()))(b)
				if open := must(j.OpenIncidents(b.Context()))(b); len(open) != 1 {
					b.Fatalf("%+v", open)
				}
				applied(b, j, logChange(id, "rolled back to v41"))
			}
		})
	}
}

// BenchmarkAddCommit is what people do today, with the same text.
func BenchmarkAddCommit(b *testing.B) {
	s := newRepo(b)
	n := 0
	for b.Loop() {
		n++
		s.write("notes.md", fmt.Sprint(n, " rolled back to v41\n"))
		s.git("add", "notes.md")
		s.git("commit", "-q", "-m", "rolled back to v41")
	}
}

func BenchmarkOpen(b *testing.B) {
	s, _ := filled(b, 10)
	for b.Loop() {
		s.open()
	}
}

func BenchmarkList(b *testing.B) {
	s, id := filled(b, 10000)
	list := func(b *testing.B) {
		if list, _, err := s.open().List(b.Context()); err != nil || len(list) != 10001 {
			b.Fatal(len(list), err)
		}
	}
	b.Run("cold", func(b *testing.B) {
		for b.Loop() {
			_ = os.Remove(s.open().path(indexFile))
			list(b)
		}
	})
	b.Run("warm", func(b *testing.B) {
		for b.Loop() {
			list(b)
		}
	})
	b.Run("one changed", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			applied(b, s.open(), logChange(id, "x"))
			b.StartTimer()
			list(b)
		}
	})
	b.Run("decode", func(b *testing.B) {
		j := s.open()
		for b.Loop() {
			if c := j.readCache(indexFile); len(c.entries) != 10001 {
				b.Fatal(len(c.entries))
			}
		}
	})
}

func BenchmarkAll(b *testing.B) {
	s, _ := filled(b, 10000)
	for b.Loop() {
		if all, _, err := s.open().All(b.Context(), true); err != nil || len(all) != 10001 {
			b.Fatal(len(all), err)
		}
	}
}
