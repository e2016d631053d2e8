package api

import (
	"context"
	"database/sql"

	"tote/inventory"
)

type roundRequest struct {
	Location string `json:"location,omitempty" doc:"Any location of the tree, a zone or an aisle: all bins in it; absent: everywhere"`
	SKU      string `json:"sku,omitempty" doc:"Only bins with this item, and it alone"`
	Class    string `json:"class,omitempty" doc:"Only bins with items of this class: A, B or C"`
	Empty    bool   `json:"empty,omitempty" doc:"Also bins that hold nothing by the books"`
}

type round struct {
	Bins   int64 `json:"bins" doc:"That wait to be counted now"`
	Waited int64 `json:"waited" doc:"Of them, those that waited before"`
}

// askRound asks for many counts at once.
func (a *API) askRound(ctx context.Context, tx *sql.Tx, in *Post[roundRequest]) (out round, err error) {
	by := who(ctx)
	r := inventory.Round{Warehouse: by.house(), Class: inventory.Class(in.Body.Class), Empty: in.Body.Empty, Staff: by.ID, At: by.at}
	var bad wrongFields
	if in.Body.Location != "" {
		l, err := findLocation(ctx, tx, in.Body.Location)
		if err := bad.note("location", err); err != nil {
			return out, err
		}
		r.Under = l.ID
	}
	if in.Body.SKU != "" {
		i, err := inventory.FindItem(ctx, tx, in.Body.SKU)
		if err := bad.note("sku", err); err != nil {
			return out, err
		}
		r.Item = i.ID
	}
	if err := bad.Err(); err != nil {
		return out, err
	}
	out.Bins, out.Waited, err = inventory.AskRound(ctx, tx, r)
	return out, err
}

// classPlan is how far the counting of a class is. A bin is of the class of the busiest item in it.
type classPlan struct {
	Class    string `json:"class" enum:"A,B,C"`
	Every    int64  `json:"every_days" doc:"0 is never by plan"`
	ADay     int64  `json:"a_day" doc:"Bins that are asked for in one day at most"`
	Items    int64  `json:"items" doc:"That lie in bins"`
	Bins     int64  `json:"bins" doc:"That hold something"`
	Due      int64  `json:"due" doc:"Bins whose day has come"`
	Waiting  int64  `json:"waiting" doc:"Bins that were asked for and are not counted yet"`
	OnTime   int64  `json:"on_time" doc:"Bins whose day has not come"`
	Counts   int64  `json:"counts" doc:"Of bins, in the last 30 days"`
	Right    int64  `json:"right" doc:"Of them, those where every item was as the books said"`
	Expected int64  `json:"expected" doc:"Pieces on the books where they were counted"`
	Net      int64  `json:"net" doc:"Pieces found less pieces missing"`
	Off      int64  `json:"off" doc:"Pieces found and pieces missing together"`
}

type countPlan struct {
	Data []classPlan `json:"data" nullable:"false"`
}

func (a *API) countPlan(ctx context.Context, _ *struct{}) (out countPlan, err error) {
	by := who(ctx)
	plan, err := inventory.CountPlan(ctx, a.DB, by.house(), by.at)
	if err != nil {
		return out, err
	}
	right, err := inventory.CountAccuracy(ctx, a.DB, by.house(), by.at.AddDate(0, 0, -30))
	if err != nil {
		return out, err
	}
	for i, p := range plan {
		r := right[i]
		out.Data = append(out.Data, classPlan{string(p.Class), p.Every, p.ADay, p.Items, p.Bins, p.Due, p.Waiting, p.OnTime(), r.Counted, r.Right, r.Book, r.Net, r.Off})
	}
	return out, nil
}
