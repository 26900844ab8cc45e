package main

import (
	"cmp"
	"context"

	"github.com/urfave/cli/v2"

	"git-incident/journal/git"
	"git-incident/journal/store"
)

// app is one run of the program.
type app struct {
	process
	repo  *git.Repo
	store *store.Journal
	heard string // text that came by standard input
	piped []byte // other content that came by it

	literal bool  // the words are text, whatever they look like; see line
	wrote   bool  // something that somebody typed is on disk
	cramped error // why no file can be opened
	unheard error // why something did not reach standard output
}

// run runs the program and returns its exit code.
func run(ctx context.Context, p process) int {
	a := &app{process: p}
	c := a.cli()
	l, err := arrange(c, p.args, p.clock())
	a.literal = l.literal
	switch {
	case err == nil && l.help:
		a.print("%s", a.help(c, l.cmd))
	case err == nil:
		if a.cramped = enoughHandles(); a.cramped != nil {
			err = a.cramped
			break
		}
		err = c.RunContext(ctx, append([]string{c.Name}, l.args()...))
	}
	a.autosync()
	return a.report(cmp.Or(a.giveBack(ctx, l, err), a.unprinted()))
}

// Groups of the commands in the help.
const (
	during   = "While it happens"
	after    = "Afterwards"
	read     = "Reading"
	archive  = "The archive"
	together = "Together"
	around   = "Around it"
)

func (a *app) cli() *cli.App {
	return &cli.App{
		Name:     "git incident",
		HelpName: "git incident",
		Usage:    "an incident journal in your repository",
		Description: "Start with: git incident start <what you see>\n" +
			"Then:       git incident log <what you do>\n" +
			"Alone, git incident says what is open.",
		Writer: a.stdout, ErrWriter: a.stderr,
		HideVersion: true, HideHelp: true,
		DisableSliceFlagSeparator: true,
		Action:                    a.bare,
		OnUsageError:              usageError,
		ExitErrHandler:            func(*cli.Context, error) {},
		Commands: named(
			a.startCommand(), a.logCommand(), a.updateCommand(), a.breatheCommand(), a.whyCommand(),
			a.mitigateCommand(), a.resolveCommand(), a.attachCommand(),
			a.learnCommand(), a.editCommand(), a.shareCommand(),
			a.statusCommand(), a.listCommand(), a.showCommand(), a.searchCommand(),
			a.siteCommand(), a.serveCommand(), a.exportCommand(), a.importCommand(),
			a.syncCommand(), a.unshareCommand(), a.purgeCommand(), a.initCommand(), a.doctorCommand(), a.mergeDriverCommand(), a.demoCommand(), a.versionCommand(),
		),
	}
}

// named fills in what every command shares.
func named(commands ...*cli.Command) []*cli.Command {
	for _, c := range commands {
		c.OnUsageError = usageError
		c.HideHelp = true
	}
	return commands
}

func usageError(c *cli.Context, err error, _ bool) error {
	name := "git incident"
	if c.Command != nil && c.Command.Name != "" && c.Command.Name != c.App.Name {
		name += " " + c.Command.Name
	}
	return &problem{err: err, code: exitUsage, hints: []string{name + " -h"}}
}

// open gives the journal. What earlier commands left in the spool is not on it
// yet: a write takes it along, and what only reads calls flush first.
func (a *app) open(ctx context.Context) (*store.Journal, error) {
	if a.store != nil {
		return a.store, nil
	}
	repo, err := git.Open(ctx, a.dir, a.env)
	if err != nil {
		return nil, err
	}
	a.repo = repo
	j, err := store.Open(repo, a.now)
	if err != nil {
		return nil, err
	}
	a.store = j
	return j, nil
}
