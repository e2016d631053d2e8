package inventory

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
)

// InspectionID names goods that somebody is to look at.
type InspectionID int64

// Inspection is goods of one receipt that may not be put away, and so not be promised, before a person passed them.
type Inspection struct {
	ID                       InspectionID
	Warehouse                WarehouseID
	Receipt                  ReceiptID
	Item                     ItemID
	SKU, Name                string
	Lot                      LotID
	LotCode                  string
	Place                    LocationID
	PlaceCode                string
	Quantity, Passed, Failed int64
	OpenedAt                 time.Time
}

// Left is how much still waits.
func (i Inspection) Left() int64 { return i.Quantity - i.Passed - i.Failed }

// Judgement is what a person says of inspected goods, or a part of them.
type Judgement struct {
	Passed   bool
	Quantity int64
	Reason   string // of what failed
	Photo    string // content hash
	Staff    staff.ID
	At       time.Time
}

// mustInspect reports whether somebody is to look at what comes of an item on this receipt: each nth receipt of the item, or
// of its supplier. What was said of the first piece of a receipt is true for all.
func (u *unloading) mustInspect(ctx context.Context, it Item) (must bool, err error) {
	every := it.InspectEvery
	if every == 0 {
		if err := u.tx.QueryRowContext(ctx, `select coalesce(max(s.inspect_every), 0)`+itsSuppliers, u.receipt.ID, it.ID).Scan(&every); err != nil {
			return false, err
		}
	}
	if every < 2 {
		return every == 1, nil
	}
	err = u.tx.QueryRowContext(ctx, `
		select exists (select from inspections where receipt_id = $1 and item_id = $2)
		    or not exists (select from receipt_lines where receipt_id = $1 and item_id = $2 and condition = 'good' and quantity > 0)
		       and (select count(distinct l.receipt_id) from receipt_lines l join receipts r on r.id = l.receipt_id
		            where l.item_id = $2 and l.condition = 'good' and l.quantity > 0 and l.receipt_id <> $1 and r.warehouse_id = $3) % $4 = 0`,
		u.receipt.ID, it.ID, u.receipt.Warehouse, every).Scan(&must)
	return must, err
}

// onward opens the work that follows on goods at the dock: an inspection, or putting them away.
func (u *unloading) onward(ctx context.Context, it Item, lot LotID, place LocationID, n int64, inspect bool) error {
	if !inspect {
		return OpenPutaway(ctx, u.tx, PutawayTask{Warehouse: u.receipt.Warehouse, Item: it.ID, Lot: lot, From: place, Quantity: n, Ref: u.receipt.ID.String()})
	}
	_, err := u.tx.ExecContext(ctx, `
		insert into inspections (warehouse_id, receipt_id, item_id, lot_id, location_id, quantity, opened_at) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (receipt_id, item_id, lot_id, location_id) do update set quantity = inspections.quantity + excluded.quantity`,
		u.receipt.Warehouse, u.receipt.ID, it.ID, lot, place, n, u.scan.At)
	return err
}

// offInspection takes back n pieces that wait to be looked at; false when not so many do.
func (u *unloading) offInspection(ctx context.Context, item ItemID, lot LotID, place LocationID, n int64) (bool, error) {
	done, err := u.tx.ExecContext(ctx, `
		update inspections set quantity = quantity - $5
		where receipt_id = $1 and item_id = $2 and lot_id = $3 and location_id = $4 and quantity - passed - failed >= $5`, u.receipt.ID, item, lot, place, n)
	if err != nil {
		return false, err
	}
	changed, err := done.RowsAffected()
	return changed > 0, err
}

const inspectionColumns = `
	select n.id, n.warehouse_id, n.receipt_id, n.item_id, i.sku, i.name, n.lot_id, o.code, n.location_id, l.code, n.quantity, n.passed, n.failed, n.opened_at
	from inspections n join items i on i.id = n.item_id join lots o on o.id = n.lot_id join locations l on l.id = n.location_id `

func (i *Inspection) fields() []any {
	return []any{&i.ID, &i.Warehouse, &i.Receipt, &i.Item, &i.SKU, &i.Name, &i.Lot, &i.LotCode, &i.Place, &i.PlaceCode, &i.Quantity, &i.Passed, &i.Failed, &i.OpenedAt}
}

// Inspections lists what waits to be looked at, the oldest first; with item only of that one.
func Inspections(ctx context.Context, q pg.Querier, warehouse WarehouseID, item ItemID, limit int) (_ []Inspection, err error) {
	defer fault.Wrap(&err, "inventory.Inspections(%d)", warehouse)
	return list(ctx, q, (*Inspection).fields, inspectionColumns+`
		where n.warehouse_id = $1 and n.passed + n.failed < n.quantity and ($2 = 0 or n.item_id = $2) order by n.id limit $3`, warehouse, item, limit)
}

// InspectionOf reads one in its warehouse.
func InspectionOf(ctx context.Context, q pg.Querier, warehouse WarehouseID, id InspectionID) (i Inspection, err error) {
	defer fault.Wrap(&err, "inventory.InspectionOf(%d)", id)
	err = q.QueryRowContext(ctx, inspectionColumns+`where n.id = $1 and n.warehouse_id = $2`, id, warehouse).Scan(i.fields()...)
	if err == sql.ErrNoRows {
		return i, fault.New(fault.NotFound, "There is no such inspection here. Go back to the list.")
	}
	return i, err
}

// Judge passes inspected goods, which then wait to be put away, or fails them into quarantine: all of them or a part.
// What failed needs a reason.
func Judge(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, id InspectionID, j Judgement) (err error) {
	defer fault.Wrap(&err, "inventory.Judge(%d)", id)
	if _, err := tx.ExecContext(ctx, `select 1 from inspections where id = $1 for no key update`, id); err != nil {
		return err
	}
	i, err := InspectionOf(ctx, tx, warehouse, id)
	if err != nil {
		return err
	}
	var bad fault.Fields
	j.Reason = strings.TrimSpace(j.Reason)
	switch {
	case i.Left() == 0:
		return fault.New(fault.Conflict, "All of it was judged already. Look at the list.")
	case j.Quantity < 1 || j.Quantity > i.Left():
		bad.Add("quantity", "%d wait to be looked at: give a number from 1 to %d.", i.Left(), i.Left())
	case !j.Passed && !words(j.Reason, 500), !plainWords(j.Reason, 500):
		bad.Add("reason", "Say on one line what is wrong with it, in at most 500 characters.")
	}
	if err := bad.Err(); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		with verdict as (
			insert into inspection_verdicts (inspection_id, passed, quantity, reason, photo, staff_id, at) values ($1, $2, $3, $4, nullif($5, ''), $6, $7))
		update inspections set passed = passed + case when $2 then $3::bigint else 0 end, failed = failed + case when $2 then 0 else $3::bigint end where id = $1`,
		id, j.Passed, j.Quantity, j.Reason, j.Photo, j.Staff, j.At); err != nil {
		return err
	}
	if j.Passed {
		return OpenPutaway(ctx, tx, PutawayTask{Warehouse: warehouse, Item: i.Item, Lot: i.Lot, From: i.Place, Quantity: j.Quantity, Ref: i.Receipt.String()})
	}
	to, err := quarantineOf(ctx, tx, warehouse)
	if err != nil {
		return err
	}
	return Move(ctx, tx, Movement{Warehouse: warehouse, Item: i.Item, Lot: i.Lot, Quantity: j.Quantity, From: i.Place, To: to, Reason: ReasonDisposition,
		Ref: i.Receipt.String(), Note: "inspection: " + j.Reason, Staff: j.Staff, At: j.At})
}

// quarantineOf is the first quarantine of a warehouse.
func quarantineOf(ctx context.Context, q pg.Querier, warehouse WarehouseID) (id LocationID, err error) {
	err = q.QueryRowContext(ctx, `
		select id from locations where warehouse_id = $1 and active and (kind = 'quarantine' or kind = 'bin' and use = 'quarantine')
		order by kind = 'bin', code limit 1`, warehouse).Scan(&id)
	if err == sql.ErrNoRows {
		return 0, fault.New(fault.Conflict, "This warehouse has no quarantine. A manager adds one under Locations.")
	}
	return id, err
}

var inspectionLaws = []law{
	{"what waits to be looked at is there", `
		select format('%s of item %s lot %s wait at %s, %s are there', t.open, t.item_id, t.lot_id, l.code, coalesce(b.on_hand, 0))
		from (
			select location_id, item_id, lot_id, sum(open) as open from (
				select location_id, item_id, lot_id, quantity - passed - failed as open from inspections
				union all
				select from_id, item_id, lot_id, quantity - done from putaway_tasks where (from_id, item_id, lot_id) in (select location_id, item_id, lot_id from inspections)) both_kinds
			group by location_id, item_id, lot_id
		) t
		join locations l on l.id = t.location_id
		left join balances b on b.location_id = t.location_id and b.item_id = t.item_id and b.lot_id = t.lot_id
		where t.open > coalesce(b.on_hand, 0)`},
	{"what was judged is the sum of the verdicts", `
		select format('inspection %s: %s passed and %s failed, the verdicts say %s and %s', n.id, n.passed, n.failed, v.passed, v.failed)
		from inspections n cross join lateral (
			select coalesce(sum(quantity) filter (where passed), 0) as passed, coalesce(sum(quantity) filter (where not passed), 0) as failed
			from inspection_verdicts where inspection_id = n.id) v
		where (n.passed, n.failed) <> (v.passed, v.failed)`},
}
