package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"git-incident/journal"
	"git-incident/journal/git"
	"git-incident/journal/store"
)

// target is the incident that a command writes to, and the words that are left
// for its text.
type target struct {
	journal.Summary
	words []string
}

// needsOpen are the commands that make no sense for an incident that is over,
// unless somebody names it. For the others the latest will do.
var needsOpen = map[string]bool{"log": true, "update": true, "mitigate": true, "resolve": true}

// target finds the incident a command means: the one of --incident, the one whose
// short id is the first word, or the only one that is open.
func (a *app) target(c *cli.Context) (target, error) {
	j, err := a.open(c.Context)
	if err != nil {
		return target{}, err
	}
	words := c.Args().Slice()
	if piece := c.String(flagIncident); piece != "" {
		s, err := j.Find(c.Context, piece)
		return target{s, words}, a.unfound(err)
	}
	open, err := j.OpenIncidents(c.Context)
	if err != nil {
		return target{}, err
	}
	if len(words) > 0 && !a.literal {
		named := func(s journal.Summary) bool { return words[0] == s.ID || words[0] == journal.ShortID(s.ID) }
		if i := slices.IndexFunc(open, named); i >= 0 {
			return target{open[i], words[1:]}, nil
		}
	}
	if len(open) == 0 && !needsOpen[c.Command.Name] {
		return a.newest(c, words)
	}
	if len(open) != 1 {
		return target{}, undecided(c.Command, open, a.typedFlags(c), a.asTyped(words))
	}
	return target{open[0], words}, nil
}

// newest is the incident that is talked about when nothing is open.
func (a *app) newest(c *cli.Context, words []string) (target, error) {
	all, _, err := a.store.List(c.Context)
	if err != nil {
		return target{}, err
	}
	all = slices.DeleteFunc(all, func(s journal.Summary) bool { return s.Unreadable != "" })
	if len(all) == 0 {
		return target{}, undecided(c.Command, nil, a.typedFlags(c), a.asTyped(words))
	}
	slices.SortFunc(all, func(a, b journal.Summary) int { return b.Latest().Compare(a.Latest()) })
	if c.Command.ArgsUsage != oneID { // those show which one it is
		a.say("Nothing is open; this is the latest: %s  %s", journal.ShortID(all[0].ID), journal.VisibleLine(all[0].Title))
	}
	return target{all[0], words}, nil
}

// asTyped are words as a hint repeats them.
func (a *app) asTyped(words []string) []string {
	if a.literal && len(words) > 0 {
		return slices.Concat([]string{"--"}, words)
	}
	return words
}

// typedFlags are the flags as a hint repeats them, but for the one that names the
// incident.
func (a *app) typedFlags(c *cli.Context) []string {
	var flags []string
	for _, f := range c.Command.Flags {
		name := f.Names()[0]
		if !c.IsSet(name) || name == flagIncident {
			continue
		}
		switch f.(type) {
		case *cli.BoolFlag:
			flags = append(flags, "--"+name)
		case *cli.StringSliceFlag:
			for _, value := range c.StringSlice(name) {
				flags = append(flags, "--"+name, value)
			}
		default:
			flags = append(flags, "--"+name, c.String(name))
		}
	}
	return flags
}

// maxHint is how long a text a hint repeats, in bytes. A longer one is given back
// by itself.
const maxHint = 60

// undecided says that a person has to name the incident. Its hints are lines that
// can be typed as they are.
func undecided(command *cli.Command, open []journal.Summary, flags, words []string) error {
	line := "git incident " + command.Name + " %s"
	if command.ArgsUsage != oneID {
		line = "git incident " + command.Name + " -i %s"
	}
	if text := shellQuote(flags...); text != "" {
		line += " " + strings.ReplaceAll(text, "%", "%%")
	}
	if text := shellQuote(words...); text != "" && len(text) <= maxHint {
		line += " " + strings.ReplaceAll(text, "%", "%%")
	}
	if len(open) == 0 {
		return &problem{code: exitNotFound, err: errors.New("no incident is open; nothing was written"),
			hints: []string{
				"git incident start <what you see>",
				fmt.Sprintf(line, "<id>") + "   # for one that is over; git incident list shows them",
			}}
	}
	p := &problem{code: exitDecide, err: fmt.Errorf("%d incidents are open; say which one you mean", len(open))}
	journal.NewestFirst(open)
	for _, s := range open {
		p.hints = append(p.hints, fmt.Sprintf(line, journal.ShortID(s.ID))+"   # "+cut(journal.VisibleLine(s.Title), 40))
	}
	return p
}

// unfound turns the store's errors about names into what a person can do.
func (a *app) unfound(err error) error {
	var ambiguous *store.AmbiguousError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &ambiguous):
		p := &problem{err: err, code: exitNotFound}
		for _, s := range ambiguous.Candidates[:min(len(ambiguous.Candidates), 10)] {
			p.hints = append(p.hints, s.ID+"  "+cut(journal.VisibleLine(s.Title), 40))
		}
		return p
	case store.IsNotFound(err):
		return &problem{err: err, code: exitNotFound, hints: []string{"git incident list"}}
	}
	return err
}

// change begins a change to an incident.
func (a *app) change(s journal.Summary, verb, summary string) journal.Change {
	return journal.Change{
		ID: a.token(journal.ChangeIDLen), Incident: s.ID, Draft: s.Draft,
		At: a.clock(), Verb: verb, Summary: summary,
	}
}

func (a *app) event(at journal.When, text, mark string) journal.Event {
	return journal.Event{ID: a.token(journal.EntryIDLen), Rev: 1, At: at, Text: text, Mark: mark}
}

// writeEvent writes a change with one line of the timeline, which it returns as it
// was written.
func (a *app) writeEvent(ctx context.Context, change *journal.Change, e journal.Event) (journal.Event, store.Receipt, error) {
	var attachments map[string][]byte
	e.Text, attachments = shorten(change, e.ID, e.Text)
	change.Log = []journal.Event{e}
	r, err := a.write(ctx, *change, attachments)
	return e, r, err
}

// write makes a change survive and puts it on the journal's ref.
func (a *app) write(ctx context.Context, c journal.Change, attachments map[string][]byte) (store.Receipt, error) {
	j, err := a.open(ctx)
	if err != nil {
		return store.Receipt{}, err
	}
	r, err := j.Write(ctx, c, attachments)
	a.wrote = a.wrote || r.Spooled
	own := func(s store.Stuck) bool {
		return slices.ContainsFunc(s.Changes, func(o journal.Change) bool { return o.ID == c.ID })
	}
	i := slices.IndexFunc(r.Stuck, own)
	a.sayStuck(slices.DeleteFunc(slices.Clone(r.Stuck), own))
	switch {
	case i >= 0:
		return r, &problem{code: exitFailed, err: fmt.Errorf("it cannot be written: %s", r.Stuck[i].Reason),
			notes: []string{"What you wrote was set aside, in " + r.Stuck[i].File}}
	case err != nil && r.Spooled:
		p := explain(err)
		p.safe = true
		p.notes = append(p.notes, "What you wrote is safe on this disk. The next git incident command puts it on the journal once this is mended.")
		return r, p
	case err != nil:
		return r, err
	case r.Waiting != nil:
		a.say("It is safe on this disk. %s, so the next command will put it on the journal.", waitsFor(r.Waiting))
	}
	return r, nil
}

// waitsFor is the beginning of a sentence about why a change is not applied yet.
func waitsFor(err error) string {
	switch {
	case errors.Is(err, git.ErrLocked):
		return "Another git command holds the branch (" + firstLine(err.Error()) + ")"
	case errors.Is(err, git.ErrStale):
		return "Others are writing too"
	}
	s := err.Error()
	return strings.ToUpper(s[:1]) + s[1:]
}

func (a *app) sayStuck(stuck []store.Stuck) {
	for _, s := range stuck {
		a.say("git incident: an earlier change does not fit the journal and was set aside: %s", journal.VisibleLine(s.Reason))
		a.say("  its text is in %s", s.File)
	}
}
