package journal

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func started() *Incident {
	inc, err := Apply(nil, Change{
		ID: "c0", Incident: "2026-11-20-checkout-500s-k7f3",
		Start: &Start{Title: "Checkout 500s", Kind: KindIncident, Visibility: VisibilityTeam},
		Set:   []Set{{Key: "times.noticed", Values: []string{"2026-11-20T12:00:00Z"}}},
	})
	if err != nil {
		panic(err)
	}
	return inc
}

func mustApply(t *testing.T, inc *Incident, changes ...Change) *Incident {
	t.Helper()
	for _, c := range changes {
		next, err := Apply(inc, c)
		if err != nil {
			t.Fatalf("%+v: %v", c, err)
		}
		inc = next
	}
	return inc
}

func logAt(id, text string, at time.Time) Change {
	return Change{ID: "c" + id, Log: []Event{{ID: id, Rev: 1, At: When{Time: at}, Text: text}}}
}

// genChange draws a change to a started incident.
func genChange(t *rapid.T) Change {
	id := Token([]byte{9, rapid.Byte().Draw(t, "id")})
	c := Change{ID: "c" + id}
	switch rapid.IntRange(0, 6).Draw(t, "kind") {
	case 0:
		c.Log = []Event{{ID: "e" + id, Rev: rapid.IntRange(1, 3).Draw(t, "rev"), At: genWhen(t, "at"), Text: genText(t, "text")}}
	case 1:
		c.Set = []Set{{Key: "status", Values: []string{"resolved"}}, {Key: "times.resolved", Values: nonEmpty(genWhen(t, "resolved").String())}}
	case 2:
		c.Set = []Set{{Key: "services", Values: []string{genLine(t, "service")}, Add: true}}
	case 3:
		c.Why = []Problem{{ID: "p" + id, Rev: 1, Text: genText(t, "why")}}
	case 4:
		c.Learn = []Learning{{ID: "l" + id, Rev: 1, Text: genText(t, "learn"), Consequences: []Consequence{ParseConsequence(genLine(t, "so"))}}}
	case 5:
		c.Delete = []string{"e" + id}
	case 6:
		c.Attach = []Attachment{{Name: "a" + id + ".png", Hash: strings.Repeat("a", 40)}}
	}
	return c
}

func TestApplyTwiceIsApplyOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		inc := started()
		for _, c := range rapid.SliceOfN(rapid.Custom(genChange), 1, 12).Draw(t, "changes") {
			before := dump(inc)
			once, err := Apply(inc, c)
			if err != nil {
				t.Fatal(err)
			}
			twice, err := Apply(once, c)
			if err != nil || !reflect.DeepEqual(once, twice) {
				t.Fatalf("%v\nonce  %s\ntwice %s", err, dump(once), dump(twice))
			}
			if dump(inc) != before {
				t.Fatal("Apply altered its argument")
			}
			note, err := Parse(Format(once))
			if err != nil {
				t.Fatalf("%v\n%s", err, Format(once))
			}
			if string(Format(note)) != string(Format(once)) {
				t.Fatalf("not what was written:\n%s\n%s", Format(note), Format(once))
			}
			inc = once
		}
	})
}

func TestBackDatedEventFindsItsPlace(t *testing.T) {
	inc := mustApply(t, started(),
		logAt("a", "first", noon), logAt("b", "third", noon.Add(2*time.Minute)), logAt("c", "second", noon.Add(time.Minute)))
	var got []string
	for _, e := range inc.Timeline {
		got = append(got, e.Text)
	}
	if strings.Join(got, " ") != "first second third" {
		t.Errorf("got %q", got)
	}
}

func TestDeletedStaysDeleted(t *testing.T) {
	add := logAt("a", "typo", noon)
	inc := mustApply(t, started(), add, Change{ID: "d", Delete: []string{"a"}}, add)
	if len(inc.Timeline) != 0 || len(inc.Deleted) != 1 {
		t.Errorf("the deleted line is back:\n%s", Format(inc))
	}
}

func TestChangeToNothing(t *testing.T) {
	if _, err := Apply(nil, logAt("a", "x", noon)); !errors.Is(err, ErrNoIncident) {
		t.Errorf("got %v", err)
	}
}

func TestUnclosedFenceDoesNotSwallowTheTimeline(t *testing.T) {
	inc, err := Parse([]byte(headerOnly + "## What happened\n\n```\nhalf a paste"))
	if err != nil {
		t.Fatal(err)
	}
	inc = mustApply(t, inc, logAt("a", "rolled back", noon))
	again, err := Parse(Format(inc))
	if err != nil || len(again.Timeline) != 1 {
		t.Errorf("%v\n%s", err, Format(inc))
	}
}

func TestAttachmentWithATakenName(t *testing.T) {
	a := Attachment{Name: "graph.png", Hash: strings.Repeat("a", 40)}
	b := Attachment{Name: "graph.png", Hash: strings.Repeat("b", 40)}
	second := Change{ID: "2", Attach: []Attachment{b}, Log: []Event{{ID: "y", Rev: 1, Text: "![graph.png](graph.png)"}}}
	inc := mustApply(t, started(), Change{ID: "1", Attach: []Attachment{a}}, second, second)
	if len(inc.Attachments) != 2 || inc.Attachments[1].Name != "graph-bbbbbbbb.png" {
		t.Errorf("got %+v", inc.Attachments)
	}
	if got := inc.Timeline[0].Text; got != "![graph.png](graph-bbbbbbbb.png)" {
		t.Errorf("the event points to %q", got)
	}
}

func TestEditMeetsALogLine(t *testing.T) {
	base := mustApply(t, started(), logAt("a", "keep", noon), logAt("b", "typo", noon), logAt("c", "to go", noon))
	was := string(Format(base))
	text := strings.NewReplacer("typo", "typed", "title: Checkout 500s", "title: Checkout was down").Replace(was)
	text = strings.Replace(text, "- 2026-11-20T12:00:00Z to go <!-- e:c r1 -->\n", "", 1)
	edit := Change{ID: "e", Edit: &Edit{Base: was, Text: text}}
	inc := mustApply(t, base, logAt("d", "meanwhile", noon.Add(time.Minute)), edit, edit)
	note := string(Format(inc))
	for _, want := range []string{"title: Checkout was down", "typed <!-- e:b r2 -->", "meanwhile", "keep", "<!-- x:c r2 -->"} {
		if !strings.Contains(note, want) {
			t.Errorf("%q is not in\n%s", want, note)
		}
	}
	if strings.Contains(note, "to go") || strings.Contains(note, "typo") {
		t.Errorf("the edit did not take\n%s", note)
	}
}

func TestMessageIsAStoryWithTrailers(t *testing.T) {
	c := Change{ID: "chg", Incident: "2026-11-20-checkout-500s-k7f3", Verb: "log", Summary: "rolled\nback\x1b to v41",
		Log: []Event{{ID: "9xq2kd"}}}
	want := "log: rolled back\\u{1b} to v41 (k7f3)\n\nIncident: 2026-11-20-checkout-500s-k7f3\nIncident-Entry: 9xq2kd\nIncident-Change: chg\n"
	if got := c.Message(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestIDs(t *testing.T) {
	for title, want := range map[string]string{
		"Checkout returned 500s": "2026-11-20-checkout-returned-500s-k7f3",
		"../../etc/passwd\n":     "2026-11-20-etc-passwd-k7f3",
		"日本語":                    "2026-11-20-incident-k7f3",
		strings.Repeat("a", 90):  "2026-11-20-" + strings.Repeat("a", 40) + "-k7f3",
		"one two three four five six seven eight nine x": "2026-11-20-one-two-three-four-five-six-seven-eight-k7f3",
	} {
		id := NewID(noon, title, "k7f3")
		if id != want || !ValidID(id) || Path(id) != "2026/11/"+want || ShortID(id) != "k7f3" {
			t.Errorf("%q: got %q, valid %v, path %q", title, id, ValidID(id), Path(id))
		}
	}
	for _, bad := range []string{"", "..", "2026-11-20-x", "2026-11-20-X-k7f3", "2026-11-20-a/b-k7f3", "-2026-11-20-a-k7f3"} {
		if ValidID(bad) || Path(bad) != "" {
			t.Errorf("%q passes for an id", bad)
		}
	}
}

// TestNothingUnreadableIsWritten refuses what no reader would take, and writes
// what only looks odd so that it is read.
func TestNothingUnreadableIsWritten(t *testing.T) {
	for _, title := range []string{"2026-11-20T14:", "~2026-11-20T14:05:", "2026-11-20T14:05:02Z", "2026-11-20", "7", "yes", "- a", "#", "a: b"} {
		inc := mustApply(t, started(), Change{ID: "t", Set: []Set{{Key: "title", Values: []string{title}}}})
		if got := mustParse(t, string(Format(inc))).Title; got != title {
			t.Errorf("%q reads as %q", title, got)
		}
	}
	long := strings.Repeat("a", MaxHeader+1)
	if _, err := Apply(started(), Change{ID: "s", Set: []Set{{Key: "severity", Values: []string{long}}}}); err == nil {
		t.Error("front matter that is too large passes")
	}
}

func TestALineWrittenAgainIsANewOne(t *testing.T) {
	with := mustApply(t, started(), logAt("a", "precious", noon))
	without := mustApply(t, with, Change{ID: "d", Delete: []string{"a"}})
	text := strings.Replace(string(Format(without)), "<!-- x:a r2 -->", "- 2026-11-20T12:00:00Z precious <!-- e:a r1 -->", 1)
	edit := Change{ID: "e", Edit: &Edit{Base: string(Format(without)), Text: text}}
	inc := mustApply(t, without, edit, edit)
	if len(inc.Timeline) != 1 || inc.Timeline[0].ID == "a" || len(inc.Deleted) != 1 {
		t.Errorf("got\n%s", Format(inc))
	}
	if merged := Merge(without, inc, without); len(merged.Timeline) != 1 {
		t.Errorf("the next merge takes it\n%s", Format(merged))
	}
}

func TestTheSameEditTwice(t *testing.T) {
	base := mustParse(t, headerOnly+"## Learnings\n1. num\n")
	was := string(Format(base))
	for _, text := range []string{
		strings.Replace(was, "num", "number", 1),
		strings.Replace(was, "## Learnings\n1. num", "## Learnings\n\nWe learned:\n\n1. num", 1),
		headerOnly + "## Impact\n\nall\n",
	} {
		edit := Change{ID: "e", Edit: &Edit{Base: was, Text: text}}
		once := mustApply(t, base, edit)
		if twice := mustApply(t, once, edit); string(Format(twice)) != string(Format(once)) {
			t.Errorf("once\n%s\ntwice\n%s", Format(once), Format(twice))
		}
	}
}

func TestOtherNameFits(t *testing.T) {
	a := Attachment{Name: strings.Repeat("ä", 60) + ".png", Hash: strings.Repeat("b", 40)}
	if name := OtherName(a); len(name) > MaxAttachmentName || !strings.HasSuffix(name, "-bbbbbbbb.png") || !utf8.ValidString(name) {
		t.Errorf("%q has %d bytes", name, len(name))
	}
}

func TestSetProseKeepsItems(t *testing.T) {
	inc := mustApply(t, started(), logAt("a", "x", noon))
	inc.SetProse(Timeline, "All times are UTC.")
	inc.SetProse(Timeline, "")
	inc.SetProse("Our own", "words")
	if again := mustParse(t, string(Format(inc))); len(again.Timeline) != 1 || again.Sections[1].Heading != "Our own" {
		t.Errorf("got\n%s", Format(inc))
	}
}
