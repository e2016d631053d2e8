package inventory

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/labels"
)

// The commands of the receiving screen beside those that every screen knows. They are codes like any other: a button
// sends one, a card on the wall may carry one.
const (
	commandDamaged = "DAMAGED" // the next item scanned is damaged
	commandWrong   = "WRONG"   // what was asked about is not what was ordered
	commandBlind   = "BLIND"   // goods without a purchase order are taken
	commandClose   = "CLOSE"   // the truck is empty
	commandLot     = "LOT"     // what follows is of another lot
	commandDay     = "DAY"     // the day on the goods is right, not that of the books
)

// ReceivingCommands are the command barcodes that only receiving knows.
func ReceivingCommands() []labels.Command {
	return []labels.Command{
		{Name: commandDamaged, Words: "The next item is damaged"},
		{Name: commandWrong, Words: "This is the wrong item"},
		{Name: commandBlind, Words: "Goods without a purchase order"},
		{Name: commandClose, Words: "The truck is empty"},
		{Name: commandLot, Words: "What follows is of another lot"},
		{Name: commandDay, Words: "The day on the goods is right"},
	}
}

// What the screen may have asked; a second scan of the same item, or X-OK, says yes.
const (
	asksOver      = "over"      // more than the supplier promised
	asksElsewhere = "elsewhere" // on another purchase order, not on this receipt
	asksBlind     = "blind"     // on no purchase order at all
	asksClose     = "close"     // some lines differ
	asksExpired   = "expired"   // it is too old to be sold
	asksDates     = "dates"     // the books know another last good day of this lot
)

// unloading is one scan at one receipt.
type unloading struct {
	tx      *sql.Tx
	scan    scan.Scan
	receipt Receipt
	hand    receiver
	busy    Busy
	left    string // what was asked about and is not counted, in words
	dated   bool   // the day in hand was chosen among two
	ofLots  string // the item counted last, of which a code may be a lot that nobody knows
}

// receiver is what the screen remembers for one person at one receipt.
type receiver struct {
	line     int64  // "+5" counts here
	damaged  bool   // the next item is
	question string // what was asked, about
	item     ItemID // this
	quantity int64
	expected ExpectedID
	lot      string     // of this lot or serial number, as far as it is known
	expires  time.Time  // which is good until then
	pallet   LocationID // or tote: what is scanned lands there; 0: at the dock
}

// verdict is what a scan did, before the screen is drawn around it.
type verdict struct {
	result  scan.Result
	message string
}

func right(format string, args ...any) verdict {
	return verdict{scan.Right, fmt.Sprintf(format, args...)}
}

func wrong(format string, args ...any) verdict {
	return verdict{scan.Wrong, fmt.Sprintf(format, args...)}
}

// ask is answered by the question that the screen draws from the receiver's row.
func ask() verdict { return verdict{result: scan.Decide} }

// Receive answers one scan at a receipt. An item counts the quantity of its barcode, "+5" five more of the item
// scanned last, the number of a purchase order joins it to the receipt; commands are codes as well.
// Every counted scan is one movement from the supplier to the dock, to the pallet or tote in hand, or to quarantine.
func Receive(ctx context.Context, tx *sql.Tx, id ReceiptID, busy Busy, s scan.Scan) (step scan.Step, err error) {
	defer fault.Wrap(&err, "inventory.Receive(%d)", id)
	u := &unloading{tx: tx, scan: s, busy: busy}
	if err := u.begin(ctx, id); err != nil {
		return scan.Step{}, err
	}
	defer markUndoable(ctx, tx, &step, &err)
	return scan.Once(ctx, tx, s, id.String(), func() (scan.Step, error) {
		done, err := u.take(ctx)
		if err != nil {
			return scan.Step{}, err
		}
		if err := u.hand.save(ctx, tx, id, s.Staff); err != nil {
			return scan.Step{}, err
		}
		step, err := u.screen(ctx, done)
		step.Message = strings.TrimSpace(u.left + " " + step.Message)
		return step, err
	})
}

// UndoReceived takes back what an earlier scan at the receipt counted, as long as it stands at the dock.
func UndoReceived(ctx context.Context, tx *sql.Tx, id ReceiptID, which scan.Key, s scan.Scan) (step scan.Step, err error) {
	defer fault.Wrap(&err, "inventory.UndoReceived(%d, %s)", id, which)
	u := &unloading{tx: tx, scan: s}
	if err := u.begin(ctx, id); err != nil {
		return scan.Step{}, err
	}
	defer markUndoable(ctx, tx, &step, &err)
	return scan.Once(ctx, tx, s, id.String(), func() (scan.Step, error) {
		done, err := u.undo(ctx, which)
		if err != nil {
			return scan.Step{}, err
		}
		if err := u.hand.save(ctx, tx, id, s.Staff); err != nil {
			return scan.Step{}, err
		}
		return u.screen(ctx, done)
	})
}

// markUndoable leaves the button to take a scan back only on scans that moved goods.
func markUndoable(ctx context.Context, q pg.Querier, step *scan.Step, errp *error) {
	markMoved(ctx, q, step, errp, ReasonReceive, ReasonPutaway)
}

// markMoved leaves the button to take a scan back only on scans that moved something for one of these reasons.
func markMoved(ctx context.Context, q pg.Querier, step *scan.Step, errp *error, reasons ...Reason) {
	if *errp != nil || len(step.Recent) == 0 {
		return
	}
	keys := column(step.Recent, func(r scan.Recent) string { return r.Key.String() })
	moved, err := list(ctx, q, func(k *scan.Key) []any { return []any{k} }, `
		select scan from movements where scan = any($1::uuid[]) and reason = any($2)`,
		pg.Array(keys), pg.Array(column(reasons, func(r Reason) string { return string(r) })))
	for i := range step.Recent {
		step.Recent[i].Undoable = step.Recent[i].Undoable && slices.Contains(moved, step.Recent[i].Key)
	}
	*errp = err
}

// begin locks the receipt, so that its scans take turns, and reads what this person was doing there.
func (u *unloading) begin(ctx context.Context, id ReceiptID) error {
	r := &u.receipt
	err := u.tx.QueryRowContext(ctx, `
		select r.id, r.warehouse_id, r.dock_id, d.code, r.state = 'open', r.blind
		from receipts r join locations d on d.id = r.dock_id
		where r.id = $1 and `+staff.WorksIn("$2", "r.warehouse_id")+`
		for no key update of r`, id, u.scan.Staff).Scan(&r.ID, &r.Warehouse, &r.Dock, &r.DockCode, &r.Open, &r.Blind)
	if err == sql.ErrNoRows {
		return noReceipt(id)
	}
	if err == nil {
		u.hand, err = receiverAt(ctx, u.tx, id, u.scan.Staff)
	}
	return err
}

func receiverAt(ctx context.Context, q pg.Querier, id ReceiptID, who staff.ID) (h receiver, err error) {
	err = q.QueryRowContext(ctx, `
		select coalesce(line_id, 0), damaged, question, coalesce(item_id, 0), quantity, coalesce(expected_id, 0), lot, coalesce(expires_on, '0001-01-01'), coalesce(pallet_id, 0)
		from receivers where receipt_id = $1 and staff_id = $2`, id, who).
		Scan(&h.line, &h.damaged, &h.question, &h.item, &h.quantity, &h.expected, &h.lot, &h.expires, &h.pallet)
	if err == sql.ErrNoRows {
		return receiver{}, nil
	}
	if h.expires.Year() <= 1 {
		h.expires = time.Time{}
	}
	return h, err
}

func (h receiver) save(ctx context.Context, tx *sql.Tx, id ReceiptID, who staff.ID) error {
	_, err := tx.ExecContext(ctx, `
		insert into receivers (receipt_id, staff_id, line_id, damaged, question, item_id, quantity, expected_id, lot, expires_on, pallet_id)
		values ($1, $2, nullif($3::bigint, 0), $4, $5, nullif($6::bigint, 0), $7, nullif($8::bigint, 0), $9, $10::date, nullif($11::bigint, 0))
		on conflict (receipt_id, staff_id) do update set line_id = excluded.line_id, damaged = excluded.damaged,
		       question = excluded.question, item_id = excluded.item_id, quantity = excluded.quantity, expected_id = excluded.expected_id,
		       lot = excluded.lot, expires_on = excluded.expires_on, pallet_id = excluded.pallet_id`,
		id, who, h.line, h.damaged, h.question, h.item, h.quantity, h.expected, h.lot, dayOrNull(h.expires), h.pallet)
	return err
}

func (h *receiver) forget() {
	*h = receiver{line: h.line, damaged: h.damaged, pallet: h.pallet}
}

// take reads the code and does what it says.
func (u *unloading) take(ctx context.Context) (verdict, error) {
	if !u.receipt.Open {
		return wrong("%s is closed. Open a new receipt: scan the dock.", u.receipt.ID), nil
	}
	code, err := labels.Parse(u.scan.Code)
	if err != nil {
		return wrong("%s", fault.Message(err)), nil
	}
	if code.Kind == labels.KindCommand {
		return u.command(ctx, code.Value)
	}
	if asksOfLot(u.hand.question) || u.hand.question == asksExpired && u.day(code) {
		return u.answer(ctx, code)
	}
	if amount.MatchString(u.scan.Code) {
		return u.more(ctx, quantityOf(u.scan.Code))
	}
	return u.thing(ctx, code)
}

// amount is a typed quantity: "+5". A number alone could be a barcode.
var amount = regexp.MustCompile(`^\+\s*-?[0-9]{1,30}$`)

// quantityOf is what was typed, or 0 for anything nobody can carry.
func quantityOf(text string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(text[1:]), 10, 64)
	if err != nil || n < 1 || n > MostUnits {
		return 0
	}
	return n
}

func (u *unloading) command(ctx context.Context, name string) (verdict, error) {
	switch name {
	case labels.CommandOK:
		return u.agree(ctx)
	case labels.CommandSkip:
		return u.skip(), nil
	case labels.CommandUndo:
		return u.undoLast(ctx)
	case commandDamaged:
		u.hand.forget()
		u.hand.damaged = true
		return right("The next item you scan counts as damaged."), nil
	case commandWrong:
		return u.refuse(ctx)
	case commandBlind:
		return u.takeBlind(ctx)
	case commandClose:
		return u.close(ctx)
	case commandLot:
		return u.anotherLot(), nil
	case commandDay:
		return u.keepGoods(ctx)
	}
	return wrong("X-%s means nothing here. Scan an item or a purchase order.", name), nil
}

// skip leaves out what the screen asks about. What was counted before stays counted.
func (u *unloading) skip() verdict {
	asked, broken := u.hand.question, u.hand.damaged
	u.hand.forget()
	u.hand.damaged = false
	switch {
	case asked == asksClose:
		return right("%s stays open. Scan the next item.", u.receipt.ID)
	case asked != "":
		return right("Not counted. Set it aside or scan the next item.")
	case broken:
		return right("The next item you scan counts as good.")
	}
	return wrong("Nothing is asked, so nothing is left out. To take back what was counted press Undo.")
}

func (u *unloading) takeBlind(ctx context.Context) (verdict, error) {
	u.hand.forget()
	u.receipt.Blind = true
	_, err := u.tx.ExecContext(ctx, `update receipts set blind = true where id = $1`, u.receipt.ID)
	return right("Goods without a purchase order are counted now. They can be matched to one later."), err
}

// more counts more of the item scanned last.
func (u *unloading) more(ctx context.Context, n int64) (verdict, error) {
	switch {
	case n == 0:
		return wrong("Type a plus and a number from 1 to %d, like +12.", MostUnits), nil
	case u.hand.line == 0:
		return wrong("Scan the item first, then type how many more there are."), nil
	}
	var it Item
	var condition, lot string
	err := u.tx.QueryRowContext(ctx, `
		select `+itemColumns+`, l.condition, o.code from receipt_lines l join items i on i.id = l.item_id join lots o on o.id = l.lot_id
		where l.id = $1`, u.hand.line).Scan(append(it.fields(), &condition, &lot)...)
	switch {
	case err != nil:
		return verdict{}, err
	case it.Tracking == BySerial:
		return wrong("Each piece of %s has a serial number of its own. Scan the next one.", it.Name), nil
	case condition != good:
		u.hand.forget()
		u.hand.lot = lot
		return u.aside(ctx, it, n, condition)
	}
	if u.hand.item == it.ID && u.hand.question == "" && u.hand.lot != "" { // named since
		lot = u.hand.lot
	}
	return u.item(ctx, it, n, tag{lot: lot})
}
