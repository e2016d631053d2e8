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
	{Name: "lot", Also: []string{"batch", "serial"}},
	{Name: "expires_on", Also: []string{"expires", "best_before"}},
}

// Opened is what a table of opening stock came to.
type Opened struct{ Lines, Units, Bins int }

// OpeningStock books what lies in bins already when a site begins: one movement from found for each row, with the
// reason "opening stock". A bin that holds some of the item by the books is refused, so that a table sent twice counts
// once. What is tracked says its lot or serial number, and its last good day if it has one. All rows are checked first:
// if any is bad, each bad one is named by its line and nothing is stored.
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
	for i, r := range rows {
		if moves[i].Lot, err = c.lotOf(ctx, tx, r); err != nil {
			return Opened{}, err
		}
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
	items     map[string]openingItem
	bins      map[string]Location
	holds     map[stockAt]int64
	seen      map[string]int // which line says it, by item, bin and lot; a serial number by item alone
	bad       fault.Fields
}

// openingItem is an item as a table of opening stock needs it.
type openingItem struct {
	sku      string
	id       ItemID
	tracking Tracking
	expires  bool
}

type stockAt struct {
	item ItemID
	bin  LocationID
}

func openingCheck(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, rows []sheet.Row) (c *opening, err error) {
	c = &opening{warehouse: warehouse, bins: map[string]Location{}, holds: map[stockAt]int64{}, items: map[string]openingItem{}, seen: map[string]int{}}
	items, err := list(ctx, tx, func(o *openingItem) []any { return []any{&o.sku, &o.id, &o.tracking, &o.expires} },
		`select lower(sku), id, tracking, expires from items where lower(sku) = any($1) and active`,
		pg.Array(column(rows, func(r sheet.Row) string { return strings.ToLower(r.Get("sku")) })))
	if err != nil {
		return nil, err
	}
	for _, it := range items {
		c.items[it.sku] = it
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
	for _, it := range c.items {
		keys = append(keys, key{c.warehouse, it.id})
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
	it := c.items[strings.ToLower(r.Get("sku"))]
	m := Movement{Warehouse: c.warehouse, Item: it.id, Reason: ReasonAdjust, Ref: openingRef, Note: openingNote,
		Quantity: r.Int(&c.bad, "quantity", 1, MostUnits, 0)}
	bin, there := c.bins[binOf(r)]
	if !there {
		bin, there = c.bins[printedBin(r)]
	}
	m.To = bin.ID
	at := stockAt{m.Item, m.To}
	name, where := it.row(r, bin)
	switch {
	case m.Item == 0:
		r.Fault(&c.bad, "there is no item %s; add it under Items first", quoted(r.Get("sku")))
	case !there:
		r.Fault(&c.bad, "there is no bin %s; add it under Locations first", quoted(r.Get("bin")))
	case !bin.Active:
		r.Fault(&c.bad, "the bin %s is out of use", bin.Code)
	case c.seen[name] > 0:
		r.Fault(&c.bad, "%s is in line %d already", where, c.seen[name])
	case c.holds[at] != 0:
		r.Fault(&c.bad, "%s holds %d of %s by the books already; correct it on the item's page", bin.Code, c.holds[at], r.Get("sku"))
	}
	c.tracked(it, r, m.Quantity)
	c.seen[name] = r.Line
	return m
}

// row names what a row says, so that it says it once, and how a person is told.
func (o openingItem) row(r sheet.Row, bin Location) (name, where string) {
	lot := r.Get("lot")
	if o.tracking == BySerial && lot != "" {
		return fmt.Sprintf("%d\n%s", o.id, lot), fmt.Sprintf("serial %s of %s", lot, r.Get("sku"))
	}
	if lot != "" {
		where = "lot " + lot + " of "
	}
	return fmt.Sprintf("%d %d\n%s", o.id, bin.ID, lot), where + r.Get("sku") + " in " + bin.Code
}

// tracked checks what a row says of its lot.
func (c *opening) tracked(it openingItem, r sheet.Row, quantity int64) {
	lot, expires := r.Get("lot"), day(&c.bad, r, "expires_on")
	switch {
	case it.id == 0:
	case it.tracking == Untracked && (lot != "" || !expires.IsZero()):
		r.Fault(&c.bad, "%s is not tracked: leave lot and expires_on empty, or say on its page how it is tracked", r.Get("sku"))
	case it.tracking == Untracked:
	case lot == "":
		r.Fault(&c.bad, "%s is tracked by %s: say which in the column lot", r.Get("sku"), it.tracking)
	case wrongLotCode(lot):
		r.Fault(&c.bad, "a lot has up to %d characters", mostLotCode)
	case it.tracking == BySerial && quantity > 1:
		r.Fault(&c.bad, "each piece of %s has a serial number of its own: one piece in a line", r.Get("sku"))
	case it.expires && r.Get("expires_on") == "":
		r.Fault(&c.bad, "%s expires: say its last good day in the column expires_on", r.Get("sku"))
	}
}

// lotOf is the lot of a row that was checked; 0 for what is not tracked.
func (c *opening) lotOf(ctx context.Context, tx *sql.Tx, r sheet.Row) (LotID, error) {
	it := c.items[strings.ToLower(r.Get("sku"))]
	if it.tracking == Untracked {
		return 0, nil
	}
	var fine fault.Fields // the day was read before
	return haveLot(ctx, tx, Lot{Item: it.id, Code: r.Get("lot"), Serial: it.tracking == BySerial, ExpiresOn: day(&fine, r, "expires_on"), Source: openingRef})
}
