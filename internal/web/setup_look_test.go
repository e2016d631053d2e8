package web_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"tote/internal/staff"
	"tote/internal/web/webtest"
)

// TestOfficePagesLookRight opens every page of set-up and stock, on a phone and on a desk: without a finding of
// axe-core, none wider than its window.
func TestOfficePagesLookRight(t *testing.T) {
	s := openShop(t)
	c := s.clerk
	c.Post("/setup/carriers", "code", "dhl", "name", "DHL", "adapter", "manual", "services", "standard, express", "transit_days", "2", "tracking_url", "https://www.dhl.example/track?id={number}")
	c.Post("/setup/boxes", "code", "s", "name", "Small box", "inner_length", "300", "inner_width", "200", "inner_height", "150",
		"outer_length", "310", "outer_width", "210", "outer_height", "160", "weight_g", "120", "max_weight_g", "5000")
	c.Post(fmt.Sprintf("/stock/items/%d/adjust", s.mug), "place", "A-01-1-A", "quantity", "7", "reason", "opening count")
	c.Post("/setup/totes", "number", "3")
	s.Station(t, "K-1", "Pack bench 1", "packing")
	ada := s.Member(t, "Ada Obi", staff.Admin)
	transfer := c.Post("/transfers", "to", fmt.Sprint(openLeeds(t, s.Site, s.As(t, ada))), "lines.0.sku", "MUG-BLUE", "lines.0.quantity", "5").To()
	c.Post(transfer+"/take", "key", uuid.NewString(), "place", "A-01-1-A", "item", "MUG-BLUE", "quantity", "2")
	b := s.Browser(t)
	b.SignIn(ada, "")
	for name, path := range map[string]string{
		"expected": "/receiving/expected", "expected-one": "/receiving/expected/1", "expected-new": "/receiving/expected/new", "expected-csv": "/receiving/expected/csv",
		"stock": "/stock", "stock-item": fmt.Sprintf("/stock/items/%d", s.mug), "ledger": "/stock/movements", "setup": "/setup", "items": "/setup/items",
		"item": fmt.Sprintf("/setup/items/%d", s.mug), "locations": "/setup/locations", "location-new": "/setup/locations/new", "totes": "/setup/totes", "bins": "/setup/bins", "range": "/setup/locations/range", "floor": "/floor",
		"picking-rules": "/setup/picking", "count-rules": "/setup/counts", "counts": "/counts", "waves": "/waves", "wave-preview": "/waves/preview", "wave-template-new": "/waves/templates/new", "holidays": "/waves/holidays",
		"boxes": "/setup/boxes", "box": "/setup/boxes/S", "box-csv": "/setup/boxes/csv", "carriers": "/setup/carriers", "carrier": "/setup/carriers/dhl", "carrier-new": "/setup/carriers/new", "contacts": "/setup/contacts", "departments": "/departments", "department": "/departments/picking", "department-dates": "/setup/departments", "trace": "/trace", "tokens": "/setup/tokens", "business": "/setup/business",
		"staff": "/setup/staff", "staff-csv": "/setup/staff/csv", "opening": "/stock/opening", "member": "/setup/staff/1", "stations": "/setup/stations", "station": "/setup/stations/1", "item-label": "/setup/items/1/label?lot=L1", "warehouse": "/setup/warehouse",
		"warehouses": "/setup/warehouses", "warehouse-one": "/setup/warehouses/1", "transfers": "/transfers", "transfer-new": "/transfers/new", "transfer": transfer,
	} {
		b.Go(path)
		hiddenFaults(t, b, path)
		for _, size := range [][2]int64{{360, 640}, {1280, 800}} {
			b.Size(size[0], size[1])
			if wide := webtest.Eval[int64](b, `document.documentElement.scrollWidth`); wide > size[0] {
				t.Errorf("%s is %d pixels wide at %d", path, wide, size[0])
			}
			b.Accessible()
			b.Shot(fmt.Sprintf("office-%s-%d", name, size[0]))
		}
	}
}
