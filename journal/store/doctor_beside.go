package store

import (
	"context"
	"slices"
	"strings"

	"git-incident/journal/git"
)

// beside is a commit of the journal that a ref may not contain.
type beside struct {
	name   string // where it was found
	hash   Hash
	remote bool // somebody else's
}

// otherTips looks for entries on everything that once was, or elsewhere is, the
// journal. Where the history cannot be read nobody knows what is elsewhere.
func (x *exam) otherTips(ctx context.Context) error {
	for _, l := range x.sides {
		if !l.tip.IsZero() && len(l.history) == 0 {
			continue
		}
		var tips []beside
		for _, h := range x.lastValues(l) {
			tips = append(tips, beside{name: "the reflog of " + l.ref, hash: h})
		}
		tips = append(tips, x.tipsBeside(ctx, l)...)
		known := map[Hash]bool{}
		for _, t := range tips {
			if l.commits[t.hash] || known[t.hash] || ctx.Err() != nil {
				continue
			}
			if x.isOurs(ctx, l, t.hash) {
				x.tip(ctx, l, t)
			}
			for _, e := range x.historyOf(ctx, t.hash, l.tip) {
				known[e.Hash] = true
			}
		}
	}
	return ctx.Err()
}

// historyOf is what a commit has and another has not. One that is gone has none.
func (x *exam) historyOf(ctx context.Context, tip, without Hash) []git.LogEntry {
	var not []Hash
	if !without.IsZero() {
		not = append(not, without)
	}
	entries, _ := x.j.repo.Log(ctx, tip, 0, not...)
	return entries
}

// tipsBeside are the other refs that may have the same journal.
func (x *exam) tipsBeside(ctx context.Context, l *ledger) []beside {
	if l.draft {
		return x.below(ctx, draftBackups, false)
	}
	var tips []beside
	for _, prefix := range []string{seenRefs, sentRefs, BackupRefs} {
		tips = append(tips, slices.DeleteFunc(x.below(ctx, prefix, false), func(t beside) bool {
			name := t.name + "/"
			return !strings.Contains(name, "/"+x.j.shortBranch()+"/") // it is of another journal
		})...)
	}
	remote, _ := x.j.allRemoteTips(ctx)
	for _, t := range remote {
		tips = append(tips, beside{name: t.Ref, hash: t.Hash, remote: true})
	}
	for _, name := range x.j.repo.Remotes() {
		tips = append(tips, x.below(ctx, "refs/remotes/"+name+"/incident-inbox/", true)...)
	}
	return tips
}

func (x *exam) below(ctx context.Context, prefix string, remote bool) []beside {
	refs, _ := x.j.repo.RefsBelow(ctx, prefix) // those that can be read
	var tips []beside
	for _, ref := range refs {
		tips = append(tips, beside{name: ref.Name, hash: ref.Hash, remote: remote})
	}
	return tips
}

// isOurs reports whether what a commit has may be put on a ref: what was purged
// may not, and of drafts nothing may get to the branch.
func (x *exam) isOurs(ctx context.Context, l *ledger, tip Hash) bool {
	drafts := x.sides[side(true)]
	private := !l.draft && !drafts.tip.IsZero()
	if len(x.purge) == 0 && !private {
		return true
	}
	roots, err := x.j.repo.Roots(ctx, tip)
	return err == nil && !slices.ContainsFunc(roots, func(r Hash) bool {
		return x.purge[r] || private && drafts.commits[r]
	})
}
