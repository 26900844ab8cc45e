package journal

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// gitMerge merges three texts by git. clean is false if it left conflicts.
func gitMerge(t *rapid.T, dir, was, x, y string) (merged string, clean bool) {
	for name, text := range map[string]string{"base": was, "x": x, "y": y} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("git", "merge-file", "-p", "--diff3", "x", "base", "y")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_DIR="+filepath.Join(dir, "none"), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() > 127) {
		t.Fatal(err)
	}
	return string(out), err == nil
}

// edits draws what somebody made of lines: some gone, some changed, some new.
func edits(t *rapid.T, in []string, label string, word func() string) []string {
	var out []string
	for _, l := range in {
		switch rapid.SampledFrom([]string{"keep", "keep", "keep", "keep", "take", "change", "add"}).Draw(t, label) {
		case "keep":
			out = append(out, l)
		case "change":
			out = append(out, word())
		case "add":
			out = append(out, word(), l)
		}
	}
	return out
}

func textOf(lines []string) string { return strings.Join(lines, "\n") + "\n" }

// TestProseMergesAsGitMerges compares with git where lines say different things.
// Where git merges, so do we, to the same text but for the newlines at its end.
// Where git does not, no line of either side is missing. We keep less apart than
// git in two ways: what one side took out and the other changed is no conflict,
// and changes of lines next to each other may be none.
func TestProseMergesAsGitMerges(t *testing.T) {
	dir := t.TempDir()
	manyCases(t, 300, func(t *rapid.T) {
		count := 0
		fresh := func() string { count++; return "line " + string(rune('a'+count%26)) + strings.Repeat("i", count/26) }
		was := []string{"the first line"}
		for range rapid.IntRange(1, 12).Draw(t, "lines") {
			was = append(was, fresh())
		}
		x, y := edits(t, was, "x", fresh), edits(t, was, "y", fresh)
		base, a, b := textOf(was), textOf(x), textOf(y)
		want, clean := gitMerge(t, dir, base, a, b)
		got := MergeText(base, a, b)
		if clean && strings.TrimSpace(got) != strings.TrimSpace(want) {
			t.Fatalf("base\n%s\nx\n%s\ny\n%s\ngit has\n%s\nand we\n%s", base, a, b, want, got)
		}
		gone := map[string]bool{}
		for _, l := range was {
			gone[l] = true
		}
		for _, l := range append(x, y...) {
			if !gone[l] && !strings.Contains(got, l+"\n") {
				t.Fatalf("%q is missing in\n%s\nbase\n%s\nx\n%s\ny\n%s", l, got, base, a, b)
			}
		}
	})
}

// TestProseOfRepeatedLines has few lines that stand there often, so that git and
// we may find different pairs of them: nothing new is missing all the same.
func TestProseOfRepeatedLines(t *testing.T) {
	manyCases(t, 1_000, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.SampledFrom([]string{"", "a", "b", "```", "c"}), 1, 10)
		n := 0
		fresh := func() string { n++; return strings.Repeat("n", n) + "." }
		was := lines.Draw(t, "was")
		x, y := edits(t, was, "x", fresh), edits(t, was, "y", fresh)
		got := MergeText(textOf(was), textOf(x), textOf(y))
		for _, l := range append(x, y...) {
			if strings.HasSuffix(l, ".") && !strings.Contains("\n"+got, "\n"+l+"\n") {
				t.Fatalf("%q is missing in\n%s", l, got)
			}
		}
	})
}
