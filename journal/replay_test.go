package journal

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// purge takes some of a note's texts away, as a history without them has it.
func purge(t *rapid.T, inc *Incident) *Incident {
	inc = inc.clone()
	gone := func() bool { return rapid.IntRange(0, 2).Draw(t, "purge") == 0 }
	inc.Timeline = slices.DeleteFunc(inc.Timeline, func(Event) bool { return gone() })
	for i := range inc.Timeline {
		if gone() {
			inc.Timeline[i].Text = "(taken out)"
		}
	}
	inc.Learnings = slices.DeleteFunc(inc.Learnings, func(Learning) bool { return gone() })
	inc.Extra = slices.DeleteFunc(inc.Extra, func(Extra) bool { return gone() })
	inc.Attachments = slices.DeleteFunc(inc.Attachments, func(Attachment) bool { return gone() })
	for i, s := range inc.Sections {
		var kept []string
		for l := range strings.Lines(s.Text) {
			if isEmpty(l) || !gone() {
				kept = append(kept, l)
			}
		}
		inc.Sections[i].Text = sealed(strings.Join(kept, ""))
	}
	return inc
}

// workedOn draws a note that came from inc by what people do.
func workedOn(t *rapid.T, inc *Incident) *Incident {
	changes := rapid.SliceOfN(rapid.Custom(genChange), 0, 3).Draw(t, "changes")
	for _, e := range inc.Timeline {
		if rapid.IntRange(0, 3).Draw(t, "edit") == 0 {
			e.Rev, e.Text = e.Rev+1, CleanText(someText(t, "text"))
			changes = append(changes, Change{Log: []Event{e}})
		}
	}
	for _, c := range changes {
		next, err := Apply(inc, c)
		if err != nil {
			t.Fatal(err)
		}
		inc = next
	}
	inc = inc.clone()
	if rapid.Bool().Draw(t, "prose") {
		inc.SetProse(rapid.SampledFrom([]string{Impact, Aside}).Draw(t, "heading"), someProse(t, "text"))
	}
	return inc
}

func TestReplayBringsNothingBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := someNote(t)
		onto, next := purge(t, base), workedOn(t, base)
		result, left := Replay(base, onto, next)
		checkReadable(t, result)
		have, allowed := result.lines(), onto.lines()
		for l := range base.lines() {
			if have[l] && !allowed[l] {
				t.Fatalf("%q is back\n--- base\n%s--- onto\n%s--- next\n%s--- result\n%s", l, Format(base), Format(onto), Format(next), Format(result))
			}
		}
		for _, a := range result.Attachments {
			same := func(b Attachment) bool { return a.Hash == b.Hash }
			if slices.ContainsFunc(base.Attachments, same) && !slices.ContainsFunc(onto.Attachments, same) {
				t.Fatalf("the file %s is back", a.Name)
			}
		}
		for l := range next.lines() {
			if !base.lines()[l] && !have[l] && !strings.Contains(strings.Join(left, "\n"), l) {
				t.Fatalf("%q is neither there nor left", l)
			}
		}
	})
}

func TestReplayOnTheSameHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := someNote(t)
		base = Merge(nil, base, base) // without items that stand there and are deleted
		base.release(base)
		next := workedOn(t, base)
		slices.SortFunc(next.Attachments, compareAttachments)
		for _, c := range []struct{ base, onto, next, want *Incident }{
			{base, base, next, next},
			{base, next, next, next},
			{base, next, base, next},
			{nil, nil, next, next},
			{nil, next, next, next},
		} {
			result, left := Replay(c.base, c.onto, c.next)
			if bytesOf(result) != bytesOf(c.want) || len(left) > 0 {
				t.Fatalf("got\n%s\nwant\n%s\nleft %q", Format(result), Format(c.want), left)
			}
		}
	})
}

func TestReplayWhereTheIncidentIsGone(t *testing.T) {
	base := mustApply(t, started(), logAt("a", "the secret", noon))
	next := mustApply(t, base, logAt("b", "rolled back", noon))
	result, left := Replay(base, nil, next)
	if result != nil || !slices.Equal(left, []string{"rolled back"}) {
		t.Errorf("got %v, left %q", result, left)
	}
}
