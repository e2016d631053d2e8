package api

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"

	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/production"
	"tote/internal/studio"
)

// OutsideOrder is a work order that a partner makes.
type OutsideOrder struct {
	WorkOrderRow
	Partner   string     `json:"partner"`
	With      string     `json:"with" enum:"waiting,handed,accepted,sent,over" doc:"Where it is: waiting to be handed over, handed, accepted, sent to us, over"`
	Goods     string     `json:"goods" enum:"customer,us" doc:"Where the partner sends the pieces"`
	Number    string     `json:"partner_number,omitempty" doc:"The partner's own order number"`
	Since     *time.Time `json:"since"`
	Again     int64      `json:"spoiled_to_ask_again"`
	Fulfiller string     `json:"fulfiller,omitempty"`
	Late      bool       `json:"late"`
	ShipTo    []string   `json:"ship_to,omitempty" doc:"The customer's address, where the pieces go straight to him"`
	Files     []workFile `json:"files,omitempty" doc:"What is handed over, and nothing else"`
}

func showOutside(w production.WorkOrder, now time.Time) OutsideOrder {
	o := OutsideOrder{WorkOrderRow: showWork(w), Partner: w.PartnerName, With: string(w.With), Goods: "us", Number: w.Number, Since: utc(w.Since), Again: w.Again, Fulfiller: w.FulfillerName, Late: w.Late(now)}
	if w.Straight {
		o.Goods = "customer"
	}
	return o
}

func (a *API) listOutside(ctx context.Context, in *struct {
	Paging
	Tab  string `query:"tab" enum:"to hand over,with the partner,on their way,done" doc:"Only these; absent for all that are not over"`
	Mine bool   `query:"mine" doc:"Only those of the token's own person"`
}) (out page[OutsideOrder], err error) {
	after, err := in.afterNumber()
	if err != nil {
		return out, err
	}
	f := production.Outside{Warehouse: who(ctx).house(), Tab: production.Tab(in.Tab), After: production.ID(after), Limit: in.Limit + 1}
	if in.Mine {
		f.Of = who(ctx).ID
	}
	list, err := production.ListOutside(ctx, a.DB, f)
	return paged(in.Paging, list, func(w production.WorkOrder) string { return digits(w.ID) }, func(w production.WorkOrder) OutsideOrder { return showOutside(w, who(ctx).at) }), err
}

func (a *API) readOutside(ctx context.Context, q pg.Querier, text string) (out OutsideOrder, err error) {
	id, err := production.ParseID(segment(text))
	if err != nil {
		return out, err
	}
	w, err := production.GetOutside(ctx, q, who(ctx).house(), id)
	if err != nil {
		return out, err
	}
	out = showOutside(w, who(ctx).at)
	list, err := production.Files(ctx, q, id)
	if err != nil {
		return out, err
	}
	out.Files = each(list, func(f production.File) workFile {
		return workFile{studio.Letter(f.Proof), f.Version, string(f.Hash), f.Name}
	})
	if !w.Straight {
		return out, nil
	}
	n, err := orders.ParseNumber(w.Document)
	if err != nil {
		return out, err
	}
	trip, err := orders.TripOf(ctx, q, n)
	out.ShipTo = trip.Recipient.Lines()
	return out, err
}

// JobPath names a work order.
type JobPath struct {
	Job string `path:"job" doc:"Its number: J-5"`
}

func (a *API) getOutside(ctx context.Context, in *JobPath) (OutsideOrder, error) {
	return a.readOutside(ctx, a.DB, in.Job)
}

// outsideVerb runs what somebody says about a work order of a partner, and answers how it stands.
func (a *API) outsideVerb(ctx context.Context, tx *sql.Tx, job string, do func(production.ID, caller) error) (out OutsideOrder, err error) {
	id, err := production.ParseID(segment(job))
	if err != nil {
		return out, err
	}
	if err := do(id, who(ctx)); err != nil {
		return out, err
	}
	return a.readOutside(ctx, tx, job)
}

type handing struct {
	Number string `json:"number,omitempty" doc:"The partner's own order number, if there is one yet"`
}

func (a *API) handOver(ctx context.Context, tx *sql.Tx, in *struct {
	JobPath
	Post[handing]
}) (OutsideOrder, error) {
	return a.outsideVerb(ctx, tx, in.Job, func(id production.ID, by caller) error {
		return production.HandOver(ctx, tx, by.house(), id, in.Body.Number, by.ID, by.at)
	})
}

func (a *API) acceptOutside(ctx context.Context, tx *sql.Tx, in *struct {
	JobPath
	Press
}) (OutsideOrder, error) {
	return a.outsideVerb(ctx, tx, in.Job, func(id production.ID, by caller) error {
		return production.Accept(ctx, tx, by.house(), id, by.ID, by.at)
	})
}

func (a *API) takeBackOutside(ctx context.Context, tx *sql.Tx, in *struct {
	JobPath
	Press
}) (OutsideOrder, error) {
	return a.outsideVerb(ctx, tx, in.Job, func(id production.ID, by caller) error {
		return production.TakeBack(ctx, tx, by.house(), id, by.ID, by.at)
	})
}

type whyNot struct {
	Reason string `json:"reason"`
}

func (a *API) refuseOutside(ctx context.Context, tx *sql.Tx, in *struct {
	JobPath
	Post[whyNot]
}) (OutsideOrder, error) {
	return a.outsideVerb(ctx, tx, in.Job, func(id production.ID, by caller) error {
		return production.Refuse(ctx, tx, by.house(), id, in.Body.Reason, by.ID, by.at)
	})
}

func (a *API) stopOutside(ctx context.Context, tx *sql.Tx, in *struct {
	JobPath
	Post[whyNot]
}) (OutsideOrder, error) {
	return a.outsideVerb(ctx, tx, in.Job, func(id production.ID, by caller) error {
		return production.Stopped(ctx, tx, by.house(), id, in.Body.Reason, by.ID, by.at)
	})
}

type coming struct {
	How string `json:"how,omitempty" doc:"Carrier and number, or the day"`
}

func (a *API) outsideOnTheWay(ctx context.Context, tx *sql.Tx, in *struct {
	JobPath
	Post[coming]
}) (OutsideOrder, error) {
	return a.outsideVerb(ctx, tx, in.Job, func(id production.ID, by caller) error {
		return production.OnTheWay(ctx, tx, by.house(), id, in.Body.How, by.ID, by.at)
	})
}

type straightSent struct {
	Carrier string `json:"carrier" doc:"Code of a carrier that numbers its parcels itself"`
	Name    string `json:"name,omitempty" doc:"Who really carries it: DHL"`
	Number  string `json:"number" doc:"The tracking number"`
	Parcels int64  `json:"parcels,omitempty" doc:"One where absent"`
}

func (a *API) outsideSent(ctx context.Context, tx *sql.Tx, in *struct {
	JobPath
	Post[straightSent]
}) (OutsideOrder, error) {
	b := in.Body
	return a.outsideVerb(ctx, tx, in.Job, func(id production.ID, by caller) error {
		return orders.SendStraight(ctx, tx, by.house(), id, orders.StraightSent{Carrier: b.Carrier, Name: b.Name, Number: b.Number, Parcels: b.Parcels, Key: uuid.New(), By: by.ID, At: by.at})
	})
}

// PartnerRow is somebody who prints for us.
type PartnerRow struct {
	ID      int64  `json:"id"`
	Name    string `json:"name"`
	Email   string `json:"email,omitempty"`
	Phone   string `json:"phone,omitempty"`
	Days    int    `json:"days" doc:"That they need"`
	Retired bool   `json:"retired"`
}

type partnerList struct {
	Items []PartnerRow `json:"items" nullable:"false"`
}

func (a *API) listPartners(ctx context.Context, _ *struct{}) (out partnerList, err error) {
	list, err := studio.Partners(ctx, a.DB)
	out.Items = each(list, func(p studio.Partner) PartnerRow {
		return PartnerRow{int64(p.ID), p.Name, p.Email, p.Phone, p.Days, p.Retired}
	})
	return out, err
}

func fulfilmentRoutes() []operation {
	const tag = "fulfilment"
	return []operation{
		{"GET", "/partners", "list-partners", "Who prints for us", tag, fulfilmentSees, read((*API).listPartners)},
		{"GET", "/fulfilment", "list-fulfilment", "What partners print, the most urgent first", tag, fulfilmentSees, read((*API).listOutside)},
		{"GET", "/fulfilment/{job}", "get-fulfilment", "A work order of a partner: files, where they go, how it stands", tag, fulfilmentSees, read((*API).getOutside)},
		{"POST", "/fulfilment/{job}/hand-over", "hand-over", "The partner has the files", tag, fulfillers, write(200, (*API).handOver)},
		{"POST", "/fulfilment/{job}/take-back", "take-back-hand-over", "It was not handed over, that was a mistake", tag, fulfillers, write(200, (*API).takeBackOutside)},
		{"POST", "/fulfilment/{job}/accept", "accept-outside", "The partner makes it", tag, fulfillers, write(200, (*API).acceptOutside)},
		{"POST", "/fulfilment/{job}/refuse", "refuse-outside", "The partner does not make it: back to the queue", tag, fulfillers, write(200, (*API).refuseOutside)},
		{"POST", "/fulfilment/{job}/stop", "stop-outside", "The partner stopped it, as we asked", tag, fulfillers, write(200, (*API).stopOutside)},
		{"POST", "/fulfilment/{job}/on-the-way", "outside-on-the-way", "The partner sent the pieces to us", tag, fulfillers, write(200, (*API).outsideOnTheWay)},
		{"POST", "/fulfilment/{job}/sent", "outside-sent", "The partner sent the pieces to the customer: the shipment is dispatched", tag, fulfillers, write(200, (*API).outsideSent)},
	}
}
