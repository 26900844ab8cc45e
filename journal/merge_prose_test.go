package journal

import (
	"strings"
	"testing"
)

// prose is an incident with one paragraph.
func prose(text string) *Incident {
	inc := started()
	inc.SetProse(Impact, text)
	return inc
}

func impactOf(inc *Incident) string {
	s, _ := inc.Section(Impact)
	return s.Text
}

func conflictOf(versions ...string) string {
	for i := range versions {
		versions[i] += "\n"
	}
	return "\n" + writeConflict(distinct(versions)) + "\n"
}

func TestConflictsTakeFurtherVersions(t *testing.T) {
	base, x, y, z := prose("nobody knows"), prose("card"), prose("invoice"), prose("voucher")
	xy, yz := Merge(base, x, y), Merge(base, y, z)
	all := conflictOf("card", "invoice", "voucher")
	for name, c := range map[string]struct {
		base, a, b *Incident
		want       string
	}{
		"a third version":       {base, xy, z, all},
		"another conflict":      {base, xy, yz, all},
		"one of its versions":   {base, xy, y, impactOf(xy)},
		"a later edit of one":   {y, xy, prose("invoice, and more"), conflictOf("card", "invoice, and more")},
		"settled by one side":   {xy, xy, x, impactOf(x)},
		"settled in new words":  {xy, xy, prose("both"), impactOf(prose("both"))},
		"settled differently":   {xy, x, y, impactOf(xy)},
		"settled and taken up":  {xy, x, Merge(base, xy, z), conflictOf("card", "voucher")},
		"without a base":        {nil, xy, z, all},
		"without a base, again": {nil, xy, yz, all},
	} {
		for _, m := range []*Incident{Merge(c.base, c.a, c.b), Merge(c.base, c.b, c.a)} {
			if got := impactOf(m); strings.TrimSpace(got) != strings.TrimSpace(c.want) {
				t.Errorf("%s: got\n%s\nwant\n%s", name, got, c.want)
			}
		}
	}
}

func TestAConflictAmongOtherLines(t *testing.T) {
	const head, tail = "first line\n\n", "\n\nlast line"
	base, x, y := prose(head+"was"+tail), prose(head+"one"+tail), prose(head+"two"+tail)
	xy := Merge(base, x, y)
	got := impactOf(Merge(base, xy, prose(head+"three"+tail+" and more")))
	if strings.Count(got, conflictFirst) != 1 || strings.Count(got, conflictNext) != 2 || !strings.HasSuffix(got, "\nlast line and more\n\n") {
		t.Errorf("got\n%s", got)
	}
	near := "was\nnext"
	xy = Merge(prose(near), prose("one\nnext"), prose("two\nnext"))
	got = impactOf(Merge(prose(near), xy, prose("three\nafter")))
	if want := conflictOf("one\nnext", "two\nnext", "three\nafter"); strings.TrimSpace(got) != strings.TrimSpace(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestMarksStandOutsideFences(t *testing.T) {
	base := prose("```\nwas\n```\n\nafter")
	for _, c := range [][2]string{
		{"```\none\n```\n\nafter", "```\ntwo\n```\n\nafter"},
		{"```\none", "~~~\ntwo\n\nafter"},
		{"````\none\n```\n\n## not a heading", "two"},
	} {
		for _, base := range []*Incident{nil, base} {
			m := Merge(base, prose(c[0]), prose(c[1]))
			again := mustParse(t, string(Format(m)))
			var f fence
			marks := 0
			for l := range strings.Lines(impactOf(again)) {
				if !f.open() && markDepth(l) == 1 {
					marks++
				}
				f.line(l)
			}
			if marks < 3 && !(base != nil && marks == 0 && strings.Contains(impactOf(again), "one") && strings.Contains(impactOf(again), "two")) || len(again.Sections) != 1 {
				t.Errorf("got\n%s", Format(m))
			}
		}
	}
}

// TestMergedLinesStayInTheirFences merges lines that would leave a code block, or
// take what stands around it in.
func TestMergedLinesStayInTheirFences(t *testing.T) {
	for _, c := range [][3]string{
		{"intro\ncode", "```\ncode\n```", "~~~\ncode\n~~~"},
		{"```\na\n## x\nk\nk2\nb\n```", "a\nk\nk2\nb", "```\na\n## x\nk\nk2\n## y\nb\n```"},
	} {
		got := impactOf(mustParse(t, string(Format(Merge(prose(c[0]), prose(c[1]), prose(c[2]))))))
		if want := conflictOf(c[1], c[2]); strings.TrimSpace(got) != strings.TrimSpace(want) {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
}

func TestTextThatLooksLikeMarks(t *testing.T) {
	quoted := "> " + conflictNext
	for _, text := range []string{conflictFirst, conflictNext + "\n" + conflictEnd, quoted, "```\n" + conflictEnd + "\n```"} {
		once := MergeText("", text, "other")
		if len(tokens(once)) != 1 {
			t.Errorf("%q: got\n%s", text, once)
		}
		if again := MergeText("", once, text); again != once {
			t.Errorf("%q: got\n%s\nwant\n%s", text, again, once)
		}
	}
}

func TestMergeText(t *testing.T) {
	if got := MergeText("a\n\nb\n", "A\n\nb\n", "a\n\nB\n"); got != "A\n\nB\n\n" {
		t.Errorf("got %q", got)
	}
}

func TestConflictName(t *testing.T) {
	if got := ConflictName(strings.Repeat("0123456789", 4)); got != "conflict-01234567.md" {
		t.Errorf("got %q", got)
	}
}
