package api

import (
	"bytes"
	"context"
	"database/sql"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tote/internal/orders"
	"tote/labels"
)

func moneyRoutes() []operation {
	const tag = "money"
	return []operation{
		{"GET", "/invoices/{number}", "get-invoice", "An invoice or a credit note as it was issued", tag, office, read((*API).getInvoice)},
		{"GET", "/invoices/{number}/paper", "get-invoice-paper", "The same as a PDF", tag, office, paper((*API).getInvoicePaper)},
		{"GET", "/debts", "list-debts", "Orders that went to the floor and are not paid, the longest overdue first", tag, office, read((*API).listDebts)},
		{"POST", "/pay-links", "make-pay-link", "One address where several orders of a customer are paid together", tag, office, write(201, (*API).makePayLink)},
		{"GET", "/combinable", "list-combinable", "Orders that could travel together and do not", tag, office, read((*API).listCombinable)},
		{"POST", "/orders/{order}/together", "combine-orders", "The order travels with others: what is not paid is charged one parcel", tag, office, write(200, (*API).combineOrders)},
		{"POST", "/orders/{order}/apart", "separate-order", "The order travels alone again", tag, office, write(200, (*API).separateOrder)},
		{"POST", "/orders/{order}/card-refunds", "pay-back-to-card", "Money goes back to the card that paid it", tag, office, write(202, (*API).payBackToCard)},
		{"POST", "/orders/{order}/credits", "give-credit", "An order that has left costs less; a credit note is issued", tag, office, write(201, (*API).giveCredit)},
	}
}

// file is an answer that is no JSON.
type file struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

// paper is a reading operation that answers a PDF.
func paper[I any](do func(a *API, ctx context.Context, in *I) (labels.Paper, error)) func(*API, huma.API, operation) {
	return func(a *API, to huma.API, o operation) {
		op := o.huma(http.StatusOK)
		op.Responses["200"] = &huma.Response{Description: "The paper", Content: map[string]*huma.MediaType{"application/pdf": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}}
		refusals(to, &op)
		op.Middlewares = huma.Middlewares{carry}
		huma.Register(to, op, func(ctx context.Context, in *I) (*file, error) {
			drawn, err := do(a, ctx, in)
			if err != nil {
				return nil, a.problemOf(fiberOf(ctx), err)
			}
			var out bytes.Buffer
			if err := labels.WritePDF(&out, labels.DPI300, drawn); err != nil {
				return nil, a.problemOf(fiberOf(ctx), err)
			}
			return &file{"application/pdf", out.Bytes()}, nil
		})
	}
}

// OfInvoice is a path that names an invoice or a credit note.
type OfInvoice struct {
	Number string `path:"number" doc:"INV-1001 or CN-1001"`
}

type invoice struct {
	Number   string        `json:"number" doc:"INV-1001, or CN-1001 for a credit note"`
	Order    string        `json:"order"`
	Issued   string        `json:"issued" format:"date"`
	Due      string        `json:"due,omitempty" format:"date" doc:"Absent when nothing is to be paid"`
	Seller   []string      `json:"seller" nullable:"false"`
	Buyer    []string      `json:"buyer" nullable:"false"`
	Corrects []string      `json:"corrects" nullable:"false" doc:"The invoices that a credit note, or a further invoice, is about"`
	Why      string        `json:"why,omitempty"`
	Lines    []invoiceLine `json:"lines" nullable:"false"`
	Goods    money         `json:"goods"`
	Shipping money         `json:"shipping"`
	Tools    money         `json:"tools" doc:"Made for the customer, charged once"`
	Permille int64         `json:"tax_permille" doc:"190 is 19 %"`
	Tax      money         `json:"tax"`
	Total    money         `json:"total" doc:"What a credit note gives back is above zero"`
}

type invoiceLine struct {
	Ref      string `json:"ref"`
	SKU      string `json:"sku,omitempty"`
	Name     string `json:"name"`
	Quantity int64  `json:"quantity"`
	Price    money  `json:"price" doc:"For one"`
	Sum      money  `json:"sum"`
}

func (a *API) document(ctx context.Context, in *OfInvoice) (orders.Document, error) {
	n, err := orders.ParseInvoice(segment(in.Number))
	if err != nil {
		return orders.Document{}, err
	}
	return orders.ReadDocument(ctx, a.DB, n)
}

func (a *API) getInvoice(ctx context.Context, in *OfInvoice) (invoice, error) {
	d, err := a.document(ctx, in)
	m := func(minor int64) money { return money{minor, d.Currency} }
	return invoice{
		orders.InvoiceNumber{Series: d.Series, N: d.Number}.String(), d.Order.String(), d.Issued, d.Due, d.Seller.Lines(), d.Buyer, append([]string{}, d.Corrects...), d.Why,
		each(d.Lines, func(l orders.DocumentLine) invoiceLine {
			return invoiceLine{l.Ref, l.SKU, l.Name, l.Quantity, m(l.Price), m(l.Sum)}
		}), m(d.Goods), m(d.Shipping), m(d.Tools), d.Permille, m(d.Tax), m(d.Total)}, err
}

func (a *API) getInvoicePaper(ctx context.Context, in *OfInvoice) (labels.Paper, error) {
	d, err := a.document(ctx, in)
	return d.Paper(), err
}

type debt struct {
	Order    string `json:"order"`
	Customer string `json:"customer" doc:"The customer's code"`
	Name     string `json:"name"`
	Invoices string `json:"invoices,omitempty" doc:"Absent before the order is invoiced"`
	Due      string `json:"due,omitempty" format:"date"`
	Late     int    `json:"days_late"`
	Open     money  `json:"open"`
}

func (a *API) listDebts(ctx context.Context, in *struct {
	Customer int64 `query:"customer" minimum:"1" doc:"The id of a customer"`
	Limit    int   `query:"limit" minimum:"1" maximum:"1000" default:"200"`
}) (out page[debt], err error) {
	list, err := orders.Debts(ctx, a.DB, orders.CustomerID(in.Customer), who(ctx).at, in.Limit)
	return page[debt]{Data: each(list, func(d orders.Debt) debt {
		return debt{d.Order.String(), d.Code, d.Name, d.Invoices, day(d.Due), d.Late, showMoney(d.Open)}
	})}, err
}

type payLinkForm struct {
	Orders []string `json:"orders" nullable:"false" minItems:"1" maxItems:"500" doc:"Orders of one customer"`
}

type payLink struct {
	Page string `json:"page" doc:"Path of the page; whoever has it may look and pay"`
}

func (a *API) makePayLink(ctx context.Context, tx *sql.Tx, in *Post[payLinkForm]) (out payLink, err error) {
	numbers := make([]orders.Number, len(in.Body.Orders))
	for i, ref := range in.Body.Orders {
		if numbers[i], err = orders.ParseNumber(ref); err != nil {
			return out, err
		}
	}
	made, err := orders.PayTogether(ctx, tx, submission(ctx, in.Key), numbers, who(ctx).ID, who(ctx).at)
	return payLink{made.Path()}, err
}

type amountForm struct {
	Amount money `json:"amount"`
}

// amountOf is an amount as a form has it.
func amountOf(ctx context.Context, tx *sql.Tx, m money) (string, error) {
	house, err := orders.LoadSettings(ctx, tx)
	if err != nil {
		return "", err
	}
	wrong := wrongFields{}
	amount := m.typed("amount", house.Currency, &wrong.Fields)
	return amount, wrong.Err()
}

type cardRefund struct {
	Refund string `json:"refund" doc:"RF-17; it is recorded as paid back once the card company has taken it"`
}

func (a *API) payBackToCard(ctx context.Context, tx *sql.Tx, in *struct {
	OfOrder
	Post[amountForm]
}) (out cardRefund, err error) {
	n, err := in.number()
	if err != nil {
		return out, err
	}
	amount, err := amountOf(ctx, tx, in.Body.Amount)
	if err != nil {
		return out, err
	}
	id, err := orders.PayBackToCard(ctx, tx, orders.Refund{Key: submission(ctx, in.Key), Order: n, Amount: amount, By: who(ctx).ID, At: who(ctx).at})
	return cardRefund{id.String()}, err
}

type creditForm struct {
	Amount money  `json:"amount" doc:"With tax"`
	Why    string `json:"why" doc:"It stands on the credit note"`
}

func (a *API) giveCredit(ctx context.Context, tx *sql.Tx, in *struct {
	OfOrder
	Post[creditForm]
}) (out order, err error) {
	n, err := in.number()
	if err != nil {
		return out, err
	}
	amount, err := amountOf(ctx, tx, in.Body.Amount)
	if err != nil {
		return out, err
	}
	if _, err := orders.Give(ctx, tx, orders.Credit{Key: submission(ctx, in.Key), Order: n, Amount: amount, Why: in.Body.Why, By: who(ctx).ID, At: who(ctx).at}); err != nil {
		return out, err
	}
	return orderOf(ctx, tx, n)
}

// orderInvoice is a paper of an order.
type orderInvoice struct {
	Number string     `json:"number" doc:"INV-1001, or CN-1001 for a credit note"`
	Issued *time.Time `json:"issued,omitempty"`
	Due    string     `json:"due,omitempty" format:"date"`
	Total  money      `json:"total"`
}

func showOrderInvoice(i orders.Invoice) orderInvoice {
	return orderInvoice{i.Number.String(), utc(i.Issued), day(i.Due), showMoney(i.Total)}
}

// orderRefund is money of an order on its way back to a card.
type orderRefund struct {
	Refund  string `json:"refund"`
	State   string `json:"state" enum:"asked,sent,failed"`
	Amount  money  `json:"amount"`
	Because string `json:"because,omitempty" doc:"Why it failed"`
}

func showOrderRefund(r orders.RefundView) orderRefund {
	return orderRefund{r.ID.String(), r.State, showMoney(r.Amount), strings.TrimSpace(r.Because)}
}
