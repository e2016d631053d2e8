package api

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/shipping"
)

// Return is goods on their way back.
type Return struct {
	Return     string     `json:"return" doc:"R-17"`
	Order      string     `json:"order"`
	State      string     `json:"state" enum:"authorised,received,inspected,cancelled"`
	Origin     string     `json:"origin" enum:"customer,staff,carrier" doc:"carrier: nobody took the parcel"`
	Note       string     `json:"note,omitempty"`
	Units      int64      `json:"units" doc:"Announced"`
	Received   int64      `json:"received"`
	Decided    int64      `json:"decided"`
	Settled    int64      `json:"settled" doc:"With the customer"`
	Authorised *time.Time `json:"authorised,omitempty"`
	Came       *time.Time `json:"came,omitempty"`
	Inspected  *time.Time `json:"inspected,omitempty"`
}

func showReturn(r shipping.Return) Return {
	return Return{r.ID.String(), r.Ref, string(r.State), r.Origin, r.Note, r.Units, r.Received, r.Decided, r.Settled, utc(r.Authorised), utc(r.Came), utc(r.Inspected)}
}

func (a *API) listReturns(ctx context.Context, in *struct {
	Listing
	State string `query:"state" enum:"authorised,received,inspected,cancelled"`
	Order string `query:"order" maxLength:"40" doc:"Of this order: O-1001"`
}) (out page[Return], err error) {
	before, err := in.afterNumber()
	if err != nil {
		return out, err
	}
	rows, err := shipping.Returns(ctx, a.DB, shipping.ReturnFilter{Warehouse: who(ctx).house(), State: shipping.ReturnState(in.State), Ref: in.Order,
		Search: in.Search, Before: shipping.ReturnID(before), Limit: in.Limit + 1})
	return paged(in.Paging, rows, func(r shipping.Return) string { return digits(r.ID) }, showReturn), err
}

type returnFormLine struct {
	Ref      string `json:"ref" doc:"The order line: O-1001.2"`
	Quantity int64  `json:"quantity"`
	Reason   string `json:"reason" enum:"damaged,wrong item,not as described,changed mind,arrived late,other"`
	Wish     string `json:"wish,omitempty" enum:"refund,replacement" doc:"What the customer would like; a refund when absent"`
	Note     string `json:"note,omitempty"`
}

type returnForm struct {
	Order string           `json:"order" doc:"O-1001"`
	Lines []returnFormLine `json:"lines" nullable:"false"`
	Note  string           `json:"note,omitempty"`
}

func (a *API) authorise(ctx context.Context, tx *sql.Tx, in *Post[returnForm]) (out wholeReturn, err error) {
	n, err := orders.ParseNumber(in.Body.Order)
	if err != nil {
		return out, named("order", err)
	}
	by := who(ctx)
	id, err := shipping.Authorise(ctx, tx, shipping.Request{Ref: n.String(), Submission: submission(ctx, in.Key), Note: in.Body.Note, Staff: by.ID, At: by.at,
		Lines: each(in.Body.Lines, func(l returnFormLine) shipping.RequestLine {
			return shipping.RequestLine{Ref: l.Ref, Quantity: l.Quantity, Reason: l.Reason, Wish: l.Wish, Note: l.Note}
		})})
	if err != nil {
		return out, err
	}
	return returnOf(ctx, tx, id)
}

// OfReturn is a path that names a return.
type OfReturn struct {
	Return string `path:"return" doc:"R-17"`
}

// find is the return's id; another warehouse's does not exist here.
func (o OfReturn) find(ctx context.Context, q pg.Querier) (shipping.ReturnID, error) {
	n, err := numbered("R-", segment(o.Return))
	if err != nil {
		return 0, err
	}
	r, err := shipping.FindReturn(ctx, q, shipping.ReturnID(n))
	if err == nil && r.Warehouse != who(ctx).house() {
		err = fault.New(fault.NotFound, "%s belongs to another warehouse.", r.ID)
	}
	return r.ID, err
}

type returnLine struct {
	Ref      string `json:"ref"`
	SKU      string `json:"sku"`
	Name     string `json:"name"`
	Quantity int64  `json:"quantity"`
	Received int64  `json:"received"`
	Decided  int64  `json:"decided"`
	Settled  int64  `json:"settled"`
	Line     int64  `json:"line" doc:"Names it when it is settled"`
	Reason   string `json:"reason"`
	Wish     string `json:"wish,omitempty" enum:"refund,replacement" doc:"Absent for what nobody took"`
	Note     string `json:"note,omitempty"`
}

type decision struct {
	SKU      string     `json:"sku"`
	Name     string     `json:"name"`
	What     string     `json:"what" doc:"restock, quarantine, scrap …"`
	Grade    string     `json:"grade"`
	Quantity int64      `json:"quantity"`
	Note     string     `json:"note,omitempty"`
	By       string     `json:"by"`
	At       *time.Time `json:"at,omitempty"`
}

type wholeReturn struct {
	Return
	Lines       []returnLine `json:"lines" nullable:"false"`
	Decisions   []decision   `json:"decisions" nullable:"false"`
	Settlements []settlement `json:"settlements" nullable:"false"`
}

type settlement struct {
	SKU         string     `json:"sku"`
	What        string     `json:"what" enum:"refund,replacement,nothing"`
	Quantity    int64      `json:"quantity"`
	Amount      *money     `json:"amount,omitempty" doc:"Of a refund, with tax"`
	Replacement string     `json:"replacement,omitempty" doc:"The order that stands in"`
	Reason      string     `json:"reason,omitempty"`
	By          string     `json:"by,omitempty"`
	At          *time.Time `json:"at,omitempty"`
}

func showSettlement(s orders.Settlement) settlement {
	shown := settlement{SKU: s.SKU, What: string(s.What), Quantity: s.Quantity, Reason: s.Reason, By: s.By, At: utc(s.At)}
	if s.What == orders.RemedyRefund {
		amount := showMoney(s.Amount)
		shown.Amount = &amount
	}
	if s.Replacement != 0 {
		shown.Replacement = s.Replacement.String()
	}
	return shown
}

type settleForm struct {
	Lines []settleLine `json:"lines" nullable:"false"`
}

type settleLine struct {
	Line     int64  `json:"line" doc:"Of the return"`
	Quantity int64  `json:"quantity"`
	What     string `json:"what" enum:"refund,replacement,nothing"`
	Amount   *money `json:"amount,omitempty" doc:"Of a refund, with tax"`
	Reason   string `json:"reason,omitempty" doc:"Why there is nothing"`
}

type settled struct {
	Refund      *money `json:"refund,omitempty" doc:"Credited to the order"`
	Replacement string `json:"replacement,omitempty" doc:"The order that stands in: O-1002"`
}

func (a *API) settleReturn(ctx context.Context, tx *sql.Tx, in *struct {
	OfReturn
	Post[settleForm]
}) (out settled, err error) {
	id, err := in.find(ctx, tx)
	if err != nil {
		return out, err
	}
	by := who(ctx)
	s := orders.Settling{Key: submission(ctx, in.Key), Return: id, By: by.ID, At: by.at}
	for i, l := range in.Body.Lines {
		line := orders.SettlingLine{Line: l.Line, Quantity: l.Quantity, What: orders.Remedy(l.What), Reason: l.Reason}
		if l.Amount != nil {
			if line.Amount, err = amountOf(ctx, tx, *l.Amount); err != nil {
				return out, named(fmt.Sprintf("lines.%d.amount", i), err)
			}
		}
		s.Lines = append(s.Lines, line)
	}
	done, err := orders.Settle(ctx, tx, s)
	if err != nil {
		return out, err
	}
	if done.Refund.Minor > 0 {
		amount := showMoney(done.Refund)
		out.Refund = &amount
	}
	if done.Replacement != 0 {
		out.Replacement = done.Replacement.String()
	}
	return out, nil
}

func returnOf(ctx context.Context, q pg.Querier, id shipping.ReturnID) (out wholeReturn, err error) {
	r, err := shipping.FindReturn(ctx, q, id)
	if err != nil {
		return out, err
	}
	lines, err := shipping.ReturnLines(ctx, q, id)
	if err != nil {
		return out, err
	}
	decisions, err := shipping.Decisions(ctx, q, id)
	if err != nil {
		return out, err
	}
	settlements, err := orders.Settlements(ctx, q, id, "")
	return wholeReturn{showReturn(r), each(lines, func(l shipping.ReturnLine) returnLine {
		return returnLine{l.Ref, l.SKU, l.Name, l.Quantity, l.Received, l.Decided, l.Settled, l.ID, l.Reason, l.Wish, l.Note}
	}), each(decisions, func(d shipping.Decision) decision {
		return decision{d.SKU, d.Name, d.What, d.Grade, d.Quantity, d.Note, d.By, utc(d.At)}
	}), each(settlements, showSettlement)}, err
}

func (a *API) getReturn(ctx context.Context, in *OfReturn) (out wholeReturn, err error) {
	err = pg.InReadTx(ctx, a.DB, func(tx *sql.Tx) error {
		id, err := in.find(ctx, tx)
		if err != nil {
			return err
		}
		out, err = returnOf(ctx, tx, id)
		return err
	})
	return out, err
}

func (a *API) startReturn(ctx context.Context, tx *sql.Tx, in *Scanned) (step scan.Step, err error) {
	s, err := in.Body.read(ctx, tx, who(ctx))
	if err != nil {
		return step, err
	}
	if in.Body.Action != "" {
		return shipping.DecideReturnStart(ctx, tx, who(ctx).house(), in.Body.Action, s)
	}
	return shipping.StartReturn(ctx, tx, who(ctx).house(), s)
}

func (a *API) receiveReturn(ctx context.Context, tx *sql.Tx, in *struct {
	OfReturn
	Scanned
}) (step scan.Step, err error) {
	id, err := in.find(ctx, tx)
	if err != nil {
		return step, err
	}
	s, err := in.Body.read(ctx, tx, who(ctx))
	if err != nil {
		return step, err
	}
	switch in.Body.Action {
	case "":
		return shipping.ReceiveReturn(ctx, tx, id, s)
	case undo:
		return shipping.UndoReturn(ctx, tx, id, in.Body.Undo, s)
	case "extra", "leave", "finish", "finish-short", "keep":
		return shipping.DecideReturn(ctx, tx, id, in.Body.Action, s)
	}
	return step, unknownAction(in.Body.Action)
}

func (a *API) inspect(ctx context.Context, tx *sql.Tx, in *struct {
	OfReturn
	Scanned
}) (step scan.Step, err error) {
	id, err := in.find(ctx, tx)
	if err != nil {
		return step, err
	}
	return onlyUndo(ctx, tx, in.Body, who(ctx),
		func(s scan.Scan) (scan.Step, error) { return shipping.Inspect(ctx, tx, id, s) },
		func(key scan.Key, s scan.Scan) (scan.Step, error) { return shipping.UndoJudge(ctx, tx, id, key, s) })
}

type verdict struct {
	Key     uuid.UUID `json:"key" doc:"Made at the verdict, the same for every retry"`
	Grade   string    `json:"grade" enum:"A,B,C,D"`
	What    string    `json:"what" enum:"restock,quarantine,rework,vendor,scrap" doc:"What becomes of the goods in hand; C and D never go back on the shelf"`
	Note    string    `json:"note,omitempty"`
	Station string    `json:"station,omitempty" maxLength:"40"`
}

func (a *API) judge(ctx context.Context, tx *sql.Tx, in *struct {
	OfReturn
	Put[verdict]
}) (step scan.Step, err error) {
	id, err := in.find(ctx, tx)
	if err != nil {
		return step, err
	}
	words := fmt.Sprintf("%s-%s", in.Body.Grade, in.Body.What)
	s, err := pull{Key: in.Body.Key, Code: words, Station: in.Body.Station}.read(ctx, tx, who(ctx))
	if err != nil {
		return step, err
	}
	return shipping.Judge(ctx, tx, id, words, in.Body.Note, s)
}
