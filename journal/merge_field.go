package journal

import (
	"fmt"
	"slices"
	"strings"
)

// mergeFields merges the front matter and returns what lost as events.
func (inc *Incident) mergeFields(base, a, b *Incident) []Event {
	var lost []Event
	for _, key := range Fields() {
		x, y, was := a.Field(key), b.Field(key), base.Field(key)
		f, _ := lookup(key)
		win, lose := x, []string(nil)
		switch {
		case slices.Equal(x, y), slices.Equal(y, was):
		case slices.Equal(x, was):
			win = y
		case f.list:
			win = mergeSets(was, x, y)
		default:
			win, lose = pick(key, x, y)
		}
		_ = f.set(inc, win) // it came from a field, so it fits one
		if len(lose) > 0 {
			lost = append(lost, lostValue(key, lose[0]))
		}
	}
	return lost
}

// lostValue is the event that keeps the value of a field that lost.
func lostValue(key, value string) Event {
	text := fmt.Sprintf("two versions of %s were merged; the other one was: %s", key, value)
	return Event{ID: derivedID('e', key, value), Rev: 1, Text: CleanText(text)}
}

// pick decides between two values of one field.
func pick(key string, x, y []string) (win, lose []string) {
	if len(x) == 0 || len(y) == 0 {
		return slices.Concat(x, y), nil
	}
	first := compareHash(x[0], y[0]) > 0
	if parent, name, _ := strings.Cut(key, "."); parent == "times" {
		wx, _ := ParseWhen(x[0])
		wy, _ := ParseWhen(y[0])
		if c := wx.Time.Compare(wy.Time); c != 0 {
			first = (c < 0) == (name == "began")
		}
	}
	if first {
		return x, y
	}
	return y, x
}

// mergeSets keeps what either side added and drops what either side took out.
func mergeSets(was, x, y []string) []string {
	var out []string
	for _, s := range slices.Sorted(slices.Values(slices.Concat(x, y))) {
		inBoth := slices.Contains(x, s) && slices.Contains(y, s)
		if (inBoth || !slices.Contains(was, s)) && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
