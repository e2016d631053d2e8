package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"tote/internal/mail"
	"tote/internal/outbox"
	"tote/internal/staff"
	"tote/internal/web/webtest"
)

// pin is everybody's in a story.
const pin = "274916"

// hand is somebody's browser and the page it shows.
type hand struct {
	http.Client
	badge string
	token string // for the API, once it was asked
	*webtest.Page
	last func() (*http.Response, error) // the last post, to arrive again
}

func (s *story) as(_ bool, args []string) {
	s.want(args, 1)
	s.begin()
	h, known := s.hands[args[0]]
	if !known {
		jar, err := cookiejar.New(nil)
		s.must(err)
		h = &hand{Client: http.Client{Jar: jar, Timeout: time.Minute}, Page: &webtest.Page{}}
		s.hands[args[0]] = h
	}
	s.who = h
	if len(args) > 1 {
		s.hire(h, args[0], args[1:])
		s.open(false, []string{"/sign-in"})
		s.fill(false, []string{"code=" + h.badge})
		s.fill(false, []string{"pin=" + pin})
		s.fill(false, []string{"code="})
	}
}

func (s *story) hire(h *hand, name string, roles []string) {
	if roles[0] == "hired" {
		s.must(s.db.QueryRow(`select badge from staff where name = $1`, name).Scan(&h.badge))
		s.Setenv(name, h.badge)
		return
	}
	m := staff.Member{Name: name, Warehouse: int64(s.warehouse)}
	for _, r := range roles {
		m.Roles = append(m.Roles, staff.Role(r))
	}
	s.inTx(func(ctx context.Context, tx *sql.Tx) (err error) {
		m, err = staff.Add(ctx, tx, m, pin)
		return err
	})
	h.badge = m.Badge
	s.Setenv(name, m.Badge)
}

func (s *story) at(_ bool, args []string) {
	s.want(args, 1)
	s.open(false, []string{"/sign-in/station"})
	s.fill(false, []string{"code=" + args[0]})
}

// fail ends the story with what stood on the page.
func (s *story) fail(format string, args ...any) {
	if s.who != nil {
		s.Logf("the page: %s", s.who.Words)
	}
	s.Fatalf(format, args...)
}

// person is whoever the story is about now.
func (s *story) person() *hand {
	s.begin()
	if s.who == nil {
		s.as(false, []string{"guest"})
	}
	return s.who
}

// took reads the answer to a request and holds it against what was wanted of it.
func (s *story) took(response *http.Response, err error, neg bool) {
	s.must(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	s.must(err)
	p := &webtest.Page{Address: response.Request.URL, Status: response.StatusCode, Words: string(body)}
	if strings.HasPrefix(response.Header.Get("Content-Type"), "text/html") {
		p, err = webtest.ReadPage(response.Request.URL, response.StatusCode, body)
		s.must(err)
	}
	s.who.Page = p
	if p.Status >= http.StatusInternalServerError {
		s.fail("%s broke: %d", p.Address.Path, p.Status)
	}
	if refused := p.Status >= http.StatusBadRequest; refused != neg {
		s.fail("%s was answered with %d", p.Address.Path, p.Status)
	}
}

// resolve is an address on the page as a whole one.
func (s *story) resolve(to string) string {
	h := s.person()
	base := h.Page.Address
	if base == nil {
		base = &url.URL{Scheme: "http", Host: s.address, Path: "/"}
	}
	u, err := base.Parse(to)
	s.must(err)
	if u.Host != s.address {
		s.fail("%s leads away", u)
	}
	return u.String()
}

func (s *story) open(neg bool, args []string) {
	s.want(args, 1)
	response, err := s.person().Get(s.resolve(args[0]))
	s.took(response, err, neg)
}

func (s *story) follow(neg bool, args []string) {
	s.want(args, 1)
	for _, l := range s.person().Links {
		if strings.Contains(l.Words, args[0]) || strings.Contains(l.To, args[0]) {
			s.open(neg, []string{l.To})
			return
		}
	}
	s.fail("there is no link %q", args[0])
}

// pairs reads FIELD=VALUE.
func (s *story) pairs(args []string) (list [][2]string) {
	s.want(args, 1)
	for _, a := range args {
		name, value, ok := strings.Cut(a, "=")
		if !ok {
			s.fail("%q is not FIELD=VALUE", a)
		}
		list = append(list, [2]string{name, value})
	}
	return list
}

func (s *story) fill(neg bool, args []string) {
	fields := s.pairs(args)
	f := s.formWith(fields)
	s.send(neg, f, f.Action, fields)
}

// formWith is the smallest form of the page that has these fields.
func (s *story) formWith(fields [][2]string) (found *webtest.Form) {
	for _, f := range s.person().Forms {
		if f.Has(fields) && (found == nil || len(f.Kinds) < len(found.Kinds)) {
			found = f
		}
	}
	if found == nil {
		s.fail("no form on %s has all of these fields", s.who.Address)
	}
	return found
}

func (s *story) press(neg bool, args []string) {
	s.want(args, 1)
	s.onward()
	for _, f := range s.person().Forms {
		for _, b := range f.Buttons {
			if !strings.Contains(b.Words, args[0]) {
				continue
			}
			fields := [][2]string{}
			if len(args) > 1 {
				fields = s.pairs(args[1:])
			}
			if b.Name != "" {
				fields = append(fields, [2]string{b.Name, b.Value})
			}
			s.send(neg, f, or(b.Action, f.Action), fields)
			return
		}
	}
	s.fail("there is no button %q", args[0])
}

func (s *story) post(neg bool, args []string) {
	s.want(args, 1)
	fields := [][2]string{{"key", uuid.NewString()}}
	if len(args) > 1 {
		fields = append(fields, s.pairs(args[1:])...)
	}
	s.person()
	s.send(neg, &webtest.Form{}, args[0], fields)
}

func (s *story) call(neg bool, args []string) {
	s.want(args, 2)
	h := s.person()
	if h.token == "" {
		s.inTx(func(ctx context.Context, tx *sql.Tx) (err error) {
			h.token, err = tokenIssue{Badge: h.badge, Name: "a story"}.issue(ctx, tx)
			return err
		})
	}
	key, body := uuid.NewString(), strings.ReplaceAll(strings.Join(args[2:], " "), "NOW", time.Now().UTC().Format(time.RFC3339))
	h.last = func() (*http.Response, error) {
		r, err := http.NewRequest(args[0], s.resolve(args[1]), strings.NewReader(body))
		if err != nil {
			return nil, err
		}
		r.Header.Set("Authorization", "Bearer "+h.token)
		r.Header.Set("Idempotency-Key", key)
		r.Header.Set("Content-Type", "application/json")
		return h.Do(r)
	}
	response, err := h.last()
	s.took(response, err, neg)
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// onward goes where a finished scanning screen leads by itself.
func (s *story) onward() {
	if to := s.person().Onward; to != "" {
		s.open(false, []string{to})
	}
}

func (s *story) scan(neg bool, args []string) {
	s.want(args, 1)
	for _, code := range args {
		s.onward()
		i := 0
		for i < len(s.person().Forms) && !s.who.Forms[i].Scans {
			i++
		}
		if i == len(s.who.Forms) {
			s.fail("%s is no scanning screen", s.who.Address)
		}
		s.send(false, s.who.Forms[i], s.who.Forms[i].Action, [][2]string{{"code", code}})
		if wrong := s.who.Result == "wrong"; wrong != neg {
			s.fail("%s: the screen says %q", code, s.who.Result)
		}
	}
}

// send posts a form as it stands on the page, with what is typed now.
func (s *story) send(neg bool, f *webtest.Form, action string, fields [][2]string) {
	values, files := url.Values{}, map[string]string{}
	for name, v := range f.Values {
		values[name] = v
	}
	typed := map[string]bool{}
	for _, field := range fields {
		if file, ok := strings.CutPrefix(field[1], "@"); ok && f.Files {
			files[field[0]] = s.ReadFile(file)
			continue
		}
		if typed[field[0]] { // a name again is one more tick
			values.Add(field[0], field[1])
			continue
		}
		values.Set(field[0], field[1])
		typed[field[0]] = true
	}
	body, kind := []byte(values.Encode()), "application/x-www-form-urlencoded"
	if f.Files {
		body, kind = s.multipart(values, files)
	}
	to, h := s.resolve(action), s.who
	h.last = func() (*http.Response, error) { return h.Post(to, kind, bytes.NewReader(body)) }
	response, err := h.last()
	s.took(response, err, neg)
}

func (s *story) multipart(values url.Values, files map[string]string) ([]byte, string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name := range values {
		s.must(w.WriteField(name, values.Get(name)))
	}
	for name, content := range files {
		part, err := w.CreateFormFile(name, name+".csv")
		s.must(err)
		_, err = io.WriteString(part, content)
		s.must(err)
	}
	s.must(w.Close())
	return b.Bytes(), w.FormDataContentType()
}

// paint makes a picture of so many pixels, of one shade: FILE SIDE SHADE.
func (s *story) paint(_ bool, args []string) {
	s.want(args, 3)
	side, err := strconv.Atoi(args[1])
	s.must(err)
	shade, err := strconv.Atoi(args[2])
	s.must(err)
	img := image.NewGray(image.Rect(0, 0, side, side))
	for i := range img.Pix {
		img.Pix[i] = uint8(shade)
	}
	var out bytes.Buffer
	s.must(png.Encode(&out, img))
	s.must(os.WriteFile(s.MkAbs(args[0]), out.Bytes(), 0o600))
}

func (s *story) again(neg bool, _ []string) {
	if s.person().last == nil {
		s.fail("nothing was sent yet")
	}
	response, err := s.who.last()
	s.took(response, err, neg)
}

func (s *story) see(neg bool, args []string) {
	s.want(args, 1)
	for _, words := range args {
		if strings.Contains(s.person().Words, webtest.Single(words)) == neg {
			s.fail("%s: %q, seen is %v", s.who.Address, words, neg)
		}
	}
}

func (s *story) count(_ bool, args []string) {
	s.want(args, 2)
	if n := strings.Count(s.person().Words, webtest.Single(args[1])); strconv.Itoa(n) != args[0] {
		s.fail("%q stands there %d times", args[1], n)
	}
}

func (s *story) kept(neg bool, args []string) {
	fields := s.pairs(args)
	f := s.formWith(fields)
	for _, field := range fields {
		if (f.Values.Get(field[0]) == field[1]) == neg {
			s.fail("%s is %q", field[0], f.Values.Get(field[0]))
		}
	}
}

func (s *story) status(_ bool, args []string) {
	s.want(args, 1)
	if got := strconv.Itoa(s.person().Page.Status); got != args[0] {
		s.fail("the answer was %s", got)
	}
}

func (s *story) save(neg bool, args []string) {
	s.want(args, 2)
	to := args[1]
	for _, l := range s.person().Links {
		if strings.Contains(l.Words, to) {
			to = l.To
			break
		}
	}
	response, err := s.who.Get(s.resolve(to))
	s.must(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	s.must(err)
	if refused := response.StatusCode >= http.StatusBadRequest; refused != neg {
		s.fail("%s was answered with %d", to, response.StatusCode)
	}
	s.must(os.WriteFile(s.MkAbs(args[0]), body, 0o600))
}

// wait asks until something is so, for as long as a busy machine may take.
func (s *story) wait(what string, so func(ctx context.Context) (bool, error)) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		yes, err := so(ctx)
		s.must(err)
		if yes {
			return
		}
		select {
		case <-ctx.Done():
			s.fail("%s: it never came", what)
		case <-tick.C:
		}
	}
}

// quiet waits until every fact was heard and every letter has left.
func (s *story) quiet() {
	s.wait("quiet", func(ctx context.Context) (bool, error) {
		waiting, err := outbox.Waiting(ctx, s.db)
		if err != nil || len(waiting) > 0 {
			return false, err
		}
		var busy int
		err = s.db.QueryRowContext(ctx, `select (select count(*) from river_job where state in ('available', 'running', 'retryable')) +
			(select count(*) from letters where state = 'queued' and next_try_at <= now())`).Scan(&busy)
		return busy == 0, err
	})
}

func (s *story) mail(neg bool, args []string) {
	s.want(args, 2)
	s.person()
	if neg {
		s.quiet()
		if l, err := s.letter(context.Background(), args[0], args[1:]); err != nil || l != nil {
			s.fail("there is the letter %v, %v", l, err)
		}
		return
	}
	s.wait(fmt.Sprintf("a letter to %s about %q", args[0], args[1:]), func(ctx context.Context) (bool, error) {
		l, err := s.letter(ctx, args[0], args[1:])
		if l == nil || err != nil {
			return false, err
		}
		p, err := webtest.ReadPage(&url.URL{Scheme: "http", Host: s.address, Path: "/"}, http.StatusOK, []byte(l.HTML))
		if err != nil {
			return false, err
		}
		p.Words = webtest.Single(l.Subject + " " + l.Text + " " + p.Words)
		s.who.Page = p
		return true, nil
	})
}

// letter is the newest in the inbox to somebody that says all of this; nil when there is none.
func (s *story) letter(ctx context.Context, to string, words []string) (*mail.Opened, error) {
	list, err := mail.Arrivals(ctx, s.db, 0, 100)
	if err != nil {
		return nil, err
	}
	for _, a := range list {
		l, err := mail.Open(ctx, s.db, a.ID)
		if err != nil {
			return nil, err
		}
		fits := strings.Contains(strings.Join(l.To, " "), to)
		for _, w := range words {
			fits = fits && strings.Contains(webtest.Single(l.Subject+" "+l.Text), webtest.Single(w))
		}
		if fits {
			return &l, nil
		}
	}
	return nil, nil
}
