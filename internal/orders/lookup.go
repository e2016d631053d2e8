package orders

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/shipping"
)

// Carrier is what the form offers: a carrier with its services.
type Carrier struct {
	Code     string
	Name     string
	Services []string
}

// Carriers lists the active carriers, our own first.
func Carriers(ctx context.Context, q pg.Querier) (list []Carrier, err error) {
	defer fault.Wrap(&err, "orders.Carriers")
	return pg.Collect(func(c *Carrier) []any {
		return []any{&c.Code, &c.Name, pg.Array(&c.Services)}
	})(q.QueryContext(ctx, `
		select code, name, services from (
		    select code, name, services, (adapter <> 'own')::integer as place from carriers where active
		    union all `+whatIsBest+`) c
		order by place, name`))
}

// whatIsBest is the way of an order that names no carrier. It is offered once there is something to compare.
const whatIsBest = `
	select '` + shipping.Best + `', '` + anyCarrier + `', array['` + shipping.Cheapest + `'], 2
	where exists (select from carriers where active and adapter = 'easypost') or exists (select from carrier_rates r join carriers k on k.code = r.carrier and k.active)`

const anyCarrier = "Any carrier"

// Payable is the orders of a customer on which something is open, oldest first.
func Payable(ctx context.Context, q pg.Querier, customer CustomerID) (list []Row, err error) {
	defer fault.Wrap(&err, "orders.Payable(%d)", customer)
	return pg.Collect(func(r *Row) []any {
		return []any{&r.Number, &r.Stage, &r.Reference, &r.PlacedAt, &r.Total.Minor, &r.Total.Currency, &r.Paid}
	})(q.QueryContext(ctx, `
		select o.number, o.stage, o.reference, o.placed_at, o.total_minor, o.currency, p.paid
		from orders o
		cross join lateral (select coalesce(sum(amount_minor), 0) as paid from payment_orders where order_id = o.id) p
		where o.customer_id = $1 and o.cancelled_at is null and o.total_minor > p.paid
		order by o.number`, customer))
}

// Habit is where and how a customer's orders go.
type Habit struct {
	ShipTo           Address
	Carrier, Service string
}

// HabitOf is where the last order of a customer went, found by code or e-mail; a customer who has ordered nothing yet has the
// zero Habit.
func HabitOf(ctx context.Context, q pg.Querier, customer string) (h Habit, err error) {
	defer fault.Wrap(&err, "orders.HabitOf(%q)", short(customer))
	known := map[string]Customer{}
	if name := strings.ToLower(tidy(customer)); name != "" && wrongText(name, 254, false) == "" {
		if known, err = customersOf(ctx, q, []string{name}); err != nil {
			return h, err
		}
	}
	c, ok := known[strings.ToLower(tidy(customer))]
	if !ok {
		return h, fault.Fields{{Name: "customer", Message: "No customer has that code or e-mail. Leave it empty and give name and e-mail for a new one."}}
	}
	a := &h.ShipTo
	err = q.QueryRowContext(ctx, `
		select recipient, company, street, street2, city, postcode, region, country, phone, carrier, service
		from orders where customer_id = $1 order by id desc limit 1`, c.ID).Scan(&a.Recipient, &a.Company, &a.Street, &a.Street2, &a.City, &a.Postcode, &a.Region, &a.Country, &a.Phone, &h.Carrier, &h.Service)
	if errors.Is(err, sql.ErrNoRows) {
		h.ShipTo.Recipient = c.Name
		return h, nil
	}
	return h, err
}
