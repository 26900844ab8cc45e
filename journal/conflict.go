package journal

import (
	"slices"
	"strings"
)

// Conflict marks stand around the versions of one part of a text, on lines of
// their own. A reader sees them, and a person edits them away like any text.
const (
	conflictFirst = "> **More than one version of this part was written at the same time. This is one:**"
	conflictNext  = "> **This is another:**"
	conflictEnd   = "> **Here the versions end. Keep what holds, and take these lines out.**"
)

var conflictMarks = []string{conflictFirst, conflictNext, conflictEnd}

// ConflictName is the name of the file beside a note that keeps a version of it
// which could not be merged. hash is the id of its content.
func ConflictName(hash string) string { return "conflict-" + hash[:min(len(hash), 8)] + ".md" }

// tokens cuts a text into lines; a conflict is one token, so that it is merged as
// a whole.
func tokens(text string) []string {
	in, out := slices.Collect(strings.Lines(text)), []string(nil)
	var f fence
	for i := 0; i < len(in); {
		if versions, n := readConflict(in[i:]); n > 0 && !f.open() {
			out = append(out, writeConflict(versions))
			i += n
			continue
		}
		f.line(in[i])
		out = append(out, in[i])
		i++
	}
	return out
}

// readConflict reads the conflict that the lines begin with, and how many lines it
// has, none if there is no conflict. The empty line on either side belongs to it,
// because [writeConflict] writes both.
func readConflict(in []string) (versions []string, n int) {
	if len(in) > 0 && isEmpty(in[0]) {
		n = 1
	}
	if n >= len(in) || !isMark(in[n], conflictFirst) {
		return nil, 0
	}
	n++
	var f fence
	for start := n; n < len(in); n++ {
		switch l := in[n]; {
		case f.open() || !isMark(l, conflictMarks...):
			f.line(l)
		case isMark(l, conflictFirst):
			return nil, 0
		default:
			versions = append(versions, version(in[start:n]))
			start = n + 1
			if !isMark(l, conflictEnd) {
				continue
			}
			if start < len(in) && isEmpty(in[start]) {
				start++
			}
			versions = distinct(versions)
			if len(versions) < 2 {
				return nil, 0
			}
			return versions, start
		}
	}
	return nil, 0
}

// version is the text between two marks, without the empty lines that stand there
// for the marks' sake.
func version(in []string) string {
	if len(in) > 0 && isEmpty(in[0]) {
		in = in[1:]
	}
	if len(in) > 0 && isEmpty(in[len(in)-1]) {
		in = in[:len(in)-1]
	}
	in = slices.Clone(in)
	for i, l := range in {
		if depth := markDepth(l); depth > 1 {
			in[i] = l[len("> "):]
		}
	}
	return strings.Join(in, "")
}

// writeConflict writes versions one after the other. Lines in them that look like
// marks are quoted once more.
func writeConflict(versions []string) string {
	var b strings.Builder
	mark := conflictFirst
	for _, v := range versions {
		b.WriteString("\n" + mark + "\n\n")
		for l := range strings.Lines(sealed(v)) {
			if markDepth(l) > 0 {
				b.WriteString("> ")
			}
			b.WriteString(l)
		}
		mark = conflictNext
	}
	b.WriteString("\n" + conflictEnd + "\n\n")
	return b.String()
}

func isMark(l string, marks ...string) bool {
	return strings.HasPrefix(l, "> **") && slices.Contains(marks, strings.TrimRight(l, " \t\n"))
}

// markDepth is how often a mark is quoted, 0 for any other line.
func markDepth(l string) int {
	depth := 1
	for strings.HasPrefix(l, "> > ") {
		l, depth = l[len("> "):], depth+1
	}
	if isMark(l, conflictMarks...) {
		return depth
	}
	return 0
}

// maxAlternatives is how many versions several conflicts in one part may make of
// it. Past it the part is one version, conflicts and all.
const maxAlternatives = 16

// alternatives are the versions of a part that has conflicts in it: each time the
// whole part with one version of each conflict.
func alternatives(parts []string) []string {
	out := []string{""}
	extend := func(choice ...string) {
		var next []string
		for _, before := range out {
			for _, c := range choice {
				next = append(next, before+c)
			}
		}
		out = next
	}
	plain := 0 // where the parts without a conflict begin
	for i, p := range parts {
		versions, n := readConflict(slices.Collect(strings.Lines(p)))
		if n == 0 {
			continue
		}
		if len(out) > 1 && len(out)*len(versions) > maxAlternatives {
			return []string{strings.Join(parts, "")}
		}
		extend(strings.Join(parts[plain:i], ""))
		extend(versions...)
		plain = i + 1
	}
	extend(strings.Join(parts[plain:], ""))
	return distinct(out)
}

// distinct sorts versions and drops those that say the same, or nothing.
func distinct(versions []string) []string {
	byText := map[string]string{}
	for _, v := range versions {
		if key := trimBlank(v); key != "" {
			byText[key] = max(byText[key], v)
		}
	}
	var out []string
	for _, v := range byText {
		out = append(out, v)
	}
	slices.Sort(out)
	return out
}

// choose are the versions of a part after both sides changed it: what either side
// has, without what one of them took out. A side's only version is its decision.
func choose(was, x, y []string) []string {
	has := func(in []string, v string) bool {
		return slices.ContainsFunc(in, func(w string) bool { return trimBlank(w) == trimBlank(v) })
	}
	var out []string
	for side, versions := range [][]string{x, y} {
		other := [][]string{y, x}[side]
		for _, v := range versions {
			if len(versions) == 1 || has(other, v) || !has(was, v) {
				out = append(out, v)
			}
		}
	}
	if len(out) == 0 {
		out = slices.Concat(x, y)
	}
	return distinct(out)
}

// isEmpty reports whether a line or a text has nothing to see.
func isEmpty(text string) bool { return strings.TrimSpace(text) == "" }

// trimBlank drops the empty lines around a text.
func trimBlank(text string) string {
	text = strings.TrimRight(text, " \t\n")
	for {
		first, rest, more := strings.Cut(text, "\n")
		if !more || !isEmpty(first) {
			return text
		}
		text = rest
	}
}

// Conflicts counts the parts of a note's prose that stand there in more than one
// version.
func Conflicts(inc *Incident) int {
	n := 0
	count := func(text string) {
		for l := range strings.Lines(text) {
			if isMark(l, conflictFirst) {
				n++
			}
		}
	}
	count(inc.Lead)
	for _, s := range inc.Sections {
		count(s.Text)
	}
	return n
}
