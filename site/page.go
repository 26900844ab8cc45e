package site

import (
	"bytes"
	"embed"
	"html/template"
	"path"
	"strings"
	"sync"
	"time"
)

//go:embed templates assets
var embedded embed.FS

// templates has one set for every kind of page. They are parsed when the first
// page is written: most commands write none.
var templates = sync.OnceValue(func() map[string]*template.Template {
	layout := template.Must(template.ParseFS(embedded, "templates/layout.html"))
	sets := map[string]*template.Template{}
	for _, kind := range []string{"home", "story", "deck", "lost"} {
		t := template.Must(layout.Clone())
		sets[kind] = template.Must(t.ParseFS(embedded, "templates/"+kind+".html"))
	}
	return sets
})

// info is what every page knows of the site.
type info struct {
	Title   string
	Tip     string // abbreviated
	Updated string // day
	Live    bool
}

// shownTip is how much of a commit's id is shown.
const shownTip = 10

func newInfo(cfg Config, a Archive) info {
	i := info{Title: cfg.Title, Live: cfg.LiveReload, Tip: a.Tip}
	if len(i.Tip) > shownTip {
		i.Tip = i.Tip[:shownTip]
	}
	if !a.Updated.IsZero() {
		i.Updated = a.Updated.UTC().Format(dayLayout)
	}
	return i
}

// head is what the layout needs of a page.
type head struct {
	Site        info
	Title       string // of the page
	Description string
	Root        string // from the page to the top of the site: "" or "../../"
}

func (b *builder) head(name, title, description string) head {
	return head{
		Site: b.info, Title: title, Description: description,
		Root: strings.Repeat("../", strings.Count(name, "/")),
	}
}

// page renders a page and writes it. Here, and only here, are characters that
// would deceive a reader made visible.
func (b *builder) page(name, kind string, data any) error {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	if err := templates()[kind].ExecuteTemplate(buf, "page", data); err != nil {
		return err
	}
	shown := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(shown)
	shown.Reset()
	writeVisible(shown, buf.Bytes())
	return b.out.write(name, shown.Bytes())
}

// buffers are reused from page to page.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// assets are the files that are the same in every site.
func (b *builder) assets() error {
	names := []string{"site.css", "deck.css", "deck.js"}
	if b.cfg.LiveReload {
		names = append(names, "reload.js")
	}
	for _, name := range names {
		data, err := embedded.ReadFile("assets/" + name)
		if err != nil {
			return err
		}
		if err := b.out.write(path.Join("a", name), data); err != nil {
			return err
		}
	}
	return nil
}

// machineTime is a time for the datetime attribute.
func machineTime(t time.Time) string { return t.Format(time.RFC3339) }
