package picking_test

import (
	"testing"

	"tote/internal/scan"
	"tote/inventory"
	"tote/labels"
	"tote/picking"
	"tote/picking/picktest"
)

// A tote that a picker fills takes no goods at the dock; one that goods land in is refused to pickers until it is empty.
func TestPickersAndTheDockShareTotes(t *testing.T) {
	f, mug, _ := shop(t)
	list := f.Begin("O-1", picktest.Of(2, mug))
	f.Scan(list, "T-1")
	receipt, err := inventory.OpenReceipt(t.Context(), f.Tx, f.Warehouse, f.Dock, picktest.By(f.Staff, ""))
	if err != nil {
		t.Fatal(err)
	}
	dock := func(code, want string) {
		t.Helper()
		step, err := inventory.Receive(t.Context(), f.Tx, receipt, picking.ToteUsedBy, picktest.By(f.Staff, code))
		if err != nil || step.Message != want {
			t.Fatalf("the dock answers %s with %q, %v; want %q", code, step.Message, err, want)
		}
	}
	dock("T-1", "Tote T-1 is in use: Ada fills it for "+list.String()+". Take another one.")
	dock("T-2", "What you scan now lies in tote T-2. Scan the dock when it is full.")
	f.Scan(list, "B-A-01-1-A")
	says := "Tote T-2 is in use: goods from the dock land in it, or wait in it to be put away. Take another one."
	_, err = picking.ClaimTote(t.Context(), f.Tx, f.Warehouse, labels.ToteCode(2), 0)
	if err == nil {
		t.Error("a tote at the dock was given to a packer")
	}
	f.Scan(list, mugCode, "X-NEW")
	if step := f.Scan(list, "T-2"); step.Result != scan.Wrong || step.Message != says {
		t.Errorf("a picker is told %q", step.Message)
	}
}
