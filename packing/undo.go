package packing

import (
	"context"
	"database/sql"

	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/labels"
	"tote/picking"
)

// Undo takes a scan back, the last one that packed something when key is zero: the units lie in their tote again.
// That works until the carton is closed.
func Undo(ctx context.Context, tx *sql.Tx, ref string, key scan.Key, s scan.Scan) (scan.Step, error) {
	s.Code = command(labels.CommandUndo)
	return scanned(ctx, tx, ref, s, func(b *bench, _ labels.Code) (scan.Step, error) {
		if b.elsewhere(s) {
			return b.wrong(s, "%s", b.elsewhereIs(s.Staff, "this")), nil
		}
		return b.undo(ctx, tx, s, key)
	})
}

// packed is one leg of a scan that packed something.
type packed struct {
	scan     scan.Key
	tote     inventory.LocationID
	ref      string
	lot      inventory.LotID
	quantity int64
	name     string
	toteCode string
}

func (b *bench) undo(ctx context.Context, tx *sql.Tx, s scan.Scan, key scan.Key) (scan.Step, error) {
	switch {
	case b.carton == 0:
		return b.wrong(s, "There is no open carton to take anything out of. A closed one must be voided."), nil
	case b.sealing && len(b.left) > 0 && key == uuid.Nil:
		_, err := tx.ExecContext(ctx, `update cartons set sealing = false, typed_g = null where id = $1`, b.carton)
		b.sealing, b.typedG = false, 0
		return b.right(s, "Carton %d stays open.", b.number), err
	}
	legs, err := b.findCounts(ctx, tx, key)
	if err != nil {
		return scan.Step{}, err
	}
	if len(legs) == 0 {
		return b.wrong(s, "There is nothing to take back from carton %d.", b.number), nil
	}
	if err := b.giveBack(ctx, tx, s, legs); err != nil {
		return scan.Step{}, err
	}
	if err := b.reread(ctx, tx); err != nil {
		return scan.Step{}, err
	}
	var n int64
	for _, l := range legs {
		n += l.quantity
	}
	return b.right(s, "Taken back: put %d %s back into tote %s.", n, legs[0].name, legs[0].toteCode), nil
}

func (b *bench) findCounts(ctx context.Context, tx *sql.Tx, key scan.Key) ([]packed, error) {
	return pg.Collect(func(p *packed) []any {
		return []any{&p.scan, &p.tote, &p.ref, &p.lot, &p.quantity, &p.name, &p.toteCode}
	})(tx.QueryContext(ctx, `
		select c.scan, c.tote_id, c.ref, c.lot_id, c.quantity, i.name, o.code
		from pack_counts c
		join demand_lines l on l.ref = c.ref
		join items i on i.id = l.item_id
		join locations o on o.id = c.tote_id
		where c.carton_id = $1 and c.undone_by is null and c.scan = coalesce($2::uuid, (
			select scan from pack_counts where carton_id = $1 and undone_by is null order by id desc limit 1))
		order by c.leg`, b.carton, uuid.NullUUID{UUID: key, Valid: key != uuid.Nil}))
}

func (b *bench) giveBack(ctx context.Context, tx *sql.Tx, s scan.Scan, legs []packed) error {
	back := inventory.Movement{Staff: s.Staff, Station: s.Station, Scan: s.Key, At: s.At, Note: b.carton.String()}
	if err := inventory.Reverse(ctx, tx, legs[0].scan, back); err != nil {
		return err
	}
	if err := scan.TakeBack(ctx, tx, legs[0].scan, s.Key); err != nil {
		return err
	}
	for _, l := range legs {
		if err := picking.Reload(ctx, tx, l.tote, l.ref, l.lot, l.quantity); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `
		with back as (
			update pack_counts set undone_by = $3 where scan = $2 returning ref, tote_id, lot_id, quantity),
		opened as (
			update cartons set typed_g = null, sealing = false where id = $1),
		unsaid as (
			delete from carton_materials where carton_id = $1)
		update carton_lines l set quantity = l.quantity - b.quantity
		from back b
		where l.carton_id = $1 and l.ref = b.ref and l.tote_id = b.tote_id and l.lot_id = b.lot_id`, b.carton, legs[0].scan, s.Key)
	return err
}

// VoidCarton empties a closed carton into a free tote, to be packed anew: its label and SSCC are void for good. It is
// put on record with the reason. A carton that has left the house stays what it is.
func VoidCarton(ctx context.Context, tx *sql.Tx, id CartonID, tote, reason string, s scan.Scan) (_ scan.Step, err error) {
	defer fault.Wrap(&err, "packing.VoidCarton(%d)", id)
	code, err := labels.Parse(tote)
	if err != nil {
		return scan.Step{}, err
	}
	if reason == "" {
		return scan.Step{}, fault.New(fault.Invalid, "Say why carton %s is unpacked.", id)
	}
	c, err := CartonByID(ctx, tx, id)
	if err != nil {
		return scan.Step{}, err
	}
	hand, err := picking.Lock(ctx, tx, c.Ref)
	if err != nil {
		return scan.Step{}, err
	}
	s.Code = "void " + id.String()
	return scan.Once(ctx, tx, s, c.Ref, func() (scan.Step, error) {
		if err := empty(ctx, tx, hand, id, code, s); err != nil {
			return scan.Step{}, err
		}
		if err := staff.Audit(ctx, tx, s.Staff, "voided a carton", id.String(), map[string]any{"ref": c.Ref, "sscc": c.SSCC, "reason": reason}); err != nil {
			return scan.Step{}, err
		}
		if err := tell(ctx, tx, "carton.voided", id, ClosedFact{Carton: id, Ref: c.Ref, SSCC: c.SSCC, Number: c.Number}); err != nil {
			return scan.Step{}, err
		}
		step, err := Show(ctx, tx, c.Ref, s.Staff, s.Station)
		step.Result, step.Message = scan.Right, "Carton "+id.String()+" is void: put everything into tote "+code.String()+" and take the label off."
		return step, err
	})
}

// mostLegs is beyond the legs of what an emptied carton held: its materials' come after it.
const mostLegs = 20_000

// empty moves all that is in a closed carton into a tote that is free for its demand.
func empty(ctx context.Context, tx *sql.Tx, hand picking.Hand, id CartonID, code labels.Code, s scan.Scan) error {
	var warehouse inventory.WarehouseID
	var place inventory.LocationID
	err := tx.QueryRowContext(ctx, `
		update cartons set state = 'void' where id = $1 and state = 'closed' returning warehouse_id, location_id`, id).Scan(&warehouse, &place)
	if err == sql.ErrNoRows {
		return fault.New(fault.Conflict, "Carton %s is not closed, so there is no label to void. An open carton is emptied by undo; one that has left comes back as a return.", id)
	}
	if err != nil {
		return err
	}
	if err := putBackMaterials(ctx, tx, id, s, mostLegs); err != nil {
		return err
	}
	tote, err := picking.ClaimTote(ctx, tx, warehouse, code, hand.ID)
	if err != nil {
		return err
	}
	type content struct {
		ref      string
		item     inventory.ItemID
		lot      inventory.LotID
		quantity int64
	}
	all, err := pg.Collect(func(c *content) []any { return []any{&c.ref, &c.item, &c.lot, &c.quantity} })(tx.QueryContext(ctx, `
		select ref, item_id, lot_id, sum(quantity)::bigint from carton_lines
		where carton_id = $1 and quantity > 0 group by ref, item_id, lot_id order by item_id, ref`, id))
	if err != nil {
		return err
	}
	moves := make([]inventory.Movement, len(all))
	for i, c := range all {
		moves[i] = inventory.Movement{Warehouse: warehouse, Item: c.item, Lot: c.lot, Quantity: c.quantity, From: place, To: tote,
			Reason: inventory.ReasonPack, Ref: c.ref, Note: id.String(), Staff: s.Staff, Station: s.Station, Scan: s.Key, Leg: int16(i), At: s.At}
	}
	if err := inventory.Move(ctx, tx, moves...); err != nil {
		return err
	}
	for _, c := range all {
		if err := picking.Reload(ctx, tx, tote, c.ref, c.lot, c.quantity); err != nil {
			return err
		}
	}
	return picking.Unpack(ctx, tx, hand.Ref)
}
