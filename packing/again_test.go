package packing_test

import (
	"strings"
	"testing"

	"tote/internal/scan"
	"tote/packing"
	"tote/picking/picktest"
)

// TestAnotherScanWithdrawsTheWeightThatWasAskedAbout: nothing but the confirmation, or the same weight once more, closes a carton
// with a weight that looked wrong; whatever else comes in between is no answer to that question.
func TestAnotherScanWithdrawsTheWeightThatWasAskedAbout(t *testing.T) {
	b, mug, _ := shop(t)
	b.Pick("O-1", "T-1", picktest.Of(2, mug))
	b.Put("O-1", mugCode, mugCode)
	asks := func(step scan.Step) bool {
		for _, c := range step.Choices {
			if c.Code == "X-OK" {
				return true
			}
		}
		return false
	}
	for _, other := range []string{"9999", "0", "+2", "abc", mugCode, capCode, "T-1", "X-NEW", "X-SKIP"} {
		if step := b.Put("O-1", "0.9"); step.Result != scan.Decide || !asks(step) {
			t.Fatalf("0.9: %+v", step)
		}
		if step := b.Put("O-1", other); asks(step) {
			t.Errorf("%s: the question about 0.900 kg stands", other)
		}
		if step, err := packing.Show(ctx, b.Tx, "O-1", b.Staff, b.Station); err != nil || asks(step) {
			t.Errorf("%s: the page asks about 0.900 kg, %v", other, err)
		}
		if step := b.Put("O-1", "X-OK"); step.Result != scan.Wrong || step.Message != "There is no weight to confirm. Weigh the carton again." {
			t.Fatalf("X-OK after %s: %+v", other, step)
		}
	}
	b.Put("O-1", "0.9")
	if step, err := packing.Show(ctx, b.Tx, "O-1", b.Staff, b.Station); err != nil || !asks(step) || step.Result != scan.Decide || step.Message != "0.900 kg is more than the expected 0.500 kg. Weigh again, or confirm." {
		t.Errorf("the page opened again: %+v, %v", step, err)
	}
	if step, err := packing.Refuse(ctx, b.Tx, "O-1", "How many?", b.By("0.9")); err != nil || asks(step) || step.Message != "How many?" {
		t.Errorf("an entry that was refused: %+v, %v", step, err)
	}
	if step := b.Put("O-1", "0.95"); !asks(step) || !strings.HasPrefix(step.Message, "0.950 kg is more") {
		t.Errorf("another doubtful weight: %+v", step)
	}
	if step := b.Put("O-1", "0.95"); !step.Finished || step.Message != "Carton 1 of O-1 is closed: 0.950 kg." {
		t.Errorf("the same weight twice: %+v", step)
	}
	lawful(t, b.Tx)
}

// TestACartonThatIsTakenOverStandsAtTheOtherStation: it is where the books say, with what is in it.
func TestACartonThatIsTakenOverStandsAtTheOtherStation(t *testing.T) {
	b, mug, _ := shop(t)
	b.Pick("O-1", "T-1", picktest.Of(2, mug))
	b.Put("O-1", mugCode)
	place := cartons(t, b, "O-1")[0].Place
	first, second := b.Station, b.AddStation()
	var there int64
	ok(t, b.Tx.QueryRow(`
		with place as (
			insert into locations (warehouse_id, kind, code) values ($1, 'station', 'PACK-77') returning id)
		update stations set location_id = place.id from place where stations.id = $2 returning place.id`, b.Warehouse, second).Scan(&there))
	parent := func() (id int64) {
		t.Helper()
		ok(t, b.Tx.QueryRow(`select coalesce(parent_id, 0) from locations where id = $1`, place).Scan(&id))
		return id
	}
	was := parent()
	b.Station = second
	if step := b.Put("O-1", mugCode); step.Next != "You left it at K-1. Is it here now?" || !strings.HasPrefix(step.Message, "You left this at K-1.") {
		t.Errorf("his own carton at another station: %+v", step)
	}
	b.Put("O-1", "X-TAKEOVER")
	if at := parent(); at != there {
		t.Errorf("the carton stands in %d, want %d", at, there)
	}
	b.Station = first
	b.Put("O-1", "X-TAKEOVER")
	if at := parent(); at != was {
		t.Errorf("taken back, the carton stands in %d, want %d", at, was)
	}
	b.Station = b.AddStation()
	_, err := b.Tx.Exec(`update stations set location_id = null where id = $1`, b.Station)
	ok(t, err)
	b.Put("O-1", "X-TAKEOVER")
	if at := parent(); at != 0 {
		t.Errorf("at a station without a place the carton stands in %d", at)
	}
	var moved int
	ok(t, b.Tx.QueryRow(`select count(*) from relocations where location_id = $1 and staff_id = $2`, place, b.Staff).Scan(&moved))
	if moved != 3 {
		t.Errorf("%d relocations on record, want 3", moved)
	}
	if step := b.Put("O-1", mugCode, "500 g"); !step.Finished {
		t.Errorf("the carton there: %+v", step)
	}
	lawful(t, b.Tx)
}
