package git

import (
	"context"
	"fmt"
	"os/exec"
)

// Detach starts a program in the background and does not wait for it. It stands
// where we stand, with the environment that [Open] kept, and has neither our
// terminal nor our streams: it outlives us and the window.
func (r *Repo) Detach(ctx context.Context, bin string, args ...string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	cmd := exec.Command(bin, args...)
	cmd.Dir = r.dir
	cmd.Env = r.env[:len(r.env):len(r.env)]
	cmd.SysProcAttr = apart()
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s in the background: %w", bin, err)
	}
	return cmd.Process.Release()
}
