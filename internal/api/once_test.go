package api_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"tote/internal/api"
	"tote/inventory"
	"tote/inventory/sitetest"

	"database/sql"
)

func stocked(t testing.TB) (*site, string) {
	t.Helper()
	var mug inventory.ItemID
	s := open(t, func(in *sitetest.Site) { mug = in.Item("MUG"); in.Stock(mug, in.Bins[0], 100) })
	return s, s.sku(mug)
}

func (s *site) onHand(sku string) float64 {
	s.t.Helper()
	var st struct {
		OnHand float64 `json:"on_hand"`
	}
	s.ok("GET", "/items/"+sku+"/stock", nil, &st)
	return st.OnHand
}

func TestARepeatIsAnsweredWordForWord(t *testing.T) {
	s, sku := stocked(t)
	body := object{"sku": sku, "location": "A-01-1-A", "quantity": -1, "reason": "broken"}
	first := s.ok("POST", "/adjustments", body, nil, "Idempotency-Key", "k-1")
	s.ok("POST", "/adjustments", object{"sku": sku, "location": "A-01-1-A", "quantity": -5, "reason": "lost"}, nil)
	again := s.ok("POST", "/adjustments", body, nil, "Idempotency-Key", "k-1")
	if !bytes.Equal(first.Body, again.Body) || first.Status != again.Status || again.Header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("first %d %s, again %d %s", first.Status, first.Body, again.Status, again.Body)
	}
	if n := s.onHand(sku); n != 94 {
		t.Errorf("%v are left, not 94: the repeat counted, or the other key did not", n)
	}
}

func TestAKeyIsForOneRequest(t *testing.T) {
	s, sku := stocked(t)
	body := object{"sku": sku, "location": "A-01-1-A", "quantity": -1, "reason": "broken"}
	s.ok("POST", "/adjustments", body, nil, "Idempotency-Key", "k-1")
	body["quantity"] = -2
	if p := s.send("POST", "/adjustments", body, "Idempotency-Key", "k-1").problem(); p.Status != 422 || p.Errors[0].Name != "Idempotency-Key" {
		t.Errorf("another body: %+v", p)
	}
	if p := s.send("POST", "/items", object{"sku": "NEW", "name": "New"}, "Idempotency-Key", "k-1").problem(); p.Status != 422 {
		t.Errorf("another path: %+v", p)
	}
	if n := s.onHand(sku); n != 99 {
		t.Errorf("%v are left", n)
	}
	other := *s
	other.token = s.issue(s.Staff)
	other.ok("POST", "/adjustments", body, nil, "Idempotency-Key", "k-1")
	if n := s.onHand(sku); n != 97 {
		t.Errorf("another client's key is its own, but %v are left", n)
	}
}

func TestParallelRepeatsAreOneEffect(t *testing.T) {
	s, sku := stocked(t)
	body := object{"sku": sku, "location": "A-01-1-A", "quantity": -1, "reason": "broken"}
	answers := make([]answer, 12)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = s.send("POST", "/adjustments", body, "Idempotency-Key", "k-1") })
	}
	all.Wait()
	fresh := 0
	for _, a := range answers {
		if a.Status != 201 || !bytes.Equal(a.Body, answers[0].Body) {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		if a.Header.Get("Idempotency-Replayed") == "" {
			fresh++
		}
	}
	if n := s.onHand(sku); n != 99 || fresh != 1 {
		t.Errorf("%v are left, %d say they were the first", n, fresh)
	}
}

func TestWhatWasRefusedMayBeSentAgain(t *testing.T) {
	s, sku := stocked(t)
	body := object{"sku": sku, "location": "A-01-1-A", "quantity": -101, "reason": "broken"}
	if a := s.send("POST", "/adjustments", body, "Idempotency-Key", "k-1"); a.Status != 409 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	s.ok("POST", "/adjustments", object{"sku": sku, "location": "A-01-1-A", "quantity": 1, "reason": "found"}, nil)
	s.ok("POST", "/adjustments", body, nil, "Idempotency-Key", "k-1")
	if n := s.onHand(sku); n != 0 {
		t.Errorf("%v are left", n)
	}
}

func TestAPostWantsAKey(t *testing.T) {
	s := open(t)
	for _, key := range []string{"", " ", "a b", "käse", strings.Repeat("k", 129)} {
		a := s.raw("POST", "/api/v1/items", strings.NewReader(`{"sku":"NEW","name":"New"}`), "Idempotency-Key", key)
		if p := a.problem(); p.Status != 422 || len(p.Errors) != 1 || p.Errors[0].Name != "Idempotency-Key" {
			t.Errorf("%q: %+v", key, p)
		}
	}
	if a := s.send("GET", "/items/NEW", nil); a.Status != 404 {
		t.Errorf("it was made: %s", a.Body)
	}
}

func TestAScanIsKnownByItsKey(t *testing.T) {
	s := open(t)
	key := uuid.NewString()
	first := s.ok("POST", "/receipts/scans", object{"key": key, "code": "B-D-1"}, nil)
	again := s.ok("POST", "/receipts/scans", object{"key": key, "code": "B-D-1"}, nil)
	if !bytes.Equal(first.Body, again.Body) {
		t.Errorf("first %s, again %s", first.Body, again.Body)
	}
	var open struct{ Data []object }
	if s.ok("GET", "/receipts", nil, &open); len(open.Data) != 1 {
		t.Errorf("%d receipts are open", len(open.Data))
	}
	if p := s.send("POST", "/receipts/scans", object{"key": key, "code": "B-A-01-1-A"}).problem(); p.Status != 409 {
		t.Errorf("another code: %+v", p)
	}
}

func TestOldAnswersAreForgotten(t *testing.T) {
	s, sku := stocked(t)
	body := object{"sku": sku, "location": "A-01-1-A", "quantity": -1, "reason": "broken"}
	s.ok("POST", "/adjustments", body, nil, "Idempotency-Key", "old")
	s.ok("POST", "/adjustments", body, nil, "Idempotency-Key", "young")
	if _, err := s.db.Exec(`update api_requests set at = now() - interval '31 days' where key = 'old'`); err != nil {
		t.Fatal(err)
	}
	s.inTx(func(tx *sql.Tx) error { return api.Forget(t.Context(), tx) })
	var keys string
	if err := s.db.QueryRow(`select string_agg(key, ' ') from api_requests`).Scan(&keys); err != nil || keys != "young" {
		t.Errorf("kept: %q, %v", keys, err)
	}
}
