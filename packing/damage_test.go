package packing_test

import (
	"testing"

	"tote/packing"
	"tote/picking/picktest"
)

// damages breaks each law, by its name, at a bench where O-1 is packed and O-2 waits to be.
var damages = map[string]string{
	"what a carton holds for order lines is what the ledger has there":                                  `update carton_lines set quantity = 9`,
	"what a carton line counts is the sum of its scans that were not taken back":                        `update carton_lines set quantity = 9`,
	"every counted unit is one movement from its tote to its carton":                                    `update pack_counts set quantity = 7`,
	"every movement into a carton was counted by a scan":                                                `delete from pack_counts`,
	"a unit that was taken back was moved back, and no other":                                           `update pack_counts set undone_by = gen_random_uuid()`,
	"no line is packed beyond what was picked":                                                          `update pick_tasks set picked = 0`,
	"a carton holds goods of its own demand alone":                                                      `update cartons set demand_id = (select id from demands where ref = 'O-2')`,
	"a closed carton has goods, a weight and an SSCC":                                                   `update carton_lines set quantity = 0`,
	"a parcel of a partner holds what came from him in its lot, and nothing that was packed here":       `update demand_lines set straight = true where ref = 'O-1.1'`,
	"the check digit of every SSCC is right":                                                            `update cartons set sscc = left(sscc, 17) || (right(sscc, 1)::integer + 1) % 10`,
	"every SSCC was issued, and to one carton":                                                          `update cartons set sscc = left(sscc, 8) || '987654321' || '0' where sscc is not null`,
	"a packed demand has nothing in totes and no open carton, and an open carton a demand to be packed": `update demands set state = 'packed' where ref = 'O-2'`,
	"what a closed carton used of materials is what was taken for it and what was short":                `update carton_materials set used = used + 1`,
	"the cartons of a demand are numbered from 1 without gaps":                                          `update cartons set number = 2`,
}

func TestCheckFindsEveryDamage(t *testing.T) {
	b, mug, _ := shop(t)
	wrap := light(t, b, "WRAP")
	needs(t, b, mug, packing.MaterialForm{SKU: sku(t, b, wrap), Quantity: 1})
	b.Pick("O-1", "T-1", picktest.Of(2, mug))
	b.PackAll("O-1")
	b.Pick("O-2", "T-2", picktest.Of(1, mug))
	lawful(t, b.Tx)
	before, err := packing.Check(ctx, b.Tx)
	ok(t, err)
	for _, law := range before {
		damage, known := damages[law.Name]
		if !known {
			t.Errorf("no damage breaks the law: %s", law.Name)
			continue
		}
		mustExec(t, b.Tx, `savepoint damage`)
		mustExec(t, b.Tx, damage)
		after, err := packing.Check(ctx, b.Tx)
		ok(t, err)
		for _, l := range after {
			if l.Name == law.Name && (l.Count == 0 || len(l.Examples) == 0) {
				t.Errorf("%s is not found: %s", damage, law.Name)
			}
		}
		mustExec(t, b.Tx, `rollback to savepoint damage`)
	}
}
