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

func mustExec(t *testing.T, tx *sql.Tx, query string) {
	if _, err := tx.Exec(query); err != nil {
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
	switch rapid.SampledFrom([]string{"scan", "ask", "work", "scan", "scan", "change", "hold", "go on", "loss", "told of a loss", "cancel"}).Draw(r, "act") {
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
	wanted := "T-1"
	switch step.Next {
	case "Scan the bin":
		wanted = labels.LocationCode(step.Target).String()
	case "Scan the item":
		wanted = map[string]string{"Test I0": mugCode, "Test I1": capCode, "Test I2": "96385074"}[step.Detail[0]]
	}
	codes := []string{wanted, "+1", wanted, "X-UNDO", wanted, "X-EMPTY", "X-SKIP", "X-NEW", "X-DAMAGED", "T-1", "T-2", mugCode, "B-A-01-1-A", "rubbish"}
	_, err = picking.Take(ctx, w.Tx, list, picktest.By(w.Staff, rapid.SampledFrom(codes).Draw(r, "code")))
	return err
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
