package git

import (
	"fmt"
	"strings"
	"time"
)

// Network says how a step that talks to a remote may behave.
type Network struct {
	Timeout time.Duration // how long one step may take; zero is no limit but the context's
	Prompt  bool          // a person sits at the terminal and may be asked for a password
}

// NetworkError is a step that did not come to its end because of the remote, of
// the way there, or of what either asks for.
type NetworkError struct {
	Step   string // "ask", "fetch" or "push"
	Remote string // the URL as Repo.URL gives it
	Cause  Cause
	Stderr string // the end of what git and the remote said, raw: the remote's part is anybody's text
}

func (e *NetworkError) Error() string {
	text := fmt.Sprintf("%s %s: %s", e.Step, e.Remote, e.Cause)
	if last := lastWords(e.Stderr); last != "" && e.Cause != TimedOut {
		text += ": " + last
	}
	return text
}

// lastWords gives git's reason: its last fatal line, or else the last line.
func lastWords(stderr string) string {
	lines := strings.Split(strings.TrimSpace(stderr), "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		if reason, ok := strings.CutPrefix(lines[i], "fatal: "); ok {
			return strings.TrimSpace(reason)
		}
	}
	return strings.TrimSpace(lines[len(lines)-1])
}

// Cause is why a step failed, as far as it decides what to do next.
type Cause int

// The causes.
const (
	Broken        Cause = iota // none of those below; Stderr has the words
	TimedOut                   // it took longer than it may; what was pushed may have arrived or not
	Unreachable                // no conversation, or one that was cut off: name, route, refused, reset, an error of the server's own
	NeedsPassword              // it wants a password or a key, and there is none or a wrong one
	HostKey                    // it could not prove who it is: unknown or changed host key, bad certificate
	Forbidden                  // it knows who we are, and does not let us
	NotFound                   // there is no such repository, or none that we may see
	NoRef                      // the repository has not, or no longer, what we want to fetch
	NoSpace                    // its disk is full, or our share of it
	LocalSpace                 // our own disk is full
)

func (c Cause) String() string {
	switch c {
	case TimedOut:
		return "no answer in time"
	case Unreachable:
		return "cannot be reached"
	case NeedsPassword:
		return "wants a password or key"
	case HostKey:
		return "could not prove who it is"
	case Forbidden:
		return "does not allow it"
	case NotFound:
		return "no such repository"
	case NoRef:
		return "no such ref there"
	case NoSpace:
		return "no space left there"
	case LocalSpace:
		return "no space left here"
	default:
		return "it did not work"
	}
}
