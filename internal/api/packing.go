package api

import (
	"context"
	"database/sql"
	"math"
	"time"

	"github.com/google/uuid"

	"tote/internal/pg"
	"tote/internal/scan"
	"tote/packing"
	"tote/picking"
)

type toPack struct {
	Order string     `json:"order"`
	Due   *time.Time `json:"due,omitempty"`
	Units int64      `json:"units"`
	Totes []string   `json:"totes" nullable:"false"`
	Notes string     `json:"notes,omitempty"`
}

func (a *API) listPacking(ctx context.Context, in *struct{ Paging }) (out page[toPack], err error) {
	after, err := in.after()
	if err != nil {
		return out, err
	}
	all, err := packing.Waiting(ctx, a.DB, who(ctx).house(), after, in.Limit+1)
	return paged(in.Paging, all, func(r picking.Report) string { return r.Ref }, func(r picking.Report) toPack {
		return toPack{r.Ref, utc(r.Due), r.Picked - r.Shipped, append([]string{}, r.Totes...), r.Notes}
	}), err
}

func (a *API) bring(ctx context.Context, tx *sql.Tx, in *Scanned) (step scan.Step, err error) {
	by := who(ctx)
	s, err := in.Body.read(ctx, tx, by)
	if err == nil && in.Body.Action != "" {
		err = unknownAction(in.Body.Action)
	}
	if err != nil {
		return step, err
	}
	return packing.Bring(ctx, tx, by.house(), s)
}

// OfOrder is a path that names an order by its reference.
type OfOrder struct {
	Order string `path:"order" doc:"O-1001"`
}

type carton struct {
	Carton  string       `json:"carton" doc:"C-88"`
	Number  int          `json:"number" doc:"Of this order's cartons"`
	State   string       `json:"state" enum:"open,closed,shipped,void"`
	SSCC    string       `json:"sscc,omitempty"`
	Box     string       `json:"box,omitempty"`
	WeightG int64        `json:"weight_g,omitempty"`
	Closed  *time.Time   `json:"closed,omitempty"`
	Lines   []cartonLine `json:"lines" nullable:"false"`

	Materials []usedMaterial `json:"materials" nullable:"false" doc:"What a closed one was packed with"`
}

type cartonLine struct {
	Ref      string `json:"ref" doc:"O-1001.2"`
	SKU      string `json:"sku"`
	Name     string `json:"name"`
	Quantity int64  `json:"quantity"`
}

func showCarton(c packing.Carton) carton {
	out := carton{Carton: c.ID.String(), Number: c.Number, State: string(c.State), SSCC: c.SSCC, Box: c.Box, WeightG: c.WeightG,
		Lines:     each(c.Lines, func(l packing.CartonLine) cartonLine { return cartonLine{l.Ref, l.SKU, l.Name, l.Quantity} }),
		Materials: each(c.Materials, func(u packing.Used) usedMaterial { return usedMaterial{u.SKU, u.Name, u.Used, u.Short} })}
	if c.ClosedAt != nil {
		out.Closed = utc(*c.ClosedAt)
	}
	return out
}

type bench struct {
	Step    scan.Step `json:"step"`
	Cartons []carton  `json:"cartons" nullable:"false"`

	Materials []wantedMaterial `json:"materials" nullable:"false" doc:"What the carton is to be packed with"`
}

func (a *API) showPacking(ctx context.Context, in *struct {
	OfOrder
	Station string `query:"station" maxLength:"40" doc:"The work place that asks, K-3"`
}) (out bench, err error) {
	err = pg.InReadTx(ctx, a.DB, func(tx *sql.Tx) error {
		at, err := stationOf(ctx, tx, in.Station, who(ctx))
		if err != nil {
			return err
		}
		view, err := packing.Read(ctx, tx, segment(in.Order), who(ctx).house())
		if err != nil {
			return err
		}
		out.Cartons = each(view.Cartons, showCarton)
		wanted, err := packing.WantedAt(ctx, tx, view.Ref)
		if err != nil {
			return err
		}
		out.Materials = each(wanted, showWanted)
		out.Step, err = packing.Show(ctx, tx, view.Ref, who(ctx).ID, at)
		return err
	})
	return out, err
}

type suggestion struct {
	Cartons  []suggestedCarton `json:"cartons" nullable:"false"`
	Proven   bool              `json:"proven" doc:"Fewer cartons are impossible"`
	Unsized  []string          `json:"unsized" nullable:"false" doc:"SKUs whose size is not known: they lie in no carton here"`
	Oversize []string          `json:"oversize" nullable:"false" doc:"SKUs that go into no box: each unit is a parcel of its own"`
	TooLarge bool              `json:"too_large,omitempty" doc:"So many units are not laid out one by one"`
}

type suggestedCarton struct {
	Box     string     `json:"box,omitempty" doc:"The code of the box; absent: a parcel without one"`
	VoidPct float64    `json:"void_percent"`
	WeightG int64      `json:"weight_g" doc:"With the box, as far as weights are known"`
	Units   []laidUnit `json:"units" nullable:"false" doc:"In an order in which they can be laid in"`
}

type laidUnit struct {
	SKU  string `json:"sku"`
	At   [3]int `json:"at" doc:"From the left, the back and the bottom, mm"`
	Size [3]int `json:"size" doc:"As it lies there: width, depth and height, mm"`
}

func (a *API) suggestCartons(ctx context.Context, in *OfOrder) (out suggestion, err error) {
	q, err := packing.ReadQuestion(ctx, a.DB, segment(in.Order), who(ctx).house())
	if err != nil {
		return out, err
	}
	s := packing.Suggest(q)
	sku := func(g packing.Good) string { return g.SKU }
	out = suggestion{Proven: s.Proven, Unsized: each(s.Unsized, sku), Oversize: each(s.Oversize, sku), TooLarge: s.TooLarge}
	out.Cartons = each(s.Cartons, func(c packing.Suggested) suggestedCarton {
		return suggestedCarton{c.Box.Code, math.Round(10*c.Void) / 10, c.WeightG,
			each(c.Units, func(u packing.Laid) laidUnit { return laidUnit{u.SKU, u.At, u.Size} })}
	})
	return out, nil
}

func (a *API) pack(ctx context.Context, tx *sql.Tx, in *struct {
	OfOrder
	Scanned
}) (scan.Step, error) {
	ref := segment(in.Order)
	return onlyUndo(ctx, tx, in.Body, who(ctx),
		func(s scan.Scan) (scan.Step, error) { return packing.Put(ctx, tx, ref, s) },
		func(key scan.Key, s scan.Scan) (scan.Step, error) { return packing.Undo(ctx, tx, ref, key, s) })
}

type weight struct {
	Key     uuid.UUID `json:"key" doc:"Made at the weighing, the same for every retry"`
	Grams   int64     `json:"grams" minimum:"1" maximum:"1000000"`
	Station string    `json:"station" maxLength:"40"`
	Box     string    `json:"box,omitempty" maxLength:"40" doc:"The code of the box; needed where boxes are set up, unless it was chosen before"`

	Materials []saidUsed `json:"materials,omitempty" maxItems:"100" doc:"What was used otherwise than proposed"`
}

func (a *API) weigh(ctx context.Context, tx *sql.Tx, in *struct {
	OfOrder
	Put[weight]
}) (step scan.Step, err error) {
	s, err := pull{Key: in.Body.Key, Code: "+1", Station: in.Body.Station}.read(ctx, tx, who(ctx))
	if err != nil {
		return step, err
	}
	if in.Body.Box != "" {
		box, err := packing.FindType(ctx, tx, who(ctx).house(), in.Body.Box)
		if err != nil {
			return step, named("box", err)
		}
		chosen := s
		chosen.Key = uuid.NewSHA1(s.Key, []byte("box")) // a scan of its own, the same for every retry
		if step, err = packing.Choose(ctx, tx, segment(in.Order), box.ID, chosen); err != nil || step.Result == scan.Wrong {
			return step, err
		}
	}
	if err := sayUsed(ctx, tx, segment(in.Order), in.Body.Materials); err != nil {
		return step, err
	}
	return packing.Weigh(ctx, tx, segment(in.Order), in.Body.Grams, s)
}
