package store

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"git-incident/journal"
	"git-incident/journal/git"
)

func TestMain(m *testing.M) {
	if os.Getenv(roleVariable) != "" {
		os.Exit(playRole())
	}
	os.Exit(m.Run())
}

// sandbox is a directory with git in a clean environment.
type sandbox struct {
	t   testing.TB
	dir string
	env []string
}

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func newSandbox(t testing.TB) sandbox {
	t.Helper()
	home := t.TempDir()
	config := filepath.Join(home, "gitconfig")
	text := "[user]\n\tname = Ada\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n[protocol \"file\"]\n\tallow = always\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "LC_ALL=C", "TMPDIR=" + t.TempDir(),
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + config}
	return sandbox{t: t, dir: t.TempDir(), env: env}
}

// newRepo is a sandbox with a repository that has one commit.
func newRepo(t testing.TB) sandbox {
	t.Helper()
	s := newSandbox(t)
	s.git("init", "-q")
	s.commit("app.txt", "one\n")
	return s
}

func (s sandbox) in(dir string) sandbox {
	s.dir = dir
	return s
}

func (s sandbox) with(env ...string) sandbox {
	s.env = append(s.env[:len(s.env):len(s.env)], env...)
	return s
}

func (s sandbox) git(args ...string) string {
	s.t.Helper()
	out, err := s.try("git", args...)
	if err != nil {
		s.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

func (s sandbox) try(name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = s.dir, s.env
	out, err := cmd.CombinedOutput()
	return strings.TrimSuffix(string(out), "\n"), err
}

func (s sandbox) path(name string) string { return filepath.Join(s.dir, name) }

func (s sandbox) write(name, content string) {
	s.t.Helper()
	if err := os.MkdirAll(filepath.Dir(s.path(name)), 0o755); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(s.path(name), []byte(content), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

func (s sandbox) commit(name, content string) {
	s.t.Helper()
	s.write(name, content)
	s.git("add", name)
	s.git("commit", "-q", "-m", "add "+name)
}

// clone is a second clone, by git's own transport.
func (s sandbox) clone(flags ...string) sandbox {
	s.t.Helper()
	dir := filepath.Join(s.t.TempDir(), "clone")
	s.git(append(append([]string{"clone", "-q", "--no-single-branch"}, flags...), "file://"+s.dir, dir)...)
	return s.in(dir)
}

// open opens the journal as a new process would. Its clock moves by itself.
func (s sandbox) open() *Journal {
	s.t.Helper()
	repo, err := git.Open(s.t.Context(), s.dir, s.env)
	if err != nil {
		s.t.Fatal(err)
	}
	now := noon
	j, err := Open(repo, func() time.Time { now = now.Add(time.Millisecond); return now })
	if err != nil {
		s.t.Fatal(err)
	}
	return j
}

// print is a checksum of the work tree, the index, HEAD and `git status`.
func (s sandbox) print() string {
	s.t.Helper()
	sum := sha256.New()
	for _, name := range []string{"index", "HEAD"} {
		content, _ := os.ReadFile(s.git("rev-parse", "--path-format=absolute", "--git-path", name))
		fmt.Fprintf(sum, "%s %x\n", name, sha256.Sum256(content))
	}
	if s.git("rev-parse", "--is-bare-repository") == "true" {
		return fmt.Sprintf("%x", sum.Sum(nil))
	}
	fmt.Fprintln(sum, s.git("--no-optional-locks", "status", "--porcelain=v2", "--branch"))
	err := filepath.WalkDir(s.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() == ".git" {
			return filepath.SkipDir
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		content, _ := os.ReadFile(path)
		fmt.Fprintf(sum, "%s %s %s %x\n", path, info.Mode(), info.ModTime(), sha256.Sum256(content))
		return nil
	})
	if err != nil && err != filepath.SkipDir {
		s.t.Fatal(err)
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

// fsck fails the test when git finds anything wrong with what is reachable.
func (s sandbox) fsck() {
	s.t.Helper()
	if out, err := s.try("git", "fsck", "--strict", "--full", "--no-dangling"); err != nil || strings.Contains(out, "warning") || strings.Contains(out, "error") {
		s.t.Errorf("fsck: %v\n%s", err, out)
	}
}

// must ends the test if there was an error.
func must[T any](value T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

var serial int

// token is as many different characters of an id as one test binary needs.
func token(n int) string {
	serial++
	random := make([]byte, n)
	for i, v := 0, serial; i < n; i, v = i+1, v/32 {
		random[n-1-i] = byte(v % 32)
	}
	return journal.Token(random)
}

func change(id, verb, summary string) journal.Change {
	return journal.Change{ID: token(journal.ChangeIDLen), Incident: id, At: noon.In(time.FixedZone("", 3600)), Verb: verb, Summary: summary}
}

func startChange(title string) journal.Change {
	c := change(journal.NewID(noon, title, token(journal.IncidentTokenLen)), "start", title)
	c.Start = &journal.Start{Title: title, Kind: journal.KindIncident, Visibility: journal.VisibilityTeam}
	return c
}

func logChange(id, text string) journal.Change {
	c := change(id, "log", text)
	c.Log = []journal.Event{{ID: token(journal.EntryIDLen), Rev: 1, At: journal.When{Time: c.At}, Text: text}}
	return c
}

func setChange(id, key string, values ...string) journal.Change {
	c := change(id, "set", key)
	c.Set = []journal.Set{{Key: key, Values: values}}
	return c
}

// applied writes a change and expects it to land.
func applied(t testing.TB, j *Journal, c journal.Change) Receipt {
	t.Helper()
	receipt := must(j.Write(t.Context(), c, nil))(t)
	if !receipt.Spooled || !receipt.Applied || receipt.Waiting != nil || len(receipt.Stuck) > 0 {
		t.Fatalf("receipt %+v", receipt)
	}
	return receipt
}

// started gives the id of a new incident on the branch.
func started(t testing.TB, j *Journal, title string) string {
	t.Helper()
	c := startChange(title)
	applied(t, j, c)
	return c.Incident
}

// texts are the timeline of an incident as a fresh process reads it.
func texts(s sandbox, id string) []string {
	s.t.Helper()
	note := must(s.open().Read(s.t.Context(), id))(s.t)
	if note.Err != nil {
		s.t.Fatal(note.Err)
	}
	var list []string
	for _, e := range note.Incident.Timeline {
		list = append(list, e.Text)
	}
	return list
}

// waiting are the names in a folder of the spool.
func waiting(s sandbox, dir string) []string {
	s.t.Helper()
	return must(recordNames(s.open().path(dir)))(s.t)
}
