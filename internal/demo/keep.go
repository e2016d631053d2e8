package demo

import (
	"context"
	"database/sql"
	"fmt"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/labels"
	"tote/picking"
)

// keepShelves leaves the shelves as on a working day: pick faces that want stock from overstock, one being filled and
// one filled; bins to be counted, one counted, and one that somebody else must count again.
func (h *house) keepShelves(ctx context.Context) error {
	return pg.InTx(ctx, h.db, func(tx *sql.Tx) error {
		faces, err := h.overstock(ctx, tx)
		if err != nil {
			return err
		}
		if err := h.replenish(ctx, tx, faces); err != nil {
			return err
		}
		if err := h.countBins(ctx, tx, faces); err != nil {
			return err
		}
		return h.countByPlan(ctx, tx)
	})
}

// countByPlan counts the busiest bins of the house every week, as its rules say: last night's plan asked for them, and most
// are counted, one with a piece less than on the books.
func (h *house) countByPlan(ctx context.Context, tx *sql.Tx) error {
	r, err := inventory.ReadCountRules(ctx, tx, h.warehouse)
	if err != nil {
		return err
	}
	two, tenth := int64(2), int64(10)
	r.ShareA, r.ShareB = 20, 50
	for i, every := range []int64{7, 30, 180} {
		r.Classes[i].Every, r.Classes[i].ADay = every, 60
	}
	r.Classes[0].Recount = inventory.Limit{Pieces: &two, Percent: &tenth}
	if err := inventory.SaveCountRules(ctx, tx, h.warehouse, r, h.people[staff.Manager].ID, h.at); err != nil {
		return err
	}
	if _, err := inventory.PlanCounts(ctx, tx, h.warehouse, h.at); err != nil {
		return err
	}
	bins, err := pg.Values[string](tx.QueryContext(ctx, `
		select l.code from count_tasks t join locations l on l.id = t.location_id
		where t.warehouse_id = $1 and t.state = 'open' and t.reason = 'planned' order by t.id`, h.warehouse))
	if err != nil {
		return err
	}
	for n, bin := range bins[:len(bins)*3/4] {
		if err := h.countBin(ctx, tx, bin, n == 3); err != nil {
			return err
		}
	}
	return nil
}

// countBin counts all that is in a bin, a piece less of one item if it is missing.
func (h *house) countBin(ctx context.Context, tx *sql.Tx, bin string, missing bool) error {
	codes, err := pg.Values[string](tx.QueryContext(ctx, `
		select unnest(array[i.sku, (sum(b.on_hand) - case when $3 and b.item_id = (select min(item_id) from balances where location_id = l.id) then 1 else 0 end)::text])
		from balances b join items i on i.id = b.item_id join locations l on l.id = b.location_id
		where l.warehouse_id = $1 and l.code = $2 and l.kind = 'bin' group by i.id, b.item_id, l.id`, h.warehouse, bin, missing))
	if err != nil {
		return err
	}
	bin = labels.LocationCode(bin).String()
	for _, code := range append(append([]string{bin}, codes...), bin) {
		step, err := inventory.Count(ctx, tx, h.warehouse, h.pull(staff.Receiver, code))
		if err := worked(step, err, code); err != nil {
			return err
		}
	}
	return nil
}

// overstock brings a delivery of well-known items up to the highest level, and answers where they are picked from.
func (h *house) overstock(ctx context.Context, tx *sql.Tx) ([]inventory.PickFace, error) {
	faces, err := h.lonely(ctx, tx, 6)
	if err != nil {
		return nil, err
	}
	del := delivery{number: "PO-5200", supplier: suppliers[0]}
	for _, f := range faces {
		del.lines = append(del.lines, saleLine{product: int(f.Min), quantity: 40})
	}
	if err := h.expect(ctx, tx, del, 0); err != nil {
		return nil, err
	}
	id, err := h.unload(ctx, tx, "DOCK-1", del, len(del.lines))
	if err != nil {
		return nil, err
	}
	if err := inventory.CloseReceipt(ctx, tx, id, h.pull(staff.Receiver, "")); err != nil {
		return nil, err
	}
	for _, l := range del.lines {
		var up string
		err := tx.QueryRowContext(ctx, `
			select l.code from locations l where l.warehouse_id = $1 and l.use = 'overstock' and not exists (select from balances b where b.location_id = l.id)
			order by l.code limit 1`, h.warehouse).Scan(&up)
		if err != nil {
			return nil, err
		}
		for _, code := range []string{gtin(0, l.product), "B-" + up, "B-" + up} { // another bin than the one named: twice
			step, err := inventory.PutAway(ctx, tx, h.warehouse, h.pull(staff.Receiver, code))
			if err != nil || step.Result == scan.Wrong {
				return nil, fault.New(fault.Other, "demo: scanned %s, was told %q, %v", code, step.Message, err)
			}
		}
	}
	for i := range faces {
		f := &faces[i]
		f.Min, f.Max = f.OnHand-2, f.OnHand+40 // all is well
		if i < 4 {
			f.Min = f.OnHand + 10
		}
		if err := inventory.SetPickFace(ctx, tx, *f, h.people[staff.Manager].ID); err != nil {
			return nil, err
		}
	}
	return faces, nil
}

// lonely finds bins that hold one item alone, of which nothing waits to be put away. Min is the product's number.
func (h *house) lonely(ctx context.Context, tx *sql.Tx, n int) ([]inventory.PickFace, error) {
	return pg.Collect(func(f *inventory.PickFace) []any {
		return []any{&f.Warehouse, &f.Item, &f.SKU, &f.Location, &f.Code, &f.OnHand, &f.Min}
	})(tx.QueryContext(ctx, `
		select distinct on (i.id) l.warehouse_id, i.id, i.sku, l.id, l.code, b.on_hand, (select count(*) from items o where o.id < i.id)
		from balances b join locations l on l.id = b.location_id join items i on i.id = b.item_id
		where l.warehouse_id = $1 and l.kind = 'bin' and l.use = 'pickable' and b.on_hand between 10 and 200
		  and not exists (select from balances o where o.location_id = l.id and o.item_id <> b.item_id)
		  and not exists (select from putaway_tasks t where t.item_id = i.id and t.done < t.quantity)
		order by i.id, l.code limit $2`, h.warehouse, n))
}

// replenish asks for what the faces want, fills one and begins another.
func (h *house) replenish(ctx context.Context, tx *sql.Tx, faces []inventory.PickFace) error {
	if _, err := picking.Replenish(ctx, tx, h.warehouse, h.at); err != nil {
		return err
	}
	for i, who := range []staff.Role{staff.Receiver, staff.Picker} {
		code := faces[i].SKU
		for range 4 {
			step, err := inventory.Bring(ctx, tx, h.warehouse, h.pull(who, code))
			if err := worked(step, err, code); err != nil {
				return err
			}
			code = labels.LocationCode(step.Target).String()
			if step.Here {
				code = fmt.Sprintf("+%d", step.Quantity/int64(i+1))
			}
			if step.Target == "" || i == 1 && step.Into != "" && step.Here && len(step.Recent) > 2 {
				break
			}
		}
	}
	return nil
}

// countBins asks for counts as pickers and the office do, and works on two of them.
func (h *house) countBins(ctx context.Context, tx *sql.Tx, faces []inventory.PickFace) error {
	for i, f := range faces[2:] {
		r := inventory.CountRequest{Warehouse: h.warehouse, Location: f.Location, Staff: h.people[staff.Picker].ID, At: h.at}
		switch r.Reason, r.Ref = inventory.CountZero, "P-2"; i {
		case 0:
			r.Reason, r.Ref, r.Item = inventory.CountShort, "P-1", f.Item
		case 2:
			r.Reason, r.Ref, r.Staff = inventory.CountAsked, "", h.people[staff.Clerk].ID
		}
		if err := inventory.AskCount(ctx, tx, r); err != nil {
			return err
		}
		found := map[int]int64{2: f.OnHand + 1, 3: f.OnHand - 8}[i] // one more than on the books; a large difference
		if found == 0 {
			continue
		}
		for _, code := range []string{"B-" + f.Code, f.SKU, fmt.Sprint(found), "B-" + f.Code} {
			step, err := inventory.Count(ctx, tx, h.warehouse, h.pull(staff.Receiver, code))
			if err := worked(step, err, code); err != nil {
				return err
			}
		}
	}
	return nil
}
