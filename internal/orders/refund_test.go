package orders_test

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/pgtest"
)

// cancelledByCard is an order that was paid by card and cancelled.
func (s site) cancelledByCard(t testing.TB, tx *sql.Tx, key string) orders.Placed {
	t.Helper()
	order := s.place(t, tx, key, form())
	hear(t, tx, paidEvent("evt_"+key, claim(t, tx, orders.PayPage{Token: order.Journey})))
	_, err := orders.Cancel(ctx, tx, order.Number, "", 0, noon)
	must(t, err)
	return order
}

func refund(n orders.Number, key, amount string) orders.Refund {
	return orders.Refund{Key: key, Order: n, Amount: amount, At: noon}
}

func TestACardGetsItsMoneyBackOnce(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	order := s.cancelledByCard(t, tx, "k")
	id, err := orders.PayBackToCard(ctx, tx, refund(order.Number, "r", "10"))
	must(t, err)
	if again, err := orders.PayBackToCard(ctx, tx, refund(order.Number, "r", "10")); err != nil || again != id {
		t.Errorf("the form sent twice asked for %v and %v (%v)", id, again, err)
	}
	if !slices.Contains(facts(t, tx), "refund.asked "+id.String()) {
		t.Errorf("facts %v", facts(t, tx))
	}
	call, err := orders.RefundOf(ctx, tx, id.String())
	if err != nil || !call.Asked || call.Amount.Minor != 1000 || !strings.HasPrefix(call.Intent, "pi_") {
		t.Fatalf("to ask for: %+v (%v)", call, err)
	}
	for key, amount := range map[string]string{"more": "7.86", "none": "0", "text": "x"} {
		if _, err := orders.PayBackToCard(ctx, tx, refund(order.Number, key, amount)); !slices.Equal(fieldNames(err), []string{"amount"}) {
			t.Errorf("%s beside the 10.00 on their way: %v", amount, err)
		}
	}
	if _, err := orders.PayBack(ctx, tx, payment("hand", "7.86", order.Number)); !slices.Equal(fieldNames(err), []string{"amount"}) {
		t.Errorf("by hand beside what is on its way: %v", err)
	}
	for range 2 {
		must(t, orders.RefundSent(ctx, tx, id, "re_1", noon))
	}
	hear(t, tx, orders.CardEvent{ID: "evt_r", Kind: "refund.updated", Fact: orders.CardRefunded, At: noon, Refund: "re_1", Amount: call.Amount})
	if v := read(t, tx, order.Number); v.Paid.Minor != 785 || v.Back().Minor != 785 {
		t.Errorf("paid %v, to be paid back %v", v.Paid, v.Back())
	}
	if got := notices(t, tx); len(got) != 0 {
		t.Errorf("a person is told %q", got)
	}
	if call, err := orders.RefundOf(ctx, tx, id.String()); err != nil || call.Asked {
		t.Errorf("it would be asked for again: %+v (%v)", call, err)
	}
	lawful(t, tx)
}

// A refund is heard of before its answer came, or comes back from the card days later.
func TestARefundThatComesBackIsOwedAgain(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	order := s.cancelledByCard(t, tx, "k")
	id, err := orders.PayBackToCard(ctx, tx, refund(order.Number, "r", "17.85"))
	must(t, err)
	hear(t, tx, orders.CardEvent{ID: "evt_1", Fact: orders.CardRefunded, At: noon, Refund: "re_1", OurRefund: int64(id)})
	must(t, orders.RefundSent(ctx, tx, id, "re_1", noon))
	if v := read(t, tx, order.Number); v.Paid.Minor != 0 {
		t.Errorf("paid %v after it went back", v.Paid)
	}
	failed := orders.CardEvent{ID: "evt_2", Fact: orders.CardRefundFailed, At: noon, Refund: "re_1", Because: "lost_or_stolen_card"}
	hear(t, tx, failed)
	failed.ID = "evt_3"
	hear(t, tx, failed)
	if v := read(t, tx, order.Number); v.Back().Minor != 1785 {
		t.Errorf("%v is to be paid back", v.Back())
	}
	if got := notices(t, tx); len(got) != 1 || !strings.Contains(got[0], "lost_or_stolen_card") {
		t.Errorf("a person is told %q", got)
	}
	lawful(t, tx)
}

func TestARefundThatIsRefusedIsOwedStill(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	order := s.cancelledByCard(t, tx, "k")
	id, err := orders.PayBackToCard(ctx, tx, refund(order.Number, "r", "17.85"))
	must(t, err)
	for range 2 {
		must(t, orders.RefundRefused(ctx, tx, id, "The charge is disputed.\x00", noon))
	}
	v := read(t, tx, order.Number)
	if v.Back().Minor != 1785 || v.Refunds[0].Because != "The charge is disputed." {
		t.Errorf("to be paid back %v, %+v", v.Back(), v.Refunds)
	}
	if _, err := orders.PayBackToCard(ctx, tx, refund(order.Number, "r2", "17.85")); err != nil {
		t.Errorf("asking once more: %v", err)
	}
}

func TestWhatDidNotComeByCardDoesNotGoBackToOne(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	order := s.paidOrder(t, tx, "k")
	_, err := orders.Cancel(ctx, tx, order.Number, "", 0, noon)
	must(t, err)
	if _, err := orders.PayBackToCard(ctx, tx, refund(order.Number, "r", "1")); fault.KindOf(err) != fault.Invalid {
		t.Errorf("it went to a card: %v", err)
	}
}

// TestRefundsAtOnceGiveOne: by card and by hand, from many forms, for the same money.
func TestRefundsAtOnceGiveOne(t *testing.T) {
	db := pgtest.DB(t)
	s := set(t, db)
	var order orders.Placed
	inTx(t, db, func(tx *sql.Tx) error { order = s.cancelledByCard(t, tx, "k"); return nil })
	var all sync.WaitGroup
	for i := range 12 {
		all.Go(func() {
			err := pg.InTx(ctx, db, func(tx *sql.Tx) (err error) {
				if i%2 == 0 {
					_, err = orders.PayBackToCard(ctx, tx, refund(order.Number, fmt.Sprint("r", i), "17.85"))
				} else {
					_, err = orders.PayBack(ctx, tx, payment(fmt.Sprint("p", i), "17.85", order.Number))
				}
				return err
			})
			if kind := fault.KindOf(err); err != nil && kind != fault.Conflict && kind != fault.Invalid {
				t.Error(err)
			}
		})
	}
	all.Wait()
	n := count(t, db, `select (select count(*) from refunds) + (select count(*) from payments where amount_minor < 0)`)
	if n != 1 {
		t.Errorf("%d refunds for one", n)
	}
	lawful(t, db)
}
