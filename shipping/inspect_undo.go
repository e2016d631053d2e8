package shipping

import (
	"context"
	"database/sql"
	"errors"

	"tote/internal/fault"
	"tote/internal/scan"
	"tote/inventory"
)

// undoLast puts down what is in hand, or takes this person's last verdict back.
func (c *inspecting) undoLast(ctx context.Context) (scan.Step, error) {
	if c.hand.item != 0 {
		which, err := c.heldBy(ctx)
		if err != nil {
			return scan.Step{}, err
		}
		return c.putDown(ctx, which)
	}
	var key scan.Key
	err := c.tx.QueryRowContext(ctx, `
		select d.scan from dispositions d join return_lines l on l.id = d.line_id
		where l.return_id = $1 and d.staff_id = $2 order by d.id desc limit 1`, c.ret.ID, c.scan.Staff).Scan(&key)
	if errors.Is(err, sql.ErrNoRows) {
		return c.answer(scan.Wrong, "There is nothing of yours to take back."), nil
	}
	if err != nil {
		return scan.Step{}, err
	}
	return c.undo(ctx, key)
}

// undo brings goods back to the desk, if nobody has carried them on.
func (c *inspecting) undo(ctx context.Context, which scan.Key) (scan.Step, error) {
	type decided struct {
		item       inventory.ItemID
		lot        inventory.LotID
		what, name string
		quantity   int64
	}
	all, err := list(ctx, c.tx, func(d *decided) []any { return []any{&d.item, &d.lot, &d.what, &d.name, &d.quantity} }, `
		select l.item_id, d.lot_id, d.what, i.name, d.quantity
		from dispositions d join return_lines l on l.id = d.line_id join items i on i.id = l.item_id
		where d.scan = $1 and l.return_id = $2`, which, c.ret.ID)
	if err != nil {
		return scan.Step{}, err
	}
	if len(all) == 0 && c.hand.item != 0 {
		switch last, err := c.heldBy(ctx); {
		case err != nil:
			return scan.Step{}, err
		case last == which:
			return c.putDown(ctx, which)
		}
	}
	if len(all) == 0 {
		return c.answer(scan.Wrong, "That scan decided nothing, or was taken back already."), nil
	}
	n := int64(0)
	for _, d := range all {
		n += d.quantity
	}
	if settled, err := c.settled(ctx, which); err != nil || settled {
		return c.answer(scan.Wrong, "The office has settled it with the customer already, so the verdict stands."), err
	}
	if all[0].what == "restock" {
		at, err := shelf(ctx, c.tx, c.ret.Warehouse, restockShelf, inventory.Hold)
		if err != nil {
			return scan.Step{}, err
		}
		for i, d := range all {
			enough, err := inventory.ShrinkPutaway(ctx, c.tx, at, d.item, d.lot, c.ret.ID.String(), d.quantity)
			switch {
			case err != nil:
				return scan.Step{}, err
			case !enough && i == 0:
				return c.answer(scan.Wrong, "%s was put away already. Bring it back first, or ask the office to adjust the stock.", d.name), nil
			case !enough: // another lot of it is still here: all or nothing
				return scan.Step{}, fault.New(fault.Conflict, "A part of %s was put away already. Bring it back first, or ask the office to adjust the stock.", d.name)
			}
		}
	}
	if err := c.bringBack(ctx, which); err != nil {
		return scan.Step{}, err
	}
	wait := "wait"
	if n == 1 {
		wait = "waits"
	}
	return c.answer(scan.Right, "Taken back: %d %s %s for a verdict again.", n, all[0].name, wait), nil
}

// settled reports whether the customer got something for goods that a scan decided upon.
func (c *inspecting) settled(ctx context.Context, which scan.Key) (yes bool, err error) {
	err = c.tx.QueryRowContext(ctx, `
		select exists (select from return_lines l where l.return_id = $1 and l.settled >
		    (select coalesce(sum(d.quantity), 0) from dispositions d where d.line_id = l.id and d.scan <> $2))`, c.ret.ID, which).Scan(&yes)
	return yes, err
}

func (c *inspecting) bringBack(ctx context.Context, which scan.Key) error {
	if _, err := c.tx.ExecContext(ctx, `delete from dispositions where scan = $1`, which); err != nil {
		return err
	}
	if err := inventory.Reverse(ctx, c.tx, which, inventory.Movement{Ref: c.ret.ID.String(), Staff: c.scan.Staff, Station: c.scan.Station, Scan: c.scan.Key, At: c.scan.At}); err != nil {
		return err
	}
	if err := scan.TakeBack(ctx, c.tx, which, c.scan.Key); err != nil {
		return err
	}
	if _, err := c.tx.ExecContext(ctx, `update returns set state = 'received', inspected_at = null where id = $1 and state = 'inspected'`, c.ret.ID); err != nil {
		return err
	}
	return c.read(ctx, c.tx, c.ret.ID)
}
