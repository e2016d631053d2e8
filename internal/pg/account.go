package pg

import (
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"

	"tote/internal/fault"
)

// account is who the private server runs as: ourselves, or, because PostgreSQL refuses root, the
// account postgres, or nobody. An account without an entry in the password file would not do.
type account struct {
	name string
	uid  uint32
	gid  uint32
	drop bool // we are root and hand the server to another
}

func serverAccount() (account, error) {
	if uid := os.Geteuid(); uid != 0 {
		return account{name: "this account", uid: uint32(uid), gid: uint32(os.Getegid())}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err1 == nil && err2 == nil && uid != 0 {
			return account{name: name, uid: uint32(uid), gid: uint32(gid), drop: true}, nil
		}
	}
	return account{}, fault.New(fault.Unavailable, "PostgreSQL refuses to run as root and there is neither an account postgres nor nobody. Start Tote as another user, or set DATABASE_URL.")
}

// own hands a directory to the account.
func (a account) own(dir string) error {
	if !a.drop {
		return nil
	}
	return os.Chown(dir, int(a.uid), int(a.gid))
}

// barrier is the first directory on the way to dir that the account may not enter, or "".
func (a account) barrier(dir string) string {
	if !a.drop {
		return ""
	}
	path := dir
	var closed string
	for {
		if info, err := os.Stat(path); err != nil || !a.mayEnter(info) {
			closed = path
		}
		if path == filepath.Dir(path) {
			return closed
		}
		path = filepath.Dir(path)
	}
}

func (a account) mayEnter(info os.FileInfo) bool {
	stat := info.Sys().(*syscall.Stat_t)
	mode := info.Mode().Perm()
	switch {
	case stat.Uid == a.uid:
		return mode&0o100 != 0
	case stat.Gid == a.gid:
		return mode&0o010 != 0
	}
	return mode&0o001 != 0
}

// environment keeps the server's messages in one language and everything else of ours out.
func (a account) environment() []string {
	return []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_MESSAGES=C", "TZ=UTC", "HOME=/"}
}
