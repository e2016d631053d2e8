package shipping

import (
	"context"
	"database/sql"
	"errors"
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

// PalletID names a pallet; its label bears the SSCC.
type PalletID int64

func (id PalletID) String() string { return fmt.Sprintf("pallet-%d", int64(id)) }

// Path is the page of the pallet.
func (id PalletID) Path() string { return fmt.Sprintf("/pallets/%d", int64(id)) }

// Pallet carries closed parcels of one shipment; a box around boxes is one too.
type Pallet struct {
	ID        PalletID
	Warehouse inventory.WarehouseID
	SSCC      string
	Apart     bool // taken apart: its label must not be used any more
	Shipment  ID   // of what stands on it, 0 while it is empty
	Recipient string
	City      string
	Parcels   int64
	WeightG   int64  // of the parcels
	Door      string // where it was loaded, "" before
}

func (p *Pallet) fields() []any {
	return []any{&p.ID, &p.Warehouse, &p.SSCC, &p.Apart, &p.Shipment, &p.Recipient, &p.City, &p.Parcels, &p.WeightG, &p.Door}
}

const palletSQL = `
	select p.id, p.warehouse_id, p.sscc, p.apart_at is not null, coalesce(max(s.id), 0), coalesce(max(s.recipient), ''), coalesce(max(s.city), ''),
	       count(sc.carton_id), coalesce(sum(k.weight_g), 0)::bigint, coalesce(max(d.code), '')
	from pallets p
	left join shipment_cartons sc on sc.pallet_id = p.id left join cartons k on k.id = sc.carton_id left join shipments s on s.id = sc.shipment_id
	left join manifests m on m.id = sc.manifest_id left join locations d on d.id = m.door_id`

// FindPallet reads a pallet; one of another warehouse than where somebody works does not exist for him.
func FindPallet(ctx context.Context, q pg.Querier, id PalletID, house inventory.WarehouseID) (p Pallet, err error) {
	defer fault.Wrap(&err, "shipping.FindPallet(%d)", id)
	err = q.QueryRowContext(ctx, palletSQL+` where p.id = $1 and p.warehouse_id = $2 group by p.id`, id, house).Scan(p.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "There is no such pallet here. Scan its label.")
	}
	return p, err
}

// Pallets lists the pallets of a warehouse that are neither loaded nor taken apart, the newest first.
func Pallets(ctx context.Context, q pg.Querier, house inventory.WarehouseID, limit int) (_ []Pallet, err error) {
	defer fault.Wrap(&err, "shipping.Pallets(%d)", house)
	return list(ctx, q, (*Pallet).fields, palletSQL+`
		where p.warehouse_id = $1 and p.apart_at is null group by p.id having count(sc.manifest_id) = 0 order by p.id desc limit $2`, house, limit)
}

// palletIn finds the pallet whose label was scanned, 0 for none.
func palletIn(ctx context.Context, q pg.Querier, house inventory.WarehouseID, code labels.Code) (id PalletID, err error) {
	err = q.QueryRowContext(ctx, `select id from pallets where sscc = $1 and warehouse_id = $2`, code.SSCC(), house).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return id, err
}

// square names the document of one person's scans before he stands at a pallet.
func square(who staff.ID) string { return "pallets-" + strconv.FormatInt(int64(who), 10) }

// ShowPallets is the screen that asks for a pallet.
func ShowPallets(ctx context.Context, q pg.Querier, who staff.ID) (step scan.Step, err error) {
	step = noPallet()
	step.Recent, err = scan.Last(ctx, q, square(who), 5)
	return final(step), err
}

func noPallet() scan.Step {
	return scan.Step{Title: "Pallets", Next: "Scan a pallet", Detail: []string{"or a parcel that stands on one"}, Expect: []string{string(labels.KindSSCC)},
		Choices: []scan.Choice{{Label: "New pallet", Code: labels.CommandCode(labels.CommandNew).String(), Style: scan.Bar}}}
}

// StartPallet answers the scan that says which pallet somebody stands at; the command NEW begins one, with its SSCC.
func StartPallet(ctx context.Context, tx *sql.Tx, house inventory.WarehouseID, s scan.Scan) (_ scan.Step, err error) {
	defer fault.Wrap(&err, "shipping.StartPallet(%q)", s.Code)
	code, err := labels.Parse(s.Code)
	if err != nil {
		return scan.Step{}, err
	}
	step, err := scan.Once(ctx, tx, s, square(s.Staff), func() (scan.Step, error) {
		step := noPallet()
		var id PalletID
		if code.Kind == labels.KindCommand && code.Value == labels.CommandNew {
			id, err = newPallet(ctx, tx, house, s)
		} else if id, err = palletIn(ctx, tx, house, code); err == nil && id == 0 {
			id, err = palletUnder(ctx, tx, house, s.Code, code)
		}
		if err != nil {
			return step, err
		}
		if id == 0 {
			step.Result, step.Message = scan.Wrong, "This is no pallet of ours, nor a parcel on one. Scan a pallet's label, or begin a new one."
			return step, nil
		}
		p, err := FindPallet(ctx, tx, id, house)
		step.Result, step.Message, step.Finished, step.Goto = scan.Right, "Pallet …"+p.SSCC[12:]+": scan the parcels.", true, id.Path()
		return step, err
	})
	return final(step), err
}

func newPallet(ctx context.Context, tx *sql.Tx, house inventory.WarehouseID, s scan.Scan) (id PalletID, err error) {
	var prefix string
	var serial int64
	if err := tx.QueryRowContext(ctx, `select gs1_prefix, nextval('sscc_serial') from warehouses where id = $1`, house).Scan(&prefix, &serial); err != nil {
		return 0, err
	}
	sscc, err := labels.SSCC(0, prefix, serial)
	if err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, `insert into pallets (warehouse_id, sscc, made_by, made_at) values ($1, $2, $3, $4) returning id`, house, sscc, s.Staff, s.At).Scan(&id)
	return id, err
}

// palletUnder finds the pallet that a scanned parcel stands on.
func palletUnder(ctx context.Context, q pg.Querier, house inventory.WarehouseID, raw string, code labels.Code) (id PalletID, err error) {
	found, err := scanned(ctx, q, raw, code)
	if err != nil || len(found) != 1 || found[0].warehouse != house {
		return 0, err
	}
	err = q.QueryRowContext(ctx, `select pallet_id from shipment_cartons where carton_id = $1 and pallet_id is not null`, found[0].carton).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return id, err
}

// cartons are what stands on a pallet.
func (p Pallet) cartons(ctx context.Context, q pg.Querier) ([]packing.CartonID, error) {
	return pg.Values[packing.CartonID](q.QueryContext(ctx, `select carton_id from shipment_cartons where pallet_id = $1 and void_at is null order by carton_id`, p.ID))
}

// Contents are the parcels on a pallet in the order of their labels.
func (p Pallet) Contents(ctx context.Context, q pg.Querier) (list []Parcel, err error) {
	if p.Shipment == 0 {
		return nil, nil
	}
	on, err := p.cartons(ctx, q)
	if err != nil {
		return nil, err
	}
	all, err := Parcels(ctx, q, p.Shipment)
	for _, parcel := range all {
		for _, id := range on {
			if parcel.Carton == id {
				list = append(list, parcel)
			}
		}
	}
	return list, err
}

// Label gathers what the label of a pallet prints: that of its first parcel, with the pallet's own SSCC and weight.
func (p Pallet) Label(ctx context.Context, q pg.Querier) (l labels.ShippingLabel, err error) {
	defer fault.Wrap(&err, "shipping.Label(%s)", p.ID)
	on, err := p.Contents(ctx, q)
	if err != nil {
		return l, err
	}
	if p.Apart || len(on) == 0 {
		return l, fault.New(fault.Conflict, "Nothing stands on this pallet, so there is no address for its label. Scan a parcel onto it first.")
	}
	if l, err = Label(ctx, q, on[0].Carton); err != nil {
		return l, err
	}
	var orders []string
	for _, parcel := range on {
		if !strings.Contains(strings.Join(orders, " ")+" ", parcel.Ref+" ") {
			orders = append(orders, parcel.Ref)
		}
	}
	l.SSCC, l.Weight, l.Tracking, l.TrackingURL, l.Order = p.SSCC, p.WeightG, "", "", strings.Join(first(orders, 2), ", ")
	l.Package, l.Packages = 1, 1
	return l, nil
}
