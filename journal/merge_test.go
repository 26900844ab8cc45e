package journal

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// genHistory draws a base and two versions that come from it.
func genHistory(t *rapid.T) (base, a, b *Incident) {
	draw := func(from *Incident, label string) *Incident {
		for _, c := range rapid.SliceOfN(rapid.Custom(genChange), 0, 6).Draw(t, label) {
			next, err := Apply(from, c)
			if err != nil {
				t.Fatal(err)
			}
			from = next
		}
		if rapid.Bool().Draw(t, label+" prose") {
			from = from.clone()
			from.SetProse(WhatHappened, genProse(t))
		}
		return from
	}
	base = draw(started(), "base")
	return base, draw(base, "a"), draw(base, "b")
}

func TestMergeOfHistories(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base, a, b := genHistory(t)
		ab, ba := Merge(base, a, b), Merge(base, b, a)
		if string(Format(ab)) != string(Format(ba)) {
			t.Fatalf("which side is which matters\n%s\n%s", Format(ab), Format(ba))
		}
		again, err := Parse(Format(ab))
		if err != nil {
			t.Fatalf("the merged note is not read: %v\n%s", err, Format(ab))
		}
		if same := Merge(again, again, again); string(Format(same)) != string(Format(ab)) {
			t.Fatalf("merging again changes it\n%s\n%s", Format(ab), Format(same))
		}
		for _, side := range []*Incident{a, b} {
			checkNothingLost(t, side, ab)
		}
	})
}

// checkNothingLost looks for every item of a side in the merged note. An item
// may be deleted by the other side, or replaced by a higher revision.
func checkNothingLost(t *rapid.T, side, merged *Incident) {
	note := string(Format(merged))
	for _, tomb := range side.Deleted {
		if !merged.isDeleted(tomb.ID) {
			t.Fatalf("tombstone %s is gone\n%s", tomb.ID, note)
		}
	}
	for _, e := range side.Timeline {
		id, rev := eventOps.origin(e) // a sibling goes with what it is a version of
		if !merged.isDeleted(e.ID) && !merged.isDeleted(id) && merged.revisions()[id] <= rev && !containsText(merged, e.Text) {
			t.Fatalf("event %s %q is gone\n%s", e.ID, e.Text, note)
		}
	}
	for _, l := range side.Learnings {
		if !merged.isDeleted(l.ID) && merged.items()[l.ID] == "" {
			t.Fatalf("learning %s is gone\n%s", l.ID, note)
		}
	}
}

func containsText(inc *Incident, text string) bool {
	for _, e := range inc.Timeline {
		if e.Text == text {
			return true
		}
	}
	return false
}

func TestConflictInProseIsVisible(t *testing.T) {
	base := started()
	base.SetProse(Impact, "nobody knows")
	a, b := base.clone(), base.clone()
	a.SetProse(Impact, "people paying by card")
	b.SetProse(Impact, "people paying by invoice")
	note := string(Format(Merge(base, a, b)))
	for _, want := range []string{"by card", "by invoice", conflictFirst, conflictNext, conflictEnd} {
		if !strings.Contains(note, want) {
			t.Errorf("%q is not in\n%s", want, note)
		}
	}
	if strings.Contains(note, "<<<<") {
		t.Errorf("raw conflict marks:\n%s", note)
	}
}

func TestConflictInAFieldLeavesATrace(t *testing.T) {
	base := started()
	a := mustApply(t, base, Change{ID: "a", Set: []Set{{Key: "severity", Values: []string{"low"}}}})
	b := mustApply(t, base, Change{ID: "b", Set: []Set{{Key: "severity", Values: []string{"high"}}}})
	m := Merge(base, a, b)
	if len(m.Timeline) != 1 || !strings.Contains(m.Timeline[0].Text, "severity") {
		t.Errorf("the other value is gone:\n%s", Format(m))
	}
}

func TestALostValueHasALineOfItsOwn(t *testing.T) {
	a := mustParse(t, headerOnly+"## Timeline\nno line end")
	b := a.clone()
	b.Title = "Checkout was down"
	for _, base := range []*Incident{nil, mustParse(t, strings.Replace(string(Format(a)), a.Title, "Checkout", 1))} {
		if m := mustParse(t, string(Format(Merge(base, a, b)))); len(m.Timeline) != 1 {
			t.Errorf("got\n%s", Format(m))
		}
	}
}

func TestListsMergeAsSets(t *testing.T) {
	base := mustApply(t, started(), Change{ID: "0", Set: []Set{{Key: "services", Values: []string{"web", "db"}}}})
	a := mustApply(t, base, Change{ID: "a", Set: []Set{{Key: "services", Values: []string{"web"}}}})
	b := mustApply(t, base, Change{ID: "b", Set: []Set{{Key: "services", Values: []string{"mail"}, Add: true}}})
	if got := strings.Join(Merge(base, a, b).Services, " "); got != "mail web" {
		t.Errorf("got %q", got)
	}
}

func mustParse(t *testing.T, body string) *Incident {
	t.Helper()
	inc, err := Parse([]byte(body))
	if err != nil {
		t.Fatalf("%v\n%s", err, body)
	}
	return inc
}

func TestUnknownKeysMergeOneByOne(t *testing.T) {
	note := func(jira, bridge string) *Incident {
		return mustParse(t, "---\nschema: 1\ntitle: x\njira: "+jira+"\nbridge: "+bridge+"\n---\n")
	}
	m := string(Format(Merge(note("A-1", "one"), note("A-2", "one"), note("A-1", "two"))))
	if !strings.Contains(m, "jira: A-2\n") || !strings.Contains(m, "bridge: two\n") {
		t.Errorf("an edit is gone\n%s", m)
	}
	m = string(Format(Merge(note("A-1", "one"), note("A-2", "one"), note("A-3", "one"))))
	if !strings.Contains(m, "A-2") || !strings.Contains(m, "A-3") {
		t.Errorf("one of two edits left no trace\n%s", m)
	}
}

func TestMergeKeepsOrderAndTwinHeadings(t *testing.T) {
	const note = headerOnly + "## What happened\n\nit broke\n\n## FAQ\n\nupper\n\n## Faq\n\nlower\n\n## Zoo\n\nzebras\n\n## Alpha\n\nfirst\n"
	base := mustParse(t, note)
	a := mustParse(t, strings.Replace(note, "it broke", "it broke badly", 1))
	b := mustParse(t, strings.Replace(note, "zebras", "zebras and gnus\n\n## New\n\nsection", 1))
	want := strings.Replace(strings.Replace(note, "it broke", "it broke badly", 1), "zebras", "zebras and gnus\n\n## New\n\nsection", 1)
	if got := string(Format(Merge(base, a, b))); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTombstonesOutliveAnEmptyTimeline(t *testing.T) {
	base := mustApply(t, started(), Change{ID: "1", Learn: []Learning{{ID: "l", Rev: 1, Text: "gone"}}})
	a := mustApply(t, base, Change{ID: "2", Delete: []string{"l"}})
	b := base.clone()
	b.SetProse(Impact, "much")
	m := mustParse(t, string(Format(Merge(base, a, b))))
	if again := Merge(base, m, base); len(again.Learnings) != 0 || len(again.Deleted) != 1 {
		t.Errorf("it is back\n%s", Format(again))
	}
}

func TestMergingAConflictAgainAddsNothing(t *testing.T) {
	base := started()
	base.SetProse(Impact, "nobody knows")
	a, b := base.clone(), base.clone()
	a.SetProse(Impact, "card")
	b.SetProse(Impact, "invoice")
	once := Merge(base, a, b)
	if again := Merge(base, once, b); string(Format(again)) != string(Format(once)) {
		t.Errorf("got\n%s\nwant\n%s", Format(again), Format(once))
	}
}

// BenchmarkMergeRepeatedLines merges what diff3 is slowest at.
func BenchmarkMergeRepeatedLines(b *testing.B) {
	line := "GET /healthz 200\n"
	was := "a\n" + strings.Repeat(line, 8000) + "z\n"
	x, y := strings.Replace(was, "a\n", "b\n", 1), strings.Replace(was, "a\n", "c\n", 1)
	x, y = x+"x\n", y+"y\n"
	for b.Loop() {
		MergeText(was, x, y)
	}
}

// FuzzMerge merges whatever can be read. What comes out can be read too, unless it
// is too large.
func FuzzMerge(f *testing.F) {
	f.Add("## Impact\n\nwas\n", "## Impact\n\none\n", "## Impact\n\ntwo\n")
	f.Add("## Impact\n\n```\nwas\n## a\n```\n", "## Impact\n\n```\none\n## a\n```\n\n```", "## Impact\n\n## a\n```\n")
	f.Add("## Timeline\n\n```\n- a\n```\n- was <!-- e:a r1 -->\n", "## Timeline\n\n```\n- b\n- a <!-- e:a r2 -->\n", "## Timeline\n- c <!-- e:b r1 of:a.2 -->\n<!-- x:a r9 -->\n")
	f.Add("## Learnings\n1. a <!-- l:a r1 -->\n", "## Learnings\n1. b <!-- l:a r2 -->\n   → c {done}\n", "## Learnings\nx\n1. d <!-- l:a r2 -->\n")
	f.Add("x\n", conflictOf("a", "b")+"## Impact\n"+conflictOf("c", conflictEnd), conflictOf("b", "c")+conflictOf("a", "d")+"e\n")
	f.Fuzz(func(t *testing.T, b, x, y string) {
		base, err := Parse([]byte(headerOnly + b))
		if err != nil {
			base = nil
		}
		one, err := Parse([]byte(headerOnly + x))
		if err != nil {
			return
		}
		two, err := Parse([]byte(headerOnly + y))
		if err != nil {
			return
		}
		for _, base := range []*Incident{nil, base} {
			m := Format(Merge(base, one, two))
			if again := Format(Merge(base, two, one)); string(again) != string(m) {
				t.Fatalf("which side is which matters\n%q\n%q", m, again)
			}
			if _, err := Parse(m); err != nil && len(m) < MaxHeader {
				t.Fatalf("%v\n%q\n%q\n%q\n%q", err, b, x, y, m)
			}
			result, _ := Replay(base, one, two)
			if _, err := Parse(Format(result)); err != nil && len(m) < MaxHeader {
				t.Fatalf("%v\n%q\n%q\n%q\n%q", err, b, x, y, Format(result))
			}
		}
	})
}
