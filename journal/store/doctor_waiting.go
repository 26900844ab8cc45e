package store

import (
	"context"
	"errors"
	"fmt"
	"os"

	"git-incident/journal"
	"git-incident/journal/git"
)

// examineSpool looks at what is written down and not on the journal. That it
// waits is no finding: the next command applies it. That it cannot be applied is.
func (x *exam) examineSpool(ctx context.Context) error {
	if x.isBlind() {
		return nil // what a finding says waits for the tip that cannot be read
	}
	for _, r := range x.spool.unread {
		x.unreadableRecord(spoolDir, r.name, r.err)
	}
	stuck, err := recordNames(x.j.path(stuckDir))
	if err != nil {
		return fmt.Errorf("read the spool: %w", err)
	}
	if len(x.spool.pending)+len(stuck) == 0 {
		return nil
	}
	try, done, err := x.rehearse(ctx)
	defer done()
	if err != nil && len(x.spool.pending) > 0 {
		x.waiting(x.spool.pending, err)
	}
	if err == nil {
		x.rehearsePending(try)
	}
	for _, name := range stuck {
		x.setAside(name, try, err)
	}
	return nil
}

// rehearse gives a way to apply records to the tips in memory, one after the
// other.
func (x *exam) rehearse(ctx context.Context) (try func(*record) error, done func(), err error) {
	done = func() {}
	b, err := x.j.newBatch(ctx)
	if err != nil {
		return nil, done, err
	}
	b.sign = false // a signature would be made by git, on disk
	_, crashed := x.j.leftover()
	applied, err := b.alreadyApplied(ctx, crashed)
	if err != nil {
		return nil, b.objs.Close, err
	}
	return func(r *record) error {
		if r.isApplied(applied) {
			return nil
		}
		return b.apply(ctx, r)
	}, b.objs.Close, nil
}

func (x *exam) rehearsePending(try func(*record) error) {
	reasons := map[string]error{}
	held := map[string][]*record{}
	for _, r := range x.spool.pending {
		if err := try(r); err != nil {
			reasons[err.Error()] = err
			held[err.Error()] = append(held[err.Error()], r)
		}
	}
	for _, text := range sortedKeys(reasons) {
		x.waiting(held[text], reasons[text])
	}
}

// waiting is about records that cannot be applied for one reason. If that is a
// ref, and something was said about it, that is enough.
func (x *exam) waiting(records []*record, reason error) {
	var ref *RefError
	if errors.As(reason, &ref) && x.named[ref.Ref] {
		return
	}
	f := Finding{Kind: Waiting, Subject: x.j.path(spoolDir, records[0].name),
		Sentence: fmt.Sprintf("%s cannot be put on the journal: %s.", sentenceStart(count(len(records), "change")), firstLine(reason.Error())),
		Kept:     "The text is safe in the spool.",
	}
	switch {
	case ref != nil:
		f.Way = ref.Way
	case errors.Is(reason, git.ErrNoIdentity):
		f.Way = []string{`git config --global user.name "Your Name"`, "git config --global user.email you@example.com"}
	case isUnfit(reason):
		f.Way = []string{"git incident show " + journal.ShortID(records[0].Changes[0].Incident)}
	}
	x.add(f)
}

// setAside is about a record that did not fit the journal. When it fits by now it
// is tried again.
func (x *exam) setAside(name string, try func(*record) error, blocked error) {
	dir := x.j.path(stuckDir)
	r, err := readRecord(dir, name)
	if err != nil {
		x.unreadableRecord(stuckDir, name, err)
		return
	}
	if r.isApplied(x.sides[0].changes) || r.isApplied(x.sides[1].changes) {
		return
	}
	file := x.j.path(stuckDir, name)
	why, _ := os.ReadFile(file + whyEnds)
	c := r.Changes[0]
	f := Finding{Kind: SetAside, Subject: file,
		Sentence: fmt.Sprintf("A change did not fit the journal and was set aside: %s. Why: %s.", subject(c.Verb+": "+c.Summary), firstLine(string(why))),
		Kept:     "Its text is in " + file + ".",
	}
	if blocked == nil && try(r) == nil {
		f.Sentence += " By now it fits."
		f.repair = func(context.Context) (string, error) { return x.j.spoolAgain(stuckDir, []string{name}) }
	} else {
		f.Way = append(f.Way, "cat "+quote(file))
		if journal.ValidID(c.Incident) {
			f.Way = append(f.Way, "git incident edit "+journal.ShortID(c.Incident))
		}
		f.Way = append(f.Way, "rm "+quote(file)+" "+quote(file+whyEnds))
	}
	x.add(f)
}
