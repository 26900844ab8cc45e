package store

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"git-incident/journal"
	"git-incident/journal/git"
)

// noteName is the file in an incident's folder that is the note.
const noteName = "README.md"

// Warning is a path on the ref that was skipped.
type Warning struct {
	Path   string // as it stands in the tree: hostile bytes and all
	Reason string
}

// place is what a path on the ref means: the note or an attachment of an
// incident, or neither.
type place struct {
	id   string // of the incident, "" for neither
	name string // noteName or the attachment's
}

var errNotInFolder = errors.New("it is not in the folder of an incident")

// locate says what a file on the ref is. It fails, with the reason as a
// sentence, for what has no business there.
func locate(f git.File) (place, error) {
	plain := f.Mode == git.Regular || f.Mode == git.Executable
	if plain && !strings.Contains(f.Path, "/") {
		return place{}, nil // the branch's own README, and what later versions add
	}
	dir, name := path.Split(f.Path)
	id := path.Base(dir)
	if !journal.ValidID(id) || dir != journal.Path(id)+"/" {
		return place{}, errNotInFolder
	}
	if !plain {
		return place{}, fmt.Errorf("it is not a plain file")
	}
	if name == noteName {
		return place{id: id, name: name}, nil
	}
	return place{id: id, name: name}, CheckAttachment(name)
}

// isReserved reports a name that Windows gives to a device, whatever extension
// follows.
func isReserved(name string) bool {
	stem, _, _ := strings.Cut(strings.ToLower(name), ".")
	switch stem {
	case "con", "prn", "aux", "nul":
		return true
	}
	digit := strings.TrimPrefix(strings.TrimPrefix(stem, "com"), "lpt")
	return len(stem) == 4 && len(digit) == 1 && digit[0] >= '0' && digit[0] <= '9'
}

// shortGit is what Windows may also call a folder .git.
var shortGit = regexp.MustCompile(`(?i)^git~[0-9]$`)

// CheckAttachment says why a name cannot be an attachment's: it has to be a file
// name on every system, and look like itself on a screen.
func CheckAttachment(name string) error {
	switch {
	case name == "" || len(name) > journal.MaxAttachmentName || !utf8.ValidString(name):
		return fmt.Errorf("a name has 1 to %d bytes of UTF-8", journal.MaxAttachmentName)
	case strings.EqualFold(name, noteName):
		return fmt.Errorf("that is the name of the note itself")
	case strings.ContainsAny(name, `/\:*?"<>|`) || strings.ContainsFunc(name, invisible):
		return fmt.Errorf("the name has characters that not every system takes")
	case strings.HasPrefix(name, ".") || strings.HasPrefix(name, "-") || strings.HasPrefix(name, " "):
		return fmt.Errorf("a name does not start with a dot, a dash or a space")
	case strings.HasSuffix(name, ".") || strings.HasSuffix(name, " ") || isReserved(name) || shortGit.MatchString(name):
		return fmt.Errorf("the name is not one on every system")
	}
	return nil
}

func invisible(c rune) bool { return !unicode.IsPrint(c) }

// attributesName is a file at the top of the branch for git itself.
const attributesName = ".gitattributes"

// attributes let a plain git merge of the branch unite notes by our rules where
// somebody has registered them (see [Journal.Init]); elsewhere they say nothing.
const attributes = "/*/*/*/" + noteName + " merge=" + mergeDriver + "\n"

// readme is the root's README.md: for somebody who finds the branch on a forge.
const readme = `# Incidents

This branch holds the incident journal of this repository: one folder per
incident, one Markdown note in each. It shares no history with the code.

Read it here, or with git-incident: ` + "`git incident list`, `git incident show`" + `.
Write with ` + "`git incident`" + ` too, so that two people writing at once both keep
their words. Notes may also be edited by hand; the grammar is Markdown.

Notes say what happened and what was learned. They do not say whose fault it was.
`
