package shipping

import (
	"context"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
)

// Problem is a trouble as the queue shows it.
type Problem struct {
	ID        TroubleID
	Shipment  ID
	Warehouse inventory.WarehouseID
	What      Trouble
	Note      string
	Since     time.Time
	State     State
	Adapter   string
	Carrier   string
	Recipient string
	Phone     string
	Orders    []string
	Acts      []Act
}

// Act is what somebody did about a trouble.
type Act struct {
	Trouble TroubleID
	What    string
	Note    string
	By      string
	At      time.Time
}

// Queue is what to find of troubles that nobody settled.
type Queue struct {
	Warehouse inventory.WarehouseID
	What      Trouble   // "" is all
	Shipment  ID        // 0 is all
	Trouble   TroubleID // 0 is all
	Limit     int
}

// Problems lists troubles that nobody settled, oldest first.
func Problems(ctx context.Context, q pg.Querier, f Queue) (all []Problem, err error) {
	defer fault.Wrap(&err, "shipping.Problems(%d)", f.Warehouse)
	all, err = list(ctx, q, func(p *Problem) []any {
		return []any{&p.ID, &p.Shipment, &p.Warehouse, &p.What, &p.Note, &p.Since, &p.State, &p.Adapter, &p.Carrier, &p.Recipient, &p.Phone, pg.Array(&p.Orders)}
	}, `
		select t.id, s.id, s.warehouse_id, t.what, t.note, t.since, `+StateNow+`, c.adapter, coalesce(nullif(s.carrier_name, ''), c.name), s.recipient, s.phone,
		       array(select so.ref from shipment_orders so where so.shipment_id = s.id order by so.ref)
		from troubles t join shipments s on s.id = t.shipment_id join carriers c on c.code = s.carrier
		where s.warehouse_id = $1 and t.settled_at is null and ($2 = '' or t.what = $2) and ($3::bigint = 0 or s.id = $3) and ($4::bigint = 0 or t.id = $4)
		order by t.since, t.id limit $5`, f.Warehouse, string(f.What), f.Shipment, f.Trouble, f.Limit)
	if err != nil {
		return nil, err
	}
	acts, err := list(ctx, q, func(a *Act) []any { return []any{&a.Trouble, &a.What, &a.Note, &a.By, &a.At} }, `
		select a.trouble_id, a.what, a.note, s.name, a.at from trouble_acts a join staff s on s.id = a.staff_id
		where a.trouble_id = any($1) order by a.at desc, a.id desc`, pg.Column(all, func(p Problem) TroubleID { return p.ID }))
	for _, a := range acts {
		for i := range all {
			if all[i].ID == a.Trouble {
				all[i].Acts = append(all[i].Acts, a)
			}
		}
	}
	return all, err
}

// CountTroubles says how many of each a warehouse has.
func CountTroubles(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (_ map[Trouble]int64, err error) {
	defer fault.Wrap(&err, "shipping.CountTroubles(%d)", warehouse)
	type count struct {
		what Trouble
		n    int64
	}
	all, err := list(ctx, q, func(c *count) []any { return []any{&c.what, &c.n} }, `
		select t.what, count(*) from troubles t join shipments s on s.id = t.shipment_id
		where s.warehouse_id = $1 and t.settled_at is null group by t.what`, warehouse)
	counts := map[Trouble]int64{}
	for _, c := range all {
		counts[c.what] = c.n
	}
	return counts, err
}
