package main

import (
	"time"

	"git-incident/journal"
)

// bold and dim style what is said on stderr; out styles what goes to stdout.
func (a *app) bold(s string) string { return style(a.colour(a.terminal.err), "1", s) }
func (a *app) dim(s string) string  { return style(a.colour(a.terminal.err), "2", s) }

// style uses weight and never colour: it reads the same on light and dark.
func style(on bool, code, s string) string {
	if !on || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// clockTime is a time of today as 14:05, of another day with its date, in the
// user's zone.
func (a *app) clockTime(t time.Time) string {
	now := a.clock()
	t = t.In(now.Location())
	if t.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return t.Format("15:04")
	}
	return t.Format("2006-01-02 15:04")
}

// moment is a When in the user's zone, with its uncertainty.
func (a *app) moment(w journal.When) string {
	switch {
	case !w.Known():
		return "unknown"
	case w.About:
		return "about " + a.clockTime(w.Time)
	}
	return a.clockTime(w.Time)
}

// nextUpdate is when people expect news after an update at w. A clock cannot run
// from a time that nobody knows, so it runs from now.
func (a *app) nextUpdate(w journal.When) string {
	if !w.Known() {
		w.Time = a.clock()
	}
	return a.clockTime(w.Time.Add(journal.UpdateEvery))
}

// span is how long something took or is past, in words that two glances read.
func span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "less than a minute"
	case d < 2*time.Hour:
		return plural(int(d.Minutes()), "minute")
	case d < 48*time.Hour:
		return plural(int(d.Hours()), "hour")
	}
	return plural(int(d.Hours()/24), "day")
}
