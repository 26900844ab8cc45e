package journal

import (
	"cmp"
	"slices"
)

// placing puts merged items in order. groups has each item with its siblings,
// which stand right after it.
type placing[T any] struct {
	ops    itemOps[T]
	groups map[string][]T
}

// ids are the items that a list is about, in its order. A sibling is about the item
// that it is a version of.
func (p placing[T]) ids(list []T) []string {
	var out []string
	seen := map[string]bool{}
	for _, it := range list {
		id, _ := p.ops.origin(it)
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

func (p placing[T]) items(order []string) []T {
	var out []T
	for _, id := range order {
		out = append(out, p.groups[id]...)
	}
	return out
}

// at is when an item was.
func (p placing[T]) at(id string) When { return p.ops.at(p.groups[id][0]) }

// compare orders by time and id, what has no time at the end.
func (p placing[T]) compare(a, b string) int {
	x, y := p.at(a), p.at(b)
	switch {
	case x.Known() && y.Known():
		return cmp.Or(x.Time.Compare(y.Time), cmp.Compare(a, b))
	case x.Known() != y.Known() && x.Known():
		return -1
	case x.Known() != y.Known():
		return 1
	}
	return cmp.Compare(a, b)
}

// canonical is an order that depends on nothing but the items, unless both sides
// have all of them in the same order.
func (p placing[T]) canonical(x, y []string) []string {
	if slices.Equal(x, y) && len(p.others(x)) == 0 && len(x) == len(p.groups) {
		return x
	}
	return p.others(nil)
}

// others are the items that are not in order yet.
func (p placing[T]) others(order []string) []string {
	placed := map[string]bool{}
	for _, id := range order {
		placed[id] = true
	}
	var out []string
	for id := range p.groups {
		if !placed[id] {
			out = append(out, id)
		}
	}
	slices.SortFunc(out, p.compare)
	return out
}

// woven keeps the order that people gave the items. What is new and has a time
// goes to its place by time.
func (p placing[T]) woven(was, x, y []string) []string {
	order := slices.DeleteFunc(weave(was, x, y), func(id string) bool { return p.groups[id] == nil })
	if !slices.Equal(was, x) && !slices.Equal(was, y) && !slices.Equal(x, y) {
		known := map[string]bool{}
		for _, id := range was {
			known[id] = true
		}
		order = slices.DeleteFunc(order, func(id string) bool { return !known[id] && p.at(id).Known() })
	}
	return p.insert(order, p.others(order))
}

// insert puts ids, which are in order themselves, each after the last one that is
// not later or has no time.
func (p placing[T]) insert(order, ids []string) []string {
	var out []string // from the end
	i := len(order)
	for _, id := range slices.Backward(ids) {
		for i > 0 && p.at(id).Known() && p.at(order[i-1]).Known() && p.at(order[i-1]).Time.After(p.at(id).Time) {
			i--
			out = append(out, order[i])
		}
		out = append(out, id)
	}
	for i > 0 {
		i--
		out = append(out, order[i])
	}
	slices.Reverse(out)
	return out
}
