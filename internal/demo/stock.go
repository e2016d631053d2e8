package demo

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/picking"
)

var suppliers = []string{"Papierwerk GmbH", "Lernbuch Verlag", "Drukkerij Noord", "Atelier Couleur", "Nordic Print", "Stempel & Söhne"}

// caseOf is how many an outer carton holds; its barcode counts them all.
const caseOf = 20

// stockItems enters the real items: each has its own barcode and most have one for the case.
func (h *house) stockItems(ctx context.Context, tx *sql.Tx, d dataset) error {
	names := itemNames(d.products)
	for i, p := range d.products {
		id, err := inventory.AddItem(ctx, tx, inventory.Item{
			SKU: sku(i), Name: names[i], LengthMM: int64(p.length), WidthMM: int64(p.width), HeightMM: int64(p.height),
			WeightG: int64(p.weight), BinClass: classOf(p),
		})
		if err != nil {
			return err
		}
		if err := inventory.AddBarcode(ctx, tx, inventory.Barcode{Item: id, Code: gtin(0, i), Quantity: 1}); err != nil {
			return err
		}
		if p.height > 60 {
			continue
		}
		if err := inventory.AddBarcode(ctx, tx, inventory.Barcode{Item: id, Code: gtin(1, i), Quantity: caseOf}); err != nil {
			return err
		}
	}
	return nil
}

// classOf keeps what is smaller than a litre in the small bins, so that much-sold items fill several.
func classOf(p product) inventory.BinClass {
	if p.width*p.length*p.height < 1_000_000 {
		return inventory.Small
	}
	return inventory.Shelf
}

// A delivery is one purchase order: how many of which product.
type delivery struct {
	number, supplier string
	lines            []saleLine
}

// deliveries share out the opening stock: all that was ever ordered and a fifth more, from six suppliers.
func deliveries(d dataset) []delivery {
	all := make([]delivery, len(suppliers))
	for i := range all {
		all[i] = delivery{number: fmt.Sprintf("PO-%d", 5001+i), supplier: suppliers[i]}
	}
	for i, p := range d.products {
		s := &all[i%len(all)]
		s.lines = append(s.lines, saleLine{i, p.ordered + p.ordered/5 + 5})
	}
	return all
}

// expect enters a purchase order as the office would.
func (h *house) expect(ctx context.Context, tx *sql.Tx, d delivery, dueInDays int) error {
	r := inventory.ExpectedReceipt{Number: d.number, Kind: "po", Warehouse: h.warehouse, Supplier: d.supplier, DueOn: h.at.AddDate(0, 0, dueInDays)}
	for i, l := range d.lines {
		r.Lines = append(r.Lines, inventory.ExpectedLine{Line: i + 1, SKU: sku(l.product), Quantity: l.quantity})
	}
	_, err := inventory.Expect(ctx, tx, r)
	return err
}

// unload receives a delivery at a dock by scans: the item's barcode, then the rest as a typed count.
func (h *house) unload(ctx context.Context, tx *sql.Tx, dock string, d delivery, lines int) (inventory.ReceiptID, error) {
	id, err := inventory.OpenReceipt(ctx, tx, h.warehouse, h.docks[dock], h.pull(staff.Receiver, ""), d.number)
	if err != nil {
		return 0, err
	}
	for _, l := range d.lines[:min(lines, len(d.lines))] {
		codes := []string{gtin(0, l.product)}
		if l.quantity > 1 {
			codes = append(codes, fmt.Sprintf("+%d", l.quantity-1))
		}
		for _, code := range codes {
			step, err := inventory.Receive(ctx, tx, id, picking.ToteUsedBy, h.pull(staff.Receiver, code))
			if err := worked(step, err, code); err != nil {
				return 0, err
			}
		}
	}
	return id, nil
}

// putAway carries everything that waits into the bins that the rules name.
func (h *house) putAway(ctx context.Context, tx *sql.Tx) error {
	code := "X-NEW"
	for {
		waiting, _, err := inventory.PutawayWaiting(ctx, tx, h.warehouse)
		if err != nil || waiting == 0 {
			return err
		}
		step, err := inventory.PutAway(ctx, tx, h.warehouse, h.pull(staff.Receiver, code))
		full := step.Result == scan.Wrong && step.Target != "" && code != "B-"+step.Target // the bin's limit: the screen names the next
		if !full || err != nil {
			if err := worked(step, err, code); err != nil {
				return err
			}
		}
		code = "X-NEW"
		if step.Target != "" {
			code = "B-" + step.Target
		}
	}
}

// fillShelves brings the opening stock through the docks into the bins.
func (h *house) fillShelves(ctx context.Context, d dataset) error {
	for i, del := range deliveries(d) {
		if i < 2 {
			if err := h.grown(ctx); err != nil {
				return err
			}
		}
		err := pg.InTx(ctx, h.db, func(tx *sql.Tx) error {
			if err := h.expect(ctx, tx, del, 0); err != nil {
				return err
			}
			id, err := h.unload(ctx, tx, "DOCK-1", del, len(del.lines))
			if err != nil {
				return err
			}
			if err := inventory.CloseReceipt(ctx, tx, id, h.pull(staff.Receiver, "")); err != nil {
				return err
			}
			return h.putAway(ctx, tx)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// grown tells the planner that tables grew from nothing within seconds: it must not go on believing that they are empty.
func (h *house) grown(ctx context.Context) error {
	_, err := h.db.ExecContext(ctx, `analyze`)
	return err
}

// keepTrucksComing leaves the docks as on a working day: one truck half unloaded, one due today, one late.
func (h *house) keepTrucksComing(ctx context.Context, d dataset) error {
	part := func(n, from, count int) delivery {
		del := delivery{number: fmt.Sprintf("PO-%d", 5100+n), supplier: suppliers[n%len(suppliers)]}
		for i := range count {
			del.lines = append(del.lines, saleLine{product: from + i, quantity: int64(20 * (1 + i%4))})
		}
		return del
	}
	return pg.InTx(ctx, h.db, func(tx *sql.Tx) error {
		unloading := part(1, 10, 6)
		for _, next := range []struct {
			delivery
			due int
		}{{unloading, 0}, {part(2, 40, 8), 0}, {part(3, 70, 5), -2}, {part(4, 90, 12), 4}} {
			if err := h.expect(ctx, tx, next.delivery, next.due); err != nil {
				return err
			}
		}
		_, err := h.unload(ctx, tx, "DOCK-2", unloading, 3)
		return err
	})
}

// worked turns an answer the demo did not expect into an error: the demo scans nothing wrong.
func worked(step scan.Step, err error, code string) error {
	if err != nil {
		return err
	}
	if step.Result == scan.Wrong || step.Result == scan.Decide && !strings.HasPrefix(code, "X-") {
		return fault.New(fault.Other, "demo: scanned %s, was told %q", code, step.Message)
	}
	return nil
}
