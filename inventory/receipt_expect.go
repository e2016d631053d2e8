package inventory

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/labels"
)

// MostUnits is the most one line, scan or count may name.
const MostUnits = 1_000_000

// Expect stores what suppliers promised, all or nothing. Lines name their item by SKU. Mistakes come back as
// fault.Fields: by field for a form ("lines.2.quantity"), by line for a file ("line 7").
func Expect(ctx context.Context, tx *sql.Tx, all ...ExpectedReceipt) (ids []ExpectedID, err error) {
	defer fault.Wrap(&err, "inventory.Expect(%d)", len(all))
	items, err := itemsBySKU(ctx, tx, skusOf(all))
	if err != nil {
		return nil, err
	}
	taken, err := numbersTaken(ctx, tx, all)
	if err != nil {
		return nil, err
	}
	var bad fault.Fields
	for i := range all {
		all[i].check(&bad, items, taken)
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	for _, e := range all {
		id, err := insertExpected(ctx, tx, e)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

var transferNumber = regexp.MustCompile(`^TR-[0-9]+$`)

// mistake notes what is wrong, by the name a form or a file gives it.
func mistake(bad *fault.Fields, row int, field, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if row > 0 {
		bad.Add("line "+strconv.Itoa(row), "Line %d: %s", row, text)
		return
	}
	bad.Add(field, "%s", text)
}

func (e *ExpectedReceipt) check(bad *fault.Fields, items map[string]ItemID, taken map[string]bool) {
	e.Number, e.Supplier = strings.TrimSpace(e.Number), strings.TrimSpace(e.Supplier)
	if e.Kind == "" {
		e.Kind = "po"
	}
	switch key := strings.ToUpper(e.Number); {
	case !words(e.Number, 40):
		mistake(bad, e.Row, "number", "Give the number printed on the supplier's papers, at most 40 characters.")
	case !e.transfer && transferNumber.MatchString(key):
		mistake(bad, e.Row, "number", "%s is the number of a transfer between warehouses. Give another one.", e.Number)
	case taken[key]:
		mistake(bad, e.Row, "number", "%s exists already. Give another number.", e.Number)
	default:
		taken[key] = true
	}
	if !words(e.Supplier, 120) {
		mistake(bad, e.Row, "supplier", "Name the supplier, at most 120 characters.")
	}
	if e.Kind != "po" && e.Kind != "asn" {
		mistake(bad, e.Row, "kind", "The kind is po (purchase order) or asn (shipping notice).")
	}
	if len(e.Lines) == 0 {
		mistake(bad, e.Row, "lines.0.sku", "Name at least one item.")
	}
	for i := range e.Lines {
		e.Lines[i].check(bad, i, items)
	}
}

func (l *ExpectedLine) check(bad *fault.Fields, i int, items map[string]ItemID) {
	if l.Item = items[strings.ToLower(l.SKU)]; l.Item == 0 {
		mistake(bad, l.Row, fmt.Sprintf("lines.%d.sku", i), "There is no item %s. Add it under Items first.", quoted(l.SKU))
	}
	if l.SSCC != "" && !isSSCC(l.SSCC) {
		mistake(bad, l.Row, fmt.Sprintf("lines.%d.sscc", i), "%s is no SSCC: it has 18 digits, the last one checks the others.", quoted(l.SSCC))
	}
	if l.Lot != "" && wrongLotCode(l.Lot) {
		mistake(bad, l.Row, fmt.Sprintf("lines.%d.lot", i), "A lot has up to %d characters.", mostLotCode)
	}
	if l.Lot == "" && !l.Expires.IsZero() {
		mistake(bad, l.Row, fmt.Sprintf("lines.%d.lot", i), "Name the lot that is good until then, or leave the day out.")
	}
	if l.Quantity < 1 || l.Quantity > MostUnits {
		mistake(bad, l.Row, fmt.Sprintf("lines.%d.quantity", i), "The quantity must be a whole number from 1 to %d.", MostUnits)
	}
}

func isSSCC(text string) bool {
	code, err := labels.Parse(text)
	return err == nil && code.Kind == labels.KindSSCC && code.Value == text
}

// words reports whether text says something, in at most most characters, on one line.
func words(text string, most int) bool {
	return strings.TrimSpace(text) != "" && plainWords(text, most)
}

func plainWords(text string, most int) bool {
	return utf8.ValidString(text) && utf8.RuneCountInString(text) <= most && !strings.ContainsFunc(text, unicode.IsControl)
}

func quoted(text string) string {
	if r := []rune(text); len(r) > 40 {
		text = string(r[:40]) + "…"
	}
	return strconv.Quote(text)
}

func skusOf(all []ExpectedReceipt) []string {
	var skus []string
	for _, e := range all {
		for _, l := range e.Lines {
			if plainWords(l.SKU, 40) {
				skus = append(skus, strings.ToLower(l.SKU))
			}
		}
	}
	return skus
}

func itemsBySKU(ctx context.Context, q pg.Querier, skus []string) (map[string]ItemID, error) {
	rows, err := q.QueryContext(ctx, `select lower(sku), id from items where lower(sku) = any($1) and active`, pg.Array(skus))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[string]ItemID{}
	for rows.Next() {
		var sku string
		var id ItemID
		if err := rows.Scan(&sku, &id); err != nil {
			return nil, err
		}
		found[sku] = id
	}
	return found, rows.Err()
}

func numbersTaken(ctx context.Context, q pg.Querier, all []ExpectedReceipt) (map[string]bool, error) {
	var numbers []string
	for _, e := range all {
		if plainWords(e.Number, 40) {
			numbers = append(numbers, strings.ToUpper(strings.TrimSpace(e.Number)))
		}
	}
	rows, err := q.QueryContext(ctx, `select upper(number) from expected_receipts where upper(number) = any($1)`, pg.Array(numbers))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	taken := map[string]bool{}
	for rows.Next() {
		var number string
		if err := rows.Scan(&number); err != nil {
			return nil, err
		}
		taken[number] = true
	}
	return taken, rows.Err()
}

func insertExpected(ctx context.Context, tx *sql.Tx, e ExpectedReceipt) (id ExpectedID, err error) {
	due := sql.NullTime{Time: e.DueOn, Valid: !e.DueOn.IsZero()}
	err = tx.QueryRowContext(ctx, `
		insert into expected_receipts (number, kind, warehouse_id, supplier, due_on) values ($1, $2, $3, $4, $5)
		on conflict do nothing returning id`, e.Number, e.Kind, e.Warehouse, e.Supplier, due).Scan(&id)
	if err == sql.ErrNoRows {
		return 0, fault.New(fault.Conflict, "%s was added by somebody else a moment ago. Look at it before you send yours again.", e.Number)
	}
	if err != nil {
		return 0, err
	}
	var lines, items, quantities []int64
	var units, lots, days []string
	for i, l := range e.Lines {
		lines, items, quantities = append(lines, int64(i+1)), append(items, int64(l.Item)), append(quantities, l.Quantity)
		units, lots, days = append(units, l.SSCC), append(lots, l.Lot), append(days, dayText(l.Expires))
	}
	_, err = tx.ExecContext(ctx, `
		insert into expected_lines (expected_id, line, item_id, quantity, sscc, lot, expires_on)
		select $1, line, item, quantity, sscc, lot, nullif(day, '')::date
		from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[]) as l (line, item, quantity, sscc, lot, day)`,
		id, pg.Array(lines), pg.Array(items), pg.Array(quantities), pg.Array(units), pg.Array(lots), pg.Array(days))
	return id, err
}
