package pg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"

	"github.com/lib/pq"

	"tote/internal/fault"
)

const (
	privateUser = "tote" // owner of the private cluster and name of its database
	readyWithin = 5 * time.Minute
	stopWithin  = 30 * time.Second
	maxRestarts = 5 // within restartWindow, then the supervisor gives up
)

const restartWindow = time.Minute

// Private is a PostgreSQL server of our own: started, watched and stopped with this process. It
// listens on a Unix socket in a directory only its account may enter, and nowhere else.
type Private struct {
	files    layout
	bin      binaries
	settings []string
	lock     *os.File

	stop     chan struct{} // closed by Stop
	stopOnce sync.Once
	done     chan struct{} // closed when the server is down for good
	err      error         // why, readable after done

	mu  sync.Mutex
	pid int
}

// StartPrivate starts the server whose data lie in dir, and creates them at the first start. It
// returns when the server takes connections. settings are server settings ("fsync=off") for tests;
// without any the server is as durable as PostgreSQL is.
//
// It never deletes data. A second process on the same dir is refused; after a kill -9 of this one
// the server shuts itself down (Linux tells it of its parent's death) and the next start takes over.
func StartPrivate(ctx context.Context, dir string, settings ...string) (_ *Private, err error) {
	files, err := layoutOf(dir)
	if err != nil {
		return nil, err
	}
	if err := files.prepare(); err != nil {
		return nil, err
	}
	lock, err := lockFile(files.lock)
	if err != nil {
		return nil, fault.Because(err, fault.Conflict, "Another Tote already runs its database in %s. Stop that one, or choose another directory.", files.dir)
	}
	defer func() {
		if err != nil {
			unlockFile(lock)
		}
	}()
	bin, err := findBinaries(files.data)
	if err != nil {
		return nil, err
	}
	if err := files.initialise(ctx, bin); err != nil {
		return nil, err
	}
	if err := files.waitForPredecessor(ctx); err != nil {
		return nil, err
	}
	p := &Private{files: files, bin: bin, settings: settings, lock: lock, stop: make(chan struct{}), done: make(chan struct{})}
	go p.supervise()
	if err := p.ready(ctx); err != nil {
		p.Stop()
		return nil, err
	}
	return p, nil
}

// JoinPrivate returns the address of the server that another process supervises in dir, if it answers:
// a check or a report beside a running service.
func JoinPrivate(ctx context.Context, dir string) (dsn string, err error) {
	files, err := layoutOf(dir)
	if err != nil {
		return "", err
	}
	p := &Private{files: files}
	db, err := Open(ctx, p.DSN())
	if err != nil {
		return "", err
	}
	return p.DSN(), db.Close()
}

// PrivateDir chooses where the private server keeps its data: the first of the directories that the
// server's account can reach, or the last.
func PrivateDir(dirs ...string) string {
	who, err := serverAccount()
	for _, dir := range dirs {
		if path, absErr := filepath.Abs(dir); err == nil && absErr == nil && who.barrier(existing(path)) == "" {
			return dir
		}
	}
	return dirs[len(dirs)-1]
}

// existing is the part of path that is there already.
func existing(path string) string {
	for {
		if _, err := os.Stat(path); err == nil || path == filepath.Dir(path) {
			return path
		}
		path = filepath.Dir(path)
	}
}

// DSN is the address of the server's own database.
func (p *Private) DSN() string { return p.dsn(privateUser) }

func (p *Private) dsn(database string) string {
	return fmt.Sprintf("host=%s port=5432 user=%s dbname=%s sslmode=disable", p.files.socket, privateUser, database)
}

// PID is the postmaster's process id, or 0 while there is none.
func (p *Private) PID() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pid
}

// Done is closed when the server is down for good: after Stop, or when it died too often.
func (p *Private) Done() <-chan struct{} { return p.done }

// Err says why the server is down for good; nil after Stop.
func (p *Private) Err() error {
	select {
	case <-p.done:
		return p.err
	default:
		return nil
	}
}

// Stop shuts the server down: open transactions are rolled back, everything committed is on disk.
func (p *Private) Stop() error {
	p.stopOnce.Do(func() { close(p.stop) })
	<-p.done
	return p.err
}

// supervise owns the operating system thread that starts the server: Linux signals a child when the
// thread that made it ends, not when the process does.
func (p *Private) supervise() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(p.done) // after the lock is given back: who waited for it may start the server again
	defer unlockFile(p.lock)
	var died []time.Time
	for {
		err := p.runOnce()
		if err == nil {
			return
		}
		now := time.Now()
		for len(died) > 0 && now.Sub(died[0]) > restartWindow {
			died = died[1:]
		}
		if died = append(died, now); len(died) > maxRestarts {
			p.err = fault.Because(err, fault.Unavailable, "The private PostgreSQL stopped %d times within a minute. Its log is %s.", len(died), p.files.log)
			return
		}
		slog.Warn("private PostgreSQL stopped, starting it again", "error", err, "log", p.files.log)
		select {
		case <-p.stop:
			return
		case <-time.After(time.Duration(len(died)) * 200 * time.Millisecond):
		}
	}
}

// runOnce starts the server and waits for its end: nil when Stop asked for it.
func (p *Private) runOnce() error {
	log, err := p.files.openLog()
	if err != nil {
		return err
	}
	defer log.Close()
	args := []string{"-D", p.files.data, "-k", p.files.socket, "-p", "5432", "-c", "listen_addresses="}
	for _, s := range p.settings {
		args = append(args, "-c", s)
	}
	cmd := exec.Command(p.bin.postgres, args...)
	cmd.Dir = p.files.data
	cmd.Env = p.files.account.environment()
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = p.files.account.attributes(true)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", p.bin.postgres, err)
	}
	p.setPID(cmd.Process.Pid)
	defer p.setPID(0)
	ended := make(chan error, 1)
	stopping := make(chan struct{})
	go func() {
		select {
		case <-p.stop:
			close(stopping)
			halt(cmd.Process, ended)
		case <-ended:
		}
	}()
	err = cmd.Wait()
	close(ended)
	select {
	case <-p.stop:
		<-stopping
		return nil
	default:
		return fmt.Errorf("postgres ended by itself: %w", errors.Join(err, errEnded))
	}
}

var errEnded = errors.New("pg: the server process ended")

// halt asks for a fast shutdown, and for an immediate one when that takes too long. (SIGTERM would
// wait for every client to leave.)
func halt(server *os.Process, ended <-chan error) {
	server.Signal(syscall.SIGINT)
	select {
	case <-ended:
	case <-time.After(stopWithin):
		server.Signal(syscall.SIGQUIT)
	}
}

func (p *Private) setPID(pid int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pid = pid
}

// ready waits until the server takes connections (after a crash it may first replay its log) and
// creates the database at the first start.
func (p *Private) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	var last error
	for {
		if last = p.createDatabase(ctx); last == nil {
			return nil
		}
		select {
		case <-p.done:
			return p.err
		case <-ctx.Done():
			return fault.Because(errors.Join(ctx.Err(), last), fault.Unavailable, "The private PostgreSQL does not start. Its log is %s.", p.files.log)
		case <-tick.C:
		}
	}
}

func (p *Private) createDatabase(ctx context.Context) error {
	c, err := newConnector(p.dsn("postgres"))
	if err != nil {
		return err
	}
	db := sql.OpenDB(c)
	defer db.Close()
	var there bool
	err = db.QueryRowContext(ctx, `select exists (select from pg_database where datname = $1)`, privateUser).Scan(&there)
	if err != nil || there {
		return err
	}
	_, err = db.ExecContext(Patience(ctx, time.Minute), `create database `+pq.QuoteIdentifier(privateUser))
	return err
}

// lockFile takes the lock of a data directory, or says who holds it.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder, _ := os.ReadFile(filepath.Clean(path))
		f.Close()
		return nil, fmt.Errorf("%s is locked by process %s: %w", path, holder, err)
	}
	f.Truncate(0)
	fmt.Fprintf(f, "%d", os.Getpid())
	return f, nil
}

// unlockFile gives a lock back. Closing the file would not do: a process that is being started at this moment holds it
// open as well, until its own program begins.
func unlockFile(f *os.File) {
	_ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN) // closing it comes next
	f.Close()
}
