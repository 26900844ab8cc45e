package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

const (
	maxAnswer = 32 << 20               // bytes: some hundred thousand refs
	maxWords  = 4 << 10                // bytes of stderr
	grace     = 400 * time.Millisecond // for a child that was asked to end, and for what holds its pipes
	rest      = 100 * time.Millisecond // for its children, once it has ended
	patience  = 2 * time.Minute        // with a person who is asked for a password
)

// conversation is one run of git that talks to a remote.
type conversation struct {
	step   string // for people
	remote string
	config []string // key=value, for this run
	args   []string // subcommand first
}

// converse runs git in a session of its own, where nothing can ask anybody, and
// ends all of it when the time is over. If it wants a password and there is a
// person to ask, it runs once more at the terminal. The answer is valid even with
// a [*NetworkError].
func (r *Repo) converse(ctx context.Context, n Network, c conversation) (answer string, err error) {
	if err := r.checkRemote(c.remote); err != nil {
		return "", fmt.Errorf("%s: %w", c.step, err)
	}
	answer, err = r.attempt(ctx, n.Timeout, c, nil)
	var failed *NetworkError
	if !n.Prompt || !errors.As(err, &failed) || failed.Cause != NeedsPassword && failed.Cause != HostKey {
		return answer, err
	}
	terminal, missing := openTerminal()
	if missing != nil {
		return answer, err
	}
	defer terminal.Close()
	return r.attempt(ctx, patience, c, terminal)
}

// attempt is one run, apart from everything or at the user's terminal.
func (r *Repo) attempt(ctx context.Context, timeout time.Duration, c conversation, terminal *os.File) (string, error) {
	limited := ctx
	if timeout > 0 {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	cmd := r.command(limited, call{args: c.line(), flush: true})
	answer, words := &bounded{}, &tail{}
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = answer, words, grace
	var err error
	if terminal != nil {
		err = runAtTerminal(cmd, terminal)
	} else {
		err = runApart(limited, cmd)
	}
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil // something in the background, like a shared ssh connection, keeps stderr
	}
	return answer.String(), r.blame(ctx, limited, c, words.String(), err)
}

// line gives the arguments. No remote can make git run a program of its choice:
// these two transports would.
func (c conversation) line() []string {
	args := []string{"-c", "maintenance.auto=false", "-c", "protocol.ext.allow=never", "-c", "protocol.fd.allow=never"}
	for _, setting := range c.config {
		args = append(args, "-c", setting)
	}
	return append(args, c.args...)
}

// blame turns the result of a conversation into an error for callers.
func (r *Repo) blame(ctx, limited context.Context, c conversation, stderr string, err error) error {
	failed := &NetworkError{Step: c.step, Remote: r.URL(c.remote), Stderr: strings.TrimSpace(stderr)}
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case errors.Is(limited.Err(), context.DeadlineExceeded):
		failed.Cause = TimedOut
	case ctx.Err() != nil:
		return fmt.Errorf("%s %s: %w", c.step, failed.Remote, ctx.Err())
	case errors.As(err, &exit):
		failed.Cause = cause(stderr)
	default:
		return fmt.Errorf("%s %s: %w", c.step, failed.Remote, err)
	}
	return failed
}

// errLong says that a remote has more to tell than anybody wants to hear.
var errLong = errors.New("the answer is too long")

// bounded keeps what git prints, up to a limit.
type bounded struct{ bytes.Buffer }

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxAnswer {
		return 0, errLong
	}
	return b.Buffer.Write(p)
}

// tail keeps the end of what is written: git says last why it stops.
type tail struct{ kept []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.kept = append(t.kept, p...)
	if over := len(t.kept) - maxWords; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	return len(p), nil
}

func (t *tail) String() string { return string(t.kept) }
