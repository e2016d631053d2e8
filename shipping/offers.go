package shipping

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
)

// Best is how an order names no carrier: whatever is cheapest of those that keep its promise. Its service is Cheapest.
const (
	Best     = "best"
	Cheapest = "cheapest"
)

// Trip is a shipment as its carriers are compared for it.
type Trip struct {
	Ref              string                `json:"-"`
	Warehouse        inventory.WarehouseID `json:"-"`
	Carrier, Service string                // as the order asks; Best and Cheapest when it names none
	Country          string
	Postcode         string
	Grams            int64
	Currency         string
	Promised         time.Time // a day
	Ready            time.Time // from when on it can leave
	Tags             []string
}

// Offer is what one service of a carrier takes for a trip.
type Offer struct {
	Carrier, Name, Service string
	Minor                  int64 // of all its parcels
	Currency               string
	Parcels                int64
	Arrives                time.Time // a day
	InTime                 bool      // it keeps the promise
	Asked                  bool      // the carrier's system said so; else its rate table
}

// Rates are the carriers in use with their rate tables and rules, read once to compare many trips.
type Rates struct {
	carriers []Carrier
	tables   map[string][]Bracket
	rules    []Rule
	zones    map[inventory.WarehouseID]*time.Location
}

// LoadRates reads them.
func LoadRates(ctx context.Context, q pg.Querier) (r Rates, err error) {
	defer fault.Wrap(&err, "shipping.LoadRates()")
	if r.carriers, err = list(ctx, q, (*Carrier).fields, `select `+carrierColumns+` from carriers where active order by adapter <> 'own', name`); err != nil {
		return r, err
	}
	table, err := list(ctx, q, (*Bracket).fields, brackets)
	if err != nil {
		return r, err
	}
	r.tables = map[string][]Bracket{}
	for _, b := range table {
		r.tables[b.Carrier] = append(r.tables[b.Carrier], b)
	}
	if r.rules, err = Rules(ctx, q); err != nil {
		return r, err
	}
	return r, r.loadZones(ctx, q)
}

func (r *Rates) loadZones(ctx context.Context, q pg.Querier) error {
	type house struct {
		id   inventory.WarehouseID
		zone string
	}
	houses, err := list(ctx, q, func(h *house) []any { return []any{&h.id, &h.zone} }, `select id, time_zone from warehouses`)
	r.zones = map[inventory.WarehouseID]*time.Location{}
	for _, h := range houses {
		if r.zones[h.id], err = time.LoadLocation(h.zone); err != nil {
			return err
		}
	}
	return err
}

// sold reports whether a carrier in use is asked for its rates.
func (r Rates) sold() bool {
	return slices.ContainsFunc(r.carriers, func(c Carrier) bool { return c.Way().Remote })
}

// Offers are what the services with a rate table take for a trip: those in time first, the cheapest first.
func (r Rates) Offers(t Trip) (all []Offer) {
	for _, c := range r.carriers {
		all = append(all, r.heard(c, r.quote(c, t.consignment()), t, false)...)
	}
	return sorted(all)
}

// consignment is a trip as a parcel that is asked about.
func (t Trip) consignment() Consignment {
	return Consignment{Reference: t.Ref, To: Address{Country: t.Country, Postcode: t.Postcode}, Grams: t.Grams, Currency: t.Currency}
}

// quote is what a carrier takes by its rate table.
func (r Rates) quote(c Carrier, parcel Consignment) (q Quote) {
	q.Reference = parcel.Reference
	for _, service := range c.Services {
		if b, parcels, ok := price(r.tables[c.Code], service, parcel); ok {
			q.Rates = append(q.Rates, Rate{Carrier: c.named(), Service: service, Minor: b.Minor * parcels, Currency: b.Currency, Days: b.onTheRoad(), Parcels: parcels})
		}
	}
	return q
}

// named is how the system of a carrier calls it.
func (c Carrier) named() string { return cmp.Or(c.Theirs, c.Code) }

// heard are the offers of a quote for a carrier. asked says that it was told so just now, rather than read from its table.
func (r Rates) heard(c Carrier, q Quote, t Trip, asked bool) (all []Offer) {
	for _, service := range c.Services {
		i := slices.IndexFunc(q.Rates, func(x Rate) bool { return x.offers(c.named(), service) })
		if i < 0 {
			continue
		}
		x := q.Rates[i]
		o := Offer{Carrier: c.Code, Name: c.Name, Service: service, Minor: x.Minor, Currency: x.Currency, Parcels: max(x.Parcels, 1), Asked: asked}
		all = append(all, r.dated(o, c, t, x.Days))
	}
	return all
}

// dated says when an offer arrives: its truck leaves at the next cut-off, and is so many working days on the road; where
// nothing is said they are the carrier's usual.
func (r Rates) dated(o Offer, c Carrier, t Trip, days int) Offer {
	zone := r.zones[t.Warehouse]
	if zone == nil {
		zone = time.UTC
	}
	leaves := t.Ready.In(zone)
	if cut := c.CutOff(t.Ready, zone); cut != nil {
		leaves = *cut
	}
	if days == 0 {
		days = c.days(o.Service)
	}
	o.Arrives = workingDays(leaves, max(days, 0))
	promised := workingDays(t.Promised.In(zone), 0)
	o.InTime = !o.Arrives.After(promised)
	return o
}

func sorted(all []Offer) []Offer {
	slices.SortStableFunc(all, func(a, b Offer) int {
		if a.InTime != b.InTime {
			if a.InTime {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.Minor, b.Minor), a.Arrives.Compare(b.Arrives))
	})
	return all
}

// Compared reports that there is something to decide by.
func (r Rates) Compared() bool { return len(r.tables) > 0 || len(r.rules) > 0 || r.sold() }

// find is the carrier in use with that code that has the service.
func (r Rates) find(code, service string) (Carrier, bool) {
	i := slices.IndexFunc(r.carriers, func(c Carrier) bool { return c.Code == code && slices.Contains(c.Services, service) })
	if i < 0 {
		return Carrier{}, false
	}
	return r.carriers[i], true
}

// Choice is which carrier takes a trip, and why.
type Choice struct {
	Carrier, Service string
	LeavesAt         string // when its truck leaves, as Carrier.LeavesAt
	How              string // ordered, rule, cheapest or person
	Why              string // in words
	Trip             Trip
	Offers           []Offer
	Ask              bool     // systems of carriers in use are to be asked too
	By               staff.ID // who chose by hand
	At               time.Time
}

// Offer is what the chosen service takes; ok is false when nobody knows.
func (c Choice) Offer() (o Offer, ok bool) {
	i := slices.IndexFunc(c.Offers, func(o Offer) bool { return o.Carrier == c.Carrier && o.Service == c.Service })
	if i < 0 {
		return o, false
	}
	return c.Offers[i], true
}

// Choose decides which carrier takes a trip: by the first rule that fits it, else as the order asks, else the cheapest of
// those that keep the promise. More offers may be given than the rate tables know.
func (r Rates) Choose(t Trip, more ...Offer) (c Choice, err error) {
	c = Choice{Trip: t, Offers: r.Offers(t), Ask: r.sold()}
	for _, o := range more {
		if !slices.ContainsFunc(c.Offers, func(x Offer) bool { return x.Carrier == o.Carrier && x.Service == o.Service }) {
			c.Offers = append(c.Offers, o)
		}
	}
	c.Offers = sorted(c.Offers)
	for i, rule := range r.rules {
		if !rule.fits(t) {
			continue
		}
		if done := r.byRule(&c, rule, fmt.Sprintf("Rule %d, %s", i+1, rule.When())); done {
			return c, nil
		}
	}
	if t.Carrier != Best {
		r.take(&c, t.Carrier, t.Service, "ordered", "As ordered.")
		return c, nil
	}
	return c, r.cheapest(&c, "")
}

// byRule does what a rule says; one that cannot be followed is passed over.
func (r Rates) byRule(c *Choice, rule Rule, why string) (done bool) {
	switch rule.Does {
	case "carrier":
		if _, done = r.find(rule.Carrier, rule.Service); done {
			r.take(c, rule.Carrier, rule.Service, "rule", why+".")
		}
	case "ordered":
		if done = c.Trip.Carrier != Best; done {
			r.take(c, c.Trip.Carrier, c.Trip.Service, "ordered", why+": as ordered.")
		}
	case "cheapest":
		done = len(comparable(c.Offers, c.Trip.Currency)) > 0 && r.cheapest(c, why+": ") == nil
	}
	return done
}

func (r Rates) take(c *Choice, carrier, service, how, why string) {
	found, _ := r.find(carrier, service)
	c.Carrier, c.Service, c.LeavesAt, c.How, c.Why = carrier, service, found.LeavesAt, how, why
}

// comparable are the offers in a currency.
func comparable(offers []Offer, currency string) (some []Offer) {
	for _, o := range offers {
		if o.Currency == currency {
			some = append(some, o)
		}
	}
	return some
}

// cheapest takes the cheapest of the offers that keep the promise; if none does, the one that is there first.
func (r Rates) cheapest(c *Choice, why string) error {
	some := comparable(c.Offers, c.Trip.Currency)
	day := func(t time.Time) string { return t.Format("2 January") }
	switch {
	case len(some) == 0 && len(r.carriers) == 0:
		return fault.New(fault.Conflict, "No carrier is in use. Add one in the set-up, or name one in the order.")
	case len(some) == 0:
		first := r.carriers[0]
		r.take(c, first.Code, first.Services[0], "cheapest", "No rate is known for this parcel: the first carrier in use takes it.")
	case some[0].InTime:
		o := some[0]
		r.take(c, o.Carrier, o.Service, "cheapest", fmt.Sprintf("%sthe cheapest that is there in time, on %s.", why, day(o.Arrives)))
	default:
		o := slices.MinFunc(some, func(a, b Offer) int { return cmp.Or(a.Arrives.Compare(b.Arrives), cmp.Compare(a.Minor, b.Minor)) })
		r.take(c, o.Carrier, o.Service, "cheapest", fmt.Sprintf("%snone keeps the promise; this one is there first, on %s.", why, day(o.Arrives)))
	}
	return nil
}
