package store

import (
	"strings"

	"git-incident/journal"
	"git-incident/journal/git"
)

func (t *textCut) commit(c *git.Commit) {
	c.Message = t.message(c.Message)
	for _, who := range []*git.Ident{&c.Author, &c.Committer} {
		who.Name, who.Email = t.bare(who.Name), t.bare(who.Email)
	}
}

// message is a commit's message without the text. A subject may have the
// beginning of it, where it was cut to fit a line.
func (t *textCut) message(s string) string {
	at := strings.LastIndex(strings.TrimRight(s, "\n"), "\n\n") + 1
	said, trailers := t.clean(s[:at]), strings.Split(s[at:], "\n")
	for i, line := range trailers {
		if key, _, _ := strings.Cut(line, ": "); key != journal.TrailerEntry && key != journal.TrailerChange {
			trailers[i] = t.clean(line)
		}
	}
	s = said + strings.Join(trailers, "\n")
	subject, _, _ := strings.Cut(s, "\n")
	end := strings.LastIndex(subject, "…")
	for n := len(t.text) - 1; end >= 0 && n >= minSlug; n-- {
		if before, ok := strings.CutSuffix(s[:end], journal.VisibleLine(t.text[:n])); ok {
			return before + purgedMark + s[end:]
		}
	}
	return s
}
