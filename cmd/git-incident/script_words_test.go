package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"git-incident/journal"
)

// scriptWords are what scripts say beyond the words of testscript.
var scriptWords = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"exits":   exits,
	"as":      as,
	"nowhere": nowhere,
	"is-json": isJSON,
	"fill":    fill,
	"bytes":   bytesOf,

	"cmp-refs": compareRefs,
}

// exits CODE COMMAND... runs a command that must end with this code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND...")
	}
	got := 0
	err := ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if want := args[0]; strconv.Itoa(got) != want {
		ts.Fatalf("exit code %d, not %s", got, want)
	}
}

// as NAME remembers the id that a command printed: $NAME is how people type it,
// $NAME_ID the whole of it.
func as(ts *testscript.TestScript, neg bool, args []string) {
	id := strings.TrimSpace(ts.ReadFile("stdout"))
	if neg || len(args) != 1 || !journal.ValidID(id) {
		ts.Fatalf("usage: as NAME, after a command that printed an id, not %q", id)
	}
	ts.Setenv(args[0], journal.ShortID(id))
	ts.Setenv(args[0]+"_ID", id)
}

// nowhere VALUE looks for a value in what was printed, in every object of the
// repository we stand in, and in every file of the journal's folder.
func nowhere(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: nowhere VALUE")
	}
	places := map[string]string{"stdout": ts.ReadFile("stdout"), "stderr": ts.ReadFile("stderr")}
	ts.Check(ts.Exec("git", "rev-parse", "--path-format=absolute", "--git-common-dir"))
	dir := strings.TrimSpace(ts.ReadFile("stdout"))
	ts.Check(ts.Exec("git", "cat-file", "--batch-all-objects", "--batch"))
	places["the objects"] = ts.ReadFile("stdout")
	ts.Check(filepath.WalkDir(filepath.Join(dir, "incident"), func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || err == nil && !d.Type().IsRegular() {
			return nil
		}
		if err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		places[path] = string(content)
		return err
	}))
	for where, text := range places {
		if strings.Contains(text, args[0]) {
			ts.Fatalf("%q stands in %s", args[0], where)
		}
	}
}

// is-json says that standard output is one JSON value.
func isJSON(ts *testscript.TestScript, neg bool, _ []string) {
	if neg || !json.Valid([]byte(ts.ReadFile("stdout"))) {
		ts.Fatalf("standard output is not JSON")
	}
}

// fill FILE BYTES LINE makes a file of so many bytes out of one line.
func fill(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: fill FILE BYTES LINE")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	line := args[2] + "\n"
	text := strings.Repeat(line, n/len(line)+1)[:n]
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o666))
}

// bytes FILE TEXT writes a Go string, which can hold any bytes.
func bytesOf(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: bytes FILE TEXT")
	}
	text, err := strconv.Unquote(`"` + args[1] + `"`)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o666))
}

// cmp-refs DIR BRANCH compares a branch here with the same one of another
// repository.
func compareRefs(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: cmp-refs DIR BRANCH")
	}
	ts.Check(ts.Exec("git", "rev-parse", args[1]))
	here := ts.ReadFile("stdout")
	ts.Check(ts.Exec("git", "-C", args[0], "rev-parse", args[1]))
	if there := ts.ReadFile("stdout"); here != there {
		ts.Fatalf("%s is %s here and %s in %s", args[1], here, there, args[0])
	}
}
