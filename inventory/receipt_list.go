package inventory

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
)

// ExpectedByNumber reads an expected receipt with its lines and what came of them.
func ExpectedByNumber(ctx context.Context, q pg.Querier, warehouse WarehouseID, number string) (e ExpectedReceipt, err error) {
	defer fault.Wrap(&err, "inventory.ExpectedByNumber(%q)", number)
	var due sql.NullTime
	err = q.QueryRowContext(ctx, `
		select id, number, kind, warehouse_id, supplier, due_on, state, close_note
		from expected_receipts where warehouse_id = $1 and upper(number) = upper($2)`, warehouse, number).
		Scan(&e.ID, &e.Number, &e.Kind, &e.Warehouse, &e.Supplier, &due, &e.State, &e.CloseNote)
	if err == sql.ErrNoRows {
		return e, fault.New(fault.NotFound, "There is no purchase order or notice %s here. Check the number.", quoted(number))
	}
	if err != nil {
		return e, err
	}
	e.DueOn = due.Time
	e.Lines, err = expectedLines(ctx, q, `where e.id = $1`, e.ID)
	return e, err
}

// expectedLines reads lines with what came of them. The condition speaks of e (the receipt) and l (the line).
func expectedLines(ctx context.Context, q pg.Querier, condition string, args ...any) ([]ExpectedLine, error) {
	all, err := pg.Collect(func(l *ExpectedLine) []any {
		return []any{&l.ID, &l.Line, &l.Item, &l.SKU, &l.Name, &l.Quantity, &l.SSCC, &l.Lot, &l.Expires, &l.Good, &l.Damaged}
	})(q.QueryContext(ctx, `
		select l.id, l.line, l.item_id, i.sku, i.name, l.quantity, coalesce(l.sscc, ''), coalesce(l.lot, ''), coalesce(l.expires_on, '0001-01-01'),
		       coalesce(sum(r.quantity) filter (where r.condition = 'good'), 0),
		       coalesce(sum(r.quantity) filter (where r.condition = 'damaged'), 0)
		from expected_receipts e join expected_lines l on l.expected_id = e.id join items i on i.id = l.item_id
		     left join receipt_lines r on r.expected_line_id = l.id
		`+condition+` group by l.id, i.id, e.id order by e.id, l.line`, args...))
	for i := range all {
		if all[i].Expires.Year() <= 1 {
			all[i].Expires = time.Time{}
		}
	}
	return all, err
}

// ExpectedSummary is a row of the list of expected receipts.
type ExpectedSummary struct {
	ExpectedReceipt
	LineCount int
	Full      int   // lines of which all came
	Units     int64 // expected
	Arrived   int64
	Receipts  int // trucks so far
}

// ExpectedFilter narrows the list. After is the last row of the page before (0 for the first page).
type ExpectedFilter struct {
	State, Search string
	After         ExpectedID
	Limit         int
}

// ExpectedList lists expected receipts, newest first.
func ExpectedList(ctx context.Context, q pg.Querier, warehouse WarehouseID, f ExpectedFilter) (all []ExpectedSummary, err error) {
	defer fault.Wrap(&err, "inventory.ExpectedList(%+v)", f)
	rows, err := q.QueryContext(ctx, `
		with page as (
			select id, number, kind, supplier, due_on, state from expected_receipts
			where warehouse_id = $1 and ($2 = '' or state = $2) and ($4 = 0 or id < $4)
			  and ($3 = '' or number ilike $3 or supplier ilike $3)
			order by id desc limit $5
		)
		select p.id, p.number, p.kind, p.supplier, p.due_on, p.state,
		       count(l.id), count(l.id) filter (where l.arrived >= l.quantity), coalesce(sum(l.quantity), 0), coalesce(sum(l.arrived), 0),
		       (select count(*) from receipt_expected re where re.expected_id = p.id)
		from page p left join lateral (
			select l.id, l.quantity, coalesce((select sum(r.quantity) from receipt_lines r where r.expected_line_id = l.id), 0) as arrived
			from expected_lines l where l.expected_id = p.id) l on true
		group by p.id, p.number, p.kind, p.supplier, p.due_on, p.state order by p.id desc`,
		warehouse, f.State, like(f.Search), f.After, f.Limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s ExpectedSummary
		var due sql.NullTime
		if err := rows.Scan(&s.ID, &s.Number, &s.Kind, &s.Supplier, &due, &s.State, &s.LineCount, &s.Full, &s.Units, &s.Arrived, &s.Receipts); err != nil {
			return nil, err
		}
		s.DueOn = due.Time
		all = append(all, s)
	}
	return all, rows.Err()
}

// like is the pattern that finds text anywhere; its own % and _ stand for themselves.
func like(text string) string {
	if text = strings.TrimSpace(text); text == "" || !plainWords(text, 200) {
		return ""
	}
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}

// CloseExpected says that nothing more will come. What is missing then needs a reason.
func CloseExpected(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, number, reason string, who staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "inventory.CloseExpected(%q)", number)
	var id ExpectedID
	var state string
	err = tx.QueryRowContext(ctx, `
		select id, state from expected_receipts where warehouse_id = $1 and upper(number) = upper($2) for no key update`, warehouse, number).Scan(&id, &state)
	switch {
	case err == sql.ErrNoRows:
		return fault.New(fault.NotFound, "There is no purchase order or notice %s here. Check the number.", quoted(number))
	case err != nil:
		return err
	case state == ExpectedClosed:
		return fault.New(fault.Conflict, "%s is closed already.", number)
	}
	e, err := ExpectedByNumber(ctx, tx, warehouse, number)
	if err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	if differs(e.Lines) && !words(reason, 500) || !plainWords(reason, 500) {
		return fault.Fields{{Name: "reason", Message: "Not all came as expected. Say why it is closed, in at most 500 characters."}}
	}
	_, err = tx.ExecContext(ctx, `
		update expected_receipts set state = 'closed', closed_by = $2, closed_at = $3, close_note = $4 where id = $1`, id, who, at, reason)
	if err != nil {
		return err
	}
	return reckonTransfers(ctx, tx, []ExpectedID{id}, who, at)
}

func differs(lines []ExpectedLine) bool {
	for _, l := range lines {
		if l.Good != l.Quantity || l.Damaged > 0 {
			return true
		}
	}
	return false
}

// ExpectedByID is ExpectedByNumber for a link.
func ExpectedByID(ctx context.Context, q pg.Querier, warehouse WarehouseID, id ExpectedID) (e ExpectedReceipt, err error) {
	defer fault.Wrap(&err, "inventory.ExpectedByID(%d)", id)
	var number string
	err = q.QueryRowContext(ctx, `select number from expected_receipts where id = $1 and warehouse_id = $2`, id, warehouse).Scan(&number)
	if err == sql.ErrNoRows {
		return e, fault.New(fault.NotFound, "There is no such purchase order or notice. Go back to the list.")
	}
	if err != nil {
		return e, err
	}
	return ExpectedByNumber(ctx, q, warehouse, number)
}
