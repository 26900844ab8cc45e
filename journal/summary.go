package journal

import (
	"cmp"
	"slices"
	"time"
)

// Summary is what lists, the status line and searches need of an incident. A
// store keeps summaries so that it need not parse every note.
type Summary struct {
	ID         string
	Draft      bool
	Unreadable string // why the note could not be read; "" when it could

	Title      string
	Kind       Kind
	Status     Status
	Visibility Visibility
	Times      Times
	NoticedBy  NoticedBy
	Severity   string
	Services   []string
	Factors    []string
	LastUpdate When
	Learned    string // the first learning, on one line
	Learnings  int    // number of learnings
	Waiting    int    // number of consequences that wait
}

// Summarize returns the summary of an incident.
func Summarize(inc *Incident) Summary {
	s := Summary{
		ID: inc.ID, Title: inc.Title, Kind: inc.Kind, Status: inc.Status, Visibility: inc.Visibility,
		Times: inc.Times, NoticedBy: inc.NoticedBy, Severity: inc.Severity,
		Services: inc.Services, Factors: inc.Factors,
		LastUpdate: inc.LastUpdate(), Learnings: len(inc.Learnings),
	}
	for i, l := range inc.Learnings {
		if i == 0 {
			s.Learned = VisibleLine(l.Text)
		}
		for _, c := range l.Consequences {
			if c.Waits() {
				s.Waiting++
			}
		}
	}
	return s
}

// Dated reports whether anything is known about when it was.
func (s Summary) Dated() bool { return s.Times != Times{} }

// When is the moment an incident is sorted and dated by: when it began, or else
// the first thing known about it, or else the day it was written down, which is
// in its id.
func (s Summary) When() When {
	t := s.Times
	for _, w := range []When{t.Began, t.Noticed, t.Told, t.Mitigated, t.Resolved} {
		if w.Known() {
			return w
		}
	}
	if len(s.ID) >= len(time.DateOnly) {
		if day, err := time.Parse(time.DateOnly, s.ID[:len(time.DateOnly)]); err == nil {
			return When{Time: day, About: true}
		}
	}
	return When{}
}

// Latest is the last moment known of the incident, or else [Summary.When]. It
// says what somebody was at last.
func (s Summary) Latest() time.Time {
	latest := s.When().Time
	for _, w := range []When{s.Times.Noticed, s.Times.Told, s.Times.Mitigated, s.Times.Resolved, s.LastUpdate} {
		if w.Time.After(latest) {
			latest = w.Time
		}
	}
	return latest
}

// Open reports whether somebody is still at it.
func (s Summary) Open() bool { return s.Status == StatusOpen || s.Status == StatusMitigated }

// UpdateEvery is how long people outside wait for the next word, even if that
// word is "no change".
const UpdateEvery = 30 * time.Minute

// UpdateDue is when the next update is due: half an hour after the last one, or
// after the incident was noticed. It is the zero time when nothing is known or
// nothing is open.
func (s Summary) UpdateDue() time.Time {
	last := s.LastUpdate
	for _, w := range []When{s.Times.Noticed, s.Times.Began} {
		if !last.Known() {
			last = w
		}
	}
	if !last.Known() || s.Status != StatusOpen {
		return time.Time{}
	}
	return last.Time.Add(UpdateEvery)
}

// NewestFirst sorts summaries by [Summary.When], then by id. Those that nobody
// can date come last: when they were written down says little.
func NewestFirst(list []Summary) {
	slices.SortStableFunc(list, func(a, b Summary) int {
		if a.Dated() != b.Dated() {
			if a.Dated() {
				return -1
			}
			return 1
		}
		return cmp.Or(b.When().Time.Compare(a.When().Time), cmp.Compare(b.ID, a.ID))
	})
}
