package journal

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Words that have a meaning in YAML, Markdown or the grammar of a note, so that
// random text meets the corners.
var corners = []string{
	"rolled back to v41", "- ", "1. ", "→ ", `\→ `, "## Timeline", "```", "~~~", "  ", "\t", "\n", "\n\n", "<!-- e:abc123 r1 -->",
	"<!-- x:abc r2 -->", "{waiting}", "{done: abc}", "(time unknown)", "2026-11-20T14:05:02Z", "~", "---", "# ", ": ", "#", "'", `"`,
	"yes", "null", "ünïcödé", "\u202e", "\u200b", "[a](b)", "unknown", "&a", "*a", "|", ">", "%", "@", "`", "\u0085", "\u2028", "\u00a0", "\x1b[31m",
}

func genText(t *rapid.T, label string) string {
	parts := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(corners), rapid.StringMatching(`[a-z ]{1,12}`)), 1, 8).Draw(t, label)
	if s := CleanText(strings.Join(parts, "")); s != "" {
		return s
	}
	return "x"
}

func genLine(t *rapid.T, label string) string {
	return strings.Join(strings.Fields(genText(t, label)), " ")
}

func genWhen(t *rapid.T, label string) When {
	if rapid.Bool().Draw(t, label+" unknown") {
		return When{}
	}
	zone := time.UTC
	if off := rapid.SampledFrom([]int{0, 3600, -5 * 3600, 5*3600 + 1800}).Draw(t, label+" zone"); off != 0 {
		zone = time.FixedZone("", off)
	}
	sec := rapid.Int64Range(0, 4e9).Draw(t, label)
	return When{Time: time.Unix(sec, 0).In(zone), About: rapid.Bool().Draw(t, label+" about")}
}

func genLines(t *rapid.T, label string) []string {
	line := rapid.Custom(func(t *rapid.T) string { return genLine(t, label) })
	lines := rapid.SliceOfNDistinct(line, 0, 3, rapid.ID).Draw(t, label)
	return slices.Clip(append([]string(nil), lines...)) // nil when there is none, as Parse has it
}

// genIncident draws a note in the form that Parse returns.
func genIncident(t *rapid.T) *Incident {
	inc := &Incident{
		Title:      genLine(t, "title"),
		Kind:       rapid.SampledFrom([]Kind{"", KindIncident, KindNearMiss}).Draw(t, "kind"),
		Status:     rapid.SampledFrom([]Status{"", StatusOpen, StatusReviewed}).Draw(t, "status"),
		Visibility: rapid.SampledFrom([]Visibility{"", VisibilityTeam}).Draw(t, "visibility"),
		Times:      Times{Began: genWhen(t, "began"), Resolved: genWhen(t, "resolved")},
		NoticedBy:  rapid.SampledFrom([]NoticedBy{"", NoticedByAlert}).Draw(t, "noticed"),
		Services:   genLines(t, "services"),
		Undo:       Undo{Reversible: rapid.SampledFrom([]Tri{Unknown, Yes, No}).Draw(t, "undo")},
		Git:        Commits{Change: genLines(t, "change")},
		Talk:       Talk{OK: rapid.SampledFrom([]Tri{Unknown, Yes, No}).Draw(t, "talk")},
		Lead:       "\n",
	}
	if rapid.Bool().Draw(t, "extra") {
		inc.Extra = append(inc.Extra, Extra{After: "title", Text: "x-team:\n  - a # b\n\n# c\n"})
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "events") {
		inc.Timeline = append(inc.Timeline, Event{ID: Token([]byte{1, byte(i)}), Rev: rapid.IntRange(1, 3).Draw(t, "rev"),
			At: genWhen(t, "at"), Text: genText(t, "event"), Mark: rapid.SampledFrom([]string{"", MarkUpdate}).Draw(t, "mark")})
		inc.beginItems(Timeline)
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "problems") {
		inc.beginItems(ChainOfProblems)
		inc.Chain = append(inc.Chain, Problem{ID: Token([]byte{2, byte(i)}), Rev: 1, Text: genText(t, "problem")})
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "learnings") {
		inc.beginItems(Learnings)
		l := Learning{ID: Token([]byte{3, byte(i)}), Rev: 1, Text: genText(t, "learning")}
		for range rapid.IntRange(0, 2).Draw(t, "consequences") {
			l.Consequences = append(l.Consequences, ParseConsequence(genLine(t, "so")))
		}
		inc.Learnings = append(inc.Learnings, l)
	}
	if rapid.Bool().Draw(t, "prose") {
		inc.SetProse(WhatHappened, genProse(t))
	}
	if rapid.Bool().Draw(t, "deleted") {
		inc.delete("gone00")
	}
	return inc
}

// genProse draws prose without headings; a heading would be a section of its own.
func genProse(t *rapid.T) string {
	return strings.ReplaceAll(genText(t, "prose"), "## ", "### ")
}

func TestParseReadsWhatFormatWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := genIncident(t)
		note := Format(want)
		got, err := Parse(note)
		if err != nil {
			t.Fatalf("%v\n%s", err, note)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got  %s\nwant %s\n%s", dump(got), dump(want), note)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("---\nschema: 1\ntitle: x\n---\n"))
	f.Add([]byte("---\nschema: 1\ntitle: x\ntimes: {began: ~2026-11-20T13:40:00Z, y: [1, 'a: b']}\n# c\nzz: |\n  a\n---\nlead\n## Timeline\n- a\n  ```\n  b\n\n<!-- x:a r2 -->\n## Learnings\n1. a\n   → b {done: c}\n## X\n```\n## Y"))
	f.Fuzz(func(t *testing.T, b []byte) {
		first, err := Parse(b)
		if err != nil {
			return
		}
		note := Format(first)
		second, err := Parse(note)
		if err != nil {
			t.Fatalf("what Format wrote is not read: %v\n%q\n%q", err, b, note)
		}
		if again := Format(second); string(again) != string(note) {
			t.Fatalf("not stable\n%q\n%q\n%q", b, note, again)
		}
		if first.Lead != second.Lead || !reflect.DeepEqual(first.Sections, second.Sections) {
			t.Fatalf("prose changed\n%q\n%q", dump(first), dump(second))
		}
	})
}
