package store

import (
	"context"
	"slices"
	"strings"

	"git-incident/journal"
)

// FindPurge gives what a word can mean as something to purge: the id of an entry,
// as it stands in a note, or the name of an attachment. incident is the id of the
// one that is meant, "" when it may be any. Entries that were deleted since count:
// the history has them.
func (j *Journal) FindPurge(ctx context.Context, incident, word string) ([]Purge, error) {
	notes, _, err := j.All(ctx, true)
	if err != nil {
		return nil, err
	}
	id := entryID(word)
	var found []Purge
	for _, n := range notes {
		switch {
		case n.Incident == nil || incident != "" && n.ID != incident:
		case slices.Contains(entryIDs(n.Incident), id),
			slices.ContainsFunc(n.Incident.Deleted, func(t journal.Tombstone) bool { return t.ID == id }):
			found = append(found, Purge{Incident: n.ID, Entry: id})
		case slices.ContainsFunc(n.Incident.Attachments, func(a journal.Attachment) bool { return a.Name == word }):
			found = append(found, Purge{Incident: n.ID, Attachment: word})
		}
	}
	if len(found) == 0 && incident != "" {
		// It may be in an earlier version.
		if isEntryID(id) {
			return []Purge{{Incident: incident, Entry: id}}, nil
		}
		return []Purge{{Incident: incident, Attachment: word}}, nil
	}
	return found, nil
}

// entryID is the id of an entry as people copy it from a note: e:9xq2kd.
func entryID(word string) string {
	if kind, id, ok := strings.Cut(word, ":"); ok && strings.Contains("ecl", kind) {
		return id
	}
	return word
}
