package main

import (
	"fmt"
	"slices"
	"strings"
)

// tooMany is the error for words after a command that takes none.
func (l *line) tooMany() *problem {
	p := l.problem(fmt.Errorf("git incident %s takes no words; nothing was written", l.cmd.Name))
	p.kept = join(l.words)
	switch words := shellQuote(l.words...); l.cmd.Name {
	case "status":
		p.hints = append(p.hints, "git incident update "+words, "git incident log "+words)
	case "list":
		p.hints = append(p.hints, "git incident search "+words)
	}
	return p
}

// unknown decides about an argument that looks like a flag and is none; rest is
// what stands after it.
func (l *line) unknown(arg string, rest []string) error {
	name, _, _ := strings.Cut(arg, "=")
	if l.isText() && strings.ContainsAny(name, " \t\n") {
		return nil // a quoted sentence, or a list that was pasted
	}
	meant := l.meant(arg)
	if l.isText() && len(l.words) > 0 && meant == nil {
		return nil
	}
	p := l.problem(fmt.Errorf("%s is not a flag of git incident %s; nothing was written", arg, l.cmd.Name))
	if before := l.typed[:len(l.typed)-len(rest)-1]; meant != nil {
		p.notes = []string{"Did you mean " + meant[0] + "?"}
		p.hints = []string{l.command(before, meant, rest)}
	} else if l.isText() {
		p.notes = []string{"To write it as text, put -- before it:"}
		p.hints = []string{l.command(before, []string{"--", arg}, rest)}
	}
	l.words = nil // the hint has them
	return p
}

// meant is what arg is a slip of, nil when nobody can tell.
func (l *line) meant(arg string) []string {
	if strings.HasPrefix(arg, "-") && !strings.HasPrefix(arg, "--") {
		if l.flag("--"+flagAt) != nil && len(l.words) == 0 && l.isTime(arg) {
			return []string{"--" + flagAt, arg}
		}
		arg = "-" + arg // -at for --at
	}
	if len(arg) < len("--at") {
		return nil
	}
	var names []string
	for _, f := range l.cmd.Flags {
		names = append(names, f.Names()...)
	}
	name, value, hasValue := strings.Cut(arg[2:], "=")
	if name = closest(names, name); name == "" {
		return nil
	}
	if hasValue {
		name += "=" + value
	}
	return []string{"--" + name}
}

// command is the same command with other arguments.
func (l *line) command(args ...[]string) string {
	return "git incident " + l.cmd.Name + " " + shellQuote(slices.Concat(args...)...)
}

func (l *line) problem(err error) *problem {
	return &problem{err: err, code: exitUsage, hints: []string{"git incident " + l.cmd.Name + " -h"}}
}
