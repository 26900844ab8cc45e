package journal

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// edited is inc after somebody gave an event a new text.
func edited(t *testing.T, inc *Incident, id, text string) *Incident {
	t.Helper()
	i := slices.IndexFunc(inc.Timeline, func(e Event) bool { return e.ID == id })
	if i < 0 {
		t.Fatalf("%s is not in\n%s", id, Format(inc))
	}
	e := inc.Timeline[i]
	e.Rev, e.Text = e.Rev+1, text
	return mustApply(t, inc, Change{ID: "edit", Log: []Event{e}})
}

// typed is inc after somebody changed the note in an editor.
func typed(t *testing.T, inc *Incident, old, new string) *Incident {
	t.Helper()
	was := string(Format(inc))
	if !strings.Contains(was, old) {
		t.Fatalf("%q is not in\n%s", old, was)
	}
	return mustApply(t, inc, Change{ID: "edit", Edit: &Edit{Base: was, Text: strings.Replace(was, old, new, 1)}})
}

// texts are the events of a note, those with siblings and marks in full.
func eventsOf(inc *Incident) string {
	var out []string
	for _, e := range inc.Timeline {
		s := e.Text
		if e.Of != "" {
			s += " of:" + e.Of
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

// conflicting are an event, and two versions of it that are merged.
func conflicting(t *testing.T) (base, a, b, merged *Incident) {
	t.Helper()
	base = mustApply(t, started(), logAt("a", "was", noon), logAt("z", "last", noon.Add(time.Minute)))
	a, b = edited(t, base, "a", "mine"), edited(t, base, "a", "yours")
	merged = mustParse(t, string(Format(Merge(base, a, b))))
	if got := eventsOf(merged); got != "mine, yours of:a.2, last" && got != "yours, mine of:a.2, last" {
		t.Fatalf("got %s\n%s", got, Format(merged))
	}
	return base, a, b, merged
}

func TestNoEditTakesASiblingAway(t *testing.T) {
	_, _, _, m := conflicting(t)
	winner, sibling := m.Timeline[0], m.Timeline[1]
	line := func(e Event) string {
		return "- 2026-11-20T12:00:00Z " + e.Text + " <!-- " + itemRef("e", e.ID, e.Rev, "", e.Of) + " -->\n"
	}
	for name, c := range map[string]struct {
		after *Incident
		want  string
	}{
		"the item is changed":                {edited(t, m, "a", "settled"), "settled, " + sibling.Text + ", last"},
		"the item is deleted":                {mustApply(t, m, Change{Delete: []string{"a"}}), sibling.Text + ", last"},
		"the item is changed by hand":        {typed(t, m, winner.Text+" <!--", "settled <!--"), "settled, " + sibling.Text + ", last"},
		"the item is taken out by hand":      {typed(t, m, line(winner), ""), sibling.Text + ", last"},
		"the sibling is changed":             {edited(t, m, sibling.ID, "another"), winner.Text + ", another, last"},
		"the sibling is changed by hand":     {typed(t, m, sibling.Text+" <!--", "another <!--"), winner.Text + ", another, last"},
		"the sibling loses its mark by hand": {typed(t, m, " of:a.2", ""), winner.Text + ", " + sibling.Text + ", last"},
		"the sibling is deleted":             {mustApply(t, m, Change{Delete: []string{sibling.ID}}), winner.Text + ", last"},
		"the sibling is taken out by hand":   {typed(t, m, line(sibling), ""), winner.Text + ", last"},
		"both become one":                    {typed(t, m, line(winner)+line(sibling), line(Event{ID: "a", Rev: 2, Text: "both"})), "both, last"},
	} {
		if got := eventsOf(c.after); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
		if got := eventsOf(Merge(m, m, c.after)); got != c.want {
			t.Errorf("%s, merged with what was: got %s, want %s", name, got, c.want)
		}
		if got := eventsOf(Merge(nil, m, c.after)); len(got) != len(c.want) {
			t.Errorf("%s, merged without a base: got %s, want %s in some order", name, got, c.want)
		}
	}
}

// TestASiblingThatOthersDoNotSee meets an edit that was made before it came.
func TestASiblingThatOthersDoNotSee(t *testing.T) {
	_, a, b, m := conflicting(t)
	seen := a
	if m.Timeline[0].Text == "yours" {
		seen = b
	}
	was := string(Format(seen))
	edit := Change{ID: "edit", Edit: &Edit{Base: was, Text: strings.Replace(was, m.Timeline[0].Text, "later", 1)}}
	if got, want := eventsOf(mustApply(t, m, edit, edit)), "later, "+m.Timeline[1].Text+", last"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestTwoChangesAtOneRevision(t *testing.T) {
	base := mustApply(t, started(), logAt("a", "was", noon))
	a, b := Event{ID: "a", Rev: 2, At: When{Time: noon}, Text: "mine"}, Event{ID: "a", Rev: 2, At: When{Time: noon}, Text: "yours"}
	first, second := Change{ID: "1", Log: []Event{a}}, Change{ID: "2", Log: []Event{b}}
	x, y := mustApply(t, base, first, second, first), mustApply(t, base, second, first)
	if string(Format(x)) != string(Format(y)) || len(x.Timeline) != 2 {
		t.Errorf("got\n%s\n%s", Format(x), Format(y))
	}
}

func TestAHonestEditBeatsAnyRevision(t *testing.T) {
	for _, rev := range []string{"9223372036854775808", "1000000", "999999"} {
		clean := mustApply(t, started(), logAt("a", "was", noon), Change{Learn: []Learning{{ID: "l", Rev: 1, Text: "lesson"}}})
		note := strings.Replace(string(Format(clean)), "was <!-- e:a r1", "hostile <!-- e:a r"+rev, 1)
		hostile := mustParse(t, strings.Replace(note, "lesson <!-- l:l r1", "hostile <!-- l:l r"+rev, 1))
		here := Merge(clean, clean, hostile)
		logged := edited(t, here, "a", "honest")
		logged = mustApply(t, logged, Change{Learn: []Learning{{ID: "l", Rev: here.Learnings[0].Rev + 1, Text: "honest"}}})
		byHand := typed(t, typed(t, here, "hostile <!-- e", "honest <!-- e"), "hostile <!-- l", "honest <!-- l")
		for _, honest := range []*Incident{logged, byHand} {
			for _, base := range []*Incident{nil, clean, hostile} {
				for _, m := range []*Incident{Merge(base, honest, hostile), Merge(base, hostile, honest)} {
					if note := string(Format(m)); strings.Count(note, "honest <!--") != 2 || strings.Contains(note, "hostile") {
						t.Errorf("r%s: got\n%s", rev, note)
					}
				}
			}
		}
	}
}

// TestMergeKeepsTheOrderPeopleSee merges lists whose order is their meaning.
func TestMergeKeepsTheOrderPeopleSee(t *testing.T) {
	note := func(lines ...string) *Incident {
		return mustParse(t, headerOnly+"## Timeline\n\n"+strings.Join(lines, "\n")+"\n")
	}
	first, second, third := "- the alarm went off <!-- e:zzz r1 -->", "- we looked <!-- e:mmm r1 -->", "- it went away <!-- e:aaa r1 -->"
	base := note(first, second, third)
	a := note(first, "- and looked <!-- e:bbb r1 -->", second, third)
	b := note(first, second, third, "- we slept <!-- e:ccc r1 -->")
	for _, m := range []*Incident{Merge(base, a, b), Merge(base, b, a)} {
		if got := eventsOf(m); got != "the alarm went off, and looked, we looked, it went away, we slept" {
			t.Errorf("got %s", got)
		}
	}
	learned := mustApply(t, started(), Change{Learn: []Learning{{ID: "z", Rev: 1, Text: "first"}, {ID: "b", Rev: 1, Text: "second"}}})
	x := mustApply(t, learned, Change{Learn: []Learning{{ID: "z", Rev: 2, Text: "first, better"}}})
	y := mustApply(t, learned, Change{Learn: []Learning{{ID: "a", Rev: 1, Text: "third"}}})
	m := Merge(learned, x, y)
	if len(m.Learnings) != 3 || m.Learnings[0].ID != "z" || m.Learnings[2].ID != "a" {
		t.Errorf("got\n%s", Format(m))
	}
}

func TestNewEventsGoToTheirPlaceByTime(t *testing.T) {
	at := func(id string, minutes int) Change {
		return logAt(id, id, noon.Add(time.Duration(minutes)*time.Minute))
	}
	base := mustApply(t, started(), at("b10", 10), at("b30", 30))
	a := mustApply(t, base, at("a20", 20), at("a40", 40))
	b := mustApply(t, base, at("b05", 5), at("b25", 25), at("b35", 35))
	for _, base := range []*Incident{nil, base} {
		if got := eventsOf(Merge(base, a, b)); got != "b05, b10, a20, b25, b30, b35, a40" {
			t.Errorf("got %s", got)
		}
	}
}
