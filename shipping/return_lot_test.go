package shipping_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/inventory"
	"tote/picking/picktest"
	"tote/shipping"
)

// tracked makes an item whose pieces are told apart, with so many of each lot in the first bin.
func (f *floor) tracked(sku, gtin string, how inventory.Tracking, expires bool, lots ...string) inventory.ItemID {
	f.T.Helper()
	id := f.Item(sku, gtin)
	it, err := inventory.ItemByID(ctx, f.Tx, id)
	f.must(err)
	it.Tracking, it.Expires = how, expires
	f.must(inventory.EditItem(ctx, f.Tx, it))
	for _, code := range lots {
		lot, err := inventory.AddLot(ctx, f.Tx, id, code)
		f.must(err)
		f.exec(`update lots set serial = $2 where id = $1`, lot, how == inventory.BySerial)
		n := int64(5)
		if how == inventory.BySerial {
			n = 1
		}
		m := f.Movement(id, n, f.Supplier, f.Bins[0])
		m.Lot = lot
		f.Move(m)
	}
	return id
}

// sentCodes picks and packs an order by the codes on its pieces, and sends it.
func (f *floor) sentCodes(ref string, lines []picktest.Line, codes ...string) {
	f.T.Helper()
	d := f.Demand(ref, lines...)
	d.Carrier = "own"
	f.Ask(d)
	f.must(shipping.PlanShipment(ctx, f.Tx, f.plan(ref, "own")))
	list := f.Work(f.Staff)
	for _, code := range append([]string{"T-" + strings.TrimPrefix(ref, "O-100"), "B-A-01-1-A"}, codes...) {
		if step := f.Scan(list, code); step.Result == scan.Wrong {
			f.T.Fatalf("picking %s: %s", code, step.Message)
		}
	}
	for _, code := range codes {
		f.right(f.Put(ref, code))
	}
	c := f.closed(ref)
	b, err := shipping.Book(ctx, f.Tx, c.id, noon)
	f.must(err)
	c.shipment, c.number = b.Shipment, b.PackageNumber
	f.right(f.load(f.Dock, c.sscc))
	f.right(f.dispatch(f.Dock))
}

// back announces and counts all of an order's first line.
func (f *floor) back(ref string, item inventory.ItemID, n int) shipping.ReturnID {
	f.T.Helper()
	id := f.announced(ref, int64(n))
	for range n {
		f.right(f.count(id, f.sku(item)))
	}
	if step := f.press(id, "finish-short"); step.Result != scan.Done {
		f.T.Fatalf("finishing answers %+v", step)
	}
	return id
}

// holds is how many of a lot the ledger has in a place by its code.
func (f *floor) holds(item inventory.ItemID, lot, place string) (n int64) {
	f.T.Helper()
	f.one(&n, `select coalesce(sum(b.on_hand), 0) from balances b join lots o on o.id = b.lot_id join locations l on l.id = b.location_id
		where b.item_id = $1 and o.code = $2 and l.code = $3`, item, lot, place)
	return n
}

func offered(step scan.Step, style scan.Style) (all []string) {
	for _, c := range step.Choices {
		if c.Style == style {
			all = append(all, c.Label)
		}
	}
	return all
}

// TestEachReturnedPieceGoesUnderItsOwnLot: two lots on one line, named by a GS1 scan, by an answer and by typing, into three
// places of the ledger, and taken back.
func TestEachReturnedPieceGoesUnderItsOwnLot(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	jam := f.tracked("JAM", "9501101530003", inventory.ByLot, true, "A", "B")
	f.exec(`insert into lots (item_id, code) values ($1, 'C')`, jam)
	f.sentCodes("O-1001", []picktest.Line{picktest.Of(7, jam)}, "A", "A", "A", "A", "A", "B", "B")
	id := f.back("O-1001", jam, 4)

	step := f.right(f.inspect(id, "9501101530003"))
	if want := []string{"A · 5 of 5 sent", "B · 2 of 2 sent"}; step.Next != "Which lot came back?" || !slices.Equal(offered(step, scan.Answer), want) {
		t.Fatalf("a barcode without its lot is answered %+v", step)
	}
	if want := []string{"All 4 are alike", "Another lot"}; !slices.Equal(offered(step, scan.Bar), want) {
		t.Errorf("beside the lots stand %v, want %v", offered(step, scan.Bar), want)
	}
	f.wrong(f.judge(id, "A-restock"), "Say first which lot of Test JAM came back")
	f.wrong(f.inspect(id, "Z"), "There was never a lot Z of Test JAM")
	f.wrong(f.judge(id, "lot-999999"), "Choose again")
	f.right(f.judge(id, step.Choices[1].Action))
	f.right(f.judge(id, "A-restock"))
	f.right(f.inspect(id, "(01)09501101530003(10)B"))
	f.right(f.judge(id, "C-quarantine"))
	step = f.right(f.inspect(id, "9501101530003"))
	if got := offered(step, scan.Answer); !slices.Equal(got, []string{"A · 4 of 5 sent", "B · 1 of 2 sent"}) {
		t.Errorf("after one of each it offers %v", got)
	}
	if step := f.judge(id, "lot-another"); step.Result != scan.Decide {
		t.Errorf("another lot answers %+v", step)
	}
	if step := f.inspect(id, "C"); step.Result != scan.Decide || !strings.Contains(step.Message, "Lot C was not sent with O-1001") {
		t.Errorf("a lot that was not sent is answered %+v", step)
	}
	step = f.right(f.inspect(id, "C")) // known of the item, though not of this order: what is printed on it counts
	if step.Next != "What is it like?" || !slices.Contains(step.Detail, "lot C") {
		t.Errorf("with its lot named the screen says %+v", step)
	}
	f.right(f.judge(id, "D-scrap"))
	for place, lot := range map[string]string{"RESTOCK": "A", "QUARANTINE": "B"} {
		if n := f.holds(jam, lot, place); n != 1 {
			t.Errorf("%d of lot %s are in %s, want 1", n, lot, place)
		}
	}
	tasks, err := inventory.PutawayTasks(ctx, f.Tx, f.Warehouse, 0, 10)
	f.must(err)
	if len(tasks) != 1 || tasks[0].Lot == 0 {
		t.Errorf("to put away are %+v", tasks)
	}
	lawful(t, f.Tx)

	verdict := f.by("")
	f.right(f.inspect(id, "(01)09501101530003(10)A"))
	step, err = shipping.Judge(ctx, f.Tx, id, "B-quarantine", "", verdict)
	f.must(err)
	if step.Goto != fmt.Sprintf("/returns/receive?inspected=%d", id) {
		t.Errorf("after the last verdict it goes on at %q", step.Goto)
	}
	all, err := shipping.Decisions(ctx, f.Tx, id)
	f.must(err)
	if got := fmt.Sprint(all[0].Lot, all[1].Lot, all[2].Lot, all[3].Lot); got != "ACBA" {
		t.Errorf("the verdicts name %s", got)
	}
	step, err = shipping.UndoJudge(ctx, f.Tx, id, verdict.Key, f.by(""))
	f.must(err)
	f.right(step)
	if f.holds(jam, "A", "RESTOCK") != 1 || f.OnHand(jam, f.Returned) != 1 {
		t.Errorf("a verdict taken back leaves %d at the desk", f.OnHand(jam, f.Returned))
	}
	f.right(f.inspect(id, "(01)09501101530003(10)A"))
	f.right(f.judge(id, "B-quarantine"))
	lawful(t, f.Tx)
}

// TestALotPastItsDayIsNotRestocked: quarantine and scrap are left.
func TestALotPastItsDayIsNotRestocked(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	jam := f.tracked("JAM", "9501101530003", inventory.ByLot, true, "A")
	f.sentCodes("O-1001", []picktest.Line{picktest.Of(2, jam)}, "A", "A")
	id := f.back("O-1001", jam, 2)
	f.exec(`update lots set expires_on = current_date where code = 'A'`)
	f.right(f.inspect(id, "(01)09501101530003(10)A"))
	f.right(f.judge(id, "A-restock")) // the day itself is good
	f.exec(`update lots set expires_on = current_date - 1 where code = 'A'`)
	step := f.right(f.inspect(id, "(01)09501101530003(10)A"))
	for _, c := range step.Choices {
		if strings.HasSuffix(c.Action, "restock") || strings.HasSuffix(c.Action, "rework") {
			t.Errorf("what is too old is offered %s", c.Label)
		}
	}
	f.wrong(f.judge(id, "A-restock"), "it goes into quarantine or to scrap")
	f.wrong(f.judge(id, "C-rework"), "it goes into quarantine or to scrap")
	f.right(f.judge(id, "A-quarantine"))
	lawful(t, f.Tx)
}

// TestASerialNumberComesBackOnce, from the customer it went to, one piece at a time.
func TestASerialNumberComesBackOnce(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	lamp := f.tracked("LAMP", "9501101530010", inventory.BySerial, false, "S1", "S2", "S3", "S4", "S5")
	f.sentCodes("O-1001", []picktest.Line{picktest.Of(2, lamp)}, "S1", "S2")
	f.sentCodes("O-1002", []picktest.Line{picktest.Of(2, lamp)}, "S3", "S4")
	f.exec(`update shipments set recipient = 'Bo Lind', street = 'Holm 1' where id = (select shipment_id from shipment_orders where ref = 'O-1002')`)
	id := f.back("O-1001", lamp, 2)

	step := f.right(f.inspect(id, "9501101530010"))
	if step.Next != "Which serial number came back?" || !slices.Equal(offered(step, scan.Answer), []string{"S1", "S2"}) {
		t.Fatalf("a barcode without its number is answered %+v", step)
	}
	f.wrong(f.inspect(id, "+2"), "has a number of its own")
	f.wrong(f.inspect(id, "S3"), "went to somebody else, with O-1002")
	f.wrong(f.inspect(id, "S5"), "was never sent to anybody")
	f.wrong(f.inspect(id, "S9"), "There was never a serial number S9")
	f.wrong(f.inspect(id, "s1"), "There was never a serial number s1")
	f.right(f.inspect(id, "S1"))
	f.right(f.judge(id, "A-restock"))
	f.wrong(f.inspect(id, "(01)09501101530010(21)S1"), "came back already: RESTOCK")
	f.right(f.inspect(id, "(01)09501101530010(21)S2"))
	f.right(f.judge(id, "D-scrap"))
	lawful(t, f.Tx)

	f.exec(`update shipments set recipient = 'anna berg', street = 'Lindenstr. 5' where id = (select shipment_id from shipment_orders where ref = 'O-1002')`)
	other := f.back("O-1002", lamp, 2)
	f.wrong(f.inspect(other, "(01)09501101530010(21)S1"), "came back already")
	f.right(f.judge(other, f.inspect(other, "9501101530010").Choices[0].Action))
	f.right(f.judge(other, "A-restock"))
	lawful(t, f.Tx)
}

// TestTwoPeopleGiveOneSerialNumber at two returns at once: one of them is told.
func TestTwoPeopleGiveOneSerialNumber(t *testing.T) {
	db := pgtest.DB(t)
	tx, err := db.BeginTx(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	f := newFloor(t, tx)
	lamp := f.tracked("LAMP", "9501101530010", inventory.BySerial, false, "S1", "S2")
	f.sentCodes("O-1001", []picktest.Line{picktest.Of(1, lamp)}, "S1")
	f.sentCodes("O-1002", []picktest.Line{picktest.Of(1, lamp)}, "S2")
	both := []shipping.ReturnID{f.back("O-1001", lamp, 1), f.back("O-1002", lamp, 1)}
	f.must(tx.Commit())
	said := make(chan scan.Step, 2)
	for _, id := range both {
		go func() {
			var step scan.Step
			defer func() { said <- step }()
			tx, err := db.BeginTx(context.Background(), nil)
			if err != nil {
				return
			}
			defer tx.Rollback()
			if step, err = shipping.Inspect(ctx, tx, id, f.by("(01)09501101530010(21)S1")); err != nil || step.Result != scan.Right {
				return
			}
			if step, err = shipping.Judge(ctx, tx, id, "A-restock", "", f.by("")); err == nil {
				err = tx.Commit()
			}
			if err != nil {
				step.Result, step.Message = "", err.Error()
			}
		}()
	}
	results := map[scan.Result]int{}
	for range both {
		s := <-said
		results[s.Result]++
		if s.Result == "" {
			t.Error(s.Message)
		}
	}
	if results[scan.Done] != 1 || results[scan.Wrong] != 1 {
		t.Errorf("two who give one number are answered %v", results)
	}
}
