package store

import (
	"context"
	"fmt"
	"time"
)

// How far a clock may be off before it is worth a word, and how many commits are
// looked at.
const (
	clockAhead  = 2 * time.Minute
	clockBack   = 300 * 24 * time.Hour // a year typed wrong, not a laptop that was offline
	clockRecent = 200
)

// clocks looks for commits that were made by a clock which was wrong.
func (x *exam) clocks(context.Context) error {
	for _, l := range x.sides {
		var odd []string
		now := x.j.now()
		for i, e := range l.history[:min(len(l.history), clockRecent)] {
			switch {
			case e.When.Sub(now) > clockAhead:
				odd = append(odd, fmt.Sprintf("%s says %s, which is still to come", short(e.Hash), x.time(e.When)))
			case x.isBack(l, i):
				odd = append(odd, fmt.Sprintf("%s says %s, long before what it builds on", short(e.Hash), x.time(e.When)))
			}
		}
		if len(odd) == 0 {
			continue
		}
		x.add(Finding{Kind: Clock, Subject: l.ref,
			Sentence: "Somebody's clock was wrong: " + listed(odd) + ".",
			Kept:     "Entries stand in the order of the times that people gave them. Look at the times in these notes, and at the clock of this machine.",
		})
	}
	return nil
}

func (x *exam) isBack(l *ledger, i int) bool {
	commit, err := x.objs.Commit(l.history[i].Hash)
	if err != nil {
		return false
	}
	for _, p := range commit.Parents {
		parent, err := x.objs.Commit(p)
		if err == nil && parent.Committer.When.Sub(commit.Committer.When) > clockBack {
			return true
		}
	}
	return false
}
