package orders_test

import (
	"strings"
	"testing"
	"time"

	"tote/internal/orders"
	"tote/internal/pgtest"
)

// TestDebtsAreListedTheLongestOverdueFirst: what is not invoiced yet is open but not late; what is paid is no debt.
func TestDebtsAreListedTheLongestOverdueFirst(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	id := customer(t, tx, "ACME", "100")
	f := form()
	f.Customer, f.Name = "ACME", ""
	waiting, late := s.place(t, tx, "a", f), s.place(t, tx, "b", f)
	s.paidOrder(t, tx, "c")
	leave(t, tx, late.Number, false)
	invoiced(t, tx, late.Number)
	pay(t, tx, payment("p", "7.85", late.Number))
	now := noon.AddDate(0, 0, 33) // thirty days to pay
	list, err := orders.Debts(ctx, tx, 0, now, 10)
	if err != nil || len(list) != 2 || list[0].Order != late.Number || list[1].Order != waiting.Number {
		t.Fatalf("debts %+v (%v)", list, err)
	}
	if d := list[0]; d.Late != 3 || d.Open.Minor != 1000 || d.Due.Format(time.DateOnly) != "2026-12-20" || d.Invoices != "INV-1001" || d.Customer != id {
		t.Errorf("the late one is %+v", d)
	}
	if d := list[1]; d.Late != 0 || !d.Due.IsZero() || d.Invoices != "" {
		t.Errorf("the one that waits is %+v", d)
	}
	if list, err := orders.Debts(ctx, tx, id+1000, now, 10); err != nil || len(list) != 0 {
		t.Errorf("another customer owes %+v (%v)", list, err)
	}
	var file strings.Builder
	must(t, orders.ExportDebts(ctx, tx, &file, now))
	if want := late.Number.String() + ",ACME,Customer ACME,INV-1001,2026-11-20,2026-12-20,3,10.00,EUR"; !strings.Contains(file.String(), want) {
		t.Errorf("the file is\n%s", file.String())
	}
}
