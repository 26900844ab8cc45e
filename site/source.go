package site

import (
	"strings"

	"git-incident/journal"
)

// sourceURL is where an imported story was first told, "" when that is not known
// or is not an address on the web.
func sourceURL(inc *journal.Incident) string {
	if u, ok := outside(inc.Source("url")); ok && strings.HasPrefix(strings.ToLower(u), "http") {
		return u
	}
	return ""
}
