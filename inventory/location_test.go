package inventory_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/pgtest"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/labels"
)

func TestFindLocationByPrintedAndTypedCode(t *testing.T) {
	tx := pgtest.Tx(t)
	s := sitetest.New(t, tx)
	bin := s.Place(inventory.Location{Kind: inventory.Bin, Code: "B-07"})   // typed, it looks like the printed code of bin 07
	zeros := s.Place(inventory.Location{Kind: inventory.Bin, Code: "C-04"}) // as the printed code of carton 4, but for the zero
	s.Place(inventory.Location{Kind: inventory.Bin, Code: "T-2"})           // the tote's label stays the tote's
	s.Place(inventory.Location{Kind: inventory.Bin, Code: "31415"})
	if _, err := tx.ExecContext(ctx, `insert into stations (warehouse_id, code, name, kind, location_id) values ($1, 'K-31415', 'Bench', 'packing', $2)`,
		s.Warehouse, s.Station); err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]inventory.LocationID{
		"B-A-01-1-A": s.Bins[0], "a-01-1-b": s.Bins[1], "T-2": s.Totes[1], "t-2": s.Totes[1], "D-1": s.Dock, "B-D-1": s.Dock,
		"K-31415": s.Station, "B-B-07": bin, "b-07": bin,
		"C-04": zeros, "c-04": zeros, "B-C-04": zeros,
	} {
		l, err := inventory.FindLocation(ctx, tx, s.Warehouse, parse(t, code))
		if err != nil || l.ID != want {
			t.Errorf("%s is %s (%d), %v; want %d", code, l.Code, l.ID, err, want)
		}
		if again, err := labels.Parse(l.Printed()); err != nil || again.Kind == labels.KindUnknown {
			t.Errorf("%s is printed as %s, which scans as %v", l.Code, l.Printed(), again.Kind)
		}
	}
	for _, code := range []string{"B-Z-99", "4006381333931", "T-99", "T-31415", "C-4"} {
		if _, err := inventory.FindLocation(ctx, tx, s.Warehouse, parse(t, code)); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s: %v, want not found", code, err)
		}
	}
	if _, err := inventory.FindLocation(ctx, tx, s.Warehouse+1, parse(t, "T-2")); !errors.Is(err, fault.NotFound) {
		t.Errorf("a tote of another warehouse: %v", err)
	}
}

func TestLocationsFormATree(t *testing.T) {
	tx := pgtest.Tx(t)
	s := sitetest.New(t, tx)
	zone := s.Place(inventory.Location{Kind: inventory.Zone, Code: "Q"})
	aisle := s.Place(inventory.Location{Kind: inventory.Aisle, Code: "Q-01", Parent: zone})
	bin := s.Place(inventory.Location{Kind: inventory.Bin, Code: "Q-01-A", Parent: aisle})
	for _, l := range []inventory.Location{
		{Kind: inventory.Zone, Code: "Z", Parent: aisle},
		{Kind: inventory.Bin, Code: "Z-1", Parent: bin},
		{Kind: inventory.Tote, Code: "T-9", Parent: s.Supplier},
		{Kind: inventory.Bin, Code: "Q-01-A", Parent: aisle},
		{Kind: inventory.Supplier, Code: "SUPPLIER-2"},
		{Kind: inventory.Bin, Code: "Q 1"},
		{Kind: inventory.Bin, Code: "Q\x001"},
		{Kind: inventory.Bin, Code: "Q-2", Parent: 1 << 40},
	} {
		l.Warehouse = s.Warehouse
		if _, err := inventory.AddLocation(ctx, tx, l); !errors.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v, want a refusal", l, err)
		}
	}
	err := inventory.Move(ctx, tx, s.Movement(s.Item("MUG"), 1, s.Supplier, aisle))
	if !errors.Is(err, fault.Invalid) {
		t.Errorf("stock in an aisle: %v", err)
	}
}

// Below nothing is impossible for the tables themselves, except where a location's switch allows it.
func TestNegativeStockIsImpossibleExceptBySwitch(t *testing.T) {
	tx := pgtest.Tx(t)
	s := sitetest.New(t, tx)
	mug := s.Item("MUG")
	bench := s.Place(inventory.Location{Kind: inventory.Bin, Code: "BENCH", MayGoNegative: true})
	s.Move(s.Movement(mug, 2, bench, s.Totes[0]))
	if n := s.OnHand(mug, bench); n != -2 {
		t.Errorf("the bench holds %d, want -2", n)
	}
	s.Move(s.Movement(mug, 1, s.Totes[0], bench), s.Movement(mug, 2, bench, s.Totes[1]))
	if n := s.OnHand(mug, bench); n != -3 {
		t.Errorf("the bench holds %d, want -3", n)
	}
	l, err := inventory.LocationByID(ctx, tx, bench)
	if err != nil {
		t.Fatal(err)
	}
	l.MayGoNegative = false
	if err := inventory.EditLocation(ctx, tx, l); fault.FieldsOf(err).Of("may_go_negative") == "" {
		t.Errorf("the switch went off over a hole: %v", err)
	}
	s.Move(s.Movement(mug, 3, s.Found, bench))
	if err := inventory.EditLocation(ctx, tx, l); err != nil {
		t.Error(err)
	}
	if b := broken(t, tx); len(b) > 0 {
		t.Errorf("broken: %q", b)
	}
	if _, err := tx.ExecContext(ctx, `update balances set on_hand = -1 where location_id = $1`, s.Totes[0]); err == nil {
		t.Error("the table took a negative balance")
	}
}

func TestEditLocationRefusesWhatItsStockForbids(t *testing.T) {
	tx := pgtest.Tx(t)
	s := sitetest.New(t, tx)
	s.Stock(s.Item("MUG"), s.Bins[0], 1)
	l, err := inventory.LocationByID(ctx, tx, s.Bins[0])
	if err != nil {
		t.Fatal(err)
	}
	l.Active, l.Code = false, "A-01-1-B"
	bad := fault.FieldsOf(inventory.EditLocation(ctx, tx, l))
	if bad.Of("active") == "" || bad.Of("code") == "" {
		t.Errorf("refused with %v", bad)
	}
	other, err := inventory.LocationByID(ctx, tx, s.Bins[1])
	if err != nil {
		t.Fatal(err)
	}
	other.Active = false
	if err := inventory.EditLocation(ctx, tx, other); err != nil {
		t.Error(err)
	}
	if err := inventory.Move(ctx, tx, s.Movement(s.Item("CUP"), 1, s.Supplier, s.Bins[1])); !errors.Is(err, fault.Conflict) {
		t.Errorf("into a closed bin: %v", err)
	}
}

func TestRelocateCarriesTheStockAlong(t *testing.T) {
	tx := pgtest.Tx(t)
	s := sitetest.New(t, tx)
	mug := s.Item("MUG")
	s.Stock(mug, s.Totes[0], 3)
	cart := s.Place(inventory.Location{Kind: inventory.Cart, Code: "CART-3"})
	carry := inventory.Relocation{Location: s.Totes[0], To: cart, Staff: s.Staff, Scan: uuid.New(), At: sitetest.Noon}
	for range 2 { // the second time it stands there already
		if err := inventory.Relocate(ctx, tx, carry); err != nil {
			t.Fatal(err)
		}
	}
	if err := inventory.Relocate(ctx, tx, inventory.Relocation{Location: cart, To: s.Station, Staff: s.Staff, At: sitetest.Noon}); err != nil {
		t.Fatal(err)
	}
	inside, err := inventory.Inside(ctx, tx, cart)
	if err != nil || len(inside) != 1 || inside[0].ID != s.Totes[0] || s.OnHand(mug, s.Totes[0]) != 3 {
		t.Errorf("on the cart: %+v, %v", inside, err)
	}
	if n := count(t, tx, "relocations"); n != 2 {
		t.Errorf("%d relocations, want 2", n)
	}
	if n := count(t, tx, "movements"); n != 1 {
		t.Errorf("%d movements, want the receipt alone", n)
	}
	for _, r := range []inventory.Relocation{
		{Location: s.Bins[0], To: s.Station, At: sitetest.Noon}, // bins stay
		{Location: cart, To: s.Totes[0], At: sitetest.Noon},     // into what is on it
		{Location: cart, To: s.Customer, At: sitetest.Noon},
	} {
		if err := inventory.Relocate(ctx, tx, r); !errors.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v, want a refusal", r, err)
		}
	}
}
