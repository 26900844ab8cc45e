//go:build unix

package main

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// handles is how many files a short command has open at a time, with those for
// talking to git.
const handles = 24

// enoughHandles finds out whether that many can be opened. Without it Go's runtime
// may end the program before it can say what became of the text.
func enoughHandles() error {
	var open []int
	defer func() {
		for _, fd := range open {
			_ = syscall.Close(fd)
		}
	}()
	for range handles {
		fd, err := syscall.Open(os.DevNull, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
		if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
			return fmt.Errorf("start: %w", err)
		}
		if err == nil {
			open = append(open, fd)
		}
	}
	return nil
}
