package orders_test

import (
	"testing"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pgtest"
	"tote/packing"
)

// An order takes the wishes of its customer along when it goes to the floor; what he wishes later is for later orders.
func TestACustomersWishGoesDownWithHisOrder(t *testing.T) {
	tx := pgtest.Tx(t)
	s := set(t, tx)
	first := s.place(t, tx, "k1", form())
	wish := func(all ...packing.MaterialForm) error {
		return orders.SetWishes(ctx, tx, first.Customer, all, 0)
	}
	if err := wish(packing.MaterialForm{SKU: "nothing", Quantity: 0}); fault.FieldsOf(err).Of("materials.0.sku") == "" || fault.FieldsOf(err).Of("materials.0.quantity") == "" {
		t.Errorf("nothing, 0 times: %v", err)
	}
	if err := orders.SetWishes(ctx, tx, first.Customer+999, nil, 0); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a customer that is none: %v", err)
	}
	if err := wish(packing.MaterialForm{SKU: bowlSKU, Quantity: 2, Note: "with a bow"}); err != nil {
		t.Fatal(err)
	}
	released := func(number orders.Number) []packing.Wanted {
		t.Helper()
		if _, err := orders.Pay(ctx, tx, payment("pay "+number.String(), "17.85", number)); err != nil {
			t.Fatal(err)
		}
		all, err := packing.WantedAt(ctx, tx, number.String())
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	all := released(first.Number)
	if len(all) != 1 || all[0].SKU != bowlSKU || all[0].Proposed != 2 || len(all[0].Why) != 1 || all[0].Why[0] != (packing.Why{Note: "with a bow"}) {
		t.Errorf("the floor was told %+v", all)
	}
	second := s.place(t, tx, "k2", form())
	if err := wish(); err != nil {
		t.Fatal(err)
	}
	if all, err := packing.WantedAt(ctx, tx, first.Number.String()); err != nil || len(all) != 1 {
		t.Errorf("an order on the floor lost its wish: %+v, %v", all, err)
	}
	if all := released(second.Number); len(all) != 0 {
		t.Errorf("the second order takes %+v along", all)
	}
	if n := count(t, tx, `select count(*) from audit where verb = 'set packing of a customer'`); n != 2 {
		t.Errorf("%d changes are on record, want 2", n)
	}
}
