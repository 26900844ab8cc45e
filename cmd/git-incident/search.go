package main

import (
	"errors"
	"strings"

	"github.com/urfave/cli/v2"

	"git-incident/journal"
	"git-incident/journal/store"
)

func (a *app) searchCommand() *cli.Command {
	return &cli.Command{
		Name: "search", Category: read, Usage: "the incidents in which all of these words stand",
		ArgsUsage: "WORD...",
		Flags:     []cli.Flag{jsonFlag()},
		Action:    a.search,
	}
}

var errNothingFound = errors.New("no incident has all of these words")

// match is one incident that a search found.
type match struct {
	summaryJSON
	Lines []string `json:"lines"` // of the note below its title, those with one of the words

	summary journal.Summary
}

func (a *app) search(c *cli.Context) error {
	words := strings.Fields(strings.ToLower(join(c.Args().Slice())))
	if len(words) == 0 {
		return usage("say what to look for: git incident search <words>")
	}
	j, err := a.open(c.Context)
	if err != nil {
		return err
	}
	a.flush(c.Context)
	notes, _, err := j.All(c.Context, true)
	if err != nil {
		return err
	}
	found := a.matches(notes, words)
	if err := a.printMatches(c, found); err != nil {
		return err
	}
	if len(found) == 0 {
		return &problem{code: exitNotFound, err: errNothingFound, hints: []string{"git incident list"}}
	}
	return nil
}

func (a *app) printMatches(c *cli.Context, found []match) error {
	if c.Bool(flagJSON) {
		return a.printJSON(found)
	}
	var list []journal.Summary
	for _, m := range found {
		list = append(list, m.summary)
	}
	width := idColumn(list)
	for _, m := range found {
		a.print("%s\n", a.listLine(m.summary, width))
		for _, l := range m.Lines[:min(len(m.Lines), maxMatchLines)] {
			a.print("      %s\n", style(a.colour(a.terminal.out), "2", cut(journal.VisibleLine(l), a.width()-6)))
		}
	}
	return nil
}

// maxMatchLines is how many lines of an incident a search shows.
const maxMatchLines = 3

func (a *app) matches(notes []store.Note, words []string) []match {
	byID := map[string]match{}
	var list []journal.Summary
	for _, n := range notes {
		text := strings.ToLower(n.ID + "\n" + string(n.Raw))
		if !containsAll(text, words) {
			continue
		}
		s := journal.Summary{ID: n.ID, Draft: n.Draft}
		if n.Incident != nil {
			s = journal.Summarize(n.Incident)
			s.Draft = n.Draft
		} else {
			s.Unreadable = n.Err.Error()
		}
		byID[s.ID] = match{summaryJSON: a.summariesJSON([]journal.Summary{s})[0], Lines: linesWith(string(n.Raw), words), summary: s}
		list = append(list, s)
	}
	journal.NewestFirst(list)
	found := make([]match, 0, len(list))
	for _, s := range list {
		found = append(found, byID[s.ID])
	}
	return found
}

func containsAll(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

func linesWith(note string, words []string) []string {
	lines := []string{}
	for l := range strings.SplitSeq(note, "\n") {
		l, _, _ = strings.Cut(l, "<!-- ")
		lower := strings.ToLower(l)
		for _, w := range words {
			if strings.Contains(lower, w) && !strings.HasPrefix(l, "title: ") {
				lines = append(lines, strings.TrimSpace(l))
				break
			}
		}
	}
	return lines
}
