package inventory

import (
	"context"
	"database/sql"
	"slices"

	"tote/internal/pg"
	"tote/internal/scan"
	"tote/labels"
)

// next claims the bin that has waited longest: first where a picker found too little, for nobody picks there until then,
// last what the plan has asked for. Two who ask at once get different bins.
func (c *counter) next(ctx context.Context) (verdict, error) {
	bins, err := pg.Values[LocationID](c.tx.QueryContext(ctx, `
		select t.location_id from count_tasks t
		where t.warehouse_id = $1 and t.state = 'open' and t.count_id is null and `+notMine+`
		group by t.location_id
		order by min(`+urgency("t.reason")+`), min(t.asked_at), min(t.id) limit 50`, c.warehouse, c.scan.Staff))
	if err != nil {
		return verdict{}, err
	}
	for _, bin := range bins {
		if got, err := c.claim(ctx, bin); err != nil {
			return verdict{}, err
		} else if got {
			return right("Go to %s.", c.count.Code), nil
		}
	}
	if n, err := CountsWaiting(ctx, c.tx, c.warehouse); err != nil || n == 0 {
		return wrong("No bin waits to be counted."), err
	}
	return wrong("All that waits is being counted, or needs somebody else than you to count it again."), nil
}

// notMine is true of a task t whose bin person $2 has not counted with a large difference: that takes another's eyes.
const notMine = `not exists (select ` + unsettled + ` and d.staff_id = $2)`

// claim begins a count of a bin for all that was asked about it. It answers false when somebody was quicker.
func (c *counter) claim(ctx context.Context, bin LocationID) (bool, error) {
	c.hand = talker{}
	if err := turn(ctx, c.tx, bin); err != nil {
		return false, err
	}
	var id CountID
	err := c.tx.QueryRowContext(ctx, `
		insert into counts (warehouse_id, location_id, staff_id, claimed_at, whole)
		select $1, $2, $3, $4, bool_or(item_id is null) from count_tasks where location_id = $2 and state = 'open' and count_id is null having count(*) > 0
		on conflict (location_id) where state = 'open' do nothing
		returning id`, c.warehouse, bin, c.scan.Staff, c.scan.At).Scan(&id)
	if err == sql.ErrNoRows {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if _, err = c.tx.ExecContext(ctx, `update count_tasks set count_id = $2 where location_id = $1 and state = 'open' and count_id is null`, bin, id); err != nil {
		return false, err
	}
	if _, err = c.tx.ExecContext(ctx, `
		update counts set whole = exists (select from count_tasks where count_id = $1 and item_id is null) where id = $1`, id); err != nil {
		return false, err
	}
	c.count, err = countOf(ctx, c.tx, c.scan.Staff, ``)
	return true, err
}

// turn lets those take turns who begin to count a bin. It is in no movement's way.
func turn(ctx context.Context, tx *sql.Tx, bin LocationID) error {
	_, err := tx.ExecContext(ctx, `select 1 from locations where id = $1 for no key update`, bin)
	return err
}

// at answers the scan of a bin by somebody who counts none: what was asked for begins at once.
func (c *counter) at(ctx context.Context, l Location) (verdict, error) {
	asked := c.hand
	c.hand = talker{}
	if l.Kind != Bin {
		return wrong("%s is a %s. Scan a bin to count.", l.Code, l.Kind), nil
	}
	other, err := countWhere(ctx, c.tx, `where c.location_id = $1 and c.state = 'open'`, l.ID)
	if err != nil {
		return verdict{}, err
	}
	if other.ID != 0 {
		c.hand = talker{bin: l.ID, question: asksColleague}
		if asked == c.hand {
			return c.takeOver(ctx)
		}
		return ask(), nil
	}
	var open, mine bool
	err = c.tx.QueryRowContext(ctx, `
		select count(*) > 0, count(*) > 0 and bool_and(not `+notMine+`) from count_tasks t where t.location_id = $1 and t.state = 'open'`, l.ID, c.scan.Staff).
		Scan(&open, &mine)
	switch {
	case err != nil:
		return verdict{}, err
	case mine:
		return wrong("You have counted %s already. Somebody else must find the same before the books are changed.", l.Code), nil
	case open:
		return c.claimHere(ctx, l)
	}
	c.hand = talker{bin: l.ID, question: asksUnasked}
	if asked == c.hand {
		return c.countUnasked(ctx)
	}
	return ask(), nil
}

func (c *counter) claimHere(ctx context.Context, l Location) (verdict, error) {
	got, err := c.claim(ctx, l.ID)
	if err != nil || !got {
		return wrong("Somebody else has just begun to count %s.", l.Code), err
	}
	return c.start(ctx)
}

func (c *counter) countUnasked(ctx context.Context) (verdict, error) {
	l, err := LocationByID(ctx, c.tx, c.hand.bin)
	if err != nil {
		return verdict{}, err
	}
	err = AskCount(ctx, c.tx, CountRequest{Warehouse: c.warehouse, Location: l.ID, Reason: CountAsked, Staff: c.scan.Staff, At: c.scan.At})
	if err != nil {
		return verdict{}, err
	}
	return c.claimHere(ctx, l)
}

// takeOver begins a colleague's count anew: one person counts a bin, or it is no count.
func (c *counter) takeOver(ctx context.Context) (verdict, error) {
	l, err := LocationByID(ctx, c.tx, c.hand.bin)
	if err != nil {
		return verdict{}, err
	}
	other, err := countWhere(ctx, c.tx, `where c.location_id = $1 and c.state = 'open' for no key update of c`, l.ID)
	if err != nil {
		return verdict{}, err
	}
	if other.ID != 0 {
		if err := abandon(ctx, c.tx, other.ID); err != nil {
			return verdict{}, err
		}
	}
	c.hand = talker{}
	return c.at(ctx, l)
}

// start is the moment from which work that goes on in the bin is watched.
func (c *counter) start(ctx context.Context) (verdict, error) {
	if _, err := c.tx.ExecContext(ctx, `update counts set started_at = $2 where id = $1`, c.count.ID, c.scan.At); err != nil {
		return verdict{}, err
	}
	_, err := c.tx.ExecContext(ctx, `
		insert into count_lines (count_id, item_id, lot_id, book, ledger)
		select $1, w.item_id, w.lot_id, `+bookAndLedger+`
		from (select b.item_id, b.lot_id from balances b where b.location_id = $2 and b.on_hand <> 0
		          and ($3 or b.item_id in (select item_id from count_tasks where count_id = $1))
		      union select item_id, 0 from count_tasks where count_id = $1 and item_id is not null) w`,
		c.count.ID, c.count.Location, c.count.Whole)
	c.hand = talker{}
	return right("%s: scan what is in it.", c.count.Code), err
}

// bookAndLedger is what the books say of lot w.lot_id of item w.item_id in bin $2, and its last movement there that is not of count $1
// itself: two numbers of one moment. While a balance exists its movements take turns, so later ones have higher numbers.
const bookAndLedger = `
	coalesce((select on_hand from balances where item_id = w.item_id and location_id = $2 and lot_id = w.lot_id), 0)::bigint,
	coalesce(greatest(
		(select max(id) from movements where from_id = $2 and item_id = w.item_id and lot_id = w.lot_id and ref <> format('COUNT-%s', $1::bigint)),
		(select max(id) from movements where to_id = $2 and item_id = w.item_id and lot_id = w.lot_id and ref <> format('COUNT-%s', $1::bigint))), 0)::bigint`

// pieces is how much of a lot of an item was counted so far.
type pieces struct {
	item      ItemID
	lot       LotID // 0: of none
	sku, name string
	tracking  Tracking
	code      string // of the lot
	counted   int64
	first     int64 // the ledger at the first scan that counts
	last      int64 // and at the last
	book      int64 // the books at the last
}

func (t *pieces) fields() []any {
	return []any{&t.item, &t.lot, &t.sku, &t.name, &t.tracking, &t.code, &t.counted, &t.first, &t.last, &t.book}
}

// same reports whether it is of the lot of the item.
func (t pieces) same(item ItemID, lot LotID) bool { return t.item == item && t.lot == lot }

// what names the item and the lot.
func (t pieces) what() string {
	if t.code == "" {
		return t.name
	}
	return t.name + ", " + lotWord(t.tracking) + " " + t.code
}

// detail is what the screen tells of the item in hand.
func (t pieces) detail() []string {
	lines := []string{t.name, t.sku}
	if t.code != "" {
		lines = append(lines, lotTitle(t.tracking)+" "+t.code)
	}
	if t.tracking == BySerial {
		return append(lines, "Scan the next piece. Scan the bin when all is counted.")
	}
	return append(lines, "+5 is five more, 12 is twelve in all. Scan the bin when all is counted.")
}

// tallies adds up the scans of each lot; one that says how many there are in all begins anew.
func tallies(ctx context.Context, q pg.Querier, id CountID) ([]pieces, error) {
	return list(ctx, q, (*pieces).fields, `
		select i.id, l.id, i.sku, i.name, i.tracking, l.code, sum(n.quantity)::bigint, min(n.ledger), max(n.ledger), (array_agg(n.book order by n.id desc))[1]
		from (
			select *, max(id) filter (where whole) over (partition by item_id, lot_id) as since from count_scans where count_id = $1
		) n join items i on i.id = n.item_id join lots l on l.id = n.lot_id
		where n.since is null or n.id >= n.since
		group by i.id, l.id order by i.sku, l.code`, id)
}

// handled is what is in hand as far as it was counted.
func handled(ctx context.Context, q pg.Querier, h talker, all []pieces) (t pieces, err error) {
	if h.item == 0 {
		return t, nil
	}
	if i := slices.IndexFunc(all, func(t pieces) bool { return t.same(h.item, h.lot) }); i >= 0 {
		return all[i], nil
	}
	t.item, t.lot = h.item, h.lot
	err = q.QueryRowContext(ctx, `select i.sku, i.name, i.tracking, l.code from items i, lots l where i.id = $1 and l.id = $2`, h.item, h.lot).
		Scan(&t.sku, &t.name, &t.tracking, &t.code)
	return t, err
}

// item counts what was scanned.
func (c *counter) item(ctx context.Context, it Item, n int64, code labels.Code) (verdict, error) {
	switch {
	case c.count.ID == 0:
		return wrong("Scan the bin first, then what is in it."), nil
	case c.count.Started.IsZero():
		return wrong("Scan the bin %s first, then what is in it.", c.count.Code), nil
	}
	if !c.count.Whole {
		var asked bool
		err := c.tx.QueryRowContext(ctx, `select exists (select from count_lines where count_id = $1 and item_id = $2)`, c.count.ID, it.ID).Scan(&asked)
		if err != nil || !asked {
			return wrong("This is %s. It is not to be counted here.", it.Name), err
		}
	}
	n = piecesOf(code, n)
	if it.Tracking == Untracked {
		c.hand = talker{item: it.ID}
		return c.enter(ctx, n, false)
	}
	return c.ofLot(ctx, it, n, tagOf(code, it, c.scan.At))
}

// more counts more of the item in hand.
func (c *counter) more(ctx context.Context, n int64) (verdict, error) {
	switch {
	case n == 0:
		return wrong("Type a plus and a number from 1 to %d, like +12.", MostUnits), nil
	case c.count.Started.IsZero() || c.hand.item == 0:
		return wrong("Scan the item first, then type how many more there are."), nil
	}
	if it, err := ItemByID(ctx, c.tx, c.hand.item); err != nil || it.Tracking == BySerial {
		return wrong(eachSerial, it.Name), err
	}
	return c.enter(ctx, n, false)
}

// all says how many there are of the item in hand, whatever was counted before.
func (c *counter) all(ctx context.Context, n int64) (verdict, error) {
	if c.count.Started.IsZero() {
		return wrong("Scan the bin first, then what is in it."), nil
	}
	if n > MostUnits {
		return wrong("Type a number from 0 to %d.", MostUnits), nil
	}
	if it, err := ItemByID(ctx, c.tx, c.hand.item); err != nil || it.Tracking == BySerial && n > 1 {
		return wrong(eachSerial, it.Name), err
	}
	return c.enter(ctx, n, true)
}

// enter keeps what a scan counted of what is in hand, with the books of this moment.
func (c *counter) enter(ctx context.Context, n int64, whole bool) (verdict, error) {
	_, err := c.tx.ExecContext(ctx, `
		with w as (select $3::bigint as item_id, $4::bigint as lot_id), line as (
			insert into count_lines (count_id, item_id, lot_id, book, ledger)
			select $1, w.item_id, w.lot_id, `+bookAndLedger+` from w on conflict (count_id, item_id, lot_id) do nothing
		)
		insert into count_scans (scan, count_id, item_id, lot_id, quantity, whole, book, ledger)
		select $5, $1, w.item_id, w.lot_id, $6, $7, `+bookAndLedger+` from w`,
		c.count.ID, c.count.Location, c.hand.item, c.hand.lot, c.scan.Key, n, whole)
	if err != nil {
		return verdict{}, err
	}
	c.hand = talker{item: c.hand.item, lot: c.hand.lot}
	all, err := tallies(ctx, c.tx, c.count.ID)
	if err != nil {
		return verdict{}, err
	}
	t, err := handled(ctx, c.tx, c.hand, all)
	if err != nil || whole {
		return right("%s: %d in all.", t.what(), n), err
	}
	return right("+%d %s: %d so far.", n, t.what(), t.counted), nil
}

// undoLast takes back the last thing this person counted, or the end of their last count.
func (c *counter) undoLast(ctx context.Context) (verdict, error) {
	var key scan.Key
	err := c.tx.QueryRowContext(ctx, `
		select s.key from scans s
		where s.ref = $1 and s.undone_by is null
		  and (exists (select from count_scans n join counts c on c.id = n.count_id where n.scan = s.key and c.state = 'open')
		       or exists (select from counts c where c.scan = s.key and `+lastHere+`))
		order by s.id desc limit 1`, counting(c.scan.Staff)).Scan(&key)
	if err == sql.ErrNoRows {
		return wrong("There is nothing to take back."), nil
	}
	if err != nil {
		return verdict{}, err
	}
	return c.undo(ctx, key)
}

// undo takes back one scan.
func (c *counter) undo(ctx context.Context, which scan.Key) (verdict, error) {
	var n int64
	var hand talker
	err := c.tx.QueryRowContext(ctx, `
		delete from count_scans where scan = $1 and count_id = $2 returning quantity, item_id, lot_id`, which, c.count.ID).Scan(&n, &hand.item, &hand.lot)
	if err == sql.ErrNoRows {
		return c.undoEnd(ctx, which)
	}
	if err != nil {
		return verdict{}, err
	}
	if c.hand = hand; hand.lot != 0 {
		c.hand = talker{} // it may have been the lot that was wrong: the next scan says which
	}
	t, err := handled(ctx, c.tx, hand, nil)
	if err != nil {
		return verdict{}, err
	}
	return right("Taken back: %d %s.", n, t.what()), scan.TakeBack(ctx, c.tx, which, c.scan.Key)
}
