package journal

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// parseHeader reads the lines between the dashes into inc. line is the number of
// the first of them in the note.
func parseHeader(inc *Incident, text string, line int) error {
	lines := strings.SplitAfter(text, "\n")
	for i, l := range lines {
		if l = strings.TrimRight(l, "\n"); l == "..." || strings.HasPrefix(l, "--- ") || strings.HasPrefix(l, "%") {
			return errorAt(line+i, "%q starts another YAML document", l)
		}
	}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		return yamlError(err, line)
	}
	if len(doc.Content) == 0 {
		return errorAt(line, "the front matter is empty; it needs at least schema and title")
	}
	h := headerReader{inc: inc, lines: lines, line: line}
	return h.read(doc.Content[0])
}

type headerReader struct {
	inc   *Incident
	lines []string
	line  int
}

func (h headerReader) at(n *yaml.Node, format string, args ...any) error {
	return errorAt(h.line+n.Line-1, format, args...)
}

func (h headerReader) read(root *yaml.Node) error {
	if root.Kind != yaml.MappingNode || root.Style&yaml.FlowStyle != 0 {
		return h.at(root, "the front matter is not a list of keys, one a line")
	}
	seen := map[string]bool{}
	after, start := "", 0
	for i := 0; i < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		if err := h.check(key, value, seen); err != nil {
			return err
		}
		if i == 0 {
			h.keep("", h.region(0, key.Line-1))
			start = key.Line - 1
		}
		end := len(h.lines)
		if i+2 < len(root.Content) {
			end = root.Content[i+2].Line - 1
		}
		region := h.region(start, end)
		start = end
		f, known := fieldNamed(fields, key.Value)
		if !known {
			h.keep(after, region)
			continue
		}
		after = key.Value
		if err := h.value(f, value); err != nil {
			return err
		}
		h.keep(after, comments(region, key, value))
	}
	if !seen["schema"] || !seen["title"] || h.inc.Title == "" {
		return h.at(root, "the front matter needs schema: %d and a title", Schema)
	}
	return nil
}

func (h headerReader) check(key, value *yaml.Node, seen map[string]bool) error {
	if key.Kind != yaml.ScalarNode || key.Column != 1 {
		return h.at(key, "a key of the front matter starts in the first column")
	}
	if seen[key.Value] {
		return h.at(key, "%q stands twice in the front matter", key.Value)
	}
	seen[key.Value] = true
	return h.plainNode(value)
}

// plainNode refuses what could make a small file large.
func (h headerReader) plainNode(n *yaml.Node) error {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		return h.at(n, "anchors and aliases are not read in a note")
	}
	for _, c := range n.Content {
		if err := h.plainNode(c); err != nil {
			return err
		}
	}
	return nil
}

func (h headerReader) region(from, to int) string {
	if from >= to {
		return ""
	}
	return strings.Join(h.lines[from:to], "")
}

func (h headerReader) keep(after, text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	h.inc.Extra = append(h.inc.Extra, Extra{After: after, Text: text})
}

func (h headerReader) value(f field, n *yaml.Node) error {
	if f.sub != nil {
		return h.mapping(f, n)
	}
	values, err := h.scalars(f, n)
	if err != nil {
		return err
	}
	if err := f.set(h.inc, values); err != nil {
		return h.at(n, "%s: %v", f.key, err)
	}
	return nil
}

func (h headerReader) mapping(f field, n *yaml.Node) error {
	if isNull(n) {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		return h.at(n, "%s: expected keys below it", f.key)
	}
	seen := map[string]bool{}
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode || seen[key.Value] {
			return h.at(key, "%s: %q stands twice or is no key", f.key, key.Value)
		}
		seen[key.Value] = true
		if sub, ok := fieldNamed(f.sub, key.Value); ok {
			if err := h.value(sub, value); err != nil {
				return err
			}
			continue
		}
		text, err := flow(key, value)
		if err != nil {
			return h.at(key, "%s: %v", f.key, err)
		}
		h.inc.Extra = append(h.inc.Extra, Extra{Parent: f.key, After: f.key, Text: text})
	}
	return nil
}

func (h headerReader) scalars(f field, n *yaml.Node) ([]string, error) {
	switch {
	case isNull(n):
		return nil, nil
	case n.Kind == yaml.ScalarNode && n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return nil, h.at(n, "%s: write it on one line", f.key)
	case n.Kind == yaml.ScalarNode:
		return nonEmpty(n.Value), nil
	case n.Kind != yaml.SequenceNode || !f.list:
		return nil, h.at(n, "%s: expected one value", f.key)
	}
	var out []string
	for _, c := range n.Content {
		if c.Kind != yaml.ScalarNode {
			return nil, h.at(c, "%s: expected a list of words", f.key)
		}
		out = append(out, nonEmpty(c.Value)...)
	}
	return out, nil
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// comments are the comment lines of a known key, which is written anew. One at
// the end of a line gets a line of its own.
func comments(region string, nodes ...*yaml.Node) string {
	var b strings.Builder
	for l := range strings.Lines(region) {
		if strings.HasPrefix(strings.TrimSpace(l), "#") {
			b.WriteString(strings.TrimSpace(l) + "\n")
		}
	}
	for _, n := range nodes {
		lineComments(&b, n)
	}
	return b.String()
}

func lineComments(b *strings.Builder, n *yaml.Node) {
	for l := range strings.Lines(n.LineComment) {
		b.WriteString(strings.TrimSpace(l) + "\n")
	}
	for _, c := range n.Content {
		lineComments(b, c)
	}
}

// flow writes an unknown key of a known mapping on one line.
func flow(key, value *yaml.Node) (string, error) {
	m := &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{key, value}}
	toFlow(m)
	out, err := yaml.Marshal(m)
	if err != nil {
		return "", err
	}
	s := strings.TrimSpace(string(out))
	s = strings.TrimSuffix(strings.TrimPrefix(s, "{"), "}")
	if strings.Contains(s, "\n") {
		return "", fmt.Errorf("%q does not fit on one line", key.Value)
	}
	return s, nil
}

func toFlow(n *yaml.Node) {
	n.HeadComment, n.LineComment, n.FootComment = "", "", ""
	switch {
	case n.Kind != yaml.ScalarNode:
		n.Style = yaml.FlowStyle
	case strings.Contains(n.Value, "\n") || n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		n.Style = yaml.DoubleQuotedStyle
	}
	for _, c := range n.Content {
		toFlow(c)
	}
}

var yamlLine = regexp.MustCompile(`^yaml: line (\d+): (.*)$`)

func yamlError(err error, line int) error {
	msg := err.Error()
	if m := yamlLine.FindStringSubmatch(msg); m != nil {
		n, _ := strconv.Atoi(m[1])
		return errorAt(line+n-1, "front matter: %s", m[2])
	}
	return errorAt(line, "front matter: %s", strings.TrimPrefix(msg, "yaml: "))
}
