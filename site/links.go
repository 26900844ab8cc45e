package site

import (
	"net/url"
	"path"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/util"

	"git-incident/journal"
)

// links decides where the links of one story may lead.
type links struct {
	folder  string            // of the story in the journal
	pages   map[string]string // folder in the journal → page from the top of the site
	files   map[string]file   // attachments of the story by name
	anchors map[string]bool   // fragments its page has
}

// target is where a link leads: nowhere if href is empty.
type target struct {
	href    string // for the href attribute, not yet escaped
	picture bool   // may be shown in place
}

var scheme = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9+.-]*:`)

// outside returns the address if it may stand in a link that leaves the site.
func outside(address string) (string, bool) {
	if !scheme.MatchString(address) || strings.ContainsFunc(address, unfit) {
		return "", false
	}
	u, err := url.Parse(string(util.URLEscape([]byte(address), false)))
	switch {
	case err != nil:
		return "", false
	case u.Scheme == "http" || u.Scheme == "https":
		return address, u.Host != ""
	case u.Scheme == "mailto":
		return address, strings.Contains(u.Opaque, "@")
	}
	return "", false
}

// unfit are characters that browsers drop from an address or read as another.
func unfit(r rune) bool { return r <= ' ' || r == 0x7f || r == '\\' }

// find resolves the destination of a link or a picture, as a forge would that
// shows the journal. A relative one that is nothing on this site leads nowhere.
func (l links) find(dest string) target {
	if href, ok := outside(dest); ok {
		return target{href: href}
	}
	if scheme.MatchString(dest) || strings.HasPrefix(dest, "/") || strings.ContainsFunc(dest, unfit) {
		return target{}
	}
	if name, ok := strings.CutPrefix(dest, "#"); ok {
		if l.anchors[name] {
			return target{href: dest}
		}
		return target{}
	}
	if f, ok := l.files[strings.TrimPrefix(dest, "./")]; ok {
		return target{href: top + f.path, picture: f.picture}
	}
	return l.story(dest)
}

// top leads from the page of a story to the top of the site.
const top = "../../"

// story finds another story by its place in the journal.
func (l links) story(dest string) target {
	dest, _, _ = strings.Cut(dest, "#")
	folder := path.Join(l.folder, dest)
	if path.Base(folder) == "README.md" {
		folder = path.Dir(folder)
	}
	page, ok := l.pages[folder]
	if !ok || folder == l.folder {
		return target{}
	}
	return target{href: top + page}
}

// anchorsOf are the permalinks of a story's items.
func anchorsOf(inc *journal.Incident) map[string]bool {
	m := map[string]bool{}
	for _, e := range set(inc.Timeline) {
		m["e-"+e.ID] = true
	}
	for _, p := range inc.Chain {
		m["c-"+p.ID] = true
	}
	for _, l := range inc.Learnings {
		m["l-"+l.ID] = true
	}
	return m
}

// elsewhere is an address on the web that stands for itself.
type elsewhere struct{ Href string }

// maxShown keeps an address on one line of a phone, in characters.
const maxShown = 44

// Shown is the address without what everybody knows of it.
func (e elsewhere) Shown() string {
	_, rest, _ := strings.Cut(e.Href, "://")
	return journal.Ellipsis(strings.TrimSuffix(rest, "/"), maxShown)
}
