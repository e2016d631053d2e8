package webtest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"tote/internal/staff"
)

// patience is how long a page may take on a machine that is busy with other tests.
const patience = 60 * time.Second

// Browser is one tab of a real Chromium, at first a handheld of 360 by 640.
type Browser struct {
	t    testing.TB
	ctx  context.Context
	site *Site
}

// Browser opens a tab with a profile of its own, empty and forgotten at the end of the test. Flags start a Chromium of
// the test's own.
func (s *Site) Browser(t testing.TB, flags ...chromedp.ExecAllocatorOption) *Browser {
	t.Helper()
	if len(flags) > 0 || !shared.on {
		tab, stop, err := start(t.TempDir(), flags...)
		t.Cleanup(stop)
		if err != nil {
			t.Fatal(err)
		}
		return &Browser{t: t, ctx: tab, site: s}
	}
	first, err := shared.chromium()
	if err != nil {
		t.Fatal(err)
	}
	tab, end := chromedp.NewContext(first, chromedp.WithNewBrowserContext())
	t.Cleanup(func() {
		_ = chromedp.Cancel(tab)
		end()
	})
	if err := chromedp.Do(tab, handheld); err != nil { // opens it, so without a deadline
		t.Fatal(err)
	}
	return &Browser{t: t, ctx: tab, site: s}
}

// do runs actions and fails the test when they do not succeed in time.
func (b *Browser) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.Shot("failed-" + b.t.Name())
		b.t.Fatalf("%s: %v\nthe page says: %s", what, err, b.said())
	}
}

// Before runs script in every page from now on, before the page's own.
func (b *Browser) Before(script string) {
	b.t.Helper()
	b.do("before", func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return chromedp.Void{}, err
	})
}

// Size makes the window w by h.
func (b *Browser) Size(w, h int64) {
	b.t.Helper()
	b.do("size", chromedp.EmulateViewport(w, h))
}

// Dark switches to the dark look.
func (b *Browser) Dark(on bool) {
	b.t.Helper()
	scheme := "light"
	if on {
		scheme = "dark"
	}
	b.do("dark", func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return chromedp.Void{}, err
	})
}

// WithoutScript switches script off for every page from now on.
func (b *Browser) WithoutScript() {
	b.t.Helper()
	b.do("without script", func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return chromedp.Void{}, err
	})
}

// Go opens a path of the site.
func (b *Browser) Go(path string) {
	b.t.Helper()
	b.do("open "+path, chromedp.Navigate(b.site.URL+path))
}

// Click clicks the first visible element of a CSS selector.
func (b *Browser) Click(selector string) {
	b.t.Helper()
	b.do("click "+selector, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

// Scan is a scanner with the suffix Enter: the characters go to whatever has the focus, all at once, so that a busy
// machine cannot make a slow typist of it.
func (b *Browser) Scan(code string) {
	b.t.Helper()
	b.Until(`document.activeElement !== null && document.activeElement !== document.body`) // autofocus comes after load
	b.do("scan "+code, func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, input.InsertText, input.InsertTextParams{Text: code})
		return chromedp.Void{}, err
	}, chromedp.KeyEvent("\r"))
}

// Type types key by key into whatever has the focus.
func (b *Browser) Type(text string) {
	b.t.Helper()
	b.do("type "+text, chromedp.KeyEvent(text))
}

// Alt presses a key together with Alt.
func (b *Browser) Alt(key string) {
	b.t.Helper()
	b.do("press Alt "+key, chromedp.KeyEvent(key, chromedp.KeyModifiers(chromedp.ModifierAlt)))
}

// Burst is a wedge scanner without a suffix: characters gap milliseconds apart, then nothing for rest milliseconds. The
// page's clock stands still meanwhile and is moved by hand, so that a burst is one on a busy machine too; what the page
// still waits for then takes its real time.
func (b *Browser) Burst(code string, gap, rest int) {
	b.t.Helper()
	Eval[bool](b, fmt.Sprintf(`(() => {
		const stamp = Object.getOwnPropertyDescriptor(Event.prototype, "timeStamp"), begin = setTimeout, cancel = clearTimeout;
		const timers = new Map();
		let now = window.lastBurst = Math.max(performance.now(), (window.lastBurst ?? 0) + 1000), id = 1e9;
		Object.defineProperty(Event.prototype, "timeStamp", { configurable: true, get: () => now });
		window.setTimeout = (what, ms = 0) => (timers.set(++id, { what, at: now + ms }), id);
		window.clearTimeout = (which) => { timers.delete(which) || cancel(which); };
		const pass = (ms) => {
			for (const until = now + ms; ; ) {
				const [due] = [...timers].filter(([, t]) => t.at <= until).sort(([, a], [, b]) => a.at - b.at);
				if (!due) { now = until; return; }
				timers.delete(due[0]);
				now = due[1].at;
				due[1].what();
			}
		};
		for (const c of %s) { document.execCommand("insertText", false, c); pass(%d); }
		pass(%d);
		window.lastBurst = now;
		Object.defineProperty(Event.prototype, "timeStamp", stamp);
		window.setTimeout = begin;
		window.clearTimeout = cancel;
		for (const { what, at } of timers.values()) begin(what, at - now);
		return true;
	})()`, quote(code), gap, rest))
}

// Eval evaluates an expression in the page, waiting for a promise.
func Eval[T any](b *Browser, expression string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("evaluate %.200s: %v\nthe page says: %s", expression, err, b.said())
	}
	return v
}

// Until waits until an expression in the page is true.
func (b *Browser) Until(expression string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		// A page that is being left has no answer: the next one is asked.
		yes, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression))
		if yes {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			b.Shot("failed-" + b.t.Name())
			b.t.Fatalf("never true: %s: %v\nthe page says: %s", expression, err, b.said())
		}
	}
}

// Sees waits until the page has loaded and the visible text of a selector contains words. It needs no script of the
// page.
func (b *Browser) Sees(selector, words string) {
	b.t.Helper()
	b.Until(fmt.Sprintf(`document.readyState === "complete" && !!document.querySelector(%[1]s) && document.querySelector(%[1]s).innerText.replace(/\s+/g, " ").includes(%[2]s)`,
		quote(selector), quote(words)))
}

// At waits until the browser is at a path.
func (b *Browser) At(path string) {
	b.t.Helper()
	b.Until(fmt.Sprintf(`location.pathname === %s && document.readyState === "complete"`, quote(path)))
}

// SignIn starts a shift: badge, PIN, and a station's code or "" for none.
func (b *Browser) SignIn(m staff.Member, station string) {
	b.t.Helper()
	b.Go("/sign-in")
	b.Scan(m.Badge)
	b.Until(`document.activeElement?.id === "pin"`)
	b.Scan(PIN)
	b.At("/sign-in/station")
	if station == "" {
		b.Click("form:not([data-scan]) button.big")
	} else {
		b.Scan(station)
	}
	b.Until(`!location.pathname.startsWith("/sign-in") && document.readyState === "complete"`)
}

// Shot keeps a picture of the whole page in TOTE_SHOTS, or in tmp/shots at the top of the project, never in git.
func (b *Browser) Shot(name string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Logf("no picture %s: %v", name, err)
		return
	}
	dir := shotDir()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.t.Fatal(err)
	}
	file := filepath.Join(dir, strings.ReplaceAll(name, "/", "-")+".png")
	if err := os.WriteFile(file, png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

func shotDir() string {
	if dir := os.Getenv("TOTE_SHOTS"); dir != "" {
		return dir
	}
	return filepath.Join(root(), "tmp", "shots")
}

// root is the top of the project, above the package under test.
func root() string {
	dir, err := os.Getwd()
	for err == nil && dir != filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		dir = filepath.Dir(dir)
	}
	return "."
}

func (b *Browser) said() string {
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + "\n" + document.body.innerText`))
	if err != nil {
		return err.Error()
	}
	return text
}

func quote(s string) string {
	b, _ := json.Marshal(s) // a string can always be written
	return string(b)
}
