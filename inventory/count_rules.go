package inventory

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
)

// Class says how much an item is picked: A is most of the pick lines, C the long tail. A bin is of the class of the
// busiest item in it.
type Class string

// The classes, the busiest first.
const (
	ClassA Class = "A"
	ClassB Class = "B"
	ClassC Class = "C"
)

// Classes are all of them.
var Classes = []Class{ClassA, ClassB, ClassC}

// Known reports whether there is such a class.
func (c Class) Known() bool { return slices.Contains(Classes, c) }

// Limit is the largest difference of one item that one person's count may book. What goes beyond either number is
// booked when somebody else has found the same, or by a manager: the stricter decides, as tolerances do in Oracle's and
// SAP's counts, so that neither three of four mugs nor fifty of a thousand are written off on one person's word.
type Limit struct {
	Pieces  *int64 // nil: as the warehouse says
	Percent *int64 // of what was expected; nil: as the warehouse says, and there: it does not matter
}

// exceeded reports whether a difference needs somebody else. Where nothing was expected it is beyond every per cent.
func (l Limit) exceeded(off, book int64) bool {
	off = max(off, -off)
	return l.Pieces != nil && off > *l.Pieces || l.Percent != nil && off*100 > *l.Percent*max(book, 0)
}

// or fills in what a class leaves to its warehouse.
func (l Limit) or(warehouse Limit) Limit {
	if l.Pieces == nil {
		l.Pieces = warehouse.Pieces
	}
	if l.Percent == nil {
		l.Percent = warehouse.Percent
	}
	return l
}

// Words says the limit: "5 pieces or 10 %".
func (l Limit) Words() string {
	var words []string
	switch {
	case l.Pieces == nil:
	case *l.Pieces == 1:
		words = append(words, "one piece")
	default:
		words = append(words, fmt.Sprintf("%d pieces", *l.Pieces))
	}
	if l.Percent != nil {
		words = append(words, fmt.Sprintf("%d %%", *l.Percent))
	}
	return strings.Join(words, " or ")
}

// ClassRule is how the bins of a class are counted.
type ClassRule struct {
	Class   Class
	Every   int64 // days between two counts; 0: never by plan
	ADay    int64 // bins that are asked for in one day at most
	Recount Limit
}

// CountRules are how a warehouse counts its bins.
type CountRules struct {
	Days           int64 // the picks of so many days make the classes
	ShareA, ShareB int64 // per cent of the pick lines that are A, and B
	Recount        Limit
	Classes        []ClassRule // one of each, A first
	Version        int64       // as it was read; 0: nobody has set any
}

// DefaultCountRules are those of a warehouse that has set none: Pareto's 80 and 15 per cent of the pick lines.
func DefaultCountRules() CountRules {
	pieces := int64(5)
	return CountRules{Days: 90, ShareA: 80, ShareB: 15, Recount: Limit{Pieces: &pieces}, Classes: []ClassRule{
		{Class: ClassA, Every: 30, ADay: 30}, {Class: ClassB, Every: 90, ADay: 20}, {Class: ClassC, Every: 365, ADay: 20}}}
}

// Of is the limit for items of a class.
func (r CountRules) Of(c Class) Limit {
	for _, k := range r.Classes {
		if k.Class == c {
			return k.Recount.or(r.Recount)
		}
	}
	return r.Recount
}

// ReadCountRules reads how a warehouse counts.
func ReadCountRules(ctx context.Context, q pg.Querier, warehouse WarehouseID) (r CountRules, err error) {
	defer fault.Wrap(&err, "inventory.ReadCountRules(%d)", warehouse)
	err = q.QueryRowContext(ctx, `
		select days, share_a, share_b, recount_pieces, recount_percent, version from count_rules where warehouse_id = $1`, warehouse).
		Scan(&r.Days, &r.ShareA, &r.ShareB, &r.Recount.Pieces, &r.Recount.Percent, &r.Version)
	if err == sql.ErrNoRows {
		return DefaultCountRules(), nil
	}
	if err != nil {
		return r, err
	}
	r.Classes, err = list(ctx, q, func(c *ClassRule) []any {
		return []any{&c.Class, &c.Every, &c.ADay, &c.Recount.Pieces, &c.Recount.Percent}
	}, `select class, every_days, a_day, recount_pieces, recount_percent from count_classes where warehouse_id = $1 order by class`, warehouse)
	return r, err
}

// CheckCountRules is the one validation of the rules; mistakes are fault.Fields, those of a class named classes.0.every.
func CheckCountRules(r CountRules) error {
	var bad fault.Fields
	check := func(name string, value, from, to int64, words string) {
		if value < from || value > to {
			bad.Add(name, "%s", words)
		}
	}
	limit := func(of string, l Limit) {
		if l.Pieces != nil {
			check(of+"pieces", *l.Pieces, 0, 1_000_000, "One person may book from 0 to 1,000,000 pieces; 0 has every difference counted again.")
		}
		if l.Percent != nil {
			check(of+"percent", *l.Percent, 0, 1000, "One person may book from 0 to 1000 % of what was expected; empty looks at the pieces alone.")
		}
	}
	check("days", r.Days, 1, 730, "Look at the picks of 1 to 730 days.")
	check("share_a", r.ShareA, 1, 99, "Class A is from 1 to 99 % of the pick lines.")
	if r.ShareB < 0 || r.ShareA+r.ShareB > 100 {
		bad.Add("share_b", "Classes A and B together are up to 100 %% of the pick lines.")
	}
	if r.Recount.Pieces == nil {
		bad.Add("pieces", "Say how many pieces one person's count may change: 0 has every difference counted again.")
	}
	limit("", r.Recount)
	if !slices.Equal(column(r.Classes, func(c ClassRule) Class { return c.Class }), Classes) {
		bad.Add("classes", "Say once for each of the classes A, B and C how it is counted.")
	}
	for i, c := range r.Classes {
		of := fmt.Sprintf("classes.%d.", i)
		check(of+"every", c.Every, 0, 3650, "Count from every day (1) to every 3650 days; 0 is never.")
		check(of+"a_day", c.ADay, 1, 10_000, "Ask for 1 to 10,000 bins in a day.")
		limit(of, c.Recount)
	}
	return bad.Err()
}

// SaveCountRules stores how a warehouse counts, and puts its items into classes by that. It refuses when somebody else
// has stored other rules since they were read.
func SaveCountRules(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, r CountRules, who staff.ID, at time.Time) (err error) {
	defer fault.Wrap(&err, "inventory.SaveCountRules(%d)", warehouse)
	if err := CheckCountRules(r); err != nil {
		return err
	}
	done, err := tx.ExecContext(ctx, `
		insert into count_rules (warehouse_id, days, share_a, share_b, recount_pieces, recount_percent)
		values ($1, $2, $3, $4, $5, $6)
		on conflict (warehouse_id) do update set days = excluded.days, share_a = excluded.share_a, share_b = excluded.share_b,
			recount_pieces = excluded.recount_pieces, recount_percent = excluded.recount_percent, version = count_rules.version + 1
		where count_rules.version = $7`,
		warehouse, r.Days, r.ShareA, r.ShareB, r.Recount.Pieces, r.Recount.Percent, r.Version)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil {
		return err
	} else if n == 0 {
		return fault.New(fault.Conflict, "Somebody else changed these rules meanwhile. Load the page again.")
	}
	for _, c := range r.Classes {
		_, err := tx.ExecContext(ctx, `
			insert into count_classes (warehouse_id, class, every_days, a_day, recount_pieces, recount_percent) values ($1, $2, $3, $4, $5, $6)
			on conflict (warehouse_id, class) do update set every_days = excluded.every_days, a_day = excluded.a_day,
				recount_pieces = excluded.recount_pieces, recount_percent = excluded.recount_percent`,
			warehouse, c.Class, c.Every, c.ADay, c.Recount.Pieces, c.Recount.Percent)
		if err != nil {
			return err
		}
	}
	if err := classify(ctx, tx, warehouse, r, at); err != nil {
		return err
	}
	return staff.Audit(ctx, tx, who, "changed how bins are counted", "counts", nil)
}
