package orders_test

import (
	"database/sql"
	"slices"
	"strings"
	"testing"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/staff"
	"tote/shipping"
)

// cameBack is a return of all mugs of an order that has left, each inspected with that grade.
func (s site) cameBack(t testing.TB, tx *sql.Tx, n orders.Number, wish string, grades ...string) (id shipping.ReturnID, line int64, by staff.ID) {
	t.Helper()
	scan := func(into any, query string, args ...any) {
		t.Helper()
		must(t, tx.QueryRowContext(ctx, query, args...).Scan(into))
	}
	by = seller(t, tx, s)
	scan(&id, `insert into returns (warehouse_id, ref, submission, origin, authorised_at, state, received_at, inspected_at)
		values ($1, $2, $2, 'customer', $3, 'inspected', $3, $3) returning id`, s.warehouse, n.String(), noon)
	scan(&line, `insert into return_lines (return_id, ref, item_id, quantity, received, reason, wish) values ($1, $2, $3, $4, $4, 'changed mind', $5) returning id`,
		id, n.Line(1), s.mug, len(grades), wish)
	for _, g := range grades {
		exec(t, tx, `insert into dispositions (line_id, what, grade, quantity, staff_id, scan, at) values ($1, 'quarantine', $2, 1, $3, gen_random_uuid(), $4)`, line, g, by, noon)
	}
	return id, line, by
}

func TestAReturnIsSettledLineByLine(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	order := s.paidOrder(t, tx, "k")
	leave(t, tx, order.Number, true)
	id, line, by := s.cameBack(t, tx, order.Number, "replacement", "A", "B")
	ret, err := shipping.FindReturn(ctx, tx, id)
	must(t, err)
	owed, err := orders.Owing(ctx, tx, ret)
	if err != nil || len(owed) != 1 || owed[0].Owed() != 2 || owed[0].Price.Minor != 595 || owed[0].Worth(2).Minor != 1190 || owed[0].Suggest != orders.RemedyReplacement {
		t.Fatalf("owed %+v (%v)", owed, err)
	}
	form := orders.Settling{Key: "f", Return: id, By: by, At: noon, Lines: []orders.SettlingLine{{Line: line, Quantity: 1, What: orders.RemedyRefund, Amount: "5.95"}}}
	for i := range 2 {
		done, err := orders.Settle(ctx, tx, form)
		if err != nil || done.Refund.Minor != 595 || done.Replacement != 0 || done.Repeated != (i > 0) {
			t.Fatalf("settled %+v: %v", done, err)
		}
	}
	if got := papers(t, tx, order.Number); !slices.Equal(got, []string{"INV-1001 17.85 EUR", "CN-1001 5.95 EUR"}) {
		t.Errorf("papers %q", got)
	}
	if v := read(t, tx, order.Number); v.Back().Minor != 595 {
		t.Errorf("to be paid back: %v", v.Back())
	}
	done, err := orders.Settle(ctx, tx, orders.Settling{Key: "g", Return: id, By: by, At: noon, Lines: []orders.SettlingLine{{Line: line, Quantity: 1, What: orders.RemedyReplacement}}})
	if err != nil || done.Replacement == 0 {
		t.Fatalf("replaced by %+v: %v", done, err)
	}
	again := read(t, tx, done.Replacement)
	if again.Total.Minor != 0 || again.Released.IsZero() || again.Channel != orders.Replaced || len(again.Lines) != 1 || again.Lines[0].Asked() != 1 {
		t.Errorf("the order that replaces is %+v", again)
	}
	if papers := papers(t, tx, done.Replacement); len(papers) != 0 {
		t.Errorf("it has papers: %q", papers)
	}
	if owed, err := orders.Owing(ctx, tx, ret); err != nil || len(owed) != 0 {
		t.Errorf("still owed %+v (%v)", owed, err)
	}
	all, err := orders.Settlements(ctx, tx, id, "")
	if err != nil || len(all) != 2 || all[0].Replacement != done.Replacement || all[1].Amount.Minor != 595 {
		t.Errorf("settlements %+v (%v)", all, err)
	}
	if !slices.Contains(facts(t, tx), "return.settled "+id.String()) {
		t.Errorf("facts %v", facts(t, tx))
	}
}

func TestASettlementThatMakesNoSenseIsRefused(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	order := s.paidOrder(t, tx, "k")
	leave(t, tx, order.Number, true)
	id, line, by := s.cameBack(t, tx, order.Number, "refund", "A", "D")
	ret, err := shipping.FindReturn(ctx, tx, id)
	must(t, err)
	if owed, err := orders.Owing(ctx, tx, ret); err != nil || owed[0].Suggest != "" {
		t.Errorf("one of them is broken and the customer changed his mind: %+v (%v)", owed, err)
	}
	for name, c := range map[string]struct {
		lines  []orders.SettlingLine
		fields []string
	}{
		"none":      {nil, []string{"lines"}},
		"three":     {[]orders.SettlingLine{{line, 3, orders.RemedyRefund, "5", ""}}, []string{"lines.0.quantity"}},
		"zero":      {[]orders.SettlingLine{{line, 0, orders.RemedyRefund, "5", ""}}, []string{"lines.0.quantity"}},
		"another's": {[]orders.SettlingLine{{line + 1000, 1, orders.RemedyRefund, "5", ""}}, []string{"lines.0.quantity"}},
		"twice":     {[]orders.SettlingLine{{line, 1, orders.RemedyRefund, "5", ""}, {line, 1, orders.RemedyRefund, "5", ""}}, []string{"lines.1.quantity"}},
		"no remedy": {[]orders.SettlingLine{{line, 1, "", "", ""}}, []string{"lines.0.what"}},
		"gold":      {[]orders.SettlingLine{{line, 1, "gold", "", ""}}, []string{"lines.0.what"}},
		"words":     {[]orders.SettlingLine{{line, 1, orders.RemedyRefund, "much", ""}}, []string{"lines.0.amount"}},
		"no amount": {[]orders.SettlingLine{{line, 1, orders.RemedyRefund, "0", ""}}, []string{"lines.0.amount"}},
		"too much":  {[]orders.SettlingLine{{line, 1, orders.RemedyRefund, "17.86", ""}}, []string{"amount"}},
		"no reason": {[]orders.SettlingLine{{line, 1, orders.RemedyNothing, "", ""}}, []string{"lines.0.reason"}},
		"long":      {[]orders.SettlingLine{{line, 1, orders.RemedyNothing, "", strings.Repeat("x", 501)}}, []string{"lines.0.reason"}},
	} {
		_, err := within(t, tx, func() (orders.SettledFor, error) {
			return orders.Settle(ctx, tx, orders.Settling{Key: name, Return: id, By: by, At: noon, Lines: c.lines})
		})
		if !slices.Equal(fieldNames(err), c.fields) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := orders.Settle(ctx, tx, orders.Settling{Return: id, At: noon}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("without a key: %v", err)
	}
	done, err := orders.Settle(ctx, tx, orders.Settling{Key: "n", Return: id, By: by, At: noon, Lines: []orders.SettlingLine{{line, 1, orders.RemedyNothing, "", "It was dropped."}}})
	if err != nil || done.String() != "nothing is given" {
		t.Errorf("nothing with a reason: %+v (%v)", done, err)
	}
	if n := count(t, tx, `select settled from return_lines where id = $1`, line); n != 1 {
		t.Errorf("%d are settled", n)
	}
}

// within runs do and forgets what it did when it fails, as the transaction of a page would.
func within[T any](t testing.TB, tx *sql.Tx, do func() (T, error)) (T, error) {
	t.Helper()
	exec(t, tx, `savepoint attempt`)
	got, err := do()
	if err != nil {
		exec(t, tx, `rollback to savepoint attempt`)
	}
	return got, err
}

func TestManyWhoSettleAtOnceGiveOnce(t *testing.T) {
	db := pgtest.DB(t)
	s := set(t, db)
	var order orders.Placed
	var id shipping.ReturnID
	var line int64
	inTx(t, db, func(tx *sql.Tx) error {
		order = s.paidOrder(t, tx, "k")
		leave(t, tx, order.Number, true)
		id, line, _ = s.cameBack(t, tx, order.Number, "refund", "A", "A")
		return nil
	})
	results := make(chan error)
	for i := range 8 {
		key := []string{"same", "same", "other"}[min(i, 2)]
		if i > 2 {
			key += string(rune('a' + i))
		}
		go func() {
			results <- pg.InTx(ctx, db, func(tx *sql.Tx) error {
				_, err := orders.Settle(ctx, tx, orders.Settling{Key: key, Return: id, At: noon, Lines: []orders.SettlingLine{{line, 1, orders.RemedyRefund, "5.95", ""}}})
				return err
			})
		}()
	}
	for range 8 {
		if err := <-results; err != nil && fault.FieldsOf(err) == nil {
			t.Error(err)
		}
	}
	if n := count(t, db, `select settled from return_lines where id = $1`, line); n != 2 {
		t.Errorf("%d of 2 are settled", n)
	}
	if n := count(t, db, `select coalesce(sum(amount_minor), 0) from payments where method = 'credit'`); n != 1190 {
		t.Errorf("%d were given for two mugs", n)
	}
}

// TestWhatNobodyTookIsNotGivenAgainByItself: who refused a parcel wished for nothing; money back is suggested only to who asked.
func TestWhatNobodyTookIsNotGivenAgainByItself(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	order := s.paidOrder(t, tx, "k")
	leave(t, tx, order.Number, false)
	id, _, _ := s.cameBack(t, tx, order.Number, "replacement", "A", "A")
	exec(t, tx, `update returns set origin = 'carrier' where id = $1`, id)
	exec(t, tx, `update return_lines set reason = 'undelivered' where return_id = $1`, id)
	ret, err := shipping.FindReturn(ctx, tx, id)
	must(t, err)
	owed, err := orders.Owing(ctx, tx, ret)
	if err != nil || len(owed) != 1 || owed[0].Wish != "" || owed[0].Suggest != "" {
		t.Errorf("owed %+v (%v)", owed, err)
	}
}
