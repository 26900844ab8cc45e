package git

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrNoIdentity says that git does not know who the user is.
var ErrNoIdentity = errors.New(`git does not know who you are; tell it once:
  git config --global user.name "Your Name"
  git config --global user.email you@example.com`)

// Ident is who did something and when. Name and Email are without the characters
// that git does not allow in them.
type Ident struct {
	Name  string
	Email string
	When  time.Time
}

// Committer gives the identity git would commit with, with a zero When. It asks
// git once more when nothing but a guess is known, because only git can say
// whether it accepts its own guess; the error then is [ErrNoIdentity].
func (r *Repo) Committer(ctx context.Context) (Ident, error) {
	line := r.ident
	if !r.identIsSet("name") || !r.identIsSet("email") {
		asked, err := r.output(ctx, "var", "GIT_COMMITTER_IDENT")
		var refused *CommandError
		if errors.As(err, &refused) {
			return Ident{}, ErrNoIdentity
		}
		if err != nil {
			return Ident{}, fmt.Errorf("ask git who you are: %w", err)
		}
		line = asked
	}
	ident, ok := parseIdent(line)
	if !ok {
		return Ident{}, ErrNoIdentity
	}
	return ident, nil
}

// identIsSet reports whether somebody set the name or email on purpose.
func (r *Repo) identIsSet(part string) bool {
	if value, _ := lookup(r.env, "GIT_COMMITTER_"+strings.ToUpper(part)); value != "" {
		return true
	}
	set := r.settings()
	return set["committer."+part] != "" || set["user."+part] != ""
}

// parseIdent reads "Name <email> seconds zone".
func parseIdent(line string) (Ident, bool) {
	name, rest, ok := strings.Cut(line, " <")
	email, _, closed := strings.Cut(rest, ">")
	name, email = clean(name), clean(email)
	return Ident{Name: name, Email: email}, ok && closed && name != "" && email != ""
}

// clean drops what would end a field or a line in a commit's header.
func clean(s string) string {
	return strings.TrimSpace(strings.Map(func(c rune) rune {
		if c == '<' || c == '>' || c < ' ' {
			return -1
		}
		return c
	}, s))
}
