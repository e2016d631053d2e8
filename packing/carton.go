package packing

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
	"tote/labels"
)

// CartonID names a carton, TypeID a type of box.
type (
	CartonID int64
	TypeID   int64
)

// String is the carton as it is printed while it has no SSCC: C-88.
func (c CartonID) String() string { return labels.CartonCode(int64(c)).String() }

// State is how far a carton is; see the package's words on it.
type State string

// The states of a carton.
const (
	Open    State = "open"
	Closed  State = "closed"
	Shipped State = "shipped"
	Void    State = "void"
)

// Type is a type of box a warehouse uses. Lengths in millimetres, weights in grams.
type Type struct {
	ID         TypeID
	Warehouse  inventory.WarehouseID
	Code       string
	Name       string
	Outer      [3]int64 // length, width, height
	Inner      [3]int64
	WeightG    int64 // of the empty box
	MaxWeightG int64 // with contents
	Active     bool
	Material   string // the SKU it has where boxes are counted as stock; "" where they are not
}

// What a box may be at most.
const (
	mostLength = 10_000    // mm
	mostTare   = 100_000   // g
	mostGross  = 1_000_000 // g
)

// CheckType is the one validation of box types; mistakes are fault.Fields named code, name, outer, inner, weight_g,
// max_weight_g (which is the gross weight: box and contents).
func CheckType(t Type) (Type, error) {
	var bad fault.Fields
	t.Code, t.Name, t.Material = strings.ToUpper(strings.TrimSpace(t.Code)), strings.TrimSpace(t.Name), strings.TrimSpace(t.Material)
	if t.Code == "" || len(t.Code) > 16 || strings.Trim(t.Code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
		bad.Add("code", "A box has a code of up to 16 letters and digits.")
	}
	if t.Name == "" || utf8.RuneCountInString(t.Name) > 80 || !utf8.ValidString(t.Name) || strings.ContainsFunc(t.Name, unicode.IsControl) {
		bad.Add("name", "Name the box in at most 80 characters.")
	}
	for i := range t.Outer {
		if t.Outer[i] < 1 || t.Outer[i] > mostLength {
			bad.Add("outer", "Length, width and height outside are from 1 to 10000 mm.")
			break
		}
		if t.Inner[i] < 1 || t.Inner[i] > t.Outer[i] {
			bad.Add("inner", "Length, width and height inside are from 1 mm to those outside.")
			break
		}
	}
	if t.WeightG < 0 || t.WeightG > mostTare {
		bad.Add("weight_g", "The empty box weighs from 0 to 100000 g.")
	}
	if t.MaxWeightG <= max(t.WeightG, 0) || t.MaxWeightG > mostGross {
		bad.Add("max_weight_g", "A full box weighs more than the empty one, up to 1000000 g.")
	}
	return t, bad.Err()
}

// Carton is a carton with what is in it.
type Carton struct {
	ID        CartonID
	Warehouse inventory.WarehouseID
	Place     inventory.LocationID // the carton as a place for stock
	Ref       string               // the demand's
	Number    int                  // of this demand's cartons
	State     State
	Sealing   bool  // full though more is to come
	TypedG    int64 // a weight that looked wrong and waits to be confirmed
	WeightG   int64
	ExpectedG int64 // what box and units weigh together; 0 while it is not known of each
	SSCC      string
	Box       string // the type's name
	BoxCode   string
	BoxG      int64
	MaxG      int64
	Type      TypeID
	Station   string
	Packer    string // who opened it
	ClosedAt  *time.Time
	Photos    []string // of the open box, by their hashes
	Lines     []CartonLine
	Materials []Used // of a closed one
}

// CartonLine is so much of an order line.
type CartonLine struct {
	Ref      string
	SKU      string
	Name     string
	Quantity int64
}

const cartonColumns = `k.id, k.warehouse_id, k.location_id, k.ref, k.number, k.state, k.sealing, coalesce(k.typed_g, 0), coalesce(k.weight_g, 0),
	case when k.state = 'open' then coalesce((
		select case when bool_and(i.weight_g > 0) then coalesce(t.weight_g, 0) + sum(l.quantity * i.weight_g) + ` + materialGrams + ` end
		from carton_lines l join items i on i.id = l.item_id where l.carton_id = k.id and l.quantity > 0), 0) else k.expected_g end::bigint,
	coalesce(k.sscc, ''), coalesce(t.name, ''), coalesce(t.code, ''), coalesce(t.weight_g, 0), coalesce(t.max_weight_g, 0), coalesce(k.type_id, 0),
	coalesce(s.code, ''), w.name, k.closed_at, array(select p.photo from carton_photos p where p.carton_id = k.id order by p.id)`

const cartonSources = `cartons k left join carton_types t on t.id = k.type_id left join stations s on s.id = k.station_id join staff w on w.id = k.opened_by`

func (c *Carton) fields() []any {
	return []any{&c.ID, &c.Warehouse, &c.Place, &c.Ref, &c.Number, &c.State, &c.Sealing, &c.TypedG, &c.WeightG, &c.ExpectedG,
		&c.SSCC, &c.Box, &c.BoxCode, &c.BoxG, &c.MaxG, &c.Type, &c.Station, &c.Packer, &c.ClosedAt, pg.Array(&c.Photos)}
}

// CartonByID reads a carton without its lines.
func CartonByID(ctx context.Context, q pg.Querier, id CartonID) (c Carton, err error) {
	defer fault.Wrap(&err, "packing.CartonByID(%d)", id)
	err = q.QueryRowContext(ctx, `select `+cartonColumns+` from `+cartonSources+` where k.id = $1`, id).Scan(c.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "There is no carton %s.", id)
	}
	return c, err
}

// Cartons lists the cartons of a demand with their lines, void ones too, in the order they were begun.
func Cartons(ctx context.Context, q pg.Querier, ref string) (_ []Carton, err error) {
	defer fault.Wrap(&err, "packing.Cartons(%s)", ref)
	all, err := pg.Collect((*Carton).fields)(q.QueryContext(ctx, `select `+cartonColumns+` from `+cartonSources+` where k.ref = $1 order by k.id`, ref))
	if err != nil || len(all) == 0 {
		return all, err
	}
	type row struct {
		carton CartonID
		CartonLine
	}
	lines, err := pg.Collect(func(r *row) []any { return []any{&r.carton, &r.Ref, &r.SKU, &r.Name, &r.Quantity} })(q.QueryContext(ctx, `
		select l.carton_id, l.ref, i.sku, i.name, sum(l.quantity)::bigint
		from cartons k
		join carton_lines l on l.carton_id = k.id
		join demand_lines d on d.ref = l.ref
		join items i on i.id = l.item_id
		where k.ref = $1
		group by l.carton_id, l.ref, i.sku, i.name, d.line
		order by l.carton_id, d.line`, ref))
	if err != nil {
		return all, err
	}
	used, err := usedOf(ctx, q, ref)
	for i := range all {
		all[i].Materials = used[all[i].ID]
		for _, l := range lines {
			if l.carton == all[i].ID {
				all[i].Lines = append(all[i].Lines, l.CartonLine)
			}
		}
	}
	return all, err
}

// Printable answers nil when a carton's label may be printed: it is closed, so everything in it was scanned and
// weighed. For an open one it is fault.Invalid and says what is not verified yet.
func Printable(ctx context.Context, q pg.Querier, id CartonID) error {
	c, err := CartonByID(ctx, q, id)
	switch {
	case err != nil:
		return err
	case c.State == Void:
		return fault.New(fault.Conflict, "Carton %s is void. Its label must not be used.", id)
	case c.State != Open:
		return nil
	}
	left, err := pg.Values[string](q.QueryContext(ctx, `
		select sum(l.quantity) || ' ' || i.name
		from cartons k
		join tote_lines l on l.demand_id = k.demand_id
		join items i on i.id = l.item_id
		where k.id = $1 group by i.name order by i.name limit 5`, id))
	if err != nil {
		return err
	}
	if len(left) > 0 {
		return fault.New(fault.Invalid, "There is no label yet: %s not scanned into a carton. Scan every unit, then weigh.", strings.Join(left, ", "))
	}
	return fault.New(fault.Invalid, "There is no label yet: carton %d of %s is not weighed and closed.", c.Number, c.Ref)
}

// MarkShipped says that closed cartons left the house.
func MarkShipped(ctx context.Context, tx *sql.Tx, cartons ...CartonID) (err error) {
	defer fault.Wrap(&err, "packing.MarkShipped(%d cartons)", len(cartons))
	result, err := tx.ExecContext(ctx, `update cartons set state = 'shipped' where id = any($1) and state = 'closed'`, pg.Array(cartons))
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == int64(len(cartons)) {
		return err
	}
	return fault.New(fault.Conflict, "One of these cartons is not closed any more. Load the page again.")
}
