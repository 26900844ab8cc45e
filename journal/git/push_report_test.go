package git

import (
	"strings"
	"testing"
)

func TestParsePush(t *testing.T) {
	const ref = "refs/heads/incidents"
	for line, want := range map[string]PushResult{
		" \tabc:" + ref + "\tabc..def":                                                        {ref, Pushed, ""},
		"*\tabc:" + ref + "\t[new branch]":                                                    {ref, Pushed, ""},
		"=\tabc:" + ref + "\t[up to date]":                                                    {ref, Pushed, ""},
		"+\tabc:" + ref + "\tabc...def (forced update)":                                       {ref, Pushed, ""},
		"-\t:" + ref + "\t[deleted]":                                                          {ref, Pushed, ""},
		"!\tabc:" + ref + "\t[rejected] (fetch first)":                                        {ref, Stale, "fetch first"},
		"!\tabc:" + ref + "\t[rejected] (non-fast-forward)":                                   {ref, Stale, "non-fast-forward"},
		"!\tabc:" + ref + "\t[rejected] (stale info)":                                         {ref, Stale, "stale info"},
		"!\tabc:" + ref + "\t[rejected] (needs force)":                                        {ref, Refused, "needs force"},
		"!\tabc:" + ref + "\t[remote rejected] (non-fast-forward)":                            {ref, Refused, "non-fast-forward"},
		"!\tabc:" + ref + "\t[remote rejected] (failed to update ref)":                        {ref, Stale, "failed to update ref"},
		"!\tabc:" + ref + "\t[remote rejected] (cannot lock ref 'x': is at a but expected b)": {ref, Stale, "cannot lock ref 'x': is at a but expected b"},
		"!\tabc:" + ref + "\t[remote rejected] (incorrect old value provided)":                {ref, Stale, "incorrect old value provided"},
		"!\tabc:" + ref + "\t[remote rejected] (protected branch hook declined)":              {ref, Refused, "protected branch hook declined"},
		"!\tabc:" + ref + "\t[remote rejected] (shallow update not allowed)":                  {ref, Refused, "shallow update not allowed"},
		"!\tabc:" + ref + "\t[remote rejected] (odd ) \x1b[2J\ttext)":                         {ref, Refused, "odd ) \x1b[2J\ttext"},
		"!\tabc:" + ref + "\t[remote rejected]":                                               {ref, Refused, ""},
		"!\tabc:" + ref + "\t[remote failure] (remote failed to report status)":               {},
		"!\tabc:" + ref + "\t[remote rejected] (unpacker error)":                              {},
		"!\tabc:refs/heads/../x\t[rejected] (fetch first)":                                    {},
		"?\tabc:" + ref + "\t[odd]":                                                           {},
		"Done":                                                                                {},
		"To /x\ty\tz":                                                                         {},
	} {
		got := parsePush("To somewhere\n" + line + "\nDone\n")
		if want.Name == "" {
			if len(got) != 0 {
				t.Errorf("%q: %+v", line, got)
			}
			continue
		}
		if len(got) != 1 || got[ref] != want {
			t.Errorf("%q: %+v, want %+v", line, got, want)
		}
	}
}

// TestWorstAnswerCounts is about a remote with several push URLs.
func TestWorstAnswerCounts(t *testing.T) {
	good, stale, bad, unheard := " \ta:refs/x\tb..c\n", "!\ta:refs/x\t[rejected] (fetch first)\n",
		"!\ta:refs/x\t[remote rejected] (no)\n", "!\ta:refs/x\t[remote failure] (remote failed to report status)\n"
	for report, want := range map[string]PushStatus{
		good + stale: Stale, stale + good: Stale, bad + stale + good: Refused, good + bad: Refused, good + good: Pushed,
	} {
		if got := parsePush(report)["refs/x"]; got.Status != want {
			t.Errorf("%q: %+v", report, got)
		}
	}
	for _, report := range []string{good + unheard, unheard + good} {
		if got := parsePush(report); len(got) != 0 {
			t.Errorf("%q: %+v", report, got)
		}
	}
}

func FuzzParsePush(f *testing.F) {
	f.Add(" \ta:refs/heads/x\tb..c\n!\ta:refs/heads/y\t[remote rejected] (hook declined)\n")
	f.Add("!\t:refs/x\t[rejected] (stale info)\n=\ta:refs/x\t[up to date]\n")
	f.Add("!\ta:refs/x\t[] (\n?\t:\t\n")
	f.Fuzz(func(t *testing.T, report string) {
		results := parsePush(report)
		if len(results) > strings.Count(report, "\t")/2 {
			t.Errorf("more results than lines: %+v", results)
		}
		for name, r := range results {
			if r.Name != name || !validRef(name) || !strings.Contains(report, name) {
				t.Errorf("a result for %q: %+v", name, r)
			}
			if r.Status < Pushed || r.Status > Refused || r.Status == Pushed && r.Reason != "" || !strings.Contains(report, r.Reason) {
				t.Errorf("%+v", r)
			}
		}
		// One more answer never makes anything better.
		for name, r := range parsePush(report + "\n \ta:refs/x\tb..c\n") {
			if before, was := results[name]; was && r.Status < before.Status {
				t.Errorf("%+v became %+v", before, r)
			}
		}
	})
}
