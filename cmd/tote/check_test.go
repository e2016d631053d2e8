package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"tote/internal/fault"
	"tote/internal/pgtest"
	"tote/inventory"
)

func TestCheckCountsEveryLawAndFailsOnDrift(t *testing.T) {
	db := pgtest.DB(t)
	ctx := context.Background()
	var out bytes.Buffer
	if err := prove(ctx, &out, db); err != nil {
		t.Fatalf("an empty warehouse: %v\n%s", err, &out)
	}
	if lines := strings.Count(out.String(), "\n"); lines < 5 {
		t.Errorf("only %d laws:\n%s", lines, &out)
	}
	_, err := db.ExecContext(ctx, `
		with w as (
			insert into warehouses (code, name, gs1_prefix, company, street, city, postcode, country)
			values ('W1', 'Main', '2012345', 'Tote', 'Dock Road 1', 'Hull', 'HU1 1AA', 'GB')
			returning id
		), l as (
			insert into locations (warehouse_id, kind, code) select id, 'bin', 'A-01' from w returning id, warehouse_id, allocatable
		), i as (
			insert into items (sku, name) values ('MUG', 'Mug') returning id
		)
		insert into balances (item_id, location_id, warehouse_id, on_hand, allocatable)
		select i.id, l.id, l.warehouse_id, 3, l.allocatable from i, l`)
	if err != nil {
		t.Fatal(err)
	}
	out.Reset()
	err = prove(ctx, &out, db)
	if !errors.Is(err, fault.Conflict) || !strings.Contains(out.String(), "     1  balances are the sum of the movements") {
		t.Errorf("stock from nowhere: %v\n%s", err, &out)
	}
}

// TestTheNightlyProofIsWrittenDown: the job of the night asks, the other proves, and two at once are one.
func TestTheNightlyProofIsWrittenDown(t *testing.T) {
	db := pgtest.DB(t)
	ctx := context.Background()
	for range 2 {
		if err := proveNightly(ctx, db, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if err := proveAsked(ctx, db); err != nil {
			t.Fatal(err)
		}
	}
	proofs, err := inventory.Proofs(ctx, db, 10)
	if err != nil || len(proofs) != 1 || proofs[0].Finished.IsZero() || proofs[0].Laws < 60 || proofs[0].Broken != 0 || proofs[0].By != "" {
		t.Errorf("proofs are %+v, %v", proofs, err)
	}
}
