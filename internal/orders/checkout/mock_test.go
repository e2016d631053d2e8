package checkout_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// mockVersion is Stripe's own stand-in for its interface; it checks every request against the published description.
const mockVersion = "v0.203.0"

// binary builds the stand-in once on a machine.
var binary = sync.OnceValues(func() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "tote-stripe-mock-"+mockVersion)
	path := filepath.Join(dir, "stripe-mock")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	build := exec.Command("go", "install", "github.com/stripe/stripe-mock@"+mockVersion)
	build.Env = append(os.Environ(), "GOBIN="+dir, "GOFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("stripe-mock cannot be built: %w\n%s", err, out)
	}
	return path, nil
})

// mock starts the stand-in and gives its address.
func mock(t *testing.T) string {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	address, other := free(t), free(t)
	ctx, stop := context.WithCancel(context.Background())
	run := exec.CommandContext(ctx, path, "-http-addr", address, "-https-addr", other)
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(); _ = run.Wait() })
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		answer, err := http.Get("http://" + address)
		if err == nil {
			answer.Body.Close()
			return "http://" + address
		}
		if time.Now().After(end) {
			t.Fatalf("stripe-mock does not answer: %v", err)
		}
	}
}

func free(t *testing.T) string {
	t.Helper()
	line, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer line.Close()
	return line.Addr().String()
}
