package shipping_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tote/internal/fault"
	"tote/internal/pgtest"
	"tote/picking/picktest"
	"tote/shipping"
)

// euros reads 4.90.
func euros(text string) (int64, error) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f < 0 {
		return 0, fault.New(fault.Invalid, "%q is not an amount of money.", text)
	}
	return int64(f*100 + 0.5), nil
}

func (f *floor) rates(carrier, table string) error {
	c, err := shipping.FindCarrier(ctx, f.Tx, carrier)
	f.must(err)
	_, err = shipping.ReadRates(ctx, f.Tx, c, "EUR", euros, strings.NewReader(table))
	return err
}

const ownTable = "service,to,up_to_g,price,days\nstandard,DE-24 DE-25,5000,3.00,2\nstandard,DE,5000,5.00,2\nstandard,*,5000,19.00,6\nexpress,DE,2000,9.00,1\n"

// to is a trip of a kilogram of an order that names no carrier, promised for Thursday; noon is a Sunday.
func (f *floor) to(country, postcode string) shipping.Trip {
	return shipping.Trip{Ref: "O-1", Warehouse: f.Warehouse, Carrier: shipping.Best, Service: shipping.Cheapest, Country: country, Postcode: postcode, Grams: 1000,
		Currency: "EUR", Promised: noon.AddDate(0, 0, 4), Ready: noon}
}

func (f *floor) choose(t shipping.Trip) shipping.Choice {
	f.T.Helper()
	r, err := shipping.LoadRates(ctx, f.Tx)
	f.must(err)
	c, err := r.Choose(t)
	f.must(err)
	return c
}

// The table is compared by place, the longest beginning of a postcode first, and by weight; what is heavier goes in several parcels.
func TestTheCheapestThatKeepsThePromiseIsChosen(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.exec(`update carriers set services = '{standard,express}', leaves_at = '15:00' where code = 'own'`)
	f.exec(`update carriers set services = '{standard}', transit_days = 3 where code = 'manual'`)
	f.must(f.rates("own", ownTable))
	f.must(f.rates("manual", "service,to,up_to_g,price\nstandard,\"DE, AT\",1000,4.00\nstandard,DE AT,3000,4.50\n"))
	near, far := f.to("DE", "24 103"), f.to("DE", "80331")
	heavy, soon, late, abroad, dollars := near, near, near, f.to("AT", "1010"), f.to("AT", "1010")
	heavy.Grams = 12_000
	soon.Promised = noon.AddDate(0, 0, 2) // Tuesday
	late.Promised = noon.AddDate(0, 0, -2)
	dollars.Currency = "USD"
	for _, x := range []struct {
		name    string
		trip    shipping.Trip
		want    string
		minor   int64
		parcels int64
		says    string
	}{
		{"near", near, "own standard", 300, 1, "cheapest that is there in time, on 25 November"},
		{"far", far, "manual standard", 400, 1, "in time"},
		{"heavy", heavy, "own standard", 900, 3, "in time"},
		{"soon", soon, "own express", 900, 1, "in time"},
		{"late", late, "own express", 900, 1, "none keeps the promise"},
		{"abroad", abroad, "manual standard", 400, 1, "in time"},
		{"another currency", dollars, "own standard", 1900, 1, "No rate is known"},
	} {
		c := f.choose(x.trip)
		o, _ := c.Offer()
		if got := c.Carrier + " " + c.Service; got != x.want || o.Minor != x.minor || o.Parcels != x.parcels || !strings.Contains(c.Why, x.says) {
			t.Errorf("%s: %s for %d in %d parcels: %s", x.name, got, o.Minor, o.Parcels, c.Why)
		}
	}
}

// The first rule that fits decides; one that cannot be followed is passed over; without one an order goes as it asks.
func TestRulesDecideBeforePrices(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.must(f.rates("own", "service,to,up_to_g,price\nstandard,*,9000,3.00\n"))
	rules := []shipping.Rule{
		{Country: "at", Does: "carrier", Carrier: "manual", Service: "standard"},
		{Tag: "terms", Does: "ordered"},
		{FromG: 5000, Does: "carrier", Carrier: "manual", Service: "standard"},
		{Asked: "slow", ToG: 2000, Does: "cheapest"},
	}
	f.must(shipping.SetRules(ctx, f.Tx, rules))
	ordered := f.to("DE", "24103")
	ordered.Carrier, ordered.Service = "manual", "slow"
	heavy, terms, best, abroad, plain := ordered, ordered, f.to("DE", "1"), ordered, ordered
	heavy.Grams, terms.Tags, best.Tags, abroad.Country, plain.Service = 6000, []string{"terms"}, []string{"terms"}, "AT", "standard"
	for _, x := range []struct {
		trip      shipping.Trip
		want, how string
	}{{abroad, "manual standard", "rule"}, {terms, "manual slow", "ordered"}, {best, "own standard", "cheapest"}, {heavy, "manual standard", "rule"},
		{ordered, "own standard", "cheapest"}, {plain, "manual standard", "ordered"}} {
		if c := f.choose(x.trip); c.Carrier+" "+c.Service != x.want || c.How != x.how {
			t.Errorf("%+v goes with %s %s, %s: %s", x.trip, c.Carrier, c.Service, c.How, c.Why)
		}
	}
	f.exec(`update carriers set active = false where code = 'manual'`)
	if c := f.choose(heavy); c.How != "ordered" {
		t.Errorf("a rule names a carrier out of use: %+v", c)
	}
	bad := shipping.SetRules(ctx, f.Tx, []shipping.Rule{{Country: "Germany", Does: "cheapest"}, {FromG: 9, ToG: 3, Does: "carrier", Carrier: "no", Service: "x"}, {Tag: "a\x00", Does: "?"}})
	var fields fault.Fields
	if !errors.As(bad, &fields) || len(fields) != 5 {
		t.Errorf("bad rules: %v", bad)
	}
	if kept, err := shipping.Rules(ctx, f.Tx); err != nil || len(kept) != 4 || kept[0].Country != "AT" {
		t.Errorf("after a refusal there are %+v, %v", kept, err)
	}
}

// A file of rates is read whole or not at all, and each bad line is named.
func TestAFileOfRatesIsAllOrNothing(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.exec(`update carriers set services = '{standard,express}' where code = 'own'`)
	f.must(f.rates("own", ownTable))
	err := f.rates("own", "service,to,up_to_g,price,days\nstandard,DE,1000,5.00,2\nslow,DE,1000,5.00,\nstandard,Germany,1000,5.00,\nstandard,,1000,5.00,\nstandard,FR,0,5.00,\nstandard,FR,,5.00,\n"+
		"standard,FR,1000,-5,\nstandard,FR,1000,=1+1,\nstandard,FR,99999999999999999999,1,\nstandard,FR,1,1,900\nstandard,AT DE,1000,6.00,\n")
	var fields fault.Fields
	if !errors.As(err, &fields) {
		t.Fatalf("hostile: %v", err)
	}
	lines := []string{}
	for _, x := range fields {
		lines = append(lines, x.Name)
	}
	for n := 3; n <= 12; n++ {
		if n != 11 && !slices.Contains(lines, "line "+strconv.Itoa(n)) {
			t.Errorf("line %d is not named: %v", n, err)
		}
	}
	if err := f.rates("own", "service,to,up_to_g,price\nstandard,DE\n"); err == nil || !strings.Contains(err.Error(), "Line 2") {
		t.Errorf("a short line: %v", err)
	}
	var out bytes.Buffer
	f.must(shipping.WriteRates(ctx, f.Tx, "own", func(minor int64, _ string) string { return strconv.FormatFloat(float64(minor)/100, 'f', 2, 64) }, &out))
	if !strings.Contains(out.String(), "DE-24 DE-25") || strings.Count(out.String(), "\n") != 5 {
		t.Errorf("the table is\n%s", out.String())
	}
	before := out.String()
	f.must(f.rates("own", before))
	out.Reset()
	f.must(shipping.WriteRates(ctx, f.Tx, "own", func(minor int64, _ string) string { return strconv.FormatFloat(float64(minor)/100, 'f', 2, 64) }, &out))
	if out.String() != before {
		t.Errorf("read back it is\n%s", out.String())
	}
}

// compared plans an order that names no carrier.
func (f *floor) compared(ref string) shipping.ID {
	f.T.Helper()
	c := f.choose(f.to("DE", "24103"))
	d := f.Demand(ref, picktest.Of(1, f.mug))
	d.Carrier = c.Carrier
	f.Ask(d)
	p := f.plan(ref, c.Carrier)
	p.Service, p.Choice = c.Service, &c
	f.must(shipping.PlanShipments(ctx, f.Tx, []shipping.Plan{p}, noon))
	return f.open(ref).ID
}

// A person may choose another until a label exists; the floor hears of it, and the page can say what else there was.
func TestAPersonChoosesUntilALabelExists(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.must(f.rates("own", "service,to,up_to_g,price\nstandard,*,9000,3.00\n"))
	f.must(f.rates("manual", "service,to,up_to_g,price\nstandard,*,9000,4.00\n"))
	id := f.compared("O-1001")
	if c, ok, err := shipping.ChoiceOf(ctx, f.Tx, id); err != nil || !ok || c.Carrier != "own" || c.How != "cheapest" || len(c.Offers) != 2 {
		t.Errorf("%+v %v %v", c, ok, err)
	}
	if err := shipping.ChooseCarrier(ctx, f.Tx, id, "manual", "teleport", f.Staff, noon); !isKind(err, fault.Invalid) {
		t.Errorf("no such service: %v", err)
	}
	f.must(shipping.ChooseCarrier(ctx, f.Tx, id, "manual", "standard", f.Staff, noon))
	c, _, err := shipping.ChoiceOf(ctx, f.Tx, id)
	f.must(err)
	if o, _ := c.Offer(); c.How != "person" || o.Minor != 400 || c.By != f.Staff || !strings.Contains(c.Why, "instead of") {
		t.Errorf("%+v", c)
	}
	var carrier string
	f.one(&carrier, `select carrier from demands where ref = 'O-1001'`)
	if carrier != "manual" {
		t.Errorf("the floor picks for %s", carrier)
	}
	f.PickAll(f.Work(f.Staff), "T-1")
	f.pack("O-1001", 1)
	if err := shipping.ChooseCarrier(ctx, f.Tx, id, "own", "standard", f.Staff, noon); !isKind(err, fault.Conflict) {
		t.Errorf("after the label: %v", err)
	}
}

// Orders that name no carrier travel together whatever was cheapest for each, and are compared as one.
func TestWhatTravelsTogetherIsComparedTogether(t *testing.T) {
	f := newFloor(t, pgtest.Tx(t))
	f.must(f.rates("own", "service,to,up_to_g,price\nstandard,*,1500,3.00\n"))
	f.must(f.rates("manual", "service,to,up_to_g,price\nstandard,*,9000,4.00\n"))
	f.compared("O-1001")
	f.compared("O-1002")
	id, err := shipping.Combine(ctx, f.Tx, "O-1001", "O-1002")
	f.must(err)
	c, _, err := shipping.ChoiceOf(ctx, f.Tx, id)
	f.must(err)
	if o, _ := c.Offer(); c.Carrier != "manual" || o.Minor != 400 || c.Trip.Grams != 2000 {
		t.Errorf("together: %+v", c)
	}
	var n int
	if f.one(&n, `select count(*) from demands where carrier = 'manual'`); n != 2 {
		t.Errorf("the floor picks %d for it", n)
	}
}

// quoting is a system that only has rates.
type quoting struct {
	shipping.System
	rates []shipping.Rate
	err   error
}

func (q quoting) Rate(context.Context, shipping.Consignment) (shipping.Quote, error) {
	return shipping.Quote{Rates: q.rates}, q.err
}

// What a carrier's system asks is compared too; whoever was chosen by hand stays.
func TestRatesOfACarriersSystemAreCompared(t *testing.T) {
	var first, second shipping.ID
	db, _ := committed(t, func(f *floor) {
		f.must(shipping.AddCarrier(ctx, f.Tx, shipping.Carrier{Code: "usps", Name: "USPS", Adapter: "easypost", Theirs: "USPS", Services: []string{"GroundAdvantage"}, TransitDays: 3, Active: true}))
		f.must(f.rates("own", "service,to,up_to_g,price\nstandard,*,9000,3.00\n"))
		first, second = f.compared("O-1001"), f.compared("O-1002")
		f.must(shipping.ChooseCarrier(ctx, f.Tx, second, "manual", "standard", f.Staff, noon))
	})
	systems := func(q quoting) shipping.Systems { return shipping.Systems{"easypost": q} }
	ask := func(q quoting, id shipping.ID) error { return shipping.AskRates(ctx, db, systems(q), id, time.Now()) }
	if err := ask(quoting{err: fault.New(fault.Unavailable, "down")}, first); !isKind(err, fault.Unavailable) {
		t.Errorf("down: %v", err)
	}
	cheap := quoting{rates: []shipping.Rate{{Carrier: "USPS", Service: "GroundAdvantage", Minor: 250, Currency: "EUR", Days: 2}, {Carrier: "UPS", Service: "Ground", Minor: 1, Currency: "EUR"}}}
	for range 2 {
		for _, id := range []shipping.ID{first, second} {
			if err := ask(cheap, id); err != nil {
				t.Fatal(err)
			}
		}
	}
	for id, want := range map[shipping.ID]string{first: "usps", second: "manual"} {
		c, _, err := shipping.ChoiceOf(ctx, db, id)
		if err != nil || c.Carrier != want || len(c.Offers) != 2 || !c.Offers[0].Asked {
			t.Errorf("%s goes with %s: %+v, %v", id, c.Carrier, c.Offers, err)
		}
	}
}
