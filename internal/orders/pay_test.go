package orders_test

import (
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/pgtest"
)

func payment(key, amount string, numbers ...orders.Number) orders.Payment {
	return orders.Payment{Key: key, Orders: numbers, Amount: amount, Method: "bank transfer", Reference: "Statement " + key, At: noon}
}

func pay(t testing.TB, tx *sql.Tx, p orders.Payment) orders.Paid {
	t.Helper()
	paid, err := orders.Pay(ctx, tx, p)
	if err != nil {
		t.Fatalf("pay: %v", err)
	}
	return paid
}

func stage(t testing.TB, q pg.Querier, n orders.Number) (s orders.Stage) {
	t.Helper()
	if err := q.QueryRowContext(ctx, `select stage from orders where number = $1`, n).Scan(&s); err != nil {
		t.Fatal(err)
	}
	return s
}

// lawful fails the test when a law of orders is broken.
func lawful(t testing.TB, q pg.Querier) {
	t.Helper()
	laws, err := orders.Check(ctx, q)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range laws {
		if l.Count != 0 {
			t.Errorf("%d against the law that %s: %v", l.Count, l.Name, l.Examples)
		}
	}
}

func facts(t testing.TB, q pg.Querier) []string {
	t.Helper()
	waiting, err := outbox.Waiting(ctx, q)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range waiting {
		names = append(names, f.Name+" "+f.Ref)
	}
	return names
}

func TestPartPaymentsAddUpAndReleaseTheOrder(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	p := s.place(t, tx, "k", form())
	if p.Released || stage(t, tx, p.Number) != orders.PendingPayment {
		t.Fatalf("an unpaid order is %s", stage(t, tx, p.Number))
	}
	if paid := pay(t, tx, payment("p1", "7.85", p.Number)); len(paid.Released) != 0 || stage(t, tx, p.Number) != orders.PendingPayment {
		t.Error("a part payment released the order")
	}
	if paid := pay(t, tx, payment("p2", "10", p.Number)); !slices.Equal(paid.Released, []orders.Number{p.Number}) {
		t.Errorf("the last payment released %v", paid.Released)
	}
	v, err := orders.Read(ctx, tx, p.Number)
	if err != nil {
		t.Fatal(err)
	}
	if v.Paid.Minor != 1785 || v.Open().Minor != 0 || len(v.Payments) != 2 || v.Payments[0].Reference != "Statement p1" {
		t.Errorf("paid %v, open %v, by %+v", v.Paid, v.Open(), v.Payments)
	}
	if v.Stage == orders.PendingPayment || count(t, tx, `select count(*) from demands where ref = $1`, p.Number.String()) != 1 {
		t.Errorf("a paid order is %s", v.Stage)
	}
	want := []string{"order.placed " + p.Number.String(), "order.paid " + p.Number.String(), "order.released " + p.Number.String()}
	if got := facts(t, tx); !slices.Equal(got, want) {
		t.Errorf("facts %v, want %v", got, want)
	}
	lawful(t, tx)
}

func TestOnePaymentCoversSeveralOrders(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	a, b, c := s.place(t, tx, "a", form()), s.place(t, tx, "b", form()), s.place(t, tx, "c", form())
	paid := pay(t, tx, payment("p", "35.70", b.Number, a.Number))
	if !slices.Equal(paid.Released, []orders.Number{a.Number, b.Number}) {
		t.Errorf("released %v, want both", paid.Released)
	}
	if stage(t, tx, c.Number) != orders.PendingPayment {
		t.Error("an order that was not paid for went too")
	}
	lawful(t, tx)
}

func TestTooMuchIsRefusedWithWhatIsOpen(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	p := s.place(t, tx, "k", form())
	pay(t, tx, payment("p1", "7.85", p.Number))
	_, err := orders.Pay(ctx, tx, payment("p2", "10.01", p.Number))
	if fault.KindOf(err) != fault.Invalid || !strings.Contains(fault.Message(err), "10.00 EUR is open") {
		t.Errorf("over-payment: %v", err)
	}
	for amount, field := range map[string]string{"": "amount", "0": "amount", "-1": "amount", "1.234": "amount", "ten": "amount"} {
		if _, err := orders.Pay(ctx, tx, payment("p3", amount, p.Number)); !slices.Equal(fieldNames(err), []string{field}) {
			t.Errorf("amount %q: %v", amount, err)
		}
	}
	if _, err := orders.Pay(ctx, tx, orders.Payment{Key: "p4", At: noon}); !slices.Equal(fieldNames(err), []string{"amount", "method", "orders", "reference"}) {
		t.Errorf("an empty payment: %v", err)
	}
}

func TestAPaymentOfTwoCustomersIsRefused(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	a := s.place(t, tx, "a", form())
	f := form()
	f.Email = "bob@example.com"
	b := s.place(t, tx, "b", f)
	if _, err := orders.Pay(ctx, tx, payment("p", "20", a.Number, b.Number)); fault.KindOf(err) != fault.Invalid {
		t.Errorf("one payment for two customers: %v", err)
	}
}

func TestAPaymentSentTwiceCountsOnce(t *testing.T) {
	db := pgtest.DB(t)
	s := set(t, db)
	var p orders.Placed
	inTx(t, db, func(tx *sql.Tx) error { p = s.place(t, tx, "k", form()); return nil })
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			inTx(t, db, func(tx *sql.Tx) error {
				_, err := orders.Pay(ctx, tx, payment("p", "17.85", p.Number))
				return err
			})
		})
	}
	all.Wait()
	if n := count(t, db, `select sum(amount_minor) from payments`); n != 1785 {
		t.Errorf("%d was paid, want 1785", n)
	}
	err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
		_, err := orders.Pay(ctx, tx, payment("p", "1", p.Number))
		return err
	})
	if !errors.Is(err, fault.Conflict) {
		t.Errorf("another payment under the same key: %v", err)
	}
	lawful(t, db)
}

func inTxErr(db *sql.DB, do func(tx *sql.Tx) error) error { return pg.InTx(ctx, db, do) }

func mapKeys[V any](m map[string]V) iter.Seq[string] { return maps.Keys(m) }

func inTx(t testing.TB, db *sql.DB, do func(tx *sql.Tx) error) {
	t.Helper()
	if err := pg.InTx(ctx, db, do); err != nil {
		t.Error(err)
	}
}

func TestTermsReleaseUnpaidOrdersUpToTheLimit(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	customer(t, tx, "ACME", "40") // room for two orders of 17.85
	f := form()
	f.Customer, f.Name = "ACME", ""
	a, b, c := s.place(t, tx, "a", f), s.place(t, tx, "b", f), s.place(t, tx, "c", f)
	if !a.Released || !b.Released || c.Released {
		t.Fatalf("released %v %v %v, want the first two", a.Released, b.Released, c.Released)
	}
	v, err := orders.Read(ctx, tx, c.Number)
	if err != nil {
		t.Fatal(err)
	}
	if says := strings.Join(v.Next().Blocks, " "); !strings.Contains(says, "35.70 EUR") || !strings.Contains(says, "40.00 EUR") {
		t.Errorf("the page says %q, want the debt and the limit", says)
	}
	pay(t, tx, payment("p", "17.85", a.Number))
	if stage(t, tx, c.Number) == orders.PendingPayment {
		t.Error("the order did not go when there was room again")
	}
	lawful(t, tx)
}

func TestARaisedLimitReleasesWhatWaits(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	id := customer(t, tx, "ACME", "10")
	f := form()
	f.Customer, f.Name = "ACME", ""
	p := s.place(t, tx, "a", f)
	if p.Released {
		t.Fatal("an order beyond the limit was released")
	}
	if _, err := orders.SaveCustomer(ctx, tx, id, orders.CustomerForm{Name: "Acme", Email: "acme@example.com", OnTerms: true, CreditLimit: "20"}, 0, noon); err != nil {
		t.Fatal(err)
	}
	if stage(t, tx, p.Number) == orders.PendingPayment {
		t.Error("the order still waits")
	}
}

// TestTheLastCreditGoesToOneOrder places many orders at once where the limit has room for one.
func TestTheLastCreditGoesToOneOrder(t *testing.T) {
	db := pgtest.DB(t)
	s := set(t, db)
	inTx(t, db, func(tx *sql.Tx) error { customer(t, tx, "ACME", "20"); return nil })
	f := form()
	f.Customer, f.Name = "ACME", ""
	var all sync.WaitGroup
	for i := range 12 {
		all.Go(func() {
			inTx(t, db, func(tx *sql.Tx) error {
				_, err := orders.Place(ctx, tx, s.sent(fmt.Sprint("k", i), f))
				return err
			})
		})
	}
	all.Wait()
	if n := count(t, db, `select count(*) from orders where released_at is not null`); n != 1 {
		t.Errorf("%d orders were released on credit for one", n)
	}
	if n := count(t, db, `select count(*) from orders`); n != 12 {
		t.Errorf("%d orders, want 12", n)
	}
	lawful(t, db)
}

func TestAWebOrderInTheNameOfATrustedCustomerIsHeld(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	customer(t, tx, "ACME", "1000")
	f := form()
	f.Channel, f.Email = orders.Web, "acme@example.com"
	if p := s.place(t, tx, "k", f); p.Released || stage(t, tx, p.Number) != orders.OnHold {
		t.Errorf("it is %s", stage(t, tx, p.Number))
	}
}

// The same line of a statement is easily typed twice: it is asked about, and taken when it is said to be another.
func TestAReferenceThatCameBeforeIsAskedAbout(t *testing.T) {
	tx := pgtest.Tx(t)
	order := set(t, tx).place(t, tx, "ref", form())
	first := payment("ref-1", "5", order.Number)
	pay(t, tx, first)
	second := payment("ref-2", "1", order.Number)
	second.Reference = strings.ToUpper(first.Reference)
	if _, err := orders.Pay(ctx, tx, second); !strings.Contains(fault.FieldsOf(err).Of("reference"), "5.00 EUR") {
		t.Errorf("the reference of another payment was taken: %v", err)
	}
	second.Again = true
	if paid := pay(t, tx, second); paid.Amount.Minor != 100 {
		t.Errorf("another payment with the reference: %v", paid.Amount)
	}
}
