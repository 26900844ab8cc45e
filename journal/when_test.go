package journal

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseWhenKeepsWhatItReads(t *testing.T) {
	tests := []struct{ in, out string }{
		{"", ""},
		{"unknown", ""},
		{"2026-11-20T14:05:02Z", "2026-11-20T14:05:02Z"},
		{"~2026-11-20T14:05:02Z", "~2026-11-20T14:05:02Z"},
		{"2026-11-20T14:05:02+00:00", "2026-11-20T14:05:02Z"},
		{"2026-11-20T14:05:02-00:00", "2026-11-20T14:05:02Z"},
		{"2026-11-20T14:05:02+05:45", "2026-11-20T14:05:02+05:45"},
		{"2026-11-20T14:05:02-23:59", "2026-11-20T14:05:02-23:59"},
		{"2026-11-20T14:05:02.5Z", "2026-11-20T14:05:02.5Z"},
		{"2026-11-20T14:05:02.500Z", "2026-11-20T14:05:02.5Z"},
		{"2026-11-20T14:05:02.123456789+01:00", "2026-11-20T14:05:02.123456789+01:00"},
		{"0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"},
	}
	for _, tt := range tests {
		w, err := ParseWhen(tt.in)
		if err != nil || w.String() != tt.out {
			t.Errorf("ParseWhen(%q) = %q, %v; want %q", tt.in, w, err, tt.out)
		}
		if w.Known() != (tt.out != "") || w.About != strings.HasPrefix(tt.out, "~") {
			t.Errorf("ParseWhen(%q) = %#v", tt.in, w)
		}
	}
}

func TestParseWhenIsStrict(t *testing.T) {
	for _, in := range []string{
		" ", "~", "~unknown", "UNKNOWN", "?", "now", "14:05", "2026-11-20", "2026-11-20 14:05:02Z",
		"2026-11-20T14:05Z", "2026-11-20T14:05:02", "2026-11-20t14:05:02z", " 2026-11-20T14:05:02Z",
		"2026-11-20T14:05:02Z ", "~~2026-11-20T14:05:02Z", "~ 2026-11-20T14:05:02Z", "2026-11-20T14:05:02,5Z",
		"2026-11-20T14:05:02.Z", "2026-11-20T14:05:02.1234567890Z", "2026-11-20T4:05:02Z", "2026-02-30T14:05:02Z",
		"2026-11-20T24:00:00Z", "2026-11-20T14:05:60Z", "2026-11-20T14:05:02+24:00", "2026-11-20T14:05:02+01:60",
		"2026-11-20T14:05:02+0100", "2026-11-20T14:05:02UTC", "12026-11-20T14:05:02Z", "0001-01-01T00:00:00Z",
		"2026-11-20T14:05:02Z\n", strings.Repeat("9", 1<<16),
	} {
		w, err := ParseWhen(in)
		if err == nil {
			t.Errorf("ParseWhen(%q) = %q, want an error", in, w)
		} else if len(err.Error()) > 300 {
			t.Errorf("the error for %d bytes has %d", len(in), len(err.Error()))
		}
	}
}

func TestWhenOfAnyZoneComesBackAsTheSameValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		offset := rapid.IntRange(-23*60-59, 23*60+59).Draw(t, "offset in minutes") * 60
		zone := time.FixedZone(rapid.SampledFrom([]string{"", "CET", "Local"}).Draw(t, "name"), offset)
		w := When{
			Time:  time.Unix(rapid.Int64Range(-1<<35, 1<<37).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanos")).In(zone),
			About: rapid.Bool().Draw(t, "about"),
		}
		once, err := ParseWhen(w.String())
		if err != nil {
			t.Fatal(err)
		}
		if !once.Time.Equal(w.Time) || once.About != w.About {
			t.Fatalf("%v became %v", w, once)
		}
		twice, err := ParseWhen(once.String())
		if err != nil || !reflect.DeepEqual(once, twice) {
			t.Fatalf("%#v became %#v, %v", once, twice, err)
		}
	})
}

// A zone with seconds in its offset is written to the minute, at the same instant.
func TestWhenCutsSecondsOffAnOffset(t *testing.T) {
	at := time.Unix(1_700_000_000, 0)
	w := When{Time: at.In(time.FixedZone("LMT", 53*60+28))}
	back, err := ParseWhen(w.String())
	if err != nil || !back.Time.Equal(at) || !strings.HasSuffix(w.String(), "+00:53") {
		t.Errorf("%s came back as %v, %v", w, back, err)
	}
}

func FuzzParseWhen(f *testing.F) {
	for _, s := range []string{"", "~2026-11-20T14:05:02.5+01:00", "2026-11-20T14:05:02Z", "0001-01-01T00:00:00Z", "unknown"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		w, err := ParseWhen(s)
		if err != nil {
			return
		}
		if again, err := ParseWhen(w.String()); err != nil || !reflect.DeepEqual(w, again) {
			t.Errorf("%q: %#v, then %#v, %v", s, w, again, err)
		}
	})
}
