package journal

import (
	"slices"
	"strings"
	"testing"
)

func TestAnEditFromAnOldTextKeepsWhatIsNewer(t *testing.T) {
	old := mustApply(t, started(), Change{ID: "1", Log: []Event{{ID: "aaaaaa", Rev: 1, Text: "one"}}})
	now := mustApply(t, old, Change{ID: "2", Log: []Event{{ID: "bbbbbb", Rev: 1, Text: "two"}}, Learn: []Learning{{ID: "cccccc", Rev: 1, Text: "three"}}})
	text := []byte(strings.Replace(string(Format(old)), "one", "one and more", 1))
	base, missing := EditBase(Format(now), text)
	if !slices.Equal(missing, []string{"two", "three"}) {
		t.Errorf("missing: %q", missing)
	}
	edited := mustApply(t, now, Change{ID: "3", Edit: &Edit{Base: string(base), Text: string(text)}})
	for _, want := range []string{"one and more", "two", "three"} {
		if !strings.Contains(string(Format(edited)), want) {
			t.Errorf("%q is gone:\n%s", want, Format(edited))
		}
	}
	if base, missing := EditBase(Format(now), Format(now)); string(base) != string(Format(now)) || missing != nil {
		t.Errorf("a text that has everything has another base: %q\n%s", missing, base)
	}
}
