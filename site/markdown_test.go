package site

import (
	"strings"
	"testing"
)

func here() links {
	return links{
		folder: "2026/11/2026-11-20-a-k7f3",
		pages: map[string]string{
			"2026/11/2026-11-20-a-k7f3": "i/2026/2026-11-20-a-k7f3.html",
			"2026/10/2026-10-02-b-m2qa": "i/2026/2026-10-02-b-m2qa.html",
		},
		files: map[string]file{
			"graph.png": {Name: "graph.png", path: "m/1.png", picture: true},
			"a log.txt": {Name: "a log.txt", path: "m/2.txt"},
		},
		anchors: map[string]bool{"e-9xq2kd": true},
	}
}

func TestProse(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"emphasis", "a *b* **c** ~~d~~", "<p>a <em>b</em> <strong>c</strong> <del>d</del></p>"},
		{"a tag is text", "saw <nil> in output", "<p>saw &lt;nil&gt; in output</p>"},
		{"a block of tags is text", "<div onclick=x>\n*a*\n</div>", "<p>&lt;div onclick=x&gt;\n<em>a</em>\n&lt;/div&gt;</p>"},
		{"a comment is text", "<!-- a -->", "<p>&lt;!-- a --&gt;</p>"},
		{"link", "[a](https://x.example/?q=1&r=2)", `<p><a href="https://x.example/?q=1&amp;r=2">a</a></p>`},
		{"link text", "[*a* `b`](https://x.example)", `<p><a href="https://x.example"><em>a</em> <code>b</code></a></p>`},
		{"reference", "[a][1]\n\n[1]: https://x.example 'title'", `<p><a href="https://x.example">a</a></p>`},
		{"mail", "<a@x.example>", `<p><a href="mailto:a@x.example">a@x.example</a></p>`},
		{"typed address", "see https://x.example/a.", `<p>see <a href="https://x.example/a">https://x.example/a</a>.</p>`},
		{"script", "[a](javascript:alert(1))", "<p>a <code>javascript:alert(1)</code></p>"},
		{"script in entities", "[a](javascript&colon;alert&lpar;1&rpar;)", "<p>a <code>javascript:alert(1)</code></p>"},
		{"script with a tab", "[a](<java&Tab;script:alert(1)>)", "<p>a <code>java\tscript:alert(1)</code></p>"},
		{"autolinked script", "<javascript:alert(1)>", "<p>javascript:alert(1)</p>"},
		{"data", "![a](data:image/png;base64,AAAA)", "<p>a <code>data:image/png;base64,AAAA</code></p>"},
		{"no scheme", "[a](//x.example/)", "<p>a <code>//x.example/</code></p>"},
		{"backslash", `[a](/\\x.example)`, `<p>a <code>/\x.example</code></p>`},
		{"root", "[a](/etc/passwd)", "<p>a <code>/etc/passwd</code></p>"},
		{"picture beside the note", "![a *b*](graph.png)", `<p><img src="../../m/1.png" alt="a b" loading="lazy"></p>`},
		{"picture in a link", "[![a](graph.png)](https://x.example)", `<p><a href="https://x.example"><img src="../../m/1.png" alt="a" loading="lazy"></a></p>`},
		{"picture elsewhere", "![a](https://x.example/p.png)", `<p><a href="https://x.example/p.png">a</a></p>`},
		{"picture elsewhere in a link", "[![a](https://x.example/p.png)](https://y.example)", `<p><a href="https://y.example">a <code>https://x.example/p.png</code></a></p>`},
		{"file beside the note", "[log](<a log.txt>)", `<p>log <code>a log.txt</code></p>`},
		{"another story", "[b](../../10/2026-10-02-b-m2qa/README.md#x)", `<p><a href="../../i/2026/2026-10-02-b-m2qa.html">b</a></p>`},
		{"an entry", "[b](#e-9xq2kd)", `<p><a href="#e-9xq2kd">b</a></p>`},
		{"no such entry", "[b](#e-nothing)", "<p>b <code>#e-nothing</code></p>"},
		{"nowhere", "[b](../x.md)", "<p>b <code>../x.md</code></p>"},
		{"headings stand below the section", "# a\n\n##### b\n\na\n===", "<h3 id=\"h-a\">a</h3>\n<h4 id=\"h-b\">b</h4>\n<h3 id=\"h-a-2\">a</h3>"},
		{"code", "```go\na < b\n```", "<figure class=\"code\"><figcaption>go</figcaption><pre tabindex=\"0\"><code class=\"language-go\">a &lt; b\n</code></pre></figure>"},
		{"mermaid stays code", "```mermaid\ngraph TD\n```", "<figure class=\"code\"><figcaption>mermaid</figcaption><pre tabindex=\"0\"><code class=\"language-mermaid\">graph TD\n</code></pre></figure>"},
		{"a label that is none", "```\" onx=\na\n```", "<pre tabindex=\"0\"><code>a\n</code></pre>"},
		{"indented code", "    a", "<pre tabindex=\"0\"><code>a\n</code></pre>"},
		{"table", "| a |\n|--:|\n| b |", "<div class=\"wide\" tabindex=\"0\"><table>\n<thead>\n<tr>\n<th class=\"right\">a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td class=\"right\">b</td>\n</tr>\n</tbody>\n</table>\n</div>"},
		{"tasks", "- [x] a\n- [ ] b", "<ul>\n<li>☑ a</li>\n<li>☐ b</li>\n</ul>"},
		{"entities", "&lt;b&gt; &amp; &copy;", "<p>&lt;b&gt; &amp; ©</p>"},
	} {
		if got := string(newProse(here()).block(c.in)); got != c.want {
			t.Errorf("%s: %q\n got %s\nwant %s", c.name, c.in, got, c.want)
		}
	}
}

func TestItemsAndLines(t *testing.T) {
	if got := newProse(here()).item("# not a heading\n\n- a"); got != "<p><strong>not a heading</strong></p>\n<ul>\n<li>a</li>\n</ul>" {
		t.Errorf("item: %s", got)
	}
	if got := newProse(here()).lead("### a\n\n# b\n\n###### c"); got != "<h2 id=\"h-a\">a</h2>\n<h2 id=\"h-b\">b</h2>\n<h3 id=\"h-c\">c</h3>" {
		t.Errorf("lead: %s", got)
	}
	if got := newProse(here()).line("a *b*"); got != "a <em>b</em>" {
		t.Errorf("line: %s", got)
	}
	if got := newProse(here()).line("- a"); got != "<ul>\n<li>a</li>\n</ul>" {
		t.Errorf("line of a list: %s", got)
	}
}

// TestHostileTextStaysSmall renders what costs goldmark minutes without a budget,
// past the time a test may take, or makes a page many times as large as its text.
func TestHostileTextStaysSmall(t *testing.T) {
	const n = 1 << 19
	rising := strings.Builder{}
	for i := 0; rising.Len() < n; i++ {
		rising.WriteString(strings.Repeat("  ", i) + "- a\n")
	}
	texts := map[string]string{
		"table":  "|" + strings.Repeat("a|", 400) + "\n|" + strings.Repeat("-|", 400) + "\n" + strings.Repeat("|\n", n/2),
		"rising": rising.String(),
	}
	for _, unit := range []string{
		"[a](", "[", "![", "[a](b(", "[[]](", "[a](<b", "[*a*](b) ", "> ", "- ", "1. ", "+ - ", "*a **b ", "a***b_", "~a~~b ",
		"`a``b```c", "<http://", "&amp", "# a\n", "a\n=\n", "|", " www.a.b/((", " a@a", "[a]: b\n", "```\n", "- a\n", "a  \n",
	} {
		texts[unit] = strings.Repeat(unit, n/len(unit))
	}
	for name, text := range texts {
		out := newProse(here()).block(text)
		plain(text)
		if len(out) > 20*len(text) {
			t.Errorf("%q: %d bytes became %d", name, len(text), len(out))
		}
	}
}

func TestTextOverBudgetIsShownAsTyped(t *testing.T) {
	text := strings.Repeat("[a](", 30_000) + "<script>"
	got := string(newProse(here()).block(text))
	if !strings.HasPrefix(got, `<pre class="plain"`) || !strings.Contains(got, "&lt;script&gt;") {
		t.Errorf("%.80s", got)
	}
}

func TestTheBudgetIsThatOfTheWholePage(t *testing.T) {
	text := strings.Repeat("[a](b) ", 3000)
	p := newProse(here())
	shown := 0
	for range 100 {
		if strings.HasPrefix(string(p.item(text)), "<p>") {
			shown++
		}
	}
	if shown == 0 || shown == 100 {
		t.Errorf("%d of 100 expensive texts were parsed", shown)
	}
}

func TestOrdinaryTextIsWithinTheBudget(t *testing.T) {
	json := "```json\n" + strings.Repeat(`{"a":[1,2,[3,4]],"b":[]}`+"\n", 800) + "```\n"
	log := strings.Repeat("2026-11-20 14:02:11 | worker | 12 | **retry** [job_1] -> a_b_c\n", 400)
	for name, text := range map[string]string{"json": json, "log": log} {
		if c := cost(text); c > maxCost/4 {
			t.Errorf("%s costs %d of %d", name, c, maxCost)
		}
	}
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"a *b* `c` [d](e) <nil>":        "a b c d <nil>",
		"a\n\n```\ncode\n```\n\nb":      "a b",
		"```\nonly code\n```":           "``` only code ```",
		"- a\n- b":                      "a; b",
		"a ![graph of x](g.png) b":      "a b",
		"# a\n\nb\nc":                   "a b c",
		`a\*b &amp; &lt;c`:              "a*b & <c",
		"| a | b |\n|--|--|\n| c | d |": "a b c d",
		"see <https://x.example>":       "see https://x.example",
		"":                              "",
	} {
		if got := plain(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
