package journal

import (
	"cmp"
	"crypto/sha256"
	"maps"
	"slices"
)

// Merge unites two versions of one incident. base is the version both come from,
// nil when there is none. Which of a and b is which makes no difference, and
// merging again changes nothing. Without a base it makes no difference either in
// which order several versions are merged. The package comment has the rules.
//
// The merged note may be larger than a note may be: [Parse] of its [Format] tells.
func Merge(base, a, b *Incident) *Incident {
	was := base
	if base == nil {
		was = &Incident{}
	}
	m := &Incident{ID: cmp.Or(a.ID, b.ID)}
	m.Deleted = mergeTombstones(a.Deleted, b.Deleted)
	lost := m.mergeFields(was, a, b)
	lost = append(lost, m.mergeExtra(base, a, b)...)
	lost = append(lost, m.mergeAttachments(was, a, b)...)
	gone := m.deletedIDs()
	m.Timeline = mergeItems(gone, base, a, b, lost, eventOps)
	m.Chain = mergeItems(gone, base, a, b, nil, problemOps)
	m.Learnings = mergeItems(gone, base, a, b, nil, learningOps)
	m.mergeSections(base, a, b)
	return m
}

func mergeTombstones(a, b []Tombstone) []Tombstone {
	revs := map[string]int{}
	for _, t := range slices.Concat(a, b) {
		revs[t.ID] = max(revs[t.ID], t.Rev)
	}
	var out []Tombstone
	for _, id := range slices.Sorted(maps.Keys(revs)) {
		out = append(out, Tombstone{ID: id, Rev: revs[id]})
	}
	return out
}

// deletedIDs are the ids under the tombstones.
func (inc *Incident) deletedIDs() map[string]bool {
	ids := map[string]bool{}
	for _, t := range inc.Deleted {
		ids[t.ID] = true
	}
	return ids
}

func compareHash(a, b string) int {
	ha, hb := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return slices.Compare(ha[:], hb[:])
}
