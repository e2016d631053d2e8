package shipping

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
)

// ReturnID names a return; it stands on the slip as R-17.
type ReturnID int64

func (id ReturnID) String() string { return "R-" + strconv.FormatInt(int64(id), 10) }

// ReturnState is how far a return is.
type ReturnState string

// The states of a return.
const (
	Authorised ReturnState = "authorised"
	Received   ReturnState = "received"
	Inspected  ReturnState = "inspected"
	Withdrawn  ReturnState = "cancelled"
)

// ReturnStates lists every state of a return in order.
var ReturnStates = []ReturnState{Authorised, Received, Inspected, Withdrawn}

// Reasons are why people send things back.
var Reasons = []string{"damaged", "wrong item", "not as described", "changed mind", "arrived late", "other"}

// undelivered is the reason of what nobody took.
const undelivered = "undelivered"

// Wishes are what people want for what they send back, the usual one first.
var Wishes = []string{"refund", "replacement"}

// Returnable is what of an order line may still come back.
type Returnable struct {
	Ref       string // O-1001.2
	Item      inventory.ItemID
	SKU, Name string
	Lot       inventory.LotID
	Shipped   int64
	Announced int64     // in returns that were not withdrawn
	Last      time.Time // when the last of it was delivered, or else left
}

// Left is how many may still be announced.
func (r Returnable) Left() int64 { return max(r.Shipped-r.Announced, 0) }

func (r *Returnable) fields() []any {
	return []any{&r.Ref, &r.Item, &r.SKU, &r.Name, &r.Lot, &r.Shipped, &r.Announced, &r.Last}
}

// CanReturn lists what of an order has left the house, and how much of it may still come back.
func CanReturn(ctx context.Context, q pg.Querier, ref string) (_ []Returnable, err error) {
	defer fault.Wrap(&err, "shipping.CanReturn(%s)", ref)
	return list(ctx, q, (*Returnable).fields, `
		select gone.ref, gone.item_id, i.sku, i.name, gone.lot_id, gone.quantity, coalesce(back.quantity, 0)::bigint, gone.last
		from (select l.ref, l.item_id, min(l.lot_id) as lot_id, sum(l.quantity)::bigint as quantity, max(coalesce(s.delivered_at, s.dispatched_at)) as last
		      from shipments s join shipment_cartons sc on sc.shipment_id = s.id and sc.void_at is null
		      join carton_lines l on l.carton_id = sc.carton_id join cartons k on k.id = sc.carton_id
		      where k.ref = $1 and s.dispatched_at is not null and l.quantity > 0
		      group by l.ref, l.item_id) gone
		join items i on i.id = gone.item_id
		join demand_lines d on d.ref = gone.ref
		left join (select l.ref, sum(l.quantity) as quantity from return_lines l join returns r on r.id = l.return_id
		           where r.ref = $1 and r.state <> 'cancelled' group by l.ref) back on back.ref = gone.ref
		order by d.line`, ref)
}

// Request asks to send something back.
type Request struct {
	Ref        string // O-1001
	Submission string // the form's key: sent twice it makes one return
	Lines      []RequestLine
	Note       string
	Staff      staff.ID      // who authorises; 0 for the customer himself
	Within     time.Duration // since delivery; 0 for no limit
	At         time.Time
}

// RequestLine is one order line of a Request.
type RequestLine struct {
	Ref      string // O-1001.2
	Quantity int64
	Reason   string // one of Reasons
	Wish     string // one of Wishes; "" is the first
	Note     string
}

// were says of how many something was done: "1 was", "3 were".
func were(n int64, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

// Authorise gives a return its number, for no more than has left the house and is not announced yet.
// Mistakes are fault.Fields named lines.N.quantity, lines.N.reason …, counted from 0 as in the request.
func Authorise(ctx context.Context, tx *sql.Tx, r Request) (id ReturnID, err error) {
	defer fault.Wrap(&err, "shipping.Authorise(%s)", r.Ref)
	if err := r.check(); err != nil {
		return 0, err
	}
	warehouse, err := lockOrder(ctx, tx, r.Ref)
	if err != nil {
		return 0, err
	}
	if id, err = submitted(ctx, tx, r); err != nil || id != 0 {
		return id, err
	}
	if err := r.allowed(ctx, tx); err != nil {
		return 0, err
	}
	origin := "staff"
	if r.Staff == 0 {
		origin = "customer"
	}
	if id, err = r.open(ctx, tx, warehouse, origin); err != nil {
		return 0, err
	}
	return id, outbox.Put(ctx, tx, outbox.Fact{Name: "return.authorised", Ref: id.String()})
}

// open stores a return with its lines.
func (r Request) open(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, origin string) (id ReturnID, err error) {
	if err = tx.QueryRowContext(ctx, `
		insert into returns (warehouse_id, ref, submission, origin, note, authorised_by, authorised_at)
		values ($1, $2, $3, $4, $5, nullif($6::bigint, 0), $7) returning id`,
		warehouse, r.Ref, r.Submission, origin, r.Note, r.Staff, r.At).Scan(&id); err != nil {
		return 0, err
	}
	return id, r.store(ctx, tx, id)
}

// lockOrder locks the shipments of an order, so that two returns of it take turns.
func lockOrder(ctx context.Context, tx *sql.Tx, ref string) (warehouse inventory.WarehouseID, err error) {
	houses, err := pg.Values[inventory.WarehouseID](tx.QueryContext(ctx, `
		select s.warehouse_id from shipments s join shipment_orders so on so.shipment_id = s.id
		where so.ref = $1 and s.dispatched_at is not null order by s.id for no key update of s`, ref))
	if err == nil && len(houses) == 0 {
		err = fault.New(fault.Conflict, "Nothing of %s has left the house yet, so nothing can come back.", clip(ref))
	}
	if err != nil {
		return 0, err
	}
	return houses[0], nil
}

// submitted is the return that the same form made before.
func submitted(ctx context.Context, q pg.Querier, r Request) (id ReturnID, err error) {
	var ref string
	err = q.QueryRowContext(ctx, `select id, ref from returns where submission = $1`, r.Submission).Scan(&id, &ref)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return 0, nil
	case err == nil && ref != r.Ref:
		return 0, fault.New(fault.Conflict, "This form was used for another order. Load the page again.")
	}
	return id, err
}

func (r Request) check() error {
	var bad fault.Fields
	if r.Submission == "" || len(r.Submission) > 200 {
		return fault.New(fault.Invalid, "The form came without its key. Load the page again and send it once more.")
	}
	if len(r.Lines) == 0 {
		bad.Add("lines", "Say what comes back: give at least one line a quantity.")
	}
	if wrong := wrongText(strings.ReplaceAll(r.Note, "\n", " "), 1000); wrong != "" {
		bad.Add("note", "The note %s.", wrong)
	}
	seen := map[string]bool{}
	for i, l := range r.Lines {
		if l.Quantity < 1 {
			bad.Add(fmt.Sprintf("lines.%d.quantity", i), "Give a quantity from 1.")
		}
		if !slices.Contains(Reasons, l.Reason) {
			bad.Add(fmt.Sprintf("lines.%d.reason", i), "Choose why it comes back.")
		}
		if l.Wish != "" && !slices.Contains(Wishes, l.Wish) {
			bad.Add(fmt.Sprintf("lines.%d.wish", i), "Choose what is wanted for it: %s.", strings.Join(Wishes, " or "))
		}
		if wrong := wrongText(l.Note, 500); wrong != "" {
			bad.Add(fmt.Sprintf("lines.%d.note", i), "The note %s.", wrong)
		}
		if seen[l.Ref] {
			bad.Add(fmt.Sprintf("lines.%d.ref", i), "%s stands there twice.", clip(l.Ref))
		}
		seen[l.Ref] = true
	}
	return bad.Err()
}

// allowed compares the request with what has left.
func (r Request) allowed(ctx context.Context, q pg.Querier) error {
	can, err := CanReturn(ctx, q, r.Ref)
	if err != nil {
		return err
	}
	var bad fault.Fields
	for i, l := range r.Lines {
		at := slices.IndexFunc(can, func(c Returnable) bool { return c.Ref == l.Ref })
		switch {
		case at < 0:
			bad.Add(fmt.Sprintf("lines.%d.quantity", i), "Nothing of %s has left the house.", clip(l.Ref))
		case l.Quantity > can[at].Left():
			bad.Add(fmt.Sprintf("lines.%d.quantity", i), "At most %d of %s can come back: %s sent, %s announced already.",
				can[at].Left(), can[at].Name, were(can[at].Shipped, "was", "were"), were(can[at].Announced, "is", "are"))
		case r.Within > 0 && r.At.After(can[at].Last.Add(r.Within)):
			bad.Add(fmt.Sprintf("lines.%d.quantity", i), "%s could be sent back until %s. Write to us if something is wrong with it.",
				can[at].Name, can[at].Last.Add(r.Within).Format("2 January 2006"))
		}
	}
	return bad.Err()
}

// store writes the lines. A made piece carries its lot from the work order; which lot or serial number of its maker comes back is
// read off it at the inspection.
func (r Request) store(ctx context.Context, tx *sql.Tx, id ReturnID) error {
	for _, l := range r.Lines {
		if _, err := tx.ExecContext(ctx, `
			insert into return_lines (return_id, ref, item_id, lot_id, quantity, reason, note, wish)
			select $1, d.ref, d.item_id, case i.tracking when 'none' then coalesce((select min(lot_id) from carton_lines c where c.ref = d.ref), 0) else 0 end,
			       $3, $4, $5, coalesce(nullif($6, ''), 'refund')
			from demand_lines d join items i on i.id = d.item_id where d.ref = $2`, id, l.Ref, l.Quantity, l.Reason, l.Note, l.Wish); err != nil {
			return err
		}
	}
	return nil
}

// Picture keeps the customer's picture of what he sends back, by its content hash; the first one stays.
func Picture(ctx context.Context, tx *sql.Tx, id ReturnID, ref, hash string) (err error) {
	defer fault.Wrap(&err, "shipping.Picture(%s)", id)
	_, err = tx.ExecContext(ctx, `update return_lines set photo = $3 where return_id = $1 and ref = $2 and photo is null`, id, ref, hash)
	return err
}

// Withdraw ends a return of which nothing has come.
func Withdraw(ctx context.Context, tx *sql.Tx, id ReturnID) (err error) {
	defer fault.Wrap(&err, "shipping.Withdraw(%s)", id)
	ok, err := changed(tx.ExecContext(ctx, `
		update returns r set state = 'cancelled'
		where r.id = $1 and r.state = 'authorised' and not exists (
		    select from return_lines l where l.return_id = r.id and l.received > 0)
		  and not exists (select from return_extras x where x.return_id = r.id)`, id))
	if err == nil && !ok {
		return fault.New(fault.Conflict, "%s cannot be withdrawn: something of it has come already, or it is over.", id)
	}
	return err
}

// Return is goods on their way back.
type Return struct {
	ID         ReturnID
	Warehouse  inventory.WarehouseID
	Ref        string
	State      ReturnState
	Origin     string // customer, staff, or carrier: nobody took it
	Note       string
	Units      int64 // announced
	Received   int64
	Decided    int64
	Settled    int64 // with the customer
	Missing    int64 // of what nobody took: not in the parcel, and nobody closed it
	Trouble    TroubleID
	Authorised time.Time
	Came       time.Time // zero until then
	Inspected  time.Time
}

const returnColumns = `
	r.id, r.warehouse_id, r.ref, r.state, r.origin, r.note, l.units, l.received, d.decided, l.settled, case when t.id is null then 0 else l.units - l.received end, coalesce(t.id, 0), r.authorised_at, r.received_at, r.inspected_at
	from returns r
	cross join lateral (select coalesce(sum(quantity), 0)::bigint as units, coalesce(sum(received), 0)::bigint as received,
	        coalesce(sum(settled), 0)::bigint as settled
	    from return_lines where return_id = r.id) l
	cross join lateral (select coalesce(sum(d.quantity), 0)::bigint as decided
	    from dispositions d join return_lines dl on dl.id = d.line_id where dl.return_id = r.id) d
	left join lateral (select min(t.id) as id from troubles t join shipment_cartons sc on sc.shipment_id = t.shipment_id
	    where r.origin = 'carrier' and r.received_at is not null and r.submission = 'undelivered carton ' || sc.carton_id and t.settled_at is null
	      and strpos(t.note, 'R-' || r.id || ': ') > 0) t on true `

type returnRow struct {
	Return
	came, inspected sql.NullTime
}

func (r *returnRow) fields() []any {
	return []any{&r.ID, &r.Warehouse, &r.Ref, &r.State, &r.Origin, &r.Note, &r.Units, &r.Received, &r.Decided, &r.Settled, &r.Missing, &r.Trouble, &r.Authorised, &r.came, &r.inspected}
}

func (r returnRow) toReturn() Return {
	r.Came, r.Return.Inspected = r.came.Time, r.inspected.Time
	return r.Return
}

// FindReturn reads a return.
func FindReturn(ctx context.Context, q pg.Querier, id ReturnID) (_ Return, err error) {
	var r returnRow
	err = q.QueryRowContext(ctx, `select `+returnColumns+`where r.id = $1`, id).Scan(r.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		return Return{}, fault.New(fault.NotFound, "There is no return %s.", id)
	}
	return r.toReturn(), err
}

// ReturnFilter narrows a list of returns; zero values do not.
type ReturnFilter struct {
	Warehouse inventory.WarehouseID
	State     ReturnState
	Ref       string // the order's
	Search    string // a return or an order
	Open      bool   // inspected, and not settled with the customer
	Origin    string
	Before    ReturnID
	Limit     int // 0 is 50
}

// Returns lists returns, newest first.
func Returns(ctx context.Context, q pg.Querier, f ReturnFilter) (_ []Return, err error) {
	defer fault.Wrap(&err, "shipping.Returns(%+v)", f)
	if f.Limit <= 0 {
		f.Limit = 50
	}
	rows, err := list(ctx, q, (*returnRow).fields, `
		select `+returnColumns+`
		where ($1 = 0 or r.warehouse_id = $1) and ($2 = '' or r.state = $2) and ($3 = '' or r.ref = $3) and ($5 = 0 or r.id < $5)
		  and ($4 = '' or r.ref = upper($4) or 'R-' || r.id = upper($4)) and (not $7 or r.state = 'inspected' and l.settled < d.decided) and ($8 = '' or r.origin = $8)
		order by r.id desc limit $6`, f.Warehouse, f.State, f.Ref, strings.TrimSpace(f.Search), f.Before, f.Limit, f.Open, f.Origin)
	all := make([]Return, len(rows))
	for i, r := range rows {
		all[i] = r.toReturn()
	}
	return all, err
}

// ReturnLine is one order line of a return.
type ReturnLine struct {
	ID                 int64
	Ref, SKU, Name     string
	Item               inventory.ItemID
	Lot                inventory.LotID // under which it is counted; 0 for what is tracked until the inspection names it
	Quantity, Received int64
	Decided            int64
	Settled            int64 // with the customer
	Reason, Note       string
	Wish               string // refund or replacement; "" for what nobody took: who refuses a parcel wishes for nothing
	Photo              string // the customer's, content hash, or ""
	Grades             string // of what was decided upon: "2 × A restock, 1 × D scrap"
	Spoiled            bool   // some of it got grade C or D
}

// Owed is how many were decided upon and not settled with the customer yet.
func (l ReturnLine) Owed() int64 { return l.Decided - l.Settled }

// Undecided is how many came and were not inspected yet.
func (l ReturnLine) Undecided() int64 { return l.Received - l.Decided }

func (l *ReturnLine) fields() []any {
	return []any{&l.ID, &l.Ref, &l.SKU, &l.Name, &l.Item, &l.Lot, &l.Quantity, &l.Received, &l.Decided, &l.Settled, &l.Reason, &l.Note, &l.Wish, &l.Photo, &l.Grades, &l.Spoiled}
}

// ReturnLines lists what a return announces, what came of it, and what was decided about.
func ReturnLines(ctx context.Context, q pg.Querier, id ReturnID) (_ []ReturnLine, err error) {
	defer fault.Wrap(&err, "shipping.ReturnLines(%s)", id)
	return list(ctx, q, (*ReturnLine).fields, `
		select l.id, l.ref, i.sku, i.name, l.item_id, l.lot_id, l.quantity, l.received,
		       coalesce(d.quantity, 0)::bigint, l.settled, l.reason, l.note, case when l.reason = 'undelivered' then '' else l.wish end, coalesce(l.photo, ''), coalesce(d.grades, ''), coalesce(d.spoiled, false)
		from return_lines l join items i on i.id = l.item_id
		left join lateral (
		    select sum(n) as quantity, string_agg(n || ' × ' || grade || ' ' || what, ', ' order by grade, what) as grades, bool_or(grade in ('C', 'D')) as spoiled
		    from (select grade, what, sum(quantity) as n from dispositions where line_id = l.id group by grade, what) g) d on true
		where l.return_id = $1 order by l.ref`, id)
}

// Extra is what was in a returned parcel and nobody had announced.
type Extra struct {
	SKU, Name string
	Quantity  int64
	Note, By  string
	At        time.Time
}

// Extras lists the unannounced goods of a return; they stand in quarantine.
func Extras(ctx context.Context, q pg.Querier, id ReturnID) (_ []Extra, err error) {
	defer fault.Wrap(&err, "shipping.Extras(%s)", id)
	return list(ctx, q, func(x *Extra) []any { return []any{&x.SKU, &x.Name, &x.Quantity, &x.Note, &x.By, &x.At} }, `
		select i.sku, i.name, x.quantity, x.note, s.name, x.at
		from return_extras x join items i on i.id = x.item_id join staff s on s.id = x.staff_id
		where x.return_id = $1 order by x.id`, id)
}

// Decision is what became of returned units.
type Decision struct {
	SKU, Name   string
	Lot         string // or the serial number, as it was read at the inspection
	What, Grade string
	Quantity    int64
	Note, By    string
	Photo       string   // content hash, or ""
	Scan        scan.Key // that decided it
	At          time.Time
}

// Decisions lists what was decided about the goods of a return, newest first.
func Decisions(ctx context.Context, q pg.Querier, id ReturnID) (_ []Decision, err error) {
	defer fault.Wrap(&err, "shipping.Decisions(%s)", id)
	return list(ctx, q, func(d *Decision) []any {
		return []any{&d.SKU, &d.Name, &d.Lot, &d.What, &d.Grade, &d.Quantity, &d.Note, &d.By, &d.Photo, &d.Scan, &d.At}
	}, `
		select i.sku, i.name, case i.tracking when 'none' then '' else o.code end, d.what, d.grade, d.quantity, d.note, s.name, coalesce(d.photo, ''), d.scan, d.at
		from dispositions d join return_lines l on l.id = d.line_id join items i on i.id = l.item_id join staff s on s.id = d.staff_id join lots o on o.id = d.lot_id
		where l.return_id = $1 order by d.id desc`, id)
}

// ReturnsWaiting is how many returns wait for their parcel to be counted or inspected, and since when.
func ReturnsWaiting(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (n int64, oldest time.Time, err error) {
	defer fault.Wrap(&err, "shipping.ReturnsWaiting(%d)", warehouse)
	var since sql.NullTime
	err = q.QueryRowContext(ctx, `select count(*), min(received_at) from returns where warehouse_id = $1 and state = 'received'`, warehouse).Scan(&n, &since)
	return n, since.Time, err
}
