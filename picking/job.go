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
	method    Method
	picker    staff.ID
	name      string // the picker's
	tote      inventory.LocationID
	toteCode  string
	at        TaskID // the task at whose bin he stands, 0 on the way
	confirm   inventory.LocationID
	confirmAs string // the tote that must be scanned, as it is printed; "" for none
	confirmAt slot   // its place on the cart
	asked     inventory.LocationID
	askedCode string // the bin of which he is asked whether it is empty; "" for none
	news      string // what changed since his last scan
	zeroCheck bool
	walk      walked
	done      int64  // units picked
	total     int64  // units this list will bring
	weightG   int64  // of what is still to be taken, while a list has no tote; else 0
	stops     []stop // the present one and the one after it
	empty     slot   // the first place on the cart that still needs a tote
	places    int    // on the cart
}

// slot is a place on a cart.
type slot struct {
	position int
	document string // the demand's ref
	units    int64
	which    string // units these are, in words
}

// stop is an open task with the words for it. Where orders are picked together it is all that they want of an item
// from one bin, and its task, demand and ref are those of the first of them.
type stop struct {
	task     TaskID
	sequence int
	demand   DemandID
	document string // the demand's ref
	ref      string
	stock    stock
	bin      inventory.LocationID
	binCode  string
	at       spot
	proof    Proof
	quantity int64
	picked   int64
	orders   int64  // for how many
	lotCode  string // "" where lots are not tracked
	lotOld   bool   // it has become too old to be sold since the list was made
	tracking inventory.Tracking
	sku      string
	name     string
	barcode  string // of a single unit, for the eye
	counts   int64  // how many units the scanned code stands for; 0: it is not this item's
	position int    // the place on the cart, 0 where there is none
	tote     inventory.LocationID
	toteCode string
}

func (s stop) left() int64 { return s.quantity - s.picked }

// lockList locks a list; scans of one list take turns by it. A list of a warehouse where somebody does not work does
// not exist for him.
func lockList(ctx context.Context, tx *sql.Tx, list ListID, who staff.ID) error {
	var state ListState
	err := tx.QueryRowContext(ctx, `
		select state from pick_lists
		where id = $1 and `+staff.WorksIn("$2", "pick_lists.warehouse_id")+`
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

// presentStops are the next two stops of list p: single tasks, or where orders are picked together all tasks of one
// item at one bin.
const presentStops = `
	select (array_agg(id order by sequence, id) filter (where state = 'open'))[1] as id,
		min(sequence) filter (where state = 'open') as sequence,
		(array_agg(demand_id order by sequence, id) filter (where state = 'open'))[1] as demand_id,
		(array_agg(ref order by sequence, id) filter (where state = 'open'))[1] as ref,
		item_id, lot_id, location_id, min(x_mm) as x_mm, min(y_mm) as y_mm, max(proof) as proof,
		sum(quantity - short)::bigint as quantity, sum(picked)::bigint as picked, count(distinct demand_id) as orders
	from pick_tasks
	where list_id = p.id and state <> 'cancelled'
	group by location_id, item_id, lot_id, case when p.method in ('batch', 'zone') then 0 else id end
	having bool_or(state = 'open')
	order by 2, 1
	limit 2`

// readJob reads where a list is in one statement, together with what the scanned code means for the present stop.
func readJob(ctx context.Context, q pg.Querier, list ListID, code labels.Code) (j job, err error) {
	rows, err := q.QueryContext(ctx, `
		select p.warehouse_id, p.state, p.method, coalesce(p.picker_id, 0), coalesce(w.name, ''), coalesce(p.tote_id, 0), coalesce(o.code, ''),
			coalesce(p.at_task, 0), coalesce(p.confirm_id, 0), coalesce(co.code, ''), coalesce(cc.position, 0), coalesce(cd.ref, ''), coalesce(p.asked_id, 0), coalesce(ao.code, ''), p.news, p.zero_check,
			p.cross_y, p.depot_x, p.depot_y, p.at_x, p.at_y, n.done, n.total,
			case when p.tote_id is null and p.method <> 'cluster' and p.state <> 'picked' then coalesce((
				select sum((t.quantity - t.picked - t.short) * i.weight_g)::bigint from pick_tasks t join items i on i.id = t.item_id
				where t.list_id = p.id and t.state = 'open'), 0) else 0 end,
			coalesce(e.position, 0), coalesce(e.ref, ''), coalesce(e.units, 0), coalesce(e.places, 0),
			coalesce(t.id, 0), coalesce(t.sequence, 0), coalesce(t.demand_id, 0), coalesce(d.ref, ''), coalesce(t.ref, ''), coalesce(t.item_id, 0), coalesce(t.lot_id, 0),
			coalesce(t.location_id, 0), coalesce(b.code, ''), coalesce(t.x_mm, 0), coalesce(t.y_mm, 0), coalesce(t.proof, 'item'),
			coalesce(t.quantity, 0), coalesce(t.picked, 0), coalesce(t.orders, 0),
			coalesce(lo.code, ''), coalesce(lo.blocked, false), coalesce(i.tracking, 'none'), coalesce(i.sku, ''), coalesce(i.name, ''), coalesce(g.code, ''), coalesce(c.quantity, 0),
			coalesce(ct.position, 0), coalesce(ct.tote_id, 0), coalesce(cl.code, '')
		from pick_lists p
		left join staff w on w.id = p.picker_id
		left join locations o on o.id = p.tote_id
		left join locations co on co.id = p.confirm_id
		left join cart_totes cc on cc.list_id = p.id and cc.tote_id = p.confirm_id and cc.active
		left join demands cd on cd.id = cc.demand_id
		left join locations ao on ao.id = p.asked_id
		cross join lateral (
			select coalesce(sum(picked), 0)::bigint as done, coalesce(sum(quantity - short), 0)::bigint as total
			from pick_tasks where list_id = p.id and state <> 'cancelled') n
		left join lateral (`+presentStops+`) t on true
		left join demands d on d.id = t.demand_id
		left join locations b on b.id = t.location_id
		left join items i on i.id = t.item_id
		left join lots lo on lo.id = t.lot_id
		left join lateral (select code from barcodes where item_id = t.item_id order by quantity, code limit 1) g on true
		left join barcodes c on c.item_id = t.item_id and c.code = $2
		left join cart_totes ct on ct.list_id = p.id and ct.demand_id = t.demand_id and ct.active
		left join locations cl on cl.id = ct.tote_id
		left join lateral (`+emptySlot+`) e on true
		where p.id = $1
		order by t.sequence, t.id`, list, itemCode(code))
	if err != nil {
		return j, err
	}
	defer rows.Close()
	for rows.Next() {
		var s stop
		if err := rows.Scan(&j.warehouse, &j.state, &j.method, &j.picker, &j.name, &j.tote, &j.toteCode,
			&j.at, &j.confirm, &j.confirmAs, &j.confirmAt.position, &j.confirmAt.document, &j.asked, &j.askedCode, &j.news, &j.zeroCheck,
			pg.Array(&j.walk.cross), &j.walk.depot.x, &j.walk.depot.y, &j.walk.at.x, &j.walk.at.y, &j.done, &j.total, &j.weightG,
			&j.empty.position, &j.empty.document, &j.empty.units, &j.places,
			&s.task, &s.sequence, &s.demand, &s.document, &s.ref, &s.stock.item, &s.stock.lot,
			&s.bin, &s.binCode, &s.at.x, &s.at.y, &s.proof, &s.quantity, &s.picked, &s.orders,
			&s.lotCode, &s.lotOld, &s.tracking, &s.sku, &s.name, &s.barcode, &s.counts, &s.position, &s.tote, &s.toteCode); err != nil {
			return j, err
		}
		j.list = list
		if s.task != 0 {
			if j.method != Cluster {
				s.tote, s.toteCode = j.tote, j.toteCode
			}
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

// over reports that nothing is left to take. A tote may still have to be scanned, or a question be answered.
func (j job) over() bool {
	return j.state == ListPicked || j.state == ListCancelled || len(j.stops) == 0
}

// needsTote reports whether goods have nothing to lie in yet.
func (j job) needsTote() bool {
	if j.method == Cluster {
		return j.empty.position != 0
	}
	return j.tote == 0
}
