package api

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/orders"
	"tote/internal/pg"
)

// QuoteBody is a quote as it is sent: the order form, whose priority and promised date do not count, and its last day.
// Pictures are added on the page.
type QuoteBody struct {
	OrderForm
	ValidUntil string `json:"valid_until,omitempty" doc:"2026-12-31; 30 days from now if absent"`
	Words      string `json:"words,omitempty" doc:"To the customer; may have several lines"`
}

type quoteLine struct {
	SKU      string `json:"sku"`
	Name     string `json:"name"`
	Quantity int64  `json:"quantity"`
	Price    money  `json:"price" doc:"For one"`
	Detail   string `json:"detail,omitempty" doc:"What was chosen, an option on each line"`
}

// QuoteRow is a quote as lists show it.
type QuoteRow struct {
	Quote      string     `json:"quote" doc:"Q-1001"`
	State      string     `json:"state" enum:"open,accepted,declined,withdrawn,expired"`
	Name       string     `json:"name"`
	Email      string     `json:"email"`
	Total      money      `json:"total"`
	ValidUntil *time.Time `json:"valid_until"`
	Made       *time.Time `json:"made"`
	Answered   *time.Time `json:"answered,omitempty"`
	Order      string     `json:"order,omitempty" doc:"It became"`
	Wanted     *time.Time `json:"wanted,omitempty" doc:"The customer asked for a new one"`
}

type quote struct {
	QuoteRow
	By       string      `json:"by" doc:"Who made it"`
	Words    string      `json:"words,omitempty"`
	Why      string      `json:"why,omitempty" doc:"It was declined"`
	As       string      `json:"as,omitempty" doc:"The name that was typed with its acceptance"`
	Lines    []quoteLine `json:"lines" nullable:"false"`
	Shipping money       `json:"shipping"`
	Tax      money       `json:"tax"`
	Page     string      `json:"page" doc:"The customer's: /quote/…"`
	Pictures int         `json:"pictures"`
}

func showQuoteRow(q orders.Quote) QuoteRow {
	out := QuoteRow{Quote: q.Number.String(), State: string(q.State), Name: q.Name, Email: q.Email, Total: showMoney(q.Total), ValidUntil: utc(q.Until), Made: utc(q.MadeAt),
		Answered: utc(q.Answered), Wanted: utc(q.Wanted)}
	if q.Order != 0 {
		out.Order = q.Order.String()
	}
	return out
}

func (a *API) readQuote(ctx context.Context, q pg.Querier, n orders.QuoteNumber) (quote, error) {
	found, err := orders.ReadQuote(ctx, q, n, who(ctx).at)
	return quote{showQuoteRow(found), found.By, found.Words, found.Why, found.As, each(found.Lines, func(l orders.QuoteLine) quoteLine {
		return quoteLine{l.SKU, l.Name, l.Quantity, showMoney(l.Price), l.Detail}
	}), showMoney(found.Shipping), showMoney(found.Tax), "/quote/" + found.Token, len(found.Mockups)}, err
}

func (a *API) makeQuote(ctx context.Context, tx *sql.Tx, in *Post[QuoteBody]) (out quote, err error) {
	form, err := in.Body.form(ctx, tx)
	if err != nil {
		return out, err
	}
	by := who(ctx)
	n, err := orders.MakeQuote(ctx, tx, orders.QuoteSubmission{Key: submission(ctx, in.Key), Form: orders.QuoteForm{Form: form, ValidUntil: in.Body.ValidUntil, Words: in.Body.Words},
		Warehouse: by.house(), By: by.ID, At: by.at})
	if err != nil {
		return out, err
	}
	return a.readQuote(ctx, tx, n)
}

func (a *API) listQuotes(ctx context.Context, in *struct {
	Paging
	State string `query:"state" enum:"open,accepted,declined,withdrawn,expired" doc:"Only these"`
}) (out page[QuoteRow], err error) {
	before, err := in.afterNumber()
	if err != nil {
		return out, err
	}
	list, err := orders.Quotes(ctx, a.DB, orders.QuoteFilter{State: orders.QuoteState(in.State), Before: orders.QuoteNumber(before), Limit: in.Limit + 1}, who(ctx).at)
	return paged(in.Paging, list, func(q orders.Quote) string { return digits(q.Number) }, showQuoteRow), err
}

// OfQuote is a path that names a quote.
type OfQuote struct {
	Quote string `path:"quote" doc:"Its number: Q-1001"`
}

func (o OfQuote) number() (orders.QuoteNumber, error) {
	return orders.ParseQuoteNumber(segment(o.Quote))
}

func (a *API) getQuote(ctx context.Context, in *OfQuote) (out quote, err error) {
	n, err := in.number()
	if err != nil {
		return out, err
	}
	return a.readQuote(ctx, a.DB, n)
}

func (a *API) withdrawQuote(ctx context.Context, tx *sql.Tx, in *struct {
	OfQuote
	Post[struct{}]
}) (out quote, err error) {
	n, err := in.number()
	if err != nil {
		return out, err
	}
	if err := orders.WithdrawQuote(ctx, tx, n, who(ctx).ID, who(ctx).at); err != nil {
		return out, err
	}
	return a.readQuote(ctx, tx, n)
}

func (a *API) sendQuote(ctx context.Context, tx *sql.Tx, in *struct {
	OfQuote
	Post[struct{}]
}) (out quote, err error) {
	n, err := in.number()
	if err != nil {
		return out, err
	}
	if err := orders.SendQuote(ctx, tx, n, who(ctx).at); err != nil {
		return out, err
	}
	return a.readQuote(ctx, tx, n)
}
