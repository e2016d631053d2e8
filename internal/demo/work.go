package demo

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/print"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/labels"
	"tote/packing"
	"tote/picking"
)

// patience bounds the scans of one job: the demo must not scan for ever at a screen it does not understand.
const patience = 2000

// workADay does a day's work: the nearer today, the less of it is done, so that every desk has something on it.
func (h *house) workADay(ctx context.Context, daysAgo int) error {
	for range 4 + daysAgo {
		if more, err := h.oneList(ctx, staff.Picker, patience); err != nil || !more {
			return err
		}
	}
	leave := 0
	if daysAgo == 0 {
		leave = 3 // picked, and waiting for a packer
	}
	if err := h.packAll(ctx, leave); err != nil {
		return err
	}
	if daysAgo > 0 {
		if err := h.dispatch(ctx); err != nil {
			return err
		}
	}
	if daysAgo == 3 {
		if err := h.deliver(ctx); err != nil {
			return err
		}
		return h.sendBack(ctx)
	}
	if daysAgo == 0 {
		if err := h.stack(ctx); err != nil {
			return err
		}
		_, err := h.oneList(ctx, staff.Picker, 2) // a walk that has just begun
		return err
	}
	return nil
}

// packAll packs what waits at the benches, but for the last few.
func (h *house) packAll(ctx context.Context, leave int) error {
	for bench := 0; ; bench++ {
		ref := ""
		err := pg.InTx(ctx, h.db, func(tx *sql.Tx) (err error) {
			waiting, err := packing.Waiting(ctx, tx, h.warehouse, "", leave+1)
			if err != nil || len(waiting) <= leave {
				return err
			}
			ref = waiting[0].Ref
			if err := h.pack(ctx, tx, fmt.Sprintf("Pack bench %d", bench%4+1), ref); err != nil {
				return err
			}
			if err := print.Parcels(ctx, tx, ref, h.at); err != nil {
				return err
			}
			return h.printed(ctx, tx, ref)
		})
		switch {
		case err != nil || ref == "":
			return err
		case bench > patience:
			return fault.New(fault.Other, "demo: %s is packed and packed", ref)
		}
	}
}

// printed says that the bench's browser has printed a parcel's papers: there is none while the demo is laid out.
func (h *house) printed(ctx context.Context, tx *sql.Tx, ref string) error {
	parcels, err := packing.Parcels(ctx, tx, ref)
	if err != nil {
		return err
	}
	for _, p := range parcels {
		jobs, err := print.JobsFor(ctx, tx, p.SSCC)
		if err != nil {
			return err
		}
		for _, j := range jobs {
			if err := print.Shown(ctx, tx, j.ID, h.at); err != nil {
				return err
			}
		}
	}
	return nil
}

// oneList picks one list, up to so many units; false when there is no work.
func (h *house) oneList(ctx context.Context, who staff.Role, units int64) (more bool, err error) {
	err = pg.InTx(ctx, h.db, func(tx *sql.Tx) error {
		err := h.pick(ctx, tx, who, units)
		more = !errors.Is(err, fault.NotFound)
		if !more {
			return nil
		}
		return err
	})
	return more, err
}

// boxes enters the real boxes; the weakest come first in types.
func (h *house) boxes(ctx context.Context, tx *sql.Tx, all []box) error {
	h.types = nil
	for i, b := range all {
		t := packing.Type{
			Warehouse: h.warehouse, Code: fmt.Sprintf("BOX%d", i+1), Name: b.name,
			Outer:   [3]int64{int64(b.outerLength), int64(b.outerWidth), int64(b.outerDepth)},
			Inner:   [3]int64{int64(b.innerLength), int64(b.innerWidth), int64(b.innerDepth)},
			WeightG: int64(b.weight), MaxWeightG: int64(b.maxWeight),
		}
		var err error
		if t.ID, err = packing.AddType(ctx, tx, t); err != nil {
			return err
		}
		h.types = append(h.types, t)
	}
	slices.SortFunc(h.types, func(a, b packing.Type) int { return cmp.Compare(a.MaxWeightG, b.MaxWeightG) })
	return nil
}

// pick works one list as a picker would: what the screen asks for is scanned. A walk that stops after some units
// leaves a list for the evening shift.
func (h *house) pick(ctx context.Context, tx *sql.Tx, who staff.Role, units int64) error {
	list, err := picking.NextWork(ctx, tx, h.warehouse, h.people[who].ID, h.at)
	if err != nil {
		return err
	}
	step, err := picking.Show(ctx, tx, list, h.people[who].ID)
	for range patience {
		if err != nil || step.Finished || step.Done >= units {
			return err
		}
		var code string
		if code, err = h.wanted(ctx, tx, step); err != nil {
			return err
		}
		step, err = picking.Take(ctx, tx, list, h.pull(who, code))
		if err := worked(step, err, code); err != nil {
			return err
		}
	}
	return fault.New(fault.Other, "demo: %s does not end", list)
}

// wanted is the code that a picking step asks for.
func (h *house) wanted(ctx context.Context, tx *sql.Tx, step scan.Step) (code string, err error) {
	switch step.Expect[0] {
	case string(labels.KindTote):
		err = tx.QueryRowContext(ctx, `
			select l.code from locations l
			where l.warehouse_id = $1 and l.kind = 'tote' and l.active
			  and not exists (select from balances b where b.location_id = l.id and b.on_hand > 0)
			  and not exists (select from pick_lists p where p.tote_id = l.id and p.state = 'started')
			order by l.id limit 1`, h.warehouse).Scan(&code)
		return code, err
	case string(labels.KindLocation):
		return labels.LocationCode(step.Target).String(), nil
	}
	sku, _, _ := strings.Cut(step.Detail[1], " · ")
	return sku, nil
}

// pack packs all that lies in an order's totes into one carton.
func (h *house) pack(ctx context.Context, tx *sql.Tx, bench, ref string) error {
	contents, grams, err := h.lying(ctx, tx, ref)
	if err != nil {
		return err
	}
	for _, unit := range contents {
		step, err := packing.Put(ctx, tx, ref, h.pullAt(staff.Packer, bench, unit))
		if err := worked(step, err, unit); err != nil {
			return err
		}
	}
	if err := h.photograph(ctx, tx, ref); err != nil {
		return err
	}
	box := h.types[len(h.types)-1]
	for _, t := range h.types {
		if t.MaxWeightG >= grams+t.WeightG {
			box = t
			break
		}
	}
	step, err := packing.Choose(ctx, tx, ref, box.ID, h.pullAt(staff.Packer, bench, ""))
	if err := worked(step, err, box.Name); err != nil {
		return err
	}
	weight := fmt.Sprintf("%d g", grams+box.WeightG)
	step, err = packing.Put(ctx, tx, ref, h.pullAt(staff.Packer, bench, weight))
	if err == nil && step.Result == scan.Decide { // heavier than the box should carry
		step, err = packing.Put(ctx, tx, ref, h.pullAt(staff.Packer, bench, "X-OK"))
	}
	return worked(step, err, weight)
}

// lying is a code for every unit of an order in its totes, and what they weigh together in grams.
func (h *house) lying(ctx context.Context, tx *sql.Tx, ref string) (codes []string, grams int64, err error) {
	rows, err := tx.QueryContext(ctx, `
		select case when i.tracking = 'none' then i.sku else o.code end, t.quantity, i.weight_g
		from tote_lines t join demands d on d.id = t.demand_id join items i on i.id = t.item_id join lots o on o.id = t.lot_id
		where d.ref = $1 and t.quantity > 0 order by t.ref`, ref)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var sku string
		var n, each int64
		if err := rows.Scan(&sku, &n, &each); err != nil {
			return nil, 0, err
		}
		for range n {
			codes = append(codes, sku)
		}
		grams += n * each
	}
	return codes, grams, rows.Err()
}
