package journal

import "slices"

// EditBase gives the version of a note that a text was made from, when nobody knows
// it: the note as it is, but without the items that the text lacks. They may be newer
// than the text, so that an edit from this base keeps them. missing are their texts.
// A note or a text that cannot be read has no other base than the note.
func EditBase(note, text []byte) (base []byte, missing []string) {
	now, err := Parse(note)
	if err != nil {
		return note, nil
	}
	edited, err := Parse(text)
	if err != nil {
		return note, nil
	}
	has := map[string]bool{}
	for _, id := range edited.itemIDs() {
		has[id] = true
	}
	keep := func(id, text string) bool {
		if !has[id] {
			missing = append(missing, text)
		}
		return has[id]
	}
	now.Timeline = slices.DeleteFunc(now.Timeline, func(e Event) bool { return !keep(e.ID, e.Text) })
	now.Chain = slices.DeleteFunc(now.Chain, func(p Problem) bool { return !keep(p.ID, p.Text) })
	now.Learnings = slices.DeleteFunc(now.Learnings, func(l Learning) bool { return !keep(l.ID, l.Text) })
	if len(missing) == 0 {
		return note, nil
	}
	return Format(now), missing
}
