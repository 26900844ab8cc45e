package journal

import (
	"cmp"
	"slices"
	"strings"
)

// mergeExtra merges what this version does not know, three-way per key, and
// returns what lost as events. Comments are there or not.
func (inc *Incident) mergeExtra(base, a, b *Incident) (lost []Event) {
	x, y, was := a.Extra, b.Extra, []Extra(nil)
	if base != nil {
		was = base.Extra
	}
	switch {
	case slices.Equal(was, y), slices.Equal(x, y):
		inc.Extra = x
		return nil
	case slices.Equal(was, x):
		inc.Extra = y
		return nil
	}
	order := weave(extraNames(was), extraNames(x), extraNames(y))
	for _, name := range order {
		win, lose := pickExtra(find(was, name), find(x, name), find(y, name))
		if win.Text != "" {
			inc.Extra = append(inc.Extra, win)
		}
		if lose.Text != "" && lose.Text != win.Text {
			lost = append(lost, lostValue(name, lose.Text))
		}
	}
	if base == nil {
		slices.SortFunc(inc.Extra, compareExtra)
	}
	return lost
}

// compareExtra is the order of parts of the front matter that nobody has put in
// order: by their place among the known keys, then by name.
func compareExtra(a, b Extra) int {
	place := func(x Extra) int { return slices.IndexFunc(fields, func(f field) bool { return f.key == x.After }) }
	return cmp.Or(place(a)-place(b), cmp.Compare(b.Parent, a.Parent), cmp.Compare(a.name(), b.name()))
}

// pickExtra decides about one key; a zero Extra is none.
func pickExtra(was, x, y Extra) (win, lose Extra) {
	switch {
	case x == y, y == was:
		return x, Extra{}
	case x == was, x.Text == "":
		return y, Extra{}
	case y.Text == "":
		return x, Extra{}
	case cmp.Or(compareHash(x.Text, y.Text), compareHash(x.After, y.After)) > 0:
		return x, y
	}
	return y, x
}

// name is the key of an unknown part of the front matter, with the mapping that
// holds it; of comments it is their text.
func (x Extra) name() string {
	key, _, isKey := strings.Cut(x.Text, ":")
	if !isKey || strings.HasPrefix(strings.TrimSpace(key), "#") {
		key = x.Text
	}
	return strings.TrimPrefix(x.Parent+"."+key, ".")
}

// extraNames are the names of parts of the front matter, each once.
func extraNames(in []Extra) []string {
	var names []string
	for _, x := range in {
		if name := x.name(); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func find(in []Extra, name string) Extra {
	for _, x := range in {
		if x.name() == name {
			return x
		}
	}
	return Extra{}
}
