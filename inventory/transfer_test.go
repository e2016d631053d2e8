package inventory_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/inventory"
	"tote/inventory/sitetest"
)

// haul is a transfer between two sites that both keep mugs and, in lots, milk.
type haul struct {
	t         *testing.T
	tx        *sql.Tx
	from, to  *sitetest.Site
	mug, milk inventory.ItemID
	sku       map[inventory.ItemID]string
	id        inventory.TransferID
}

// newHaul stocks 10 mugs in the first bin, 4 in the second, and six cartons of milk of two lots in the third, and asks
// for 12 mugs and five of milk.
func newHaul(t *testing.T, tx *sql.Tx) *haul {
	t.Helper()
	h := &haul{t: t, tx: tx, from: sitetest.New(t, tx), to: sitetest.New(t, tx), sku: map[inventory.ItemID]string{}}
	h.mug, h.milk = h.from.Item("MUG", mugCode), h.from.Item("MILK", hatCode)
	for _, id := range []inventory.ItemID{h.mug, h.milk} {
		it, err := inventory.ItemByID(ctx, tx, id)
		h.must(err)
		h.sku[id] = it.SKU
		if id == h.milk {
			it.Tracking, it.Expires = inventory.ByLot, true
			h.must(inventory.EditItem(ctx, tx, it))
		}
	}
	h.from.Stock(h.mug, h.from.Bins[0], 10)
	h.from.Stock(h.mug, h.from.Bins[1], 4)
	for i, code := range []string{"L1", "L2"} {
		lot, err := inventory.AddLot(ctx, tx, h.milk, code)
		h.must(err)
		h.must(inventory.EditLot(ctx, tx, lot, sitetest.Noon.AddDate(1, i, 0)))
		m := h.from.Movement(h.milk, 3, h.from.Supplier, h.from.Bins[2])
		m.Lot, m.Reason = lot, inventory.ReasonReceive
		h.from.Move(m)
	}
	h.id = h.ask(map[string]int64{h.sku[h.mug]: 12, h.sku[h.milk]: 5})
	return h
}

func (h *haul) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *haul) ask(lines map[string]int64) inventory.TransferID {
	h.t.Helper()
	t := inventory.Transfer{From: h.from.Warehouse, To: h.to.Warehouse, Note: "for the season"}
	for sku, n := range lines {
		t.Lines = append(t.Lines, inventory.TransferLine{SKU: sku, Quantity: n})
	}
	id, err := inventory.AskTransfer(ctx, h.tx, t, h.from.Staff, sitetest.Noon)
	h.must(err)
	return id
}

func (h *haul) as() inventory.Movement {
	return inventory.Movement{Staff: h.from.Staff, Scan: uuid.New(), At: sitetest.Noon}
}

func nothingPlanned(context.Context, pg.Querier, inventory.LocationID) ([]inventory.Planned, error) {
	return nil, nil
}

func (h *haul) take(place, item, lot string, n int64) error {
	return inventory.TakeForTransfer(ctx, h.tx, h.from.Warehouse, h.id, inventory.TransferPick{Place: place, Item: item, Lot: lot, Quantity: n}, nothingPlanned, h.as())
}

func (h *haul) send(sscc string) {
	h.t.Helper()
	h.must(inventory.SendTransfer(ctx, h.tx, h.from.Warehouse, h.id, sscc, sitetest.Noon.AddDate(0, 0, 1), h.from.Staff, sitetest.Noon))
}

func (h *haul) read(site *sitetest.Site) inventory.Transfer {
	h.t.Helper()
	t, err := inventory.TransferByID(ctx, h.tx, site.Warehouse, h.id)
	h.must(err)
	return t
}

// dock opens a receipt at the other warehouse.
func (h *haul) dock() *desk {
	h.t.Helper()
	d := &desk{Site: h.to, t: h.t, tx: h.tx, mug: h.mug}
	id, err := inventory.OpenReceipt(ctx, h.tx, h.to.Warehouse, h.to.Dock, d.scanOf(""))
	h.must(err)
	d.receipt = id
	d.scan(h.id.String(), scan.Right)
	return d
}

// holds checks the laws, and how much the ledger says was lost and found between the two.
func (h *haul) holds(item inventory.ItemID, lost, found int64) {
	h.t.Helper()
	if names := broken(h.t, h.tx); len(names) > 0 {
		h.t.Errorf("broken: %v", names)
	}
	sum := func(from, to string) (n int64) {
		h.must(h.tx.QueryRowContext(ctx, `
			select coalesce(sum(m.quantity), 0) from movements m join locations f on f.id = m.from_id join locations t on t.id = m.to_id
			where m.ref = $1 and m.item_id = $2 and f.kind = $3 and t.kind = $4`, h.id.String(), item, from, to).Scan(&n))
		return n
	}
	if a, b := sum("transit", "lost")-sum("lost", "transit"), sum("found", "transit")-sum("transit", "found"); a != lost || b != found {
		h.t.Fatalf("%d lost, %d found; want %d, %d", a, b, lost, found)
	}
}

// Pieces leave the bins of one warehouse and arrive at the dock of the other with their lot; what does not arrive stays
// visible, and is lost on the books of where it came from.
func TestATransferBetweenWarehouses(t *testing.T) {
	h := newHaul(t, pgtest.Tx(t))
	for _, c := range []struct {
		place, item, lot string
		n                int64
		words            string
	}{
		{"B-A-01-1-A", h.sku[h.mug], "", 11, "A-01-1-A holds 10"},
		{"B-A-01-1-A", h.sku[h.mug], "", 13, "Only 12 of"},
		{"B-A-01-1-A", h.sku[h.mug], "", 0, "from 1"},
		{"H-01", h.sku[h.mug], "", 1, "serves no orders"},
		{"D-1", h.sku[h.mug], "", 1, "serves no orders"},
		{"TRANSIT", h.sku[h.mug], "", 1, "serves no orders"},
		{"NOWHERE", h.sku[h.mug], "", 1, "no location"},
		{"B-A-02-1-A", h.sku[h.milk], "", 1, "Several lots"},
		{"B-A-02-1-A", h.sku[h.milk], "L9", 1, "No good pieces of lot L9"},
		{"B-A-02-1-B", h.sku[h.mug], "", 1, "No good pieces"},
		{"B-A-01-1-A", "\x00", "", 1, ""},
	} {
		if err := h.take(c.place, c.item, c.lot, c.n); err == nil || !strings.Contains(fault.Message(err)+fmt.Sprint(fault.FieldsOf(err)), c.words) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	h.must(h.take("B-A-01-1-A", mugCode, "", 9))
	h.must(h.take("A-01-1-B", h.sku[h.mug], "", 3))
	h.must(h.take("B-A-02-1-A", hatCode, "L1", 3))
	h.must(h.take("B-A-02-1-A", hatCode, "L2", 1))
	h.holds(h.mug, 0, 0)
	if n := h.from.OnHand(h.mug, h.from.Bins[0]); n != 1 {
		t.Errorf("%d left in the bin", n)
	}
	first := h.read(h.from).Takes[0].ID
	h.must(inventory.PutBackFromTransfer(ctx, h.tx, h.from.Warehouse, h.id, first, h.as()))
	if err := inventory.PutBackFromTransfer(ctx, h.tx, h.from.Warehouse, h.id, first, h.as()); fault.KindOf(err) != fault.NotFound {
		t.Errorf("put back twice: %v", err)
	}
	if n := h.from.OnHand(h.mug, h.from.Bins[0]); n != 10 {
		t.Errorf("%d in the bin after it was put back", n)
	}
	h.must(h.take("B-A-01-1-A", mugCode, "", 9))
	if _, err := inventory.TransferByID(ctx, h.tx, h.to.Warehouse, h.id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the other warehouse sees it before it is sent: %v", err)
	}
	if err := inventory.SendTransfer(ctx, h.tx, h.from.Warehouse, h.id, "123", sitetest.Noon, h.from.Staff, sitetest.Noon); len(fault.FieldsOf(err)) != 1 {
		t.Errorf("a wrong SSCC: %v", err)
	}
	h.send("")
	if err := h.take("B-A-01-1-A", mugCode, "", 1); fault.KindOf(err) != fault.Conflict {
		t.Errorf("taken after it was sent: %v", err)
	}
	if _, err := inventory.TransferByID(ctx, h.tx, sitetest.New(t, h.tx).Warehouse, h.id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a third warehouse sees it: %v", err)
	}

	d := h.dock()
	d.scan(mugCode, scan.Right)
	d.scan("+9", scan.Right) // ten mugs of twelve
	d.scan(hatCode, scan.Decide)
	d.scan("L1", scan.Right)
	d.scan("+2", scan.Right)
	d.scan("(01)"+hatCode+"(10)L2", scan.Right)
	d.scan("X-CLOSE", scan.Decide)
	d.scan("X-OK", scan.Done)
	if tr := h.read(h.to); tr.State != inventory.TransferSent || tr.Arrived() != 14 {
		t.Errorf("after the truck it is %s with %d", tr.State, tr.Arrived())
	}
	h.holds(h.mug, 0, 0)
	h.must(inventory.CloseExpected(ctx, h.tx, h.to.Warehouse, h.id.String(), "two broken on the way", h.to.Staff, sitetest.Noon))
	tr := h.read(h.from)
	if tr.State != inventory.TransferReceived || tr.EndedAt.IsZero() {
		t.Errorf("it is %s", tr.State)
	}
	for _, l := range tr.Lines {
		if want := map[inventory.ItemID]int64{h.mug: 2}[l.Item]; l.Missing() != want {
			t.Errorf("of %s %d are missing", l.SKU, l.Missing())
		}
	}
	h.holds(h.mug, 2, 0)
	h.holds(h.milk, 0, 0)
	var expires string
	h.must(h.tx.QueryRowContext(ctx, `select string_agg(o.code || ' ' || b.on_hand || ' ' || o.expires_on, ', ' order by o.code) from balances b join lots o on o.id = b.lot_id where b.warehouse_id = $1 and b.item_id = $2`,
		h.to.Warehouse, h.milk).Scan(&expires))
	if expires != "L1 3 2027-11-22, L2 1 2027-12-22" {
		t.Errorf("the milk arrived as %s", expires)
	}
}

// With the SSCC of its pallet a transfer is received by one scan, lot by lot; what comes after the papers were closed is
// found again.
func TestATransferOnAPallet(t *testing.T) {
	h := newHaul(t, pgtest.Tx(t))
	const sscc = "095212340000000013"
	h.must(h.take("A-01-1-A", mugCode, "", 4))
	h.must(h.take("A-02-1-A", hatCode, "L2", 2))
	h.send(sscc)
	d := h.dock()
	d.scan("00"+sscc, scan.Right)
	d.scan("X-CLOSE", scan.Done)
	if tr := h.read(h.to); tr.State != inventory.TransferReceived || tr.Arrived() != 6 {
		t.Errorf("it is %s with %d", tr.State, tr.Arrived())
	}
	h.holds(h.mug, 0, 0)
}

// A cancelled transfer puts everything back, for good; what is promised to an order does not go on a transfer.
func TestACancelledTransfer(t *testing.T) {
	h := newHaul(t, pgtest.Tx(t))
	_, err := inventory.Reserve(ctx, h.tx, inventory.Want{Ref: "O-1.1", Document: "O-1", Warehouse: h.from.Warehouse, Item: h.mug, Quantity: 9, Due: sitetest.Noon})
	h.must(err)
	if err := h.take("A-01-1-A", mugCode, "", 6); fault.KindOf(err) != fault.Conflict || !strings.Contains(fault.Message(err), "5 of them may go") {
		t.Errorf("promised pieces go: %v", err)
	}
	h.must(h.take("A-01-1-A", mugCode, "", 5))
	h.must(inventory.CancelTransfer(ctx, h.tx, h.from.Warehouse, h.id, h.as()))
	if n := h.from.OnHand(h.mug, h.from.Bins[0]); n != 10 {
		t.Errorf("%d in the bin", n)
	}
	if err := inventory.CancelTransfer(ctx, h.tx, h.from.Warehouse, h.id, h.as()); fault.KindOf(err) != fault.Conflict {
		t.Errorf("cancelled twice: %v", err)
	}
	if err := inventory.SendTransfer(ctx, h.tx, h.from.Warehouse, h.id, "", sitetest.Noon, h.from.Staff, sitetest.Noon); fault.KindOf(err) != fault.Conflict {
		t.Errorf("sent after all: %v", err)
	}
	if _, err := inventory.TransferByID(ctx, h.tx, h.to.Warehouse, h.id); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the other warehouse sees it: %v", err)
	}
	h.holds(h.mug, 0, 0)
	_, err = inventory.Expect(ctx, h.tx, inventory.ExpectedReceipt{Number: "tr-999999", Warehouse: h.to.Warehouse, Supplier: "x", Lines: []inventory.ExpectedLine{{SKU: h.sku[h.mug], Quantity: 1}}})
	if len(fault.FieldsOf(err)) != 1 {
		t.Errorf("somebody else takes a transfer's number: %v", err)
	}
}

// A transfer that asks for nothing sensible is refused with every mistake named.
func TestATransferThatMakesNoSense(t *testing.T) {
	h := newHaul(t, pgtest.Tx(t))
	_, err := inventory.AskTransfer(ctx, h.tx, inventory.Transfer{From: h.from.Warehouse, To: h.from.Warehouse, Note: strings.Repeat("x", 501),
		Lines: []inventory.TransferLine{{SKU: "NONE", Quantity: 1}, {SKU: h.sku[h.mug], Quantity: 0}, {SKU: h.sku[h.mug], Quantity: 1}}}, h.from.Staff, sitetest.Noon)
	var names []string
	for _, f := range fault.FieldsOf(err) {
		names = append(names, f.Name)
	}
	if strings.Join(names, " ") != "to note lines.0.sku lines.1.quantity lines.2.sku" {
		t.Errorf("named are %v", names)
	}
}

// Two who take the last pieces for a transfer at once, two who count it at two docks at once: nothing is taken twice,
// nothing arrives twice, and what came beyond is found on the books.
func TestTwoPeopleAtOneTransfer(t *testing.T) {
	db := pgtest.DB(t)
	h := &haul{t: t}
	in := func(do func(tx *sql.Tx) error) error { return pg.InTx(ctx, db, do) }
	h.must(in(func(tx *sql.Tx) error { h = newHaul(t, tx); return nil }))
	pick := inventory.TransferPick{Place: "A-01-1-A", Item: mugCode, Quantity: 7}
	took := 0
	for _, err := range together(2, func(int) error {
		return in(func(tx *sql.Tx) error {
			return inventory.TakeForTransfer(ctx, tx, h.from.Warehouse, h.id, pick, nothingPlanned, h.as())
		})
	}) {
		if err == nil {
			took++
		} else if k := fault.KindOf(err); k != fault.Invalid && k != fault.Conflict {
			t.Error(err)
		}
	}
	if took != 1 {
		t.Fatalf("seven of twelve were taken %d times", took)
	}
	same := h.as()
	pick.Place, pick.Quantity = "A-01-1-B", 1
	for _, err := range together(3, func(int) error {
		return in(func(tx *sql.Tx) error {
			return inventory.TakeForTransfer(ctx, tx, h.from.Warehouse, h.id, pick, nothingPlanned, same)
		})
	}) {
		h.must(err)
	}
	var receipts [2]inventory.ReceiptID
	h.must(in(func(tx *sql.Tx) error {
		h.tx = tx
		h.send("")
		for i := range receipts {
			h.to = h.to.In(tx)
			if i == 1 {
				h.to.Dock = h.to.Place(inventory.Location{Kind: inventory.Dock, Code: "D-2"})
			}
			receipts[i] = h.dock().receipt
		}
		return nil
	}))
	scanAt := func(i int, code string) error {
		return in(func(tx *sql.Tx) error {
			_, err := inventory.Receive(ctx, tx, receipts[i], nobodyPicks, scan.Scan{Key: uuid.New(), Code: code, Staff: h.to.Staff, At: sitetest.Noon})
			return err
		})
	}
	for _, err := range together(2, func(i int) error {
		for range 5 {
			if err := scanAt(i, mugCode); err != nil {
				return err
			}
		}
		return scanAt(i, "X-CLOSE")
	}) {
		h.must(err)
	}
	for i := range receipts { // who was asked because something differs
		h.must(scanAt(i, "X-OK"))
	}
	h.must(in(func(tx *sql.Tx) error {
		h.tx = tx
		tr := h.read(h.to)
		if tr.Arrived() < 8 || tr.State != inventory.TransferReceived {
			t.Errorf("%d of 8 arrived, it is %s", tr.Arrived(), tr.State)
		}
		h.holds(h.mug, 0, tr.Arrived()-8)
		return nil
	}))
}
