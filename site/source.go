package site

import (
	"regexp"
	"strings"

	"git-incident/journal"
)

var (
	blockURL = regexp.MustCompile(`(?m)^[ \t]+url:[ \t]+["']?([^\s"']+)`)
	flowURL  = regexp.MustCompile(`^source:[ \t]*\{(?:[^{}\n]*,)?[ \t]*["']?url["']?:[ \t]*["']?([^\s"',}]+)`)
)

// sourceURL is where an imported story was first told, "" when that is not known
// or is not an address on the web.
func sourceURL(inc *journal.Incident) string {
	for _, x := range inc.Extra {
		if x.Parent != "" || !strings.HasPrefix(x.Text, "source:") {
			continue
		}
		for _, re := range []*regexp.Regexp{flowURL, blockURL} {
			m := re.FindStringSubmatch(x.Text)
			if m == nil {
				continue
			}
			if u, ok := outside(m[1]); ok && strings.HasPrefix(strings.ToLower(u), "http") {
				return u
			}
		}
	}
	return ""
}
