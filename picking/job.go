package picking

import (
	"context"
	"database/sql"
	"errors"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
	"tote/labels"
)

// job is a list in the hands of a picker: where he is and what comes next.
type job struct {
	list      ListID
	warehouse inventory.WarehouseID
	state     ListState
	picker    staff.ID
	name      string // the picker's
	tote      inventory.LocationID
	toteCode  string
	at        TaskID // the task at whose bin he stands, 0 on the way
	done      int64  // units picked
	total     int64  // units this list will bring
	stops     []stop // the present one and the one after it
}

// stop is an open task with the words for it.
type stop struct {
	task     TaskID
	sequence int
	demand   DemandID
	document string // the demand's ref
	ref      string
	stock    stock
	bin      inventory.LocationID
	binCode  string
	quantity int64
	picked   int64
	sku      string
	name     string
	barcode  string // of a single unit, for the eye
	counts   int64  // how many units the scanned code stands for; 0: it is not this item's
}

func (s stop) left() int64 { return s.quantity - s.picked }

// lockList locks a list; scans of one list take turns by it. A list of a warehouse where somebody does not work does
// not exist for him.
func lockList(ctx context.Context, tx *sql.Tx, list ListID, who staff.ID) error {
	var state ListState
	err := tx.QueryRowContext(ctx, `
		select state from pick_lists
		where id = $1 and warehouse_id = (select warehouse_id from staff where id = $2)
		for update`, list, who).Scan(&state)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, "There is no pick list %s here. Ask for work, or scan another list.", list)
	}
	return err
}

// itemCode is the code by which barcodes are stored.
func itemCode(code labels.Code) string {
	if gtin := code.GTIN(); gtin != "" {
		return gtin
	}
	return code.Value
}

// readJob reads where a list is in one statement, together with what the scanned code means for the present stop.
func readJob(ctx context.Context, q pg.Querier, list ListID, code labels.Code) (j job, err error) {
	rows, err := q.QueryContext(ctx, `
		select p.warehouse_id, p.state, coalesce(p.picker_id, 0), coalesce(w.name, ''), coalesce(p.tote_id, 0), coalesce(o.code, ''),
			coalesce(p.at_task, 0), n.done, n.total,
			coalesce(t.id, 0), coalesce(t.sequence, 0), coalesce(t.demand_id, 0), coalesce(d.ref, ''), coalesce(t.ref, ''), coalesce(t.item_id, 0), coalesce(t.lot_id, 0),
			coalesce(t.location_id, 0), coalesce(b.code, ''), coalesce(t.quantity - t.short, 0), coalesce(t.picked, 0),
			coalesce(i.sku, ''), coalesce(i.name, ''), coalesce(g.code, ''), coalesce(c.quantity, 0)
		from pick_lists p
		left join staff w on w.id = p.picker_id
		left join locations o on o.id = p.tote_id
		cross join lateral (
			select coalesce(sum(picked), 0)::bigint as done, coalesce(sum(quantity - short), 0)::bigint as total
			from pick_tasks where list_id = p.id and state <> 'cancelled') n
		left join lateral (
			select * from pick_tasks where list_id = p.id and state = 'open' order by sequence, id limit 2) t on true
		left join demands d on d.id = t.demand_id
		left join locations b on b.id = t.location_id
		left join items i on i.id = t.item_id
		left join lateral (select code from barcodes where item_id = t.item_id order by quantity, code limit 1) g on true
		left join barcodes c on c.item_id = t.item_id and c.code = $2
		where p.id = $1
		order by t.sequence, t.id`, list, itemCode(code))
	if err != nil {
		return j, err
	}
	defer rows.Close()
	for rows.Next() {
		var s stop
		if err := rows.Scan(&j.warehouse, &j.state, &j.picker, &j.name, &j.tote, &j.toteCode, &j.at, &j.done, &j.total,
			&s.task, &s.sequence, &s.demand, &s.document, &s.ref, &s.stock.item, &s.stock.lot, &s.bin, &s.binCode, &s.quantity, &s.picked,
			&s.sku, &s.name, &s.barcode, &s.counts); err != nil {
			return j, err
		}
		j.list = list
		if s.task != 0 {
			j.stops = append(j.stops, s)
		}
	}
	if j.list == 0 && rows.Err() == nil {
		return j, fault.New(fault.NotFound, "There is no pick list %s.", list)
	}
	return j, rows.Err()
}

// here reports whether the picker stands at the present stop's bin.
func (j job) here() bool { return len(j.stops) > 0 && j.at == j.stops[0].task }

func (j job) over() bool {
	return j.state == ListPicked || j.state == ListCancelled || len(j.stops) == 0
}
