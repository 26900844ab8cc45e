package site

import (
	"time"

	"git-incident/journal"
)

// DefaultTitle is what an archive is called until somebody calls it otherwise.
const DefaultTitle = "Stuff I broke in prod"

// Archive is what a site is made from: one state of a journal.
type Archive struct {
	Stories    []Story
	Unreadable []Unreadable
	Files      Source
	Tip        string    // commit the stories were read from
	Root       string    // first commit of the journal, which names the feed
	Updated    time.Time // when Tip was made; the only clock there is
}

// Story is one incident of an archive.
type Story struct {
	*journal.Incident
	Draft bool // not shared yet; marked on every page that shows it
}

// Unreadable is a note that could not be parsed.
type Unreadable struct{ ID, Reason string }

// Source reads attachments. It is used by one goroutine at a time.
type Source interface {
	Attachment(incident, name string) ([]byte, error)
}

// Config says how an archive is built.
type Config struct {
	Title      string // DefaultTitle when empty
	BaseURL    string // where the site will live; "" when that is not known
	LiveReload bool   // pages load themselves again when the [Reloader] says so
	Force      bool   // take over a folder with other files in it; they stay
	Workers    int    // as many as there are processors when 0
	Progress   func(done, total int)
}

// Report says what a build did.
type Report struct {
	Written, Unchanged, Removed int
	Missing                     []Missing
}

// Missing is an attachment that could not be read. Its story says so too.
type Missing struct {
	Incident, Name string
	Err            error
}
