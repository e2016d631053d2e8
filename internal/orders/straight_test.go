package orders_test

import (
	"database/sql"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pgtest"
	"tote/internal/production"
	"tote/internal/staff"
	"tote/internal/studio"
	"tote/shipping"
)

// printed lets a partner print what custom makes, and send it to the customer.
func printed(t *testing.T, tx *sql.Tx, s site) (sends func(line string)) {
	t.Helper()
	sends = custom(t, tx, s)
	exec(t, tx, `insert into locations (warehouse_id, kind, code) select $1, k, upper(k) from unnest(array['supplier', 'customer', 'workshop', 'partner', 'scrap', 'lost', 'found']) k`, s.warehouse)
	exec(t, tx, `insert into staff (name, badge, pin_hash, roles, warehouse_id) values ('Fred', $2, 'x', '{fulfiller}', $1)`, s.warehouse, staff.NewBadge())
	partner, err := studio.SavePartner(ctx, tx, studio.Partner{Name: "Print & Co"}, fred(t, tx))
	if err != nil {
		t.Fatal(err)
	}
	flows, err := studio.Flows(ctx, tx)
	if err != nil {
		t.Fatal(err)
	}
	f := flows[0]
	f.Making, f.Partner, f.Straight = studio.ByPartner, partner, true
	if _, err := studio.SaveFlow(ctx, tx, f, fred(t, tx)); err != nil {
		t.Fatal(err)
	}
	return sends
}

// atPartner is a paid order whose bowls are with the partner.
func (s site) atPartner(t *testing.T, tx *sql.Tx, sends func(string), f orders.Form, line int) (n orders.Number, job production.WorkOrder) {
	t.Helper()
	p := s.place(t, tx, "printed", f)
	if _, err := orders.Pay(ctx, tx, orders.Payment{Key: "all", Orders: []orders.Number{p.Number}, Amount: p.Total.Amount(), Method: "bank transfer", Reference: "all", At: noon}); err != nil {
		t.Fatal(err)
	}
	sends(p.Number.Line(line))
	works, err := production.Of(ctx, tx, p.Number.String())
	if err != nil || len(works) != 1 {
		t.Fatalf("%v, %v", works, err)
	}
	return p.Number, works[0]
}

func fred(t *testing.T, tx *sql.Tx) (id staff.ID) {
	t.Helper()
	ok(t, tx.QueryRow(`select id from staff where name = 'Fred'`).Scan(&id))
	return id
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnOrderThatAPartnerPrintsGoesStraightToItsCustomer(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	sends := printed(t, tx, s)
	f := form()
	f.Lines = []orders.FormLine{{SKU: bowlSKU, Quantity: "3"}}
	n, job := s.atPartner(t, tx, sends, f, 1)
	v := isAt(t, tx, n, orders.Production)
	if next := v.Next(); next.Turn != "Fulfilment" || !strings.Contains(strings.Join(next.Blocks, " "), "waits to be handed to Print & Co") || next.Href != "/fulfilment/"+job.ID.String() {
		t.Errorf("it says %+v", next)
	}
	sent := orders.StraightSent{Carrier: "manual", Name: "Printpost", Number: "PP-1", Parcels: 2, Key: uuid.New(), At: noon, By: fred(t, tx)}
	if err := orders.SendStraight(ctx, tx, s.warehouse, job.ID, sent); fault.KindOf(err) != fault.Conflict || !strings.Contains(fault.Message(err), "was not handed over yet") {
		t.Errorf("sent before it was handed over: %v", err)
	}
	ok(t, production.HandOver(ctx, tx, s.warehouse, job.ID, "PC-77", fred(t, tx), noon))
	if _, err := orders.Cancel(ctx, tx, n, "", 0, noon); fault.KindOf(err) != fault.Conflict {
		t.Errorf("cancelled while the partner prints: %v", err)
	}
	e, err := orders.ForEdit(ctx, tx, n)
	ok(t, err)
	e.Form.Street = "Elsewhere 9"
	if err := orders.Edit(ctx, tx, n, e, s.warehouse, 0, noon); fault.KindOf(err) != fault.Conflict || !strings.Contains(fault.Message(err), "has the old address") {
		t.Errorf("another address while the partner prints: %v", err)
	}
	j, err := orders.ReadJourney(ctx, tx, journeyOf(t, tx, n), noon)
	ok(t, err)
	if says := j.Steps[5].Says; !strings.Contains(says, "being printed") {
		t.Errorf("the journey says %q", says)
	}
	for range 2 { // pressed twice
		ok(t, orders.SendStraight(ctx, tx, s.warehouse, job.ID, sent))
	}
	v = isAt(t, tx, n, orders.Shipped)
	if len(v.Shipments) != 1 || len(v.Shipments[0].Parcels) != 2 || v.Shipments[0].Carrier != "Printpost" || v.Shipments[0].Parcels[0].Tracking != "PP-1" || v.Lines[0].Shipped != 3 {
		t.Errorf("its shipments are %+v", v.Shipments)
	}
	if !strings.Contains(strings.Join(facts(t, tx), "\n"), "shipment.dispatched SH-") {
		t.Error("nobody hears that it is on its way: no tracking letter")
	}
	if _, err := shipping.Track(ctx, tx, shipping.Event{Shipment: shipping.ID(v.Shipments[0].ID), Kind: "delivered", At: noon, Source: "hand", Key: "x"}, noon); err != nil {
		t.Fatal(err)
	}
	ok(t, orders.Progress(ctx, tx, shipping.ID(v.Shipments[0].ID).String()))
	isAt(t, tx, n, orders.Delivered)
	lawful(t, tx)
	laws, err := production.Check(ctx, tx)
	ok(t, err)
	for _, l := range laws {
		if l.Count > 0 {
			t.Errorf("%s: %v", l.Name, l.Examples)
		}
	}
}

func TestAMixedOrderIsPickedBesideWhatAPartnerSends(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	sends := printed(t, tx, s)
	n, job := s.atPartner(t, tx, sends, both(), 2)
	isAt(t, tx, n, orders.Production)
	if count(t, tx, `select count(*) from reservations where document = $1`, n.String()) != 1 {
		t.Error("the floor is to promise the mugs alone")
	}
	ok(t, production.HandOver(ctx, tx, s.warehouse, job.ID, "", fred(t, tx), noon))
	ok(t, orders.SendStraight(ctx, tx, s.warehouse, job.ID, orders.StraightSent{Carrier: "manual", Number: "PP-1", Key: uuid.New(), At: noon, By: fred(t, tx)}))
	v := isAt(t, tx, n, orders.BackOrdered) // there are no mugs
	if len(v.Shipments) != 2 || v.Lines[1].Shipped != 3 || v.Lines[0].Shipped != 0 {
		t.Errorf("it stands at %+v", v.Lines)
	}
	if _, err := orders.Cancel(ctx, tx, n, "", 0, noon); fault.KindOf(err) != fault.Conflict {
		t.Errorf("cancelled after the partner sent: %v", err)
	}
	lawful(t, tx)
}

func journeyOf(t *testing.T, tx *sql.Tx, n orders.Number) (token string) {
	t.Helper()
	ok(t, tx.QueryRow(`select journey_token from orders where number = $1`, n).Scan(&token))
	return token
}
