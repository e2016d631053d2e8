package inventory

import (
	"context"
	"strconv"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
)

// ExpectedID names an expected receipt; people know it by its number.
type ExpectedID int64

// What an expected receipt can be.
const (
	ExpectedOpen     = "open"     // goods may still come
	ExpectedReceived = "received" // all of it came
	ExpectedClosed   = "closed"   // a person said that nothing more will come
)

// ExpectedReceipt is a supplier's promise: a purchase order ("po") or an advance shipping notice ("asn").
type ExpectedReceipt struct {
	ID        ExpectedID
	Number    string
	Kind      string
	Warehouse WarehouseID
	Supplier  string
	DueOn     time.Time // a day; zero when the supplier names none
	State     string
	CloseNote string
	Lines     []ExpectedLine
	Row       int // the line of the file it came from, 0 for a form

	transfer bool // from another warehouse; only those are numbered TR-7
}

// ExpectedLine is one item of it and what came of that so far, on all receipts.
type ExpectedLine struct {
	ID       int64
	Line     int
	Item     ItemID
	SKU      string
	Name     string
	Quantity int64
	Good     int64
	Damaged  int64
	SSCC     string    // of the pallet it comes on, as the notice says
	Lot      string    // and its lot
	Expires  time.Time // and the lot's last good day
	Row      int
}

// Arrived is how many the supplier brought, whole or not.
func (l ExpectedLine) Arrived() int64 { return l.Good + l.Damaged }

// Short is how many are missing.
func (l ExpectedLine) Short() int64 { return max(0, l.Quantity-l.Arrived()) }

// Over is how many came beyond what was expected.
func (l ExpectedLine) Over() int64 { return max(0, l.Arrived()-l.Quantity) }

// ReceiptID names one truck at one dock, printed as RC-7.
type ReceiptID int64

func (id ReceiptID) String() string { return "RC-" + strconv.FormatInt(int64(id), 10) }

// Path is the page of the receipt's scanning screen.
func (id ReceiptID) Path() string { return "/receiving/" + strconv.FormatInt(int64(id), 10) }

// Receipt is one truck at one dock, against any number of expected receipts, or none.
type Receipt struct {
	ID        ReceiptID
	Warehouse WarehouseID
	Dock      LocationID
	DockCode  string
	Open      bool
	Blind     bool // goods without a purchase order are taken
	OpenedBy  string
	OpenedAt  time.Time
	ClosedAt  time.Time // zero while it is open
	Numbers   []string  // of the expected receipts that are on it
	Units     int64     // that came, good or not
}

const receiptColumns = `
	select r.id, r.warehouse_id, r.dock_id, d.code, r.state = 'open', r.blind, s.name, r.opened_at,
	       coalesce(r.closed_at, '0001-01-01'),
	       array(select e.number from receipt_expected re join expected_receipts e on e.id = re.expected_id
	             where re.receipt_id = r.id order by e.number),
	       coalesce((select sum(l.quantity) from receipt_lines l where l.receipt_id = r.id), 0)
	from receipts r join locations d on d.id = r.dock_id join staff s on s.id = r.opened_by`

// ReceiptOf reads one receipt.
func ReceiptOf(ctx context.Context, q pg.Querier, id ReceiptID) (r Receipt, err error) {
	defer fault.Wrap(&err, "inventory.ReceiptOf(%d)", id)
	all, err := receipts(ctx, q, receiptColumns+` where r.id = $1`, id)
	if err != nil {
		return Receipt{}, err
	}
	if len(all) == 0 {
		return Receipt{}, noReceipt(id)
	}
	return all[0], nil
}

// Receipts lists the open receipts of a warehouse, newest first, then the latest closed ones, fifty in all.
func Receipts(ctx context.Context, q pg.Querier, warehouse WarehouseID) (all []Receipt, err error) {
	defer fault.Wrap(&err, "inventory.Receipts(%d)", warehouse)
	return receipts(ctx, q, receiptColumns+` where r.warehouse_id = $1 order by r.state desc, r.id desc limit 50`, warehouse)
}

// ReceiptsBefore lists receipts of a warehouse, the newest first: those before a receipt, or from the newest on if that
// is 0.
func ReceiptsBefore(ctx context.Context, q pg.Querier, warehouse WarehouseID, before ReceiptID, limit int) (all []Receipt, err error) {
	defer fault.Wrap(&err, "inventory.ReceiptsBefore(%d, %d)", warehouse, before)
	return receipts(ctx, q, receiptColumns+` where r.warehouse_id = $1 and ($2 = 0 or r.id < $2) order by r.id desc limit $3`, warehouse, before, limit)
}

// ReceiptsOf lists the receipts on which goods of an expected receipt came.
func ReceiptsOf(ctx context.Context, q pg.Querier, id ExpectedID) (all []Receipt, err error) {
	defer fault.Wrap(&err, "inventory.ReceiptsOf(%d)", id)
	return receipts(ctx, q, receiptColumns+`
		where r.id in (select receipt_id from receipt_expected where expected_id = $1) order by r.id`, id)
}

func receipts(ctx context.Context, q pg.Querier, query string, args ...any) ([]Receipt, error) {
	return pg.Collect(func(r *Receipt) []any {
		return []any{&r.ID, &r.Warehouse, &r.Dock, &r.DockCode, &r.Open, &r.Blind, &r.OpenedBy, &r.OpenedAt, &r.ClosedAt, pg.Array(&r.Numbers), &r.Units}
	})(q.QueryContext(ctx, query, args...))
}

func noReceipt(id ReceiptID) error {
	return fault.New(fault.NotFound, "There is no receipt %s. Go back to Receiving and scan the dock.", id)
}
