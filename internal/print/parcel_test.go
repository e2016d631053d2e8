package print_test

import (
	"bytes"
	"compress/zlib"
	"database/sql"
	"io"
	"regexp"
	"strings"
	"testing"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/pgtest"
	"tote/internal/print"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory/sitetest"
	"tote/packing"
	"tote/packing/packtest"
	"tote/picking/picktest"
	"tote/shipping"
)

// bench is a packing bench with O-1, three mugs, picked into T-1.
func bench(t *testing.T) *packtest.Bench {
	t.Helper()
	b := packtest.New(t, pgtest.Tx(t))
	mug := b.Item("MUG")
	b.Stock(mug, b.Bins[0], 10)
	b.Pick("O-1", "T-1", picktest.Of(3, mug))
	if err := shipping.PlanShipment(ctx, b.Tx, shipping.Plan{Ref: "O-1", Warehouse: b.Warehouse, Recipient: "Zoë 🎈 Ångström", Street: "1 Quay Street",
		City: "Leeds", Postcode: "LS1 4AB", Country: "GB", Carrier: "own", Service: "standard", TrackingURL: "http://localhost/j/abc", At: sitetest.Noon}); err != nil {
		t.Fatal(err)
	}
	return b
}

func sku(t *testing.T, b *packtest.Bench) (s string) {
	t.Helper()
	if err := b.Tx.QueryRow(`select sku from items i join demand_lines l on l.item_id = i.id where l.ref = 'O-1.1'`).Scan(&s); err != nil {
		t.Fatal(err)
	}
	return s
}

func parcels(t *testing.T, b *packtest.Bench) []print.Job {
	t.Helper()
	if err := print.Parcels(ctx, b.Tx, "O-1", sitetest.Noon); err != nil {
		t.Fatal(err)
	}
	jobs, err := print.Jobs(ctx, b.Tx, int64(b.Warehouse), 100)
	if err != nil {
		t.Fatal(err)
	}
	return jobs
}

// says is the text of a paper: the content streams of its PDF, inflated.
func says(t *testing.T, b *packtest.Bench, id print.PaperID) string {
	t.Helper()
	pdf, err := print.Read(ctx, b.Tx, id)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, m := range regexp.MustCompile(`(?s)stream\r?\n(.*?)endstream`).FindAllSubmatch(pdf, -1) {
		if r, err := zlib.NewReader(bytes.NewReader(m[1])); err == nil {
			text, _ := io.ReadAll(r)
			all.Write(text)
		}
	}
	return strings.ReplaceAll(all.String(), "\x00", "")
}

func live(jobs []print.Job, kind print.Kind) (list []print.Job) {
	for _, j := range jobs {
		if j.Kind == kind && j.State != print.Cancelled {
			list = append(list, j)
		}
	}
	return list
}

func TestALabelSaysHowManyParcelsOnceThatIsKnown(t *testing.T) {
	b := bench(t)
	item := sku(t, b)
	b.Put("O-1", item, "X-NEW", "250 g")
	first := parcels(t, b)
	if len(first) != 2 || !strings.Contains(says(t, b, live(first, print.ShippingLabel)[0].Paper), "(1) Tj") {
		t.Fatalf("after the first carton: %d jobs, want a label of package 1 and a slip", len(first))
	}
	b.Put("O-1", item, item, "500 g")
	labels := live(parcels(t, b), print.ShippingLabel)
	if len(labels) != 2 {
		t.Fatalf("%d live labels, want 2", len(labels))
	}
	both := says(t, b, labels[0].Paper) + says(t, b, labels[1].Paper)
	for _, want := range []string{"(1 of 2) Tj", "(2 of 2) Tj"} {
		if !strings.Contains(both, want) {
			t.Errorf("no label says %s", want)
		}
	}
	if again := live(parcels(t, b), print.ShippingLabel); len(again) != 2 || again[0].Paper != labels[0].Paper {
		t.Errorf("asked once more: %d labels", len(again))
	}
}

func TestALabelThatWasPrintedIsNotMadeAnew(t *testing.T) {
	b := bench(t)
	item := sku(t, b)
	b.Put("O-1", item, "X-NEW", "250 g")
	first := live(parcels(t, b), print.ShippingLabel)[0]
	if err := print.Shown(ctx, b.Tx, first.ID, sitetest.Noon); err != nil {
		t.Fatal(err)
	}
	b.Put("O-1", item, item, "500 g")
	for _, j := range live(parcels(t, b), print.ShippingLabel) {
		if j.Ref == first.Ref && j.Paper != first.Paper {
			t.Errorf("the printed label %d was replaced by %d", first.Paper, j.Paper)
		}
	}
}

// TestClosingIsHeardOnceHoweverItIsTold lets the one who closes and the consumer of the fact ask at once.
func TestClosingIsHeardOnceHoweverItIsTold(t *testing.T) {
	db := pgtest.DB(t)
	in := func(do func(tx *sql.Tx) error) {
		t.Helper()
		if err := pg.InTx(ctx, db, do); err != nil {
			t.Fatal(err)
		}
	}
	var b *packtest.Bench
	in(func(tx *sql.Tx) error {
		b = packtest.New(t, tx)
		mug := b.Item("MUG")
		b.Stock(mug, b.Bins[0], 10)
		b.Pick("O-1", "T-1", picktest.Of(1, mug))
		b.PackAll("O-1")
		return shipping.PlanShipment(ctx, tx, shipping.Plan{Ref: "O-1", Warehouse: b.Warehouse, Recipient: "Ada", Street: "1 Quay Street",
			City: "Leeds", Postcode: "LS1 4AB", Country: "GB", Carrier: "own", Service: "standard", At: sitetest.Noon})
	})
	hear := print.Closed(db)
	done := make(chan error, 6)
	for range 6 {
		go func() {
			done <- hear(ctx, outbox.Fact{Name: "carton.closed", Ref: "C-1", Data: []byte(`{"Carton": 1, "Ref": "O-1"}`)})
		}()
	}
	for range 6 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	jobs, err := print.Jobs(ctx, db, int64(b.Warehouse), 100)
	if err != nil || len(jobs) != 2 {
		t.Errorf("%d jobs, %v; want one label and one slip", len(jobs), err)
	}
	if err := hear(ctx, outbox.Fact{Name: "carton.closed", Ref: "C-1", Data: []byte(`nonsense`)}); err == nil {
		t.Error("nonsense was heard")
	}
}

// A parcel that one packer closed and another opens: its number and papers are void, what waited for the printer is taken
// back, the audit names who opened it and why, and the carton who had closed it.
func TestAParcelClosedByOneIsOpenedByAnother(t *testing.T) {
	b := bench(t)
	id := b.PackAll("O-1")
	jobs := parcels(t, b)
	other, err := staff.Add(ctx, b.Tx, staff.Member{Name: "Bo", Roles: []staff.Role{staff.Manager}, Warehouse: int64(b.Warehouse)}, "274916")
	if err != nil {
		t.Fatal(err)
	}
	by := b.By("")
	by.Staff = other.ID
	if _, err := packing.VoidCarton(ctx, b.Tx, id, "T-3", "wrong box", by); err != nil {
		t.Fatal(err)
	}
	if err := shipping.Unbook(ctx, b.Tx, id, sitetest.Noon); err != nil {
		t.Fatal(err)
	}
	if err := print.VoidPapers(ctx, b.Tx, jobs[0].Ref); err != nil {
		t.Fatal(err)
	}
	for _, j := range parcels(t, b) {
		if !j.Void || j.State != print.Cancelled {
			t.Errorf("the %s is %s, void: %v", j.Kind, j.State, j.Void)
		}
		if _, err := print.Reprint(ctx, b.Tx, j.ID, scan.Scan{Staff: other.ID, Station: b.Station, At: sitetest.Noon}); fault.KindOf(err) != fault.Conflict {
			t.Errorf("the void %s is printed again: %v", j.Kind, err)
		}
	}
	var closed, opened int64
	if err := b.Tx.QueryRow(`
		select k.closed_by, (select staff_id from audit where verb = 'voided a carton') from cartons k where k.id = $1`, id).Scan(&closed, &opened); err != nil {
		t.Fatal(err)
	}
	if closed != int64(b.Staff) || opened != int64(other.ID) {
		t.Errorf("closed by %d, opened by %d; want %d and %d", closed, opened, b.Staff, other.ID)
	}
	laws, err := packing.Check(ctx, b.Tx)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range laws {
		if l.Count != 0 {
			t.Errorf("%s: %d times broken", l.Name, l.Count)
		}
	}
}
