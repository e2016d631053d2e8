package api

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
)

type customer struct {
	ID          int64      `json:"id"`
	Code        string     `json:"code"`
	Name        string     `json:"name"`
	Email       string     `json:"email"`
	Phone       string     `json:"phone,omitempty"`
	OnTerms     bool       `json:"on_terms" doc:"Pays later, up to the limit"`
	CreditLimit *money     `json:"credit_limit,omitempty"`
	TermsDays   int        `json:"terms_days,omitempty" doc:"On terms, from the invoice until it is due"`
	Debt        money      `json:"debt" doc:"Open on orders that were released"`
	Orders      int64      `json:"orders" doc:"That were not cancelled"`
	Language    string     `json:"language,omitempty" doc:"Of letters; absent: as the house writes"`
	Ended       *time.Time `json:"questions_ended,omitempty" doc:"Since then the customer is not asked how it was"`
}

func showCustomer(currency string) func(orders.Customer) customer {
	return func(c orders.Customer) customer {
		out := customer{int64(c.ID), c.Code, c.Name, c.Email, c.Phone, c.OnTerms, nil, 0, money{c.Debt, currency}, c.Orders, string(c.Language), utc(c.Ended)}
		if c.OnTerms {
			out.CreditLimit, out.TermsDays = &money{c.CreditLimit, currency}, c.TermsDays
		}
		return out
	}
}

func (a *API) listCustomers(ctx context.Context, in *Listing) (out page[customer], err error) {
	after, err := in.after()
	if err != nil {
		return out, err
	}
	house, err := orders.LoadSettings(ctx, a.DB)
	if err != nil {
		return out, err
	}
	rows, err := orders.Customers(ctx, a.DB, in.Search, after, in.Limit+1)
	return paged(in.Paging, rows, func(c orders.Customer) string { return c.Code }, showCustomer(house.Currency)), err
}

// OfCustomer is a path that names a customer.
type OfCustomer struct {
	Customer int64 `path:"customer" minimum:"1"`
}

func (a *API) getCustomer(ctx context.Context, in *OfCustomer) (customer, error) {
	return customerOf(ctx, a.DB, orders.CustomerID(in.Customer))
}

func customerOf(ctx context.Context, q pg.Querier, id orders.CustomerID) (out customer, err error) {
	house, err := orders.LoadSettings(ctx, q)
	if err != nil {
		return out, err
	}
	c, err := orders.CustomerByID(ctx, q, id)
	return showCustomer(house.Currency)(c), err
}

type customerForm struct {
	Code        string `json:"code,omitempty" doc:"Made by us for a new one without"`
	Name        string `json:"name"`
	Email       string `json:"email"`
	Phone       string `json:"phone,omitempty"`
	OnTerms     bool   `json:"on_terms,omitempty"`
	CreditLimit *money `json:"credit_limit,omitempty"`
	TermsDays   *int   `json:"terms_days,omitempty" minimum:"0" maximum:"365" doc:"On terms, from the invoice until it is due; 30 if absent"`
	Language    string `json:"language,omitempty" doc:"Of letters: en or de; absent: as the house writes"`
}

func (a *API) addCustomer(ctx context.Context, tx *sql.Tx, in *Post[customerForm]) (customer, error) {
	return saveCustomer(ctx, tx, 0, in.Body)
}

func (a *API) editCustomer(ctx context.Context, tx *sql.Tx, in *struct {
	OfCustomer
	Put[customerForm]
}) (customer, error) {
	return saveCustomer(ctx, tx, orders.CustomerID(in.Customer), in.Body)
}

func saveCustomer(ctx context.Context, tx *sql.Tx, id orders.CustomerID, f customerForm) (out customer, err error) {
	house, err := orders.LoadSettings(ctx, tx)
	if err != nil {
		return out, err
	}
	form := orders.CustomerForm{Code: f.Code, Name: f.Name, Email: f.Email, Phone: f.Phone, OnTerms: f.OnTerms, Language: f.Language}
	if f.TermsDays != nil {
		form.TermsDays = strconv.Itoa(*f.TermsDays)
	}
	if f.CreditLimit != nil {
		var wrong fault.Fields
		form.CreditLimit = f.CreditLimit.typed("credit_limit", house.Currency, &wrong)
		if err := wrong.Err(); err != nil {
			return out, err
		}
	}
	if id, err = orders.SaveCustomer(ctx, tx, id, form, who(ctx).ID, who(ctx).at); err != nil {
		return out, err
	}
	return customerOf(ctx, tx, id)
}
