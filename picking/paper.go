package picking

import (
	"context"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/labels"
)

// Paper is what is left to pick of a list, to be printed for a day without handhelds: the same walk, with the codes
// of the bins, the items and the demands.
func Paper(ctx context.Context, q pg.Querier, list ListID, at time.Time) (p labels.PickList, err error) {
	defer fault.Wrap(&err, "picking.Paper(%s)", list)
	p = labels.PickList{List: int64(list), Printed: at}
	err = q.QueryRowContext(ctx, `
		select w.name || coalesce(' · ' || s.name, '')
		from pick_lists l join warehouses w on w.id = l.warehouse_id left join staff s on s.id = l.picker_id
		where l.id = $1`, list).Scan(&p.Words)
	if err != nil {
		return p, err
	}
	type row struct {
		labels.PickLine
		demand, tote string
	}
	rows, err := pg.Collect(func(r *row) []any {
		return []any{&r.Location, &r.Name, &r.SKU, &r.GTIN, &r.Lot, &r.Quantity, &r.demand, &r.tote}
	})(q.QueryContext(ctx, `
		select b.code, i.name, i.sku,
			coalesce((select code from barcodes where item_id = i.id and quantity = 1 and code ~ '^[0-9]{14}$' order by code limit 1), ''),
			lots.code, t.quantity - t.picked - t.short, d.ref, coalesce(o.code, '')
		from pick_tasks t
		join pick_lists p on p.id = t.list_id
		join locations b on b.id = t.location_id
		join items i on i.id = t.item_id
		join lots on lots.id = t.lot_id
		join demands d on d.id = t.demand_id
		left join locations o on o.id = p.tote_id
		where t.list_id = $1 and t.state = 'open'
		order by t.sequence, t.id`, list))
	if err != nil {
		return p, err
	}
	if len(rows) == 0 {
		return p, fault.New(fault.Conflict, "There is nothing left to pick on %s, so there is nothing to print.", list)
	}
	for _, r := range rows {
		r.Order, r.Tote = numberOf(r.demand, labels.KindOrder), numberOf(r.tote, labels.KindTote)
		p.Lines = append(p.Lines, r.PickLine)
	}
	return p, nil
}

// numberOf is the number in a printed code of one kind, 0 if it is no such code.
func numberOf(printed string, kind labels.Kind) int64 {
	if code, err := labels.Parse(printed); err == nil && code.Kind == kind {
		return code.Number
	}
	return 0
}
