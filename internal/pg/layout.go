package pg

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"tote/internal/fault"
)

// layout is where a private server keeps its things.
type layout struct {
	dir     string // ours
	data    string // PostgreSQL's cluster
	lock    string // held while a process supervises the server
	log     string
	socket  string // directory of the Unix socket
	account account
}

// A Unix socket's path may have 107 bytes; the server adds this name to the directory's.
const longestSocketDir = 107 - len("/.s.PGSQL.5432.lock")

const longestLog = 10 << 20

func layoutOf(dir string) (layout, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return layout{}, err
	}
	who, err := serverAccount()
	if err != nil {
		return layout{}, err
	}
	l := layout{
		dir:     dir,
		data:    filepath.Join(dir, "data"),
		lock:    filepath.Join(dir, "lock"),
		log:     filepath.Join(dir, "postgres.log"),
		socket:  filepath.Join(dir, "run"),
		account: who,
	}
	if len(l.socket) > longestSocketDir {
		sum := sha256.Sum256([]byte(dir))
		l.socket = filepath.Join(os.TempDir(), fmt.Sprintf("tote-%x-%d", sum[:6], who.uid))
	}
	return l, nil
}

// prepare makes the directories, the socket's one for the server's account alone: whoever can enter
// it can be anybody in the database.
func (l layout) prepare() error {
	if err := os.MkdirAll(l.dir, 0o755); err != nil {
		return fault.Because(err, fault.Invalid, "The directory %s for the database cannot be made. Choose another one.", l.dir)
	}
	if closed := l.account.barrier(l.dir); closed != "" {
		return fault.New(fault.Invalid, "PostgreSQL runs as %s here and may not enter %s. Choose a directory it can reach, like /var/lib/tote.", l.account.name, closed)
	}
	if err := os.Mkdir(l.socket, 0o700); err == nil {
		return l.account.own(l.socket)
	}
	info, err := os.Lstat(l.socket)
	if err != nil {
		return err
	}
	owner := info.Sys().(*syscall.Stat_t).Uid
	if !info.IsDir() || info.Mode().Perm() != 0o700 || owner != l.account.uid {
		return fault.New(fault.Conflict, "The directory %s should belong to %s alone (mode 0700). Look who made it, and remove it.", l.socket, l.account.name)
	}
	return nil
}

// initialise creates the cluster at the first start. It is made beside its place and moved there
// when it is whole, so that a power cut leaves either none or a good one.
func (l layout) initialise(ctx context.Context, bin binaries) error {
	if _, err := os.Stat(filepath.Join(l.data, "PG_VERSION")); err == nil {
		return nil
	}
	if _, err := os.Stat(l.data); err == nil {
		return fault.New(fault.Conflict, "%s exists but holds no PostgreSQL data. Nothing was touched: move it away, or choose another directory.", l.data)
	}
	fresh, err := os.MkdirTemp(l.dir, "data.new-")
	if err != nil {
		return err
	}
	if err := l.account.own(fresh); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, bin.initdb, "-D", fresh, "-U", privateUser, "-A", "trust",
		"-E", "UTF8", "--locale="+locale(), "--data-checksums")
	cmd.Dir = fresh
	cmd.Env = l.account.environment()
	cmd.SysProcAttr = l.account.attributes(false)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fault.Because(fmt.Errorf("%w: %s", err, out), fault.Unavailable, "PostgreSQL could not create its data in %s: %s", fresh, lastLine(out))
	}
	return os.Rename(fresh, l.data)
}

// locale is byte order with UTF-8 letters where the system has it (glibc since 2.35, Debian before).
func locale() string {
	out, _ := exec.Command("locale", "-a").Output()
	for _, name := range strings.Fields(string(out)) {
		if name == "C.UTF-8" || name == "C.utf8" {
			return name
		}
	}
	return "C"
}

// waitForPredecessor gives the server of a killed process time to finish its shutdown. Its pid file
// is a hint; PostgreSQL itself refuses to share a cluster.
func (l layout) waitForPredecessor(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, stopWithin)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for asked := false; ; {
		pid := l.predecessor()
		if pid == 0 {
			return nil
		}
		if !asked {
			syscall.Kill(pid, syscall.SIGINT)
			asked = true
		}
		select {
		case <-ctx.Done():
			return fault.New(fault.Conflict, "A PostgreSQL server (process %d) still uses %s and does not stop. Stop it, then start again.", pid, l.data)
		case <-tick.C:
		}
	}
}

// predecessor is the living postmaster of this cluster, or 0.
func (l layout) predecessor() int {
	text, err := os.ReadFile(filepath.Join(l.data, "postmaster.pid"))
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil || pid <= 1 || !alive(pid) || !commandNames(pid, l.data) {
		return 0
	}
	return pid
}

// openLog opens the server's log, moving a long one aside: the previous one is kept.
func (l layout) openLog() (*os.File, error) {
	if info, err := os.Stat(l.log); err == nil && info.Size() > longestLog {
		os.Rename(l.log, l.log+".1")
	}
	return os.OpenFile(l.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
}

func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}
