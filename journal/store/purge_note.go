package store

import (
	"slices"

	"git-incident/journal"
)

// note is a note without the text. It stays one that can be read, with the same
// items: where a plain replacement would not be YAML, where YAML had the text in
// other characters, or where ids have it by chance, the texts are set one by one. fits is false when even that does not help.
func (t *textCut) note(raw []byte) (now []byte, fits bool) {
	plain := t.content(raw)
	inc, err := journal.Parse(raw)
	if err != nil {
		return plain, true
	}
	if after, err := journal.Parse(plain); err == nil && !t.stillIn(after) && slices.Equal(allIDs(after), allIDs(inc)) {
		return plain, true
	}
	eachText(inc, t.clean, t.bare)
	field := journal.Format(inc)
	if _, err := journal.Parse(field); err != nil {
		return plain, false
	}
	return field, true
}

// allIDs are the ids of all items, deleted ones too.
func allIDs(inc *journal.Incident) []string {
	ids := entryIDs(inc)
	for _, d := range inc.Deleted {
		ids = append(ids, d.ID)
	}
	return ids
}

func (t *textCut) stillIn(inc *journal.Incident) bool {
	found := false
	look := func(s string) string {
		found = found || t.clean(s) != s
		return s
	}
	eachText(inc, look, look)
	return found
}

// eachText lets f replace every text of an incident, and bare what is raw YAML. A
// field that takes only words of the grammar stays.
func eachText(inc *journal.Incident, f, bare func(string) string) {
	for _, key := range journal.Fields() {
		values := inc.Field(key)
		var now []string
		for _, v := range values {
			now = append(now, f(v))
		}
		_ = inc.SetField(key, now...)
	}
	for i := range inc.Extra {
		inc.Extra[i].Text = bare(inc.Extra[i].Text)
	}
	inc.Lead = f(inc.Lead)
	for i := range inc.Sections {
		inc.Sections[i].Heading, inc.Sections[i].Text = f(inc.Sections[i].Heading), f(inc.Sections[i].Text)
	}
	eachItem(inc, f)
}

// eachItem lets f replace what the items of an incident say.
func eachItem(inc *journal.Incident, f func(string) string) {
	for i := range inc.Timeline {
		inc.Timeline[i].Text = f(inc.Timeline[i].Text)
	}
	for i := range inc.Chain {
		inc.Chain[i].Text = f(inc.Chain[i].Text)
	}
	for i, l := range inc.Learnings {
		inc.Learnings[i].Text = f(l.Text)
		for k, q := range l.Consequences {
			l.Consequences[k].Text, l.Consequences[k].Detail = f(q.Text), f(q.Detail)
		}
	}
}
