package orders_test

import (
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tote/internal/orders"
	"tote/internal/pgtest"
)

// leave makes an order one that left on the 20th of November at noon, as shipping says it; delivered or not.
func leave(t *testing.T, tx *sql.Tx, n orders.Number, delivered bool) {
	t.Helper()
	ref := n.String()
	exec(t, tx, `update demand_lines l set shipped = quantity from demands d where d.id = l.demand_id and d.ref = $1`, ref)
	exec(t, tx, `update demands set state = 'shipped' where ref = $1`, ref)
	exec(t, tx, `delete from reservations where document = $1`, ref)
	exec(t, tx, `
		update shipments s
		set state = case when $2 then 'delivered' else 'dispatched' end, tracking_number = 'TT' || s.id, booked_at = $3, numbered_at = $3,
		    dispatched_at = $3, expected_on = '2026-11-21', delivered_at = case when $2 then $3::timestamptz end
		from shipment_orders o where o.shipment_id = s.id and o.ref = $1`, ref, delivered, noon)
	must(t, orders.Progress(ctx, tx, ref))
}

// TestFeedbackIsAskedOnceAfterTheDelivery: five days after a delivery, or fourteen after the dispatch of
// what nobody reported delivered; not while something is on its way back.
func TestFeedbackIsAskedOnceAfterTheDelivery(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	delivered, unreported, returning := s.paidOrder(t, tx, "a"), s.paidOrder(t, tx, "b"), s.paidOrder(t, tx, "c")
	leave(t, tx, delivered.Number, true)
	leave(t, tx, unreported.Number, false)
	leave(t, tx, returning.Number, true)
	exec(t, tx, `insert into returns (warehouse_id, ref, submission, origin, authorised_at) values ($1, $2, 'r', 'staff', $3)`, s.warehouse, returning.Number.String(), noon)
	for days, want := range map[int][]orders.Number{4: nil, 5: {delivered.Number}, 13: {delivered.Number}, 14: {delivered.Number, unreported.Number}} {
		due, err := orders.FeedbackDue(ctx, tx, noon.AddDate(0, 0, days))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(due, want) {
			t.Errorf("after %d days %v are due, want %v", days, due, want)
		}
	}
	for i, want := range []bool{true, false} {
		asked, err := orders.AskFeedback(ctx, tx, delivered.Number, noon)
		if err != nil || asked != want {
			t.Errorf("asking for the %d. time: %v, %v", i+1, asked, err)
		}
	}
	asked := slices.DeleteFunc(facts(t, tx), func(f string) bool { return !strings.HasPrefix(f, "feedback.asked ") })
	if !slices.Equal(asked, []string{"feedback.asked " + delivered.Number.String()}) {
		t.Errorf("facts %v, want one", asked)
	}
	due, err := orders.FeedbackDue(ctx, tx, noon.AddDate(0, 0, 6))
	if err != nil || len(due) != 0 {
		t.Errorf("asked once, and %v are due again (%v)", due, err)
	}
}

// TestTheStageFollowsTheFloor hears the floor's references and finds the order they are about.
func TestTheStageFollowsTheFloor(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	p := s.paidOrder(t, tx, "k")
	ref := p.Number.String()
	if got := stage(t, tx, p.Number); got != orders.BackOrdered {
		t.Errorf("without stock it is %s", got)
	}
	exec(t, tx, `update reservations set held = wanted where document = $1`, ref)
	must(t, orders.Progress(ctx, tx, ref+".1"))
	if got := stage(t, tx, p.Number); got != orders.Released {
		t.Errorf("with stock it is %s", got)
	}
	for state, want := range map[string]orders.Stage{"listed": orders.Picking, "picked": orders.Picked, "packed": orders.Packed} {
		exec(t, tx, `update demands set state = $2 where ref = $1`, ref, state)
		var shipment string
		if err := tx.QueryRow(`select 'SH-' || shipment_id from shipment_orders where ref = $1`, ref).Scan(&shipment); err != nil {
			t.Fatal(err)
		}
		must(t, orders.Progress(ctx, tx, shipment))
		if got := stage(t, tx, p.Number); got != want {
			t.Errorf("while the demand is %s it is %s, want %s", state, got, want)
		}
	}
	leave(t, tx, p.Number, false)
	if got := stage(t, tx, p.Number); got != orders.Shipped {
		t.Errorf("it left and is %s", got)
	}
	leave(t, tx, p.Number, true)
	if got := stage(t, tx, p.Number); got != orders.Delivered {
		t.Errorf("it arrived and is %s", got)
	}
	for _, other := range []string{"", "P-1", "C-999999", "X", "O-", "O-99999999", "SH-", "000000000000000000", "R-x"} {
		must(t, orders.Progress(ctx, tx, other))
	}
}

// TestEveryLawFindsItsDamage breaks each law on purpose.
func TestEveryLawFindsItsDamage(t *testing.T) {
	for law, damage := range []string{
		`delete from river_job; update orders set stage = 'packed'`,
		`update order_lines set price_minor = price_minor + 1`,
		`update orders set tools_minor = 100, total_minor = total_minor + 100`,
		`update payment_orders set amount_minor = amount_minor - 1`,
		`update payments set amount_minor = -1; update payment_orders set amount_minor = -1`,
		`update orders set released_at = null`,
		`update demand_lines set quantity = quantity + 1`,
		`update demand_lines set shipped = quantity`,
		`update demand_lines set shipped = 1`,
		`alter table invoices disable trigger user; update invoices set total_minor = total_minor + 1, goods_minor = goods_minor + 1,
			snapshot = jsonb_set(snapshot, '{total_minor}', to_jsonb(total_minor + 1))`,
		`update invoice_series set last = last + 1`,
		`alter table invoices disable trigger user; update invoices set snapshot = jsonb_set(snapshot, '{number}', '7')`,
		`update payments set method = 'credit'`,
		`insert into refunds (submission, payment_id, order_id, amount_minor, currency, state, stripe_id, asked_at, settled_at)
			select 'r', payment_id, order_id, 1, 'EUR', 'sent', 're_1', now(), now() from payment_orders`,
		`update orders set channel = 'return'`,
		`with g as (insert into order_groups (customer_id, made_at) select customer_id, now() from orders returning id)
			insert into group_orders (order_id, group_id) select o.id, g.id from orders o, g`,
		`update demands set held_reason = 'a whim'`,
	} {
		t.Run(strconv.Itoa(law), func(t *testing.T) {
			tx := pgtest.Tx(t)
			s := set(t, tx)
			order := s.paidOrder(t, tx, "k")
			must(t, orders.IssueInvoices(ctx, tx, order.Number.String(), noon))
			exec(t, tx, `delete from river_job`)
			lawful(t, tx)
			exec(t, tx, damage)
			found, err := orders.Check(ctx, tx)
			if err != nil {
				t.Fatal(err)
			}
			if found[law].Count == 0 || len(found[law].Examples) == 0 {
				t.Errorf("%q is not found by the law that %s", damage, found[law].Name)
			}
		})
	}
}
