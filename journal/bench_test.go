package journal

import (
	"strings"
	"testing"
)

// BenchmarkParseHostile reads notes of the largest size that repeat what is
// dearest to parse. The time of each should be that of the others.
func BenchmarkParseHostile(b *testing.B) {
	for _, c := range []struct{ name, unit string }{
		{"prose", "word and word\n"},
		{"headings", "## a\n"},
		{"entries", "## Timeline\n"},
		{"fences", "```\n"},
		{"lead", "## Timeline\nlead\n"},
	} {
		body := strings.Repeat(c.unit, (MaxNote-200)/len(c.unit))
		switch c.name {
		case "entries":
			body = c.unit + strings.Repeat("- a\n", MaxNote/8)
		case "lead":
			body = "## Timeline\n" + strings.Repeat("lead\n", MaxNote/8)
		}
		note := []byte(headerOnly + body)
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(note)))
			for b.Loop() {
				inc, err := Parse(note)
				if err != nil {
					b.Fatal(err)
				}
				Format(inc)
			}
		})
	}
}
