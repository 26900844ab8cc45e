package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"git-incident/journal"
)

// The JSON that scripts read. Fields are added, never renamed; what is unknown is
// left out.

func (a *app) printJSON(v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := a.stdout.Write(escapeUnprintable(b.Bytes()))
	return err
}

// escapeUnprintable escapes what JSON itself does not and a terminal may obey:
// control and bidirectional characters. They stand inside strings only.
func escapeUnprintable(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		switch {
		case r == '\n' || r < utf8.RuneSelf && r != 0x7f || unicode.IsPrint(r):
			out = append(out, text[:n]...)
		default:
			for _, unit := range utf16.AppendRune(nil, r) {
				out = fmt.Appendf(out, `\u%04x`, unit)
			}
		}
		text = text[n:]
	}
	return out
}

type timesJSON struct {
	Began     journal.When `json:"began,omitzero"`
	Noticed   journal.When `json:"noticed,omitzero"`
	Told      journal.When `json:"told,omitzero"`
	Mitigated journal.When `json:"mitigated,omitzero"`
	Resolved  journal.When `json:"resolved,omitzero"`
}

type summaryJSON struct {
	ID         string            `json:"id"`
	Short      string            `json:"short"`
	Draft      bool              `json:"draft,omitempty"`
	Unreadable string            `json:"unreadable,omitempty"`
	Title      string            `json:"title,omitempty"`
	Kind       journal.Kind      `json:"kind,omitempty"`
	Status     journal.Status    `json:"status,omitempty"`
	Times      timesJSON         `json:"times,omitzero"`
	NoticedBy  journal.NoticedBy `json:"noticed_by,omitempty"`
	Severity   string            `json:"severity,omitempty"`
	Services   []string          `json:"services,omitempty"`
	Factors    []string          `json:"factors,omitempty"`
	Learnings  int               `json:"learnings"`
	Waiting    int               `json:"consequences_waiting"`
	UpdateDue  string            `json:"update_due,omitempty"` // RFC 3339
}

func (a *app) summariesJSON(list []journal.Summary) []summaryJSON {
	out := make([]summaryJSON, 0, len(list))
	for _, s := range list {
		j := summaryJSON{
			ID: s.ID, Short: journal.ShortID(s.ID), Draft: s.Draft, Unreadable: s.Unreadable,
			Title: s.Title, Kind: s.Kind, Status: s.Status, Times: timesJSON(s.Times),
			NoticedBy: s.NoticedBy, Severity: s.Severity, Services: s.Services, Factors: s.Factors,
			Learnings: s.Learnings, Waiting: s.Waiting,
		}
		if due := s.UpdateDue(); !due.IsZero() {
			j.UpdateDue = journal.When{Time: due}.String()
		}
		out = append(out, j)
	}
	return out
}

type incidentJSON struct {
	ID          string               `json:"id"`
	Short       string               `json:"short"`
	Draft       bool                 `json:"draft,omitempty"`
	Title       string               `json:"title"`
	Kind        journal.Kind         `json:"kind,omitempty"`
	Status      journal.Status       `json:"status,omitempty"`
	Visibility  journal.Visibility   `json:"visibility,omitempty"`
	Times       timesJSON            `json:"times,omitzero"`
	NoticedBy   journal.NoticedBy    `json:"noticed_by,omitempty"`
	Severity    string               `json:"severity,omitempty"`
	Services    []string             `json:"services,omitempty"`
	Factors     []string             `json:"factors,omitempty"`
	Undo        undoJSON             `json:"undo,omitzero"`
	Paths       []string             `json:"paths,omitempty"`
	Git         commitsJSON          `json:"git,omitzero"`
	Talk        talkJSON             `json:"talk,omitzero"`
	Credit      []string             `json:"credit,omitempty"`
	Sections    []sectionJSON        `json:"sections,omitempty"`
	Timeline    []eventJSON          `json:"timeline,omitempty"`
	Chain       []journal.Problem    `json:"chain,omitempty"`
	Learnings   []journal.Learning   `json:"learnings,omitempty"`
	Attachments []journal.Attachment `json:"attachments,omitempty"`
	Note        string               `json:"note"` // the Markdown, from which all of this is read
}

type undoJSON struct {
	Reversible journal.Tri `json:"reversible,omitempty"`
	DataRepair journal.Tri `json:"data_repair,omitempty"`
}

type commitsJSON struct {
	Change []string `json:"change,omitempty"`
	Revert []string `json:"revert,omitempty"`
	Fix    []string `json:"fix,omitempty"`
}

type talkJSON struct {
	OK   journal.Tri `json:"ok,omitempty"`
	Told []string    `json:"told,omitempty"`
}

type sectionJSON struct {
	Heading string `json:"heading"`
	Text    string `json:"text,omitempty"`
}

type eventJSON struct {
	ID   string       `json:"id"`
	Rev  int          `json:"rev"`
	At   journal.When `json:"at,omitzero"`
	Text string       `json:"text"`
	Mark string       `json:"mark,omitempty"`
	Of   string       `json:"of,omitempty"`
}

func incidentToJSON(inc *journal.Incident, draft bool) incidentJSON {
	j := incidentJSON{
		ID: inc.ID, Short: journal.ShortID(inc.ID), Draft: draft, Title: inc.Title, Kind: inc.Kind,
		Status: inc.Status, Visibility: inc.Visibility, Times: timesJSON(inc.Times),
		NoticedBy: inc.NoticedBy, Severity: inc.Severity, Services: inc.Services, Factors: inc.Factors,
		Undo: undoJSON(inc.Undo), Paths: inc.Paths, Git: commitsJSON(inc.Git), Talk: talkJSON(inc.Talk),
		Credit: inc.Credit, Chain: inc.Chain, Learnings: inc.Learnings, Attachments: inc.Attachments,
		Note: string(journal.Format(inc)),
	}
	for _, s := range inc.Sections {
		j.Sections = append(j.Sections, sectionJSON(s))
	}
	for _, e := range inc.Timeline {
		j.Timeline = append(j.Timeline, eventJSON(e))
	}
	return j
}
