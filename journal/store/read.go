package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
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
	files, err := j.repo.LsTreeSizes(ctx, f.tree)
	if err != nil {
		return Note{}, fmt.Errorf("read %s: %w", id, err)
	}
	for i, a := range f.inc.Attachments {
		at := slices.IndexFunc(files, func(f git.File) bool { return f.Path == a.Name })
		if at >= 0 {
			f.inc.Attachments[i].Size = files[at].Size
		}
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
	objs := j.repo.Objects(ctx)
	defer objs.Close()
	content, err := objs.Blob(blob, journal.MaxAttachment)
	if err != nil {
		return nil, fmt.Errorf("attachment %q of %s: %w", name, id, err)
	}
	return content, nil
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
	files, err := j.repo.LsTreeSizes(ctx, tip)
	if err != nil {
		return nil, nil, err
	}
	var notes []Note
	var blobs []Hash
	var warnings []Warning
	seen, attached := map[string]bool{}, map[string][]journal.Attachment{}
	for _, f := range files {
		at, err := locate(f)
		switch {
		case err != nil:
			warnings = append(warnings, Warning{Path: f.Path, Reason: err.Error()})
		case at.id != "" && at.name != noteName:
			attached[at.id] = append(attached[at.id], journal.Attachment{Name: at.name, Size: f.Size, Hash: f.Hash.String()})
		case at.id != "" && !seen[at.id]:
			seen[at.id] = true
			notes = append(notes, Note{ID: at.id, Draft: draft, Blob: f.Hash})
			blobs = append(blobs, f.Hash)
		}
	}
	err = j.readBlobs(ctx, blobs, func(i int, content []byte, err error) {
		n := &notes[i]
		n.Raw = content
		if n.Incident, n.Err = parseNote(n.ID, content, err); n.Err == nil {
			n.Incident.Attachments = attached[n.ID]
		}
	})
	return notes, warnings, err
}

// NotFoundError says that nothing goes by a name.
type NotFoundError struct{ Piece string }

func (e *NotFoundError) Error() string { return fmt.Sprintf("there is no incident %q", e.Piece) }

// IsNotFound reports whether err says that nothing goes by a name.
func IsNotFound(err error) bool {
	var e *NotFoundError
	return errors.As(err, &e)
}
