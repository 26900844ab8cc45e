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
// there. It reports false if some note's text could not be had.
func (j *Journal) refresh(ctx context.Context, h *half, from, to Hash) (bool, error) {
	changes, err := j.difference(ctx, from, to)
	if err != nil {
		if changes, err = j.everything(ctx, h, to); err != nil {
			return false, err
		}
	}
	for _, c := range changes {
		h.remove(c.Old)
	}
	for _, c := range changes {
		h.add(c.New)
	}
	return j.readSummaries(ctx, h)
}

var errNoTip = errors.New("there is no tip to compare with")

func (j *Journal) difference(ctx context.Context, from, to Hash) ([]git.FileChange, error) {
	if from.IsZero() || to.IsZero() {
		return nil, errNoTip
	}
	return j.repo.DiffTree(ctx, from, to)
}

// everything lists a tip as if all of it were new. Summaries of the same blobs
// are kept.
func (j *Journal) everything(ctx context.Context, h *half, to Hash) ([]git.FileChange, error) {
	known := h.entries
	h.entries, h.warnings = map[string]*entry{}, map[string]string{}
	if to.IsZero() {
		return nil, nil
	}
	files, err := j.repo.LsTree(ctx, to)
	if err != nil {
		return nil, err
	}
	changes := make([]git.FileChange, 0, len(files))
	for _, f := range files {
		at, err := locate(f)
		if e, ok := known[at.id]; err == nil && ok && at.name == noteName && e.blob == f.Hash {
			h.entries[at.id] = e
			continue
		}
		changes = append(changes, git.FileChange{Path: f.Path, New: f})
	}
	return changes, nil
}

func (h *half) remove(f git.File) {
	if f.Hash.IsZero() {
		return
	}
	delete(h.warnings, f.Path)
	at, err := locate(f)
	if e := h.entries[at.id]; err == nil && at.name == noteName && e != nil && e.blob == f.Hash {
		delete(h.entries, at.id)
	}
}

func (h *half) add(f git.File) {
	if f.Hash.IsZero() {
		return
	}
	at, err := locate(f)
	if err != nil {
		h.warnings[f.Path] = err.Error()
		return
	}
	if at.name != noteName {
		return
	}
	if _, twice := h.unread[at.id]; twice {
		h.warnings[f.Path] = "the folder has two files of this name"
		return
	}
	h.unread[at.id] = f.Hash
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
	err := j.readBlobs(ctx, blobs, func(i int, content []byte, err error) {
		missing[i] = errors.Is(err, git.ErrNoObject)
		entries[i] = entry{blob: blobs[i], Summary: summarize(ids[i], h.draft, content, err)}
	})
	if err != nil {
		return false, fmt.Errorf("read the notes: %w", err)
	}
	for i, id := range ids {
		h.entries[id] = &entries[i]
	}
	return !slices.Contains(missing, true), nil
}

func (j *Journal) readBlobs(ctx context.Context, blobs []Hash, each func(int, []byte, error)) error {
	if len(blobs) > few {
		return j.repo.Blobs(ctx, blobs, journal.MaxNote, each)
	}
	objs := j.repo.Objects(ctx)
	defer objs.Close()
	for i, h := range blobs {
		content, err := objs.Blob(h, journal.MaxNote)
		each(i, content, err)
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
