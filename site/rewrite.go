package site

import (
	"github.com/yuin/goldmark/ast"
	tables "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// rewriter brings a parsed tree into line with our policy, so that goldmark's
// own renderer finds nothing in it that could lead anywhere.
type rewriter struct{}

var _ parser.ASTTransformer = rewriter{}

// Transform implements [parser.ASTTransformer].
func (rewriter) Transform(doc *ast.Document, reader text.Reader, pc parser.Context) {
	j, ok := pc.Get(contextKey).(job)
	if !ok {
		return
	}
	r := rewriting{job: j, source: reader.Source(), level: levelAbove[j.place]}
	for _, f := range find(doc) {
		r.inLink = f.inLink
		r.node(f.node)
	}
}

// found is a node and whether it stands in the text of a link.
type found struct {
	node   ast.Node
	inLink bool
}

// find lists all nodes before any is altered.
func find(doc ast.Node) []found {
	var nodes []found
	links := 0
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			nodes = append(nodes, found{n, links > 0})
		}
		if n.Kind() == ast.KindLink {
			links += map[bool]int{true: 1, false: -1}[entering]
		}
		return ast.WalkContinue, nil
	})
	return nodes
}

// rewriting is the work on one tree.
type rewriting struct {
	job
	source []byte
	level  int  // of the last heading
	inLink bool // the node stands in the text of a link
}

// levelAbove is the level of the heading that prose stands under.
var levelAbove = map[place]int{leadText: 1, sectionText: 2}

func (r *rewriting) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.Heading:
		r.heading(n)
	case *ast.Link:
		r.link(n)
	case *ast.Image:
		r.image(n)
	case *ast.AutoLink:
		r.autoLink(n)
	case *ast.FencedCodeBlock:
		replace(n, fenced(string(n.Language(r.source)), string(n.Lines().Value(r.source))))
	case *ast.CodeBlock:
		replace(n, fenced("", string(n.Lines().Value(r.source))))
	case *tables.Table:
		n.Parent().InsertBefore(n.Parent(), n, markup(`<div class="wide" tabindex="0">`))
		n.Parent().InsertAfter(n.Parent(), n, markup("</div>\n"))
	case *tables.TableCell:
		if n.Alignment != tables.AlignNone {
			n.SetAttributeString("class", []byte(n.Alignment.String()))
		}
	case *tables.TaskCheckBox:
		replace(n, map[bool]string{true: "☑ ", false: "☐ "}[n.IsChecked])
	}
}

// markup is a node that is rendered as it is.
func markup(html string) ast.Node {
	s := ast.NewString([]byte(html))
	s.SetCode(true)
	return s
}

func replace(n ast.Node, html string) { n.Parent().ReplaceChild(n.Parent(), n, markup(html)) }

// wrap puts markup around the children of n and takes n away.
func wrap(n ast.Node, before, after string) {
	parent := n.Parent()
	parent.InsertBefore(parent, n, markup(before))
	for c := n.FirstChild(); c != nil; {
		next := c.NextSibling()
		parent.InsertBefore(parent, n, c)
		c = next
	}
	parent.ReplaceChild(parent, n, markup(after))
}

// heading keeps headings in order below that of the section. In an item a
// heading is a line that stands out.
func (r *rewriting) heading(n *ast.Heading) {
	above, ok := levelAbove[r.place]
	if !ok {
		strong := ast.NewEmphasis(2)
		moveChildren(strong, n)
		p := ast.NewParagraph()
		p.AppendChild(p, strong)
		n.Parent().ReplaceChild(n.Parent(), n, p)
		return
	}
	n.Level = min(max(n.Level, above+1), r.level+1)
	r.level = n.Level
}
