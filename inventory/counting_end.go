package inventory

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
)

// found is what a count says of one lot of an item once it is finished.
type found struct {
	pieces
	there     int64 // on the books now
	start     int64 // the ledger when the count of the bin began
	now       int64 // the ledger now
	wasBook   int64 // the books when the count of the bin began
	tallied   bool
	off       int64 // more or fewer than the books said when it was counted
	uncertain bool  // it moved while it was counted: nobody can say
}

// end compares what was counted with the books, lot by lot.
func (c *counter) end(ctx context.Context) (verdict, error) {
	all, err := tallies(ctx, c.tx, c.count.ID)
	if err != nil {
		return verdict{}, err
	}
	if len(all) == 0 && c.hand.question != asksEmpty {
		return c.askEmpty(), nil
	}
	if c.hand.question != asksNamed && c.onlyNamed(all) {
		c.hand.question = asksNamed
		return ask(), nil
	}
	return c.compare(ctx, all)
}

// onlyNamed reports that the lot in hand was named but never counted. Where nothing was counted at all, that is asked.
func (c *counter) onlyNamed(all []pieces) bool {
	return c.hand.named() && !slices.ContainsFunc(all, func(t pieces) bool { return t.same(c.hand.item, c.hand.lot) }) &&
		slices.ContainsFunc(all, func(t pieces) bool { return t.counted > 0 })
}

// empty says that nothing of what is asked for is in the bin.
func (c *counter) empty(ctx context.Context) (verdict, error) {
	all, err := tallies(ctx, c.tx, c.count.ID)
	if err != nil {
		return verdict{}, err
	}
	for _, t := range all {
		if t.counted > 0 {
			return wrong("You have counted %d %s here. Take that back, or scan the bin when all is counted.", t.counted, t.what()), nil
		}
	}
	return c.compare(ctx, all)
}

func (c *counter) compare(ctx context.Context, all []pieces) (verdict, error) {
	results, err := c.results(ctx, all)
	if err != nil {
		return verdict{}, err
	}
	if i := slices.IndexFunc(results, func(f found) bool { return f.uncertain }); i >= 0 {
		return c.again(ctx, results[i])
	}
	if c.hand.question != asksEmpty && allGone(results) {
		return c.askEmpty(), nil
	}
	agreed, err := c.agreed(ctx, results)
	if err != nil {
		return verdict{}, err
	}
	if err := c.write(ctx, results); err != nil {
		return verdict{}, err
	}
	if !agreed {
		return c.differs(ctx, results)
	}
	id, code := c.count.ID, c.count.Code
	if err := book(ctx, c.tx, c.count, results, c.scan); err != nil {
		return verdict{}, err
	}
	c.count, c.hand = count{}, talker{}
	return verdict{scan.Done, code + " is counted: " + inWords(results) + "."}, sealed(ctx, c.tx, id, c.scan.Staff, c.scan.At)
}

// allGone reports that nothing at all was counted where the books have something.
func allGone(all []found) bool {
	return slices.ContainsFunc(all, func(f found) bool { return f.off < 0 }) &&
		!slices.ContainsFunc(all, func(f found) bool { return f.pieces.counted > 0 })
}

// results locks the items and what of them is in the bin, and judges what was counted by the books of that moment.
// An item that moved between its first scan and its last cannot be judged, nor one that moved and was never counted.
func (c *counter) results(ctx context.Context, all []pieces) ([]found, error) {
	lines, err := list(ctx, c.tx, func(f *found) []any {
		return []any{&f.item, &f.lot, &f.sku, &f.name, &f.tracking, &f.code, &f.start, &f.wasBook}
	}, `
		select w.item_id, w.lot_id, i.sku, i.name, i.tracking, l.code, w.ledger, w.book from (
			select item_id, lot_id, ledger, book from count_lines where count_id = $1
			union
			select b.item_id, b.lot_id, -1, 0 from balances b where b.location_id = $2 and b.on_hand <> 0
			    and ($3 or b.item_id in (select item_id from count_lines where count_id = $1))
			    and not exists (select from count_lines n where n.count_id = $1 and n.item_id = b.item_id and n.lot_id = b.lot_id)) w
		join items i on i.id = w.item_id join lots l on l.id = w.lot_id
		order by w.item_id, w.lot_id`, c.count.ID, c.count.Location, c.count.Whole)
	if err != nil {
		return nil, err
	}
	if _, err := lockItems(ctx, c.tx, column(lines, func(f found) key { return key{c.warehouse, f.item} })); err != nil {
		return nil, err
	}
	items := pg.Array(column(lines, func(f found) int64 { return int64(f.item) }))
	if _, err := c.tx.ExecContext(ctx, `
		select 1 from balances where location_id = $1 and item_id = any($2) order by item_id, location_id, lot_id for no key update`,
		c.count.Location, items); err != nil {
		return nil, err
	}
	type books struct {
		item          ItemID
		lot           LotID
		there, ledger int64
	}
	now, err := list(ctx, c.tx, func(b *books) []any { return []any{&b.item, &b.lot, &b.there, &b.ledger} }, `
		select w.item_id, w.lot_id, `+bookAndLedger+` from unnest($3::bigint[], $4::bigint[]) w (item_id, lot_id)`, c.count.ID, c.count.Location,
		items, pg.Array(column(lines, func(f found) int64 { return int64(f.lot) })))
	if err != nil {
		return nil, err
	}
	for i := range lines {
		for _, t := range all {
			if t.same(lines[i].item, lines[i].lot) {
				lines[i].pieces, lines[i].tallied = t, true
			}
		}
		for _, b := range now {
			if lines[i].same(b.item, b.lot) {
				lines[i].there, lines[i].now = b.there, b.ledger
			}
		}
		lines[i].judge()
	}
	return lines, nil
}

// judge compares with the books as they were when it was counted last: what moved since then was counted before
// it left, or came after. What was never counted is not there, unless it came or went meanwhile.
func (f *found) judge() {
	if f.tallied {
		f.uncertain = f.last > f.first
	} else {
		f.book = f.wasBook
		if f.now > f.start {
			f.book, f.uncertain = 0, f.there != 0
		}
	}
	f.off = f.pieces.counted - f.book
	f.uncertain = f.uncertain || f.off < 0 && f.there+f.off < 0
}

// again has an item counted anew that moved meanwhile.
func (c *counter) again(ctx context.Context, f found) (verdict, error) {
	for _, do := range []string{
		`delete from count_scans where count_id = $1 and item_id = $2 and lot_id = $3`,
		`delete from count_lines where count_id = $1 and item_id = $2 and lot_id = $3`,
	} {
		if _, err := c.tx.ExecContext(ctx, do, c.count.ID, f.item, f.lot); err != nil {
			return verdict{}, err
		}
	}
	_, err := c.tx.ExecContext(ctx, `
		with w as (select $3::bigint as item_id, $4::bigint as lot_id)
		insert into count_lines (count_id, item_id, lot_id, book, ledger) select $1, w.item_id, w.lot_id, `+bookAndLedger+` from w`,
		c.count.ID, c.count.Location, f.item, f.lot)
	c.hand = talker{item: f.item, lot: f.lot, question: asksNone}
	if f.tallied {
		return verdict{scan.Decide, f.what() + " was taken or brought while you counted it. Count all of it again, then scan the bin."}, err
	}
	return verdict{scan.Decide, f.what() + " was taken or brought meanwhile. Count it too, then scan the bin."}, err
}

// agreed reports whether the books may be changed: of no item is the difference large, or somebody else found the same of
// each of its lots before.
func (c *counter) agreed(ctx context.Context, all []found) (bool, error) {
	type line struct {
		count CountID
		found
	}
	lines, err := list(ctx, c.tx, func(l *line) []any { return []any{&l.count, &l.item, &l.lot, &l.off} }, `
		select d.id, n.item_id, n.lot_id, n.variance from (select $1::bigint as location_id) t, lateral (select d.id, d.staff_id `+unsettled+`) d
		join count_lines n on n.count_id = d.id where d.staff_id <> $2 order by d.id, n.item_id, n.lot_id`, c.count.Location, c.scan.Staff)
	if err != nil {
		return false, err
	}
	before := map[CountID][]found{}
	for _, l := range lines {
		before[l.count] = append(before[l.count], l.found)
	}
	limit, err := limits(ctx, c.tx, c.warehouse, all)
	if err != nil {
		return false, err
	}
	for _, item := range slices.Compact(column(all, func(f found) ItemID { return f.item })) {
		mine, once, same := wrongLots(all, item), false, false
		for _, earlier := range before {
			if slices.ContainsFunc(earlier, func(f found) bool { return f.item == item }) {
				once, same = true, same || slices.Equal(wrongLots(earlier, item), mine)
			}
		}
		if once && !same || !once && tooMuch(limit(item), all, item) {
			return false, nil
		}
	}
	return true, nil
}

// wrongLots are the lots of an item that are not as the books say, and by how much, in order.
func wrongLots(all []found, item ItemID) (list []difference) {
	for _, f := range all {
		if f.item == item && f.off != 0 {
			list = append(list, difference{item: f.item, lot: f.lot, by: f.off})
		}
	}
	return list
}

// tooMuch reports whether all lots of an item together are more, or fewer, by what one person may not book: what is
// missing of one lot is not made good by another.
func tooMuch(limit Limit, all []found, item ItemID) bool {
	var more, fewer, book int64
	for _, f := range all {
		if f.item == item {
			more, fewer, book = more+max(f.off, 0), fewer+max(-f.off, 0), book+f.book
		}
	}
	return limit.exceeded(more, book) || limit.exceeded(fewer, book)
}

// NeedsRecount reports whether a difference of an item is more than one person may book: somebody else counts it first.
func NeedsRecount(ctx context.Context, q pg.Querier, warehouse WarehouseID, item ItemID, off, book int64) (_ bool, err error) {
	defer fault.Wrap(&err, "inventory.NeedsRecount(%d)", item)
	limit, err := limits(ctx, q, warehouse, []found{{pieces: pieces{item: item}}})
	return err == nil && limit(item).exceeded(off, book), err
}

// limits is what one person's count may book of an item, by its class.
func limits(ctx context.Context, q pg.Querier, warehouse WarehouseID, all []found) (of func(ItemID) Limit, err error) {
	r, err := ReadCountRules(ctx, q, warehouse)
	if err != nil {
		return nil, err
	}
	type classed struct {
		item  ItemID
		class Class
	}
	known, err := list(ctx, q, func(c *classed) []any { return []any{&c.item, &c.class} }, `
		select item_id, class from item_classes where warehouse_id = $1 and item_id = any($2)`,
		warehouse, pg.Array(column(all, func(f found) int64 { return int64(f.item) })))
	return func(item ItemID) Limit {
		if i := slices.IndexFunc(known, func(c classed) bool { return c.item == item }); i >= 0 {
			return r.Of(known[i].class)
		}
		return r.Of(ClassC)
	}, err
}

// write keeps what was found.
func (c *counter) write(ctx context.Context, all []found) error {
	_, err := c.tx.ExecContext(ctx, `
		insert into count_lines (count_id, item_id, lot_id, ledger, counted, book, variance)
		select $1, * from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
		on conflict (count_id, item_id, lot_id) do update set counted = excluded.counted, book = excluded.book, variance = excluded.variance`,
		c.count.ID, pg.Array(column(all, func(f found) int64 { return int64(f.item) })),
		pg.Array(column(all, func(f found) int64 { return int64(f.lot) })),
		pg.Array(column(all, func(f found) int64 { return f.start })),
		pg.Array(column(all, func(f found) int64 { return f.pieces.counted })),
		pg.Array(column(all, func(f found) int64 { return f.book })),
		pg.Array(column(all, func(f found) int64 { return f.off })))
	if err != nil {
		return err
	}
	_, err = c.tx.ExecContext(ctx, `update counts set finished_at = $2, scan = $3 where id = $1`, c.count.ID, c.scan.At, c.scan.Key)
	return err
}

// differs leaves a large difference to somebody else.
func (c *counter) differs(ctx context.Context, all []found) (verdict, error) {
	if _, err := c.tx.ExecContext(ctx, `update counts set state = 'differs' where id = $1`, c.count.ID); err != nil {
		return verdict{}, err
	}
	_, err := c.tx.ExecContext(ctx, `update count_tasks set count_id = null where count_id = $1 and state = 'open'`, c.count.ID)
	code := c.count.Code
	c.count, c.hand = count{}, talker{}
	return verdict{scan.Done, code + ": thank you. Somebody else counts it again before the books are changed."}, err
}

// book makes movements of the differences.
func book(ctx context.Context, tx *sql.Tx, c count, all []found, s scan.Scan) error {
	var differences []difference
	for _, f := range all {
		if f.off == 0 {
			continue
		}
		d := difference{item: f.item, lot: f.lot, by: f.off}
		if f.tracking == BySerial && f.off > 0 {
			var err error
			if d.from, err = elsewhere(ctx, tx, c, f); err != nil {
				return err
			}
		}
		differences = append(differences, d)
	}
	if len(differences) == 0 {
		return nil
	}
	m := Movement{Warehouse: c.Warehouse, Ref: c.ID.String(), Note: "counted; " + c.Why, Staff: s.Staff, Station: s.Station, Scan: s.Key, At: s.At}
	if err := correct(ctx, tx, m, c.Location, differences); err != nil {
		return err
	}
	return staff.Audit(ctx, tx, s.Staff, "stock.counted", c.Code, map[string]any{"count": c.ID.String(), "differences": inWords(all)})
}

// elsewhere is the bin that the books have a piece in which was seen here: it is one piece, so it comes from there.
func elsewhere(ctx context.Context, tx *sql.Tx, c count, f found) (LocationID, error) {
	last, err := WhereStood(ctx, tx, f.item, f.lot)
	switch {
	case err != nil || last.gone():
		return 0, err
	case last.Kind == Bin && last.Warehouse == c.Warehouse:
		return last.Place, nil
	}
	return 0, fault.New(fault.Conflict, "%s %s by now. Take its scan back, then scan the bin.", f.what(), last.words())
}

// sealed closes a count with the tasks it answers; what was asked for after it had begun waits on. It is the last that
// a transaction locks.
func sealed(ctx context.Context, tx *sql.Tx, id CountID, who staff.ID, at time.Time) error {
	var f Counted
	var code string
	var started time.Time
	err := tx.QueryRowContext(ctx, `
		update counts c set state = 'counted' from locations l where c.id = $1 and l.id = c.location_id
		returning c.warehouse_id, c.location_id, l.code, c.whole, c.started_at`, id).Scan(&f.Warehouse, &f.Location, &code, &f.Whole, &started)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		update count_tasks set state = case when again_at <= $2 then 'counted' else 'open' end,
		       count_id = case when again_at <= $2 then count_id end,
		       closed_by = case when again_at <= $2 then $3::bigint end, closed_at = case when again_at <= $2 then $4::timestamptz end
		where count_id = $1 and state = 'open'`, id, started, who, at); err != nil {
		return err
	}
	if f.Items, err = pg.Values[ItemID](tx.QueryContext(ctx, `select distinct item_id from count_lines where count_id = $1 order by item_id`, id)); err != nil {
		return err
	}
	f.Staff, f.Began, f.At = who, started, at
	data, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return outbox.Put(ctx, tx, outbox.Fact{Name: FactCounted, Ref: id.String(), Data: data})
}

// inWords names the differences in words.
func inWords(all []found) string {
	var words []string
	for _, f := range all {
		switch {
		case f.off > 0:
			words = append(words, fmt.Sprintf("%d more %s", f.off, f.what()))
		case f.off < 0:
			words = append(words, fmt.Sprintf("%d fewer %s", -f.off, f.what()))
		}
	}
	switch {
	case len(words) == 0:
		return "as the books say"
	case len(words) > 3:
		words = append(words[:3:3], fmt.Sprintf("%d more differences", len(words)-3))
	}
	return strings.Join(words, ", ") + " than on the books"
}

// undoEnd opens a finished count again: what it moved goes back.
func (c *counter) undoEnd(ctx context.Context, which scan.Key) (verdict, error) {
	const last = `where c.scan = $1 and ` + lastHere
	done, err := countWhere(ctx, c.tx, last, which)
	if err == nil && done.ID != 0 {
		if err = turn(ctx, c.tx, done.Location); err == nil {
			done, err = countWhere(ctx, c.tx, last+` for no key update of c`, which)
		}
	}
	switch {
	case err != nil:
		return verdict{}, err
	case done.ID == 0 || done.Staff != c.scan.Staff:
		return wrong("That scan counted nothing, or was taken back already."), nil
	case c.count.ID != 0:
		return wrong("You count %s now. Finish or leave it first.", c.count.Code), nil
	}
	err = Reverse(ctx, c.tx, which, Movement{Staff: c.scan.Staff, Station: c.scan.Station, Scan: c.scan.Key, At: c.scan.At})
	switch kind := fault.KindOf(err); {
	case kind == fault.Conflict:
		return wrong("%s", fault.Message(err)), nil
	case err != nil && kind != fault.NotFound: // not found: it moved nothing
		return verdict{}, err
	}
	if err := scan.TakeBack(ctx, c.tx, which, c.scan.Key); err != nil {
		return verdict{}, err
	}
	for _, do := range []string{
		`update counts set state = 'open', finished_at = null, scan = null where id = $1`,
		`update count_lines set counted = null, variance = null where count_id = $1`,
		`update count_tasks t set state = 'open', closed_by = null, closed_at = null where count_id = $1 and state = 'counted'
		 and not exists (select from count_tasks o where o.location_id = t.location_id and o.state = 'open' and coalesce(o.item_id, 0) = coalesce(t.item_id, 0))`,
		`update count_tasks t set count_id = $1 where state = 'open' and count_id is null and location_id = (select location_id from counts where id = $1)`,
	} {
		if _, err := c.tx.ExecContext(ctx, do, done.ID); err != nil {
			return verdict{}, err
		}
	}
	c.hand = talker{}
	return right("The count of %s is open again. Go on counting, then scan the bin.", done.Code), nil
}

// BookCount books a count that differs by a manager's word, as if another had found the same.
func BookCount(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, id CountID, who staff.ID, s scan.Scan) (err error) {
	defer fault.Wrap(&err, "inventory.BookCount(%d)", id)
	c, err := countWhere(ctx, tx, `where c.id = $1 and c.state = 'differs' and `+lastHere+` for no key update of c`, id)
	if err != nil {
		return err
	}
	if c.ID == 0 || c.Warehouse != warehouse {
		return fault.New(fault.NotFound, "This count does not wait for anybody. Load the page again.")
	}
	all, err := list(ctx, tx, func(f *found) []any { return []any{&f.item, &f.lot, &f.name, &f.tracking, &f.code, &f.off} }, `
		select n.item_id, n.lot_id, i.name, i.tracking, l.code, n.variance
		from count_lines n join items i on i.id = n.item_id join lots l on l.id = n.lot_id where n.count_id = $1 order by n.item_id, n.lot_id`, id)
	if err != nil {
		return err
	}
	c.Why = "by a manager's word"
	s.Staff = who
	if err := book(ctx, tx, c, all, s); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `update count_tasks set count_id = $1 where location_id = $2 and state = 'open' and count_id is null`, id, c.Location); err != nil {
		return err
	}
	return sealed(ctx, tx, id, who, s.At)
}
