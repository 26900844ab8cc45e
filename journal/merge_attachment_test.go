package journal

import (
	"fmt"
	"strings"
	"testing"
)

func with(files ...string) *Incident {
	inc := started()
	for _, f := range files {
		name, hash, _ := strings.Cut(f, " ")
		inc.Attachments = append(inc.Attachments, Attachment{Name: name, Hash: strings.Repeat(hash, 40)})
	}
	return inc
}

func TestMergeOfAttachments(t *testing.T) {
	for name, c := range map[string]struct {
		base, a, b *Incident
		want       string
		events     int
	}{
		"each adds one":         {with(), with("b.png 1"), with("a.png 2"), "a.png 2, b.png 1", 0},
		"the same":              {with(), with("a.png 1"), with("a.png 1"), "a.png 1", 0},
		"taken out":             {with("a.png 1", "b.png 1"), with("b.png 1"), with("a.png 1", "b.png 1"), "b.png 1", 0},
		"taken out and changed": {with("a.png 1"), with(), with("a.png 2"), "a.png 2", 0},
		"changed":               {with("a.png 1"), with("a.png 1"), with("a.png 2"), "a.png 2", 0},
		"both changed":          {with("a.png 1"), with("a.png 2"), with("a.png 3"), "a-22222222.png 2, a.png 3", 1},
		"both added":            {nil, with("a.png 2"), with("a.png 3"), "a-22222222.png 2, a.png 3", 1},
		"the other name is taken": {nil, with("a.png 2"), with("a.png 3", "a-22222222.png 4"),
			"a-22222222-22222222.png 2, a-22222222.png 4, a.png 3", 1},
	} {
		for _, m := range []*Incident{Merge(c.base, c.a, c.b), Merge(c.base, c.b, c.a)} {
			var got []string
			for _, f := range m.Attachments {
				got = append(got, fmt.Sprintf("%s %c", f.Name, f.Hash[0]))
			}
			if strings.Join(got, ", ") != c.want || len(m.Timeline) != c.events {
				t.Errorf("%s: got %q\n%s", name, got, Format(m))
			}
			if c.events > 0 && !strings.Contains(m.Timeline[0].Text, "](a-22222222") {
				t.Errorf("%s: no link in %q", name, m.Timeline[0].Text)
			}
		}
	}
}

func TestAdoptKeepsAttachments(t *testing.T) {
	note := string(Format(with()))
	there := with("graph.png 1")
	change := Change{Incident: there.ID, Adopt: note, Attach: with("graph.png 2").Attachments}
	inc := mustApply(t, there, change, change)
	if len(inc.Attachments) != 2 || inc.files()["graph.png"].Hash[0] != '1' || inc.files()["graph-22222222.png"].Hash[0] != '2' {
		t.Errorf("got %+v", inc.Attachments)
	}
}
