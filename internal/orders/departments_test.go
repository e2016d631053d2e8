package orders_test

import (
	"database/sql"
	"errors"
	"strings"
	"testing"
	"time"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pgtest"
)

// datesOf are the days by which departments must be done with an order, as "1 Dec".
func datesOf(t *testing.T, tx *sql.Tx, n orders.Number) map[orders.Department]string {
	t.Helper()
	all := map[orders.Department]string{}
	for _, d := range orders.Departments {
		var due time.Time
		var zone string
		if err := tx.QueryRow(`select (o.dates->>$2)::timestamptz, w.time_zone from orders o join warehouses w on w.id = o.warehouse_id where o.number = $1`, n, d).Scan(&due, &zone); err != nil {
			t.Fatal(err)
		}
		where, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		all[d] = due.In(where).Format("2 Jan 15:04")
	}
	return all
}

func promised(day string, f orders.Form) orders.Form {
	f.Promised = day
	return f
}

func TestEachDepartmentHasItsDate(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	custom(t, tx, s)
	for _, c := range []struct {
		promised string
		want     map[orders.Department]string
	}{
		{"2026-12-04", map[orders.Department]string{orders.Desk: "25 Nov", orders.PictureCheck: "26 Nov", orders.Art: "27 Nov", orders.ArtControl: "30 Nov", orders.Approving: "1 Dec",
			orders.Workshop: "2 Dec", orders.Collecting: "3 Dec", orders.PackingBench: "3 Dec", orders.Dock: "3 Dec"}},
		{"2026-11-25", map[orders.Department]string{orders.Desk: "23 Nov", orders.Art: "23 Nov", orders.Workshop: "23 Nov", orders.Dock: "24 Nov"}}, // one working day at least
		{"2026-11-20", map[orders.Department]string{orders.Desk: "20 Nov", orders.Art: "20 Nov", orders.Dock: "20 Nov"}},                            // but never longer than the promise
	} {
		p := s.place(t, tx, c.promised, promised(c.promised, both()))
		got := datesOf(t, tx, p.Number)
		for d, day := range c.want {
			if got[d] != day+" 23:59" {
				t.Errorf("promised for %s, %s is due %s, want the end of %s", c.promised, d, got[d], day)
			}
		}
	}
	p := s.place(t, tx, "edited", promised("2026-12-04", both()))
	e, err := orders.ForEdit(ctx, tx, p.Number)
	if err != nil {
		t.Fatal(err)
	}
	e.Form.Promised = "2026-12-11"
	if err := orders.Edit(ctx, tx, p.Number, e, s.warehouse, 0, noon); err != nil {
		t.Fatal(err)
	}
	if got := datesOf(t, tx, p.Number)[orders.Art]; got != "4 Dec 23:59" {
		t.Errorf("promised a week later, art is due %s, want 4 Dec", got)
	}
	exec(t, tx, `update art_jobs set state = 'art' where ref = $1`, p.Number.Line(2))
	if n := count(t, tx, `select count(*) from art_jobs where ref = $1 and due = '2026-12-04 23:59:59+00'`, p.Number.Line(2)); n != 1 {
		t.Error("the studio does not know by when an artist must be done")
	}
}

func TestDepartmentsAreSetUp(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	leads := func(of orders.Department, x orders.LeadTime) map[orders.Department]orders.LeadTime {
		return map[orders.Department]orders.LeadTime{of: x}
	}
	for field, m := range map[string]map[orders.Department]orders.LeadTime{
		"departments.2.days":  leads(orders.Art, orders.LeadTime{Days: 131}),
		"departments.3.days":  leads(orders.ArtControl, orders.LeadTime{Days: 6}), // art is done five days ahead
		"departments.8.days":  leads(orders.Dock, orders.LeadTime{Days: -1}),
		"departments.5.email": leads(orders.Workshop, orders.LeadTime{Days: 2, Email: "nobody"}),
	} {
		err := orders.SaveDepartments(ctx, tx, m, 24)
		var wrong fault.Fields
		if !errors.As(err, &wrong) || wrong.Of(field) == "" {
			t.Errorf("%v: no word on %s: %v", m, field, err)
		}
	}
	if err := orders.SaveDepartments(ctx, tx, nil, 241); err == nil {
		t.Error("a warning 241 hours ahead is taken")
	}
	before := s.place(t, tx, "before", promised("2026-12-04", form()))
	if err := orders.SaveDepartments(ctx, tx, leads(orders.Dock, orders.LeadTime{Days: 0}), 48); err != nil {
		t.Fatal(err)
	}
	after := s.place(t, tx, "after", promised("2026-12-04", form()))
	if got := datesOf(t, tx, after.Number)[orders.Dock]; got != "4 Dec 23:59" {
		t.Errorf("shipping is due %s, want the promised day", got)
	}
	if got := datesOf(t, tx, before.Number)[orders.Dock]; got != "3 Dec 23:59" {
		t.Errorf("an order that was there has the date %s now, want 3 Dec", got)
	}
}

func TestDepartmentsSeeTheirOrdersAndAreWarnedOnce(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	custom(t, tx, s)
	art := s.place(t, tx, "art", promised("2026-12-04", both()))
	s.place(t, tx, "stock", promised("2026-12-04", form()))
	exec(t, tx, `update art_jobs set state = 'picture check' where ref = $1`, art.Number.Line(2))
	load := func(at time.Time) map[orders.Department]orders.Load {
		t.Helper()
		list, err := orders.Loads(ctx, tx, s.warehouse, at)
		if err != nil {
			t.Fatal(err)
		}
		m := map[orders.Department]orders.Load{}
		for _, l := range list {
			m[l.Department] = l
		}
		return m
	}
	eve := time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC) // pictures are due that day, the order desk was the day before
	l := load(eve)
	if p, d := l[orders.PictureCheck], l[orders.Desk]; p.Orders != 1 || p.Soon != 1 || p.Late != 0 || d.Orders != 1 || d.Late != 1 || d.Soon != 0 || len(l) != len(orders.Departments) {
		t.Errorf("the departments have %+v", l)
	}
	if l := load(noon); l[orders.PictureCheck].Soon != 0 {
		t.Error("a date six days ahead is near")
	}
	list, err := orders.Turns(ctx, tx, s.warehouse, orders.PictureCheck, 0, 9)
	if err != nil || len(list) != 1 || list[0].Number != art.Number || list[0].Goods != "2 × Blue mug; 1 more line" {
		t.Errorf("picture check has %+v, %v", list, err)
	}
	if list, err := orders.Loads(ctx, tx, s.warehouse+1, eve); err != nil || list[0].Orders != 0 {
		t.Errorf("another warehouse has %+v, %v", list[0], err)
	}
	for range 2 {
		if _, err := orders.WarnDepartments(ctx, tx, s.warehouse, eve); err != nil {
			t.Fatal(err)
		}
	}
	if n := count(t, tx, `select count(*) from order_events where what = 'warned'`); n != 2 {
		t.Errorf("%d warnings, want one of each order", n)
	}
	v, err := orders.Timeline(ctx, tx, art.Number)
	if err != nil || !strings.Contains(v[len(v)-1].Detail, "Picture check is to be done by 26 Nov 2026") {
		t.Errorf("the story ends with %+v, %v", v[len(v)-1], err)
	}
	exec(t, tx, `update art_jobs set state = 'art' where ref = $1`, art.Number.Line(2)) // the next department has a date of its own
	if n, err := orders.WarnDepartments(ctx, tx, s.warehouse, eve.AddDate(0, 0, 1)); n != 1 || err != nil {
		t.Errorf("art was warned %d times, %v", n, err)
	}
}

func TestCustomersAreToldOfADelayBeforeTheyAsk(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	custom(t, tx, s)
	art, unpaid := s.place(t, tx, "art", promised("2026-12-04", both())), s.place(t, tx, "unpaid", promised("2026-12-04", form()))
	expected := func(n orders.Number) string {
		t.Helper()
		var day sql.NullTime
		if err := tx.QueryRow(`select expected_on from orders where number = $1`, n).Scan(&day); err != nil {
			t.Fatal(err)
		}
		if !day.Valid {
			return ""
		}
		return day.Time.UTC().Format("2 Jan")
	}
	told := func(at time.Time) int {
		t.Helper()
		n, err := orders.TellLate(ctx, tx, s.warehouse, at)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	state := func(s string) { exec(t, tx, `update art_jobs set state = $2 where ref = $1`, art.Number.Line(2), s) }
	state("art") // due on 27 November
	at := func(day int) time.Time { return time.Date(2026, 11, day, 9, 0, 0, 0, time.UTC) }
	if n := told(at(27)); n != 0 {
		t.Error("somebody is told of a delay on the day itself")
	}
	state("approval")
	if n := told(at(30).AddDate(0, 0, 7)); n != 0 || expected(unpaid.Number) != "" {
		t.Error("who lets us wait is told that we are late")
	}
	state("art")
	// Monday 30 November: done on the 1st, and five working days after it, as planned, is the 8th; two days of slack.
	if n := told(at(30)); n != 1 || expected(art.Number) != "10 Dec" {
		t.Errorf("told %d, expected on %s, want 10 Dec", n, expected(art.Number))
	}
	if n := told(at(31)); n != 0 {
		t.Error("the customer is told again while the new date still holds")
	}
	if n := told(at(34)); n != 1 || expected(art.Number) == "10 Dec" {
		t.Errorf("the new date does not hold either: told %d, expected on %s", n, expected(art.Number))
	}
	exec(t, tx, `update orders set stage = 'shipped' where number = $1`, art.Number)
	if n := told(at(60)); n != 0 {
		t.Error("an order that left is told to be late")
	}
}

func TestWhatIsMadeIsPromisedForWhenItCanBeMade(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	exec(t, tx, `update settings set promise_days = 3`)
	custom(t, tx, s)
	for name, tt := range map[string]struct {
		form orders.Form
		want string
	}{"from the shelf": {form(), "23 Nov"}, "made": {both(), "1 Dec"}, "made in a hurry": {promised("2026-11-24", both()), "24 Nov"}} { // seven working days from Friday the 20th
		p := s.place(t, tx, name, tt.form)
		var day time.Time
		if err := tx.QueryRow(`select promised_on from orders where number = $1`, p.Number).Scan(&day); err != nil {
			t.Fatal(err)
		}
		if got := day.UTC().Format("2 Jan"); got != tt.want {
			t.Errorf("%s: promised for %s, want %s", name, got, tt.want)
		}
	}
}
