package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"
)

// groups are the headings of the help, in the order in which people need them.
var groups = []string{during, after, read, archive, together, around}

// help is that of a command, or of the program when cmd is nil.
func (a *app) help(c *cli.App, cmd *cli.Command) string {
	if cmd == nil {
		return fold(appHelp(c), a.width())
	}
	return fold(commandHelp(cmd, a.width()), a.width())
}

// appHelp is short on purpose: the manual page has the rest.
func appHelp(app *cli.App) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s - %s\n\n%s\n", app.HelpName, app.Usage, app.Description)
	for _, g := range groups {
		fmt.Fprintf(&b, "\n%s:\n", g)
		for _, c := range app.Commands {
			if c.Category == g {
				fmt.Fprintf(&b, "  %-12s %s\n", c.Name, c.Usage)
			}
		}
	}
	b.WriteString("\nMore about one: git incident <command> -h\n" +
		"Everything:     git incident --help   (the manual page, once installed)\n")
	return b.String()
}

func commandHelp(cmd *cli.Command, width int) string {
	var b strings.Builder
	name := "git incident " + cmd.Name
	fmt.Fprintf(&b, "%s - %s\n\n  %s", name, cmd.Usage, name)
	if len(cmd.Flags) > 0 {
		b.WriteString(" [flags]")
	}
	if cmd.ArgsUsage != "" {
		b.WriteString(" " + cmd.ArgsUsage)
	}
	b.WriteString("\n")
	if cmd.Description != "" {
		fmt.Fprintf(&b, "\n%s\n", cmd.Description)
	}
	if len(cmd.Flags) > 0 {
		b.WriteString("\nFlags, which may stand anywhere:\n")
	}
	for _, f := range cmd.Flags {
		b.WriteString(flagHelp(f, width) + "\n")
	}
	return b.String()
}

// flagColumn is where the words about a flag begin, in cells.
const flagColumn = 22

// flagHelp is a flag and what it is for. The name of its value stands in back
// quotes in the usage.
func flagHelp(f cli.Flag, width int) string {
	usage := f.(cli.DocGenerationFlag).GetUsage()
	names := ""
	for _, n := range f.Names() {
		if len(n) == 1 {
			names = "-" + n + ", " + names
		} else {
			names += "--" + n
		}
	}
	if parts := strings.SplitN(usage, "`", 3); len(parts) == 3 {
		names += " " + parts[1]
		usage = strings.Join(parts, "")
	}
	first, rest := pad("  "+names, flagColumn)+"  ", strings.Repeat(" ", flagColumn+2)
	if len(first) > flagColumn+2 {
		return wrap("", width, first, "") + "\n" + wrap(usage, width, rest, rest)
	}
	return wrap(usage, width, first, rest)
}
