package mail

import (
	"context"
	"database/sql"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tote/internal/orders"
	"tote/internal/pgtest"
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
		golden(t, name+".txt", head+letter.Text)
		golden(t, name+".html", letter.HTML)
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
