package inventory

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/sheet"
)

// expectedColumns is the table of expected receipts, one row per line.
var expectedColumns = []sheet.Column{
	{Name: "number", Also: []string{"po", "order", "asn"}, Required: true},
	{Name: "supplier", Required: true},
	{Name: "sku", Also: []string{"item"}, Required: true},
	{Name: "quantity", Also: []string{"qty"}, Required: true},
	{Name: "due_on", Also: []string{"due", "date"}},
	{Name: "kind"},
	{Name: "sscc", Also: []string{"pallet", "lpn"}},
	{Name: "lot", Also: []string{"batch"}},
	{Name: "expires_on", Also: []string{"expires", "expiry"}},
}

// ReadExpected reads a table with one row per line: number, supplier, sku, quantity and, if wanted, due_on
// (2026-12-31) and kind. Rows of one number are one expected receipt.
func ReadExpected(in io.Reader, warehouse WarehouseID) ([]ExpectedReceipt, error) {
	rows, err := sheet.Read(in, expectedColumns...)
	if err != nil {
		return nil, err
	}
	var bad fault.Fields
	var all []ExpectedReceipt
	at := map[string]int{}
	for _, r := range rows {
		e := ExpectedReceipt{Number: r.Text(&bad, "number", 40), Supplier: r.Get("supplier"), Warehouse: warehouse,
			Kind: r.OneOf(&bad, "kind", "po", "asn"), DueOn: day(&bad, r, "due_on"), Row: r.Line}
		i, known := at[strings.ToUpper(e.Number)]
		if !known {
			i = len(all)
			at[strings.ToUpper(e.Number)], all = i, append(all, e)
		}
		if known && (e.Supplier != all[i].Supplier || !e.DueOn.Equal(all[i].DueOn) || e.Kind != all[i].Kind) {
			r.Fault(&bad, "says another supplier, day or kind than line %d of the same number", all[i].Row)
		}
		all[i].Lines = append(all[i].Lines, ExpectedLine{SKU: r.Get("sku"),
			Quantity: r.Int(&bad, "quantity", 1, MostUnits, 0), SSCC: r.Get("sscc"), Lot: r.Get("lot"), Expires: day(&bad, r, "expires_on"), Row: r.Line})
	}
	return all, sheet.Err(bad)
}

func day(bad *fault.Fields, r sheet.Row, name string) time.Time {
	text := r.Get(name)
	if text == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Year() < 2000 || t.Year() > 2999 {
		r.Fault(bad, "%s must be a day like 2026-12-31", name)
	}
	return t
}

// dayText writes a day into a table; none is an empty cell.
func dayText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// ImportExpected stores a table of expected receipts and answers how many it added, and how many were there before
// with the same supplier, day and lines: those stay as they are, so what ExportExpected wrote, and a table sent twice,
// change nothing. A number that is there with other words or lines is refused.
func ImportExpected(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, in io.Reader) (added, same int, err error) {
	defer fault.Wrap(&err, "inventory.ImportExpected(%d)", warehouse)
	all, err := ReadExpected(in, warehouse)
	if err != nil {
		return 0, 0, err
	}
	has, err := expectedByNumber(ctx, tx, warehouse, column(all, func(e ExpectedReceipt) string { return strings.ToUpper(e.Number) }))
	if err != nil {
		return 0, 0, err
	}
	fresh := slices.DeleteFunc(slices.Clone(all), func(e ExpectedReceipt) bool { return e.promises() == has[strings.ToUpper(e.Number)].promises() })
	ids, err := Expect(ctx, tx, fresh...)
	return len(ids), len(all) - len(fresh), err
}

// promises is all that a supplier promised, as one text to compare.
func (e ExpectedReceipt) promises() string {
	words := []string{strings.ToUpper(e.Number), e.Kind, e.Supplier, e.DueOn.Format(time.DateOnly)}
	for _, l := range e.Lines {
		words = append(words, strings.ToLower(l.SKU), fmt.Sprint(l.Quantity), l.SSCC, l.Lot, dayText(l.Expires))
	}
	return strings.Join(words, "\x00")
}

func expectedByNumber(ctx context.Context, q pg.Querier, warehouse WarehouseID, numbers []string) (map[string]ExpectedReceipt, error) {
	all, err := queryExpected(ctx, q, `where e.warehouse_id = $1 and upper(e.number) = any($2)`, warehouse, pg.Array(numbers))
	by := map[string]ExpectedReceipt{}
	for _, e := range all {
		by[strings.ToUpper(e.Number)] = e
	}
	return by, err
}

// queryExpected reads expected receipts with what was promised, the oldest first.
func queryExpected(ctx context.Context, q pg.Querier, where string, args ...any) (all []ExpectedReceipt, err error) {
	type row struct {
		e   ExpectedReceipt
		l   ExpectedLine
		due sql.NullTime
		day sql.NullTime
	}
	rows, err := list(ctx, q, func(r *row) []any {
		return []any{&r.e.ID, &r.e.Number, &r.e.Kind, &r.e.Supplier, &r.due, &r.l.SKU, &r.l.Quantity, &r.l.SSCC, &r.l.Lot, &r.day}
	}, `
		select e.id, e.number, e.kind, e.supplier, e.due_on, i.sku, l.quantity, l.sscc, l.lot, l.expires_on
		from expected_receipts e join expected_lines l on l.expected_id = e.id join items i on i.id = l.item_id
		`+where+` order by e.id, l.line`, args...)
	for _, r := range rows {
		if n := len(all); n == 0 || all[n-1].ID != r.e.ID {
			r.e.DueOn = r.due.Time
			all = append(all, r.e)
		}
		r.l.Expires = r.day.Time
		last := &all[len(all)-1]
		last.Lines = append(last.Lines, r.l)
	}
	return all, err
}

// ExportExpected writes the expected receipts of a warehouse as the table that ImportExpected reads.
func ExportExpected(ctx context.Context, q pg.Querier, warehouse WarehouseID, out io.Writer) (err error) {
	defer fault.Wrap(&err, "inventory.ExportExpected(%d)", warehouse)
	all, err := queryExpected(ctx, q, `where e.warehouse_id = $1`, warehouse)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, e := range all {
		due := ""
		if !e.DueOn.IsZero() {
			due = e.DueOn.Format(time.DateOnly)
		}
		for _, l := range e.Lines {
			rows = append(rows, []string{e.Number, e.Supplier, l.SKU, fmt.Sprint(l.Quantity), due, e.Kind, l.SSCC, l.Lot, dayText(l.Expires)})
		}
	}
	return sheet.Write(out, columnNames(expectedColumns), rows)
}

// expiryText is dayText for a day as the database says it, where year one is none.
func expiryText(t time.Time) string {
	if t.Year() <= 1 {
		return ""
	}
	return dayText(t)
}
