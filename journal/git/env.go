package git

import "strings"

// scrubbed names the variables that describe the commit a user is making, or
// change how paths in arguments are read. Inside a hook they are not ours.
var scrubbed = map[string]bool{
	"GIT_INDEX_FILE":         true,
	"GIT_PREFIX":             true,
	"GIT_REFLOG_ACTION":      true,
	"GIT_LITERAL_PATHSPECS":  true,
	"GIT_GLOB_PATHSPECS":     true,
	"GIT_NOGLOB_PATHSPECS":   true,
	"GIT_ICASE_PATHSPECS":    true,
	"GIT_AUTHOR_NAME":        true,
	"GIT_AUTHOR_EMAIL":       true,
	"GIT_AUTHOR_DATE":        true,
	"GIT_COMMITTER_DATE":     true,
	"GIT_NO_REPLACE_OBJECTS": true,
	"GIT_OPTIONAL_LOCKS":     true,
	"GIT_TERMINAL_PROMPT":    true,
}

// scrub gives env without the variables of scrubbed. A relative GIT_DIR and its
// like keep their meaning because children run in the directory given to Open.
func scrub(env []string) []string {
	kept := make([]string, 0, len(env))
	for _, pair := range env {
		if name, _, _ := strings.Cut(pair, "="); !scrubbed[name] {
			kept = append(kept, pair)
		}
	}
	return kept
}

// quiet gives env for a child whose output a program reads: English, no
// prompts, no replaced objects (go-git does not know them, and both views of an
// object have to be the same), no locks taken in passing.
func quiet(env []string) []string {
	return append(env[:len(env):len(env)],
		"LC_ALL=C",
		"GIT_TERMINAL_PROMPT=0",
		"GIT_NO_REPLACE_OBJECTS=1",
		"GIT_OPTIONAL_LOCKS=0",
	)
}

// lookup gives the value of name in env; the last one counts, as for a process.
func lookup(env []string, name string) (string, bool) {
	for i := len(env) - 1; i >= 0; i-- {
		if value, ok := strings.CutPrefix(env[i], name+"="); ok {
			return value, true
		}
	}
	return "", false
}
