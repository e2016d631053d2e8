package shipping_test

import (
	"bytes"
	"database/sql"
	"testing"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/picking/picktest"
	"tote/shipping"
)

// Own fleet, carriers by hand and EasyPost are spoken with in the same words: each says its rates, finds what it sold, sells
// it no second time, draws the label, takes it back. The two in the house also tell where the parcel is and write its truck's
// paper, from what our own people scanned.
func TestThreeWaysShipByOneInterface(t *testing.T) {
	var all = map[string]carton{}
	db, f := committed(t, func(f *floor) {
		f.must(shipping.AddCarrier(ctx, f.Tx, shipping.Carrier{Code: "usps", Name: "USPS", Adapter: "easypost", Theirs: "USPS", Services: []string{"GroundAdvantage"}, TransitDays: 3, Active: true}))
		f.exec(`update carriers set services = '{standard,express}' where code = 'own'`)
		f.exec(`update carriers set services = '{standard}' where code = 'manual'`)
		f.must(f.rates("own", ownTable))
		f.must(f.rates("manual", "service,to,up_to_g,price,days\nstandard,DE,2000,4.00,0\n"))
		all["own"] = f.packed("O-1001", "own", picktest.Of(1, f.mug))
		all["manual"] = f.packed("O-1002", "manual", picktest.Of(1, f.mug))
		f.picked("O-1003", "usps", picktest.Of(1, f.mug))
		f.exec(`update shipments set service = 'GroundAdvantage' where carrier = 'usps'`)
		all["easypost"] = f.pack("O-1003", 1)
	})
	b := newBazaar(t, nil)
	systems := shipping.House(db)
	systems["easypost"] = b.systems()["easypost"]
	f.must(shipping.SettleLabel(ctx, db, systems, all["easypost"].id))
	if q, err := systems["manual"].Find(ctx, all["manual"].number); err != nil || q.Sold == nil || q.Sold.Number != "" {
		t.Errorf("before anybody read its number the parcel by hand is %+v, %v", q.Sold, err)
	}
	f.must(pg.InTx(ctx, db, func(tx *sql.Tx) error {
		if err := shipping.EnterNumber(ctx, tx, all["manual"].shipment, shipping.Number{Carrier: "DHL", Number: "DHL-77", Staff: f.Staff, At: noon}); err != nil {
			return err
		}
		f := f.in(tx)
		f.right(f.load(f.Dock, all["own"].sscc))
		f.right(f.dispatch(f.Dock))
		f.right(f.load(f.door2, all["manual"].sscc))
		f.right(f.dispatch(f.door2))
		return shipping.Deliver(ctx, tx, all["manual"].shipment, f.Staff, "seen on its page", noon)
	}))
	parcel := shipping.Consignment{Reference: "X-1", Grams: 900, Currency: "EUR", To: shipping.Address{Street: "Lindenstr. 5", City: "Kiel", Postcode: "24103", Country: "DE"}}
	for adapter, want := range map[string]struct {
		id, number, carrier string
		rates               int
		first               shipping.Rate
		house               bool
		seen                string
	}{
		"own":      {all["own"].number, all["own"].number, "own", 2, shipping.Rate{Carrier: "own", Service: "standard", Minor: 300, Currency: "EUR", Days: 2, Parcels: 1}, true, ""},
		"manual":   {all["manual"].number, "DHL-77", "manual", 1, shipping.Rate{Carrier: "manual", Service: "standard", Minor: 400, Currency: "EUR", Days: shipping.SameDay, Parcels: 1}, true, "delivered"},
		"easypost": {"shp_1", "940010001", "USPS", 2, shipping.Rate{ID: "rate_1", Carrier: "USPS", Service: "Express", Minor: 3310, Currency: "USD", Days: 2}, false, ""},
	} {
		s := systems[adapter]
		if q, err := s.Rate(ctx, parcel); err != nil || len(q.Rates) != want.rates || q.Rates[0] != want.first || q.Sold != nil {
			t.Errorf("%s rates %+v, %v", adapter, q, err)
		}
		if q, err := s.Find(ctx, want.id); err != nil || q.Sold == nil || q.Sold.Number != want.number {
			t.Errorf("%s finds %+v, %v", adapter, q, err)
		}
		if q, err := s.Buy(ctx, want.id, want.first); err == nil && q.Sold.Number != want.number || err != nil && !isKind(err, fault.Conflict) {
			t.Errorf("%s sells it again as %+v, %v", adapter, q.Sold, err)
		}
		if paper, err := s.Paper(ctx, want.id, shipping.PDF); err != nil || !bytes.HasPrefix(paper, []byte("%PDF-")) {
			t.Errorf("%s draws %.20q, %v", adapter, paper, err)
		}
		if _, err := s.Find(ctx, "nobody's"); !isKind(err, fault.NotFound) {
			t.Errorf("%s finds nobody's parcel: %v", adapter, err)
		}
		if want.house {
			if zpl, err := s.Paper(ctx, want.id, shipping.ZPL); err != nil || !bytes.HasPrefix(zpl, []byte("^XA")) {
				t.Errorf("%s draws ZPL %.20q, %v", adapter, zpl, err)
			}
			seen, err := s.Track(ctx, want.carrier, want.number)
			if err != nil || (want.seen == "") != (len(seen) == 0) || len(seen) > 0 && seen[len(seen)-1].Kind != want.seen {
				t.Errorf("%s saw %+v, %v", adapter, seen, err)
			}
			if paper, err := s.Manifest(ctx, []string{want.id}); err != nil || !bytes.HasPrefix(paper, []byte("%PDF-")) {
				t.Errorf("%s writes the manifest %.20q, %v", adapter, paper, err)
			}
			if _, err := s.Manifest(ctx, []string{all["easypost"].number}); !isKind(err, fault.NotFound) {
				t.Errorf("%s writes a manifest of what never left: %v", adapter, err)
			}
		}
		refund, err := s.Void(ctx, want.id)
		if err != nil || want.house != (refund == shipping.NotRefunded) {
			t.Errorf("%s gives back %q, %v", adapter, refund, err)
		}
	}
	lawful(t, db)
}
