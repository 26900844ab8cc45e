package journal

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/epiclabs-io/diff3"
)

// itemOps is what merging and applying need to know about a kind of item.
type itemOps[T any] struct {
	section string
	id      func(T) string
	rev     func(T) int
	withRev func(T, int) T
	content func(T) string // what it says, without id and revision
	insert  func([]T, T) []T
	// fork is the item under another id, for the loser of an edit of both sides
	fork func(T, string) T
}

var (
	eventOps = itemOps[Event]{
		section: Timeline,
		id:      func(e Event) string { return e.ID },
		rev:     func(e Event) int { return e.Rev },
		withRev: func(e Event, rev int) Event { e.Rev = rev; return e },
		content: func(e Event) string { return e.At.String() + "\x00" + e.Mark + "\x00" + e.Text },
		insert:  insertEvent,
		fork:    func(e Event, id string) Event { e.ID, e.Rev = id, 1; return e },
	}
	problemOps = itemOps[Problem]{
		section: ChainOfProblems,
		id:      func(p Problem) string { return p.ID },
		rev:     func(p Problem) int { return p.Rev },
		withRev: func(p Problem, rev int) Problem { p.Rev = rev; return p },
		content: func(p Problem) string { return p.Text },
		insert:  func(have []Problem, p Problem) []Problem { return append(slices.Clip(have), p) },
		fork:    func(p Problem, id string) Problem { p.ID, p.Rev = id, 1; return p },
	}
	learningOps = itemOps[Learning]{
		section: Learnings,
		id:      func(l Learning) string { return l.ID },
		rev:     func(l Learning) int { return l.Rev },
		withRev: func(l Learning, rev int) Learning { l.Rev = rev; return l },
		content: func(l Learning) string { return fmt.Sprint(l.Text, "\x00", l.Consequences) },
		insert:  func(have []Learning, l Learning) []Learning { return append(slices.Clip(have), l) },
		fork:    func(l Learning, id string) Learning { l.ID, l.Rev = id, 1; return l },
	}
)

// Merge unites two versions of one incident. base is the version both come from,
// nil when there is none. Which of a and b is which makes no difference, and
// merging again changes nothing.
//
//   - Items are united by id. The higher revision wins, then the higher hash; the
//     loser of two edits at the same revision stays as an item of its own. A
//     tombstone absorbs.
//   - Fields are merged three-way; lists as sets. If both sides changed one, the
//     earlier beginning and the later end win, otherwise the higher hash, and the
//     value that lost becomes an event of unknown time.
//   - Prose is merged by diff3, a section at a time. Where both sides changed the
//     same lines both versions are kept, visibly marked.
func Merge(base, a, b *Incident) *Incident {
	if base == nil {
		base = &Incident{}
	}
	m := &Incident{ID: a.ID, Attachments: a.Attachments}
	m.Deleted = mergeTombstones(a.Deleted, b.Deleted)
	lost := m.mergeFields(base, a, b)
	m.Extra = mergeExtra(base.Extra, a.Extra, b.Extra)
	m.mergeSections(base, a, b)
	m.Timeline = mergeItems(m, base.Timeline, a.Timeline, b.Timeline, eventOps)
	m.Chain = mergeItems(m, base.Chain, a.Chain, b.Chain, problemOps)
	m.Learnings = mergeItems(m, base.Learnings, a.Learnings, b.Learnings, learningOps)
	m.Timeline = upsert(m, m.Timeline, lost, eventOps)
	return m
}

func mergeTombstones(a, b []Tombstone) []Tombstone {
	revs := map[string]int{}
	for _, t := range slices.Concat(a, b) {
		revs[t.ID] = max(revs[t.ID], t.Rev)
	}
	var out []Tombstone
	for _, id := range slices.Sorted(maps.Keys(revs)) {
		out = append(out, Tombstone{ID: id, Rev: revs[id]})
	}
	return out
}

func mergeItems[T any](m *Incident, base, a, b []T, ops itemOps[T]) []T {
	same := func(x, y T) bool {
		return ops.id(x) == ops.id(y) && ops.rev(x) == ops.rev(y) && ops.content(x) == ops.content(y)
	}
	var out []T
	switch {
	case slices.EqualFunc(base, a, same):
		out = b
	case slices.EqualFunc(base, b, same):
		out = a
	default:
		out = union(a, b, ops)
	}
	out = slices.DeleteFunc(slices.Clone(out), func(it T) bool { return m.isDeleted(ops.id(it)) })
	if len(out) > 0 {
		m.beginItems(ops.section)
	}
	return out
}

// union is every item of both sides in an order that depends on neither: that of
// time for events, of ids otherwise.
func union[T any](a, b []T, ops itemOps[T]) []T {
	byID := map[string]T{}
	for _, it := range slices.Concat(a, b) {
		other, ok := byID[ops.id(it)]
		if !ok {
			byID[ops.id(it)] = it
			continue
		}
		win, lose := order(it, other, ops)
		byID[ops.id(it)] = win
		if ops.rev(win) == ops.rev(lose) && ops.content(win) != ops.content(lose) {
			id := derivedID(ops.section[0], ops.id(lose), ops.content(lose))
			byID[id] = ops.fork(lose, id)
		}
	}
	var out []T
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		out = ops.insert(out, byID[id])
	}
	return out
}

func order[T any](a, b T, ops itemOps[T]) (win, lose T) {
	if cmp.Or(cmp.Compare(ops.rev(a), ops.rev(b)), compareHash(ops.content(a), ops.content(b))) > 0 {
		return a, b
	}
	return b, a
}

func compareHash(a, b string) int {
	ha, hb := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return slices.Compare(ha[:], hb[:])
}

// mergeFields merges the front matter and returns what lost as events.
func (inc *Incident) mergeFields(base, a, b *Incident) []Event {
	var lost []Event
	for _, key := range Fields() {
		x, y, was := a.Field(key), b.Field(key), base.Field(key)
		f, _ := lookup(key)
		win, lose := x, []string(nil)
		switch {
		case slices.Equal(x, y), slices.Equal(y, was):
		case slices.Equal(x, was):
			win = y
		case f.list:
			win = mergeSets(was, x, y)
		default:
			win, lose = pick(key, x, y)
		}
		_ = f.set(inc, win) // it came from a field, so it fits one
		if len(lose) > 0 {
			text := fmt.Sprintf("two versions of %s were merged; the other one was: %s", key, lose[0])
			lost = append(lost, Event{ID: derivedID('e', key, lose[0]), Rev: 1, Text: text})
		}
	}
	return lost
}

// pick decides between two values of one field.
func pick(key string, x, y []string) (win, lose []string) {
	if len(x) == 0 || len(y) == 0 {
		return slices.Concat(x, y), nil
	}
	first := compareHash(x[0], y[0]) > 0
	if parent, name, _ := strings.Cut(key, "."); parent == "times" {
		wx, _ := ParseWhen(x[0])
		wy, _ := ParseWhen(y[0])
		if c := wx.Time.Compare(wy.Time); c != 0 {
			first = (c < 0) == (name == "began")
		}
	}
	if first {
		return x, y
	}
	return y, x
}

// mergeSets keeps what either side added and drops what either side took out.
func mergeSets(was, x, y []string) []string {
	var out []string
	for _, s := range slices.Sorted(slices.Values(slices.Concat(x, y))) {
		inBoth := slices.Contains(x, s) && slices.Contains(y, s)
		if (inBoth || !slices.Contains(was, s)) && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func mergeExtra(was, x, y []Extra) []Extra {
	switch {
	case slices.Equal(was, x):
		return y
	case slices.Equal(was, y), slices.Equal(x, y):
		return x
	}
	if compareHash(fmt.Sprint(x), fmt.Sprint(y)) > 0 {
		x, y = y, x
	}
	out := slices.Clone(x)
	for _, e := range y {
		if !slices.Contains(out, e) && !conflictsWith(out, e) {
			out = append(out, e)
		}
	}
	return out
}

// conflictsWith reports whether e is a key that is there with another value. The
// value that stays is the same in every clone.
func conflictsWith(have []Extra, e Extra) bool {
	key, _, isKey := strings.Cut(e.Text, ":")
	return isKey && slices.ContainsFunc(have, func(x Extra) bool {
		return x.Parent == e.Parent && strings.HasPrefix(x.Text, key+":")
	})
}

// mergeSections merges the prose.
func (inc *Incident) mergeSections(base, a, b *Incident) {
	inc.Lead = mergeProse(base.Lead, a.Lead, b.Lead)
	switch {
	case slices.Equal(base.Sections, a.Sections):
		inc.Sections = slices.Clone(b.Sections)
		return
	case slices.Equal(base.Sections, b.Sections), slices.Equal(a.Sections, b.Sections):
		inc.Sections = slices.Clone(a.Sections)
		return
	}
	was, x, y := base.prose(), a.prose(), b.prose()
	first, second := a.Sections, b.Sections
	if compareHash(fmt.Sprint(first), fmt.Sprint(second)) > 0 {
		first, second = second, first
	}
	done := map[string]bool{}
	for _, s := range slices.Concat(first, second) {
		if done[s.Heading] {
			continue
		}
		done[s.Heading] = true
		_, inX := x[s.Heading]
		_, inY := y[s.Heading]
		if text, known := was[s.Heading]; known && (!inX && text == y[s.Heading] || !inY && text == x[s.Heading]) {
			continue // one side took it out, the other left it alone
		}
		i := inc.ensureSection(s.Heading)
		inc.Sections[i].Text = mergeProse(was[s.Heading], x[s.Heading], y[s.Heading])
	}
	for i := range inc.Sections[:max(0, len(inc.Sections)-1)] {
		inc.Sections[i].Text = closed(inc.Sections[i].Text)
	}
}

// prose maps headings to what stands under them. Sections of one name are one.
func (inc *Incident) prose() map[string]string {
	m := map[string]string{}
	for _, s := range inc.Sections {
		m[s.Heading] += s.Text
	}
	return m
}

// Conflict marks stand around two versions of the same lines, on lines of their
// own. A reader sees them, and a person edits them away like any text.
const (
	conflictFirst  = "> **Two versions of this part were written at the same time. This is one:**"
	conflictSecond = "> **This is the other:**"
	conflictEnd    = "> **End of the two versions.**"
)

func mergeProse(was, x, y string) string {
	switch {
	case x == y || y == was:
		return x
	case x == was:
		return y
	}
	if compareHash(x, y) > 0 {
		x, y = y, x
	}
	var out strings.Builder
	for _, part := range diff3.Diff3Merge(lines(x), lines(was), lines(y), true) {
		out.WriteString(strings.Join(part.Ok, ""))
		if c := part.Conflict; c != nil {
			writeConflict(&out, c.A, c.B)
		}
	}
	return closed(out.String())
}

func lines(text string) []string { return slices.Collect(strings.Lines(closed(text))) }

func writeConflict(b *strings.Builder, x, y []string) {
	fmt.Fprintf(b, "\n%s\n\n%s\n%s\n\n%s\n%s\n\n", conflictFirst, strings.Join(x, ""),
		conflictSecond, strings.Join(y, ""), conflictEnd)
}
