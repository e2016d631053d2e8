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
	sent []sentLot // of the item in hand, while its lot is asked
}

func (c *inspecting) read(ctx context.Context, q pg.Querier, id ReturnID) (err error) {
	if err = c.opened.read(ctx, q, id); err == nil && c.asksLot() {
		c.sent, err = c.sentLots(ctx, q)
	}
	return err
}

// Inspect answers one scan at the inspection of a return: an item is taken up; "+3" typed takes up three. What is tracked
// needs its lot or serial number, out of the same code, by one more scan, or by an answer given to Judge. Then Judge says
// what becomes of it.
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

// Judge says what becomes of the goods in hand: verdict is a grade and what to do, "A-restock", or names the lot that was asked. Each
// unit moves by the ledger; restocked ones wait to be put away and are not for sale before.
func Judge(ctx context.Context, tx *sql.Tx, id ReturnID, verdict, note string, s scan.Scan) (scan.Step, error) {
	return atInspection(ctx, tx, id, s, func(c *inspecting) (scan.Step, error) {
		if strings.HasPrefix(verdict, lotAnswer) {
			return c.chooseLot(ctx, verdict)
		}
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
		c.verdictQuestion(&step)
		return step
	}
	for _, l := range c.lines {
		if l.Undecided() > 0 {
			step.Detail = append(step.Detail, fmt.Sprintf("%d %s · said to be: %s", l.Undecided(), l.Name, l.Reason))
		}
	}
	if c.ret.Decided == c.ret.Received {
		step.Next = "Everything is decided"
		step.Finished, step.Goto = true, fmt.Sprintf("/returns/receive?inspected=%d", c.ret.ID)
	}
	return step
}

// verdictQuestion asks what goods in hand are like, once it is known of which lot they are.
func (c *inspecting) verdictQuestion(step *scan.Step) {
	if left := c.undecided(c.hand.item); left > c.hand.quantity && c.hand.tracking != inventory.BySerial {
		all := scan.Choice{Label: fmt.Sprintf("All %d are alike", left), Code: fmt.Sprintf("+%d", left), Style: scan.Bar}
		step.Choices = append(step.Choices, all)
	}
	if c.asksLot() {
		c.lotQuestion(step)
		return
	}
	step.Next, step.Target, step.Quantity = "What is it like?", c.hand.name, c.hand.quantity
	if c.hand.lotCode != "" && c.hand.tracked() {
		step.Detail = []string{capital(c.hand.word()) + " " + c.hand.lotCode}
	}
	shown := 0
	for _, v := range verdicts {
		if c.hand.old && v.what != "quarantine" && v.what != "scrap" {
			continue
		}
		choice := scan.Choice{Label: v.words, Action: v.grade + "-" + v.what, Style: scan.Answer}
		if shown++; shown > usual {
			choice.Style = scan.Problem
		}
		step.Choices = append(step.Choices, choice)
	}
}

// takeUp puts an item into the person's hand, or takes what was scanned as the lot of what is there.
func (c *inspecting) takeUp(ctx context.Context, code labels.Code) (scan.Step, error) {
	if digits, plus := strings.CutPrefix(code.Value, "+"); plus && c.hand.item != 0 {
		return c.more(ctx, digits)
	}
	item, n, err := inventory.FindBarcode(ctx, c.tx, code)
	if kind := fault.KindOf(err); err != nil && (kind == fault.NotFound || kind == fault.Invalid) {
		switch said := c.hand.saidIn(code); {
		case c.hand.tracked() && said != "":
			return c.sayLot(ctx, said)
		case c.asksLot() || c.hand.tracked() && code.Kind == labels.KindUnknown:
			return c.sayLot(ctx, code.Text)
		}
		return c.answer(scan.Wrong, "%s", fault.Message(err)), nil
	}
	if err != nil {
		return scan.Step{}, err
	}
	left := c.undecided(item.ID)
	switch {
	case left == 0:
		return c.answer(scan.Wrong, "No %s of %s waits for a verdict.", item.Name, c.ret.ID), nil
	case item.Tracking == inventory.BySerial && n > 1:
		return c.answer(scan.Wrong, "Each piece of %s has a number of its own. Scan the piece, not its case.", item.Name), nil
	}
	step, err := c.hold(ctx, item, min(n, left))
	if said := c.hand.saidIn(code); err == nil && said != "" && c.hand.tracked() {
		return c.sayLot(ctx, said)
	}
	return step, err
}

// more takes up so many alike.
func (c *inspecting) more(ctx context.Context, digits string) (scan.Step, error) {
	n, err := strconv.ParseInt(digits, 10, 32)
	switch left := c.undecided(c.hand.item); {
	case c.hand.tracking == inventory.BySerial:
		return c.answer(scan.Wrong, "Each piece of %s has a number of its own: judge them one by one.", c.hand.name), nil
	case err != nil || n < 1 || n > left:
		return c.answer(scan.Wrong, "Type +1 to +%d: so many %s wait.", left, c.hand.name), nil
	}
	if _, err := c.tx.ExecContext(ctx, `update return_hands set quantity = $3 where return_id = $1 and staff_id = $2`, c.ret.ID, c.scan.Staff, n); err != nil {
		return scan.Step{}, err
	}
	c.hand.quantity = n
	return c.answer(scan.Right, "%d %s.", n, c.hand.name), nil
}

func (c *inspecting) hold(ctx context.Context, item inventory.Item, n int64) (scan.Step, error) {
	if _, err := c.tx.ExecContext(ctx, `
		insert into return_hands (return_id, staff_id, item_id, quantity) values ($1, $2, $3, $4)
		on conflict (return_id, staff_id) do update set item_id = excluded.item_id, quantity = excluded.quantity, lot_id = null`,
		c.ret.ID, c.scan.Staff, item.ID, n); err != nil {
		return scan.Step{}, err
	}
	c.hand = hand{item: item.ID, name: item.Name, quantity: n, tracking: item.Tracking}
	if c.asksLot() {
		var err error
		if c.sent, err = c.sentLots(ctx, c.tx); err != nil {
			return scan.Step{}, err
		}
	}
	return c.answer(scan.Right, "%d %s.", n, item.Name), nil
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
	if wrong, err := c.forbidden(ctx, what); err != nil || wrong != "" {
		return c.answer(scan.Wrong, "%s", wrong), err
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

// forbidden says what stands against a verdict on the goods in hand; "" is nothing.
func (c *inspecting) forbidden(ctx context.Context, what string) (string, error) {
	switch wrong := wrongText(c.note, 500); {
	case wrong != "":
		return "The note " + wrong + ".", nil
	case c.asksLot():
		return fmt.Sprintf("Say first which %s of %s came back.", c.hand.word(), c.hand.name), nil
	case c.hand.old && what != "quarantine" && what != "scrap":
		return fmt.Sprintf("Lot %s of %s was good until %s: it goes into quarantine or to scrap.", c.hand.lotCode, c.hand.name, c.hand.expires.Format("2 January 2006")), nil
	}
	return c.wrongSerial(ctx, c.hand.lot, c.hand.lotCode)
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
	customer, err := inventory.Standing(ctx, c.tx, c.ret.Warehouse, inventory.Customer)
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
		lot := l.Lot
		if c.hand.tracked() {
			lot = c.hand.lot
		}
		m := c.movement(l.Item, n, from, to, inventory.ReasonDisposition)
		m.Lot, m.Note, left = lot, "grade "+grade, left-n
		if lot != l.Lot {
			moves = append(moves, renamed(m, l.Lot, customer)...)
		}
		moves = append(moves, m)
		if _, err := c.tx.ExecContext(ctx, `
			insert into dispositions (line_id, lot_id, what, grade, quantity, note, staff_id, scan, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			l.ID, lot, what, grade, n, c.note, c.scan.Staff, c.scan.Key, c.scan.At); err != nil {
			return err
		}
		if what != "restock" {
			continue
		}
		if err := inventory.OpenPutaway(ctx, c.tx, inventory.PutawayTask{Warehouse: c.ret.Warehouse, Item: l.Item, Lot: lot, From: to, Quantity: n, Ref: c.ret.ID.String()}); err != nil {
			return err
		}
	}
	for i := range moves {
		moves[i].Leg = int16(i)
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
		select l.item_id, d.lot_id, d.what, i.name, d.quantity
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
