package journal

import (
	"fmt"
	"time"
)

// When is an instant as a person knows it: exact, about, or unknown.
// The zero When is unknown, which is a value of its own and never the year 1.
type When struct {
	Time  time.Time // the instant with the offset it was given in; zero means unknown
	About bool      // the person said "about": show a ~, and compute nothing finer from it
}

// Known says whether there is an instant at all.
func (w When) Known() bool { return !w.Time.IsZero() }

// String is the form kept in notes: RFC 3339 with as many fractional digits as the
// instant has, a leading ~ when it is approximate, and "" when it is unknown.
// For every instant of the years 0 to 9999, ParseWhen reads it back.
func (w When) String() string {
	if !w.Known() {
		return ""
	}
	s := fixedOffset(w.Time).Format(time.RFC3339Nano)
	if w.About {
		return "~" + s
	}
	return s
}

// ParseWhen reads the form String writes, and nothing looser: a time in a note is
// data, and what people type goes through ReadWhen first.
// "" and "unknown" are the unknown When. An offset of +00:00 reads as Z.
func ParseWhen(s string) (When, error) {
	if s == "" || s == "unknown" {
		return When{}, nil
	}
	var w When
	text := s
	if text[0] == '~' {
		w.About, text = true, text[1:]
	}
	if !isRFC3339(text) {
		return When{}, fmt.Errorf("%q is not an RFC 3339 time like 2026-11-20T14:05:02Z", clip(s))
	}
	// In UTC, not Local: an offset that happens to be this machine's must not become its zone.
	t, err := time.ParseInLocation(time.RFC3339Nano, text, time.UTC)
	if err != nil {
		return When{}, fmt.Errorf("%q is not a time that exists", clip(s))
	}
	if t.IsZero() {
		return When{}, fmt.Errorf("%q is how programs write an unset time; leave it empty for unknown", clip(s))
	}
	w.Time = t
	return w, nil
}

// isRFC3339 checks the shape. time.Parse alone also takes one-digit hours, a comma
// before the fraction and offsets of 24 hours, which other readers of a note refuse.
func isRFC3339(s string) bool {
	const head = "dddd-dd-ddTdd:dd:dd"
	if len(s) < len(head) || !hasShape(s[:len(head)], head) {
		return false
	}
	s = s[len(head):]
	if s != "" && s[0] == '.' {
		digits := 1
		for digits < len(s) && isDigit(s[digits]) {
			digits++
		}
		// Ten digits and more would be cut to nanoseconds, so not come back as written.
		if digits < 2 || digits > 10 {
			return false
		}
		s = s[digits:]
	}
	return s == "Z" || (hasShape(s, "+dd:dd") || hasShape(s, "-dd:dd")) && s[1:3] < "24" && s[4:] < "60"
}

// hasShape compares s with a pattern in which d stands for one digit and every other
// byte for itself.
func hasShape(s, pattern string) bool {
	if len(s) != len(pattern) {
		return false
	}
	for i := range len(s) {
		if pattern[i] == 'd' && !isDigit(s[i]) || pattern[i] != 'd' && pattern[i] != s[i] {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// fixedOffset is the same instant in a nameless zone of the same offset, so that two
// machines with other ideas of the zone hold the same value. RFC 3339 knows no seconds
// in an offset; local mean time before about 1920 had them, and they are cut off.
func fixedOffset(t time.Time) time.Time {
	_, seconds := t.Zone()
	seconds -= seconds % 60
	if seconds == 0 {
		return t.UTC()
	}
	return t.In(time.FixedZone("", seconds))
}

// clip keeps a quoted piece of somebody's input short enough for one line.
func clip(s string) string {
	const most = 60 // runes
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "…"
		}
	}
	return s
}

// MarshalText writes the canonical form, "" when unknown.
func (w When) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (w *When) UnmarshalText(text []byte) error {
	parsed, err := ParseWhen(string(text))
	if err == nil {
		*w = parsed
	}
	return err
}
