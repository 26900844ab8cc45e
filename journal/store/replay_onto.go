package store

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"git-incident/journal"
	"git-incident/journal/git"
)

// keys say which commit of a history that was written anew is the same as one of
// the old: the changes it made or, for one made by hand, who made it and when.
func (m *merging) keys(e git.LogEntry) ([]string, error) {
	if ids := e.Values(journal.TrailerChange); len(ids) > 0 {
		return ids, nil
	}
	c, err := m.batch.objs.Commit(e.Hash)
	if err != nil {
		return nil, err
	}
	key := "made by hand"
	for _, who := range []git.Ident{c.Author, c.Committer} {
		key += fmt.Sprintf("\x00%s\x00%s\x00%d", who.Name, who.Email, who.When.Unix())
	}
	return []string{key}, nil
}

// renamed gives the id that an incident has in a tree. A purge may have changed
// it, but for the day and the characters at the end.
func (m *merging) renamed(tree Hash, id string) (string, error) {
	const day = len("2026-11-20-")
	dir := path.Dir(journal.Path(id))
	_, list, err := descend(m.batch.objs, tree, dir)
	if err != nil {
		return id, err
	}
	if slices.ContainsFunc(list, func(e git.TreeEntry) bool { return e.Name == id }) {
		return id, nil
	}
	for _, e := range list {
		if e.Mode == git.Dir && journal.ValidID(e.Name) && e.Name[:day] == id[:day] && journal.ShortID(e.Name) == journal.ShortID(id) {
			return e.Name, nil
		}
	}
	return id, nil
}

// retold is the message of a commit that is made again on a purged history. A
// subject may quote what was purged, like an old title: then only the verb stays.
func (m *merging) retold(message string, tree Hash, ids map[string]string) (string, error) {
	var notes strings.Builder
	for was, now := range ids {
		message = strings.ReplaceAll(message, was, now)
		f, err := readFolder(m.batch.objs, tree, now)
		if err != nil {
			return "", err
		}
		notes.WriteString(oneSpace(string(f.raw)))
	}
	subject, rest, _ := strings.Cut(message, "\n")
	s := splitSubject(subject)
	said := oneSpace(strings.TrimSuffix(s.summary, "…"))
	if !strings.Contains(rest, journal.TrailerChange+": ") || strings.Contains(notes.String(), said) {
		return message, nil
	}
	return s.verb + s.tail + "\n" + rest, nil
}

// oneSpace is a text as a subject has it: on one line.
func oneSpace(s string) string { return strings.Join(strings.Fields(journal.VisibleText(s)), " ") }

// rivals are tips that were purged apart from each other: both declare that the
// same history is gone, and have nothing in common. Merged, each would bring back
// what the other took out.
func (m *merging) rivals(a, b Hash, roots map[Hash][]Hash) (bool, error) {
	if slices.ContainsFunc(roots[a], func(r Hash) bool { return slices.Contains(roots[b], r) }) {
		return false, nil
	}
	first, err := m.purges([]Hash{a})
	if err != nil {
		return false, err
	}
	second, err := m.purges([]Hash{b})
	for root := range first {
		if second[root] {
			return true, err
		}
	}
	return false, err
}
