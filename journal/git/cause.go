package git

import "strings"

// signs are git's, curl's and ssh's words, and what they tell. The first that
// is found counts, so what is said about everything comes last: ssh and git end
// nearly every failure with "Could not read from remote repository".
var signs = []struct {
	words string
	cause Cause
}{
	{"No space left on device", LocalSpace},
	{"Disk quota exceeded", LocalSpace},

	{"Host key verification failed", HostKey},
	{"certificate problem", HostKey},
	{"certificate verification failed", HostKey},
	{"no alternative certificate subject name", HostKey},

	{"terminal prompts disabled", NeedsPassword},
	{"could not read Username", NeedsPassword},
	{"could not read Password", NeedsPassword},
	{"Authentication failed", NeedsPassword},
	{"Invalid username or", NeedsPassword},
	{"Permission denied (", NeedsPassword},
	{"Too many authentication failures", NeedsPassword},
	{"returned error: 401", NeedsPassword},
	{"returned error: 407", NeedsPassword},

	{"returned error: 403", Forbidden},
	{"service not enabled", Forbidden},
	{"marked as read only", Forbidden},
	{"ERROR: Permission to ", Forbidden},
	{"ERROR: You are not allowed", Forbidden},

	{"Repository not found", NotFound},
	{"does not appear to be a git repository", NotFound},
	{"repository not exported", NotFound},
	{"returned error: 404", NotFound},
	{"returned error: 410", NotFound},
	{"is this a git repository?", NotFound},
	{"The project you were looking for could not be found", NotFound},

	{"couldn't find remote ref", NoRef},
	{"no such remote ref", NoRef},
	{"not our ref", NoRef},
	{"unadvertised object", NoRef},

	{"Could not resolve", Unreachable},
	{"unable to look up", Unreachable},
	{"Name or service not known", Unreachable},
	{"name resolution", Unreachable},
	{"Connection refused", Unreachable},
	{"Connection reset", Unreachable},
	{"Connection timed out", Unreachable},
	{"Connection closed", Unreachable},
	{"Operation timed out", Unreachable},
	{"Broken pipe", Unreachable},
	{"unreachable", Unreachable},
	{"No route to host", Unreachable},
	{"Failed to connect", Unreachable},
	{"unable to connect", Unreachable},
	{"Couldn't connect", Unreachable},
	{"Empty reply from server", Unreachable},
	{"returned error: 429", Unreachable},
	{"returned error: 5", Unreachable},
	{"hung up", Unreachable},
	{"early EOF", Unreachable},
	{"unexpected disconnect", Unreachable},
	{"transfer closed", Unreachable},
	{"RPC failed", Unreachable},
	{"the remote end", Unreachable},
}

// cause reads why a step failed. What the remote had relayed is left out: it
// may say anything.
func cause(stderr string) Cause {
	var ours strings.Builder
	for line := range strings.Lines(stderr) {
		if !strings.HasPrefix(line, "remote:") {
			ours.WriteString(line)
		}
	}
	words := ours.String()
	if repository, rest, ok := strings.Cut(words, "fatal: repository '"); ok && strings.Contains(rest, "' not found") {
		words = repository + "Repository not found" + rest
	}
	for _, sign := range signs {
		if strings.Contains(words, sign.words) {
			return sign.cause
		}
	}
	return Broken
}
