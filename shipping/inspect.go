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
	"tote/labels"
)

// verdicts are what may become of a unit by its grade, the usual one first. Goods of grade C and D never
// go back on the shelf: whoever orders them expects them new.
var verdicts = []struct{ grade, what, words string }{
	{"A", "restock", "A · as new → restock"},
	{"B", "restock", "B · opened → restock"},
	{"C", "quarantine", "C · doubtful → quarantine"},
	{"D", "scrap", "D · broken → scrap"},
	{"A", "quarantine", "A, but into quarantine"},
	{"B", "quarantine", "B, but into quarantine"},
	{"B", "rework", "B · to be mended"},
	{"C", "rework", "C · to be mended"},
	{"C", "vendor", "C · back to the supplier"},
	{"D", "vendor", "D · back to the supplier"},
	{"C", "scrap", "C, but scrap it"},
	{"D", "quarantine", "D, but into quarantine"},
}

// usual is how many of the verdicts are shown as answers; the others stand behind Problem.
const usual = 4

// restockShelf is where graded goods wait to be put away, reworkShelf where they wait for whoever mends them.
const (
	restockShelf = "RESTOCK"
	reworkShelf  = "REWORK"
)

// inspecting is one scan of somebody who looks at returned goods.
type inspecting struct {
	opened
	note string
}

// Inspect answers one scan at the inspection of a return: an item is taken up; "+3" typed takes up three.
// Then Judge says what becomes of it.
func Inspect(ctx context.Context, tx *sql.Tx, id ReturnID, s scan.Scan) (scan.Step, error) {
	code, err := labels.Parse(s.Code)
	if err != nil {
		return scan.Step{}, err
	}
	return atInspection(ctx, tx, id, s, func(c *inspecting) (scan.Step, error) {
		if code.Kind == labels.KindCommand && code.Value == labels.CommandUndo {
			return c.undoLast(ctx)
		}
		return c.takeUp(ctx, code)
	})
}

// Judge says what becomes of the goods in hand: verdict is a grade and what to do, "A-restock". Each
// unit moves by the ledger; restocked ones wait to be put away and are not for sale before.
func Judge(ctx context.Context, tx *sql.Tx, id ReturnID, verdict, note string, s scan.Scan) (scan.Step, error) {
	return atInspection(ctx, tx, id, s, func(c *inspecting) (scan.Step, error) {
		c.note = note
		return c.judge(ctx, verdict)
	})
}

// NoteVerdict keeps what there is to say about goods that a scan decided upon, and a photo by its content hash; an empty
// photo leaves the one there is. Mistakes are fault.Fields named note.
func NoteVerdict(ctx context.Context, tx *sql.Tx, id ReturnID, which scan.Key, note, photo string) (err error) {
	defer fault.Wrap(&err, "shipping.NoteVerdict(%s)", id)
	if wrong := wrongText(note, 500); wrong != "" {
		return fault.Fields{{Name: "note", Message: "The note " + wrong + "."}}
	}
	done, err := tx.ExecContext(ctx, `
		update dispositions d set note = $3, photo = coalesce(nullif($4, ''), d.photo)
		from return_lines l where l.id = d.line_id and l.return_id = $1 and d.scan = $2`, id, which, note, photo)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return fault.New(fault.NotFound, "This verdict was taken back meanwhile. Judge the goods again, then write the note.")
}

// UndoJudge takes back what was decided by an earlier scan, as long as the goods still stand there.
func UndoJudge(ctx context.Context, tx *sql.Tx, id ReturnID, which scan.Key, s scan.Scan) (scan.Step, error) {
	return atInspection(ctx, tx, id, s, func(c *inspecting) (scan.Step, error) { return c.undo(ctx, which) })
}

// ShowInspection is the inspection screen of a return.
func ShowInspection(ctx context.Context, q pg.Querier, id ReturnID, who staff.ID) (_ scan.Step, err error) {
	c := inspecting{opened: opened{scan: scan.Scan{Staff: who}}}
	if err := c.read(ctx, q, id); err != nil {
		return scan.Step{}, err
	}
	step := c.answer("", "")
	if c.ret.State == Authorised {
		step.Next = "Count the parcel first"
		step.Finished, step.Goto = true, fmt.Sprintf("/returns/%d/receive", id)
	}
	step.Recent, err = scan.Last(ctx, q, inspection(id), 5)
	return step, err
}

// inspection names the document of a return's inspection scans.
func inspection(id ReturnID) string { return id.String() + " inspection" }

func atInspection(ctx context.Context, tx *sql.Tx, id ReturnID, s scan.Scan, do func(*inspecting) (scan.Step, error)) (_ scan.Step, err error) {
	defer fault.Wrap(&err, "shipping.Inspect(%s, %q)", id, s.Code)
	if _, err := tx.ExecContext(ctx, `select from returns where id = $1 for no key update`, id); err != nil {
		return scan.Step{}, err
	}
	return scan.Once(ctx, tx, s, inspection(id), func() (scan.Step, error) {
		c := inspecting{opened: opened{tx: tx, scan: s}}
		if err := c.read(ctx, tx, id); err != nil {
			return scan.Step{}, err
		}
		if c.ret.State == Authorised || c.ret.State == Withdrawn {
			return c.answer(scan.Wrong, "%s is %s: its parcel was not counted to the end. Do that first.", id, c.ret.State), nil
		}
		return do(&c)
	})
}

// undecided is how many of an item wait for a verdict.
func (c *inspecting) undecided(item inventory.ItemID) (n int64) {
	for _, l := range c.lines {
		if l.Item == item {
			n += l.Undecided()
		}
	}
	return n
}

func (c *inspecting) answer(r scan.Result, format string, args ...any) scan.Step {
	step := scan.Step{
		Result: r, Message: fmt.Sprintf(format, args...), Title: fmt.Sprintf("Inspecting %s · %s", c.ret.ID, c.ret.Ref),
		Next: "Scan an item", Expect: []string{"item"}, Done: c.ret.Decided, Total: c.ret.Received,
	}
	if c.hand.item != 0 {
		step.Next, step.Target, step.Quantity = "What is it like?", c.hand.name, c.hand.quantity
		if left := c.undecided(c.hand.item); left > 1 {
			step.Detail = []string{fmt.Sprintf("of %d; type +%d to judge them all at once", left, left)}
		}
		for i, v := range verdicts {
			choice := scan.Choice{Label: v.words, Action: v.grade + "-" + v.what, Style: scan.Answer}
			if i >= usual {
				choice.Style = scan.Problem
			}
			step.Choices = append(step.Choices, choice)
		}
		return step
	}
	for _, l := range c.lines {
		if l.Undecided() > 0 {
			step.Detail = append(step.Detail, fmt.Sprintf("%d %s · said to be: %s", l.Undecided(), l.Name, l.Reason))
		}
	}
	if c.ret.Decided == c.ret.Received {
		step.Next = "Everything is decided"
		step.Finished, step.Goto = true, fmt.Sprintf("/returns/%d", c.ret.ID)
	}
	return step
}

// takeUp puts an item into the person's hand.
func (c *inspecting) takeUp(ctx context.Context, code labels.Code) (scan.Step, error) {
	if digits, plus := strings.CutPrefix(code.Value, "+"); plus && c.hand.item != 0 {
		n, err := strconv.ParseInt(digits, 10, 32)
		if left := c.undecided(c.hand.item); err != nil || n < 1 || n > left {
			return c.answer(scan.Wrong, "Type +1 to +%d: so many %s wait.", left, c.hand.name), nil
		}
		return c.hold(ctx, c.hand.item, c.hand.name, n)
	}
	item, n, err := inventory.FindBarcode(ctx, c.tx, code)
	if kind := fault.KindOf(err); err != nil && (kind == fault.NotFound || kind == fault.Invalid) {
		return c.answer(scan.Wrong, "%s", fault.Message(err)), nil
	}
	if err != nil {
		return scan.Step{}, err
	}
	left := c.undecided(item.ID)
	if left == 0 {
		return c.answer(scan.Wrong, "No %s of %s waits for a verdict.", item.Name, c.ret.ID), nil
	}
	return c.hold(ctx, item.ID, item.Name, min(n, left))
}

func (c *inspecting) hold(ctx context.Context, item inventory.ItemID, name string, n int64) (scan.Step, error) {
	_, err := c.tx.ExecContext(ctx, `
		insert into return_hands (return_id, staff_id, item_id, quantity) values ($1, $2, $3, $4)
		on conflict (return_id, staff_id) do update set item_id = excluded.item_id, quantity = excluded.quantity`,
		c.ret.ID, c.scan.Staff, item, n)
	c.hand = hand{item, name, n}
	return c.answer(scan.Right, "%d %s.", n, name), err
}

// judge moves what is in hand.
func (c *inspecting) judge(ctx context.Context, verdict string) (scan.Step, error) {
	grade, what, _ := strings.Cut(verdict, "-")
	if !slices.ContainsFunc(verdicts, func(v struct{ grade, what, words string }) bool { return v.grade == grade && v.what == what }) {
		return c.answer(scan.Wrong, "%q is no verdict. Only grades A and B go back on the shelf.", clip(verdict)), nil
	}
	if c.hand.item == 0 {
		return c.answer(scan.Wrong, "Scan an item first."), nil
	}
	if left := c.undecided(c.hand.item); left < c.hand.quantity {
		c.hand = hand{}
		return c.answer(scan.Wrong, "A colleague has decided about it meanwhile. Scan the next item."), nil
	}
	if wrong := wrongText(c.note, 500); wrong != "" {
		return c.answer(scan.Wrong, "The note %s.", wrong), nil
	}
	if err := c.decide(ctx, grade, what); err != nil {
		return scan.Step{}, err
	}
	done := c.hand
	if _, err := c.tx.ExecContext(ctx, `delete from return_hands where return_id = $1 and staff_id = $2`, c.ret.ID, c.scan.Staff); err != nil {
		return scan.Step{}, err
	}
	if err := settleReturn(ctx, c.tx, c.ret.ID, c.scan.At); err != nil {
		return scan.Step{}, err
	}
	if err := c.read(ctx, c.tx, c.ret.ID); err != nil {
		return scan.Step{}, err
	}
	step := c.answer(scan.Right, "%d %s: grade %s, %s.", done.quantity, done.name, grade, what)
	if step.Finished {
		step.Result = scan.Done
	}
	return step, nil
}

// decide writes the decisions and their movements, line by line.
func (c *inspecting) decide(ctx context.Context, grade, what string) error {
	from, err := inventory.Standing(ctx, c.tx, c.ret.Warehouse, inventory.Returns)
	if err != nil {
		return err
	}
	to, err := destination(ctx, c.tx, c.ret.Warehouse, what)
	if err != nil {
		return err
	}
	var moves []inventory.Movement
	left := c.hand.quantity
	for _, l := range c.lines {
		n := min(left, l.Undecided())
		if l.Item != c.hand.item || n == 0 {
			continue
		}
		moves, left = append(moves, inventory.Movement{Warehouse: c.ret.Warehouse, Item: l.Item, Lot: l.Lot, Quantity: n, From: from, To: to,
			Reason: inventory.ReasonDisposition, Ref: c.ret.ID.String(), Note: "grade " + grade, Staff: c.scan.Staff, Station: c.scan.Station,
			Scan: c.scan.Key, Leg: int16(len(moves)), At: c.scan.At}), left-n
		if _, err := c.tx.ExecContext(ctx, `
			insert into dispositions (line_id, what, grade, quantity, note, staff_id, scan, at) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
			l.ID, what, grade, n, c.note, c.scan.Staff, c.scan.Key, c.scan.At); err != nil {
			return err
		}
		if what != "restock" {
			continue
		}
		if err := inventory.OpenPutaway(ctx, c.tx, inventory.PutawayTask{Warehouse: c.ret.Warehouse, Item: l.Item, Lot: l.Lot, From: to, Quantity: n, Ref: c.ret.ID.String()}); err != nil {
			return err
		}
	}
	return inventory.Move(ctx, c.tx, moves...)
}

// destination is where goods go by what becomes of them.
func destination(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, what string) (inventory.LocationID, error) {
	switch what {
	case "quarantine":
		return quarantine(ctx, tx, warehouse)
	case "scrap":
		return inventory.Standing(ctx, tx, warehouse, inventory.Scrap)
	case "vendor":
		return inventory.Standing(ctx, tx, warehouse, inventory.Supplier)
	case "rework":
		return shelf(ctx, tx, warehouse, reworkShelf, inventory.Hospital)
	}
	return shelf(ctx, tx, warehouse, restockShelf, inventory.Hold)
}

// shelf is a place of the returns desk by its code, whose stock is not for sale; the first return of a warehouse that needs
// it makes it.
func shelf(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, code string, use inventory.Use) (id inventory.LocationID, err error) {
	const known = `select id from locations where warehouse_id = $1 and kind = 'bin' and code = $2`
	if err = tx.QueryRowContext(ctx, known, warehouse, code).Scan(&id); !errors.Is(err, sql.ErrNoRows) {
		return id, err
	}
	id, err = inventory.AddLocation(ctx, tx, inventory.Location{Warehouse: warehouse, Kind: inventory.Bin, Code: code, Use: use})
	if errors.Is(err, fault.Invalid) { // somebody made it meanwhile
		err = tx.QueryRowContext(ctx, known, warehouse, code).Scan(&id)
	}
	return id, err
}

// settleReturn says that a return is inspected once every unit that came is decided upon.
func settleReturn(ctx context.Context, tx *sql.Tx, id ReturnID, at time.Time) error {
	ok, err := changed(tx.ExecContext(ctx, `
		update returns r set state = 'inspected', inspected_at = $2
		where r.id = $1 and r.state = 'received'
		  and (select coalesce(sum(received), 0) from return_lines where return_id = r.id)
		    = (select coalesce(sum(d.quantity), 0) from dispositions d join return_lines l on l.id = d.line_id where l.return_id = r.id)`, id, at))
	if err != nil || !ok {
		return err
	}
	return outbox.Put(ctx, tx, outbox.Fact{Name: "return.inspected", Ref: id.String()})
}

func (c *inspecting) undoLast(ctx context.Context) (scan.Step, error) {
	var key scan.Key
	err := c.tx.QueryRowContext(ctx, `
		select d.scan from dispositions d join return_lines l on l.id = d.line_id
		where l.return_id = $1 and d.staff_id = $2 order by d.id desc limit 1`, c.ret.ID, c.scan.Staff).Scan(&key)
	if errors.Is(err, sql.ErrNoRows) {
		return c.answer(scan.Wrong, "There is nothing of yours to take back."), nil
	}
	if err != nil {
		return scan.Step{}, err
	}
	return c.undo(ctx, key)
}

// undo brings goods back to the desk, if nobody has carried them on.
func (c *inspecting) undo(ctx context.Context, which scan.Key) (scan.Step, error) {
	type decided struct {
		item       inventory.ItemID
		lot        inventory.LotID
		what, name string
		quantity   int64
	}
	all, err := list(ctx, c.tx, func(d *decided) []any { return []any{&d.item, &d.lot, &d.what, &d.name, &d.quantity} }, `
		select l.item_id, l.lot_id, d.what, i.name, d.quantity
		from dispositions d join return_lines l on l.id = d.line_id join items i on i.id = l.item_id
		where d.scan = $1 and l.return_id = $2`, which, c.ret.ID)
	if err != nil {
		return scan.Step{}, err
	}
	if len(all) == 0 {
		return c.answer(scan.Wrong, "That scan decided nothing, or was taken back already."), nil
	}
	n := int64(0)
	for _, d := range all {
		n += d.quantity
	}
	if settled, err := c.settled(ctx, which); err != nil || settled {
		return c.answer(scan.Wrong, "The office has settled it with the customer already, so the verdict stands."), err
	}
	if all[0].what == "restock" {
		at, err := shelf(ctx, c.tx, c.ret.Warehouse, restockShelf, inventory.Hold)
		if err != nil {
			return scan.Step{}, err
		}
		for i, d := range all {
			enough, err := inventory.ShrinkPutaway(ctx, c.tx, at, d.item, d.lot, c.ret.ID.String(), d.quantity)
			switch {
			case err != nil:
				return scan.Step{}, err
			case !enough && i == 0:
				return c.answer(scan.Wrong, "%s was put away already. Bring it back first, or ask the office to adjust the stock.", d.name), nil
			case !enough: // another lot of it is still here: all or nothing
				return scan.Step{}, fault.New(fault.Conflict, "A part of %s was put away already. Bring it back first, or ask the office to adjust the stock.", d.name)
			}
		}
	}
	if err := c.bringBack(ctx, which); err != nil {
		return scan.Step{}, err
	}
	return c.answer(scan.Right, "Taken back: %d %s wait for a verdict again.", n, all[0].name), nil
}

// settled reports whether the customer got something for goods that a scan decided upon.
func (c *inspecting) settled(ctx context.Context, which scan.Key) (yes bool, err error) {
	err = c.tx.QueryRowContext(ctx, `
		select exists (select from return_lines l where l.return_id = $1 and l.settled >
		    (select coalesce(sum(d.quantity), 0) from dispositions d where d.line_id = l.id and d.scan <> $2))`, c.ret.ID, which).Scan(&yes)
	return yes, err
}

func (c *inspecting) bringBack(ctx context.Context, which scan.Key) error {
	if _, err := c.tx.ExecContext(ctx, `delete from dispositions where scan = $1`, which); err != nil {
		return err
	}
	if err := inventory.Reverse(ctx, c.tx, which, inventory.Movement{Ref: c.ret.ID.String(), Staff: c.scan.Staff, Station: c.scan.Station, Scan: c.scan.Key, At: c.scan.At}); err != nil {
		return err
	}
	if err := scan.TakeBack(ctx, c.tx, which, c.scan.Key); err != nil {
		return err
	}
	if _, err := c.tx.ExecContext(ctx, `update returns set state = 'received', inspected_at = null where id = $1 and state = 'inspected'`, c.ret.ID); err != nil {
		return err
	}
	return c.read(ctx, c.tx, c.ret.ID)
}
