package orders_test

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/pgtest"
)

// claim asks for a payment by card of what is open on a page, and opens Stripe's page for it.
func claim(t testing.TB, tx *sql.Tx, page orders.PayPage) orders.CardPayment {
	t.Helper()
	p, err := orders.PayByCard(ctx, tx, page, noon)
	if err != nil {
		t.Fatalf("pay by card: %v", err)
	}
	if p.URL == "" {
		must(t, orders.OpenedCard(ctx, tx, p.ID, orders.CardSession{ID: "cs_" + p.Token, URL: "https://checkout.stripe.com/c/" + p.Token}))
	}
	return p
}

// paidEvent is Stripe's word that a payment came in full.
func paidEvent(id string, p orders.CardPayment) orders.CardEvent {
	return orders.CardEvent{ID: id, Kind: "checkout.session.completed", Fact: orders.CardPaid, At: noon, Reference: p.Token, Session: "cs_" + p.Token,
		Intent: "pi_" + p.Token, Amount: p.Amount}
}

func hear(t testing.TB, tx *sql.Tx, e orders.CardEvent) {
	t.Helper()
	if err := orders.HearCard(ctx, tx, e, noon.Add(time.Minute)); err != nil {
		t.Fatalf("hear %s: %v", e.ID, err)
	}
}

// notices is the reasons why a person should look.
func notices(t testing.TB, q pg.Querier) (all []string) {
	t.Helper()
	list, err := orders.CardNotices(ctx, q)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range list {
		all = append(all, n.Reason)
	}
	return all
}

func TestACardPaymentReleasesTheOrderOnce(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	order := s.place(t, tx, "k", form())
	p := claim(t, tx, orders.PayPage{Token: order.Journey})
	if p.Amount.Minor != 1785 || p.Email != "ann@example.com" || !strings.HasSuffix(p.Back, "/journey/"+order.Journey+"/pay") {
		t.Errorf("asked for %+v", p)
	}
	hear(t, tx, paidEvent("evt_1", p))
	hear(t, tx, paidEvent("evt_1", p)) // the same once more
	late := paidEvent("evt_2", p)      // another of the same session, three days late
	late.Kind, late.At = "checkout.session.async_payment_succeeded", noon.AddDate(0, 0, -3)
	hear(t, tx, late)
	expired := paidEvent("evt_0", p) // and one from before, out of order
	expired.Fact = orders.CardExpired
	hear(t, tx, expired)
	v := read(t, tx, order.Number)
	if v.Paid.Minor != 1785 || len(v.Payments) != 1 || v.Payments[0].Method != "card" || v.Released.IsZero() {
		t.Errorf("paid %v by %+v, released %v", v.Paid, v.Payments, v.Released)
	}
	if got := notices(t, tx); len(got) != 0 {
		t.Errorf("a person is told %q", got)
	}
	if got := facts(t, tx); !slices.Contains(got, "order.paid "+order.Number.String()) {
		t.Errorf("facts %v", got)
	}
	if _, err := orders.PayByCard(ctx, tx, orders.PayPage{Token: order.Journey}, noon); fault.KindOf(err) != fault.Conflict {
		t.Errorf("paying again: %v", err)
	}
	lawful(t, tx)
}

func TestTheSamePageIsAskedForOnce(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	order := s.place(t, tx, "k", form())
	page := orders.PayPage{Token: order.Journey}
	lost, err := orders.PayByCard(ctx, tx, page, noon) // Stripe's answer never came
	must(t, err)
	first := claim(t, tx, page)
	again := claim(t, tx, page)
	if lost.Token != first.Token || first.Expires != lost.Expires || again.URL == "" || again.Token != first.Token {
		t.Errorf("asked as %v, %v and %v, want the same", lost, first, again)
	}
	later, err := orders.PayByCard(ctx, tx, page, noon.Add(90*time.Minute))
	if err != nil || later.Token == first.Token {
		t.Errorf("a page that is nearly over was given again: %v %v", later, err)
	}
	pay(t, tx, payment("p", "7.85", order.Number))
	if part := claim(t, tx, page); part.Token == first.Token || part.Amount.Minor != 1000 {
		t.Errorf("after a part came by transfer the card is asked for %v", part.Amount)
	}
}

func TestALinkPaysSeveralOrdersTogether(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	a, b, other := s.place(t, tx, "a", form()), s.place(t, tx, "b", form()), form()
	other.Email = "bob@example.com"
	c := s.place(t, tx, "c", other)
	page, err := orders.PayTogether(ctx, tx, "link", []orders.Number{b.Number, a.Number, b.Number}, 0, noon)
	must(t, err)
	again, err := orders.PayTogether(ctx, tx, "link", []orders.Number{a.Number, b.Number}, 0, noon)
	if err != nil || again != page {
		t.Errorf("the form sent twice made %v and %v (%v)", page, again, err)
	}
	if _, err := orders.PayTogether(ctx, tx, "x", []orders.Number{a.Number, c.Number}, 0, noon); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a link for two customers: %v", err)
	}
	bill, err := orders.ReadBill(ctx, tx, page)
	if err != nil || len(bill.Orders) != 2 || bill.Open.Minor != 3570 || bill.Orders[0].Lines[0].Sum.Minor != 1000 {
		t.Fatalf("the bill is %+v (%v)", bill, err)
	}
	p := claim(t, tx, page)
	if len(p.Shares) != 2 || p.Amount.Minor != 3570 || !strings.HasSuffix(p.Back, "/pay/"+page.Token) {
		t.Errorf("asked for %+v", p)
	}
	hear(t, tx, paidEvent("evt_1", p))
	for _, n := range []orders.Number{a.Number, b.Number} {
		if v := read(t, tx, n); v.Open().Minor != 0 || v.Released.IsZero() {
			t.Errorf("%s has %v open", n, v.Open())
		}
	}
	for _, token := range []string{"", "x", strings.Repeat("A", 26), page.Token + "\x00", a.Journey} {
		if _, err := orders.ReadBill(ctx, tx, orders.PayPage{Token: token, Several: true}); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the token %q: %v", token, err)
		}
	}
	lawful(t, tx)
}

// TestOddMoneyIsKeptAndShown: what has come is never refused; a person is told why to look.
func TestOddMoneyIsKeptAndShown(t *testing.T) {
	for name, c := range map[string]struct {
		change func(t *testing.T, tx *sql.Tx, order orders.Placed, e *orders.CardEvent)
		says   string
		paid   int64
		open   int64 // below zero: to be paid back
	}{
		"too little": {func(_ *testing.T, _ *sql.Tx, _ orders.Placed, e *orders.CardEvent) { e.Amount.Minor = 1000 }, "10.00 EUR came where 17.85 EUR", 1000, 785},
		"too much":   {func(_ *testing.T, _ *sql.Tx, _ orders.Placed, e *orders.CardEvent) { e.Amount.Minor = 2000 }, "only 17.85 EUR were open", 2000, -215},
		"another currency": {func(_ *testing.T, _ *sql.Tx, _ orders.Placed, e *orders.CardEvent) { e.Amount.Currency = "USD" },
			"17.85 USD were paid, but", 0, 1785},
		"nothing": {func(_ *testing.T, _ *sql.Tx, _ orders.Placed, e *orders.CardEvent) { e.Amount.Minor = 0 }, "0.00 EUR were paid", 0, 1785},
		"cancelled before": {func(t *testing.T, tx *sql.Tx, order orders.Placed, _ *orders.CardEvent) {
			_, err := orders.Cancel(ctx, tx, order.Number, "", 0, noon)
			must(t, err)
		}, "was cancelled before the money came", 1785, -1785},
		"paid by transfer meanwhile": {func(t *testing.T, tx *sql.Tx, order orders.Placed, _ *orders.CardEvent) {
			pay(t, tx, payment("p", "17.85", order.Number))
		}, "only 0.00 EUR were open", 3570, -1785},
	} {
		t.Run(name, func(t *testing.T) {
			tx := pgtest.Tx(t)
			s := set(t, tx)
			order := s.place(t, tx, "k", form())
			e := paidEvent("evt_1", claim(t, tx, orders.PayPage{Token: order.Journey}))
			c.change(t, tx, order, &e)
			hear(t, tx, e)
			hear(t, tx, e)
			v := read(t, tx, order.Number)
			if v.Paid.Minor != c.paid || v.Total.Minor-v.Paid.Minor != c.open {
				t.Errorf("paid %v, open %v, to be paid back %v", v.Paid, v.Open(), v.Back())
			}
			if got := notices(t, tx); len(got) != 1 || !strings.Contains(got[0], c.says) {
				t.Errorf("a person is told %q, want %q", got, c.says)
			}
			must(t, orders.SeenCard(ctx, tx, "evt_1", 0, noon))
			must(t, orders.SeenCard(ctx, tx, "evt_1", 0, noon))
			if got := notices(t, tx); len(got) != 0 {
				t.Errorf("seen, and still there: %q", got)
			}
			lawful(t, tx)
		})
	}
}

func TestWhatIsNothingOfOursIsShown(t *testing.T) {
	tx := pgtest.Tx(t)
	set(t, tx)
	for i, e := range []orders.CardEvent{
		{Fact: orders.CardPaid, Reference: "SOMETHING", Session: "cs_x", Intent: "pi_x", Amount: orders.Money{Minor: 5, Currency: "EUR"}},
		{Fact: orders.CardRefunded, Refund: "re_x", Intent: "pi_x", Amount: orders.Money{Minor: 5, Currency: "EUR"}},
		{Fact: orders.CardRefundFailed, Refund: "re_x", Amount: orders.Money{Minor: 5, Currency: "EUR"}},
		{Fact: orders.CardDisputed, Intent: "pi_x", Because: "fraudulent", Amount: orders.Money{Minor: 5, Currency: "EUR"}},
		{Fact: orders.CardFailed, Reference: "SOMETHING", Amount: orders.Money{Minor: 5, Currency: "EUR"}},
	} {
		e.ID, e.Kind, e.At = fmt.Sprint("evt_", i), "test", noon
		hear(t, tx, e)
		if got := notices(t, tx); len(got) != i+1 || !strings.Contains(got[i], "0.05 EUR") {
			t.Errorf("%s: a person is told %q", e.Fact, got)
		}
	}
	hear(t, tx, orders.CardEvent{ID: "evt_other", Kind: "customer.created", Fact: orders.CardOther, At: noon})
	if got := notices(t, tx); len(got) != 5 {
		t.Errorf("an event of no meaning to us is shown: %q", got)
	}
}

// Money for an order that is not here yet waits for it: after a restored backup, say.
func TestMoneyWaitsForItsOrder(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	next := s.place(t, tx, "first", form()).Number + 1
	hear(t, tx, orders.CardEvent{ID: "evt_1", Kind: "checkout.session.completed", Fact: orders.CardPaid, At: noon, Reference: next.String(), Session: "cs_1",
		Intent: "pi_1", Amount: orders.Money{Minor: 1785, Currency: "EUR"}})
	if ids, err := orders.Parked(ctx, tx); err != nil || len(ids) != 0 {
		t.Errorf("%v can be heard already (%v)", ids, err)
	}
	if got := notices(t, tx); len(got) != 1 || !strings.Contains(got[0], "not here yet") {
		t.Errorf("a person is told %q", got)
	}
	order := s.place(t, tx, "second", form())
	ids, err := orders.Parked(ctx, tx)
	if err != nil || !slices.Equal(ids, []string{"evt_1"}) {
		t.Fatalf("%v can be heard now (%v)", ids, err)
	}
	for range 2 {
		must(t, orders.HearParked(ctx, tx, "evt_1", noon))
	}
	if v := read(t, tx, order.Number); v.Paid.Minor != 1785 || v.Released.IsZero() || len(v.Payments) != 1 {
		t.Errorf("paid %v by %v", v.Paid, v.Payments)
	}
	if got := notices(t, tx); len(got) != 0 {
		t.Errorf("a person is still told %q", got)
	}
	lawful(t, tx)
}

// TestAnEventHeardByManyAtOnceCountsOnce: two replicas, ten deliveries, two events of one session.
func TestAnEventHeardByManyAtOnceCountsOnce(t *testing.T) {
	db := pgtest.DB(t)
	s := set(t, db)
	var order orders.Placed
	var p orders.CardPayment
	inTx(t, db, func(tx *sql.Tx) error { order = s.place(t, tx, "k", form()); return nil })
	inTx(t, db, func(tx *sql.Tx) error { p = claim(t, tx, orders.PayPage{Token: order.Journey}); return nil })
	var all sync.WaitGroup
	for i := range 10 {
		all.Go(func() {
			inTx(t, db, func(tx *sql.Tx) error { return orders.HearCard(ctx, tx, paidEvent(fmt.Sprint("evt_", i%2), p), noon) })
		})
	}
	all.Wait()
	if n := count(t, db, `select count(*) from payments`); n != 1 {
		t.Errorf("%d payments of one", n)
	}
	if n := count(t, db, `select count(*) from card_events`); n != 2 {
		t.Errorf("%d events of two", n)
	}
	lawful(t, db)
}
