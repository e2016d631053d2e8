// Package demo is a warehouse at work, laid out from real orders through the product's own intake: goods come in by
// receipts and are put away by the rules, orders come in by the order file, work is done by scans.
package demo

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"tote/internal/fault"
	"tote/internal/files"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/staff"
)

// Options says how much to fill in.
type Options struct {
	Orders  int               // how many of the real orders to place, at most All
	BaseURL string            // where customers reach the service
	Now     time.Time         // the end of the story
	Files   *files.Store      // keeps the pictures of custom orders; nil: there are none
	Log     func(what string) // told what is being done; may be nil
}

// All is how many real orders there are.
const All = 4288

// Filled is what was placed.
type Filled struct{ Orders, Lines, Units int64 }

// Fill lays out the demo warehouse in an empty, migrated database.
func Fill(ctx context.Context, db *sql.DB, o Options) (f Filled, err error) {
	defer fault.Wrap(&err, "demo.Fill(%d)", o.Orders)
	ctx = pg.Patience(ctx, 2*time.Minute) // nobody stands in front of it with a scanner
	d, err := load()
	if err != nil {
		return f, err
	}
	if o.Orders < 0 || o.Orders > len(d.sales) {
		return f, fault.New(fault.Invalid, "There are %d real orders. Choose a number from 0 to that.", len(d.sales))
	}
	if o.Log == nil {
		o.Log = func(string) {}
	}
	h := &house{db: db, baseURL: o.BaseURL, files: o.Files, at: o.Now.AddDate(0, 0, -9)}
	all := buyers(1500)
	for _, step := range []struct {
		what string
		do   func(context.Context) error
	}{
		{"building the warehouse and hiring its people", h.found},
		{"entering items, prices, boxes and customers", func(ctx context.Context) error { return h.masterData(ctx, d, all) }},
		{"comparing carriers", h.compare},
		{"receiving the opening stock and putting it away", func(ctx context.Context) error { return h.fillShelves(ctx, d) }},
		{"taking orders and working on them", func(ctx context.Context) error { return h.trade(ctx, d.sales[:o.Orders], all, o.Now) }},
		{"pick faces and counts", h.keepShelves},
		{"releasing waves", h.releaseWaves},
		{"quoting", func(ctx context.Context) error { return h.quote(ctx, d, all) }},
		{"drawing for customers", func(ctx context.Context) error { return h.commission(ctx, o.Files, all) }},
		{"receiving lots and serial numbers", h.receiveTracked},
		{"sending stock to the second warehouse", h.openDepot},
		{"today's trucks", func(ctx context.Context) error { return h.keepTrucksComing(ctx, d) }},
	} {
		o.Log(step.what)
		if err := step.do(ctx); err != nil {
			return f, err
		}
	}
	if err := pg.InTx(ctx, db, func(tx *sql.Tx) error { return h.finish(ctx, tx) }); err != nil {
		return f, err
	}
	for _, s := range d.sales[:o.Orders] {
		f.Orders++
		for _, l := range s.lines {
			f.Lines, f.Units = f.Lines+1, f.Units+l.quantity
		}
	}
	return f, nil
}

// finish brings the stages of the orders that were worked on up to date, so that the first look is right before the
// facts of a week are heard, lets customers say how it was, and notes that the demo is complete.
func (h *house) finish(ctx context.Context, tx *sql.Tx) error {
	worked, err := pg.Values[string](tx.QueryContext(ctx, `select ref from demands where state <> 'open' order by ref`))
	if err != nil {
		return err
	}
	for _, ref := range worked {
		if err := orders.Progress(ctx, tx, ref); err != nil {
			return err
		}
	}
	if err := h.judge(ctx, tx); err != nil {
		return err
	}
	return staff.Audit(ctx, tx, 0, laidOut, "demo", nil)
}

// laidOut is noted when a demo is complete.
const laidOut = "lay out"

// Broken reports a demo that was interrupted while it was laid out: a building without stock or orders.
func Broken(ctx context.Context, q pg.Querier) (broken bool, err error) {
	defer fault.Wrap(&err, "demo.Broken()")
	err = q.QueryRowContext(ctx, `select (`+isDemo+`) is not null and not exists (select from audit where subject = 'demo' and verb = $5)`,
		append(hallmarks(), laidOut)...).Scan(&broken)
	return broken, err
}

// isDemo finds the demo's warehouse by the hallmarks of its site; another site has none.
const isDemo = `
	select w.id from warehouses w join settings s on s.company = w.company
	where w.code = $1 and w.company = $2 and w.gs1_prefix = $3 and s.mail_from = $4`

func hallmarks() []any { return []any{code, company, examplePrefix, mailFrom} }

func (h *house) masterData(ctx context.Context, d dataset, all []buyer) error {
	return pg.InTx(ctx, h.db, func(tx *sql.Tx) error {
		if err := h.stockItems(ctx, tx, d); err != nil {
			return err
		}
		if err := trackItems(ctx, tx); err != nil {
			return err
		}
		if err := h.price(ctx, tx, d); err != nil {
			return err
		}
		if err := h.boxes(ctx, tx, d.boxes); err != nil {
			return err
		}
		if err := h.customers(ctx, tx, all); err != nil {
			return err
		}
		return h.supply(ctx, tx, all[0].email)
	})
}

// trade tells the days until now: orders come in day by day, and a small part of them is worked on, so that every
// stage of a parcel's way can be seen.
func (h *house) trade(ctx context.Context, sales []sale, all []buyer, now time.Time) error {
	const days = 6
	from := 0
	for day := days; day >= 0; day-- {
		h.at = now.AddDate(0, 0, -day).Add(-2 * time.Hour)
		upTo := len(sales) * (days + 1 - day) / (days + 1)
		if upTo > from {
			if _, err := h.sell(ctx, sales[from:upTo], from, all); err != nil {
				return err
			}
		}
		if day == 3 && upTo > from { // it is brought to its customer the same day
			if err := h.sellTea(ctx, all[0]); err != nil {
				return err
			}
		}
		from = upTo
		if days-day < 2 {
			if err := h.grown(ctx); err != nil {
				return err
			}
		}
		h.at = h.at.Add(time.Hour)
		if err := h.workADay(ctx, day); err != nil {
			return err
		}
	}
	h.at = now
	return nil
}

// A Persona is somebody to sign in as.
type Persona struct{ Name, Does, Badge, PIN string }

// People lists who works in a demo warehouse; any other site has none, whatever its people are called.
func People(ctx context.Context, q pg.Querier) (list []Persona, err error) {
	defer fault.Wrap(&err, "demo.People()")
	var warehouse int64
	err = q.QueryRowContext(ctx, isDemo, hallmarks()...).Scan(&warehouse)
	if err == sql.ErrNoRows {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	members, err := staff.List(ctx, q, warehouse)
	if err != nil {
		return nil, err
	}
	for _, c := range crew {
		at := slices.IndexFunc(members, func(m staff.Member) bool { return m.Active && m.Name == c.name })
		if at >= 0 {
			list = append(list, Persona{Name: c.name, Does: c.does, Badge: members[at].Badge, PIN: PIN})
		}
	}
	return list, nil
}
