package site

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"git-incident/journal"
)

// generated is an archive of n stories of ordinary size.
func generated(n int) Archive {
	a := Archive{Tip: "4f2c1d9e0b8a", Updated: fixed}
	for i := range n {
		day := fixed.AddDate(0, 0, -i)
		title := fmt.Sprintf("The queue number %d was full of retries", i)
		inc := &journal.Incident{
			ID: journal.NewID(day, title, journal.Token([]byte{byte(i), byte(i >> 5), byte(i >> 10), 7})), Title: title,
			Kind: journal.KindIncident, Status: journal.StatusResolved, NoticedBy: journal.NoticedByAlert,
			Times:    journal.Times{Began: journal.When{Time: day, About: true}, Resolved: journal.When{Time: day.Add(time.Hour)}},
			Services: []string{"queue", fmt.Sprintf("worker-%d", i%7)}, Factors: []string{"retry-without-limit"},
		}
		inc.Sections = []journal.Section{
			{Heading: journal.WhatWeBelieved, Text: "\nThat a retry is free. It is not, see `retry.go` and the [manual](https://example.org/manual/" + title[:9] + ").\n\n"},
			{Heading: journal.WhatHappened, Text: "\n" + strings.Repeat("A worker took a job, failed, and put it back *at the front*, where the next one took it. ", 12) +
				"\n\n- first it was slow\n- then it stood still\n\n```go\nfor {\n\tif err := work(); err != nil {\n\t\tqueue.Push(job) // nothing ever stops this\n\t}\n}\n```\n\n| minute | jobs |\n|--:|--:|\n| 0 | 12 |\n| 9 | 40 000 |\n\n"},
			{Heading: journal.Timeline, Text: "\n"},
			{Heading: journal.ChainOfProblems, Text: "\n"},
			{Heading: journal.WhySurprised, Text: "\nThe graph of the queue was flat, because it showed *new* jobs.\n\n"},
			{Heading: journal.Learnings, Text: "\n"},
		}
		for j := range 8 {
			inc.Timeline = append(inc.Timeline, journal.Event{
				ID: fmt.Sprintf("ev%04d", j), Rev: 1, At: journal.When{Time: day.Add(time.Duration(j) * 7 * time.Minute)},
				Text: fmt.Sprintf("looked at `worker-%d` and saw the same job for the %dth time", i%7, j+1),
			})
		}
		for j := range 3 {
			inc.Chain = append(inc.Chain, journal.Problem{ID: fmt.Sprintf("pr%04d", j), Rev: 1, Text: "a job had no end to its retries"})
		}
		inc.Learnings = []journal.Learning{{ID: "le0001", Rev: 1, Text: "A retry needs a limit and a place to give up in", Consequences: []journal.Consequence{
			{Text: "a limit of five", State: journal.ConsequenceDone, Detail: "1f0c9ab"}, {Text: "a graph of old jobs"},
		}}}
		a.Stories = append(a.Stories, Story{Incident: inc})
	}
	return a
}

// BenchmarkBuild1000 builds a site of 1,000 stories into a new folder.
func BenchmarkBuild1000(b *testing.B) {
	a := generated(1000)
	for i := 0; b.Loop(); i++ {
		if _, err := Build(context.Background(), filepath.Join(b.TempDir(), fmt.Sprint(i)), a, Config{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRebuild1000 builds the same site again over itself.
func BenchmarkRebuild1000(b *testing.B) {
	a := generated(1000)
	dir := filepath.Join(b.TempDir(), "site")
	for b.Loop() {
		if _, err := Build(context.Background(), dir, a, Config{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStory renders one page.
func BenchmarkStory(b *testing.B) {
	a := generated(3)
	bd := &builder{plan: newPlan(a), info: newInfo(Config{}, a)}
	e := bd.plan.stories[1]
	t := newTelling(bd.plan, e, nil)
	for b.Loop() {
		newStoryPage(bd, 1, t)
	}
}
