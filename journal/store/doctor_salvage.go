package store

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"

	"git-incident/journal"
)

// unreadableRecord is about a file of the spool that is not what was written. If
// its change is on the journal nothing is lost with it.
func (x *exam) unreadableRecord(dir, name string, err error) {
	file := x.j.path(dir, name)
	_, change, _ := strings.Cut(name, "-")
	if x.isKnown(change) {
		return
	}
	if !isUnfit(err) {
		x.add(Finding{Kind: Waiting, Subject: file, Sentence: fmt.Sprintf("A change cannot be put on the journal, as its file cannot be opened: %s.", firstLine(err.Error()))})
		return
	}
	f := Finding{Kind: DamagedSpool, Subject: file,
		Sentence: fmt.Sprintf("What was written down at %s is not whole: %s.", x.time(timeOf(name)), firstLine(err.Error())),
		Way:      []string{"rm " + quote(file)},
	}
	if dir == stuckDir {
		f.Way[0] += " " + quote(file+whyEnds)
	}
	body, _ := os.ReadFile(file)
	texts, incident := salvage(body)
	if len(texts) == 0 {
		f.Sentence += " Nothing of it can be read, so it is gone."
	} else {
		var quoted []string
		for _, text := range texts {
			quoted = append(quoted, subject(text))
		}
		f.Sentence += " The rest of it is gone. This can still be read: " + listed(quoted) + "."
		f.Kept = "The file stays until you remove it."
		f.Way = append([]string{"cat " + quote(file), "git incident log " + incident + "<what it said>"}, f.Way...)
	}
	x.add(f)
}

// spooledText finds the texts in a record as it is written, the last of them also
// when it is cut off. Inside a text a quotation mark has a backslash before it.
var (
	spooledText     = regexp.MustCompile(`"(?:summary|title|text)":"((?:[^"\\]|\\.)*)`)
	spooledIncident = regexp.MustCompile(`"incident":"([a-z0-9-]+)"`)
)

// salvage gives the texts that can still be read in a damaged record, and the
// flag that names its incident.
func salvage(body []byte) (texts []string, incident string) {
	seen := map[string]bool{}
	for _, m := range spooledText.FindAllSubmatch(body, -1) {
		var text string
		if json.Unmarshal([]byte(`"`+string(m[1])+`"`), &text) == nil && strings.TrimSpace(text) != "" && !seen[text] {
			seen[text] = true
			texts = append(texts, text)
		}
	}
	if m := spooledIncident.FindSubmatch(body); m != nil && journal.ValidID(string(m[1])) {
		incident = "-i " + journal.ShortID(string(m[1])) + " "
	}
	return texts, incident
}
