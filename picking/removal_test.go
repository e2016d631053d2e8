package picking_test

import (
	"strings"
	"testing"

	"tote/internal/scan"
	"tote/inventory"
	"tote/picking"
	"tote/picking/picktest"
)

// lotAt puts so many pieces of a lot into a bin; the days are spoken of from today on.
func lotAt(t *testing.T, f *picktest.Floor, item inventory.ItemID, bin inventory.LocationID, code string, expiresIn, receivedAgo, n int64) inventory.LotID {
	t.Helper()
	id, err := inventory.AddLot(ctx, f.Tx, item, code)
	ok(t, err)
	_, err = f.Tx.ExecContext(ctx, `
		update lots l set expires_on = case when $2 = 0 then null else current_date + $2::integer end, received_on = current_date - $3::integer, serial = i.tracking = 'serial'
		from items i where l.id = $1 and i.id = l.item_id`, id, expiresIn, receivedAgo)
	ok(t, err)
	m := f.Movement(item, n, f.Supplier, bin)
	m.Lot, m.Reason = id, inventory.ReasonReceive
	f.Move(m)
	_, err = inventory.Freshen(ctx, f.Tx, item)
	ok(t, err)
	return id
}

func track(t *testing.T, f *picktest.Floor, id inventory.ItemID, how func(*inventory.Item)) {
	t.Helper()
	it, err := inventory.ItemByID(ctx, f.Tx, id)
	ok(t, err)
	how(&it)
	ok(t, inventory.EditItem(ctx, f.Tx, it))
}

// What leaves first is chosen when the list is made: by last good day and then by the day it came, by that day alone, or by
// the walk; what is too old is in no list, and promised to nobody.
func TestStockLeavesInItsOrder(t *testing.T) {
	for removal, want := range map[inventory.Removal][]string{
		inventory.FEFO:    {"A-02-1-A×2", "B-01-1-A×2"}, // S 30 days, then M 90
		inventory.FIFO:    {"A-01-1-B×3", "A-02-1-A×1"}, // L came first, then S
		inventory.Closest: {"A-01-1-B×3", "A-02-1-A×1"},
		"":                {"A-02-1-A×2", "B-01-1-A×2"}, // as the warehouse says
	} {
		t.Run(string(removal), func(t *testing.T) {
			f, _, _ := shop(t)
			jam := f.Item("JAM", "9501101530003")
			track(t, f, jam, func(i *inventory.Item) {
				i.Tracking, i.Expires, i.Removal, i.ShelfDays = inventory.ByLot, true, removal, 10
			})
			lotAt(t, f, jam, f.Bins[0], "OLD", -1, 99, 50)
			lotAt(t, f, jam, f.Bins[0], "SOON", 9, 98, 50)
			lotAt(t, f, jam, f.Bins[1], "L", 300, 30, 3)
			lotAt(t, f, jam, f.Bins[2], "S", 30, 20, 2)
			lotAt(t, f, jam, f.Bins[4], "M", 90, 10, 9)
			list := f.Begin("O-1", picktest.Of(4, jam))
			got := strings.Join(stops(t, f, list), " ")
			if removal == inventory.Closest { // nearest with enough: one stop
				if want = []string{"B-01-1-A×4"}; got != want[0] {
					t.Errorf("%s: %s, want %s", removal, got, want[0])
				}
				return
			}
			if got != strings.Join(want, " ") {
				t.Errorf("%q: the list goes %s, want %v", removal, got, want)
			}
			free, err := inventory.FreeOf(ctx, f.Tx, f.Warehouse, jam)
			ok(t, err)
			if free[jam] != 10 {
				t.Errorf("%d are free, want 10: what is too old is not", free[jam])
			}
			lawful(t, f.Tx)
		})
	}
}

// A promise out of a lot that becomes too old is taken back, and the picker who meets it is stopped.
func TestALotThatExpiresIsTakenFromPromiseAndPicker(t *testing.T) {
	f, _, _ := shop(t)
	jam := f.Item("JAM", "9501101530003")
	track(t, f, jam, func(i *inventory.Item) { i.Tracking, i.Expires = inventory.ByLot, true })
	lot := lotAt(t, f, jam, f.Bins[0], "A", 5, 9, 4)
	list := f.Begin("O-1", picktest.Of(4, jam))
	f.Scan(list, "T-1", "B-A-01-1-A")
	_, err := f.Tx.ExecContext(ctx, `update lots set expires_on = current_date - 1 where id = $1`, lot)
	ok(t, err)
	if n, err := inventory.Freshen(ctx, f.Tx); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	if held, err := inventory.HeldBy(ctx, f.Tx, "O-1"); err != nil || held[0].Held != 0 {
		t.Fatalf("O-1 holds %+v of what nobody may have, %v", held, err)
	}
	step := f.Scan(list, "(01)09501101530003(10)A")
	if step.Result != scan.Wrong || !strings.Contains(step.Message, "too old to be sold") {
		t.Fatalf("the picker is told %q", step.Message)
	}
	lawful(t, f.Tx)
}

// Whoever picks what is tracked says which lot or piece he takes; a wrong one stops him.
func TestAPickerScansLotAndSerial(t *testing.T) {
	f, _, _ := shop(t)
	jam, phone := f.Item("JAM", "9501101530003"), f.Item("PHONE", "9501101530010")
	track(t, f, jam, func(i *inventory.Item) { i.Tracking, i.Expires = inventory.ByLot, true })
	track(t, f, phone, func(i *inventory.Item) { i.Tracking = inventory.BySerial })
	lotAt(t, f, jam, f.Bins[0], "A", 30, 9, 2)
	lotAt(t, f, jam, f.Bins[0], "B", 60, 9, 5)
	for _, n := range []string{"S1", "S2", "S3", "S4"} {
		lotAt(t, f, phone, f.Bins[1], n, 0, 9, 1)
	}
	list := f.Begin("O-1", picktest.Of(2, jam), picktest.Of(2, phone))
	said := func(code string, result scan.Result, words string) {
		t.Helper()
		if step := f.Scan(list, code); step.Result != result || !strings.Contains(step.Message, words) {
			t.Fatalf("%s: %s %q, want %s %q", code, step.Result, step.Message, result, words)
		}
	}
	f.Scan(list, "T-1", "B-A-01-1-A")
	said("9501101530003", scan.Wrong, "A-01-1-A holds 2 lots of Test JAM. Scan or type the lot on it: A.")
	said("(01)09501101530003(10)Z", scan.Wrong, "holds no lot Z by the books")
	said("(01)09501101530003(10)A", scan.Right, "+1 Test JAM")
	said("A", scan.Right, "+1 Test JAM, 2 of 2")
	f.Scan(list, "B-A-01-1-B")
	said("9501101530010", scan.Wrong, "Scan or type the serial number")
	said("(01)09501101530010(21)S2", scan.Right, "+1 Test PHONE") // planned for later: they change places
	said("S4", scan.Done, "+1 Test PHONE")                        // nobody's: it is taken instead
	if got := gone(t, f, phone); got != "S2 S4" {
		t.Fatalf("the tote holds %s", got)
	}
	if s := f.State("O-1"); s != picking.Picked {
		t.Errorf("O-1 is %s", s)
	}
	lawful(t, f.Tx)
}

// gone are the serial numbers of an item in tote T-1.
func gone(t *testing.T, f *picktest.Floor, item inventory.ItemID) (all string) {
	t.Helper()
	ok(t, f.Tx.QueryRow(`
		select coalesce(string_agg(o.code, ' ' order by o.code), '') from balances b join lots o on o.id = b.lot_id
		where b.item_id = $1 and b.location_id = $2`, item, f.Totes[0]).Scan(&all))
	return all
}
