package site

import (
	"strings"

	"git-incident/journal"
)

// fact is one line of what is known about an incident.
type fact struct {
	Label string
	Value moment
	Note  string   // how long after the one before, or what else there is to say
	Codes []string // commits and paths
}

// step is one of the moments that matter.
type step struct {
	label string
	when  journal.When
}

func steps(t journal.Times) []step {
	return []step{
		{"Began", t.Began}, {"Noticed", t.Noticed}, {"Told", t.Told},
		{"Mitigated", t.Mitigated}, {"Resolved", t.Resolved},
	}
}

// times lists the moments that matter, unknown ones too, unless nobody wrote
// down any.
func times(t journal.Times) []fact {
	var out []fact
	var before journal.When
	known := false
	for _, s := range steps(t) {
		known = known || s.when.Known()
		out = append(out, fact{Label: s.label, Value: after(before, s.when), Note: later(before, s.when)})
		if s.when.Known() {
			before = s.when
		}
	}
	if !known {
		return nil
	}
	return out
}

var noticedBy = map[journal.NoticedBy]string{
	journal.NoticedBySelf:     "the one who made the change",
	journal.NoticedByTeammate: "a teammate",
	journal.NoticedByAlert:    "an alert",
	journal.NoticedByCustomer: "a customer",
	journal.NoticedByExternal: "somebody outside",
	journal.NoticedByUnknown:  unknown,
}

var statusWords = map[journal.Status]string{
	journal.StatusOpen:      "still open",
	journal.StatusMitigated: "the pain has stopped, the work goes on",
	journal.StatusResolved:  "resolved",
	journal.StatusReviewed:  "resolved, and looked at together",
}

var kindWords = map[journal.Kind]string{
	journal.KindNearMiss: "near miss",
	journal.KindExercise: "exercise",
}

// facts lists what else is known.
func facts(inc *journal.Incident) []fact {
	var out []fact
	add := func(label, value string) {
		if value != "" {
			out = append(out, fact{Label: label, Value: moment{Text: value}})
		}
	}
	codes := func(label string, values []string) {
		if len(values) > 0 {
			out = append(out, fact{Label: label, Codes: values})
		}
	}
	add("Noticed by", noticedBy[inc.NoticedBy])
	add("Severity", inc.Severity)
	add("Services", strings.Join(inc.Services, ", "))
	add("What played a part", strings.Join(inc.Factors, ", "))
	add("Going back", undoWords(inc.Undo))
	codes("Set off by", inc.Git.Change)
	codes("Taken back by", inc.Git.Revert)
	codes("Mended by", inc.Git.Fix)
	codes("Touched", inc.Paths)
	return out
}

func undoWords(u journal.Undo) string {
	var words []string
	switch u.Reversible {
	case journal.Yes:
		words = append(words, "the change could be taken back")
	case journal.No:
		words = append(words, "the change could not be taken back")
	}
	switch u.DataRepair {
	case journal.Yes:
		words = append(words, "data needed repair")
	case journal.No:
		words = append(words, "no data needed repair")
	}
	return strings.Join(words, ", ")
}

// remarks says what a reader should know about the data itself.
func remarks(inc *journal.Incident) []string {
	var out []string
	var before step
	guessed := false
	for _, s := range steps(inc.Times) {
		guessed = guessed || s.when.About
		if !s.when.Known() {
			continue
		}
		if before.when.Known() && s.when.Time.Before(before.when.Time) {
			out = append(out, "“"+s.label+"” is written down as earlier than “"+before.label+
				"”. One of the two may be a slip; both are shown as they stand.")
		}
		before = s
	}
	if guessed {
		out = append(out, "“About” marks a time that is somebody’s best memory.")
	}
	return out
}
