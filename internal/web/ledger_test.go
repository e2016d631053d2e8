package web_test

import (
	"database/sql"
	"strings"
	"testing"
	"time"

	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// TestTheLedgerPageTellsOfDrift asks for a check, once however often it is asked, and shows what it found here and at home.
func TestTheLedgerPageTellsOfDrift(t *testing.T) {
	s := openShed(t)
	s.bin(t, "A-01-1-A", s.mug, 14)
	m := s.As(t, s.Member(t, "Mia Manager", staff.Manager))
	sees := func(path string, words ...string) {
		t.Helper()
		body := m.Get(path).Body
		for _, w := range words {
			if !strings.Contains(body, w) {
				t.Errorf("%s does not say %q", path, w)
			}
		}
	}
	sees("/ledger", "not checked yet", "Check now")
	proof := func() {
		t.Helper()
		if a := m.Post("/ledger/check"); a.Status != 303 {
			t.Fatalf("asked: %d %s", a.Status, a.Body)
		}
		m.Post("/ledger/check") // joins it
		sees("/ledger", "being checked, asked by Mia Manager")
		for want := range 2 { // one proof, and not another
			var id inventory.ProofID
			if err := pg.InTx(t.Context(), s.DB, func(tx *sql.Tx) (err error) {
				if id, err = inventory.BeginProof(t.Context(), tx); err != nil || id == 0 {
					return err
				}
				laws, err := inventory.Check(t.Context(), tx)
				var found []inventory.ProvenLaw
				for _, l := range laws {
					found = append(found, inventory.ProvenLaw{Trade: "inventory", Law: l})
				}
				if err != nil {
					return err
				}
				return inventory.EndProof(t.Context(), tx, id, found, nil)
			}); err != nil || (id == 0) != (want == 1) {
				t.Fatalf("proof %d, %v", id, err)
			}
		}
	}
	proof()
	sees("/ledger", "laws hold.", "balances are the sum of the movements", "Mia Manager")
	if home := m.Get("/home").Body; strings.Contains(home, "of the ledger") {
		t.Error("home tells of drift where there is none")
	}
	if _, err := s.DB.Exec(`update balances set on_hand = on_hand + 1 where on_hand = 14`); err != nil {
		t.Fatal(err)
	}
	proof()
	sees("/ledger", "drift", "1 law is broken", "balance 15, movements 14")
	sees("/home", "law of the ledger is broken", "balances are the sum of the movements", `href="/ledger"`)
	if a := s.As(t, s.Member(t, "Pia Picker", staff.Picker)).Get("/ledger"); a.Status != 403 {
		t.Errorf("a picker reads the ledger page: %d", a.Status)
	}
}

func TestStockAtATimeIsShownAndKept(t *testing.T) {
	s := openShed(t)
	s.bin(t, "A-01-1-A", s.mug, 14)
	c := s.As(t, s.Member(t, "Clara Clerk", staff.Clerk))
	now := time.Now().UTC().Format("2006-01-02T15:04")
	for path, words := range map[string]string{
		"/stock/at":                           "14 pieces in 1 row.",
		"/stock/at?place=A-01-1-A&at=" + now:  "14 pieces in 1 row.",
		"/stock/at?place=A-01-1-B":            "0 pieces in 0 rows.",
		"/stock/at?at=2020-01-01T00:00":       "Nothing was there",
		"/stock/at?at=soon&place=Z&sku=NONE9": "No item has this SKU.",
	} {
		if a := c.Get(path); !strings.Contains(a.Body, words) {
			t.Errorf("%s (%d) does not say %q: %s", path, a.Status, words, a.Body)
		}
	}
	if a := c.Get("/stock/at?at=soon"); a.Status != 422 {
		t.Errorf("no moment: %d", a.Status)
	}
	if a := c.Get("/stock/at.csv?place=A-01-1-A"); !strings.HasPrefix(a.Body, "sku,name,lot,location,kind,on_hand,at\n") || !strings.Contains(a.Body, ",A-01-1-A,bin,14,") {
		t.Errorf("the file: %s", a.Body)
	}
}
