package web_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"tote/internal/pgtest"
	"tote/internal/staff"
	"tote/internal/web"
	"tote/internal/web/webtest"
)

// TestRoutesTable walks the table as nobody and as every role: whoever is not named gets 403, nobody is sent to the
// sign-in, and whoever is named gets in.
func TestRoutesTable(t *testing.T) {
	site := webtest.Open(t)
	site.Member(t, "Number One", staff.Picker) // whom the addresses name: badges are taken from them
	tokens := map[staff.Role]string{}
	for _, role := range staff.Roles {
		tokens[role] = site.Token(t, site.Member(t, string(role), role))
	}
	for _, r := range web.Table() {
		path := filledIn(r.Path)
		if status, to := ask(t, site, r.Method, path, ""); r.NeedsSomebody() && (status != http.StatusSeeOther || !strings.HasPrefix(to, "/sign-in")) {
			t.Errorf("%s %s as nobody: %d to %q, want 303 to the sign-in", r.Method, r.Path, status, to)
		} else if !r.NeedsSomebody() && strings.HasPrefix(to, "/sign-in?") {
			t.Errorf("%s %s as nobody: sent to the sign-in, though nobody need be signed in", r.Method, r.Path)
		}
		if !r.NeedsSomebody() {
			continue
		}
		for _, role := range staff.Roles {
			allowed := role == staff.Admin || slices.Contains(r.RolesNamed(), role)
			status, _ := ask(t, site, r.Method, path, tokens[role])
			if refused := status == http.StatusForbidden; refused == allowed {
				t.Errorf("%s %s as %s: %d, allowed is %v", r.Method, r.Path, role, status, allowed)
			}
		}
	}
}

// TestNoRouteOutsideTheTable compares what the server would answer with the table.
func TestNoRouteOutsideTheTable(t *testing.T) {
	known := map[string]bool{}
	for _, r := range web.Table() {
		if known[r.Method+" "+r.Path] {
			t.Errorf("%s %s is in the table twice", r.Method, r.Path)
		}
		known[r.Method+" "+r.Path] = true
	}
	inTable := maps.Clone(known)
	app := web.New(web.Deps{DB: pgtest.DB(t)})
	for _, r := range app.GetRoutes(true) {
		if r.Method == fiber.MethodHead { // what a GET answers, without the page
			if !inTable[fiber.MethodGet+" "+r.Path] {
				t.Errorf("HEAD %s answers but is not in the table", r.Path)
			}
			continue
		}
		if !inTable[r.Method+" "+r.Path] {
			t.Errorf("%s %s answers but is not in the table", r.Method, r.Path)
		}
		delete(known, r.Method+" "+r.Path)
	}
	for missing := range known {
		t.Errorf("%s is in the table but nothing answers", missing)
	}
}

// TestHeaders: every page keeps to itself.
func TestHeaders(t *testing.T) {
	app := web.New(web.Deps{DB: pgtest.DB(t)})
	response, err := app.Test(httptest.NewRequest("GET", "/sign-in", nil), -1)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	for name, want := range map[string]string{
		"Content-Security-Policy": "default-src 'self'",
		"X-Content-Type-Options":  "nosniff",
		"Referrer-Policy":         "same-origin",
		"Cache-Control":           "no-store",
	} {
		if got := response.Header.Get(name); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q in it", name, got, want)
		}
	}
	if policy := response.Header.Get("Content-Security-Policy"); strings.Contains(policy, "'unsafe-inline'") || !strings.Contains(policy, "frame-ancestors 'none'") {
		t.Errorf("the policy is too weak: %s", policy)
	}
}

// ask sends a request as whoever owns token, from the site's own pages, and returns status and redirect.
func ask(t *testing.T, site *webtest.Site, method, path, token string) (status int, to string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, site.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	if token != "" {
		request.AddCookie(&http.Cookie{Name: "tote", Value: token})
	}
	response, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return response.StatusCode, response.Header.Get("Location")
}

// filledIn makes an address of a pattern. Every parameter names something that does not exist, for whoever is let in
// really does what the route does.
func filledIn(pattern string) string {
	parts := strings.Split(pattern, "/")
	for i, p := range parts {
		if strings.HasPrefix(p, ":") || strings.HasPrefix(p, "+") || strings.HasPrefix(p, "*") {
			parts[i] = "999999"
		}
	}
	return strings.Join(parts, "/")
}
