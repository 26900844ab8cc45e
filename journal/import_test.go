package journal

import (
	"strings"
	"testing"
)

func imported(t *testing.T, name, file string) *Imported {
	t.Helper()
	im, err := Import(name, []byte(file), noon)
	if err != nil {
		t.Fatal(err)
	}
	return im
}

func TestImportMapsWhatFitsAndKeepsTheRest(t *testing.T) {
	im := imported(t, "a/b.md", "---\nuuid: 7\nurl: https://x.example/a\ntitle: Checkout was down\nstart_time: 2026-01-02T03:04:05+01:00\nend_time: 2026-01-02\ncategories:\n- cloud\nproduct: web, mail\nteam: {size: 3}\nsummary: It was down.\n---\n\nBody  \nas it is\n\n\n")
	inc := im.Incident
	if inc.Title != "Checkout was down" || inc.Status != StatusResolved || strings.Join(inc.Services, "+") != "web+mail" || strings.Join(inc.Factors, "+") != "cloud" {
		t.Errorf("got %s", dump(inc))
	}
	if inc.Times.Began.String() != "2026-01-02T03:04:05+01:00" || inc.Times.Resolved.String() != "~2026-01-02T00:00:00Z" {
		t.Errorf("times %+v", inc.Times)
	}
	if inc.Source("url") != "https://x.example/a" || !strings.Contains(string(Format(inc)), "\n  team: {size: 3}\n") {
		t.Errorf("source is not whole\n%s", Format(inc))
	}
	if s, _ := inc.Section(WhatHappened); s.Text != "\nBody  \nas it is\n\n\n" {
		t.Errorf("body %q", s.Text)
	}
	if s, _ := inc.Section(InOneBreath); strings.TrimSpace(s.Text) != "It was down." {
		t.Errorf("summary %q", s.Text)
	}
	if strings.Join(im.Flags, "+") != "it ends before it starts" {
		t.Errorf("flags %q", im.Flags)
	}
}

// TestImportNamesTheFileWhereverItLies gives one file one id, whatever its title
// is when it comes again.
func TestImportNamesTheFileWhereverItLies(t *testing.T) {
	token := func(name, file string) string { return ShortID(imported(t, name, file).Incident.ID) }
	first := token("a.md", "---\nuuid: 7\ntitle: One\n---\n")
	if token("b.md", "---\nuuid: 7\ntitle: Two\n---\n") != first || token("a.md", "---\nuuid: 8\ntitle: One\n---\n") == first {
		t.Error("the id does not follow the uuid")
	}
}

func TestImportUnknownStaysUnknown(t *testing.T) {
	im := imported(t, "a.md", "---\ncompany: X\n---\nThe disk was full. Then it was not.\n")
	inc := im.Incident
	if inc.Title != "The disk was full" || inc.Times != (Times{}) || inc.Status != "" || inc.Services != nil {
		t.Errorf("got %s", dump(inc))
	}
	if len(im.Flags) != 1 || !strings.Contains(im.Flags[0], "no title") {
		t.Errorf("flags %q", im.Flags)
	}
}

func TestImportListsOfOthersStayText(t *testing.T) {
	im := imported(t, "a.md", "---\ntitle: x\n---\n## Timeline\n\n* 14:05 alert\n\nA paragraph.\n\n## Impact\n\nall\n")
	note := string(Format(im.Incident))
	if !strings.HasSuffix(note, "### Timeline\n\n* 14:05 alert\n\nA paragraph.\n\n## Impact\n\nall\n") || len(im.Flags) != 1 {
		t.Errorf("flags %q\n%s", im.Flags, note)
	}
}
