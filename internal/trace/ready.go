package trace

import (
	"context"

	"tote/internal/fault"
	"tote/internal/pg"
)

// Part is a part of a warehouse that somebody has to set up before work can begin.
type Part string

// Parts in the order in which a new warehouse sets them up.
const (
	Bins     Part = "bins"
	Totes    Part = "totes"
	Items    Part = "items"
	Prices   Part = "prices"
	Boxes    Part = "boxes"
	Carriers Part = "carriers"
	Printers Part = "printers"
	People   Part = "people"
	Opening  Part = "opening stock"
)

// Ready tells which parts of a warehouse are set up. A part that was set up once stays so. The two carriers that every
// site begins with count as set up when one of them was told its tracking page. A warehouse that has sent something
// has the carriers and printers it needs.
func Ready(ctx context.Context, q pg.Querier, warehouse int64) (_ map[Part]bool, err error) {
	defer fault.Wrap(&err, "trace.Ready(%d)", warehouse)
	var bins, totes, items, prices, boxes, carriers, printers, people, opening bool
	err = q.QueryRowContext(ctx, `
		select exists (select from locations where warehouse_id = $1 and kind = 'bin'),
		       exists (select from locations where warehouse_id = $1 and kind = 'tote'),
		       exists (select from items),
		       exists (select from prices),
		       exists (select from carton_types where warehouse_id = $1),
		       exists (select from carriers where code not in ('own', 'manual') or tracking_url <> '') or exists (select from shipments where warehouse_id = $1),
		       exists (select from printers p join stations s on s.id = p.station_id where s.warehouse_id = $1) or exists (select from shipments where warehouse_id = $1),
		       (select count(*) > 1 from staff where warehouse_id = $1),
		       exists (select from movements m join locations l on l.id = m.to_id where l.warehouse_id = $1 and l.kind = 'bin')`, warehouse).
		Scan(&bins, &totes, &items, &prices, &boxes, &carriers, &printers, &people, &opening)
	return map[Part]bool{Bins: bins, Totes: totes, Items: items, Prices: prices, Boxes: boxes, Carriers: carriers, Printers: printers, People: people, Opening: opening}, err
}
