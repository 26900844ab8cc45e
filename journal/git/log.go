package git

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// LogEntry is one commit of a history.
type LogEntry struct {
	Hash     Hash
	When     time.Time // of the committer, in UTC; zero when it says none that can be
	Subject  string
	Trailers []Trailer
}

// Trailer is one "Key: value" at the end of a commit message.
type Trailer struct{ Key, Value string }

// Values gives the values of all trailers with a key.
func (e LogEntry) Values(key string) []string {
	var values []string
	for _, t := range e.Trailers {
		if strings.EqualFold(t.Key, key) {
			values = append(values, t.Value)
		}
	}
	return values
}

// Log lists commits reachable from tip and from none of without, newest first,
// at most limit of them; zero is no limit.
func (r *Repo) Log(ctx context.Context, tip Hash, limit int, without ...Hash) ([]LogEntry, error) {
	args := []string{"log", "-z", "--format=%H%n%ct%n%s%n%(trailers:only,unfold)",
		"--encoding=UTF-8", "--no-show-signature", "--no-mailmap", "--no-color", "--no-patch"}
	if limit > 0 {
		args = append(args, "--max-count="+strconv.Itoa(limit))
	}
	args = append(args, tip.String())
	for _, h := range without {
		args = append(args, "^"+h.String())
	}
	stdout, err := r.output(ctx, append(args, "--")...)
	if err != nil {
		return nil, fmt.Errorf("read the history: %w", err)
	}
	var entries []LogEntry
	for record := range strings.SplitSeq(strings.TrimSuffix(stdout, "\x00"), "\x00") {
		if record == "" {
			continue
		}
		entry, err := parseLogEntry(record)
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry)
	}
	return entries, nil
}

func parseLogEntry(record string) (LogEntry, error) {
	line := strings.Split(record, "\n")
	if len(line) < 3 {
		return LogEntry{}, fmt.Errorf("read the history: unexpected answer %q", record)
	}
	entry := LogEntry{Hash: NewHash(line[0]), When: readTime(line[1]), Subject: line[2]}
	for _, l := range line[3:] {
		if key, value, ok := strings.Cut(l, ":"); ok {
			entry.Trailers = append(entry.Trailers, Trailer{Key: key, Value: strings.TrimSpace(value)})
		}
	}
	return entry, nil
}

// readTime reads seconds. A commit made by hand may say anything.
func readTime(seconds string) time.Time {
	n, err := strconv.ParseInt(seconds, 10, 64)
	if at := time.Unix(n, 0).UTC(); err == nil && at.Year() >= 1 && at.Year() <= 9999 {
		return at
	}
	return time.Time{}
}

// Root gives the first commit of a history; of several the one that git names
// first.
func (r *Repo) Root(ctx context.Context, tip Hash) (Hash, error) {
	out, err := r.output(ctx, "rev-list", "--max-parents=0", tip.String())
	if err != nil {
		return Hash{}, fmt.Errorf("look for the first commit: %w", err)
	}
	first, _, _ := strings.Cut(out, "\n")
	if !IsHash(first) {
		return Hash{}, fmt.Errorf("git rev-list: unexpected answer %q", out)
	}
	return NewHash(first), nil
}
