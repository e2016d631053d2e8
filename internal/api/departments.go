package api

import (
	"context"
	"strconv"
	"time"

	"tote/internal/fault"
	"tote/internal/orders"
)

type department struct {
	Department string `json:"department" enum:"processing,picture check,art,art control,approval,production,picking,packing,shipping"`
	Title      string `json:"title"`
	Orders     int64  `json:"orders" doc:"That are with it"`
	Soon       int64  `json:"soon" doc:"Of them, those whose date is near"`
	Late       int64  `json:"late" doc:"Of them, those whose date is over"`
}

type departments struct {
	Data []department `json:"data" nullable:"false"`
}

func (a *API) listDepartments(ctx context.Context, _ *struct{}) (departments, error) {
	loads, err := orders.Loads(ctx, a.DB, who(ctx).house(), who(ctx).at)
	return departments{each(loads, func(l orders.Load) department {
		return department{string(l.Department), l.Department.Title(), l.Orders, l.Soon, l.Late}
	})}, err
}

type turn struct {
	Order    string     `json:"order"`
	Due      *time.Time `json:"due" doc:"By when the department must be done with it"`
	Stage    string     `json:"stage"`
	Goods    string     `json:"goods" doc:"In a few words"`
	Promised *time.Time `json:"promised"`
	Contact  string     `json:"contact,omitempty" doc:"Of client support"`
}

func (a *API) listTurns(ctx context.Context, in *struct {
	Department string `path:"department" doc:"As list-departments calls it"`
	Paging
}) (out page[turn], err error) {
	d := orders.Department(segment(in.Department))
	if !d.Known() {
		return out, fault.New(fault.NotFound, "There is no such department.")
	}
	after, err := in.afterNumber()
	if err != nil {
		return out, err
	}
	list, err := orders.Turns(ctx, a.DB, who(ctx).house(), d, orders.Number(after), in.Limit+1)
	return paged(in.Paging, list, func(t orders.Turn) string { return strconv.FormatInt(int64(t.Number), 10) }, func(t orders.Turn) turn {
		return turn{t.Number.String(), utc(t.Due), string(t.Stage), t.Goods, utc(t.Promised), t.Contact}
	}), err
}
