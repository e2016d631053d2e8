package mail

import (
	"context"
	"testing"

	"tote/internal/outbox"
	"tote/internal/pgtest"
)

// TestCheckFindsAMissingLetter, and forgives one whose fact is still on its way.
func TestCheckFindsAMissingLetter(t *testing.T) {
	tx, ctx := pgtest.Tx(t), context.Background()
	w := newWorld(t, tx)
	w.place(1001, anna, 1)
	w.ship(17, 1001, map[int]int{1: 1})
	broken := func() (laws []string) {
		t.Helper()
		all, err := Check(ctx, tx)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range all {
			if l.Count > 0 {
				laws = append(laws, l.Name)
			}
		}
		return laws
	}
	if got := broken(); len(got) != 2 {
		t.Errorf("without any letter the broken laws are %q", got)
	}
	if err := outbox.Put(ctx, tx, outbox.Fact{Name: "order.placed", Ref: "O-1001"}); err != nil {
		t.Fatal(err)
	}
	if got := broken(); len(got) != 1 {
		t.Errorf("with one fact on its way the broken laws are %q", got)
	}
	if err := OrderPlaced(ctx, tx, "O-1001"); err != nil {
		t.Fatal(err)
	}
	if err := ShipmentDispatched(ctx, tx, "SH-17"); err != nil {
		t.Fatal(err)
	}
	if got := broken(); len(got) != 0 {
		t.Errorf("with both letters the broken laws are %q", got)
	}
	w.exec(`update letters set next_try_at = now() - interval '2 hours'`)
	if got := broken(); len(got) != 1 {
		t.Errorf("with letters lying about the broken laws are %q", got)
	}
	w.exec(`update letters set from_hour = h, to_hour = h + 1 from (select (extract(hour from now() at time zone 'UTC')::integer + 12) % 24 as h) x`)
	w.exec(`update letters set zone = 'UTC'`)
	if got := broken(); len(got) != 0 {
		t.Errorf("with letters that wait for their hours the broken laws are %q", got)
	}
	w.exec(`insert into letter_wordings (kind, language, version, subject, body, saved_by, saved_at) select 'tracking', 'de', 1, 'x', '{tracking}{parcels}{gone}', id, now() from staff`)
	if got := broken(); len(got) != 1 || got[0] != "every wording in force fits its letter" {
		t.Errorf("with a wording of another time the broken laws are %q", got)
	}
}
