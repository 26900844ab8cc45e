package store

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"git-incident/journal"
	"git-incident/journal/git"
)

// transitionsName is a file at the top of the branch. A line of it says that the
// history was written anew without something that must not come back:
//
//	purge <first commit of the old history> <date>
//
// A clone that still has the old history never merges it again: it takes over the
// new one and puts only those changes on it that nobody else has. Lines that say
// something else are kept and mean nothing.
const transitionsName = "transitions"

const purgeVerb = "purge"

// purges are the first commits of histories that were purged.
type purges map[Hash]bool

// purgesOf reads the transitions of a tree. A file that is too large or not there
// says nothing.
func purgesOf(objs *git.Objects, tree Hash) (purges, error) {
	text, err := transitions(objs, tree)
	p := purges{}
	for line := range strings.Lines(text) {
		word := strings.Fields(line)
		if len(word) >= 2 && word[0] == purgeVerb && git.IsHash(word[1]) {
			p[git.NewHash(word[1])] = true
		}
	}
	return p, err
}

func transitions(objs *git.Objects, tree Hash) (string, error) {
	if tree.IsZero() {
		return "", nil
	}
	top, err := objs.Tree(tree)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(top, func(e git.TreeEntry) bool { return e.Name == transitionsName && e.Mode == git.Regular })
	if i < 0 {
		return "", nil
	}
	content, err := objs.Blob(top[i].Hash, journal.MaxHeader)
	if isTooLarge(err) {
		return "", nil
	}
	return string(content), err
}

// declarePurge is the text of transitions with the purge of a history with these
// first commits.
func declarePurge(text string, roots []Hash, at time.Time) string {
	var lines string
	for _, r := range roots {
		lines += fmt.Sprintf("%s %s %s\n", purgeVerb, r, at.UTC().Format(time.DateOnly))
	}
	return mergeTransitions(text, lines)
}

// mergeTransitions is every line of both, once, in an order that depends on
// neither.
func mergeTransitions(a, b string) string {
	lines := map[string]bool{}
	for line := range strings.Lines(a + "\n" + b) {
		if line = strings.TrimSpace(line); line != "" {
			lines[line] = true
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(lines)), "\n") + "\n"
}
