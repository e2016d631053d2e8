package orders

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/shipping"
)

// Company is with whom an order travels, and with whom it could.
type Company struct {
	With   []Number // that travel with it
	Could  []Number // that go the same way and could
	Saving Money    // less shipping that they are charged when they travel together
}

// CompanyOf reads with whom an order travels and could travel.
func CompanyOf(ctx context.Context, q pg.Querier, n Number) (c Company, err error) {
	defer fault.Wrap(&err, "orders.CompanyOf(%s)", n)
	list, own, err := sameWay(ctx, q, n)
	if err != nil || own.number == 0 {
		return c, err
	}
	return companyOf(ctx, q, own, list)
}

// sameWay reads the order, and the orders of its customer that go the same way, itself among them.
func sameWay(ctx context.Context, q pg.Querier, n Number) (list []mate, own mate, err error) {
	all, err := mates(ctx, q, `o.cancelled_at is null and o.stage not in ('shipped', 'delivered') and o.customer_id = (select customer_id from orders where number = $1)`, n)
	for _, m := range all {
		if m.number == n {
			own = m
		}
	}
	for _, m := range all {
		if m.trip == own.trip {
			list = append(list, m)
		}
	}
	return list, own, err
}

func companyOf(ctx context.Context, q pg.Querier, own mate, list []mate) (c Company, err error) {
	settings, err := LoadSettings(ctx, q)
	if err != nil {
		return c, err
	}
	c.Saving.Currency = own.total.Currency
	var together []mate
	for _, m := range list {
		mates := own.group != 0 && m.group == own.group
		switch {
		case m.number == own.number:
		case mates:
			c.With = append(c.With, m.number)
		case own.travels() && m.travels() && m.total.Currency == own.total.Currency:
			c.Could = append(c.Could, m.number)
		default:
			continue
		}
		together = append(together, m)
	}
	if len(c.Could) > 0 {
		c.Saving.Minor = settings.saving(together)
	}
	return c, nil
}

// saving is how much less the orders are charged for shipping when they travel together: what is agreed stays.
func (s Settings) saving(list []mate) (less int64) {
	for i, share := range s.shares(list, 0) {
		less += list[i].shipping - share
	}
	return max(0, less)
}

// Set is orders of one customer that could travel together.
type Set struct {
	Customer CustomerID
	Name     string
	Orders   []SetOrder
	ShipTo   string // in words
	Saving   Money  // less shipping that they are charged
	Parcels  Parcels
}

// SetOrder is one of a Set.
type SetOrder struct {
	Number   Number
	Stage    Stage
	Promised time.Time
}

// Numbers are those of the orders.
func (s Set) Numbers() []Number {
	list := make([]Number, len(s.Orders))
	for i, o := range s.Orders {
		list[i] = o.Number
	}
	return list
}

// Combinable lists the orders that could travel together and do not, the oldest first.
func Combinable(ctx context.Context, q pg.Querier, at time.Time) (sets []Set, err error) {
	defer fault.Wrap(&err, "orders.Combinable")
	settings, err := LoadSettings(ctx, q)
	if err != nil {
		return nil, err
	}
	rates, err := shipping.LoadRates(ctx, q)
	if err != nil {
		return nil, err
	}
	list, err := mates(ctx, q, `o.cancelled_at is null and o.stage not in ('shipped', 'delivered') and o.customer_id in (
		select customer_id from orders where cancelled_at is null and stage not in ('shipped', 'delivered') group by customer_id having count(*) > 1)`)
	if err != nil {
		return nil, err
	}
	byWay, ways := map[string][]mate{}, []string{}
	for _, m := range list {
		if !m.travels() {
			continue
		}
		way := fmt.Sprint(m.customer, m.total.Currency, m.trip)
		if len(byWay[way]) == 0 {
			ways = append(ways, way)
		}
		byWay[way] = append(byWay[way], m)
	}
	for _, way := range ways {
		group := byWay[way]
		apart := false
		for _, m := range group {
			apart = apart || m.group == 0 || m.group != group[0].group
		}
		if len(group) > 1 && apart {
			set, err := setOf(ctx, q, group, settings)
			if err != nil {
				return nil, err
			}
			if set.Parcels, err = parcelsOf(ctx, q, rates, group, at); err != nil {
				return nil, err
			}
			sets = append(sets, set)
		}
	}
	return sets, nil
}

func setOf(ctx context.Context, q pg.Querier, list []mate, settings Settings) (s Set, err error) {
	s = Set{Customer: list[0].customer, Saving: Money{settings.saving(list), list[0].total.Currency}}
	for _, m := range list {
		s.Orders = append(s.Orders, SetOrder{m.number, m.stage, m.promised})
	}
	err = q.QueryRowContext(ctx, `
		select c.name, concat_ws(', ', o.recipient, o.street, o.postcode || ' ' || o.city, o.country) from orders o join customers c on c.id = o.customer_id
		where o.id = $1`, list[0].id).Scan(&s.Name, &s.ShipTo)
	return s, err
}

// mayCombine is which orders the customer of a link may put together by himself: those whose letters go to the same
// address as this one's, and for which nothing is paid yet.
func mayCombine(list []mate, own mate) (some []mate) {
	for _, m := range list {
		if m.travels() && !m.agreed() && m.email == own.email && m.total.Currency == own.total.Currency {
			some = append(some, m)
		}
	}
	return some
}

// CompanyByToken is CompanyOf for the customer of a link: what he may do by himself.
func CompanyByToken(ctx context.Context, q pg.Querier, token string) (c Company, err error) {
	defer fault.Wrap(&err, "orders.CompanyByToken")
	v, err := byToken(ctx, q, token)
	if err != nil {
		return c, err
	}
	list, own, err := sameWay(ctx, q, v.Number)
	if err != nil || own.number == 0 {
		return c, err
	}
	if own.agreed() {
		c, err = companyOf(ctx, q, own, list)
		c.Could, c.Saving.Minor = nil, 0
		return c, err
	}
	return companyOf(ctx, q, own, mayCombine(list, own))
}

// CombineByToken puts together what the customer of a link may, and makes the page where he pays it all at once.
func CombineByToken(ctx context.Context, tx *sql.Tx, token string, at time.Time) (page PayPage, err error) {
	defer fault.Wrap(&err, "orders.CombineByToken")
	v, err := byToken(ctx, tx, token)
	if err != nil {
		return page, err
	}
	if err := lockCustomers(ctx, tx, v.Customer.ID); err != nil {
		return page, err
	}
	list, own, err := sameWay(ctx, tx, v.Number)
	if err != nil {
		return page, err
	}
	var numbers []Number
	for _, m := range mayCombine(list, own) {
		numbers = append(numbers, m.number)
	}
	if own.number == 0 || own.agreed() || len(numbers) < 2 {
		return page, fault.New(fault.Conflict, "There is no other order that could go with this one any more.")
	}
	if err := Combine(ctx, tx, numbers, 0, at); err != nil {
		return page, err
	}
	return payGroup(ctx, tx, numbers, at)
}

// payGroup is the pay page of orders that a customer put together: one for each set of them.
func payGroup(ctx context.Context, tx *sql.Tx, numbers []Number, at time.Time) (page PayPage, err error) {
	key := fmt.Sprint("together ", numbers)
	if len(key) > maxKey {
		key = key[:maxKey]
	}
	page, err = PayTogether(ctx, tx, key, numbers, 0, at)
	if fault.KindOf(err) == fault.Invalid { // one of them costs nothing
		return PayPage{}, nil
	}
	return page, err
}
