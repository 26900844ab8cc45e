//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"git-incident/journal"
)

// hostile is a repository whose journal somebody else writes to with raw objects,
// beside three good incidents.
type hostile struct {
	*sandbox
	bin  string
	good []string // ids
	base string   // the tip with nothing but these
}

// goodWords is what each of the good incidents says in its timeline.
const goodWords = "rolled back to v41"

func newHostile(t *testing.T) *hostile {
	t.Helper()
	h := &hostile{sandbox: newSandbox(t), bin: releaseBinary(t)}
	h.env = append(h.env, "TMPDIR="+t.TempDir())
	for _, title := range []string{"good one", "good two", "good three"} {
		id := strings.TrimSpace(h.run(h.bin, "start", "-q", title))
		h.run(h.bin, "log", "-i", id, goodWords)
		h.good = append(h.good, id)
	}
	h.base = h.tip()
	return h
}

// twig is one entry of a tree, just as it is written there.
type twig struct{ mode, name, hash string }

// object writes any bytes as an object of any kind.
func (h *hostile) object(kind string, content []byte) string {
	h.Helper()
	cmd := exec.Command("git", "hash-object", "-t", kind, "-w", "--literally", "--stdin")
	cmd.Dir, cmd.Env, cmd.Stdin = h.dir, h.env, bytes.NewReader(content)
	out, err := cmd.Output()
	if err != nil {
		h.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

func (h *hostile) blob(text string) string { return h.object("blob", []byte(text)) }

func (h *hostile) tree(entries ...twig) string {
	h.Helper()
	var raw bytes.Buffer
	for _, e := range entries {
		fmt.Fprintf(&raw, "%s %s\x00", e.mode, e.name)
		for i := 0; i < len(e.hash); i += 2 {
			var b byte
			_, _ = fmt.Sscanf(e.hash[i:i+2], "%02x", &b)
			raw.WriteByte(b)
		}
	}
	return h.object("tree", raw.Bytes())
}

// entries reads a tree as it is written.
func (h *hostile) entries(tree string) []twig {
	h.Helper()
	raw := h.run("git", "cat-file", "tree", tree)
	var list []twig
	for raw != "" {
		mode, rest, _ := strings.Cut(raw, " ")
		name, rest, ok := strings.Cut(rest, "\x00")
		if !ok || len(rest) < 20 {
			h.Fatalf("%q", raw)
		}
		list = append(list, twig{mode, name, fmt.Sprintf("%x", rest[:20])})
		raw = rest[20:]
	}
	return list
}

func (h *hostile) tip() string {
	return strings.TrimSpace(h.run("git", "rev-parse", "refs/heads/incidents"))
}

func (h *hostile) root() string {
	return strings.TrimSpace(h.run("git", "rev-parse", "incidents^{tree}"))
}

// at is the tree of a folder; "" is the top.
func (h *hostile) at(folder string) string {
	tree := h.root()
	for name := range strings.SplitSeq(folder, "/") {
		for _, e := range h.entries(tree) {
			if e.name == name && e.mode == "40000" {
				tree = e.hash
				break
			}
		}
	}
	return tree
}

// plant commits what more gives, before or after what is in a folder already.
func (h *hostile) plant(folder string, first bool, more ...twig) {
	h.Helper()
	h.commit(h.planted(h.root(), strings.FieldsFunc(folder, func(r rune) bool { return r == '/' }), first, more))
}

func (h *hostile) planted(tree string, folder []string, first bool, more []twig) string {
	list := h.entries(tree)
	if len(folder) > 0 {
		for i, e := range list {
			if e.name == folder[0] && e.mode == "40000" {
				list[i].hash = h.planted(e.hash, folder[1:], first, more)
				return h.tree(list...)
			}
		}
		h.Fatalf("there is no %q", folder[0])
	}
	if first {
		return h.tree(append(slices.Clone(more), list...)...)
	}
	return h.tree(append(list, more...)...)
}

// commit makes a tree the tip of the journal.
func (h *hostile) commit(tree string) {
	h.Helper()
	h.land(fmt.Sprintf("tree %s\nparent %s\nauthor Eve <eve@example.com> 1700000000 +0000\ncommitter Eve <eve@example.com> 1700000000 +0000\n\nx\n", tree, h.tip()))
}

func (h *hostile) land(commit string) {
	h.Helper()
	ref := filepath.Join(h.dir, ".git", "refs", "heads", "incidents")
	if err := os.WriteFile(ref, []byte(h.object("commit", []byte(commit))+"\n"), 0o666); err != nil {
		h.Fatal(err)
	}
}

// note is the text of an incident by somebody else.
const note = "---\nschema: 1\ntitle: evil\nstatus: open\n---\n\n## What happened\n\nx\n"

// answer is what a command did.
type answer struct {
	out, err string
	code     int
}

// Limits of one command. They are far from what any needs, and also from what a
// journal can make a careless one need.
const (
	maxWait   = time.Minute
	maxMemory = 1 << 30 // bytes
)

// ask runs a command, which must neither hang nor grow nor print what a terminal
// obeys.
func (h *hostile) ask(t *testing.T, args ...string) answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), maxWait)
	defer cancel()
	cmd := exec.CommandContext(ctx, h.bin, args...)
	var out, errs bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = h.dir, h.env, &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if ctx.Err() != nil || err != nil && !errors.As(err, &exit) {
		t.Fatalf("%.80q: %v, %v", args, err, ctx.Err())
	}
	// What a child is said to have used begins with what this process had when it
	// started the child.
	var own syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &own)
	used, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if ok && used.Maxrss > own.Maxrss && used.Maxrss<<10 > maxMemory {
		t.Errorf("%.80q took %d MiB", args, used.Maxrss>>10)
	}
	a := answer{out: out.String(), err: errs.String(), code: cmd.ProcessState.ExitCode()}
	if strings.Contains(a.err, "goroutine ") {
		t.Errorf("%.80q:\n%s", args, a.err)
	}
	for stream, text := range map[string]string{"stdout": a.out, "stderr": a.err} {
		if at := strings.IndexFunc(text, isObeyed); at >= 0 || !utf8.ValidString(text) {
			t.Errorf("%.80q prints %.40q on %s", args, text[max(at, 0):], stream)
		}
	}
	return a
}

// isObeyed reports what a terminal or a reader's eye would follow without seeing it.
func isObeyed(r rune) bool {
	return r != '\n' && r != '\t' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

// reads runs everything that reads, and expects the good incidents in all of it.
// It gives what list warned of.
func (h *hostile) reads(t *testing.T) string {
	t.Helper()
	whole := func(a answer, what string, words ...string) {
		t.Helper()
		if a.code != 0 {
			t.Errorf("%s ends with %d: %.300s", what, a.code, a.err)
		}
		for _, w := range words {
			if !strings.Contains(a.out, w) {
				t.Errorf("%s has no %q", what, w)
			}
		}
	}
	titles := []string{"good one", "good two", "good three"}
	list := h.ask(t, "list")
	whole(list, "list", titles...)
	for _, args := range []string{"list --json", "list --all", "status", "status --json", "search rolled back", "search --json rolled back", "export"} {
		a := h.ask(t, strings.Fields(args)...)
		whole(a, args, titles...)
		if strings.Contains(args, "json") || args == "export" {
			if !json.Valid([]byte(a.out)) {
				t.Errorf("%s: standard output is not JSON: %.200s", args, a.out)
			}
		}
	}
	for i, id := range h.good {
		whole(h.ask(t, "show", id), "show", titles[i], goodWords)
	}
	whole(h.ask(t, "show", "--json", h.good[0]), "show --json", titles[0], goodWords)
	h.site(t)
	if a := h.ask(t, "doctor"); a.code > 1 {
		t.Errorf("doctor ends with %d: %.300s", a.code, a.err)
	}
	h.syncs(t)
	return list.err
}

// syncs lets a clone that has written meanwhile share with a remote that has the
// hostile journal. What git itself cannot transfer does not arrive, and nothing is
// lost.
func (h *hostile) syncs(t *testing.T) {
	t.Helper()
	remote := &sandbox{TB: t, dir: t.TempDir(), env: h.env}
	remote.run("git", "init", "-q", "--bare", "-b", "main")
	clone := &hostile{sandbox: &sandbox{TB: t, dir: t.TempDir(), env: h.env}, bin: h.bin, good: h.good}
	clone.run("git", "init", "-q", "-b", "main")
	clone.run("git", "remote", "add", "origin", remote.dir)
	clone.run("git", "fetch", "-q", h.dir, h.base+":refs/heads/incidents")
	clone.run(h.bin, "log", "-i", h.good[0], "written meanwhile")
	alternates := filepath.Join(remote.dir, "objects", "info", "alternates")
	if err := os.WriteFile(alternates, []byte(filepath.Join(h.dir, ".git", "objects")+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	ref := filepath.Join(remote.dir, "refs", "heads", "incidents")
	if err := os.WriteFile(ref, []byte(h.tip()+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	a := clone.ask(t, "sync")
	t.Logf("sync ends with %d: %s", a.code, a.err)
	if a.code != 0 && !strings.Contains(a.err, safeHere) {
		t.Errorf("sync ends with %d: %s", a.code, a.err)
	}
	for _, id := range h.good {
		if a := clone.ask(t, "show", id); a.code != 0 || !strings.Contains(a.out, goodWords) {
			t.Errorf("after a sync show ends with %d: %s%s", a.code, a.out, a.err)
		}
	}
	if a := clone.ask(t, "show", h.good[0]); !strings.Contains(a.out, "written meanwhile") {
		t.Errorf("after a sync an entry is gone:\n%s", a.out)
	}
}

// site builds the archive and looks for anything outside of it, and for anything
// in it that is not a plain file under a name of ours.
func (h *hostile) site(t *testing.T) {
	t.Helper()
	parent := t.TempDir()
	out := filepath.Join(parent, "a", "b")
	if a := h.ask(t, "site", "--out", out); a.code != 0 || !strings.HasSuffix(strings.TrimSpace(a.out), "index.html") {
		t.Fatalf("site ends with %d: %s%.300s", a.code, a.out, a.err)
	}
	err := filepath.WalkDir(parent, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(out, path)
		name = filepath.ToSlash(name)
		switch {
		case d.IsDir() && (!strings.HasPrefix(name, "../") || name == "../.." || name == ".."):
		case !d.Type().IsRegular() || !siteName.MatchString(name):
			t.Errorf("the site has %q (%s)", name, d.Type())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range h.good {
		page, err := os.ReadFile(filepath.Join(out, "i", id[:4], id+".html"))
		if err != nil || !bytes.Contains(page, []byte(goodWords)) {
			t.Errorf("the page of %s: %v", id, err)
		}
	}
}

var siteName = regexp.MustCompile(`^(index\.html|404\.html|atom\.xml|\.nojekyll|\.incident-site/manifest|a/[a-z.]+|i/\d{4}/[a-z0-9-]+(\.talk)?\.html|m/[0-9a-f]{16}\.[a-z]+)$`)

// writes runs commands that write to the good incidents. All that is beside them
// stays as it was.
func (h *hostile) writes(t *testing.T) {
	t.Helper()
	id := h.good[1]
	before := h.beside(id)
	text := filepath.Join(t.TempDir(), "note")
	for _, args := range [][]string{{"log", "-i", id, "still writing"}, {"learn", "-i", id, "it goes on"}, {"mitigate", "-i", id}, {"edit", "--from", text, id}} {
		if args[0] == "edit" {
			raw := strings.Replace(h.ask(t, "show", "--raw", id).out, "still writing", "still editing", 1)
			if err := os.WriteFile(text, []byte(raw), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if a := h.ask(t, args...); a.code != 0 {
			t.Errorf("%q ends with %d: %s", args, a.code, a.err)
		}
	}
	if a := h.ask(t, "show", id); !strings.Contains(a.out, "still editing") || !strings.Contains(a.out, "it goes on") {
		t.Errorf("what was written is not there:\n%s", a.out)
	}
	if after := h.beside(id); !slices.Equal(before, after) {
		t.Errorf("writing changed what is beside it:\n%.2000q\n%.2000q", before, after)
	}
}

// beside is everything on the way to an incident but itself.
func (h *hostile) beside(id string) []string {
	var list []string
	tree, rest := h.root(), id[:4]+"/"+id[5:7]+"/"+id+"/README.md"
	for rest != "" {
		name, below, _ := strings.Cut(rest, "/")
		next := ""
		for _, e := range h.entries(tree) {
			isNext := e.name == name && (e.mode == "40000" || below == "")
			if isNext && next == "" {
				next = e.hash
				continue
			}
			list = append(list, fmt.Sprintf("%s %q %s", e.mode, e.name, e.hash))
		}
		tree, rest = next, below
	}
	slices.Sort(list)
	return list
}

func TestHostileNames(t *testing.T) {
	t.Parallel()
	h := newHostile(t)
	b := h.blob(note)
	folder := h.tree(twig{"100644", "README.md", b})
	names := []string{
		"..", ".", ".git", ".GIT", "git~1", ".git ", "/etc/passwd", "../../evil", "a/../../evil", "CON", "aux.md", "nul", "COM1.txt",
		"x.", "x ", " x", "a\\..\\evil", "C:evil", "a:b", "\xff\xfe", "a\nb", "a\tb", "\x1b[31mred", "\u202etxt.exe", "\u200bhidden", "\u009b2J", "\u2028",
		"-rf", "--upload-pack=touch x", "x\ny", "*", "?", "README.MD", "readme.md", strings.Repeat("n", 5000),
	}
	fine := []string{"$(touch x)", ";touch x", "`touch x`", "'", "%s%n", "é.png", "a&b.txt"} // names of files all the same
	var folders, files []twig
	for _, name := range append(names, fine...) {
		folders = append(folders, twig{"40000", name, folder})
		files = append(files, twig{"100644", name, b})
	}
	first := h.good[0]
	h.plant("", true, folders...)
	h.plant(first[:4], true, folders...)
	h.plant(first[:4]+"/"+first[5:7], true, folders...)
	h.plant(first[:4]+"/"+first[5:7]+"/"+first, true, files...)
	warned := h.reads(t)
	for _, want := range []string{`left out \u{1b}[31mred: it is not in the folder of an incident`, "more paths were left out"} {
		if !strings.Contains(warned, want) {
			t.Errorf("no %q in %s", want, warned)
		}
	}
	if len(warned) > 2000 {
		t.Errorf("%d bytes of warnings", len(warned))
	}
	var shown struct{ Attachments []journal.Attachment }
	if err := json.Unmarshal([]byte(h.ask(t, "show", "--json", first).out), &shown); err != nil || len(shown.Attachments) != len(fine) {
		t.Errorf("%v, %+v", err, shown.Attachments)
	}
	h.writes(t)
	h.reads(t)
}

// TestHostileEntries has entries of kinds that have no business in a journal, and
// some that no tree can have.
func TestHostileEntries(t *testing.T) {
	t.Parallel()
	h := newHostile(t)
	b := h.blob(note)
	folder := h.tree(twig{"100644", "README.md", b})
	missing := strings.Repeat("01", 20)
	odd := []twig{
		{"120000", "link", h.blob("/etc/passwd")}, {"120000", "up", h.blob("../../../..")}, {"160000", "sub", missing},
		{"40000", "gone", missing}, {"100644", "gone.txt", missing}, {"40000", "notree", b}, {"100644", "noblob", folder},
		{"100644", "", b}, {"40000", "", folder}, {"0", "zero", b}, {"777777", "all", b}, {"100644", "null", strings.Repeat("0", 40)},
		{"100644", "twice", b}, {"100644", "twice", h.blob("other")}, {"40000", "twice", folder},
	}
	first := h.good[0]
	day := first[:11]
	h.plant("", false, odd...)
	h.plant(first[:4], false, odd...)
	h.plant(first[:4]+"/"+first[5:7]+"/"+first, false, append(odd, twig{"100644", "README.md", h.blob("second")}, twig{"40000", "README.md", folder})...)
	h.plant(first[:4]+"/"+first[5:7], false, append(odd,
		twig{"40000", day + "linked-aaaa", h.tree(twig{"120000", "README.md", h.blob("/etc/passwd")})},
		twig{"40000", day + "gone-bbbb", missing},
		twig{"40000", day + "gonenote-cccc", h.tree(twig{"100644", "README.md", missing})},
		twig{"120000", day + "link-dddd", h.blob("..")},
		twig{"160000", day + "sub-eeee", missing},
		twig{"100644", day + "file-ffff", b},
		twig{"40000", day + "folder-gggg", h.tree(twig{"40000", "README.md", folder})},
	)...)
	if warned := h.reads(t); !strings.Contains(warned, "/: there is an entry without a name") {
		t.Errorf("%s", warned)
	}
	h.writes(t)
	h.reads(t)
	for _, e := range h.entries(h.at(first[:4] + "/" + first[5:7])) {
		if a := h.ask(t, "show", e.name); !slices.Contains([]int{0, 1, 3, 4}, a.code) {
			t.Errorf("show %q ends with %d", e.name, a.code)
		}
	}
}

// TestTreesThatUnfold has kilobytes that are more paths than anybody can list.
func TestTreesThatUnfold(t *testing.T) {
	t.Parallel()
	h := newHostile(t)
	b := h.blob(note)
	var wide []twig
	for i := range 10 {
		wide = append(wide, twig{"100644", fmt.Sprint(i), b})
	}
	bomb := h.tree(wide...)
	for range 9 {
		for i := range wide {
			wide[i] = twig{"40000", fmt.Sprint(i), bomb}
		}
		bomb = h.tree(wide...)
	}
	deep := bomb
	for range 200 {
		deep = h.tree(twig{"40000", "d", deep})
	}
	first := h.good[0]
	month := first[:4] + "/" + first[5:7]
	// Every month of every year, and in each the same incidents, whose folders hold the rest.
	id := h.tree(twig{"100644", "README.md", b}, twig{"40000", "bomb", bomb})
	var ids, months, years []twig
	for i := range 300 {
		ids = append(ids, twig{"40000", fmt.Sprintf("1999-01-01-x-%04d", 1000+i), id})
	}
	same := h.tree(ids...)
	for i := range 100 {
		months = append(months, twig{"40000", fmt.Sprintf("%02d", i), same})
	}
	year := h.tree(months...)
	for i := range 900 {
		years = append(years, twig{"40000", fmt.Sprintf("1%03d", i), year})
	}
	h.plant("", true, append(years, twig{"40000", "1999", year}, twig{"40000", "bomb", bomb}, twig{"40000", "deep", deep})...)
	h.plant(first[:4], false, twig{"40000", "99", bomb}, twig{"40000", "98", deep})
	h.plant(month, false, twig{"40000", "bomb", bomb}, twig{"40000", first[:11] + "bomb-aaaa", bomb})
	h.plant(month+"/"+first, false, twig{"40000", "bomb", bomb}, twig{"40000", "deep", deep})
	h.reads(t)
	h.writes(t)
	h.reads(t)
}

// TestFoldersThatStandTwice has a year twice, and a file of its name before it.
func TestFoldersThatStandTwice(t *testing.T) {
	t.Parallel()
	h := newHostile(t)
	b := h.blob(note)
	folder := h.tree(twig{"100644", "README.md", b})
	year, month := h.good[0][:4], h.good[0][5:7]
	evil := h.good[0][:11] + "evil-aaaa"
	other := h.tree(twig{"40000", month, h.tree(twig{"40000", evil, folder})})
	h.plant("", true, twig{"100644", year, b}, twig{"40000", year, other}, twig{"40000", year, h.tree(twig{"100644", month, b})})
	h.plant(year, true) // the first one
	h.reads(t)
	if a := h.ask(t, "show", evil); a.code != 0 {
		t.Errorf("%d %s", a.code, a.err)
	}
	for _, id := range h.good {
		if a := h.ask(t, "log", "-i", id, "still writing"); a.code != 0 {
			t.Errorf("%d %s", a.code, a.err)
		}
		if a := h.ask(t, "show", id); !strings.Contains(a.out, "still writing") || !strings.Contains(a.out, goodWords) {
			t.Errorf("%s", a.out)
		}
	}
	h.reads(t)
	if a := h.ask(t, "show", evil); a.code != 0 {
		t.Errorf("writing lost it: %d %s", a.code, a.err)
	}
}

// TestNotesThatLie has notes that say what they are not, and notes that cost.
func TestNotesThatLie(t *testing.T) {
	t.Parallel()
	h := newHostile(t)
	first := h.good[0]
	year, month, day := first[:4], first[5:7], first[:11]
	good := h.at(year + "/" + month + "/" + first)
	head := "---\nschema: 1\ntitle: evil\nstatus: open\n"
	aliases := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'l'; c++ {
		aliases += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.Repeat(fmt.Sprintf("*%c,", c-1), 9))
	}
	notes := map[string]string{
		"source-0001":   head + "source: {id: " + h.good[1] + ", url: \"javascript:alert(1)\"}\nid: " + h.good[2] + "\n---\n",
		"copied-0002":   h.ask(t, "show", "--raw", h.good[1]).out,
		"revision-0003": head + "---\n\n## Timeline\n\n- x <!-- e:aaaaaa r9223372036854775808 -->\n- y <!-- e:aaaaaa r99999999999999999999 -->\n<!-- x:bbbbbb r9223372036854775808 -->\n",
		"bytes-0004":    head + "---\n\n\xff\xfe\n",
		"nul-0005":      head + "---\n\n\x00\n",
		"bomb-0006":     head + aliases + "---\n",
		"flow-0007":     head + "x: " + strings.Repeat("[", 30_000) + strings.Repeat("]", 30_000) + "\n---\n",
		"keys-0008":     head + strings.Repeat("x: 1\n", 12_000) + "---\n",
		"header-0009":   head + strings.Repeat("# \n", 30_000) + "---\n",
		"loud-000a":     "---\nschema: 1\ntitle: \"\\x1b]0;owned\\x07\\u202e\\u200b\\u2028\"\nstatus: open\nseverity: \"\\x9b2J\"\nservices: [\"\\x1b[31m\"]\n---\n\n\x1b[2J\u202e\n",
		"status-000b":   "---\nschema: 1\ntitle: x\nstatus: \"" + strings.Repeat("\u202e", 15_000) + "\"\n---\n",
		"schema-000c":   "---\nschema: 99999999999999999999999999\ntitle: x\n---\n",
		"when-000d":     head + "times: {began: 9999-12-31T23:59:59-23:59, noticed: 0001-01-01T00:00:00+23:59}\n---\n",
		"markdown-000e": head + "---\n\n## What happened\n\n" + strings.Repeat(">", 100_000) + "\n\n" + strings.Repeat("- ", 100_000) + "\n\n" + strings.Repeat("[a](", 50_000) + "\n",
		"large-000f":    head + "---\n\n" + strings.Repeat("x", journal.MaxNote),
	}
	var more []twig
	for name, text := range notes {
		more = append(more, twig{"40000", day + name, h.tree(twig{"100644", "README.md", h.blob(text)})})
	}
	huge := h.object("blob", make([]byte, 200<<20))
	more = append(more,
		twig{"40000", day + "huge-000g", h.tree(twig{"100644", "README.md", huge})},
		twig{"40000", day + "beside-000h", h.tree(twig{"100644", "README.md", h.blob(note)}, twig{"100644", "huge.bin", huge})},
		twig{"40000", day + "folder-000j", good}, // a good one under another name
		twig{"40000", "1999-01-01-wrong-000k", good},
		twig{"40000", year + "-99-01-wrong-000m", good},
	)
	h.plant(year+"/"+month, false, more...)
	if warned := h.reads(t); !strings.Contains(warned, "1999-01-01-wrong-000k: it is not in the folder of an incident") {
		t.Errorf("%s", warned)
	}
	for _, e := range more {
		if a := h.ask(t, "show", e.name); a.code > 3 {
			t.Errorf("show %s ends with %d", e.name, a.code)
		}
	}
	if a := h.ask(t, "list"); len(a.out) > 10_000 || !strings.Contains(a.out, "cannot be read: the note is larger than 1 MiB") {
		t.Errorf("%d bytes\n%.1000s", len(a.out), a.out)
	}
	h.writes(t)
	if a := h.ask(t, "show", h.good[1]); strings.Count(a.out, goodWords) != 1 {
		t.Errorf("a copied incident changed what it was copied from:\n%s", a.out)
	}
	h.run("git", "-c", "core.bigFileThreshold=1m", "repack", "-adq")
	h.reads(t)
}

func TestHostileCommits(t *testing.T) {
	t.Parallel()
	h := newHostile(t)
	for _, rest := range []string{
		"author Eve <e> 99999999999999999999999 +0000\ncommitter Eve <e> 99999999999999999999999 +0000\n\nx\n",
		"author Eve <e> 9223372036854775807 +0000\ncommitter Eve <e> 9223372036854775807 +0000\n\nx\n",
		"author Eve <e> -5 +9999\ncommitter Eve <e> -5 +9999\n\nx\n",
		"author\ncommitter\n\nx\n",
		"\nx\n",
		"author Eve <e> 1 +0\ncommitter Eve <e> 1 +0\nencoding \x1b[31m\n\nx\n",
		"author Eve <e> 1 +0\ncommitter Eve <e> 1 +0\n\na\x00b\n\nIncident: x\n",
		"author Eve <e> 1 +0\ncommitter Eve <e> 1 +0\n\n\x1b[31m\xff\n\nIncident: ../../x\nIncident-Entry: \x1b\nIncident-Change: y\n z\nIncident-Change:\n",
		"author Eve <e> 1 +0\ncommitter Eve <e> 1 +0\n\n" + strings.Repeat("x", 1<<20) + "\n\n" + strings.Repeat("Incident-Change: 0123456789abcdef\n", 50_000),
	} {
		h.land("tree " + h.root() + "\nparent " + h.tip() + "\n" + rest)
		for _, args := range [][]string{{"list"}, {"show", h.good[0]}, {"log", "-i", h.good[0], "still writing"}} {
			if a := h.ask(t, args...); a.code != 0 {
				t.Errorf("%.100q: %q ends with %d: %s", rest, args, a.code, a.err)
			}
		}
		h.land("tree " + h.root() + "\nparent " + h.tip() + "\n" + rest)
		h.site(t)
	}
	h.reads(t)
	h.writes(t)
}

// TestNothingInTheJournalIsConfiguration plants files that mean something to git
// or to us elsewhere, and traps in the configuration and the directory.
func TestNothingInTheJournalIsConfiguration(t *testing.T) {
	t.Parallel()
	h := newHostile(t)
	canary := filepath.Join(t.TempDir(), "canary")
	trap := "touch " + canary
	script := h.blob("#!/bin/sh\n" + trap + "\n")
	settings := h.blob("[core]\n\tfsmonitor = " + trap + "\n\tpager = " + trap + "\n\thooksPath = hooks\n[alias]\n\tls-tree = !" + trap + "\n[incident]\n\tbranch = evil\n\ttitle = EVIL\n")
	hooks := h.tree(twig{"100755", "post-commit", script}, twig{"100755", "reference-transaction", script})
	files := []twig{
		{"100644", ".gitattributes", h.blob("* filter=evil diff=evil merge=evil\n")}, {"100644", ".gitconfig", settings}, {"100644", ".gitmodules", h.blob("[submodule \"x\"]\n\tpath = x\n\turl = --upload-pack=" + trap + "\n")},
		{"100644", ".incident.yml", h.blob("title: EVIL\nbranch: evil\n")}, {"100644", ".mailmap", h.blob("Eve <eve@example.com> Ada <ada@example.com>\n")}, {"40000", ".git", h.tree(twig{"100644", "config", settings}, twig{"40000", "hooks", hooks})}, {"40000", "hooks", hooks},
	}
	first := h.good[0]
	h.plant("", true, files...)
	h.plant(first[:4]+"/"+first[5:7]+"/"+first, true, files...)
	for key, value := range map[string]string{
		"core.fsmonitor": trap, "core.pager": trap, "pager.log": trap, "pager.ls-tree": trap, "alias.ls-tree": "!" + trap, "alias.cat-file": "!" + trap,
		"alias.log": "!" + trap, "diff.external": trap, "diff.evil.textconv": trap, "diff.evil.command": trap, "filter.evil.clean": trap, "filter.evil.smudge": trap,
		"filter.evil.process": trap, "merge.evil.driver": trap, "credential.helper": "!" + trap, "core.sshCommand": trap, "core.askPass": trap, "gpg.program": trap,
		"log.showSignature": "true", "interactive.diffFilter": trap, "sequence.editor": trap, "trailer.incident.command": trap, "trailer.incident.cmd": trap,
	} {
		h.run("git", "config", key, value)
	}
	for _, name := range []string{"git", "git.bat", "git.exe", "git-incident", "sh", "less"} {
		h.executable(name, trap)
	}
	h.executable(".git/hooks/post-checkout", trap)
	names := []string{"--upload-pack=touch x", "-rf", "$(touch x)", ";touch x", "x\ny", "`touch x`", "|touch x"}
	for _, name := range names {
		h.executable(name, trap)
		for _, args := range [][]string{{"attach", "-i", first, "--", name}, {"attach", "-i", first, "./" + name}, {"attach", "-i", first, "--name", name, "./" + name}, {"show", "--", name}, {"search", "--", name}, {"log", "-i", first, "--", name}, {"log", "-i", name, "x"}} {
			h.ask(t, args...)
		}
	}
	h.reads(t)
	h.writes(t)
	h.env = append(h.env, "GIT_EDITOR=true")
	h.ask(t, "edit", first)
	page := h.ask(t, "show", "--json", first).out
	if strings.Count(page, "\"hash\"") == 0 && !strings.Contains(page, "attachments") {
		t.Errorf("nothing was attached: %s", page)
	}
	h.env = append(h.env, "PATH=.:"+os.Getenv("PATH"))
	h.ask(t, "list")
	for _, file := range []string{canary, filepath.Join(h.dir, "x"), filepath.Join(h.dir, "y")} {
		if _, err := os.Lstat(file); err == nil {
			t.Errorf("%s was made", filepath.Base(file))
		}
	}
	if strings.Contains(page, "EVIL") {
		t.Error("the journal configured something")
	}
	h.run("git", "status")
	if _, err := os.Lstat(canary); err != nil {
		t.Errorf("the traps do not work: %v", err)
	}
}

func (h *hostile) executable(name, command string) {
	h.Helper()
	if err := os.WriteFile(filepath.Join(h.dir, name), []byte("#!/bin/sh\n"+command+"\n"), 0o777); err != nil {
		h.Fatal(err)
	}
}
