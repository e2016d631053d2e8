package inventory

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
)

// CountTaskID names a count task.
type CountTaskID int64

// CountID names one person's count of one bin.
type CountID int64

// String is the count as the ledger names it: COUNT-7.
func (id CountID) String() string { return "COUNT-" + strconv.FormatInt(int64(id), 10) }

// Why somebody asks for a count.
const (
	CountShort = "short pick"
	CountZero  = "zero check"
	CountAsked = "asked"
	CountRound = "round" // one of many that a manager asked for at once
	// CountPlanned is the reason of counts that no person asked for: their bins were due.
	CountPlanned = "planned"
)

// doubted is true of a task t that says there is something wrong with the bin; the others just have their turn.
const doubted = `t.reason not in ('` + CountRound + `', '` + CountPlanned + `')`

// CountRequest asks that a bin is counted.
type CountRequest struct {
	Warehouse WarehouseID
	Location  LocationID
	Item      ItemID // 0: all that is in the bin
	Reason    string // CountShort, CountZero, CountAsked
	Ref       string // the document it came up with: P-104
	Staff     staff.ID
	At        time.Time
}

// urgency ranks why a count is wanted: first where a picker found too little, for nobody picks there until then; last what
// just has its turn.
func urgency(reason string) string {
	return `case ` + reason + `::text when '` + CountShort + `' then 0 when '` + CountZero + `' then 1 when '` + CountRound + `' then 3 when '` + CountPlanned + `' then 4 else 2 end`
}

// AskCount asks for a count. While one is open for the same bin and item, or for the whole bin, it joins that one, which
// takes its reason when that is more urgent; if that is being counted at this moment, the bin is counted once more
// afterwards.
//
// It locks the task after whatever the caller has locked; who counts does so last of all, after the balances.
func AskCount(ctx context.Context, tx *sql.Tx, r CountRequest) (err error) {
	defer fault.Wrap(&err, "inventory.AskCount(%d, %d)", r.Location, r.Item)
	l, err := LocationByID(ctx, tx, r.Location)
	if err != nil {
		return err
	}
	if l.Warehouse != r.Warehouse || l.Kind != Bin {
		return fault.New(fault.Invalid, "%s is a %s: only bins of this warehouse are counted.", l.Code, l.Kind)
	}
	if r.Reason = strings.TrimSpace(r.Reason); r.Reason == "" {
		r.Reason = CountAsked
	}
	var bad fault.Fields
	checkName(&bad, "reason", "Say why", r.Reason)
	if err := bad.Err(); err != nil {
		return err
	}
	joined, err := tx.ExecContext(ctx, `
		update count_tasks t set again_at = greatest(again_at, $3),
		       reason = case when k.sooner then $4 else t.reason end, ref = case when k.sooner then $5 else t.ref end,
		       asked_by = case when k.sooner then nullif($6::bigint, 0) else t.asked_by end, asked_at = case when k.sooner then $3 else t.asked_at end
		from (select id, `+urgency("$4")+` < `+urgency("reason")+` as sooner from count_tasks
		      where location_id = $1 and state = 'open' and (item_id is null or item_id = $2)
		      order by item_id nulls first limit 1 for no key update) k
		where t.id = k.id`, r.Location, r.Item, r.At, r.Reason, r.Ref, r.Staff)
	if err != nil {
		return err
	}
	if n, err := joined.RowsAffected(); err != nil || n > 0 {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		insert into count_tasks (warehouse_id, location_id, item_id, reason, ref, asked_by, asked_at, again_at)
		values ($1, $2, nullif($3::bigint, 0), $4, $5, nullif($6::bigint, 0), $7, $7)
		on conflict (location_id, coalesce(item_id, 0)) where state = 'open' do update set again_at = greatest(count_tasks.again_at, excluded.again_at)`,
		r.Warehouse, r.Location, r.Item, r.Reason, r.Ref, r.Staff, r.At)
	return err
}

// CountState is how far a count task is.
type CountState string

// The states of a count task. An open one may be under way (By), or need somebody else's recount (Differs).
const (
	CountOpen      CountState = "open"
	CountDone      CountState = "counted"
	CountCancelled CountState = "cancelled"
)

// CountTask is a count that somebody asked for, with what came of it.
type CountTask struct {
	ID        CountTaskID
	Warehouse WarehouseID
	Location  LocationID
	Code      string
	Item      ItemID // 0: all that is in the bin
	SKU, Name string
	Reason    string
	Ref       string
	Class     Class  // of the bin, where the plan has asked; else ""
	AskedBy   string // "" for the system itself
	AskedAt   time.Time
	State     CountState
	Count     CountID // who counts it now or did in the end; 0 for nobody
	By        string
	ClosedBy  string
	ClosedAt  time.Time
	Differs   int64 // counts of it that others must repeat
	More      int64 // pieces found beyond the books
	Fewer     int64 // pieces missing
}

func (t *CountTask) fields() []any {
	return []any{&t.ID, &t.Warehouse, &t.Location, &t.Code, &t.Item, &t.SKU, &t.Name, &t.Reason, &t.Ref, &t.Class, &t.AskedBy, &t.AskedAt, &t.State,
		&t.Count, &t.By, &t.ClosedBy, (*moment)(&t.ClosedAt), &t.Differs, &t.More, &t.Fewer}
}

// moment scans a time that may be null, which is the zero one.
type moment time.Time

// Scan implements sql.Scanner.
func (m *moment) Scan(v any) error {
	var t sql.NullTime
	err := t.Scan(v)
	*m = moment(t.Time)
	return err
}

// What is the task in words: the item, or all that is in the bin.
func (t CountTask) What() string {
	if t.Item == 0 {
		return "all in the bin"
	}
	return t.Name
}

// unsettled are the counts of location t.location_id that wait for somebody else's: those since the last that was booked.
const unsettled = `
	from counts d where d.location_id = t.location_id and d.state = 'differs'
	  and d.id > coalesce((select max(id) from counts where location_id = t.location_id and state = 'counted'), 0)`

const countTaskColumns = `
	select t.id, t.warehouse_id, t.location_id, l.code, coalesce(t.item_id, 0), coalesce(i.sku, ''), coalesce(i.name, ''), t.reason, t.ref, coalesce(t.class, ''),
	       coalesce(a.name, ''), t.asked_at, t.state, coalesce(c.id, 0), coalesce(s.name, ''), coalesce(x.name, ''), t.closed_at,
	       case when t.state = 'open' then (select count(*) ` + unsettled + `) else 0 end,
	       coalesce(v.more, 0), coalesce(v.fewer, 0)
	from count_tasks t join locations l on l.id = t.location_id left join items i on i.id = t.item_id
	     left join staff a on a.id = t.asked_by left join staff x on x.id = t.closed_by
	     left join counts c on c.id = t.count_id left join staff s on s.id = c.staff_id
	     left join lateral (
	         select sum(variance) filter (where variance > 0)::bigint as more, -sum(variance) filter (where variance < 0)::bigint as fewer
	         from count_lines n where n.count_id = c.id and c.state = 'counted' and (t.item_id is null or n.item_id = t.item_id)) v on true `

// CountTasks lists count tasks of a state ("" is all), the newest first, those before the task before (0 is the newest).
func CountTasks(ctx context.Context, q pg.Querier, warehouse WarehouseID, state CountState, before CountTaskID, limit int) (_ []CountTask, err error) {
	defer fault.Wrap(&err, "inventory.CountTasks(%d, %q)", warehouse, state)
	return list(ctx, q, (*CountTask).fields, countTaskColumns+`
		where t.warehouse_id = $1 and ($2 = '' or t.state = $2) and ($3 = 0 or t.id < $3)
		order by t.id desc limit $4`, warehouse, state, before, limit)
}

// Disagreement is a lot of an item that somebody counted otherwise than the books say, in a bin where another person, or a
// manager, has yet to say what is right.
type Disagreement struct {
	Task               CountTaskID // one that the bin waits for
	Location           LocationID
	Code               string // of the bin
	Item               ItemID
	SKU, Name          string
	Tracking           Tracking
	Lot                string // its code, or serial number; "": of none
	Book, Counted, Off int64  // by the newest count of it: on the books at that moment, found, the difference
	Said               string // what each of them found: "Ada 9, Grace 8"
	By                 string // who counts the bin at this moment; "" for nobody
}

// What names the item and the lot.
func (d Disagreement) What() string {
	return pieces{name: d.Name, tracking: d.Tracking, code: d.Lot}.what()
}

// Disagreements lists what counters and books disagree about, each lot of a bin once; the longest waiting bin first.
func Disagreements(ctx context.Context, q pg.Querier, warehouse WarehouseID, limit int) (_ []Disagreement, err error) {
	defer fault.Wrap(&err, "inventory.Disagreements(%d)", warehouse)
	return list(ctx, q, func(d *Disagreement) []any {
		return []any{&d.Task, &d.Location, &d.Code, &d.Item, &d.SKU, &d.Name, &d.Tracking, &d.Lot, &d.Book, &d.Counted, &d.Off, &d.Said, &d.By}
	}, `
		select t.id, t.location_id, l.code, i.id, i.sku, i.name, i.tracking, o.code,
		       (array_agg(n.book order by c.id desc))[1], (array_agg(n.counted order by c.id desc))[1], (array_agg(n.variance order by c.id desc))[1],
		       string_agg(s.name || ' ' || n.counted, ', ' order by c.id), coalesce(max(x.name), '')
		from (select location_id, min(id) as id from count_tasks where warehouse_id = $1 and state = 'open' group by location_id) t
		     cross join lateral (select d.id, d.staff_id `+unsettled+`) c
		     join count_lines n on n.count_id = c.id and n.variance is not null
		     join locations l on l.id = t.location_id join items i on i.id = n.item_id join lots o on o.id = n.lot_id join staff s on s.id = c.staff_id
		     left join counts b on b.location_id = t.location_id and b.state = 'open' left join staff x on x.id = b.staff_id
		group by t.id, t.location_id, l.id, i.id, o.id
		having bool_or(n.variance <> 0)
		order by t.id, i.sku, o.code limit $2`, warehouse, limit)
}

// CountTaskByID reads a count task; another warehouse's does not exist here.
func CountTaskByID(ctx context.Context, q pg.Querier, warehouse WarehouseID, id CountTaskID) (t CountTask, err error) {
	defer fault.Wrap(&err, "inventory.CountTaskByID(%d)", id)
	err = q.QueryRowContext(ctx, countTaskColumns+`where t.id = $1 and t.warehouse_id = $2`, id, warehouse).Scan(t.fields()...)
	if err == sql.ErrNoRows {
		return t, fault.New(fault.NotFound, "There is no such count here.")
	}
	return t, err
}

// CountsOf lists the open tasks of a place.
func CountsOf(ctx context.Context, q pg.Querier, location LocationID) (_ []CountTask, err error) {
	defer fault.Wrap(&err, "inventory.CountsOf(%d)", location)
	return list(ctx, q, (*CountTask).fields, countTaskColumns+`where t.location_id = $1 and t.state = 'open' order by t.id`, location)
}

// CountsWaiting is how many bins wait to be counted.
func CountsWaiting(ctx context.Context, q pg.Querier, warehouse WarehouseID) (bins int64, err error) {
	defer fault.Wrap(&err, "inventory.CountsWaiting(%d)", warehouse)
	err = q.QueryRowContext(ctx, `select count(distinct location_id) from count_tasks where warehouse_id = $1 and state = 'open'`, warehouse).Scan(&bins)
	return bins, err
}

// CancelCount ends a task that nobody counts at this moment.
func CancelCount(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, id CountTaskID, who staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "inventory.CancelCount(%d)", id)
	if _, err := tx.ExecContext(ctx, `select 1 from count_tasks where id = $1 and warehouse_id = $2 for no key update`, id, warehouse); err != nil {
		return err
	}
	t, err := CountTaskByID(ctx, tx, warehouse, id)
	switch {
	case err != nil:
		return err
	case t.State != CountOpen:
		return fault.New(fault.Conflict, "This count of %s is %s already.", t.Code, t.State)
	case t.Count != 0:
		return fault.New(fault.Conflict, "%s counts %s at this moment.", t.By, t.Code)
	}
	_, err = tx.ExecContext(ctx, `update count_tasks set state = 'cancelled', closed_by = $2, closed_at = $3 where id = $1`, id, who, at)
	if err != nil {
		return err
	}
	return staff.Audit(ctx, tx, who, "count.cancelled", t.Code, map[string]any{"reason": t.Reason, "ref": t.Ref})
}

// CountLine is what a count found of one lot of an item.
type CountLine struct {
	Count              CountID
	By                 string
	At                 time.Time // when it was finished
	State              string    // of the count: counted, differs
	Item               ItemID
	SKU, Name          string
	Tracking           Tracking
	Lot                string // its code, or serial number; "": of none
	Counted, Book, Off int64  // found, on the books at that moment, the difference
}

// What names the item and the lot.
func (l CountLine) What() string {
	return pieces{name: l.Name, tracking: l.Tracking, code: l.Lot}.what()
}

// CountLines lists what the counts behind a task found: the one that answered it, or those that wait for another's.
func CountLines(ctx context.Context, q pg.Querier, t CountTask) (_ []CountLine, err error) {
	defer fault.Wrap(&err, "inventory.CountLines(%d)", t.ID)
	return list(ctx, q, func(l *CountLine) []any {
		return []any{&l.Count, &l.By, &l.At, &l.State, &l.Item, &l.SKU, &l.Name, &l.Tracking, &l.Lot, &l.Counted, &l.Book, &l.Off}
	}, `
		select c.id, s.name, c.finished_at, c.state, n.item_id, i.sku, i.name, i.tracking, o.code, n.counted, n.book, n.variance
		from count_tasks t join counts c on c.location_id = t.location_id
		     join count_lines n on n.count_id = c.id join items i on i.id = n.item_id join lots o on o.id = n.lot_id join staff s on s.id = c.staff_id
		where t.id = $1 and n.variance is not null
		  and (c.id = t.count_id and c.state = 'counted' or t.state = 'open' and c.id in (select d.id `+unsettled+`))
		order by c.id, i.sku, o.code`, t.ID)
}
