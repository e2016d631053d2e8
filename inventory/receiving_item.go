package inventory

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"tote/internal/fault"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/labels"
)

// In what state goods arrive.
const (
	good    = "good"
	damaged = "damaged"
	unasked = "wrong" // not what was ordered
)

// thing counts an item or joins a purchase order; before anything is counted, a number is what is expected.
func (u *unloading) thing(ctx context.Context, code labels.Code) (verdict, error) {
	it, n, err := FindBarcode(ctx, u.tx, code)
	n = piecesOf(code, n)
	said := tagOf(code, it, u.scan.At)
	misread := err
	if k := fault.KindOf(err); err != nil && k != fault.NotFound && k != fault.Invalid {
		return verdict{}, err
	}
	if misread == nil && (u.receipt.Blind || u.hand.line != 0) {
		return u.item(ctx, it, n, said)
	}
	expected, err := u.numbered(ctx, u.scan.Code)
	switch {
	case err != nil:
		return verdict{}, err
	case expected.ID != 0:
		return u.join(ctx, expected)
	case misread == nil:
		return u.item(ctx, it, n, said)
	}
	if done, ours, err := u.unit(ctx, code); ours || err != nil {
		return done, err
	}
	if done, ours, err := u.lotAlone(ctx, code); ours || err != nil {
		return done, err
	}
	return u.unknown(ctx, code, misread)
}

// unknown says what else the code may be, and what to do with goods nobody knows.
func (u *unloading) unknown(ctx context.Context, code labels.Code, misread error) (verdict, error) {
	const next = "Scan an item or a purchase order."
	place, err := FindLocation(ctx, u.tx, u.receipt.Warehouse, code)
	switch {
	case err == nil && place.ID == u.receipt.Dock:
		return wrong("This is the dock where you are. %s", next), nil
	case err == nil:
		return wrong("This is %s, a %s. %s", place.Code, place.Kind, next), nil
	case fault.KindOf(err) != fault.NotFound:
		return verdict{}, err
	case code.Kind != labels.KindUnknown && code.Kind != labels.KindGTIN:
		return wrong("%s is %s. %s", clip(code.String()), code.Kind.A(), next), nil
	case code.Damaged:
		return wrong("%s", fault.Message(misread)), nil
	}
	return u.stranger(ctx)
}

// stranger says what to do with a code that nobody knows: whoever writes barcodes says what it is, anybody else asks them.
func (u *unloading) stranger(ctx context.Context) (verdict, error) {
	who, err := staff.Get(ctx, u.tx, u.scan.Staff)
	if err != nil {
		return verdict{}, err
	}
	code := clip(u.scan.Code)
	if u.hand.line == 0 && !u.receipt.Blind {
		var joined bool
		if err := u.tx.QueryRowContext(ctx, `select exists (select from receipt_expected where receipt_id = $1)`, u.receipt.ID).Scan(&joined); err != nil {
			return verdict{}, err
		}
		if !joined {
			return wrong("No purchase order and no item here is called %s. Read the number on the papers again, or choose No PO.", code), nil
		}
	}
	if u.ofLots != "" {
		return wrong("No item has the barcode %s. If it is another lot of %s, choose that under Problem, scan the item and then type its lot; else set it aside and ask a clerk.", code, u.ofLots), nil
	}
	if who.May(staff.Clerk, staff.Manager) {
		return wrong("No item has the barcode %s. Try another code on it, or say which item it is: here if it is on the order, else in the office.", code), nil
	}
	return wrong("No item has the barcode %s. Try another code on it, or type the SKU. Else set it aside and ask a clerk.", code), nil
}

// numbered finds an expected receipt by its number; none is a zero one.
func (u *unloading) numbered(ctx context.Context, number string) (e ExpectedReceipt, err error) {
	err = u.tx.QueryRowContext(ctx, `
		select id, number, state from expected_receipts where warehouse_id = $1 and upper(number) = upper($2)`,
		u.receipt.Warehouse, number).Scan(&e.ID, &e.Number, &e.State)
	if err == sql.ErrNoRows {
		return ExpectedReceipt{}, nil
	}
	return e, err
}

func (u *unloading) join(ctx context.Context, e ExpectedReceipt) (verdict, error) {
	u.hand.forget()
	if e.State != ExpectedOpen {
		return wrong("%s is %s: nothing more is expected on it. Scan another number, or choose No PO.", e.Number, e.State), nil
	}
	result, err := u.tx.ExecContext(ctx, `
		insert into receipt_expected (receipt_id, expected_id) values ($1, $2) on conflict do nothing`, u.receipt.ID, e.ID)
	if err != nil {
		return verdict{}, err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return right("%s is on this receipt already. Scan the items.", e.Number), err
	}
	return right("%s is on this receipt. Scan the items.", e.Number), nil
}

// share is how much of a scan goes to which expected line; 0 is none.
type share struct{ line, quantity int64 }

// allot fills lines in their order; what is too much stays on the last.
func allot(n int64, lines []promised) []share {
	var all []share
	for i, l := range lines {
		part := min(n, max(0, l.quantity-l.arrived))
		if i == len(lines)-1 {
			part = n
		}
		if part > 0 {
			all, n = append(all, share{l.id, part}), n-part
		}
	}
	return all
}

// promised is an expected line of the item in hand.
type promised struct {
	id, quantity, arrived int64
	number                string
}

// item counts n of an item, or asks what to do with it.
func (u *unloading) item(ctx context.Context, it Item, n int64, said tag) (verdict, error) {
	h := &u.hand
	if h.item == it.ID && h.quantity == n && h.question != "" && h.question != asksDates && h.question != asksExpired && (said == tag{} || said.lot == h.lot) {
		return u.agree(ctx)
	}
	if said.lot == "" && h.item == it.ID && h.question == "" { // its lot was named before
		said.lot = h.lot
	}
	if err := u.leave(ctx, it, said); err != nil {
		return verdict{}, err
	}
	h.forget()
	h.item, h.quantity, h.lot, h.expires = it.ID, n, said.lot, said.expires
	return u.proceed(ctx, it)
}

// leave remembers that the piece that was asked about is not counted, when another one is scanned instead of an answer.
func (u *unloading) leave(ctx context.Context, next Item, said tag) error {
	h := u.hand
	if h.question == "" || h.question == asksClose || h.item == next.ID && (said.lot == "" || said.lot == h.lot) {
		return nil
	}
	g, err := goodsOf(ctx, u.tx, h.item, 0)
	g.lot = h.lot
	u.left = fmt.Sprintf("Not counted: %d %s.", h.quantity, g)
	return err
}

// goods counts what is in hand, of which the lot is known now, or asks whether it was ordered.
func (u *unloading) goods(ctx context.Context, it Item) (verdict, error) {
	h := &u.hand
	n := h.quantity
	if h.damaged {
		return u.aside(ctx, it, n, damaged)
	}
	lines, err := u.lines(ctx, it.ID)
	if err != nil {
		return verdict{}, err
	}
	missing, over := sums(lines)
	if n > missing && len(lines) > 0 {
		percent, err := u.tolerance(ctx, it)
		if err != nil {
			return verdict{}, err
		}
		if percent != nil {
			return u.within(ctx, it, n, lines, *percent)
		}
	}
	if n <= missing || over > 0 {
		return u.count(ctx, it, n, good, lines)
	}
	if len(lines) > 0 {
		h.question = asksOver
		return ask(), nil
	}
	return u.unexpected(ctx, it, n)
}

func sums(lines []promised) (missing, over int64) {
	for _, l := range lines {
		missing, over = missing+max(0, l.quantity-l.arrived), over+max(0, l.arrived-l.quantity)
	}
	return missing, over
}

// unexpected is an item that no joined purchase order names: counted at once when that was agreed for it before.
func (u *unloading) unexpected(ctx context.Context, it Item, n int64) (verdict, error) {
	var known, alone bool
	var elsewhere sql.NullInt64
	err := u.tx.QueryRowContext(ctx, `
		select exists (select from receipt_lines where receipt_id = $1 and item_id = $2 and expected_line_id is null and condition = 'good' and quantity > 0),
		       not exists (select from receipt_expected where receipt_id = $1),
		       (select e.id from expected_lines l join expected_receipts e on e.id = l.expected_id
		        where l.item_id = $2 and e.warehouse_id = $3 and e.state = 'open'
		          and l.quantity > coalesce((select sum(r.quantity) from receipt_lines r where r.expected_line_id = l.id), 0)
		        order by e.due_on nulls last, e.id limit 1)`, u.receipt.ID, it.ID, u.receipt.Warehouse).Scan(&known, &alone, &elsewhere)
	switch {
	case err != nil:
		return verdict{}, err
	case known:
		return u.count(ctx, it, n, good, nil)
	case elsewhere.Valid:
		u.hand.question, u.hand.expected = asksElsewhere, ExpectedID(elsewhere.Int64)
	case u.receipt.Blind && alone: // there are no papers at all, which was said once
		return u.count(ctx, it, n, good, nil)
	default:
		u.hand.question = asksBlind
	}
	return ask(), nil
}

// lines are the joined lines of an item. They are locked first and read after that: another truck may be bringing
// goods of the same order.
func (u *unloading) lines(ctx context.Context, item ItemID) ([]promised, error) {
	const these = ` from expected_lines l join receipt_expected re on re.expected_id = l.expected_id
		join expected_receipts e on e.id = l.expected_id where re.receipt_id = $1 and l.item_id = $2 and e.state <> 'closed'`
	if _, err := u.tx.ExecContext(ctx, `select l.id`+these+` order by l.id for no key update of l`, u.receipt.ID, item); err != nil {
		return nil, err
	}
	return list(ctx, u.tx, func(p *promised) []any { return []any{&p.id, &p.quantity, &p.arrived, &p.number} }, `
		select l.id, l.quantity, coalesce((select sum(r.quantity) from receipt_lines r where r.expected_line_id = l.id), 0), e.number`+
		these+` order by e.due_on nulls last, e.id, l.line`, u.receipt.ID, item)
}

// agree says yes to what the screen asked.
func (u *unloading) agree(ctx context.Context) (verdict, error) {
	h := u.hand
	if h.question == "" {
		return wrong("There is nothing to confirm. Scan the next item."), nil
	}
	if h.question == asksClose {
		return u.closeNow(ctx)
	}
	it, err := ItemByID(ctx, u.tx, h.item)
	switch {
	case err != nil:
		return verdict{}, err
	case asksOfLot(h.question):
		return wrong("%s", wants(u.hand.question)), nil
	case h.question == asksDates:
		return u.keepBooks(ctx, it)
	case h.question == asksExpired:
		return u.aside(ctx, it, h.quantity, damaged)
	}
	if h.question == asksElsewhere {
		done, err := u.joinByID(ctx, h.expected)
		if err != nil || done.result == scan.Wrong {
			return done, err
		}
	}
	if h.question == asksBlind {
		if _, err := u.takeBlind(ctx); err != nil {
			return verdict{}, err
		}
	}
	u.hand.lot, u.hand.expires = h.lot, h.expires // both forget what is in hand
	lines, err := u.lines(ctx, h.item)
	if err != nil {
		return verdict{}, err
	}
	return u.count(ctx, it, h.quantity, good, lines)
}

func (u *unloading) joinByID(ctx context.Context, id ExpectedID) (verdict, error) {
	e := ExpectedReceipt{ID: id}
	err := u.tx.QueryRowContext(ctx, `select number, state from expected_receipts where id = $1`, id).Scan(&e.Number, &e.State)
	if err != nil {
		return verdict{}, err
	}
	return u.join(ctx, e)
}

// refuse sets aside what the screen asked about: it is not what was ordered.
func (u *unloading) refuse(ctx context.Context) (verdict, error) {
	h := u.hand
	if h.item == 0 {
		return wrong("Scan the wrong item first, then choose Wrong item."), nil
	}
	it, err := ItemByID(ctx, u.tx, h.item)
	if err != nil {
		return verdict{}, err
	}
	return u.aside(ctx, it, h.quantity, unasked)
}

// told is the sentence on what was counted.
func told(it Item, n int64, lot, condition, place string, lines []promised) string {
	what := fmt.Sprintf("+%d %s", n, it.Name)
	if lot != "" {
		what += ", " + lotWord(it.Tracking) + " " + lot
	}
	switch {
	case condition == damaged:
		return what + ", damaged. Put it into " + place + "."
	case condition == unasked:
		return what + ", not ordered. Put it into " + place + "."
	case len(lines) == 0:
		return what + ", without a purchase order."
	}
	wanted, here := int64(0), n
	var numbers []string
	for _, l := range lines {
		wanted, here = wanted+l.quantity, here+l.arrived
		if len(numbers) == 0 || numbers[len(numbers)-1] != l.number {
			numbers = append(numbers, l.number)
		}
	}
	text := fmt.Sprintf("%s: %d of %d on %s", what, here, wanted, strings.Join(numbers, ", "))
	if here > wanted {
		text += fmt.Sprintf(", %d too many", here-wanted)
	}
	return text + "."
}
