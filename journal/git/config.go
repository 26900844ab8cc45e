package git

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// config is git's merged configuration: what a key is set to last.
type config map[string]string

// unset marks a key that stands in the file without "=", which git reads as true.
const unset = "\x00"

// parseConfig reads the answer of `git config -z --list`.
func parseConfig(list string) config {
	c := config{}
	for record := range strings.SplitSeq(strings.TrimSuffix(list, "\x00"), "\x00") {
		key, value, ok := strings.Cut(record, "\n")
		if !ok {
			value = unset
		}
		c[key] = value
	}
	return c
}

// parseVariables reads what `git var -l` prints after the configuration, which
// was listed by `git config -z --list`. The configuration may have lines in its
// values that look like variables, so it is cut off as a whole; if it changed in
// between, git's own variables still come last.
func parseVariables(lines, list string) map[string]string {
	shown := strings.NewReplacer("\x00", "\n")
	var b strings.Builder
	for record := range strings.SplitAfterSeq(list, "\x00") {
		b.WriteString(shown.Replace(strings.Replace(record, "\n", "=", 1)))
	}
	variables := map[string]string{}
	for line := range strings.Lines(strings.TrimPrefix(lines, b.String())) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		variables[name] = value
	}
	return variables
}

// canonicalKey lowers what git compares without case: the section and the last
// part. A subsection keeps its case.
func canonicalKey(key string) string {
	first, last := strings.Index(key, "."), strings.LastIndex(key, ".")
	if first < 0 {
		return key
	}
	return strings.ToLower(key[:first]) + key[first:last] + strings.ToLower(key[last:])
}

// settings gives the configuration as it is now. It is replaced by SetConfig,
// never changed.
func (r *Repo) settings() config {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.config
}

// Config gives the value of a key like "incident.branch" and whether it is set.
// The last value counts, from all of git's scopes.
func (r *Repo) Config(key string) (string, bool) {
	value, ok := r.settings()[canonicalKey(key)]
	if value == unset {
		value = ""
	}
	return value, ok
}

// ConfigBool gives the value of a key as git reads booleans, or fallback when it
// is not set.
func (r *Repo) ConfigBool(key string, fallback bool) (bool, error) {
	value, ok := r.settings()[canonicalKey(key)]
	if !ok {
		return fallback, nil
	}
	switch strings.ToLower(value) {
	case "true", "yes", "on", unset:
		return true, nil
	case "false", "no", "off", "":
		return false, nil
	}
	n, err := strconv.Atoi(value)
	if err != nil {
		return false, fmt.Errorf("git config %s: %q is neither true nor false", key, value)
	}
	return n != 0, nil
}

// Remotes gives the names of the configured remotes, origin first and the others
// by name.
func (r *Repo) Remotes() []string {
	var names []string
	for key := range r.settings() {
		if name, ok := strings.CutPrefix(key, "remote."); ok {
			if name, ok := strings.CutSuffix(name, ".url"); ok {
				names = append(names, name)
			}
		}
	}
	sort.Slice(names, func(i, j int) bool {
		if (names[i] == "origin") != (names[j] == "origin") {
			return names[i] == "origin"
		}
		return names[i] < names[j]
	})
	return names
}
