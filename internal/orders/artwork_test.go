package orders_test

import (
	"database/sql"
	"strings"
	"testing"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/orders"
	"tote/internal/pgtest"
	"tote/internal/production"
	"tote/internal/staff"
	"tote/internal/studio"
)

// custom makes the bowl a thing that is made in the workshop from a customer's photo; the answer sends that photo.
func custom(t *testing.T, tx *sql.Tx, s site) (sends func(line string)) {
	t.Helper()
	var by staff.ID
	if err := tx.QueryRow(`insert into staff (name, badge, pin_hash, roles, warehouse_id) values ('Ada', $2, 'x', '{admin}', $1) returning id`, s.warehouse, staff.NewBadge()).Scan(&by); err != nil {
		t.Fatal(err)
	}
	flow, err := studio.SaveFlow(ctx, tx, studio.Flow{Name: "Photos", Asks: "Photo", Making: studio.Workshop}, by)
	if err == nil {
		err = studio.SetCustom(ctx, tx, studio.CustomItem{SKU: bowlSKU, Flow: flow}, by)
	}
	if err != nil {
		t.Fatal(err)
	}
	return func(line string) {
		t.Helper()
		hash := files.Hash(strings.Repeat("ab", 32))
		if err := studio.Send(ctx, tx, s.warehouse, line, []studio.File{{Hash: hash, Preview: hash, Name: "cat.png", Type: "image/png", Width: 9, Height: 9, Bytes: 9}}, studio.From{At: noon}); err != nil {
			t.Fatal(err)
		}
		if err := orders.ArtworkChanged(ctx, tx, line, noon); err != nil {
			t.Fatal(err)
		}
	}
}

func isAt(t *testing.T, tx *sql.Tx, n orders.Number, want orders.Stage) orders.View {
	t.Helper()
	v, err := orders.Read(ctx, tx, n)
	if err != nil {
		t.Fatal(err)
	}
	var column orders.Stage
	if err := tx.QueryRow(`select stage from orders where number = $1`, n).Scan(&column); err != nil {
		t.Fatal(err)
	}
	if v.Stage != want || column != want {
		t.Errorf("%s is %s, its column says %s, want %s", n, v.Stage, column, want)
	}
	return v
}

func both() orders.Form {
	f := form()
	f.Lines = append(f.Lines, orders.FormLine{SKU: bowlSKU, Quantity: "3"})
	return f
}

func TestACustomOrderWaitsForItsArtworkAndItsMoney(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	sends := custom(t, tx, s)
	first, second := s.place(t, tx, "one", both()), s.place(t, tx, "two", both())
	v := isAt(t, tx, first.Number, orders.Artwork)
	if n := v.Next(); n.Turn != "Customer" || !strings.Contains(strings.Join(n.Blocks, " "), first.Number.Line(2)+", Red bowl: waits for a picture from the customer.") || !strings.Contains(strings.Join(n.Blocks, " "), "is not paid yet") {
		t.Errorf("it says %+v", n)
	}
	pay := func(p orders.Placed, key string) {
		t.Helper()
		if _, err := orders.Pay(ctx, tx, orders.Payment{Key: key, Orders: []orders.Number{p.Number}, Amount: p.Total.Amount(), Method: "bank transfer", Reference: key, At: noon}); err != nil {
			t.Fatal(err)
		}
	}
	pay(first, "first") // paid, then approved
	isAt(t, tx, first.Number, orders.Artwork)
	sends(first.Number.Line(2))
	v = isAt(t, tx, first.Number, orders.Production)
	if n := v.Next(); n.Turn != "Workshop" || len(n.Blocks) != 1 || !strings.Contains(n.Blocks[0], "0 of 3 are good") {
		t.Errorf("it says %+v", n)
	}
	if count(t, tx, `select count(*) from demand_lines l join lots o on o.id = l.lot_id where l.ref = $1 and o.code like 'J-% ' || $1 || ' v1 abab%'`, first.Number.Line(2)) != 1 {
		t.Error("the floor is not asked for pieces of the approved version")
	}
	sends(second.Number.Line(2)) // approved, then paid
	isAt(t, tx, second.Number, orders.PendingPayment)
	pay(second, "second")
	isAt(t, tx, second.Number, orders.Production)
	lawful(t, tx)
}

func TestACustomOrderIsChangedAndCancelledUntilItIsMade(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	sends := custom(t, tx, s)
	p := s.place(t, tx, "one", form())
	e, err := orders.ForEdit(ctx, tx, p.Number)
	if err != nil {
		t.Fatal(err)
	}
	e.Form.Lines = append(e.Form.Lines, orders.FormLine{SKU: bowlSKU, Quantity: "3"})
	if err := orders.Edit(ctx, tx, p.Number, e, s.warehouse, 0, noon); err != nil {
		t.Fatal(err)
	}
	isAt(t, tx, p.Number, orders.Artwork)
	e, err = orders.ForEdit(ctx, tx, p.Number)
	if err != nil {
		t.Fatal(err)
	}
	e.Form.Lines[1].Quantity = "2"
	if err := orders.Edit(ctx, tx, p.Number, e, s.warehouse, 0, noon); err != nil {
		t.Fatal(err)
	}
	if n := count(t, tx, `select pieces from art_jobs where ref = $1`, p.Number.Line(2)); n != 2 {
		t.Errorf("the studio has %d pieces, want 2", n)
	}
	sends(p.Number.Line(2))
	v := isAt(t, tx, p.Number, orders.PendingPayment)
	if _, err := orders.Pay(ctx, tx, orders.Payment{Key: "all", Orders: []orders.Number{p.Number}, Amount: v.Total.Amount(), Method: "bank transfer", Reference: "all", At: noon}); err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(`savepoint made`); err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(`update work_orders set state = 'started'`); err != nil {
		t.Fatal(err)
	}
	if _, err := orders.Cancel(ctx, tx, p.Number, "changed her mind", 0, noon); fault.KindOf(err) != fault.Conflict || !strings.Contains(fault.Message(err), "is being made on J-") {
		t.Errorf("cancelling what is being made: %v", err)
	}
	if _, err := tx.Exec(`rollback to savepoint made`); err != nil {
		t.Fatal(err)
	}
	if _, err := orders.Cancel(ctx, tx, p.Number, "changed her mind", 0, noon); err != nil {
		t.Fatal(err)
	}
	works, err := production.Of(ctx, tx, p.Number.String())
	if err != nil || works[0].State != production.Cancelled {
		t.Errorf("the work order is %v, %v", works, err)
	}
	if jobs, err := studio.Of(ctx, tx, p.Number.String()); err != nil || jobs[0].State != studio.Cancelled {
		t.Errorf("the artwork is %v, %v", jobs, err)
	}
}

func TestAContactIsWhoHasLeastToDo(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	var sara, simon staff.ID
	for name, id := range map[string]*staff.ID{"Sara": &sara, "Simon": &simon} {
		if err := tx.QueryRow(`insert into staff (name, badge, pin_hash, roles, warehouse_id, email) values ($1, $3, 'x', '{client support}', $2, $1 || '@tote.example') returning id`, name, s.warehouse, staff.NewBadge()).Scan(id); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 6 {
		s.place(t, tx, string(rune('a'+i)), form())
	}
	if a, b := count(t, tx, `select count(*) from orders where contact_id = $1`, sara), count(t, tx, `select count(*) from orders where contact_id = $1`, simon); a != 3 || b != 3 {
		t.Errorf("Sara has %d orders, Simon %d", a, b)
	}
	p := s.place(t, tx, "g", form())
	if err := orders.SetContact(ctx, tx, p.Number, simon, 0, noon); err != nil {
		t.Fatal(err)
	}
	j, err := orders.ReadJourney(ctx, tx, p.Journey, noon)
	if err != nil {
		t.Fatal(err)
	}
	if c := j.Steps[len(j.Steps)-1].Contact; !strings.HasSuffix(c.Department, "Simon") || c.Contact != "Simon@tote.example" {
		t.Errorf("the journey names %+v", c)
	}
	if c := j.Steps[0].Contact; strings.Contains(c.Department, "Simon") {
		t.Errorf("the discovery names %+v, whom nobody had assigned yet", c)
	}
	if err := orders.SetContact(ctx, tx, p.Number, 999, 0, noon); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a contact that is none: %v", err)
	}
}

func TestManyPiecesCostLess(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	prices := func(forms ...orders.PriceForm) error { return orders.SetPrices(ctx, tx, forms...) }
	if err := prices(orders.PriceForm{SKU: mugSKU, Amount: "4.50", From: "10"}, orders.PriceForm{SKU: mugSKU, Amount: "4.00", From: "50"}, orders.PriceForm{SKU: mugSKU, Amount: "5.00"}); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []orders.PriceForm{{SKU: mugSKU, Amount: "1", From: "0"}, {SKU: mugSKU, Amount: "1", From: "ten"}, {SKU: mugSKU, Amount: "1", From: "100001"}} {
		if err := prices(bad); len(fault.FieldsOf(err)) != 1 || fault.FieldsOf(err)[0].Name != "prices.0.from" {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	if err := prices(orders.PriceForm{SKU: mugSKU, Amount: "1", From: "9"}, orders.PriceForm{SKU: mugSKU, Amount: "2", From: "9"}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("two prices from nine on: %v", err)
	}
	one := func(quantity string) int64 {
		t.Helper()
		f := form()
		f.Lines[0].Quantity = quantity
		d, err := f.Check(ctx, tx, s.warehouse, noon)
		if err != nil {
			t.Fatal(err)
		}
		return d.Lines[0].Price
	}
	for quantity, want := range map[string]int64{"1": 500, "9": 500, "10": 450, "49": 450, "50": 400, "5000": 400} {
		if got := one(quantity); got != want {
			t.Errorf("%s pieces cost %d each, want %d", quantity, got, want)
		}
	}
	var file strings.Builder
	if err := orders.ExportPrices(ctx, tx, &file); err != nil || !strings.Contains(file.String(), "Blue mug,4.50,10") {
		t.Fatalf("the list: %v\n%s", err, file.String())
	}
	if err := prices(orders.PriceForm{SKU: mugSKU, From: "50"}); err != nil {
		t.Fatal(err)
	}
	if got := one("50"); got != 450 {
		t.Errorf("fifty cost %d each after the break is gone", got)
	}
	if n, err := orders.LoadPrices(ctx, tx, strings.NewReader(file.String())); err != nil || n != 4 || one("50") != 400 {
		t.Errorf("what went out comes in again: %d, %v, fifty cost %d", n, err, one("50"))
	}
}
