package journal

import (
	"slices"
	"strings"

	"github.com/epiclabs-io/diff3"
)

// MergeText merges two versions of a text by the rules for prose. base is "" when
// there is none.
func MergeText(base, a, b string) string {
	return mergeProse(base, a, b, func(string) bool { return true })
}

// mergeProse merges a text line by line, or as a whole where lines would not do:
// the merged text has to fit its place in the note.
func mergeProse(was, x, y string, fits func(string) bool) string {
	switch {
	case x == y || y == was:
		return x
	case x == was:
		return y
	case isEmpty(was):
		return unite(x, y)
	}
	if compareHash(x, y) > 0 {
		x, y = y, x
	}
	if text, ok := mergeLines(lines(was), lines(x), lines(y)); ok && fits(text) {
		return closed(text)
	}
	return unite(x, y)
}

// unite merges two versions that have nothing to come from: both are kept as a
// whole. It does not matter in which order several versions are united.
func unite(x, y string) string {
	x, y = canonicalText(x), canonicalText(y)
	if x == y || isEmpty(y) {
		return x
	}
	if isEmpty(x) {
		return y
	}
	versions := distinct(append(alternatives(tokens(x)), alternatives(tokens(y))...))
	if len(versions) == 1 {
		return versions[0]
	}
	for i, v := range versions {
		versions[i] = trimBlank(v) + "\n"
	}
	return closed(writeConflict(distinct(versions)))
}

func canonicalText(text string) string {
	if isEmpty(text) {
		return "\n"
	}
	return closed(text)
}

func lines(text string) []string { return tokens(closed(text)) }

// maxMerge is how many pairs of lines are compared at most: the time that takes
// grows faster than they do where lines repeat. Past it both versions are kept.
const maxMerge = 1_000_000

// mergeLines is diff3 on lines. It is not ok if a version would begin or end
// inside a fenced code block.
func mergeLines(was, x, y []string) (text string, ok bool) {
	var out []string
	for _, part := range mergeParts(was, x, y) {
		out = append(out, part.Ok...)
		if c := part.Conflict; c != nil {
			merged, ok := mergeConflict(c.O, c.A, c.B)
			if !ok {
				return "", false
			}
			out = append(out, merged...)
		}
	}
	return strings.Join(out, ""), true
}

// mergeCleanly is diff3 on lines where the sides do not meet.
func mergeCleanly(was, x, y []string) (text string, ok bool) {
	var out []string
	for _, part := range mergeParts(was, x, y) {
		if part.Conflict != nil {
			return "", false
		}
		out = append(out, part.Ok...)
	}
	return strings.Join(out, ""), true
}

type mergePart = diff3.Diff3MergeResult[string]

// mergeParts runs diff3 on what the three versions do not have in common at their
// beginning and end.
func mergeParts(was, x, y []string) []*mergePart {
	head, tail := commonEnds(was, x, y)
	before, after := &mergePart{Ok: x[:head]}, &mergePart{Ok: x[len(x)-tail:]}
	was, x, y = cut(was, head, tail), cut(x, head, tail), cut(y, head, tail)
	parts := []*mergePart{{Conflict: &diff3.Conflict[string]{A: x, O: was, B: y}}}
	if len(was)*(len(x)+len(y)) <= maxMerge {
		parts = diff3.Diff3Merge(x, was, y, true)
	}
	return slices.Concat([]*mergePart{before}, parts, []*mergePart{after})
}

// mergeConflict keeps every version of lines that both sides changed.
func mergeConflict(was, x, y []string) (out []string, ok bool) {
	head, tail := commonEnds(x, y)
	before, after := x[:head:head], x[len(x)-tail:]
	if h, t := commonEnds(was, x); h >= head && t >= tail {
		was = cut(was, head, tail)
	}
	x, y = cut(x, head, tail), cut(y, head, tail)
	versions := choose(alternatives(was), alternatives(x), alternatives(y))
	for _, v := range versions {
		if sealed(v) != v {
			return nil, false
		}
	}
	if len(versions) > 1 {
		versions = []string{writeConflict(versions)}
	}
	return slices.Concat(before, versions, after), true
}

// commonEnds counts the lines that several versions share at their beginning and,
// of the rest, at their end.
func commonEnds(versions ...[]string) (head, tail int) {
	shortest := len(slices.MinFunc(versions, func(a, b []string) int { return len(a) - len(b) }))
	share := func(at func([]string) string) bool {
		return !slices.ContainsFunc(versions, func(v []string) bool { return at(v) != at(versions[0]) })
	}
	for head < shortest && share(func(v []string) string { return v[head] }) {
		head++
	}
	for tail < shortest-head && share(func(v []string) string { return v[len(v)-1-tail] }) {
		tail++
	}
	return head, tail
}

func cut(lines []string, head, tail int) []string { return lines[head : len(lines)-tail] }
