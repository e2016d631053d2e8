package demo

import (
	"context"
	"database/sql"
	"fmt"

	"tote/internal/orders"
	"tote/inventory"
	"tote/packing"
)

// supplies are what parcels are packed with; so many lie at each bench.
var supplies = []struct {
	sku, name string
	weightG   int64
	at        int64
}{
	{"WRAP", "Bubble wrap, sheet 50 × 50 cm", 4, 400},
	{"CORNERS", "Card corners, set of four", 6, 120},
	{"THANKS", "Thank-you card", 3, 80},
}

// packed are the products that need them, by their place among the real ones, and how.
var packed = map[int]packing.MaterialForm{
	0: {SKU: "WRAP", Per: string(packing.PerUnit), Quantity: 1, Note: "Printed side inwards."},
	1: {SKU: "CORNERS", Per: string(packing.PerCarton), Quantity: 1},
	2: {SKU: "WRAP", Per: string(packing.PerCarton), Quantity: 2},
}

// supply lays packing materials out at the benches and says what takes them: some products, and one customer.
func (h *house) supply(ctx context.Context, tx *sql.Tx, wishing string) error {
	from, err := inventory.Standing(ctx, tx, h.warehouse, inventory.Supplier)
	if err != nil {
		return err
	}
	for _, s := range supplies {
		id, err := inventory.AddItem(ctx, tx, inventory.Item{SKU: s.sku, Name: s.name, LengthMM: 200, WidthMM: 100, HeightMM: 1, WeightG: s.weightG, BinClass: inventory.Small})
		if err != nil {
			return err
		}
		for i := 1; i <= 4; i++ {
			bench := inventory.LocationID(h.stations[fmt.Sprintf("Pack bench %d", i)].Location)
			if err := inventory.Move(ctx, tx, inventory.Movement{Warehouse: h.warehouse, Item: id, Quantity: s.at, From: from, To: bench,
				Reason: inventory.ReasonReceive, Ref: "SUPPLIES", At: h.at}); err != nil {
				return err
			}
		}
	}
	for i, f := range packed {
		item, err := inventory.FindItem(ctx, tx, sku(i))
		if err != nil {
			return err
		}
		if err := packing.SetMaterials(ctx, tx, item.ID, []packing.MaterialForm{f}, 0); err != nil {
			return err
		}
	}
	found, err := orders.Customers(ctx, tx, wishing, "", 1)
	if err != nil || len(found) == 0 {
		return err
	}
	return orders.SetWishes(ctx, tx, found[0].ID, []packing.MaterialForm{{SKU: "THANKS", Quantity: 1, Note: "On top, writing upwards."}}, 0)
}
