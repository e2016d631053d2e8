package orders_test

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/staff"
)

// seller is somebody who makes quotes.
func seller(t testing.TB, tx *sql.Tx, s site) (id staff.ID) {
	t.Helper()
	if err := tx.QueryRow(`insert into staff (name, badge, pin_hash, roles, warehouse_id) values ('Sally', $2, 'x', '{sales}', $1) returning id`, s.warehouse, staff.NewBadge()).Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}

func (s site) quote(t testing.TB, tx *sql.Tx, key string, by staff.ID, change ...func(*orders.QuoteSubmission)) orders.Quote {
	t.Helper()
	q := orders.QuoteSubmission{Key: key, Form: orders.QuoteForm{Form: form(), Words: "As we spoke."}, Warehouse: s.warehouse, By: by, At: noon,
		Mockups: []orders.Mockup{{Preview: files.Hash(strings.Repeat("ab", 32)), Name: "mug front.png"}}}
	for _, c := range change {
		c(&q)
	}
	n, err := orders.MakeQuote(ctx, tx, q)
	if err != nil {
		t.Fatal(err)
	}
	made, err := orders.ReadQuote(ctx, tx, n, noon)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func accept(tx *sql.Tx, token string, at time.Time) (orders.Placed, error) {
	return orders.AcceptQuote(ctx, tx, orders.Acceptance{Token: token, As: "Ann Archer", Agreed: true, At: at})
}

// What was quoted is what is ordered, whatever prices and charges have become.
func TestAnAcceptedQuoteIsAnOrderAtItsPrice(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	by := seller(t, tx, s)
	q := s.quote(t, tx, "k1", by, func(q *orders.QuoteSubmission) { q.Form.Lines[0].Price = "4.50" })
	if q.State != orders.QuoteOpen || q.Total.String() != "16.66 EUR" || len(q.Lines) != 1 || q.Lines[0].Sum().String() != "9.00 EUR" || len(q.Mockups) != 1 || q.By != "Sally" || q.Until.Sub(noon) < 30*24*time.Hour {
		t.Fatalf("%+v", q)
	}
	exec(t, tx, `update prices set amount_minor = 9900`)
	exec(t, tx, `update settings set shipping_base_minor = 5000, tax_permille = 70`)
	placed, err := accept(tx, q.Token, noon.Add(24*time.Hour))
	if err != nil || placed.Total != q.Total || placed.Released {
		t.Fatalf("%+v, %v", placed, err)
	}
	if again, err := accept(tx, q.Token, noon.AddDate(1, 0, 0)); err != nil || again.Number != placed.Number || !again.Repeated {
		t.Errorf("accepted again, a year later: %+v, %v", again, err)
	}
	if n := count(t, tx, `select count(*) from orders`); n != 1 {
		t.Errorf("%d orders of one quote", n)
	}
	q, err = orders.QuoteByToken(ctx, tx, q.Token, noon)
	if err != nil || q.State != orders.QuoteAccepted || q.Order != placed.Number || q.As != "Ann Archer" || q.Journey != placed.Journey {
		t.Errorf("%+v, %v", q, err)
	}
	view, err := orders.Read(ctx, tx, placed.Number)
	if err != nil || view.Lines[0].Price.String() != "4.50 EUR" || view.Promised.Before(noon.Add(24*time.Hour)) {
		t.Errorf("%+v, %v", view, err)
	}
	if err := orders.DeclineQuote(ctx, tx, q.Token, "", noon); fault.KindOf(err) != fault.Conflict {
		t.Errorf("declined after it was accepted: %v", err)
	}
	if err := orders.WithdrawQuote(ctx, tx, q.Number, by, noon); fault.KindOf(err) != fault.Conflict {
		t.Errorf("withdrawn after it was accepted: %v", err)
	}
}

// A scanner of links that sends the form by itself ticks nothing and types nothing.
func TestAQuoteIsAcceptedByAPerson(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	q := s.quote(t, tx, "k1", seller(t, tx, s))
	for name, a := range map[string]orders.Acceptance{
		"as,agreed": {}, "as": {Agreed: true, As: " \t"}, "agreed": {As: "Ann"}, "as ": {Agreed: true, As: strings.Repeat("x", 121)}, "as  ": {Agreed: true, As: "Ann\x00"},
	} {
		a.Token, a.At = q.Token, noon
		_, err := orders.AcceptQuote(ctx, tx, a)
		for _, field := range strings.Split(strings.TrimSpace(name), ",") {
			if fault.FieldsOf(err).Of(field) == "" {
				t.Errorf("%+v: %v, want the field %s", a, err, field)
			}
		}
	}
	for _, token := range []string{"", "short", q.Token + "x", strings.Repeat("A", 26), "\xff" + q.Token, q.Token[:25]} {
		if _, err := accept(tx, token, noon); fault.KindOf(err) != fault.NotFound {
			t.Errorf("token %q: %v", token, err)
		}
	}
	if n := count(t, tx, `select count(*) from orders`); n != 0 {
		t.Errorf("%d orders", n)
	}
}

func TestAQuoteThatIsOverIsNotAccepted(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	by := seller(t, tx, s)
	for state, end := range map[orders.QuoteState]func(q orders.Quote) (time.Time, error){
		orders.QuoteExpired: func(q orders.Quote) (time.Time, error) { return q.Until.Add(time.Second), nil },
		orders.QuoteDeclined: func(q orders.Quote) (time.Time, error) {
			return noon, orders.DeclineQuote(ctx, tx, q.Token, "Too dear", noon)
		},
		orders.QuoteWithdrawn: func(q orders.Quote) (time.Time, error) {
			return noon, orders.WithdrawQuote(ctx, tx, q.Number, by, noon)
		},
	} {
		q := s.quote(t, tx, string(state), by)
		if err := orders.WantQuote(ctx, tx, q.Token, noon); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a new one is asked for while it is open: %v", err)
		}
		at, err := end(q)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := accept(tx, q.Token, at); fault.KindOf(err) != fault.Conflict {
			t.Errorf("%s: %v, want a conflict", state, err)
		}
		if err := orders.WantQuote(ctx, tx, q.Token, at); err != nil {
			t.Errorf("%s: a new one cannot be asked for: %v", state, err)
		}
		if q, err = orders.QuoteByToken(ctx, tx, q.Token, at); err != nil || q.State != state || q.Wanted.IsZero() {
			t.Errorf("%s: %+v, %v", state, q, err)
		}
		if list, err := orders.Quotes(ctx, tx, orders.QuoteFilter{State: state, Limit: 9}, at); err != nil || len(list) != 1 || list[0].Number != q.Number {
			t.Errorf("%s: listed %+v, %v", state, list, err)
		}
	}
	q := s.quote(t, tx, "last day", by, func(q *orders.QuoteSubmission) { q.Form.ValidUntil = "2026-11-20" })
	if _, err := accept(tx, q.Token, q.Until.Add(-time.Second)); err != nil {
		t.Errorf("in its last second: %v", err)
	}
	if list, err := orders.Quotes(ctx, tx, orders.QuoteFilter{Wanted: true, Limit: 9}, noon.AddDate(1, 0, 0)); err != nil || len(list) != 3 {
		t.Errorf("%d are wanted anew, %v; want 3", len(list), err)
	}
}

func TestAQuoteIsCheckedLikeAnOrder(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	by := seller(t, tx, s)
	bad := orders.QuoteForm{Form: orders.Form{Lines: []orders.FormLine{{SKU: "NOPE", Quantity: "0"}}}, ValidUntil: "soon", Words: strings.Repeat("x", 2001)}
	_, err := orders.MakeQuote(ctx, tx, orders.QuoteSubmission{Key: "k", Form: bad, Warehouse: s.warehouse, By: by, At: noon, Mockups: make([]orders.Mockup, 13)})
	var wrong fault.Fields
	if !errors.As(err, &wrong) {
		t.Fatal(err)
	}
	for _, field := range []string{"name", "email", "street", "carrier", "lines.0.sku", "lines.0.quantity", "valid_until", "words", "pictures"} {
		if wrong.Of(field) == "" {
			t.Errorf("%s is not named", field)
		}
	}
	for _, until := range []string{"2026-11-19", "2027-11-22", "2026-02-30"} {
		q := orders.QuoteSubmission{Key: until, Form: orders.QuoteForm{Form: form(), ValidUntil: until}, Warehouse: s.warehouse, By: by, At: noon}
		if _, err := orders.MakeQuote(ctx, tx, q); fault.FieldsOf(err).Of("valid_until") == "" {
			t.Errorf("valid until %s: %v", until, err)
		}
	}
	first := s.quote(t, tx, "twice", by)
	if second := s.quote(t, tx, "twice", by); second.Number != first.Number {
		t.Errorf("the same form made %s and %s", first.Number, second.Number)
	}
	other := orders.QuoteSubmission{Key: "twice", Form: orders.QuoteForm{Form: form(), Words: "Something else."}, Warehouse: s.warehouse, By: by, At: noon}
	if _, err := orders.MakeQuote(ctx, tx, other); fault.KindOf(err) != fault.Conflict {
		t.Errorf("another form under the same key: %v", err)
	}
	for _, text := range naughty(t) {
		q := orders.QuoteSubmission{Key: "n" + fmt.Sprint(len(text)) + text, Form: orders.QuoteForm{Form: form(), Words: text, ValidUntil: text}, Warehouse: s.warehouse, By: by, At: noon}
		q.Form.Name = text
		if _, err := orders.MakeQuote(ctx, tx, q); err != nil && fault.KindOf(err) != fault.Invalid {
			t.Fatalf("%q: %v", text, err)
		}
	}
}

// Something quoted is not sold any more: the customer hears it, and nothing is half done.
func TestAQuoteOfWhatIsNotSoldAnyMore(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	q := s.quote(t, tx, "k", seller(t, tx, s))
	exec(t, tx, `update items set active = false`)
	if _, err := accept(tx, q.Token, noon); fault.KindOf(err) != fault.Conflict || !strings.Contains(fault.Message(err), "no longer sold") {
		t.Errorf("%v", err)
	}
	if n := count(t, tx, `select count(*) from orders`); n != 0 {
		t.Errorf("%d orders", n)
	}
}

func TestManyWhoAcceptAtOnceMakeOneOrder(t *testing.T) {
	db := pgtest.DB(t)
	var q orders.Quote
	in := func(do func(tx *sql.Tx) error) error { return pg.InTx(ctx, db, do) }
	if err := in(func(tx *sql.Tx) error {
		s := set(t, tx)
		q = s.quote(t, tx, "k", seller(t, tx, s))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	made := map[orders.Number]int{}
	refused := 0
	for i := range 12 {
		all.Go(func() {
			err := in(func(tx *sql.Tx) error {
				if i%4 == 3 {
					return orders.DeclineQuote(ctx, tx, q.Token, "No", noon)
				}
				p, err := accept(tx, q.Token, noon)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					made[p.Number]++
				}
				return err
			})
			mu.Lock()
			defer mu.Unlock()
			if fault.KindOf(err) == fault.Conflict {
				refused++
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	n := count(t, db, `select count(*) from orders`)
	if q, err := orders.QuoteByToken(ctx, db, q.Token, noon); err != nil || (q.State == orders.QuoteAccepted) != (n == 1) || n > 1 || len(made) != n || n == 1 && refused != 3 || n == 0 && refused != 9 {
		t.Errorf("%d orders, %v, %d refused, the quote is %s, %v", n, made, refused, q.State, err)
	}
}
