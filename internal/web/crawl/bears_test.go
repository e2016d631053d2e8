package crawl_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"tote/internal/web/webtest"
)

// longestQuery is what the address of a page may hold beside its path.
const longestQuery = 4000

// raw is what only a program says.
var raw = []string{"pq: ", "sql: ", "strconv.", "json: ", "runtime error", "invalid input syntax", "violates ", "goroutine "}

// blurts is what a page says as only a program does, unless it was typed; "" for nothing.
func blurts(page string, typed map[string]string) string {
	for _, words := range raw {
		if strings.Contains(page, words) && !strings.Contains(fmt.Sprint(typed), words) {
			return words
		}
	}
	return ""
}

// bears sends what is typed in a form; the other fields keep what they hold.
func bears(t *testing.T, c *webtest.Client, f *webtest.Form, typed map[string]string) {
	t.Helper()
	var fields []string
	for name := range f.Values {
		if _, mine := typed[name]; !mine && name != "key" {
			fields = append(fields, name, f.Values.Get(name))
		}
	}
	for name, n := range typed {
		fields = append(fields, name, n)
	}
	a := send(c, f, fields)
	switch {
	case a.Status < http.StatusOK || a.Status >= http.StatusInternalServerError:
		t.Errorf("%s answers %d to %+.200q", f.Action, a.Status, typed)
	case strings.HasPrefix(a.To(), "/sign-in"):
		t.Fatalf("%s signs out at %+.200q", f.Action, typed)
	case a.Status >= http.StatusBadRequest && blurts(a.Body, typed) != "":
		t.Errorf("%s says %q to %+.200q", f.Action, blurts(a.Body, typed), typed)
	case len(typed) == 1 && a.Status == http.StatusUnprocessableEntity && f.Method == "post" && !f.Scans && !scanned(f):
		kept(t, f, typed, a)
	}
}

// kept holds the fields of the refused form against what was typed.
func kept(t *testing.T, f *webtest.Form, typed map[string]string, a webtest.Answer) {
	t.Helper()
	page, err := webtest.ReadPage(nil, a.Status, []byte(a.Body))
	if err == nil && !slices.ContainsFunc(page.Forms, func(g *webtest.Form) bool { return g.Action == f.Action }) {
		return // an earlier string was taken, and that was the end of it: an order that is closed is not closed again
	}
	if err != nil {
		t.Errorf("%s: the refusal of %+.200q cannot be read: %v", f.Action, typed, err)
		return
	}
	for name, n := range typed {
		if !typedInto(f, name) || !plain(n) {
			continue
		}
		if !slices.ContainsFunc(page.Forms, func(g *webtest.Form) bool { return holds(g, kindOf(name), strings.TrimSpace(n)) }) {
			t.Errorf("%s: what was typed into %s is not in the refused form: %+.80q", f.Action, name, n)
		}
	}
}

// typedInto reports whether a field takes what somebody types.
func typedInto(f *webtest.Form, field string) bool {
	return slices.Contains([]string{"text", "email", "tel", "date", "textarea", "number", "search", "url"}, f.Kinds[field])
}

// holds reports whether a field of this kind holds a text; lines without anything in them close up.
func holds(f *webtest.Form, kind, text string) bool {
	for name, values := range f.Values {
		if kindOf(name) == kind && strings.TrimSpace(strings.Join(values, "")) == text {
			return true
		}
	}
	return text == ""
}

// scanned reports whether what a form takes comes from a scanner: nobody mends that, it is scanned anew.
func scanned(f *webtest.Form) bool {
	return strings.HasPrefix(f.Action, "/sign-in") || f.Action == "/scan"
}

// plain reports whether a browser could hold a text unchanged in every kind of field.
func plain(s string) bool {
	return utf8.ValidString(s) && len(s) < 2000 && !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == 0xFFFE || r == 0xFFFF })
}

func send(c *webtest.Client, f *webtest.Form, typed []string) webtest.Answer {
	switch {
	case f.Files:
		return c.Upload(f.Action, "file", []byte(strings.Join(typed, ",")), typed...)
	case f.Method == "post":
		return c.Post(f.Action, typed...)
	}
	query := url.Values{}
	for i := 0; i < len(typed); i += 2 {
		query.Set(typed[i], typed[i+1])
	}
	if len(query.Encode()) > longestQuery {
		return c.Get(f.Action) // the server answers 431 to more before anything of ours is asked
	}
	return c.Get(f.Action + "?" + query.Encode())
}
