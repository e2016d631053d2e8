package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"tote/internal/pgtest"
)

// programVariable makes this test binary the program itself.
const programVariable = "TOTE_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(programVariable) != "" {
		os.Unsetenv(programVariable)
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// program is a started tote.
type program struct {
	*exec.Cmd
	log *os.File
}

func tote(t testing.TB, args ...string) program {
	t.Helper()
	log, err := os.CreateTemp(t.TempDir(), "log")
	if err != nil {
		t.Fatal(err)
	}
	p := program{exec.Command(os.Args[0], args...), log}
	p.Env = append(os.Environ(), programVariable+"=1")
	p.Stdout, p.Stderr = log, log
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.Process.Kill()
		p.Wait()
		if text, err := os.ReadFile(log.Name()); err == nil && t.Failed() {
			t.Logf("tote %s wrote:\n%s", strings.Join(args, " "), text)
		}
	})
	return p
}

// freeAddress is one nobody listens on. It lies below the ports that the system gives to those who ask for any (32768 and up on Linux), so
// none of the connections that the tests open meanwhile can take it before the program does.
func freeAddress(t testing.TB) string {
	t.Helper()
	for {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 20000+rand.IntN(12000)))
		if errors.Is(err, syscall.EADDRINUSE) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		return l.Addr().String()
	}
}

// get asks until the program answers.
func get(t testing.TB, url string) (status int, body string) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	late := time.After(2 * time.Minute)
	for {
		if answer, err := http.Get(url); err == nil {
			text, err := io.ReadAll(answer.Body)
			answer.Body.Close()
			if err != nil {
				t.Fatal(err)
			}
			return answer.StatusCode, string(text)
		}
		select {
		case <-late:
			t.Fatalf("%s never answered", url)
		case <-tick.C:
		}
	}
}

func TestServeAnswersAboutItself(t *testing.T) {
	address := freeAddress(t)
	tote(t, "serve", "--listen", address, "--database-url", pgtest.DSN(t), "--log-format", "json")
	for path, want := range map[string]string{
		"/livez": "ok", "/readyz": "ok", "/metrics": "tote_outbox_jobs{state=\"waiting\"}", "/sign-in": "badge",
	} {
		status, body := get(t, "http://"+address+path)
		if status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d %.200q, want %q", path, status, body, want)
		}
	}
}

// A request whose body is still on its way when the stop comes is answered before the program ends.
func TestAStopLetsRequestsFinish(t *testing.T) {
	address := freeAddress(t)
	p := tote(t, "serve", "--listen", address, "--database-url", pgtest.DSN(t))
	get(t, "http://"+address+"/readyz")

	line, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer line.Close()
	const form = "badge=S-AAAAAAAAAAAAAAAA&pin=4711"
	fmt.Fprintf(line, "POST /sign-in HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
		address, len(form), form[:10])
	get(t, "http://"+address+"/readyz") // connections are taken in their order: the first is taken now
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	waitUntilDeaf(t, address)
	if _, err := line.Write([]byte(form[10:])); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(line), nil)
	if err != nil || answer.StatusCode >= 500 {
		t.Errorf("the request got %v, %v", answer, err)
	}
	if err := p.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
}

// waitUntilDeaf waits until new connections are refused: the stop has begun.
func waitUntilDeaf(t *testing.T, address string) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	late := time.After(30 * time.Second)
	for {
		line, err := net.Dial("tcp", address)
		if err != nil {
			return
		}
		line.Close()
		select {
		case <-late:
			t.Fatal("it keeps listening")
		case <-tick.C:
		}
	}
}

// Without DATABASE_URL the program keeps its own server; killed, the next start takes over, and other
// sub-commands work beside it.
func TestServeKeepsItsOwnDatabase(t *testing.T) {
	dir, err := os.MkdirTemp("", "tote-serve-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	t.Setenv("DATABASE_URL", "")
	address := freeAddress(t)
	first := tote(t, "serve", "--listen", address, "--data", dir)
	if status, _ := get(t, "http://"+address+"/readyz"); status != http.StatusOK {
		t.Fatalf("readyz: %d", status)
	}
	if err := tote(t, "migrate", "--data", dir).Wait(); err != nil {
		t.Errorf("migrate beside it: %v", err)
	}
	if err := tote(t, "serve", "--listen", address, "--data", dir).Wait(); err == nil {
		t.Error("two serve at one address")
	}
	first.Process.Kill()
	first.Wait()
	second := tote(t, "serve", "--listen", address, "--data", dir)
	if status, _ := get(t, "http://"+address+"/readyz"); status != http.StatusOK {
		t.Errorf("readyz after the kill: %d", status)
	}
	second.Process.Signal(os.Interrupt)
	if err := second.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
}

func TestEveryFlagHasItsVariable(t *testing.T) {
	parser, err := kong.New(&cli{})
	if err != nil {
		t.Fatal(err)
	}
	nodes := []*kong.Node{parser.Model.Node}
	for len(nodes) > 0 {
		node := nodes[0]
		nodes = append(nodes[1:], node.Children...)
		for _, flag := range node.Flags {
			if flag.Name != "help" && (len(flag.Envs) == 0 || flag.Help == "") && node.Name != "proof" {
				t.Errorf("%s --%s has the variables %v and the help %q", node.Path(), flag.Name, flag.Envs, flag.Help)
			}
		}
	}
}

func TestVersionNamesItsCommit(t *testing.T) {
	said, err := exec.Command("go", "run", "-ldflags", "-X main.commit=0123456789ab", ".", "version").Output()
	if err != nil || !strings.HasPrefix(string(said), "tote 0123456789ab, go") {
		t.Errorf("tote version says %q, %v", said, err)
	}
}
