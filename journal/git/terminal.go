package git

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
)

// Streams are the process's own, for a child that talks to a person.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Edit opens the file with this absolute path in the user's editor and waits
// until it is closed. Interrupts belong to the editor meanwhile, as under git.
func (r *Repo) Edit(ctx context.Context, path string, s Streams) error {
	if r.Editor == "" {
		return errors.New("there is no editor to open: set GIT_EDITOR, core.editor, VISUAL or EDITOR")
	}
	cmd, err := r.shell(context.WithoutCancel(ctx), r.Editor, path)
	if err != nil {
		return err
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = s.In, s.Out, s.Err
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("editor %q: %w", r.Editor, err)
	}
	return nil
}

// Page gives a writer that shows what is written in the user's pager. Close it
// to wait until the person leaves. Writing fails once they did: stop quietly.
// Interrupts belong to the pager meanwhile, which must not be left alone with the
// terminal.
// Without a pager (none set, or "cat") it writes to s.Out.
func (r *Repo) Page(ctx context.Context, s Streams) (io.WriteCloser, error) {
	if r.Pager == "" || r.Pager == "cat" {
		return plain{s.Out}, nil
	}
	cmd, err := r.shell(context.WithoutCancel(ctx), r.Pager)
	if err != nil {
		return nil, err
	}
	// What git sets, so that less leaves short texts on the screen and shows colour.
	for name, value := range map[string]string{"LESS": "FRX", "LV": "-c"} {
		if _, set := lookup(r.env, name); !set {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	cmd.Stdout, cmd.Stderr = s.Out, s.Err
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("pager %q: %w", r.Pager, err)
	}
	p := &pager{WriteCloser: in, cmd: cmd, interrupts: make(chan os.Signal, 1)}
	signal.Notify(p.interrupts, os.Interrupt)
	if err := cmd.Start(); err != nil {
		signal.Stop(p.interrupts)
		return nil, fmt.Errorf("pager %q: %w", r.Pager, err)
	}
	return p, nil
}

type plain struct{ io.Writer }

func (plain) Close() error { return nil }

type pager struct {
	io.WriteCloser
	cmd        *exec.Cmd
	interrupts chan os.Signal
}

// Close waits for the pager. How it ended is the person's affair.
func (p *pager) Close() error {
	err := p.WriteCloser.Close()
	_ = p.cmd.Wait()
	signal.Stop(p.interrupts)
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}

// shellCharacters are those that make git hand a configured command to sh.
const shellCharacters = "|&;<>()$`\\\"' \t\n*?[#~=%"

// shell prepares what git means by a configured command: a line for sh, with
// the arguments behind it, or a program where the line is just its name: a shell
// in between would die of an interrupt that the program survives. The
// environment is the user's.
func (r *Repo) shell(ctx context.Context, line string, args ...string) (*exec.Cmd, error) {
	program := line
	if strings.ContainsAny(line, shellCharacters) {
		sh, err := r.findShell()
		if err != nil {
			return nil, fmt.Errorf("run %q: %w", line, err)
		}
		program, args = sh, append([]string{"-c", line + ` "$@"`, line}, args...)
	}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = r.dir
	cmd.Env = r.env[:len(r.env):len(r.env)]
	return cmd, nil
}

// findShell gives sh; Git for Windows brings its own beside git.
func (r *Repo) findShell() (string, error) {
	sh, err := exec.LookPath("sh")
	if err != nil && runtime.GOOS == "windows" {
		return exec.LookPath(filepath.Join(filepath.Dir(r.bin), "..", "bin", "sh.exe"))
	}
	return sh, err
}
