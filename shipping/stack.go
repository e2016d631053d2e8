package shipping

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/inventory"
	"tote/labels"
	"tote/packing"
)

// Stack answers one scan at a pallet: a parcel is put on it, UNDO takes the last one off. Only parcels of one shipment
// stand on a pallet, each on one, and until it is on the truck.
func Stack(ctx context.Context, tx *sql.Tx, id PalletID, house inventory.WarehouseID, s scan.Scan) (scan.Step, error) {
	code, err := labels.Parse(s.Code)
	if err != nil {
		return scan.Step{}, err
	}
	return atPallet(ctx, tx, id, house, s, func(p *Pallet) (scan.Step, error) {
		if code.Kind == labels.KindCommand && code.Value == labels.CommandUndo {
			return p.takeOff(ctx, tx, s, uuid.Nil)
		}
		return p.put(ctx, tx, s, code)
	})
}

// Unstack takes off what an earlier scan put on.
func Unstack(ctx context.Context, tx *sql.Tx, id PalletID, house inventory.WarehouseID, which scan.Key, s scan.Scan) (scan.Step, error) {
	return atPallet(ctx, tx, id, house, s, func(p *Pallet) (scan.Step, error) { return p.takeOff(ctx, tx, s, which) })
}

// TakeApart takes everything off a pallet; its SSCC is void for good.
func TakeApart(ctx context.Context, tx *sql.Tx, id PalletID, house inventory.WarehouseID, s scan.Scan) (scan.Step, error) {
	s.Code = "take apart"
	return atPallet(ctx, tx, id, house, s, func(p *Pallet) (scan.Step, error) {
		if err := p.lock(ctx, tx); err != nil {
			return scan.Step{}, err
		}
		if p.Door != "" {
			return p.wrong("This pallet is on the truck at %s. Take it off there first.", p.Door), nil
		}
		if _, err := tx.ExecContext(ctx, `update shipment_cartons set pallet_id = null, pallet_scan = null where pallet_id = $1`, p.ID); err != nil {
			return scan.Step{}, err
		}
		_, err := tx.ExecContext(ctx, `update pallets set apart_at = $2 where id = $1`, p.ID, s.At)
		p.Apart, p.Parcels = true, 0
		return p.answer(scan.Done, "The pallet is taken apart. Take its label off."), err
	})
}

// ShowPallet is the screen of a pallet.
func ShowPallet(ctx context.Context, q pg.Querier, p Pallet) (step scan.Step, err error) {
	step = p.answer("", "")
	step.Recent, err = scan.Last(ctx, q, p.ID.String(), 5)
	return step, err
}

// atPallet locks a pallet and answers a scan at it, once.
func atPallet(ctx context.Context, tx *sql.Tx, id PalletID, house inventory.WarehouseID, s scan.Scan, do func(*Pallet) (scan.Step, error)) (_ scan.Step, err error) {
	defer fault.Wrap(&err, "shipping.Stack(%s, %q)", id, s.Code)
	if _, err := tx.ExecContext(ctx, `select from pallets where id = $1 for no key update`, id); err != nil {
		return scan.Step{}, err
	}
	p, err := FindPallet(ctx, tx, id, house)
	if err != nil {
		return scan.Step{}, err
	}
	return scan.Once(ctx, tx, s, id.String(), func() (scan.Step, error) {
		if p.Apart {
			return p.wrong("This pallet was taken apart. Take its label off, and begin a new one."), nil
		}
		return do(&p)
	})
}

// lock holds the shipment of what stands on the pallet, so that nobody loads it meanwhile, and reads the pallet anew.
func (p *Pallet) lock(ctx context.Context, tx *sql.Tx) (err error) {
	if p.Shipment != 0 {
		if _, err := lockTrip(ctx, tx, p.Shipment); err != nil {
			return err
		}
	}
	*p, err = FindPallet(ctx, tx, p.ID, p.Warehouse)
	return err
}

func (p *Pallet) answer(r scan.Result, format string, args ...any) scan.Step {
	step := scan.Step{Result: r, Message: fmt.Sprintf(format, args...), Title: "Pallet …" + p.SSCC[12:], Next: "Scan a parcel", Done: p.Parcels,
		Expect: []string{string(labels.KindSSCC), string(labels.KindUnknown)}}
	switch {
	case p.Apart:
		step.Next, step.Finished, step.Goto = "This pallet is taken apart", true, "/pallets"
	case p.Door != "":
		step.Next, step.Detail = "It is on the truck", []string{"at " + p.Door}
	case p.Parcels > 0:
		step.Next = "Scan the next parcel"
		step.Detail = []string{fmt.Sprintf("%s for %s, %s", parcels(p.Parcels), p.Recipient, p.City)}
		step.Choices = []scan.Choice{{Label: "Undo", Code: labels.CommandCode(labels.CommandUndo).String(), Style: scan.Bar},
			{Label: "Take it apart", Action: "apart", Style: scan.Problem}}
	}
	return step
}

func (p *Pallet) wrong(format string, args ...any) scan.Step {
	return p.answer(scan.Wrong, format, args...)
}

// put stands a parcel on the pallet, if it belongs there.
func (p *Pallet) put(ctx context.Context, tx *sql.Tx, s scan.Scan, code labels.Code) (scan.Step, error) {
	found, err := scanned(ctx, tx, s.Code, code)
	if err != nil {
		return scan.Step{}, err
	}
	switch {
	case len(found) == 0:
		return p.wrong("No parcel goes by %s. Scan the large barcode at the bottom of its label.", clip(s.Code)), nil
	case len(found) > 1:
		return p.wrong("Several parcels go by %s. Scan the large barcode at the bottom of the label.", clip(s.Code)), nil
	case found[0].warehouse != p.Warehouse:
		return p.wrong("This parcel belongs to another warehouse. Set it aside and call a manager."), nil
	case found[0].state != string(packing.Closed) || !found[0].booked:
		return p.wrong("Carton %s of %s is %s: only closed parcels stand on a pallet.", found[0].carton, found[0].ref, found[0].state), nil
	}
	parcel := found[0]
	trip, err := lockTrip(ctx, tx, parcel.shipment)
	if err != nil {
		return scan.Step{}, err
	}
	if *p, err = FindPallet(ctx, tx, p.ID, p.Warehouse); err != nil {
		return scan.Step{}, err
	}
	if why, err := p.refuses(ctx, tx, parcel, trip); err != nil || why != "" {
		return p.wrong("%s", why), err
	}
	if _, err := tx.ExecContext(ctx, `update shipment_cartons set pallet_id = $2, pallet_scan = $3 where carton_id = $1`, parcel.carton, p.ID, s.Key); err != nil {
		return scan.Step{}, err
	}
	if *p, err = FindPallet(ctx, tx, p.ID, p.Warehouse); err != nil {
		return scan.Step{}, err
	}
	return p.answer(scan.Right, "%s of %s stands on it, %s in all.", parcel.number, parcel.ref, parcels(p.Parcels)), nil
}

// refuses says why a parcel cannot stand on the pallet, "" when it can. Its shipment is locked.
func (p *Pallet) refuses(ctx context.Context, q pg.Querier, parcel pack, trip trip) (string, error) {
	var loaded, void bool
	var on sql.NullInt64
	var other string
	err := q.QueryRowContext(ctx, `
		select sc.manifest_id is not null, sc.void_at is not null, sc.pallet_id, coalesce(right(o.sscc, 6), '')
		from shipment_cartons sc left join pallets o on o.id = sc.pallet_id where sc.carton_id = $1`, parcel.carton).Scan(&loaded, &void, &on, &other)
	switch {
	case err != nil:
		return "", err
	case void:
		return "This parcel was unpacked and its label is void. Take the label off, and bring the box to packing.", nil
	case trip.state != Booked:
		return fmt.Sprintf("The shipment of %s is %s. Set this parcel aside and call the office.", parcel.ref, trip.state), nil
	case loaded:
		return fmt.Sprintf("%s of %s is on a truck already.", parcel.number, parcel.ref), nil
	case on.Valid && PalletID(on.Int64) == p.ID:
		return fmt.Sprintf("%s of %s stands on this pallet already.", parcel.number, parcel.ref), nil
	case on.Valid:
		return fmt.Sprintf("%s of %s stands on the pallet …%s. Take it off there first.", parcel.number, parcel.ref, other), nil
	case p.Shipment != 0 && p.Shipment != parcel.shipment:
		return fmt.Sprintf("%s is not in the shipment of this pallet, which goes to %s, %s. Begin another pallet for it.", parcel.ref, p.Recipient, p.City), nil
	case p.Door != "":
		return "This pallet is on the truck at " + p.Door + ". Take it off there first.", nil
	}
	return "", nil
}

// takeOff takes one parcel off: what a scan put on, or the last one.
func (p *Pallet) takeOff(ctx context.Context, tx *sql.Tx, s scan.Scan, which scan.Key) (scan.Step, error) {
	if err := p.lock(ctx, tx); err != nil {
		return scan.Step{}, err
	}
	if p.Door != "" {
		return p.wrong("This pallet is on the truck at %s. Take it off there first.", p.Door), nil
	}
	var carton packing.CartonID
	var number, ref string
	err := tx.QueryRowContext(ctx, `
		select sc.carton_id, sc.package_number, k.ref, sc.pallet_scan from shipment_cartons sc join cartons k on k.id = sc.carton_id join scans n on n.key = sc.pallet_scan
		where sc.pallet_id = $1 and ($2::uuid is null or sc.pallet_scan = $2) order by n.id desc limit 1`,
		p.ID, uuid.NullUUID{UUID: which, Valid: which != uuid.Nil}).Scan(&carton, &number, &ref, &which)
	if errors.Is(err, sql.ErrNoRows) {
		return p.wrong("There is nothing to take off."), nil
	}
	if err != nil {
		return scan.Step{}, err
	}
	if _, err := tx.ExecContext(ctx, `update shipment_cartons set pallet_id = null, pallet_scan = null where carton_id = $1`, carton); err != nil {
		return scan.Step{}, err
	}
	if err := scan.TakeBack(ctx, tx, which, s.Key); err != nil {
		return scan.Step{}, err
	}
	if *p, err = FindPallet(ctx, tx, p.ID, p.Warehouse); err != nil {
		return scan.Step{}, err
	}
	return p.answer(scan.Right, "%s of %s is off the pallet.", number, ref), nil
}

// loadPallet puts all that stands on a pallet on the truck, or nothing of it.
func (t *truck) loadPallet(ctx context.Context, tx *sql.Tx, s scan.Scan, id PalletID) (scan.Step, error) {
	p, err := FindPallet(ctx, tx, id, t.door.Warehouse)
	switch {
	case err != nil:
		return scan.Step{}, err
	case p.Apart:
		return t.wrong("This pallet was taken apart. Take its label off, and scan the parcels.")
	case p.Parcels == 0:
		return t.wrong("Nothing stands on this pallet. Scan the parcels onto it first.")
	}
	trip, err := lockTrip(ctx, tx, p.Shipment)
	if err != nil {
		return scan.Step{}, err
	}
	on, err := list(ctx, tx, func(k *pack) []any { return []any{&k.carton, &k.location, &k.ref, &k.number} }, `
		select k.id, k.location_id, k.ref, sc.package_number from shipment_cartons sc join cartons k on k.id = sc.carton_id
		where sc.pallet_id = $1 and sc.shipment_id = $2 order by k.id`, id, p.Shipment)
	if err != nil {
		return scan.Step{}, err
	}
	for i, parcel := range on {
		step, err := t.admit(ctx, tx, s, parcel, trip, id)
		if err != nil || step.Result != scan.Right && i == 0 {
			return step, err
		}
		if step.Result != scan.Right {
			return step, fault.New(fault.Conflict, "%s Take the pallet apart.", step.Message)
		}
	}
	if len(on) == 0 {
		return t.wrong("Nothing stands on this pallet. Scan the parcels onto it first.")
	}
	return t.answer(scan.Right, "The pallet with %s of %s is on.", parcels(int64(len(on))), on[0].ref), nil
}
