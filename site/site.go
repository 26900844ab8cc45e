package site

import (
	"context"
	"fmt"
	"net/url"
	"runtime"
	"strings"
	"sync"
)

// Build writes the archive into dir.
func Build(ctx context.Context, dir string, a Archive, cfg Config) (Report, error) {
	b := &builder{cfg: cfg, plan: newPlan(a), files: a.Files, same: map[sameFile]file{}}
	if err := b.configure(a); err != nil {
		return Report{}, err
	}
	out, err := openOutput(dir, cfg.Force)
	if err != nil {
		return Report{}, err
	}
	defer out.close()
	b.out = out
	if err := b.stories(ctx); err != nil {
		return Report{}, err
	}
	if err := b.rest(); err != nil {
		return Report{}, err
	}
	if err := out.finish(); err != nil {
		return Report{}, err
	}
	return b.report(), nil
}

// builder is one build.
type builder struct {
	cfg   Config
	base  *url.URL // nil when unknown
	info  info
	plan  plan
	out   *output
	files Source

	reading sync.Mutex // held while files or same is used
	same    map[sameFile]file
	missing [][]Missing
}

// configure checks what the configuration says before anything is written.
func (b *builder) configure(a Archive) error {
	if b.cfg.Title == "" {
		b.cfg.Title = DefaultTitle
	}
	if b.cfg.Workers <= 0 {
		b.cfg.Workers = runtime.GOMAXPROCS(0)
	}
	if b.cfg.BaseURL != "" {
		u, err := url.Parse(b.cfg.BaseURL)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" {
			return fmt.Errorf("the address of the site, %q, is not an http or https address", b.cfg.BaseURL)
		}
		u.Path = strings.TrimRight(u.Path, "/") + "/"
		b.base = u
	}
	b.info = newInfo(b.cfg, a)
	return nil
}

// stories writes the pages of every story, several at a time.
func (b *builder) stories(ctx context.Context) error {
	n := len(b.plan.stories)
	b.missing = make([][]Missing, n)
	var mu sync.Mutex
	done := 0
	return each(ctx, n, b.cfg.Workers, func(i int) error {
		if err := b.story(i); err != nil {
			return fmt.Errorf("story %s: %w", b.plan.stories[i].ID, err)
		}
		if b.cfg.Progress != nil {
			mu.Lock()
			defer mu.Unlock()
			done++
			b.cfg.Progress(done, n)
		}
		return nil
	})
}

// story writes one page, its deck and its attachments.
func (b *builder) story(i int) error {
	e := b.plan.stories[i]
	files, missing, err := b.attachments(e.Incident)
	if err != nil {
		return err
	}
	b.missing[i] = missing
	tell := newTelling(b.plan, e, files)
	if err := b.page(e.page, "story", newStoryPage(b, i, tell)); err != nil {
		return err
	}
	return b.page(e.deck, "deck", newDeckPage(b, tell))
}

// rest writes what there is once.
func (b *builder) rest() error {
	if err := b.page("index.html", "home", newHomePage(b)); err != nil {
		return err
	}
	if err := b.page("404.html", "lost", newLostPage(b)); err != nil {
		return err
	}
	feed, err := b.feed()
	if err != nil {
		return err
	}
	if err := b.out.write("atom.xml", feed); err != nil {
		return err
	}
	if err := b.out.write(".nojekyll", nil); err != nil {
		return err
	}
	return b.assets()
}

func (b *builder) report() Report {
	r := Report{Written: b.out.written, Unchanged: b.out.unchanged, Removed: b.out.removed}
	for _, m := range b.missing {
		r.Missing = append(r.Missing, m...)
	}
	return r
}
