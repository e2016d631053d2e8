package picking

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/inventory"
)

// DemandID names a demand inside the floor; outside it is known by its ref.
type DemandID int64

// Demand is what the office hands down, by value: bring these lines to a packing station. Ref is the office's
// document ("O-1001") and says nothing to the floor but its name.
type Demand struct {
	Ref          string
	Warehouse    inventory.WarehouseID
	Priority     int // higher goes first
	Due          time.Time
	Carrier      string
	Service      string
	CutOff       *time.Time
	Tags         []string
	Notes        string // for the packer
	ShipComplete bool   // nothing is picked before everything can be
	Lines        []DemandLine
	Materials    []Material // wished for in each carton
}

// DemandLine asks for so many of an item. Lines that repeat an item stay apart.
type DemandLine struct {
	Ref      string // "O-1001.2"
	Line     int
	Item     inventory.ItemID
	Lot      inventory.LotID // 0: no particular lot
	Quantity int64
	Notes    string // what is particular about it, for whoever handles it
	Straight bool   // comes to the customer from elsewhere: nothing to pick or pack here
}

// Ask takes a demand over and reserves stock for it as far as there is some. A ref is asked for once.
func Ask(ctx context.Context, tx *sql.Tx, d Demand, at time.Time) (err error) {
	return AskAll(ctx, tx, []Demand{d}, at)
}

// AskAll is Ask for any number of demands, in the same few statements: stock is promised among all of
// them by rank.
func AskAll(ctx context.Context, tx *sql.Tx, list []Demand, at time.Time) (err error) {
	defer fault.Wrap(&err, "picking.AskAll(%d demands)", len(list))
	ids, err := takeOver(ctx, tx, list, at)
	if err != nil {
		return err
	}
	var owners []DemandID
	var lines []DemandLine
	var wants []inventory.Want
	for _, d := range list {
		id, taken := ids[d.Ref]
		switch {
		case len(d.Lines) == 0:
			return fault.New(fault.Invalid, "%s has no lines, so there is nothing to pick.", d.Ref)
		case !taken:
			return fault.New(fault.Conflict, "%s was released to the floor before.", d.Ref)
		}
		for _, l := range d.Lines {
			owners, lines = append(owners, id), append(lines, l)
		}
		wants = append(wants, d.wants(at)...)
	}
	_, err = tx.ExecContext(ctx, `
		insert into demand_lines (demand_id, ref, line, item_id, lot_id, quantity, notes, straight)
		select * from unnest($1::bigint[], $2::text[], $3::integer[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::boolean[])`,
		pg.Array(owners),
		pg.Column(lines, func(l DemandLine) string { return l.Ref }),
		pg.Column(lines, func(l DemandLine) int { return l.Line }),
		pg.Column(lines, func(l DemandLine) inventory.ItemID { return l.Item }),
		pg.Column(lines, func(l DemandLine) inventory.LotID { return l.Lot }),
		pg.Column(lines, func(l DemandLine) int64 { return l.Quantity }),
		pg.Column(lines, func(l DemandLine) string { return l.Notes }),
		pg.Column(lines, func(l DemandLine) bool { return l.Straight }))
	if err != nil {
		return err
	}
	if err := handMaterials(ctx, tx, list, ids); err != nil {
		return err
	}
	_, err = inventory.Reserve(ctx, tx, wants...)
	return err
}

// takeOver stores the demands themselves and gives their ids by ref; one that was there before is not
// among them. Tags travel as JSON, because an array of arrays must be rectangular.
func takeOver(ctx context.Context, tx *sql.Tx, list []Demand, at time.Time) (map[string]DemandID, error) {
	rows, err := tx.QueryContext(ctx, `
		insert into demands (ref, warehouse_id, priority, due, carrier, service, cut_off, tags, notes, ship_complete, released_at)
		select ref, warehouse, priority, due, carrier, service, cut_off, array(select jsonb_array_elements_text(tags)), notes, complete, $11
		from unnest($1::text[], $2::bigint[], $3::integer[], $4::timestamptz[], $5::text[], $6::text[], $7::timestamptz[], $8::jsonb[],
		            $9::text[], $10::boolean[]) as d (ref, warehouse, priority, due, carrier, service, cut_off, tags, notes, complete)
		on conflict (ref) do nothing
		returning id, ref`,
		pg.Column(list, func(d Demand) string { return d.Ref }),
		pg.Column(list, func(d Demand) int64 { return int64(d.Warehouse) }),
		pg.Column(list, func(d Demand) int { return d.Priority }),
		pg.Column(list, func(d Demand) string { return d.Due.Format(time.RFC3339Nano) }),
		pg.Column(list, func(d Demand) string { return d.Carrier }),
		pg.Column(list, func(d Demand) string { return d.Service }),
		pg.Column(list, func(d Demand) sql.NullString {
			if d.CutOff == nil {
				return sql.NullString{}
			}
			return sql.NullString{String: d.CutOff.Format(time.RFC3339Nano), Valid: true}
		}),
		pg.Column(list, Demand.tagsJSON),
		pg.Column(list, func(d Demand) string { return d.Notes }),
		pg.Column(list, func(d Demand) bool { return d.ShipComplete }), at)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	ids := make(map[string]DemandID, len(list))
	for rows.Next() {
		var id DemandID
		var ref string
		if err := rows.Scan(&id, &ref); err != nil {
			return nil, err
		}
		ids[ref] = id
	}
	return ids, rows.Err()
}

func (d Demand) tagsJSON() string {
	if len(d.Tags) == 0 {
		return "[]"
	}
	text, err := json.Marshal(d.Tags)
	if err != nil {
		panic(err) // strings always marshal
	}
	return string(text)
}

func (d Demand) wants(at time.Time) (wants []inventory.Want) {
	for _, l := range d.Lines {
		if l.Straight {
			continue
		}
		wants = append(wants, inventory.Want{Ref: l.Ref, Document: d.Ref, Warehouse: d.Warehouse, Item: l.Item, Lot: l.Lot,
			Quantity: l.Quantity, Priority: d.Priority, Due: d.Due, Since: at})
	}
	return wants
}

// Change asks for another quantity of one line. What is picked already stays asked for; what is no longer wanted
// leaves its pick list and is promised to others at once.
func Change(ctx context.Context, tx *sql.Tx, ref, lineRef string, quantity int64) (err error) {
	defer fault.Wrap(&err, "picking.Change(%s, %s, %d)", ref, lineRef, quantity)
	d, err := lock(ctx, tx, ref)
	if err != nil {
		return err
	}
	l, err := readLine(ctx, tx, d.id, lineRef)
	switch {
	case err != nil:
		return err
	case quantity < 0:
		return fault.New(fault.Invalid, "A quantity cannot be below 0.")
	case d.state == Packed || d.state == Shipped || d.state == Cancelled:
		return fault.New(fault.Conflict, "%s is %s already; its lines cannot be changed any more.", ref, d.state)
	case quantity < l.picked:
		return fault.New(fault.Conflict, "%d of %s are picked already. Ask for at least %d, or have them put back first.", l.picked, lineRef, l.picked)
	case quantity > l.quantity:
		err = raise(ctx, tx, d, l, quantity)
	case quantity < l.quantity:
		err = lower(ctx, tx, l, quantity)
	}
	if err != nil {
		return err
	}
	return settle(ctx, tx, d)
}

func raise(ctx context.Context, tx *sql.Tx, d demand, l line, quantity int64) error {
	if err := setQuantity(ctx, tx, l.ref, quantity); err != nil {
		return err
	}
	_, err := inventory.Reserve(ctx, tx, inventory.Want{Ref: l.ref, Document: d.ref, Warehouse: d.warehouse, Item: l.item, Lot: l.lot,
		Quantity: quantity - l.quantity, Priority: d.priority, Due: d.due, Since: d.released})
	return err
}

// lower takes from what no list has first, then from the last stops of the walk.
func lower(ctx context.Context, tx *sql.Tx, l line, quantity int64) error {
	unplanned := l.quantity - l.picked - l.planned
	if err := unplan(ctx, tx, l.ref, l.quantity-quantity-max(0, unplanned)); err != nil {
		return err
	}
	if err := setQuantity(ctx, tx, l.ref, quantity); err != nil {
		return err
	}
	return inventory.Release(ctx, tx, l.ref, l.quantity-quantity)
}

func setQuantity(ctx context.Context, tx *sql.Tx, ref string, quantity int64) error {
	_, err := tx.ExecContext(ctx, `update demand_lines set quantity = $2 where ref = $1`, ref, quantity)
	return err
}

// Cancel ends a demand of which nothing lies in totes or cartons: its tasks leave their lists and its stock is promised
// to others. What was shipped stays shipped.
func Cancel(ctx context.Context, tx *sql.Tx, ref string) (err error) {
	defer fault.Wrap(&err, "picking.Cancel(%s)", ref)
	d, err := lock(ctx, tx, ref)
	if err != nil {
		return err
	}
	before, err := walkers(ctx, tx, d)
	if err != nil {
		return err
	}
	lines, err := readLines(ctx, tx, d.id)
	if err != nil || d.state == Cancelled {
		return err
	}
	for _, l := range lines {
		if l.picked > l.shipped {
			return fault.New(fault.Conflict, "It is too late to cancel %s: %d of %s are picked already. Have them put back first.", ref, l.picked-l.shipped, l.ref)
		}
	}
	for _, l := range lines {
		if l.quantity == l.shipped {
			continue
		}
		if err := lower(ctx, tx, l, l.shipped); err != nil {
			return err
		}
	}
	if err := settle(ctx, tx, d); err != nil {
		return err
	}
	return takenOff(ctx, tx, before)
}

// Hold stops all work on a demand and says why: what is not picked leaves its lists, what is picked stays in its
// tote and is not packed.
func Hold(ctx context.Context, tx *sql.Tx, ref, reason string) (err error) {
	defer fault.Wrap(&err, "picking.Hold(%s)", ref)
	if reason == "" {
		return fault.New(fault.Invalid, "Say why %s is held.", ref)
	}
	d, err := lock(ctx, tx, ref)
	if err != nil {
		return err
	}
	if d.state == Shipped || d.state == Cancelled {
		return fault.New(fault.Conflict, "%s is %s already and cannot be held.", ref, d.state)
	}
	before, err := walkers(ctx, tx, d)
	if err != nil {
		return err
	}
	lines, err := readLines(ctx, tx, d.id)
	if err != nil {
		return err
	}
	for _, l := range lines {
		if err := unplan(ctx, tx, l.ref, l.planned); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `update demands set held_reason = $2 where id = $1`, d.id, reason); err != nil {
		return err
	}
	if err := settle(ctx, tx, d); err != nil {
		return err
	}
	return takenOff(ctx, tx, before)
}

// Unhold lets work on a demand go on.
func Unhold(ctx context.Context, tx *sql.Tx, ref string) (err error) {
	defer fault.Wrap(&err, "picking.Unhold(%s)", ref)
	d, err := lock(ctx, tx, ref)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `update demands set held_reason = '' where id = $1`, d.id)
	return err
}

// Lost is for the fact reservation.lost: a promise was broken because stock is gone. What is listed beyond the
// promise leaves its list, so that it can be planned for those who still have one.
func Lost(ctx context.Context, tx *sql.Tx, lineRef string) (err error) {
	defer fault.Wrap(&err, "picking.Lost(%s)", lineRef)
	var ref string
	err = tx.QueryRowContext(ctx, `
		select d.ref from demand_lines l join demands d on d.id = l.demand_id where l.ref = $1`, lineRef).Scan(&ref)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // a promise that was not ours
	}
	if err != nil {
		return err
	}
	d, err := lock(ctx, tx, ref)
	if err != nil {
		return err
	}
	l, err := readLine(ctx, tx, d.id, lineRef)
	if err != nil || l.planned == 0 {
		return err
	}
	if err := unplan(ctx, tx, lineRef, l.unpromised()); err != nil {
		return err
	}
	return settle(ctx, tx, d)
}

// finished is the fact that a list is done.
func finished(list ListID) outbox.Fact { return outbox.Fact{Name: "list.finished", Ref: list.String()} }

// Reroute lets demands go with another carrier that leaves at another time; what is picked of them already stays picked.
// The caller holds them.
func Reroute(ctx context.Context, tx *sql.Tx, refs []string, carrier, service string, cutOff *time.Time) (err error) {
	defer fault.Wrap(&err, "picking.Reroute(%v)", refs)
	_, err = tx.ExecContext(ctx, `update demands set carrier = $2, service = $3, cut_off = $4 where ref = any($1)`, pg.Array(refs), carrier, service, cutOff)
	return err
}
