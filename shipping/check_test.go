package shipping_test

import (
	"testing"

	"tote/internal/pgtest"
	"tote/picking/picktest"
	"tote/shipping"
)

// TestCheckFindsDamage: a law that cannot be seen broken proves nothing.
func TestCheckFindsDamage(t *testing.T) {
	for name, damage := range map[string]string{
		"a carton has left exactly when movements took out what it holds":                                  `update carton_lines set quantity = quantity + 1`,
		"a shipment that left has a number, and all its cartons left with it":                              `update shipment_cartons set manifest_id = null, loaded_at = null`,
		"a closed carton has one booking, an unpacked one has none":                                        `update shipment_cartons set void_at = now(), manifest_id = null, loaded_at = null`,
		"a shipment's state is its newest event":                                                           `update shipments set state = 'exception'`,
		"a pallet carries parcels of one shipment, all on the same truck or none, until it is taken apart": `insert into pallets (warehouse_id, sscc, made_by, made_at, apart_at) select warehouse_id, repeat('0', 18), opened_by, now(), now() from cartons limit 1; update shipment_cartons set pallet_id = (select max(id) from pallets), pallet_scan = gen_random_uuid()`,
		"an order has at most one open shipment":                                                           `update shipments set state = 'booked'; insert into shipments (warehouse_id, carrier, service, recipient, street, city, postcode, country, planned_at) select warehouse_id, 'own', 's', 'r', 's', 'c', 'p', 'DE', now() from shipments; insert into shipment_orders select max(id), 'O-1001' from shipments`,
		"no more comes back than has left":                                                                 `update return_lines set quantity = 5`,
		"what came back is what movements brought from the customer":                                       `update return_lines set received = 0`,
		"no more is decided upon than came back, and each decision is a movement":                          `update dispositions set quantity = 1`,
		"a return is inspected exactly when all that came was decided upon":                                `update returns set state = 'received'`,
		"a return announces only what its order sent":                                                      `update returns set ref = 'O-1002'`,
		"a carrier's label is in force only for a carton that is closed and booked": `insert into carrier_labels (carton_id, carrier, service, reference, state, wanted_at, remote_id, tracking_number, bought_at)
			select id, 'own', 'standard', 'SH-1-1', 'bought', now(), 'r', 'T1', now() from cartons; update shipment_cartons set void_at = now(), manifest_id = null, loaded_at = null`,
	} {
		t.Run(name, func(t *testing.T) {
			f := newFloor(t, pgtest.Tx(t))
			f.sent("O-1001", picktest.Of(2, f.mug))
			r := f.announced("O-1001", 2)
			f.received(r, 2)
			f.judged(r, "A-restock", 2)
			lawful(t, f.Tx)
			f.exec(damage)
			all, err := shipping.Check(ctx, f.Tx)
			f.must(err)
			for _, l := range all {
				if l.Name == name && l.Count > 0 && len(l.Examples) > 0 {
					return
				}
			}
			t.Errorf("nobody noticed: %s", damage)
		})
	}
}
