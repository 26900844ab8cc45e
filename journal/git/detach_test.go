package git

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestDetach has a program tell about itself: where it stands, its session, its
// streams, its environment.
func TestDetach(t *testing.T) {
	p := newPair(t)
	ctx := t.Context()
	told := filepath.Join(t.TempDir(), "told")
	script := `exec >"$1.tmp"; pwd; ps -o sid= -p $$ | tr -d " "; echo $$; (exec </dev/tty) 2>/dev/null && echo terminal
readlink /proc/$$/fd/0 /proc/$$/fd/2; echo "${GIT_INDEX_FILE-none}"; mv "$1.tmp" "$1"`
	p.sandbox = p.with("GIT_INDEX_FILE=/x")
	r := p.open()
	if err := r.Detach(ctx, must(r.findShell())(t), "-c", script, "sh", told); err != nil {
		t.Fatal(err)
	}
	var text []byte
	for end := time.Now().Add(limit); len(text) == 0 && time.Now().Before(end); time.Sleep(time.Millisecond) {
		text, _ = os.ReadFile(told)
	}
	line := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(line) != 6 || line[0] != p.dir || line[1] != line[2] || line[3] != "/dev/null" || line[4] != "/dev/null" || line[5] != "none" {
		t.Errorf("%q", line)
	}
	if err := r.Detach(ctx, filepath.Join(p.dir, "nothing")); err == nil {
		t.Error("a program that is not there was started")
	}
}
