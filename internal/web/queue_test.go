package web_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tote/internal/staff"
	"tote/internal/web"
	"tote/internal/web/webtest"
)

// wire stands between the browser and the app and notes every scan. While it is cut, a scan reaches the app but its
// answer is lost, the worst that a network does; while it is held, scans wait on it.
type wire struct {
	mu   sync.Mutex
	cut  bool
	hold chan struct{} // nil: nothing is held
	page chan struct{} // the same for the screens that are asked for
	keys []string
}

func (w *wire) set(change func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change()
}

func (w *wire) sent() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.keys)
}

// behind puts the wire before a site.
func (w *wire) behind(t *testing.T, site *webtest.Site) *webtest.Site {
	t.Helper()
	to, err := url.Parse(site.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost && r.Header.Get("X-Tote-Part") != "" {
			var page chan struct{}
			if w.set(func() { page = w.page }); page != nil {
				<-page
			}
		}
		if r.Method != http.MethodPost || r.Header.Get("X-Tote-Part") == "" {
			proxy.ServeHTTP(rw, r)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		form, err := url.ParseQuery(string(body))
		if err != nil {
			t.Error(err)
		}
		var cut bool
		var hold chan struct{}
		w.set(func() { w.keys, cut, hold = append(w.keys, form.Get("key")), w.cut, w.hold })
		if hold != nil {
			<-hold
		}
		if cut {
			proxy.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
		proxy.ServeHTTP(rw, r)
	}))
	t.Cleanup(server.Close)
	other := *site
	other.URL = server.URL
	return &other
}

// TestScansQueueInOrder: scans made while the first is still in flight are sent one after the other, none dropped.
func TestScansQueueInOrder(t *testing.T) {
	w := &wire{hold: make(chan struct{})}
	site := w.behind(t, webtest.Serve(t, web.NewWithJob))
	b := site.Browser(t)
	b.SignIn(site.Member(t, "Ada Obi", staff.Picker), "")
	b.Go("/job/7")
	for _, code := range []string{"MUG-A", "MUG-B", "MUG-C"} {
		b.Scan(code)
	}
	b.Sees("[data-waiting]", "3 scans on their way")
	if n := len(w.sent()); n != 1 {
		t.Errorf("%d scans are in flight at once, want 1", n)
	}
	close(w.hold)
	b.Sees(".last", "3 of 5")
	if diff := cmp.Diff([]string{"MUG-A", "MUG-B", "MUG-C"}, raws(t, site, "7")); diff != "" {
		t.Error(diff)
	}
}

// TestFastScannerLosesNothing: twenty scans in a second, with a suffix, all equal.
func TestFastScannerLosesNothing(t *testing.T) {
	site, b := bench(t, "/job/many")
	webtest.Eval[bool](b, `(async () => {
		const field = document.querySelector("[data-code]");
		for (let i = 0; i < 20; i++) {
			document.execCommand("insertText", false, "MUG");
			field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
			await new Promise((done) => setTimeout(done, 50));
		}
		return true;
	})()`)
	b.Sees(".far", "20/40")
	if n := len(raws(t, site, "many")); n != 20 {
		t.Errorf("%d scans arrived, want 20", n)
	}
}

// TestRetryKeepsItsKey: an answer that is lost is asked for again with the same key, so the scan counts once; the page
// says that it is in trouble and takes further scans meanwhile.
func TestRetryKeepsItsKey(t *testing.T) {
	w := &wire{}
	site := w.behind(t, webtest.Serve(t, web.NewWithJob))
	b := site.Browser(t)
	b.SignIn(site.Member(t, "Ada Obi", staff.Picker), "")
	b.Go("/job/7")
	w.set(func() { w.cut = true })
	b.Scan("MUG")
	b.Sees("[data-trouble]", "No answer from Tote. Your scan is kept and sent again.")
	b.Until(`document.body.dataset.flash === "trouble"`)
	b.Shot("job-trouble-360")
	b.Scan("MUG")
	b.Sees("[data-trouble]", "Your 2 scans are kept")
	w.set(func() { w.cut = false })
	b.Sees(".last", "2 of 5")
	b.Until(`document.querySelector("[data-trouble]").hidden`)

	keys := w.sent()
	distinct := slices.Compact(slices.Clone(keys))
	if len(keys) < 3 || len(distinct) != 2 {
		t.Errorf("the keys on the wire were %q, want the first one several times, then the second", keys)
	}
	if n := len(raws(t, site, "7")); n != 2 {
		t.Errorf("%d scans were recorded, want 2", n)
	}
}

// TestFinishedJobLeadsOn: the last scan of a job opens the next one in place; the field is never replaced.
func TestFinishedJobLeadsOn(t *testing.T) {
	_, b := bench(t, "/job/7")
	webtest.Eval[bool](b, `(document.querySelector("[data-code]").mark = 1, true)`)
	for n := 1; n <= 5; n++ {
		b.Scan("MUG")
		b.Sees(".last", fmt.Sprintf("%d of 5", n))
	}
	b.At("/job/next")
	b.Sees(".far", "0/5")
	b.Sees(".last", "5 of 5")
	if !webtest.Eval[bool](b, `document.querySelector("[data-code]").mark === 1 && document.activeElement.mark === 1`) {
		t.Error("the field was replaced or lost its focus")
	}
	b.Scan("MUG")
	b.Sees(".last", "1 of 5")
}

// TestAScanBeforeThePageChangesGoesToTheNextPage, whether it waits behind the scan that leads on, or comes while the next
// screen is asked for; the screen is the one of the address.
func TestAScanBeforeThePageChangesGoesToTheNextPage(t *testing.T) {
	for name, held := range map[string]func(w *wire, gate chan struct{}){
		"answer": func(w *wire, gate chan struct{}) { w.hold = gate },
		"page":   func(w *wire, gate chan struct{}) { w.page = gate },
	} {
		t.Run(name, func(t *testing.T) {
			w := &wire{}
			site := w.behind(t, webtest.Serve(t, web.NewWithJob))
			b := site.Browser(t)
			b.SignIn(site.Member(t, "Ada Obi", staff.Picker), "")
			b.Go("/job/7")
			for n := 1; n <= 4; n++ {
				b.Scan("MUG")
				b.Sees(".last", fmt.Sprintf("%d of 5", n))
			}
			gate := make(chan struct{})
			open := sync.OnceFunc(func() { close(gate) })
			t.Cleanup(open)
			w.set(func() { held(w, gate) })
			b.Scan("MUG-5")
			if name == "page" {
				b.Sees(".last", "5 of 5")
			}
			b.Scan("MUG-6")
			b.Scan("MUG-7")
			if name == "page" {
				b.Sees("[data-waiting]", "2 scans on their way")
			}
			open()
			b.At("/job/next")
			b.Sees(".last", "(MUG-7), 2 of 5")
			b.Sees(".far", "2/5")
			b.At("/job/next")
			if diff := cmp.Diff([]string{"MUG-6", "MUG-7"}, raws(t, site, "next")); diff != "" {
				t.Errorf("the next job heard (-want +got)\n%s", diff)
			}
			if n := len(raws(t, site, "7")); n != 5 {
				t.Errorf("the job before heard %d scans, want 5", n)
			}
		})
	}
}

// TestAScanBeforeAPlainPage is taken by the scan field of that page; where there is none it is named.
func TestAScanBeforeAPlainPage(t *testing.T) {
	w := &wire{}
	site := w.behind(t, webtest.Serve(t, web.NewWithJob))
	b := site.Browser(t)
	b.SignIn(site.Member(t, "Ada Obi", staff.Picker), "")
	for job, answer := range map[string]string{"away": "O-4711", "out": "Not taken: O-4711. Scan it again where it belongs."} {
		b.Go("/job/" + job)
		gate := make(chan struct{})
		open := sync.OnceFunc(func() { close(gate) })
		t.Cleanup(open)
		w.set(func() { w.page = gate })
		b.Scan("MUG")
		b.Sees(".last", "1 of 1")
		b.Scan("O-4711")
		w.set(func() { w.page = nil })
		open()
		b.Until(`!location.pathname.startsWith("/job/")`)
		b.Sees("body", answer)
		if n := len(raws(t, site, job)); n != 1 {
			t.Errorf("%s heard %d scans, want 1", job, n)
		}
	}
}

// TestUndoFromTheList: a line of the last scans takes its scan back.
func TestUndoFromTheList(t *testing.T) {
	_, b := bench(t, "/job/7")
	b.Scan("MUG")
	b.Sees(".last", "1 of 5")
	b.Click(".recent button")
	b.Sees(".last", "Taken back")
	b.Sees(".far", "0/5")
}

// TestHostileScans: what no label holds is refused in words, on the screen, and recorded nowhere.
func TestHostileScans(t *testing.T) {
	site, b := bench(t, "/job/7")
	b.Scan("MUG\u202e7")
	b.Sees(".last.wrong", "The code holds characters that no label has")
	webtest.Eval[bool](b, `(document.querySelector("[data-code]").value = "9".repeat(5000), true)`)
	b.Type("\r")
	b.Sees(".last.wrong", "too long")
	b.Scan("<script>alert(1)</script>")
	b.Sees(".last.wrong", "This is Red mug")
	if got := raws(t, site, "7"); len(got) != 1 {
		t.Errorf("recorded: %q", got)
	}
}

// TestWithoutScript: signing in, scanning, undo and problems are plain forms.
func TestWithoutScript(t *testing.T) {
	site := webtest.Serve(t, web.NewWithJob)
	b := site.Browser(t)
	b.WithoutScript()
	b.SignIn(site.Member(t, "Ada Obi", staff.Picker), "")
	b.Go("/job/7")
	b.Scan("MUG")
	b.Sees(".last", "1 of 5")
	b.Shot("job-without-script-360")
	b.Scan("RED")
	b.Sees(".last", "This is Red mug")
	b.Click(".recent button")
	b.Sees(".last", "Taken back")
	b.Click(".thumb summary")
	b.Click(".problems button")
	b.Sees(".last", "This is Red mug")
	b.Until(`document.activeElement?.matches("[data-code]")`)
	b.Type("MUG")
	b.Until(`document.querySelector("[data-code]").value === "MUG"`)
	b.Click(".send")
	b.Sees(".last", "1 of 5")
}

// TestInsecureContext: on plain http from another machine there is no randomUUID and no camera; scanning works.
func TestInsecureContext(t *testing.T) {
	site := webtest.Serve(t, web.NewWithJob)
	site.URL = strings.Replace(site.URL, "127.0.0.1", webtest.OtherHost, 1)
	b := site.Browser(t)
	b.SignIn(site.Member(t, "Ada Obi", staff.Picker), "")
	b.Go("/job/7")
	if webtest.Eval[bool](b, `isSecureContext`) {
		t.Fatal("the context is secure, so this proves nothing")
	}
	b.Scan("MUG")
	b.Sees(".last", "1 of 5")
	b.Click("[data-camera]")
	b.Sees("[data-note]", "The camera needs a secure connection")
	if n := len(raws(t, site, "7")); n != 1 {
		t.Errorf("%d scans were recorded, want 1", n)
	}
}
