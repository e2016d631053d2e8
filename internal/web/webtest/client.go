package webtest

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tote/internal/staff"
)

// Client sends requests by hand as somebody who is signed in. It follows no redirect.
type Client struct {
	t     testing.TB
	site  *Site
	token string
}

// Visitor is somebody who is not signed in: a customer, or nobody yet.
func (s *Site) Visitor(t testing.TB) *Client { return &Client{t: t, site: s} }

// As signs somebody in.
func (s *Site) As(t testing.TB, m staff.Member) *Client {
	t.Helper()
	return &Client{t: t, site: s, token: s.Token(t, m)}
}

// Answer is what came back.
type Answer struct {
	Status int
	Body   string
	Header http.Header
	kept   []*http.Cookie
}

// To is where a redirect leads, without the site.
func (a Answer) To() string { return a.Header.Get("Location") }

// Get reads a page.
func (c *Client) Get(path string) Answer {
	c.t.Helper()
	return c.send(http.MethodGet, path, "", nil)
}

// Follow reads the page that an answer leads to, with what was said for it.
func (c *Client) Follow(a Answer) Answer {
	c.t.Helper()
	return c.send(http.MethodGet, a.To(), "", nil, a.kept...)
}

// typed is a form of names and values in turn. The last value of a name counts; "+name" adds one beside those before.
func typed(fields []string) url.Values {
	form := url.Values{"key": {uuid.NewString()}}
	for i := 0; i+1 < len(fields); i += 2 {
		if name, another := strings.CutPrefix(fields[i], "+"); another {
			form.Add(name, fields[i+1])
		} else {
			form.Set(name, fields[i+1])
		}
	}
	return form
}

// Post sends a form, see typed. A key is added when none is among the fields.
func (c *Client) Post(path string, fields ...string) Answer {
	c.t.Helper()
	return c.send(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(typed(fields).Encode()))
}

// Scan pulls the trigger on a scanning screen.
func (c *Client) Scan(path, code string) Answer {
	c.t.Helper()
	return c.Post(path+"/scan", "code", code)
}

// Upload sends a file with a form, see Post.
func (c *Client) Upload(path, name string, content []byte, fields ...string) Answer {
	c.t.Helper()
	return c.UploadNamed(path, name, "../../etc/passwd", content, fields...)
}

// UploadNamed sends a file of that name with a form.
func (c *Client) UploadNamed(path, name, file string, content []byte, fields ...string) Answer {
	c.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range typed(fields) {
		for _, value := range values {
			if err := w.WriteField(name, value); err != nil {
				c.t.Fatal(err)
			}
		}
	}
	part, err := w.CreateFormFile(name, file)
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return c.send(http.MethodPost, path, w.FormDataContentType(), &body)
}

var direct = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

func (c *Client) send(method, path, contentType string, body io.Reader, kept ...*http.Cookie) Answer {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.site.URL+path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	if c.token != "" {
		r.AddCookie(&http.Cookie{Name: "tote", Value: c.token})
	}
	for _, k := range kept {
		r.AddCookie(k)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	response, err := direct.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return Answer{response.StatusCode, string(text), response.Header, response.Cookies()}
}
