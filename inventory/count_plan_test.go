package inventory_test

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/scan"
	"tote/inventory"
	"tote/inventory/sitetest"
)

// pick takes a piece of an item out of a bin for so many order lines.
func (d *desk) pick(item inventory.ItemID, bin inventory.LocationID, lines int) {
	d.t.Helper()
	for n := range lines {
		m := d.Movement(item, 1, bin, d.Totes[0])
		m.Reason, m.Ref = inventory.ReasonPick, fmt.Sprintf("O-%d.%d", item, n)
		d.Move(m)
	}
}

// plan runs the job of the night so many days after noon, and answers the bins that it has asked for, in order.
func (d *desk) plan(days int, want ...string) {
	d.t.Helper()
	before := d.countTasks(inventory.CountOpen)
	n, err := inventory.PlanCounts(ctx, d.tx, d.Warehouse, sitetest.Noon.AddDate(0, 0, days))
	if err != nil {
		d.t.Fatal(err)
	}
	var asked []string
	for _, c := range d.countTasks(inventory.CountOpen) {
		if !slices.ContainsFunc(before, func(b inventory.CountTask) bool { return b.ID == c.ID }) {
			if c.Reason != inventory.CountPlanned || c.AskedBy != "" || c.Item != 0 {
				d.t.Errorf("planned as %+v", c)
			}
			asked = append([]string{string(c.Class) + " " + c.Code}, asked...)
		}
	}
	if !slices.Equal(asked, want) || int(n) != len(want) {
		d.t.Errorf("after %d days it asks for %d: %q, want %q", days, n, asked, want)
	}
}

func (d *desk) rules(change func(*inventory.CountRules)) {
	d.t.Helper()
	r, err := inventory.ReadCountRules(ctx, d.tx, d.Warehouse)
	if err != nil {
		d.t.Fatal(err)
	}
	change(&r)
	if err := inventory.SaveCountRules(ctx, d.tx, d.Warehouse, r, d.Staff, sitetest.Noon.Add(time.Hour)); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) planned(class inventory.Class, days int) inventory.ClassPlan {
	d.t.Helper()
	all, err := inventory.CountPlan(ctx, d.tx, d.Warehouse, sitetest.Noon.AddDate(0, 0, days))
	if err != nil || len(all) != 3 {
		d.t.Fatal(all, err)
	}
	return all[slices.Index(inventory.Classes, class)]
}

// Eighty picks of mugs, fifteen of hats and five of pens are classes A, B and C; what was never picked is C as well.
func TestItemsAreClassedByWhatIsPicked(t *testing.T) {
	d := newDesk(t)
	pen, cap := d.Item("PEN"), d.Item("CAP")
	for i, item := range []inventory.ItemID{d.mug, d.hat, pen, cap} {
		d.Stock(item, d.Bins[i], 100)
	}
	d.pick(d.mug, d.Bins[0], 80)
	d.pick(d.hat, d.Bins[1], 15)
	d.pick(pen, d.Bins[2], 5)
	m := d.Movement(cap, 1, d.Bins[3], d.Totes[0]) // taken back: it was no pick
	m.Reason, m.Ref = inventory.ReasonPick, "O-1.9"
	d.Move(m)
	if err := inventory.Reverse(ctx, d.tx, m.Scan, inventory.Movement{Staff: d.Staff, Scan: d.scanOf("").Key, At: sitetest.Noon}); err != nil {
		t.Fatal(err)
	}
	want := func(what, classes string) {
		t.Helper()
		d.plan(0)
		got, err := pg.Values[string](d.tx.QueryContext(ctx, `
			select coalesce(max(class), '-') from unnest($1::bigint[]) with ordinality i (id, n) left join item_classes k on k.item_id = i.id and k.warehouse_id = $2
			group by i.n order by i.n`, pg.Array([]int64{int64(d.mug), int64(d.hat), int64(pen), int64(cap)}), d.Warehouse))
		if s := strings.Join(got, ""); err != nil || s != classes {
			t.Errorf("%s: %s, want %s, %v", what, s, classes, err)
		}
	}
	want("80, 15 and 5 of a hundred lines", "ABC-")
	d.pick(pen, d.Bins[2], 40)
	d.pick(pen, d.Bins[2], 40) // of which five lines are the same again
	want("pens in 40 lines", "ABA-")
	d.rules(func(r *inventory.CountRules) { r.ShareA, r.ShareB = 50, 10 })
	want("shares of 50 and 10", "ACB-")
	if a := d.planned(inventory.ClassA, 0); a.Items != 1 || a.Bins != 1 || a.Due != 0 || a.OnTime() != 1 {
		t.Errorf("the plan says %+v", a)
	}
	d.rules(func(r *inventory.CountRules) { r.Days = 1 })
	if _, err := inventory.PlanCounts(ctx, d.tx, d.Warehouse, sitetest.Noon.AddDate(0, 0, 2)); err != nil {
		t.Fatal(err)
	}
	if a := d.planned(inventory.ClassA, 2); a.Items != 0 {
		t.Errorf("what was picked two days ago is still of class A: %+v", a)
	}
}

// Every bin is asked for on its day, the one that was not counted longest first, no more a day than is allowed, and none
// that waits already.
func TestThePlanAsksForBinsThatAreDue(t *testing.T) {
	d := newDesk(t)
	for i := range 4 {
		d.Stock(d.mug, d.Bins[i], 20)
	}
	d.Stock(d.hat, d.Bins[0], 5) // of class C, in a bin of class A
	d.Stock(d.hat, d.Bins[5], 5)
	d.pick(d.mug, d.Bins[0], 9)
	d.rules(func(r *inventory.CountRules) {
		r.Classes = []inventory.ClassRule{{Class: "A", Every: 30, ADay: 2}, {Class: "B", Every: 0, ADay: 1}, {Class: "C", Every: 40, ADay: 9}}
	})
	d.plan(29)
	d.plan(30, "A A-01-1-A", "A A-01-1-B")
	d.plan(30)
	if a := d.planned(inventory.ClassA, 30); a.Bins != 4 || a.Due != 4 || a.Waiting != 2 || a.OnTime() != 0 {
		t.Errorf("the plan says %+v", a)
	}
	d.plan(31) // nobody has counted: it does not pile up
	c := &teller{desk: d, later: 31 * 24 * time.Hour}
	d.ask(d.Bins[3], d.mug) // somebody asked for it: it is not asked for twice
	for _, code := range []string{"X-NEW", "B-A-02-1-B", mugCode, "20"} {
		c.scan(code, scan.Right)
	}
	c.scan("B-A-02-1-B", scan.Done)
	for _, code := range []string{"X-NEW", "B-A-01-1-A", mugCode, "11", hatCode, "5"} {
		c.scan(code, scan.Right)
	}
	c.scan("B-A-01-1-A", scan.Done)
	d.plan(31, "A A-02-1-A") // one of the two is counted: there is room for one; A-02-1-B was counted meanwhile
	d.plan(40, "C B-01-1-B")
	if a := d.planned(inventory.ClassA, 31); a.Due != 2 || a.OnTime() != 2 {
		t.Errorf("the plan says %+v", a)
	}
	d.lawful()
}

// A picker who finds too little in a bin that the plan has asked for has it counted before all others.
func TestAPlannedCountGivesWayToAShortPick(t *testing.T) {
	d := newDesk(t)
	d.Stock(d.mug, d.Bins[0], 4)
	d.Stock(d.mug, d.Bins[2], 4)
	d.Stock(d.mug, d.Bins[4], 4)
	d.plan(365, "C A-01-1-A", "C A-02-1-A", "C B-01-1-A")
	d.ask(d.Bins[2], d.mug)
	task := d.countTasks(inventory.CountOpen)[1]
	if task.Reason != inventory.CountShort || task.Ref != "P-104" || task.AskedBy != "Ada" || task.Class != "C" {
		t.Errorf("the short pick's is %+v", task)
	}
	c := &teller{desk: d}
	if step := c.scan("X-NEW", scan.Right); step.Target != "A-02-1-A" {
		t.Errorf("sent to %s", step.Target)
	}
	d.ask(d.Bins[0], 0)
	if err := inventory.AskCount(ctx, d.tx, inventory.CountRequest{Warehouse: d.Warehouse, Location: d.Bins[0], Reason: inventory.CountZero, Ref: "P-9", At: sitetest.Noon}); err != nil {
		t.Fatal(err)
	}
	if task := d.countTasks(inventory.CountOpen)[2]; task.Reason != inventory.CountShort {
		t.Errorf("a zero check has taken its urgency: %+v", task)
	}
}

func TestManyCountsAreAskedForAtOnce(t *testing.T) {
	d := newDesk(t)
	zone := d.Place(inventory.Location{Kind: inventory.Zone, Code: "EAST"})
	aisle := d.Place(inventory.Location{Kind: inventory.Aisle, Code: "E-01", Parent: zone})
	full := d.Place(inventory.Location{Kind: inventory.Bin, Code: "E-01-1-A", Parent: aisle})
	d.Place(inventory.Location{Kind: inventory.Bin, Code: "E-01-1-B", Parent: aisle})
	d.Stock(d.mug, full, 5)
	d.Stock(d.hat, full, 5)
	d.Stock(d.mug, d.Bins[0], 9)
	d.pick(d.mug, d.Bins[0], 3)
	d.plan(0)
	ask := func(r inventory.Round, bins, waited int64) {
		t.Helper()
		r.Warehouse, r.Staff, r.At = d.Warehouse, d.Staff, sitetest.Noon
		b, w, err := inventory.AskRound(ctx, d.tx, r)
		if err != nil || b != bins || w != waited {
			t.Errorf("%+v: %d bins, %d waited, %v; want %d, %d", r, b, w, err, bins, waited)
		}
	}
	ask(inventory.Round{Class: "A"}, 2, 0)
	ask(inventory.Round{Under: zone}, 1, 1)
	ask(inventory.Round{Under: zone, Empty: true}, 2, 1) // empty bins are counted too
	ask(inventory.Round{Item: d.hat}, 1, 1)
	ask(inventory.Round{Under: aisle, Class: "C"}, 1, 1)
	ask(inventory.Round{Under: full}, 1, 1)
	if open := d.countTasks(inventory.CountOpen); len(open) != 3 {
		t.Errorf("%d counts wait", len(open))
	}
	other := sitetest.New(t, d.tx)
	for what, r := range map[string]inventory.Round{"nothing": {}, "a class of nothing": {Class: "B"}, "a class that is none": {Class: "D"},
		"another's bin": {Under: other.Bins[0]}, "what is nowhere": {Under: 1 << 40}, "a tote": {Under: d.Totes[0]}} {
		r.Warehouse, r.Staff, r.At = d.Warehouse, d.Staff, sitetest.Noon
		if _, _, err := inventory.AskRound(ctx, d.tx, r); fault.KindOf(err) != fault.Invalid && fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestAccuracyIsOfTheBinsThatWereCounted(t *testing.T) {
	d := newDesk(t)
	d.Stock(d.mug, d.Bins[0], 10)
	d.Stock(d.hat, d.Bins[0], 4)
	d.Stock(d.hat, d.Bins[1], 3)
	d.Stock(d.mug, d.Bins[2], 50)
	d.pick(d.mug, d.Bins[2], 5)
	d.plan(0)
	for i, found := range map[int][]string{0: {mugCode, "12", hatCode, "1"}, 1: {hatCode, "3"}, 2: {mugCode, "9"}} {
		d.ask(d.Bins[i], 0)
		c, code := &teller{desk: d}, "B-"+[]string{"A-01-1-A", "A-01-1-B", "A-02-1-A"}[i]
		for _, scanned := range append([]string{code}, found...) {
			c.scan(scanned, scan.Right)
		}
		c.scan(code, scan.Done)
	}
	got, err := inventory.CountAccuracy(ctx, d.tx, d.Warehouse, sitetest.Noon)
	want := []inventory.Accuracy{{Class: "A", Counted: 1, Book: 14, Net: -1, Off: 5}, {Class: "B"}, {Class: "C", Counted: 1, Right: 1, Book: 3}}
	if err != nil || !slices.Equal(got, want) { // the 45 mugs of which 9 were found wait for somebody else
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	if later, err := inventory.CountAccuracy(ctx, d.tx, d.Warehouse, sitetest.Noon.Add(time.Hour)); err != nil || later[0].Counted != 0 {
		t.Errorf("before that: %+v, %v", later, err)
	}
}

// What one person's count may change is said in pieces and in per cent of what was expected; the stricter decides, and
// a class may be stricter still.
func TestTheRecountLimitIsASetting(t *testing.T) {
	n := func(n int64) *int64 { return &n }
	for name, one := range map[string]struct {
		warehouse, a inventory.Limit
		book, found  int64
		again        bool
	}{
		"within the pieces":            {warehouse: inventory.Limit{Pieces: n(5)}, book: 20, found: 15},
		"beyond the pieces":            {warehouse: inventory.Limit{Pieces: n(5)}, book: 20, found: 14, again: true},
		"more than the pieces":         {warehouse: inventory.Limit{Pieces: n(5)}, book: 20, found: 26, again: true},
		"no difference at all":         {warehouse: inventory.Limit{Pieces: n(0), Percent: n(0)}, book: 20, found: 20},
		"every difference":             {warehouse: inventory.Limit{Pieces: n(0)}, book: 20, found: 19, again: true},
		"within both":                  {warehouse: inventory.Limit{Pieces: n(5), Percent: n(10)}, book: 20, found: 18},
		"beyond the per cent":          {warehouse: inventory.Limit{Pieces: n(5), Percent: n(10)}, book: 20, found: 17, again: true},
		"few of many, beyond pieces":   {warehouse: inventory.Limit{Pieces: n(5), Percent: n(10)}, book: 1000, found: 990, again: true},
		"class A is stricter":          {warehouse: inventory.Limit{Pieces: n(5)}, a: inventory.Limit{Pieces: n(1)}, book: 20, found: 18, again: true},
		"class A in per cent":          {warehouse: inventory.Limit{Pieces: n(5)}, a: inventory.Limit{Percent: n(5)}, book: 20, found: 18, again: true},
		"class A takes the rest":       {warehouse: inventory.Limit{Pieces: n(5), Percent: n(10)}, a: inventory.Limit{Pieces: n(9)}, book: 20, found: 17, again: true},
		"class A may be more generous": {warehouse: inventory.Limit{Pieces: n(1)}, a: inventory.Limit{Pieces: n(9)}, book: 20, found: 17},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.Stock(d.mug, d.Bins[0], one.book+1)
			d.pick(d.mug, d.Bins[0], 1) // class A
			d.rules(func(r *inventory.CountRules) { r.Recount, r.Classes[0].Recount = one.warehouse, one.a })
			d.ask(d.Bins[0], 0)
			c := &teller{desk: d}
			for _, code := range []string{"B-A-01-1-A", mugCode, fmt.Sprint(one.found)} {
				c.scan(code, scan.Right)
			}
			if step := c.scan("B-A-01-1-A", scan.Done); strings.Contains(step.Message, "Somebody else") != one.again {
				t.Errorf("it says %q", step.Message)
			}
		})
	}
	d := newDesk(t)
	d.rules(func(r *inventory.CountRules) { r.Recount.Percent = n(10) })
	c := &teller{desk: d}
	c.scan("B-A-01-1-A", scan.Decide)
	c.scan("B-A-01-1-A", scan.Right)
	c.scan(mugCode, scan.Right)
	if step := c.scan("B-A-01-1-A", scan.Done); !strings.Contains(step.Message, "Somebody else") {
		t.Errorf("a mug where none was expected: %q", step.Message)
	}
}

func TestRulesOfCountingAreRefusedByName(t *testing.T) {
	d := newDesk(t)
	low, high := int64(-1), int64(1001)
	bad := inventory.CountRules{Days: 0, ShareA: 90, ShareB: 11, Recount: inventory.Limit{Percent: &high}, Classes: []inventory.ClassRule{
		{Class: "A", Every: 4000, ADay: 1}, {Class: "B", ADay: 0}, {Class: "C", ADay: 1, Recount: inventory.Limit{Pieces: &low}}}}
	var names []string
	for _, f := range fault.FieldsOf(inventory.SaveCountRules(ctx, d.tx, d.Warehouse, bad, d.Staff, sitetest.Noon)) {
		names = append(names, f.Name)
	}
	if got := strings.Join(names, " "); got != "days share_b pieces percent classes.0.every classes.1.a_day classes.2.pieces" {
		t.Errorf("refused: %s", got)
	}
	good := inventory.DefaultCountRules()
	if err := inventory.SaveCountRules(ctx, d.tx, d.Warehouse, good, d.Staff, sitetest.Noon); err != nil {
		t.Fatal(err)
	}
	if err := inventory.SaveCountRules(ctx, d.tx, d.Warehouse, good, d.Staff, sitetest.Noon); !errors.Is(err, fault.Conflict) {
		t.Errorf("stored over another's: %v", err)
	}
	if r, err := inventory.ReadCountRules(ctx, d.tx, d.Warehouse); err != nil || r.Version != 1 || r.Recount.Words() != "5 pieces" || len(r.Classes) != 3 || r.Classes[2].Every != 365 {
		t.Errorf("read back: %+v, %v", r, err)
	}
}

// Two processes that plan at once, while a manager asks for the whole warehouse, ask for each bin once.
func TestPlansAtOnceAskForEachBinOnce(t *testing.T) {
	db := pgtest.DB(t)
	site := sitetest.Committed(t, db, func(s *sitetest.Site) {
		mug := s.Item("MUG")
		for _, bin := range s.Bins {
			s.Stock(mug, bin, 5)
		}
	})
	for _, err := range together(6, func(i int) error {
		return pg.InTx(ctx, db, func(tx *sql.Tx) error {
			if i < 4 {
				_, err := inventory.PlanCounts(ctx, tx, site.Warehouse, sitetest.Noon.AddDate(1, 0, 0))
				return err
			}
			_, _, err := inventory.AskRound(ctx, tx, inventory.Round{Warehouse: site.Warehouse, Class: "C", Staff: site.Staff, At: sitetest.Noon})
			return err
		})
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	open, err := inventory.CountTasks(ctx, db, site.Warehouse, inventory.CountOpen, 0, 100)
	if err != nil || len(open) != len(site.Bins) {
		t.Errorf("%d counts wait for %d bins, %v", len(open), len(site.Bins), err)
	}
}
