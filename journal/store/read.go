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

// Note is one incident as it is on a ref.
type Note struct {
	ID       string
	Draft    bool
	Blob     Hash
	Raw      []byte            // the text, nil when it is too large or missing
	Incident *journal.Incident // nil when it cannot be read
	Err      error             // why it cannot be read
}

// Read gives one incident by its whole id, from the branch or else from the
// drafts. A note that cannot be read is given with its Err; the error is a
// [*NotFoundError] when there is none.
func (j *Journal) Read(ctx context.Context, id string) (Note, error) {
	note, f, err := j.locateNote(ctx, id)
	if err != nil || f.inc == nil || len(f.inc.Attachments) == 0 {
		return note, err
	}
	if err := j.measure(ctx, f.inc.Attachments); err != nil {
		return Note{}, fmt.Errorf("read %s: %w", id, err)
	}
	return note, nil
}

// Attachment gives the content of a file beside a note.
func (j *Journal) Attachment(ctx context.Context, id, name string) ([]byte, error) {
	_, f, err := j.locateNote(ctx, id)
	if err != nil {
		return nil, err
	}
	blob, ok := f.files[name]
	if !ok {
		return nil, &NotFoundError{Piece: id + "/" + name}
	}
	content, err := j.Content(ctx, journal.Attachment{Name: name, Hash: blob.String()})
	if err != nil {
		return nil, fmt.Errorf("attachment %q of %s: %w", name, id, err)
	}
	return content, nil
}

// Content gives the content of an attachment that was read before.
func (j *Journal) Content(ctx context.Context, a journal.Attachment) ([]byte, error) {
	objs := j.repo.Objects(ctx)
	defer objs.Close()
	return objs.Blob(git.NewHash(a.Hash), journal.MaxAttachment)
}

func (j *Journal) locateNote(ctx context.Context, id string) (Note, folder, error) {
	objs := j.repo.Objects(ctx)
	defer objs.Close()
	for _, draft := range []bool{false, true} {
		tip, err := j.tip(ctx, draft)
		if err != nil {
			return Note{}, folder{}, err
		}
		if tip.Hash.IsZero() {
			continue
		}
		commit, err := objs.Commit(tip.Hash)
		if err != nil {
			return Note{}, folder{}, j.badTip(ctx, tip.Ref, err)
		}
		f, err := readFolder(objs, commit.Tree, id)
		if err != nil {
			return Note{}, folder{}, err
		}
		if f.exists() {
			return Note{ID: id, Draft: draft, Blob: f.note, Raw: f.raw, Incident: f.inc, Err: f.err}, f, nil
		}
	}
	return Note{}, folder{}, &NotFoundError{Piece: id}
}

// All gives every incident of the branch, by id, and with drafts also those that
// are not on the branch yet; and what was skipped. Sizes of attachments are known.
func (j *Journal) All(ctx context.Context, drafts bool) ([]Note, []Warning, error) {
	var all []Note
	var warnings []Warning
	for _, draft := range []bool{false, true} {
		if draft && !drafts {
			continue
		}
		tip, err := j.tip(ctx, draft)
		if err != nil {
			return nil, nil, err
		}
		notes, skipped, err := j.allAt(ctx, tip.Hash, draft)
		if err != nil {
			return nil, nil, err
		}
		all = append(all, notes...)
		warnings = append(warnings, skipped...)
	}
	slices.SortStableFunc(all, func(a, b Note) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(all, func(a, b Note) bool { return a.ID == b.ID }), warnings, nil
}

func (j *Journal) allAt(ctx context.Context, tip Hash, draft bool) ([]Note, []Warning, error) {
	if tip.IsZero() {
		return nil, nil, nil
	}
	found, err := j.survey(ctx, tip)
	if err != nil {
		return nil, nil, err
	}
	var notes []Note
	var blobs []Hash
	var files [][]journal.Attachment
	seen := map[string]bool{}
	for _, n := range found.notes {
		if seen[n.id] {
			found.warn(n.path, errTwoNotes.Error())
			continue
		}
		seen[n.id] = true
		notes = append(notes, Note{ID: n.id, Draft: draft, Blob: n.blob})
		blobs, files = append(blobs, n.blob), append(files, n.files)
	}
	if err := j.measure(ctx, files...); err != nil {
		return nil, nil, err
	}
	err = j.readBlobs(ctx, blobs, func(at []int, content []byte, err error) {
		inc, err := parseNote("", content, err)
		for _, i := range at {
			notes[i].Raw, notes[i].Err = content, err
			if err == nil {
				own := *inc
				own.ID, own.Attachments = notes[i].ID, files[i]
				notes[i].Incident = &own
			}
		}
	})
	return notes, found.warnings, err
}

// measure fills in the sizes of attachments.
func (j *Journal) measure(ctx context.Context, lists ...[]journal.Attachment) error {
	sizes := map[Hash]int64{}
	for _, list := range lists {
		for _, a := range list {
			sizes[git.NewHash(a.Hash)] = 0
		}
	}
	hashes := slices.Collect(maps.Keys(sizes))
	known, err := j.repo.Sizes(ctx, hashes)
	if err != nil {
		return err
	}
	for i, h := range hashes {
		sizes[h] = known[i]
	}
	for _, list := range lists {
		for i, a := range list {
			list[i].Size = sizes[git.NewHash(a.Hash)]
		}
	}
	return nil
}

// NotFoundError says that nothing goes by a name.
type NotFoundError struct{ Piece string }

func (e *NotFoundError) Error() string { return fmt.Sprintf("there is no incident %q", e.Piece) }

// IsNotFound reports whether err says that nothing goes by a name.
func IsNotFound(err error) bool {
	var e *NotFoundError
	return errors.As(err, &e)
}
