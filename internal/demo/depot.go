package demo

import (
	"context"
	"database/sql"

	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
	"tote/picking"
)

// openDepot opens a second, small warehouse, where the manager and the admin may work too, and leaves two transfers to
// it: one on its way, one whose pieces are being taken out of their bins.
func (h *house) openDepot(ctx context.Context) error {
	return pg.InTx(ctx, h.db, func(tx *sql.Tx) error {
		depot, err := inventory.AddWarehouse(ctx, tx, inventory.Warehouse{
			Code: "DEPOT", Name: "Potsdam depot", TimeZone: "Europe/Berlin", GS1Prefix: examplePrefix,
			Company: company, Street: "Speicherweg 8", City: "Potsdam", Postcode: "14467", Country: "DE",
		})
		if err != nil {
			return err
		}
		if err := h.furnishDepot(ctx, tx, depot); err != nil {
			return err
		}
		for _, role := range []staff.Role{staff.Manager, staff.Admin} {
			if err := staff.Admit(ctx, tx, h.people[role].ID, int64(depot), h.people[staff.Admin].ID); err != nil {
				return err
			}
		}
		return h.sendToDepot(ctx, tx, depot)
	})
}

// furnishDepot puts up two bays of bins, a dock and a bench, each of them with its station.
func (h *house) furnishDepot(ctx context.Context, tx *sql.Tx, depot inventory.WarehouseID) error {
	places := []place{{kind: "zone", code: "HALL"}, {kind: "aisle", code: "N", parent: "HALL", x: aislePitch, y: frontGap}}
	for bay := 1; bay <= 2; bay++ {
		places = append(places, bayOf("N", bay, aislePitch)...)
	}
	places = append(places, place{kind: "dock", code: "RAMP", parent: "HALL", x: 1500}, place{kind: "station", code: "BENCH", parent: "HALL", x: 4500, y: 2500})
	if _, err := inventory.ImportLocations(ctx, tx, depot, locationsFile(places)); err != nil {
		return err
	}
	for _, s := range []struct{ code, name, kind, at string }{{"K-9", "Potsdam ramp", "receiving", "RAMP"}, {"K-10", "Potsdam bench", "packing", "BENCH"}} {
		var at int64
		if err := tx.QueryRowContext(ctx, `select id from locations where warehouse_id = $1 and code = $2`, depot, s.at).Scan(&at); err != nil {
			return err
		}
		if _, err := staff.AddStation(ctx, tx, staff.Station{Warehouse: int64(depot), Code: s.code, Name: s.name, Kind: s.kind, Location: at}); err != nil {
			return err
		}
	}
	return nil
}

// sendToDepot shares what nobody was promised: three items go at once, of the next three the first is taken.
func (h *house) sendToDepot(ctx context.Context, tx *sql.Tx, depot inventory.WarehouseID) error {
	spare, err := h.spare(ctx, tx, 6)
	if err != nil {
		return err
	}
	sent, err := h.prepare(ctx, tx, depot, "shelves of the new depot", spare[:3], 3)
	if err != nil {
		return err
	}
	if err := inventory.SendTransfer(ctx, tx, h.warehouse, sent, "", h.at.AddDate(0, 0, 1), h.people[staff.Manager].ID, h.at); err != nil {
		return err
	}
	_, err = h.prepare(ctx, tx, depot, "the schools around Potsdam buy there", spare[3:], 1)
	return err
}

// prepare asks for some pieces of each item and takes those of the first so many out of their bins.
func (h *house) prepare(ctx context.Context, tx *sql.Tx, depot inventory.WarehouseID, why string, spare []pile, taken int) (inventory.TransferID, error) {
	t := inventory.Transfer{From: h.warehouse, To: depot, Note: why}
	for i, p := range spare {
		t.Lines = append(t.Lines, inventory.TransferLine{SKU: p.sku, Quantity: int64(6 + 2*i)})
	}
	id, err := inventory.AskTransfer(ctx, tx, t, h.people[staff.Manager].ID, h.at)
	if err != nil {
		return 0, err
	}
	for i, p := range spare[:taken] {
		err := inventory.TakeForTransfer(ctx, tx, h.warehouse, id, inventory.TransferPick{Place: p.bin, Item: p.sku, Quantity: t.Lines[i].Quantity}, picking.PlannedAt,
			inventory.Movement{Staff: h.people[staff.Receiver].ID, Scan: uuid.New(), At: h.at})
		if err != nil {
			return 0, err
		}
	}
	return id, nil
}

// A pile is what lies of an item in a bin.
type pile struct{ sku, bin string }

// spare finds so many items of which more is there than orders were promised, and a bin each that no pick list leads to.
func (h *house) spare(ctx context.Context, tx *sql.Tx, items int) ([]pile, error) {
	found, err := pg.Collect(func(p *pile) []any { return []any{&p.sku, &p.bin} })(tx.QueryContext(ctx, `
		select sku, code from (
			select distinct on (i.id) i.id, i.sku, l.code
			from balances b join items i on i.id = b.item_id join locations l on l.id = b.location_id
			where b.warehouse_id = $1 and b.lot_id = 0 and b.allocatable and l.kind = 'bin' and b.on_hand >= 16
			  and 16 <= (select sum(o.on_hand) from balances o where o.warehouse_id = $1 and o.item_id = i.id and o.allocatable)
			            - (select coalesce(sum(r.held), 0) from reservations r where r.warehouse_id = $1 and r.item_id = i.id)
			  and not exists (select from pick_tasks t where t.location_id = l.id and t.item_id = i.id)
			order by i.id, l.code) piles
		order by id limit $2`, h.warehouse, items))
	if err == nil && len(found) < items {
		err = fault.New(fault.Other, "demo: only %d items can be spared", len(found))
	}
	return found, err
}
