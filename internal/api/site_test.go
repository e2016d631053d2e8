package api_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"tote/internal/api"
	"tote/internal/files"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/staff"
	"tote/internal/web"
	"tote/inventory"
	"tote/inventory/sitetest"
)

// site is a small warehouse with the whole program's routes in front of it.
type site struct {
	*sitetest.Site
	t     testing.TB
	db    *sql.DB
	app   *fiber.App
	log   *bytes.Buffer
	files *files.Store
	token string // an admin's
	check *contract
}

// open builds a site; fill may add to it.
func open(t testing.TB, fill ...func(*sitetest.Site)) *site {
	t.Helper()
	s := &site{t: t, db: pgtest.DB(t), log: &bytes.Buffer{}, files: files.In(t.TempDir())}
	s.Site = sitetest.Committed(t, s.db, func(in *sitetest.Site) {
		for _, f := range fill {
			f(in)
		}
	})
	log := slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelError}))
	s.app = web.New(web.Deps{DB: s.db, Log: log, Mounts: map[string]web.Mount{api.Prefix: api.New(api.Deps{DB: s.db, Log: log, Files: s.files})}})
	s.token = s.issue(s.Staff)
	s.check = readContract(t, s)
	t.Cleanup(func() {
		if s.log.Len() > 0 {
			t.Errorf("the log has errors:\n%s", s.log)
		}
	})
	return s
}

// issue makes a token of a member.
func (s *site) issue(m staff.ID) (secret string) {
	s.t.Helper()
	s.inTx(func(tx *sql.Tx) (err error) {
		secret, err = staff.IssueToken(s.t.Context(), tx, m, "test")
		return err
	})
	return secret
}

// hire makes a token of somebody with these roles.
func (s *site) hire(roles ...staff.Role) (secret string) {
	s.t.Helper()
	var m staff.Member
	s.inTx(func(tx *sql.Tx) (err error) {
		m, err = staff.Add(s.t.Context(), tx, staff.Member{Name: "Bo", Roles: roles, Warehouse: int64(s.Warehouse)}, "274916")
		return err
	})
	return s.issue(m.ID)
}

func (s *site) inTx(do func(tx *sql.Tx) error) {
	s.t.Helper()
	if err := pg.InTx(s.t.Context(), s.db, do); err != nil {
		s.t.Fatal(err)
	}
}

// answer is what came back.
type answer struct {
	Status int
	Header http.Header
	Body   []byte
	t      testing.TB
}

// read decodes the body.
func (a answer) read(into any) {
	a.t.Helper()
	if err := json.Unmarshal(a.Body, into); err != nil {
		a.t.Fatalf("%v in %s", err, a.Body)
	}
}

type problem struct {
	Status int
	Title  string
	Detail string
	Errors []struct{ Name, Message string }
}

// problem is the body as a problem.
func (a answer) problem() (p problem) {
	a.t.Helper()
	if a.Header.Get("Content-Type") != "application/problem+json" {
		a.t.Errorf("%d is %s: %.200s", a.Status, a.Header.Get("Content-Type"), a.Body)
		return p
	}
	a.read(&p)
	if p.Status != a.Status || p.Title == "" || p.Detail == "" {
		a.t.Errorf("a poor problem: %s", a.Body)
	}
	return p
}

// raw sends bytes as they are.
func (s *site) raw(method, path string, body io.Reader, header ...string) answer {
	s.t.Helper()
	r := httptest.NewRequest(method, path, body)
	r.Header.Set("Authorization", "Bearer "+s.token)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := s.app.Test(r, -1)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, text, s.t}
}

// send sends a document the contract allows and holds the answer against the contract.
func (s *site) send(method, path string, document any, header ...string) answer {
	s.t.Helper()
	var body []byte
	if document != nil {
		var err error
		if body, err = json.Marshal(document); err != nil {
			s.t.Fatal(err)
		}
	}
	if method == http.MethodPost && !slicesHas(header, "Idempotency-Key") {
		header = append(header, "Idempotency-Key", uuid.NewString())
	}
	var reader io.Reader
	if body != nil {
		reader = bytes.NewReader(body)
	}
	a := s.raw(method, "/api/v1"+path, reader, header...)
	s.check.hold(s.t, method, "/api/v1"+path, body, header, a)
	return a
}

func slicesHas(header []string, name string) bool {
	for i := 0; i < len(header); i += 2 {
		if strings.EqualFold(header[i], name) {
			return true
		}
	}
	return false
}

// ok sends and wants a 2xx; the answer is read into `into` unless it is nil.
func (s *site) ok(method, path string, document, into any, header ...string) answer {
	s.t.Helper()
	a := s.send(method, path, document, header...)
	if a.Status < 200 || a.Status > 299 {
		s.t.Fatalf("%s %s: %d %s", method, path, a.Status, a.Body)
	}
	if into != nil {
		a.read(into)
	}
	return a
}

type object = map[string]any

// scans sends codes one after the other; it returns the last step.
func (s *site) scans(path, station string, codes ...string) (step object) {
	s.t.Helper()
	for _, code := range codes {
		step = nil
		s.ok("POST", path, object{"key": uuid.NewString(), "code": code, "station": station}, &step)
	}
	return step
}

// sku is the SKU of an item.
func (s *site) sku(id inventory.ItemID) string {
	s.t.Helper()
	i, err := inventory.ItemByID(s.t.Context(), s.db, id)
	if err != nil {
		s.t.Fatal(err)
	}
	return i.SKU
}

// text is a number of an answer as a path has it.
func text(v any) string { return fmt.Sprintf("%.0f", v) }
