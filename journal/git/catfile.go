package git

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// catFile is one `git cat-file --batch`: a name in, a header and the content
// out.
type catFile struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func (r *Repo) startCatFile(ctx context.Context, flags ...string) (*catFile, error) {
	c := call{args: append([]string{"cat-file", "--batch"}, flags...)}
	cmd := r.command(ctx, c)
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("git cat-file: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("git cat-file: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("git cat-file: %w", err)
	}
	return &catFile{cmd: cmd, in: in, out: bufio.NewReaderSize(out, 64<<10)}, nil
}

// stop ends the child at once: it only reads, there is nothing to wait for.
func (c *catFile) stop() {
	_ = c.in.Close()
	_ = c.cmd.Process.Kill()
	_ = c.cmd.Wait()
}

// receive reads one answer. It fails with [ErrNoObject] or [*TooLargeError];
// after the latter, and any other error, the child is of no more use.
func (c *catFile) receive(h Hash, max int64) (plumbing.ObjectType, []byte, error) {
	header, err := c.out.ReadString('\n')
	if err != nil {
		return 0, nil, fmt.Errorf("git cat-file ended: %w", err)
	}
	field := strings.Fields(header)
	if len(field) == 2 && field[1] == "missing" {
		return 0, nil, fmt.Errorf("%w: %s", ErrNoObject, h)
	}
	if len(field) != 3 {
		return 0, nil, fmt.Errorf("git cat-file: unexpected answer %q", header)
	}
	kind, kindErr := plumbing.ParseObjectType(field[1])
	size, sizeErr := strconv.ParseInt(field[2], 10, 64)
	if err := errors.Join(kindErr, sizeErr); err != nil {
		return 0, nil, fmt.Errorf("git cat-file: unexpected answer %q: %w", header, err)
	}
	if size > max {
		return 0, nil, &TooLargeError{Hash: h, Size: size, Max: max}
	}
	content := make([]byte, size)
	if _, err := io.ReadFull(c.out, content); err != nil {
		return 0, nil, fmt.Errorf("git cat-file ended: %w", err)
	}
	_, err = c.out.Discard(1)
	return kind, content, err
}

// ask reads an object by way of git. It tries twice with a new child: the first
// may have died, or have opened the packs before a gc moved the object.
func (o *Objects) ask(h Hash, max int64) (plumbing.EncodedObject, error) {
	reused := o.cat != nil
	raw, err := o.askOnce(h, max)
	var large *TooLargeError
	if err == nil || errors.As(err, &large) || o.ctx.Err() != nil {
		return raw, err
	}
	if !reused && errors.Is(err, ErrNoObject) {
		return nil, err
	}
	o.Close()
	return o.askOnce(h, max)
}

func (o *Objects) askOnce(h Hash, max int64) (plumbing.EncodedObject, error) {
	if o.cat == nil {
		cat, err := o.repo.startCatFile(o.ctx)
		if err != nil {
			return nil, err
		}
		o.cat = cat
	}
	if _, err := fmt.Fprintln(o.cat.in, h); err != nil {
		return nil, fmt.Errorf("git cat-file ended: %w", err)
	}
	kind, content, err := o.cat.receive(h, max)
	if err != nil {
		if !errors.Is(err, ErrNoObject) {
			o.Close()
		}
		return nil, err
	}
	raw := &plumbing.MemoryObject{}
	raw.SetType(kind)
	if _, err := raw.Write(content); err != nil {
		return nil, err
	}
	if raw.Hash() != h { // git does not check this when it only prints an object
		return nil, fmt.Errorf("object %s is damaged", h)
	}
	return raw, nil
}
