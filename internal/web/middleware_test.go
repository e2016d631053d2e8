package web_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"tote/internal/pg"
	"tote/internal/staff"
	"tote/internal/web"
	"tote/internal/web/webtest"
	"tote/migrations"
)

// post sends a form by hand and returns status, headers and body.
func post(t *testing.T, address string, form url.Values, change ...func(*http.Request)) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), "POST", address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	for _, c := range change {
		c(request)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

// TestTooLargeIsReadable: a body over the limit, with its length told or not, is answered with a sentence.
func TestTooLargeIsReadable(t *testing.T) {
	site := webtest.Open(t)
	large := bytes.Repeat([]byte("x"), 5<<20)
	for name, body := range map[string]io.Reader{"known length": bytes.NewReader(large), "chunked": io.MultiReader(bytes.NewReader(large))} {
		request, err := http.NewRequestWithContext(t.Context(), "POST", site.URL+"/sign-in", body)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Errorf("%s: no answer: %v", name, err)
			continue
		}
		words, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(string(words), "more than Tote takes at once") {
			t.Errorf("%s: %d %.200s", name, response.StatusCode, words)
		}
	}
	if response, _ := post(t, site.URL+"/sign-in", url.Values{"code": {strings.Repeat("9", 3<<20)}}); response.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("3 MB: %d, want the page's own refusal", response.StatusCode)
	}
}

// TestATooLongAddressIsReadable: whatever the kernel still holds of the request, the answer arrives.
func TestATooLongAddressIsReadable(t *testing.T) {
	c := webtest.Open(t)
	slow := http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		line, err := new(net.Dialer).DialContext(ctx, network, address)
		if err == nil {
			err = line.(*net.TCPConn).SetWriteBuffer(4096) // most of the head is still to be sent when the server gives up
		}
		return line, err
	}}}
	for _, length := range []int{17 << 10, 200 << 10, 900 << 10} {
		for range 5 {
			response, err := slow.Get(c.URL + "/sign-in?next=" + strings.Repeat("x", length))
			if err != nil {
				t.Fatalf("%d bytes: no answer: %v", length, err)
			}
			words, err := io.ReadAll(response.Body)
			response.Body.Close()
			if err != nil || response.StatusCode != http.StatusRequestHeaderFieldsTooLarge || !strings.Contains(string(words), "too long for an address") {
				t.Fatalf("%d bytes: %d %v %.200s", length, response.StatusCode, err, words)
			}
		}
	}
}

// TestAnAbsentDatabaseIsSaid: while the database is away a page says so, and comes back with it.
func TestAnAbsentDatabaseIsSaid(t *testing.T) {
	dir, err := os.MkdirTemp("", "tote-absent-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	server, err := pg.StartPrivate(t.Context(), dir, "fsync=off")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { server.Stop() }()
	db, err := pg.Open(t.Context(), server.DSN())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := migrations.Up(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	site := webtest.Over(t, db)
	ada := site.As(t, site.Member(t, "Ada", staff.Admin))
	server.Stop()
	for _, path := range []string{"/menu", "/orders", "/stock"} {
		a := ada.Get(path)
		if a.Status != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" || !strings.Contains(a.Body, "The database does not answer") {
			t.Errorf("%s: %d %.300s", path, a.Status, a.Body)
		}
	}
	if server, err = pg.StartPrivate(t.Context(), dir, "fsync=off"); err != nil {
		t.Fatal(err)
	}
	if a := ada.Get("/menu"); a.Status != http.StatusOK {
		t.Errorf("afterwards /menu answers %d", a.Status)
	}
}

// TestARefusedBodyIsNotTheNextRequest: who is refused before the form was read does not speak for whoever comes next on
// the same connection, a proxy's say, not even with a body that is written like a request.
func TestARefusedBodyIsNotTheNextRequest(t *testing.T) {
	s := webtest.Open(t)
	smuggled := strings.Repeat("x", 40<<10) + "\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: tote\r\n\r\n"
	for what, head := range map[string]string{"nobody": "Sec-Fetch-Site: same-origin\r\n", "another site": "Sec-Fetch-Site: cross-site\r\n", "a page that is not there": "X-Path: /nowhere\r\n"} {
		connection, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		path := "/setup/items"
		if strings.Contains(head, "/nowhere") {
			path = "/nowhere"
		}
		fmt.Fprintf(connection, "POST %s HTTP/1.1\r\nHost: tote\r\n%sContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", path, head, len(smuggled), smuggled)
		fmt.Fprint(connection, "GET /favicon.svg HTTP/1.1\r\nHost: tote\r\nConnection: close\r\n\r\n")
		answers, reader := []int{}, bufio.NewReader(connection)
		for range 2 {
			response, err := http.ReadResponse(reader, nil)
			if err != nil {
				t.Fatalf("%s: after %v: %v", what, answers, err)
			}
			_, _ = io.Copy(io.Discard, response.Body)
			response.Body.Close()
			answers = append(answers, response.StatusCode)
		}
		if answers[0] < 300 || answers[1] != http.StatusOK {
			t.Errorf("%s: answered %v, want a refusal and then the picture", what, answers)
		}
	}
}

// TestOtherSitesAreRefused: what another site's page makes a browser send does nothing.
func TestOtherSitesAreRefused(t *testing.T) {
	site := webtest.Open(t)
	token := site.Token(t, site.Member(t, "Ada Obi", staff.Picker))
	signOut := func(name, value string) int {
		response, _ := post(t, site.URL+"/sign-out", nil, func(r *http.Request) {
			r.Header.Del("Sec-Fetch-Site")
			r.Header.Set(name, value)
			r.AddCookie(&http.Cookie{Name: "tote", Value: token})
		})
		return response.StatusCode
	}
	for _, foreign := range [][2]string{
		{"Origin", "https://evil.example"}, {"Origin", "null"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"},
	} {
		if got := signOut(foreign[0], foreign[1]); got != http.StatusForbidden {
			t.Errorf("%s: %s got %d, want 403", foreign[0], foreign[1], got)
		}
	}
	if status, _ := ask(t, site, "GET", "/menu", token); status != http.StatusOK {
		t.Errorf("the menu answers %d: another site signed Ada out", status)
	}
	if got := signOut("Origin", site.URL); got != http.StatusSeeOther {
		t.Errorf("our own page got %d", got)
	}
}

// TestErrorsTellTheirKind: the status and the words of every kind, and never what went wrong inside.
func TestErrorsTellTheirKind(t *testing.T) {
	var log lockedBuffer
	site := webtest.Serve(t, web.NewWithJob, func(d *web.Deps) { d.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	token := site.Token(t, site.Member(t, "Ada Obi", staff.Picker))
	for kind, want := range map[string]struct {
		status int
		words  string
	}{
		"invalid":     {422, "Scan the bin first."},
		"not-found":   {404, "There is no list P-9."},
		"conflict":    {409, "The list is finished."},
		"forbidden":   {403, "Only managers may do that."},
		"unavailable": {503, "The database is restarting."},
		"other":       {500, "Something went wrong here."},
		"panic":       {500, "Something went wrong here."},
	} {
		response, body := post(t, site.URL+"/break/"+kind, nil, func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "tote", Value: token}) })
		if response.StatusCode != want.status || !strings.Contains(body, want.words) {
			t.Errorf("%s: %d, want %d and %q in %.300s", kind, response.StatusCode, want.status, want.words, body)
		}
		if strings.Contains(body, "secret") || strings.Contains(body, "goroutine") {
			t.Errorf("%s tells what is inside: %s", kind, body)
		}
		if want.status == 500 && !strings.Contains(body, response.Header.Get("X-Request-Id")) {
			t.Errorf("%s does not name its request", kind)
		}
		part, line := post(t, site.URL+"/break/"+kind, nil, func(r *http.Request) {
			r.AddCookie(&http.Cookie{Name: "tote", Value: token})
			r.Header.Set("X-Tote-Part", "screen")
		})
		if part.StatusCode != want.status || !strings.Contains(line, `data-part="last"`) || strings.Contains(line, "<html") {
			t.Errorf("%s in a part: %d %.300s", kind, part.StatusCode, line)
		}
	}
	if !strings.Contains(log.String(), "secret") {
		t.Error("the log does not tell what went wrong")
	}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
