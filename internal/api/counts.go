package api

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/scan"
	"tote/inventory"
)

// countTask is a count that somebody asked for.
type countTask struct {
	ID       int64      `json:"id"`
	Location string     `json:"location"`
	SKU      string     `json:"sku,omitempty" doc:"Only this item; absent for all that is in the bin"`
	Reason   string     `json:"reason"`
	Ref      string     `json:"ref,omitempty" doc:"The document it came up with: P-104"`
	Class    string     `json:"class,omitempty" enum:"A,B,C" doc:"Of the bin, if the plan has asked"`
	AskedBy  string     `json:"asked_by,omitempty" doc:"Absent for the system itself"`
	AskedAt  *time.Time `json:"asked_at,omitempty"`
	State    string     `json:"state" enum:"open,counted,cancelled"`
	By       string     `json:"by,omitempty" doc:"Who counts it now, or did"`
	ClosedAt *time.Time `json:"closed_at,omitempty"`
	Differs  int64      `json:"differs,omitempty" doc:"Counts of it with a large difference, which somebody else must find as well"`
	More     int64      `json:"more,omitempty" doc:"Pieces found beyond the books"`
	Fewer    int64      `json:"fewer,omitempty" doc:"Pieces missing"`
}

func showCount(t inventory.CountTask) countTask {
	return countTask{int64(t.ID), t.Code, t.SKU, t.Reason, t.Ref, string(t.Class), t.AskedBy, utc(t.AskedAt), string(t.State), t.By, utc(t.ClosedAt), t.Differs, t.More, t.Fewer}
}

func (a *API) listCounts(ctx context.Context, in *struct {
	Paging
	State string `query:"state" enum:"open,counted,cancelled" doc:"Only this state"`
}) (out page[countTask], err error) {
	before, err := in.afterNumber()
	if err != nil {
		return out, err
	}
	rows, err := inventory.CountTasks(ctx, a.DB, who(ctx).house(), inventory.CountState(in.State), inventory.CountTaskID(before), in.Limit+1)
	return paged(in.Paging, rows, func(t inventory.CountTask) string { return digits(t.ID) }, showCount), err
}

type countRequest struct {
	Location string `json:"location" doc:"The bin, as printed or typed"`
	SKU      string `json:"sku,omitempty" doc:"Only this item; absent for all that is in the bin"`
	Reason   string `json:"reason,omitempty" doc:"asked if absent"`
	Ref      string `json:"ref,omitempty" maxLength:"60"`
}

// askCount answers the counts that the bin waits for.
func (a *API) askCount(ctx context.Context, tx *sql.Tx, in *Post[countRequest]) (out page[countTask], err error) {
	by := who(ctx)
	l, err := findLocation(ctx, tx, in.Body.Location)
	if err != nil {
		return out, named("location", err)
	}
	r := inventory.CountRequest{Warehouse: by.house(), Location: l.ID, Reason: in.Body.Reason, Ref: in.Body.Ref, Staff: by.ID, At: by.at}
	if in.Body.SKU != "" {
		i, err := inventory.FindItem(ctx, tx, in.Body.SKU)
		if err != nil {
			return out, named("sku", err)
		}
		r.Item = i.ID
	}
	if err := inventory.AskCount(ctx, tx, r); err != nil {
		return out, err
	}
	all, err := inventory.CountsOf(ctx, tx, l.ID)
	out.Data = each(all, showCount)
	return out, err
}

type working struct {
	Step scan.Step `json:"step"`
}

func (a *API) getCounting(ctx context.Context, _ *struct{}) (out working, err error) {
	out.Step, err = inventory.ShowCounting(ctx, a.DB, who(ctx).house(), who(ctx).ID)
	return out, err
}

func (a *API) count(ctx context.Context, tx *sql.Tx, in *Scanned) (scan.Step, error) {
	house := who(ctx).house()
	return onlyUndo(ctx, tx, in.Body, who(ctx),
		func(s scan.Scan) (scan.Step, error) { return inventory.Count(ctx, tx, house, s) },
		func(key scan.Key, s scan.Scan) (scan.Step, error) {
			return inventory.UndoCount(ctx, tx, house, key, s)
		})
}

// replenishment is stock that is brought to a pick face.
type replenishment struct {
	ID       int64      `json:"id"`
	SKU      string     `json:"sku"`
	Name     string     `json:"name"`
	From     string     `json:"from"`
	To       string     `json:"to" doc:"The pick face"`
	Quantity int64      `json:"quantity"`
	Carried  int64      `json:"carried,omitempty" doc:"In somebody's hands"`
	Done     int64      `json:"done"`
	Reason   string     `json:"reason" enum:"demand,minimum"`
	State    string     `json:"state" enum:"open,done,cancelled"`
	By       string     `json:"by,omitempty"`
	Created  *time.Time `json:"created,omitempty"`
	ClosedAt *time.Time `json:"closed_at,omitempty"`
}

func showReplenishment(r inventory.Replenishment) replenishment {
	return replenishment{int64(r.ID), r.SKU, r.Name, r.FromCode, r.FaceCode, r.Quantity, r.Carried(), r.Done, r.Reason, r.State, r.By, utc(r.CreatedAt), utc(r.ClosedAt)}
}

func (a *API) listReplenishments(ctx context.Context, in *struct {
	Paging
	State string `query:"state" enum:"open,done,cancelled" doc:"Only this state"`
}) (out page[replenishment], err error) {
	before, err := in.afterNumber()
	if err != nil {
		return out, err
	}
	rows, err := inventory.Replenishments(ctx, a.DB, who(ctx).house(), in.State, inventory.ReplenishmentID(before), in.Limit+1)
	return paged(in.Paging, rows, func(r inventory.Replenishment) string { return digits(r.ID) }, showReplenishment), err
}

func (a *API) getReplenishing(ctx context.Context, _ *struct{}) (out working, err error) {
	out.Step, err = inventory.ShowBringing(ctx, a.DB, who(ctx).house(), who(ctx).ID)
	return out, err
}

func (a *API) bringStock(ctx context.Context, tx *sql.Tx, in *Scanned) (scan.Step, error) {
	house := who(ctx).house()
	return onlyUndo(ctx, tx, in.Body, who(ctx),
		func(s scan.Scan) (scan.Step, error) { return inventory.Bring(ctx, tx, house, s) },
		func(key scan.Key, s scan.Scan) (scan.Step, error) {
			return inventory.UndoBring(ctx, tx, house, key, s)
		})
}
