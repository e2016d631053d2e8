package inventory

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"regexp"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/sheet"
)

// VendorID names a supplier.
type VendorID int64

// Vendor is a supplier: who sends goods. Expected receipts name him by his name or code, in any case; one whom nobody wrote down
// is served as well, without rules of his own.
type Vendor struct {
	ID           VendorID
	Code         string // up to 20 capital letters, digits, dots and dashes
	Name         string
	OverPercent  *int64 // so much more than ordered is taken; nil: more is asked first
	InspectEvery int64  // somebody looks at each nth receipt of his; 0: at none
	Active       bool
}

var supplierShape = regexp.MustCompile(`^[A-Z0-9][A-Z0-9.-]{0,19}$`)

// CheckSupplier is the one validation of suppliers; mistakes are fault.Fields named code, name, over_percent,
// inspect_every.
func CheckSupplier(s Vendor) (Vendor, error) {
	var bad fault.Fields
	s.Code, s.Name = strings.ToUpper(strings.TrimSpace(s.Code)), strings.TrimSpace(s.Name)
	if !supplierShape.MatchString(s.Code) {
		bad.Add("code", "A supplier's code is made of up to 20 letters, digits, dots and dashes.")
	}
	if !words(s.Name, 120) {
		bad.Add("name", "Name the supplier, at most 120 characters.")
	}
	checkPercent(&bad, s.OverPercent)
	checkRange(&bad, "inspect_every", "Every how many receipts somebody looks", s.InspectEvery, maxEvery, "receipts")
	return s, bad.Err()
}

// StoreSupplier adds a supplier, or changes the one with his code.
func StoreSupplier(ctx context.Context, tx *sql.Tx, s Vendor) (err error) {
	defer fault.Wrap(&err, "inventory.StoreSupplier(%q)", s.Code)
	if s, err = CheckSupplier(s); err != nil {
		return err
	}
	var other string
	err = tx.QueryRowContext(ctx, `select code from suppliers where lower(name) = lower($1) and code <> $2`, s.Name, s.Code).Scan(&other)
	if err == nil {
		return fault.Fields{{Name: "name", Message: fmt.Sprintf("%s has that name already. Choose another.", other)}}
	}
	if err != sql.ErrNoRows {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		insert into suppliers (code, name, over_percent, inspect_every, active) values ($1, $2, $3, $4, $5)
		on conflict (code) do update set name = excluded.name, over_percent = excluded.over_percent, inspect_every = excluded.inspect_every, active = excluded.active`,
		s.Code, s.Name, s.OverPercent, s.InspectEvery, s.Active)
	return err
}

const supplierColumns = `select id, code, name, over_percent, inspect_every, active from suppliers `

func (s *Vendor) fields() []any {
	return []any{&s.ID, &s.Code, &s.Name, &s.OverPercent, &s.InspectEvery, &s.Active}
}

// Suppliers lists all suppliers by name.
func Suppliers(ctx context.Context, q pg.Querier) (_ []Vendor, err error) {
	defer fault.Wrap(&err, "inventory.Suppliers()")
	return list(ctx, q, (*Vendor).fields, supplierColumns+`order by lower(name)`)
}

// SupplierByCode reads one.
func SupplierByCode(ctx context.Context, q pg.Querier, code string) (s Vendor, err error) {
	defer fault.Wrap(&err, "inventory.SupplierByCode(%q)", code)
	err = q.QueryRowContext(ctx, supplierColumns+`where code = upper($1)`, code).Scan(s.fields()...)
	if err == sql.ErrNoRows {
		return s, fault.New(fault.NotFound, "There is no supplier %s. Go back to the list.", clip(code))
	}
	return s, err
}

var supplierSheet = []sheet.Column{
	{Name: "code", Required: true}, {Name: "name", Also: []string{"supplier"}, Required: true},
	{Name: "over_percent", Also: []string{"tolerance"}}, {Name: "inspect_every", Also: []string{"inspect"}}, {Name: "in_use"},
}

// ImportSuppliers stores a table of suppliers, all or nothing, and answers how many it holds.
func ImportSuppliers(ctx context.Context, tx *sql.Tx, in io.Reader) (n int, err error) {
	defer fault.Wrap(&err, "inventory.ImportSuppliers()")
	table, err := sheet.Read(in, supplierSheet...)
	if err != nil {
		return 0, err
	}
	var bad fault.Fields
	for _, r := range table {
		s := Vendor{Code: r.Get("code"), Name: r.Get("name"), InspectEvery: r.Int(&bad, "inspect_every", 0, maxEvery, 0), Active: r.OneOf(&bad, "in_use", "yes", "no") == "yes"}
		if r.Get("over_percent") != "" {
			percent := r.Int(&bad, "over_percent", 0, maxPercent, 0)
			s.OverPercent = &percent
		}
		err := StoreSupplier(ctx, tx, s)
		if err != nil && len(fault.FieldsOf(err)) == 0 {
			return 0, err
		}
		atRow(&bad, r, err)
	}
	return len(table), sheet.Err(bad)
}

// ExportSuppliers writes the suppliers as the table that ImportSuppliers reads.
func ExportSuppliers(ctx context.Context, q pg.Querier, out io.Writer) error {
	all, err := Suppliers(ctx, q)
	if err != nil {
		return err
	}
	return sheet.Write(out, columnNames(supplierSheet), column(all, func(s Vendor) []string {
		return []string{s.Code, s.Name, percentText(s.OverPercent), fmt.Sprint(s.InspectEvery), yesNo(s.Active)}
	}))
}

// itsSuppliers are the suppliers of the joined lines of receipt $1 for item $2.
const itsSuppliers = `
	from receipt_expected re join expected_receipts e on e.id = re.expected_id join expected_lines l on l.expected_id = e.id
	     join suppliers s on s.active and lower(e.supplier) in (lower(s.name), lower(s.code))
	where re.receipt_id = $1 and l.item_id = $2`

// tolerance is how much more than ordered is taken of an item at a receipt, in percent: the item's own word, else that of
// the strictest of its suppliers here; nil when nobody says.
func (u *unloading) tolerance(ctx context.Context, it Item) (percent *int64, err error) {
	if it.OverPercent != nil {
		return it.OverPercent, nil
	}
	err = u.tx.QueryRowContext(ctx, `select min(s.over_percent)`+itsSuppliers, u.receipt.ID, it.ID).Scan(&percent)
	return percent, err
}

// mostTaken is how many pieces of so many ordered are taken.
func mostTaken(wanted, percent int64) int64 { return wanted + wanted*percent/100 }

// within counts goods beyond the order inside the tolerance, with a warning, and refuses what is outside.
func (u *unloading) within(ctx context.Context, it Item, n int64, lines []promised, percent int64) (verdict, error) {
	var wanted, arrived int64
	for _, l := range lines {
		wanted, arrived = wanted+l.quantity, arrived+l.arrived
	}
	most := mostTaken(wanted, percent)
	if arrived+n <= most {
		done, err := u.count(ctx, it, n, good, lines)
		if done.result == "right" {
			done.message += fmt.Sprintf(" Up to %d are taken.", most)
		}
		return done, err
	}
	u.hand.forget()
	words := fmt.Sprintf("of %d ordered %d are here, and at most %d are taken, %d %% more", wanted, arrived, most, percent)
	if percent == 0 {
		words = fmt.Sprintf("of %d ordered %d are here, and no more are taken", wanted, arrived)
	}
	return wrong("%s: %s. %d are too many: give them back to the driver, or call the office.", it.Name, words, arrived+n-most), nil
}
