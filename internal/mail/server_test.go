package mail

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tote/internal/pg"
)

// aiosmtpd is Debian's SMTP server, which nobody here wrote: its Maildir is what a mailbox really got.
type aiosmtpd struct {
	SMTP
	dir string
}

// newAiosmtpd starts one; port 0 takes any that is free.
func newAiosmtpd(t *testing.T, port int) aiosmtpd {
	t.Helper()
	if port == 0 {
		port = freePort(t)
	}
	dir := filepath.Join(t.TempDir(), "mail")
	here, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/usr/bin/python3", "-m", "aiosmtpd", "-n", "-dd", "-l", fmt.Sprintf("127.0.0.1:%d", port), "-c", "rules.Rules", dir)
	cmd.Env = append(os.Environ(), "PYTHONPATH="+here, "PYTHONDONTWRITEBYTECODE=1")
	out, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v; install it: apt-get install python3-aiosmtpd", err)
	}
	stop := func() { cmd.Process.Kill(); cmd.Wait() }
	t.Cleanup(stop)
	lines := bufio.NewScanner(out)
	var said strings.Builder
	for lines.Scan() {
		fmt.Fprintln(&said, lines.Text())
		if strings.Contains(lines.Text(), "Starting asyncio loop") {
			go io.Copy(io.Discard, out)
			return aiosmtpd{SMTP{Host: "127.0.0.1", Port: port, TLS: Never, Timeout: 20 * time.Second}, dir}
		}
	}
	t.Fatalf("aiosmtpd did not start; install it: apt-get install python3-aiosmtpd\n%s", said.String())
	return aiosmtpd{}
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// letters reads the Maildir.
func (a aiosmtpd) letters(t *testing.T) []*mail.Message {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(a.dir, "new", "*"))
	if err != nil {
		t.Fatal(err)
	}
	var all []*mail.Message
	for _, p := range paths {
		raw, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		m, err := mail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			t.Fatalf("%v in\n%s", err, raw)
		}
		all = append(all, m)
	}
	return all
}

// talk is an SMTP server of our own for what a real one never does: behave speaks with one client.
func talk(t *testing.T, behave func(net.Conn, *bufio.Reader)) SMTP {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				behave(c, bufio.NewReader(c))
			}()
		}
	}()
	return SMTP{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, TLS: Never, Timeout: 300 * time.Millisecond}
}

// untilData answers 250 to everything up to and with the letter's last line, whose answer is due.
func untilData(c net.Conn, r *bufio.Reader) (ok bool) {
	fmt.Fprint(c, "220 test\r\n")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return false
		}
		if !strings.HasPrefix(line, "DATA") {
			fmt.Fprint(c, "250 OK\r\n")
			continue
		}
		fmt.Fprint(c, "354 go on\r\n")
		for {
			if line, err = r.ReadString('\n'); err != nil || line == ".\r\n" {
				return err == nil
			}
		}
	}
}

// row is what became of the only letter.
func only(t testing.TB, q pg.Querier) Row {
	t.Helper()
	rows, err := List(context.Background(), q, Filter{})
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d letters, want one: %v", len(rows), err)
	}
	return rows[0]
}
