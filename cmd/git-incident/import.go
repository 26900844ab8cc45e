package main

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"git-incident/journal"
)

func (a *app) importCommand() *cli.Command {
	return &cli.Command{
		Name: "import", Category: archive, Usage: "take over Markdown files from another archive",
		ArgsUsage: "DIR",
		Description: "Reads Markdown files with YAML front matter. What fits is mapped, the rest is kept\n" +
			"under source, and bodies stay as they are. Running it again changes nothing.\n" +
			"Every file is reported on standard output: imported, flagged, present or skipped.",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "dry-run", Usage: "report, and write nothing"},
			&cli.BoolFlag{Name: flagAllow, Usage: "also files that look like they hold a secret"},
			jsonFlag(),
		},
		Action: a.importDir,
	}
}

// Outcomes of importing one file.
const (
	fileImported = "imported"
	fileFlagged  = "flagged" // imported, and a person should look
	filePresent  = "present"
	fileSkipped  = "skipped"
)

// importedFile is what became of one file.
type importedFile struct {
	File    string   `json:"file"` // below the directory, with slashes
	Outcome string   `json:"outcome"`
	ID      string   `json:"id,omitempty"`
	Reasons []string `json:"reasons,omitempty"`
}

func (a *app) importDir(c *cli.Context) error {
	if c.NArg() != 1 {
		return usage("name one directory: git incident import <dir>")
	}
	j, err := a.open(c.Context)
	if err != nil {
		return err
	}
	dir := a.path(c.Args().First())
	files, notes, err := a.readForeign(c, dir)
	if err != nil {
		return err
	}
	if !c.Bool("dry-run") && len(notes) > 0 {
		p := a.progress("importing", len(notes))
		done, err := j.Import(c.Context, notes, importMessage(len(notes), filepath.Base(dir)), a.clock(), p.at)
		p.end()
		if err != nil {
			return err
		}
		markPresent(files, done.Present)
	}
	return a.reportImport(c, files)
}

func importMessage(n int, dir string) string {
	return fmt.Sprintf("import: %s from %s", plural(n, "incident"), journal.VisibleLine(dir))
}

// readForeign reads the files below dir, in the order of their names.
func (a *app) readForeign(c *cli.Context, dir string) (files []*importedFile, notes []*journal.Incident, err error) {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, nil, &problem{code: exitFailed, err: cmp.Or(err, fmt.Errorf("%s is not a folder", dir))}
	}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		hidden := strings.HasPrefix(d.Name(), ".") && path != dir
		switch {
		case d.IsDir() && hidden:
			return fs.SkipDir
		case err == nil && (d.IsDir() || !strings.EqualFold(filepath.Ext(path), ".md")):
			return nil
		}
		f := &importedFile{File: path, Outcome: fileSkipped}
		if rel, err := filepath.Rel(dir, path); err == nil {
			f.File = filepath.ToSlash(rel)
		}
		files = append(files, f)
		switch {
		case err != nil:
			f.Reasons = []string{err.Error()}
		case d.Type()&fs.ModeSymlink != 0:
			f.Reasons = []string{"a symbolic link is not followed"}
		case !d.Type().IsRegular():
			f.Reasons = []string{"it is not a regular file"}
		default:
			if inc := a.readOne(c, f, path); inc != nil {
				notes = append(notes, inc)
			}
		}
		return c.Context.Err()
	})
	if err == nil && len(files) == 0 {
		err = &problem{code: exitFailed, err: fmt.Errorf("there are no Markdown files below %s", dir)}
	}
	return files, notes, err
}

func (a *app) readOne(c *cli.Context, f *importedFile, path string) *journal.Incident {
	info, err := os.Stat(path)
	if err == nil && info.Size() > journal.MaxNote {
		err = journal.ErrTooLarge
	}
	var text []byte
	if err == nil {
		text, err = os.ReadFile(path)
	}
	if err != nil {
		f.Reasons = []string{err.Error()}
		return nil
	}
	im, err := journal.Import(f.File, text, a.clock())
	if err != nil {
		f.Reasons = []string{err.Error()}
		return nil
	}
	if found := journal.FindSecrets(string(text)); len(found) > 0 && !c.Bool(flagAllow) {
		f.Reasons = []string{"it looks like it holds a secret (" + kindsOf(found) + "); --allow-secret imports it"}
		return nil
	}
	f.Outcome, f.ID, f.Reasons = fileImported, im.Incident.ID, im.Flags
	if len(im.Flags) > 0 {
		f.Outcome = fileFlagged
	}
	return im.Incident
}

func markPresent(files []*importedFile, present []string) {
	for _, f := range files {
		if f.ID != "" && slices.Contains(present, f.ID) {
			f.Outcome = filePresent
		}
	}
}

func (a *app) reportImport(c *cli.Context, files []*importedFile) error {
	if c.Bool(flagJSON) {
		return a.printJSON(files)
	}
	count := map[string]int{}
	for _, f := range files {
		count[f.Outcome]++
		a.print("%s\n", strings.TrimRight(fmt.Sprintf("%-9s %s  %s", f.Outcome, journal.VisibleLine(f.File), journal.VisibleLine(strings.Join(f.Reasons, "; "))), " "))
	}
	a.say("%d imported, %d of them flagged, %d present already, %d skipped.",
		count[fileImported]+count[fileFlagged], count[fileFlagged], count[filePresent], count[fileSkipped])
	return nil
}
