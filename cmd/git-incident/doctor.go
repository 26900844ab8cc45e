package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"git-incident/journal"
	"git-incident/journal/store"
)

func (a *app) doctorCommand() *cli.Command {
	return &cli.Command{
		Name: "doctor", Category: around, Usage: "prove that nothing that was written is missing",
		Description: "Compares the journal with its own history, with the spool, and with every ref that\n" +
			"may have more of it. Looks for refs, locks, notes and caches that are broken.\n" +
			"Without --fix nothing is changed. Exits with 0 when nothing is left to do.",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "fix", Usage: "put back what is missing, and mend what can be mended"},
			jsonFlag(),
		},
		Action: a.doctor,
	}
}

func (a *app) doctor(c *cli.Context) error {
	if c.NArg() > 0 {
		return usage("doctor takes no words: git incident doctor")
	}
	j, err := a.open(c.Context)
	if err != nil {
		return err
	}
	look := j.Examine
	if c.Bool("fix") {
		look = j.Repair
	}
	report, err := look(c.Context)
	if err != nil {
		return err
	}
	if c.Bool(flagJSON) {
		if err := a.printJSON(reportToJSON(report)); err != nil {
			return err
		}
	} else {
		a.printReport(report)
	}
	return unmended(report)
}

// maxFindings is how many findings somebody reads before they act.
const maxFindings = 20

func (a *app) printReport(r store.Report) {
	for _, f := range r.Findings[:min(len(r.Findings), maxFindings)] {
		a.printFinding(f)
	}
	if more := len(r.Findings) - maxFindings; more > 0 {
		a.print("And %d more; git incident doctor --json prints all of them.\n\n", more)
	}
	switch {
	case !r.Healthy():
	case r.Incidents == 0:
		a.print("Nothing is wrong: there is no incident yet.\n")
	default:
		a.print("Nothing is wrong: %s in %s, all of them there.\n", entries(r.Entries), plural(r.Incidents, "incident"))
	}
}

// printFinding prints what is the matter, what is safe, and the way out.
func (a *app) printFinding(f store.Finding) {
	text := f.Subject + ": " + f.Sentence
	way := f.Way
	if f.Fixed != "" {
		text, way = text+" Mended: "+f.Fixed, nil
	} else if f.Kept != "" {
		text += " " + f.Kept
	}
	text = journal.VisibleLine(text)
	if a.terminal.out {
		text = fold(text, a.width())
	}
	a.print("%s\n", text)
	for _, line := range way {
		a.print("  %s\n", journal.VisibleLine(line))
	}
	a.print("\n")
}

func entries(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}

// unmended is the problem of a report that leaves something to do.
func unmended(r store.Report) error {
	left, fixable := 0, 0
	for _, f := range r.Findings {
		if f.Fixed != "" {
			continue
		}
		left++
		if f.Fixable {
			fixable++
		}
	}
	if left == 0 {
		return nil
	}
	p := &problem{code: exitFailed, err: fmt.Errorf("%s to look at", plural(left, "finding"))}
	if fixable > 0 {
		p.hints = []string{fmt.Sprintf("git incident doctor --fix   # mends %d of %d", fixable, left)}
	}
	return p
}

type reportJSON struct {
	Healthy   bool          `json:"healthy"`
	Incidents int           `json:"incidents"`
	Entries   int           `json:"entries"`
	Findings  []findingJSON `json:"findings"`
}

type findingJSON struct {
	Kind     string   `json:"kind"`
	Subject  string   `json:"subject"`
	Sentence string   `json:"sentence"`
	Kept     string   `json:"kept,omitempty"`
	Way      []string `json:"way,omitempty"`
	Fixable  bool     `json:"fixable"`
	Fixed    string   `json:"fixed,omitempty"`
}

func reportToJSON(r store.Report) reportJSON {
	out := reportJSON{Healthy: r.Healthy(), Incidents: r.Incidents, Entries: r.Entries, Findings: []findingJSON{}}
	for _, f := range r.Findings {
		out.Findings = append(out.Findings, findingJSON{
			Kind: f.Kind, Subject: f.Subject, Sentence: f.Sentence, Kept: f.Kept,
			Way: f.Way, Fixable: f.Fixable, Fixed: f.Fixed,
		})
	}
	return out
}
