package orders

import (
	"context"
	"time"

	"tote/internal/pg"
	"tote/inventory"
	"tote/picking"
	"tote/shipping"
)

// consignment is an order as the floor needs it: a copy, so that the floor never reads orders.
type consignment struct {
	id       ID
	number   Number
	house    inventory.WarehouseID
	shipTo   Address
	carrier  string
	service  string
	notes    string
	priority int
	complete bool
	promised time.Time
	made     time.Time // by when the workshop is done
	page     string    // the customer's
	onTerms  bool
	zone     string // of the warehouse
	leaves   string // when its carrier's truck leaves; "" = nobody said
	grams    int64
	currency string
	choice   *shipping.Choice // nil while no carriers are compared
	lines    []picking.DemandLine
	wishes   []picking.Material // the customer's, for each of his parcels
}

// TagTerms marks the demand of a customer who pays later.
const TagTerms = "terms"

// demand is what is to be picked, when it is released at that moment.
func (c consignment) demand(at time.Time) picking.Demand {
	d := picking.Demand{
		Ref: c.number.String(), Warehouse: c.house, Priority: c.priority, Due: c.promised,
		Carrier: c.carrier, Service: c.service, Notes: c.notes, ShipComplete: c.complete, Lines: c.lines, Materials: c.wishes,
	}
	if zone, err := time.LoadLocation(c.zone); err == nil {
		d.CutOff = shipping.Carrier{LeavesAt: c.leaves}.CutOff(at, zone)
	}
	d.Tags = c.tags()
	return d
}

func (c consignment) tags() []string {
	if c.onTerms {
		return []string{TagTerms}
	}
	return nil
}

// trip is what its carriers are compared for. What is made in the workshop leaves when that is done.
func (c consignment) trip(at time.Time) shipping.Trip {
	t := shipping.Trip{Ref: c.number.String(), Warehouse: c.house, Carrier: c.carrier, Service: c.service, Country: c.shipTo.Country, Postcode: c.shipTo.Postcode,
		Grams: c.grams, Currency: c.currency, Promised: c.promised, Ready: at, Tags: c.tags()}
	for _, l := range c.lines {
		if l.Lot != 0 && c.made.After(at) {
			t.Ready = c.made
		}
	}
	return t
}

// chooseCarriers decides which carrier takes each order. While nobody has set up rates or rules, orders go as they say.
func chooseCarriers(ctx context.Context, q pg.Querier, going []*consignment, at time.Time) error {
	rates, err := shipping.LoadRates(ctx, q)
	if err != nil {
		return err
	}
	for _, c := range going {
		if !rates.Compared() && c.carrier != shipping.Best {
			continue
		}
		choice, err := rates.Choose(c.trip(at))
		if err != nil {
			return err
		}
		c.choice = &choice
		if c.carrier != choice.Carrier {
			c.leaves = choice.LeavesAt
		}
		c.carrier, c.service = choice.Carrier, choice.Service
	}
	return nil
}

func (c consignment) plan() shipping.Plan {
	a := c.shipTo
	return shipping.Plan{
		Ref: c.number.String(), Warehouse: c.house, Carrier: c.carrier, Service: c.service, Notes: c.notes,
		Recipient: a.Recipient, Company: a.Company, Street: a.Street, Street2: a.Street2, City: a.City,
		Postcode: a.Postcode, Region: a.Region, Country: a.Country, Phone: a.Phone, TrackingURL: c.page, Choice: c.choice,
	}
}

// consignments reads orders with the lines that are still asked for, by number.
func consignments(ctx context.Context, q pg.Querier, ids []ID) ([]*consignment, error) {
	rows, err := q.QueryContext(ctx, `
		select o.id, o.number, o.warehouse_id, o.recipient, o.company, o.street, o.street2, o.city, o.postcode, o.region, o.country, o.phone,
		       o.carrier, o.service, o.notes, o.priority, o.ship_complete, o.promised_on, coalesce((o.dates->>'production')::timestamptz, o.promised_on),
		       rtrim((select base_url from settings), '/') || '/journey/' || o.journey_token,
		       c.on_terms, w.time_zone, coalesce(to_char(k.leaves_at, 'HH24:MI'), ''), o.currency,
		       coalesce((select sum((l.quantity - l.cancelled) * i.weight_g) from order_lines l join items i on i.id = l.item_id where l.order_id = o.id), 0)::bigint
		from orders o
		join customers c on c.id = o.customer_id
		join warehouses w on w.id = o.warehouse_id
		left join carriers k on k.code = o.carrier
		where o.id = any($1) order by o.number`, pg.Array(ids))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []*consignment
	byID := map[ID]*consignment{}
	for rows.Next() {
		c := &consignment{}
		a := &c.shipTo
		if err := rows.Scan(&c.id, &c.number, &c.house, &a.Recipient, &a.Company, &a.Street, &a.Street2, &a.City, &a.Postcode,
			&a.Region, &a.Country, &a.Phone, &c.carrier, &c.service, &c.notes, &c.priority, &c.complete, &c.promised, &c.made, &c.page,
			&c.onTerms, &c.zone, &c.leaves, &c.currency, &c.grams); err != nil {
			return nil, err
		}
		list, byID[c.id] = append(list, c), c
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if err := addWishes(ctx, q, ids, byID); err != nil {
		return nil, err
	}
	return list, addLines(ctx, q, ids, byID)
}

func addLines(ctx context.Context, q pg.Querier, ids []ID, byID map[ID]*consignment) error {
	rows, err := q.QueryContext(ctx, `
		select l.order_id, l.ref, l.line, l.item_id, l.quantity - l.cancelled, `+specification+`
		from order_lines l where l.order_id = any($1) and l.quantity > l.cancelled
		order by l.order_id, l.line`, pg.Array(ids))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id ID
		var l picking.DemandLine
		if err := rows.Scan(&id, &l.Ref, &l.Line, &l.Item, &l.Quantity, &l.Notes); err != nil {
			return err
		}
		byID[id].lines = append(byID[id].lines, l)
	}
	return rows.Err()
}
