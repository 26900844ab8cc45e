package git

import (
	"io"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestEditorIsAShellLine(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("sed")
	}
	s := newRepo(t)
	s.write("my note.md", "one\n")
	path := filepath.Join(s.dir, "my note.md")
	r := s.with(`GIT_EDITOR=echo hi; f() { sed -i "s/one/$1/" "$2"; }; f "t w o"`).open()
	var out strings.Builder
	if err := r.Edit(t.Context(), path, Streams{In: strings.NewReader(""), Out: &out, Err: io.Discard}); err != nil {
		t.Fatal(err)
	}
	if got := s.file("my note.md"); got != "t w o\n" || out.String() != "hi\n" {
		t.Errorf("%q, printed %q", got, out.String())
	}
	if err := s.with("GIT_EDITOR=false").open().Edit(t.Context(), path, Streams{}); err == nil {
		t.Error("an editor that fails passes")
	}
	if err := s.with("TERM=dumb").open().Edit(t.Context(), path, Streams{}); err == nil || !strings.Contains(err.Error(), "GIT_EDITOR") {
		t.Errorf("no editor: %v", err)
	}
}

func TestPager(t *testing.T) {
	s := newRepo(t)
	for setting, want := range map[string]string{"cat": "text", "": "text", `sed "s/^/$LESS: /"`: "FRX: text"} {
		var out strings.Builder
		w := must(s.with("GIT_PAGER="+setting).open().Page(t.Context(), Streams{Out: &out, Err: io.Discard}))(t)
		if _, err := io.WriteString(w, "text"); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil || out.String() != want {
			t.Errorf("pager %q: %q, %v", setting, out.String(), err)
		}
	}
}
