package shipping_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tote/internal/fault"
	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/inventory"
	"tote/picking/picktest"
	"tote/shipping"
)

func (f *floor) atDesk(code string) scan.Step {
	f.T.Helper()
	step, err := shipping.StartReturn(ctx, f.Tx, f.Warehouse, f.by(code))
	f.must(err)
	return step
}

func (f *floor) pressAtDesk(action string) scan.Step {
	f.T.Helper()
	s := f.by("")
	s.At = noon.Add(time.Hour)
	step, err := shipping.DecideReturnStart(ctx, f.Tx, f.Warehouse, action, s)
	f.must(err)
	return step
}

// TestWhatNobodyTookIsKeptApart: a parcel that comes back undelivered has no slip. Its label leads to a return of the
// carrier's, with all that is in it, and its shipment is in trouble; nobody is thanked for sending it.
func TestWhatNobodyTookIsKeptApart(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	c := f.sent("O-1001", picktest.Of(2, f.mug))
	step := f.atDesk(c.sscc)
	if step.Result != scan.Decide || !strings.Contains(step.Message, "never delivered") || len(step.Choices) != 2 {
		t.Fatalf("the parcel's label answers %+v", step)
	}
	if left := f.pressAtDesk("leave"); left.Result != scan.Right {
		t.Errorf("set aside: %+v", left)
	}
	var again string
	for range 2 {
		step = f.right(f.pressAtDesk(step.Choices[0].Action))
		if again != "" && step.Goto != again {
			t.Errorf("pressed twice it leads to %s and %s", again, step.Goto)
		}
		again = step.Goto
		step.Choices = []scan.Choice{{Action: fmt.Sprintf("%s%d", shipping.Undeliverable, c.id)}}
	}
	all, err := shipping.Returns(ctx, f.Tx, shipping.ReturnFilter{Warehouse: f.Warehouse, Origin: "carrier"})
	f.must(err)
	if len(all) != 1 || all[0].Units != 2 || again != fmt.Sprintf("/returns/%d/receive", all[0].ID) {
		t.Fatalf("returns of the carrier's: %+v, led to %s", all, again)
	}
	lines, err := shipping.ReturnLines(ctx, f.Tx, all[0].ID)
	f.must(err)
	if lines[0].Reason != "undelivered" || lines[0].Wish != "" {
		t.Errorf("its line is %+v", lines[0])
	}
	if s := f.shipment(c.shipment); s.State != shipping.Exception {
		t.Errorf("the shipment is %s", s.State)
	}
	if n := facts(t, f.Tx, "return.undelivered"); n != 1 || facts(t, f.Tx, "return.authorised") != 0 {
		t.Errorf("%d facts of what nobody took, %d of a return that was announced", n, facts(t, f.Tx, "return.authorised"))
	}
	f.right(f.atDesk(c.sscc)) // leads to the counting now
	f.received(all[0].ID, 2)
	f.judged(all[0].ID, "A-restock", 2)
	for _, nonsense := range []string{"", "undelivered-", "undelivered-x", "undelivered-999999999", "undelivered-99999999999999999999", "gold"} {
		if step := f.pressAtDesk(nonsense); step.Result != scan.Wrong {
			t.Errorf("%q answers %+v", nonsense, step)
		}
	}
	lawful(t, f.Tx)
}

// TestADeliveredParcelIsNotUndelivered: the question is only asked of what is on the road, and not when a return is announced.
func TestADeliveredParcelIsNotUndelivered(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	c := f.sent("O-1001", picktest.Of(1, f.mug))
	_, err := shipping.Track(ctx, f.Tx, shipping.Event{Shipment: c.shipment, At: noon.Add(time.Hour), Kind: "delivered", Source: "hand", Key: "d"}, noon.Add(2*time.Hour))
	f.must(err)
	f.wrong(f.atDesk(c.sscc), "No return of O-1001")
	f.wrong(f.pressAtDesk(fmt.Sprintf("%s%d", shipping.Undeliverable, c.id)), "not on the road")
	id := f.announced("O-1001", 1)
	if step := f.right(f.atDesk(c.sscc)); step.Goto != fmt.Sprintf("/returns/%d/receive", id) {
		t.Errorf("the label leads to %s", step.Goto)
	}
}

// TestGoodsAreMendedOrGoBackToTheSupplier: both are movements of the ledger, neither is for sale, both can be taken back.
func TestGoodsAreMendedOrGoBackToTheSupplier(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.sent("O-1001", picktest.Of(2, f.mug))
	id := f.announced("O-1001", 2)
	f.received(id, 2)
	f.judged(id, "C-rework", 1)
	var rework inventory.LocationID
	f.one(&rework, `select id from locations where code = 'REWORK' and use = 'hospital' and not allocatable`)
	if n := f.OnHand(f.mug, rework); n != 1 {
		t.Errorf("%d mugs wait to be mended", n)
	}
	f.judged(id, "D-vendor", 1)
	f.right(f.inspect(id, "X-UNDO"))
	if n := f.OnHand(f.mug, f.Returned); n != 1 {
		t.Errorf("%d mugs lie at the desk again", n)
	}
	f.judged(id, "D-vendor", 1)
	f.wrong(f.inspect(id, f.sku(f.mug)), "")
	lawful(t, f.Tx)
}

// TestWhatIsSettledStandsAsItWasJudged: what the customer got something for is not judged anew.
func TestWhatIsSettledStandsAsItWasJudged(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.sent("O-1001", picktest.Of(2, f.mug))
	id := f.announced("O-1001", 2)
	f.received(id, 2)
	f.judged(id, "B-quarantine", 2)
	lines, err := shipping.ReturnLines(ctx, f.Tx, id)
	f.must(err)
	if lines[0].Grades != "2 × B quarantine" || lines[0].Owed() != 2 {
		t.Errorf("the line is %+v", lines[0])
	}
	f.must(shipping.SettleReturn(ctx, f.Tx, id, []shipping.Settled{{Line: lines[0].ID, Quantity: 1}}))
	if err := shipping.SettleReturn(ctx, f.Tx, id, []shipping.Settled{{Line: lines[0].ID, Quantity: 2}}); err == nil {
		t.Error("three of two are settled")
	}
	f.wrong(f.inspect(id, "X-UNDO"), "settled it")
	open, err := shipping.Returns(ctx, f.Tx, shipping.ReturnFilter{Warehouse: f.Warehouse, Open: true})
	f.must(err)
	if len(open) != 1 || open[0].Settled != 1 {
		t.Errorf("to be settled: %+v", open)
	}
}

// TestWhatWasJudgedIsNotUncounted: a second parcel opens the counting again, not what was looked at.
func TestWhatWasJudgedIsNotUncounted(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.sent("O-1001", picktest.Of(2, f.mug))
	id := f.announced("O-1001", 2)
	f.received(id, 1)
	f.judged(id, "A-restock", 1)
	f.right(f.count(id, f.sku(f.mug)))
	f.right(f.count(id, "X-UNDO"))
	f.wrong(f.count(id, "X-UNDO"), "inspected already")
}

// TestAParcelThatCameBackEndsItsShipment: counted, it is not on the road any more, and what was missing in it is somebody's
// until he says what became of it; a late word of the carrier changes nothing.
func TestAParcelThatCameBackEndsItsShipment(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	c := f.sent("O-1001", picktest.Of(3, f.mug))
	f.right(f.pressAtDesk(fmt.Sprintf("%s%d", shipping.Undeliverable, c.id)))
	all, err := shipping.Returns(ctx, f.Tx, shipping.ReturnFilter{Warehouse: f.Warehouse, Origin: "carrier"})
	f.must(err)
	id := all[0].ID
	f.exec(`insert into troubles (shipment_id, what, since) values ($1, 'failed delivery', now())`, c.shipment)
	f.received(id, 2)
	list, err := shipping.Problems(ctx, f.Tx, shipping.Queue{Warehouse: f.Warehouse, Limit: 10})
	f.must(err)
	if len(list) != 1 || list[0].Note != id.String()+": 1 of 3 did not come back." || f.ret(id).Missing != 1 || f.ret(id).Trouble != list[0].ID {
		t.Fatalf("what is missing is %+v, the return %+v", list, f.ret(id))
	}
	if s := f.shipment(c.shipment); s.State != shipping.CameBack {
		t.Errorf("the shipment is %s", s.State)
	}
	road, err := shipping.OnTheRoad(ctx, f.Tx, f.Warehouse, 10)
	f.must(err)
	if len(road) != 0 {
		t.Errorf("on the road: %+v", road)
	}
	a := shipping.Acting{Trouble: list[0].ID, Submission: "again", Note: "The carrier pays for it.", Staff: f.Staff, At: noon.Add(2 * time.Hour)}
	if err := shipping.Resend(ctx, f.Tx, a, ""); !isKind(err, fault.Conflict) {
		t.Errorf("what lies here is sent again: %v", err)
	}
	a.Submission = "closed"
	f.exec(`delete from trouble_acts`)
	f.must(shipping.Settle(ctx, f.Tx, a))
	if r := f.ret(id); r.Missing != 0 || len(f.problems(c.shipment)) != 0 {
		t.Errorf("closed, the return is %+v", r)
	}
	lawful(t, f.Tx)
}
