package shipping

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/labels"
)

// yard names the document of one person's scans before he stands at a door.
func yard(who staff.ID) string { return "loading-" + strconv.FormatInt(int64(who), 10) }

// Door is a dock where a truck stands.
type Door struct {
	ID        inventory.LocationID
	Warehouse inventory.WarehouseID
	Code      string
	Carrier   string // who is loading now, in words; "" when nobody is
	Loaded    int64
}

// Doors lists the docks of a warehouse with what is being loaded there.
func Doors(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (_ []Door, err error) {
	defer fault.Wrap(&err, "shipping.Doors(%d)", warehouse)
	return list(ctx, q, func(d *Door) []any { return []any{&d.ID, &d.Warehouse, &d.Code, &d.Carrier, &d.Loaded} }, `
		select l.id, l.warehouse_id, l.code, coalesce(c.name, ''), (select count(*) from shipment_cartons sc where sc.manifest_id = m.id)
		from locations l
		left join manifests m on m.door_id = l.id and m.state = 'loading' left join carriers c on c.code = m.carrier
		where l.warehouse_id = $1 and l.kind = 'dock' and l.active order by l.code`, warehouse)
}

// StartLoading answers the scan that says at which door somebody stands. A parcel scanned here is told
// where its truck is being loaded.
func StartLoading(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, s scan.Scan) (_ scan.Step, err error) {
	defer fault.Wrap(&err, "shipping.StartLoading(%q)", s.Code)
	step, err := scan.Once(ctx, tx, s, yard(s.Staff), func() (scan.Step, error) {
		step := atYard()
		l, err := FindDoor(ctx, tx, warehouse, s.Code)
		switch kind := fault.KindOf(err); {
		case err != nil && (kind == fault.NotFound || kind == fault.Invalid):
			step.Result, step.Message = scan.Wrong, fault.Message(err)
		case err != nil:
			return step, err
		default:
			step.Result, step.Message = scan.Right, "You are at "+l.Code+"."
			step.Finished, step.Goto = true, fmt.Sprintf("/loading/%d", l.ID)
		}
		return step, nil
	})
	return final(step), err
}

// ShowLoadingStart is the screen that asks for the door.
func ShowLoadingStart(ctx context.Context, q pg.Querier, who staff.ID) (step scan.Step, err error) {
	step = atYard()
	step.Recent, err = scan.Last(ctx, q, yard(who), 5)
	return final(step), err
}

func atYard() scan.Step {
	return scan.Step{Title: "Loading", Next: "Scan the dock", Detail: []string{"where the truck stands"}, Expect: []string{string(labels.KindLocation)}}
}

// waitingSQL is every parcel that a truck can take now: sc, its shipment s, nothing of which is on hold.
const waitingSQL = `
	shipment_cartons sc join shipments s on s.id = sc.shipment_id and s.state = 'booked' and sc.manifest_id is null and sc.void_at is null
	    and not exists (select from shipment_orders so join demands d on d.ref = so.ref where so.shipment_id = s.id and d.held_reason <> '')`

// Parked is a parcel that waits for a truck, or a pallet of them: it is loaded as one, by its own label.
type Parked struct {
	Shipment  ID
	Ref       string // O-1001
	Number    string // on the label of the parcel, "" for a pallet
	Pallet    string // the SSCC of the pallet, "" for a parcel
	Numbers   []string
	Carrier   string
	Recipient string
	City      string
	Place     string // where the parcel was closed
	Since     time.Time
}

// ForTruck lists what a truck at the door can take, the longest waiting first: of the carrier that is being loaded
// there, or of all while the truck is empty.
func ForTruck(ctx context.Context, q pg.Querier, door inventory.LocationID, limit int) (_ []Parked, err error) {
	defer fault.Wrap(&err, "shipping.ForTruck(%d)", door)
	return list(ctx, q, func(p *Parked) []any {
		return []any{&p.Shipment, &p.Ref, &p.Number, &p.Pallet, pg.Array(&p.Numbers), &p.Carrier, &p.Recipient, &p.City, &p.Place, &p.Since}
	}, `
		select s.id, string_agg(distinct k.ref, ', '), case when o.id is null then min(sc.package_number) else '' end, coalesce(o.sscc, ''),
		       array_agg(sc.package_number order by sc.carton_id), c.name, s.recipient, s.city,
		       case when o.id is null then coalesce(min(at.code), '') else '' end, min(sc.booked_at)
		from locations l
		left join manifests m on m.door_id = l.id and m.state = 'loading'
		cross join `+waitingSQL+`
		left join pallets o on o.id = sc.pallet_id
		join cartons k on k.id = sc.carton_id
		join carriers c on c.code = s.carrier
		left join locations own on own.id = k.location_id
		left join locations at on at.id = own.parent_id
		where l.id = $1 and s.warehouse_id = l.warehouse_id and (m.carrier is null or s.carrier = m.carrier)
		group by s.id, o.id, c.name, case when o.id is null then sc.carton_id end
		order by min(sc.booked_at), min(sc.carton_id) limit $2`, door, limit)
}

// ToLoad is how many closed parcels of a warehouse wait for a truck, and since when the first does.
func ToLoad(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (n int64, oldest sql.NullTime, err error) {
	defer fault.Wrap(&err, "shipping.ToLoad(%d)", warehouse)
	err = q.QueryRowContext(ctx, `
		select count(*), min(sc.booked_at) from `+waitingSQL+` where s.warehouse_id = $1`, warehouse).Scan(&n, &oldest)
	return n, oldest, err
}

// FindDoor reads the dock that a scanned or typed code names.
func FindDoor(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, raw string) (inventory.Location, error) {
	code, err := labels.Parse(raw)
	if err != nil {
		return inventory.Location{}, err
	}
	if code.Kind != labels.KindLocation && code.Kind != labels.KindUnknown {
		return inventory.Location{}, fault.New(fault.Invalid, "This is %s. Scan the dock where the truck stands.", code.Kind.A())
	}
	l, err := inventory.FindLocation(ctx, q, warehouse, code)
	if err == nil && l.Kind != inventory.Dock {
		err = fault.New(fault.Invalid, "%s is a %s. Scan the dock where the truck stands.", l.Code, l.Kind)
	}
	return l, err
}
