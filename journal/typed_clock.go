package journal

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// typedClock is what stands in "yesterday at 2:05 pm UTC", as it is read word by word.
type typedClock struct {
	day   string // "", today, yesterday, a weekday's name, or 2026-11-20
	about bool

	hasClock        bool
	hour, min, sec  int
	nanos           int
	zone            *time.Location // nil: the user's
	needsDayForZone bool           // 14:05-05:00 is more often a stretch of time than an offset
}

func readClock(words []string, now time.Time) (When, error) {
	c, err := readClockWords(words)
	if err != nil {
		if last := len(words) - 1; err == errNoTime && last > 0 && looksLikeZone(words[last]) {
			if _, without := readClockWords(words[:last]); without == nil {
				err = errors.New("names of zones mean different zones to different people, so give UTC or an offset such as +01:00")
			}
		}
		return When{}, err
	}
	if !c.hasClock {
		return c.wholeDay(now)
	}
	t, err := c.instant(now)
	return When{Time: t, About: c.about}, err
}

func looksLikeZone(word string) bool {
	head, rest := cutWhile(word, func(c byte) bool { return 'a' <= c && c <= 'z' || c == '/' || c == '_' })
	return len(head) > 1 && rest == ""
}

// readClockWords reads [day] [at] clock [zone], or clock [zone] [day], or a day alone.
func readClockWords(words []string) (typedClock, error) {
	var c typedClock
	words = c.cutDay(words)
	words = c.cutFiller(words, "at")
	if len(words) == 0 {
		if c.day == "" {
			return c, errNoTime
		}
		return c, nil
	}
	words, err := c.cutClock(words)
	if err != nil {
		return c, err
	}
	if len(words) > 0 {
		if zone, ok := readZone(words[0]); ok && c.zone == nil {
			c.zone, words = zone, words[1:]
		}
	}
	if c.day == "" {
		words = c.cutDay(words)
	}
	switch {
	case len(words) > 0:
		return c, errNoTime
	case c.needsDayForZone && !c.hasDate():
		return c, errors.New("it may be a stretch of time or an offset; put a space before an offset")
	}
	return c, nil
}

// cutDay takes a day off the front; a date glued to its clock by a T leaves the clock.
func (c *typedClock) cutDay(words []string) []string {
	rest := c.cutFiller(words, "on")
	if len(rest) == 0 {
		return words
	}
	const date = "dddd-dd-dd"
	word := rest[0]
	if len(word) > len(date) && word[len(date)] == 't' && hasShape(word[:len(date)], date) {
		c.day = word[:len(date)]
		return append([]string{word[len(date)+1:]}, rest[1:]...)
	}
	if _, isWeekday := weekdays[word]; isWeekday || word == "today" || word == "yesterday" || hasShape(word, date) {
		c.day = word
		return rest[1:]
	}
	return words
}

// cutFiller takes "about" and one small word off the front.
func (c *typedClock) cutFiller(words []string, filler string) []string {
	for range 2 { // about at 14:05, at about 14:05
		var about bool
		words, about = cutAbout(words)
		c.about = c.about || about
		if len(words) > 1 && words[0] == filler {
			words = words[1:]
		}
	}
	return words
}

var weekdays = map[string]time.Weekday{
	"sunday": time.Sunday, "sun": time.Sunday,
	"monday": time.Monday, "mon": time.Monday,
	"tuesday": time.Tuesday, "tue": time.Tuesday, "tues": time.Tuesday,
	"wednesday": time.Wednesday, "wed": time.Wednesday,
	"thursday": time.Thursday, "thu": time.Thursday, "thur": time.Thursday, "thurs": time.Thursday,
	"friday": time.Friday, "fri": time.Friday,
	"saturday": time.Saturday, "sat": time.Saturday,
}

// cutClock takes the clock off the front: 14:05, 14:05:30.25, 2pm, 2:05 pm, noon, and a
// zone written against it.
func (c *typedClock) cutClock(words []string) ([]string, error) {
	c.hasClock = true
	word, words := words[0], words[1:]
	switch word {
	case "noon":
		c.hour = 12
		return words, nil
	case "midnight":
		if c.day != "" {
			return nil, errors.New("a day has a midnight at both ends; write 00:00 with its date")
		}
		return words, nil
	}
	rest, colon, ok := c.cutDigits(word)
	if !ok {
		return nil, errNoTime
	}
	if rest == "" && len(words) > 0 && (words[0] == "am" || words[0] == "pm") {
		rest, words = words[0], words[1:]
	}
	half := ""
	if strings.HasPrefix(rest, "am") || strings.HasPrefix(rest, "pm") {
		half, rest = rest[:2], rest[2:]
	}
	switch {
	case half == "" && !colon: // 10 and 1405 could be anything
		return nil, errNoTime
	case half != "" && (c.hour < 1 || c.hour > 12), c.hour > 23, c.min > 59, c.sec > 59:
		return nil, errors.New("no clock shows that")
	case half == "am" && c.hour == 12:
		c.hour = 0
	case half == "pm" && c.hour != 12:
		c.hour += 12
	}
	if rest != "" {
		if c.zone, ok = readZone(rest); !ok {
			return nil, errNoTime
		}
		c.needsDayForZone = rest[0] == '-'
	}
	return words, nil
}

// cutDigits reads h or hh, then :mm, then :ss, then a fraction after a dot or, as Python
// logs it, a comma. colon tells 14:05 from a bare 14.
func (c *typedClock) cutDigits(s string) (rest string, colon, ok bool) {
	hour, s := cutWhile(s, isDigit)
	if hour == "" || len(hour) > 2 {
		return "", false, false
	}
	c.hour, _ = strconv.Atoi(hour)
	for _, field := range []*int{&c.min, &c.sec} {
		if !strings.HasPrefix(s, ":") {
			return s, colon, true
		}
		if len(s) < 3 || !hasShape(s[:3], ":dd") || len(s) > 3 && isDigit(s[3]) {
			return "", false, false
		}
		*field, _ = strconv.Atoi(s[1:3])
		s, colon = s[3:], true
	}
	if s != "" && (s[0] == '.' || s[0] == ',') {
		var fraction string
		fraction, s = cutWhile(s[1:], isDigit)
		if fraction == "" || len(fraction) > 9 {
			return "", false, false
		}
		c.nanos, _ = strconv.Atoi((fraction + "00000000")[:9])
	}
	return s, true, true
}

// readZone reads utc, gmt, z, +02:00, +0200 or +02. Zones end at 14 hours and at quarters.
func readZone(s string) (*time.Location, bool) {
	if s == "utc" || s == "gmt" || s == "z" {
		return time.UTC, true
	}
	if s == "" || s[0] != '+' && s[0] != '-' {
		return nil, false
	}
	digits := s[1:]
	switch {
	case hasShape(digits, "dd:dd"):
		digits = digits[:2] + digits[3:]
	case hasShape(digits, "dd"):
		digits += "00"
	case !hasShape(digits, "dddd"):
		return nil, false
	}
	hours, _ := strconv.Atoi(digits[:2])
	minutes, _ := strconv.Atoi(digits[2:])
	if minutes%15 != 0 || minutes > 45 || hours*60+minutes > 14*60 {
		return nil, false
	}
	seconds := (hours*60 + minutes) * 60
	if s[0] == '-' {
		seconds = -seconds
	}
	return time.FixedZone("", seconds), true
}
