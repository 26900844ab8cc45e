package store

import (
	"context"
	"slices"

	"git-incident/journal"
)

// OpenIncidents gives the incidents that somebody is still at, by id. Those whose
// start is still in the spool count.
func (j *Journal) OpenIncidents(ctx context.Context) ([]journal.Summary, error) {
	tips, err := j.tips(ctx)
	if err != nil {
		return nil, err
	}
	c := j.readCache(openFile)
	if c.tips != tips {
		index, err := j.index(ctx)
		if err != nil {
			return nil, err
		}
		c = &cache{tips: tips, entries: slices.DeleteFunc(slices.Clone(index.entries), func(e entry) bool { return !isOpen(e.Summary) })}
		j.writeCache(openFile, c)
	}
	return j.withPending(c.summaries()), nil
}

func isOpen(s journal.Summary) bool { return s.Unreadable == "" && s.Open() }

// withPending adds the incidents that were started and are not on a ref yet. What
// is wrong with the spool is for the next write to complain about.
func (j *Journal) withPending(list []journal.Summary) []journal.Summary {
	names, _ := j.pendingNames()
	for _, name := range names {
		r, err := readRecord(j.path(spoolDir), name)
		if err != nil || !j.isFor(context.Background(), r) {
			continue
		}
		for _, c := range r.Changes {
			known := slices.ContainsFunc(list, func(s journal.Summary) bool { return s.ID == c.Incident })
			if inc, err := journal.Apply(nil, c); c.Start != nil && err == nil && !known {
				s := journal.Summarize(inc)
				s.Draft = c.Draft
				list = append(list, s)
			}
		}
	}
	return list
}

// remember brings the cache of open incidents to the tips that were written, if
// it was at the tips that were built on.
func (b *batch) remember() {
	c := b.j.readCache(openFile)
	now := &cache{tips: c.tips, entries: slices.Clone(c.entries)}
	for n, l := range b.line {
		if l == nil || l.tip == l.base.parent {
			continue
		}
		if c.tips[n] != l.base.parent {
			return
		}
		now.tips[n] = l.tip
		now.entries = slices.DeleteFunc(now.entries, func(e entry) bool { return side(e.Draft) == n && l.changed[e.ID] })
		for id := range l.changed {
			f, err := b.load(l, id)
			if err != nil || f.inc == nil {
				continue
			}
			if s := journal.Summarize(f.inc); isOpen(s) {
				s.Draft = n == side(true)
				now.entries = append(now.entries, entry{blob: f.note, Summary: s})
			}
		}
	}
	if now.tips != c.tips {
		b.j.writeCache(openFile, now)
	}
}
