package orders_test

import (
	"database/sql"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/pgtest"
)

// charges is what each of the orders is charged for shipping and in all.
func charges(t testing.TB, tx *sql.Tx, list ...orders.Placed) (all []string) {
	t.Helper()
	for _, p := range list {
		v := read(t, tx, p.Number)
		all = append(all, v.Shipping.Amount()+" of "+v.Total.Amount())
	}
	return all
}

func combine(t testing.TB, tx *sql.Tx, list ...orders.Placed) {
	t.Helper()
	must(t, orders.Combine(ctx, tx, numbersOf(list), 0, noon))
}

func numbersOf(list []orders.Placed) []orders.Number {
	numbers := make([]orders.Number, len(list))
	for i, p := range list {
		numbers[i] = p.Number
	}
	return numbers
}

func with(t testing.TB, q pg.Querier, p orders.Placed) orders.Company {
	t.Helper()
	c, err := orders.CompanyOf(ctx, q, p.Number)
	must(t, err)
	return c
}

// Orders of one customer that go the same way are charged one parcel: the first the base, each further one what it adds.
func TestUnpaidOrdersThatTravelTogetherPayOneParcel(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	a, b, c := s.place(t, tx, "a", form()), s.place(t, tx, "b", form()), s.place(t, tx, "c", form()) // 600 g each
	if company := with(t, tx, a); len(company.Could) != 2 || company.Saving.Minor != 1500-600 || len(company.With) != 0 {
		t.Errorf("before: %+v", company)
	}
	sets, err := orders.Combinable(ctx, tx, noon)
	if err != nil || len(sets) != 1 || !slices.Equal(sets[0].Numbers(), numbersOf([]orders.Placed{a, b, c})) || sets[0].Saving.Minor != 900 || !strings.Contains(sets[0].ShipTo, "Marktplatz 1") {
		t.Errorf("the list: %+v (%v)", sets, err)
	}
	for range 2 {
		combine(t, tx, b, a)
	}
	if got, want := charges(t, tx, a, b, c), []string{"5.00 of 17.85", "1.00 of 13.09", "5.00 of 17.85"}; !slices.Equal(got, want) {
		t.Errorf("two together: %q, want %q", got, want)
	}
	combine(t, tx, b, c) // the first comes along
	if got, want := charges(t, tx, a, b, c), []string{"5.00 of 17.85", "1.00 of 13.09", "0.00 of 11.90"}; !slices.Equal(got, want) {
		t.Errorf("three together: %q, want %q", got, want)
	}
	if company := with(t, tx, c); !slices.Equal(company.With, []orders.Number{a.Number, b.Number}) || len(company.Could) != 0 {
		t.Errorf("together: %+v", company)
	}
	lawful(t, tx)
	for range 2 {
		must(t, orders.Separate(ctx, tx, a.Number, 0, noon))
	}
	if got, want := charges(t, tx, a, b, c), []string{"5.00 of 17.85", "5.00 of 17.85", "1.00 of 13.09"}; !slices.Equal(got, want) {
		t.Errorf("one apart: %q, want %q", got, want)
	}
	_, err = orders.Cancel(ctx, tx, b.Number, "", 0, noon)
	must(t, err)
	if got, want := charges(t, tx, c), []string{"5.00 of 17.85"}; !slices.Equal(got, want) {
		t.Errorf("the last one: %q, want %q", got, want)
	}
	timeline, err := orders.Timeline(ctx, tx, c.Number)
	must(t, err)
	if !slices.ContainsFunc(timeline, func(m orders.Moment) bool {
		return m.What == "charged anew" && m.Detail == "shipping from 5.00 EUR to 0.00 EUR"
	}) {
		t.Errorf("the story is %+v", timeline)
	}
	lawful(t, tx)
}

func TestWhatIsAgreedIsNotChargedAnew(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	paid, part, open := s.paidOrder(t, tx, "a"), s.place(t, tx, "b", form()), s.place(t, tx, "c", form())
	pay(t, tx, payment("part", "1", part.Number))
	combine(t, tx, open, part, paid)
	if got, want := charges(t, tx, paid, part, open), []string{"5.00 of 17.85", "5.00 of 17.85", "0.00 of 11.90"}; !slices.Equal(got, want) {
		t.Errorf("charged %q, want %q", got, want)
	}
	lawful(t, tx)
}

// On the floor they are one shipment, whether they are released before or after they were put together.
func TestReleasedOrdersAreOneShipment(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	a, b, c := s.paidOrder(t, tx, "a"), s.paidOrder(t, tx, "b"), s.place(t, tx, "c", form())
	combine(t, tx, a, b, c)
	shipments := func() int {
		return count(t, tx, `select count(*) from shipments where state = 'planned'`)
	}
	if n := shipments(); n != 1 {
		t.Errorf("%d shipments of two orders", n)
	}
	pay(t, tx, payment("p", "11.90", c.Number))
	for range 2 {
		must(t, orders.JoinGroup(ctx, tx, c.Number.String()))
	}
	if n := count(t, tx, `select count(*) from shipment_orders o join shipments s on s.id = o.shipment_id where s.state = 'planned'`); n != 3 || shipments() != 1 {
		t.Errorf("%d orders in %d shipments", n, shipments())
	}
	must(t, orders.Separate(ctx, tx, b.Number, 0, noon))
	if n := shipments(); n != 2 {
		t.Errorf("%d shipments after one parted", n)
	}
	lawful(t, tx)
	combine(t, tx, a, b)
	exec(t, tx, `update shipments set state = 'booked', tracking_number = 'TT1', booked_at = now() where state = 'planned'`)
	if err := orders.Separate(ctx, tx, b.Number, 0, noon); fault.KindOf(err) != fault.Conflict {
		t.Errorf("after the label it parted: %v", err)
	}
	d := s.place(t, tx, "d", form())
	if err := orders.Combine(ctx, tx, []orders.Number{a.Number, d.Number}, 0, noon); fault.KindOf(err) != fault.Conflict || !strings.Contains(fault.Message(err), "label") {
		t.Errorf("after the label another joined: %v", err)
	}
}

func TestOrdersThatGoAnotherWayAreNotCombined(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	a, elsewhere, other := s.place(t, tx, "a", form()), form(), form()
	elsewhere.City, other.Email = "Bonn", "bob@example.com"
	b, c := s.place(t, tx, "b", elsewhere), s.place(t, tx, "c", other)
	for name, numbers := range map[string][]orders.Number{"another address": {a.Number, b.Number}, "another customer": {a.Number, c.Number}, "alone": {a.Number, a.Number},
		"not there": {a.Number, c.Number + 1000}} {
		if err := orders.Combine(ctx, tx, numbers, 0, noon); err == nil {
			t.Errorf("%s: combined", name)
		}
	}
	if company := with(t, tx, a); len(company.Could) != 0 {
		t.Errorf("it could go with %+v", company)
	}
	cancelled := s.place(t, tx, "d", form())
	_, err := orders.Cancel(ctx, tx, cancelled.Number, "", 0, noon)
	must(t, err)
	if err := orders.Combine(ctx, tx, []orders.Number{a.Number, cancelled.Number}, 0, noon); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a cancelled one: %v", err)
	}
}

// An edit keeps the share; an edit of the way leaves the group.
func TestAChangedOrderKeepsItsShareOrLeaves(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	a, b, c := s.place(t, tx, "a", form()), s.place(t, tx, "b", form()), s.place(t, tx, "c", form())
	combine(t, tx, a, b, c)
	pay(t, tx, payment("p", "13.09", b.Number)) // released with its share
	s.change(t, tx, b.Number, func(f *orders.Form) { f.Lines[0].Quantity = "1" })
	if got, want := charges(t, tx, a, b, c), []string{"5.00 of 17.85", "0.00 of 5.95", "1.00 of 13.09"}; !slices.Equal(got, want) {
		t.Errorf("a smaller order lost its share: %q, want %q", got, want)
	}
	s.change(t, tx, c.Number, func(f *orders.Form) { f.City = "Bonn" })
	if company := with(t, tx, c); len(company.With) != 0 {
		t.Errorf("it goes to Bonn with %v", company.With)
	}
	if got, want := charges(t, tx, c), []string{"5.00 of 17.85"}; !slices.Equal(got, want) {
		t.Errorf("alone it is charged %q, want %q", got, want)
	}
	lawful(t, tx)
}

func TestACustomerPutsOrdersTogetherBeforePaying(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	a, b, paid := s.place(t, tx, "a", form()), s.place(t, tx, "b", form()), s.paidOrder(t, tx, "c")
	colleague := form()
	colleague.Customer, colleague.Name, colleague.Email = "ann@example.com", "", "other@example.com"
	d := s.place(t, tx, "d", colleague)
	c, err := orders.CompanyByToken(ctx, tx, a.Journey)
	if err != nil || !slices.Equal(c.Could, []orders.Number{b.Number}) || c.Saving.Minor != 400 {
		t.Errorf("the customer may combine %+v (%v)", c, err)
	}
	if c, err := orders.CompanyByToken(ctx, tx, paid.Journey); err != nil || len(c.Could) != 0 {
		t.Errorf("after paying: %+v (%v)", c, err)
	}
	page, err := orders.CombineByToken(ctx, tx, a.Journey, noon)
	must(t, err)
	bill, err := orders.ReadBill(ctx, tx, page)
	if err != nil || len(bill.Orders) != 2 || bill.Open.Minor != 1785+1309 {
		t.Errorf("the bill is %+v (%v)", bill.Open, err)
	}
	if again, err := orders.CombineByToken(ctx, tx, b.Journey, noon); err != nil || again != page {
		t.Errorf("again: %v %v", again, err)
	}
	for _, alone := range []orders.Placed{paid, d} {
		if _, err := orders.CombineByToken(ctx, tx, alone.Journey, noon); fault.KindOf(err) != fault.Conflict {
			t.Errorf("%s: %v", alone.Number, err)
		}
	}
	lawful(t, tx)
}

// TestCombiningAtOnce: combining, parting, paying and cancelling at once end in what one of them after the other gives.
func TestCombiningAtOnce(t *testing.T) {
	db := pgtest.DB(t)
	s := set(t, db)
	var list []orders.Placed
	for _, key := range []string{"a", "b", "c", "d"} {
		inTx(t, db, func(tx *sql.Tx) error { list = append(list, s.place(t, tx, key, form())); return nil })
	}
	numbers := numbersOf(list)
	var all sync.WaitGroup
	var done atomic.Int32
	for i := range 24 {
		all.Go(func() {
			err := pg.InTx(ctx, db, func(tx *sql.Tx) error {
				switch i % 4 {
				case 0:
					return orders.Combine(ctx, tx, numbers[i%3:i%3+2], 0, noon)
				case 1:
					return orders.Separate(ctx, tx, numbers[i%4], 0, noon)
				case 2:
					_, err := orders.PayByCard(ctx, tx, orders.PayPage{Token: list[i%4].Journey}, noon)
					return err
				}
				_, err := orders.Cancel(ctx, tx, numbers[3], "", 0, noon)
				return err
			})
			if err == nil {
				done.Add(1)
			} else if kind := fault.KindOf(err); kind != fault.Conflict && kind != fault.Invalid {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if done.Load() == 0 {
		t.Error("nothing was done")
	}
	lawful(t, db)
}
