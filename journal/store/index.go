package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"git-incident/journal"
	"git-incident/journal/git"
)

// List gives the summaries of all incidents, by id, and what was skipped. An
// incident that is on the branch and still among the drafts is the branch's.
func (j *Journal) List(ctx context.Context) ([]journal.Summary, []Warning, error) {
	c, err := j.index(ctx)
	if err != nil {
		return nil, nil, err
	}
	var warnings []Warning
	for _, w := range c.warnings {
		warnings = append(warnings, w.Warning)
	}
	return c.summaries(), warnings, nil
}

// summaries gives one summary for each id; the branch's come first in entries.
func (c *cache) summaries() []journal.Summary {
	list := make([]journal.Summary, len(c.entries))
	for i := range c.entries {
		list[i] = c.entries[i].Summary
	}
	byID := func(a, b journal.Summary) int { return cmp.Compare(a.ID, b.ID) }
	if !slices.IsSortedFunc(list, byID) {
		slices.SortStableFunc(list, byID)
	}
	return slices.CompactFunc(list, func(a, b journal.Summary) bool { return a.ID == b.ID })
}

// index gives the summaries of everything at the tips as they are.
func (j *Journal) index(ctx context.Context) (*cache, error) {
	tips, err := j.tips(ctx)
	if err != nil {
		return nil, err
	}
	old := j.readCache(indexFile)
	if old.tips == tips {
		return old, nil
	}
	now := &cache{tips: tips}
	complete := true
	for _, draft := range []bool{false, true} {
		half := old.half(draft)
		if old.tips[side(draft)] != tips[side(draft)] {
			ok, err := j.refresh(ctx, half, old.tips[side(draft)], tips[side(draft)])
			if err != nil {
				return nil, err
			}
			complete = complete && ok
		}
		half.into(now)
	}
	if complete {
		j.writeCache(indexFile, now)
	}
	return now, nil
}

// tips are what the branch and the drafts are read from.
func (j *Journal) tips(ctx context.Context) (tips [2]Hash, err error) {
	for _, draft := range []bool{false, true} {
		tip, err := j.tip(ctx, draft)
		if err != nil {
			return tips, err
		}
		tips[side(draft)] = tip.Hash
	}
	return tips, nil
}

// half is the index of one ref, by what it can be asked for.
type half struct {
	draft    bool
	entries  map[string]*entry // by id
	warnings map[string]string
	unread   map[string]Hash // ids of notes to be read, and their blobs
}

func (c *cache) half(draft bool) *half {
	h := &half{draft: draft, entries: make(map[string]*entry, len(c.entries)), warnings: map[string]string{}, unread: map[string]Hash{}}
	for i := range c.entries {
		if e := &c.entries[i]; e.Draft == draft {
			h.entries[e.ID] = e
		}
	}
	for _, w := range c.warnings {
		if w.draft == draft {
			h.warnings[w.Path] = w.Reason
		}
	}
	return h
}

func (h *half) into(c *cache) {
	c.entries = slices.Grow(c.entries, len(h.entries))
	for _, id := range slices.Sorted(maps.Keys(h.entries)) {
		c.entries = append(c.entries, *h.entries[id])
	}
	for _, path := range slices.Sorted(maps.Keys(h.warnings)) {
		c.warnings = append(c.warnings, cachedWarning{draft: h.draft, Warning: Warning{Path: path, Reason: h.warnings[path]}})
	}
}

// refresh brings a half from one tip to another, by their difference if both are
// there and all that was wrong with the old one is known. It reports false if
// something could not be had.
func (j *Journal) refresh(ctx context.Context, h *half, from, to Hash) (bool, error) {
	gone, come, err := survey{}, survey{}, errNoTip
	if !from.IsZero() && !to.IsZero() && len(h.warnings) < maxWarnings {
		if gone, come, err = j.compare(ctx, from, to); gone.missing || gone.full() {
			err = errNoTip
		}
	}
	known := map[string]*entry{}
	if err != nil {
		gone = survey{}
		known, h.entries, h.warnings = h.entries, map[string]*entry{}, map[string]string{}
		if come, err = j.survey(ctx, to); err != nil {
			return false, err
		}
	}
	h.remove(gone)
	h.add(come, known)
	whole, err := j.readSummaries(ctx, h)
	return whole && !come.missing, err
}

var errNoTip = errors.New("there is nothing to compare with")

func (h *half) remove(gone survey) {
	for _, w := range gone.warnings {
		delete(h.warnings, w.Path)
	}
	for _, n := range gone.notes {
		if e := h.entries[n.id]; e != nil && e.blob == n.blob {
			delete(h.entries, n.id)
		}
	}
}

// add takes over what has come. Summaries of known notes are kept.
func (h *half) add(come survey, known map[string]*entry) {
	for _, w := range come.warnings {
		h.warnings[w.Path] = w.Reason
	}
	for _, n := range come.notes {
		_, twice := h.unread[n.id]
		if e := known[n.id]; e != nil && e.blob == n.blob && !twice && h.entries[n.id] == nil {
			h.entries[n.id] = e
			continue
		}
		if twice || h.entries[n.id] != nil {
			h.warnings[n.path] = errTwoNotes.Error()
			continue
		}
		h.unread[n.id] = n.blob
	}
}

// few is how many notes are read in this process, most of them loose, before it
// pays to start children.
const few = 8

// readSummaries reads the notes that are unread. It reports false if a text is
// missing, which is no property of the note and must not be remembered.
func (j *Journal) readSummaries(ctx context.Context, h *half) (bool, error) {
	ids := slices.Sorted(maps.Keys(h.unread))
	blobs := make([]Hash, len(ids))
	for i, id := range ids {
		blobs[i] = h.unread[id]
	}
	entries, missing := make([]entry, len(ids)), make([]bool, len(ids))
	err := j.readBlobs(ctx, blobs, func(at []int, content []byte, err error) {
		sum := summarize("", h.draft, content, err)
		for _, i := range at {
			missing[i] = errors.Is(err, git.ErrNoObject)
			sum.ID = ids[i]
			entries[i] = entry{blob: blobs[i], Summary: sum}
		}
	})
	if err != nil {
		return false, fmt.Errorf("read the notes: %w", err)
	}
	for i, id := range ids {
		h.entries[id] = &entries[i]
	}
	return !slices.Contains(missing, true), nil
}

// readBlobs reads blobs, one that stands at several indexes once.
func (j *Journal) readBlobs(ctx context.Context, blobs []Hash, each func(at []int, content []byte, err error)) error {
	at := make(map[Hash][]int, len(blobs))
	var once []Hash
	for i, h := range blobs {
		if at[h] == nil {
			once = append(once, h)
		}
		at[h] = append(at[h], i)
	}
	if len(once) > few {
		return j.repo.Blobs(ctx, once, journal.MaxNote, func(i int, content []byte, err error) { each(at[once[i]], content, err) })
	}
	objs := j.repo.Objects(ctx)
	defer objs.Close()
	for _, h := range once {
		content, err := objs.Blob(h, journal.MaxNote)
		each(at[h], content, err)
	}
	return ctx.Err()
}

// summarize reads a note for the index.
func summarize(id string, draft bool, content []byte, err error) journal.Summary {
	inc, err := parseNote(id, content, err)
	if err != nil {
		return journal.Summary{ID: id, Draft: draft, Unreadable: err.Error()}
	}
	s := journal.Summarize(inc)
	s.Draft = draft
	return s
}

// parseNote parses what was read, if it was read.
func parseNote(id string, content []byte, err error) (*journal.Incident, error) {
	var large *git.TooLargeError
	if errors.As(err, &large) {
		return nil, journal.ErrTooLarge
	}
	if err != nil {
		return nil, err
	}
	inc, err := journal.Parse(content)
	if err != nil {
		return nil, err
	}
	inc.ID = id
	return inc, nil
}
