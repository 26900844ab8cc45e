package journal

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// A grammar of our own, because libraries guess: of 44 inputs olebedev/when read 13 wrongly without an error
// ("13:05 UTC" in the local zone), tj/go-naturaldate 19, and go-dateparser 10 for 137 ms of every start.

// clockSkew is how far ahead of now a typed time may be before it means another day or
// is refused as the future: clocks differ between machines, and people round up.
const clockSkew = 5 * time.Minute

// ReadWhen reads a time as a person types it during an outage. The user's zone is
// now.Location(). What could mean two things is refused, never guessed:
//
//	now   -10m   -1h30m   10m ago   2 hours ago   half an hour ago
//	14:05   14:05:30   2pm   2:05 pm   noon   midnight
//	yesterday 14:05   today at 9:00   monday 14:05   14:05 yesterday
//	2026-11-20 14:05   2026-11-20T14:05:02.5+01:00   2026-11-20   yesterday
//	14:05 UTC   14:05Z   14:05 +02:00
//	~14:05   about 2pm   yesterday around 14:05   unknown   ?
//
// The decisions behind the forms:
//   - A bare clock, and a weekday with a clock, is the most recent one: 23:50 typed at
//     00:10 was yesterday. Up to 5 minutes ahead of now it is still today's.
//   - Everything else later than that is refused, and so is the time before 1970.
//   - A day alone is about noon of that day, the hour that shows the same date to readers
//     in nearly every zone; today alone, before noon, is about now. A weekday alone on
//     that very weekday is refused: it could be today or a week ago.
//   - Hours, minutes and seconds are elapsed time. Days and weeks keep the clock (2 days
//     ago is that day at this hour) and are about, as are amounts in words: an hour ago.
//   - A clock that the zone skipped is refused. One that it showed twice is the one that
//     has passed; when both have, it is refused and the error names both offsets.
//   - Zones are UTC, GMT, Z or a numeric offset: CST alone is three different zones.
//
// The result has the typed offset, else the user's at that instant, and whole seconds
// unless a fraction was typed. The error quotes what was typed and shows what works.
func ReadWhen(typed string, now time.Time) (When, error) {
	text := plainTime(typed)
	if text == "unknown" || text == "?" {
		return When{}, nil
	}
	w, err := readWords(strings.Fields(text), now)
	if err == nil {
		err = plausible(w.Time, now)
	}
	if err != nil {
		return When{}, typedError(typed, err)
	}
	w.Time = fixedOffset(w.Time)
	return w, nil
}

// plainTime brings the spellings of one thing together: lower case, single words, the
// minus sign of phones and word processors, "~" as a word.
func plainTime(typed string) string {
	if len(typed) > 100 {
		return "" // a sentence, not a time
	}
	return strings.TrimSpace(timeSpelling.Replace(strings.ToLower(typed) + " "))
}

var timeSpelling = strings.NewReplacer("~", " about ", "\u2212", "-", "a.m.", "am", "p.m.", "pm", ", ", " ")

// errNoTime is the refusal without a better reason than that nothing matched.
var errNoTime = errors.New("not a time")

func typedError(typed string, why error) error {
	const examples = `try "14:05", "10m ago" or "2026-11-20 14:05 UTC"`
	if errors.Is(why, errNoTime) {
		return fmt.Errorf("%q does not read as a time; %s", clip(typed), examples)
	}
	return fmt.Errorf("%q does not read as a time: %w; %s", clip(typed), why, examples)
}

// plausible refuses what is more likely a slip of the finger than a moment of an incident.
func plausible(t, now time.Time) error {
	if isLater(t, now) {
		return fmt.Errorf("that is still to come (it is %s here)", now.Format("2006-01-02 15:04 -07:00"))
	}
	if t.Before(time.Unix(0, 0)) {
		return errors.New("that is before 1970")
	}
	return nil
}

func isLater(t, now time.Time) bool { return t.After(now.Add(clockSkew)) }

func readWords(words []string, now time.Time) (When, error) {
	words, about := cutAbout(words)
	if len(words) == 0 {
		return When{}, errNoTime
	}
	w, err := When{}, errNoTime
	last := len(words) - 1
	switch first := words[0]; {
	case first == "now" && last == 0:
		w, err = When{Time: now.Truncate(time.Second)}, nil
	case words[last] == "ago":
		w, err = readAgo(strings.Join(words[:last], " "), now)
	case first[0] == '-' && len(strings.Join(words, "")) > 1:
		amount := strings.TrimSpace(strings.Join(words, " ")[1:])
		if isDigit(amount[0]) { // so "- an hour" and "--" are nothing
			w, err = readAgo(amount, now)
		}
	default:
		w, err = readClock(words, now)
	}
	w.About = w.About || about
	return w, err
}

// cutAbout takes the words for "about" off the front.
func cutAbout(words []string) (rest []string, about bool) {
	for len(words) > 0 {
		switch words[0] {
		case "about", "around", "roughly", "approximately", "approx", "approx.", "circa", "ca.", "ca":
			words, about = words[1:], true
		default:
			return words, about
		}
	}
	return words, about
}
