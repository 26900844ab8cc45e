package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"git-incident/journal"
	"git-incident/journal/git"
	"git-incident/journal/store"
)

// syncTimeout is how long a remote may keep one step waiting. With the steps that
// go well around it, a remote that hangs costs less than fifteen seconds.
const syncTimeout = 10 * time.Second

// autosyncTimeout is the same where nobody waits.
const autosyncTimeout = time.Minute

func (a *app) syncCommand() *cli.Command {
	return &cli.Command{
		Name: "sync", Category: together, Usage: "share the journal with everybody, and get theirs",
		Description: "Fetches the journal of the remote, merges, and pushes. Nobody has to resolve\n" +
			"anything. Where the branch is protected the changes go to an inbox on the remote,\n" +
			"which every other sync reads. Drafts stay here.",
		Flags: []cli.Flag{
			&cli.DurationFlag{Name: "timeout", Value: syncTimeout, Usage: "how long the remote may keep one step waiting"},
			&cli.BoolFlag{Name: flagAllow, Usage: "send also what looks like a secret"},
			jsonFlag(),
		},
		Action: a.sync,
	}
}

func (a *app) sync(c *cli.Context) error {
	if c.NArg() > 0 {
		return usage("sync takes no words: git incident sync")
	}
	if c.Duration("timeout") <= 0 {
		return usage("--timeout is a time like 30s or 2m")
	}
	j, err := a.open(c.Context)
	if err != nil {
		return err
	}
	done, err := a.syncNow(c, j)
	if c.Bool(flagJSON) {
		if printed := a.printJSON(syncedJSONOf(done, err)); printed != nil {
			return printed
		}
	} else if err == nil {
		a.saySynced(done)
	}
	return a.unsynced(done, err)
}

func (a *app) syncNow(c *cli.Context, j *store.Journal) (store.Synced, error) {
	ctx := c.Context
	step, end := a.steps(j)
	defer end()
	return j.Sync(ctx, store.SyncOptions{
		Timeout:      c.Duration("timeout"),
		Prompt:       a.terminal.in && a.terminal.err,
		AllowSecrets: c.Bool(flagAllow),
		CloneID:      a.token(store.CloneIDLen),
		Step:         step,
	})
}

// steps shows on a terminal what a sync is doing.
func (a *app) steps(j *store.Journal) (step func(string), end func()) {
	if !a.terminal.err {
		return nil, func() {}
	}
	remote, _ := j.Remote()
	doing := map[string]string{
		store.StepAsk: "asking %s", store.StepFetch: "fetching from %s",
		store.StepMerge: "merging with %s", store.StepPush: "sending to %s",
	}
	clear := "\r\x1b[K"
	return func(name string) {
		fmt.Fprintf(a.stderr, clear+doing[name]+" …", journal.VisibleLine(remote))
	}, func() { fmt.Fprint(a.stderr, clear) }
}

// saySynced says what a sync did, in a line or two.
func (a *app) saySynced(done store.Synced) {
	remote := journal.VisibleLine(done.Remote)
	if done.Backup != "" {
		a.say("%s had lost something that it once had. It is there again; what this clone had is also kept in %s.", remote, done.Backup)
	}
	if done.Purged {
		a.sayPurged(done)
	}
	for _, id := range done.Conflicts {
		a.say("%s has a part in more than one version now. Keep what holds: git incident edit %s", journal.ShortID(id), journal.ShortID(id))
	}
	for _, w := range done.Skipped {
		a.say("Skipped %s: %s.", journal.VisibleLine(w.Path), w.Reason)
	}
	switch done.State {
	case store.SyncNoRemote:
		a.say("There is no remote to share the journal with. It is safe in this clone.")
		a.say("  git remote add origin <url>")
	case store.SyncEmpty:
		a.say("There is no journal yet, neither here nor on %s.", remote)
		a.say("  git incident start <what you see>")
	case store.SyncInbox:
		a.say("%s did not take the branch: %s.", remote, harmless(done.Refused))
		a.say("Everything is on %s all the same, in %s. Others get it with their\nnext git incident sync; one of somebody who may push to the branch puts it there.", remote, done.Inbox)
		if done.Unpurged {
			a.sayFolded("A purge has not reached the branch on " + remote + ": what it took out still stands there. Ask for one forced push of it to be allowed, then:")
			a.say("  git incident sync")
		}
		if done.Received > 0 {
			a.say("Received %s.", plural(done.Received, "change"))
		}
	case store.SyncShared:
		a.say("%s", sharedText(done, remote))
	}
}

func sharedText(done store.Synced, remote string) string {
	var parts []string
	if done.Sent > 0 {
		parts = append(parts, "sent "+plural(done.Sent, "change"))
	}
	if done.Received > 0 {
		parts = append(parts, "received "+plural(done.Received, "change"))
	}
	if len(parts) == 0 || done.Purged {
		return "The journal is the same here and on " + remote + "."
	}
	text := strings.Join(parts, ", ")
	return strings.ToUpper(text[:1]) + text[1:] + ". The journal is the same here and on " + remote + "."
}

func (a *app) sayPurged(done store.Synced) {
	a.say("Something was purged from the journal. This clone has the new history now; what\nonly you had was put on top of it.")
	a.sayLeft(done.Left)
	if done.Again {
		a.say("A purge of yours had not reached %s when another one did. If it took out something\nelse, make it again: git incident purge", journal.VisibleLine(done.Remote))
	}
	a.sayReflogs(a.reflogs())
}

// unsynced makes of the error of a sync what a person can do about it.
func (a *app) unsynced(done store.Synced, err error) error {
	var network *git.NetworkError
	var secret *store.SecretError
	var refused *store.RefusedError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &network):
		return offline(network, done.Remote)
	case errors.As(err, &secret):
		return leaks(secret)
	case errors.As(err, &refused):
		return &problem{err: err, code: exitFailed, notes: []string{safeHere},
			hints: []string{"git config incident.remote <another remote>"}}
	case errors.Is(err, store.ErrNoSuchRemote):
		p := &problem{err: err, code: exitFailed, notes: []string{safeHere}}
		for _, name := range a.repo.Remotes() {
			p.hints = append(p.hints, "git config incident.remote "+shellQuote(name))
		}
		return p
	case errors.Is(err, store.ErrManyRemotes):
		p := &problem{err: err, code: exitDecide}
		for _, name := range a.repo.Remotes() {
			p.hints = append(p.hints, "git config incident.remote "+shellQuote(name))
		}
		return p
	case errors.Is(err, context.Canceled):
		return &problem{err: errors.New("stopped"), code: exitFailed, notes: []string{safeHere}}
	}
	p := explain(err)
	p.notes = append(p.notes, safeHere)
	return p
}

const safeHere = "What you wrote is safe in this clone."

// offline says why a remote could not be talked to, and the way out.
func offline(e *git.NetworkError, remote string) error {
	p := &problem{err: fmt.Errorf("%s (%s): %s", remote, e.Remote, e.Cause), code: exitFailed, notes: []string{safeHere}}
	again := "git incident sync"
	if e.Cause == git.Broken || e.Cause == git.Unreachable {
		p.err = e // with git's own words
	}
	remote = shellQuote(remote)
	switch e.Cause {
	case git.TimedOut:
		p.hints = []string{again + " --timeout 1m   # to wait longer"}
	case git.NeedsPassword:
		p.hints = []string{"git fetch " + remote + "   # in a terminal, to log in", again}
	case git.HostKey:
		p.hints = []string{"git fetch " + remote + "   # in a terminal, to look at the key", again}
	case git.NotFound, git.Forbidden:
		p.hints = []string{"git remote get-url " + remote, "git remote set-url " + remote + " <url>", again + "   # when it is there again"}
	case git.NoSpace, git.LocalSpace:
		p.hints = []string{again + "   # when there is room"}
	default:
		p.hints = []string{again + "   # when it can be reached"}
	}
	return p
}

// leaks says what looks like a secret and was not sent.
func leaks(e *store.SecretError) error {
	p := &problem{err: fmt.Errorf("%w; nothing was sent", e), code: exitDecide}
	for _, l := range e.Leaks[:min(len(e.Leaks), maxLeaks)] {
		place := "the message of commit " + l.Commit.String()[:10]
		if l.Path != "" {
			place = l.Path
		}
		p.notes = append(p.notes, fmt.Sprintf("%s: in %s", l.Kind, journal.VisibleLine(place)))
	}
	if more := len(e.Leaks) - maxLeaks; more > 0 {
		p.notes = append(p.notes, fmt.Sprintf("and %d more", more))
	}
	p.hints = []string{
		"git incident purge --text   # take it out of the whole history",
		"git incident sync --allow-secret   # send it as it is",
	}
	return p
}

const maxLeaks = 8

type syncedJSON struct {
	State    store.SyncState `json:"state"`
	Remote   string          `json:"remote,omitempty"`
	Sent     int             `json:"sent"`
	Received int             `json:"received"`
	Refused  string          `json:"refused,omitempty"`
	Inbox    string          `json:"inbox,omitempty"`
	Backup   string          `json:"backup,omitempty"`
	Purged   bool            `json:"purged,omitempty"`
	Error    string          `json:"error,omitempty"`
}

func syncedJSONOf(done store.Synced, err error) syncedJSON {
	out := syncedJSON{
		State: done.State, Remote: done.Remote, Sent: done.Sent, Received: done.Received,
		Refused: done.Refused, Inbox: done.Inbox, Backup: done.Backup, Purged: done.Purged,
	}
	if err != nil {
		out.State, out.Sent, out.Error = "failed", 0, harmless(err.Error())
	}
	return out
}
