package inventory

import (
	"context"
	"database/sql"
	"errors"

	"tote/internal/fault"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/labels"
)

// pickUp takes a load into empty hands: the item scanned, or the oldest load at the dock, returns place or tote scanned.
func (c *carrying) pickUp(ctx context.Context, code labels.Code) (verdict, error) {
	it, _, err := FindBarcode(ctx, c.tx, code)
	misread := err
	if k := fault.KindOf(err); err != nil && k != fault.NotFound && k != fault.Invalid {
		return verdict{}, err
	}
	if misread == nil {
		return c.takeItem(ctx, it, tagOf(code, it, c.scan.At))
	}
	place, err := FindLocation(ctx, c.tx, c.warehouse, code)
	switch {
	case err == nil && place.Kind == Tote:
		return c.takeTote(ctx, place)
	case err == nil:
		return c.claimAny(ctx, place.Code, `t.from_id = $2`, place.ID)
	case fault.KindOf(err) != fault.NotFound:
		return verdict{}, err
	}
	return c.lotAlone(ctx, code, fault.Message(misread))
}

func (c *carrying) next(ctx context.Context) (verdict, error) {
	if c.hand.tote != 0 {
		return c.claimAny(ctx, "", `t.from_id = $2`, c.hand.tote)
	}
	return c.claimAny(ctx, "", `$2 = 0`, 0)
}

// claimAny takes the oldest load of whatever it is. A piece with a serial number is told by it: any of its item will do.
func (c *carrying) claimAny(ctx context.Context, what, condition string, arg any) (verdict, error) {
	var item ItemID
	err := c.tx.QueryRowContext(ctx, `
		select case when i.tracking = 'serial' and t.lot_id <> 0 then i.id else 0 end from putaway_tasks t join items i on i.id = t.item_id
		where t.warehouse_id = $1 and `+condition+` and t.done < t.quantity and t.staff_id is null
		order by t.created_at, t.id limit 1 for update of t skip locked`, c.warehouse, arg).Scan(&item)
	switch {
	case err != nil && err != sql.ErrNoRows:
		return verdict{}, err
	case item != 0:
		return c.askLot(item), nil
	}
	return c.claimWhere(ctx, what, condition, arg)
}

// claimWhere takes the oldest load that nobody carries; two people who ask at once get different ones. When all of
// them are carried, it asks whether to take one over.
func (c *carrying) claimWhere(ctx context.Context, what, condition string, arg any) (verdict, error) {
	var id TaskID
	err := c.tx.QueryRowContext(ctx, `
		select t.id from putaway_tasks t
		where t.warehouse_id = $1 and `+condition+` and t.done < t.quantity and t.staff_id is null
		order by t.created_at, t.id limit 1 for update of t skip locked`, c.warehouse, arg).Scan(&id)
	if err == nil {
		return c.claim(ctx, id)
	}
	if err != sql.ErrNoRows {
		return verdict{}, err
	}
	return c.colleague(ctx, what, condition, arg)
}

func (c *carrying) colleague(ctx context.Context, what, condition string, arg any) (verdict, error) {
	var t PutawayTask
	err := c.tx.QueryRowContext(ctx, taskColumns+`
		where t.warehouse_id = $1 and `+condition+` and t.done < t.quantity and t.staff_id is not null
		order by t.claimed_at, t.id limit 1`, c.warehouse, arg).Scan(t.fields()...)
	switch {
	case err == sql.ErrNoRows && what == "":
		return wrong("Nothing waits to be put away."), nil
	case err == sql.ErrNoRows:
		return wrong("Nothing of %s waits to be put away. Scan another item at the dock.", what), nil
	case err != nil:
		return verdict{}, err
	case c.hand.task == t.ID:
		return c.takeOver(ctx)
	case what == "":
		return wrong("All that waits is being carried already. Scan an item to take it over."), nil
	}
	c.hand.task = t.ID
	return verdict{scan.Decide, t.By + " carries " + t.Goods() + " since " + t.ClaimedAt.UTC().Format("15:04") + " UTC. Scan it again to take it over."}, nil
}

func (c *carrying) takeOver(ctx context.Context) (verdict, error) {
	id := c.hand.task
	var open bool
	err := c.tx.QueryRowContext(ctx, `select done < quantity from putaway_tasks where id = $1 for update`, id).Scan(&open)
	if err != nil && err != sql.ErrNoRows {
		return verdict{}, err
	}
	if !open {
		c.hand.forget()
		return wrong("Your colleague has put it away meanwhile. Scan the next item."), nil
	}
	return c.claim(ctx, id)
}

// claim gives the load to this person and names the bin.
func (c *carrying) claim(ctx context.Context, id TaskID) (verdict, error) {
	c.hand.forget()
	_, err := c.tx.ExecContext(ctx, `update putaway_tasks set staff_id = $2, claimed_at = $3 where id = $1`, id, c.scan.Staff, c.scan.At)
	if err != nil {
		return verdict{}, err
	}
	if err := direct(ctx, c.tx, c.warehouse, id); err != nil {
		return verdict{}, err
	}
	if c.task, err = carried(ctx, c.tx, c.scan.Staff, ``); err != nil {
		return verdict{}, err
	}
	if c.task.To == 0 {
		return verdict{scan.Wrong, "There is no place for " + c.task.Goods() + ". Ask a manager, or scan a bin of your own choice."}, nil
	}
	return right("%d %s to %s.", c.task.ToCount, c.task.Goods(), c.task.ToCode), nil
}

// putDown puts the load into the bin scanned, or says why not there.
func (c *carrying) putDown(ctx context.Context, code labels.Code) (verdict, error) {
	place, err := FindLocation(ctx, c.tx, c.warehouse, code)
	if fault.KindOf(err) == fault.NotFound {
		return c.noBin(ctx, code)
	}
	if err != nil {
		return verdict{}, err
	}
	if no := unfit(place); no != "" {
		c.hand.bin = 0
		return wrong("%s Take it to %s.", no, c.where()), nil
	}
	if place.ID != c.task.To && place.ID != c.hand.bin {
		if no, err := c.full(ctx, place.ID); no.result != "" || err != nil {
			return no, err
		}
		c.hand.bin, c.hand.overfull = place.ID, false
		return c.another(place), nil
	}
	return c.putInto(ctx, place.ID)
}

// full refuses a bin that does not take what goes there now. A manager is asked instead: the second scan is their word.
func (c *carrying) full(ctx context.Context, bin LocationID) (verdict, error) {
	if c.hand.overfull && c.hand.bin == bin {
		return verdict{}, nil
	}
	f, err := room(ctx, c.tx, bin, c.task.Item, c.task.Lot, c.task.ID)
	if err != nil {
		return verdict{}, err
	}
	one, err := piece(ctx, c.tx, c.task.Item, c.task.Lot)
	if err != nil {
		return verdict{}, err
	}
	no := f.refuses(c.amount(bin), one)
	if no == "" {
		return verdict{}, nil
	}
	c.hand.bin, c.hand.overfull = 0, false
	manager, err := mayOverfill(ctx, c.tx, c.scan.Staff)
	switch {
	case err != nil:
		return verdict{}, err
	case manager:
		c.hand.bin, c.hand.overfull = bin, true
		return verdict{scan.Decide, no + " Scan another bin, or this one again to put it here all the same."}, nil
	case bin != c.task.To:
		return wrong("%s Take it to %s.", no, c.where()), nil
	}
	if err := direct(ctx, c.tx, c.warehouse, c.task.ID); err != nil {
		return verdict{}, err
	}
	if c.task, err = carried(ctx, c.tx, c.scan.Staff, ``); err != nil {
		return verdict{}, err
	}
	return wrong("%s Take it to %s.", no, c.where()), nil
}

// amount is how much goes into a bin that is scanned now.
func (c *carrying) amount(bin LocationID) int64 {
	n := c.task.Left()
	switch {
	case c.hand.quantity > 0:
		return min(n, c.hand.quantity)
	case bin == c.task.To && c.task.ToCount > 0:
		return min(n, c.task.ToCount)
	}
	return n
}

func (c *carrying) where() string {
	if c.task.To == 0 {
		return "a bin that a manager names"
	}
	return c.task.ToCode
}

func (c *carrying) another(place Location) verdict {
	if c.task.To == 0 {
		return verdict{scan.Decide, "Put it into " + place.Code + "? Scan it again to put it here."}
	}
	return verdict{scan.Decide, "This is " + place.Code + ", not " + c.where() + ". Scan it again to put it here."}
}

// unfit says why good stock does not go there, or "".
func unfit(l Location) string {
	switch {
	case l.Kind != Bin:
		return l.Code + " is a " + string(l.Kind) + ", not a bin."
	case !l.Active:
		return l.Code + " is out of use."
	case l.Use != Pickable && l.Use != Overstock:
		return l.Code + " is a " + string(l.Use) + " bin: good stock does not go there."
	}
	return ""
}

func (c *carrying) noBin(ctx context.Context, code labels.Code) (verdict, error) {
	it, _, err := FindBarcode(ctx, c.tx, code)
	switch k := fault.KindOf(err); {
	case err == nil && it.ID == c.task.Item:
		return c.anotherLot(ctx, tagOf(code, it, c.scan.At))
	case err == nil:
		return wrong("This is %s. You carry %s: take it to %s first, or choose Put back.", it.Name, c.task.Goods(), c.where()), nil
	case k == fault.NotFound || k == fault.Invalid:
		if _, err := FindLot(ctx, c.tx, c.task.Item, code.Text); err == nil && c.task.LotCode != "" {
			return c.anotherLot(ctx, tag{lot: code.Text})
		} else if err != nil && !errors.Is(err, fault.NotFound) {
			return verdict{}, err
		}
		return wrong("%s is no bin here. Take it to %s and scan the label there.", clip(c.scan.Code), c.where()), nil
	}
	return verdict{}, err
}

// putInto is the movement from the dock into the bin.
func (c *carrying) putInto(ctx context.Context, bin LocationID) (verdict, error) {
	n := c.amount(bin)
	place, err := LocationByID(ctx, c.tx, bin)
	if err != nil {
		return verdict{}, err
	}
	if no := unfit(place); no != "" {
		c.hand.bin = 0
		return wrong("%s Take it to %s.", no, c.where()), nil
	}
	if no, err := c.full(ctx, bin); no.result != "" || err != nil {
		return no, err
	}
	err = Move(ctx, c.tx, Movement{Warehouse: c.warehouse, Item: c.task.Item, Lot: c.task.Lot, Quantity: n, From: c.task.From, To: bin,
		Reason: ReasonPutaway, Ref: c.task.Ref, Staff: c.scan.Staff, Station: c.scan.Station, Scan: c.scan.Key, At: c.scan.At})
	if fault.KindOf(err) == fault.Conflict {
		return wrong("%s", fault.Message(err)), nil
	}
	if err != nil {
		return verdict{}, err
	}
	if c.hand.overfull {
		err := staff.Audit(ctx, c.tx, c.scan.Staff, "bin.overfilled", place.Code, map[string]any{"item": c.task.SKU, "quantity": n})
		if err != nil {
			return verdict{}, err
		}
	}
	c.hand.forget()
	if err := carryOff(ctx, c.tx, Relocation{Location: c.task.From, Staff: c.scan.Staff, Scan: c.scan.Key, At: c.scan.At}); err != nil {
		return verdict{}, err
	}
	return c.ticked(ctx, n, place)
}

// ticked counts what was put, and names a bin for what is left.
func (c *carrying) ticked(ctx context.Context, n int64, place Location) (verdict, error) {
	_, err := c.tx.ExecContext(ctx, `
		update putaway_tasks set done = done + $2, suggested_id = null, suggested = 0, reason = '' where id = $1`, c.task.ID, n)
	if err != nil {
		return verdict{}, err
	}
	if n == c.task.Left() {
		return right("%d %s put into %s.", n, c.task.Goods(), place.Code), nil
	}
	if err := direct(ctx, c.tx, c.warehouse, c.task.ID); err != nil {
		return verdict{}, err
	}
	return right("%d %s put into %s, %d left.", n, c.task.Goods(), place.Code, c.task.Left()-n), nil
}

func (c *carrying) undoLast(ctx context.Context) (verdict, error) {
	var key scan.Key
	err := c.tx.QueryRowContext(ctx, `
		select s.key from scans s
		where s.ref = $1 and s.undone_by is null and exists (select from movements m where m.scan = s.key and m.reason = 'putaway')
		order by s.id desc limit 1`, hands(c.scan.Staff)).Scan(&key)
	if err == sql.ErrNoRows {
		return wrong("There is nothing to take back."), nil
	}
	if err != nil {
		return verdict{}, err
	}
	return c.undo(ctx, key)
}
