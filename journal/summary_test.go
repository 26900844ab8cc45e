package journal

import (
	"strings"
	"testing"
	"time"
)

func TestNewestFirstAndUndatedLast(t *testing.T) {
	list := []Summary{
		{ID: "2026-11-20-undated-aaaa"},
		{ID: "2024-01-01-old-bbbb", Times: Times{Noticed: When{Time: noon.AddDate(-2, 0, 0)}}},
		{ID: "2026-11-20-new-cccc", Times: Times{Resolved: When{Time: noon}}},
		{ID: "2020-11-20-undated-dddd"},
	}
	NewestFirst(list)
	var got []string
	for _, s := range list {
		got = append(got, ShortID(s.ID))
	}
	if strings.Join(got, " ") != "cccc bbbb aaaa dddd" {
		t.Errorf("got %q", got)
	}
}

func TestUpdateDue(t *testing.T) {
	noticed := Times{Noticed: When{Time: noon}}
	for _, c := range []struct {
		name string
		s    Summary
		want time.Time
	}{
		{"half an hour after it was noticed", Summary{Status: StatusOpen, Times: noticed}, noon.Add(30 * time.Minute)},
		{"half an hour after the last update", Summary{Status: StatusOpen, Times: noticed, LastUpdate: When{Time: noon.Add(time.Hour)}}, noon.Add(90 * time.Minute)},
		{"never once the harm has stopped", Summary{Status: StatusMitigated, Times: noticed}, time.Time{}},
		{"never when nothing is known", Summary{Status: StatusOpen}, time.Time{}},
	} {
		if got := c.s.UpdateDue(); !got.Equal(c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestSummarize(t *testing.T) {
	inc := mustApply(t, started(),
		Change{ID: "1", Log: []Event{{ID: "u", Rev: 1, At: When{Time: noon}, Text: "told", Mark: MarkUpdate}}},
		Change{ID: "2", Learn: []Learning{{ID: "l", Rev: 1, Text: "first\nmore", Consequences: []Consequence{
			{Text: "a"}, {Text: "b", State: ConsequenceWaiting}, {Text: "c", State: ConsequenceDone}, {Text: "d", State: ConsequenceDeclined}}}}})
	s := Summarize(inc)
	if s.Learned != "first more" || s.Learnings != 1 || s.Waiting != 2 || !s.LastUpdate.Time.Equal(noon) || !s.Open() {
		t.Errorf("got %+v", s)
	}
}
