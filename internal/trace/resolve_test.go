package trace_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tote/internal/fault"
	"tote/internal/pgtest"
	"tote/internal/trace"
)

// shop lays out one thing of each kind and returns its warehouse.
func shop(t *testing.T, tx *sql.Tx) int64 {
	t.Helper()
	var warehouse, item int64
	one := func(into *int64, statement string, args ...any) {
		t.Helper()
		if err := tx.QueryRow(statement, args...).Scan(into); err != nil {
			t.Fatal(err)
		}
	}
	one(&warehouse, `insert into warehouses (code, name, gs1_prefix, company, street, city, postcode, country)
		values ('TRC', 'Trace', '9521234', 'Co', 'Street 1', 'City', '12345', 'DE') returning id`)
	one(&item, `insert into items (sku, name) values ('MUG-BLUE', 'Blue mug') returning id`)
	for _, statement := range []string{
		`insert into barcodes (code, item_id) select '04006381333931', $1::bigint where $2::bigint > 0`,
		`insert into locations (warehouse_id, kind, code) select $2::bigint, k, c from (values ('bin', 'A-07-3-B'), ('tote', 'T-12'), ('bin', 'MUG-BLUE'), ('wall', 'WALL-1')) as v (k, c) where $1::bigint > 0`,
		`insert into expected_receipts (number, kind, warehouse_id, supplier) select 'PO-77', 'po', $2::bigint, 'Mug makers' where $1::bigint > 0`,
		`insert into pick_lists (warehouse_id, due, created_at) select $2::bigint, now(), now() where $1::bigint > 0`,
	} {
		if _, err := tx.Exec(statement, item, warehouse); err != nil {
			t.Fatal(err)
		}
	}
	return warehouse
}

func TestResolve(t *testing.T) {
	tx := pgtest.Tx(t)
	warehouse := shop(t, tx)
	type seen struct {
		Kind trace.Kind
		Ref  string
	}
	for _, tt := range []struct {
		scanned string
		want    []seen
	}{
		{"B-A-07-3-B", []seen{{trace.Location, "A-07-3-B"}}},
		{"a-07-3-b", []seen{{trace.Location, "A-07-3-B"}}},
		{"T-12", []seen{{trace.Tote, "T-12"}}},
		{"B-WALL-1", []seen{{trace.Wall, "WALL-1"}}},
		{"4006381333931", []seen{{trace.Item, "MUG-BLUE"}}},
		{"]C10104006381333931", []seen{{trace.Item, "MUG-BLUE"}}},
		{"https://id.gs1.org/01/04006381333931", []seen{{trace.Item, "MUG-BLUE"}}},
		{"PO-77", []seen{{trace.Expected, "PO-77"}}},
		{"MUG-BLUE", []seen{{trace.Item, "MUG-BLUE"}, {trace.Location, "MUG-BLUE"}}},
		{"lue MU", []seen{{trace.Item, "MUG-BLUE"}}},
	} {
		things, err := trace.Resolve(context.Background(), tx, warehouse, tt.scanned)
		if err != nil {
			t.Errorf("Resolve(%q): %v", tt.scanned, err)
			continue
		}
		var got []seen
		for _, thing := range things {
			got = append(got, seen{thing.Kind, thing.Ref})
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("Resolve(%q) (-want +got):\n%s", tt.scanned, diff)
		}
	}
}

// TestACarriersNumberIsFoundWhateverItLooksLike: bare digits may be a GTIN, an SSCC and a carrier's number at once.
func TestACarriersNumberIsFoundWhateverItLooksLike(t *testing.T) {
	tx := pgtest.Tx(t)
	warehouse := shop(t, tx)
	people(t, tx, warehouse)
	for i, number := range []string{"4006381333931", "106141412345678908", "T-99", "1Z 999", "4006381333932"} {
		run(t, tx, warehouse, `insert into shipments (warehouse_id, state, carrier, service, tracking_number, recipient, street, city, postcode, country, planned_at, booked_at)
			values ({w}, 'booked', 'own', 'standard', '`+number+`', 'Zoe', 's', 'c', '1', 'GB', now(), now())`)
		things, err := trace.Resolve(context.Background(), tx, warehouse, number)
		if err != nil {
			t.Fatalf("%s: %v", number, err)
		}
		if last := things[len(things)-1]; last.Kind != trace.Shipment || len(things) != 1+map[int]int{0: 1}[i] {
			t.Errorf("%s means %+v, want the shipment too", number, things)
		}
		byRef, err := trace.Resolve(context.Background(), tx, warehouse, strings.ToLower(things[len(things)-1].Ref))
		if err != nil || len(byRef) != 1 || byRef[0].ID != things[len(things)-1].ID {
			t.Errorf("%s: %+v, %v", things[0].Ref, byRef, err)
		}
	}
}

// TestTheAddressOnALabelLeadsToItsOrder: the QR of a parcel is the customer's page; here it is the order.
func TestTheAddressOnALabelLeadsToItsOrder(t *testing.T) {
	tx := pgtest.Tx(t)
	warehouse := shop(t, tx)
	people(t, tx, warehouse)
	run(t, tx, warehouse, order("9001", "released", ago(0), ago(0)))
	for _, scanned := range []string{"https://tote.example/journey/t9001", "http://127.0.0.1:8080/journey/t9001?from=mail", "O-9001", "9001", "o-9001.2"} {
		things, err := trace.Resolve(context.Background(), tx, warehouse, scanned)
		if err != nil || len(things) != 1 || things[0].Ref != "O-9001" {
			t.Errorf("%s: %+v, %v", scanned, things, err)
		}
	}
}

func TestResolveTellsDamagedFromUnknown(t *testing.T) {
	tx := pgtest.Tx(t)
	warehouse := shop(t, tx)
	for scanned, sentence := range map[string]string{
		"4006381333932":           "damaged",
		"O-99999999":              "Nothing here is called O-99999999",
		"P-999999999999999999":    "Nothing here is called",
		strings.Repeat("x", 4000): "…",
		"' or 1=1 --":             "Nothing here is called",
		"X-OK":                    "command",
		"T-12\x00":                "characters",
	} {
		_, err := trace.Resolve(context.Background(), tx, warehouse, scanned)
		if !errors.Is(err, fault.NotFound) && !errors.Is(err, fault.Invalid) || !strings.Contains(fault.Message(err), sentence) {
			t.Errorf("Resolve(%.40q) = %v, want a sentence with %q", scanned, err, sentence)
		}
	}
}

func TestResolveStaysInItsWarehouse(t *testing.T) {
	tx := pgtest.Tx(t)
	warehouse := shop(t, tx)
	if _, err := trace.Resolve(context.Background(), tx, warehouse+1, "B-A-07-3-B"); !errors.Is(err, fault.NotFound) {
		t.Errorf("a bin of another warehouse: %v, want not found", err)
	}
}
