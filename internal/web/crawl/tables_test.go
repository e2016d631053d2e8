package crawl_test

import (
	"database/sql"
	"net/url"
	"strings"
	"testing"

	"tote/internal/web/webtest"
)

// odd is what a field with a meaning is made to swallow, beside the naughty strings.
var odd = []string{
	"", "0", "-1", "99999999999999999999", "9223372036854775807", "\x00", "a\x00b", "\xff\xfe", "\ufffe", strings.Repeat("4", 4096), "👩‍🚒", "O-1001",
	"1.5", "NaN", "1e9", "B-A-01-1-A", "X-OK", "X-UNDO", "X-SHORT", "+0", "+99999999",
	"2026-13-45", "0000-00-00", "\x1b[2J", "\x1d01", "]C1\x1d00", "\u202e", strings.Repeat("🥨", 3000), "own/", "/", "../../etc/passwd", "%00",
}

// ordered is the journey of an order whose parcel has arrived, or of one that came far.
const ordered = `select journey_token from orders order by stage = 'delivered' desc, stage = 'shipped' desc, number limit 1`

// unseen is the forms that sixty orders of the demo do not show, or that begin with something nobody links to; $1 is the
// first of its table.
var unseen = []struct {
	path, of string
	fields   []string
}{
	{"/receiving/$1/note", "select min(id)::text from receipts", []string{"line", "expected", "reason"}},
	{"/receiving/$1/labels", "select min(id)::text from receipts", []string{"line", "count"}},
	{"/receiving/$1/match", "select min(id)::text from receipts", []string{"number"}},
	{"/receiving/$1/barcodes", "select min(id)::text from receipts", []string{"code", "item", "pack"}},
	{"/orders/O-$1/refund", "select min(number)::text from orders", []string{"key", "amount", "method", "reference"}},
	{"/feedback/O-$1/called", "select min(number)::text from orders", []string{"note"}},
	{"/journey/$1/feedback", ordered, []string{"score", "words"}},
	{"/journey/$1/pay", ordered, []string{"key"}},
	{"/orders/O-$1/refund/card", "select min(number)::text from orders", []string{"key", "amount"}},
	{"/orders/O-$1/credit", "select min(number)::text from orders where stage in ('shipped', 'delivered')", []string{"key", "amount", "why"}},
	{"/journey/$1/return", ordered, []string{"key", "note", "lines.0.ref", "lines.0.quantity", "lines.0.reason", "lines.0.wish"}},
	{"/packing/cartons/$1/void", "select min(id)::text from cartons", []string{"tote", "reason"}},
	{"/packing/cartons/$1/label", "select min(id)::text from cartons", []string{"key"}},
	{"/packing/cartons/$1/photo", "select min(id)::text from cartons", []string{"bench"}},
	{"/shipments/$1/number", "select min(id)::text from shipments", []string{"carrier", "number", "own", "expected"}},
	{"/shipments/$1/carrier", "select min(id)::text from shipments", []string{"key", "way"}},
	{"/setup/carriers/$1/rates/drop", "select 'manual'", []string{"key"}},
	{"/exceptions/$1/settle", "select min(id)::text from troubles", []string{"key", "note"}},
	{"/returns/$1/note", "select coalesce(min(id), 1)::text from returns", []string{"line", "note"}},
	{"/returns/$1/settle", "select coalesce(min(id), 1)::text from returns", []string{"key", "lines.0.line", "lines.0.what", "lines.0.quantity", "lines.0.amount", "lines.0.reason"}},
	{"/returns/$1/receive/scan", "select coalesce(min(id), 1)::text from returns", []string{"key", "code", "action", "undo"}},
	{"/returns/$1/inspect/scan", "select coalesce(min(id), 1)::text from returns", []string{"key", "code", "action", "undo", "note"}},
	{"/waves/join", "select '1'", []string{"order"}},
	{"/picking/$1/print", "select min(id)::text from pick_lists", []string{"key"}},
	{"/setup/letters/$1/en/restore", "select 'tracking'", []string{"seen", "version"}},
	{"/studio/uploads/$1/store", "select min(id)::text from art_batches", []string{"lines.0.number", "lines.0.ref"}},
	{"/studio/uploads/$1/drop", "select min(id)::text from art_batches", []string{"number"}},
	{"/journey/$1/artwork/1", "select min(o.journey_token) from orders o join art_jobs j on j.document = 'O-' || o.number where j.state = 'approval'",
		[]string{"verdict", "seen", "chosen", "ticks", "name", "words", "pins.0.proof", "pins.0.x", "pins.0.y", "pins.0.words"}},
	{"/journey/$1/artwork/1/insist", "select min(o.journey_token) from orders o join art_jobs j on j.document = 'O-' || o.number where j.state = 'picture refused'", []string{"sure"}},
	{"/setup/items/$1", "select min(item_id || '/options/' || id) from item_options",
		[]string{"name", "kind", "help", "required", "position", "least", "most", "unit", "run", "retired", "choices.0.value", "choices.0.surcharge"}},
	{"/fulfilment/$1/answer", "select 'J-' || min(id) from work_orders where partner_state = 'handed'", []string{"answer", "reason"}},
	{"/fulfilment/$1/on-the-way", "select 'J-' || min(id) from work_orders where partner_state in ('handed', 'accepted')", []string{"how"}},
	{"/fulfilment/$1/sent", "select 'J-' || min(id) from work_orders where partner_state in ('handed', 'accepted')", []string{"key", "carrier", "name", "number", "parcels"}},
	{"/print/$1/elsewhere", "select min(id)::text from print_jobs", []string{"station"}},
	{"/tools/$1/ended", "select min(id)::text from tools", []string{"how", "again"}},
	{"/setup/items/$1/barcodes/drop", "select min(item_id)::text from barcodes", []string{"code"}},
	{"/transfers", "select '1'", []string{"key", "to", "note", "lines.0.sku", "lines.0.quantity"}},
	{"/setup/warehouses/$1/people", "select min(id)::text from warehouses", []string{"member"}},
	{"/sign-in/warehouse", "select '1'", []string{"warehouse"}},
	{"/counts/$1/book", "select min(id)::text from count_tasks", []string{"count", "found"}},
	{"/setup/locations/change", "select '1'", []string{"in", "use", "bin_class", "active"}},
	{"/questions/$1", "select min(letters_token) from customers", []string{"List-Unsubscribe"}},
}

// bare is the forms without any field that the demo does not show either: their addresses alone are sent, and /welcome,
// which asks once in the life of a site (cmd/tote: TestStories/own-site).
var bare = []string{"/welcome", "/setup/staff/:id/restore", "/setup/tokens/:id/revoke", "/orders/:id/holds/:hold/clear", "/picking/blocks/:block/clear", "/picking/lists/take-back",
	"/print/:id/retry", "/print/:id/cancel", "/print/:id/reprint", "/print/:id/shown", "/print/:id/came-out", "/print/:id/take-back", "/setup/stations/:id/calibration", "/setup/stations/:id/label", "/setup/staff/:id/badge/print", "/setup/staff/badges", "/setup/locations/labels", "/setup/totes/labels", "/setup/pallets/labels", "/pallets/:pallet/label", "/setup/commands", "/returns/:id/withdraw", "/letters/:id/retry", "/letters/:id/cancel", "/questions/:token/again",
	"/together", "/orders/:id/together", "/orders/:id/apart", "/journey/:token/together", "/pay/:token", "/payments/cards/:event/seen", "/hooks/stripe", "/hooks/easypost", "/exceptions/:trouble/label", "/counts/:count/round/cancel",
	"/fulfilment/:job/take-back", "/my/:token", "/my/:token/:id", "/my/:token/:id/cancel", "/studio/jobs/:ref/pictures", "/studio/jobs/:ref/insist", "/proof/:token", "/proof/:token/again", "/journey/:token/artwork/:line/pictures"}

// addUnseen adds them to the forms that were found.
func addUnseen(t *testing.T, s *webtest.Site, found map[string]*webtest.Form) {
	t.Helper()
	for _, u := range unseen {
		var id sql.NullString
		if err := s.DB.QueryRow(u.of).Scan(&id); err != nil || !id.Valid {
			t.Fatalf("%s: there is nothing to send it to: %v", u.path, err)
		}
		f := &webtest.Form{Action: strings.ReplaceAll(u.path, "$1", id.String), Method: "post", Scans: true, Kinds: map[string]string{}, Values: url.Values{}}
		for _, field := range u.fields {
			f.Kinds[field] = "text"
		}
		found[routeOf(f.Action)+" "+strings.Join(u.fields, ",")] = f
	}
}
