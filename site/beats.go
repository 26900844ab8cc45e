package site

import (
	"slices"
	"time"

	"git-incident/journal"
)

// beatsOf chooses the events that a slide tells: the first, the last, those that
// say how far things had come, and others spread evenly between.
func beatsOf(events []journal.Event) []journal.Event {
	if len(events) <= maxPoints {
		return events
	}
	chosen := []int{0, len(events) - 1}
	for i, e := range events {
		if e.Mark == journal.MarkStatus && !slices.Contains(chosen, i) && len(chosen) < maxPoints {
			chosen = append(chosen, i)
		}
	}
	for step := 1; len(chosen) < maxPoints; step++ {
		if i := spread(step, len(events)); !slices.Contains(chosen, i) {
			chosen = append(chosen, i)
		}
	}
	slices.Sort(chosen)
	var out []journal.Event
	for _, i := range chosen {
		out = append(out, events[i])
	}
	return out
}

// spread visits a half, a quarter, three quarters and so on of n things.
func spread(step, n int) int {
	x, half := 0.0, 0.5
	for ; step > 0; step /= 2 {
		if step%2 == 1 {
			x += half
		}
		half /= 2
	}
	return int(x * float64(n))
}

// whenOf is the time of an event on a slide, with the day where that is not the
// day of the one before.
func whenOf(before, e journal.Event, severalDays bool) string {
	switch {
	case !e.At.Known():
		return ""
	case !severalDays || sameDay(before.At, e.At):
		return clock(e.At)
	}
	return qualified(e.At, e.At.Time.Format("15:04, 2 Jan"))
}

func sameDay(a, b journal.When) bool {
	return a.Known() && b.Known() && a.Time.Format(time.DateOnly) == b.Time.Format(time.DateOnly)
}

// severalDays reports whether the known times are not all of one day.
func severalDays(events []journal.Event) bool {
	var first journal.When
	for _, e := range events {
		if !first.Known() {
			first = e.At
		}
		if e.At.Known() && !sameDay(first, e.At) {
			return true
		}
	}
	return false
}
