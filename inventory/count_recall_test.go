package inventory_test

import (
	"strings"
	"testing"
	"time"

	"tote/internal/fault"
	"tote/internal/scan"
	"tote/inventory"
	"tote/inventory/sitetest"
)

// A round of counts is called back at once: what nobody has begun ends, what is under way or was found to differ stays
// and is named, and what waited before the round waits on.
func TestARoundOfCountsIsCalledBack(t *testing.T) {
	c := &teller{desk: newDesk(t)}
	for _, bin := range c.Bins[:5] {
		c.Stock(c.mug, bin, 50)
	}
	c.ask(c.Bins[4], c.mug) // a picker's doubt, which is none of the round
	round := inventory.Round{Warehouse: c.Warehouse, Item: c.mug, Staff: c.Staff, At: sitetest.Noon.Add(time.Second)}
	if bins, waited, err := inventory.AskRound(ctx, c.tx, round); err != nil || bins != 5 || waited != 1 {
		t.Fatalf("%d bins, %d waited: %v", bins, waited, err)
	}
	all := c.countTasks(inventory.CountOpen)
	code := map[inventory.LocationID]inventory.CountTask{}
	for _, k := range all {
		code[k.Location] = k
	}
	differs, busy := code[c.Bins[0]], code[c.Bins[1]]
	for _, raw := range []string{"B-" + differs.Code, mugCode, "7", "B-" + differs.Code} {
		if step, err := inventory.Count(ctx, c.tx, c.Warehouse, c.scanOf(raw)); err != nil || step.Result == scan.Wrong {
			t.Fatalf("%s: %+v %v", raw, step, err)
		}
	}
	if _, err := inventory.Count(ctx, c.tx, c.Warehouse, c.scanOf("B-"+busy.Code)); err != nil {
		t.Fatal(err)
	}
	rounds, err := inventory.AskedRounds(ctx, c.tx, c.Warehouse, 10)
	if err != nil || len(rounds) != 1 || rounds[0].Counts != 4 || rounds[0].Waiting != 2 || rounds[0].By == "" {
		t.Fatalf("the rounds are %+v, %v", rounds, err)
	}
	if _, _, err := inventory.CancelRound(ctx, c.tx, c.Warehouse+1, rounds[0].First, c.Staff, sitetest.Noon); fault.KindOf(err) != fault.NotFound {
		t.Errorf("from another warehouse: %v", err)
	}
	if _, _, err := inventory.CancelRound(ctx, c.tx, c.Warehouse, code[c.Bins[4]].ID, c.Staff, sitetest.Noon); fault.KindOf(err) != fault.Conflict {
		t.Errorf("by a count of no round: %v", err)
	}
	ended, left, err := inventory.CancelRound(ctx, c.tx, c.Warehouse, rounds[0].First, c.Staff, sitetest.Noon.Add(time.Hour))
	if err != nil || ended != 2 || len(left) != 2 || left[0].Code != differs.Code || left[1].Code != busy.Code || left[1].By == "" {
		t.Fatalf("%d ended, left %+v: %v", ended, left, err)
	}
	if open := c.countTasks(inventory.CountOpen); len(open) != 3 {
		t.Errorf("%d counts wait on", len(open))
	}
	if gone := c.countTasks(inventory.CountCancelled); len(gone) != 2 || gone[0].ClosedBy == "" {
		t.Errorf("called back: %+v", gone)
	}
	var audited int
	if err := c.tx.QueryRowContext(ctx, `select count(*) from audit where verb = 'count.round.cancelled' and detail::text like '%' || $1 || '%'`, busy.Code).Scan(&audited); err != nil || audited != 1 {
		t.Errorf("%d times on record: %v", audited, err)
	}
	if _, _, err := inventory.CancelRound(ctx, c.tx, c.Warehouse, rounds[0].First, c.Staff, sitetest.Noon); fault.KindOf(err) != fault.Conflict || !strings.Contains(fault.Message(err), "Nothing of this round waits") {
		t.Errorf("twice: %v", err)
	}
	if rounds, err = inventory.AskedRounds(ctx, c.tx, c.Warehouse, 10); err != nil || len(rounds) != 0 {
		t.Errorf("nothing waits, and listed are %+v, %v", rounds, err)
	}
	c.lawful()
}
