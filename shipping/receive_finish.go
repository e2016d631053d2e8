package shipping

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/inventory"
)

// extra puts what was not announced into quarantine, with a note.
func (c *counting) extra(ctx context.Context) (scan.Step, error) {
	if c.hand.item == 0 {
		return c.answer(scan.Wrong, "Scan the item first."), nil
	}
	from, err := inventory.Standing(ctx, c.tx, c.ret.Warehouse, inventory.Customer)
	if err != nil {
		return scan.Step{}, err
	}
	to, err := quarantine(ctx, c.tx, c.ret.Warehouse)
	if err != nil {
		return scan.Step{}, err
	}
	note := "not announced in " + c.ret.ID.String()
	if c.announces(c.hand.item) {
		note = "more than announced in " + c.ret.ID.String()
	}
	m := c.movement(c.hand.item, c.hand.quantity, from, to, inventory.ReasonReturn)
	m.Note = note
	if err := inventory.Move(ctx, c.tx, m); err != nil {
		return scan.Step{}, err
	}
	if _, err := c.tx.ExecContext(ctx, `
		insert into return_extras (return_id, item_id, quantity, note, staff_id, scan, at) values ($1, $2, $3, $4, $5, $6, $7)`,
		c.ret.ID, c.hand.item, c.hand.quantity, note, c.scan.Staff, c.scan.Key, c.scan.At); err != nil {
		return scan.Step{}, err
	}
	held := c.hand
	if err := c.drop(ctx); err != nil {
		return scan.Step{}, err
	}
	return c.answer(scan.Right, "%d %s stand in quarantine.", held.quantity, held.name), nil
}

// quarantine is the first quarantine place of a warehouse.
func quarantine(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (id inventory.LocationID, err error) {
	err = q.QueryRowContext(ctx, `
		select id from locations
		where warehouse_id = $1 and active and (kind = 'quarantine' or (kind = 'bin' and use = 'quarantine'))
		order by kind = 'bin', code limit 1`, warehouse).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fault.New(fault.Conflict, "This warehouse has no quarantine. Set the goods aside and call a manager.")
	}
	return id, err
}

// finish ends the counting; what is missing is asked about first.
func (c *counting) finish(ctx context.Context, short bool) (scan.Step, error) {
	extras, err := Extras(ctx, c.tx, c.ret.ID)
	if err != nil {
		return scan.Step{}, err
	}
	switch {
	case c.ret.State != Authorised:
		step := c.answer(scan.Wrong, "The counting of %s is finished already.", c.ret.ID)
		step.Finished, step.Goto = true, fmt.Sprintf("/returns/%d", c.ret.ID)
		return step, nil
	case c.ret.Received == 0 && len(extras) == 0:
		return c.answer(scan.Wrong, "Nothing was counted yet. Scan what is in the parcel."), nil
	case c.ret.Received < c.ret.Units && !short:
		step := c.answer(scan.Decide, "%d of %d units are missing.", c.ret.Units-c.ret.Received, c.ret.Units)
		step.Next = "Is the parcel empty?"
		step.Choices = []scan.Choice{{Label: "Yes: finish without them", Action: "finish-short"}, {Label: "No: keep counting", Action: "keep"}}
		return step, nil
	}
	if err := c.drop(ctx); err != nil {
		return scan.Step{}, err
	}
	if _, err := c.tx.ExecContext(ctx, `
		update returns set state = 'received', received_at = coalesce(received_at, $2), received_by = coalesce(received_by, $3) where id = $1`,
		c.ret.ID, c.scan.At, c.scan.Staff); err != nil {
		return scan.Step{}, err
	}
	if err := outbox.Put(ctx, c.tx, outbox.Fact{Name: "return.received", Ref: c.ret.ID.String()}); err != nil {
		return scan.Step{}, err
	}
	if err := c.home(ctx); err != nil {
		return scan.Step{}, err
	}
	if err := settleReturn(ctx, c.tx, c.ret.ID, c.scan.At); err != nil {
		return scan.Step{}, err
	}
	step := c.answer(scan.Done, "%s is counted: %d of %d units.", c.ret.ID, c.ret.Received, c.ret.Units)
	step.Choices, step.Next = nil, "Next: look at every unit"
	step.Finished, step.Goto = true, fmt.Sprintf("/returns/%d/inspect", c.ret.ID)
	return step, nil
}
