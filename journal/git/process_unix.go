//go:build unix

package git

import (
	"os"
	"os/exec"
	"syscall"
	"time"
)

// apart starts a child in a session of its own: no descendant has a terminal to
// ask on.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// endTogether makes the end of a child's context the end of all of its group.
// They are asked first, so that git removes its lock files.
func endTogether(cmd *exec.Cmd) {
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
}

// endGroup waits for what is left of a group that was asked to end, and ends it
// when the time is over.
func endGroup(id int, until time.Duration) {
	const step = 2 * time.Millisecond
	for ; until > 0 && syscall.Kill(-id, 0) == nil; until -= step {
		time.Sleep(step)
	}
	_ = syscall.Kill(-id, syscall.SIGKILL)
}

// askToEnd is how a child alone is ended.
func askToEnd(cmd *exec.Cmd) {
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
}

func openTerminal() (*os.File, error) { return os.OpenFile("/dev/tty", os.O_RDWR, 0) }
