package api_test

import (
	"bytes"
	"database/sql"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tote/internal/api"
	"tote/internal/staff"
)

// TestEveryOperationAsksForItsRoles sends every operation as every role: whoever the table does not name is refused
// before anything else is looked at, everybody else gets further.
func TestEveryOperationAsksForItsRoles(t *testing.T) {
	s := open(t)
	tokens := map[staff.Role]string{}
	for _, r := range staff.Roles {
		tokens[r] = s.hire(r)
	}
	for _, o := range api.Operations() {
		path := strings.NewReplacer("{", "", "}", "").Replace(o.Path)
		for role, token := range tokens {
			a := s.raw(o.Method, "/api/v1"+path, strings.NewReader(`{}`), "Authorization", "Bearer "+token, "Idempotency-Key", uuid.NewString())
			may := role == staff.Admin || hasRole(o.Roles, role)
			if refused := a.Status == http.StatusForbidden; refused == may || a.Status >= 500 || a.Status == 401 {
				t.Errorf("%s %s as %s: %d %s", o.Method, o.Path, role, a.Status, a.Body)
			}
		}
		if a := s.raw(o.Method, "/api/v1"+path, strings.NewReader(`{}`), "Authorization", ""); a.Status != 401 || a.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s %s without a token: %d", o.Method, o.Path, a.Status)
		}
	}
}

func hasRole(list []staff.Role, r staff.Role) bool {
	for _, l := range list {
		if l == r {
			return true
		}
	}
	return false
}

func TestTokensThatAreNotValid(t *testing.T) {
	s := open(t)
	for _, header := range []string{"", "Bearer", "Bearer ", "Bearer x", "Basic " + s.token, s.token, "Bearer " + s.token + "x", "Bearer " + strings.Repeat("é", 3000)} {
		if p := s.raw("GET", "/api/v1/items", nil, "Authorization", header).problem(); p.Status != 401 {
			t.Errorf("%.20q: %+v", header, p)
		}
	}
	if a := s.raw("GET", "/api/v1/items", nil, "Authorization", "bearer "+s.token); a.Status != 200 {
		t.Errorf("the scheme's case matters: %s", a.Body)
	}
	s.inTx(func(tx *sql.Tx) error {
		all, err := staff.Tokens(t.Context(), tx)
		if err != nil {
			return err
		}
		return staff.RevokeToken(t.Context(), tx, all[0].ID)
	})
	if a := s.raw("GET", "/api/v1/items", nil); a.Status != 401 {
		t.Errorf("a revoked token lives: %d", a.Status)
	}
}

func TestTheDocumentNeedsNoToken(t *testing.T) {
	s := open(t)
	if a := s.raw("GET", "/api/v1/openapi.json", nil, "Authorization", ""); a.Status != 200 || !bytes.Contains(a.Body, []byte(`"3.1.0"`)) {
		t.Errorf("%d", a.Status)
	}
}

// TestTheUseOfATokenIsNoted: when it last opened the API, to the minute.
func TestTheUseOfATokenIsNoted(t *testing.T) {
	s := open(t)
	secret := s.hire(staff.Clerk)
	before, err := staff.TokenOf(t.Context(), s.db, secret)
	if err != nil || !before.Used.IsZero() {
		t.Fatalf("a new token was used at %v, %v", before.Used, err)
	}
	for range 2 {
		s.raw(http.MethodGet, "/api/v1/items", nil, "Authorization", "Bearer "+secret)
		after, err := staff.TokenOf(t.Context(), s.db, secret)
		if err != nil || after.Used.IsZero() || !before.Used.IsZero() && !after.Used.Equal(before.Used) {
			t.Fatalf("used at %v, then at %v, %v: want once a minute", before.Used, after.Used, err)
		}
		before = after
	}
}
