package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// ErrNoGit says that there is no git on the PATH.
var ErrNoGit = errors.New("git is not installed, or not on the PATH")

// CommandError is a git that ran and said no.
type CommandError struct {
	Command string // the subcommand, like "update-ref"
	Stderr  string // git's own words, without the newline at the end
	Code    int    // exit code; -1 when a signal ended it
}

func (e *CommandError) Error() string {
	if e.Stderr == "" {
		return fmt.Sprintf("git %s: exit code %d", e.Command, e.Code)
	}
	return fmt.Sprintf("git %s: %s", e.Command, e.Stderr)
}

// call is one run of git.
type call struct {
	args  []string // subcommand first
	stdin io.Reader
	env   []string // added to the environment
	flush bool     // flush objects and refs to disk before it returns
}

// name is the subcommand: settings may stand before it.
func (c call) name() string {
	for i := 0; i+1 < len(c.args); i += 2 {
		if c.args[i] != "-c" {
			return c.args[i]
		}
	}
	return c.args[len(c.args)-1]
}

// findGit looks for the binary once. A git that is only found in the current
// directory is refused by exec.LookPath.
func findGit() (string, error) {
	bin, err := exec.LookPath("git")
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrNoGit, err)
	}
	return bin, nil
}

// command prepares a child that a program reads.
func (r *Repo) command(ctx context.Context, c call) *exec.Cmd {
	args := []string{"-c", "core.fsmonitor=false", "-c", "gc.auto=0", "-c", "trailer.separators=:"}
	if c.flush {
		args = append(args, "-c", "core.fsync=objects,reference")
	}
	cmd := exec.CommandContext(ctx, r.bin, append(args, c.args...)...)
	cmd.Dir = r.dir
	cmd.Env = append(quiet(r.env), c.env...)
	cmd.Stdin = c.stdin
	return cmd
}

// run gives what git printed on stdout and stderr. The error is a
// [*CommandError] when git ran; stdout is valid even then.
func (r *Repo) run(ctx context.Context, c call) (stdout, stderr string, err error) {
	var out, errs bytes.Buffer
	cmd := r.command(ctx, c)
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	return out.String(), errs.String(), r.explain(ctx, c, errs.String(), err)
}

// explain turns the result of a finished child into an error for callers.
func (r *Repo) explain(ctx context.Context, c call, stderr string, err error) error {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("git %s: %w", c.name(), ctx.Err())
	case errors.As(err, &exit):
		return &CommandError{Command: c.name(), Stderr: strings.TrimSpace(stderr), Code: exit.ExitCode()}
	default:
		return fmt.Errorf("git %s: %w", c.name(), err)
	}
}

// output is run for callers that need stdout only.
func (r *Repo) output(ctx context.Context, args ...string) (string, error) {
	stdout, _, err := r.run(ctx, call{args: args})
	return stdout, err
}
