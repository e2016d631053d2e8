package demo

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/labels"
	"tote/picking"
)

// templates are the waves of the demo: carts for the truck of the afternoon, small orders in one walk, and a zone each.
func (h *house) templates() []picking.Template {
	working := []int64{1, 2, 3, 4, 5}
	small := 2
	return []picking.Template{
		{Name: "Afternoon truck", Method: picking.Cluster, Limits: picking.Limits{Orders: 16, List: picking.Load{Totes: 8}}, Days: working, Times: []string{"10:00", "13:30"}},
		{Name: "Small orders", Method: picking.Batch, Filter: picking.Filter{MaxLines: small}, Limits: picking.Limits{Orders: 6}, Days: working, Times: []string{"07:30"}},
		{Name: "West and east", Method: picking.ByZone, Limits: picking.Limits{Orders: 12}, Shortage: picking.LeaveLines},
	}
}

// releaseWaves makes the templates and releases two waves: one that is picked and being sorted, one that waits for carts.
func (h *house) releaseWaves(ctx context.Context) error {
	ids := map[string]picking.Template{}
	err := pg.InTx(ctx, h.db, func(tx *sql.Tx) error {
		for _, t := range h.templates() {
			t.Warehouse, t.Active = h.warehouse, true
			id, err := picking.SaveTemplate(ctx, tx, t, h.people[staff.Manager].ID)
			if err != nil {
				return err
			}
			t.ID = id
			ids[t.Name] = t
		}
		return h.handOver(ctx, tx)
	})
	if err != nil {
		return err
	}
	wave, err := h.release(ctx, ids["Small orders"])
	if err != nil {
		return err
	}
	if wave != 0 {
		if err := pg.InTx(ctx, h.db, func(tx *sql.Tx) error { return h.pickAndSort(ctx, tx, wave) }); err != nil {
			return err
		}
	}
	_, err = h.release(ctx, ids["Afternoon truck"])
	return err
}

// handOver lets the zones hand over at the put-wall.
func (h *house) handOver(ctx context.Context, tx *sql.Tx) error {
	zones, err := picking.ZoneRules(ctx, tx, h.warehouse)
	if err != nil {
		return err
	}
	at, err := inventory.FindLocation(ctx, tx, h.warehouse, labels.LocationCode(wall))
	if err != nil {
		return err
	}
	for _, z := range zones {
		z.HandOver = at.ID
		if err := picking.SetZone(ctx, tx, h.warehouse, z, h.people[staff.Manager].ID); err != nil {
			return err
		}
	}
	return nil
}

// release puts a wave on the floor; with nothing to release it is 0.
func (h *house) release(ctx context.Context, t picking.Template) (wave picking.WaveID, err error) {
	spec := t.Spec()
	sketch, err := picking.Draw(ctx, h.db, h.warehouse, spec, h.at)
	if err != nil {
		return 0, err
	}
	spec.Limits.Orders = max(1, min(spec.Limits.Orders, sketch.Orders/2)) // something is left to be released
	if sketch, err = picking.Draw(ctx, h.db, h.warehouse, spec, h.at); err != nil {
		return 0, err
	}
	err = pg.InTx(ctx, h.db, func(tx *sql.Tx) (err error) {
		wave, err = picking.Release(ctx, tx, h.warehouse, &sketch, h.people[staff.Manager].ID, h.at)
		return err
	})
	if errors.Is(err, fault.Conflict) {
		return 0, nil
	}
	return wave, err
}

// pickAndSort picks the first list of a wave and sorts a part of what it brought.
func (h *house) pickAndSort(ctx context.Context, tx *sql.Tx, wave picking.WaveID) error {
	lists, err := picking.ListsOf(ctx, tx, h.warehouse, wave)
	if err != nil || len(lists) == 0 {
		return err
	}
	list := lists[0].ID
	step, err := picking.Take(ctx, tx, list, h.pullOf(h.second.ID, "X-"+picking.CommandTakeOver))
	for range patience {
		if err != nil || step.Finished {
			break
		}
		var code string
		if code, err = h.wanted(ctx, tx, step); err != nil {
			return err
		}
		step, err = picking.Take(ctx, tx, list, h.pullOf(h.second.ID, code))
		if err := worked(step, err, code); err != nil {
			return err
		}
	}
	if err != nil || !step.Finished {
		return fault.New(fault.Other, "demo: %s does not end: %v", list, err)
	}
	if len(lists[0].Refs) < 2 {
		return nil // nothing lies together
	}
	return h.sortSome(ctx, tx, step.Target)
}

// sortSome sorts two thirds of a tote at the put-wall, as its screen says.
func (h *house) sortSome(ctx context.Context, tx *sql.Tx, tote string) error {
	var skus []string
	skus, err := pg.Values[string](tx.QueryContext(ctx, `
		select i.sku from tote_lines l join locations t on t.id = l.tote_id join items i on i.id = l.item_id cross join generate_series(1, l.quantity)
		where t.warehouse_id = $1 and t.code = $2 order by l.demand_id, l.ref`, h.warehouse, tote))
	if err != nil {
		return err
	}
	scanned := func(code string) (scan.Step, error) {
		step, err := picking.Sort(ctx, tx, h.warehouse, h.pullOf(h.people[staff.Packer].ID, code))
		return step, worked(step, err, code)
	}
	if _, err := scanned(labels.LocationCode(wall).String()); err != nil {
		return err
	}
	if _, err := scanned(tote); err != nil {
		return err
	}
	for _, sku := range skus[:len(skus)*2/3] {
		step, err := scanned(sku)
		if err != nil {
			return err
		}
		if _, err := scanned(step.Target); err != nil {
			return err
		}
	}
	return nil
}

// pullOf is one pull of the trigger by somebody.
func (h *house) pullOf(who staff.ID, code string) scan.Scan {
	s := h.pull(staff.Picker, code)
	s.Staff = who
	return s
}

const (
	wall      = "WALL-1"
	wallSlots = 12
)

// putWall is the put-wall beside the benches, with its totes.
func putWall(after int) (places []place) {
	places = append(places, place{kind: "wall", code: wall, parent: "", x: 11000, y: 2500})
	for i := 1; i <= wallSlots; i++ {
		places = append(places, place{kind: "tote", code: fmt.Sprintf("T-%d", after+i), parent: wall})
	}
	return places
}
