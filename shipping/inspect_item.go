package shipping

import (
	"context"
	"strconv"
	"strings"

	"tote/internal/fault"
	"tote/internal/scan"
	"tote/inventory"
	"tote/labels"
)

// takeUp puts an item into the person's hand, or takes what was scanned as the lot of what is there.
func (c *inspecting) takeUp(ctx context.Context, code labels.Code) (scan.Step, error) {
	if digits, plus := strings.CutPrefix(code.Value, "+"); plus && c.hand.item != 0 {
		return c.more(ctx, digits)
	}
	item, n, err := inventory.FindBarcode(ctx, c.tx, code)
	if kind := fault.KindOf(err); err != nil && (kind == fault.NotFound || kind == fault.Invalid) {
		switch said := c.hand.saidIn(code); {
		case c.hand.tracked() && said != "":
			return c.sayLot(ctx, said)
		case c.asksLot() || c.hand.tracked() && code.Kind == labels.KindUnknown:
			return c.sayLot(ctx, code.Text)
		}
		return c.answer(scan.Wrong, "%s", fault.Message(err)), nil
	}
	if err != nil {
		return scan.Step{}, err
	}
	left := c.undecided(item.ID)
	switch {
	case left == 0:
		return c.answer(scan.Wrong, "No %s of %s waits for a verdict.", item.Name, c.ret.ID), nil
	case item.Tracking == inventory.BySerial && n > 1:
		return c.answer(scan.Wrong, "Each piece of %s has a number of its own. Scan the piece, not its case.", item.Name), nil
	}
	step, err := c.hold(ctx, item, min(n, left))
	if said := c.hand.saidIn(code); err == nil && said != "" && c.hand.tracked() {
		return c.sayLot(ctx, said)
	}
	return step, err
}

// more takes up so many alike.
func (c *inspecting) more(ctx context.Context, digits string) (scan.Step, error) {
	n, err := strconv.ParseInt(digits, 10, 32)
	switch left := c.undecided(c.hand.item); {
	case c.hand.tracking == inventory.BySerial:
		return c.answer(scan.Wrong, "Each piece of %s has a number of its own: judge them one by one.", c.hand.name), nil
	case err != nil || n < 1 || n > left:
		return c.answer(scan.Wrong, "Type +1 to +%d: so many %s wait.", left, c.hand.name), nil
	}
	if _, err := c.tx.ExecContext(ctx, `update return_hands set quantity = $3 where return_id = $1 and staff_id = $2`, c.ret.ID, c.scan.Staff, n); err != nil {
		return scan.Step{}, err
	}
	c.hand.quantity = n
	return c.answer(scan.Right, "%d %s.", n, c.hand.name), nil
}

func (c *inspecting) hold(ctx context.Context, item inventory.Item, n int64) (scan.Step, error) {
	if _, err := c.tx.ExecContext(ctx, `
		insert into return_hands (return_id, staff_id, item_id, quantity) values ($1, $2, $3, $4)
		on conflict (return_id, staff_id) do update set item_id = excluded.item_id, quantity = excluded.quantity, lot_id = null`,
		c.ret.ID, c.scan.Staff, item.ID, n); err != nil {
		return scan.Step{}, err
	}
	c.hand = hand{item: item.ID, name: item.Name, quantity: n, tracking: item.Tracking, perishes: item.Expires}
	if c.asksLot() {
		var err error
		if c.sent, err = c.sentLots(ctx, c.tx); err != nil {
			return scan.Step{}, err
		}
	}
	return c.answer(scan.Right, "%d %s.", n, item.Name), nil
}
