package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"git-incident/journal"
	"git-incident/journal/git"
	"git-incident/journal/store"
)

// agrees asks a person at the terminal. Leaving is no, and so is Enter.
func (a *app) agrees(ctx context.Context, question string) bool {
	fmt.Fprint(a.stderr, question+" [y/N] ")
	answer, err := bufio.NewReader(a.input(ctx)).ReadString('\n')
	if err != nil {
		a.say("")
	}
	answer = strings.ToLower(strings.TrimSpace(answer))
	return err == nil && (answer == "y" || answer == "yes")
}

// sayPlan says what a purge would change, and what it cannot.
func (a *app) sayPlan(ctx context.Context, what store.Purge, plan store.PurgePlan) {
	switch {
	case what.Entry != "":
		a.say("This takes entry %s of %s out of the journal and its whole history:", what.Entry, journal.ShortID(what.Incident))
	case what.Attachment != "":
		a.say("This takes the file %s of %s out of the journal and its whole history:", journal.VisibleLine(what.Attachment), journal.ShortID(what.Incident))
	default:
		a.say("This takes the text out of the journal and its whole history:")
	}
	if plan.Places > 0 {
		a.say("  now:      %s in %s%s", plural(plan.Places, "place"), plural(len(plan.Incidents), "incident"), shortIDs(plan.Incidents))
	}
	if plan.Commits > 0 {
		a.say("  history:  %d of %s have it; these and what came after get new ids", plan.Commits, plural(plan.All, "commit"))
	}
	if local := localPlaces(plan); local != "" {
		a.say("  here:     %s", local)
	}
	if plan.Commits > 0 {
		a.say("  shared:   %s", sharedPlace(plan))
	}
	if n := a.unshared(ctx); n != nil && *n > 0 && plan.Published {
		a.say("  sends:    %s that only this clone has so far", plural(*n, "change"))
	}
	for _, w := range plan.Warnings {
		a.say("  but:      %s: %s", journal.VisibleLine(w.Path), w.Reason)
	}
	a.sayRotate()
}

// sayRotate is the first advice, before and after: nothing else makes a secret
// harmless.
func (a *app) sayRotate() {
	a.sayFolded("If it is a secret, change it where it is valid: nothing else makes it harmless. " +
		"A purge cannot reach the copies that others have: clones until they sync, forks, " +
		"what the forge keeps of old commits and pull requests, e-mails, backups, sites that were built.")
}

const maxShown = 5

func shortIDs(ids []string) string {
	var short []string
	for _, id := range ids[:min(len(ids), maxShown)] {
		short = append(short, journal.ShortID(id))
	}
	switch {
	case len(ids) == 0:
		return ""
	case len(ids) > maxShown:
		short = append(short, "…")
	}
	return ": " + strings.Join(short, ", ")
}

func localPlaces(plan store.PurgePlan) string {
	var parts []string
	if plan.Drafts {
		parts = append(parts, "the private drafts")
	}
	if plan.Backups {
		parts = append(parts, "refs/incident/backup")
	}
	if plan.Files > 0 {
		parts = append(parts, plural(plan.Files, "file")+" in the folder of the journal")
	}
	return strings.Join(parts, ", ")
}

func sharedPlace(plan store.PurgePlan) string {
	remote := journal.VisibleLine(plan.Remote)
	switch {
	case plan.Remote == "":
		return "no, there is no remote: nothing had left"
	case plan.Published && plan.Offline != nil:
		return remote + " has it, and is out of reach until a later sync"
	case plan.Offline != nil:
		return remote + " is out of reach; it did not have it when it last answered"
	case plan.Published:
		return remote + " has it; the branch there will be replaced"
	}
	return remote + " does not have it; nothing is sent"
}

// sayPurge says what a purge did, and what is left to do.
func (a *app) sayPurge(done store.Purged) error {
	a.say("Purged: it is in no version of the journal in this clone any more.")
	remote := journal.VisibleLine(done.Remote)
	if done.Commits > 0 && done.Unsent == nil {
		switch done.Synced.State {
		case store.SyncShared:
			a.sayFolded("The branch on " + remote + " was replaced. Other clones follow with their next git incident sync, and keep what they have not sent yet.")
		}
	}
	a.sayLeft(slices.Concat(done.Left, done.Synced.Left))
	a.sayReflogs(done.Reflogs)
	for _, name := range done.Elsewhere {
		a.sayFolded("The old history is also in " + journal.VisibleLine(name) + ", which is not the journal's and stays.")
	}
	return a.unsent(done)
}

// sayLeft names the files that keep what had no place on a new history.
func (a *app) sayLeft(left []store.Left) {
	for _, l := range left {
		a.say("One change to %s was made on text that is gone. What you wrote is in %s", journal.ShortID(l.Incident), l.File)
	}
}

// sayReflogs says how to remove what only reflogs still lead to.
func (a *app) sayReflogs(names []string) {
	a.say("The old commits stay in this clone until git removes them. To do that now:")
	if len(names) > 0 {
		a.say("  git reflog expire --expire=now %s", shellQuote(names...))
	}
	a.say("  git gc --prune=now")
}

// reflogs are those of the journal. If they cannot be read nothing is said of them.
func (a *app) reflogs() []string {
	names, _ := a.store.Reflogs()
	return names
}

// unsent says that the remote still has what was purged here, and what to do.
func (a *app) unsent(done store.Purged) error {
	remote := journal.VisibleLine(done.Remote)
	if done.Unsent == nil && done.Synced.State != store.SyncInbox {
		return nil
	}
	p := &problem{code: exitFailed, err: fmt.Errorf("%s still has the old history", remote)}
	var secret *store.SecretError
	var network *git.NetworkError
	switch {
	case done.Unsent == nil:
		p.err = fmt.Errorf("%s still has the old history: it does not let the branch be replaced (%s)", remote, harmless(done.Synced.Refused))
		p.notes = []string{"The new history is there too, in " + done.Synced.Inbox + ", and every sync reads it. Ask whoever administers " + remote + " to allow one forced push of the branch."}
		p.hints = []string{"git incident sync   # then"}
	case errors.As(done.Unsent, &secret):
		return leaks(secret)
	case errors.As(done.Unsent, &network):
		p.err = fmt.Errorf("%s still has the old history: %w", remote, done.Unsent)
		p.hints = []string{"git incident sync   # takes it out there, too"}
	default:
		p.err = fmt.Errorf("%s still has the old history: %w", remote, done.Unsent)
		p.hints = []string{"git incident sync   # takes it out there, too"}
	}
	return p
}
