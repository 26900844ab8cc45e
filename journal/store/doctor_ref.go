package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"git-incident/journal/git"
)

// examineRef says what is wrong with a ref itself, and gives the commit to read
// from: without a branch of our own that of a remote.
func (x *exam) examineRef(ctx context.Context, l *ledger) (Hash, error) {
	ref, err := x.j.repo.FreshRef(ctx, l.ref)
	if ctx.Err() != nil {
		return Hash{}, ctx.Err()
	}
	if err != nil {
		return Hash{}, x.brokenRef(ctx, l, Hash{}, "It cannot be read: "+gitSays(err)+".")
	}
	if ref.Absent() {
		return x.absentRef(ctx, l)
	}
	var odd *RefError
	if _, err := x.j.writeBase(ctx, l.draft); errors.As(err, &odd) {
		x.oddRef(l, ref, odd)
	}
	return ref.Hash, nil
}

// gitSays is what git said about a ref that cannot be read.
func gitSays(err error) string {
	said := strings.TrimPrefix(firstLine(err.Error()), git.ErrBrokenRef.Error()+": ")
	return strings.TrimPrefix(said, "warning: ")
}

// oddRef is about a ref that can be read but not written to.
func (x *exam) oddRef(l *ledger, ref git.Ref, odd *RefError) {
	f := Finding{Kind: CheckedOut, Subject: l.ref, Sentence: sentence(odd.Reason), Way: odd.Way,
		Kept: "Everything on it can be read, and what is written meanwhile waits in the spool."}
	if ref.Symref != "" {
		f.Kind = SymbolicRef
		f.Way = []string{fmt.Sprintf("git update-ref --no-deref %s %s", l.ref, ref.Hash)}
	}
	x.add(f)
	x.named[l.ref] = true
}

// absentRef is about a ref that is not there, which is fine if it never was.
func (x *exam) absentRef(ctx context.Context, l *ledger) (Hash, error) {
	if !x.j.repo.LastKnown(l.ref).IsZero() {
		return Hash{}, x.brokenRef(ctx, l, Hash{}, "It is gone, and its reflog says that it was there.")
	}
	if l.draft {
		return Hash{}, nil
	}
	remote, err := x.j.allRemoteTips(ctx)
	if err != nil || len(remote) == 0 {
		return Hash{}, nil
	}
	l.ref = remote[0].Ref
	return remote[0].Hash, nil
}

// damagedTip is about a tip that is not whole. Single files are no reason to go far
// back: then the ref stays where it is, and the rest is proven without them.
func (x *exam) damagedTip(ctx context.Context, l *ledger, at Hash, bad []damaged) error {
	what := bad[0].String()
	if len(bad) > 1 {
		what += fmt.Sprintf(" and %d more", len(bad)-1)
	}
	onlyFiles := true
	for _, d := range bad {
		onlyFiles = onlyFiles && d.file
	}
	if _, ok := x.wayBack(ctx, l, at); ok || !onlyFiles {
		return x.brokenRef(ctx, l, at, fmt.Sprintf("It is at %s, where %s cannot be read.", short(at), what))
	}
	for _, d := range bad {
		name := d.hash.String()
		x.add(Finding{Kind: DamagedObject, Subject: d.what,
			Sentence: fmt.Sprintf("What is at %s cannot be read: object %s is missing or damaged, and no version of the journal near by does without it.", l.ref, d.hash),
			Kept:     "The rest of the journal can be read. Another clone may have the object.",
			Way: []string{
				"rm -f " + quote(x.j.repo.ObjectDir+"/"+name[:2]+"/"+name[2:]),
				fmt.Sprintf("git -C <another clone> cat-file blob %s | git hash-object -w --stdin", d.hash),
			}})
	}
	l.tip = at
	x.readHistory(ctx, l)
	return nil
}

// brokenRef is about a ref that leads nowhere. at is what it says, zero when it
// says nothing.
func (x *exam) brokenRef(ctx context.Context, l *ledger, at Hash, reason string) error {
	l.blind = true
	x.named[l.ref] = true
	f := Finding{Kind: BrokenRef, Subject: l.ref, Sentence: reason}
	ref, err := x.j.repo.FreshRef(ctx, l.ref)
	gone := err == nil && ref.Absent()
	if gone {
		f.Kind = LostRef
	}
	back, ok := x.wayBack(ctx, l, at)
	if !ok {
		x.noWayBack(l, f, gone)
		return ctx.Err()
	}
	f.Sentence += fmt.Sprintf(" The newest commit that can be read whole is %s, of %s.", short(back.hash), x.time(back.when))
	f.Sentence += x.since(ctx, l, back, at)
	f.Kept = x.spool.waiting()
	f.Way = wayTo(l.ref, at, back.hash, gone)
	f.repair = func(ctx context.Context) (string, error) { return x.j.moveBack(ctx, l, at, back.hash, gone) }
	x.add(f)
	return ctx.Err()
}

// noWayBack is about a ref of which there is no commit left. Without the ref, the
// next repair builds it again from what the spool has.
func (x *exam) noWayBack(l *ledger, f Finding, gone bool) {
	f.Sentence += " Nothing it ever pointed at can be read whole, and no other ref has it. Another clone may."
	if n := len(x.spool.done) + len(x.spool.pending); n > 0 {
		f.Kept = fmt.Sprintf("The spool still has %s; once the ref is removed, git incident doctor --fix puts back what they say.", count(n, "change"))
	}
	if !gone {
		f.Way = []string{fmt.Sprintf("git symbolic-ref %s %s", l.ref, git.SpareRef)}
	}
	f.Way = append(f.Way, "git update-ref --no-deref -d "+l.ref, "git incident doctor --fix")
	x.add(f)
}

func short(h Hash) string { return h.String()[:10] }
