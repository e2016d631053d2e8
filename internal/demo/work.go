package demo

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/labels"
	"tote/packing"
	"tote/picking"
)

// patience bounds the scans of one job: the demo must not scan for ever at a screen it does not understand.
const patience = 2000

// workADay does a part of the day's work: less of it the nearer today is, so that today's desks are full.
func (h *house) workADay(ctx context.Context, daysAgo int) error {
	lists := 2 + daysAgo
	for range lists {
		more, err := h.oneList(ctx, staff.Picker, patience)
		if err != nil || !more {
			return err
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

// boxes enters the real boxes.
func (h *house) boxes(ctx context.Context, tx *sql.Tx, all []box) error {
	for i, b := range all {
		_, err := packing.AddType(ctx, tx, packing.Type{
			Warehouse: h.warehouse, Code: fmt.Sprintf("BOX%d", i+1), Name: b.name,
			Outer:   [3]int64{int64(b.outerLength), int64(b.outerWidth), int64(b.outerDepth)},
			Inner:   [3]int64{int64(b.innerLength), int64(b.innerWidth), int64(b.innerDepth)},
			WeightG: int64(b.weight), MaxWeightG: int64(b.maxWeight),
		})
		if err != nil {
			return err
		}
	}
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

// pack packs the most urgent order that waits at a bench and answers its reference; "" when none waits.
func (h *house) pack(ctx context.Context, tx *sql.Tx, bench string) (string, error) {
	waiting, err := packing.Waiting(ctx, tx, h.warehouse, 1)
	if err != nil || len(waiting) == 0 {
		return "", err
	}
	ref := waiting[0].Ref
	contents, err := h.lying(ctx, tx, ref)
	if err != nil {
		return "", err
	}
	var step scan.Step
	for _, unit := range contents {
		if step, err = packing.Put(ctx, tx, ref, h.pullAt(staff.Packer, bench, unit)); worked(step, err, unit) != nil {
			return "", worked(step, err, unit)
		}
	}
	return ref, h.weigh(ctx, tx, bench, ref, step)
}

// lying is a code for every unit of an order in its totes.
func (h *house) lying(ctx context.Context, tx *sql.Tx, ref string) (codes []string, err error) {
	rows, err := tx.QueryContext(ctx, `
		select i.sku, t.quantity from tote_lines t join demands d on d.id = t.demand_id join items i on i.id = t.item_id
		where d.ref = $1 and t.quantity > 0 order by t.ref`, ref)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var sku string
		var n int
		if err := rows.Scan(&sku, &n); err != nil {
			return nil, err
		}
		for range n {
			codes = append(codes, sku)
		}
	}
	return codes, rows.Err()
}

// weigh types the weight that the scale shows: what it should be.
func (h *house) weigh(ctx context.Context, tx *sql.Tx, bench, ref string, step scan.Step) error {
	weight := "1 kg"
	if len(step.Detail) > 0 {
		if should, ok := strings.CutPrefix(step.Detail[0], "It should weigh "); ok {
			weight = should
		}
	}
	for _, code := range []string{weight, "X-OK"} {
		step, err := packing.Put(ctx, tx, ref, h.pullAt(staff.Packer, bench, code))
		if err != nil || step.Finished {
			return err
		}
	}
	return nil
}
