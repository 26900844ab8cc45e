package site

import (
	"html/template"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"git-incident/journal"
)

func (r *rewriting) link(n *ast.Link) {
	dest := resolved(n.Destination)
	if t := r.links.find(dest); t.href != "" {
		wrap(n, anchor(t.href), "</a>")
		return
	}
	wrap(n, "", address(dest, plainOf(n, r.source)))
}

func (r *rewriting) image(n *ast.Image) {
	dest := resolved(n.Destination)
	t := r.links.find(dest)
	alt := plainOf(n, r.source)
	label := alt
	if label == "" {
		label = dest
	}
	switch {
	case t.picture:
		replace(n, `<img src="`+attr(t.href)+`" alt="`+template.HTMLEscapeString(alt)+`" loading="lazy">`)
	case t.href != "" && !r.inLink:
		replace(n, anchor(t.href)+template.HTMLEscapeString(label)+"</a>")
	default:
		replace(n, template.HTMLEscapeString(alt)+address(dest, alt))
	}
}

func (r *rewriting) autoLink(n *ast.AutoLink) {
	label := template.HTMLEscapeString(string(n.Label(r.source)))
	url := string(n.URL(r.source))
	if n.AutoLinkType == ast.AutoLinkEmail && !scheme.MatchString(url) {
		url = "mailto:" + url
	}
	href, ok := outside(url)
	if !ok || r.inLink {
		replace(n, label)
		return
	}
	replace(n, anchor(href)+label+"</a>")
}

func anchor(href string) string { return `<a href="` + attr(href) + `">` }

// attr writes an address into an attribute.
func attr(href string) string {
	return template.HTMLEscapeString(string(util.URLEscape([]byte(href), false)))
}

// address shows where a link would have led that leads nowhere here.
func address(dest, label string) string {
	if dest == "" || dest == label {
		return ""
	}
	shown := template.HTMLEscapeString(journal.Ellipsis(dest, maxAddress))
	if label == "" {
		return "<code>" + shown + "</code>"
	}
	return " <code>" + shown + "</code>"
}

// maxAddress is how much of such an address is shown, in characters.
const maxAddress = 120

// resolved is a destination as a browser would read it in an attribute.
func resolved(dest []byte) string {
	dest = util.ResolveNumericReferences(util.UnescapePunctuations(dest))
	return string(util.ResolveEntityNames(dest))
}
