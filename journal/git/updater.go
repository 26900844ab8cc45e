package git

import (
	"bytes"
	"context"
	"io"
	"os/exec"
)

// updater is a `git update-ref --stdin` that waits for its script. Until it is
// told to prepare it holds no lock, so it may start while objects are still
// being written.
type updater struct {
	message string
	cmd     *exec.Cmd
	in      io.WriteCloser
	stderr  bytes.Buffer
	err     error // of starting it
}

// ExpectUpdate starts git for an [Repo.UpdateRefs] with this message, so that it
// is ready when the update is. Call ForgetUpdate when there may be none.
func (r *Repo) ExpectUpdate(ctx context.Context, message string) {
	r.ForgetUpdate()
	u := r.startUpdater(ctx, message)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.updater = u
}

// ForgetUpdate ends what ExpectUpdate started, if it is still waiting.
func (r *Repo) ForgetUpdate() {
	r.mu.Lock()
	u := r.updater
	r.updater = nil
	r.mu.Unlock()
	if u != nil {
		_, _ = u.run("")
	}
}

// takeUpdater gives the waiting updater if it is for this message.
func (r *Repo) takeUpdater(message string) *updater {
	r.mu.Lock()
	defer r.mu.Unlock()
	u := r.updater
	if u == nil || u.message != message {
		return nil
	}
	r.updater = nil
	return u
}

func (r *Repo) startUpdater(ctx context.Context, message string) *updater {
	u := &updater{message: message}
	u.cmd = r.command(ctx, call{
		args:  []string{"-c", "core.filesRefLockTimeout=1000", "update-ref", "--create-reflog", "-m", message, "--stdin"},
		flush: true,
	})
	u.cmd.Stderr = &u.stderr
	if u.in, u.err = u.cmd.StdinPipe(); u.err == nil {
		u.err = u.cmd.Start()
	}
	return u
}

// run gives the updater its script and waits. An empty script updates nothing.
func (u *updater) run(script string) (stderr string, err error) {
	if u.err != nil {
		return "", u.err
	}
	_, _ = io.WriteString(u.in, script) // git's exit code says whether it was read
	_ = u.in.Close()
	err = u.cmd.Wait()
	return u.stderr.String(), err
}
