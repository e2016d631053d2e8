package picking_test

import (
	"testing"

	"tote/internal/pg"
	"tote/inventory"
	"tote/picking"
)

// lawful fails the test for every law of the ledger or of picking that does not hold.
func lawful(t testing.TB, q pg.Querier) {
	t.Helper()
	ledger, err := inventory.Check(ctx, q)
	if err != nil {
		t.Fatal(err)
	}
	walks, err := picking.Check(ctx, q)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range append(ledger, walks...) {
		if l.Count > 0 {
			t.Errorf("%d times broken: %s: %v", l.Count, l.Name, l.Examples)
		}
	}
}
