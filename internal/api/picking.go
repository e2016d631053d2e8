package api

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/scan"
	"tote/picking"
)

type pickList struct {
	List     string     `json:"list" doc:"P-104"`
	State    string     `json:"state" enum:"released,started,picked,cancelled"`
	Method   string     `json:"method" doc:"piece, cluster, batch or zone"`
	Wave     string     `json:"wave,omitempty" doc:"W-7"`
	Zone     string     `json:"zone,omitempty"`
	Picker   string     `json:"picker,omitempty"`
	Orders   []string   `json:"orders" nullable:"false"`
	Tote     string     `json:"tote,omitempty"`
	Due      *time.Time `json:"due,omitempty"`
	Started  *time.Time `json:"started,omitempty"`
	Finished *time.Time `json:"finished,omitempty"`
	Stops    int64      `json:"stops" doc:"Still to go to"`
	Done     int64      `json:"done" doc:"Units"`
	Total    int64      `json:"total"`
	Short    int64      `json:"short"`
	Planned  int64      `json:"planned_mm"`
	Walked   int64      `json:"walked_mm" doc:"So far"`
}

func showList(l picking.ListReport) pickList {
	out := pickList{List: l.ID.String(), State: string(l.State), Picker: l.Name, Orders: append([]string{}, l.Refs...), Tote: l.Tote, Due: utc(l.Due),
		Stops: l.Stops, Done: l.Done, Total: l.Total, Short: l.Short,
		Method: string(l.Method), Zone: l.Zone, Planned: l.Planned, Walked: l.Walked}
	if l.Wave != 0 {
		out.Wave = l.Wave.String()
	}
	if l.Started != nil {
		out.Started = utc(*l.Started)
	}
	if l.Finished != nil {
		out.Finished = utc(*l.Finished)
	}
	return out
}

func (a *API) listPickLists(ctx context.Context, in *struct {
	Paging
	State []picking.ListState `query:"state" enum:"released,started,picked,cancelled" nullable:"false" doc:"One or several, with commas between; released and started if absent"`
}) (out page[pickList], err error) {
	after, err := in.afterNumber()
	if err != nil {
		return out, err
	}
	if len(in.State) == 0 {
		in.State = []picking.ListState{picking.ListReleased, picking.ListStarted}
	}
	all, err := picking.Lists(ctx, a.DB, who(ctx).house(), picking.ListID(after), in.Limit+1, in.State...)
	return paged(in.Paging, all, func(l picking.ListReport) string { return digits(l.ID) }, showList), err
}

// OfList is a path that names a pick list.
type OfList struct {
	List string `path:"list" doc:"P-104 or 104"`
}

func (o OfList) id() (picking.ListID, error) {
	n, err := numbered("P-", segment(o.List))
	return picking.ListID(n), err
}

// numbered reads P-104 or 104.
func numbered(prefix, text string) (int64, error) {
	digits := text
	if len(text) > len(prefix) && strings.EqualFold(text[:len(prefix)], prefix) {
		digits = text[len(prefix):]
	}
	n, err := strconv.ParseUint(digits, 10, 63)
	if err != nil || n == 0 {
		return 0, fault.New(fault.NotFound, "There is nothing with that number. It looks like %s17.", prefix)
	}
	return int64(n), nil
}

type listWithStep struct {
	List string    `json:"list"`
	Step scan.Step `json:"step"`
}

func (a *API) nextWork(ctx context.Context, tx *sql.Tx, _ *Press) (out listWithStep, err error) {
	by := who(ctx)
	list, err := picking.NextWork(ctx, tx, by.house(), by.ID, by.at)
	if err != nil {
		return out, err
	}
	step, err := picking.Show(ctx, tx, list, by.ID)
	return listWithStep{list.String(), step}, err
}

func (a *API) showList(ctx context.Context, in *OfList) (out listWithStep, err error) {
	list, err := in.id()
	if err != nil {
		return out, err
	}
	if err := picking.InWarehouse(ctx, a.DB, list, who(ctx).house()); err != nil {
		return out, err
	}
	step, err := picking.Show(ctx, a.DB, list, who(ctx).ID)
	return listWithStep{list.String(), step}, err
}

type takenBack struct {
	List pickList `json:"list"`
}

// takeBackList takes a list back that nobody has begun; its orders wait for another one.
func (a *API) takeBackList(ctx context.Context, tx *sql.Tx, in *struct {
	OfList
	Press
}) (out takenBack, err error) {
	list, err := in.id()
	if err != nil {
		return out, err
	}
	if err := picking.InWarehouse(ctx, tx, list, who(ctx).house()); err != nil {
		return out, err
	}
	if _, err := picking.TakeBack(ctx, tx, who(ctx).house(), list); err != nil {
		return out, err
	}
	l, err := picking.ListByID(ctx, tx, who(ctx).house(), list)
	out.List = showList(l)
	return out, err
}

func (a *API) pick(ctx context.Context, tx *sql.Tx, in *struct {
	OfList
	Scanned
}) (step scan.Step, err error) {
	list, err := in.id()
	if err != nil {
		return step, err
	}
	return onlyUndo(ctx, tx, in.Body, who(ctx),
		func(s scan.Scan) (scan.Step, error) { return picking.Take(ctx, tx, list, s) },
		func(key scan.Key, s scan.Scan) (scan.Step, error) { return picking.Undo(ctx, tx, list, key, s) })
}
