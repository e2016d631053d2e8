package shipping

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/labels"
)

// desk names the document of one person's scans at the returns desk, before a return is chosen.
func desk(who staff.ID) string { return "returns-" + strconv.FormatInt(int64(who), 10) }

// StartReturn answers the scan of a parcel that came back: by its return, its order, its tracking number
// or its SSCC. One return leads to its counting; several are asked; none says what to do.
func StartReturn(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, s scan.Scan) (_ scan.Step, err error) {
	defer fault.Wrap(&err, "shipping.StartReturn(%q)", s.Code)
	code, err := labels.Parse(s.Code)
	if err != nil {
		return scan.Step{}, err
	}
	step, err := scan.Once(ctx, tx, s, desk(s.Staff), func() (scan.Step, error) { return startReturn(ctx, tx, warehouse, s, code) })
	return final(step), err
}

// ShowReturnStart is the screen of the returns desk.
func ShowReturnStart(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, who staff.ID) (step scan.Step, err error) {
	if step, err = returnStart(ctx, q, warehouse); err != nil {
		return step, err
	}
	step.Recent, err = scan.Last(ctx, q, desk(who), 5)
	return final(step), err
}

func returnStart(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (step scan.Step, err error) {
	step = scan.Step{Title: "Returns", Next: "Scan the return slip", Target: "R-…",
		Expect: []string{string(labels.KindReturn), string(labels.KindOrder), string(labels.KindSSCC), string(labels.KindUnknown)}}
	var waiting int64
	err = q.QueryRowContext(ctx, `select count(*) from returns where warehouse_id = $1 and state = 'authorised'`, warehouse).Scan(&waiting)
	step.Detail = []string{"or the order, the tracking number, the parcel's SSCC", fmt.Sprintf("%d announced", waiting)}
	return step, err
}

func startReturn(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, s scan.Scan, code labels.Code) (scan.Step, error) {
	step, err := returnStart(ctx, tx, warehouse)
	if err != nil {
		return step, err
	}
	ref, parcel, words, err := meant(ctx, tx, s, code)
	if err != nil || words != "" {
		step.Result, step.Message = scan.Wrong, words
		return step, err
	}
	var found []Return
	if code.Kind == labels.KindReturn {
		r, err := FindReturn(ctx, tx, ReturnID(code.Number))
		if err != nil && !errors.Is(err, fault.NotFound) {
			return step, err
		}
		if err == nil {
			found = []Return{r}
		}
	} else if found, err = Returns(ctx, tx, ReturnFilter{Ref: ref}); err != nil {
		return step, err
	}
	if asks, err := askUndelivered(ctx, tx, &step, warehouse, parcel, found); asks || err != nil {
		return step, err
	}
	return choose(step, warehouse, ref, found), nil
}

// meant is the order that something scanned belongs to, and the parcel where it is one's; words says why there is none.
// A return names itself.
func meant(ctx context.Context, q pg.Querier, s scan.Scan, code labels.Code) (ref string, parcel pack, words string, err error) {
	switch code.Kind {
	case labels.KindReturn:
		return code.String(), parcel, "", nil
	case labels.KindOrder:
		return labels.OrderCode(code.Number).String(), parcel, "", nil
	}
	found, err := scanned(ctx, q, s.Code, code)
	switch {
	case err != nil:
		return "", parcel, "", err
	case len(found) == 1:
		return found[0].ref, found[0], "", nil
	case len(found) > 0:
		return found[0].ref, parcel, "", nil
	case code.Damaged:
		return "", parcel, "The barcode was misread. Scan it again.", nil
	case code.Kind == labels.KindUnknown, code.Kind == labels.KindSSCC:
		return "", parcel, fmt.Sprintf("Nothing of ours goes by %s. Look for the slip in the parcel, or type the order's number.", clip(code.String())), nil
	}
	return "", parcel, fmt.Sprintf("%s is %s. Scan the return slip, the order or the parcel's label.", clip(code.String()), code.Kind.A()), nil
}

// choose leads to the return that fits.
func choose(step scan.Step, warehouse inventory.WarehouseID, ref string, found []Return) scan.Step {
	var open []Return
	for _, r := range found {
		if r.Warehouse == warehouse && r.State != Withdrawn && r.Received < r.Units {
			open = append(open, r)
		}
	}
	switch {
	case len(open) == 1:
		step.Result, step.Message = scan.Right, fmt.Sprintf("%s of %s.", open[0].ID, open[0].Ref)
		step.Finished, step.Goto = true, fmt.Sprintf("/returns/%d/receive", open[0].ID)
	case len(open) > 1:
		step.Result, step.Message, step.Next = scan.Decide, fmt.Sprintf("%s has %d returns on their way.", ref, len(open)), "Which one is this?"
		for _, r := range open {
			step.Choices = append(step.Choices, scan.Choice{Label: fmt.Sprintf("%s · %d units", r.ID, r.Units), Code: r.ID.String()})
		}
	case len(found) == 1 && found[0].State == Withdrawn:
		step.Result, step.Message = scan.Wrong, fmt.Sprintf("%s was withdrawn. Announce it anew at the office.", found[0].ID)
	case len(found) > 0 && found[0].Warehouse != warehouse:
		step.Result, step.Message = scan.Wrong, fmt.Sprintf("%s goes to another warehouse. Set it aside and call a manager.", found[0].ID)
	case len(found) > 0:
		step.Result, step.Message = scan.Wrong, fmt.Sprintf("%s has come completely already. Announce what is in this parcel at the office.", found[0].ID)
	default:
		step.Result, step.Message = scan.Wrong, fmt.Sprintf("No return of %s is announced. Announce it at the office: Returns, New.", ref)
	}
	return step
}

// counting is one scan at a return whose parcel is open.
type counting struct{ opened }

// opened is a returned parcel in front of a person: what was announced, and what he holds in his hand.
type opened struct {
	tx    *sql.Tx
	scan  scan.Scan
	ret   Return
	lines []ReturnLine
	hand  hand
}

// ReceiveReturn answers one scan of somebody who counts what is in a returned parcel: an item counts;
// what was not announced is asked about; the command OK ends the counting.
func ReceiveReturn(ctx context.Context, tx *sql.Tx, id ReturnID, s scan.Scan) (scan.Step, error) {
	code, err := labels.Parse(s.Code)
	if err != nil {
		return scan.Step{}, err
	}
	return atReturn(ctx, tx, id, s, func(c *counting) (scan.Step, error) {
		switch {
		case code.Kind == labels.KindCommand && code.Value == labels.CommandOK:
			return c.finish(ctx, false)
		case code.Kind == labels.KindCommand && code.Value == labels.CommandUndo:
			return c.undoLast(ctx)
		case code.Kind == labels.KindReturn && ReturnID(code.Number) == id:
			return c.answer(scan.Right, "This is %s. Scan what is in it.", id), nil
		}
		return c.count(ctx, code)
	})
}

// DecideReturn answers a button of that screen: extra, leave, finish, finish-short, keep.
func DecideReturn(ctx context.Context, tx *sql.Tx, id ReturnID, action string, s scan.Scan) (scan.Step, error) {
	return atReturn(ctx, tx, id, s, func(c *counting) (scan.Step, error) {
		switch action {
		case "extra":
			return c.extra(ctx)
		case "leave":
			if err := c.drop(ctx); err != nil {
				return scan.Step{}, err
			}
			return c.answer(scan.Right, "Left aside; nothing was counted."), nil
		case "finish", "finish-short":
			return c.finish(ctx, action == "finish-short")
		case "keep":
			return c.answer(scan.Right, "Go on counting."), nil
		}
		return c.answer(scan.Wrong, "There is no such button here. Load the page again."), nil
	})
}

// UndoReturn takes back what an earlier scan counted, until the counting is ended.
func UndoReturn(ctx context.Context, tx *sql.Tx, id ReturnID, which scan.Key, s scan.Scan) (scan.Step, error) {
	return atReturn(ctx, tx, id, s, func(c *counting) (scan.Step, error) { return c.undo(ctx, which) })
}

// ShowReturn is the counting screen of a return.
func ShowReturn(ctx context.Context, q pg.Querier, id ReturnID, who staff.ID) (_ scan.Step, err error) {
	c := counting{opened{scan: scan.Scan{Staff: who}}}
	if err := c.read(ctx, q, id); err != nil {
		return scan.Step{}, err
	}
	step := c.answer("", "")
	step.Recent, err = scan.Last(ctx, q, id.String(), 5)
	return step, err
}

// atReturn locks a return and answers a scan of it, once.
func atReturn(ctx context.Context, tx *sql.Tx, id ReturnID, s scan.Scan, do func(*counting) (scan.Step, error)) (_ scan.Step, err error) {
	defer fault.Wrap(&err, "shipping.ReceiveReturn(%s, %q)", id, s.Code)
	if _, err := tx.ExecContext(ctx, `select from returns where id = $1 for no key update`, id); err != nil {
		return scan.Step{}, err
	}
	return scan.Once(ctx, tx, s, id.String(), func() (scan.Step, error) {
		c := counting{opened{tx: tx, scan: s}}
		if err := c.read(ctx, tx, id); err != nil {
			return scan.Step{}, err
		}
		if c.ret.State == Withdrawn {
			return c.answer(scan.Wrong, "%s was withdrawn. Set the parcel aside and ask the office.", id), nil
		}
		return do(&c)
	})
}

func (c *opened) read(ctx context.Context, q pg.Querier, id ReturnID) (err error) {
	if c.ret, err = FindReturn(ctx, q, id); err != nil {
		return err
	}
	if c.lines, err = ReturnLines(ctx, q, id); err != nil {
		return err
	}
	c.hand, err = handOf(ctx, q, id, c.scan.Staff)
	return err
}

// answer is the counting screen.
func (c *counting) answer(r scan.Result, format string, args ...any) scan.Step {
	step := scan.Step{
		Result: r, Message: fmt.Sprintf(format, args...), Title: fmt.Sprintf("Return %s · %s", c.ret.ID, c.ret.Ref),
		Next: "Scan an item of the parcel", Expect: []string{"item"}, Done: c.ret.Received, Total: c.ret.Units,
	}
	for _, l := range c.lines {
		if l.Received < l.Quantity {
			step.Detail = append(step.Detail, fmt.Sprintf("%d of %d %s · %s", l.Received, l.Quantity, l.Name, l.Reason))
		}
	}
	switch {
	case c.hand.item != 0:
		step.Result = scan.Decide
		step.Next = fmt.Sprintf("Is %s really in this parcel?", c.hand.name)
		step.Choices = []scan.Choice{{Label: "Yes: into quarantine", Action: "extra"}, {Label: "No: leave it", Action: "leave"}}
	case c.ret.Received == c.ret.Units:
		step.Next = "Everything is here. Finish the counting"
		step.Choices = []scan.Choice{{Label: "Finish", Action: "finish", Style: scan.Bar}}
	case c.ret.Received > 0:
		step.Choices = []scan.Choice{{Label: "Finish", Action: "finish", Style: scan.Bar}}
	}
	return step
}

// count counts an item on the lines that announce it.
func (c *counting) count(ctx context.Context, code labels.Code) (scan.Step, error) {
	item, n, err := inventory.FindBarcode(ctx, c.tx, code)
	if kind := fault.KindOf(err); err != nil && (kind == fault.NotFound || kind == fault.Invalid) {
		if err := c.drop(ctx); err != nil {
			return scan.Step{}, err
		}
		return c.answer(scan.Wrong, "%s", fault.Message(err)), nil
	}
	if err != nil {
		return scan.Step{}, err
	}
	room := int64(0)
	for _, l := range c.lines {
		if l.Item == item.ID {
			room += l.Quantity - l.Received
		}
	}
	if n > room {
		return c.askExtra(ctx, item, n, room)
	}
	if err := c.drop(ctx); err != nil {
		return scan.Step{}, err
	}
	if err := c.take(ctx, item, n); err != nil {
		return scan.Step{}, err
	}
	return c.answer(scan.Right, "+%d %s, %d of %d.", n, item.Name, c.ret.Received, c.ret.Units), nil
}

// askExtra remembers what was not announced and asks.
func (c *counting) askExtra(ctx context.Context, item inventory.Item, n, room int64) (scan.Step, error) {
	if _, err := c.tx.ExecContext(ctx, `
		insert into return_hands (return_id, staff_id, item_id, quantity) values ($1, $2, $3, $4)
		on conflict (return_id, staff_id) do update set item_id = excluded.item_id, quantity = excluded.quantity, lot_id = null`,
		c.ret.ID, c.scan.Staff, item.ID, n); err != nil {
		return scan.Step{}, err
	}
	c.hand = hand{item: item.ID, name: item.Name, quantity: n}
	switch {
	case room > 0:
		return c.answer(scan.Decide, "This is a pack of %d %s, but only %d more are announced.", n, item.Name, room), nil
	case c.announces(item.ID):
		return c.answer(scan.Decide, "All announced %s are counted. This is one too many.", item.Name), nil
	}
	return c.answer(scan.Decide, "%s is not part of %s.", item.Name, c.ret.ID), nil
}

func (c *counting) announces(item inventory.ItemID) bool {
	for _, l := range c.lines {
		if l.Item == item {
			return true
		}
	}
	return false
}

// drop forgets what was asked about.
func (c *counting) drop(ctx context.Context) error {
	c.hand = hand{}
	_, err := c.tx.ExecContext(ctx, `delete from return_hands where return_id = $1 and staff_id = $2`, c.ret.ID, c.scan.Staff)
	return err
}

// take brings n of an item from the customer to the returns desk, on its lines in order.
func (c *counting) take(ctx context.Context, item inventory.Item, n int64) error {
	from, err := inventory.Standing(ctx, c.tx, c.ret.Warehouse, inventory.Customer)
	if err != nil {
		return err
	}
	to, err := inventory.Standing(ctx, c.tx, c.ret.Warehouse, inventory.Returns)
	if err != nil {
		return err
	}
	var moves []inventory.Movement
	for i := range c.lines {
		l := &c.lines[i]
		share := min(n, l.Quantity-l.Received)
		if l.Item != item.ID || share == 0 {
			continue
		}
		m := c.movement(item.ID, share, from, to, inventory.ReasonReturn)
		m.Lot, m.Leg, m.Note = l.Lot, int16(len(moves)), l.Ref
		moves, n = append(moves, m), n-share
		if _, err := c.tx.ExecContext(ctx, `
			with counted as (insert into return_counts (scan, line_id, quantity) values ($1, $2, $3))
			update return_lines set received = received + $3 where id = $2`, c.scan.Key, l.ID, share); err != nil {
			return err
		}
	}
	if err := inventory.Move(ctx, c.tx, moves...); err != nil {
		return err
	}
	return c.reopen(ctx)
}

// reopen says that counting goes on: a second parcel of the same return came.
func (c *counting) reopen(ctx context.Context) error {
	if _, err := c.tx.ExecContext(ctx, `update returns set state = 'authorised' where id = $1 and state in ('received', 'inspected')`, c.ret.ID); err != nil {
		return err
	}
	return c.read(ctx, c.tx, c.ret.ID)
}

func (c *opened) movement(item inventory.ItemID, n int64, from, to inventory.LocationID, why inventory.Reason) inventory.Movement {
	return inventory.Movement{Warehouse: c.ret.Warehouse, Item: item, Quantity: n, From: from, To: to, Reason: why, Ref: c.ret.ID.String(),
		Staff: c.scan.Staff, Station: c.scan.Station, Scan: c.scan.Key, At: c.scan.At}
}

// extra puts what was not announced into quarantine, with a note.
func (c *counting) extra(ctx context.Context) (scan.Step, error) {
	if c.hand.item == 0 {
		return c.answer(scan.Wrong, "Scan the item first."), nil
	}
	from, err := inventory.Standing(ctx, c.tx, c.ret.Warehouse, inventory.Customer)
	if err != nil {
		return scan.Step{}, err
	}
	to, err := quarantine(ctx, c.tx, c.ret.Warehouse)
	if err != nil {
		return scan.Step{}, err
	}
	note := "not announced in " + c.ret.ID.String()
	if c.announces(c.hand.item) {
		note = "more than announced in " + c.ret.ID.String()
	}
	m := c.movement(c.hand.item, c.hand.quantity, from, to, inventory.ReasonReturn)
	m.Note = note
	if err := inventory.Move(ctx, c.tx, m); err != nil {
		return scan.Step{}, err
	}
	if _, err := c.tx.ExecContext(ctx, `
		insert into return_extras (return_id, item_id, quantity, note, staff_id, scan, at) values ($1, $2, $3, $4, $5, $6, $7)`,
		c.ret.ID, c.hand.item, c.hand.quantity, note, c.scan.Staff, c.scan.Key, c.scan.At); err != nil {
		return scan.Step{}, err
	}
	held := c.hand
	if err := c.drop(ctx); err != nil {
		return scan.Step{}, err
	}
	return c.answer(scan.Right, "%d %s stand in quarantine.", held.quantity, held.name), nil
}

// quarantine is the first quarantine place of a warehouse.
func quarantine(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (id inventory.LocationID, err error) {
	err = q.QueryRowContext(ctx, `
		select id from locations
		where warehouse_id = $1 and active and (kind = 'quarantine' or (kind = 'bin' and use = 'quarantine'))
		order by kind = 'bin', code limit 1`, warehouse).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fault.New(fault.Conflict, "This warehouse has no quarantine. Set the goods aside and call a manager.")
	}
	return id, err
}

// finish ends the counting; what is missing is asked about first.
func (c *counting) finish(ctx context.Context, short bool) (scan.Step, error) {
	extras, err := Extras(ctx, c.tx, c.ret.ID)
	if err != nil {
		return scan.Step{}, err
	}
	switch {
	case c.ret.State != Authorised:
		step := c.answer(scan.Wrong, "The counting of %s is finished already.", c.ret.ID)
		step.Finished, step.Goto = true, fmt.Sprintf("/returns/%d", c.ret.ID)
		return step, nil
	case c.ret.Received == 0 && len(extras) == 0:
		return c.answer(scan.Wrong, "Nothing was counted yet. Scan what is in the parcel."), nil
	case c.ret.Received < c.ret.Units && !short:
		step := c.answer(scan.Decide, "%d of %d units are missing.", c.ret.Units-c.ret.Received, c.ret.Units)
		step.Next = "Is the parcel empty?"
		step.Choices = []scan.Choice{{Label: "Yes: finish without them", Action: "finish-short"}, {Label: "No: keep counting", Action: "keep"}}
		return step, nil
	}
	if err := c.drop(ctx); err != nil {
		return scan.Step{}, err
	}
	if _, err := c.tx.ExecContext(ctx, `
		update returns set state = 'received', received_at = coalesce(received_at, $2), received_by = coalesce(received_by, $3) where id = $1`,
		c.ret.ID, c.scan.At, c.scan.Staff); err != nil {
		return scan.Step{}, err
	}
	if err := outbox.Put(ctx, c.tx, outbox.Fact{Name: "return.received", Ref: c.ret.ID.String()}); err != nil {
		return scan.Step{}, err
	}
	if err := c.home(ctx); err != nil {
		return scan.Step{}, err
	}
	if err := settleReturn(ctx, c.tx, c.ret.ID, c.scan.At); err != nil {
		return scan.Step{}, err
	}
	step := c.answer(scan.Done, "%s is counted: %d of %d units.", c.ret.ID, c.ret.Received, c.ret.Units)
	step.Choices, step.Next = nil, "Next: look at every unit"
	step.Finished, step.Goto = true, fmt.Sprintf("/returns/%d/inspect", c.ret.ID)
	return step, nil
}

// undoLast takes back the last scan of this person that counted.
func (c *counting) undoLast(ctx context.Context) (scan.Step, error) {
	var key scan.Key
	err := c.tx.QueryRowContext(ctx, `
		select s.key from scans s
		where s.ref = $1 and s.staff_id = $2 and s.undone_by is null and (
		    exists (select from return_counts n where n.scan = s.key) or exists (select from return_extras x where x.scan = s.key))
		order by s.id desc limit 1`, c.ret.ID.String(), c.scan.Staff).Scan(&key)
	if errors.Is(err, sql.ErrNoRows) {
		return c.answer(scan.Wrong, "There is nothing of yours to take back."), nil
	}
	if err != nil {
		return scan.Step{}, err
	}
	return c.undo(ctx, key)
}

func (c *counting) undo(ctx context.Context, which scan.Key) (scan.Step, error) {
	if c.ret.State != Authorised {
		return c.answer(scan.Wrong, "The counting of %s is finished. Take its goods out by an adjustment.", c.ret.ID), nil
	}
	var judged bool
	if err := c.tx.QueryRowContext(ctx, `
		select exists (select from return_counts n join return_lines l on l.id = n.line_id
		               where n.scan = $1 and l.return_id = $2
		                 and l.received - n.quantity < (select coalesce(sum(d.quantity), 0) from dispositions d where d.line_id = l.id))`,
		which, c.ret.ID).Scan(&judged); err != nil {
		return scan.Step{}, err
	}
	if judged {
		return c.answer(scan.Wrong, "These units were inspected already. Take the verdict back first."), nil
	}
	var n int64
	err := c.tx.QueryRowContext(ctx, `
		with counted as (delete from return_counts where scan = $1 and line_id in (select id from return_lines where return_id = $2) returning line_id, quantity),
		less as (update return_lines l set received = l.received - k.quantity from counted k where l.id = k.line_id),
		extra as (delete from return_extras where scan = $1 and return_id = $2 returning quantity)
		select coalesce(sum(quantity), 0)::bigint from (select quantity from counted union all select quantity from extra) gone`,
		which, c.ret.ID).Scan(&n)
	if err != nil {
		return scan.Step{}, err
	}
	if n == 0 {
		return c.answer(scan.Wrong, "That scan counted nothing, or was taken back already."), nil
	}
	if err := inventory.Reverse(ctx, c.tx, which, inventory.Movement{Ref: c.ret.ID.String(), Staff: c.scan.Staff, Station: c.scan.Station, Scan: c.scan.Key, At: c.scan.At}); err != nil {
		return scan.Step{}, err
	}
	if err := scan.TakeBack(ctx, c.tx, which, c.scan.Key); err != nil {
		return scan.Step{}, err
	}
	if err := c.read(ctx, c.tx, c.ret.ID); err != nil {
		return scan.Step{}, err
	}
	return c.answer(scan.Right, "Taken back: −%d.", n), nil
}
