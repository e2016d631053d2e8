package inventory_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
)

func noPlans(context.Context, pg.Querier, inventory.LocationID) ([]inventory.Planned, error) {
	return nil, nil
}

func TestARangeOfBinsIsAddedAtOnce(t *testing.T) {
	d := newDesk(t)
	aisle := d.Place(inventory.Location{Kind: inventory.Aisle, Code: "Q"})
	r := inventory.Range{Prefix: "q-", From: 1, To: 20, Levels: 4, Bins: 3, BayMM: 2000, BinMM: 600, LevelMM: 1500,
		First: inventory.Location{Parent: aisle, Use: inventory.Overstock, BinClass: inventory.Small, XMM: 7000}}
	bins, err := r.Preview(ctx, d.tx, d.Warehouse)
	if err != nil || len(bins) != 240 || bins[0].Code != "Q-01-1-A" || bins[239].Code != "Q-20-4-C" {
		t.Fatalf("%d bins, %v", len(bins), err)
	}
	if last := bins[239]; last.XMM != 7000 || last.YMM != 19*2000+2*600 || last.ZMM != 4500 || last.Use != inventory.Overstock {
		t.Errorf("the last is %+v", last)
	}
	if n, _, err := inventory.AddRange(ctx, d.tx, d.Warehouse, r, d.Staff); err != nil || n != 240 {
		t.Fatalf("%d, %v", n, err)
	}
	under, err := inventory.Bins(ctx, d.tx, d.Warehouse, aisle, 1000)
	if err != nil || len(under) != 240 {
		t.Errorf("%d bins below the aisle, %v", len(under), err)
	}
	var bad fault.Fields
	if _, err := r.Preview(ctx, d.tx, d.Warehouse); !errors.As(err, &bad) || !strings.Contains(bad.Of("prefix"), "240 of these bins are there already") {
		t.Errorf("again: %v", err)
	}
	r.From, r.To = 21, 22 // the aisle grows
	if n, _, err := inventory.AddRange(ctx, d.tx, d.Warehouse, r, d.Staff); err != nil || n != 24 {
		t.Errorf("%d more, %v", n, err)
	}
	for field, r := range map[string]inventory.Range{
		"to": {Prefix: "R-", From: 5, To: 4, Levels: 1, Bins: 1}, "levels": {Prefix: "R-", From: 1, To: 1, Bins: 1},
		"bins": {Prefix: "R-", From: 1, To: 1, Levels: 1, Bins: 27}, "code": {Prefix: "ü", From: 1, To: 1, Levels: 1, Bins: 1},
	} {
		bad = nil
		if _, err := r.Preview(ctx, d.tx, d.Warehouse); !errors.As(err, &bad) || bad.Of(field) == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	if names := broken(t, d.tx); len(names) > 0 {
		t.Errorf("broken: %v", names)
	}
}

// TestARangeHangsInItsAisle: zone, aisle, bay, level, bin; the aisle is made once, and is the one that is there.
func TestARangeHangsInItsAisle(t *testing.T) {
	d := newDesk(t)
	zone := d.Place(inventory.Location{Kind: inventory.Zone, Code: "NORTH"})
	other := d.Place(inventory.Location{Kind: inventory.Zone, Code: "SOUTH"})
	add := func(parent inventory.LocationID, from int64) (inventory.LocationID, error) {
		_, in, err := inventory.AddRange(ctx, d.tx, d.Warehouse, inventory.Range{Prefix: "n-", From: from, To: from, Levels: 1, Bins: 2,
			First: inventory.Location{Parent: parent, Use: inventory.Pickable, BinClass: inventory.Shelf}}, d.Staff)
		return in, err
	}
	aisle, err := add(zone, 1)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := add(zone, 2); err != nil || again != aisle {
		t.Errorf("the aisle grows in %d, %v; it is %d", again, err, aisle)
	}
	if again, err := add(0, 3); err != nil || again != aisle {
		t.Errorf("without a parent it grows in %d, %v; it is %d", again, err, aisle)
	}
	var bad fault.Fields
	if _, err := add(other, 4); !errors.As(err, &bad) || !strings.Contains(bad.Of("parent"), "Aisle N stands somewhere else") {
		t.Errorf("in another zone: %v", err)
	}
	if under, err := inventory.Bins(ctx, d.tx, d.Warehouse, aisle, 100); err != nil || len(under) != 6 {
		t.Errorf("%d bins below the aisle, %v", len(under), err)
	}
	var way string
	if err := d.tx.QueryRowContext(ctx, `
		with recursive up as (select id, parent_id, kind, 0 as n from locations where warehouse_id = $1 and code = 'N-01-1-A'
		    union all select l.id, l.parent_id, l.kind, n + 1 from up join locations l on l.id = up.parent_id)
		select string_agg(kind, ' < ' order by n) from up`, d.Warehouse).Scan(&way); err != nil || way != "bin < level < bay < aisle < zone" {
		t.Errorf("a bin hangs in %s, %v", way, err)
	}
}

func TestWhatHasStockOrWorkIsNotRetired(t *testing.T) {
	retire := func(d *desk, plans inventory.Plans) error {
		_, err := inventory.ChangeRange(ctx, d.tx, d.Warehouse, inventory.RangeChange{Under: d.Bins[0], Active: "no"}, plans, d.Staff)
		return err
	}
	for name, c := range map[string]struct {
		says string
		do   func(*desk)
	}{
		"stock":     {"still holds stock", func(d *desk) { d.Stock(d.mug, d.Bins[0], 1) }},
		"container": {"places in use inside", func(d *desk) { d.exec(`update locations set parent_id = $1 where id = $2`, d.Bins[0], d.Totes[0]) }},
		"home":      {"home of an item", func(d *desk) { d.home(d.mug, d.Bins[0]) }},
		"count": {"waits to be counted", func(d *desk) {
			d.exec(`insert into count_tasks (warehouse_id, location_id, reason, asked_at, again_at) values ($1, $2, 'asked', now(), now())`, d.Warehouse, d.Bins[0])
		}},
		"putaway": {"on their way", func(d *desk) {
			d.arrive(d.mug, 1)
			d.exec(`update putaway_tasks set suggested_id = $1, suggested = 1 where warehouse_id = $2`, d.Bins[0], d.Warehouse)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			c.do(d)
			if err := retire(d, noPlans); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v", err)
			}
		})
	}
	d := newDesk(t)
	planned := func(context.Context, pg.Querier, inventory.LocationID) ([]inventory.Planned, error) {
		return []inventory.Planned{{List: "P-7"}}, nil
	}
	if err := retire(d, planned); err == nil || !strings.Contains(err.Error(), "P-7 leads to A-01-1-A") {
		t.Errorf("a pick list: %v", err)
	}
	if err := retire(d, noPlans); err != nil {
		t.Errorf("an idle bin: %v", err)
	}
	if l, err := inventory.LocationByID(ctx, d.tx, d.Bins[0]); err != nil || l.Active {
		t.Errorf("%+v, %v", l, err)
	}
}

func TestTheFloorKnowsHowFullItsBinsAre(t *testing.T) {
	d := newDesk(t)
	d.limit(inventory.Limits{Pieces: 10}, d.Bins[0])
	d.Stock(d.mug, d.Bins[0], 4)
	d.exec(`update locations set parent_id = $1 where id = $2`, d.Bins[0], d.Totes[0])
	d.Stock(d.mug, d.Totes[0], 1)
	all, err := inventory.Floor(ctx, d.tx, d.Warehouse, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range all {
		want := 0.0
		if b.ID == d.Bins[0] {
			want = 0.5
		}
		if b.Fullness != want {
			t.Errorf("%s is %g full, want %g", b.Code, b.Fullness, want)
		}
	}
	if len(all) != 7 { // all but those that stand nowhere: at the origin and the place for what is held
		t.Errorf("%d bins", len(all))
	}
}
