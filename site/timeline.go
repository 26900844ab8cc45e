package site

import (
	"html/template"
	"strings"
	"time"

	"git-incident/journal"
)

// timeline is the list of events, a group for every day.
type timeline struct {
	Caption string
	Days    []eventDay
	Rest    template.HTML // the events past maxEvents, as typed
}

type eventDay struct {
	Day    string // "" when all events are of one day, which the caption names
	Events []event
}

type event struct {
	ID      string
	Clock   string
	Machine string // for the datetime attribute; "" when unknown
	Zone    string // "" when the caption names it
	Update  bool   // people outside were told
	Text    template.HTML
}

func newTimeline(p *prose, events []journal.Event) timeline {
	days, zones := map[string]bool{}, map[string]bool{}
	for _, e := range events {
		if e.At.Known() {
			days[e.At.Time.Format(time.DateOnly)] = true
			zones[zone(e.At.Time)] = true
		}
	}
	var t timeline
	last := ""
	for _, e := range set(events) {
		if d := e.At.Time.Format(dayLayout); e.At.Known() && d != last || len(t.Days) == 0 {
			group := eventDay{}
			if len(days) > 1 && e.At.Known() {
				group.Day = d
			}
			if e.At.Known() {
				last = d
			}
			t.Days = append(t.Days, group)
		}
		group := &t.Days[len(t.Days)-1]
		group.Events = append(group.Events, newEvent(p, e, len(zones) > 1))
	}
	t.Caption = caption(events, len(days), len(zones))
	t.Rest = rest(events)
	return t
}

// set are the events that are set one by one.
func set(events []journal.Event) []journal.Event { return events[:min(len(events), maxEvents)] }

// rest are the others.
func rest(events []journal.Event) template.HTML {
	var b strings.Builder
	for _, e := range events[len(set(events)):] {
		b.WriteString(strings.TrimSpace(e.At.String()+" "+e.Text) + "\n")
	}
	if b.Len() == 0 {
		return ""
	}
	return typed(b.String())
}

func newEvent(p *prose, e journal.Event, withZone bool) event {
	v := event{ID: "e-" + e.ID, Clock: "time " + unknown, Update: e.Mark == journal.MarkUpdate, Text: p.item(e.Shown())}
	if e.At.Known() {
		v.Clock, v.Machine = clock(e.At), machineTime(e.At.Time)
		if withZone {
			v.Zone = zone(e.At.Time)
		}
	}
	return v
}

// caption says once what is the same for all events.
func caption(events []journal.Event, days, zones int) string {
	if days == 0 || zones == 0 {
		return ""
	}
	var first time.Time
	for _, e := range events {
		if e.At.Known() {
			first = e.At.Time
			break
		}
	}
	switch {
	case zones == 1 && days == 1:
		return first.Format(dayLayout) + ", times in " + zone(first)
	case zones == 1:
		return "Times in " + zone(first)
	case days == 1:
		return first.Format(dayLayout)
	}
	return ""
}
