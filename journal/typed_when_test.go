package journal

import (
	"reflect"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the tests' zones, on machines that have none

	"pgregory.net/rapid"
)

func mustZone(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// fridayAfternoon is 14:30:17.25 on Friday 20 November 2026 in Berlin, offset +01:00.
func fridayAfternoon(t testing.TB) time.Time {
	return time.Date(2026, 11, 20, 14, 30, 17, 250_000_000, mustZone(t, "Europe/Berlin"))
}

func TestReadWhenReadsWhatPeopleType(t *testing.T) {
	now := fridayAfternoon(t)
	tests := []struct{ typed, want string }{
		{"now", "2026-11-20T14:30:17+01:00"},
		{" NOW ", "2026-11-20T14:30:17+01:00"},
		{"about now", "~2026-11-20T14:30:17+01:00"},
		{"-10m", "2026-11-20T14:20:17+01:00"},
		{"- 10 m", "2026-11-20T14:20:17+01:00"},
		{"\u221210m", "2026-11-20T14:20:17+01:00"},
		{"~-10m", "~2026-11-20T14:20:17+01:00"},
		{"-1h30m", "2026-11-20T13:00:17+01:00"},
		{"-1h 30m", "2026-11-20T13:00:17+01:00"},
		{"-1.5h", "2026-11-20T13:00:17+01:00"},
		{"-90s", "2026-11-20T14:28:47+01:00"},
		{"-2d", "~2026-11-18T14:30:17+01:00"},
		{"-1d2h", "2026-11-19T12:30:17+01:00"},
		{"-1w", "~2026-11-13T14:30:17+01:00"},
		{"10m ago", "2026-11-20T14:20:17+01:00"},
		{"10 minutes ago", "2026-11-20T14:20:17+01:00"},
		{"1 hour and 10 minutes ago", "2026-11-20T13:20:17+01:00"},
		{"2 hours ago", "2026-11-20T12:30:17+01:00"},
		{"about 2 hours ago", "~2026-11-20T12:30:17+01:00"},
		{"an hour ago", "~2026-11-20T13:30:17+01:00"},
		{"a minute ago", "~2026-11-20T14:29:17+01:00"},
		{"half an hour ago", "~2026-11-20T14:00:17+01:00"},
		{"2 days ago", "~2026-11-18T14:30:17+01:00"},
		{"a week ago", "~2026-11-13T14:30:17+01:00"},

		{"14:05", "2026-11-20T14:05:00+01:00"},
		{"at 14:05", "2026-11-20T14:05:00+01:00"},
		{"9:00", "2026-11-20T09:00:00+01:00"},
		{"14:05:30", "2026-11-20T14:05:30+01:00"},
		{"14:05:30.25", "2026-11-20T14:05:30.25+01:00"},
		{"14:05:30,250", "2026-11-20T14:05:30.25+01:00"},
		{"2pm", "2026-11-20T14:00:00+01:00"},
		{"2 PM", "2026-11-20T14:00:00+01:00"},
		{"2:05 pm", "2026-11-20T14:05:00+01:00"},
		{"2:05pm", "2026-11-20T14:05:00+01:00"},
		{"2:05 p.m.", "2026-11-20T14:05:00+01:00"},
		{"12am", "2026-11-20T00:00:00+01:00"},
		{"12pm", "2026-11-20T12:00:00+01:00"},
		{"noon", "2026-11-20T12:00:00+01:00"},
		{"midnight", "2026-11-20T00:00:00+01:00"},
		{"~14:05", "~2026-11-20T14:05:00+01:00"},
		{"~ 14:05", "~2026-11-20T14:05:00+01:00"},
		{"about 14:05", "~2026-11-20T14:05:00+01:00"},
		{"at about 14:05", "~2026-11-20T14:05:00+01:00"},
		{"around 2pm", "~2026-11-20T14:00:00+01:00"},
		{"14:35", "2026-11-20T14:35:00+01:00"}, // five minutes of skew: today
		{"14:36", "2026-11-19T14:36:00+01:00"},
		{"23:50", "2026-11-19T23:50:00+01:00"},

		{"yesterday 14:05", "2026-11-19T14:05:00+01:00"},
		{"yesterday, 14:05", "2026-11-19T14:05:00+01:00"},
		{"yesterday at 2pm", "2026-11-19T14:00:00+01:00"},
		{"Yesterday  around  2 pm", "~2026-11-19T14:00:00+01:00"},
		{"about yesterday 14:05", "~2026-11-19T14:05:00+01:00"},
		{"14:05 yesterday", "2026-11-19T14:05:00+01:00"},
		{"today 9:00", "2026-11-20T09:00:00+01:00"},
		{"monday 14:05", "2026-11-16T14:05:00+01:00"},
		{"on Mon at 14:05", "2026-11-16T14:05:00+01:00"},
		{"14:05 on monday", "2026-11-16T14:05:00+01:00"},
		{"friday 14:05", "2026-11-20T14:05:00+01:00"},
		{"friday 15:05", "2026-11-13T15:05:00+01:00"},
		{"saturday 14:05", "2026-11-14T14:05:00+01:00"},
		{"yesterday", "~2026-11-19T12:00:00+01:00"},
		{"today", "~2026-11-20T12:00:00+01:00"},
		{"monday", "~2026-11-16T12:00:00+01:00"},

		{"2026-11-20 14:05", "2026-11-20T14:05:00+01:00"},
		{"2026-11-20T14:05", "2026-11-20T14:05:00+01:00"},
		{"2026-11-20 at 2pm", "2026-11-20T14:00:00+01:00"},
		{"14:05 2026-11-20", "2026-11-20T14:05:00+01:00"},
		{"2026-07-20 14:05", "2026-07-20T14:05:00+02:00"},
		{"2026-11-19", "~2026-11-19T12:00:00+01:00"},
		{"2026-11-20T13:05:02Z", "2026-11-20T13:05:02Z"},
		{"2026-11-20T13:05:02.5Z", "2026-11-20T13:05:02.5Z"},
		{"~2026-11-20T13:05:02+00:00", "~2026-11-20T13:05:02Z"},
		{"2026-11-20 08:05:02 -0500", "2026-11-20T08:05:02-05:00"},
		{"2026-11-20T08:05-05:00", "2026-11-20T08:05:00-05:00"},
		{"13:05 UTC", "2026-11-20T13:05:00Z"},
		{"13:05 gmt", "2026-11-20T13:05:00Z"},
		{"13:05Z", "2026-11-20T13:05:00Z"},
		{"1pm UTC", "2026-11-20T13:00:00Z"},
		{"14:05 UTC", "2026-11-19T14:05:00Z"}, // 15:05 here, still to come
		{"14:05 +02:00", "2026-11-20T14:05:00+02:00"},
		{"14:05+0200", "2026-11-20T14:05:00+02:00"},
		{"18:05 +05:30", "2026-11-20T18:05:00+05:30"},
		{"07:05 -06", "2026-11-20T07:05:00-06:00"},
		{"yesterday 14:05 UTC", "2026-11-19T14:05:00Z"},

		{"unknown", ""},
		{"Unknown", ""},
		{" ? ", ""},
	}
	for _, tt := range tests {
		got, err := ReadWhen(tt.typed, now)
		if err != nil || got.String() != tt.want {
			t.Errorf("ReadWhen(%q) = %q, %v; want %q", tt.typed, got, err, tt.want)
			continue
		}
		if kept, err := ParseWhen(got.String()); err != nil || !reflect.DeepEqual(kept, got) {
			t.Errorf("ReadWhen(%q) is %#v and is kept as %#v, %v", tt.typed, got, kept, err)
		}
	}
}

func TestReadWhenRefusesToGuess(t *testing.T) {
	now := fridayAfternoon(t)
	tests := []struct{ typed, why string }{
		{"", ""}, {" ", ""}, {"at", ""}, {"~", ""}, {"about", ""}, {"ago", ""}, {"-", ""}, {"--", ""},
		{"10", ""}, {"1405", ""}, {"10m", ""}, {"-10", ""}, {"+10m", ""}, {"in 10 minutes", ""}, {"5-6", ""},
		{"2026", ""}, {"may", ""}, {"march", ""}, {"1h ago yesterday", ""}, {"-10m ago", ""}, {"-30m1h", ""},
		{"-1h2h", ""}, {"-1h30", ""}, {"-2 months", ""}, {"-1.5d", ""}, {"half a day ago", ""}, {"-1.h", ""},
		{"-9999999h", ""}, {"10 ago", ""}, {"a ago", ""}, {"-an hour", ""},
		{"rolled back to v41", ""}, {"second deploy", ""}, {"12 pods", ""}, {"error at 500 ms", ""},
		{"14.05", ""}, {"14h05", ""}, {"14:5", ""}, {"14:055", ""}, {"014:05", ""}, {"14:05:", ""}, {"14:05:3", ""},
		{"14:05:30.", ""}, {"14:05 - 14:10", ""}, {"14:05pmm", ""}, {"14:05 14:06", ""}, {"today yesterday", ""},
		{"last night", ""}, {"last monday 14:05", ""}, {"tomorrow 9:00", ""}, {"this morning", ""},
		{"11/12/2026", ""}, {"2026/11/20 14:05", ""}, {"20.11.2026", ""}, {"2026-11-20T14", ""}, {"2026-11-20T", ""},
		{"2026-11-20 UTC", ""}, {"1763647502", ""}, {"14:05 +14:01", ""}, {"14:05 +02:07", ""}, {"14:05 UTC UTC", ""},
		{"10m ago UTC", ""}, {strings.Repeat("14:05 ", 100), ""}, {"14:05\x00", ""}, {"１４:０５", ""},

		{"25:00", "no clock"}, {"24:00", "no clock"}, {"14:65", "no clock"}, {"14:05:60", "no clock"},
		{"14pm", "no clock"}, {"0am", "no clock"}, {"13:05 pm", "no clock"},
		{"2026-02-30", "no such day"}, {"2026-13-01 14:05", "no such day"},
		{"14:05 CET", "UTC or an offset"}, {"2pm PST", "UTC or an offset"}, {"14:05 Europe/Berlin", "UTC or an offset"},
		{"14:05-14:10", ""}, {"13:00-13:30", "stretch of time"}, {"14:05-05:00", "stretch of time"},
		{"monday midnight", "both ends"}, {"friday", "today is a Friday"},
		{"today 23:50", "still to come"}, {"2027-11-20 14:05", "still to come"}, {"2026-11-21", "still to come"},
		{"2026-11-20T14:40:00+01:00", "still to come"}, {"1969-07-20 20:17 UTC", "before 1970"}, {"-900000h", "before 1970"},
		{"-9999w", "before 1970"}, {"-999999w", "before 1970"},
	}
	for _, tt := range tests {
		got, err := ReadWhen(tt.typed, now)
		if err == nil {
			t.Errorf("ReadWhen(%q) = %q, want an error", tt.typed, got)
			continue
		}
		if got != (When{}) {
			t.Errorf("ReadWhen(%q) gives %q beside its error", tt.typed, got)
		}
		if msg := err.Error(); !strings.Contains(msg, tt.why) || strings.Contains(msg, ": not a time") || len(msg) > 400 {
			t.Errorf("ReadWhen(%q) says %q, want %q in it", tt.typed, msg, tt.why)
		}
	}
}

func TestReadWhenErrorQuotesAndShowsWhatWorks(t *testing.T) {
	now := fridayAfternoon(t)
	_, err := ReadWhen("1405\x1b[2J", now)
	const want = `"1405\x1b[2J" does not read as a time; try "14:05", "10m ago" or "2026-11-20 14:05 UTC"`
	if err == nil || err.Error() != want {
		t.Fatalf("got %v", err)
	}
	later := now.AddDate(1, 0, 0)
	for i, example := range strings.Split(want[strings.Index(want, "try"):], `"`) {
		if i%2 == 0 {
			continue
		}
		if _, err := ReadWhen(example, later); err != nil {
			t.Errorf("the example %q is refused: %v", example, err)
		}
	}
}

func TestReadWhenAfterMidnightMeansTheNightBefore(t *testing.T) {
	now := time.Date(2026, 11, 21, 0, 10, 0, 0, mustZone(t, "America/New_York"))
	for typed, want := range map[string]string{
		"23:50":                  "2026-11-20T23:50:00-05:00",
		"11:50 pm":               "2026-11-20T23:50:00-05:00",
		"00:05":                  "2026-11-21T00:05:00-05:00",
		"00:14":                  "2026-11-21T00:14:00-05:00",
		"00:16":                  "2026-11-20T00:16:00-05:00",
		"yesterday 23:50":        "2026-11-20T23:50:00-05:00",
		"today":                  "~2026-11-21T00:10:00-05:00",
		"-20m":                   "2026-11-20T23:50:00-05:00",
		"05:05 UTC":              "2026-11-21T05:05:00Z",
		"friday 23:50":           "2026-11-20T23:50:00-05:00",
		"yesterday 23:50 -05:00": "2026-11-20T23:50:00-05:00",
	} {
		if got, err := ReadWhen(typed, now); err != nil || got.String() != want {
			t.Errorf("ReadWhen(%q) = %q, %v; want %q", typed, got, err, want)
		}
	}
	// 05:10 UTC on the 21st is the 21st in both; an hour before midnight it is not.
	if got, err := ReadWhen("yesterday 14:05 UTC", now.Add(-time.Hour)); err == nil || !strings.Contains(err.Error(), "give the date") {
		t.Errorf("two calendars: %q, %v", got, err)
	}
	// Minutes before midnight, a clock just after it is a skewed now, not last night.
	if got, err := ReadWhen("00:01", now.Add(-12*time.Minute)); err != nil || got.String() != "2026-11-20T00:01:00-05:00" {
		t.Errorf("just before midnight: %q, %v", got, err)
	}
}

func TestReadWhenWhereTheClocksChange(t *testing.T) {
	tests := []struct{ zone, now, typed, want string }{
		// Berlin skipped 02:00 to 03:00 on 29 March 2026.
		{"Europe/Berlin", "2026-03-29T09:00:00+02:00", "02:30", "skipped it on 2026-03-29"},
		{"Europe/Berlin", "2026-03-29T09:00:00+02:00", "02:30 +01:00", "2026-03-29T02:30:00+01:00"},
		{"Europe/Berlin", "2026-03-29T09:00:00+02:00", "01:59", "2026-03-29T01:59:00+01:00"},
		{"Europe/Berlin", "2026-03-29T09:00:00+02:00", "03:00", "2026-03-29T03:00:00+02:00"},
		{"Europe/Berlin", "2026-03-29T01:00:00+01:00", "02:30", "2026-03-28T02:30:00+01:00"},
		{"Europe/Berlin", "2026-03-29T03:10:00+02:00", "-20m", "2026-03-29T01:50:00+01:00"},
		{"Europe/Berlin", "2026-03-30T02:30:00+02:00", "-1d", "~2026-03-29T03:30:00+02:00"},
		{"Europe/Berlin", "2026-03-30T14:00:00+02:00", "-2d", "~2026-03-28T14:00:00+01:00"},
		// It showed 02:00 to 03:00 twice on 25 October 2026.
		{"Europe/Berlin", "2026-10-25T09:00:00+01:00", "02:30", "add +02:00 for the first or +01:00 for the second"},
		{"Europe/Berlin", "2026-10-25T09:00:00+01:00", "02:30 +02:00", "2026-10-25T02:30:00+02:00"},
		{"Europe/Berlin", "2026-10-25T02:40:00+02:00", "02:30", "2026-10-25T02:30:00+02:00"},
		{"Europe/Berlin", "2026-10-25T02:10:00+01:00", "02:30", "2026-10-25T02:30:00+02:00"},
		{"Europe/Berlin", "2026-10-25T02:10:00+01:00", "02:05", "twice"},
		{"Europe/Berlin", "2026-10-26T09:00:00+01:00", "yesterday 02:30", "twice"},
		{"Europe/Berlin", "2026-10-26T09:00:00+01:00", "yesterday 03:00", "2026-10-25T03:00:00+01:00"},
		{"Europe/Berlin", "2026-10-26T01:00:00+01:00", "02:30", "twice"},
		// Half an hour on Lord Howe Island, a whole day on Samoa, the far end of the offsets.
		{"Australia/Lord_Howe", "2026-04-05T09:00:00+10:30", "01:45", "add +11:00 for the first or +10:30 for the second"},
		{"Australia/Lord_Howe", "2026-10-04T09:00:00+11:00", "02:15", "skipped"},
		{"Pacific/Apia", "2011-12-31T12:00:00+14:00", "2011-12-30 12:00", "skipped"},
		{"Pacific/Kiritimati", "2026-11-20T12:00:00+14:00", "11:00", "2026-11-20T11:00:00+14:00"},
		{"Europe/London", "2026-11-20T12:00:00Z", "11:00", "2026-11-20T11:00:00Z"},
	}
	for _, tt := range tests {
		now, err := time.Parse(time.RFC3339, tt.now)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ReadWhen(tt.typed, now.In(mustZone(t, tt.zone)))
		if err != nil && strings.Contains(err.Error(), tt.want) || err == nil && got.String() == tt.want {
			continue
		}
		t.Errorf("%s, now %s: ReadWhen(%q) = %q, %v; want %s", tt.zone, tt.now, tt.typed, got, err, tt.want)
	}
}

// What a note holds can be typed back, in any zone, unless it is still to come.
func TestReadWhenReadsTheCanonicalForm(t *testing.T) {
	now := fridayAfternoon(t)
	rapid.Check(t, func(t *rapid.T) {
		zone := time.FixedZone("", rapid.IntRange(-14*4, 14*4).Draw(t, "quarters")*15*60)
		w := When{
			Time:  fixedOffset(time.Unix(rapid.Int64Range(0, now.Unix()).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanos")).In(zone)),
			About: rapid.Bool().Draw(t, "about"),
		}
		got, err := ReadWhen(w.String(), now)
		if err != nil || got.String() != w.String() {
			t.Fatalf("%s came back as %s, %v", w, got, err)
		}
	})
}

// Every wall clock of a week that is typed with its date means a moment that showed it.
func TestReadWhenFindsTheMomentThatShowedTheClock(t *testing.T) {
	zone := mustZone(t, "Europe/Berlin")
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, zone)
	for at := time.Date(2026, 10, 22, 0, 0, 0, 0, zone); at.Before(now); at = at.Add(15 * time.Minute) {
		const layout = "2006-01-02 15:04"
		got, err := ReadWhen(at.Format(layout), now)
		if err != nil && strings.Contains(err.Error(), "twice") {
			got, err = ReadWhen(at.Format(layout+" -07:00"), now)
		}
		if err != nil || !got.Time.Equal(at) {
			t.Errorf("%s came back as %s, %v", at, got, err)
		}
	}
}

func FuzzReadWhen(f *testing.F) {
	now := fridayAfternoon(f)
	for _, s := range []string{"-1h30m", "yesterday about 2:05 pm", "14:05 on monday", "2026-11-20T14:05:02.5+01:00", "half an hour ago", "?"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		w, err := ReadWhen(s, now)
		if err != nil {
			return
		}
		if kept, err := ParseWhen(w.String()); err != nil || !reflect.DeepEqual(kept, w) {
			t.Errorf("%q: %#v is kept as %#v, %v", s, w, kept, err)
		}
		if w.Time.After(now.Add(clockSkew)) {
			t.Errorf("%q is %s, still to come", s, w)
		}
	})
}
