package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"git-incident/journal"
)

// Flags that several commands share.
const (
	flagIncident = "incident"
	flagAt       = "at"
	flagBegan    = "began"
	flagSo       = "so"
	flagFrom     = "from"
	flagMask     = "mask"
	flagAllow    = "allow-secret"
	flagJSON     = "json"
)

func incidentFlag() cli.Flag {
	return &cli.StringFlag{Name: flagIncident, Aliases: []string{"i"}, Usage: "the incident, by any unique `PIECE` of its id; otherwise the open one"}
}

func draftFlag() cli.Flag {
	return &cli.StringFlag{Name: flagIncident, Aliases: []string{"i"}, Usage: "the draft, by any unique `PIECE` of its id; otherwise the only one"}
}

func sharedFlag() cli.Flag {
	return &cli.StringFlag{Name: flagIncident, Aliases: []string{"i"}, Usage: "the incident, by any unique `PIECE` of its id"}
}

func atFlag() cli.Flag {
	return &cli.StringFlag{Name: flagAt, Usage: "the `TIME` it was, if not now: -10m, 14:05, \"yesterday 14:05\", ~14:05 for about"}
}

func secretFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: flagMask, Usage: "write secrets as [masked]"},
		allowFlag(),
	}
}

func allowFlag() cli.Flag {
	return &cli.BoolFlag{Name: flagAllow, Usage: "write the text as it is, although it looks like it has a secret"}
}

func jsonFlag() cli.Flag {
	return &cli.BoolFlag{Name: flagJSON, Usage: "print JSON"}
}

// maxText is what one entry holds, in bytes. More is evidence and becomes an
// attachment.
const maxText = 32 << 10

// words is the text a person gave: the words of the command line, or standard
// input when the only word is "-". After -- it is a word like any other.
func (a *app) words(ctx context.Context, words []string) (string, error) {
	if a.literal || len(words) != 1 || words[0] != "-" {
		return journal.CleanText(join(words)), nil
	}
	text, err := a.hear(ctx)
	return journal.CleanText(text), err
}

// hear reads a text from standard input. What could be read is kept, so that it
// can be given back.
func (a *app) hear(ctx context.Context) (string, error) {
	if a.terminal.in && a.terminal.err {
		a.say("Type or paste. Ctrl-D on a line of its own ends it, Ctrl-C forgets it.")
	}
	b, err := io.ReadAll(io.LimitReader(a.input(ctx), journal.MaxAttachment+1))
	a.heard = string(b)
	if err != nil {
		return a.heard, fmt.Errorf("read standard input: %w", err)
	}
	if len(b) > journal.MaxAttachment {
		return a.heard, &problem{code: exitFailed,
			err:   errors.New("standard input has more than 10 MiB; nothing was written"),
			hints: []string{"<command> | tail -c 1M | git incident log -"}}
	}
	return a.heard, nil
}

// when reads a flag with a time; without the flag it is now.
func (a *app) when(c *cli.Context, flag string) (journal.When, error) {
	if !c.IsSet(flag) {
		return journal.When{Time: a.clock()}, nil
	}
	w, err := journal.ReadWhen(c.String(flag), a.clock())
	if err != nil {
		return w, &problem{err: fmt.Errorf("--%s: %w", flag, err), code: exitUsage}
	}
	return w, nil
}

// guard keeps secrets out of the journal. It returns the text to write: as it
// is, masked, or not at all.
func (a *app) guard(c *cli.Context, text string) (string, error) {
	found := journal.FindSecrets(text)
	switch {
	case len(found) == 0 || c.Bool(flagAllow):
		return text, nil
	case c.Bool(flagMask):
		return journal.MaskSecrets(text), nil
	}
	kinds := kindsOf(found)
	if a.terminal.in && a.terminal.err && a.askToMask(c.Context, kinds) {
		return journal.MaskSecrets(text), nil
	}
	return "", &problem{
		code:  exitDecide,
		err:   fmt.Errorf("this looks like it holds a secret (%s); nothing was written", kinds),
		hints: []string{"--mask          write it with the value masked", "--allow-secret  write it as it is"},
	}
}

func kindsOf(found []journal.Secret) string {
	var kinds []string
	seen := map[string]bool{}
	for _, s := range found {
		if !seen[s.Kind] {
			seen[s.Kind] = true
			kinds = append(kinds, s.Kind)
		}
	}
	return strings.Join(kinds, ", ")
}

// askToMask asks a person at the terminal. Leaving is no.
func (a *app) askToMask(ctx context.Context, kinds string) bool {
	fmt.Fprintf(a.stderr, "This looks like it holds a secret (%s). Write it with the value masked? [Y/n] ", kinds)
	answer, err := bufio.NewReader(a.input(ctx)).ReadString('\n')
	if err != nil {
		a.say("")
	}
	answer = strings.ToLower(strings.TrimSpace(answer))
	return err == nil && (answer == "" || answer == "y" || answer == "yes")
}
