package store

import (
	"path"
	"slices"
	"strings"

	"git-incident/journal"
	"git-incident/journal/git"
)

// entryCut takes one item out of every version of a note.
type entryCut struct {
	objs     *git.Objects
	incident string
	id       string
	texts    map[string]bool // what the item said, in all versions that were seen
	files    map[Hash]Hash
}

func newEntryCut(objs *git.Objects, incident, id string) *entryCut {
	return &entryCut{objs: objs, incident: incident, id: id, texts: map[string]bool{}, files: map[Hash]Hash{}}
}

func (e *entryCut) know() { e.files = map[Hash]Hash{} }

func (e *entryCut) folder(_, name string) string { return name }

func (e *entryCut) file(dir string, f git.TreeEntry) (git.TreeEntry, error) {
	if dir != journal.Path(e.incident) || path.Ext(f.Name) != path.Ext(noteName) {
		return f, nil
	}
	now, ok := e.files[f.Hash]
	if !ok {
		raw, err := e.objs.Blob(f.Hash, journal.MaxNote)
		if isTooLarge(err) {
			return f, nil
		}
		if err != nil {
			return f, err
		}
		now = f.Hash
		if text, changed := e.note(raw); changed {
			if now, err = e.objs.AddBlob(text); err != nil {
				return f, err
			}
		}
		e.files[f.Hash] = now
	}
	f.Hash = now
	return f, nil
}

// note is a note without the item. Of one that cannot be read the words go that
// the item has in other versions.
func (e *entryCut) note(raw []byte) (now []byte, changed bool) {
	inc, err := journal.Parse(raw)
	if err != nil {
		text := string(raw)
		for said := range e.texts {
			if len(said) < minPurged {
				continue // it would be part of other words
			}
			text = spaced(said).ReplaceAllLiteralString(text, purgedMark)
		}
		return []byte(text), text != string(raw)
	}
	if !e.from(inc) {
		return raw, false
	}
	return journal.Format(inc), true
}

// from takes the item out of an incident, and reports whether it was there.
func (e *entryCut) from(inc *journal.Incident) bool {
	var said []string
	inc.Timeline = slices.DeleteFunc(inc.Timeline, func(v journal.Event) bool {
		return e.take(v.ID, &said, v.Text)
	})
	inc.Chain = slices.DeleteFunc(inc.Chain, func(p journal.Problem) bool {
		return e.take(p.ID, &said, p.Text)
	})
	inc.Learnings = slices.DeleteFunc(inc.Learnings, func(l journal.Learning) bool {
		all := []string{l.Text}
		for _, q := range l.Consequences {
			all = append(all, q.Text, q.Detail)
		}
		return e.take(l.ID, &said, all...)
	})
	for _, text := range said {
		if strings.TrimSpace(text) != "" {
			e.texts[text] = true
		}
	}
	return said != nil
}

func (e *entryCut) take(id string, said *[]string, texts ...string) bool {
	if id != e.id {
		return false
	}
	*said = append(*said, texts...)
	return true
}

// commit replaces what a subject says of the item. The trailers stay: with the
// tombstone they prove that nothing else is missing.
func (e *entryCut) commit(c *git.Commit) {
	trailers := c.Message[strings.LastIndex(strings.TrimRight(c.Message, "\n"), "\n\n")+1:]
	named := 0
	for line := range strings.Lines(trailers) {
		if strings.HasPrefix(line, journal.TrailerEntry+": ") {
			named++
		}
	}
	if !strings.Contains(trailers, journal.TrailerEntry+": "+e.id+"\n") {
		return
	}
	subject, rest, _ := strings.Cut(c.Message, "\n")
	s := splitSubject(subject)
	if named == 1 || e.quotes(s.summary) {
		c.Message = s.verb + ": " + purgedMark + s.tail + "\n" + rest
	}
}

func (e *entryCut) quotes(summary string) bool {
	summary = strings.TrimSuffix(summary, "…")
	for text := range e.texts {
		if summary != "" && strings.Contains(journal.VisibleLine(text), summary) {
			return true
		}
	}
	return false
}

// subjectLine is a subject as [journal.Change.Message] makes it.
type subjectLine struct{ verb, summary, tail string }

// splitSubject takes a subject apart: the verb, what it says, and the short id in
// brackets with the space before it.
func splitSubject(subject string) subjectLine {
	var s subjectLine
	var ok bool
	if s.verb, s.summary, ok = strings.Cut(subject, ": "); !ok {
		return subjectLine{verb: "log", summary: subject}
	}
	if at := strings.LastIndex(s.summary, " ("); at >= 0 && strings.HasSuffix(s.summary, ")") {
		s.summary, s.tail = s.summary[:at], s.summary[at:]
	}
	return s
}
