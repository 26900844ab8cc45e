package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"git-incident/journal"
)

// mergeProgram is how git calls this program.
const mergeProgram = "git-incident"

func (a *app) mergeDriverCommand() *cli.Command {
	return &cli.Command{
		Name: "merge-driver", Category: around, Usage: "unite two versions of a note; git merge calls it",
		ArgsUsage: "BASE OURS THEIRS",
		Description: "Writes the merged note to OURS. A note that cannot be read is left alone, with\n" +
			"exit code 1; then git merges lines.",
		Action: a.mergeDriver,
	}
}

func (a *app) mergeDriver(c *cli.Context) error {
	if c.NArg() != 3 {
		return usage("name three files: git incident merge-driver <base> <ours> <theirs>")
	}
	base, err := a.readVersion(c.Args().Get(0))
	if errors.Is(err, errVersion) {
		base = nil // as if there were none
	} else if err != nil {
		return err
	}
	ours, err := a.readVersion(c.Args().Get(1))
	if err != nil {
		return err
	}
	theirs, err := a.readVersion(c.Args().Get(2))
	if err != nil {
		return err
	}
	merged := journal.Format(journal.Merge(base, ours, theirs))
	if _, err := journal.Parse(merged); err != nil {
		return fmt.Errorf("the two versions do not fit into one note: %w", err)
	}
	return replaceFile(a.path(c.Args().Get(1)), merged)
}

// replaceFile writes a file whole or not at all: git goes on with what is there.
func replaceFile(file string, content []byte) error {
	temp := file + ".incident"
	err := os.WriteFile(temp, content, 0o666)
	if err == nil {
		err = os.Rename(temp, file)
	}
	if err != nil {
		_ = os.Remove(temp)
	}
	return err
}

var errVersion = errors.New("not a note that can be read")

func (a *app) readVersion(file string) (*journal.Incident, error) {
	text, err := os.ReadFile(a.path(file))
	if err != nil {
		return nil, err
	}
	inc, err := journal.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s is %w: %w", file, errVersion, err)
	}
	return inc, nil
}
