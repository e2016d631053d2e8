package picking_test

import (
	"testing"

	"tote/picking"
	"tote/picking/picktest"
)

// damages breaks each law, by its name, in a floor where O-1 has 2 of 3 mugs picked and O-2 waits.
var damages = map[string]string{
	"what a task counts is the sum of its scans that were not taken back":      `update pick_tasks set picked = 1`,
	"what was not in its tote is booked to lost":                               `update pick_counts set lost = 1`,
	"every counted pick is one movement from its bin to its tote":              `update pick_counts set quantity = 7`,
	"every pick movement was counted by a scan":                                `delete from pick_counts`,
	"a pick that was taken back was moved back, and no other":                  `update pick_counts set undone_by = gen_random_uuid()`,
	"what lies in a tote for order lines is what the ledger has there":         `delete from tote_lines`,
	"no line is picked or planned beyond what is asked for":                    `update demand_lines set quantity = 2 where ref = 'O-1.1'`,
	"no line has shipped more than was picked":                                 `update demand_lines set shipped = 3`,
	"a task is open exactly while something of it is to be taken":              `update pick_tasks set state = 'picked'`,
	"no open task belongs to a demand or list that is over":                    `update demands set state = 'cancelled'`,
	"a listed demand has an open task, and a list that is not over has one":    `update pick_tasks set state = 'cancelled'`,
	"no held demand is being picked":                                           `update demands set held_reason = 'x'`,
	"a started list has a picker":                                              `update pick_lists set picker_id = null`,
	"a demand is picked, packed or shipped only if something of it was picked": `update demands set state = 'picked' where ref = 'O-2'`,
	"what is shipped has left whole":                                           `update demands set state = 'shipped' where ref = 'O-1'`,
	"a tote on a cart holds goods of its order alone":                          `update cart_totes set active = true, tote_id = (select id from locations where code = 'T-1' order by id desc limit 1) where list_id = (select max(list_id) from cart_totes)`,
	"what is open on a cart has its place there":                               `update cart_totes set active = false`,
	"a slot of a put-wall holds goods of one order":                            `insert into tote_lines select (select id from locations where code = 'T-5' order by id desc limit 1), ref, demand_id, item_id, 0, 1 from demand_lines`,
	"what a sorter holds lies in the tote he sorts":                            `update sorters set quantity = 99`,
	"an order of a wave was on one of its lists":                               `insert into wave_demands select w.id, d.id from waves w, demands d where d.ref = 'O-2'`,
}

func TestCheckFindsEveryDamage(t *testing.T) {
	f, mug, _ := shop(t)
	f.Scan(f.Begin("O-1", picktest.Of(3, mug)), "T-1", "B-A-01-1-A", mugCode, mugCode)
	wall(t, f, 1)
	f.Ask(f.Demand("O-3", picktest.Of(1, mug)))
	release(t, f, picking.WaveSpec{Name: "cart", Method: picking.Cluster})
	f.Ask(f.Demand("O-2", picktest.Of(1, mug)))
	mustExec(t, f.Tx, `insert into sorters (staff_id, warehouse_id, tote_id, demand_id, ref, item_id, quantity)
		select $1, $2, tote_id, demand_id, ref, item_id, 1 from tote_lines`, f.Staff, f.Warehouse)
	lawful(t, f.Tx)
	before, err := picking.Check(ctx, f.Tx)
	ok(t, err)
	for _, law := range before {
		damage, known := damages[law.Name]
		if !known {
			t.Errorf("no damage breaks the law: %s", law.Name)
			continue
		}
		mustExec(t, f.Tx, `savepoint damage`)
		mustExec(t, f.Tx, damage)
		after, err := picking.Check(ctx, f.Tx)
		ok(t, err)
		for _, l := range after {
			if l.Name == law.Name && (l.Count == 0 || len(l.Examples) == 0) {
				t.Errorf("%s is not found: %s", damage, law.Name)
			}
		}
		mustExec(t, f.Tx, `rollback to savepoint damage`)
	}
}
