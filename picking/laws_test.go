package picking_test

import (
	"database/sql"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"tote/internal/pgtest"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/labels"
	"tote/picking"
	"tote/picking/picktest"
)

// TestTheLawsHoldWhateverHappens does random work of every kind and proves every law at the end.
func TestTheLawsHoldWhateverHappens(t *testing.T) {
	tx := pgtest.Tx(t)
	round := 0
	rapid.Check(t, func(r *rapid.T) {
		round++
		save := fmt.Sprint("round", round)
		mustExec(t, tx, `savepoint `+save)
		defer mustExec(t, tx, `rollback to savepoint `+save)
		w := newWork(t, tx)
		method := rapid.SampledFrom(picking.Methods).Draw(r, "method")
		by(t, w.Floor, method, func(rules *picking.Rules) { rules.List.Totes, rules.ZeroCheck = 2, rapid.Bool().Draw(r, "zero check") })
		for range 2 { // the day has begun
			d := w.Demand(fmt.Sprint("O-", len(w.refs)), w.lines(r)...)
			w.refs = append(w.refs, d.Ref)
			w.Ask(d)
		}
		if list, err := picking.NextWork(ctx, tx, w.Warehouse, w.Staff, sitetest.Noon); err == nil {
			w.lists = append(w.lists, list)
			w.Scan(list, "T-1")
		}
		for range 40 {
			w.step(r)
		}
		lawful(t, tx)
	})
}

func mustExec(t *testing.T, tx *sql.Tx, query string, args ...any) {
	t.Helper()
	if _, err := tx.Exec(query, args...); err != nil {
		t.Fatal(err)
	}
}

type work struct {
	*picktest.Floor
	t     *testing.T
	items []inventory.ItemID
	refs  []string
	lists []picking.ListID
}

func newWork(t *testing.T, tx *sql.Tx) *work {
	w := &work{Floor: picktest.New(t, tx), t: t}
	wall(t, w.Floor, 2)
	for i, code := range []string{mugCode, capCode, "96385074"} {
		w.items = append(w.items, w.Item(fmt.Sprint("I", i)))
		if err := inventory.AddBarcode(ctx, tx, inventory.Barcode{Code: code, Item: w.items[i], Quantity: 1 + int64(i)}); err != nil {
			t.Fatal(err)
		}
		w.Stock(w.items[i], w.Bins[i], 6)
		w.Stock(w.items[i], w.Bins[i+4], 4)
	}
	return w
}

// step does one thing that people do; refusals are part of the day.
func (w *work) step(r *rapid.T) {
	save := "step"
	mustExec(w.t, w.Tx, `savepoint `+save)
	if err := w.act(r); err != nil {
		mustExec(w.t, w.Tx, `rollback to savepoint `+save)
	}
}

func (w *work) act(r *rapid.T) error {
	switch rapid.SampledFrom([]string{"scan", "ask", "work", "scan", "scan", "sort", "change", "hold", "go on", "loss", "told of a loss", "cancel",
		"wave", "shrink", "take back", "urgent"}).Draw(r, "act") {
	case "ask":
		d := w.Demand(fmt.Sprint("O-", len(w.refs)), w.lines(r)...)
		d.ShipComplete = rapid.Bool().Draw(r, "complete")
		w.refs = append(w.refs, d.Ref)
		return picking.Ask(ctx, w.Tx, d, sitetest.Noon)
	case "work":
		list, err := picking.NextWork(ctx, w.Tx, w.Warehouse, w.Staff, sitetest.Noon)
		if err == nil {
			w.lists = append(w.lists, list)
		}
		return err
	case "sort":
		code := rapid.SampledFrom([]string{"T-1", "T-2", "T-3", "T-4", "T-5", "T-6", mugCode, capCode, "96385074", "X-UNDO"}).Draw(r, "sorted")
		for _, code := range []string{code, w.wantedSlot()} {
			if _, err := picking.Sort(ctx, w.Tx, w.Warehouse, picktest.By(w.Staff, code)); code != "" && err != nil {
				return err
			}
		}
		return nil
	case "wave":
		s, err := picking.Draw(ctx, w.Tx, w.Warehouse, picking.WaveSpec{Name: "wave", Method: rapid.SampledFrom(picking.Methods).Draw(r, "wave by"),
			Shortage: rapid.SampledFrom([]picking.Shortage{picking.LeaveOrders, picking.LeaveLines}).Draw(r, "shortage")}, sitetest.Noon)
		if err != nil {
			w.t.Error(err)
			return err
		}
		_, err = picking.Release(ctx, w.Tx, w.Warehouse, &s, w.Staff, sitetest.Noon)
		return err
	case "take back":
		loose, err := picking.Loose(ctx, w.Tx, w.Warehouse)
		if err != nil {
			w.t.Error(err)
			return err
		}
		_, err = picking.TakeBack(ctx, w.Tx, w.Warehouse, loose...)
		return err
	case "shrink":
		waves, err := picking.Waves(ctx, w.Tx, w.Warehouse, 0, 5)
		if err != nil || len(waves) == 0 {
			return err
		}
		_, err = picking.Shrink(ctx, w.Tx, w.Warehouse, waves[0].ID, nil)
		return err
	case "urgent":
		_, err := picking.Inject(ctx, w.Tx, w.Warehouse, w.ref(r))
		return err
	case "change":
		ref := w.ref(r)
		return picking.Change(ctx, w.Tx, ref, ref+".1", rapid.Int64Range(0, 8).Draw(r, "to"))
	case "cancel":
		return picking.Cancel(ctx, w.Tx, w.ref(r))
	case "hold":
		return picking.Hold(ctx, w.Tx, w.ref(r), "held")
	case "go on":
		return picking.Unhold(ctx, w.Tx, w.ref(r))
	case "told of a loss":
		return picking.Lost(ctx, w.Tx, w.ref(r)+".1")
	case "loss":
		m := w.Movement(w.items[0], rapid.Int64Range(1, 3).Draw(r, "gone"), w.Bins[rapid.SampledFrom([]int{0, 4}).Draw(r, "bin")], w.Lost)
		m.Reason = inventory.ReasonAdjust
		return inventory.Move(ctx, w.Tx, m)
	}
	return w.scan(r)
}

// scan mostly scans what the screen asks for.
func (w *work) scan(r *rapid.T) error {
	if len(w.lists) == 0 {
		return nil
	}
	list := rapid.SampledFrom(w.lists).Draw(r, "list")
	step, err := picking.Show(ctx, w.Tx, list, w.Staff)
	if err != nil {
		return err
	}
	wanted := rapid.SampledFrom([]string{"T-1", "T-2", "T-3", "T-4"}).Draw(r, "tote")
	switch step.Next {
	case "Put it in and scan the tote":
		wanted = step.Target
	case "Is this bin empty?":
		wanted = rapid.SampledFrom([]string{labels.LocationCode(step.Target).String(), "X-NO", "X-OK"}).Draw(r, "empty")
	case "Scan the bin":
		wanted = labels.LocationCode(step.Target).String()
	case "Scan the item":
		wanted = map[string]string{"Test I0": mugCode, "Test I1": capCode, "Test I2": "96385074"}[step.Detail[0]]
	}
	codes := []string{wanted, "+1", wanted, "X-UNDO", wanted, "X-EMPTY", "X-SKIP", "X-NEW", "X-DAMAGED", "T-1", "T-2", mugCode, "B-A-01-1-A", "rubbish",
		wanted, wanted, wanted, "X-UNLOAD", "X-GIVEBACK", "X-TAKEOVER"}
	_, err = picking.Take(ctx, w.Tx, list, picktest.By(w.Staff, rapid.SampledFrom(codes).Draw(r, "code")))
	return err
}

// wantedSlot is the slot that the put-wall asks for now, "" for none.
func (w *work) wantedSlot() string {
	step, err := picking.ShowSort(ctx, w.Tx, w.Warehouse, w.Staff)
	if err != nil {
		w.t.Error(err)
	}
	if step.Next == "Put it into the slot and scan the slot" || step.Next == "Put all of it into the slot and scan the slot" {
		return step.Target
	}
	return ""
}

func (w *work) lines(r *rapid.T) (lines []picktest.Line) {
	for range rapid.IntRange(1, 3).Draw(r, "lines") {
		lines = append(lines, picktest.Of(rapid.Int64Range(1, 6).Draw(r, "quantity"), rapid.SampledFrom(w.items).Draw(r, "item")))
	}
	return lines
}

func (w *work) ref(r *rapid.T) string {
	return fmt.Sprint("O-", rapid.IntRange(0, max(0, len(w.refs)-1)).Draw(r, "ref"))
}
