package api

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/picking"
)

type expectedLine struct {
	Line     int    `json:"line"`
	SKU      string `json:"sku"`
	Name     string `json:"name"`
	Quantity int64  `json:"quantity"`
	Good     int64  `json:"good" doc:"Came whole, on all receipts"`
	Damaged  int64  `json:"damaged"`
}

// Expected is a supplier's promise.
type Expected struct {
	Number    string         `json:"number"`
	Kind      string         `json:"kind" enum:"po,asn"`
	Supplier  string         `json:"supplier"`
	DueOn     string         `json:"due_on,omitempty" format:"date"`
	State     string         `json:"state" enum:"open,received,closed"`
	CloseNote string         `json:"close_note,omitempty"`
	Lines     []expectedLine `json:"lines,omitempty"`
}

func showExpected(e inventory.ExpectedReceipt) Expected {
	return Expected{e.Number, e.Kind, e.Supplier, day(e.DueOn), e.State, e.CloseNote, each(e.Lines, func(l inventory.ExpectedLine) expectedLine {
		return expectedLine{l.Line, l.SKU, l.Name, l.Quantity, l.Good, l.Damaged}
	})}
}

type expectedSummary struct {
	Expected
	LineCount int   `json:"line_count"`
	Units     int64 `json:"units"`
	Arrived   int64 `json:"arrived"`
	Receipts  int   `json:"receipts"`
}

func (a *API) listExpected(ctx context.Context, in *struct {
	Listing
	State string `query:"state" enum:"open,received,closed"`
}) (out page[expectedSummary], err error) {
	after, err := in.afterNumber()
	if err != nil {
		return out, err
	}
	rows, err := inventory.ExpectedList(ctx, a.DB, who(ctx).house(), inventory.ExpectedFilter{
		State: in.State, Search: in.Search, After: inventory.ExpectedID(after), Limit: in.Limit + 1})
	return paged(in.Paging, rows, func(e inventory.ExpectedSummary) string { return digits(e.ID) }, func(e inventory.ExpectedSummary) expectedSummary {
		return expectedSummary{showExpected(e.ExpectedReceipt), e.LineCount, e.Units, e.Arrived, e.Receipts}
	}), err
}

type expectedFormLine struct {
	SKU      string `json:"sku"`
	Quantity int64  `json:"quantity"`
}

type expectedForm struct {
	Number   string             `json:"number"`
	Kind     string             `json:"kind,omitempty" doc:"po or asn; po if absent"`
	Supplier string             `json:"supplier"`
	DueOn    string             `json:"due_on,omitempty" doc:"2026-11-30"`
	Lines    []expectedFormLine `json:"lines" nullable:"false"`
}

func (a *API) expect(ctx context.Context, tx *sql.Tx, in *Post[expectedForm]) (out Expected, err error) {
	f := in.Body
	due, err := readDay("due_on", f.DueOn)
	if err != nil {
		return out, err
	}
	e := inventory.ExpectedReceipt{Number: f.Number, Kind: f.Kind, Warehouse: who(ctx).house(), Supplier: f.Supplier, DueOn: due}
	if e.Kind == "" {
		e.Kind = "po"
	}
	for i, l := range f.Lines {
		e.Lines = append(e.Lines, inventory.ExpectedLine{Line: i + 1, SKU: l.SKU, Quantity: l.Quantity})
	}
	ids, err := inventory.Expect(ctx, tx, e)
	if err != nil {
		return out, err
	}
	e, err = inventory.ExpectedByID(ctx, tx, who(ctx).house(), ids[0])
	return showExpected(e), err
}

type OfExpected struct {
	Number string `path:"number"`
}

func (a *API) getExpected(ctx context.Context, in *OfExpected) (Expected, error) {
	e, err := inventory.ExpectedByNumber(ctx, a.DB, who(ctx).house(), segment(in.Number))
	return showExpected(e), err
}

type reason struct {
	Reason string `json:"reason,omitempty"`
}

func (a *API) closeExpected(ctx context.Context, tx *sql.Tx, in *struct {
	OfExpected
	Post[reason]
}) (out Expected, err error) {
	by, number := who(ctx), segment(in.Number)
	if err := inventory.CloseExpected(ctx, tx, by.house(), number, in.Body.Reason, by.ID, by.at); err != nil {
		return out, err
	}
	if err := staff.Audit(ctx, tx, by.ID, "close expected", number, map[string]string{"reason": in.Body.Reason}); err != nil {
		return out, err
	}
	e, err := inventory.ExpectedByNumber(ctx, tx, by.house(), number)
	return showExpected(e), err
}

// Receipt is one truck at one dock.
type Receipt struct {
	ID       int64      `json:"id"`
	Number   string     `json:"number" doc:"RC-7"`
	Dock     string     `json:"dock"`
	Open     bool       `json:"open"`
	OpenedBy string     `json:"opened_by"`
	OpenedAt *time.Time `json:"opened_at,omitempty"`
	ClosedAt *time.Time `json:"closed_at,omitempty"`
	Expected []string   `json:"expected" nullable:"false" doc:"The numbers that are on it"`
	Units    int64      `json:"units" doc:"That came, good or not"`
}

func showReceipt(r inventory.Receipt) Receipt {
	return Receipt{int64(r.ID), r.ID.String(), r.DockCode, r.Open, r.OpenedBy, utc(r.OpenedAt), utc(r.ClosedAt), append([]string{}, r.Numbers...), r.Units}
}

func (a *API) listReceipts(ctx context.Context, in *struct{ Paging }) (out page[Receipt], err error) {
	before, err := in.afterNumber()
	if err != nil {
		return out, err
	}
	all, err := inventory.ReceiptsBefore(ctx, a.DB, who(ctx).house(), inventory.ReceiptID(before), in.Limit+1)
	return paged(in.Paging, all, func(r inventory.Receipt) string { return digits(r.ID) }, showReceipt), err
}

func (a *API) startReceiving(ctx context.Context, tx *sql.Tx, in *Scanned) (step scan.Step, err error) {
	by := who(ctx)
	s, err := in.Body.read(ctx, tx, by)
	if err == nil && in.Body.Action != "" {
		err = unknownAction(in.Body.Action)
	}
	if err != nil {
		return step, err
	}
	return inventory.StartReceiving(ctx, tx, by.house(), s)
}

type OfReceipt struct {
	Receipt int64 `path:"receipt" minimum:"1" doc:"7 of RC-7"`
}

// find reads the receipt; another warehouse's does not exist here.
func (o OfReceipt) find(ctx context.Context, q pg.Querier) (r inventory.Receipt, err error) {
	r, err = inventory.ReceiptOf(ctx, q, inventory.ReceiptID(o.Receipt))
	if err == nil && r.Warehouse != who(ctx).house() {
		err = fault.New(fault.NotFound, "%s belongs to another warehouse.", r.ID)
	}
	return r, err
}

type receiptLine struct {
	SKU      string `json:"sku"`
	Name     string `json:"name"`
	Expected string `json:"expected,omitempty" doc:"The number it was expected under"`
	Wanted   int64  `json:"wanted"`
	Here     int64  `json:"here" doc:"On this receipt, in this condition"`
	State    string `json:"state,omitempty"`
	Differs  string `json:"differs,omitempty" doc:"How it differs from what was expected"`
	By       int64  `json:"by,omitempty"`
	Reason   string `json:"reason,omitempty"`
}

func showReceiptLine(l inventory.ReceiptLine) receiptLine {
	kind, n := l.Discrepancy()
	return receiptLine{l.SKU, l.Name, l.Number, l.Wanted, l.Here, l.State, kind, n, l.Reason}
}

type receiptWithLines struct {
	Receipt
	Lines []receiptLine `json:"lines" nullable:"false"`
	Step  scan.Step     `json:"step"`
}

func (a *API) getReceipt(ctx context.Context, in *OfReceipt) (out receiptWithLines, err error) {
	err = pg.InReadTx(ctx, a.DB, func(tx *sql.Tx) error {
		r, err := in.find(ctx, tx)
		if err != nil {
			return err
		}
		lines, err := inventory.ReceiptLines(ctx, tx, r.ID)
		if err != nil {
			return err
		}
		step, err := inventory.ShowReceipt(ctx, tx, r.ID, who(ctx).ID)
		out = receiptWithLines{showReceipt(r), each(lines, showReceiptLine), step}
		return err
	})
	return out, err
}

func (a *API) receive(ctx context.Context, tx *sql.Tx, in *struct {
	OfReceipt
	Scanned
}) (step scan.Step, err error) {
	r, err := in.find(ctx, tx)
	if err != nil {
		return step, err
	}
	return onlyUndo(ctx, tx, in.Body, who(ctx),
		func(s scan.Scan) (scan.Step, error) { return inventory.Receive(ctx, tx, r.ID, picking.ToteUsedBy, s) },
		func(key scan.Key, s scan.Scan) (scan.Step, error) {
			return inventory.UndoReceived(ctx, tx, r.ID, key, s)
		})
}

type putawayTask struct {
	SKU     string     `json:"sku"`
	Name    string     `json:"name"`
	Lot     string     `json:"lot,omitempty" doc:"Its lot or serial number"`
	From    string     `json:"from"`
	Left    int64      `json:"left" doc:"How many still wait"`
	Ref     string     `json:"ref"`
	By      string     `json:"by,omitempty" doc:"Who carries it"`
	To      string     `json:"to,omitempty" doc:"Where to, while it is carried"`
	Why     string     `json:"why,omitempty" doc:"Why there"`
	Created *time.Time `json:"created,omitempty"`
}

func showPutaway(t inventory.PutawayTask) putawayTask {
	return putawayTask{t.SKU, t.Name, t.LotCode, t.FromCode, t.Left(), t.Ref, t.By, t.ToCode, t.Why, utc(t.CreatedAt)}
}

type putaway struct {
	Step  scan.Step     `json:"step"`
	Tasks []putawayTask `json:"tasks" nullable:"false" doc:"The oldest first"`
	Next  string        `json:"next,omitempty" doc:"The cursor of the next tasks; absent when these are the last"`
}

func (a *API) getPutaway(ctx context.Context, in *struct{ Paging }) (out putaway, err error) {
	after, err := in.afterNumber()
	if err != nil {
		return out, err
	}
	by := who(ctx)
	if out.Step, err = inventory.ShowPutaway(ctx, a.DB, by.house(), by.ID); err != nil {
		return out, err
	}
	tasks, err := inventory.PutawayTasks(ctx, a.DB, by.house(), inventory.TaskID(after), in.Limit+1)
	list := paged(in.Paging, tasks, func(t inventory.PutawayTask) string { return digits(t.ID) }, showPutaway)
	out.Tasks, out.Next = list.Data, list.Next
	return out, err
}

func (a *API) putAway(ctx context.Context, tx *sql.Tx, in *Scanned) (scan.Step, error) {
	house := who(ctx).house()
	return onlyUndo(ctx, tx, in.Body, who(ctx),
		func(s scan.Scan) (scan.Step, error) { return inventory.PutAway(ctx, tx, house, s) },
		func(key scan.Key, s scan.Scan) (scan.Step, error) {
			return inventory.UndoPutAway(ctx, tx, house, key, s)
		})
}
