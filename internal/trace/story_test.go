package trace_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tote/internal/fault"
	"tote/internal/pgtest"
	"tote/internal/trace"
)

func TestACodeLeadsToItsOrders(t *testing.T) {
	tx := pgtest.Tx(t)
	warehouse := shop(t, tx)
	people(t, tx, warehouse)
	picture, file := strings.Repeat("ab", 32), strings.Repeat("cd", 32)
	run(t, tx, warehouse,
		order("9001", "picked", "now()", "now()"), order("9002", "artwork", "now()", "now()"),
		`insert into flows (name, asks, image_check, art, art_control, approval) values ('Photos', 'Photo', false, false, false, false)`,
		`insert into art_jobs (ref, document, warehouse_id, item_id, sku, product, pieces, promised, flow_id, asks, image_check, art, art_control, approval, approval_of, least_ppi, good_ppi, print_width_mm, print_height_mm, state, since)
			select 'O-' || n || '.1', 'O-' || n, {w}, {i}, 'MUG-BLUE', 'Mug', 1, now(), (select max(id) from flows), 'Photo', false, false, false, false, 'one', 0, 0, 0, 0, 'awaiting picture', now() from (values (9001), (9002)) v (n)`,
		`insert into art_pictures (job_id, number, hash, preview, name, media_type, width, height, bytes, ppi, cropped, sent_at)
			select id, 1, repeat('ab', 32), repeat('ab', 32), 'cat.png', 'image/png', 1, 1, 1, 0, 0, now() from art_jobs`,
		`insert into art_versions (job_id, number, proof, hash, preview, name, media_type, width, height, bytes, made_at)
			select id, 1, 1, repeat('cd', 32), repeat('cd', 32), 'cat.png', 'image/png', 1, 1, 1, now() from art_jobs where ref = 'O-9001.1'`,
		`insert into invoices (series, number, order_id, issued_at, currency, goods_minor, shipping_minor, tax_minor, total_minor, snapshot) select 'INV', 77, id, now(), 'EUR', 1, 0, 0, 1, '{}' from orders where number = 9001`,
		`insert into returns (warehouse_id, ref, submission, origin, authorised_at) values ({w}, 'O-9001', 'x', 'customer', now())`)
	for code, want := range map[string][]string{"O-9001": {"O-9001"}, "9002": {"O-9002"}, "o-9001.2": {"O-9001"}, picture: {"O-9001", "O-9002"}, strings.ToUpper(file): {"O-9001"}, "INV-77": {"O-9001"}, "inv-77": {"O-9001"}} {
		got, err := trace.Orders(context.Background(), tx, warehouse, code)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", code, err, diff)
		}
		if _, err := trace.Orders(context.Background(), tx, warehouse+1, code); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s leads somebody of another warehouse to an order: %v", code, err)
		}
	}
	for _, code := range []string{"B-A-07-3-B", strings.Repeat("ef", 32), "INV-78", "O-9001.", "O-9009.1"} {
		if refs, err := trace.Orders(context.Background(), tx, warehouse, code); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s leads to %v, %v", code, refs, err)
		}
	}
}
