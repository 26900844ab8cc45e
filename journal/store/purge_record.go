package store

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"

	"git-incident/journal"
	"git-incident/journal/git"
)

// cleanRecord does the same with a spooled record. One that is damaged is treated
// as any text.
func cleanRecord(c cut, name string, body []byte) ([]byte, error) {
	r, err := parseRecord(filepath.Base(name), body)
	if err != nil {
		if t, ok := c.(*textCut); ok {
			return t.content(body), nil
		}
		return body, nil
	}
	before, err := r.encode()
	if err != nil {
		return nil, err
	}
	switch c := c.(type) {
	case *textCut:
		err = c.record(r)
	case *entryCut:
		c.record(r)
	case *fileCut:
		c.record(r)
	}
	if err != nil {
		return nil, err
	}
	after, err := r.encode()
	if bytes.Equal(before, after) {
		return body, err
	}
	return after, err
}

// record takes the text out of every string of the changes, and out of the files.
func (t *textCut) record(r *record) error {
	for i, f := range r.Files {
		r.Files[i].content = t.content(f.content)
		r.Files[i].Size = len(r.Files[i].content)
		r.Files[i].Hash = git.BlobHash(r.Files[i].content).String()
		for _, c := range r.Changes {
			for k, a := range c.Attach {
				if a.Hash == f.Hash {
					c.Attach[k].Hash, c.Attach[k].Size = r.Files[i].Hash, int64(r.Files[i].Size)
				}
			}
		}
	}
	for i := range r.Changes {
		if err := t.change(&r.Changes[i]); err != nil {
			return err
		}
	}
	return nil
}

// change cleans every string of a change, whatever it is called.
func (t *textCut) change(c *journal.Change) error {
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	var all any
	if err := json.Unmarshal(text, &all); err != nil {
		return err
	}
	if text, err = json.Marshal(t.strings(all)); err != nil {
		return err
	}
	var now journal.Change
	if err := json.Unmarshal(text, &now); err != nil {
		return err
	}
	*c = now
	return nil
}

// isName are the keys of a change whose values are no text of anybody's.
var isName = map[string]bool{
	"id": true, "hash": true, "blob": true, "at": true, "verb": true, "key": true, "delete": true,
	"kind": true, "visibility": true, "mark": true, "state": true,
}

func (t *textCut) strings(v any) any {
	switch v := v.(type) {
	case string:
		if _, err := journal.Parse([]byte(v)); err == nil {
			now, _ := t.note([]byte(v))
			return string(now)
		}
		return t.clean(v)
	case []any:
		for i := range v {
			v[i] = t.strings(v[i])
		}
	case map[string]any:
		for key := range v {
			if !isName[key] {
				v[key] = t.strings(v[key])
			}
		}
	}
	return v
}

// record takes the item out of changes to its incident.
func (e *entryCut) record(r *record) {
	for i := range r.Changes {
		c := &r.Changes[i]
		if c.Incident != e.incident {
			continue
		}
		has := &journal.Incident{Timeline: c.Log, Chain: c.Why, Learnings: c.Learn}
		named := e.from(has)
		c.Log, c.Why, c.Learn = has.Timeline, has.Chain, has.Learnings
		if c.Adopt != "" {
			now, _ := e.note([]byte(c.Adopt))
			c.Adopt = string(now)
		}
		if c.Edit != nil {
			base, _ := e.note([]byte(c.Edit.Base))
			text, _ := e.note([]byte(c.Edit.Text))
			c.Edit = &journal.Edit{Base: string(base), Text: string(text), Blob: c.Edit.Blob}
		}
		if named || e.quotes(c.Summary) {
			c.Summary = purgedMark
		}
	}
}

// record takes the attachment out of changes.
func (f *fileCut) record(r *record) {
	gone := func(hash string) bool { return f.contents[git.NewHash(hash)] }
	r.Files = slices.DeleteFunc(r.Files, func(s spooledFile) bool { return gone(s.Hash) })
	for i := range r.Changes {
		r.Changes[i].Attach = slices.DeleteFunc(r.Changes[i].Attach, func(a journal.Attachment) bool { return gone(a.Hash) })
	}
}
