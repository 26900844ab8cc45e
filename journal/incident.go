package journal

// Incident is a parsed note: one thing that went wrong, or nearly did.
// The zero value of every field but Title means that nobody has said.
type Incident struct {
	ID string // name of the folder; not part of the note

	Title      string
	Kind       Kind
	Status     Status
	Visibility Visibility
	Times      Times
	NoticedBy  NoticedBy
	Severity   string
	Services   []string
	Factors    []string
	Undo       Undo
	Paths      []string // paths in the repository that this touched
	Git        Commits
	Talk       Talk
	Credit     []string // names of people who asked to be named
	Extra      []Extra

	Lead      string    // prose above the first heading, raw
	Sections  []Section // every heading, in order
	Timeline  []Event
	Chain     []Problem
	Learnings []Learning
	Deleted   []Tombstone

	Attachments []Attachment // files beside the note; not part of the note
}

// Kind says whether it happened, nearly happened, or was practice.
type Kind string

// The kinds of incident.
const (
	KindIncident Kind = "incident"
	KindNearMiss Kind = "near-miss"
	KindExercise Kind = "exercise"
)

// Status is how far an incident has come.
type Status string

// The states an incident passes through.
const (
	StatusOpen      Status = "open"      // still hurting, or nobody knows yet
	StatusMitigated Status = "mitigated" // the pain has stopped, the work has not
	StatusResolved  Status = "resolved"
	StatusReviewed  Status = "reviewed" // looked at together; the story is told
)

// Visibility says which audience a note may be built for.
type Visibility string

// The audiences. A draft is private by the ref it lives on.
const (
	VisibilityTeam   Visibility = "team"
	VisibilityPublic Visibility = "public"
)

// NoticedBy is who or what noticed first. It names a role, never a person.
type NoticedBy string

// The roles that notice.
const (
	NoticedBySelf     NoticedBy = "self"
	NoticedByTeammate NoticedBy = "teammate"
	NoticedByAlert    NoticedBy = "alert"
	NoticedByCustomer NoticedBy = "customer"
	NoticedByExternal NoticedBy = "external"
	NoticedByUnknown  NoticedBy = "unknown"
)

// Times are the moments that matter in an incident.
type Times struct {
	Began     When // the first harm
	Noticed   When // somebody or something saw it
	Told      When // somebody else was told
	Mitigated When // the harm stopped
	Resolved  When // nothing is left to do for now
}

// Tri is an answer that may be missing.
type Tri string

// The answers.
const (
	Unknown Tri = ""
	Yes     Tri = "yes"
	No      Tri = "no"
)

// Undo says what going back would have taken.
type Undo struct {
	Reversible Tri // could the change be taken back
	DataRepair Tri // did data need repair after going back
}

// Commits are the commits of an incident, as abbreviated or full object ids.
type Commits struct {
	Change []string // what set it off
	Revert []string // what took it back
	Fix    []string // what mended it
}

// Talk says whether the story may be told and when it was.
type Talk struct {
	OK   Tri
	Told []string // dates, as 2026-12-04
}

// Extra is a part of the front matter that this version does not know: a key
// with its value, or comments. It is kept where it stood.
type Extra struct {
	Parent string // known mapping that holds it; "" at the top
	After  string // known key it stands after; "" before the first
	Text   string // raw lines, or "key: value" under a parent
}

// Section is one heading and the prose under it.
type Section struct {
	Heading string // text after "## "
	Text    string // raw, up to the next heading; of a list section, up to its first item
}

// Event is one line of the timeline.
type Event struct {
	ID   string `json:"id"`
	Rev  int    `json:"rev"`
	At   When   `json:"at"`
	Text string `json:"text"` // Markdown, no white space around it
	Mark string `json:"mark,omitempty"`
	Of   string `json:"of,omitempty"` // the item and revision that this is another version of: 9xq2kd.2
}

// Marks of events that commands treat in a special way.
const (
	MarkUpdate = "update" // people outside were told; restarts the clock
	MarkStatus = "status" // written by start, mitigate and resolve
)

// Problem is one link of the chain of problems: what lay under the one before.
type Problem struct {
	ID   string `json:"id"`
	Rev  int    `json:"rev"`
	Text string `json:"text"`
	Of   string `json:"of,omitempty"` // as in [Event]
}

// Learning is something the team knows now, and what follows from it.
type Learning struct {
	ID           string        `json:"id"`
	Rev          int           `json:"rev"`
	Text         string        `json:"text"`
	Consequences []Consequence `json:"consequences,omitempty"`
	Of           string        `json:"of,omitempty"` // as in [Event]
}

// Consequence is what a learning leads to.
type Consequence struct {
	Text   string           `json:"text"` // one line
	State  ConsequenceState `json:"state,omitempty"`
	Detail string           `json:"detail,omitempty"` // commit or URL if done, the reason if declined
}

// ConsequenceState is how far a consequence has come.
type ConsequenceState string

// The states of a consequence. Declined is as good an answer as done.
const (
	ConsequenceWaiting  ConsequenceState = "waiting"
	ConsequenceDone     ConsequenceState = "done"
	ConsequenceDeclined ConsequenceState = "declined"
)

// Waits reports whether the consequence still has to happen. One without a
// state does.
func (c Consequence) Waits() bool {
	return c.State == "" || c.State == ConsequenceWaiting
}

// Tombstone remembers an item that was deleted, so that no merge revives it.
type Tombstone struct {
	ID  string `json:"id"`
	Rev int    `json:"rev"`
}

// Attachment is a file beside the note.
type Attachment struct {
	Name string `json:"name"`
	Size int64  `json:"size"` // bytes
	Hash string `json:"hash"` // id of the content as a git blob, in hexadecimal
}

// Section returns the first section with this heading, case aside.
func (inc *Incident) Section(heading string) (Section, bool) {
	for _, s := range inc.Sections {
		if sameHeading(s.Heading, heading) {
			return s, true
		}
	}
	return Section{}, false
}

// LastUpdate is when people outside were last told, or the zero When.
func (inc *Incident) LastUpdate() When {
	var last When
	for _, e := range inc.Timeline {
		if e.Mark == MarkUpdate && e.At.Time.After(last.Time) {
			last = e.At
		}
	}
	return last
}
