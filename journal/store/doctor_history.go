package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// history proves that what the trailers name is there: every entry, minus those
// that were deleted, has to be on a ref. Trailers are anybody's to write, so what
// they name is believed only if the commit that names it has it.
func (x *exam) history(ctx context.Context) error {
	for _, l := range x.sides {
		p := proof{exam: x, side: l, missing: map[string]*loss{}, gone: map[string][]string{}, settled: map[string]bool{}}
		for _, e := range l.history {
			p.commit(namedBy(e))
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		p.report()
	}
	return nil
}

// proof is what the history of one ref says.
type proof struct {
	*exam
	side    *ledger
	missing map[string]*loss    // by incident
	gone    map[string][]string // what no commit has any more, by incident
	settled map[string]bool     // entries and incidents that need no further look
}

// commit looks at what one commit names. The newest come first.
func (p *proof) commit(c named) {
	if c.incident == "" || p.claimed[c.incident] || p.settled[c.incident] {
		return
	}
	if len(p.on(c.incident)) == 0 {
		p.incident(c)
		return
	}
	for _, id := range c.entries {
		key := c.incident + " " + id
		if p.claimed[key] || p.settled[key] || p.accounts(c.incident, id) {
			continue
		}
		f, err := p.folderAt(c.Hash, c.incident)
		switch {
		case err != nil || f.exists() && f.inc == nil:
			p.gone[c.incident] = append(p.gone[c.incident], id+" of "+subject(c.Subject))
		case f.inc != nil && slices.Contains(ownIDs(f.inc), id):
			p.settled[key] = true
			l := p.loss(c.incident)
			l.pieces = append(l.pieces, piece{id, f, c.Subject})
		}
	}
}

// incident looks at a commit of an incident that is on no ref. Drafts leave their
// ref when they are shared, by a commit that names them.
func (p *proof) incident(c named) {
	f, err := p.folderAt(c.Hash, c.incident)
	switch {
	case err == nil && !f.exists() && p.side.draft:
		p.settled[c.incident] = true
	case err == nil && f.inc != nil:
		p.settled[c.incident] = true
		p.loss(c.incident).whole = &f
	case err != nil || f.exists():
		p.gone[c.incident] = append(p.gone[c.incident], subject(c.Subject))
	}
}

func (p *proof) loss(incident string) *loss {
	if p.missing[incident] == nil {
		p.missing[incident] = &loss{incident: incident, draft: p.draftOf(incident)}
	}
	return p.missing[incident]
}

// draftOf reports whether what an incident lacks is put back among the drafts:
// where the incident is, or else where the history has it.
func (p *proof) draftOf(incident string) bool {
	if on := p.on(incident); len(on) > 0 {
		return on[0].draft
	}
	return p.side.draft
}

func (p *proof) report() {
	for _, id := range sortedKeys(p.missing) {
		p.add(p.finding(*p.missing[id]))
		for _, piece := range p.missing[id].pieces {
			p.claimed[id+" "+piece.id] = true
		}
		p.claimed[id] = p.claimed[id] || p.missing[id].whole != nil
	}
	for _, id := range sortedKeys(p.gone) {
		if l := p.missing[id]; l != nil && l.whole != nil {
			continue
		}
		p.add(Finding{Kind: LostEntries, Subject: id,
			Sentence: fmt.Sprintf("The history names what is neither in the note nor in any object that can be read: %s.", listed(p.gone[id])),
			Kept:     "Another clone may still have it: what it has comes back with the next sync.",
		})
	}
}

func (p *proof) finding(l loss) Finding {
	f := Finding{Kind: MissingEntries, Subject: l.incident, Kept: "The history has all of it.",
		repair: func(ctx context.Context) (string, error) { return p.j.putBack(ctx, []loss{l}) }}
	if l.whole != nil {
		f.Kind = MissingIncident
		f.Sentence = "The history has this incident, and the journal as it is now has not."
		return f
	}
	var what []string
	for _, piece := range l.pieces {
		what = append(what, piece.id+" of "+subject(piece.subject))
	}
	f.Sentence = fmt.Sprintf("%s that the history names %s not in the note, and nobody deleted %s: %s.",
		sentenceStart(count(len(l.pieces), "entry")), isOrAre(len(l.pieces)), itOrThem(len(l.pieces)), listed(what))
	return f
}

// folderAt reads an incident as a commit has it.
func (x *exam) folderAt(commit Hash, incident string) (folder, error) {
	key := commit.String() + incident
	if f, ok := x.folders[key]; ok {
		return f, nil
	}
	if x.budget--; x.budget < 0 {
		return folder{}, nil
	}
	c, err := x.objs.Commit(commit)
	if err != nil {
		return folder{}, err
	}
	f, err := readFolder(x.objs, c.Tree, incident)
	if err == nil {
		x.folders[key] = f
	}
	return f, err
}

func sortedKeys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }
