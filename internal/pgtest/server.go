package pgtest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"tote/internal/pg"
)

// The server is kept by a process of its own, the keeper: the test binary itself, started once more
// with keeperVariable set. Three files coordinate: "users" is locked (shared) by every test process
// while it lives; "start" is locked by the one that starts the keeper; "dsn" is the server's address.
const (
	keeperVariable = "TOTE_PGTEST_KEEPER"
	clonePrefix    = "clone_"
	idleTime       = time.Minute
	lookEvery      = 2 * time.Second
	memoryNeeded   = 8 << 30 // bytes: the clones of some test processes and the write-ahead log, many times over
)

type server struct {
	users   *os.File // held until the process ends
	address string   // without the database's name
}

func (s *server) dsn(database string) string {
	return strings.Replace(s.address, "dbname=tote", "dbname="+database, 1)
}

// home is where the server lives: in memory where there is room. On ext4 the 1,200 files of a clone cost a second and a half, because
// the kernel passes over every inode that the clone before has just given back (recently_deleted in fs/ext4/ialloc.c).
func home() string {
	return filepath.Join(roomy("/dev/shm", os.TempDir()), fmt.Sprintf("tote-pgtest-%d", os.Getuid()))
}

// roomy is the directory of memory if it is made for memoryNeeded, else the other. It asks for its size, not for what is free now: every
// process must come to the same answer.
func roomy(memory, other string) string {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(memory, &fs); err != nil || fs.Blocks*uint64(fs.Bsize) < memoryNeeded {
		return other
	}
	return memory
}

// useServer joins the users of the server, starting it if there is none.
func useServer(ctx context.Context) (*server, error) {
	dir := home()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	users, err := lock(filepath.Join(dir, "users"), syscall.LOCK_SH)
	if err != nil {
		return nil, err
	}
	start, err := lock(filepath.Join(dir, "start"), syscall.LOCK_EX)
	if err != nil {
		return nil, err
	}
	defer start.Close()
	s := &server{users: users}
	if s.answers(ctx, dir) {
		return s, nil
	}
	return s, s.launch(ctx, dir)
}

// answers reports whether a server runs at the address that the last keeper left.
func (s *server) answers(ctx context.Context, dir string) bool {
	text, err := os.ReadFile(filepath.Join(dir, "dsn"))
	if err != nil {
		return false
	}
	db, err := pg.Open(ctx, string(text))
	if err != nil {
		return false
	}
	s.address = string(text)
	return db.Close() == nil
}

// launch starts the keeper, detached: it must outlive this process, and "go test" waits for whoever
// holds its output.
func (s *server) launch(ctx context.Context, dir string) error {
	log, err := os.OpenFile(filepath.Join(dir, "keeper.log"), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	os.Remove(filepath.Join(dir, "dsn"))
	self, err := os.Executable()
	if err != nil {
		return err
	}
	keeper := exec.Command(self)
	keeper.Env = append(os.Environ(), keeperVariable+"="+dir)
	keeper.Dir = dir
	keeper.Stdout, keeper.Stderr = log, log
	keeper.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := keeper.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- keeper.Wait() }()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !s.answers(ctx, dir) {
		select {
		case <-ended:
			text, _ := os.ReadFile(log.Name())
			return fmt.Errorf("the test server did not start: %s", text)
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	return nil
}

// init makes this very program the keeper when it was started as one: a test binary has no other
// entrance that comes before its tests.
func init() {
	dir := os.Getenv(keeperVariable)
	if dir == "" {
		return
	}
	if err := keep(context.Background(), dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// keep runs the server until nobody has used it for idleTime.
func keep(ctx context.Context, dir string) error {
	p, err := pg.StartPrivate(ctx, filepath.Join(dir, "server"), "fsync=off", "synchronous_commit=off",
		"full_page_writes=off", "max_connections=400", "shared_buffers=128MB", "autovacuum=off", "max_wal_size=1GB")
	if err != nil {
		return err
	}
	defer p.Stop()
	db, err := pg.Open(ctx, p.DSN(), pg.PoolSize(1), pg.Answer(patience))
	if err != nil {
		return err
	}
	defer db.Close()
	if err := os.WriteFile(filepath.Join(dir, "dsn.new"), []byte(p.DSN()), 0o600); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(dir, "dsn.new"), filepath.Join(dir, "dsn")); err != nil {
		return err
	}
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for used := time.Now(); ; {
		select {
		case <-p.Done():
			return p.Err()
		case <-tick.C:
		}
		sweep(ctx, db)
		alone, err := lock(filepath.Join(dir, "users"), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case err != nil:
			used = time.Now()
		case time.Since(used) > idleTime:
			defer alone.Close() // who comes now waits until the server is down, and starts another
			return os.Remove(filepath.Join(dir, "dsn"))
		default:
			alone.Close()
		}
	}
}

// sweep drops the databases of test processes that have ended.
func sweep(ctx context.Context, db *sql.DB) {
	rows, err := db.QueryContext(ctx, `select datname from pg_database where datname like $1`, clonePrefix+"%")
	if err != nil {
		return
	}
	var orphans []string
	for rows.Next() {
		var name string
		if rows.Scan(&name) != nil {
			continue
		}
		owner, _, _ := strings.Cut(strings.TrimPrefix(name, clonePrefix), "_")
		if pid, err := strconv.Atoi(owner); err == nil && syscall.Kill(pid, 0) == syscall.ESRCH {
			orphans = append(orphans, name)
		}
	}
	rows.Close()
	for _, name := range orphans {
		db.ExecContext(ctx, `drop database if exists `+pg.QuoteName(name)+` with (force)`)
	}
}

// lock opens a file and locks it until it is closed or the process ends.
func lock(path string, how int) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(f.Fd()), how)
		if err != syscall.EINTR {
			break
		}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}
