package orders_test

import (
	"database/sql"
	"strings"
	"testing"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pgtest"
	"tote/shipping"
)

func setRates(t testing.TB, tx *sql.Tx, carrier, table string) {
	t.Helper()
	c, err := shipping.FindCarrier(ctx, tx, carrier)
	must(t, err)
	_, err = shipping.ReadRates(ctx, tx, c, "EUR", func(text string) (int64, error) {
		m, err := orders.ParseMoney(text, "EUR")
		return m.Minor, err
	}, strings.NewReader(table))
	must(t, err)
}

// An order that names no carrier goes to the floor with the cheapest that keeps its promise; it may name none only once
// there is something to compare.
func TestAnOrderGoesWithTheCheapestInTime(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	f := form()
	f.Carrier, f.Service = shipping.Best, shipping.Cheapest
	if _, err := orders.Place(ctx, tx, s.sent("early", f)); fault.FieldsOf(err).Of("carrier") == "" {
		t.Errorf("with nothing to compare: %v", err)
	}
	setRates(t, tx, "own", "service,to,up_to_g,price\nstandard,*,5000,6.00\n")
	setRates(t, tx, "manual", "service,to,up_to_g,price,days\nstandard,DE,5000,4.20,1\n")
	p := s.place(t, tx, "best", f)
	if v := read(t, tx, p.Number); v.Carrier != "Any carrier" {
		t.Errorf("the order says %q", v.Carrier)
	}
	pay(t, tx, payment("p", "17.85", p.Number))
	trips, err := shipping.Of(ctx, tx, p.Number.String())
	must(t, err)
	c, known, err := shipping.ChoiceOf(ctx, tx, trips[0].ID)
	must(t, err)
	if o, _ := c.Offer(); !known || trips[0].Carrier != "manual" || o.Minor != 420 || c.Trip.Grams != 600 || len(c.Offers) != 2 {
		t.Errorf("it goes with %s: %+v", trips[0].Carrier, c)
	}
	if n := count(t, tx, `select count(*) from demands where carrier = 'manual' and service = 'standard'`); n != 1 {
		t.Errorf("%d demands are for it", n)
	}
	must(t, shipping.SetRules(ctx, tx, []shipping.Rule{{Country: "DE", Does: "carrier", Carrier: "own", Service: "standard"}}))
	f.Carrier, f.Service = "manual", "standard"
	named := s.place(t, tx, "named", f)
	pay(t, tx, payment("p2", "17.85", named.Number))
	if trips, err := shipping.Of(ctx, tx, named.Number.String()); err != nil || trips[0].Carrier != "own" {
		t.Errorf("a rule is not followed: %+v, %v", trips, err)
	}
	lawful(t, tx)
}

// What one parcel costs against several is told by the rate tables, and what is saved.
func TestOneParcelIsComparedWithSeveral(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	s.place(t, tx, "a", form())
	s.place(t, tx, "b", form()) // 600 g each
	parcels := func() orders.Parcels {
		sets, err := orders.Combinable(ctx, tx, noon)
		must(t, err)
		return sets[0].Parcels
	}
	if p := parcels(); p.Known {
		t.Errorf("without a table: %+v", p)
	}
	setRates(t, tx, "own", "service,to,up_to_g,price\nstandard,DE-10,1000,4.00\nstandard,DE-10,2000,5.50\n")
	if p := parcels(); !p.Known || p.Singly.Minor != 800 || p.Together.Minor != 550 || p.Saved().Minor != 250 || !strings.Contains(p.With, "standard") {
		t.Errorf("%+v", p)
	}
	setRates(t, tx, "own", "service,to,up_to_g,price\nstandard,DE-10,1000,4.00\nstandard,DE-10,2000,9.50\n")
	if p := parcels(); p.Saved().Minor != -150 {
		t.Errorf("dearer together: %+v", p)
	}
	setRates(t, tx, "own", "service,to,up_to_g,price\nstandard,AT,1000,4.00\n")
	if p := parcels(); p.Known {
		t.Errorf("no rate to there: %+v", p)
	}
}
