package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"git-incident/journal"
)

// entry is what the commands that add one text have in common.
type entry struct {
	target
	text string
	at   journal.When
}

func (a *app) entry(c *cli.Context, otherwise string) (entry, error) {
	t, err := a.target(c)
	if err != nil {
		return entry{}, err
	}
	text, err := a.words(c.Context, t.words)
	if err == nil {
		text, err = a.guard(c, text)
	}
	if err != nil {
		return entry{}, err
	}
	if text == "" {
		text = otherwise
	}
	at, err := a.when(c, flagAt)
	return entry{t, text, at}, err
}

// shorten keeps a text that is too long for an item as an attachment of the
// change. It returns what the item with this id says, and the attachment.
func shorten(change *journal.Change, id, text string) (string, map[string][]byte) {
	if len(text) <= maxText {
		return text, nil
	}
	name := change.Verb + "-" + id + ".txt"
	change.Attach = []journal.Attachment{{Name: name}}
	lines := strings.Count(text, "\n") + 1
	return fmt.Sprintf("%s\n\n[%s](%s) has all of it, %s.", journal.Ellipsis(firstLine(text), 200), name, name, plural(lines, "line")),
		map[string][]byte{name: []byte(text + "\n")}
}
