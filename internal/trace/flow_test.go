package trace_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tote/internal/pgtest"
	"tote/internal/trace"
)

// noon is the present of these tests: a Sunday, in the warehouse's zone (London, winter) also noon.
var noon = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

// ago is an hour of the past as SQL.
func ago(d time.Duration) string { return "'" + noon.Add(-d).Format(time.RFC3339) + "'::timestamptz" }

// run executes statements in which {w} is the warehouse, {i} an item and {c} a customer.
func run(t *testing.T, tx *sql.Tx, warehouse int64, statements ...string) {
	t.Helper()
	for _, s := range statements {
		s = strings.NewReplacer(
			"{w}", "(select max(id) from warehouses)",
			"{i}", "(select id from items where sku = 'MUG-BLUE')",
			"{c}", "(select max(id) from customers)",
			"{bin}", "(select id from locations where code = 'A-07-3-B' and warehouse_id = (select max(id) from warehouses))",
			"{tote}", "(select id from locations where code = 'T-12' and warehouse_id = (select max(id) from warehouses))",
			"{staff}", "(select max(id) from staff)",
			"{order}", "(select max(id) from orders)",
		).Replace(s)
		if _, err := tx.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// order is the statement that places one at a stage.
func order(number, stage, placed, promised string) string {
	return `insert into orders (number, submission, submitted, customer_id, warehouse_id, channel, recipient, street, city, postcode, country, email,
			carrier, service, promised_on, currency, goods_minor, shipping_minor, tax_minor, total_minor, journey_token, placed_at, stage)
		select ` + number + `, 's' || ` + number + `, '', {c}, {w}, 'web', 'Zoe', 'Street 1', 'City', '1', 'GB', 'zoe@example.com',
			'own', 'standard', ` + promised + `, 'EUR', 0, 0, 0, 0, 't' || ` + number + `, ` + placed + `, '` + stage + `'`
}

func people(t *testing.T, tx *sql.Tx, warehouse int64) {
	t.Helper()
	run(t, tx, warehouse,
		`insert into customers (code, name, email) values ('ZOE', 'Zoe', 'zoe@example.com')`,
		`insert into staff (name, badge, pin_hash, roles, warehouse_id) values ('Ada', 'S-ABCDEFGHIJ', '', '{picker}', {w})`)
}

func TestWaitCountsEveryStop(t *testing.T) {
	tx := pgtest.Tx(t)
	warehouse := shop(t, tx)
	people(t, tx, warehouse)
	late, soon := ago(time.Hour), ago(-48*time.Hour)
	run(t, tx, warehouse,
		`update expected_receipts set due_on = '2026-11-21', created_at = `+ago(30*time.Hour),
		`insert into putaway_tasks (warehouse_id, item_id, from_id, quantity, ref, created_at) values ({w}, {i}, {bin}, 3, 'PO-77', `+ago(2*time.Hour)+`)`,
		`insert into replenishments (warehouse_id, item_id, from_id, face_id, quantity, reason, created_at) values
			({w}, {i}, {tote}, {bin}, 5, 'demand', `+ago(4*time.Hour)+`)`,
		`insert into count_tasks (warehouse_id, location_id, item_id, reason, asked_at, again_at) values
			({w}, {bin}, {i}, 'asked', `+ago(3*time.Hour)+`, now()), ({w}, {bin}, null, 'asked', `+ago(2*time.Hour)+`, now())`,
		order("9001", "pending payment", ago(5*time.Hour), late),
		order("9002", "pending payment", ago(4*time.Hour), soon),
		order("9003", "back-ordered", ago(3*time.Hour), soon),
		`insert into warehouse_items (warehouse_id, item_id) values ({w}, {i})`,
		`insert into reservations (ref, document, warehouse_id, item_id, wanted, held, due, since) values
			('O-9003.1', 'O-9003', {w}, {i}, 5, 2, `+late+`, `+ago(3*time.Hour)+`), ('O-9003.2', 'O-9003', {w}, {i}, 1, 0, `+late+`, `+ago(3*time.Hour)+`)`,
		order("9004", "released", ago(2*time.Hour), soon),
		order("9005", "picked", ago(2*time.Hour), soon),
		order("9006", "delivered", ago(500*time.Hour), late),
		`insert into feedback (order_id, asked_at, score, answered_at, call_back) values ({order}, `+ago(90*time.Minute)+`, 1, `+ago(time.Hour)+`, 'open')`,
		order("9007", "on hold", ago(6*time.Hour), soon),
		`insert into holds (order_id, kind, reason, placed_at) values ({order}, 'address', 'no house number', `+ago(5*time.Hour)+`)`,
		`insert into holds (order_id, kind, reason, placed_at, cleared_at) values ({order}, 'fraud', 'cleared', `+ago(6*time.Hour)+`, `+ago(5*time.Hour)+`)`,
		`insert into pick_blocks (warehouse_id, location_id, item_id, reason, list_id, placed_by, placed_at)
			values ({w}, {bin}, {i}, 'damaged', (select max(id) from pick_lists), {staff}, `+ago(time.Hour)+`)`,
		`insert into demands (ref, warehouse_id, due, released_at, state) values ('O-9010', {w}, now(), `+ago(4*time.Hour)+`, 'picked'), ('O-9011', {w}, now(), `+ago(time.Hour)+`, 'picked')`,
		`insert into demand_lines (ref, demand_id, line, item_id, quantity) select ref || '.1', id, 1, {i}, 1 from demands where ref in ('O-9010', 'O-9011')`,
		`insert into tote_lines (tote_id, demand_id, ref, item_id, quantity) select {tote}, demand_id, ref, item_id, 1 from demand_lines where ref in ('O-9010.1', 'O-9011.1')`,
		`insert into movements (warehouse_id, item_id, quantity, from_id, to_id, reason, ref, at) values ({w}, {i}, 2, {bin}, {tote}, 'pick', 'O-9010', `+ago(4*time.Hour)+`)`,
		`insert into papers (kind, ref, pdf, sha256) values ('packing slip', 'O-9005', '', '')`,
		`insert into print_jobs (paper_id, state, error, requested_at) select max(id), 'failed', 'no paper', `+ago(time.Hour)+` from papers`,
		`insert into proofs (asked_at, finished_at) values (`+ago(2*time.Hour)+`, `+ago(time.Hour)+`);
		 insert into proof_laws select max(id), 3, 'inventory', 'stock is only where stock can be', 2, '{x}' from proofs`,
		`insert into letters (kind, fact, ref, sender, recipient, subject, text, html, message_id, state, error, created_at)
			values ('confirmation', 'f', 'O-9001', 's', 'zoe@example.com', 's', 't', 'h', 'm', 'refused', 'no such mailbox', `+ago(time.Hour)+`)`,
		`insert into shipments (warehouse_id, state, carrier, service, tracking_number, recipient, street, city, postcode, country, planned_at, booked_at)
			values ({w}, 'booked', 'own', 'standard', 'SH', 'Zoe', 's', 'c', '1', 'GB', now(), `+ago(time.Hour)+`)`,
		`insert into returns (warehouse_id, ref, submission, state, origin, authorised_at, received_at) values
			({w}, 'O-9006', 'r1', 'received', 'staff', `+ago(9*time.Hour)+`, `+ago(time.Hour)+`), ({w}, 'O-9006', 'r2', 'authorised', 'staff', `+ago(time.Hour)+`, null)`,
	)
	got, err := trace.Wait(context.Background(), tx, warehouse, noon)
	if err != nil {
		t.Fatal(err)
	}
	for s, w := range got { // the database answers in the zone of its session
		w.Oldest = w.Oldest.UTC()
		if s == trace.Unnumbered { // the row's number is in it
			if !strings.Contains(w.First, "Zoe, by own") {
				t.Errorf("no number: %q", w.First)
			}
			w.First = ""
		}
		got[s] = w
	}
	at := func(d time.Duration) time.Time { return noon.Add(-d) }
	want := map[trace.Stop]trace.Waiting{
		trace.ToReceive:   {Count: 1, Oldest: at(30 * time.Hour), Late: 1},
		trace.ToPutAway:   {Count: 1, Oldest: at(2 * time.Hour)},
		trace.ToReplenish: {Count: 1, Oldest: at(4 * time.Hour)},
		trace.ToCount:     {Count: 1, Oldest: at(3 * time.Hour)},
		trace.ToPay:       {Count: 2, Oldest: at(5 * time.Hour), Late: 1},
		trace.OnHold:      {Count: 1, Oldest: at(6 * time.Hour)},
		trace.BackOrdered: {Count: 1, Oldest: at(3 * time.Hour)},
		trace.ToPick:      {Count: 1, Oldest: at(2 * time.Hour)},
		trace.ToSort:      {Count: 1, Oldest: at(4 * time.Hour)},
		trace.ToPack:      {Count: 1, Oldest: at(2 * time.Hour)},
		trace.ToInspect:   {Count: 1, Oldest: at(time.Hour)},
		trace.Short:       {Count: 1, Oldest: at(3 * time.Hour), Late: 1, First: "O-9003 lacks 3 × Blue mug"},
		trace.Held:        {Count: 1, Oldest: at(5 * time.Hour), First: "O-9007, address: no house number"},
		trace.Blocked:     {Count: 1, Oldest: at(time.Hour), First: "A-07-3-B, Blue mug: damaged"},
		trace.Unnumbered:  {Count: 1, Oldest: at(time.Hour)},
		trace.CallBack:    {Count: 1, Oldest: at(time.Hour), First: "O-9006, 1 of 5"},
		trace.NotPrinted:  {Count: 1, Oldest: at(time.Hour), First: "packing slip O-9005: no paper"},
		trace.Refused:     {Count: 1, Oldest: at(time.Hour), First: "zoe@example.com: no such mailbox"},
		trace.Drift:       {Count: 1, Oldest: at(time.Hour), First: "stock is only where stock can be"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Wait (-want +got):\n%s", diff)
	}
	if elsewhere, err := trace.Wait(context.Background(), tx, warehouse+1, noon); err != nil || elsewhere[trace.ToPay].Count != 0 {
		t.Errorf("another warehouse: %v, %v", elsewhere, err)
	}
}

func TestWorkCountsLinesAndParcelsByTheHour(t *testing.T) {
	tx := pgtest.Tx(t)
	warehouse := shop(t, tx)
	people(t, tx, warehouse)
	pick := func(ref, at string) string {
		return `insert into movements (at, warehouse_id, item_id, quantity, from_id, to_id, reason, ref) values (` + at + `, {w}, {i}, 1, {bin}, {tote}, 'pick', '` + ref + `')`
	}
	run(t, tx, warehouse,
		`update warehouses set time_zone = 'Asia/Tokyo' where id = {w}`,        // there noon in London is nine in the evening
		pick("O-1.1", ago(90*time.Minute)), pick("O-1.1", ago(30*time.Minute)), // one line, finished at 20
		pick("O-1.2", ago(2*time.Hour)), // at 19
		pick("O-1.3", ago(time.Hour)),   // undone
		`insert into movements (at, warehouse_id, item_id, quantity, from_id, to_id, reason, ref, reverses)
			select `+ago(50*time.Minute)+`, {w}, {i}, 1, {tote}, {bin}, 'undo', 'O-1.3', max(id) from movements`,
		pick("O-1.4", ago(22*time.Hour)), // yesterday at 23
		pick("O-1.5", ago(46*time.Hour)), // the day before
	)
	got, err := trace.Work(context.Background(), tx, warehouse, noon)
	if err != nil {
		t.Fatal(err)
	}
	want := trace.Days{Hour: 21}
	want.Today.Picked[20], want.Today.Picked[19], want.Yesterday.Picked[23] = 1, 1, 1
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Work (-want +got):\n%s", diff)
	}
}

// TestWaitDoesNotReadTheWholePast: with thousands of orders and movements behind it, the page reads by index.
func TestWaitDoesNotReadTheWholePast(t *testing.T) {
	tx := pgtest.Tx(t)
	warehouse := shop(t, tx)
	people(t, tx, warehouse)
	run(t, tx, warehouse,
		order("g", "delivered", ago(500*time.Hour), ago(400*time.Hour))+` from generate_series(100001, 120000) g`,
		order("g", "released", ago(500*time.Hour), ago(400*time.Hour))+` from generate_series(130001, 130300) g`,
		`insert into movements (at, warehouse_id, item_id, quantity, from_id, to_id, reason, ref)
			select `+ago(0)+` - (40000 - g) * interval '1 minute', {w}, {i}, 1, {bin}, {tote}, 'pick', 'O-' || g || '.1' from generate_series(1, 40000) g`,
		`insert into shipments (warehouse_id, state, carrier, service, tracking_number, recipient, street, city, postcode, country, planned_at,
				booked_at, numbered_at, expected_on, delivered_at, dispatched_at)
			select {w}, 'delivered', 'own', 'standard', 'N' || g, 'Zoe', 's', 'c', '1', 'GB', now(), now(), now(), now(), now(), `+ago(0)+` - g * interval '10 minutes' from generate_series(1, 20000) g`,
		`analyze orders, movements, shipments`)
	for name, statement := range trace.Statements {
		var plan string
		if err := tx.QueryRow(`explain (format json) `+statement, warehouse, noon).Scan(&plan); err != nil {
			t.Fatal(err)
		}
		for _, table := range scanned(t, plan) {
			if table == "orders" || table == "movements" || table == "shipments" {
				t.Errorf("%s reads all of %s:\n%s", name, table, plan)
			}
		}
	}
}

// scanned lists the tables that a plan reads from end to end.
func scanned(t *testing.T, plan string) (tables []string) {
	t.Helper()
	var root any
	if err := json.Unmarshal([]byte(plan), &root); err != nil {
		t.Fatal(err)
	}
	var walk func(any)
	walk = func(node any) {
		switch n := node.(type) {
		case []any:
			for _, child := range n {
				walk(child)
			}
		case map[string]any:
			if n["Node Type"] == "Seq Scan" {
				tables = append(tables, n["Relation Name"].(string))
			}
			for _, child := range n {
				walk(child)
			}
		}
	}
	walk(root)
	return tables
}
