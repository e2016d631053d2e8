package webtest

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// OtherHost is this machine under a name of which no browser believes that it is secure.
const OtherHost = "tote.test"

// handheld is the size that every page must fit.
var handheld = chromedp.EmulateViewport(360, 640)

// shared is the browser that the tests of a process share: starting one takes seconds.
var shared struct {
	on       bool
	chromium func() (context.Context, error)
	stop     func()
}

// Run runs the tests of a package with one Chromium between them, from its TestMain.
func Run(m *testing.M) int {
	shared.on, shared.stop = true, func() {}
	shared.chromium = sync.OnceValues(func() (context.Context, error) {
		dir, err := os.MkdirTemp("", "tote-chromium-")
		if err != nil {
			return nil, err
		}
		first, stop, err := start(dir)
		shared.stop = func() { stop(); os.RemoveAll(dir) }
		return first, err
	})
	defer func() { shared.stop() }()
	return m.Run()
}

// start starts a Chromium with its profile in dir. The context is its first tab; stop waits for its end.
func start(dir string, flags ...chromedp.ExecAllocatorOption) (tab context.Context, stop func(), err error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, func() {}, errors.New("the pages are tested in Chromium: apt-get install chromium")
	}
	options := append([]chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("host-resolver-rules", "MAP "+OtherHost+" 127.0.0.1"),
		chromedp.UserDataDir(dir),
	}, flags...)
	allocator, end := chromedp.NewExecAllocator(context.Background(), options...)
	tab, cancel := chromedp.NewContext(allocator)
	stop = func() {
		_ = chromedp.Cancel(tab) // waits for the process, so that its profile can be deleted
		cancel()
		end()
	}
	return tab, stop, chromedp.Do(tab, handheld) // starts it, so without a deadline
}
