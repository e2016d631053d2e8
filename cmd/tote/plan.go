package main

import (
	"context"
	"encoding/json"
	"os"

	"tote/picking/route"
)

// plan is "tote plan": what could be walked, and packed. Route, batch and boxes read one JSON object a line and answer each with one, in
// their order, without a database.
type plan struct {
	Route planRoute `cmd:"" help:"The shortest walk for each pick list: one JSON object a line in, one out."`
	Batch planBatch `cmd:"" help:"Orders put into batches that walk little together: one JSON object a line in, one out."`
	Boxes planBoxes `cmd:"" help:"Which cartons, and where each item lies in them: one JSON object a line in, one out."`
	Day   planDay   `cmd:"" help:"What the demo's real orders are walked, as lists are made elsewhere and as Tote makes them."`
}

// planRoute is "tote plan route". A question is
//
//	{"id": "17", "aisle_x": [0, 5, 10], "cross_y": [0, 20], "depot": {"aisle": 0, "cross": 0}, "picks": [[1, 7.5], [2, 3]]}
//
// and its answer {"id": "17", "length": 35, "walk": [[0, 0], [1, 0], [1, 7.5], …]}: a closed walk from the depot over every
// pick, naming every pick and crossing it passes as [aisle, y]. A depot that is at no aisle's end is
// {"x": 7.5, "cross": 0}; its aisle in the walk is then a fraction, 1.5 halfway from aisle 1 to aisle 2, and below 0 or
// above the last one beside them. "end", in the form of "depot", is where the walk ends when that is elsewhere.
// Numbers may be fractions; lengths are exact, in the unit of the question.
type planRoute struct {
	Policy  string `env:"TOTE_PLAN_POLICY" enum:"exact,s-shape,return,midpoint,largest-gap,combined,location-order" default:"exact" help:"How walks are made: ${enum}."`
	Compare bool   `env:"TOTE_PLAN_COMPARE" help:"Say with each walk how long it would be in the order of locations, and by S-shape."`
}

// Run answers standard input.
func (p planRoute) Run(ctx context.Context) error {
	policy, err := route.ParsePolicy(p.Policy)
	if err != nil {
		return err
	}
	return answerLines(ctx, os.Stdin, os.Stdout, os.Stderr, func(line []byte) (json.RawMessage, any, error) {
		return p.answer(policy, line)
	})
}

// walkAnswer is a walk as it is written.
type walkAnswer struct {
	ID            json.RawMessage      `json:"id"`
	Length        json.RawMessage      `json:"length"`
	LocationOrder json.RawMessage      `json:"location_order,omitempty"`
	SShape        json.RawMessage      `json:"s_shape,omitempty"`
	Walk          [][2]json.RawMessage `json:"walk"`
}

// answer is that to one line. The id is what was read of it, also when the rest is wrong.
func (p planRoute) answer(policy route.Policy, line []byte) (id json.RawMessage, answer any, err error) {
	f, id, err := readFields(line)
	if err != nil {
		return id, nil, err
	}
	g, err := f.ground()
	if err != nil {
		return id, nil, err
	}
	picks, err := f.picks("picks", g)
	if err != nil {
		return id, nil, err
	}
	layout, err := g.layout(picks)
	if err != nil {
		return id, nil, err
	}
	r, err := route.New(layout)
	if err != nil {
		return id, nil, err
	}
	stops := g.stops(picks)
	w, err := r.WalkBy(policy, stops)
	if err != nil {
		return id, nil, err
	}
	a := walkAnswer{ID: id, Length: g.number(w.Length), Walk: make([][2]json.RawMessage, 0, len(w.Points))}
	for _, p := range w.Points {
		a.Walk = append(a.Walk, [2]json.RawMessage{aisleAt(layout, p.X), g.number(p.Y)})
	}
	if p.Compare {
		err = p.compare(&a, g, r, stops)
	}
	return id, a, err
}

// compare adds what simpler walks would have.
func (planRoute) compare(a *walkAnswer, g *ground, r *route.Router, stops []route.Stop) error {
	for policy, into := range map[route.Policy]*json.RawMessage{route.LocationOrder: &a.LocationOrder, route.SShape: &a.SShape} {
		long, err := r.LengthBy(policy, stops)
		if err != nil {
			return err
		}
		*into = g.number(long)
	}
	return nil
}
