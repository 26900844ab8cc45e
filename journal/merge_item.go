package journal

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// itemOps is what merging and applying need to know about a kind of item.
type itemOps[T any] struct {
	section string
	in      func(*Incident) []T
	head    func(*T) head
	at      func(T) When
	content func(T) string // what it says, without what is in its head
	text    func(T) string // what it says, to people
}

// head points to what every kind of item has.
type head struct {
	id  *string
	rev *int
	of  *string
}

var (
	eventOps = itemOps[Event]{
		section: Timeline,
		in:      func(inc *Incident) []Event { return inc.Timeline },
		head:    func(e *Event) head { return head{&e.ID, &e.Rev, &e.Of} },
		at:      func(e Event) When { return e.At },
		content: func(e Event) string { return e.At.String() + "\x00" + e.Mark + "\x00" + e.Text },
		text:    func(e Event) string { return e.Text },
	}
	problemOps = itemOps[Problem]{
		section: ChainOfProblems,
		in:      func(inc *Incident) []Problem { return inc.Chain },
		head:    func(p *Problem) head { return head{&p.ID, &p.Rev, &p.Of} },
		at:      func(Problem) When { return When{} },
		content: func(p Problem) string { return p.Text },
		text:    func(p Problem) string { return p.Text },
	}
	learningOps = itemOps[Learning]{
		section: Learnings,
		in:      func(inc *Incident) []Learning { return inc.Learnings },
		head:    func(l *Learning) head { return head{&l.ID, &l.Rev, &l.Of} },
		at:      func(Learning) When { return When{} },
		content: func(l Learning) string { return fmt.Sprintf("%s\x00%q", l.Text, l.Consequences) },
		text:    Learning.text,
	}
)

func (ops itemOps[T]) id(it T) string { return *ops.head(&it).id }
func (ops itemOps[T]) rev(it T) int   { return *ops.head(&it).rev }

// as is the item under another head.
func (ops itemOps[T]) as(it T, id string, rev int, of string) T {
	h := ops.head(&it)
	*h.id, *h.rev, *h.of = id, min(rev, maxRevision), of
	return it
}

// again is the item under an id of its own, derived from the one it cannot keep.
func (ops itemOps[T]) again(it T) T {
	return ops.as(it, derivedID(ops.section[0], "again", ops.id(it), ops.content(it)), 1, "")
}

// isSibling reports whether the item is another version of one.
func (ops itemOps[T]) isSibling(it T) bool { return *ops.head(&it).of != "" }

// origin is the item and revision that the item is a version of: most are of
// themselves.
func (ops itemOps[T]) origin(it T) (id string, rev int) {
	if !ops.isSibling(it) {
		return ops.id(it), ops.rev(it)
	}
	id, n, _ := strings.Cut(*ops.head(&it).of, ".")
	return id, revision(n)
}

// same reports whether two items are the same in every way.
func (ops itemOps[T]) same(a, b T) bool {
	return ops.id(a) == ops.id(b) && ops.rev(a) == ops.rev(b) &&
		*ops.head(&a).of == *ops.head(&b).of && ops.content(a) == ops.content(b)
}

// itemState is what is known about one item: its highest revision, and everything
// that it said at that revision.
type itemState[T any] struct {
	rev  int
	said map[string]T
}

// join unites what all these items say about the ids in them.
func join[T any](items []T, ops itemOps[T]) map[string]itemState[T] {
	states := map[string]itemState[T]{}
	for _, it := range items {
		id, rev := ops.origin(it)
		s, known := states[id]
		if !known || rev > s.rev {
			s = itemState[T]{rev, map[string]T{}}
			states[id] = s
		}
		if rev == s.rev {
			s.said[ops.content(it)] = it
		}
	}
	return states
}

// settle turns what all these items say into the items of a note: for each id the
// version with the highest hash, and after it the others as its siblings. A
// sibling that somebody has deleted or worked on is not one any more.
func settle[T any](gone map[string]bool, items []T, ops itemOps[T]) map[string][]T {
	states, out := join(items, ops), map[string][]T{}
	for id, s := range states {
		if gone[id] {
			continue
		}
		contents := slices.SortedFunc(maps.Keys(s.said), func(a, b string) int { return compareHash(b, a) })
		for i, c := range contents {
			if i == 0 {
				out[id] = []T{ops.as(s.said[c], id, s.rev, "")}
				continue
			}
			sibling := derivedID(ops.section[0], "of", id, c)
			if _, own := states[sibling]; !own && !gone[sibling] {
				out[id] = append(out[id], ops.as(s.said[c], sibling, 1, versionOf(id, s.rev)))
			}
		}
	}
	return out
}

// mergeItems merges the items of one kind, and more that the merge itself adds.
// What a note says about its items does not depend on base; their order does.
// Where a side left all of them alone, one that is missing on the other was taken
// out by hand.
func mergeItems[T any](gone map[string]bool, base, a, b *Incident, more []T, ops itemOps[T]) []T {
	x, y, was := ops.in(a), ops.in(b), []T(nil)
	all := slices.Concat(x, y, more)
	if base != nil {
		was = ops.in(base)
		switch {
		case slices.EqualFunc(was, x, ops.same):
			all = slices.Concat(y, more)
		case slices.EqualFunc(was, y, ops.same):
			all = slices.Concat(x, more)
		}
	}
	groups := settle(gone, all, ops)
	p := placing[T]{ops: ops, groups: groups}
	var order []string
	if base == nil {
		order = p.canonical(p.ids(x), p.ids(y))
	} else {
		order = p.woven(p.ids(was), p.ids(x), p.ids(y))
	}
	return p.items(order)
}

// released makes siblings items of their own where isMoved says that the item they
// are versions of has changed or gone: no text that a person sees goes with an
// edit of another one.
func released[T any](items []T, isMoved func(id string, rev int) bool, ops itemOps[T]) []T {
	out := slices.Clone(items)
	for i, it := range out {
		if id, rev := ops.origin(it); ops.isSibling(it) && isMoved(id, rev) {
			out[i] = ops.as(it, ops.id(it), ops.rev(it)+1, "")
		}
	}
	return out
}

// release does so for every kind of item, seen from how the items stand in now.
func (inc *Incident) release(now *Incident) {
	gone, revs := now.deletedIDs(), now.revisions()
	isMoved := func(id string, rev int) bool { return gone[id] || revs[id] > rev }
	inc.Timeline = released(inc.Timeline, isMoved, eventOps)
	inc.Chain = released(inc.Chain, isMoved, problemOps)
	inc.Learnings = released(inc.Learnings, isMoved, learningOps)
}

// revisions maps the id of every item that is no sibling to its revision.
func (inc *Incident) revisions() map[string]int {
	revs := map[string]int{}
	addRevisions(revs, inc.Timeline, eventOps)
	addRevisions(revs, inc.Chain, problemOps)
	addRevisions(revs, inc.Learnings, learningOps)
	return revs
}

func addRevisions[T any](revs map[string]int, items []T, ops itemOps[T]) {
	for _, it := range items {
		if !ops.isSibling(it) {
			revs[ops.id(it)] = ops.rev(it)
		}
	}
}
