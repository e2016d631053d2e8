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
	Waits []bool // by line: it is more than is free now
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
	ids := make([]inventory.ItemID, len(p.Lines))
	for i, l := range p.Lines {
		ids[i] = l.Item
	}
	free, err := inventory.FreeOf(ctx, q, settings.WebWarehouse, ids...)
	if err != nil {
		return p, err
	}
	for _, l := range p.Lines {
		free[l.Item] -= l.Quantity
		p.Waits = append(p.Waits, free[l.Item] < 0)
	}
	return p, nil
}

// PlaceOnWeb stores what a customer ordered by himself, for the total that he saw. When it costs something else by
// now, that is fault.Conflict and nothing is stored.
func PlaceOnWeb(ctx context.Context, tx *sql.Tx, s Submission, seen int64) (p Placed, err error) {
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
	if _, again := known[s.Key]; !again {
		if err := mayOrder(ctx, tx, s, seen); err != nil {
			return p, err
		}
	}
	return Place(ctx, tx, s)
}

// mostUnpaid is how many orders of one address may wait for their payment: nobody's letterbox is filled by a robot.
const mostUnpaid = 5

// mayOrder refuses a total that has changed since it was shown, and an address with too many unpaid orders of a day.
func mayOrder(ctx context.Context, q pg.Querier, s Submission, seen int64) error {
	draft, err := s.Form.Check(ctx, q, s.Warehouse, s.At)
	if err != nil {
		return err
	}
	if now := draft.Total(); now != seen {
		return fault.New(fault.Conflict, "The total is now %s. Please look at it again, then order.", Money{now, draft.Currency})
	}
	var unpaid int
	err = q.QueryRowContext(ctx, `
		select count(*) from orders
		where channel = 'web' and lower(email) = lower($1) and placed_at > $2 and released_at is null and cancelled_at is null`,
		draft.Email, s.At.AddDate(0, 0, -1)).Scan(&unpaid)
	if err == nil && unpaid >= mostUnpaid {
		err = fault.Fields{{Name: "email", Message: "Several orders of this address wait for their payment. Pay one of them first, or call us."}}
	}
	return err
}
