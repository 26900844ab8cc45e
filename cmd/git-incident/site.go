package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime/debug"

	"github.com/urfave/cli/v2"

	"git-incident/journal"
	"git-incident/journal/store"
	"git-incident/site"
)

func siteFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "title", Usage: "`WORDS` that the archive is called; config incident.title"},
		&cli.BoolFlag{Name: "drafts", Usage: "also those that are private to this clone"},
	}
}

func (a *app) siteCommand() *cli.Command {
	return &cli.Command{
		Name: "site", Category: archive, Usage: "build the archive, a folder of plain files",
		Description: "Without --out the folder is incident/site in the git directory, where it is in\n" +
			"nobody's way. The folder's index.html is printed.",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "out", Usage: "`DIR` is the folder to write"},
			&cli.StringFlag{Name: "base-url", Usage: "the `URL` where it will live, for the feed and the 404 page"},
			&cli.BoolFlag{Name: "force", Usage: "write into a folder that has other files; they stay"},
		}, siteFlags()...),
		Action: a.site,
	}
}

func (a *app) site(c *cli.Context) error {
	if c.NArg() > 0 {
		return usage("git incident site takes no words; the folder goes after --out")
	}
	if _, err := a.open(c.Context); err != nil {
		return err
	}
	dir := filepath.Join(a.repo.CommonDir, "incident", "site")
	if out := c.String("out"); out != "" {
		dir = a.path(out)
	}
	cfg := site.Config{Title: a.siteTitle(c), BaseURL: c.String("base-url"), Force: c.Bool("force")}
	report, err := a.build(c.Context, dir, cfg, c.Bool("drafts"))
	var folder *site.FolderError
	if errors.As(err, &folder) {
		return &problem{code: exitFailed, err: err, hints: []string{"git incident site --force ...   writes beside what is there", "git incident site --out <an empty folder>"}}
	}
	if err != nil {
		return err
	}
	var missing []store.Warning
	for _, m := range report.Missing {
		missing = append(missing, store.Warning{Path: m.Incident + "/" + m.Name, Reason: m.Err.Error()})
	}
	a.sayWarnings(missing)
	a.say("%d files written, %d unchanged, %d removed.", report.Written, report.Unchanged, report.Removed)
	a.print("%s\n", filepath.Join(dir, "index.html"))
	return nil
}

func (a *app) siteTitle(c *cli.Context) string {
	if c.IsSet("title") {
		return c.String("title")
	}
	title, _ := a.repo.Config("incident.title")
	return title
}

// build writes the archive as the journal is now.
func (a *app) build(ctx context.Context, dir string, cfg site.Config, drafts bool) (site.Report, error) {
	debug.SetGCPercent(100)
	a.flush(ctx)
	archive, err := a.archive(ctx, drafts)
	if err != nil {
		return site.Report{}, err
	}
	p := a.progress("building", len(archive.Stories))
	defer p.end()
	cfg.Progress = func(done, _ int) { p.at(done) }
	return site.Build(ctx, dir, archive, cfg)
}

// archive reads what a site is made from.
func (a *app) archive(ctx context.Context, drafts bool) (site.Archive, error) {
	tip, err := a.store.Tip(ctx)
	if err != nil {
		return site.Archive{}, err
	}
	notes, warnings, err := a.store.All(ctx, drafts)
	if err != nil {
		return site.Archive{}, err
	}
	a.sayWarnings(unread(notes, warnings))
	files := attachments{ctx: ctx, store: a.store, files: map[string][]journal.Attachment{}}
	out := site.Archive{Files: files, Tip: tip.Hash.String()}
	if out.Root, out.Updated, err = a.store.Age(ctx, tip); err != nil {
		return site.Archive{}, err
	}
	for _, n := range notes {
		if n.Incident == nil {
			out.Unreadable = append(out.Unreadable, site.Unreadable{ID: n.ID, Reason: n.Err.Error()})
			continue
		}
		files.files[n.ID] = n.Incident.Attachments
		out.Stories = append(out.Stories, site.Story{Incident: n.Incident, Draft: n.Draft})
	}
	return out, nil
}

// attachments reads the files of incidents for the site.
type attachments struct {
	ctx   context.Context
	store *store.Journal
	files map[string][]journal.Attachment // by incident
}

var _ site.Source = attachments{}

func (s attachments) Attachment(incident, name string) ([]byte, error) {
	for _, a := range s.files[incident] {
		if a.Name != name {
			continue
		}
		content, err := s.store.Content(s.ctx, a)
		if err != nil {
			return nil, fmt.Errorf("read %q: %w", name, err)
		}
		return content, nil
	}
	return nil, fmt.Errorf("there is no %q", name)
}
