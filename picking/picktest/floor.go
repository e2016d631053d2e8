// Package picktest puts demands on a test site's floor and scans through their lists, for tests of picking and of
// the trades behind it.
package picktest

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/labels"
	"tote/picking"
)

// Floor is a site at work, seen through one transaction.
type Floor struct {
	*sitetest.Site
	T  testing.TB
	Tx *sql.Tx
}

// New builds a floor in the transaction.
func New(t testing.TB, tx *sql.Tx) *Floor { return &Floor{sitetest.New(t, tx), t, tx} }

// In is the same floor seen through another transaction.
func (f *Floor) In(tx *sql.Tx) *Floor { return &Floor{f.Site.In(tx), f.T, tx} }

// Line asks for so much of an item.
type Line struct {
	Item     inventory.ItemID
	Quantity int64
}

// Of is a line that asks for so much of an item.
func Of(quantity int64, item inventory.ItemID) Line { return Line{item, quantity} }

// Demand is an ordinary ship-complete demand; its lines are ref.1, ref.2 …
func (f *Floor) Demand(ref string, lines ...Line) picking.Demand {
	d := picking.Demand{Ref: ref, Warehouse: f.Warehouse, Due: sitetest.Noon.Add(24 * time.Hour), ShipComplete: true, Carrier: "own", Service: "standard"}
	for i, l := range lines {
		d.Lines = append(d.Lines, picking.DemandLine{Ref: fmt.Sprintf("%s.%d", ref, i+1), Line: i + 1, Item: l.Item, Quantity: l.Quantity})
	}
	return d
}

// Ask asks for a demand.
func (f *Floor) Ask(d picking.Demand) {
	f.T.Helper()
	f.must(picking.Ask(context.Background(), f.Tx, d, sitetest.Noon))
}

// Begin asks for a demand, and for work, until Ada has its list.
func (f *Floor) Begin(ref string, lines ...Line) picking.ListID {
	f.T.Helper()
	f.Ask(f.Demand(ref, lines...))
	return f.Work(f.Staff)
}

// Work asks for work.
func (f *Floor) Work(who staff.ID) picking.ListID {
	f.T.Helper()
	list, err := picking.NextWork(context.Background(), f.Tx, f.Warehouse, who, sitetest.Noon)
	f.must(err)
	return list
}

// By is a scan of a code by somebody, with a key of its own.
func By(who staff.ID, code string) scan.Scan {
	return scan.Scan{Key: uuid.New(), Code: code, Staff: who, At: sitetest.Noon}
}

// Scan scans codes one after the other as Ada; it returns the last answer.
func (f *Floor) Scan(list picking.ListID, codes ...string) (step scan.Step) {
	f.T.Helper()
	for _, code := range codes {
		var err error
		step, err = picking.Take(context.Background(), f.Tx, list, By(f.Staff, code))
		f.must(err)
	}
	return step
}

// PickAll picks a list into a tote as its screens say, by the items' SKUs, and returns the last answer.
func (f *Floor) PickAll(list picking.ListID, tote string) scan.Step {
	f.T.Helper()
	step := f.Scan(list, tote)
	for !step.Finished {
		if step.Result == scan.Wrong || step.Target == "" {
			f.T.Fatalf("picking %s is stuck: %+v", list, step)
		}
		step = f.Scan(list, labels.LocationCode(step.Target).String(), f.next(list))
	}
	return step
}

// next is the SKU of the item the list wants now.
func (f *Floor) next(list picking.ListID) (sku string) {
	f.T.Helper()
	f.must(f.Tx.QueryRow(`
		select i.sku from pick_tasks t join items i on i.id = t.item_id
		where t.list_id = $1 and t.state = 'open' order by t.sequence, t.id limit 1`, list).Scan(&sku))
	return sku
}

// Hire adds a member of staff to the site.
func (f *Floor) Hire(name string) (id staff.ID) {
	f.T.Helper()
	f.must(f.Tx.QueryRow(`
		insert into staff (name, badge, pin_hash, roles, warehouse_id)
		values ($1, $2, 'x', '{picker,packer}', $3)
		returning id`, name, staff.NewBadge(), f.Warehouse).Scan(&id))
	return id
}

// State is the state of a demand.
func (f *Floor) State(ref string) (state picking.State) {
	f.T.Helper()
	f.must(f.Tx.QueryRow(`select state from demands where ref = $1`, ref).Scan(&state))
	return state
}

func (f *Floor) must(err error) {
	f.T.Helper()
	if err != nil {
		f.T.Fatal(err)
	}
}

// PickCart puts totes on the cart of a list and picks all of it as its screens say; it returns the last answer.
func (f *Floor) PickCart(list picking.ListID, totes ...string) scan.Step {
	f.T.Helper()
	step := f.Scan(list, totes...)
	if len(totes) == 0 {
		var err error
		step, err = picking.Show(context.Background(), f.Tx, list, f.Staff)
		f.must(err)
	}
	for !step.Finished {
		if step.Result == scan.Wrong || step.Target == "" {
			f.T.Fatalf("picking %s is stuck: %+v", list, step)
		}
		switch {
		case step.Expect[0] == string(labels.KindTote):
			step = f.Scan(list, step.Target)
		case step.Here:
			step = f.Scan(list, f.next(list))
		default:
			step = f.Scan(list, labels.LocationCode(step.Target).String())
		}
	}
	return step
}
