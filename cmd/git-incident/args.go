package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"git-incident/journal"
)

// line is what a person typed after git incident, sorted: the flags of a command
// before its words, so that flags may stand anywhere. urfave/cli stops at the
// first word.
//
// A command whose words are text takes as a flag only what is one of its flags
// to the letter: rm -rf /tmp/x and --force are what somebody did, and belong in
// the log. Before the first word, and where a long flag is one slip away, it is
// an error, so that a mistyped flag does not end in the text. After -- everything
// is text.
type line struct {
	cmd   *cli.Command // nil when the first word is none
	now   time.Time
	typed []string // after the command
	flags []string
	words []string
	inner bool // a flag stands after the first word
	help  bool

	// literal says that a -- stands before the words, so that the first of them is
	// neither an id nor the - of standard input.
	literal bool
}

// arrange sorts the arguments of the program.
func arrange(app *cli.App, args []string, now time.Time) (*line, error) {
	if i := slices.IndexFunc(args, func(arg string) bool { return app.Command(arg) != nil }); i > 0 && strings.HasPrefix(args[0], "-") {
		args = slices.Concat(args[i:i+1], args[:i], args[i+1:]) // flags stand anywhere, before the command too
	}
	l := &line{now: now, words: args}
	switch {
	case len(args) == 0:
		return l, nil
	case isHelp(args[0]):
		l.help = true
		return l, nil
	case args[0] == "help":
		l.help, l.cmd = len(args) == 1 || app.Command(args[1]) != nil, app.Command(args[min(1, len(args)-1)])
		l.words = args[1:]
		return l, nil
	case args[0] == "--version":
		args = slices.Concat([]string{"version"}, args[1:])
	case args[0] == "--"+flagJSON:
		args = slices.Concat([]string{"status"}, args)
	}
	if l.cmd = app.Command(args[0]); l.cmd == nil {
		return l, nil
	}
	l.typed, l.words = args[1:], nil
	err := l.sort(args[1:])
	if err == nil && !l.help && len(l.words) > 0 && l.cmd.ArgsUsage == "" {
		err = l.tooMany()
	}
	return l, err
}

func isHelp(arg string) bool { return arg == "-h" || arg == "-help" || arg == "--help" }

// args are the arguments as urfave/cli reads them.
func (l *line) args() []string {
	if l.cmd == nil {
		return append([]string{"--"}, l.words...)
	}
	args := append([]string{l.cmd.Name}, l.flags...)
	if len(l.words) == 0 {
		return args
	}
	return append(append(args, "--"), l.words...)
}

// anyWords is the ArgsUsage of a command whose words are text.
const anyWords = "WORDS..."

// oneID is the ArgsUsage of a command that takes an incident.
const oneID = "[ID]"

func (l *line) isText() bool { return l.cmd != nil && strings.HasSuffix(l.cmd.ArgsUsage, anyWords) }

// endsInDash reports whether the text comes by standard input.
func (l *line) endsInDash() bool {
	typed := l.typed
	if l.cmd == nil {
		typed = l.words
	}
	return !l.literal && len(typed) > 0 && typed[len(typed)-1] == "-"
}

// text is what was said, for giving it back.
func (l *line) text() string {
	text := join(l.words)
	for _, f := range l.flags {
		if so, ok := strings.CutPrefix(f, "--"+flagSo+"="); ok {
			text += "\n→ " + so
		}
	}
	return text
}

func (l *line) sort(args []string) error {
	for len(args) > 0 {
		arg := args[0]
		name, _, hasValue := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		flag := l.flag(arg)
		switch {
		case arg == "--":
			l.literal = len(l.words) == 0
			l.words = append(l.words, args[1:]...)
			return nil
		case !strings.HasPrefix(arg, "-") || arg == "-":
			l.words = append(l.words, arg)
		case isHelp(arg) && (len(l.words) == 0 || !l.isText()):
			l.help = true
			return nil
		case flag == nil && l.isText() && len(l.words) == 0 && (arg == "-m" || arg == "--message"):
			// The fingers know it from git commit. Here the words need no flag.
		case flag == nil:
			if err := l.unknown(arg, args[1:]); err != nil {
				return err
			}
			l.words = append(l.words, arg)
		case isBool(flag) && hasValue && l.cmd.Name == "purge":
			return usage("--%s takes no value; nothing was changed", name) // the value may be the secret
		case isBool(flag) || hasValue:
			l.inner = l.inner || len(l.words) > 0
			l.flags = append(l.flags, arg)
		default:
			l.inner = l.inner || len(l.words) > 0
			n := l.values(flag, args[1:])
			if n == 0 {
				return l.problem(fmt.Errorf("--%s needs a value after it; nothing was written", name))
			}
			l.flags = append(l.flags, "--"+flag.Names()[0]+"="+strings.Join(args[1:1+n], " "))
			args = args[n:]
		}
		args = args[1:]
	}
	return nil
}

// flag is the flag that an argument names, nil when it names none.
func (l *line) flag(arg string) cli.Flag {
	name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	dashes := "--"
	if len(name) == 1 {
		dashes = "-"
	}
	if !strings.HasPrefix(arg, dashes+name) {
		return nil
	}
	for _, f := range l.cmd.Flags {
		if slices.Contains(f.Names(), name) {
			return f
		}
	}
	return nil
}

func isBool(f cli.Flag) bool {
	_, ok := f.(*cli.BoolFlag)
	return ok
}

// longestTime is how many words a time has at most: "yesterday at 2:05 pm".
const longestTime = 4

// values is how many arguments belong to a flag: a sentence goes up to the next
// flag, a time as far as it makes sense.
func (l *line) values(f cli.Flag, args []string) int {
	if len(args) == 0 {
		return 0
	}
	switch f.Names()[0] {
	case flagSo:
		n := 1
		for n < len(args) && args[n] != "--" && l.flag(args[n]) == nil {
			n++
		}
		return n
	case flagAt, flagBegan:
		for n := min(longestTime, len(args)); n > 1; n-- {
			if l.isTime(strings.Join(args[:n], " ")) {
				return n
			}
		}
	}
	return 1
}

func (l *line) isTime(s string) bool {
	_, err := journal.ReadWhen(s, l.now)
	return err == nil
}
