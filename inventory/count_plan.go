package inventory

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
)

// classify puts the items of a warehouse into classes by ABC analysis: sorted by the order lines that were picked of
// them, the first that make up ShareA per cent of all lines are A, the next ShareB per cent are B, the rest C. A pick
// that was taken back is none, and an order line is one, in however many scans it was picked.
func classify(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, r CountRules, at time.Time) error {
	if err := planning(ctx, tx, warehouse); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `delete from item_classes where warehouse_id = $1`, warehouse); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		with picked as (
			select item_id, count(distinct ref) as lines, sum(quantity) as pieces from movements m
			where warehouse_id = $1 and reason = 'pick' and at > $2 and at <= $3
			  and not exists (select from movements r where r.reverses = m.id)
			group by item_id
		), ranked as (
			select item_id, lines, sum(lines) over (order by lines desc, pieces desc, item_id) - lines as before, sum(lines) over () as total from picked
		)
		insert into item_classes (warehouse_id, item_id, lines, class)
		select $1, item_id, lines, case when before * 100 < total * $4 then 'A' when before * 100 < total * ($4 + $5) then 'B' else 'C' end from ranked`,
		warehouse, at.AddDate(0, 0, -int(r.Days)), at, r.ShareA, r.ShareB)
	return err
}

// planning lets those take turns who ask for many counts of a warehouse or put its items into classes.
func planning(ctx context.Context, tx *sql.Tx, warehouse WarehouseID) error {
	_, err := tx.ExecContext(ctx, `select 1 from warehouses where id = $1 for no key update`, warehouse)
	return err
}

// countable are the bins of warehouse $1 that hold something, each with its class, since when the item in it that
// waits longest was not counted, and whether that is too long: since before $3 for an item of class $2. What was never
// counted lies there uncounted since it first came.
const countable = `
	places as (
		select distinct b.location_id, b.item_id, coalesce(k.class, 'C') as class
		from balances b join locations l on l.id = b.location_id
		     left join item_classes k on k.warehouse_id = b.warehouse_id and k.item_id = b.item_id
		where b.warehouse_id = $1 and l.kind = 'bin' and l.active
	), seen as (
		select p.*, coalesce(
			(select max(c.finished_at) from counts c join count_lines n on n.count_id = c.id
			 where c.location_id = p.location_id and c.state = 'counted' and n.item_id = p.item_id),
			(select m.at from movements m where m.to_id = p.location_id and m.item_id = p.item_id order by m.id limit 1), 'epoch') as since
		from places p
	), bins as (
		select s.location_id, min(s.class) as class, min(s.since) as since, bool_or(s.since < d.before) as due
		from seen s join unnest($2::text[], $3::timestamptz[]) d (class, before) on d.class = s.class
		group by s.location_id
	)`

// args are what countable wants: the warehouse, the classes, and before which moment a last count of each is too old.
// It is due on the day that comes so many days after the last one.
func (r CountRules) args(warehouse WarehouseID, today time.Time) []any {
	classes, before := []string{}, []string{}
	for _, c := range r.Classes {
		day := time.Time{} // never
		if c.Every > 0 {
			day = today.AddDate(0, 0, 1-int(c.Every))
		}
		classes, before = append(classes, string(c.Class)), append(before, day.UTC().Format(time.RFC3339))
	}
	return []any{warehouse, pg.Array(classes), pg.Array(before)}
}

// dayOf is the beginning of the day in a warehouse.
func dayOf(ctx context.Context, q pg.Querier, warehouse WarehouseID, at time.Time) (time.Time, error) {
	w, err := WarehouseByID(ctx, q, warehouse)
	y, m, d := at.In(w.Clock()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, w.Clock()), err
}

// PlanCounts puts the items of a warehouse into classes anew and asks for counts of the bins that are due, those that
// were not counted longest first, as many of each class as its rules allow in a day: what was asked for today and what
// nobody has counted yet is part of that, so nothing piles up. A bin that waits to be counted anyway is not asked for.
// It answers how many bins it has asked for.
func PlanCounts(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, at time.Time) (asked int64, err error) {
	defer fault.Wrap(&err, "inventory.PlanCounts(%d)", warehouse)
	r, err := ReadCountRules(ctx, tx, warehouse)
	if err != nil {
		return 0, err
	}
	if err := classify(ctx, tx, warehouse, r, at); err != nil {
		return 0, err
	}
	today, err := dayOf(ctx, tx, warehouse, at)
	if err != nil {
		return 0, err
	}
	done, err := tx.ExecContext(ctx, `
		with `+countable+`, room as (
			select k.class, k.a_day - (
				select count(*) from count_tasks t
				where t.warehouse_id = $1 and t.class = k.class and (t.state = 'open' or t.asked_at >= $6)) as free
			from unnest($2::text[], $4::bigint[]) k (class, a_day)
		), ranked as (
			select b.location_id, b.class, row_number() over (partition by b.class order by b.since, b.location_id) as n
			from bins b
			where b.due and not exists (select from count_tasks t where t.location_id = b.location_id and t.state = 'open')
		)
		insert into count_tasks (warehouse_id, location_id, reason, class, asked_at, again_at)
		select $1, k.location_id, $7, k.class, $5, $5 from ranked k join room using (class) where k.n <= room.free order by k.class, k.n
		on conflict (location_id, coalesce(item_id, 0)) where state = 'open' do nothing`,
		append(r.args(warehouse, today), pg.Array(column(r.Classes, func(c ClassRule) int64 { return c.ADay })), at, today, CountPlanned)...)
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}

// ClassPlan is how far the counting of a class is. Items are of a class, bins of that of their busiest item.
type ClassPlan struct {
	ClassRule
	Items   int64 // that lie in bins
	Bins    int64 // that hold something
	Due     int64 // bins whose day has come
	Waiting int64 // of the bins, asked for and not counted yet
}

// OnTime are the bins whose day has not come.
func (p ClassPlan) OnTime() int64 { return p.Bins - p.Due }

// CountPlan reads how far the counting of each class is.
func CountPlan(ctx context.Context, q pg.Querier, warehouse WarehouseID, at time.Time) (plan []ClassPlan, err error) {
	defer fault.Wrap(&err, "inventory.CountPlan(%d)", warehouse)
	r, err := ReadCountRules(ctx, q, warehouse)
	if err != nil {
		return nil, err
	}
	today, err := dayOf(ctx, q, warehouse, at)
	if err != nil {
		return nil, err
	}
	plan, err = list(ctx, q, func(p *ClassPlan) []any { return []any{&p.Class, &p.Items, &p.Bins, &p.Due, &p.Waiting} }, `
		with `+countable+`
		select k.class, (select count(distinct item_id) from places p where p.class = k.class), count(b.location_id), count(*) filter (where b.due),
		       count(*) filter (where exists (select from count_tasks t where t.location_id = b.location_id and t.state = 'open'))
		from unnest($2::text[]) k (class) left join bins b using (class)
		group by k.class order by k.class`, r.args(warehouse, today)...)
	for i := range plan {
		plan[i].ClassRule = r.Classes[i]
	}
	return plan, err
}

// Accuracy is how right the books of a class were where they were counted.
type Accuracy struct {
	Class   Class
	Counted int64 // counts of bins
	Right   int64 // of which every item was as the books said
	Book    int64 // pieces on the books when they were counted
	Net     int64 // pieces found less pieces missing
	Off     int64 // pieces found and pieces missing together
}

// CountAccuracy compares what was counted since a moment with the books, by the class that the bins are of now.
func CountAccuracy(ctx context.Context, q pg.Querier, warehouse WarehouseID, since time.Time) (_ []Accuracy, err error) {
	defer fault.Wrap(&err, "inventory.CountAccuracy(%d)", warehouse)
	return list(ctx, q, func(a *Accuracy) []any { return []any{&a.Class, &a.Counted, &a.Right, &a.Book, &a.Net, &a.Off} }, `
		with finished as (
			select c.id, min(coalesce(k.class, 'C')) as class, coalesce(sum(n.book), 0) as book, coalesce(sum(n.variance), 0) as net, coalesce(sum(abs(n.variance)), 0) as off
			from counts c left join count_lines n on n.count_id = c.id left join item_classes k on k.warehouse_id = c.warehouse_id and k.item_id = n.item_id
			where c.warehouse_id = $1 and c.state = 'counted' and c.finished_at > $2
			group by c.id
		)
		select k.class, count(f.id), count(*) filter (where f.off = 0), coalesce(sum(f.book), 0)::bigint, coalesce(sum(f.net), 0)::bigint, coalesce(sum(f.off), 0)::bigint
		from unnest(array['A', 'B', 'C']) k (class) left join finished f using (class)
		group by k.class order by k.class`, warehouse, since)
}
