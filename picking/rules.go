package picking

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
	"tote/inventory"
	"tote/picking/route"
)

// Proof says what counts as proof of a pick in a zone.
type Proof string

// The proofs: the scan of the bin alone, one scan of the item (further units may be typed), or a scan of every unit.
const (
	ProofBin  Proof = "bin"
	ProofItem Proof = "item"
	ProofUnit Proof = "unit"
)

// Proofs are all of them, the quickest first.
var Proofs = []Proof{ProofBin, ProofItem, ProofUnit}

// Words says what is scanned.
func (p Proof) Words() string {
	switch p {
	case ProofBin:
		return "the bin before and after"
	case ProofUnit:
		return "the bin and every unit"
	}
	return "the bin and the item once"
}

// Load is how much somebody carries at once, or a limit to it, where 0 is none.
type Load struct {
	Totes     int64 `json:"totes,omitempty" form:"totes,number" label:"Totes on a cart"`
	Lines     int64 `json:"lines,omitempty" form:"lines,number" label:"Lines"`
	Units     int64 `json:"units,omitempty" form:"units,number" label:"Pieces"`
	WeightG   int64 `json:"weight_g,omitempty" form:"weight_g,number" label:"Grams"`
	VolumeCM3 int64 `json:"volume_cm3,omitempty" form:"volume_cm3,number" label:"Cubic centimetres"`
}

// Rules are how a warehouse is walked and picked.
type Rules struct {
	CrossY    []int64              // the y of each cross-aisle in mm, ascending; empty: found from the gaps between bins
	Depot     inventory.LocationID // where walks begin and end; 0: the middle of the packing stations
	Policy    route.Policy         // how a list is walked
	Method    Method               // of a list somebody asks for
	List      Load                 // what one list may hold
	Urgent    int                  // the priority from which a demand joins carts that are on their way
	ZeroCheck bool                 // ask whether a bin is empty when it should be
	WalkMMS   int64                // mm walked in a second
	StopS     int64                // seconds at a bin, beside the units
	UnitS     int64                // seconds for a unit
	Version   int64                // as it was read; 0: nobody has set any
}

// DefaultRules are those of a warehouse that has set none.
func DefaultRules() Rules {
	return Rules{Policy: route.Exact, Method: Piece, List: Load{Totes: 8}, Urgent: 8, WalkMMS: 1000, StopS: 8, UnitS: 3}
}

// seconds is how long a walk of so many mm with so many stops and units takes.
func (r Rules) seconds(mm, stops, units int64) int64 {
	return mm/r.WalkMMS + stops*r.StopS + units*r.UnitS
}

// ReadRules reads how a warehouse is walked and picked.
func ReadRules(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (r Rules, err error) {
	defer fault.Wrap(&err, "picking.ReadRules(%d)", warehouse)
	var policy string
	err = q.QueryRowContext(ctx, `
		select cross_y, coalesce(depot_id, 0), policy, method, cart_totes, max_lines, max_units, max_weight_g, max_volume_cm3,
			urgent_from, zero_check, walk_mm_s, stop_s, unit_s, version
		from pick_rules where warehouse_id = $1`, warehouse).Scan(pg.Array(&r.CrossY), &r.Depot, &policy, &r.Method, &r.List.Totes,
		&r.List.Lines, &r.List.Units, &r.List.WeightG, &r.List.VolumeCM3, &r.Urgent, &r.ZeroCheck, &r.WalkMMS, &r.StopS, &r.UnitS, &r.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return DefaultRules(), nil
	}
	if err != nil {
		return r, err
	}
	r.Policy, err = route.ParsePolicy(policy)
	return r, err
}

// CheckRules is the one validation of rules; mistakes are fault.Fields.
func CheckRules(r Rules) error {
	var bad fault.Fields
	if len(r.CrossY) == 1 || !slices.IsSorted(r.CrossY) || len(slices.Compact(slices.Clone(r.CrossY))) != len(r.CrossY) {
		bad.Add("cross_y", "Name the cross-aisles from front to back, two at least, or none to have them found.")
	}
	if r.Method.check() != nil {
		bad.Add("method", "%s", fault.Message(r.Method.check()))
	}
	for _, n := range []struct {
		name, words string
		value       int64
		from, to    int64
	}{
		{"totes", "A cart carries from 1 to 60 totes.", r.List.Totes, 1, 60},
		{"lines", "A list holds up to 10,000 lines; 0 is no limit.", r.List.Lines, 0, 10_000},
		{"units", "A list holds up to 1,000,000 pieces; 0 is no limit.", r.List.Units, 0, 1_000_000},
		{"weight_g", "A list weighs up to 10,000,000 g; 0 is no limit.", r.List.WeightG, 0, 10_000_000},
		{"volume_cm3", "A list takes up to 100,000,000 cm³; 0 is no limit.", r.List.VolumeCM3, 0, 100_000_000},
		{"urgent", "Priorities go from 0 to 9; 10 is never.", int64(r.Urgent), 0, 10},
		{"walk_mm_s", "One walks from 100 to 10,000 mm in a second.", r.WalkMMS, 100, 10_000},
		{"stop_s", "A stop takes up to 600 seconds.", r.StopS, 0, 600},
		{"unit_s", "A piece takes up to 600 seconds.", r.UnitS, 0, 600},
	} {
		if n.value < n.from || n.value > n.to {
			bad.Add(n.name, "%s", n.words)
		}
	}
	if len(r.CrossY) > route.MaxCrossOpen {
		bad.Add("cross_y", "Walks are found for up to %d cross-aisles.", route.MaxCrossOpen)
	}
	for _, y := range r.CrossY {
		if abs(y) > 10_000_000 {
			bad.Add("cross_y", "A cross-aisle lies within 10 km of the building's corner.")
			break
		}
	}
	return bad.Err()
}

// SaveRules changes how a warehouse is walked and picked, from the next list on. Where somebody changed the rules since
// they were read it is fault.Conflict.
func SaveRules(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, r Rules, who staff.ID) (err error) {
	defer fault.Wrap(&err, "picking.SaveRules(%d)", warehouse)
	if err := CheckRules(r); err != nil {
		return err
	}
	if r.Depot != 0 {
		depot, err := inventory.LocationByID(ctx, tx, r.Depot)
		if err != nil || depot.Warehouse != warehouse {
			return fault.Fields{{Name: "depot", Message: "This place does not exist in this warehouse."}}
		}
	}
	result, err := tx.ExecContext(ctx, `
		insert into pick_rules (warehouse_id, cross_y, depot_id, policy, method, cart_totes, max_lines, max_units, max_weight_g, max_volume_cm3,
			urgent_from, zero_check, walk_mm_s, stop_s, unit_s)
		values ($1, $2, nullif($3::bigint, 0), $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		on conflict (warehouse_id) do update set cross_y = excluded.cross_y, depot_id = excluded.depot_id, policy = excluded.policy,
			method = excluded.method, cart_totes = excluded.cart_totes, max_lines = excluded.max_lines, max_units = excluded.max_units,
			max_weight_g = excluded.max_weight_g, max_volume_cm3 = excluded.max_volume_cm3, urgent_from = excluded.urgent_from,
			zero_check = excluded.zero_check, walk_mm_s = excluded.walk_mm_s, stop_s = excluded.stop_s, unit_s = excluded.unit_s, version = pick_rules.version + 1
		where pick_rules.version = $16`,
		warehouse, pg.Array(append([]int64{}, r.CrossY...)), r.Depot, r.Policy.String(), r.Method, r.List.Totes, r.List.Lines, r.List.Units, r.List.WeightG, r.List.VolumeCM3,
		r.Urgent, r.ZeroCheck, r.WalkMMS, r.StopS, r.UnitS, r.Version)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil {
		return err
	} else if n == 0 {
		return fault.New(fault.Conflict, "Somebody else changed these rules meanwhile. Load the page again.")
	}
	return staff.Audit(ctx, tx, who, "changed how picking goes", "picking", nil)
}
