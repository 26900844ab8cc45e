package store

import (
	"context"
	"errors"
	"fmt"

	"git-incident/journal"
)

// maxVersions is how far back a readable version of a note is looked for, in
// commits that name its incident.
const maxVersions = 50

// notes names the notes that cannot be read, and the last version that could.
func (x *exam) notes(ctx context.Context) error {
	for _, l := range x.sides {
		for _, id := range sortedKeys(l.notes) {
			if f := l.notes[id]; f.err != nil && isText(f.err) {
				x.unreadableNote(l, id, f.err)
			}
		}
	}
	return ctx.Err()
}

// isText reports an error about what a note says, and not about reading it.
func isText(err error) bool {
	var parse *journal.ParseError
	return errors.As(err, &parse) || errors.Is(err, journal.ErrTooLarge)
}

func (x *exam) unreadableNote(l *ledger, id string, err error) {
	f := Finding{Kind: UnreadableNote, Subject: id,
		Sentence: fmt.Sprintf("The note cannot be read: %s.", firstLine(err.Error())),
		Kept:     "Its text is on the journal as it is, and the other notes can be read.",
		Way:      []string{"git incident edit " + journal.ShortID(id)},
	}
	if errors.Is(err, journal.ErrTooLarge) {
		f.Way = nil // no editor gives it back smaller by itself
	}
	if last, ok := x.lastReadable(l, id); ok {
		f.Sentence += fmt.Sprintf(" The last version that can be read is that of commit %s.", short(last))
		f.Way = append(f.Way, fmt.Sprintf("git show %s:%s/%s", short(last), journal.Path(id), noteName))
	}
	x.add(f)
}

func (x *exam) lastReadable(l *ledger, id string) (Hash, bool) {
	tried := 0
	for _, e := range l.history {
		if namedBy(e).incident != id {
			continue
		}
		if tried++; tried > maxVersions {
			break
		}
		if f, err := x.folderAt(e.Hash, id); err == nil && f.inc != nil {
			return e.Hash, true
		}
	}
	return Hash{}, false
}
