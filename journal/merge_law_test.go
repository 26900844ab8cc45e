package journal

import (
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// manyCases checks a law in n cases, and in a million when INCIDENT_MERGES=all asks
// for it: what it forbids may happen once in a hundred thousand.
// A number of cases in the arguments of the test goes before.
func manyCases(t *testing.T, n int, law func(*rapid.T)) {
	t.Helper()
	checks := flag.Lookup("rapid.checks")
	if was := checks.Value.String(); was == checks.DefValue {
		if os.Getenv("INCIDENT_MERGES") == "all" {
			n = 1_000_000
		}
		defer checks.Value.Set(was)
		checks.Value.Set(strconv.Itoa(n))
	}
	defer debug.SetGCPercent(debug.SetGCPercent(800)) // a case leaves little behind
	rapid.Check(t, law)
}

// someText is one of few texts, so that versions often agree.
func someText(t *rapid.T, label string) string {
	return rapid.SampledFrom([]string{
		"one", "two", "three\nlines\nof it", "  four\n\nfour", "```\nfive\n## six\n```", "> quoted", conflictNext, "> " + conflictFirst,
	}).Draw(t, label)
}

// someProse is a text under a heading: one version, or several in a conflict.
func someProse(t *rapid.T, label string) string {
	parts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
		if rapid.IntRange(0, 3).Draw(t, "conflict") > 0 {
			return someText(t, "text") + strings.Repeat("\n", rapid.IntRange(1, 3).Draw(t, "lines"))
		}
		return writeConflict(distinct([]string{"one\n", someText(t, "x"), someText(t, "y") + "\n\n", "two"}))
	}), 0, 3).Draw(t, label)
	return rapid.SampledFrom([]string{"", "\n"}).Draw(t, label+" lead") + strings.Join(parts, "")
}

func someIDs(t *rapid.T, prefix string) []string {
	ids := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c", "d"}), 0, 3, rapid.ID).Draw(t, prefix)
	for i := range ids {
		ids[i] = prefix + ids[i]
	}
	return ids
}

func someTime(t *rapid.T) When {
	if n := rapid.IntRange(0, 3).Draw(t, "at"); n > 0 {
		return When{Time: noon.Add(time.Duration(n) * time.Minute)}
	}
	return When{}
}

// someHead is an item's head, now and then that of a sibling.
func someHead(t *rapid.T, kind byte, id, content string) (head, of string, rev int) {
	rev = rapid.SampledFrom([]int{1, 1, 2, 2, 3, maxRevision}).Draw(t, "rev")
	if rapid.IntRange(0, 5).Draw(t, "sibling") > 0 {
		return id, "", rev
	}
	return derivedID(kind, "of", id, content), versionOf(id, rev), 1
}

// someNote draws a note as one of many hands may have left it.
func someNote(t *rapid.T) *Incident {
	inc := &Incident{Title: rapid.SampledFrom([]string{"A", "B", "C"}).Draw(t, "title"), Lead: "\n"}
	inc.Severity = rapid.SampledFrom([]string{"", "low", "high", "odd"}).Draw(t, "severity")
	inc.Times.Began, inc.Times.Resolved = someTime(t), someTime(t)
	inc.Services = someIDs(t, "s")
	for _, name := range someIDs(t, "x") {
		inc.Extra = append(inc.Extra, Extra{After: rapid.SampledFrom([]string{"", "title", "credit"}).Draw(t, "after"), Text: name + ": " + rapid.SampledFrom([]string{"1", "2"}).Draw(t, "value") + "\n"})
	}
	for _, h := range rapid.SliceOfN(rapid.SampledFrom([]string{"Impact", "impact notes", "Impact notes", Timeline, Aside, "Zoo", "Alpha"}), 0, 4).Draw(t, "headings") {
		if _, twice := inc.Section(h); !twice || h != Timeline {
			inc.Sections = append(inc.Sections, Section{Heading: h, Text: closed(someProse(t, h))})
		}
	}
	for _, id := range someIDs(t, "e") {
		inc.beginItems(Timeline)
		e := Event{At: someTime(t), Text: CleanText(someText(t, "event"))}
		e.ID, e.Of, e.Rev = someHead(t, Timeline[0], id, eventOps.content(e))
		inc.Timeline = append(inc.Timeline, e)
	}
	for _, id := range someIDs(t, "l") {
		inc.beginItems(Learnings)
		l := Learning{Text: CleanText(someText(t, "learning"))}
		l.ID, l.Of, l.Rev = someHead(t, Learnings[0], id, learningOps.content(l))
		inc.Learnings = append(inc.Learnings, l)
	}
	for _, id := range append(someIDs(t, "e"), someIDs(t, "l")...) {
		if rapid.IntRange(0, 3).Draw(t, "delete") == 0 {
			inc.bury(id, rapid.IntRange(1, 3).Draw(t, "tombstone"))
		}
	}
	for _, name := range someIDs(t, "f") {
		hash := strings.Repeat(rapid.SampledFrom([]string{"1", "2", "3"}).Draw(t, "hash"), 40)
		inc.Attachments = append(inc.Attachments, Attachment{Name: name + ".png", Hash: hash, Size: int64(hash[0])})
	}
	return inc
}

// bytesOf is everything that a merge decides about.
func bytesOf(inc *Incident) string { return string(Format(inc)) + fmt.Sprint(inc.Attachments) }

// TestMergeLaws merges versions that have nothing to do with each other, as they
// are after everything that may go wrong with the base of a merge.
func TestMergeLaws(t *testing.T) {
	manyCases(t, 10_000, func(t *rapid.T) {
		a, b, c := someNote(t), someNote(t), someNote(t)
		based, ab := Merge(c, a, b), Merge(nil, a, b)
		for _, law := range []struct {
			broken    string
			got, want *Incident
		}{
			{"which side is which matters", Merge(c, b, a), based},
			{"which side is which matters", Merge(nil, b, a), ab},
			{"merging again changes it", Merge(based, based, based), based},
			{"what is merged already matters", Merge(nil, a, ab), ab},
			{"the order of merges matters", Merge(nil, ab, c), Merge(nil, a, Merge(nil, b, c))},
		} {
			if x, y := bytesOf(law.got), bytesOf(law.want); x != y {
				t.Fatalf("%s\n--- a\n%s--- b\n%s--- c\n%s--- got\n%s\n--- want\n%s", law.broken, Format(a), Format(b), Format(c), x, y)
			}
		}
		for _, m := range []struct{ base, merged *Incident }{{nil, ab}, {c, based}} {
			note := checkReadable(t, m.merged)
			checkKept(t, note, m.base, m.merged, a, b)
		}
	})
}

func checkReadable(t *rapid.T, inc *Incident) string {
	note := Format(inc)
	again, err := Parse(note)
	if err != nil || string(Format(again)) != string(note) {
		t.Fatalf("a merged note is not read as it is: %v\n%s", err, note)
	}
	return string(note)
}

// checkKept looks for every item of both sides: it is deleted, or there in a
// higher revision, or there with its text, unless somebody worked on that text.
// Without a base no line of prose is missing either.
func checkKept(t *rapid.T, note string, base, merged, a, b *Incident) {
	revs := merged.revisions()
	have := map[string]bool{}
	for _, e := range merged.Timeline {
		id, _ := eventOps.origin(e)
		have[id+"\x00"+eventOps.content(e)] = true
	}
	for _, side := range []*Incident{a, b} {
		for _, tomb := range side.Deleted {
			if !merged.isDeleted(tomb.ID) || revs[tomb.ID] > 0 {
				t.Fatalf("what was deleted is back: %s\n%s", tomb.ID, note)
			}
		}
		for _, e := range side.Timeline {
			if base != nil && slices.ContainsFunc(base.Timeline, func(was Event) bool { return eventOps.same(was, e) }) {
				continue // taken out by hand
			}
			id, rev := eventOps.origin(e)
			sibling := derivedID(Timeline[0], "of", id, eventOps.content(e))
			if !merged.isDeleted(id) && revs[id] <= rev && !have[id+"\x00"+eventOps.content(e)] && revs[sibling] == 0 && !merged.isDeleted(sibling) {
				t.Fatalf("%s %q is gone\n%s", e.ID, e.Text, note)
			}
		}
		for _, s := range side.Sections {
			for l := range strings.Lines(s.Text) {
				if base == nil && markDepth(l) == 0 && !strings.Contains(note, "\n"+strings.TrimRight(l, "\n")+"\n") {
					t.Fatalf("the line %q is gone\n%s", l, note)
				}
			}
		}
	}
}
