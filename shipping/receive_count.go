package shipping

import (
	"context"

	"tote/internal/fault"
	"tote/internal/scan"
	"tote/inventory"
	"tote/labels"
)

// count counts an item on the lines that announce it.
func (c *counting) count(ctx context.Context, code labels.Code) (scan.Step, error) {
	item, n, err := inventory.FindBarcode(ctx, c.tx, code)
	if kind := fault.KindOf(err); err != nil && (kind == fault.NotFound || kind == fault.Invalid) {
		if err := c.drop(ctx); err != nil {
			return scan.Step{}, err
		}
		return c.answer(scan.Wrong, "%s", fault.Message(err)), nil
	}
	if err != nil {
		return scan.Step{}, err
	}
	room := int64(0)
	for _, l := range c.lines {
		if l.Item == item.ID {
			room += l.Quantity - l.Received
		}
	}
	if n > room {
		return c.askExtra(ctx, item, n, room)
	}
	if err := c.drop(ctx); err != nil {
		return scan.Step{}, err
	}
	if err := c.take(ctx, item, n); err != nil {
		return scan.Step{}, err
	}
	return c.answer(scan.Right, "+%d %s, %d of %d.", n, item.Name, c.ret.Received, c.ret.Units), nil
}

// askExtra remembers what was not announced and asks.
func (c *counting) askExtra(ctx context.Context, item inventory.Item, n, room int64) (scan.Step, error) {
	if _, err := c.tx.ExecContext(ctx, `
		insert into return_hands (return_id, staff_id, item_id, quantity) values ($1, $2, $3, $4)
		on conflict (return_id, staff_id) do update set item_id = excluded.item_id, quantity = excluded.quantity, lot_id = null`,
		c.ret.ID, c.scan.Staff, item.ID, n); err != nil {
		return scan.Step{}, err
	}
	c.hand = hand{item: item.ID, name: item.Name, quantity: n}
	switch {
	case room > 0:
		return c.answer(scan.Decide, "This is a pack of %d %s, but only %d more are announced.", n, item.Name, room), nil
	case c.announces(item.ID):
		return c.answer(scan.Decide, "All announced %s are counted. This is one too many.", item.Name), nil
	}
	return c.answer(scan.Decide, "%s is not part of %s.", item.Name, c.ret.ID), nil
}

func (c *counting) announces(item inventory.ItemID) bool {
	for _, l := range c.lines {
		if l.Item == item {
			return true
		}
	}
	return false
}

// drop forgets what was asked about.
func (c *counting) drop(ctx context.Context) error {
	c.hand = hand{}
	_, err := c.tx.ExecContext(ctx, `delete from return_hands where return_id = $1 and staff_id = $2`, c.ret.ID, c.scan.Staff)
	return err
}

// take brings n of an item from the customer to the returns desk, on its lines in order.
func (c *counting) take(ctx context.Context, item inventory.Item, n int64) error {
	from, err := inventory.Standing(ctx, c.tx, c.ret.Warehouse, inventory.Customer)
	if err != nil {
		return err
	}
	to, err := inventory.Standing(ctx, c.tx, c.ret.Warehouse, inventory.Returns)
	if err != nil {
		return err
	}
	var moves []inventory.Movement
	for i := range c.lines {
		l := &c.lines[i]
		share := min(n, l.Quantity-l.Received)
		if l.Item != item.ID || share == 0 {
			continue
		}
		m := c.movement(item.ID, share, from, to, inventory.ReasonReturn)
		m.Lot, m.Leg, m.Note = l.Lot, int16(len(moves)), l.Ref
		moves, n = append(moves, m), n-share
		if _, err := c.tx.ExecContext(ctx, `
			with counted as (insert into return_counts (scan, line_id, quantity) values ($1, $2, $3))
			update return_lines set received = received + $3 where id = $2`, c.scan.Key, l.ID, share); err != nil {
			return err
		}
	}
	if err := inventory.Move(ctx, c.tx, moves...); err != nil {
		return err
	}
	return c.reopen(ctx)
}

// reopen says that counting goes on: a second parcel of the same return came.
func (c *counting) reopen(ctx context.Context) error {
	if _, err := c.tx.ExecContext(ctx, `update returns set state = 'authorised' where id = $1 and state in ('received', 'inspected')`, c.ret.ID); err != nil {
		return err
	}
	return c.read(ctx, c.tx, c.ret.ID)
}

func (c *opened) movement(item inventory.ItemID, n int64, from, to inventory.LocationID, why inventory.Reason) inventory.Movement {
	return inventory.Movement{Warehouse: c.ret.Warehouse, Item: item, Quantity: n, From: from, To: to, Reason: why, Ref: c.ret.ID.String(),
		Staff: c.scan.Staff, Station: c.scan.Station, Scan: c.scan.Key, At: c.scan.At}
}
