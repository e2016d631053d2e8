package orders

import (
	"context"
	"io"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/sheet"
	"tote/inventory"
)

// Filter says which orders a list shows. The zero value shows all.
type Filter struct {
	Warehouse inventory.WarehouseID // 0: of every warehouse
	Search    string                // any number, name, e-mail or SKU
	Stage     Stage                 // "": any
	Late      bool                  // promised before now and not shipped
	Hold      HoldKind              // "": any; with an open hold of this kind
	Customer  CustomerID            // 0: any
	Before    Number                // orders below it: the next page (keyset paging); 0: from the newest
	Limit     int
}

// Row is an order as lists show it.
type Row struct {
	Number    Number
	Stage     Stage
	Fate      Fate // of its parcels, while it is shipped
	Customer  string
	Code      string // of the customer
	Recipient string
	City      string
	Country   string
	Reference string
	PlacedAt  time.Time
	Promised  time.Time
	Late      bool
	Units     int64
	Lines     int64
	Total     Money
	Paid      int64
	Holds     string // open ones: "address: …"
	Zone      *time.Location
}

// Open is what is still to be paid; negative is to be paid back.
func (r Row) Open() Money { return Money{r.Total.Minor - r.Paid, r.Total.Currency} }

// matches is the condition of a filter on orders o and customers c, with the arguments of Filter.args.
// The searches through other tables do not depend on the order, so each runs once.
const matches = `
	($2 = 0 or o.warehouse_id = $2)
	and ($3 = '' or o.stage = $3)
	and (not $4 or (o.promised_on < $1 and o.stage not in ('shipped', 'delivered', 'cancelled')))
	and ($5 = '' or (o.cancelled_at is null and exists (select from holds h where h.order_id = o.id and h.cleared_at is null and h.kind = $5)))
	and ($6 = 0 or o.customer_id = $6)
	and ($7 = ''
	     or o.number = $8
	     or o.recipient || ' ' || o.company || ' ' || o.email || ' ' || o.reference || ' ' || c.name || ' ' || c.code || ' ' || c.email ilike '%' || $7 || '%'
	     or o.id in (select l.order_id from order_lines l join items i on i.id = l.item_id where lower(i.sku) = lower($9))
	     or 'O-' || o.number in (select so.ref from shipment_cartons sc join shipment_orders so on so.shipment_id = sc.shipment_id
	                             where sc.tracking_number = $9)
	     or 'O-' || o.number in (select k.ref from cartons k where k.sscc = $9))`

func (f Filter) args(now time.Time) []any {
	number := Number(0)
	if n, err := ParseNumber(f.Search); err == nil {
		number = n
	}
	return []any{now, int64(f.Warehouse), string(f.Stage), f.Late, string(f.Hold), int64(f.Customer), likeable(f.Search), int64(number), strings.TrimSpace(f.Search)}
}

// nothing reports a filter that cannot match: its search is not text.
func (f Filter) nothing() bool { return wrongText(f.Search, 200, false) != "" }

// List reads the orders of a filter, newest first.
func List(ctx context.Context, q pg.Querier, f Filter, now time.Time) (list []Row, err error) {
	defer fault.Wrap(&err, "orders.List(%q)", short(f.Search))
	if f.nothing() {
		return nil, nil
	}
	rows, err := q.QueryContext(ctx, `
		select o.number, o.stage, c.name, c.code, o.recipient, o.city, o.country, o.reference, o.placed_at, o.promised_on,
		       o.promised_on < $1 and o.stage not in ('shipped', 'delivered', 'cancelled'), l.units, l.lines, o.total_minor, o.currency,
		       f.parcels, f.handed, f.back,
		       coalesce((select sum(p.amount_minor) from payment_orders p where p.order_id = o.id), 0),
		       coalesce((select string_agg(h.kind || ': ' || h.reason, '; ' order by h.id) from holds h where h.order_id = o.id and h.cleared_at is null), ''),
		       w.time_zone
		from orders o
		join customers c on c.id = o.customer_id
		join warehouses w on w.id = o.warehouse_id
		cross join lateral (select coalesce(sum(quantity - cancelled), 0) as units, count(*) as lines from order_lines where order_id = o.id) l
		cross join lateral `+fateOf+` f (parcels, handed, back)
		where ($10 = 0 or o.number < $10) and `+matches+`
		order by o.number desc limit $11`, append(f.args(now), int64(f.Before), f.Limit)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r Row
		var zone string
		if err := rows.Scan(&r.Number, &r.Stage, &r.Customer, &r.Code, &r.Recipient, &r.City, &r.Country, &r.Reference, &r.PlacedAt, &r.Promised,
			&r.Late, &r.Units, &r.Lines, &r.Total.Minor, &r.Total.Currency, &r.Fate.Parcels, &r.Fate.Handed, &r.Fate.Back, &r.Paid, &r.Holds, &zone); err != nil {
			return nil, err
		}
		if r.Zone, err = time.LoadLocation(zone); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// Counts is how many orders there are at each stage, how many are late and how many are held.
type Counts struct {
	Stage map[Stage]int64
	Late  int64
	Held  map[HoldKind]int64 // orders with an open hold of the kind
	All   int64
}

// Count counts the orders of a warehouse, or of all when it is 0.
func Count(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, now time.Time) (c Counts, err error) {
	defer fault.Wrap(&err, "orders.Count")
	rows, err := q.QueryContext(ctx, `
		select o.stage, count(*), count(*) filter (where o.promised_on < $2 and o.stage not in ('shipped', 'delivered', 'cancelled'))
		from orders o where $1 = 0 or o.warehouse_id = $1 group by o.stage`, warehouse, now)
	if err != nil {
		return c, err
	}
	defer rows.Close()
	c.Stage = map[Stage]int64{}
	for rows.Next() {
		var s Stage
		var n, late int64
		if err := rows.Scan(&s, &n, &late); err != nil {
			return c, err
		}
		c.Stage[s], c.Late, c.All = n, c.Late+late, c.All+n
	}
	if err := rows.Err(); err != nil {
		return c, err
	}
	c.Held, err = held(ctx, q, warehouse)
	return c, err
}

func held(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (map[HoldKind]int64, error) {
	rows, err := q.QueryContext(ctx, `
		select h.kind, count(distinct o.id) from holds h join orders o on o.id = h.order_id
		where h.cleared_at is null and o.cancelled_at is null and ($1 = 0 or o.warehouse_id = $1) group by h.kind`, warehouse)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	kinds := map[HoldKind]int64{}
	for rows.Next() {
		var k HoldKind
		var n int64
		if err := rows.Scan(&k, &n); err != nil {
			return nil, err
		}
		kinds[k] = n
	}
	return kinds, rows.Err()
}

// Export writes every order of a filter as CSV; a spreadsheet runs none of its cells as a formula.
func Export(ctx context.Context, q pg.Querier, out io.Writer, f Filter, now time.Time) (err error) {
	defer fault.Wrap(&err, "orders.Export")
	head := []string{"order", "stage", "customer", "code", "recipient", "city", "country", "reference", "placed", "promised", "late",
		"lines", "units", "total", "paid", "open", "currency", "holds"}
	var rows [][]string
	f.Limit = 1000
	for {
		page, err := List(ctx, q, f, now)
		if err != nil {
			return err
		}
		for _, r := range page {
			rows = append(rows, r.cells())
		}
		if len(page) < f.Limit {
			return sheet.Write(out, head, rows)
		}
		f.Before = page[len(page)-1].Number
	}
}

func (r Row) cells() []string {
	late := "no"
	if r.Late {
		late = "yes"
	}
	return []string{r.Number.String(), string(r.Stage), r.Customer, r.Code, r.Recipient, r.City, r.Country, r.Reference,
		r.PlacedAt.In(r.Zone).Format(time.DateTime), r.Promised.In(r.Zone).Format(time.DateOnly), late,
		strconv.FormatInt(r.Lines, 10), strconv.FormatInt(r.Units, 10),
		r.Total.Amount(), Money{r.Paid, r.Total.Currency}.Amount(), r.Open().Amount(), r.Total.Currency, r.Holds}
}
