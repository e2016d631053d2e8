package orders_test

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pgtest"
)

// paidOrder is an order that is on the floor.
func (s site) paidOrder(t testing.TB, tx *sql.Tx, key string) orders.Placed {
	t.Helper()
	p := s.place(t, tx, key, form())
	pay(t, tx, payment("pay "+key, p.Total.Amount(), p.Number))
	return p
}

func read(t testing.TB, tx *sql.Tx, n orders.Number) orders.View {
	t.Helper()
	v, err := orders.Read(ctx, tx, n)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAHeldOrderIsNotReleasedUntilItIsCleared(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	p := s.place(t, tx, "k", form())
	must(t, orders.Hold(ctx, tx, p.Number, orders.HoldAddress, "No house number", 0, noon))
	must(t, orders.Hold(ctx, tx, p.Number, orders.HoldFraud, "Called twice", 0, noon))
	pay(t, tx, payment("p", "17.85", p.Number))
	v := read(t, tx, p.Number)
	if !v.Released.IsZero() || v.Stage != orders.OnHold {
		t.Fatalf("a held order is %s", v.Stage)
	}
	if says := strings.Join(v.Next().Blocks, " "); !strings.Contains(says, "address: No house number") || !strings.Contains(says, "fraud: Called twice") {
		t.Errorf("the page says %q", says)
	}
	must(t, orders.ClearHold(ctx, tx, p.Number, v.Holds[0].ID, 0, noon))
	if stage(t, tx, p.Number) != orders.OnHold {
		t.Error("clearing one of two holds let the order go")
	}
	must(t, orders.ClearHold(ctx, tx, p.Number, v.Holds[1].ID, 0, noon))
	if read(t, tx, p.Number).Released.IsZero() {
		t.Error("clearing the last hold did not release the order")
	}
	lawful(t, tx)
}

func TestAHoldReachesTheFloor(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	p := s.paidOrder(t, tx, "k")
	must(t, orders.Hold(ctx, tx, p.Number, orders.HoldManual, "Wait for the second order", 0, noon))
	if n := count(t, tx, `select count(*) from demands where ref = $1 and held_reason = 'manual: Wait for the second order'`, p.Number.String()); n != 1 {
		t.Error("the floor does not know why it must wait")
	}
	if stage(t, tx, p.Number) != orders.OnHold {
		t.Errorf("it is %s", stage(t, tx, p.Number))
	}
	must(t, orders.ClearHold(ctx, tx, p.Number, read(t, tx, p.Number).Holds[0].ID, 0, noon))
	if n := count(t, tx, `select count(*) from demands where ref = $1 and held_reason = ''`, p.Number.String()); n != 1 {
		t.Error("the floor still holds it")
	}
	lawful(t, tx)
}

func TestAHoldNeedsKindAndReason(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	p := s.place(t, tx, "k", form())
	if err := orders.Hold(ctx, tx, p.Number, "whim", " ", 0, noon); !slices.Equal(fieldNames(err), []string{"kind", "reason"}) {
		t.Errorf("%v", err)
	}
}

func TestCancellingFreesWhatWasHeldAndOwesThePayment(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	p := s.paidOrder(t, tx, "k")
	if n := count(t, tx, `select count(*) from reservations where document = $1`, p.Number.String()); n != 1 {
		t.Fatalf("%d reservations before", n)
	}
	back, err := orders.Cancel(ctx, tx, p.Number, "changed their mind", 0, noon)
	must(t, err)
	if back.Minor != 1785 {
		t.Errorf("%v is to be paid back, want 17.85", back)
	}
	if n := count(t, tx, `select count(*) from reservations where document = $1`, p.Number.String()); n != 0 {
		t.Error("the cancelled order still holds stock")
	}
	if n := count(t, tx, `select count(*) from shipments s join shipment_orders o on o.shipment_id = s.id where o.ref = $1 and s.state = 'planned'`, p.Number.String()); n != 0 {
		t.Error("its shipment is still planned")
	}
	v := read(t, tx, p.Number)
	if v.Stage != orders.Cancelled || v.Back().Minor != 1785 || !strings.Contains(strings.Join(v.Next().Blocks, " "), "17.85 EUR") {
		t.Errorf("stage %s, back %v, says %v", v.Stage, v.Back(), v.Next())
	}
	if _, err := orders.PayBack(ctx, tx, payment("b1", "17.86", p.Number)); !slices.Equal(fieldNames(err), []string{"amount"}) {
		t.Errorf("paying back too much: %v", err)
	}
	if _, err := orders.PayBack(ctx, tx, payment("b2", "17.85", p.Number)); err != nil {
		t.Error(err)
	}
	if again, err := orders.PayBack(ctx, tx, payment("b2", "17.85", p.Number)); err != nil || !again.Repeated {
		t.Errorf("the refund sent twice: %+v, %v", again, err)
	}
	if v := read(t, tx, p.Number); v.Back().Minor != 0 || v.Paid.Minor != 0 {
		t.Errorf("after the refund %v is paid", v.Paid)
	}
	if _, err := orders.Pay(ctx, tx, payment("p9", "1", p.Number)); fault.KindOf(err) != fault.Invalid {
		t.Errorf("paying a cancelled order: %v", err)
	}
	lawful(t, tx)
}

func TestAChangeIsPricedAndReachesTheFloor(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	f := form()
	f.Lines = append(f.Lines, orders.FormLine{SKU: bowlSKU, Quantity: "3"})
	p := s.place(t, tx, "k", f)
	pay(t, tx, payment("p", p.Total.Amount(), p.Number))
	e, err := orders.ForEdit(ctx, tx, p.Number)
	must(t, err)
	e.Form.Lines[0].Quantity, e.Form.Lines[1].Quantity, e.Form.City = "1", "0", "Potsdam"
	must(t, orders.Edit(ctx, tx, p.Number, e, s.warehouse, 0, noon))
	v := read(t, tx, p.Number)
	if v.Goods.Minor != 500 || v.Total.Minor != 1190 || v.Lines[1].Cancelled != 3 || v.ShipTo.City != "Potsdam" {
		t.Errorf("goods %v, total %v, lines %+v, to %v", v.Goods, v.Total, v.Lines, v.ShipTo)
	}
	if n := count(t, tx, `select coalesce(sum(wanted), 0) from reservations where document = $1`, p.Number.String()); n != 1 {
		t.Errorf("%d still reserved, want 1", n)
	}
	if n := count(t, tx, `select count(*) from shipments s join shipment_orders o on o.shipment_id = s.id where o.ref = $1 and s.city = 'Potsdam'`, p.Number.String()); n != 1 {
		t.Error("the shipment goes to the old address")
	}
	if v.Back().Minor != p.Total.Minor-1190 {
		t.Errorf("%v is to be paid back", v.Back())
	}
	if err := orders.Edit(ctx, tx, p.Number, e, s.warehouse, 0, noon); !errors.Is(err, fault.Conflict) {
		t.Errorf("the old form again: %v, want a conflict", err)
	}
	lawful(t, tx)
}

func TestWhatIsOnTheFloorCannotGrow(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	p := s.paidOrder(t, tx, "k")
	for field, change := range map[string]func(*orders.Form){
		"lines.0.quantity": func(f *orders.Form) { f.Lines[0].Quantity = "3" },
		"lines":            func(f *orders.Form) { f.Lines = append(f.Lines, orders.FormLine{SKU: bowlSKU, Quantity: "1"}) },
		"priority":         func(f *orders.Form) { f.Priority = "9" },
	} {
		e, err := orders.ForEdit(ctx, tx, p.Number)
		must(t, err)
		change(&e.Form)
		if err := orders.Edit(ctx, tx, p.Number, e, s.warehouse, 0, noon); !slices.Equal(fieldNames(err), []string{field}) {
			t.Errorf("%s: %v", field, err)
		}
	}
	e, err := orders.ForEdit(ctx, tx, p.Number)
	must(t, err)
	e.Form.Lines[0].Quantity = "0"
	if err := orders.Edit(ctx, tx, p.Number, e, s.warehouse, 0, noon); !slices.Equal(fieldNames(err), []string{"lines"}) {
		t.Errorf("an order of nothing: %v", err)
	}
}

func TestBeforeTheReleaseAnOrderMayGrow(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	p := s.place(t, tx, "k", form())
	e, err := orders.ForEdit(ctx, tx, p.Number)
	must(t, err)
	e.Form.Lines[0].Quantity, e.Form.Notes, e.Form.Promised = "5", "Handle with care", "2026-12-24"
	e.Form.Lines = append(e.Form.Lines, orders.FormLine{SKU: bowlSKU, Quantity: "1"})
	must(t, orders.Edit(ctx, tx, p.Number, e, s.warehouse, 0, noon))
	v := read(t, tx, p.Number)
	if len(v.Lines) != 2 || v.Lines[0].Ordered != 5 || v.Notes != "Handle with care" || v.Promised.Format("2006-01-02") != "2026-12-24" || v.Goods.Minor != 3750 {
		t.Errorf("lines %+v, notes %q, promised %v, goods %v", v.Lines, v.Notes, v.Promised, v.Goods)
	}
	lawful(t, tx)
}

// TestPairsOfCommandsAtOnce runs every pair of commands on one order at the same moment: whichever came
// first, the laws hold, nothing is paid twice, and a cancelled order holds nothing.
func TestPairsOfCommandsAtOnce(t *testing.T) {
	db := pgtest.DB(t)
	s := set(t, db)
	commands := map[string]func(tx *sql.Tx, n orders.Number) error{
		"pay": func(tx *sql.Tx, n orders.Number) error {
			_, err := orders.Pay(ctx, tx, payment("pay "+n.String(), "17.85", n))
			return err
		},
		"pay otherwise": func(tx *sql.Tx, n orders.Number) error {
			_, err := orders.Pay(ctx, tx, payment("other "+n.String(), "17.85", n))
			return err
		},
		"hold": func(tx *sql.Tx, n orders.Number) error {
			return orders.Hold(ctx, tx, n, orders.HoldManual, "stop", 0, noon)
		},
		"cancel": func(tx *sql.Tx, n orders.Number) error { _, err := orders.Cancel(ctx, tx, n, "", 0, noon); return err },
		"lower": func(tx *sql.Tx, n orders.Number) error {
			e, err := orders.ForEdit(ctx, tx, n)
			if err != nil {
				return err
			}
			e.Form.Lines[0].Quantity = "1"
			return orders.Edit(ctx, tx, n, e, s.warehouse, 0, noon)
		},
		"progress": func(tx *sql.Tx, n orders.Number) error { return orders.Progress(ctx, tx, n.String()) },
	}
	i := 0
	for _, first := range slices.Sorted(mapKeys(commands)) {
		for _, second := range slices.Sorted(mapKeys(commands)) {
			for range 4 {
				i++
				f := form()
				f.Email = fmt.Sprintf("c%d@example.com", i)
				var p orders.Placed
				inTx(t, db, func(tx *sql.Tx) error { p = s.place(t, tx, fmt.Sprint("race ", i), f); return nil })
				var both sync.WaitGroup
				for _, do := range []func(*sql.Tx, orders.Number) error{commands[first], commands[second]} {
					both.Go(func() {
						err := inTxErr(db, func(tx *sql.Tx) error { return do(tx, p.Number) })
						if kind := fault.KindOf(err); err != nil && kind != fault.Conflict && kind != fault.Invalid {
							t.Errorf("%s and %s: %v", first, second, err)
						}
					})
				}
				both.Wait()
			}
		}
	}
	lawful(t, db)
	if n := count(t, db, `select count(*) from orders o where (select sum(amount_minor) from payment_orders where order_id = o.id) > 1785`); n != 0 {
		t.Errorf("%d orders were paid twice", n)
	}
	if n := count(t, db, `select count(*) from orders o join reservations r on r.document = 'O-' || o.number where o.cancelled_at is not null`); n != 0 {
		t.Errorf("%d cancelled orders hold stock", n)
	}
}
