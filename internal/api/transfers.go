package api

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"

	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
	"tote/picking"
)

// Transfer is stock that goes from one warehouse to another, as either of them sees it.
type Transfer struct {
	Number  string         `json:"number" doc:"TR-7; the other dock receives it as the expected receipt of this number"`
	From    string         `json:"from"`
	To      string         `json:"to"`
	State   string         `json:"state" enum:"open,sent,received,cancelled"`
	Note    string         `json:"note,omitempty"`
	AskedAt time.Time      `json:"asked_at"`
	SentAt  *time.Time     `json:"sent_at,omitempty"`
	EndedAt *time.Time     `json:"ended_at,omitempty"`
	Lines   []transferLine `json:"lines,omitempty"`
	Takes   []transferTake `json:"takes,omitempty"`
}

type transferLine struct {
	SKU      string `json:"sku"`
	Name     string `json:"name"`
	Quantity int64  `json:"quantity" doc:"Asked for"`
	Taken    int64  `json:"taken" doc:"Out of bins"`
	Arrived  int64  `json:"arrived" doc:"Counted at the other dock, good or not"`
	Damaged  int64  `json:"damaged"`
}

type transferTake struct {
	ID       int64  `json:"id"`
	SKU      string `json:"sku"`
	Lot      string `json:"lot,omitempty"`
	Place    string `json:"place"`
	Quantity int64  `json:"quantity"`
}

func showTransfer(t inventory.Transfer) Transfer {
	return Transfer{t.ID.String(), t.FromName, t.ToName, string(t.State), t.Note, t.AskedAt, utc(t.SentAt), utc(t.EndedAt),
		each(t.Lines, func(l inventory.TransferLine) transferLine {
			return transferLine{l.SKU, l.Name, l.Quantity, l.Taken, l.Arrived, l.Damaged}
		}), each(t.Takes, func(k inventory.TransferTake) transferTake {
			return transferTake{k.ID, k.SKU, k.Lot, k.From, k.Quantity}
		})}
}

func (a *API) listTransfers(ctx context.Context, in *struct {
	Paging
	State string `query:"state" enum:"open,sent,received,cancelled"`
}) (out page[Transfer], err error) {
	before, err := in.afterNumber()
	if err != nil {
		return out, err
	}
	rows, err := inventory.Transfers(ctx, a.DB, who(ctx).house(), inventory.TransferState(in.State), inventory.TransferID(before), in.Limit+1)
	return paged(in.Paging, rows, func(r inventory.TransferRow) string { return digits(r.ID) }, func(r inventory.TransferRow) Transfer { return showTransfer(r.Transfer) }), err
}

type transferForm struct {
	To    string             `json:"to" doc:"The code of the warehouse it goes to"`
	Note  string             `json:"note,omitempty"`
	Lines []expectedFormLine `json:"lines" nullable:"false"`
}

func (a *API) askTransfer(ctx context.Context, tx *sql.Tx, in *Post[transferForm]) (out Transfer, err error) {
	by := who(ctx)
	t := inventory.Transfer{From: by.house(), Note: in.Body.Note}
	houses, err := inventory.Warehouses(ctx, tx)
	if err != nil {
		return out, err
	}
	for _, w := range houses {
		if w.Code == in.Body.To {
			t.To = w.ID
		}
	}
	for _, l := range in.Body.Lines {
		t.Lines = append(t.Lines, inventory.TransferLine{SKU: l.SKU, Quantity: l.Quantity})
	}
	id, err := inventory.AskTransfer(ctx, tx, t, by.ID, by.at)
	if err != nil {
		return out, err
	}
	if err := staff.Audit(ctx, tx, by.ID, "transfer asked", id.String(), in.Body); err != nil {
		return out, err
	}
	return readTransfer(ctx, tx, id)
}

// OfTransfer is a path that names a transfer.
type OfTransfer struct {
	Transfer string `path:"transfer" doc:"TR-7 or 7"`
}

// id is the transfer's, for whoever sends or receives it; another's does not exist.
func (o OfTransfer) id(ctx context.Context, q pg.Querier) (inventory.TransferID, error) {
	n, err := numbered("TR-", segment(o.Transfer))
	if err == nil {
		_, err = inventory.TransferByID(ctx, q, who(ctx).house(), inventory.TransferID(n))
	}
	return inventory.TransferID(n), err
}

func readTransfer(ctx context.Context, q pg.Querier, id inventory.TransferID) (Transfer, error) {
	t, err := inventory.TransferByID(ctx, q, who(ctx).house(), id)
	return showTransfer(t), err
}

func (a *API) getTransfer(ctx context.Context, in *OfTransfer) (out Transfer, err error) {
	id, err := in.id(ctx, a.DB)
	if err != nil {
		return out, err
	}
	return readTransfer(ctx, a.DB, id)
}

type transferPick struct {
	Place    string `json:"place" doc:"The bin, as printed or typed"`
	Item     string `json:"item" doc:"A barcode or a SKU"`
	Lot      string `json:"lot,omitempty" doc:"Where several lie in the bin"`
	Quantity int64  `json:"quantity"`
}

// change does something about the transfer of the path and answers how it is then.
func (o OfTransfer) change(ctx context.Context, tx *sql.Tx, do func(inventory.TransferID, inventory.Movement) error) (out Transfer, err error) {
	by := who(ctx)
	id, err := o.id(ctx, tx)
	if err != nil {
		return out, err
	}
	if err := do(id, inventory.Movement{Staff: by.ID, Scan: uuid.New(), At: by.at}); err != nil {
		return out, err
	}
	return readTransfer(ctx, tx, id)
}

func (a *API) takeForTransfer(ctx context.Context, tx *sql.Tx, in *struct {
	OfTransfer
	Post[transferPick]
}) (Transfer, error) {
	p := inventory.TransferPick{Place: in.Body.Place, Item: in.Body.Item, Lot: in.Body.Lot, Quantity: in.Body.Quantity}
	return in.change(ctx, tx, func(id inventory.TransferID, as inventory.Movement) error {
		return inventory.TakeForTransfer(ctx, tx, who(ctx).house(), id, p, picking.PlannedAt, as)
	})
}

func (a *API) putBackFromTransfer(ctx context.Context, tx *sql.Tx, in *struct {
	OfTransfer
	Take int64 `path:"take"`
	Gone
}) (Transfer, error) {
	return in.change(ctx, tx, func(id inventory.TransferID, as inventory.Movement) error {
		return inventory.PutBackFromTransfer(ctx, tx, who(ctx).house(), id, in.Take, as)
	})
}

type sending struct {
	SSCC  string `json:"sscc,omitempty" doc:"Of the pallet it goes on: the other dock receives all of it by one scan"`
	DueOn string `json:"due_on,omitempty" doc:"2026-11-30"`
}

func (a *API) sendTransfer(ctx context.Context, tx *sql.Tx, in *struct {
	OfTransfer
	Post[sending]
}) (Transfer, error) {
	due, err := readDay("due_on", in.Body.DueOn)
	if err != nil {
		return Transfer{}, err
	}
	return in.change(ctx, tx, func(id inventory.TransferID, as inventory.Movement) error {
		if err := inventory.SendTransfer(ctx, tx, who(ctx).house(), id, in.Body.SSCC, due, as.Staff, as.At); err != nil {
			return err
		}
		return staff.Audit(ctx, tx, as.Staff, "transfer sent", id.String(), in.Body)
	})
}

func (a *API) cancelTransfer(ctx context.Context, tx *sql.Tx, in *struct {
	OfTransfer
	Press
}) (Transfer, error) {
	return in.change(ctx, tx, func(id inventory.TransferID, as inventory.Movement) error {
		if err := inventory.CancelTransfer(ctx, tx, who(ctx).house(), id, as); err != nil {
			return err
		}
		return staff.Audit(ctx, tx, as.Staff, "transfer cancelled", id.String(), nil)
	})
}
