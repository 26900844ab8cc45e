package journal

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Schema is the version of the note's grammar that this package writes.
const Schema = 1

// field is one known key of the front matter. The table below is the order in
// which they are written, and the only list of them.
type field struct {
	key string
	// keys of a mapping, nil for a scalar or a list
	sub []field
	// block mappings are written a key a line, others in braces
	block bool
	list  bool
	// bare values are words of the grammar and are never quoted
	bare bool
	// get returns the values to write, none when unknown
	get func(*Incident) []string
	// set takes values over; it refuses what the grammar does not allow
	set func(*Incident, []string) error
}

var fields = []field{
	{key: "schema", get: func(*Incident) []string { return []string{strconv.Itoa(Schema)} }, set: setSchema},
	scalar("title", func(i *Incident) *string { return &i.Title }, oneLine),
	scalar("kind", func(i *Incident) *Kind { return &i.Kind },
		oneOf(KindIncident, KindNearMiss, KindExercise)),
	scalar("status", func(i *Incident) *Status { return &i.Status },
		oneOf(StatusOpen, StatusMitigated, StatusResolved, StatusReviewed)),
	scalar("visibility", func(i *Incident) *Visibility { return &i.Visibility },
		oneOf(VisibilityTeam, VisibilityPublic)),
	{key: "times", block: true, sub: []field{
		moment("began", func(i *Incident) *When { return &i.Times.Began }),
		moment("noticed", func(i *Incident) *When { return &i.Times.Noticed }),
		moment("told", func(i *Incident) *When { return &i.Times.Told }),
		moment("mitigated", func(i *Incident) *When { return &i.Times.Mitigated }),
		moment("resolved", func(i *Incident) *When { return &i.Times.Resolved }),
	}},
	scalar("noticed_by", func(i *Incident) *NoticedBy { return &i.NoticedBy },
		oneOf(NoticedBySelf, NoticedByTeammate, NoticedByAlert, NoticedByCustomer, NoticedByExternal, NoticedByUnknown)),
	scalar("severity", func(i *Incident) *string { return &i.Severity }, oneLine),
	list("services", func(i *Incident) *[]string { return &i.Services }, oneLine),
	list("factors", func(i *Incident) *[]string { return &i.Factors }, oneLine),
	{key: "undo", sub: []field{
		tri("reversible", "yes", "no", func(i *Incident) *Tri { return &i.Undo.Reversible }),
		tri("data_repair", "true", "false", func(i *Incident) *Tri { return &i.Undo.DataRepair }),
	}},
	list("paths", func(i *Incident) *[]string { return &i.Paths }, oneLine),
	{key: "git", sub: []field{
		list("change", func(i *Incident) *[]string { return &i.Git.Change }, oneLine),
		list("revert", func(i *Incident) *[]string { return &i.Git.Revert }, oneLine),
		list("fix", func(i *Incident) *[]string { return &i.Git.Fix }, oneLine),
	}},
	{key: "talk", sub: []field{
		tri("ok", "true", "false", func(i *Incident) *Tri { return &i.Talk.OK }),
		list("told", func(i *Incident) *[]string { return &i.Talk.Told }, date),
	}},
	list("credit", func(i *Incident) *[]string { return &i.Credit }, oneLine),
}

func scalar[S ~string](key string, at func(*Incident) *S, check func(string) error) field {
	return field{
		key: key,
		get: func(i *Incident) []string { return nonEmpty(string(*at(i))) },
		set: func(i *Incident, v []string) error {
			s, err := single(v, check)
			if err == nil {
				*at(i) = S(s)
			}
			return err
		},
	}
}

func list(key string, at func(*Incident) *[]string, check func(string) error) field {
	return field{
		key:  key,
		list: true,
		get:  func(i *Incident) []string { return *at(i) },
		set: func(i *Incident, v []string) error {
			var out []string
			for _, s := range v {
				if err := check(s); err != nil {
					return err
				}
				if s != "" && !slices.Contains(out, s) {
					out = append(out, s)
				}
			}
			*at(i) = out
			return nil
		},
	}
}

func moment(key string, at func(*Incident) *When) field {
	return field{
		key: key,
		get: func(i *Incident) []string { return nonEmpty(at(i).String()) },
		set: func(i *Incident, v []string) error {
			s, err := single(v, oneLine)
			if err != nil {
				return err
			}
			w, err := ParseWhen(s)
			if err == nil {
				*at(i) = w
			}
			return err
		},
	}
}

func tri(key, yes, no string, at func(*Incident) *Tri) field {
	words := map[string]Tri{"": Unknown, "unknown": Unknown, "yes": Yes, "true": Yes, "no": No, "false": No}
	return field{
		key:  key,
		bare: true,
		get: func(i *Incident) []string {
			return nonEmpty(map[Tri]string{Yes: yes, No: no}[*at(i)])
		},
		set: func(i *Incident, v []string) error {
			s, err := single(v, oneLine)
			if err != nil {
				return err
			}
			t, ok := words[strings.ToLower(s)]
			if !ok {
				return fmt.Errorf("%q is neither yes, no nor unknown", s)
			}
			*at(i) = t
			return nil
		},
	}
}

func setSchema(_ *Incident, v []string) error {
	if len(v) != 1 || v[0] != strconv.Itoa(Schema) {
		return fmt.Errorf("%q is not a schema that this version reads; it reads %d", strings.Join(v, " "), Schema)
	}
	return nil
}

func single(v []string, check func(string) error) (string, error) {
	switch len(v) {
	case 0:
		return "", nil
	case 1:
		return v[0], check(v[0])
	}
	return "", fmt.Errorf("%q are %d values where one is wanted", v, len(v))
}

func oneLine(s string) error {
	if strings.ContainsAny(s, "\n\r\x00") {
		return fmt.Errorf("%q has more than one line", s)
	}
	if strings.TrimSpace(s) != s {
		return fmt.Errorf("%q has white space around it", s)
	}
	return nil
}

func oneOf[S ~string](allowed ...S) func(string) error {
	return func(s string) error {
		if s == "" || slices.Contains(allowed, S(s)) {
			return nil
		}
		words := make([]string, len(allowed))
		for i, a := range allowed {
			words[i] = string(a)
		}
		return fmt.Errorf("%q is none of %s", s, strings.Join(words, ", "))
	}
}

func date(s string) error {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return fmt.Errorf("%q is not a date like 2026-12-04", s)
	}
	return nil
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// SetField changes one field of the front matter by its key, "status" or
// "times.began", as if the values had been written there. No values clear it.
// The title and the schema cannot be cleared.
func (inc *Incident) SetField(key string, values ...string) error {
	f, ok := lookup(key)
	if !ok {
		return fmt.Errorf("%q is not a field of a note", key)
	}
	if key == "title" && strings.TrimSpace(strings.Join(values, "")) == "" {
		return fmt.Errorf("a note needs a title")
	}
	if err := f.set(inc, values); err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	return nil
}

// Field returns the values of one field as they stand in the front matter.
func (inc *Incident) Field(key string) []string {
	if f, ok := lookup(key); ok {
		return f.get(inc)
	}
	return nil
}

// Fields lists the keys that [Incident.SetField] takes, in the order of a note.
func Fields() []string {
	var keys []string
	for _, f := range fields {
		if f.sub == nil {
			keys = append(keys, f.key)
		}
		for _, s := range f.sub {
			keys = append(keys, f.key+"."+s.key)
		}
	}
	return keys
}

func lookup(key string) (field, bool) {
	parent, child, nested := strings.Cut(key, ".")
	f, ok := fieldNamed(fields, parent)
	if nested && ok {
		f, ok = fieldNamed(f.sub, child)
	}
	return f, ok && f.sub == nil
}

func fieldNamed(in []field, key string) (field, bool) {
	i := slices.IndexFunc(in, func(f field) bool { return f.key == key })
	if i < 0 {
		return field{}, false
	}
	return in[i], true
}

// isPlain reports whether YAML reads s back as the same text without quotes,
// inside brackets too. It is narrower than YAML, so that nobody has to know
// YAML's corners; dates, commits and times need no quotes either.
func isPlain(s string) bool {
	if plainNumber.MatchString(s) || isRFC3339(strings.TrimPrefix(s, "~")) {
		return true
	}
	for i, r := range s {
		if !unicode.IsLetter(r) && (i == 0 || !unicode.IsNumber(r) && !strings.ContainsRune(" _./()'+=@%;-", r)) {
			return false
		}
	}
	return s != "" && !reserved[strings.ToLower(s)] && !strings.HasSuffix(s, " ")
}

var (
	plainNumber = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2}|\d)$`)
	reserved    = map[string]bool{
		"true": true, "false": true, "yes": true, "no": true, "on": true, "off": true,
		"null": true, "y": true, "n": true,
	}
)

// quote writes s as one YAML scalar on one line.
func quote(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r == 0xfffe || r == 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
