package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"git-incident/journal"
)

// AmbiguousError is a piece that several ids contain.
type AmbiguousError struct {
	Piece      string
	Candidates []journal.Summary // by id
}

func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("%q fits %d incidents", e.Piece, len(e.Candidates))
}

// Find gives the incident whose id is, ends in, or contains a piece, case aside.
// The last four characters of an open incident always mean that one, so that
// finding it costs nothing in a large journal. The error is a [*NotFoundError]
// or an [*AmbiguousError].
func (j *Journal) Find(ctx context.Context, piece string) (journal.Summary, error) {
	piece = strings.ToLower(strings.TrimSpace(piece))
	open, err := j.OpenIncidents(ctx)
	if err != nil {
		return journal.Summary{}, err
	}
	if found := fitting(open, func(s journal.Summary) bool { return s.ID == piece || journal.ShortID(s.ID) == piece }); len(found) == 1 {
		return found[0], nil
	}
	c, err := j.index(ctx)
	if err != nil {
		return journal.Summary{}, err
	}
	return findIn(j.withPending(c.summaries()), piece)
}

// findIn prefers the whole id to its last characters, and those to any piece.
func findIn(all []journal.Summary, piece string) (journal.Summary, error) {
	for _, fits := range []func(journal.Summary) bool{
		func(s journal.Summary) bool { return s.ID == piece },
		func(s journal.Summary) bool { return journal.ShortID(s.ID) == piece },
		func(s journal.Summary) bool { return piece != "" && strings.Contains(s.ID, piece) },
	} {
		switch found := fitting(all, fits); len(found) {
		case 0:
		case 1:
			return found[0], nil
		default:
			return journal.Summary{}, &AmbiguousError{Piece: piece, Candidates: found}
		}
	}
	return journal.Summary{}, &NotFoundError{Piece: piece}
}

func fitting(list []journal.Summary, fits func(journal.Summary) bool) []journal.Summary {
	return slices.DeleteFunc(slices.Clone(list), func(s journal.Summary) bool { return !fits(s) })
}
