package git

import (
	"context"
	"os"
	"os/exec"
)

// runApart runs a child in a session of its own and ends all of it, children
// that hold its pipes open included, when ctx is done.
func runApart(ctx context.Context, cmd *exec.Cmd) error {
	cmd.SysProcAttr = apart()
	endTogether(cmd)
	err := cmd.Run()
	if err != nil && ctx.Err() != nil && cmd.Process != nil {
		endGroup(cmd.Process.Pid, rest)
	}
	return err
}

// runAtTerminal runs a child among the user's own processes, where it may ask
// them something. It is ended alone: its group is ours.
func runAtTerminal(cmd *exec.Cmd, terminal *os.File) error {
	cmd.Stdin = terminal
	cmd.Env = append(cmd.Env, "GIT_TERMINAL_PROMPT=1")
	askToEnd(cmd)
	return cmd.Run()
}
