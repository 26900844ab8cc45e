package site

import (
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// document parses a page.
func document(t testing.TB, text string) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// elements lists the elements of a document.
func elements(doc *html.Node) []*html.Node {
	var out []*html.Node
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			out = append(out, n)
		}
	}
	return out
}

func attrOf(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

// addresses are the attributes of our pages that name something to load or to
// go to.
var addresses = []string{"href", "src"}

// broken lists the links of a site that lead nowhere, and ids that stand twice.
func broken(t testing.TB, files map[string]string) []string {
	t.Helper()
	ids := map[string]map[string]bool{}
	var out []string
	for name, text := range files {
		if path.Ext(name) != ".html" {
			continue
		}
		ids[name] = map[string]bool{}
		for _, n := range elements(document(t, text)) {
			if id, ok := attrOf(n, "id"); ok {
				if ids[name][id] {
					out = append(out, name+": id "+id+" twice")
				}
				ids[name][id] = true
			}
		}
	}
	for name, text := range files {
		if path.Ext(name) != ".html" {
			continue
		}
		for _, n := range elements(document(t, text)) {
			for _, key := range addresses {
				if ref, ok := attrOf(n, key); ok && !leads(name, ref, files, ids) {
					out = append(out, name+": "+ref)
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

// leads reports whether a link of a page leads somewhere, without the network.
func leads(from, ref string, files map[string]string, ids map[string]map[string]bool) bool {
	u, err := url.Parse(ref)
	if err != nil {
		return false
	}
	if u.Scheme != "" {
		return true
	}
	to := from
	if u.Path != "" {
		to = path.Join(path.Dir(from), u.Path)
	}
	_, there := files[to]
	return there && (u.Fragment == "" || ids[to][u.Fragment])
}

func TestEveryLinkLeadsSomewhere(t *testing.T) {
	dir, _ := build(t, sample(t), Config{})
	for _, link := range broken(t, tree(t, dir)) {
		t.Error(link)
	}
}

func TestTheSiteMovesToASubPath(t *testing.T) {
	dir, _ := build(t, sample(t), Config{})
	to := filepath.Join(t.TempDir(), "deep")
	if err := os.MkdirAll(to, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(dir, filepath.Join(to, "prod")); err != nil {
		t.Fatal(err)
	}
	for _, link := range broken(t, tree(t, to)) {
		t.Error(link)
	}
}

func TestTheCrawlFindsWhatIsBroken(t *testing.T) {
	files := map[string]string{"a.html": `<p id=x><p id=x><a href="b.html">b</a><a href="#y">y</a><img src="/c.png">`}
	if got := broken(t, files); len(got) != 4 {
		t.Errorf("found %q", got)
	}
}

func TestTheLostPageWorksAtAnyDepth(t *testing.T) {
	dir, _ := build(t, sample(t), Config{BaseURL: "https://stories.example/prod"})
	for _, n := range elements(document(t, tree(t, dir)["404.html"])) {
		for _, key := range addresses {
			if ref, ok := attrOf(n, key); ok && !strings.HasPrefix(ref, "/prod/") {
				t.Errorf("%s=%q is relative", key, ref)
			}
		}
	}
}

func TestHeadingsAreInOrder(t *testing.T) {
	dir, _ := build(t, sample(t), Config{})
	for name, text := range tree(t, dir) {
		if path.Ext(name) != ".html" {
			continue
		}
		last, ones := 0, 0
		for _, n := range elements(document(t, text)) {
			if len(n.Data) != 2 || n.Data[0] != 'h' || n.Data[1] < '1' || n.Data[1] > '6' {
				continue
			}
			level := int(n.Data[1] - '0')
			if level == 1 {
				ones++
			}
			if level > last+1 {
				t.Errorf("%s: h%d after h%d", name, level, last)
			}
			last = level
		}
		if ones != 1 {
			t.Errorf("%s has %d h1", name, ones)
		}
	}
}

func TestPicturesHaveAnAlternativeAndPagesALanguage(t *testing.T) {
	dir, _ := build(t, sample(t), Config{})
	for name, text := range tree(t, dir) {
		if path.Ext(name) != ".html" {
			continue
		}
		for _, n := range elements(document(t, text)) {
			if _, ok := attrOf(n, "alt"); n.Data == "img" && !ok {
				t.Errorf("%s: a picture without alt", name)
			}
			if lang, _ := attrOf(n, "lang"); n.Data == "html" && lang != "en" {
				t.Errorf("%s: language %q", name, lang)
			}
		}
	}
}
