package web_test

import (
	"database/sql"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"tote/internal/staff"
	"tote/inventory"
)

// paid places an order and pays it: it is on the floor.
func (s *shop) paid(t *testing.T) (ref string) {
	t.Helper()
	ref = strings.TrimPrefix(s.place(t), "/orders/")
	s.clerk.Post("/payments", "pay."+ref, "on", "amount", "17.85", "method", "cash", "reference", "till "+ref)
	return ref
}

// The order's page names the tote where the pieces lie now, as the packers' list does.
func TestAnOrdersPageNamesTheToteWhereItLies(t *testing.T) {
	s := openShop(t)
	s.write(t, func(tx *sql.Tx) error {
		for i := range 3 {
			if _, err := inventory.AddLocation(t.Context(), tx, inventory.Location{Warehouse: inventory.WarehouseID(s.Warehouse), Kind: inventory.Tote, Code: fmt.Sprint("T-", i+1)}); err != nil {
				return err
			}
		}
		return s.stock(tx, s.mug, "A-01-1-A", 50)
	})
	putUpWall(t, s.clerk, "3")
	first, second, third := s.paid(t), s.paid(t), s.paid(t)
	says := func(ref, want string) {
		t.Helper()
		if page := words(s.clerk.Get("/orders/" + ref).Body); !strings.Contains(page, want) {
			t.Errorf("%s lacks %q: %s", ref, want, page)
		}
	}
	s.clerk.Post("/waves", "method", "batch", "shortage", "orders", "refs", first+" "+second)
	p := s.As(t, s.Member(t, "Pia Picker", staff.Picker))
	for _, code := range []string{"X-TAKEOVER", "T-1", "B-A-01-1-A", mugCode, "+3"} {
		p.Scan("/picking/1", code)
	}
	says(first, "Is picked and waits to be sorted out of tote T-1.")
	if page := s.clerk.Get("/orders/" + first).Body; !strings.Contains(page, `href="/picking/lists/1"`) {
		t.Error("the order's story does not lead to the list it was picked from")
	}
	ready := regexp.MustCompile(`Ready to be packed (.*) Picked, not here yet (.*)`)
	if page := ready.FindStringSubmatch(words(s.clerk.Get("/packing").Body)); page == nil || strings.Contains(page[1], first) || !strings.Contains(page[2], first+" 2 pieces Waits to be sorted") {
		t.Errorf("what the packers see: %q", page)
	}
	for _, code := range []string{"T-1", mugCode, "T-4", mugCode, "T-4"} {
		p.Scan("/sorting", code)
	}
	says(first, "Is picked and waits to be packed from tote T-4.")
	s.clerk.Post("/waves", "method", "piece", "shortage", "orders", "refs", third)
	for _, code := range []string{"X-TAKEOVER", "T-2", "B-A-01-1-A", mugCode, "X-FULL", "T-3", mugCode} {
		p.Scan("/picking/2", code)
	}
	says(third, "Is picked and waits to be packed from totes T-2 and T-3.")
}
