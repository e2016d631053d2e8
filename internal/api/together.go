package api

import (
	"context"
	"database/sql"

	"tote/internal/orders"
)

type combinable struct {
	Orders []string `json:"orders" nullable:"false"`
	Name   string   `json:"name" doc:"Of the customer"`
	ShipTo string   `json:"ship_to"`
	Saving money    `json:"saving" doc:"Less shipping that they are charged together; what is paid or agreed stays"`
	Rates  *parcels `json:"rates,omitempty" doc:"What carriers take by their rate tables, where these say it"`
}

type parcels struct {
	Singly   money  `json:"singly" doc:"For a parcel of each order"`
	Together money  `json:"together" doc:"For one parcel of them all"`
	With     string `json:"with" doc:"Who takes them together"`
}

func showParcels(p orders.Parcels) *parcels {
	if !p.Known {
		return nil
	}
	return &parcels{showMoney(p.Singly), showMoney(p.Together), p.With}
}

func (a *API) listCombinable(ctx context.Context, _ *struct{}) (out page[combinable], err error) {
	sets, err := orders.Combinable(ctx, a.DB, a.Now())
	return page[combinable]{Data: each(sets, func(s orders.Set) combinable {
		return combinable{each(s.Numbers(), orders.Number.String), s.Name, s.ShipTo, showMoney(s.Saving), showParcels(s.Parcels)}
	})}, err
}

type others struct {
	Orders []string `json:"orders" nullable:"false" minItems:"1" maxItems:"100" doc:"That it shall travel with"`
}

type travelling struct {
	Order string   `json:"order"`
	With  []string `json:"with" nullable:"false" doc:"The orders that travel with it"`
	Total money    `json:"total"`
}

func travellingOf(ctx context.Context, tx *sql.Tx, n orders.Number) (out travelling, err error) {
	company, err := orders.CompanyOf(ctx, tx, n)
	if err != nil {
		return out, err
	}
	v, err := orders.Read(ctx, tx, n)
	return travelling{n.String(), each(company.With, orders.Number.String), showMoney(v.Total)}, err
}

func (a *API) combineOrders(ctx context.Context, tx *sql.Tx, in *struct {
	OfOrder
	Post[others]
}) (out travelling, err error) {
	n, err := in.number()
	if err != nil {
		return out, err
	}
	numbers := []orders.Number{n}
	for _, ref := range in.Body.Orders {
		other, err := orders.ParseNumber(ref)
		if err != nil {
			return out, err
		}
		numbers = append(numbers, other)
	}
	if err := orders.Combine(ctx, tx, numbers, who(ctx).ID, who(ctx).at); err != nil {
		return out, err
	}
	return travellingOf(ctx, tx, n)
}

func (a *API) separateOrder(ctx context.Context, tx *sql.Tx, in *struct {
	OfOrder
	Press
}) (out travelling, err error) {
	n, err := in.number()
	if err != nil {
		return out, err
	}
	if err := orders.Separate(ctx, tx, n, who(ctx).ID, who(ctx).at); err != nil {
		return out, err
	}
	return travellingOf(ctx, tx, n)
}
