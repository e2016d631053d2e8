package packing_test

import (
	"context"
	"testing"

	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/inventory"
	"tote/packing"
	"tote/packing/packtest"
	"tote/picking"
)

var ctx = context.Background()

const (
	mugCode  = "4006381333931"
	trioCode = "14006381333938" // three mugs
	capCode  = "9521234543213"
)

// shop is a bench with mugs and caps of 250 g on the shelf.
func shop(t *testing.T) (b *packtest.Bench, mug, hat inventory.ItemID) {
	b = packtest.New(t, pgtest.Tx(t))
	mug, hat = b.Item("MUG"), b.Item("CAP")
	for code, barcode := range map[string]inventory.Barcode{mugCode: {Item: mug, Quantity: 1}, trioCode: {Item: mug, Quantity: 3}, capCode: {Item: hat, Quantity: 1}} {
		barcode.Code = code
		ok(t, inventory.AddBarcode(ctx, b.Tx, barcode))
	}
	b.Stock(mug, b.Bins[0], 10)
	b.Stock(hat, b.Bins[6], 5)
	return b, mug, hat
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// lawful fails the test for every law of the ledger, of picking or of packing that does not hold.
func lawful(t testing.TB, q pg.Querier) {
	t.Helper()
	for _, check := range []func(context.Context, pg.Querier) ([]inventory.Law, error){inventory.Check, picking.Check, packing.Check} {
		laws, err := check(ctx, q)
		ok(t, err)
		for _, l := range laws {
			if l.Count > 0 {
				t.Errorf("%d times broken: %s: %v", l.Count, l.Name, l.Examples)
			}
		}
	}
}

func cartons(t *testing.T, b *packtest.Bench, ref string) []packing.Carton {
	t.Helper()
	all, err := packing.Cartons(ctx, b.Tx, ref)
	ok(t, err)
	return all
}
