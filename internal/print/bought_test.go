package print_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/print"
	"tote/inventory/sitetest"
	"tote/packing"
	"tote/packing/packtest"
	"tote/picking/picktest"
	"tote/shipping"
)

// seller sells every label at once, and draws it in some formats.
type seller struct {
	shipping.System
	draws map[shipping.Format][]byte
	down  int // so often it is asked for ZPL in vain
}

func (s *seller) Rate(_ context.Context, c shipping.Consignment) (shipping.Quote, error) {
	return shipping.Quote{ID: "shp_" + c.Reference, Reference: c.Reference, Rates: []shipping.Rate{{ID: "r", Carrier: "USPS", Service: "Priority", Minor: 700, Currency: "USD"}}}, nil
}

func (s *seller) Buy(_ context.Context, id string, r shipping.Rate) (shipping.Quote, error) {
	return shipping.Quote{ID: id, Sold: &shipping.Sale{Rate: r, Number: "94" + id[4:]}}, nil
}

func (s *seller) Paper(_ context.Context, id string, f shipping.Format) ([]byte, error) {
	if f == shipping.ZPL && s.down > 0 {
		s.down--
		return nil, fault.New(fault.Unavailable, "down")
	}
	if s.draws[f] == nil {
		return nil, fault.New(fault.NotFound, "not drawn so")
	}
	return s.draws[f], nil
}

func pictureOf(w, h int) []byte {
	var out bytes.Buffer
	_ = png.Encode(&out, image.NewGray(image.Rect(0, 0, w, h))) // all black
	return out.Bytes()
}

// A label that a carrier sold is printed as it drew it: ZPL on a label printer, its picture dot by dot where that has another
// resolution, PDF on a printer that takes PDF, and PDF in the browser where it draws nothing of the printer's size. What it
// drew is kept by its hash, once.
func TestABoughtLabelIsPrintedAsTheCarrierDrewIt(t *testing.T) {
	db := pgtest.DB(t)
	pdf, zpl := []byte("%PDF-1.7 the carrier's"), []byte("^XA^FDthe carrier's^FS^XZ")
	cases := []struct {
		name  string
		dpi   int
		way   print.Way
		draws map[shipping.Format][]byte
		want  string // what the printer gets begins so; "" is the browser
	}{
		{"ZPL", 203, print.ZPL, map[shipping.Format][]byte{shipping.PDF: pdf, shipping.ZPL: zpl}, string(zpl)},
		{"a picture for 300 dots", 300, print.ZPL, map[shipping.Format][]byte{shipping.PDF: pdf, shipping.ZPL: zpl, shipping.PNG: pictureOf(1200, 1800)}, "^XA^PW1200^LL1800^LH0,0"},
		{"a picture of another size", 203, print.ZPL, map[shipping.Format][]byte{shipping.PDF: pdf, shipping.PNG: pictureOf(1200, 1800)}, ""},
		{"PDF alone", 203, print.ZPL, map[shipping.Format][]byte{shipping.PDF: pdf}, ""},
		{"a printer of PDF", 203, print.Raw, map[shipping.Format][]byte{shipping.PDF: pdf, shipping.ZPL: zpl}, string(pdf)},
	}
	in := func(do func(tx *sql.Tx) error) {
		t.Helper()
		if err := pg.InTx(ctx, db, do); err != nil {
			t.Fatal(err)
		}
	}
	var b *packtest.Bench
	var mug picktest.Line
	in(func(tx *sql.Tx) error {
		b = packtest.New(t, tx)
		item := b.Item("MUG")
		mug = picktest.Of(1, item)
		b.Stock(item, b.Bins[0], 10)
		return shipping.AddCarrier(ctx, tx, shipping.Carrier{Code: "usps", Name: "USPS", Adapter: "easypost", Theirs: "USPS", Services: []string{"Priority"}, Active: true})
	})
	for n, x := range cases {
		ref := fmt.Sprintf("O-%d", n+1)
		p := zebra(t, func(int) string { return hs(0, 0, 0, 0, 0) })
		var carton packing.CartonID
		in(func(tx *sql.Tx) error {
			b := b.In(tx)
			if _, err := tx.Exec(`update stations set dpi = $2 where id = $1`, b.Station, x.dpi); err != nil {
				return err
			}
			if err := print.SetPrinter(ctx, tx, print.Printer{Station: b.Station, Stock: print.Label, Way: x.way, Address: p.Addr().String()}); err != nil {
				return err
			}
			b.Pick(ref, "T-1", mug)
			carton = b.PackAll(ref)
			if err := shipping.PlanShipment(ctx, tx, shipping.Plan{Ref: ref, Warehouse: b.Warehouse, Recipient: "Ada", Street: "1 Quay Street", City: "Leeds", Postcode: "LS1 4AB",
				Country: "GB", Carrier: "usps", Service: "Priority", At: sitetest.Noon}); err != nil {
				return err
			}
			return print.Parcels(ctx, tx, ref, sitetest.Noon)
		})
		s := &seller{draws: x.draws, down: n % 2}
		for try := 0; ; try++ {
			if err := shipping.SettleLabel(ctx, db, shipping.Systems{"easypost": s}, carton); err == nil {
				break
			} else if try == 6 {
				t.Fatalf("%s: %v", x.name, err)
			}
		}
		in(func(tx *sql.Tx) error { return print.Parcels(ctx, tx, ref, sitetest.Noon) })
		jobs, err := print.Jobs(ctx, db, int64(b.Warehouse), 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range live(jobs, print.ShippingLabel) {
			if j.State != print.Queued {
				continue
			}
			if j.Browser() != (x.want == "") {
				t.Errorf("%s: in the browser: %v", x.name, j.Browser())
			}
			if got, err := print.Read(ctx, db, j.Paper); err != nil || !bytes.Equal(got, pdf) {
				t.Errorf("%s: the browser shows %q, %v", x.name, got, err)
			}
			if err := print.Send(ctx, db, j.ID); err != nil {
				t.Errorf("%s: %v", x.name, err)
			}
			if j.Browser() {
				in(func(tx *sql.Tx) error { return print.Shown(ctx, tx, j.ID, sitetest.Noon) })
			}
		}
		if got := p.printed(); x.want == "" && len(got) != 0 || x.want != "" && (len(got) != 1 || !strings.HasPrefix(string(got[0]), x.want)) {
			t.Errorf("%s: the printer got %.60q", x.name, got)
		}
	}
	var kept, formats int
	if err := db.QueryRow(`select count(*), count(distinct format) from carrier_papers`).Scan(&kept, &formats); err != nil || kept != 3 || formats != 3 {
		t.Errorf("%d papers of %d formats are kept, want each of the three once, %v", kept, formats, err)
	}
}
