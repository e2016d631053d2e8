package orders

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
)

// Shop is what a customer may order by himself.
type Shop struct {
	Company  string
	Country  string // of the warehouse: most customers' own
	Items    []Price
	Carriers []Carrier
	HowToPay string
}

// OpenShop is what the public order form offers. A house that takes no orders there is fault.NotFound.
func OpenShop(ctx context.Context, q pg.Querier) (s Shop, err error) {
	defer fault.Wrap(&err, "orders.OpenShop")
	settings, err := webSettings(ctx, q)
	if err != nil {
		return s, err
	}
	s.Company, s.HowToPay = settings.Company, settings.HowToPay
	if s.Items, err = Offered(ctx, q); err != nil {
		return s, err
	}
	if s.Carriers, err = Carriers(ctx, q); err != nil {
		return s, err
	}
	err = q.QueryRowContext(ctx, `select country from warehouses where id = $1`, settings.WebWarehouse).Scan(&s.Country)
	return s, err
}

func webSettings(ctx context.Context, q pg.Querier) (Settings, error) {
	settings, err := LoadSettings(ctx, q)
	if err == nil && settings.WebWarehouse == 0 {
		err = fault.New(fault.NotFound, "Orders are not taken on this page. Please write to us or call us.")
	}
	return settings, err
}

// Priced is a form that could be ordered as it is: what it costs and what of it is on the shelf.
type Priced struct {
	Draft
	Waits     []bool     // by line: it is more than is free now
	Materials []Material // by line
	Spec      string     // names the specification that is to be checked; "" when nothing is made for this order
}

// PriceOnWeb checks and prices a customer's own form.
func PriceOnWeb(ctx context.Context, q pg.Querier, f Form, at time.Time) (p Priced, err error) {
	defer fault.Wrap(&err, "orders.PriceOnWeb")
	settings, err := webSettings(ctx, q)
	if err != nil {
		return p, err
	}
	f.Channel = Web
	if p.Draft, err = f.Check(ctx, q, settings.WebWarehouse, at); err != nil {
		return p, err
	}
	if p.Materials, p.Spec, err = p.materials(ctx, q); err != nil {
		return p, err
	}
	ids := make([]inventory.ItemID, len(p.Lines))
	for i, l := range p.Lines {
		ids[i] = l.Item
	}
	free, err := inventory.FreeOf(ctx, q, settings.WebWarehouse, ids...)
	if err != nil {
		return p, err
	}
	for i, l := range p.Lines {
		free[l.Item] -= l.Quantity
		p.Waits = append(p.Waits, free[l.Item] < 0 && !p.Materials[i].Made) // what is made waits for no stock
	}
	return p, nil
}

// PlaceOnWeb stores what a customer ordered by himself, for the total that he saw and, where something is made for him, for
// the specification that he checked. When either is another by now, that is fault.Conflict and nothing is stored.
func PlaceOnWeb(ctx context.Context, tx *sql.Tx, s Submission, agreed Agreed) (p Placed, err error) {
	defer fault.Wrap(&err, "orders.PlaceOnWeb(%q)", short(s.Key))
	settings, err := webSettings(ctx, tx)
	if err != nil {
		return p, err
	}
	s.Warehouse, s.By, s.Form.Channel = settings.WebWarehouse, 0, Web
	known, err := submitted(ctx, tx, []string{s.Key})
	if err != nil {
		return p, err
	}
	made := false
	if _, again := known[s.Key]; !again {
		if made, err = mayOrder(ctx, tx, s, agreed); err != nil {
			return p, err
		}
	}
	if p, err = Place(ctx, tx, s); err != nil || p.Repeated || !made {
		return p, err
	}
	return p, keepChecked(ctx, tx, p, tidy(s.Form.Name), s.At)
}

// mostUnpaid is how many orders of one address may wait for their payment: nobody's letterbox is filled by a robot.
const mostUnpaid = 5

// mayOrder refuses a total or a specification that has changed since it was shown, and an address with too many unpaid
// orders of a day. It tells whether something is made for the order.
func mayOrder(ctx context.Context, q pg.Querier, s Submission, agreed Agreed) (made bool, err error) {
	draft, err := s.Form.Check(ctx, q, s.Warehouse, s.At)
	if err != nil {
		return false, err
	}
	if now := draft.Total(); now != agreed.Total {
		return false, fault.New(fault.Conflict, "The total is now %s. Please look at it again, then order.", Money{now, draft.Currency})
	}
	if made, err = agreed.confirmed(ctx, q, draft); err != nil {
		return made, err
	}
	var unpaid int
	err = q.QueryRowContext(ctx, `
		select count(*) from orders
		where channel = 'web' and lower(email) = lower($1) and placed_at > $2 and released_at is null and cancelled_at is null`,
		draft.Email, s.At.AddDate(0, 0, -1)).Scan(&unpaid)
	if err == nil && unpaid >= mostUnpaid {
		err = fault.Fields{{Name: "email", Message: "Several orders of this address wait for their payment. Pay one of them first, or call us."}}
	}
	return made, err
}
