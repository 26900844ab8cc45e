package store

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"git-incident/journal"
)

// A line of a cache is fields between tabs; a list is a field with 0x1f between
// its values. escape keeps text from being taken for either.
var (
	escape   = strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\x1f", `\s`)
	unescape = strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\n`, "\n", `\s`, "\x1f")
)

const listEnd = "\x1f" // after every value, so that [""] is not []

func writeFields(b *strings.Builder, fields ...string) {
	for i, f := range fields {
		if i > 0 {
			b.WriteByte('\t')
		}
		b.WriteString(f)
	}
	b.WriteByte('\n')
}

// appendSummary writes in the order that summary reads.
func appendSummary(fields []string, s *journal.Summary) []string {
	return append(fields,
		s.ID, flag(s.Draft), escape.Replace(s.Unreadable), escape.Replace(s.Title),
		string(s.Kind), string(s.Status), string(s.Visibility),
		encodeWhen(s.Times.Began), encodeWhen(s.Times.Noticed), encodeWhen(s.Times.Told),
		encodeWhen(s.Times.Mitigated), encodeWhen(s.Times.Resolved),
		string(s.NoticedBy), escape.Replace(s.Severity), encodeList(s.Services), encodeList(s.Factors),
		encodeWhen(s.LastUpdate), escape.Replace(s.Learned), strconv.Itoa(s.Learnings), strconv.Itoa(s.Waiting),
	)
}

func (r *fieldReader) summary() journal.Summary {
	return journal.Summary{
		ID: r.next(), Draft: r.next() == flag(true), Unreadable: r.text(), Title: r.text(),
		Kind: journal.Kind(r.next()), Status: journal.Status(r.next()), Visibility: journal.Visibility(r.next()),
		Times:     journal.Times{Began: r.when(), Noticed: r.when(), Told: r.when(), Mitigated: r.when(), Resolved: r.when()},
		NoticedBy: journal.NoticedBy(r.next()), Severity: r.text(), Services: r.list(), Factors: r.list(),
		LastUpdate: r.when(), Learned: r.text(), Learnings: r.number(), Waiting: r.number(),
	}
}

func encodeList(values []string) string {
	var b strings.Builder
	for _, v := range values {
		b.WriteString(escape.Replace(v) + listEnd)
	}
	return b.String()
}

// encodeWhen writes "~seconds nanoseconds offset", in less time than RFC 3339
// takes to read.
func encodeWhen(w journal.When) string {
	if !w.Known() {
		return ""
	}
	_, offset := w.Time.Zone()
	text := strconv.FormatInt(w.Time.Unix(), 10) + " " + strconv.Itoa(w.Time.Nanosecond()) + " " + strconv.Itoa(offset)
	if w.About {
		return "~" + text
	}
	return text
}

// fieldReader takes a line apart. After an error everything it gives is empty.
type fieldReader struct {
	rest  string
	done  bool
	err   error
	zones map[int]*time.Location // by offset in seconds
}

var errCutOff = errors.New("a line is cut off")

func (r *fieldReader) start(line string) { r.rest, r.done = line, false }

func (r *fieldReader) next() string {
	if r.done {
		r.err = errCutOff
		return ""
	}
	field, rest, more := strings.Cut(r.rest, "\t")
	r.rest, r.done = rest, !more
	return field
}

func (r *fieldReader) text() string { return plainText(r.next()) }

func plainText(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	return unescape.Replace(s)
}

func (r *fieldReader) list() []string {
	field := r.next()
	if field == "" {
		return nil
	}
	values := strings.Split(strings.TrimSuffix(field, listEnd), listEnd)
	for i, v := range values {
		values[i] = plainText(v)
	}
	return values
}

func (r *fieldReader) number() int { return int(r.integer(r.next())) }

func (r *fieldReader) integer(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		r.err = err
	}
	return n
}

func (r *fieldReader) when() journal.When {
	field := r.next()
	if field == "" {
		return journal.When{}
	}
	text, about := strings.CutPrefix(field, "~")
	seconds, text, _ := strings.Cut(text, " ")
	nanos, offset, _ := strings.Cut(text, " ")
	at := time.Unix(r.integer(seconds), r.integer(nanos)).In(r.zone(int(r.integer(offset))))
	return journal.When{Time: at, About: about}
}

func (r *fieldReader) zone(offset int) *time.Location {
	if offset == 0 {
		return time.UTC
	}
	if r.zones == nil {
		r.zones = map[int]*time.Location{}
	}
	if r.zones[offset] == nil {
		r.zones[offset] = time.FixedZone("", offset)
	}
	return r.zones[offset]
}
