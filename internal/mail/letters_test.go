package mail

import (
	"context"
	"database/sql"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tote/internal/orders"
	"tote/internal/pgtest"
	"tote/internal/staff"
)

var update = flag.Bool("update", false, "write the golden letters anew")

// TestGoldenLetters shows every letter as its reader sees it; look at testdata/letters.
func TestGoldenLetters(t *testing.T) {
	for _, l := range orders.Languages {
		t.Run(string(l), func(t *testing.T) { goldenLetters(t, l) })
	}
}

// written makes every kind of letter there is.
func written(t *testing.T, w world, tx *sql.Tx) []Row {
	t.Helper()
	ctx := context.Background()
	w.place(1001, anna, 2, 1)
	w.place(1002, customer{name: "Ümit Çelik & Söhne", email: "umit@example.com", recipient: "Ümit <b>Çelik</b>"}, 3, 2, 1)
	w.exec(`insert into payments (customer_id, amount_minor, currency, method, reference, submission, submitted, at)
		select id, 2000, 'EUR', 'bank transfer', 'x', 'x', '', now() from customers where email = 'anna@example.com'`)
	w.exec(`insert into payment_orders (payment_id, order_id, amount_minor) select p.id, o.id, 2000 from payments p, orders o where o.number = 1001`)
	w.exec(`insert into reservations (ref, document, warehouse_id, item_id, wanted, held, due)
		select 'O-1002.1', 'O-1002', w.id, i.id, 3, 1, now() from warehouses w, items i where i.sku = 'SKU-1'`)
	w.exec(`insert into order_line_options (order_id, line, position, name, kind, value, unit, surcharge_minor)
		select o.id, 1, c.position, c.name, c.kind, c.value, c.unit, 0 from orders o,
		(values (1, 'Volume', 'number', '330', 'ml'), (2, 'Words', 'text', E'To <Anna>,\nwith love', '')) as c (position, name, kind, value, unit) where o.number = 1001`)
	w.ship(17, 1001, map[int]int{1: 2}, map[int]int{2: 1})
	w.ship(18, 1002, map[int]int{1: 1, 3: 1})
	w.exec(`update shipments set delivered_at = '2026-11-25 09:30+00', state = 'delivered'`)
	w.exec(`insert into returns (id, warehouse_id, ref, submission, origin, authorised_at) overriding system value select 17, id, 'O-1001', 'x', 'customer', now() from warehouses`)
	w.exec(`insert into return_lines (return_id, ref, item_id, quantity, received, reason) select 17, ref, item_id, quantity, 1, 'damaged' from order_lines where ref like 'O-1001.%'`)
	w.exec(`update customers set letters_token = 'end-of-' || code`)
	w.quote()
	for _, err := range []error{
		OrderPlaced(ctx, tx, "O-1001"), OrderPlaced(ctx, tx, "O-1002"), OrderPaid(ctx, tx, "O-1001"),
		OrderDelayed(ctx, tx, "O-1002.1"), ShipmentDispatched(ctx, tx, "SH-17"), ShipmentDispatched(ctx, tx, "SH-18"),
		ShipmentDelivered(ctx, tx, "SH-17"), ReturnAuthorised(ctx, tx, "R-17"), ReturnReceived(ctx, tx, "R-17"),
		FeedbackAsked(ctx, tx, "O-1002"), FeedbackReminded(ctx, tx, "O-1002"), QuoteMade(ctx, tx, "Q-1001"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	w.exec(`insert into returns (id, warehouse_id, ref, submission, origin, authorised_at) overriding system value select 18, id, 'O-1002', 'y', 'carrier', now() from warehouses`)
	w.exec(`insert into return_lines (return_id, ref, item_id, quantity, received, reason) select 18, ref, item_id, quantity, quantity, 'undelivered' from order_lines where ref = 'O-1002.1'`)
	w.exec(`insert into settlements (submission, return_id, line_id, what, quantity, amount_minor, payment_id, order_id, reason, at)
		select 'k', 17, l.id, x.what, 1, x.minor, case x.what when 'refund' then (select min(id) from payments) end,
		       case x.what when 'replacement' then (select id from orders where number = 1002) end, x.reason, now()
		from (values ('O-1001.1', 'refund', 1250, ''), ('O-1001.2', 'nothing', 0, 'It was used for <some> weeks.')) as x (ref, what, minor, reason)
		join return_lines l on l.ref = x.ref and l.return_id = 17`)
	w.exec(`insert into settlements (submission, return_id, line_id, what, quantity, order_id, at)
		select 'k', 18, l.id, 'replacement', 1, o.id, now() from return_lines l, orders o where l.return_id = 18 and o.number = 1002`)
	for _, err := range []error{ReturnUndelivered(ctx, tx, "R-18"), ReturnReceived(ctx, tx, "R-18"), ReturnTold(ctx, tx, "R-17", "k"), ReturnTold(ctx, tx, "R-18", "k")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	w.artwork(t, tx)
	var code string
	if err := tx.QueryRow(`select code from customers where email = 'anna@example.com'`).Scan(&code); err != nil {
		t.Fatal(err)
	}
	if err := CustomerAsked(ctx, tx, code, "now"); err != nil {
		t.Fatal(err)
	}
	w.exec(`update orders set expected_on = promised_on + interval '3 days' where number = 1002`)
	w.exec(`update settings set departments = '{"picking": {"days": 1, "email": "pickers@shop.example"}}'`)
	w.exec(`update orders set dates = jsonb_build_object('picking', '2026-11-26 22:59+00'), stage = 'released' where number = 1002`)
	for _, err := range []error{OrderLate(ctx, tx, "O-1002"), OrderLate(ctx, tx, "O-1001"), DepartmentWarned(ctx, tx, warehouseRef(t, tx), "now")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	w.exec(`update orders set cancelled_at = now(), goods_minor = 0, shipping_minor = 0, tax_minor = 0, total_minor = 0 where number = 1001`)
	if err := OrderCancelled(ctx, tx, "O-1001"); err != nil {
		t.Fatal(err)
	}
	all, err := List(ctx, tx, Filter{})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// warehouseRef names the picking of the warehouse as facts do.
func warehouseRef(t *testing.T, tx *sql.Tx) (ref string) {
	t.Helper()
	if err := tx.QueryRow(`select 'picking/' || code from warehouses`).Scan(&ref); err != nil {
		t.Fatal(err)
	}
	return ref
}

// secrets are links of which only the letter knows.
var secrets = regexp.MustCompile(`/(proof|my)/[A-Z2-7]{26}`)

// artwork makes every letter about the artwork of O-1000.1, which has a contact.
func (w world) artwork(t *testing.T, tx *sql.Tx) {
	t.Helper()
	ctx := context.Background()
	w.place(1000, anna, 1)
	w.exec(`insert into staff (name, badge, pin_hash, roles, warehouse_id, email, phone) select 'Sara Support', $1, 'x', '{client support}', id, 'sara@shop.example', '040 99' from warehouses`, staff.NewBadge())
	w.exec(`update orders set contact_id = (select id from staff where name = 'Sara Support'), phone = '030 1234' where number = 1000`)
	w.exec(`insert into flows (name, asks, image_check, art, art_control, approval) values ('Portraits', 'A photo', true, true, true, true)`)
	w.exec(`insert into art_jobs (ref, document, warehouse_id, item_id, sku, product, pieces, promised, flow_id, asks, image_check, art, art_control, approval, approval_of, least_ppi, good_ppi,
			print_width_mm, print_height_mm, state, since)
		select 'O-1000.1', 'O-1000', w.id, i.id, i.sku, 'Yellow Portrait', 1, now(), f.id, f.asks, true, true, true, true, 'one', 150, 300, 200, 300, 'awaiting picture', now()
		from warehouses w, items i, flows f where i.sku = 'SKU-1'`)
	w.exec(`insert into art_versions (job_id, number, proof, hash, preview, name, media_type, width, height, bytes, made_at)
		select id, 1, 1, repeat('ab', 32), repeat('cd', 32), 'a.png', 'image/png', 1, 1, 1, now() from art_jobs`)
	for _, step := range []struct {
		change string
		letter func() error
	}{
		{`select`, func() error { return PictureAsked(ctx, tx, "O-1000.1") }},
		{`insert into art_decisions (job_id, stage, verdict, reason, words, at) select id, 'picture', 'rejected', 'too dark', 'The face cannot be told from the background.', now() from art_jobs`, func() error { return nil }},
		{`update art_jobs set state = 'picture refused'`, func() error { return PictureTurnedDown(ctx, tx, "O-1000.1") }},
		{`update art_jobs set state = 'approval', round = 1`, func() error { return ProofReady(ctx, tx, "O-1000.1") }},
		{`select`, func() error { return ProofReady(ctx, tx, "O-1000.1") }},   // heard twice
		{`select`, func() error { return PictureAsked(ctx, tx, "O-1000.1") }}, // heard late
		{`select`, func() error { return ProofReminded(ctx, tx, "O-1000.1", "2026-11-24T10:00:00Z") }},
		{`select`, func() error { return ProofOverdue(ctx, tx, "O-1000.1") }},
		{`insert into art_decisions (job_id, stage, verdict, at) select id, 'customer', 'approved', now() from art_jobs`, func() error { return nil }},
		{`update art_jobs set state = 'approved', decision_id = (select max(id) from art_decisions)`, func() error { return ArtworkApproved(ctx, tx, "O-1000.1") }},
	} {
		w.exec(step.change)
		if err := step.letter(); err != nil {
			t.Fatal(err)
		}
	}
	var n int
	if err := tx.QueryRow(`select count(*) from letters where ref = 'O-1000'`).Scan(&n); err != nil || n != 6 {
		t.Errorf("%d letters about the artwork, want 6 (%v)", n, err)
	}
}

func goldenLetters(t *testing.T, l orders.Language) {
	tx, ctx := pgtest.Tx(t), context.Background()
	w := newWorld(t, tx)
	w.exec(`update settings set letter_language = $1`, l)
	seen := map[Kind]bool{}
	for _, row := range written(t, w, tx) {
		letter, err := Read(ctx, tx, row.ID)
		if err != nil {
			t.Fatal(err)
		}
		k, err := find(letter.Kind)
		if err != nil {
			t.Fatal(err)
		}
		seen[k.Kind] = true
		name := string(l) + "/" + k.Slug + "-" + letter.Ref
		head := "To: " + letter.Recipient + "\nSubject: " + letter.Subject + "\nMessage-ID: " + letter.MessageID + "\n\n"
		golden(t, name+".txt", secrets.ReplaceAllString(head+letter.Text, "/$1/A-LINK"))
		golden(t, name+".html", secrets.ReplaceAllString(letter.HTML, "/$1/A-LINK"))
	}
	for _, k := range kinds {
		if !seen[k.Kind] {
			t.Errorf("nobody has looked at the letter %q", k.Kind)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "letters", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; run go test ./internal/mail -update and read what it wrote", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-golden +got):\n%s", name, diff)
	}
	if strings.Contains(got, "<img") || strings.Contains(got, "src=") {
		t.Errorf("%s loads something from afar", name)
	}
	for i, line := range strings.Split(got, "\n") {
		if strings.HasSuffix(name, ".txt") && len([]rune(line)) > 78 && strings.Contains(line, "  ") {
			t.Errorf("%s:%d: a column runs past 78 characters: %q", name, i+1, line)
		}
	}
}

// TestWhatAPartnerSendsIsAnnounced: nobody here weighed its parcels, and its customers hear of them all the same.
func TestWhatAPartnerSendsIsAnnounced(t *testing.T) {
	tx, ctx := pgtest.Tx(t), context.Background()
	w := newWorld(t, tx)
	w.place(1001, anna, 2, 1)
	w.ship(17, 1001, map[int]int{1: 2}, map[int]int{2: 1})
	w.exec(`update cartons set straight = true, weight_g = null, sscc = null`)
	for _, tell := range []func(context.Context, *sql.Tx, string) error{ShipmentDispatched, ShipmentDelivered} {
		if err := tell(ctx, tx, "SH-17"); err != nil {
			t.Fatal(err)
		}
	}
	all, err := List(ctx, tx, Filter{})
	if err != nil || len(all) != 2 {
		t.Fatalf("%d letters, %v", len(all), err)
	}
	for _, l := range all {
		full, err := Read(ctx, tx, l.ID)
		if err != nil || l.Kind == Tracking && !strings.Contains(full.Text, "Parcel 2 of 2, TT171\n") {
			t.Errorf("%v, it says %s", err, full.Text)
		}
	}
}
