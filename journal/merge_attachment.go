package journal

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// mergeAttachments merges the files beside the note three-way by name. Where both
// sides have other content under one name, the higher hash keeps the name and the
// other gets one of its own; the events that come back say so.
func (inc *Incident) mergeAttachments(base, a, b *Incident) (lost []Event) {
	was, x, y := base.files(), a.files(), b.files()
	all := map[string]Attachment{}
	var losers []Attachment
	for name := range keys(x, y) {
		win, lose := pickAttachment(was[name], x[name], y[name])
		if win.Name != "" {
			all[name] = win
		}
		if lose.Name != "" {
			losers = append(losers, lose)
		}
	}
	slices.SortFunc(losers, compareAttachments)
	for _, lose := range losers {
		kept := lose
		kept.Name = freeName(all, lose)
		all[kept.Name] = kept
		lost = append(lost, lostAttachment(lose, kept))
	}
	inc.Attachments = slices.SortedFunc(maps.Values(all), compareAttachments)
	return lost
}

func pickAttachment(was, x, y Attachment) (win, lose Attachment) {
	switch {
	case x.Hash == y.Hash, y.Hash == was.Hash:
		return x, Attachment{}
	case x.Hash == was.Hash, x.Name == "":
		return y, Attachment{}
	case y.Name == "":
		return x, Attachment{}
	case x.Hash > y.Hash:
		return x, y
	}
	return y, x
}

func compareAttachments(a, b Attachment) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Hash, b.Hash))
}

// freeName is the name under which a file can stay whose own name is taken.
func freeName(taken map[string]Attachment, a Attachment) string {
	for range MaxAttachmentName {
		a.Name = OtherName(a)
		if other, ok := taken[a.Name]; !ok || other.Hash == a.Hash {
			return a.Name
		}
	}
	return a.Hash
}

// lostAttachment is the event that says where a file is that lost its name.
func lostAttachment(was, is Attachment) Event {
	text := fmt.Sprintf("two files were attached as %s; the other one is [%s](%s)", was.Name, is.Name, is.Name)
	return Event{ID: derivedID('e', "attachment", was.Name, was.Hash), Rev: 1, Text: CleanText(text)}
}

// files maps names to the files beside the note.
func (inc *Incident) files() map[string]Attachment {
	m := map[string]Attachment{}
	for _, a := range inc.Attachments {
		m[a.Name] = a
	}
	return m
}

// keys are the keys of two maps.
func keys[K comparable, V any](a, b map[K]V) map[K]bool {
	all := map[K]bool{}
	for k := range a {
		all[k] = true
	}
	for k := range b {
		all[k] = true
	}
	return all
}
