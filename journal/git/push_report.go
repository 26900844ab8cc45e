package git

import (
	"slices"
	"strings"
)

// parsePush reads what `git push --porcelain` says, by the name of the ref. A
// remote with several push URLs answers several times: the worst answer counts.
// A ref without an answer is one of which git did not hear.
func parsePush(report string) map[string]PushResult {
	results := map[string]PushResult{}
	unheard := map[string]bool{}
	for line := range strings.Lines(report) {
		field := strings.SplitN(strings.TrimSuffix(line, "\n"), "\t", 3)
		if len(field) != 3 || len(field[0]) != 1 {
			continue // To <url>, Done
		}
		_, name, ok := strings.Cut(field[1], ":")
		if !ok || !validRef(name) {
			continue
		}
		status, reason, known := pushStatus(field[0], field[2])
		if !known {
			unheard[name] = true
		}
		if before, again := results[name]; !again || status > before.Status {
			results[name] = PushResult{Name: name, Status: status, Reason: reason}
		}
	}
	for name := range unheard {
		delete(results, name)
	}
	return results
}

// pushStatus reads a flag and a summary like "[remote rejected] (hook declined)".
func pushStatus(flag, summary string) (status PushStatus, reason string, known bool) {
	switch flag {
	case " ", "+", "-", "*", "=":
		return Pushed, "", true
	case "!":
	default:
		return Refused, summary, false
	}
	kind, reason, _ := strings.Cut(summary, "] (")
	reason = strings.TrimSuffix(reason, ")")
	switch strings.Trim(kind, "[]") {
	case "rejected":
		return judge(reason, behind), reason, true
	case "remote rejected":
		return judge(reason, overtaken), reason, !oneOf(reason, unstored)
	}
	return Refused, summary, false // [remote failure]: it hung up before it said
}

// behind are git's own reasons not to send an update, and overtaken the remote's
// not to take it, that are about somebody else's push. With unstored the remote
// did not come so far as to decide.
var (
	behind    = []string{"fetch first", "non-fast-forward", "stale info", "remote ref updated since checkout"}
	overtaken = []string{"fetch first", "cannot lock ref", "failed to update ref", "failed to lock", "lock error", "LOCK_FAILURE",
		"incorrect old value", "reference already exists", "reference does not exist"}
	unstored = []string{"unpacker error", "unpack failed", "migrate objects", "missing necessary objects"}
)

func judge(reason string, stale []string) PushStatus {
	if oneOf(reason, stale) {
		return Stale
	}
	return Refused
}

func oneOf(reason string, known []string) bool {
	return slices.ContainsFunc(known, func(words string) bool { return strings.Contains(reason, words) })
}
