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
	extra, lostExtra := mergeExtra(base.Extra, a.Extra, b.Extra)
	m.Extra, lost = extra, append(lost, lostExtra...)
	m.mergeSections(base, a, b)
	m.Timeline = mergeItems(m, base.Timeline, a.Timeline, b.Timeline, eventOps)
	m.Chain = mergeItems(m, base.Chain, a.Chain, b.Chain, problemOps)
	m.Learnings = mergeItems(m, base.Learnings, a.Learnings, b.Learnings, learningOps)
	m.Timeline = upsert(m, m.Timeline, lost, eventOps)
	m.keepTombstones()
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
			lost = append(lost, lostValue(key, lose[0]))
		}
	}
	return lost
}

// lostValue is the event that keeps the value of a field that lost.
func lostValue(key, value string) Event {
	text := fmt.Sprintf("two versions of %s were merged; the other one was: %s", key, value)
	return Event{ID: derivedID('e', key, value), Rev: 1, Text: CleanText(text)}
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

// mergeExtra merges what this version does not know, three-way per key. Comments
// are there or not.
func mergeExtra(was, x, y []Extra) (out []Extra, lost []Event) {
	switch {
	case slices.Equal(was, x):
		return y, nil
	case slices.Equal(was, y), slices.Equal(x, y):
		return x, nil
	}
	if compareHash(fmt.Sprint(x), fmt.Sprint(y)) > 0 {
		x, y = y, x
	}
	done := map[string]bool{}
	for _, e := range slices.Concat(x, y) {
		if done[e.name()] {
			continue
		}
		done[e.name()] = true
		win, lose := pickExtra(find(was, e), find(x, e), find(y, e))
		if win.Text != "" {
			out = append(out, win)
		}
		if lose.Text != "" {
			lost = append(lost, lostValue(e.name(), lose.Text))
		}
	}
	return out, lost
}

// pickExtra decides about one key; a zero Extra is none.
func pickExtra(was, x, y Extra) (win, lose Extra) {
	switch {
	case x.Text == y.Text, y.Text == was.Text:
		return x, Extra{}
	case x.Text == was.Text, x.Text == "":
		return y, Extra{}
	case y.Text == "":
		return x, Extra{}
	case compareHash(x.Text, y.Text) > 0:
		return x, y
	}
	return y, x
}

// name is the key of an unknown part of the front matter, with the mapping that
// holds it; of comments it is their text.
func (x Extra) name() string {
	key, _, isKey := strings.Cut(x.Text, ":")
	if !isKey || strings.HasPrefix(strings.TrimSpace(key), "#") {
		key = x.Text
	}
	return strings.TrimPrefix(x.Parent+"."+key, ".")
}

func find(in []Extra, like Extra) Extra {
	for _, e := range in {
		if e.name() == like.name() {
			return e
		}
	}
	return Extra{}
}

// mergeSections merges the prose. Sections keep the order of one side; those that
// only the other has stand after the one they stood after there.
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
	first, second := a.sectionKeys(), b.sectionKeys()
	if compareHash(fmt.Sprint(first, a.Sections), fmt.Sprint(second, b.Sections)) > 0 {
		first, second = second, first
	}
	for _, key := range weave(first, second) {
		s, inX := x[key]
		other, inY := y[key]
		if old, known := was[key]; known && (!inX && other.Text == old.Text || !inY && s.Text == old.Text) {
			continue // one side took it out, the other left it alone
		}
		heading := s.Heading
		if !inX || inY && compareHash(other.Heading, heading) > 0 {
			heading = other.Heading
		}
		inc.Sections = append(inc.Sections, Section{Heading: heading, Text: mergeProse(was[key].Text, s.Text, other.Text)})
	}
	for i := range max(0, len(inc.Sections)-1) {
		inc.Sections[i].Text = sealed(inc.Sections[i].Text)
	}
}

// weave puts what only second has after what it stands after there.
func weave(first, second []string) []string {
	out := slices.Clone(first)
	at := 0
	for _, key := range second {
		if i := slices.Index(out, key); i >= 0 {
			at = i + 1
			continue
		}
		out = slices.Insert(out, at, key)
		at++
	}
	return out
}

// sectionKeys name the sections in order. A heading that stands twice, case
// aside, is counted.
func (inc *Incident) sectionKeys() []string {
	count := map[string]int{}
	keys := make([]string, len(inc.Sections))
	for i, s := range inc.Sections {
		folded := strings.ToLower(s.Heading)
		count[folded]++
		keys[i] = fmt.Sprint(folded, "\x00", count[folded])
	}
	return keys
}

// prose maps the keys of sections to the sections.
func (inc *Incident) prose() map[string]Section {
	m := map[string]Section{}
	for i, key := range inc.sectionKeys() {
		m[key] = inc.Sections[i]
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
	return closed(strings.Join(mergeLines(lines(was), lines(x), lines(y)), ""))
}

func lines(text string) []string { return slices.Collect(strings.Lines(closed(text))) }

// maxMerge is how many pairs of lines are compared at most: the time that takes
// grows faster than they do where lines repeat. Past it both versions are kept.
const maxMerge = 1_000_000

// mergeLines is diff3 on what the three versions do not have in common at their
// beginning and end.
func mergeLines(was, x, y []string) []string {
	head := common(was, x, y, func(list []string, i int) string { return list[i] })
	was, x, y, before := was[head:], x[head:], y[head:], x[:head]
	tail := common(was, x, y, func(list []string, i int) string { return list[len(list)-1-i] })
	after := x[len(x)-tail:]
	was, x, y = was[:len(was)-tail], x[:len(x)-tail], y[:len(y)-tail]
	out := slices.Clone(before)
	if len(was)*(len(x)+len(y)) > maxMerge {
		return append(append(out, conflict(x, y)...), after...)
	}
	for _, part := range diff3.Diff3Merge(x, was, y, true) {
		out = append(out, part.Ok...)
		if c := part.Conflict; c != nil {
			out = append(out, conflict(c.A, c.B)...)
		}
	}
	return append(out, after...)
}

// common counts the lines that three versions share from one end on.
func common(a, b, c []string, at func([]string, int) string) int {
	n := 0
	for n < min(len(a), len(b), len(c)) && at(a, n) == at(b, n) && at(a, n) == at(c, n) {
		n++
	}
	return n
}

// conflict keeps two versions of the same lines, visibly. One that has the other
// already, from an earlier merge, is enough.
func conflict(x, y []string) []string {
	first, second := strings.Join(x, ""), strings.Join(y, "")
	switch {
	case strings.Contains(first, conflictFirst) && strings.Contains(first, second):
		return x
	case strings.Contains(second, conflictFirst) && strings.Contains(second, first):
		return y
	}
	return []string{fmt.Sprintf("\n%s\n\n%s\n%s\n\n%s\n%s\n\n", conflictFirst, sealed(first), conflictSecond, sealed(second), conflictEnd)}
}
