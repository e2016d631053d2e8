package api

import (
	"context"
	"database/sql"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
	"tote/picking"
)

// ZoneBody is how a zone is picked, as it is sent.
type ZoneBody struct {
	Proof    string `json:"proof" doc:"What counts as proof of a pick: bin, item or unit"`
	HandOver string `json:"hand_over,omitempty" doc:"The code of the station, dock or put-wall where its walks begin and end; absent: where all walks do"`
}

type zone struct {
	Zone string `json:"zone"`
	Bins int64  `json:"bins" doc:"One may pick from"`
	ZoneBody
}

type zones struct {
	Data []zone `json:"data" nullable:"false"`
}

func showZone(z picking.ZoneRule) zone {
	return zone{z.Code, z.Bins, ZoneBody{string(z.Proof), z.At}}
}

func (a *API) listZones(ctx context.Context, _ *struct{}) (zones, error) {
	all, err := picking.ZoneRules(ctx, a.DB, who(ctx).house())
	return zones{each(all, showZone)}, err
}

func (a *API) saveZone(ctx context.Context, tx *sql.Tx, in *struct {
	Zone string `path:"zone" doc:"Its code"`
	Put[ZoneBody]
}) (out zone, err error) {
	ids, _, err := a.zoneCodes(ctx, tx)
	if err != nil {
		return out, err
	}
	id, known := ids[segment(in.Zone)]
	if !known {
		return out, fault.New(fault.NotFound, "There is no such zone in this warehouse.")
	}
	rule := picking.ZoneRule{Zone: id, Proof: picking.Proof(in.Body.Proof)}
	if rule.HandOver, err = handOver(ctx, tx, in.Body.HandOver); err != nil {
		return out, err
	}
	if err := picking.SetZone(ctx, tx, who(ctx).house(), rule, who(ctx).ID); err != nil {
		return out, err
	}
	all, err := picking.ZoneRules(ctx, tx, who(ctx).house())
	for _, z := range all {
		if z.Zone == id {
			out = showZone(z)
		}
	}
	return out, err
}

// handOver is the place of a code; -1, which no place has, where nothing has the code.
func handOver(ctx context.Context, q pg.Querier, code string) (inventory.LocationID, error) {
	if code == "" {
		return 0, nil
	}
	l, err := findLocation(ctx, q, code)
	if kind := fault.KindOf(err); kind == fault.NotFound || kind == fault.Invalid {
		return -1, nil
	}
	return l.ID, err
}

type sleeping struct {
	Until *time.Time `json:"until,omitempty" doc:"Absent: it wakes"`
}

func (a *API) sleepTemplate(ctx context.Context, tx *sql.Tx, in *struct {
	OfTemplate
	Post[sleeping]
}) (out waveTemplate, err error) {
	t, err := in.read(ctx, tx)
	if err != nil {
		return out, err
	}
	if u := in.Body.Until; u != nil && (!u.After(who(ctx).at) || u.Year() > 2200) {
		return out, fault.Fields{{Name: "until", Message: "A template sleeps until a time to come; leave it out to wake it."}}
	}
	if err := picking.Sleep(ctx, tx, t.Warehouse, t.ID, in.Body.Until, who(ctx).ID); err != nil {
		return out, err
	}
	_, codes, err := a.zoneCodes(ctx, tx)
	if err != nil {
		return out, err
	}
	t, err = picking.TemplateByID(ctx, tx, t.Warehouse, t.ID)
	return showTemplate(t, codes), err
}

type holiday struct {
	Day  string `json:"day" doc:"2026-12-25"`
	Name string `json:"name,omitempty"`
}

type holidays struct {
	Holidays []holiday `json:"holidays" nullable:"false"`
}

// today is the present day in the time zone of the house.
func today(ctx context.Context, q pg.Querier) (time.Time, error) {
	house, err := inventory.WarehouseByID(ctx, q, who(ctx).house())
	if err != nil {
		return time.Time{}, err
	}
	return who(ctx).at.In(house.Clock()), nil
}

func (a *API) getHolidays(ctx context.Context, _ *struct{}) (holidays, error) {
	return readHolidays(ctx, a.DB)
}

func readHolidays(ctx context.Context, q pg.Querier) (out holidays, err error) {
	from, err := today(ctx, q)
	if err != nil {
		return out, err
	}
	days, err := picking.Holidays(ctx, q, who(ctx).house(), from)
	return holidays{each(days, func(h picking.Holiday) holiday { return holiday{h.Day.Format(time.DateOnly), h.Name} })}, err
}

func (a *API) saveHolidays(ctx context.Context, tx *sql.Tx, in *Put[holidays]) (out holidays, err error) {
	from, err := today(ctx, tx)
	if err != nil {
		return out, err
	}
	var bad fault.Fields
	var days []picking.Holiday
	for i, h := range in.Body.Holidays {
		day, err := picking.ReadHoliday(h.Day, h.Name, from)
		if err != nil {
			bad.Add("holidays", "Holiday %d: %s.", i+1, err)
			continue
		}
		days = append(days, day)
	}
	if err := bad.Err(); err != nil {
		return out, err
	}
	if err := picking.SetHolidays(ctx, tx, who(ctx).house(), from, days, who(ctx).ID); err != nil {
		return out, err
	}
	return readHolidays(ctx, tx)
}
