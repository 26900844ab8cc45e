package git

import (
	"os"
	"os/exec"
	"syscall"
	"time"
)

const createNoWindow = 0x08000000 // a console that nobody sees, for the child and its children

func apart() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: createNoWindow | syscall.CREATE_NEW_PROCESS_GROUP}
}

// Without signals and groups a child is ended alone, as exec does by itself.

func endTogether(*exec.Cmd) {}

func endGroup(int, time.Duration) {}

func askToEnd(*exec.Cmd) {}

func openTerminal() (*os.File, error) { return os.OpenFile("CONIN$", os.O_RDWR, 0) }
