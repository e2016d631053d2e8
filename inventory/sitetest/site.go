// Package sitetest builds a small warehouse for tests: two aisles of bins, a dock, a station, totes, items on demand.
package sitetest

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// Noon is when everything in a test site happens unless it says otherwise.
var Noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// Site is the warehouse and what stands in it.
type Site struct {
	Warehouse inventory.WarehouseID
	Staff     staff.ID
	// Bins are A-01-1-A, A-01-1-B, A-02-1-A … four to the aisle, with coordinates; Totes T-1 to T-4.
	Bins, Totes                                      []inventory.LocationID
	Dock, Station, Hold                              inventory.LocationID
	Supplier, Customer, Scrap, Lost, Found, Returned inventory.LocationID
	t                                                testing.TB
	tx                                               *sql.Tx
}

// New builds a site in the transaction.
func New(t testing.TB, tx *sql.Tx) *Site {
	t.Helper()
	s := &Site{t: t, tx: tx}
	ctx := context.Background()
	var err error
	s.Warehouse, err = inventory.AddWarehouse(ctx, tx, inventory.Warehouse{
		Code: code(), Name: "Test house", TimeZone: "Europe/London", GS1Prefix: "9521234",
		Company: "Tote Ltd", Street: "1 Quay Street", City: "Leeds", Postcode: "LS1 4AB", Country: "GB",
	})
	s.must(err)
	s.must(tx.QueryRowContext(ctx, `
		insert into staff (name, badge, pin_hash, roles, warehouse_id) values ('Ada', 'S-' || $1, 'x', '{admin}', $2) returning id`,
		badge(), s.Warehouse).Scan(&s.Staff))
	for i := range 8 {
		aisle, bay, slot := i/4, i%4/2, i%2
		s.Bins = append(s.Bins, s.Place(inventory.Location{Kind: inventory.Bin,
			Code: fmt.Sprintf("%c-%02d-1-%c", 'A'+aisle, bay+1, 'A'+slot),
			XMM:  int64(aisle) * 3000, YMM: int64(bay)*2000 + int64(slot)*500}))
	}
	for i := range 4 {
		s.Totes = append(s.Totes, s.Place(inventory.Location{Kind: inventory.Tote, Code: fmt.Sprintf("T-%d", i+1)}))
	}
	s.Dock = s.Place(inventory.Location{Kind: inventory.Dock, Code: "D-1"})
	s.Station = s.Place(inventory.Location{Kind: inventory.Station, Code: "PACK-1"})
	s.Hold = s.Place(inventory.Location{Kind: inventory.Bin, Code: "H-01", Use: inventory.Hold})
	for kind, id := range map[inventory.Kind]*inventory.LocationID{
		inventory.Supplier: &s.Supplier, inventory.Customer: &s.Customer, inventory.Scrap: &s.Scrap,
		inventory.Lost: &s.Lost, inventory.Found: &s.Found, inventory.Returns: &s.Returned,
	} {
		*id, err = inventory.Standing(ctx, tx, s.Warehouse, kind)
		s.must(err)
	}
	return s
}

// Committed builds a site in a database of the test's own and commits it, for tests of races.
func Committed(t testing.TB, db *sql.DB, fill func(*Site)) *Site {
	t.Helper()
	var s *Site
	err := pg.InTx(context.Background(), db, func(tx *sql.Tx) error {
		s = New(t, tx)
		if fill != nil {
			fill(s)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s.tx = nil
	return s
}

// Tx is the transaction the site is built in.
func (s *Site) Tx() *sql.Tx { return s.tx }

// In is the same site seen through another transaction.
func (s *Site) In(tx *sql.Tx) *Site {
	other := *s
	other.tx = tx
	return &other
}

// Place adds a location.
func (s *Site) Place(l inventory.Location) inventory.LocationID {
	s.t.Helper()
	l.Warehouse = s.Warehouse
	id, err := inventory.AddLocation(context.Background(), s.tx, l)
	s.must(err)
	return id
}

// Item adds an item of 100×80×60 mm and 250 g with the barcodes given; the SKU becomes unique by a suffix.
func (s *Site) Item(sku string, barcodes ...string) inventory.ItemID {
	s.t.Helper()
	ctx := context.Background()
	id, err := inventory.AddItem(ctx, s.tx, inventory.Item{SKU: sku + "-" + code(), Name: "Test " + sku, LengthMM: 100, WidthMM: 80, HeightMM: 60, WeightG: 250})
	s.must(err)
	for _, b := range barcodes {
		s.must(inventory.AddBarcode(ctx, s.tx, inventory.Barcode{Code: b, Item: id, Quantity: 1}))
	}
	return id
}

// Stock receives so much of an item into a place.
func (s *Site) Stock(item inventory.ItemID, at inventory.LocationID, quantity int64) {
	s.t.Helper()
	m := s.Movement(item, quantity, s.Supplier, at)
	m.Reason, m.Ref = inventory.ReasonReceive, "PO-1"
	s.Move(m)
}

// Movement is a movement of Ada's at noon, by a scan of its own; reason transfer, document TEST-1.
func (s *Site) Movement(item inventory.ItemID, quantity int64, from, to inventory.LocationID) inventory.Movement {
	return inventory.Movement{Warehouse: s.Warehouse, Item: item, Quantity: quantity, From: from, To: to,
		Reason: inventory.ReasonTransfer, Ref: "TEST-1", Staff: s.Staff, Scan: uuid.New(), At: Noon}
}

// Move moves, and fails the test if that is refused.
func (s *Site) Move(m ...inventory.Movement) {
	s.t.Helper()
	s.must(inventory.Move(context.Background(), s.tx, m...))
}

// OnHand is how much of an item is in a place.
func (s *Site) OnHand(item inventory.ItemID, at inventory.LocationID) int64 {
	s.t.Helper()
	n, err := inventory.OnHand(context.Background(), s.tx, item, at)
	s.must(err)
	return n
}

func (s *Site) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// code is eight capital letters that no other test has.
func code() string { return letters(8) }

func badge() string { return letters(10) }

func letters(n int) string {
	id := uuid.New()
	out := make([]byte, n)
	for i := range out {
		out[i] = 'A' + id[i]%26
	}
	return string(out)
}
