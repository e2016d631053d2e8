package inventory

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/labels"
)

// Barcode is a code that means an item. Quantity is what one scan of it counts: 12 on a case of twelve.
type Barcode struct {
	Code     string // a GTIN as 14 digits, any other code as printed
	Item     ItemID
	Quantity int64
	GivenBy  string // who said so at the dock; "" for what the office wrote
	GivenAt  time.Time
}

const (
	maxPack = 100_000
	maxCode = 80 // characters of a barcode that is no GTIN
)

// CheckBarcode is the one validation of barcodes. GTINs become 14 digits with a proven check digit; codes that
// already mean something else here (B-…, O-…, X-…, SSCCs) are refused. Mistakes are fault.Fields named code, quantity.
func CheckBarcode(b Barcode) (Barcode, error) {
	var bad fault.Fields
	code, err := labels.Parse(b.Code)
	switch {
	case err != nil:
		bad.Add("code", "%s", fault.Message(err))
	case code.Damaged:
		bad.Add("code", "%s is not a barcode one can scan: %s", clip(code.Value), code.Reason)
	case code.Kind != labels.KindGTIN && code.Kind != labels.KindUnknown:
		bad.Add("code", "%s is the code of a %s. Give the item another barcode.", clip(code.String()), code.Kind.Noun())
	case len(code.Value) > maxCode:
		bad.Add("code", "A barcode has at most %d characters.", maxCode)
	}
	b.Code = code.Value
	if b.Quantity < 1 || b.Quantity > maxPack {
		bad.Add("quantity", "One scan counts from 1 to %d pieces.", maxPack)
	}
	return b, bad.Err()
}

// AddBarcode gives an item one more code. A code that another item has, or that is another item's SKU, is refused
// with that item's name; giving an item a code it has already changes the quantity.
func AddBarcode(ctx context.Context, tx *sql.Tx, b Barcode) (err error) {
	defer fault.Wrap(&err, "inventory.AddBarcode(%q)", b.Code)
	if b, err = CheckBarcode(b); err != nil {
		return err
	}
	done, err := tx.ExecContext(ctx, `
		insert into barcodes (code, item_id, quantity)
		select $1, $2, $3 where not exists (select from items where lower(sku) = lower($1) and id <> $2)
		on conflict (code) do update set quantity = excluded.quantity where barcodes.item_id = excluded.item_id`, b.Code, b.Item, b.Quantity)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return takenCode(ctx, tx, b.Code)
}

func takenCode(ctx context.Context, q pg.Querier, code string) error {
	var sku, name string
	err := q.QueryRowContext(ctx, `
		select i.sku, i.name from items i
		where i.id = (select item_id from barcodes where code = $1) or lower(i.sku) = lower($1)
		limit 1`, code).Scan(&sku, &name)
	if err != nil {
		return err
	}
	bad := fault.Fields{}
	bad.Add("code", "%s already means %s, %s. Take it off there first.", clip(code), sku, name)
	return bad
}

// DropBarcode takes a code from an item.
func DropBarcode(ctx context.Context, tx *sql.Tx, item ItemID, code string) (err error) {
	defer fault.Wrap(&err, "inventory.DropBarcode(%q)", code)
	done, err := tx.ExecContext(ctx, `delete from barcodes where code = $1 and item_id = $2`, code, item)
	return oneRow(done, err, "The item has no such barcode any more.")
}

// Barcodes lists the codes of an item, the single piece first.
func Barcodes(ctx context.Context, q pg.Querier, item ItemID) (_ []Barcode, err error) {
	defer fault.Wrap(&err, "inventory.Barcodes(%d)", item)
	return list(ctx, q, func(b *Barcode) []any { return []any{&b.Code, &b.Item, &b.Quantity, &b.GivenBy, &b.GivenAt} }, `
		select b.code, b.item_id, b.quantity, coalesce(s.name, ''), coalesce(b.given_at, '0001-01-01')
		from barcodes b left join staff s on s.id = b.given_by where b.item_id = $1 order by b.quantity, b.code`, item)
}

// FindBarcode reads the item that a scanned or typed code names, and how many pieces one scan counts. An SKU typed
// in any case counts one.
func FindBarcode(ctx context.Context, q pg.Querier, code labels.Code) (i Item, quantity int64, err error) {
	defer fault.Wrap(&err, "inventory.FindBarcode(%q)", code.Value)
	value := code.Value
	if gtin := code.GTIN(); gtin != "" {
		value = gtin
	}
	err = q.QueryRowContext(ctx, `
		select `+itemColumns+`, coalesce(b.quantity, 1)
		from items i left join barcodes b on b.item_id = i.id and b.code = $1
		where i.id in (select item_id from barcodes where code = $1 union all select id from items where lower(sku) = lower($1))
		order by b.code is null limit 1`, value).Scan(append(i.fields(), &quantity)...)
	switch {
	case !errors.Is(err, sql.ErrNoRows):
		return i, quantity, err
	case code.Damaged:
		return i, 0, fault.New(fault.Invalid, "The barcode was misread: %s Scan it again.", sentence(code.Reason))
	}
	switch code.Kind {
	case labels.KindGTIN, labels.KindUnknown, labels.KindGS1, labels.KindDigitalLink:
	default:
		return i, 0, fault.New(fault.NotFound, "%s is %s, not an item. Scan an item.", clip(code.String()), code.Kind.A())
	}
	if strings.HasPrefix(value, "+") {
		return i, 0, fault.New(fault.NotFound, "%s is a quantity, not an item. Scan an item.", clip(value))
	}
	return i, 0, fault.New(fault.NotFound, "No item has the barcode %s. Look for another barcode on it, or ask a clerk to add this one.", clip(value))
}

// sentence ends a text with a full stop.
func sentence(s string) string {
	if s = strings.TrimSpace(s); s == "" || strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}
