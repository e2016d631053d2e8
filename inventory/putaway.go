package inventory

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/labels"
)

// TaskID names a putaway task.
type TaskID int64

// PutawayTask says: carry this much from here into the racks. Receiving opens one per item and receipt, restocking a
// return one per item.
type PutawayTask struct {
	ID        TaskID
	Warehouse WarehouseID
	Item      ItemID
	SKU, Name string
	Lot       LotID
	LotCode   string
	Tracking  Tracking
	From      LocationID
	FromCode  string
	Quantity  int64
	Done      int64
	Ref       string // RC-7, R-17
	Staff     staff.ID
	By        string // who carries it, "" when nobody does
	ClaimedAt time.Time
	To        LocationID // while it is carried: where to
	ToCode    string
	ToCount   int64  // how much of it there
	Why       string // why there
	CreatedAt time.Time
}

// Left is how much still waits.
func (t PutawayTask) Left() int64 { return t.Quantity - t.Done }

// OpenPutaway asks for goods to be put away. An open task for the same goods from the same place and document grows.
func OpenPutaway(ctx context.Context, tx *sql.Tx, t PutawayTask) (err error) {
	defer fault.Wrap(&err, "inventory.OpenPutaway(%d, %q)", t.Item, t.Ref)
	done, err := tx.ExecContext(ctx, `
		update putaway_tasks set quantity = quantity + $5
		where id = (select id from putaway_tasks where from_id = $1 and item_id = $2 and lot_id = $3 and ref = $4 and done < quantity
		            order by staff_id is not null, id desc limit 1 for update)`, t.From, t.Item, t.Lot, t.Ref, t.Quantity)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n > 0 {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		insert into putaway_tasks (warehouse_id, item_id, lot_id, from_id, quantity, ref) values ($1, $2, $3, $4, $5, $6)`,
		t.Warehouse, t.Item, t.Lot, t.From, t.Quantity, t.Ref)
	return err
}

const taskColumns = `
	select t.id, t.warehouse_id, t.item_id, i.sku, i.name, t.lot_id, o.code, i.tracking, t.from_id, f.code, t.quantity, t.done, t.ref,
	       coalesce(t.staff_id, 0), coalesce(s.name, ''), coalesce(t.claimed_at, t.created_at),
	       coalesce(t.suggested_id, 0), coalesce(l.code, ''), t.suggested, t.reason, t.created_at
	from putaway_tasks t join items i on i.id = t.item_id join locations f on f.id = t.from_id
	     join lots o on o.id = t.lot_id left join staff s on s.id = t.staff_id left join locations l on l.id = t.suggested_id `

func (t *PutawayTask) fields() []any {
	return []any{&t.ID, &t.Warehouse, &t.Item, &t.SKU, &t.Name, &t.Lot, &t.LotCode, &t.Tracking, &t.From, &t.FromCode, &t.Quantity, &t.Done, &t.Ref,
		&t.Staff, &t.By, &t.ClaimedAt, &t.To, &t.ToCode, &t.ToCount, &t.Why, &t.CreatedAt}
}

// PutawayTasks lists what waits to be put away, the oldest first; with after only what comes behind that task.
func PutawayTasks(ctx context.Context, q pg.Querier, warehouse WarehouseID, after TaskID, limit int) (all []PutawayTask, err error) {
	defer fault.Wrap(&err, "inventory.PutawayTasks(%d)", warehouse)
	return list(ctx, q, (*PutawayTask).fields, taskColumns+`
		where t.warehouse_id = $1 and t.done < t.quantity
		  and ($2 = 0 or (t.created_at, t.id) > (select created_at, id from putaway_tasks where id = $2))
		order by t.created_at, t.id limit $3`, warehouse, after, limit)
}

// PutawayWaiting is how many tasks wait and since when the oldest does.
func PutawayWaiting(ctx context.Context, q pg.Querier, warehouse WarehouseID) (tasks int64, oldest time.Time, err error) {
	defer fault.Wrap(&err, "inventory.PutawayWaiting(%d)", warehouse)
	var since sql.NullTime
	err = q.QueryRowContext(ctx, `
		select count(*), min(created_at) from putaway_tasks where warehouse_id = $1 and done < quantity`, warehouse).Scan(&tasks, &since)
	return tasks, since.Time, err
}

// carried is the task a person carries; none is a zero one.
func carried(ctx context.Context, q pg.Querier, who staff.ID, lock string) (t PutawayTask, err error) {
	err = q.QueryRowContext(ctx, taskColumns+`where t.staff_id = $1 and t.done < t.quantity`+lock, who).Scan(t.fields()...)
	if err == sql.ErrNoRows {
		return PutawayTask{}, nil
	}
	return t, err
}

// carrying is one scan of somebody who puts away.
type carrying struct {
	tx        *sql.Tx
	scan      scan.Scan
	warehouse WarehouseID
	task      PutawayTask // zero: empty hands
	hand      carrier
}

// carrier is what the screen remembers beside the task.
type carrier struct {
	bin      LocationID // another bin, scanned once: a second scan of it confirms
	task     TaskID     // a colleague's load: a second scan takes it over
	quantity int64      // typed; 0 is all
	overfull bool       // a manager was told that the bin does not take it: a second scan is their word
	item     ItemID     // its lot or serial number is asked for
	tote     LocationID // loads in it go to a bin together, or one by one
}

const carrierColumns = `coalesce(bin_id, 0), coalesce(task_id, 0), quantity, overfull, coalesce(item_id, 0), coalesce(tote_id, 0)`

func (h *carrier) fields() []any {
	return []any{&h.bin, &h.task, &h.quantity, &h.overfull, &h.item, &h.tote}
}

// forget drops what was asked and typed. The tote stays in hand.
func (h *carrier) forget() { *h = carrier{tote: h.tote} }

// hands names the document of one person's putaway scans.
func hands(who staff.ID) string { return "putaway-" + strconv.FormatInt(int64(who), 10) }

// PutAway answers one scan of a person who puts goods away. With empty hands an item, a dock or a tote says what to
// carry, a tote with several loads all of them; then the screen names a bin and why, and the scan of the bin puts the goods there. Another bin than the one
// named must be scanned twice. Each put is one movement, and back-orders get what became free.
func PutAway(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, s scan.Scan) (step scan.Step, err error) {
	defer fault.Wrap(&err, "inventory.PutAway(%d)", s.Staff)
	c := &carrying{tx: tx, scan: s, warehouse: warehouse}
	if err := c.begin(ctx); err != nil {
		return scan.Step{}, err
	}
	defer markUndoable(ctx, tx, &step, &err)
	return scan.Once(ctx, tx, s, hands(s.Staff), func() (scan.Step, error) {
		done, err := c.take(ctx)
		if err != nil {
			return scan.Step{}, err
		}
		return c.finish(ctx, done)
	})
}

// UndoPutAway brings back in the books what an earlier scan put into a bin.
func UndoPutAway(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, which scan.Key, s scan.Scan) (step scan.Step, err error) {
	defer fault.Wrap(&err, "inventory.UndoPutAway(%s)", which)
	c := &carrying{tx: tx, scan: s, warehouse: warehouse}
	if err := c.begin(ctx); err != nil {
		return scan.Step{}, err
	}
	defer markUndoable(ctx, tx, &step, &err)
	return scan.Once(ctx, tx, s, hands(s.Staff), func() (scan.Step, error) {
		done, err := c.undo(ctx, which)
		if err != nil {
			return scan.Step{}, err
		}
		return c.finish(ctx, done)
	})
}

// begin locks the person's hands, so that two scans of one person take turns, then what they carry.
func (c *carrying) begin(ctx context.Context) error {
	err := c.tx.QueryRowContext(ctx, `
		insert into putting_away (staff_id) values ($1) on conflict (staff_id) do update set staff_id = excluded.staff_id
		returning `+carrierColumns, c.scan.Staff).Scan(c.hand.fields()...)
	if err == nil {
		c.task, err = carried(ctx, c.tx, c.scan.Staff, ` for update of t`)
	}
	return err
}

func (c *carrying) finish(ctx context.Context, done verdict) (scan.Step, error) {
	err := c.tx.QueryRowContext(ctx, `
		update putting_away set bin_id = nullif($2::bigint, 0), task_id = nullif($3::bigint, 0), quantity = $4, overfull = $5, item_id = nullif($6::bigint, 0),
		       tote_id = (select $7::bigint where exists (select from putaway_tasks where from_id = $7 and done < quantity))
		where staff_id = $1 returning coalesce(tote_id, 0)`,
		c.scan.Staff, c.hand.bin, c.hand.task, c.hand.quantity, c.hand.overfull, c.hand.item, c.hand.tote).Scan(&c.hand.tote)
	if err != nil {
		return scan.Step{}, err
	}
	c.task, err = carried(ctx, c.tx, c.scan.Staff, ``)
	if err != nil {
		return scan.Step{}, err
	}
	return putawayScreen(ctx, c.tx, c.warehouse, c.task, c.hand, done)
}

// take reads the code and does what it says.
func (c *carrying) take(ctx context.Context) (verdict, error) {
	code, err := labels.Parse(c.scan.Code)
	if err != nil {
		return wrong("%s", fault.Message(err)), nil
	}
	switch {
	case code.Kind == labels.KindCommand:
		return c.command(ctx, code.Value)
	case c.task.ID == 0 && c.hand.item != 0:
		return c.answerLot(ctx, code)
	case amount.MatchString(c.scan.Code):
		return c.part(quantityOf(c.scan.Code)), nil
	case c.task.ID != 0:
		return c.putDown(ctx, code)
	case c.hand.tote != 0:
		return c.ofTote(ctx, code)
	}
	return c.pickUp(ctx, code)
}

func (c *carrying) command(ctx context.Context, name string) (verdict, error) {
	switch {
	case name == labels.CommandUndo:
		return c.undoLast(ctx)
	case c.hand.item != 0 && c.task.ID == 0:
		return c.commandOfLot(ctx, name)
	case name == labels.CommandOK && c.hand.bin != 0 && c.task.ID != 0:
		return c.putInto(ctx, c.hand.bin)
	case name == labels.CommandOK && c.hand.task != 0 && c.task.ID == 0:
		return c.takeOver(ctx)
	case name == labels.CommandOK && c.hand.bin != 0 && c.hand.tote != 0:
		return c.pour(ctx, c.hand.bin)
	case name == labels.CommandSkip && c.task.ID == 0 && c.hand.tote != 0:
		c.hand = carrier{}
		return right("The tote stays where it is. Scan another one, or an item at the dock."), nil
	case name == labels.CommandSkip && c.task.ID != 0:
		return c.layDown(ctx)
	case name == labels.CommandSkip:
		c.hand = carrier{}
		return right("Left with your colleague. Scan the next item."), nil
	case (name == labels.CommandNew || name == labels.CommandOK) && c.task.ID == 0:
		return c.next(ctx)
	}
	return wrong("X-%s means nothing here. %s", name, c.instruction()), nil
}

func (c *carrying) instruction() string {
	if c.task.ID == 0 && c.hand.tote == 0 {
		return "Scan an item that waits at the dock."
	}
	return "Scan the bin."
}

// part says how much goes into the next bin.
func (c *carrying) part(n int64) verdict {
	switch {
	case c.task.ID == 0:
		return wrong("Scan the item first, then type how many you put into the bin.")
	case n == 0 || n > c.task.Left():
		return wrong("%d %s wait. Type a plus and a number from 1 to %d.", c.task.Left(), c.task.Name, c.task.Left())
	}
	c.hand.quantity, c.hand.bin, c.hand.overfull = n, 0, false
	return right("%d of %d go into the bin you scan now.", n, c.task.Left())
}

// layDown leaves the goods where they were taken from.
func (c *carrying) layDown(ctx context.Context) (verdict, error) {
	c.hand.forget()
	_, err := c.tx.ExecContext(ctx, `
		update putaway_tasks set staff_id = null, claimed_at = null, suggested_id = null, suggested = 0, reason = '' where id = $1`, c.task.ID)
	return right("%s stays at %s for somebody else.", c.task.Goods(), c.task.FromCode), err
}

// ShowPutaway is the putaway screen as this person left it.
func ShowPutaway(ctx context.Context, q pg.Querier, warehouse WarehouseID, who staff.ID) (step scan.Step, err error) {
	defer fault.Wrap(&err, "inventory.ShowPutaway(%d)", who)
	t, err := carried(ctx, q, who, ``)
	if err != nil {
		return scan.Step{}, err
	}
	var h carrier
	err = q.QueryRowContext(ctx, `
		select `+carrierColumns+` from putting_away where staff_id = $1`, who).Scan(h.fields()...)
	if err != nil && err != sql.ErrNoRows {
		return scan.Step{}, err
	}
	if step, err = putawayScreen(ctx, q, warehouse, t, h, verdict{}); err != nil {
		return scan.Step{}, err
	}
	if step.Recent, err = scan.Last(ctx, q, hands(who), 5); err == nil {
		markUndoable(ctx, q, &step, &err)
	}
	return step, err
}

func putawayScreen(ctx context.Context, q pg.Querier, warehouse WarehouseID, t PutawayTask, h carrier, done verdict) (scan.Step, error) {
	step := scan.Step{Result: done.result, Message: done.message, Title: "Putaway"}
	if t.ID == 0 && h.item != 0 {
		return whichLoad(ctx, q, warehouse, h, step)
	}
	if t.ID == 0 && h.tote != 0 {
		return toteScreen(ctx, q, warehouse, h, step)
	}
	if t.ID == 0 {
		return emptyHands(ctx, q, warehouse, h, step)
	}
	step.Title = fmt.Sprintf("Putaway · %s from %s", t.Ref, t.FromCode)
	step.Next, step.Target = "Scan the bin", t.ToCode
	step.Detail = []string{t.Name, t.SKU}
	if t.LotCode != "" {
		step.Detail = append(step.Detail, lotTitle(t.Tracking)+" "+t.LotCode)
	}
	if t.Why != "" {
		step.Detail = append(step.Detail, "Why: "+t.Why)
	}
	step.Quantity, step.Done, step.Total = t.ToCount, t.Done, t.Quantity
	if h.quantity > 0 {
		step.Quantity = h.quantity
	}
	step.Expect = []string{string(labels.KindLocation), string(labels.KindCommand)}
	if t.To == 0 {
		step.Next, step.Target = "No place for this. Ask a manager.", ""
		step.Quantity = t.Left()
	}
	if h.bin != 0 && step.Result == "" {
		step.Result = scan.Decide
	}
	if step.Result == scan.Decide {
		step.Choices = append(step.Choices, scan.Choice{Label: "Put it here", Code: "X-" + labels.CommandOK, Style: scan.Answer})
	}
	step.Choices = append(step.Choices,
		scan.Choice{Label: "Put back", Code: "X-" + labels.CommandSkip, Style: scan.Bar},
		scan.Choice{Label: "Take back my last scan", Code: "X-" + labels.CommandUndo, Style: scan.Problem})
	return step, nil
}

func emptyHands(ctx context.Context, q pg.Querier, warehouse WarehouseID, h carrier, step scan.Step) (scan.Step, error) {
	n, _, err := PutawayWaiting(ctx, q, warehouse)
	if err != nil {
		return step, err
	}
	step.Expect = []string{"item", string(labels.KindLocation), string(labels.KindTote), string(labels.KindCommand)}
	step.Next = "Scan an item at the dock"
	step.Detail = []string{fmt.Sprintf("%d loads wait. A dock or tote code gives you the oldest there.", n)}
	switch {
	case n == 0:
		step.Next, step.Detail = "Nothing waits to be put away", []string{"Come back when a truck has been received."}
	case n == 1:
		step.Detail = []string{"One load waits."}
	}
	if h.task != 0 && step.Result == "" {
		step.Result = scan.Decide
	}
	if step.Result == scan.Decide {
		step.Choices = append(step.Choices,
			scan.Choice{Label: "Take it over", Code: "X-" + labels.CommandOK, Style: scan.Answer},
			scan.Choice{Label: "Leave it", Code: "X-" + labels.CommandSkip, Style: scan.Answer})
	}
	if n > 0 {
		step.Choices = append(step.Choices, scan.Choice{Label: "Give me work", Code: "X-" + labels.CommandNew, Style: scan.Bar})
	}
	step.Choices = append(step.Choices, scan.Choice{Label: "Take back my last scan", Code: "X-" + labels.CommandUndo, Style: scan.Problem})
	return step, nil
}
