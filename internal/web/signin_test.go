package web_test

import (
	"database/sql"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tote/internal/pg"
	"tote/internal/staff"
	"tote/internal/web/webtest"
)

func cookie(response *http.Response, name string) *http.Cookie {
	for _, c := range response.Cookies() {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// TestSignIn: badge and PIN open a session under a new token; the cookie keeps itself from scripts and other sites.
func TestSignIn(t *testing.T) {
	site := webtest.Open(t)
	ada := site.Member(t, "Ada Obi", staff.Picker)
	planted := &http.Cookie{Name: "tote", Value: "PLANTEDBYSOMEBODYELSE"}
	response, body := post(t, site.URL+"/sign-in", url.Values{"badge": {ada.Badge}, "pin": {webtest.PIN}, "next": {"/menu"}},
		func(r *http.Request) { r.AddCookie(planted) })
	if response.StatusCode != http.StatusSeeOther || response.Header.Get("Location") != "/sign-in/station?next=%2Fmenu" {
		t.Fatalf("%d to %q: %.200s", response.StatusCode, response.Header.Get("Location"), body)
	}
	session := cookie(response, "tote")
	if session == nil || session.Value == planted.Value || !session.HttpOnly || session.SameSite != http.SameSiteLaxMode || session.Path != "/" {
		t.Fatalf("the session's cookie is %v", session)
	}
	if status, _ := ask(t, site, "GET", "/menu", session.Value); status != http.StatusOK {
		t.Errorf("the menu answers %d", status)
	}
	if status, to := ask(t, site, "GET", "/menu?a=1", ""); status != http.StatusSeeOther || to != "/sign-in?next=%2Fmenu%3Fa%3D1" {
		t.Errorf("nobody is sent to %d %q", status, to)
	}
}

// TestSignInRefusals: every refusal is a page that says what to do.
func TestSignInRefusals(t *testing.T) {
	site := webtest.Open(t)
	ada := site.Member(t, "Ada Obi", staff.Picker)
	for name, c := range map[string]struct {
		form   url.Values
		status int
		words  string
	}{
		"wrong PIN":        {url.Values{"badge": {ada.Badge}, "pin": {"0000"}}, 403, "Badge and PIN do not belong together"},
		"no such badge":    {url.Values{"badge": {"S-AAAAAAAAAA"}, "pin": {"0000"}}, 403, "Badge and PIN do not belong together"},
		"a bin":            {url.Values{"code": {"B-A-07-3-B"}}, 422, "That is no badge"},
		"nothing":          {url.Values{"code": {" "}}, 422, "Nothing was read"},
		"control":          {url.Values{"badge": {"S-\x00"}, "pin": {"\x00"}}, 403, "Badge and PIN do not belong together"},
		"another's badge":  {url.Values{"badge": {ada.Badge}, "pin": {"S-BBBBBBBBBB"}}, 200, "S-BBBBBBBBBB"},
		"a foreign return": {url.Values{"code": {ada.Badge}, "next": {"//evil.example"}}, 200, `name="next" value=""`},
	} {
		response, body := post(t, site.URL+"/sign-in", c.form)
		if response.StatusCode != c.status || !strings.Contains(body, c.words) {
			t.Errorf("%s: %d, want %d and %q in %s", name, response.StatusCode, c.status, c.words, body)
		}
		if cookie(response, "tote") != nil {
			t.Errorf("%s opened a session", name)
		}
	}
}

// TestSignInLocksOut: a login tried over and over is told to wait, also with the right PIN.
func TestSignInLocksOut(t *testing.T) {
	site := webtest.Open(t)
	ada := site.Member(t, "Ada Obi", staff.Picker)
	for range 6 {
		post(t, site.URL+"/sign-in", url.Values{"badge": {ada.Badge}, "pin": {"1357"}})
	}
	response, body := post(t, site.URL+"/sign-in", url.Values{"badge": {ada.Badge}, "pin": {webtest.PIN}})
	if response.StatusCode != http.StatusForbidden || !strings.Contains(body, "Too many wrong PINs") {
		t.Errorf("%d %.500s", response.StatusCode, body)
	}
}

// TestSignOut ends the session for good and empties the browser; revoking somebody is felt with the next request.
func TestSignOut(t *testing.T) {
	site := webtest.Open(t)
	ada := site.Member(t, "Ada Obi", staff.Picker)
	token := site.Token(t, ada)
	response, _ := post(t, site.URL+"/sign-out", nil, func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "tote", Value: token}) })
	if !strings.Contains(response.Header.Get("Clear-Site-Data"), "cookies") {
		t.Error("the browser keeps what it has")
	}
	if status, _ := ask(t, site, "GET", "/menu", token); status != http.StatusSeeOther {
		t.Errorf("the token still opens the menu: %d", status)
	}
	token = site.Token(t, ada)
	if err := pg.InTx(t.Context(), site.DB, func(tx *sql.Tx) error { return staff.Revoke(t.Context(), tx, ada.ID) }); err != nil {
		t.Fatal(err)
	}
	if status, _ := ask(t, site, "GET", "/menu", token); status != http.StatusSeeOther {
		t.Errorf("whoever left still sees the menu: %d", status)
	}
}

// TestStation: the scanned station is the session's; what is no station is said so.
func TestStation(t *testing.T) {
	site := webtest.Open(t)
	site.Station(t, "K-1", "Pack bench 1", "packing")
	token := site.Token(t, site.Member(t, "Ada Obi", staff.Packer))
	as := func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "tote", Value: token}) }
	if response, body := post(t, site.URL+"/sign-in/station", url.Values{"code": {"B-A-07-3-B"}}, as); response.StatusCode != 422 || !strings.Contains(body, "That is no station") {
		t.Errorf("a bin: %d %.300s", response.StatusCode, body)
	}
	if response, body := post(t, site.URL+"/sign-in/station", url.Values{"code": {"K-99"}}, as); response.StatusCode != 422 || !strings.Contains(body, "There is no station K-99") {
		t.Errorf("no station: %d %.300s", response.StatusCode, body)
	}
	if response, _ := post(t, site.URL+"/sign-in/station", url.Values{"code": {"x-ok"}}, as); response.Header.Get("Location") != "/menu" {
		t.Errorf("X-OK begins without a station: %d %q", response.StatusCode, response.Header.Get("Location"))
	}
	if response, _ := post(t, site.URL+"/sign-in/station", url.Values{"code": {"X-SKIP"}}, as); response.StatusCode != 422 {
		t.Errorf("another command: %d", response.StatusCode)
	}
	if response, _ := post(t, site.URL+"/sign-in/station", url.Values{"code": {"k-1"}}, as); response.Header.Get("Location") != "/menu" {
		t.Errorf("the station: %d %q", response.StatusCode, response.Header.Get("Location"))
	}
	_, body := get(t, site.URL+"/menu", as)
	if !strings.Contains(body, "Pack bench 1") {
		t.Error("the menu does not say where Ada works")
	}
}

func get(t *testing.T, address string, change ...func(*http.Request)) (*http.Response, string) {
	t.Helper()
	return post(t, address, nil, append(change, func(r *http.Request) { r.Method = "GET"; r.Body = nil; r.ContentLength = 0 })...)
}
