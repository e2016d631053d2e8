package pg

import (
	"path/filepath"
	"syscall"
	"testing"
)

// A process that is being started has a copy of every open file until its program begins: the lock that is given back at
// that moment is free all the same.
func TestALockThatIsGivenBackIsFree(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	f, err := lockFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lockFile(path); err == nil {
		t.Error("the lock is taken twice")
	}
	held, err := syscall.Dup(int(f.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(held)
	unlockFile(f)
	again, err := lockFile(path)
	if err != nil {
		t.Fatal(err)
	}
	unlockFile(again)
}
