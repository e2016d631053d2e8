package pg

import (
	"bytes"
	"fmt"
	"os"
	"syscall"
)

// attributes start a process as the account, in a group of its own so that a Ctrl-C meant for us
// does not reach it. A server is told of our death, however sudden, by SIGINT: a fast, clean
// shutdown.
func (a account) attributes(server bool) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if server {
		attr.Pdeathsig = syscall.SIGINT
	}
	if a.drop {
		attr.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid}
	}
	return attr
}

func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || err == syscall.EPERM
}

// commandNames reports whether the process's command line names the directory: process ids are
// used again, and a stranger must not be signalled.
func commandNames(pid int, dir string) bool {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return err == nil && bytes.Contains(line, []byte(dir))
}
