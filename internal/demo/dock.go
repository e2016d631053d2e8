package demo

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
	"tote/picking"
)

// tracked is what the demo stocks by lot and serial number: tea that expires, and lamps with a number each.
var tracked = []struct {
	item inventory.Item
	gtin string
}{
	{inventory.Item{SKU: "TEA-EARL-100", Name: "Earl Grey tea, 100 g tin", LengthMM: 80, WidthMM: 80, HeightMM: 110, WeightG: 160, Tracking: inventory.ByLot, Expires: true, ShelfDays: 30}, "09501101530003"},
	{inventory.Item{SKU: "LAMP-DESK", Name: "Desk lamp with its serial number", LengthMM: 400, WidthMM: 180, HeightMM: 160, WeightG: 1400, Tracking: inventory.BySerial}, "09501101530010"},
}

// receiveTracked lets a truck bring lots, one of them on an announced pallet: old tea stands in a bin, new tea waits at the
// dock to be inspected, lamps with their numbers wait in a tote, and one pallet is still to come.
func (h *house) receiveTracked(ctx context.Context) error {
	return pg.InTx(ctx, h.db, func(tx *sql.Tx) error {
		for i := range tracked {
			id, err := inventory.AddItem(ctx, tx, tracked[i].item)
			if err != nil {
				return err
			}
			if err := inventory.AddBarcode(ctx, tx, inventory.Barcode{Code: tracked[i].gtin, Item: id, Quantity: 1}); err != nil {
				return err
			}
		}
		five := int64(5)
		for _, v := range []inventory.Vendor{{Code: "LEAF", Name: "Leaf & Bud", OverPercent: &five, InspectEvery: 2, Active: true}, {Code: "LUMEN", Name: "Lumen Works", Active: true}} {
			if err := inventory.StoreSupplier(ctx, tx, v); err != nil {
				return err
			}
		}
		if _, err := inventory.AddPallets(ctx, tx, h.warehouse, 4); err != nil {
			return err
		}
		day := func(in int) string { return h.at.AddDate(0, 0, in).Format("060102") }
		tea, lamp := tracked[0], tracked[1]
		if _, err := inventory.Expect(ctx, tx,
			inventory.ExpectedReceipt{Number: "ASN-7701", Kind: "asn", Warehouse: h.warehouse, Supplier: "Leaf & Bud", DueOn: h.at, Lines: []inventory.ExpectedLine{
				{SKU: tea.item.SKU, Quantity: 60}}},
			inventory.ExpectedReceipt{Number: "ASN-7702", Kind: "asn", Warehouse: h.warehouse, Supplier: "Leaf & Bud", DueOn: h.at.AddDate(0, 0, 12), Lines: []inventory.ExpectedLine{
				{SKU: tea.item.SKU, Quantity: 96, SSCC: "395212340000077023", Lot: "EG-2412", Expires: h.at.AddDate(1, 2, 0)}}},
			inventory.ExpectedReceipt{Number: "PO-7703", Kind: "po", Warehouse: h.warehouse, Supplier: "Lumen Works", DueOn: h.at, Lines: []inventory.ExpectedLine{
				{SKU: lamp.item.SKU, Quantity: 4}}}); err != nil {
			return err
		}
		id, err := inventory.OpenReceipt(ctx, tx, h.warehouse, h.docks["DOCK-1"], h.pull(staff.Receiver, ""), "ASN-7701", "PO-7703")
		if err != nil {
			return err
		}
		codes := []string{
			fmt.Sprintf("]C101%s17%s10EG-2407\x1d3024", tea.gtin, day(80)), // good for some weeks
			fmt.Sprintf("]C101%s17%s10EG-2410\x1d3036", tea.gtin, day(420)),
		}
		codes = append(codes, dockTote) // the lamps come in a tote
		for n := range 3 {
			codes = append(codes, fmt.Sprintf("(01)%s(21)LW-%04d", lamp.gtin, 310+n))
		}
		for _, code := range codes {
			step, err := inventory.Receive(ctx, tx, id, picking.ToteUsedBy, h.pull(staff.Receiver, code))
			if err := worked(step, err, code); err != nil {
				return err
			}
		}
		if err := inventory.CloseReceipt(ctx, tx, id, h.pull(staff.Receiver, "")); err != nil {
			return err
		}
		return h.stockOldTea(ctx, tx)
	})
}

// stockOldTea leaves some of a lot on the shelf that is good for fewer days than its item asks for: nobody is promised it.
func (h *house) stockOldTea(ctx context.Context, tx *sql.Tx) error {
	bin, err := h.emptyBin(ctx, tx)
	if err != nil {
		return err
	}
	_, err = inventory.OpeningStock(ctx, tx, h.warehouse, table([]string{"sku", "bin", "quantity", "lot", "expires_on"},
		[][]string{{tracked[0].item.SKU, bin, "7", "EG-2311", h.at.AddDate(0, 0, 21).Format(time.DateOnly)}}), h.people[staff.Manager].ID, h.at)
	return err
}

// emptyBin is the first pickable bin with nothing in it.
func (h *house) emptyBin(ctx context.Context, tx *sql.Tx) (code string, err error) {
	err = tx.QueryRowContext(ctx, `
		select l.code from locations l where l.warehouse_id = $1 and l.kind = 'bin' and l.use = 'pickable'
		  and not exists (select from balances b where b.location_id = l.id) order by l.code limit 1`, h.warehouse).Scan(&code)
	return code, err
}
