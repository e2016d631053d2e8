package inventory

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/sheet"
	"tote/internal/staff"
)

// What the ledger says of stock that was on the shelves before the site began.
const (
	openingRef  = "OPENING"
	openingNote = "opening stock"
)

// movedAtOnce keeps a statement small: what Move compares grows with the square of its movements.
const movedAtOnce = 500

// openingSheet is the table of opening stock; what ExportStock writes of another site can be read as one.
var openingSheet = []sheet.Column{
	{Name: "sku", Also: []string{"item"}, Required: true},
	{Name: "bin", Also: []string{"location", "place"}, Required: true},
	{Name: "quantity", Also: []string{"qty", "on_hand"}, Required: true},
}

// Opened is what a table of opening stock came to.
type Opened struct{ Lines, Units, Bins int }

// OpeningStock books what lies in bins already when a site begins: one movement from found for each row, with the
// reason "opening stock". A bin that holds some of the item by the books is refused, so that a table sent twice counts
// once. All rows are checked first: if any is bad, each bad one is named by its line and nothing is stored.
func OpeningStock(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, in io.Reader, by staff.ID, at time.Time) (o Opened, err error) {
	defer fault.Wrap(&err, "inventory.OpeningStock(%d)", warehouse)
	rows, err := sheet.Read(in, openingSheet...)
	if err != nil {
		return o, err
	}
	c, err := openingCheck(ctx, tx, warehouse, rows)
	if err != nil {
		return o, err
	}
	found, err := Standing(ctx, tx, warehouse, Found)
	if err != nil {
		return o, err
	}
	moves := make([]Movement, len(rows))
	bins := map[LocationID]bool{}
	for i, r := range rows {
		moves[i] = c.movement(r)
		moves[i].From, moves[i].Staff, moves[i].At = found, by, at
		o.Units += int(moves[i].Quantity)
		bins[moves[i].To] = true
	}
	if err := sheet.Err(c.bad); err != nil {
		return Opened{}, err
	}
	o.Lines, o.Bins = len(rows), len(bins)
	for some := range slices.Chunk(moves, movedAtOnce) {
		if err := Move(ctx, tx, some...); err != nil {
			return o, err
		}
	}
	return o, staff.Audit(ctx, tx, by, "stock.opened", fmt.Sprint(warehouse), o)
}

// opening is what the rows of a table are held against.
type opening struct {
	warehouse WarehouseID
	items     map[string]ItemID
	bins      map[string]Location
	holds     map[stockAt]int64
	seen      map[stockAt]int
	bad       fault.Fields
}

type stockAt struct {
	item ItemID
	bin  LocationID
}

func openingCheck(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, rows []sheet.Row) (c *opening, err error) {
	c = &opening{warehouse: warehouse, bins: map[string]Location{}, holds: map[stockAt]int64{}, seen: map[stockAt]int{}}
	if c.items, err = itemsBySKU(ctx, tx, column(rows, func(r sheet.Row) string { return strings.ToLower(r.Get("sku")) })); err != nil {
		return nil, err
	}
	bins, err := list(ctx, tx, (*Location).fields, `
		select `+locationColumns+` from locations l
		where l.warehouse_id = $1 and l.kind = 'bin' and l.code = any($2)
		order by l.id for key share`,
		warehouse, pg.Array(append(column(rows, binOf), column(rows, printedBin)...)))
	if err != nil {
		return nil, err
	}
	for _, b := range bins {
		c.bins[b.Code] = b
	}
	return c, c.lock(ctx, tx)
}

// lock makes another table with the same items wait, and then reads what the bins hold.
func (c *opening) lock(ctx context.Context, tx *sql.Tx) error {
	var keys []key
	for _, id := range c.items {
		keys = append(keys, key{c.warehouse, id})
	}
	keys, err := lockItems(ctx, tx, keys)
	if err != nil {
		return err
	}
	type held struct {
		at stockAt
		n  int64
	}
	holds, err := list(ctx, tx, func(h *held) []any { return []any{&h.at.item, &h.at.bin, &h.n} }, `
		select item_id, location_id, sum(on_hand)::bigint from balances where warehouse_id = $1 and item_id = any($2) group by 1, 2`,
		c.warehouse, keyArgs(keys)[1])
	for _, h := range holds {
		c.holds[h.at] = h.n
	}
	return err
}

func binOf(r sheet.Row) string { return strings.ToUpper(r.Get("bin")) }

// printedBin is the same with what labels print before a code; aisle B has bins that begin so by themselves.
func printedBin(r sheet.Row) string { return strings.TrimPrefix(binOf(r), "B-") }

// movement is one row, or a mistake under its line.
func (c *opening) movement(r sheet.Row) Movement {
	m := Movement{Warehouse: c.warehouse, Item: c.items[strings.ToLower(r.Get("sku"))], Reason: ReasonAdjust, Ref: openingRef, Note: openingNote,
		Quantity: r.Int(&c.bad, "quantity", 1, MostUnits, 0)}
	bin, there := c.bins[binOf(r)]
	if !there {
		bin, there = c.bins[printedBin(r)]
	}
	m.To = bin.ID
	at := stockAt{m.Item, m.To}
	switch {
	case m.Item == 0:
		r.Fault(&c.bad, "there is no item %s; add it under Items first", quoted(r.Get("sku")))
	case !there:
		r.Fault(&c.bad, "there is no bin %s; add it under Locations first", quoted(r.Get("bin")))
	case !bin.Active:
		r.Fault(&c.bad, "the bin %s is out of use", bin.Code)
	case c.seen[at] > 0:
		r.Fault(&c.bad, "%s in %s is in line %d already", r.Get("sku"), bin.Code, c.seen[at])
	case c.holds[at] != 0:
		r.Fault(&c.bad, "%s holds %d of %s by the books already; correct it on the item's page", bin.Code, c.holds[at], r.Get("sku"))
	}
	c.seen[at] = r.Line
	return m
}
