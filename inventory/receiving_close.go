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
		       coalesce(o.code, ''), coalesce(o.expires_on, '0001-01-01'),
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
	return []any{&l.ID, &l.Expected, &l.Number, &l.Line, &l.Item, &l.SKU, &l.Name, &l.Wanted, &l.Arrived, &l.Here, &l.State, &l.Reason, &l.Photo, &l.Lot, &l.Expires, &l.Again}
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

// Match says to which expected receipt the goods belong that came without one. Items it does not name stay as they
// are; the answer is how many units found their line.
func Match(ctx context.Context, tx *sql.Tx, id ReceiptID, number string) (units int64, err error) {
	defer fault.Wrap(&err, "inventory.Match(%d, %q)", id, number)
	var warehouse WarehouseID
	if err := tx.QueryRowContext(ctx, `select warehouse_id from receipts where id = $1 for no key update`, id).Scan(&warehouse); err == sql.ErrNoRows {
		return 0, noReceipt(id)
	} else if err != nil {
		return 0, err
	}
	e, err := ExpectedByNumber(ctx, tx, warehouse, number)
	if err != nil {
		return 0, fault.Fields{{Name: "number", Message: fault.Message(err)}}
	}
	if e.State == ExpectedClosed {
		return 0, fault.Fields{{Name: "number", Message: e.Number + " is closed: nothing more can be matched to it."}}
	}
	lines, err := ReceiptLines(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	for _, l := range lines {
		to := e.lineFor(l.Item)
		if l.Expected != 0 || l.State == unasked || to == nil {
			continue
		}
		if err := matchLine(ctx, tx, id, l, to.ID); err != nil {
			return 0, err
		}
		to.Good += l.Here
		units += l.Here
	}
	if units == 0 {
		return 0, fault.Fields{{Name: "number", Message: "Nothing that came without a purchase order is on " + e.Number + "."}}
	}
	if _, err := tx.ExecContext(ctx, `insert into receipt_expected (receipt_id, expected_id) values ($1, $2) on conflict do nothing`, id, e.ID); err != nil {
		return 0, err
	}
	return units, settleIfClosed(ctx, tx, id)
}

// lineFor is the line of an item that misses most.
func (e *ExpectedReceipt) lineFor(item ItemID) (best *ExpectedLine) {
	for i := range e.Lines {
		if l := &e.Lines[i]; l.Item == item && (best == nil || l.Short() > best.Short()) {
			best = l
		}
	}
	return best
}

// matchLine moves what a blind line counted to the expected line, onto the receipt's own line of that when there is one.
func matchLine(ctx context.Context, tx *sql.Tx, id ReceiptID, l ReceiptLine, to int64) error {
	var target int64
	err := tx.QueryRowContext(ctx, `
		insert into receipt_lines (receipt_id, expected_line_id, item_id, lot_id, condition, quantity, reason, photo)
		select receipt_id, $3, item_id, lot_id, condition, quantity, reason, photo from receipt_lines where id = $2 and receipt_id = $1
		on conflict (receipt_id, expected_line_id, item_id, lot_id, condition)
		do update set quantity = receipt_lines.quantity + excluded.quantity
		returning id`, id, l.ID, to).Scan(&target)
	if err != nil {
		return err
	}
	for _, query := range []string{
		`insert into receipt_counts (scan, line_id, quantity) select scan, $2, quantity from receipt_counts where line_id = $1
		 on conflict (scan, line_id) do update set quantity = receipt_counts.quantity + excluded.quantity`,
		`delete from receipt_counts where line_id = $1 and $2 <> 0`,
		`update receivers set line_id = $2 where line_id = $1`,
		`delete from receipt_lines where id = $1 and $2 <> 0`,
	} {
		if _, err := tx.ExecContext(ctx, query, l.ID, target); err != nil {
			return err
		}
	}
	return nil
}

func settleIfClosed(ctx context.Context, tx *sql.Tx, id ReceiptID) error {
	var open bool
	if err := tx.QueryRowContext(ctx, `select state = 'open' from receipts where id = $1`, id).Scan(&open); err != nil || open {
		return err
	}
	return settleExpected(ctx, tx, id)
}
