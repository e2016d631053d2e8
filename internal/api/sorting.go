package api

import (
	"context"
	"database/sql"
	"slices"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/inventory"
	"tote/picking"
	"tote/picking/route"
)

type slot struct {
	Slot     string `json:"slot" doc:"T-61"`
	Order    string `json:"order,omitempty" doc:"Absent: it is free"`
	There    int64  `json:"there"`
	Asked    int64  `json:"asked"`
	Complete bool   `json:"complete"`
}

type putWall struct {
	Wall  string `json:"wall"`
	Slots []slot `json:"slots" nullable:"false"`
}

type unsorted struct {
	Tote   string `json:"tote"`
	Units  int64  `json:"units"`
	Orders int64  `json:"orders"`
}

type sorting struct {
	Step  scan.Step  `json:"step"`
	Walls []putWall  `json:"walls" nullable:"false"`
	Totes []unsorted `json:"totes" nullable:"false" doc:"That wait for a put-wall, the oldest first, at most 200"`
}

func (a *API) getSorting(ctx context.Context, _ *struct{}) (out sorting, err error) {
	house := who(ctx).house()
	err = pg.InReadTx(ctx, a.DB, func(tx *sql.Tx) (err error) {
		if out.Step, err = picking.ShowSort(ctx, tx, house, who(ctx).ID); err != nil {
			return err
		}
		walls, err := picking.Walls(ctx, tx, house)
		if err != nil {
			return err
		}
		out.Walls = each(walls, func(w picking.WallReport) putWall {
			return putWall{w.Code, each(w.Slots, func(s picking.SlotReport) slot { return slot{s.Code, s.Ref, s.There, s.Asked, s.Complete} })}
		})
		totes, err := picking.ToSort(ctx, tx, house, 200)
		out.Totes = each(totes, func(u picking.Unsorted) unsorted { return unsorted{u.Code, u.Units, u.Orders} })
		return err
	})
	return out, err
}

func (a *API) sort(ctx context.Context, tx *sql.Tx, in *Scanned) (step scan.Step, err error) {
	house := who(ctx).house()
	return onlyUndo(ctx, tx, in.Body, who(ctx),
		func(s scan.Scan) (scan.Step, error) { return picking.Sort(ctx, tx, house, s) },
		func(key scan.Key, s scan.Scan) (scan.Step, error) { return picking.UndoSort(ctx, tx, house, key, s) })
}

// pickRules are how a warehouse is walked and picked.
type pickRules struct {
	Method    string       `json:"method" doc:"Of a list somebody asks for: piece, cluster, batch or zone"`
	List      picking.Load `json:"list" doc:"The most that one list holds; absent is no limit, totes are needed"`
	Policy    string       `json:"policy" doc:"How a list is walked: exact, s-shape, return, midpoint, largest-gap, combined or location-order"`
	Urgent    int          `json:"urgent_from" doc:"The priority from which an order joins carts on their way; 10 is never"`
	ZeroCheck bool         `json:"zero_check" doc:"Ask whether a bin is empty when it should be"`
	WalkMMS   int64        `json:"walk_mm_s"`
	StopS     int64        `json:"stop_s"`
	UnitS     int64        `json:"unit_s"`
	CrossY    []int64      `json:"cross_y" nullable:"false" doc:"Of each cross-aisle, mm from the front; empty: found from the gaps between bins"`
	Depot     string       `json:"depot,omitempty" doc:"The code of the place where walks begin and end; absent: the middle of the packing stations"`
	Version   int64        `json:"version" doc:"As it was read, 0 before anybody set any; a change by somebody else in between is a conflict"`
}

// ruleNames are the fields of rules as the document has them, by the names that their check uses.
var ruleNames = map[string]string{"totes": "list.totes", "lines": "list.lines", "units": "list.units", "weight_g": "list.weight_g", "volume_cm3": "list.volume_cm3", "urgent": "urgent_from"}

func showRules(ctx context.Context, q pg.Querier, r picking.Rules) (out pickRules, err error) {
	out = pickRules{Method: string(r.Method), List: r.List, Policy: r.Policy.String(), Urgent: r.Urgent, ZeroCheck: r.ZeroCheck, WalkMMS: r.WalkMMS, StopS: r.StopS, UnitS: r.UnitS,
		CrossY: append([]int64{}, r.CrossY...), Version: r.Version}
	if r.Depot == 0 {
		return out, nil
	}
	l, err := inventory.LocationByID(ctx, q, r.Depot)
	out.Depot = l.Printed()
	return out, err
}

func (a *API) getRules(ctx context.Context, _ *struct{}) (out pickRules, err error) {
	r, err := picking.ReadRules(ctx, a.DB, who(ctx).house())
	if err != nil {
		return out, err
	}
	return showRules(ctx, a.DB, r)
}

func (a *API) saveRules(ctx context.Context, tx *sql.Tx, in *Put[pickRules]) (out pickRules, err error) {
	b := in.Body
	r := picking.Rules{Method: picking.Method(b.Method), List: b.List, Urgent: b.Urgent, ZeroCheck: b.ZeroCheck, WalkMMS: b.WalkMMS, StopS: b.StopS, UnitS: b.UnitS, CrossY: slices.Clone(b.CrossY), Version: b.Version}
	var bad fault.Fields
	if r.Policy, err = route.ParsePolicy(b.Policy); err != nil {
		bad.Add("policy", "Lists are walked by one of exact, s-shape, return, midpoint, largest-gap, combined, location-order.")
	}
	if b.Depot != "" {
		l, err := findLocation(ctx, tx, b.Depot)
		if kind := fault.KindOf(err); kind == fault.NotFound || kind == fault.Invalid {
			bad.Add("depot", "%s", fault.Message(err))
		} else if err != nil {
			return out, err
		}
		r.Depot = l.ID
	}
	bad = append(bad, fault.FieldsOf(renamed(picking.CheckRules(r), ruleNames))...)
	if err := bad.Err(); err != nil {
		return out, err
	}
	if err := picking.SaveRules(ctx, tx, who(ctx).house(), r, who(ctx).ID); err != nil {
		return out, renamed(err, ruleNames)
	}
	if r, err = picking.ReadRules(ctx, tx, who(ctx).house()); err != nil {
		return out, err
	}
	return showRules(ctx, tx, r)
}
