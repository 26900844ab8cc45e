package site

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"

	"git-incident/journal"
)

// payloads are texts that would do harm on a careless page.
var payloads = []string{
	`<script>alert(1)</script>`,
	`<ScRiPt src=//evil.example/x.js></sCrIpT>`,
	`</script><script>alert(1)</script>`,
	`<script>alert(1)//`,
	`<img src=x onerror=alert(1)>`,
	`<img/src="x"/onerror="alert(1)">`,
	`<img src="https://evil.example/pixel.gif">`,
	`<svg onload=alert(1)>`,
	`<svg><script>alert(1)</script></svg>`,
	`<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>`,
	`<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>`,
	`<iframe src="javascript:alert(1)"></iframe>`,
	`<iframe srcdoc="<script>alert(1)</script>">`,
	`<object data="data:text/html,<script>alert(1)</script>">`,
	`<embed src="https://evil.example/x.swf">`,
	`<base href="https://evil.example/">`,
	`<meta http-equiv="refresh" content="0;url=https://evil.example/">`,
	`<link rel="stylesheet" href="https://evil.example/x.css">`,
	`<style>@import url(https://evil.example/x.css);</style>`,
	`<p style="background:url(https://evil.example/x)">x</p>`,
	`<form action="https://evil.example/"><input name=a><button>go</button></form>`,
	`<video src="https://evil.example/v" autoplay onplay=alert(1)>`,
	`<audio src=x onerror=alert(1)>`,
	`<details open ontoggle=alert(1)>x</details>`,
	`<body onload=alert(1)>`,
	`<a href="javascript:alert(1)">x</a>`,
	`<a href="jav&#x09;ascript:alert(1)">x</a>`,
	`" onmouseover="alert(1)`,
	`' onmouseover='alert(1)`,
	`"><script>alert(1)</script>`,
	`'><script>alert(1)</script>`,
	"`\"><script>alert(1)</script>`",
	`--><script>alert(1)</script><!--`,
	`]]><script>alert(1)</script>`,
	`</title><script>alert(1)</script>`,
	`</textarea><script>alert(1)</script>`,
	`</style><script>alert(1)</script>`,
	`</pre></code><script>alert(1)</script>`,
	`{{.}}{{template "x"}}{{printf "%s" .}}`,
	`[x](javascript:alert(1))`,
	`[x](JaVaScRiPt:alert(1))`,
	`[x](javascript&colon;alert(1))`,
	`[x](javascript&#58;alert(1))`,
	`[x](&#106;avascript:alert(1))`,
	`[x](<java&Tab;script:alert(1)>)`,
	`[x](<java&NewLine;script:alert(1)>)`,
	"[x](<\x01javascript:alert(1)>)",
	`[x](vbscript:msgbox(1))`,
	`[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)`,
	`[x](blob:https://evil.example/1)`,
	`[x](feed:javascript:alert(1))`,
	`[x](file:///etc/passwd)`,
	`[x](//evil.example/)`,
	`[x](/\evil.example/)`,
	`[x](\\evil.example\)`,
	`[x](https://ok.example/" onmouseover="alert(1))`,
	`[x](https://ok.example "title\" onmouseover=\"alert(1)")`,
	`[x]: javascript:alert(1)`,
	"[x][y]\n\n[y]: javascript:alert(1) \"t\"",
	`![x](javascript:alert(1))`,
	`![x](https://evil.example/pixel.gif)`,
	`![x](//evil.example/pixel.gif)`,
	`![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)`,
	`![x" onerror="alert(1)](queue.png)`,
	`![x](queue.png "t\" onload=\"alert(1)")`,
	`[![x](javascript:alert(1))](javascript:alert(2))`,
	`[<script>alert(1)</script>](https://ok.example)`,
	`<javascript:alert(1)>`,
	`<data:text/html,x>`,
	`<https://ok.example/"onmouseover="alert(1)>`,
	`https://ok.example/"onmouseover="alert(1)`,
	`www.ok.example/<script>alert(1)</script>`,
	"```<script>alert(1)</script>\nx\n```",
	"```js\" onmouseover=\"alert(1)\n</code></pre><script>alert(1)</script>\n```",
	"~~~html\n<script>alert(1)</script>\n~~~",
	"    <script>alert(1)</script>",
	"# <script>alert(1)</script> {onclick=alert(1)}",
	"# x {#id onclick=alert(1) style=x}",
	"| <script>alert(1)</script> |\n|:-:|\n| <img src=x onerror=alert(1)> |\n",
	"- [x] <input type=image src=x onerror=alert(1)>",
	"> <script>alert(1)</script>",
	`&lt;script&gt;alert(1)&lt;/script&gt;`,
	`&#60;script&#62;alert(1)&#60;/script&#62;`,
	`\<script>alert(1)\</script>`,
	"<scr\x00ipt>alert(1)</scr\x00ipt>",
	"+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
	"\u003cscript\u003ealert(1)\u003c/script\u003e",
	"＜script＞alert(1)＜/script＞",
	"<script\u2028>alert(1)</script>",
	`<x onclick="alert(1)" style="x" id=main class=slide>`,
	`<![CDATA[<script>alert(1)</script>]]>`,
	`<?xml version="1.0"?><?php echo 1 ?>`,
	`<!DOCTYPE html><html><body onload=alert(1)>`,
}

// everywhere is a story that has the text in every place where text can stand.
// Each place has a mark of its own, to be found again.
func everywhere(text string, n int) *journal.Incident {
	at := func(place string) string { return fmt.Sprintf("%s mark-%s", text, place) }
	when := journal.When{Time: fixed}
	id := journal.NewID(fixed, "hostile", journal.Token([]byte{1, 2, byte(n), byte(n >> 5)}))
	block := "\n" + at("prose") + "\n\n" + at("second") + "\n\n- " + at("bullet") + "\n\n> " + at("quote") +
		"\n\n### " + at("heading3") + "\n\n[" + at("linktext") + "](https://ok.example/" + text + ")\n\n```" + text + "\n" + at("fence") + "\n```\n"
	return &journal.Incident{
		ID: id, Title: at("title"), Kind: "incident", Status: "resolved",
		Severity: at("severity"), NoticedBy: journal.NoticedBySelf,
		Services: []string{at("service")}, Factors: []string{at("factor")},
		Paths: []string{at("path")}, Git: journal.Commits{Change: []string{at("commit")}},
		Credit: []string{at("credit")},
		Extra:  []journal.Extra{{Text: "source:\n  url: " + strings.ReplaceAll(text, "\n", " ") + "\n"}},
		Lead:   "\n" + at("lead") + "\n",
		Sections: []journal.Section{
			{Heading: journal.InOneBreath, Text: block}, {Heading: journal.WhatWeBelieved, Text: block},
			{Heading: journal.WhatHappened, Text: block}, {Heading: at("heading"), Text: block},
			{Heading: journal.Timeline, Text: block}, {Heading: journal.ChainOfProblems, Text: block},
			{Heading: journal.WhySurprised, Text: block}, {Heading: journal.Learnings, Text: block},
			{Heading: journal.KindWords, Text: block},
		},
		Timeline: []journal.Event{
			{ID: text, At: when, Text: at("event")}, {ID: "b" + text, Text: at("unknown"), Mark: text},
		},
		Chain: []journal.Problem{{ID: text, Text: at("problem")}},
		Learnings: []journal.Learning{{ID: text, Text: at("learning"), Consequences: []journal.Consequence{
			{Text: at("waits")}, {Text: at("done"), State: "done", Detail: text}, {Text: at("declined"), State: "declined", Detail: at("why")},
			{Text: "x", State: journal.ConsequenceState(text), Detail: "https://ok.example/" + text},
		}}},
		Attachments: []journal.Attachment{{Name: at("attachment")}, {Name: "queue.png"}, {Name: at("gone")}},
	}
}

var marks = strings.Fields(`prose second bullet quote heading3 linktext fence title severity service factor path
	commit credit lead heading event unknown problem learning waits done declined why attachment gone`)

// hostile is an archive with a story for each payload.
func hostile(t testing.TB) Archive {
	a := Archive{Updated: fixed, Unreadable: []Unreadable{}}
	files := filesIn{"queue.png": chart(t)}
	for i, text := range payloads {
		inc := everywhere(text, i)
		files[inc.Attachments[0].Name] = []byte("<script>alert(1)</script>")
		a.Stories = append(a.Stories, Story{Incident: inc, Draft: i%2 == 0})
		a.Unreadable = append(a.Unreadable, Unreadable{text, text})
	}
	a.Files = files
	return a
}

// allowed are the elements of our pages and their attributes.
var allowed = func() map[string][]string {
	m := map[string][]string{
		"html": {"lang"}, "meta": {"charset", "http-equiv", "content", "name"}, "link": {"rel", "href", "type", "title"},
		"script": {"src", "defer"}, "a": {"href", "rel", "download"}, "img": {"src", "alt", "loading"}, "time": {"datetime"},
		"ol": {"start"}, "pre": {"tabindex"}, "div": {"tabindex"}, "section": {"tabindex"}, "span": {"hidden"}, "button": {"type", "aria-pressed"},
	}
	for _, e := range strings.Fields(`head title body header footer main nav article aside section p h1 h2 h3 h4 h5 h6 ul li dl dt dd
		figure figcaption code blockquote em strong del small table thead tbody tr th td hr br output`) {
		if _, has := m[e]; !has {
			m[e] = nil
		}
	}
	return m
}()

// harms lists what a page has that no page of ours may have.
func harms(t testing.TB, text string) []string {
	var out []string
	for _, n := range elements(document(t, text)) {
		own, ok := allowed[n.Data]
		if !ok || n.Namespace != "" {
			out = append(out, "<"+n.Data+">")
		}
		for _, a := range n.Attr {
			common := []string{"class", "id", "aria-label", "aria-labelledby"}
			if a.Namespace != "" || !slices.Contains(own, a.Key) && !slices.Contains(common, a.Key) {
				out = append(out, fmt.Sprintf("<%s %s=%q>", n.Data, a.Key, a.Val))
			}
			if slices.Contains(addresses, a.Key) && !harmlessAddress(n.Data, a.Val) {
				out = append(out, fmt.Sprintf("<%s %s=%q>", n.Data, a.Key, a.Val))
			}
		}
		switch key, _ := attrOf(n, "http-equiv"); {
		case n.Data == "meta" && key != "" && key != "Content-Security-Policy":
			out = append(out, "<meta http-equiv="+key+">")
		case n.Data == "script" && n.FirstChild != nil:
			out = append(out, "<script> with text in it")
		}
	}
	return out
}

func harmlessAddress(element, ref string) bool {
	u, err := url.Parse(ref)
	if err != nil || strings.ContainsAny(ref, "\\ \t\n") {
		return false
	}
	switch {
	case u.Scheme == "" && u.Host == "" && !strings.HasPrefix(ref, "/"):
		return element != "script" || path.Dir(path.Clean("/i/2026/"+ref)) == "/a"
	case element == "a":
		return u.Scheme == "mailto" || (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
	}
	return false
}

func TestHostileTextIsHarmlessEverywhere(t *testing.T) {
	if len(payloads) < 60 {
		t.Fatalf("only %d payloads", len(payloads))
	}
	a := hostile(t)
	dir, _ := build(t, a, Config{})
	files := tree(t, dir)
	for name, text := range files {
		if path.Ext(name) != ".html" {
			if ext := path.Ext(name); strings.HasPrefix(name, "m/") && ext != ".png" && ext != ".bin" {
				t.Errorf("an attachment became %s", name)
			}
			continue
		}
		for _, h := range harms(t, text) {
			t.Errorf("%s: %s", name, h)
		}
	}
	for i, s := range a.Stories {
		page := textOf(document(t, files["i/2026/"+s.ID+".html"]))
		for _, m := range marks {
			if !strings.Contains(page, "mark-"+m) {
				t.Errorf("%q: the text at %s is lost", payloads[i], m)
			}
		}
	}
	for _, link := range broken(t, files) {
		if !strings.Contains(link, ": id ") && !strings.Contains(link, ": #e-") { // no note has such ids
			t.Error(link)
		}
	}
}

// textOf is the text of a page.
func textOf(doc *html.Node) string {
	var b strings.Builder
	for n := range doc.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
	}
	return b.String()
}

func TestTheCheckForHarmFindsIt(t *testing.T) {
	for _, text := range []string{
		`<script>alert(1)</script>`, `<p onclick=x>`, `<p style="x">`, `<a href="javascript:x">`, `<a href="//x.example">`,
		`<img src="https://x.example/p">`, `<svg></svg>`, `<iframe>`, `<base href="x">`, `<meta http-equiv=refresh>`,
		`<link href="https://x.example/c.css">`, `<form>`, `<script src="x.js">`, `<a href="java&#9;script:x">`, `<a href="data:x">`,
	} {
		if len(harms(t, "<!doctype html><title>x</title><body>"+text)) == 0 {
			t.Errorf("%s was not found", text)
		}
	}
}

// oracle is a sanitizer of somebody else that lets through what prose may have.
func oracle() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "h3", "h4", "h5", "h6", "ul", "li", "figure", "figcaption", "blockquote", "em", "strong", "del",
		"table", "thead", "tbody", "tr", "hr", "br", "ol", "code", "pre", "div", "th", "td")
	p.AllowNoAttrs().OnElements("a", "code", "pre")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("id").OnElements("h3", "h4", "h5", "h6")
	p.AllowAttrs("class").OnElements("code", "figure", "pre", "div", "th", "td")
	p.AllowAttrs("tabindex").OnElements("pre", "div")
	p.AllowAttrs("src", "alt", "loading").OnElements("img")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	return p
}

// TestProseSatisfiesASanitizer compares prose with what a sanitizer leaves of it.
func TestProseSatisfiesASanitizer(t *testing.T) {
	p := oracle()
	for _, text := range payloads {
		for _, s := range []string{text, "a\n\n" + text + "\n\nb", "> " + text, "- " + text, "**" + text + "**", "[" + text + "](https://ok.example)", "[x](" + text + ")", "![" + text + "](queue.png)"} {
			l := here()
			l.files["queue.png"] = file{Name: "queue.png", path: "m/1.png", picture: true}
			out := string(newProse(l).block(s))
			if a, b := shape(t, out), shape(t, p.Sanitize(out)); a != b {
				t.Errorf("%q\n     got %s\nsanitized %s", s, a, b)
			}
		}
	}
}

// shape writes a parsed fragment in one way only.
func shape(t testing.TB, text string) string {
	var b strings.Builder
	if err := html.Render(&b, document(t, text)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestReferencesDoNotUnfold has one long address, or title, that many brackets
// stand for.
func TestReferencesDoNotUnfold(t *testing.T) {
	long := strings.Repeat("x", 30_000)
	for name, define := range map[string]string{
		"address":        "[r]: https://ok.example/" + long,
		"on a next line": "[r]:\n\thttps://ok.example/" + long + "\n'title'",
		"in angles":      "[r]: <https://ok.example/" + long + ">",
		"in a quote":     "> [r]: https://ok.example/" + long,
		"in a list":      "1. - [r]: https://ok.example/" + long,
		"title":          "[r]: https://ok.example \"" + strings.Repeat("x\n", 15_000) + "\"",
	} {
		for _, use := range []string{"[r]\n\n", "[r] ", "![r]\n\n", "[a][r]\n\n"} {
			text := strings.Repeat(use, 100_000) + "\n\n" + define + "\n"
			if got := newProse(here()).block(text); len(got) > 2*len(text) {
				t.Errorf("%s, %q: %d bytes became %d", name, use, len(text), len(got))
			}
		}
	}
	few := "[r] and [r]\n\n[r]: https://ok.example/" + long
	if got := newProse(here()).block(few); strings.Count(string(got), "<a ") != 2 {
		t.Errorf("%.80s", got)
	}
}

// TestALongTimelineEndsAsTyped has more events than anybody reads one by one. They
// are all on the page.
func TestALongTimelineEndsAsTyped(t *testing.T) {
	inc := &journal.Incident{ID: "2026-11-20-long-k7f3", Title: "long", Sections: []journal.Section{{Heading: journal.Timeline, Text: "\n"}}}
	size := 0
	for i := range 200_000 {
		e := journal.Event{ID: fmt.Sprintf("%06d", i), Rev: 1, Text: fmt.Sprintf("<%d>", i)}
		size += len("- " + e.Text + "\n")
		inc.Timeline = append(inc.Timeline, e)
	}
	inc.Lead = "[first](#e-000000) [last](#e-199999)\n"
	dir, _ := build(t, Archive{Stories: []Story{{Incident: inc}}}, Config{})
	files := tree(t, dir)
	for _, name := range []string{"i/2026/" + inc.ID + ".html", "i/2026/" + inc.ID + ".talk.html"} {
		if len(files[name]) > 5*size {
			t.Errorf("%s: %d bytes became %d", name, size, len(files[name]))
		}
		text := textOf(document(t, files[name]))
		for _, want := range []string{"<0>", "<4999>", "<5000>", "<199999>"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %s is lost", name, want)
			}
		}
	}
	for _, link := range broken(t, files) {
		t.Error(link)
	}
}

// counted counts what it is asked for.
type counted struct {
	filesIn
	asked *int
}

func (c counted) Attachment(id, name string) ([]byte, error) {
	*c.asked++
	return c.filesIn.Attachment(id, name)
}

// TestOneFileUnderManyNamesIsReadOnce: a tree holds ten megabytes a thousand times
// in the room of a name.
func TestOneFileUnderManyNamesIsReadOnce(t *testing.T) {
	inc := &journal.Incident{ID: "2026-11-20-files-k7f3", Title: "files"}
	files, asked := filesIn{}, 0
	for i := range 50 {
		name := fmt.Sprintf("%d.txt", i)
		files[name] = []byte("the same")
		inc.Attachments = append(inc.Attachments, journal.Attachment{Name: name, Hash: strings.Repeat("1", 40)})
	}
	inc.Attachments = append(inc.Attachments, journal.Attachment{Name: "same.pdf", Hash: strings.Repeat("1", 40)}, journal.Attachment{Name: "unknown.txt"})
	files["same.pdf"], files["unknown.txt"] = []byte("the same"), []byte("of no hash")
	dir, report := build(t, Archive{Stories: []Story{{Incident: inc}}, Files: counted{files, &asked}}, Config{})
	page := tree(t, dir)["i/2026/"+inc.ID+".html"]
	if asked != 3 || len(report.Missing) != 0 || strings.Count(page, ".txt</a>") != 51 || !strings.Contains(page, ".pdf\"") {
		t.Errorf("asked %d times, %+v\n%s", asked, report, page)
	}
}

func FuzzProse(f *testing.F) {
	for _, text := range payloads {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		out := string(newProse(here()).block(text))
		if h := harms(t, "<!doctype html><title>x</title><body><main>"+out+"</main>"); len(h) > 0 {
			t.Errorf("%q gives %s: %v", text, out, h)
		}
		plain(text)
	})
}
