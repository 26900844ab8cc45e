package journal

import (
	"strconv"
	"strings"
	"time"
)

const (
	day  = 24 * time.Hour // the mark of a calendar unit; going back a day is not always 24 hours
	week = 7 * day
)

// readAgo reads an amount of time and goes back by it: 1h30m, 10 minutes, half an hour.
// It is about when it is in words or no finer than a day.
func readAgo(amount string, now time.Time) (When, error) {
	var (
		back  time.Duration
		days  int
		words bool
		least = week + 1 // units come in falling order, each once: 1h30m, never 30m1h
	)
	for rest := amount; rest != ""; {
		n, inWords, after := cutNumber(rest)
		unit, after := cutUnit(after)
		whole := n%1000 == 0
		if n < 0 || unit == 0 || unit >= least || unit >= day && !whole {
			return When{}, errNoTime
		}
		if unit >= day {
			days += n / 1000 * int(unit/day)
		} else {
			back += time.Duration(n) * (unit / 1000)
		}
		words = words || inWords
		least = unit
		rest = strings.TrimPrefix(strings.TrimLeft(after, " "), "and ")
	}
	if least > week {
		return When{}, errNoTime
	}
	t := now.AddDate(0, 0, -days).Add(-back).Truncate(time.Second)
	return When{Time: t, About: words || least >= day}, nil
}

// cutNumber takes a count off the front, in thousandths: "1.5h" is 1500 and "h".
// It is -1 when there is none; inWords tells "an" and "half an" from digits.
func cutNumber(s string) (n int, inWords bool, rest string) {
	for _, word := range []struct {
		text string
		n    int
	}{{"half an ", 500}, {"half a ", 500}, {"an ", 1000}, {"a ", 1000}} {
		if rest, ok := strings.CutPrefix(s, word.text); ok {
			return word.n, true, rest
		}
	}
	whole, rest := cutWhile(s, isDigit)
	fraction := ""
	if strings.HasPrefix(rest, ".") {
		fraction, rest = cutWhile(rest[1:], isDigit)
		if fraction == "" || len(fraction) > 3 {
			return -1, false, s
		}
	}
	// Six digits reach a century of hours and stay far from overflow.
	if whole == "" || len(whole) > 6 {
		return -1, false, s
	}
	n, err := strconv.Atoi(whole + (fraction + "000")[:3])
	if err != nil {
		return -1, false, s
	}
	return n, false, rest
}

// cutUnit takes a unit off the front; 0 when there is none. "m" is a minute: nobody
// dates an outage in months, and a month has no length.
func cutUnit(s string) (unit time.Duration, rest string) {
	name, rest := cutWhile(strings.TrimLeft(s, " "), func(c byte) bool { return 'a' <= c && c <= 'z' })
	switch name {
	case "s", "sec", "secs", "second", "seconds":
		return time.Second, rest
	case "m", "min", "mins", "minute", "minutes":
		return time.Minute, rest
	case "h", "hr", "hrs", "hour", "hours":
		return time.Hour, rest
	case "d", "day", "days":
		return day, rest
	case "w", "week", "weeks":
		return week, rest
	}
	return 0, s
}

func cutWhile(s string, is func(byte) bool) (head, rest string) {
	i := 0
	for i < len(s) && is(s[i]) {
		i++
	}
	return s[:i], s[i:]
}
