package site

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"git-incident/journal"
)

// maxPlain is how much of a text is looked at for its plain words, in bytes.
const maxPlain = 4 << 10

// plain is what a text says, on one line, without Markdown and code blocks.
// Characters that do not show are written out already: they count when a text is
// measured.
func plain(source string) string { return journal.VisibleLine(words(source)) }

func words(source string) string {
	source = strings.TrimSpace(source)
	if len(source) > maxPlain {
		source = source[:maxPlain]
		for !utf8.ValidString(source[len(source)-utf8.UTFMax:]) && len(source) > maxPlain-utf8.UTFMax {
			source = source[:len(source)-1]
		}
	}
	if !strings.ContainsFunc(source, mayMark) || cost(source) > maxCost {
		return oneLine(source)
	}
	src := []byte(source)
	doc := markdown().Parser().Parse(text.NewReader(src))
	if s := plainOf(doc, src); s != "" {
		return s
	}
	return oneLine(source) // nothing but code
}

// mayMark reports whether a character can mean something in Markdown.
func mayMark(r rune) bool {
	return r < utf8.RuneSelf && !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune(" ,;:'\"/?%$", r))
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// plainOf is what the children of a node say, pictures aside.
func plainOf(n ast.Node, source []byte) string {
	var b bytes.Buffer
	_ = ast.Walk(n, func(at ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			leave(&b, at)
			return ast.WalkContinue, nil
		}
		switch at := at.(type) {
		case *ast.CodeBlock, *ast.FencedCodeBlock:
			return ast.WalkSkipChildren, nil
		case *ast.Image:
			if at != n { // what a picture is called is not part of the sentence
				return ast.WalkSkipChildren, nil
			}
		case *ast.AutoLink:
			b.Write(at.Label(source))
		case *ast.Text:
			writeText(&b, at, source)
		case *ast.String:
			if !at.IsCode() {
				b.Write(at.Value)
			}
		}
		return ast.WalkContinue, nil
	})
	return oneLine(b.String())
}

// leave separates a block from the next one.
func leave(b *bytes.Buffer, n ast.Node) {
	if n.Type() == ast.TypeInline {
		return
	}
	if n.Kind() == ast.KindListItem && n.NextSibling() != nil {
		b.Truncate(len(bytes.TrimRight(b.Bytes(), " ")))
		b.WriteByte(';')
	}
	b.WriteByte(' ')
}

func writeText(b *bytes.Buffer, n *ast.Text, source []byte) {
	value := n.Segment.Value(source)
	if !n.IsRaw() && n.Parent().Kind() != ast.KindCodeSpan {
		value = util.ResolveNumericReferences(util.UnescapePunctuations(value))
		value = util.ResolveEntityNames(value)
	}
	b.Write(value)
	if n.SoftLineBreak() || n.HardLineBreak() {
		b.WriteByte(' ')
	}
}
