package git

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/go-git/go-git/v5/plumbing"
)

// readers is how many children read many blobs. Two saturate what one consumer
// can parse.
const readers = 2

// Blobs reads many blobs. each gets the index into hashes and either the content
// or the reason why there is none ([ErrNoObject], [*TooLargeError]); it is
// called from several goroutines at once, every index exactly once. The error is
// about the reading as a whole.
func (r *Repo) Blobs(ctx context.Context, hashes []Hash, max int64, each func(i int, content []byte, err error)) error {
	return r.bulk(ctx, hashes, plumbing.BlobObject, max, each)
}

// Trees reads the entries of many trees, as Blobs reads blobs and [Objects.Tree]
// one tree.
func (r *Repo) Trees(ctx context.Context, hashes []Hash, each func(i int, entries []TreeEntry, err error)) error {
	return r.bulk(ctx, hashes, plumbing.TreeObject, maxMetadata, func(i int, content []byte, err error) {
		var entries []TreeEntry
		if err == nil {
			entries, err = parseTree(hashes[i], content)
		}
		each(i, entries, err)
	})
}

func (r *Repo) bulk(ctx context.Context, hashes []Hash, want plumbing.ObjectType, max int64, each func(int, []byte, error)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	share := (len(hashes) + readers - 1) / readers
	errs := make([]error, readers)
	var wg sync.WaitGroup
	for n := range readers {
		from, to := min(n*share, len(hashes)), min((n+1)*share, len(hashes))
		wg.Go(func() {
			errs[n] = r.inOrder(ctx, hashes[from:to], want, max, func(i int, content []byte, err error) {
				each(from+i, content, err)
			})
			if errs[n] != nil {
				cancel()
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// inOrder reads hashes with one child, and goes on with a new child behind an
// object that is too large to be taken off the pipe.
func (r *Repo) inOrder(ctx context.Context, hashes []Hash, want plumbing.ObjectType, max int64, each func(int, []byte, error)) error {
	for done := 0; done < len(hashes); {
		n, err := r.stream(ctx, hashes[done:], want, max, func(i int, content []byte, err error) {
			each(done+i, content, err)
		})
		if err != nil {
			return err
		}
		done += n
	}
	return nil
}

// stream tells how many of hashes it has dealt with.
func (r *Repo) stream(ctx context.Context, hashes []Hash, want plumbing.ObjectType, max int64, each func(int, []byte, error)) (int, error) {
	cat, err := r.startCatFile(ctx, "--buffer")
	if err != nil {
		return 0, err
	}
	defer cat.stop()
	go cat.request(hashes)
	for i, h := range hashes {
		kind, content, err := cat.receive(h, max)
		var large *TooLargeError
		switch {
		case errors.As(err, &large):
			each(i, nil, err)
			return i + 1, nil
		case err != nil && !errors.Is(err, ErrNoObject):
			return i, err
		case err == nil && kind != want:
			content, err = nil, fmt.Errorf("object %s is a %s, not a %s", h, kind, want)
		}
		each(i, content, err)
	}
	return len(hashes), nil
}

// request writes all names and closes the pipe. A child that died is noticed by
// the reading side.
func (c *catFile) request(hashes []Hash) {
	w := bufio.NewWriter(c.in)
	for _, h := range hashes {
		fmt.Fprintln(w, h)
	}
	_ = w.Flush()
	_ = c.in.Close()
}
