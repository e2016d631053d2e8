package picking_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tote/internal/pgtest"
	"tote/inventory"
	"tote/picking"
	"tote/picking/picktest"
)

// numbers are what a wave is said to have: orders, lines, pieces, grams, and metres by name.
func numbers(t *testing.T, f *picktest.Floor, wave picking.WaveID) [5]int64 {
	t.Helper()
	w, err := picking.WaveByID(ctx, f.Tx, f.Warehouse, wave)
	ok(t, err)
	return [5]int64{w.Orders, w.Lines, w.Units, w.WeightG, w.Named / 1000}
}

func TestTheMinutesOfAWaveAreKept(t *testing.T) {
	f, mug, hat := shop(t)
	f.Stock(mug, f.Bins[0], 200)
	f.Stock(hat, f.Bins[6], 200)
	f.Ask(f.Demand("O-BIG", picktest.Of(100, mug))) // five minutes of pieces alone
	for i := range 20 {
		f.Ask(f.Demand(fmt.Sprint("O-", i), picktest.Of(1+int64(i%3), mug), picktest.Of(1, hat)))
	}
	for _, method := range picking.Methods {
		before := int64(0)
		for minutes := int64(1); minutes <= 4; minutes++ {
			s := draw(t, f, picking.WaveSpec{Name: "short", Method: method, Limits: picking.Limits{Minutes: minutes}})
			why := left(s)
			switch {
			case s.Seconds > 60*minutes:
				t.Errorf("%s: %d orders take %d s, more than %d minutes", method, s.Orders, s.Seconds, minutes)
			case s.Orders <= before:
				t.Errorf("%s: %d orders in %d minutes, %d in one less", method, s.Orders, minutes, before)
			case why["O-BIG"] != "it takes longer by itself than the minutes of this wave":
				t.Errorf("%s: O-BIG is left out because %q", method, why["O-BIG"])
			case int(s.Orders)+len(s.LeftOut) != 21:
				t.Errorf("%s: %d orders and %d left out", method, s.Orders, len(s.LeftOut))
			}
			if s.Units < s.Orders*2 || s.Lines != 2*s.Orders {
				t.Errorf("%s: %d orders, %d lines, %d pieces", method, s.Orders, s.Lines, s.Units)
			}
			before = s.Orders
		}
	}
}

func TestWhatIsTakenBackIsNotCounted(t *testing.T) {
	f, mug, hat := shop(t)
	f.Ask(f.Demand("O-1", picktest.Of(2, mug)))
	f.Ask(f.Demand("O-2", picktest.Of(1, mug), picktest.Of(3, hat)))
	wave, s := release(t, f, picking.WaveSpec{Name: "noon", Method: picking.Cluster})
	if diff := cmp.Diff([5]int64{2, 3, 6, 1500, 3 + 16}, numbers(t, f, wave)); diff != "" {
		t.Errorf("released (-want +got):\n%s", diff)
	}
	_, err := picking.Shrink(ctx, f.Tx, f.Warehouse, wave, []string{"O-2"})
	ok(t, err)
	lawful(t, f.Tx)
	if diff := cmp.Diff([5]int64{1, 1, 2, 500, 3}, numbers(t, f, wave)); diff != "" {
		t.Errorf("less O-2 (-want +got):\n%s", diff)
	}
	w, err := picking.WaveByID(ctx, f.Tx, f.Warehouse, wave)
	ok(t, err)
	if w.Planned != 3000 || w.First != 0 || w.Bound != 0 || s.Planned != 16000 {
		t.Errorf("planned %d mm, as they came %d, no less than %d; it was %d", w.Planned, w.First, w.Bound, s.Planned)
	}
	list := f.Work(f.Staff)
	f.PickCart(list, "T-1")
	w, err = picking.WaveByID(ctx, f.Tx, f.Warehouse, wave)
	ok(t, err)
	if w.Walked != w.Planned || w.Done != w.Units || w.State() != "picked" {
		t.Errorf("in the end: %+v", w)
	}
	if f.State("O-2") != picking.Open {
		t.Errorf("O-2 is %s", f.State("O-2"))
	}
	_, err = picking.Shrink(ctx, f.Tx, f.Warehouse, wave, nil)
	if err == nil {
		t.Error("a picked wave shrinks")
	}
}

func TestAWaveThatIsTakenBackWholeKeepsWhatItHad(t *testing.T) {
	f, mug, _ := shop(t)
	f.Ask(f.Demand("O-1", picktest.Of(2, mug)))
	wave, _ := release(t, f, picking.WaveSpec{Name: "noon", Method: picking.Piece})
	_, err := picking.Shrink(ctx, f.Tx, f.Warehouse, wave, nil)
	ok(t, err)
	lawful(t, f.Tx)
	if got := numbers(t, f, wave); got != [5]int64{1, 1, 2, 500, 3} {
		t.Errorf("%v", got)
	}
	if w, err := picking.WaveByID(ctx, f.Tx, f.Warehouse, wave); err != nil || w.State() != "cancelled" {
		t.Errorf("%+v, %v", w, err)
	}
}

func TestAnOrderThatJoinsAWaveCounts(t *testing.T) {
	f, mug, hat := shop(t)
	f.Ask(f.Demand("O-1", picktest.Of(2, mug)))
	wave, _ := release(t, f, picking.WaveSpec{Name: "noon", Method: picking.Cluster})
	list := f.Work(f.Staff)
	f.Scan(list, "T-1")
	f.Ask(f.Demand("O-2", picktest.Of(1, hat)))
	_, err := picking.Inject(ctx, f.Tx, f.Warehouse, "O-2")
	ok(t, err)
	lawful(t, f.Tx)
	if got := numbers(t, f, wave); got != [5]int64{2, 2, 3, 750, 3 + 13} {
		t.Errorf("%v", got)
	}
}

// Three mugs are missing in the first bin. Two are found in another one, and one nowhere.
func TestWhatOtherBinsGiveIsNotShort(t *testing.T) {
	f := picktest.New(t, pgtest.Tx(t))
	mug := f.Item("MUG")
	ok(t, inventory.AddBarcode(ctx, f.Tx, inventory.Barcode{Code: mugCode, Item: mug, Quantity: 1}))
	f.Stock(mug, f.Bins[0], 4)
	f.Stock(mug, f.Bins[1], 2)
	d := f.Demand("O-1", picktest.Of(4, mug))
	d.ShipComplete = false
	f.Ask(d)
	wave, _ := release(t, f, picking.WaveSpec{Name: "noon", Method: picking.Piece})
	list := f.Work(f.Staff)
	f.Scan(list, "T-1", "B-A-01-1-A", mugCode, "X-EMPTY")
	w, err := picking.WaveByID(ctx, f.Tx, f.Warehouse, wave)
	ok(t, err)
	if w.Short != 1 || w.Elsewhere != 2 || w.Total != 3 {
		t.Errorf("%d short, %d elsewhere, %d in all; want 1, 2 and 3", w.Short, w.Elsewhere, w.Total)
	}
	f.Scan(list, "B-A-01-1-B", mugCode, mugCode)
	lists, err := picking.ListsOf(ctx, f.Tx, f.Warehouse, wave)
	ok(t, err)
	if l := lists[0]; l.Short != 1 || l.Elsewhere != 2 || l.Done != 3 || l.State != picking.ListPicked {
		t.Errorf("%+v", l)
	}
}
