package site

import (
	"html/template"
	"regexp"
	"strings"

	"git-incident/journal"
)

// problem is one link of the chain.
type problem struct {
	ID   string
	Text template.HTML
}

func newChain(p *prose, chain []journal.Problem) []problem {
	var out []problem
	for _, c := range chain {
		out = append(out, problem{ID: "c-" + c.ID, Text: p.item(c.Shown())})
	}
	return out
}

// learning is what the team knows now, with what follows from it.
type learning struct {
	ID           string
	Text         template.HTML
	Consequences []consequence
}

// consequence is what a learning led to. All states look alike but for a sign:
// declined is an answer like the others.
type consequence struct {
	Text   template.HTML
	State  string    // waiting, done or declined: a word, and a class
	Where  elsewhere // where it was done
	Commit string    // what it was done in
	Detail string    // why it was declined, and everything else somebody wrote
}

func newLearnings(p *prose, learnings []journal.Learning) []learning {
	var out []learning
	for _, l := range learnings {
		v := learning{ID: "l-" + l.ID, Text: p.item(l.Shown())}
		for _, c := range l.Consequences {
			v.Consequences = append(v.Consequences, newConsequence(p, c))
		}
		out = append(out, v)
	}
	return out
}

var oid = regexp.MustCompile(`^[0-9a-f]{7,64}$`)

func newConsequence(p *prose, c journal.Consequence) consequence {
	v := consequence{Text: p.line(c.Text), State: string(stateOf(c))}
	address, ok := outside(c.Detail)
	switch {
	case ok && !strings.HasPrefix(strings.ToLower(address), "mailto:"):
		v.Where = elsewhere{address}
	case oid.MatchString(c.Detail):
		v.Commit = c.Detail
	default:
		v.Detail = c.Detail
	}
	return v
}

// stateOf is the state of a consequence; what is neither done nor declined waits.
func stateOf(c journal.Consequence) journal.ConsequenceState {
	if c.State == journal.ConsequenceDone || c.State == journal.ConsequenceDeclined {
		return c.State
	}
	return journal.ConsequenceWaiting
}
