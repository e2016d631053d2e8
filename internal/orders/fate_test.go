package orders_test

import (
	"database/sql"
	"fmt"
	"slices"
	"testing"

	"tote/internal/orders"
	"tote/internal/pgtest"
)

// parcels sends an order that left in parcels of these fates: handed, back, road.
func (s site) parcels(t *testing.T, tx *sql.Tx, n orders.Number, fates ...string) {
	t.Helper()
	leave(t, tx, n, false)
	ref := n.String()
	by := seller(t, tx, s)
	for i, fate := range fates {
		exec(t, tx, `insert into locations (warehouse_id, kind, code) values ($1, 'carton', $2)`, s.warehouse, fmt.Sprintf("C-%s-%d", ref, i))
		exec(t, tx, `
			insert into cartons (warehouse_id, location_id, demand_id, ref, number, state, opened_by, opened_at, closed_at, straight)
			select $1, l.id, d.id, d.ref, $3, 'shipped', $4, $5, $5, true from demands d, locations l where d.ref = $2 and l.code = 'C-' || $2 || '-' || $3 - 1`,
			s.warehouse, ref, i+1, by, noon)
		exec(t, tx, `
			insert into shipment_cartons (carton_id, shipment_id, package_number, tracking_number, booked_at, delivered_at)
			select k.id, so.shipment_id, 'P' || k.id, 'T' || k.id, $3, case when $4 = 'handed' then $3::timestamptz + interval '2 days' end
			from cartons k join shipment_orders so on so.ref = k.ref where k.ref = $1 and k.number = $2`, ref, i+1, noon, fate)
		if fate != "back" {
			continue
		}
		exec(t, tx, `
			with r as (insert into returns (warehouse_id, ref, submission, origin, authorised_at, received_at, inspected_at, state)
			           select $1, ref, 'undelivered carton ' || id, 'carrier', $4, $4, $4, 'inspected' from cartons where ref = $2 and number = $3 returning id)
			insert into return_lines (return_id, ref, item_id, quantity, received, reason) select r.id, $2 || '.1', $5, 1, 1, 'undelivered' from r`,
			s.warehouse, ref, i+1, noon, s.mug)
	}
	if slices.Contains(fates, "back") {
		exec(t, tx, `update shipments s set state = 'exception' from shipment_orders so where so.shipment_id = s.id and so.ref = $1`, ref)
	}
	must(t, orders.Progress(ctx, tx, ref))
}

// TestAnOrderSaysWhatCameBack: its stage tells that it left, its word what became of the parcels.
func TestAnOrderSaysWhatCameBack(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	for i, want := range []struct {
		fates        []string
		word, next   string
		back, partly bool
	}{
		{[]string{"road", "road"}, "shipped", "Is on its way, expected on 21 Nov 2026.", false, false},
		{[]string{"road", "handed"}, "shipped", "Is on its way, expected on 21 Nov 2026.", false, false},
		{[]string{"back"}, "came back", "Came back undelivered as R-%d. Say what the customer gets.", true, false},
		{[]string{"back", "back"}, "came back", "Came back undelivered as R-%d. Say what the customer gets.", true, false},
		{[]string{"back", "handed"}, "partly delivered, 1 came back", "Is delivered in part: 1 of 2 parcels came back as R-%d. Say what the customer gets.", false, true},
		{[]string{"back", "road"}, "shipped, 1 came back", "Is on its way, expected on 21 Nov 2026.", false, false},
		{[]string{"back", "road", "handed"}, "partly delivered, 1 came back", "Is on its way, expected on 21 Nov 2026.", false, false},
	} {
		p := s.paidOrder(t, tx, fmt.Sprint(i))
		s.parcels(t, tx, p.Number, want.fates...)
		list, err := orders.List(ctx, tx, orders.Filter{Search: p.Number.String(), Limit: 1}, noon)
		must(t, err)
		if len(list) != 1 || list[0].Fate.Word(list[0].Stage) != want.word {
			t.Errorf("%v: the list says %+v, want %q", want.fates, list, want.word)
		}
		v := read(t, tx, p.Number)
		if len(v.Returns) > 0 && v.Fate().Ended() {
			want.next = fmt.Sprintf(want.next, v.Returns[0].ID)
		}
		if got := v.Next().What; v.Fate().Word(v.Stage) != want.word || got != want.next || v.CameBack() != want.back || v.PartlyBack() != want.partly {
			t.Errorf("%v: the order says %q, %q, back %v, partly %v", want.fates, v.Fate().Word(v.Stage), got, v.CameBack(), v.PartlyBack())
		}
		link, err := orders.NewCustomerLink(ctx, tx, v.Customer.ID)
		must(t, err)
		his, err := orders.ByCustomerLink(ctx, tx, link, orders.MineFilter{Search: p.Number.String()})
		must(t, err)
		journey, err := orders.ReadJourney(ctx, tx, p.Journey, noon)
		must(t, err)
		if len(his.Orders) != 1 || his.Orders[0].Fate != v.Fate() || journey.Fate != v.Fate() {
			t.Errorf("%v: the customer's list has %+v, his journey %+v, we %+v", want.fates, his.Orders, journey.Fate, v.Fate())
		}
	}
}

// TestNobodyIsAskedAboutWhatHeNeverGot: not where the only parcel came back; where some arrived, once the rest is settled.
func TestNobodyIsAskedAboutWhatHeNeverGot(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	never, partly := s.paidOrder(t, tx, "a"), s.paidOrder(t, tx, "b")
	s.parcels(t, tx, never.Number, "back")
	s.parcels(t, tx, partly.Number, "handed", "back")
	due := func(days int, want ...orders.Number) {
		t.Helper()
		got, err := orders.FeedbackDue(ctx, tx, noon.AddDate(0, 0, days))
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("after %d days %v are due (%v), want %v", days, got, err, want)
		}
	}
	due(40)
	why, err := orders.WhyNotAsked(ctx, tx, partly.Number)
	if err != nil || why != "Something of this order came back and is not settled yet." {
		t.Errorf("not asked because %q (%v)", why, err)
	}
	exec(t, tx, `update return_lines set settled = received`)
	due(6)
	due(7, partly.Number) // five days after what arrived on the second
	due(40, partly.Number)
}
