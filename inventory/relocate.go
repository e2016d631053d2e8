package inventory

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/staff"
)

// portable are the kinds of location that people carry about.
var portable = []Kind{Tote, Cart, Pallet, Carton}

// Relocation is a tote, cart, pallet or carton that was carried somewhere. Its stock goes along: no movement is
// written, because nothing left it.
type Relocation struct {
	Location, To LocationID
	Staff        staff.ID
	Scan         uuid.UUID
	At           time.Time
}

// Relocate puts a location into another one and remembers it for ever. To stand where it stands already changes
// nothing.
func Relocate(ctx context.Context, tx *sql.Tx, r Relocation) (err error) {
	defer fault.Wrap(&err, "inventory.Relocate(%d, %d)", r.Location, r.To)
	l, err := lockLocation(ctx, tx, r.Location, toCarry)
	if err != nil {
		return err
	}
	if !slices.Contains(portable, l.Kind) {
		return fault.New(fault.Invalid, "A %s stays where it is: only totes, carts, pallets and cartons are carried.", l.Kind)
	}
	from := l.Parent
	if l.Parent = r.To; from == r.To {
		return nil
	}
	if err := checkEdit(ctx, tx, l, l); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		with moved as (update locations set parent_id = nullif($2::bigint, 0) where id = $1)
		insert into relocations (at, location_id, from_id, to_id, staff_id, scan)
		values ($3, $1, nullif($4::bigint, 0), nullif($2::bigint, 0), nullif($5::bigint, 0), $6)`,
		r.Location, r.To, r.At, from, r.Staff, uuid.NullUUID{UUID: r.Scan, Valid: r.Scan != uuid.Nil})
	return err
}

// Inside lists the locations that stand directly in another one.
func Inside(ctx context.Context, q pg.Querier, parent LocationID) (_ []Location, err error) {
	defer fault.Wrap(&err, "inventory.Inside(%d)", parent)
	return list(ctx, q, (*Location).fields, `select `+locationColumns+` from locations l where l.parent_id = $1 order by `+naturally("l.code"), parent)
}
