package api

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"tote/internal/orders"
	"tote/internal/pg"
)

// submission is the key of a form that came through here: the client's, and whose client it is.
func submission(ctx context.Context, key string) string {
	return fmt.Sprintf("api:%d:%s", who(ctx).token, key)
}

type placed struct {
	Order    string `json:"order" doc:"O-1001"`
	Total    money  `json:"total"`
	Journey  string `json:"journey" doc:"Path of the customer's page; whoever has it may look"`
	Released bool   `json:"released" doc:"Handed to the floor already"`
}

func (a *API) placeOrder(ctx context.Context, tx *sql.Tx, in *Post[OrderForm]) (out placed, err error) {
	form, err := in.Body.form(ctx, tx)
	if err != nil {
		return out, err
	}
	by := who(ctx)
	p, err := orders.Place(ctx, tx, orders.Submission{Key: submission(ctx, in.Key), Form: form, Warehouse: by.house(), By: by.ID, At: by.at})
	return placed{p.Number.String(), showMoney(p.Total), "/journey/" + p.Journey, p.Released}, err
}

type orderRow struct {
	Order     string     `json:"order"`
	Stage     string     `json:"stage"`
	Word      string     `json:"word" doc:"The stage as people say it: once something came back, what became of the parcels"`
	Customer  string     `json:"customer" doc:"The customer's code"`
	Name      string     `json:"name"`
	Recipient string     `json:"recipient"`
	City      string     `json:"city"`
	Country   string     `json:"country"`
	Reference string     `json:"reference,omitempty"`
	Placed    *time.Time `json:"placed,omitempty"`
	Promised  *time.Time `json:"promised,omitempty"`
	Late      bool       `json:"late"`
	Units     int64      `json:"units"`
	Lines     int64      `json:"lines"`
	Total     money      `json:"total"`
	Open      money      `json:"open" doc:"Still to be paid; below zero to be paid back"`
	Holds     string     `json:"holds,omitempty"`
}

func showOrderRow(r orders.Row) orderRow {
	return orderRow{r.Number.String(), string(r.Stage), r.Fate.Word(r.Stage), r.Code, r.Customer, r.Recipient, r.City, r.Country, r.Reference, utc(r.PlacedAt), utc(r.Promised),
		r.Late, r.Units, r.Lines, showMoney(r.Total), showMoney(r.Open()), r.Holds}
}

func (a *API) listOrders(ctx context.Context, in *struct {
	Listing
	Stage    string `query:"stage" enum:"pending payment,on hold,released,back-ordered,picking,picked,packed,shipped,delivered,cancelled"`
	Hold     string `query:"hold" enum:"address,art,stock,fraud,manual" doc:"With an open hold of this kind"`
	Late     bool   `query:"late" doc:"Promised before now and not shipped"`
	Customer int64  `query:"customer" minimum:"1" doc:"The id of a customer"`
}) (out page[orderRow], err error) {
	before, err := in.afterNumber()
	if err != nil {
		return out, err
	}
	by := who(ctx)
	rows, err := orders.List(ctx, a.DB, orders.Filter{Warehouse: by.house(), Search: in.Search, Stage: orders.Stage(in.Stage), Late: in.Late,
		Hold: orders.HoldKind(in.Hold), Customer: orders.CustomerID(in.Customer), Before: orders.Number(before), Limit: in.Limit + 1}, by.at)
	return paged(in.Paging, rows, func(r orders.Row) string { return digits(r.Number) }, showOrderRow), err
}

// number is the order of the path.
func (o OfOrder) number() (orders.Number, error) { return orders.ParseNumber(segment(o.Order)) }

func (a *API) getOrder(ctx context.Context, in *OfOrder) (out order, err error) {
	err = pg.InReadTx(ctx, a.DB, func(tx *sql.Tx) error {
		n, err := in.number()
		if err != nil {
			return err
		}
		out, err = orderOf(ctx, tx, n)
		return err
	})
	return out, err
}

// orderOf reads an order as it is shown.
func orderOf(ctx context.Context, q pg.Querier, n orders.Number) (order, error) {
	v, err := orders.Read(ctx, q, n)
	if err != nil {
		return order{}, err
	}
	return showOrder(v, who(ctx).at), nil
}

// editableOrder is a stored order's form with the mark of what it was made from.
type editableOrder struct {
	OrderForm
	Seen int64 `json:"seen" doc:"The mark of the order as this form was read; an order that was changed since is a conflict"`
}

func (a *API) getOrderForm(ctx context.Context, in *OfOrder) (out editableOrder, err error) {
	err = pg.InReadTx(ctx, a.DB, func(tx *sql.Tx) error {
		n, err := in.number()
		if err != nil {
			return err
		}
		e, err := orders.ForEdit(ctx, tx, n)
		if err != nil {
			return err
		}
		v, err := orders.Read(ctx, tx, n)
		if err != nil {
			return err
		}
		out.Seen = e.Seen
		out.OrderForm, err = orderFormOf(e.Form, v.Total.Currency)
		return err
	})
	return out, err
}

func (a *API) editOrder(ctx context.Context, tx *sql.Tx, in *struct {
	OfOrder
	Put[editableOrder]
}) (out order, err error) {
	n, err := in.number()
	if err != nil {
		return out, err
	}
	form, err := in.Body.form(ctx, tx)
	if err != nil {
		return out, err
	}
	by := who(ctx)
	if err := orders.Edit(ctx, tx, n, orders.Editable{Form: form, Seen: in.Body.Seen}, by.house(), by.ID, by.at); err != nil {
		return out, err
	}
	return orderOf(ctx, tx, n)
}

type cancelled struct {
	Order  string `json:"order"`
	Refund money  `json:"refund" doc:"What is to be paid back"`
}

func (a *API) cancelOrder(ctx context.Context, tx *sql.Tx, in *struct {
	OfOrder
	Post[reason]
}) (out cancelled, err error) {
	n, err := in.number()
	if err != nil {
		return out, err
	}
	back, err := orders.Cancel(ctx, tx, n, in.Body.Reason, who(ctx).ID, who(ctx).at)
	return cancelled{n.String(), showMoney(back)}, err
}

type holdForm struct {
	Kind   string `json:"kind" enum:"address,art,stock,fraud,manual"`
	Reason string `json:"reason"`
}

func (a *API) holdOrder(ctx context.Context, tx *sql.Tx, in *struct {
	OfOrder
	Post[holdForm]
}) (out order, err error) {
	n, err := in.number()
	if err != nil {
		return out, err
	}
	if err := orders.Hold(ctx, tx, n, orders.HoldKind(in.Body.Kind), in.Body.Reason, who(ctx).ID, who(ctx).at); err != nil {
		return out, err
	}
	return orderOf(ctx, tx, n)
}

func (a *API) clearHold(ctx context.Context, tx *sql.Tx, in *struct {
	OfOrder
	Hold int64 `path:"hold" minimum:"1"`
	Press
}) (out order, err error) {
	n, err := in.number()
	if err != nil {
		return out, err
	}
	if err := orders.ClearHold(ctx, tx, n, in.Hold, who(ctx).ID, who(ctx).at); err != nil {
		return out, err
	}
	return orderOf(ctx, tx, n)
}

type paymentForm struct {
	Orders    []string `json:"orders" nullable:"false" maxItems:"500" doc:"Orders of one customer; the oldest is paid first"`
	Amount    money    `json:"amount"`
	Method    string   `json:"method" enum:"bank transfer,card,cash,cheque,other"`
	Reference string   `json:"reference" doc:"The number on the statement, receipt or cheque"`
	Again     bool     `json:"again,omitempty" doc:"Another payment, though one with this reference was recorded before"`
}

type paid struct {
	Payment  int64    `json:"payment"`
	Amount   money    `json:"amount"`
	Released []string `json:"released" nullable:"false" doc:"Orders that went to the floor because of it"`
}

// payment is the form as the trade knows it.
func (f paymentForm) payment(ctx context.Context, tx *sql.Tx, key string) (p orders.Payment, err error) {
	house, err := orders.LoadSettings(ctx, tx)
	if err != nil {
		return p, err
	}
	by := who(ctx)
	p = orders.Payment{Key: submission(ctx, key), Method: f.Method, Reference: f.Reference, Again: f.Again, By: by.ID, At: by.at}
	wrong := wrongFields{}
	p.Amount = f.Amount.typed("amount", house.Currency, &wrong.Fields)
	for i, ref := range f.Orders {
		n, err := orders.ParseNumber(ref)
		if err := wrong.note(fmt.Sprintf("orders.%d", i), err); err != nil {
			return p, err
		}
		p.Orders = append(p.Orders, n)
	}
	return p, wrong.Err()
}

func (a *API) pay(ctx context.Context, tx *sql.Tx, in *Post[paymentForm]) (paid, error) {
	return settle(ctx, tx, in, orders.Pay)
}

func (a *API) payBack(ctx context.Context, tx *sql.Tx, in *Post[paymentForm]) (paid, error) {
	return settle(ctx, tx, in, orders.PayBack)
}

func settle(ctx context.Context, tx *sql.Tx, in *Post[paymentForm], do func(context.Context, *sql.Tx, orders.Payment) (orders.Paid, error)) (out paid, err error) {
	p, err := in.Body.payment(ctx, tx, in.Key)
	if err != nil {
		return out, err
	}
	done, err := do(ctx, tx, p)
	return paid{done.ID, showMoney(done.Amount), each(done.Released, orders.Number.String)}, err
}

type moment struct {
	At     *time.Time `json:"at,omitempty"`
	Who    string     `json:"who,omitempty" doc:"Absent for the customer or a machine"`
	What   string     `json:"what"`
	Detail string     `json:"detail,omitempty"`
}

func (a *API) getTimeline(ctx context.Context, in *OfOrder) (out page[moment], err error) {
	n, err := in.number()
	if err != nil {
		return out, err
	}
	list, err := orders.Timeline(ctx, a.DB, n)
	return page[moment]{Data: each(list, func(m orders.Moment) moment { return moment{utc(m.At), m.Who, m.What, m.Detail} })}, err
}

type journey struct {
	Order    string        `json:"order"`
	Stage    string        `json:"stage"`
	Word     string        `json:"word" doc:"The stage as people say it: once something came back, what became of the parcels"`
	Late     bool          `json:"late"`
	Promised *time.Time    `json:"promised,omitempty"`
	Expected *time.Time    `json:"expected,omitempty" doc:"Later than promised"`
	Page     string        `json:"page" doc:"Path of the customer's page; whoever has it may look"`
	Steps    []journeyStep `json:"steps" nullable:"false"`
	Parcels  []parcel      `json:"parcels" nullable:"false"`
}

type journeyStep struct {
	Title   string     `json:"title"`
	Says    string     `json:"says" doc:"One sentence on what happens or happened"`
	State   string     `json:"state" enum:"done,now,next,skipped"`
	Reached *time.Time `json:"reached,omitempty"`
}

func (a *API) getJourney(ctx context.Context, in *OfOrder) (out journey, err error) {
	err = pg.InReadTx(ctx, a.DB, func(tx *sql.Tx) error {
		n, err := in.number()
		if err != nil {
			return err
		}
		v, err := orders.Read(ctx, tx, n)
		if err != nil {
			return err
		}
		j, err := orders.ReadJourney(ctx, tx, v.Journey, who(ctx).at)
		if err != nil {
			return err
		}
		out = journey{n.String(), string(j.Stage), j.Fate.Word(j.Stage), j.Late, utc(j.Promised), utc(j.Expected), "/journey/" + v.Journey,
			each(j.Steps, func(s orders.JourneyStep) journeyStep {
				return journeyStep{s.Title, s.Says, string(s.State), utc(s.On)}
			}), parcelsOf(j.Shipments)}
		return nil
	})
	return out, err
}
