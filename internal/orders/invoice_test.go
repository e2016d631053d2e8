package orders_test

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/pgtest"
)

// papers is the numbers, totals and days an order's invoices and credit notes have, in words.
func papers(t testing.TB, tx *sql.Tx, n orders.Number) (all []string) {
	t.Helper()
	for _, i := range read(t, tx, n).Invoices {
		says := i.Number.String() + " " + i.Total.String()
		if !i.Due.IsZero() {
			says += " due " + i.Due.Format(time.DateOnly)
		}
		all = append(all, says)
	}
	return all
}

func document(t testing.TB, q pg.Querier, number string) orders.Document {
	t.Helper()
	n, err := orders.ParseInvoice(number)
	must(t, err)
	d, err := orders.ReadDocument(ctx, q, n)
	must(t, err)
	return d
}

func invoiced(t testing.TB, tx *sql.Tx, n orders.Number) {
	t.Helper()
	must(t, orders.IssueInvoices(ctx, tx, n.String(), noon))
}

func TestAPaidOrderHasOneInvoiceThatStays(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	exec(t, tx, `update settings set legal_lines = E'Tote GmbH\nWeg 1', tax_number = 'DE123', bank_details = 'DE02 1203'`)
	order := s.place(t, tx, "k", form())
	invoiced(t, tx, order.Number)
	if got := papers(t, tx, order.Number); len(got) != 0 {
		t.Errorf("an unpaid order has %q", got)
	}
	pay(t, tx, payment("p", "17.85", order.Number))
	for range 3 {
		invoiced(t, tx, order.Number)
	}
	if got := papers(t, tx, order.Number); !slices.Equal(got, []string{"INV-1001 17.85 EUR"}) {
		t.Fatalf("papers %q", got)
	}
	before := document(t, tx, "INV-1001")
	exec(t, tx, `update settings set company = 'Another', tax_number = 'X', tax_permille = 70`)
	exec(t, tx, `update orders set recipient = 'Somebody else'`)
	d := document(t, tx, "inv-1001")
	if d.Seller != before.Seller || d.Seller.TaxNumber != "DE123" || d.Buyer[0] != "Ann Archer" || d.Permille != 190 || d.Tax != 285 || d.Open != 0 || d.Issued != "2026-11-20" {
		t.Errorf("the invoice is %+v", d)
	}
	if len(d.Lines) != 1 || d.Lines[0] != (orders.DocumentLine{Ref: order.Number.Line(1), SKU: mugSKU, Name: "Blue mug", Quantity: 2, Price: 500, Sum: 1000}) {
		t.Errorf("its lines are %+v", d.Lines)
	}
	if _, err := tx.Exec(`savepoint s; update invoices set total_minor = 1`); err == nil {
		t.Error("an invoice was changed")
	}
	exec(t, tx, `rollback to s`)
	lawful(t, tx)
}

// A customer on terms is invoiced when goods leave, and has his days from there.
func TestTermsAreInvoicedAtTheDispatch(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	id := customer(t, tx, "ACME", "100")
	_, err := orders.SaveCustomer(ctx, tx, id, orders.CustomerForm{Name: "Acme", Email: "acme@example.com", OnTerms: true, CreditLimit: "100", TermsDays: "14"}, 0, noon)
	must(t, err)
	f := form()
	f.Customer, f.Name = "ACME", ""
	order := s.place(t, tx, "k", f)
	invoiced(t, tx, order.Number)
	if got := papers(t, tx, order.Number); len(got) != 0 {
		t.Errorf("before it leaves it has %q", got)
	}
	leave(t, tx, order.Number, false)
	var shipment string
	must(t, tx.QueryRow(`select 'SH-' || shipment_id from shipment_orders where ref = $1`, order.Number.String()).Scan(&shipment))
	for range 2 {
		must(t, orders.IssueInvoices(ctx, tx, shipment, noon))
	}
	if got := papers(t, tx, order.Number); !slices.Equal(got, []string{"INV-1001 17.85 EUR due 2026-12-04"}) {
		t.Errorf("papers %q", got)
	}
}

// heldAndPaid is an order that is paid and invoiced but may still grow: somebody holds it.
func (s site) heldAndPaid(t testing.TB, tx *sql.Tx) orders.Placed {
	t.Helper()
	order := s.place(t, tx, "k", form())
	must(t, orders.Hold(ctx, tx, order.Number, orders.HoldManual, "wait", 0, noon))
	pay(t, tx, payment("p", "17.85", order.Number))
	invoiced(t, tx, order.Number)
	return order
}

func (s site) change(t testing.TB, tx *sql.Tx, n orders.Number, change func(f *orders.Form)) {
	t.Helper()
	e, err := orders.ForEdit(ctx, tx, n)
	must(t, err)
	change(&e.Form)
	must(t, orders.Edit(ctx, tx, n, e, s.warehouse, 0, noon))
}

func TestWhatChangesAfterTheInvoiceIsCorrected(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	order := s.heldAndPaid(t, tx)
	s.change(t, tx, order.Number, func(f *orders.Form) { f.Lines[0].Quantity = "1" })
	lawful(t, tx)
	s.change(t, tx, order.Number, func(f *orders.Form) { f.Notes = "nothing about money" })
	s.change(t, tx, order.Number, func(f *orders.Form) {
		f.Lines[0].Quantity = "2"
		f.Lines = append(f.Lines, orders.FormLine{SKU: bowlSKU, Quantity: "1"})
	})
	lawful(t, tx)
	want := []string{"INV-1001 17.85 EUR", "INV-1002 22.02 EUR due 2026-11-20", "CN-1001 5.95 EUR"}
	if got := papers(t, tx, order.Number); !slices.Equal(got, want) {
		t.Errorf("papers %q, want %q", got, want)
	}
	cn := document(t, tx, "CN-1001")
	if cn.Goods != 500 || cn.Shipping != 0 || cn.Tax != 95 || cn.Lines[0].Quantity != 1 || !slices.Equal(cn.Corrects, []string{"INV-1001"}) || !strings.Contains(cn.Why, "from 2 to 1") {
		t.Errorf("the credit note is %+v", cn)
	}
	more := document(t, tx, "INV-1002")
	if more.Goods != 500+1250 || more.Shipping != 100 || len(more.Lines) != 2 || more.Open != 1607 || more.Lines[0].SKU != mugSKU {
		t.Errorf("the further invoice is %+v", more)
	}
	_, err := orders.Cancel(ctx, tx, order.Number, "changed their mind", 0, noon)
	must(t, err)
	if cn := document(t, tx, "CN-1002"); cn.Total != 1785-595+2202 || cn.Shipping != 600 || cn.Why != "changed their mind" || len(cn.Lines) != 2 {
		t.Errorf("the credit note of the cancelled order is %+v", cn)
	}
	lawful(t, tx)
}

func TestACreditIsGivenOnceForWhatHasLeft(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	order := s.paidOrder(t, tx, "k")
	credit := orders.Credit{Key: "c", Order: order.Number, Amount: "5.95", Why: "One mug was broken", At: noon}
	if _, err := orders.Give(ctx, tx, credit); fault.KindOf(err) != fault.Conflict {
		t.Errorf("before it left: %v", err)
	}
	leave(t, tx, order.Number, true)
	for i := range 2 {
		paid, err := orders.Give(ctx, tx, credit)
		if err != nil || paid.Amount.Minor != 595 || paid.Repeated != (i > 0) {
			t.Errorf("given %+v: %v", paid, err)
		}
	}
	other := credit
	other.Amount = "1"
	if _, err := orders.Give(ctx, tx, other); fault.KindOf(err) != fault.Conflict {
		t.Errorf("another content under the key: %v", err)
	}
	for key, c := range map[string]struct{ amount, why, field string }{
		"most": {"11.91", "x", "amount"}, "none": {"0", "x", "amount"}, "why": {"1", "", "why"}, "text": {"x", "x", "amount"}, "long": {"1", strings.Repeat("x", 201), "why"},
	} {
		if _, err := orders.Give(ctx, tx, orders.Credit{Key: key, Order: order.Number, Amount: c.amount, Why: c.why, At: noon}); !slices.Equal(fieldNames(err), []string{c.field}) {
			t.Errorf("%s %q: %v", c.amount, c.why, err)
		}
	}
	if got := papers(t, tx, order.Number); !slices.Equal(got, []string{"INV-1001 17.85 EUR", "CN-1001 5.95 EUR"}) {
		t.Errorf("papers %q", got)
	}
	if d := document(t, tx, "CN-1001"); d.Goods != 500 || d.Tax != 95 || d.Lines[0].Name != "One mug was broken" {
		t.Errorf("the credit note is %+v", d)
	}
	v := read(t, tx, order.Number)
	if v.Back().Minor != 595 || !slices.ContainsFunc(v.Payments, func(p orders.PaymentView) bool {
		return p.Method == "credit" && p.Reference == "CN-1001, One mug was broken"
	}) {
		t.Errorf("to be paid back %v, payments %+v", v.Back(), v.Payments)
	}
	if _, err := orders.PayBack(ctx, tx, payment("back", "5.95", order.Number)); err != nil {
		t.Error(err)
	}
	moneyLaws(t, tx)
}

// moneyLaws fails the test when a law about money is broken: orders that only seem to have left break others.
func moneyLaws(t testing.TB, q pg.Querier) {
	t.Helper()
	laws, err := orders.Check(ctx, q)
	must(t, err)
	for _, l := range laws {
		if strings.ContainsAny(l.Name, "−") || strings.Contains(l.Name, "credit") || strings.Contains(l.Name, "gap") || strings.Contains(l.Name, "paper") || strings.Contains(l.Name, "paid") {
			if l.Count != 0 {
				t.Errorf("%d against the law that %s: %v", l.Count, l.Name, l.Examples)
			}
		}
	}
}

// TestNumbersOfInvoicesHaveNoGap: many at once, each asked for twice, some of them rolled back.
func TestNumbersOfInvoicesHaveNoGap(t *testing.T) {
	db := pgtest.DB(t)
	s := set(t, db)
	var list []orders.Number
	for i := range 12 {
		inTx(t, db, func(tx *sql.Tx) error {
			f := form()
			f.Email = fmt.Sprintf("ann%d@example.com", i)
			p := s.place(t, tx, strconv.Itoa(i), f)
			pay(t, tx, payment(strconv.Itoa(i), "17.85", p.Number))
			list = append(list, p.Number)
			return nil
		})
	}
	lost := errors.New("the power went")
	var all sync.WaitGroup
	for i := range 36 {
		all.Go(func() {
			err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
				if err := orders.IssueInvoices(ctx, tx, list[i%12].String(), noon); err != nil || (i+i/12)%3 != 0 {
					return err
				}
				return lost
			})
			if err != nil && !errors.Is(err, lost) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := count(t, db, `select count(*) from invoices`); n != 12 {
		t.Errorf("%d invoices for 12 orders", n)
	}
	if n := count(t, db, `select max(number) - 1000 from invoices`); n != 12 {
		t.Errorf("the highest is the %d.", n)
	}
	lawful(t, db)
}

func TestInvoiceNumbersAreReadAsPrinted(t *testing.T) {
	for _, bad := range []string{"", "INV", "INV-", "INV-0", "INV--1", "CN-x", "XX-1", "INV-+1", "INV-99999999999999999999", "O-1001", "CN-1\x00"} {
		if n, err := orders.ParseInvoice(bad); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%q is %v (%v)", bad, n, err)
		}
	}
}

func TestAPaperIsShownToItsCustomerAlone(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	a, b := s.paidOrder(t, tx, "a"), s.paidOrder(t, tx, "b")
	invoiced(t, tx, a.Number)
	n := orders.InvoiceNumber{Series: orders.Invoices, N: 1001}
	if d, err := orders.DocumentByToken(ctx, tx, a.Journey, n); err != nil || d.Order != a.Number {
		t.Errorf("the customer's own: %v", err)
	}
	if _, err := orders.DocumentByToken(ctx, tx, b.Journey, n); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another's: %v", err)
	}
}

func TestARateThatHeldOnceIsFoundAgain(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	settings, err := orders.LoadSettings(ctx, tx)
	must(t, err)
	settings.BaseURL, settings.MailFrom = "https://tote.example.com", "a@example.com"
	must(t, orders.SaveSettings(ctx, tx, settings))
	order := s.paidOrder(t, tx, "k")
	settings.TaxPermille = 75
	must(t, orders.SaveSettings(ctx, tx, settings))
	invoiced(t, tx, order.Number)
	if d := document(t, tx, "INV-1001"); d.Permille != 190 {
		t.Errorf("the invoice says %d per thousand", d.Permille)
	}
}
