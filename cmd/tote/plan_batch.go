package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"

	"tote/picking/route"
)

// planBatch is "tote plan batch". A question is
//
//	{"id": "17", "aisle_x": [0, 5, 10], "cross_y": [0, 20], "depot": {"aisle": 0, "cross": 0}, "capacity_lines": 8,
//	 "orders": [[[1, 7.5], [2, 3]], [[0, 2]], …]}
//
// its orders lists of [aisle, y], each of them a line, and its answer {"id": "17", "length": 756, "batches": [[0, 2], [1], …]}:
// every order by its index in one batch, none of more lines than the capacity, and the length of a shortest walk for
// each batch, added up. The ground is written as for "tote plan route".
type planBatch struct {
	Seconds float64 `env:"TOTE_PLAN_SECONDS" default:"1" help:"How long to look at each question, at most; less where nothing better can be found."`
	Steps   int     `env:"TOTE_PLAN_STEPS" help:"Look for so many steps instead, about a million a second: the answer is then always the same."`
	Seed    uint64  `env:"TOTE_PLAN_SEED" help:"Where chance begins."`
	Policy  string  `env:"TOTE_PLAN_POLICY" enum:"exact,s-shape,return,midpoint,largest-gap,combined,location-order" default:"exact" help:"How walks are made: ${enum}."`
	Bound   bool    `env:"TOTE_PLAN_BOUND" help:"Say with each plan what no plan is shorter than, where that is known."`
}

// mostSeconds is a day.
const mostSeconds = 24 * 60 * 60

// Run answers standard input. One question has all processors at a time, for it was promised seconds of its own.
func (p planBatch) Run(ctx context.Context) error {
	answer, err := p.answers()
	if err != nil {
		return err
	}
	return answerLines(ctx, os.Stdin, os.Stdout, os.Stderr, answer)
}

// answers is what answers lines, if the flags make sense.
func (p planBatch) answers() (func(line []byte) (json.RawMessage, any, error), error) {
	policy, err := route.ParsePolicy(p.Policy)
	if err != nil {
		return nil, err
	}
	if !(p.Seconds > 0 && p.Seconds <= mostSeconds) || p.Steps < 0 {
		return nil, fmt.Errorf("seconds are above 0 and at most %d, steps not below 0", mostSeconds)
	}
	var turn sync.Mutex
	return func(line []byte) (json.RawMessage, any, error) {
		q, id, err := readBatchQuestion(line)
		if err != nil {
			return id, nil, err
		}
		turn.Lock()
		defer turn.Unlock()
		a, err := q.answer(p.options(policy))
		a.ID = id
		if !p.Bound {
			a.Bound = nil
		}
		return id, a, err
	}, nil
}

// options begin to count the time.
func (p planBatch) options(policy route.Policy) route.Options {
	o := route.Options{Policy: policy, Seed: p.Seed, Steps: p.Steps, Lanes: min(runtime.GOMAXPROCS(0), 8)}
	if p.Steps == 0 {
		begin := time.Now()
		o.Spent = func() float64 { return time.Since(begin).Seconds() / p.Seconds }
	} else {
		o.Lanes = 2 // on any machine
	}
	return o
}

// batchQuestion is a question as it was read.
type batchQuestion struct {
	ground   *ground
	capacity int64
	orders   [][]pick
	picks    []pick // of all
}

// batchAnswer is a plan as it is written.
type batchAnswer struct {
	ID      json.RawMessage `json:"id"`
	Length  json.RawMessage `json:"length"`
	Bound   json.RawMessage `json:"bound,omitempty"`
	Batches [][]int         `json:"batches"`
}

// readBatchQuestion reads a line. The id is what was read of it, also when the rest is wrong.
func readBatchQuestion(line []byte) (q batchQuestion, id json.RawMessage, err error) {
	f, id, err := readFields(line)
	if err != nil {
		return q, id, err
	}
	if q.ground, err = f.ground(); err != nil {
		return q, id, err
	}
	if q.capacity, err = f.capacity("capacity_lines"); err != nil {
		return q, id, err
	}
	var orders []json.RawMessage
	if err = f.read("orders", "[[[0, 7.5], [2, 3]], [[1, 4]]]", &orders); err != nil {
		return q, id, err
	}
	for i, raw := range orders {
		name := fmt.Sprintf("orders[%d]", i)
		picks, err := fields{name: raw}.picks(name, q.ground)
		if err != nil {
			return q, id, err
		}
		q.orders = append(q.orders, picks)
		q.picks = append(q.picks, picks...)
	}
	return q, id, nil
}

// capacity reads a whole number above 0.
func (f fields) capacity(name string) (int64, error) {
	var number json.Number
	if err := f.read(name, "30", &number); err != nil {
		return 0, err
	}
	d, err := parseDecimal(number.String())
	n, ok := d.whole()
	if err != nil || !ok || n == 0 {
		return 0, fmt.Errorf("%q is %s: it is a whole number above 0", name, short(number.String()))
	}
	return int64(n), nil
}

// answer plans the batches.
func (q batchQuestion) answer(o route.Options) (a batchAnswer, err error) {
	layout, err := q.ground.layout(q.picks)
	if err != nil {
		return a, err
	}
	router, err := route.New(layout)
	if err != nil {
		return a, err
	}
	index, err := router.Index(q.ground.stops(q.picks))
	if err != nil {
		return a, err
	}
	orders := make([]route.Order, len(q.orders))
	for i, picks := range q.orders {
		set, _ := index.Set(q.ground.stops(picks)) // the index was made of them
		orders[i] = route.Order{Stops: set, Load: route.Load{Lines: int64(len(picks))}}
	}
	plan, err := route.Batch(index, orders, route.Load{Lines: q.capacity}, o)
	var tooLarge *route.TooLarge
	if errors.As(err, &tooLarge) {
		return a, fmt.Errorf("orders[%d] has %d lines, more than a batch takes, which is %d", tooLarge.Order, tooLarge.Has, tooLarge.Fit)
	}
	if err != nil {
		return a, err
	}
	a.Length, a.Batches = q.ground.number(plan.Length), plan.Batches
	if a.Batches == nil {
		a.Batches = [][]int{}
	}
	if plan.Bound > 0 || plan.Optimal() {
		a.Bound = q.ground.number(plan.Bound)
	}
	return a, nil
}
