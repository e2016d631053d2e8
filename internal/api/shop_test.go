package api_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"testing"
	"time"

	"tote/internal/orders"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
	"tote/inventory/sitetest"
	"tote/packing"
	"tote/shipping"
)

// shop is a site that sells mugs for 5.00 EUR, shipping 4.00 and 1.00 per started kilogram, 19 % tax, and a packing
// station K-1.
type shop struct {
	*site
	mug string // its SKU
}

func openShop(t testing.TB, stock int64) *shop {
	t.Helper()
	var mug inventory.ItemID
	s := &shop{site: open(t, func(in *sitetest.Site) {
		mug = in.Item("MUG", "04006381333931")
		if stock > 0 {
			in.Stock(mug, in.Bins[0], stock)
		}
	})}
	s.mug = s.sku(mug)
	s.inTx(func(tx *sql.Tx) error {
		if err := orders.SaveSettings(t.Context(), tx, orders.Settings{Company: "Tote", Currency: "EUR", BaseURL: "https://tote.example.com",
			MailFrom: "orders@example.com", TaxPermille: 190, ShippingBase: 400, ShippingPerKg: 100, PromiseDays: 3, FeedbackDays: 7,
			FeedbackFallbackDays: 14, ReturnDays: 30}); err != nil {
			return err
		}
		if err := orders.SetPrices(t.Context(), tx, orders.PriceForm{SKU: s.mug, Amount: "5.00"}); err != nil {
			return err
		}
		_, err := staff.AddStation(t.Context(), tx, staff.Station{Warehouse: int64(s.Warehouse), Code: "K-1", Name: "Packing 1", Kind: "packing"})
		return err
	})
	return s
}

// form is an order of so many mugs by Ann.
func (s *shop) form(mugs int) object {
	return object{"name": "Ann Archer", "email": "ann@example.com", "recipient": "Ann Archer", "street": "Marktplatz 1", "city": "Berlin",
		"postcode": "10117", "country": "DE", "carrier": "own", "service": "standard", "lines": []object{{"sku": s.mug, "quantity": mugs}}}
}

// place places it.
func (s *shop) place(mugs int) (order string) {
	s.t.Helper()
	var p struct{ Order string }
	s.ok("POST", "/orders", s.form(mugs), &p)
	return p.Order
}

// order reads an order.
func (s *shop) order(ref string) (o object) {
	s.t.Helper()
	s.ok("GET", "/orders/"+ref, nil, &o)
	return o
}

// deliver starts the consumers that the service has for the floor; it returns a function that waits until no fact is
// left.
func (s *shop) deliver() (settle func()) {
	s.t.Helper()
	progress := outbox.Consumer{Name: "orders", Do: func(ctx context.Context, f outbox.Fact) error {
		return pg.InTx(ctx, s.db, func(tx *sql.Tx) error { return orders.Progress(ctx, tx, f.Ref) })
	}}
	book := outbox.Consumer{Name: "book", Do: func(ctx context.Context, f outbox.Fact) error {
		var closed packing.ClosedFact
		if err := json.Unmarshal(f.Data, &closed); err != nil {
			return err
		}
		return pg.InTx(ctx, s.db, func(tx *sql.Tx) error {
			_, err := shipping.Book(ctx, tx, closed.Carton, time.Now())
			return err
		})
	}}
	consumers := map[string][]outbox.Consumer{"carton.closed": {book, progress}}
	for _, fact := range []string{"demand.changed", "carton.voided", "shipment.booked", "shipment.dispatched", "shipment.delivered"} {
		consumers[fact] = []outbox.Consumer{progress}
	}
	runner, err := outbox.Start(context.Background(), s.db, consumers)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if err := runner.Stop(context.Background()); err != nil {
			s.t.Error(err)
		}
	})
	return func() {
		s.t.Helper()
		if err := runner.Settle(s.t.Context()); err != nil {
			s.t.Fatal(err)
		}
	}
}
