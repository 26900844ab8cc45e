package site

import (
	"html/template"
	"regexp"
	"strings"

	"git-incident/journal"
)

var notLanguage = regexp.MustCompile(`[^a-z0-9+#.-]+`)

// maxLanguage is how much of a code block's label is kept, in characters.
const maxLanguage = 24

// fenced is a code block with the name of its language, if it has one.
func fenced(language, code string) string {
	code = template.HTMLEscapeString(code)
	class := journal.Ellipsis(notLanguage.ReplaceAllString(strings.ToLower(language), ""), maxLanguage)
	if class == "" {
		return `<pre tabindex="0"><code>` + code + "</code></pre>\n"
	}
	label := template.HTMLEscapeString(journal.Ellipsis(language, maxLanguage))
	return `<figure class="code"><figcaption>` + label + `</figcaption><pre tabindex="0"><code class="language-` +
		class + `">` + code + "</code></pre></figure>\n"
}
