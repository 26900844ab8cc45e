package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"git-incident/journal"
)

// bare is git incident without a command that we know: the status, or a hint
// for what was mistyped. What was typed is in the hint, so that nothing is lost.
func (a *app) bare(c *cli.Context) error {
	if !c.Args().Present() {
		return a.status(c)
	}
	typed, words := c.Args().First(), c.Args().Tail()
	p := &problem{code: exitUsage, err: fmt.Errorf("%q is not a command of git incident; nothing was written", typed)}
	if text := join(c.Args().Slice()); strings.Contains(text, "\n") {
		p.kept = text
	}
	name := meantCommand(c.App, strings.ToLower(typed))
	switch {
	case name != "":
		p.hints = []string{strings.TrimSpace("git incident " + name + " " + shellQuote(words...))}
	case a.isShortID(c, typed) && len(words) == 0:
		p.hints = []string{"git incident show " + typed, "git incident edit " + typed, "git incident log -i " + typed + " <what you see or do>"}
	case a.isShortID(c, typed):
		p.hints = []string{"git incident log -i " + typed + " " + shellQuote(words...)}
	default:
		all := shellQuote(c.Args().Slice()...)
		p.hints = []string{"git incident start " + all, "git incident log " + all}
	}
	return p
}

// otherWords are what people call the commands, after other tools and by how it
// feels. They are hints and no aliases: one word per thing.
var otherWords = map[string]string{
	"new": "start", "begin": "start", "create": "start", "open": "start", "declare": "start", "report": "start",
	"note": "log", "add": "log", "write": "log", "say": "log", "comment": "log", "record": "log", "append": "log",
	"tell": "update", "notify": "update", "announce": "update", "post": "update",
	"pause": "breathe", "panic": "breathe",
	"because": "why", "cause": "why",
	"stop": "mitigate", "contain": "mitigate",
	"close": "resolve", "end": "resolve", "finish": "resolve", "done": "resolve", "fixed": "resolve", "solved": "resolve",
	"upload": "attach", "file": "attach", "screenshot": "attach",
	"lesson": "learn", "learning": "learn", "lessons": "learn", "learned": "learn",
	"rename": "edit", "retitle": "edit", "title": "edit", "delete": "edit", "remove": "edit", "rm": "edit",
	"publish": "share", "undraft": "share",
	"unpublish": "unshare", "redact": "purge", "scrub": "purge", "forget": "purge",
	"st": "status", "current": "status",
	"ls": "list", "all": "list", "history": "list",
	"view": "show", "cat": "show", "read": "show", "print": "show",
	"find": "search", "grep": "search",
	"build": "site", "html": "site", "web": "serve", "browse": "serve",
	"json": "export", "dump": "export",
}

// meantCommand is the command that typed is a slip of, the beginning of, or
// another word for; "" when nobody can tell.
func meantCommand(app *cli.App, typed string) string {
	var names []string
	for _, c := range app.Commands {
		names = append(names, c.Name)
	}
	if name := otherWords[typed]; name != "" {
		return name
	}
	if name := closest(names, typed); name != "" {
		return name
	}
	names = slices.DeleteFunc(names, func(n string) bool { return len(typed) < 2 || !strings.HasPrefix(n, typed) })
	if len(names) == 1 {
		return names[0]
	}
	return ""
}

// isShortID reports whether typed is how people name an incident that is there.
func (a *app) isShortID(c *cli.Context, typed string) bool {
	j, err := a.open(c.Context)
	if err != nil {
		return false
	}
	s, err := j.Find(c.Context, typed)
	return err == nil && (s.ID == typed || journal.ShortID(s.ID) == typed)
}
