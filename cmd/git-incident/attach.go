package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"git-incident/journal"
	"git-incident/journal/store"
)

func (a *app) attachCommand() *cli.Command {
	return &cli.Command{
		Name: "attach", Category: during, Usage: "keep a file beside the note: a graph, a log, a dump",
		ArgsUsage:   "FILE...",
		Description: "A file is at most 10 MiB. - reads standard input; give it a name with --name.",
		Flags: append([]cli.Flag{
			incidentFlag(), atFlag(),
			&cli.StringFlag{Name: "name", Usage: "the `NAME` it gets"},
		}, secretFlags()...),
		Action: a.attach,
	}
}

func (a *app) attach(c *cli.Context) error {
	t, err := a.target(c)
	if err != nil {
		return err
	}
	if len(t.words) == 0 {
		return usage("name the file: git incident attach <file>")
	}
	at, err := a.when(c, flagAt)
	if err != nil {
		return err
	}
	if c.IsSet("name") && len(t.words) > 1 {
		return usage("--name names one file, and there are %d", len(t.words))
	}
	change := a.change(t.Summary, "attach", "")
	contents := map[string][]byte{}
	var names []string
	for _, file := range t.words {
		name, content, err := a.readAttachment(c, file)
		if err != nil {
			return err
		}
		if _, twice := contents[name]; twice {
			return usage("two of the files are called %q", name)
		}
		contents[name] = content
		names = append(names, name)
		change.Attach = append(change.Attach, journal.Attachment{Name: name})
		change.Log = append(change.Log, a.event(at, attachmentText(name, content), ""))
	}
	change.Summary = strings.Join(names, ", ")
	r, err := a.write(c.Context, change, contents)
	if err != nil {
		return err
	}
	if r.Incident != nil {
		names = attachedNames(r.Incident, change.Log)
	}
	a.say("%s  attached %s  %s", a.moment(at), journal.VisibleLine(strings.Join(names, ", ")), a.dim("("+journal.ShortID(t.ID)+")"))
	return nil
}

// attachedNames are the names that files got: one that was taken by another file
// was left to it.
func attachedNames(inc *journal.Incident, events []journal.Event) []string {
	var names []string
	for _, e := range inc.Timeline {
		isOurs := slices.ContainsFunc(events, func(o journal.Event) bool { return o.ID == e.ID })
		if m := linkEnd.FindStringSubmatch(e.Text); isOurs && m != nil {
			names = append(names, m[1])
		}
	}
	return names
}

var linkEnd = regexp.MustCompile(`\]\(([^)]+)\)$`)

func attachmentText(name string, content []byte) string {
	link := fmt.Sprintf("[%s](%s)", name, name)
	if isImage(content) {
		link = "!" + link
	}
	return "attached " + link
}

// isImage reports whether content is a picture that browsers show.
func isImage(content []byte) bool {
	switch http.DetectContentType(content) {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return true
	}
	return false
}

// readAttachment reads a file and settles the name it gets.
func (a *app) readAttachment(c *cli.Context, file string) (name string, content []byte, err error) {
	in := a.input(c.Context)
	if file != "-" {
		f, err := os.Open(a.path(file))
		if err != nil {
			return "", nil, err
		}
		defer f.Close()
		in = f
	}
	content, err = io.ReadAll(io.LimitReader(in, journal.MaxAttachment+1))
	if file == "-" {
		a.piped = content
	}
	if err != nil {
		return "", nil, fmt.Errorf("read %q: %w", file, err)
	}
	if len(content) > journal.MaxAttachment {
		return "", nil, &problem{code: exitFailed, err: fmt.Errorf("%q has more than 10 MiB; nothing was written", file)}
	}
	wanted, err := a.guard(c, attachmentName(c.String("name"), file))
	if err != nil {
		return "", nil, err
	}
	name = plainName(wanted)
	if err := store.CheckAttachment(name); err != nil {
		return "", nil, &problem{code: exitUsage, err: fmt.Errorf("%q cannot be the name of an attachment: %w", name, err),
			hints: []string{"git incident attach --name <name> " + shellQuote(file)}}
	}
	content, err = a.guardContent(c, file, content)
	return name, content, err
}

var unusualInNames = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// attachmentName is what a file is called, unless somebody wants another name.
func attachmentName(wanted, file string) string {
	switch {
	case wanted != "":
		return wanted
	case file == "-":
		return "stdin.txt"
	}
	return filepath.Base(file)
}

// plainName is a file name that links need not escape.
func plainName(name string) string {
	return strings.TrimLeft(unusualInNames.ReplaceAllString(name, "-"), "-.")
}

// guardContent keeps secrets in files out of the journal. One odd byte does not
// make a log a picture, so every file is looked at.
func (a *app) guardContent(c *cli.Context, file string, content []byte) ([]byte, error) {
	if found := journal.FindSecrets(journal.Narrow(content)); len(found) > 0 && !c.Bool(flagAllow) {
		return nil, wideSecret(file, found)
	}
	text, err := a.guard(c, string(content))
	var p *problem
	if errors.As(err, &p) {
		p.err = fmt.Errorf("%s: %w", file, p.err)
	}
	return []byte(text), err
}

// wideSecret refuses a file in UTF-16. A mask would have to be put between NUL
// bytes that may belong to anything, so the person decides what the file becomes.
func wideSecret(file string, found []journal.Secret) *problem {
	return &problem{
		code: exitDecide,
		err:  fmt.Errorf("%s: this looks like it holds a secret (%s), and a file in UTF-16 cannot be masked; nothing was written", file, kindsOf(found)),
		hints: []string{
			"iconv -t UTF-8 -f UTF-16 " + shellQuote(file) + " | git incident attach --mask --name <name> -",
			"--allow-secret  write it as it is",
		},
	}
}
