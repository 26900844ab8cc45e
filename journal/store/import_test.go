package store

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"git-incident/journal"
)

// notes makes incidents as an import brings them: ids come from the source.
func notes(n int) []*journal.Incident {
	list := make([]*journal.Incident, n)
	for i := range list {
		day := noon.AddDate(0, 0, -i%1000)
		random := []byte{'s', 'o', byte(i / 1024 % 32), byte(i / 32 % 32), byte(i % 32), 1, 2, 3}
		title := fmt.Sprintf("Incident %d of many", i)
		list[i] = &journal.Incident{
			ID: journal.NewID(day, title, journal.Token(random)), Title: title, Kind: journal.KindIncident,
			Status: journal.StatusResolved, Visibility: journal.VisibilityTeam, Lead: "\n",
			Times:    journal.Times{Began: journal.When{Time: day}, Resolved: journal.When{Time: day.Add(time.Hour)}},
			Services: []string{"checkout", fmt.Sprint("service-", i%17)}, Factors: []string{"a factor"},
			Sections: []journal.Section{{Heading: journal.WhatHappened, Text: "\nIt went down, and then it came up again.\n\n"}, {Heading: journal.Timeline, Text: "\n"}},
			Timeline: []journal.Event{{ID: "9xq2kd", Rev: 1, At: journal.When{Time: day}, Text: "it began"}},
		}
	}
	return list
}

func none(int) {}

func TestImportIsOneCommitAndIdempotent(t *testing.T) {
	s := newRepo(t)
	id := started(t, s.open(), "ours")
	spooled(t, s.open(), logChange(id, "pending"))
	var seen []int
	in := notes(50)
	im := must(s.open().Import(t.Context(), append(in, in[7]), "import: 50 notes\n", noon, func(n int) { seen = append(seen, n) }))(t)
	if len(im.Added) != 50 || len(im.Present) != 1 || im.Commit.IsZero() || len(seen) != 51 || seen[50] != 51 {
		t.Errorf("%d added, %d present, %s", len(im.Added), len(im.Present), im.Commit)
	}
	if got := s.git("rev-list", "--count", "incidents"); got != "3" {
		t.Errorf("%s commits", got)
	}
	if got := texts(s, id); !slices.Equal(got, []string{"pending"}) {
		t.Errorf("%q", got)
	}
	renamed := *in[3]
	renamed.ID = "2020-01-01-the-title-changed-" + journal.ShortID(renamed.ID)
	again := must(s.open().Import(t.Context(), append(notes(50), &renamed), "import", noon, none))(t)
	if len(again.Added) != 0 || len(again.Present) != 51 || !again.Commit.IsZero() {
		t.Errorf("%+v", again)
	}
	if got := s.git("rev-list", "--count", "incidents"); got != "3" {
		t.Errorf("%s commits", got)
	}
	if list, warnings, err := s.open().List(t.Context()); err != nil || len(list) != 51 || len(warnings) != 0 {
		t.Errorf("%d, %v, %v", len(list), warnings, err)
	}
	s.fsck()
}

func TestImportRefusesWhatIsNoIncident(t *testing.T) {
	s := newRepo(t)
	bad := notes(2)
	bad[1].ID = "../../evil"
	if im, err := s.open().Import(t.Context(), bad, "import", noon, none); err == nil {
		t.Errorf("%+v", im)
	}
	if out, err := s.try("git", "rev-parse", "-q", "--verify", Branch); err == nil {
		t.Errorf("half an import: %s", out)
	}
}
