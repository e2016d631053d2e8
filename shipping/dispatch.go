package shipping

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/packing"
	"tote/picking"
)

// obstacle is why a shipment cannot leave, in words.
type obstacle struct {
	shipment ID
	words    string
}

func (o *obstacle) fields() []any { return []any{&o.shipment, &o.words} }

// obstaclesSQL finds what is in the way of the shipments $1; on another truck than $2 counts as not
// loaded, unless $2 is 0.
const obstaclesSQL = `
	with live as (
	    select sc.shipment_id, sc.carton_id, sc.package_number, sc.manifest_id, k.ref,
	           row_number() over (partition by sc.shipment_id order by k.ref, k.number) as n,
	           count(*) over (partition by sc.shipment_id) as m
	    from shipment_cartons sc join cartons k on k.id = sc.carton_id
	    where sc.shipment_id = any($1) and sc.void_at is null)
	select shipment_id, format('%s: parcel %s of %s (%s) is missing', ref, n, m, package_number), 1 as rank
	from live where manifest_id is null
	union all
	select l.shipment_id, format('%s: parcel %s of %s (%s) is on another truck, at %s', l.ref, l.n, l.m, l.package_number, d.code), 2
	from live l join manifests o on o.id = l.manifest_id join locations d on d.id = o.door_id
	where $2::bigint <> 0 and l.manifest_id <> $2
	union all
	select so.shipment_id, format('%s is not packed completely', so.ref), 3
	from shipment_orders so join demands d on d.ref = so.ref
	where so.shipment_id = any($1) and d.state <> 'packed'
	union all
	select so.shipment_id, format('%s is on hold: %s', so.ref, left(d.held_reason, 40)), 4
	from shipment_orders so join demands d on d.ref = so.ref
	where so.shipment_id = any($1) and d.held_reason <> ''
	union all
	select s.id, format('SH-%s has no number of its carrier yet. Enter it on its page', s.id), 5
	from shipments s where s.id = any($1) and s.numbered_at is null`

// obstacles are what is in the way of the shipments begun on this truck.
func (t *truck) obstacles(ctx context.Context, q pg.Querier) ([]obstacle, error) {
	if t.id == 0 {
		return nil, nil
	}
	ids, err := t.aboard(ctx, q)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return obstacles(ctx, q, ids, t.id)
}

func obstacles(ctx context.Context, q pg.Querier, ids []ID, on ManifestID) ([]obstacle, error) {
	return list(ctx, q, (*obstacle).fields, `select shipment_id, words from (`+obstaclesSQL+`) o (shipment_id, words, rank) order by shipment_id, rank, words`,
		pg.Array(ids), on)
}

// aboard lists the shipments with a parcel on this truck that have not left.
func (t *truck) aboard(ctx context.Context, q pg.Querier) ([]ID, error) {
	return pg.Values[ID](q.QueryContext(ctx, `
		select distinct s.id from shipment_cartons sc join shipments s on s.id = sc.shipment_id
		where sc.manifest_id = $1 and s.state = 'booked' order by s.id`, t.id))
}

// dispatch lets the truck go with what is complete.
func (t *truck) dispatch(ctx context.Context, tx *sql.Tx, s scan.Scan, rest bool) (scan.Step, error) {
	if t.over {
		return t.wrong("This truck has left already.")
	}
	ids, err := t.aboard(ctx, tx)
	if err != nil {
		return scan.Step{}, err
	}
	if len(ids) == 0 {
		return t.wrong("Nothing is on this truck. Scan a parcel first.")
	}
	if err := lockAll(ctx, tx, ids); err != nil {
		return scan.Step{}, err
	}
	blocked, err := obstacles(ctx, tx, ids, t.id)
	if err != nil {
		return scan.Step{}, err
	}
	left := slices.DeleteFunc(slices.Clone(ids), func(id ID) bool {
		return slices.ContainsFunc(blocked, func(o obstacle) bool { return o.shipment == id })
	})
	switch {
	case rest:
	case len(blocked) > 0:
		return t.ask(blocked, len(left)), nil
	case t.waiting > 0:
		return t.askWithout(len(left)), nil
	}
	if len(left) == 0 {
		return t.wrong("No shipment on this truck is complete. %s.", blocked[0].words)
	}
	return t.leave(ctx, tx, s, left, blocked)
}

// ask names what is missing before half a truck leaves.
func (t *truck) ask(blocked []obstacle, complete int) scan.Step {
	step := t.answer(scan.Decide, "%s.", blocked[0].words)
	step.Next = "Not everything is complete. What now?"
	step.Choices = []scan.Choice{{Label: "Keep loading", Action: "keep"}}
	if complete > 0 {
		step.Choices = append(step.Choices, scan.Choice{Label: "Take them off, dispatch " + several(complete), Action: "dispatch-rest"})
	}
	return step
}

// askWithout says what stays on the dock before a truck leaves without it.
func (t *truck) askWithout(complete int) scan.Step {
	what, them := parcels(t.waiting)+" for this truck still stand here.", "them"
	if t.waiting == 1 {
		what, them = "1 parcel for this truck still stands here.", "it"
	}
	step := t.answer(scan.Decide, "%s", what)
	step.Next = "Dispatch without " + them + "?"
	step.Choices = []scan.Choice{{Label: "Keep loading", Action: "keep"}, {Label: "Dispatch " + several(complete), Action: "dispatch-rest"}}
	return step
}

// several is so many shipments, in words.
func several(n int) string {
	if n == 1 {
		return "1 shipment"
	}
	return fmt.Sprintf("%d shipments", n)
}

// leave takes off what is not complete, and dispatches the others.
func (t *truck) leave(ctx context.Context, tx *sql.Tx, s scan.Scan, left []ID, blocked []obstacle) (scan.Step, error) {
	off, err := t.takeOff(ctx, tx, blocked)
	if err != nil {
		return scan.Step{}, err
	}
	by := handover{staff: s.Staff, station: s.Station, scan: s.Key, at: s.At, source: "scan"}
	if err := by.send(ctx, tx, left); err != nil {
		return scan.Step{}, err
	}
	if _, err := tx.ExecContext(ctx, `update manifests set state = 'dispatched', dispatched_by = $2, dispatched_at = $3 where id = $1`,
		t.id, s.Staff, s.At); err != nil {
		return scan.Step{}, err
	}
	if err := t.read(ctx, tx); err != nil {
		return scan.Step{}, err
	}
	step := t.answer(scan.Done, "%s has left with %s of %s.", t.door.Carrier, parcels(t.loaded), several(len(left)))
	if len(off) > 0 {
		step.Message += " Take off the truck: " + strings.Join(first(off, 6), ", ") + "."
	}
	step.Next, step.Detail, step.Choices = "The truck may go", nil, nil
	step.Finished, step.Goto = true, "/loading"
	return step, nil
}

// takeOff unloads the parcels of shipments that stay, and names them.
func (t *truck) takeOff(ctx context.Context, tx *sql.Tx, blocked []obstacle) (numbers []string, err error) {
	return pg.Values[string](tx.QueryContext(ctx, `
		update shipment_cartons set manifest_id = null, loaded_at = null, loaded_by = null, scan = null
		where manifest_id = $1 and shipment_id = any($2) returning package_number`,
		t.id, pg.Column(blocked, func(o obstacle) ID { return o.shipment })))
}

// Dispatch hands one shipment over that is loaded completely, wherever.
func Dispatch(ctx context.Context, tx *sql.Tx, id ID, who staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "shipping.Dispatch(%s)", id)
	if err := lockAll(ctx, tx, []ID{id}); err != nil {
		return err
	}
	s, err := Find(ctx, tx, id)
	switch {
	case err != nil:
		return err
	case s.State.Left():
		return fault.New(fault.Conflict, "%s has left already.", id)
	case s.State != Booked:
		return fault.New(fault.Conflict, "%s is %s: no parcel of it is ready.", id, s.State)
	}
	blocked, err := obstacles(ctx, tx, []ID{id}, 0)
	if err != nil {
		return err
	}
	if len(blocked) > 0 {
		return fault.New(fault.Conflict, "%s cannot leave. %s.", id, blocked[0].words)
	}
	return handover{staff: who, at: at, source: "hand"}.send(ctx, tx, []ID{id})
}

// lockAll locks the demands of shipments, then the shipments, each in order.
func lockAll(ctx context.Context, tx *sql.Tx, ids []ID) error {
	refs, err := pg.Values[string](tx.QueryContext(ctx, `
		select so.ref from shipment_orders so join demands d on d.ref = so.ref where so.shipment_id = any($1) group by so.ref, d.id order by d.id`, pg.Array(ids)))
	if err != nil {
		return err
	}
	for _, ref := range refs {
		if _, err := picking.Lock(ctx, tx, ref); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `select from shipments where id = any($1) order by id for no key update`, pg.Array(ids))
	return err
}

// handover is who gives goods out of the house, when, and by which scan.
type handover struct {
	staff   staff.ID
	station staff.StationID
	scan    scan.Key
	at      time.Time
	source  string
}

// content is what one carton holds of one order line.
type content struct {
	carton    packing.CartonID
	location  inventory.LocationID
	warehouse inventory.WarehouseID
	demand    string
	line      string
	item      inventory.ItemID
	lot       inventory.LotID
	quantity  int64
}

func (c *content) fields() []any {
	return []any{&c.carton, &c.location, &c.warehouse, &c.demand, &c.line, &c.item, &c.lot, &c.quantity}
}

// send moves the goods of shipments to the customer, ends their promises and says so. The shipments are
// locked and nothing is in their way.
func (h handover) send(ctx context.Context, tx *sql.Tx, ids []ID) error {
	goods, err := list(ctx, tx, (*content).fields, `
		select k.id, k.location_id, k.warehouse_id, k.ref, l.ref, l.item_id, l.lot_id, sum(l.quantity)::bigint
		from shipment_cartons sc join cartons k on k.id = sc.carton_id join carton_lines l on l.carton_id = k.id
		where sc.shipment_id = any($1) and sc.void_at is null and l.quantity > 0
		group by k.id, l.ref, l.item_id, l.lot_id
		order by k.id, l.ref, l.lot_id`, pg.Array(ids))
	if err != nil {
		return err
	}
	if len(goods) == 0 {
		return fault.New(fault.Conflict, "There is nothing in these parcels. Call a manager.")
	}
	if err := h.move(ctx, tx, goods); err != nil {
		return err
	}
	if err := h.mark(ctx, tx, goods); err != nil {
		return err
	}
	return h.record(ctx, tx, ids)
}

func (h handover) move(ctx context.Context, tx *sql.Tx, goods []content) error {
	customer, err := inventory.Standing(ctx, tx, goods[0].warehouse, inventory.Customer)
	if err != nil {
		return err
	}
	movements := make([]inventory.Movement, len(goods))
	for i, g := range goods {
		movements[i] = inventory.Movement{Warehouse: g.warehouse, Item: g.item, Lot: g.lot, Quantity: g.quantity, From: g.location, To: customer,
			Reason: inventory.ReasonShip, Ref: g.line, Staff: h.staff, Station: h.station, Scan: h.scan, Leg: int16(i), At: h.at}
	}
	return inventory.Ship(ctx, tx, movements...)
}

// mark tells packing and picking, whose rows they are.
func (h handover) mark(ctx context.Context, tx *sql.Tx, goods []content) error {
	var cartons []packing.CartonID
	units := map[string]map[string]int64{}
	var refs []string
	for _, g := range goods {
		if !slices.Contains(cartons, g.carton) {
			cartons = append(cartons, g.carton)
		}
		if units[g.demand] == nil {
			units[g.demand], refs = map[string]int64{}, append(refs, g.demand)
		}
		units[g.demand][g.line] += g.quantity
	}
	if err := packing.MarkShipped(ctx, tx, cartons...); err != nil {
		return err
	}
	for _, ref := range refs {
		if err := picking.MarkShipped(ctx, tx, ref, units[ref]); err != nil {
			return err
		}
	}
	return nil
}

// record says when the shipments left and when they should arrive.
func (h handover) record(ctx context.Context, tx *sql.Tx, ids []ID) error {
	for _, id := range ids {
		var c Carrier
		var service, zone string
		if err := tx.QueryRowContext(ctx, `
			select c.adapter, c.transit_days, s.service, w.time_zone
			from shipments s join carriers c on c.code = s.carrier join warehouses w on w.id = s.warehouse_id
			where s.id = $1`, id).Scan(&c.Adapter, &c.TransitDays, &service, &zone); err != nil {
			return err
		}
		arrives := workingDays(h.at.In(location(zone)), c.days(service))
		if _, err := tx.ExecContext(ctx, `
			update shipments set state = 'dispatched', dispatched_at = $2, expected_on = coalesce(expected_on, $3::date) where id = $1`,
			id, h.at, arrives.Format(time.DateOnly)); err != nil {
			return err
		}
		if err := happened(ctx, tx, id, "dispatched", h.source, h.at, h.staff); err != nil {
			return err
		}
	}
	return nil
}

func location(name string) *time.Location {
	if z, err := time.LoadLocation(name); err == nil {
		return z
	}
	return time.UTC
}
