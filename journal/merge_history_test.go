package journal

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// commit is one version of a small journal, as git keeps it.
type commit struct {
	notes     map[string]*Incident
	parents   []*commit
	ancestors map[*commit]bool // itself too
}

func newCommit(notes map[string]*Incident, parents ...*commit) *commit {
	c := &commit{notes: notes, parents: parents, ancestors: map[*commit]bool{}}
	for _, p := range parents {
		maps.Copy(c.ancestors, p.ancestors)
	}
	c.ancestors[c] = true
	return c
}

func (c *commit) text() string {
	var b strings.Builder
	for _, id := range slices.Sorted(maps.Keys(c.notes)) {
		b.WriteString(bytesOf(c.notes[id]))
	}
	return b.String()
}

// mergeBase is what git merges against: the best common ancestors, merged with
// each other if there are several.
func mergeBase(a, b *commit) *commit {
	var best []*commit
	for c := range a.ancestors {
		if b.ancestors[c] {
			best = append(best, c)
		}
	}
	best = slices.DeleteFunc(slices.Clone(best), func(c *commit) bool {
		return slices.ContainsFunc(best, func(d *commit) bool { return d != c && d.ancestors[c] })
	})
	slices.SortFunc(best, func(x, y *commit) int {
		return cmp.Or(len(x.ancestors)-len(y.ancestors), strings.Compare(x.text(), y.text()))
	})
	if len(best) == 0 {
		return nil
	}
	base := best[0]
	for _, c := range best[1:] {
		base = mergeCommits(base, c)
	}
	return base
}

func mergeCommits(a, b *commit) *commit {
	switch {
	case a.ancestors[b]:
		return a
	case b.ancestors[a]:
		return b
	}
	base, notes := mergeBase(a, b), maps.Clone(b.notes)
	for id, x := range a.notes {
		y, both := b.notes[id]
		if !both {
			notes[id] = x
			continue
		}
		var was *Incident
		if base != nil {
			was = base.notes[id]
		}
		notes[id] = Merge(was, x, y)
	}
	return newCommit(notes, a, b)
}

// team is a few clones, and what people wrote in them.
type team struct {
	t      *rapid.T
	clones []*commit
	count  int
	wrote  map[string]map[int][]string // by incident and item, and revision
	lines  map[string]bool             // of prose, that nobody took out
}

func (s *team) word(kind string) string {
	s.count++
	return fmt.Sprintf("%s%d", kind, s.count)
}

func (s *team) write(clone int, id string, c Change) {
	inc, err := Apply(s.clones[clone].notes[id], c)
	if err != nil {
		s.t.Fatal(err)
	}
	notes := maps.Clone(s.clones[clone].notes)
	inc, err = Parse(Format(inc))
	if err != nil {
		s.t.Fatal(err)
	}
	inc.ID = id
	notes[id] = inc
	s.clones[clone] = newCommit(notes, s.clones[clone])
}

func (s *team) log(clone int, id string, e Event) {
	key := id + " " + e.ID
	if s.wrote[key] == nil {
		s.wrote[key] = map[int][]string{}
	}
	s.wrote[key][e.Rev] = append(s.wrote[key][e.Rev], eventOps.content(e))
	s.write(clone, id, Change{Log: []Event{e}})
}

// step is one thing that somebody does.
func (s *team) step() {
	draw := func(n int, label string) int { return rapid.IntRange(0, n-1).Draw(s.t, label) }
	clone := draw(len(s.clones), "clone")
	here := s.clones[clone].notes
	ids := slices.Sorted(maps.Keys(here))
	id := ids[draw(len(ids), "incident")]
	inc := here[id]
	var event Event
	if len(inc.Timeline) > 0 {
		event = inc.Timeline[draw(len(inc.Timeline), "event")]
	}
	switch what := draw(10, "what"); {
	case what < 3:
		s.clones[clone] = mergeCommits(s.clones[clone], s.clones[draw(len(s.clones), "other")])
	case what == 3 || event.ID == "":
		e := Event{ID: s.word("e"), Rev: 1, Text: s.word("text")}
		if minutes := draw(4, "minutes"); minutes > 0 {
			e.At.Time = noon.Add(time.Duration(minutes) * time.Minute)
		}
		s.log(clone, id, e)
	case what < 6:
		event.Rev, event.Text = event.Rev+1, s.word("text")
		s.log(clone, id, event)
	case what == 6:
		s.write(clone, id, Change{Delete: []string{event.ID}})
	case what == 7:
		s.write(clone, id, Change{Set: []Set{{Key: "title", Values: []string{s.word("title")}}, {Key: "services", Values: []string{s.word("service")}, Add: true}}})
	default:
		s.writeProse(clone, id)
	}
}

// writeProse changes a line under a heading, or adds one, in an editor.
func (s *team) writeProse(clone int, id string) {
	inc := s.clones[clone].notes[id]
	was := string(Format(inc))
	now, line := inc.clone(), s.word("line")
	section, _ := inc.Section(WhatHappened)
	words := slices.DeleteFunc(strings.Fields(section.Text), func(w string) bool { return !s.lines[w] })
	text := section.Text + "\n" + line
	if len(words) > 0 && rapid.Bool().Draw(s.t, "replace") {
		old := rapid.SampledFrom(words).Draw(s.t, "line")
		text = strings.ReplaceAll(section.Text, old+"\n", line+"\n")
		delete(s.lines, old)
	}
	s.lines[line] = true
	now.SetProse(WhatHappened, text)
	s.write(clone, id, Change{Edit: &Edit{Base: was, Text: string(Format(now))}})
}

// settle lets everybody merge with everybody until nothing is new.
func (s *team) settle() {
	for range 2 {
		for i := range s.clones {
			s.clones[i] = mergeCommits(s.clones[i], s.clones[(i+1)%len(s.clones)])
		}
	}
	for i := range s.clones {
		for j := range s.clones {
			s.clones[i] = mergeCommits(s.clones[i], s.clones[j])
		}
	}
}

// TestClonesConverge lets a few clones of a journal grow apart and together.
func TestClonesConverge(t *testing.T) {
	manyCases(t, 1_000, func(t *rapid.T) {
		s := &team{t: t, wrote: map[string]map[int][]string{}, lines: map[string]bool{}}
		notes := map[string]*Incident{}
		for _, token := range []string{"aaaa", "bbbb"} {
			inc := started()
			inc.ID = NewID(noon, inc.Title, token)
			notes[inc.ID] = inc
		}
		for range rapid.IntRange(3, 6).Draw(t, "clones") {
			s.clones = append(s.clones, newCommit(notes))
		}
		if rapid.Bool().Draw(t, "one root") {
			for i := range s.clones {
				s.clones[i] = s.clones[0]
			}
		}
		for range rapid.IntRange(5, 40).Draw(t, "steps") {
			s.step()
		}
		s.settle()
		for _, c := range s.clones[1:] {
			if c.text() != s.clones[0].text() {
				t.Fatalf("clones differ\n%s\n%s", s.clones[0].text(), c.text())
			}
		}
		s.check(s.clones[0])
	})
}

// check looks for everything that people wrote: it is deleted, or there, or there
// in a higher revision. A text that stood beside another as its sibling may have
// been deleted or changed under the id it had then.
func (s *team) check(end *commit) {
	note := end.text()
	gone, revs, said := map[string]bool{}, map[string]int{}, map[string]bool{}
	for id, inc := range end.notes {
		checkReadable(s.t, inc)
		for item := range inc.deletedIDs() {
			gone[id+" "+item] = true
		}
		for item, rev := range inc.revisions() {
			revs[id+" "+item] = rev
		}
		for _, e := range inc.Timeline {
			said[id+" "+eventOps.content(e)] = true
		}
	}
	for key, byRev := range s.wrote {
		id, item, _ := strings.Cut(key, " ")
		last := slices.Max(slices.Collect(maps.Keys(byRev)))
		if gone[key] != (revs[key] == 0) || !gone[key] && revs[key] < last {
			s.t.Fatalf("%s r%d: deleted %v, and it stands at r%d\n%s", key, last, gone[key], revs[key], note)
		}
		for _, content := range byRev[last] {
			sibling := id + " " + derivedID(Timeline[0], "of", item, content)
			if revs[key] == last && !said[id+" "+content] && !gone[sibling] && revs[sibling] < 2 {
				s.t.Fatalf("%s r%d: %q is lost\n%s", key, last, content, note)
			}
		}
	}
	for line := range s.lines {
		if !strings.Contains(note, "\n"+line+"\n") {
			s.t.Fatalf("the line %q is lost\n%s", line, note)
		}
	}
}
