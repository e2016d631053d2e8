package inventory

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
)

// What can be wrong with a delivery.
const (
	Short     = "short"
	Over      = "over"
	Damaged   = "damaged"
	WrongItem = "wrong item"
	Blind     = "without a purchase order"
)

// ReceiptLine is what came of one item on one receipt, next to what was expected of it.
type ReceiptLine struct {
	ID       int64 // 0: nothing came of this line yet
	Expected int64 // the expected line; 0 for goods nobody announced
	Number   string
	Line     int
	Item     ItemID
	SKU      string
	Name     string
	Wanted   int64 // on the expected line
	Arrived  int64 // of the expected line, on all receipts
	Here     int64 // on this receipt, in this condition
	State    string
	Reason   string
	Photo    string // content hash
	Lot      string
	Serial   bool      // the lot is the number of one piece
	Expires  time.Time // the lot's last good day; zero: none
	Again    bool      // a line above tells already how the expected line differs
}

// Discrepancy says in which way the line differs from what was expected, and by how much; "" when it does not.
func (l ReceiptLine) Discrepancy() (kind string, n int64) {
	switch {
	case l.State == damaged:
		return Damaged, l.Here
	case l.State == unasked:
		return WrongItem, l.Here
	case l.Again:
		return "", 0
	case l.Expected == 0:
		return Blind, l.Here
	case l.Arrived < l.Wanted:
		return Short, l.Wanted - l.Arrived
	case l.Arrived > l.Wanted:
		return Over, l.Arrived - l.Wanted
	}
	return "", 0
}

// ReceiptLines lists the lines of a receipt: every line of its expected receipts, then what came besides.
func ReceiptLines(ctx context.Context, q pg.Querier, id ReceiptID) (all []ReceiptLine, err error) {
	defer fault.Wrap(&err, "inventory.ReceiptLines(%d)", id)
	all, err = list(ctx, q, (*ReceiptLine).fields, `
		with line as (
			select r.* from receipt_lines r where r.receipt_id = $1 and (r.quantity > 0 or r.reason <> '' or r.photo is not null)
		), every as (
			select l.id as expected, e.number, l.line, l.item_id, l.quantity as wanted
			from receipt_expected re join expected_receipts e on e.id = re.expected_id join expected_lines l on l.expected_id = e.id
			where re.receipt_id = $1
		)
		select coalesce(r.id, 0), coalesce(v.expected, 0), coalesce(v.number, ''), coalesce(v.line, 0), i.id, i.sku, i.name, coalesce(v.wanted, 0),
		       coalesce((select sum(o.quantity) from receipt_lines o where o.expected_line_id = v.expected), 0),
		       coalesce(r.quantity, 0), coalesce(r.condition, 'good'), coalesce(r.reason, ''), coalesce(r.photo, ''),
		       coalesce(o.code, ''), coalesce(o.serial, false), coalesce(o.expires_on, '0001-01-01'),
		       v.expected is not null and row_number() over (partition by v.expected order by coalesce(r.condition, 'good') desc, r.id) > 1
		from every v full join line r on r.expected_line_id = v.expected
		     join items i on i.id = coalesce(v.item_id, r.item_id) left join lots o on o.id = r.lot_id
		order by v.number nulls last, v.line, i.sku, r.condition desc, r.id`, id)
	for i := range all {
		if all[i].Expires.Year() <= 1 {
			all[i].Expires = time.Time{}
		}
	}
	return all, err
}

func (l *ReceiptLine) fields() []any {
	return []any{&l.ID, &l.Expected, &l.Number, &l.Line, &l.Item, &l.SKU, &l.Name, &l.Wanted, &l.Arrived, &l.Here, &l.State, &l.Reason, &l.Photo, &l.Lot, &l.Serial, &l.Expires, &l.Again}
}

// differing are the lines that differ, with words for each.
func differing(lines []ReceiptLine) (words []string) {
	for _, l := range lines {
		if kind, n := l.Discrepancy(); kind != "" {
			words = append(words, fmt.Sprintf("%s: %d %s", l.Name, n, kind))
		}
	}
	return words
}

// close asks when something differs; when nothing does there is nothing to ask.
func (u *unloading) close(ctx context.Context) (verdict, error) {
	if u.hand.question == asksClose {
		return u.closeNow(ctx)
	}
	lines, err := ReceiptLines(ctx, u.tx, u.receipt.ID)
	if err != nil {
		return verdict{}, err
	}
	if len(differing(lines)) == 0 {
		return u.closeNow(ctx)
	}
	u.hand.forget()
	u.hand.question = asksClose
	return ask(), nil
}

func (u *unloading) closeNow(ctx context.Context) (verdict, error) {
	u.hand.forget()
	u.receipt.Open = false
	if err := shut(ctx, u.tx, u.receipt.ID, u.scan.Staff, u.scan.At); err != nil {
		return verdict{}, err
	}
	return verdict{"done", fmt.Sprintf("%s is closed.", u.receipt.ID)}, nil
}

// shut closes a receipt, and with it every expected receipt of which everything came.
func shut(ctx context.Context, tx *sql.Tx, id ReceiptID, who staff.ID, at time.Time) error {
	if _, err := tx.ExecContext(ctx, `
		update receipts set state = 'closed', closed_by = $2, closed_at = $3 where id = $1`, id, who, at); err != nil {
		return err
	}
	if err := freeTotes(ctx, tx, Relocation{Staff: who, At: at}, id); err != nil {
		return err
	}
	return settleExpected(ctx, tx, id)
}

// settleExpected ends what a closed receipt brought all of, and reckons what came from other warehouses on it.
func settleExpected(ctx context.Context, tx *sql.Tx, id ReceiptID) error {
	if _, err := tx.ExecContext(ctx, `
		update expected_receipts e set state = 'received'
		where e.state = 'open' and e.id in (select expected_id from receipt_expected where receipt_id = $1)
		  and not exists (select from expected_lines l where l.expected_id = e.id
		      and l.quantity > coalesce((select sum(r.quantity) from receipt_lines r where r.expected_line_id = l.id), 0))`, id); err != nil {
		return err
	}
	expected, err := pg.Values[ExpectedID](tx.QueryContext(ctx, `select expected_id from receipt_expected where receipt_id = $1 order by expected_id`, id))
	if err != nil || len(expected) == 0 {
		return err
	}
	var by staff.ID
	var at time.Time
	if err := tx.QueryRowContext(ctx, `select closed_by, closed_at from receipts where id = $1`, id).Scan(&by, &at); err != nil {
		return err
	}
	return reckonTransfers(ctx, tx, expected, by, at)
}

// Note keeps the reason and the photo of a line that differs. For a line of which nothing came, line is 0 and
// expected names it. An empty photo leaves the one that is there.
func Note(ctx context.Context, tx *sql.Tx, id ReceiptID, line, expected int64, reason, photo string) (err error) {
	defer fault.Wrap(&err, "inventory.Note(%d, %d, %d)", id, line, expected)
	if reason = strings.TrimSpace(reason); !plainWords(reason, 500) {
		return fault.Fields{{Name: "reason", Message: "Give the reason on one line of at most 500 characters."}}
	}
	if line == 0 {
		err = tx.QueryRowContext(ctx, `
			insert into receipt_lines (receipt_id, expected_line_id, item_id, quantity)
			select $1, l.id, l.item_id, 0 from expected_lines l join receipt_expected re on re.expected_id = l.expected_id
			where l.id = $2 and re.receipt_id = $1
			on conflict (receipt_id, expected_line_id, item_id, lot_id, condition) do update set quantity = receipt_lines.quantity
			returning id`, id, expected).Scan(&line)
		if err == sql.ErrNoRows {
			return fault.New(fault.NotFound, "This line is not on %s any more. Load the page again.", id)
		}
		if err != nil {
			return err
		}
	}
	done, err := tx.ExecContext(ctx, `
		update receipt_lines set reason = $3, photo = coalesce(nullif($4, ''), photo) where id = $2 and receipt_id = $1`, id, line, reason, photo)
	return oneRow(done, err, "This line is not on the receipt any more. Load the page again.")
}
