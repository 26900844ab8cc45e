package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// root is the checkout, seen from this package.
const root = "../.."

const module = "git-incident"

// rooms are the packages of the house, and which of the others each may import.
var rooms = map[string][]string{
	"cmd/git-incident": {"hooks", "journal", "journal/git", "journal/store", "site"},
	"site":             {"journal"},
	"hooks":            {"journal"},
	"journal/store":    {"journal", "journal/git"},
	"journal/git":      {},
	"journal":          {},
}

// doors are imports that only some packages may have; so may what lies below the
// path, unless it has a door of its own. Those without a package nobody may have.
var doors = map[string][]string{
	"os/exec":                       {"journal/git"},
	"github.com/go-git/go-billy/v5": {"journal/git"},
	"github.com/go-git/go-git/v5/":  {"journal/git"},
	"github.com/go-git/go-git/v5":   {}, // see unlinked
	"github.com/urfave/cli":         {"cmd/git-incident"},
	"html/template":                 {"site"},
	"text/template":                 {}, // escapes nothing
	"github.com/yuin/goldmark":      {"journal", "site"},
}

// unlinked is what the program does without, so that every start is fast.
var unlinked = []string{
	"testing",
	"github.com/go-git/go-git/v5", // the root package: 2 ms and 8 MB
	"github.com/alecthomas/chroma/v2",
	"github.com/alecthomas/chroma/v2/lexers",
	"github.com/alecthomas/chroma/v2/styles", // 16 ms
	"github.com/microcosm-cc/bluemonday",     // 2 ms; it is the oracle in the tests
	"github.com/chromedp/chromedp",
}

// processOnly is what enters the program in main.go, as values, and nowhere else.
var processOnly = map[string][]string{
	"os": {
		"Args", "Environ", "Exit", "ExpandEnv", "Getenv", "Getwd", "LookupEnv",
		"Stderr", "Stdin", "Stdout", "UserCacheDir", "UserConfigDir", "UserHomeDir",
	},
	"time": {"Now", "Since", "Until"},
	"log":  {"Fatal", "Fatalf", "Fatalln"},
}

// TestTopLevel keeps the front of the house as it is.
func TestTopLevel(t *testing.T) {
	fixed := []string{"cmd", "hooks", "journal", "site", "go.mod", "go.sum", "install.sh", "README.md"}
	for _, file := range checkedIn(t, root) {
		first, _, _ := strings.Cut(file, "/")
		if !strings.HasPrefix(first, ".") && !slices.Contains(fixed, first) {
			t.Errorf("%s does not belong at the top level", first)
		}
	}
}

// TestArrows holds which package may import which, on every system.
func TestArrows(t *testing.T) {
	for _, f := range sources(t) {
		allowed, known := rooms[f.room]
		if !known {
			t.Errorf("%s: %s is no package of the house; say in rooms what it may import", f.name, f.room)
		}
		for imported, name := range f.imports {
			if name == "." {
				t.Errorf("%s: import . %q hides where names come from", f.name, imported)
			}
			ours, isOurs := strings.CutPrefix(imported, module+"/")
			if isOurs && !slices.Contains(allowed, ours) {
				t.Errorf("%s: %s may not import %s", f.name, f.room, ours)
			}
			if door, who := doorOf(imported); door != "" && !slices.Contains(who, f.room) {
				t.Errorf("%s: %s may not import %s; only %q may", f.name, f.room, imported, who)
			}
		}
	}
}

// doorOf is the narrowest door that an import goes through.
func doorOf(imported string) (door string, who []string) {
	for d, packages := range doors {
		below := strings.TrimSuffix(d, "/") + "/"
		if (imported == d || strings.HasPrefix(imported, below)) && len(d) > len(door) {
			door, who = d, packages
		}
	}
	if exact, ok := doors[imported]; ok {
		return imported, exact
	}
	return door, who
}

// TestProcess finds reads of the clock and of the environment.
func TestProcess(t *testing.T) {
	for _, f := range sources(t) {
		if f.name == "cmd/git-incident/main.go" {
			continue
		}
		local := map[string]string{} // name in this file to package
		for imported, name := range f.imports {
			if name == "" {
				name = path.Base(imported)
			}
			local[name] = imported
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok && slices.Contains(processOnly[local[x.Name]], sel.Sel.Name) {
				t.Errorf("%s:%d: %s.%s belongs in main.go", f.name, f.line(sel), x.Name, sel.Sel.Name)
			}
			return true
		})
	}
}

// TestLinked looks at what is in the program, however it came there.
func TestLinked(t *testing.T) {
	cmd := exec.Command("go", "list", "-deps", "-tags", "urfave_cli_no_docs", ".")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	packages := strings.Fields(string(out))
	if !slices.Contains(packages, module+"/journal") {
		t.Fatalf("go list gives %d packages, and the journal is not among them", len(packages))
	}
	for _, p := range packages {
		if slices.Contains(unlinked, p) {
			t.Errorf("%s is linked into the program", p)
		}
	}
}

// TestNoMachine finds paths of the machine on which something was written.
func TestNoMachine(t *testing.T) {
	places := []string{"/" + "work/", "/" + "root/", "/" + "Users/"}
	for _, find := range []func() (string, error){os.UserHomeDir, func() (string, error) { return filepath.Abs(root) }} {
		if dir, err := find(); err == nil && strings.Count(dir, "/") > 1 {
			places = append(places, dir+"/")
		}
	}
	for _, file := range checkedIn(t, root) {
		content, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			continue // deleted, but not yet committed
		}
		for _, place := range places {
			if i := bytes.Index(content, []byte(place)); i >= 0 {
				t.Errorf("%s:%d: %s is on one machine only", file, bytes.Count(content[:i], []byte("\n"))+1, place)
			}
		}
	}
}

// source is a file that goes into the program on some system.
type source struct {
	name, room string            // below the root, with slashes
	imports    map[string]string // path to the name it is given, "" for its own
	syntax     *ast.File
	set        *token.FileSet
}

func (s source) line(n ast.Node) int { return s.set.Position(n.Pos()).Line }

func sources(t *testing.T) (list []source) {
	t.Helper()
	for _, name := range checkedIn(t, root) {
		if path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || strings.Contains(name, "testdata/") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			continue // deleted, but not yet committed
		}
		s := source{name: name, room: path.Dir(name), imports: map[string]string{}, set: token.NewFileSet()}
		if s.syntax, err = parser.ParseFile(s.set, name, text, parser.SkipObjectResolution); err != nil {
			t.Fatal(err)
		}
		for _, i := range s.syntax.Imports {
			p, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			s.imports[p] = ""
			if i.Name != nil {
				s.imports[p] = i.Name.Name
			}
		}
		list = append(list, s)
	}
	if len(list) == 0 {
		t.Fatal("there are no sources; the test tests nothing")
	}
	return list
}

// checkedIn are the files of a checkout that are in git or would be with git add.
func checkedIn(t *testing.T, dir string) []string {
	t.Helper()
	cmd := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("git ls-files in %s: %v", dir, err)
	}
	files := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	slices.Sort(files)
	return slices.Compact(files)
}
