package journal

import (
	"errors"
	"fmt"
	"time"
)

func (c *typedClock) hasDate() bool { return c.day != "" && isDigit(c.day[0]) }

// date is the typed day of the calendar; local is now in the zone that counts.
func (c *typedClock) date(local time.Time) (time.Time, error) {
	back := 0
	switch {
	case c.hasDate():
		d, err := time.Parse(time.DateOnly, c.day)
		if err != nil {
			return time.Time{}, errors.New("the calendar has no such day")
		}
		return d, nil
	case c.day == "yesterday":
		back = 1
	case c.day != "" && c.day != "today":
		back = (int(local.Weekday()-weekdays[c.day]) + 7) % 7
	}
	return time.Date(local.Year(), local.Month(), local.Day()-back, 0, 0, 0, 0, time.UTC), nil
}

// wholeDay is about noon of a day without a clock.
func (c *typedClock) wholeDay(now time.Time) (When, error) {
	d, err := c.date(now)
	if err != nil {
		return When{}, err
	}
	t := time.Date(d.Year(), d.Month(), d.Day(), 12, 0, 0, 0, now.Location())
	if today := sameDay(d, now); today {
		if _, isWeekday := weekdays[c.day]; isWeekday {
			return When{}, fmt.Errorf("today is a %s, so it could be today or a week ago", now.Weekday())
		}
		if t.After(now) {
			t = now.Truncate(time.Second)
		}
	}
	return When{Time: t, About: true}, nil
}

func sameDay(a, b time.Time) bool {
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}

// instant is the moment the clock means.
func (c *typedClock) instant(now time.Time) (time.Time, error) {
	local := now
	if c.zone != nil {
		local = now.In(c.zone)
		if (c.day == "today" || c.day == "yesterday") && !sameDay(local, now) {
			return time.Time{}, fmt.Errorf("it is %s here and %s there, so give the date", now.Format("2 January"), local.Format("2 January"))
		}
	}
	d, err := c.date(local)
	if err != nil {
		return time.Time{}, err
	}
	t, err := c.on(d, local)
	_, isWeekday := weekdays[c.day]
	if (c.day == "" || isWeekday) && isLater(t, now) {
		back := 1
		if isWeekday {
			back = 7
		}
		t, err = c.on(d.AddDate(0, 0, -back), local)
	}
	return t, err
}

// on is when this clock showed on day d in now's zone. With an error, t still tells on
// which side of now it would have been.
func (c *typedClock) on(d, now time.Time) (t time.Time, err error) {
	wall := time.Date(d.Year(), d.Month(), d.Day(), c.hour, c.min, c.sec, c.nanos, time.UTC)
	// The offsets in force a day before and a day after hold every offset the clock can have
	// been read in: no zone changes twice in two days.
	before, after := offsetAt(wall.Add(-day), now), offsetAt(wall.Add(day), now)
	var shown []time.Time
	for _, offset := range []int{before, after} {
		t := wall.Add(-time.Duration(offset) * time.Second).In(now.Location())
		if _, is := t.Zone(); is == offset && (len(shown) == 0 || !t.Equal(shown[0])) {
			shown = append(shown, t)
		}
	}
	switch {
	case len(shown) == 0:
		t = wall.Add(-time.Duration(before) * time.Second).In(now.Location())
		return t, fmt.Errorf("the clocks here skipped it on %s; give an offset such as %s", d.Format(time.DateOnly), t.Format("-07:00"))
	case len(shown) == 1 || isLater(shown[1], now):
		return shown[0], nil
	}
	return shown[0], fmt.Errorf("the clocks here showed it twice on %s; add %s for the first or %s for the second",
		d.Format(time.DateOnly), shown[0].Format("-07:00"), shown[1].Format("-07:00"))
}

func offsetAt(t, now time.Time) int {
	_, offset := t.In(now.Location()).Zone()
	return offset
}
