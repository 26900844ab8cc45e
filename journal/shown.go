package journal

import "strings"

// anotherVersion stands before the text of a sibling where people read it.
const anotherVersion = "*Another version:*"

// Shown is the text as a reader gets to see it, in Markdown: a sibling says that it
// is one.
func (e Event) Shown() string { return shown(e.Of, e.Text) }

// Shown is [Event.Shown] for a problem.
func (p Problem) Shown() string { return shown(p.Of, p.Text) }

// Shown is [Event.Shown] for a learning.
func (l Learning) Shown() string { return shown(l.Of, l.Text) }

func shown(of, text string) string {
	switch {
	case of == "":
		return text
	case strings.HasPrefix(text, "```") || strings.HasPrefix(text, "~~~"):
		return anotherVersion + "\n\n" + text
	}
	return anotherVersion + " " + text
}
