package demo

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/labels"
	"tote/shipping"
)

// dispatch loads every closed parcel at the door and lets the truck go.
func (h *house) dispatch(ctx context.Context) error {
	return pg.InTx(ctx, h.db, func(tx *sql.Tx) error {
		codes, err := pg.Values[string](tx.QueryContext(ctx, `
			select c.sscc from cartons c join shipment_cartons s on s.carton_id = c.id
			where c.warehouse_id = $1 and c.state = 'closed' and s.loaded_at is null order by c.id`, h.warehouse))
		if err != nil || len(codes) == 0 {
			return err
		}
		for _, sscc := range append(codes, "X-OK") {
			step, err := shipping.Load(ctx, tx, h.docks["DOOR-1"], h.pullAt(staff.Shipper, "Loading door", sscc))
			if err := worked(step, err, sscc); err != nil {
				return err
			}
		}
		return nil
	})
}

// deliver brings the parcels of the trucks that left to their doors. At one of them nobody is home.
func (h *house) deliver(ctx context.Context) error {
	return pg.InTx(ctx, h.db, func(tx *sql.Tx) error {
		under, err := shipping.Shipments(ctx, tx, shipping.Filter{Warehouse: h.warehouse, State: shipping.Dispatched, Limit: 1000})
		if err != nil {
			return err
		}
		if len(under) > 3 {
			if err := h.nobodyHome(ctx, tx); err != nil {
				return err
			}
			if under, err = shipping.Shipments(ctx, tx, shipping.Filter{Warehouse: h.warehouse, State: shipping.Dispatched, Limit: 1000}); err != nil {
				return err
			}
		}
		for _, s := range under {
			if err := shipping.Deliver(ctx, tx, s.ID, h.people[staff.Shipper].ID, "", h.at); err != nil {
				return err
			}
		}
		return nil
	})
}

// nobodyHome is a stop of the newest tour where the driver leaves a card: an exception for client support.
func (h *house) nobodyHome(ctx context.Context, tx *sql.Tx) error {
	tours, err := shipping.Tours(ctx, tx, h.warehouse)
	if err != nil || len(tours) == 0 {
		return err
	}
	stops, err := shipping.Stops(ctx, tx, tours[0].Manifest, 0)
	if err != nil || len(stops) == 0 {
		return err
	}
	return shipping.HandOver(ctx, tx, shipping.Doorstep{Manifest: tours[0].Manifest, Shipment: stops[0].Shipment, Submission: "demo:" + stops[0].Shipment.String(),
		Note: "Card left in the letter box.", Staff: h.people[staff.Driver].ID, At: h.at})
}

// sendBack has a few customers return something: one return is announced, one came in and waits for inspection, one
// is restocked and waits to be put away; tea came in too, and waits to be asked for its lot.
func (h *house) sendBack(ctx context.Context) error {
	return pg.InTx(ctx, h.db, func(tx *sql.Tx) error {
		refs, err := pg.Values[string](tx.QueryContext(ctx, `
			select so.ref from shipments s join shipment_orders so on so.shipment_id = s.id
			where s.warehouse_id = $1 and s.state = 'delivered' order by s.id limit 3`, h.warehouse))
		if err != nil {
			return err
		}
		for i, ref := range refs {
			if err := h.returned(ctx, tx, ref, i); err != nil {
				return err
			}
		}
		tea, err := pg.Values[string](tx.QueryContext(ctx, `select 'O-' || number from orders where warehouse_id = $1 and reference = $2 and stage <> 'cancelled'`, h.warehouse, teaOrder))
		if err != nil || len(tea) == 0 {
			return err
		}
		return h.returned(ctx, tx, tea[0], 1)
	})
}

// judge has a few customers say how it was, one of them that it was not good: a case for whoever serves him.
func (h *house) judge(ctx context.Context, tx *sql.Tx) error {
	tokens, err := pg.Values[string](tx.QueryContext(ctx, `
		select o.journey_token from orders o where o.warehouse_id = $1 and o.stage = 'delivered' order by o.number desc limit 6`, h.warehouse))
	if err != nil {
		return err
	}
	for i, token := range tokens {
		answer := []struct{ score, words string }{{"5", "Thank you, all well."}, {"2", "One corner was bent, the box was too large."}, {"4", ""}, {"5", ""}, {"4", "A day later than said."}, {"5", ""}}[i]
		if err := orders.Answer(ctx, tx, token, answer.score, answer.words, h.at.Add(-time.Duration(i)*7*time.Hour)); err != nil {
			return err
		}
	}
	return nil
}

// returned takes one return as far as said: 0 announced, 1 received, 2 inspected.
func (h *house) returned(ctx context.Context, tx *sql.Tx, ref string, far int) error {
	lines, err := shipping.CanReturn(ctx, tx, ref)
	if err != nil || len(lines) == 0 {
		return err
	}
	id, err := shipping.Authorise(ctx, tx, shipping.Request{Ref: ref, Submission: "demo:" + ref, At: h.at,
		Lines: []shipping.RequestLine{{Ref: lines[0].Ref, Quantity: 1, Reason: "changed mind"}}})
	if err != nil || far == 0 {
		return err
	}
	for _, code := range []string{lines[0].SKU, "X-" + labels.CommandOK} {
		step, err := shipping.ReceiveReturn(ctx, tx, id, h.pull(staff.Receiver, code))
		if err := worked(step, err, code); err != nil {
			return err
		}
	}
	if far == 1 {
		return nil
	}
	step, err := shipping.Inspect(ctx, tx, id, h.pull(staff.Receiver, lines[0].SKU))
	if err := worked(step, err, "inspection of "+lines[0].SKU); err != nil {
		return err
	}
	step, err = shipping.Judge(ctx, tx, id, "A-restock", "", h.pull(staff.Receiver, fmt.Sprintf("%s A-restock", id)))
	return worked(step, err, "A-restock")
}
