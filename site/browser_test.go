package site

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"git-incident/journal"
)

// browser opens a browser and notes everything a page of ours must not do:
// dialogs, messages on the console, requests that leave dir. Without a browser
// the test is skipped, except where CI says that there must be one.
type browser struct {
	ctx context.Context
	dir string

	mu  sync.Mutex
	bad []string
}

func newBrowser(t *testing.T, dir string) *browser {
	t.Helper()
	found := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			found = p
			break
		}
	}
	if found == "" && os.Getenv("CI") == "true" {
		t.Fatal("no chromium here, and CI=true says that the pages are looked at")
	}
	if found == "" {
		t.Skip("SKIPPED: no chromium here, so nobody has looked at the pages in a browser")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(found), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.UserDataDir(t.TempDir()), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(func() { _ = chromedp.Cancel(ctx); cancel() })
	ctx, late := context.WithTimeout(ctx, 4*time.Minute)
	t.Cleanup(late)
	b := &browser{ctx: ctx, dir: dir}
	if err := chromedp.Listen(ctx, b.event); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *browser) event(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch ev := ev.(type) {
	case *page.EventJavascriptDialogOpening:
		b.bad = append(b.bad, "dialog: "+ev.Message)
		go func() {
			_, _ = chromedp.Call(b.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{})
		}()
	case *runtime.EventConsoleAPICalled:
		b.bad = append(b.bad, "console: "+string(ev.Type))
	case *runtime.EventExceptionThrown:
		b.bad = append(b.bad, "exception: "+ev.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		b.bad = append(b.bad, "log: "+ev.Entry.Text)
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(ev.Request.URL, "file://"+b.dir+"/") {
			b.bad = append(b.bad, "request: "+ev.Request.URL)
		}
	}
}

// visit opens a page from disk and returns what it did that it must not do.
func (b *browser) visit(t *testing.T, name string) []string {
	t.Helper()
	if err := chromedp.Do(b.ctx, chromedp.Navigate("file://"+b.dir+"/"+name)); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	bad := b.bad
	b.bad = nil
	return bad
}

// evaluate runs an expression in the page.
func evaluate[T any](t *testing.T, b *browser, expression string) T {
	t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// pagesIn lists the pages of a site in order.
func pagesIn(files map[string]string) []string {
	var out []string
	for name := range files {
		if path.Ext(name) == ".html" {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

func TestPagesAreQuietInABrowser(t *testing.T) {
	a := sample(t)
	a.Stories = append(a.Stories, hostile(t).Stories...)
	dir, _ := build(t, a, Config{})
	b := newBrowser(t, dir)
	for _, name := range pagesIn(tree(t, dir)) {
		for _, bad := range b.visit(t, name) {
			t.Errorf("%s: %s", name, bad)
		}
		if styled := evaluate[string](t, b, "getComputedStyle(document.body).fontFamily"); !strings.Contains(styled, "Charter") {
			t.Fatalf("%s has no style: %s", name, styled)
		}
	}
}

func TestTheBrowserFindsWhatIsNotQuiet(t *testing.T) {
	dir := t.TempDir()
	text := `<!doctype html><title>x</title><img src="https://evil.invalid/x.png"><script>console.log(1); alert(1); throw 1</script>`
	if err := os.WriteFile(filepath.Join(dir, "bad.html"), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t, dir)
	bad := strings.Join(b.visit(t, "bad.html"), "\n")
	for _, kind := range []string{"dialog:", "console:", "exception:", "request:"} {
		if !strings.Contains(bad, kind) {
			t.Errorf("no %s among %q", kind, bad)
		}
	}
}

// overflowing names the parts of every slide that do not fit.
const overflowing = `(function () {
	var out = [];
	var floor = document.querySelector('.controls').getBoundingClientRect().top;
	var slides = document.querySelectorAll('.slide');
	slides.forEach(function (s) {
		slides.forEach(function (o) { o.classList.toggle('now', o === s); });
		var r = s.getBoundingClientRect();
		if (s.scrollHeight > s.clientHeight + 1 || s.scrollWidth > s.clientWidth + 1) out.push(s.id + ' ' + s.className + ' scrolls');
		s.querySelectorAll('.idea, .idea *').forEach(function (e) {
			var b = e.getBoundingClientRect();
			if (b.width && (b.left < r.left - 1 || b.right > r.right + 1 || b.top < r.top - 1 || b.bottom > floor + 1)) out.push(s.id + ' ' + s.className + ' ' + e.className);
		});
	});
	return out.join('; ');
})()`

func TestSlidesNeverOverflow(t *testing.T) {
	a := Archive{Stories: append(sample(t).Stories, lengthy()...), Updated: fixed}
	dir, _ := build(t, a, Config{})
	b := newBrowser(t, dir)
	for _, size := range [][2]int64{{1280, 720}, {1920, 1080}, {1024, 768}, {390, 844}} {
		if err := chromedp.Do(b.ctx, chromedp.EmulateViewport(size[0], size[1])); err != nil {
			t.Fatal(err)
		}
		for _, s := range newPlan(a).stories {
			b.visit(t, s.deck)
			if bad := evaluate[string](t, b, overflowing); bad != "" {
				t.Errorf("%d×%d %s: %s", size[0], size[1], s.Title[:min(30, len(s.Title))], bad)
			}
		}
	}
}

// lengthy are stories with too much of everything.
func lengthy() []Story {
	var out []Story
	for i, unit := range []string{
		"word and another word ", "W", "MMMM ", "日本語のとても長い文章", "👩‍💻", "https://example.org/a/very/long/path/", "ÄÖÜ ÉÈ ",
		"Zа́̂̃̄ ", "i", "a\n\n", "One short sentence. ", "`code` *emphasis* [link](https://x.example) ", "- item\n", "＿", "﷽", "𒐫 ", "\u202eabc",
	} {
		text := strings.Repeat(unit, 600/len(unit)+40)
		inc := everywhere(text, i+200)
		inc.Title = strings.ReplaceAll(text, "\n", " ")
		inc.Services = []string{inc.Title}
		for j := range 12 {
			at := journal.When{Time: fixed.Add(time.Duration(j) * 20 * time.Hour), About: true}
			inc.Timeline = append(inc.Timeline, journal.Event{ID: fmt.Sprint("e", j), At: at, Text: text})
			inc.Chain = append(inc.Chain, journal.Problem{ID: fmt.Sprint("c", j), Text: text})
			inc.Learnings = append(inc.Learnings, journal.Learning{ID: fmt.Sprint("l", j), Text: text, Consequences: []journal.Consequence{{Text: inc.Title}, {Text: inc.Title, State: "declined"}}})
		}
		out = append(out, Story{Incident: inc, Draft: true})
	}
	return out
}

func TestADeckIsDrivenByKeysAndAddresses(t *testing.T) {
	dir, _ := build(t, sample(t), Config{})
	b := newBrowser(t, dir)
	deck := "i/2026/2026-11-20-bucket-policy-locked-us-out-k7f3.talk.html"
	b.visit(t, deck)
	const now = "document.querySelector('.slide.now').id + ' ' + document.querySelectorAll('.slide.now').length"
	last := fmt.Sprint("slide-", evaluate[int](t, b, "document.querySelectorAll('.slide').length"))
	for _, step := range []struct{ keys, want string }{
		{kb.ArrowRight, "slide-2"}, {" ", "slide-3"}, {kb.ArrowLeft, "slide-2"}, {kb.End, last},
		{kb.ArrowRight, last}, {kb.Home, "slide-1"}, {kb.ArrowLeft, "slide-1"}, {kb.PageDown, "slide-2"},
	} {
		if err := chromedp.Do(b.ctx, chromedp.KeyEvent(step.keys)); err != nil {
			t.Fatal(err)
		}
		if got := evaluate[string](t, b, now); got != step.want+" 1" {
			t.Errorf("after %q: %s, want %s", step.keys, got, step.want)
		}
		if hash := evaluate[string](t, b, "location.hash"); hash != "#"+step.want && hash != "" {
			t.Errorf("after %q the address is %s", step.keys, hash)
		}
	}
	b.visit(t, "index.html")
	b.visit(t, deck+"#slide-4")
	if got := evaluate[string](t, b, now); got != "slide-4 1" {
		t.Errorf("the deep link shows %s", got)
	}
}

func TestADeckPrintsASlideAPage(t *testing.T) {
	dir, _ := build(t, sample(t), Config{})
	b := newBrowser(t, dir)
	b.visit(t, "i/2026/2026-11-20-bucket-policy-locked-us-out-k7f3.talk.html")
	slides := evaluate[int](t, b, "document.querySelectorAll('.slide').length")
	pdf, err := chromedp.Run(b.ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
	if err != nil {
		t.Fatal(err)
	}
	if pages := bytes.Count(pdf, []byte("/Type /Page\n")); pages != slides {
		t.Errorf("%d slides on %d pages", slides, pages)
	}
}

func TestADeckIsALongPageWithoutScript(t *testing.T) {
	dir, _ := build(t, sample(t), Config{})
	if err := os.Remove(filepath.Join(dir, "a", "deck.js")); err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t, dir)
	b.visit(t, "i/2026/2026-11-20-bucket-policy-locked-us-out-k7f3.talk.html")
	if hidden := evaluate[int](t, b, "Array.from(document.querySelectorAll('.slide, .notes')).filter(function (e) { return !e.offsetHeight }).length"); hidden > 0 {
		t.Errorf("%d slides or notes cannot be read", hidden)
	}
}

func TestNothingIsWiderThanAPhone(t *testing.T) {
	a := Archive{Stories: append(sample(t).Stories, lengthy()...), Updated: fixed, Unreadable: []Unreadable{{strings.Repeat("x", 200), strings.Repeat("y", 200)}}}
	dir, _ := build(t, a, Config{})
	b := newBrowser(t, dir)
	if err := chromedp.Do(b.ctx, chromedp.EmulateViewport(360, 740)); err != nil {
		t.Fatal(err)
	}
	for _, name := range pagesIn(tree(t, dir)) {
		b.visit(t, name)
		if wide := evaluate[int](t, b, "document.documentElement.scrollWidth"); wide > 360 {
			t.Errorf("%s is %d wide", name, wide)
		}
	}
}
