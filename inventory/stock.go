package inventory

import (
	"context"
	"fmt"
	"io"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/sheet"
)

// StockRow is an item with what there is of it in a warehouse.
type StockRow struct {
	Item
	OnHand, Held, Free int64
	Bins               int64 // in which it lies
	Home               string
}

func (r *StockRow) fields() []any {
	return append(r.Item.fields(), &r.OnHand, &r.Held, &r.Free, &r.Bins, &r.Home)
}

// Stock lists items with what there is of them, by SKU, beginning after the SKU after.
func Stock(ctx context.Context, q pg.Querier, warehouse WarehouseID, search, after string, limit int) (_ []StockRow, err error) {
	defer fault.Wrap(&err, "inventory.Stock(%q, %q)", search, after)
	if !plainWords(search, 200) || !plainWords(after, 200) {
		return nil, nil
	}
	return list(ctx, q, (*StockRow).fields, `
		with i as (
			select * from items i
			where i.sku > $3 and ($2 = '' or strpos(lower(i.sku || ' ' || i.name), lower($2)) > 0
			      or exists (select from barcodes b where b.item_id = i.id and strpos(b.code, $2) > 0))
			order by i.sku limit $4
		)
		select `+itemColumns+`, coalesce(b.on_hand, 0), coalesce(h.held, 0), coalesce(b.free, 0) - coalesce(h.held, 0), coalesce(b.bins, 0), coalesce(l.code, '')
		from i
		left join lateral (select sum(on_hand)::bigint as on_hand, coalesce(sum(on_hand) filter (where allocatable and not (select blocked from lots where id = lot_id)), 0)::bigint as free, count(distinct location_id) as bins
		                   from balances where item_id = i.id and warehouse_id = $1) b on true
		left join lateral (select sum(held)::bigint as held from reservations where item_id = i.id and warehouse_id = $1) h on true
		left join warehouse_items w on w.item_id = i.id and w.warehouse_id = $1
		left join locations l on l.id = w.home_id
		order by i.sku`, warehouse, strings.TrimSpace(search), after, limit)
}

// ExportItemStock writes the items that search finds with what there is of each: one row for each item.
func ExportItemStock(ctx context.Context, q pg.Querier, warehouse WarehouseID, search string, out io.Writer) (err error) {
	defer fault.Wrap(&err, "inventory.ExportItemStock(%d, %q)", warehouse, search)
	all, err := Stock(ctx, q, warehouse, search, "", sheet.MaxRows)
	if err != nil {
		return err
	}
	return sheet.Write(out, []string{"sku", "name", "on_hand", "promised", "free", "places", "home"}, column(all, func(r StockRow) []string {
		return []string{r.SKU, r.Name, fmt.Sprint(r.OnHand), fmt.Sprint(r.Held), fmt.Sprint(r.Free), fmt.Sprint(r.Bins), r.Home}
	}))
}

// ExportStock writes what is where: one row for each item, lot and place.
func ExportStock(ctx context.Context, q pg.Querier, warehouse WarehouseID, out io.Writer) (err error) {
	defer fault.Wrap(&err, "inventory.ExportStock(%d)", warehouse)
	all, err := list(ctx, q, (*Balance).fields, balanceQuery+`where b.warehouse_id = $1 and b.on_hand <> 0 order by i.sku, l.code, b.lot_id`, warehouse)
	if err != nil {
		return err
	}
	return sheet.Write(out, []string{"sku", "name", "lot", "expires_on", "location", "kind", "use", "on_hand"}, column(all, func(b Balance) []string {
		return []string{b.SKU, b.Name, b.LotCode, expiryText(b.Expires), b.Code, string(b.Kind), string(b.Use), fmt.Sprint(b.OnHand)}
	}))
}
