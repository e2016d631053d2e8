package inventory_test

import (
	"context"
	"strings"
	"testing"

	"tote/internal/pg"
	"tote/internal/scan"
	"tote/inventory"
	"tote/inventory/sitetest"
)

// toteful is a tote into which six mugs and a hat came at the dock, and the person who puts them away.
func toteful(t *testing.T) (*putter, inventory.LocationID) {
	d := newDesk(t)
	tote := d.Place(inventory.Location{Kind: inventory.Tote, Code: "T-7"})
	d.scan(d.po, scan.Right)
	d.says(d.scan("T-7", scan.Right), "lies in tote T-7")
	d.scan(mugCode, scan.Right)
	d.scan("+5", scan.Right)
	if step := d.scan(hatCode, scan.Right); step.Into != "tote T-7" {
		t.Errorf("the screen says into %q", step.Into)
	}
	return &putter{desk: d}, tote
}

func (d *desk) inbound(tote inventory.LocationID) bool {
	d.t.Helper()
	l, err := inventory.LocationByID(ctx, d.tx, tote)
	if err != nil {
		d.t.Fatal(err)
	}
	return l.Inbound
}

// Goods land in a tote, are promised to nobody there, and go into a bin all together by two scans.
func TestGoodsLandInATote(t *testing.T) {
	p, tote := toteful(t)
	if n, free := p.OnHand(p.mug, tote), p.free(p.mug); n != 6 || free != 0 {
		t.Fatalf("%d mugs are in the tote, %d of them free for orders", n, free)
	}
	p.desk.scan("B-D-1", scan.Right)
	p.desk.scan("X-CLOSE", scan.Decide)
	p.desk.scan("X-OK", scan.Done)
	p.laws()
	p.says(p.scan("T-7", scan.Right), "7 pieces in 2 loads")
	bin := p.show()
	if bin.Target == "" || bin.Quantity != 7 {
		t.Fatalf("the screen says %+v", bin)
	}
	p.says(p.scan("B-"+bin.Target, scan.Right), "7 pieces out of T-7 put into "+bin.Target)
	if n := p.free(p.mug); n != 6 {
		t.Errorf("%d mugs are free for orders", n)
	}
	p.laws()
	p.says(p.scan("X-UNDO", scan.Right), "7 pieces from "+bin.Target+" to T-7")
	if p.OnHand(p.mug, tote) != 6 || p.free(p.mug) != 0 || p.show().Quantity != 7 {
		t.Errorf("taken back: %d in the tote, %d free", p.OnHand(p.mug, tote), p.free(p.mug))
	}
	p.laws()
	p.scan("B-"+p.show().Target, scan.Right)
	if err := inventory.FreeTote(ctx, p.tx, tote); err != nil || p.inbound(tote) {
		t.Errorf("the empty tote does not serve orders again: %v", err)
	}
	p.says(p.scan("X-UNDO", scan.Wrong), "T-7 is used for orders again")
	p.laws()
}

// free is how much of an item may be promised.
func (d *desk) free(item inventory.ItemID) int64 {
	d.t.Helper()
	n, err := inventory.Available(ctx, d.tx, d.Warehouse, item)
	if err != nil {
		d.t.Fatal(err)
	}
	return n.Free
}

// What is in a tote may go to places of its own, item by item.
func TestAToteIsEmptiedItemByItem(t *testing.T) {
	p, tote := toteful(t)
	p.scan("T-7", scan.Right)
	p.says(p.scan("B-NO-SUCH", scan.Wrong), "no bin here")
	p.scan(hatCode, scan.Right)
	p.scan(p.target(), scan.Right)
	if p.OnHand(p.hat, tote) != 0 || p.OnHand(p.mug, tote) != 6 {
		t.Fatal("not the hat alone left the tote")
	}
	if d := p.show().Detail; len(d) == 0 || d[0] != "1 load. Or scan an item to put it away by itself." {
		t.Errorf("of one load it says %q", d)
	}
	p.says(p.scan(hatCode, scan.Wrong), "Nothing of")
	p.scan("X-NEW", scan.Right)
	p.scan("+2", scan.Right)
	p.scan(p.target(), scan.Right)
	p.scan(p.target(), scan.Right)
	if n := p.OnHand(p.mug, tote); n != 0 {
		t.Fatalf("%d mugs are left in the tote", n)
	}
	if step := p.show(); !strings.HasPrefix(step.Next, "Nothing waits") {
		t.Errorf("the screen says %q", step.Next)
	}
	p.laws()
}

// A bin that does not take all of it takes none of it; another bin than the one named is scanned twice; what a colleague
// carries stays his.
func TestAToteGoesWholeOrNotAtAll(t *testing.T) {
	p, tote := toteful(t)
	p.exec(`update locations set mixing = 'item' where id = $1`, p.Bins[5])
	code := func(bin int) string {
		l, err := inventory.LocationByID(ctx, p.tx, p.Bins[bin])
		if err != nil {
			t.Fatal(err)
		}
		return l.Printed()
	}
	p.scan("T-7", scan.Right)
	p.by = p.colleague("Cora")
	p.scan("T-7", scan.Right)
	p.says(p.scan(code(5), scan.Wrong), "takes one item only, and this holds several. Scan another bin, or put it away item by item")
	p.says(p.scan(code(6), scan.Decide), "Scan it again to put all of it here")
	colleague := p.by
	p.by = 0
	p.scan(hatCode, scan.Right)
	p.by = colleague
	p.says(p.scan(code(6), scan.Wrong), "out of T-7. Put the rest away item by item")
	p.by = 0
	p.scan("X-SKIP", scan.Right)
	p.by = colleague
	p.says(p.scan("X-OK", scan.Right), "7 pieces out of T-7")
	if p.OnHand(p.mug, p.Bins[6]) != 6 || p.OnHand(p.hat, p.Bins[6]) != 1 || p.OnHand(p.mug, tote) != 0 {
		t.Error("not all of it is in the bin")
	}
	p.laws()
}

// A tote that serves an order, is out of use, of another warehouse or full of another truck's goods is refused in words.
func TestTotesThatAreNotFree(t *testing.T) {
	d := newDesk(t)
	tote := d.Place(inventory.Location{Kind: inventory.Tote, Code: "T-7"})
	busy := func(context.Context, pg.Querier, inventory.LocationID) (string, error) {
		return "Pia fills it for P-4", nil
	}
	step, err := inventory.Receive(ctx, d.tx, d.receipt, busy, d.scanOf("T-7"))
	if err != nil || step.Result != scan.Wrong || !strings.Contains(step.Message, "Tote T-7 is in use: Pia fills it for P-4. Take another one.") {
		t.Fatalf("%+v, %v", step, err)
	}
	d.says(d.scan("T-8", scan.Wrong), "no tote T-8 in this warehouse")
	other := sitetest.New(t, d.tx)
	other.Place(inventory.Location{Kind: inventory.Tote, Code: "T-9"})
	d.says(d.scan("T-9", scan.Wrong), "no tote T-9 in this warehouse")
	d.scan("T-7", scan.Right)
	d.scan("B-D-1", scan.Right)
	if d.inbound(tote) {
		t.Error("a tote in which nothing landed stays taken")
	}
	d.scan("T-7", scan.Right)
	d.scan(d.po, scan.Right)
	d.scan(mugCode, scan.Right)
	first := d.receipt
	if d.receipt, err = inventory.OpenReceipt(ctx, d.tx, d.Warehouse, d.Place(inventory.Location{Kind: inventory.Dock, Code: "D-2"}), d.scanOf("")); err != nil {
		t.Fatal(err)
	}
	d.says(d.scan("T-7", scan.Wrong), "with other goods ("+first.String()+")")
	if err := inventory.FreeTote(ctx, d.tx, tote); err != nil || !d.inbound(tote) {
		t.Errorf("a tote with goods was given to pickers: %v", err)
	}
	d.exec(`update locations set active = false where code = 'T-7'`)
	d.says(d.scan("T-7", scan.Wrong), "out of use")
	d.laws()
}
