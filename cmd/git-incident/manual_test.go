package main

import (
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// TestManual holds the manual page to the program: every command under its
// heading with every flag it has, every flag explained, and no others.
func TestManual(t *testing.T) {
	page, err := os.ReadFile("git-incident.1")
	if err != nil {
		t.Fatal(err)
	}
	m := readManual(t, string(page))
	explained := map[string]bool{"--help": true, "-h": true}
	var want []manualCommand
	for _, group := range groups {
		for _, c := range (&app{}).cli().Commands {
			if c.Category == group {
				want = append(want, manualCommand{group, c.Name, shownFlags(c)})
			}
			for _, f := range c.Flags {
				for _, n := range f.Names() {
					explained[dashed(n)] = true
				}
			}
		}
	}
	if len(m.commands) != len(want) {
		t.Errorf("the page has %d commands, the program %d", len(m.commands), len(want))
	}
	for i, c := range want {
		if i < len(m.commands) && !c.equal(m.commands[i]) {
			t.Errorf("command %d\n in the page: %v\nthe program: %v", i+1, m.commands[i], c)
		}
	}
	if got, want := slices.Sorted(maps.Keys(m.explained)), slices.Sorted(maps.Keys(explained)); !slices.Equal(got, want) {
		t.Errorf("flags explained\n in the page: %v\nthe program: %v", got, want)
	}
	if strings.Contains(string(page), "!") {
		t.Error("the page shouts")
	}
}

// TestManualIsWellFormed asks the programs that will show the page.
func TestManualIsWellFormed(t *testing.T) {
	for _, tool := range [][]string{
		{"mandoc", "-Tlint", "-Wwarning", "git-incident.1"},
		{"groff", "-ww", "-mdoc", "-Tutf8", "-z", "git-incident.1"},
	} {
		need(t, tool[0])
		if out, err := exec.Command(tool[0], tool[1:]...).CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%s: %v\n%s", strings.Join(tool, " "), err, out)
		}
	}
}

// manual is what a page in mdoc says about commands and flags.
type manual struct {
	commands  []manualCommand
	explained map[string]bool // flags that are an item of a list, with dashes
}

type manualCommand struct {
	group, name string
	flags       []string // one name of each, sorted
}

func (c manualCommand) equal(d manualCommand) bool {
	return c.group == d.group && c.name == d.name && slices.Equal(c.flags, d.flags)
}

// shownFlags are the flags of a command as its line in the page has them: by
// their short name if they have one.
func shownFlags(c *cli.Command) []string {
	var names []string
	for _, f := range c.Flags {
		shortest := slices.MinFunc(f.Names(), func(a, b string) int { return len(a) - len(b) })
		names = append(names, dashed(shortest))
	}
	slices.Sort(names)
	return names
}

func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

func readManual(t *testing.T, page string) manual {
	t.Helper()
	m := manual{explained: map[string]bool{}}
	section, group, inHead := "", "", false
	for line := range strings.Lines(page) {
		words := strings.Fields(line)
		if len(words) == 0 || !strings.HasPrefix(line, ".") {
			continue
		}
		rest := strings.TrimSpace(line[len(words[0]):])
		switch {
		case words[0] == ".Sh":
			section, group = rest, ""
		case words[0] == ".Ss":
			group = rest
		case words[0] == ".Xc":
			inHead = false
		case section == "COMMANDS" && len(words) > 1 && words[len(words)-1] == "Xo":
			inHead = true
		case section == "COMMANDS" && (inHead && words[0] == ".Cm" || strings.HasPrefix(line, ".It Cm ")):
			m.commands = append(m.commands, manualCommand{group: group, name: words[len(words)-1]})
		case inHead && len(m.commands) > 0:
			c := &m.commands[len(m.commands)-1]
			c.flags = append(c.flags, macroFlags(words)...)
			slices.Sort(c.flags)
		case words[0] == ".It":
			for _, f := range macroFlags(words) {
				if m.explained[f] {
					t.Errorf("%s is explained twice", f)
				}
				m.explained[f] = true
			}
		}
	}
	return m
}

// macroFlags finds "Fl Fl at" and "Fl q" in a line of mdoc.
func macroFlags(words []string) (flags []string) {
	dashes := ""
	for _, w := range words {
		switch {
		case w == "Fl":
			dashes += "-"
		case dashes != "":
			flags = append(flags, dashes+w)
			dashes = ""
		}
	}
	return flags
}
