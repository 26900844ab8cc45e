package site

import (
	"fmt"
	"time"

	"git-incident/journal"
)

const dayLayout = "2 January 2006"

// moment is a time as it is shown.
type moment struct {
	Text    string
	Machine string // for the datetime attribute; "" when unknown
}

// unknown is what is said where nobody knows.
const unknown = "unknown"

// about marks what is somebody's best memory.
const about = "about "

func qualified(w journal.When, s string) string {
	if w.About {
		return about + s
	}
	return s
}

// day is the date of a moment, in the offset it was written in. About an hour is
// still a certain day.
func day(w journal.When) moment {
	if !w.Known() {
		return moment{Text: unknown}
	}
	m := moment{w.Time.Format(dayLayout), w.Time.Format(time.DateOnly)}
	if dateOnly(w) {
		m.Text = about + m.Text
	}
	return m
}

// clock is the time of day.
func clock(w journal.When) string { return qualified(w, w.Time.Format("15:04")) }

// zone is the offset that a time was written in.
func zone(t time.Time) string {
	if offset := t.Format("-07:00"); offset != "+00:00" {
		return "UTC" + offset
	}
	return "UTC"
}

// dateOnly reports whether only the day is known: that is what a note means by a
// time that is about midnight.
func dateOnly(w journal.When) bool {
	return w.About && w.Time.Format(time.TimeOnly) == "00:00:00"
}

// after is a moment in full, without what it has in common with the one before.
func after(before, w journal.When) moment {
	m := day(w)
	if !w.Known() || dateOnly(w) {
		return m
	}
	text := clock(w)
	if !before.Known() || dateOnly(before) || zone(before.Time) != zone(w.Time) {
		text += " " + zone(w.Time)
	}
	if !before.Known() || before.Time.Format(time.DateOnly) != w.Time.Format(time.DateOnly) {
		text += ", " + w.Time.Format(dayLayout)
	}
	return moment{text, machineTime(w.Time)}
}

// later says how long after from something was, "" when nobody can tell.
func later(from, to journal.When) string {
	if !from.Known() || !to.Known() || to.Time.Before(from.Time) {
		return ""
	}
	s := span(to.Time.Sub(from.Time))
	if from.About || to.About {
		s = about + s
	}
	return s + " later"
}

// span is a duration in words, as exact as people say it.
func span(d time.Duration) string {
	minutes := int(d.Round(time.Minute) / time.Minute)
	switch {
	case d < time.Minute:
		return "less than a minute"
	case minutes < 120:
		return plural(minutes, "minute")
	case minutes < 48*60:
		h, m := plural(minutes/60, "hour"), minutes%60
		if m == 0 {
			return h
		}
		return h + " " + plural(m, "minute")
	}
	return plural((minutes+12*60)/(24*60), "day")
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
