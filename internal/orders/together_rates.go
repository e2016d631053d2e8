package orders

import (
	"context"
	"time"

	"tote/internal/pg"
	"tote/shipping"
)

// Parcels is what carriers take for orders one by one, and for all of them in one parcel, by the rate tables. Known is
// false where no table says it.
type Parcels struct {
	Singly, Together Money
	With             string // who takes them together: "DHL, standard"
	Known            bool
}

// Saved is how much less one parcel costs; below zero it costs more.
func (p Parcels) Saved() Money { return Money{p.Singly.Minor - p.Together.Minor, p.Singly.Currency} }

// parcelsOf compares sending the orders one by one with sending them together, from a moment on.
func parcelsOf(ctx context.Context, q pg.Querier, rates shipping.Rates, list []mate, at time.Time) (p Parcels, err error) {
	if len(list) < 2 || !rates.Compared() {
		return p, nil
	}
	ids := make([]ID, len(list))
	grams := map[ID]int64{}
	for i, m := range list {
		ids[i], grams[m.id] = m.id, m.grams
	}
	type stop struct {
		id ID
		shipping.Trip
	}
	trips, err := pg.Collect(func(s *stop) []any {
		return []any{&s.id, &s.Warehouse, &s.Carrier, &s.Service, &s.Country, &s.Postcode, &s.Currency, &s.Promised}
	})(q.QueryContext(ctx, `
		select id, warehouse_id, carrier, service, country, postcode, currency, promised_on from orders where id = any($1) order by number`, pg.Array(ids)))
	if err != nil || len(trips) == 0 {
		return p, err
	}
	all := trips[0].Trip
	all.Ready = at
	p.Singly.Currency, p.Together.Currency = all.Currency, all.Currency
	for _, s := range trips {
		s.Ready, s.Grams = at, grams[s.id]
		all.Grams += s.Grams
		if s.Promised.Before(all.Promised) {
			all.Promised = s.Promised
		}
		o, known := offerFor(rates, s.Trip)
		if !known {
			return Parcels{}, nil
		}
		p.Singly.Minor += o.Minor
	}
	o, known := offerFor(rates, all)
	p.Together.Minor, p.With, p.Known = o.Minor, o.String(), known
	return p, nil
}

// offerFor is what the carrier takes that a trip would go with, in its own currency.
func offerFor(rates shipping.Rates, t shipping.Trip) (o shipping.Offer, known bool) {
	choice, err := rates.Choose(t)
	if err != nil {
		return o, false
	}
	o, known = choice.Offer()
	return o, known && o.Currency == t.Currency
}
