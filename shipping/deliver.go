package shipping

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/labels"
	"tote/packing"
)

// doorstep names the document of one person's delivery scans.
func doorstep(who staff.ID) string { return "delivery-" + strconv.FormatInt(int64(who), 10) }

// DeliverScan answers the scan of a parcel's label at the customer's door. A shipment is delivered with
// the last of its parcels.
func DeliverScan(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, s scan.Scan) (_ scan.Step, err error) {
	defer fault.Wrap(&err, "shipping.DeliverScan(%q)", s.Code)
	code, err := labels.Parse(s.Code)
	if err != nil {
		return scan.Step{}, err
	}
	step, err := scan.Once(ctx, tx, s, doorstep(s.Staff), func() (scan.Step, error) {
		step, err := handOver(ctx, tx, warehouse, s, code)
		if err != nil {
			return scan.Step{}, err
		}
		blank, err := showDeliveries(ctx, tx, warehouse)
		blank.Result, blank.Message = step.Result, step.Message
		return blank, err
	})
	return final(step), err
}

// final offers no undo: what these scans did cannot be taken back by another one.
func final(step scan.Step) scan.Step {
	for i := range step.Recent {
		step.Recent[i].Undoable = false
	}
	return step
}

// ShowDeliveries is the screen of whoever brings parcels.
func ShowDeliveries(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, who staff.ID) (scan.Step, error) {
	step, err := showDeliveries(ctx, q, warehouse)
	if err == nil {
		step.Recent, err = scan.Last(ctx, q, doorstep(who), 5)
	}
	return final(step), err
}

// Drop is a parcel that is on the road, with where it goes.
type Drop struct {
	Shipment  ID
	Ref       string
	Number    string
	Recipient string
	Address   string // street, postcode and city
	Phone     string
	Expected  sql.NullTime
	Pallet    string // the SSCC of what it stands on, "" for nothing
}

// Driven is every parcel sc that the own fleet took and still has to hand over, with its shipment s. What another carrier
// brings is not ours to deliver.
const Driven = `
	shipments s join carriers c on c.code = s.carrier and c.adapter = '` + own + `'
	join shipment_cartons sc on sc.shipment_id = s.id and sc.delivered_at is null and sc.void_at is null
	where s.state in ('dispatched', 'in transit', 'exception') and not ` + IsBack

// OnTheRoad lists the parcels that the own fleet of a warehouse still has to hand over, in the order of their days, then
// by town.
func OnTheRoad(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, limit int) (_ []Drop, err error) {
	defer fault.Wrap(&err, "shipping.OnTheRoad(%d)", warehouse)
	return list(ctx, q, func(d *Drop) []any {
		return []any{&d.Shipment, &d.Ref, &d.Number, &d.Recipient, &d.Address, &d.Phone, &d.Expected, &d.Pallet}
	}, `
		select s.id, k.ref, sc.package_number, s.recipient, s.street || ', ' || s.postcode || ' ' || s.city, s.phone, s.expected_on, coalesce(p.sscc, '')
		from (select s.id as shipment, sc.carton_id from `+Driven+` and s.warehouse_id = $1) d
		join shipments s on s.id = d.shipment join shipment_cartons sc on sc.carton_id = d.carton_id join cartons k on k.id = sc.carton_id
		left join pallets p on p.id = sc.pallet_id
		order by s.expected_on, s.postcode, s.street, sc.carton_id limit $2`, warehouse, limit)
}

func showDeliveries(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (step scan.Step, err error) {
	step = scan.Step{Title: "Deliver", Next: "Scan the label of the parcel you hand over", Expect: []string{string(labels.KindSSCC), string(labels.KindUnknown)}}
	var out int64
	err = q.QueryRowContext(ctx, `select count(*) from `+Driven+` and s.warehouse_id = $1`, warehouse).Scan(&out)
	step.Detail = []string{parcels(out) + " on the road"}
	return step, err
}

func handOver(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, s scan.Scan, code labels.Code) (scan.Step, error) {
	found, err := scanned(ctx, tx, s.Code, code)
	if err != nil {
		return scan.Step{}, err
	}
	if len(found) == 0 {
		if id, err := palletIn(ctx, tx, warehouse, code); err != nil || id != 0 {
			if err != nil {
				return scan.Step{}, err
			}
			return handOverPallet(ctx, tx, warehouse, s, id)
		}
	}
	switch {
	case len(found) > 1:
		return wrong("Several parcels go by %s. Scan the large barcode at the bottom of the label.", clip(s.Code))
	case len(found) == 0 && (code.Damaged || misread(strings.ToUpper(code.Value))):
		return wrong("The barcode was misread. Scan it again.")
	case len(found) == 0 && code.Kind != labels.KindUnknown && code.Kind != labels.KindSSCC:
		return wrong("%s is %s. Scan the label of the parcel.", clip(code.String()), code.Kind.A())
	case len(found) == 0, !found[0].booked, found[0].warehouse != warehouse:
		return wrong("No parcel of ours goes by %s. Scan the label of the parcel.", clip(code.String()))
	}
	p := found[0]
	return handing{p.shipment, p.number, p.number + " of " + p.ref, []packing.CartonID{p.carton}}.over(ctx, tx, s)
}

// handOverPallet hands over all that stands on a pallet.
func handOverPallet(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, s scan.Scan, id PalletID) (scan.Step, error) {
	p, err := FindPallet(ctx, tx, id, warehouse)
	if err != nil {
		return scan.Step{}, err
	}
	if p.Apart || p.Parcels == 0 {
		return wrong("Nothing stands on this pallet by the book. Scan the labels of the parcels.")
	}
	on, err := p.cartons(ctx, tx)
	if err != nil {
		return scan.Step{}, err
	}
	return handing{p.Shipment, "pallet " + p.SSCC, "The pallet with " + parcels(p.Parcels), on}.over(ctx, tx, s)
}

// handing is what one scan hands over of a shipment.
type handing struct {
	shipment ID
	number   string // our number of the parcel, or the pallet's
	what     string // in words
	cartons  []packing.CartonID
}

// over hands it over, once. The shipment is delivered with the last of its parcels.
func (h handing) over(ctx context.Context, tx *sql.Tx, s scan.Scan) (scan.Step, error) {
	trip, err := lockTrip(ctx, tx, h.shipment)
	if err != nil {
		return scan.Step{}, err
	}
	if !trip.state.Left() {
		return wrong("%s has not left the house, says the book: it is %s. Call the office.", h.what, trip.state)
	}
	fresh, err := changed(tx.ExecContext(ctx, `
		update shipment_cartons set delivered_at = $2 where carton_id = any($1) and delivered_at is null and void_at is null`, pg.Array(h.cartons), s.At))
	if err != nil {
		return scan.Step{}, err
	}
	if !fresh {
		return wrong("%s was delivered already. Scan the next parcel.", h.what)
	}
	var open int64
	if err := tx.QueryRowContext(ctx, `
		select count(*) from shipment_cartons where shipment_id = $1 and delivered_at is null and void_at is null`, h.shipment).Scan(&open); err != nil {
		return scan.Step{}, err
	}
	e := Event{Shipment: h.shipment, At: s.At, Kind: "delivered", Source: "scan", Key: h.shipment.String() + " delivered", Staff: s.Staff}
	if open > 0 {
		e.Kind, e.Key, e.Note = "note", h.number+" delivered", h.number+" delivered"
	}
	if _, err := Track(ctx, tx, e, s.At); err != nil {
		return scan.Step{}, err
	}
	if open > 0 {
		return scan.Step{Result: scan.Right, Message: fmt.Sprintf("%s is delivered. %s of it still to hand over.", h.what, parcels(open))}, nil
	}
	var refs []string
	if refs, err = pg.Values[string](tx.QueryContext(ctx, `select ref from shipment_orders where shipment_id = $1 order by ref`, h.shipment)); err != nil {
		return scan.Step{}, err
	}
	return scan.Step{Result: scan.Right, Message: fmt.Sprintf("%s is delivered completely.", strings.Join(first(refs, 6), ", "))}, nil
}

// wrong answers a scan that counts nothing.
func wrong(format string, args ...any) (scan.Step, error) {
	return scan.Step{Result: scan.Wrong, Message: fmt.Sprintf(format, args...)}, nil
}
