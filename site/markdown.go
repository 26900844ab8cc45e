package site

import (
	"bufio"
	"bytes"
	"html/template"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// prose renders the Markdown of one story. It is not for several goroutines.
type prose struct {
	links links
	ids   *headingIDs
	left  int // of what parsing may cost; see cost

	out bytes.Buffer
	w   *bufio.Writer // to out; goldmark would make one for every text
}

func newProse(l links) *prose {
	p := &prose{links: l, ids: newHeadingIDs(), left: maxCost}
	p.w = bufio.NewWriter(&p.out)
	return p
}

// lead renders text that stands right under the title of a story.
func (p *prose) lead(text string) template.HTML { return p.render(text, leadText) }

// block renders text as paragraphs, lists, quotes and code. Headings in it stand
// below the heading of a section.
func (p *prose) block(text string) template.HTML { return p.render(text, sectionText) }

// item renders the text of an entry in a list, which has no headings.
func (p *prose) item(text string) template.HTML { return p.render(text, itemText) }

// line renders text that stands in a line of its own; one paragraph has no <p>.
func (p *prose) line(text string) template.HTML { return p.render(text, lineText) }

// place is where rendered text stands.
type place int

const (
	leadText place = iota + 1
	sectionText
	itemText
	lineText
)

// markdown reads Markdown without raw HTML: the parsers for it are left out, so
// that a tag is text. Otherwise it is GitHub's. Everything that could lead
// somewhere or does not fit our policy is rewritten in the tree, by rewriter.
var markdown = sync.OnceValue(func() goldmark.Markdown {
	var blocks, inlines []util.PrioritizedValue
	rawBlock, rawInline := parser.NewHTMLBlockParser(), parser.NewRawHTMLParser()
	for _, b := range parser.DefaultBlockParsers() {
		if b.Value != rawBlock {
			blocks = append(blocks, b)
		}
	}
	for _, i := range parser.DefaultInlineParsers() {
		if i.Value != rawInline {
			inlines = append(inlines, i)
		}
	}
	return goldmark.New(
		goldmark.WithParser(parser.NewParser(
			parser.WithBlockParsers(blocks...),
			parser.WithInlineParsers(inlines...),
			parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
			parser.WithASTTransformers(util.Prioritized(rewriter{}, 1000)),
			parser.WithAutoHeadingID(),
		)),
		goldmark.WithExtensions(
			extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone)),
			extension.Strikethrough,
			extension.TaskList,
			extension.NewLinkify(extension.WithLinkifyAllowedProtocols([]string{"http:", "https:"})),
		),
	)
})

// contextKey is where the rewriter finds what it works for.
var contextKey = parser.NewContextKey()

// job is one text that is rendered.
type job struct {
	links links
	place place
}

// render is the only place where text becomes markup without being escaped.
func (p *prose) render(source string, at place) template.HTML {
	p.left -= cost(source)
	if p.left < 0 {
		return typed(source)
	}
	ctx := parser.NewContext(parser.WithIDs(p.ids))
	ctx.Set(contextKey, job{links: p.links, place: at})
	src := []byte(source)
	doc := markdown().Parser().Parse(text.NewReader(src), parser.WithContext(ctx))
	if only := doc.FirstChild(); at == lineText && only != nil && only.NextSibling() == nil && only.Kind() == ast.KindParagraph {
		unwrap(doc, only)
	}
	p.out.Reset()
	if err := markdown().Renderer().Render(p.w, src, doc); err != nil {
		panic(err) // a buffer takes everything, and no renderer of ours fails
	}
	return template.HTML(bytes.TrimSpace(p.out.Bytes()))
}

// typed is a block of text as it was typed.
func typed(source string) template.HTML {
	return `<pre class="plain" tabindex="0">` + asTyped(source) + `</pre>`
}

// asTyped is a text without any markup.
func asTyped(text string) template.HTML { return template.HTML(template.HTMLEscapeString(text)) }

// unwrap makes a paragraph a block without a tag.
func unwrap(doc, paragraph ast.Node) {
	b := ast.NewTextBlock()
	moveChildren(b, paragraph)
	doc.ReplaceChild(doc, paragraph, b)
}

func moveChildren(to, from ast.Node) {
	for c := from.FirstChild(); c != nil; {
		next := c.NextSibling()
		to.AppendChild(to, c)
		c = next
	}
}
