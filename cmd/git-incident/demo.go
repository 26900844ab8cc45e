package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"git-incident/journal"
	"git-incident/journal/git"
)

func (a *app) demoCommand() *cli.Command {
	return &cli.Command{
		Name: "demo", Category: around, Usage: "a tour in a throw-away repository",
		Description: "Makes a repository in the temporary directory, tells three incidents in it, and\n" +
			"shows the archive in a browser. Your own repositories are not touched.",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "no-serve", Usage: "build the archive and print its folder"},
			&cli.IntFlag{Name: "port", Usage: "listen on port `N`; 0 takes any that is free"},
		},
		Action: a.demo,
	}
}

// demoStep is one command of the tour, some time after the one before.
type demoStep struct {
	after time.Duration
	args  []string
	from  string // what a person pipes into it, with the pipe
	stdin string
	prose [][2]string // headings and texts that a person writes in the editor
}

func (a *app) demo(c *cli.Context) error {
	dir, err := os.MkdirTemp("", "git-incident-demo-")
	if err != nil {
		return fmt.Errorf("make a throw-away repository: %w", err)
	}
	env := append(a.env,
		"GIT_COMMITTER_NAME=Demo", "GIT_COMMITTER_EMAIL=demo@example.com",
		"GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
	if err := git.Init(c.Context, dir, env); err != nil {
		return err
	}
	a.say("A throw-away repository: %s", dir)
	d := demo{app: a, dir: dir, env: env}
	if err := d.tell(c.Context); err != nil {
		return err
	}
	if c.Bool("no-serve") {
		return d.run(c.Context, "site")
	}
	a.say("\nThe repository stays in %s for you to play with.", dir)
	a.say("The archive, with all three:")
	return d.run(c.Context, "serve", "--port", fmt.Sprint(c.Int("port")))
}

// demo runs commands in the throw-away repository, with a clock of its own.
type demo struct {
	*app
	dir   string
	env   []string
	clock time.Time
	quiet bool
}

func (d *demo) tell(ctx context.Context) error {
	now := d.process.clock()
	for _, story := range []struct {
		ago   time.Duration
		steps []demoStep
	}{{41 * 24 * time.Hour, cleanUpStory}, {12 * 24 * time.Hour, migrationStory}} {
		d.quiet, d.clock = true, now.Add(-story.ago)
		if err := d.play(ctx, story.steps); err != nil {
			return err
		}
	}
	d.say("Two stories are in it already. Here is a third, as it happens:")
	d.quiet, d.clock = false, now.Add(-95*time.Minute)
	return d.play(ctx, bucketStory)
}

func (d *demo) play(ctx context.Context, steps []demoStep) error {
	for _, s := range steps {
		d.clock = d.clock.Add(s.after)
		if !d.quiet {
			d.say("\n%s %s", d.dim(d.clock.Format("15:04")), d.bold("$ "+s.from+"git incident "+shellQuote(s.args...)))
		}
		if err := d.step(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) step(ctx context.Context, s demoStep) error {
	if s.prose == nil {
		return d.runWith(ctx, s.stdin, d.stdout, s.args...)
	}
	var raw bytes.Buffer
	if err := d.runWith(ctx, "", &raw, "show", "--raw"); err != nil {
		return err
	}
	inc, err := journal.Parse(raw.Bytes())
	if err != nil {
		return err
	}
	for _, p := range s.prose {
		inc.SetProse(p[0], p[1])
	}
	return d.runWith(ctx, string(journal.Format(inc)), d.stdout, "edit", "--from", "-")
}

func (d *demo) run(ctx context.Context, args ...string) error {
	d.clock, d.quiet = time.Time{}, false
	return d.runWith(ctx, "", d.stdout, args...)
}

// runWith is the program within the program: the same code, another directory
// and another clock.
func (d *demo) runWith(ctx context.Context, stdin string, stdout io.Writer, args ...string) error {
	p := d.process
	p.args, p.dir, p.env, p.stdout = args, d.dir, d.env, stdout
	p.stdin = strings.NewReader(stdin)
	p.terminal.in = false
	if clock := d.clock; !clock.IsZero() {
		p.now = func() time.Time { return clock }
	}
	p.terminal.out = false // the tour does not stop in a pager
	if d.quiet {
		p.stderr = io.Discard
	}
	if d.quiet && stdout == d.stdout {
		p.stdout = io.Discard
	}
	if code := run(ctx, p); code != exitDone {
		return &problem{code: code, err: fmt.Errorf("the tour stopped at git incident %s", shellQuote(args...)),
			notes: []string{"The repository is in " + filepath.Clean(d.dir)}}
	}
	return nil
}
