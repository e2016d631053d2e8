package inventory

import (
	"context"
	"database/sql"

	"tote/internal/fault"
)

// EditLocation changes everything about a location but its kind and warehouse. When a bin's use changes, its stock
// becomes promisable or ceases to be: promises follow at once, with their facts.
func EditLocation(ctx context.Context, tx *sql.Tx, l Location) (err error) {
	defer fault.Wrap(&err, "inventory.EditLocation(%d)", l.ID)
	if l, err = CheckLocation(l); err != nil {
		return err
	}
	was, err := lockLocation(ctx, tx, l.ID, toChange)
	if err != nil {
		return err
	}
	l.Warehouse, l.Kind = was.Warehouse, was.Kind
	if err := checkEdit(ctx, tx, was, l); err != nil {
		return err
	}
	keys, err := itemsIn(ctx, tx, l.ID)
	if err == nil && was.Use != l.Use {
		keys, err = lockItems(ctx, tx, keys)
	}
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		update locations set parent_id = nullif($2, 0), code = $3, use = $4, bin_class = $5, sequence = $6,
		       x_mm = $7, y_mm = $8, z_mm = $9, may_go_negative = $10, active = $11,
		       negative_until = case when may_go_negative and not $10 then (select coalesce(max(id), 0) from movements) else negative_until end
		where id = $1`,
		l.ID, l.Parent, l.Code, l.Use, l.BinClass, l.Sequence, l.XMM, l.YMM, l.ZMM, l.MayGoNegative, l.Active); err != nil {
		return err
	}
	if was.Use != l.Use {
		_, err = settle(ctx, tx, keys)
	}
	return err
}

// How a location is locked: against every movement, because what its stock means will change; or against being
// carried by two at once.
const (
	toChange = `for update`
	toCarry  = `for no key update`
)

// lockLocation locks a location and reads it.
func lockLocation(ctx context.Context, tx *sql.Tx, id LocationID, how string) (Location, error) {
	if _, err := tx.ExecContext(ctx, `select 1 from locations where id = $1 `+how, id); err != nil {
		return Location{}, err
	}
	return LocationByID(ctx, tx, id)
}

func itemsIn(ctx context.Context, tx *sql.Tx, id LocationID) ([]key, error) {
	return list(ctx, tx, (*key).fields, `select distinct warehouse_id, item_id from balances where location_id = $1`, id)
}

// checkEdit refuses what would contradict what is in the location or around it.
func checkEdit(ctx context.Context, tx *sql.Tx, was, l Location) error {
	var bad fault.Fields
	var taken, inside, negative, full bool
	err := tx.QueryRowContext(ctx, `
		with recursive within as (
			select id from locations where id = $1 union select c.id from locations c join within w on c.parent_id = w.id
		)
		select exists (select from locations where warehouse_id = $2 and kind = $3 and code = $4 and id <> $1),
		       exists (select from within where id = $5),
		       exists (select from balances where location_id = $1 and on_hand < 0),
		       exists (select from balances where location_id = $1 and on_hand <> 0)`,
		l.ID, l.Warehouse, l.Kind, l.Code, l.Parent).Scan(&taken, &inside, &negative, &full)
	if err != nil {
		return err
	}
	if taken {
		bad.Add("code", "There is already a %s called %s here. Choose another code.", l.Kind, l.Code)
	}
	if inside && l.Parent != 0 {
		bad.Add("parent", "A location cannot be inside itself.")
	}
	if negative && !l.MayGoNegative {
		bad.Add("may_go_negative", "%s holds less than nothing now. Count it and adjust it first.", was.Code)
	}
	if was.Active && !l.Active {
		why, err := busy(ctx, tx, was, full)
		if err != nil {
			return err
		}
		if why != "" {
			bad.Add("active", "%s", why)
		}
	}
	if err := bad.Err(); err != nil {
		return err
	}
	return checkParent(ctx, tx, l)
}

// SetUse says what a bin is for from now on: a picker flags it as Hospital, a manager clears it.
func SetUse(ctx context.Context, tx *sql.Tx, id LocationID, use Use) (err error) {
	defer fault.Wrap(&err, "inventory.SetUse(%d, %s)", id, use)
	l, err := lockLocation(ctx, tx, id, toChange)
	if err != nil {
		return err
	}
	l.Use = use
	return EditLocation(ctx, tx, l)
}

// SetHome gives an item its fixed bin in a warehouse; a bin of 0 takes it away.
func SetHome(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, item ItemID, bin LocationID) (err error) {
	defer fault.Wrap(&err, "inventory.SetHome(%d, %d)", item, bin)
	if bin != 0 {
		l, err := LocationByID(ctx, tx, bin)
		if err != nil {
			return err
		}
		if l.Kind != Bin || l.Warehouse != warehouse {
			return fault.New(fault.Invalid, "The home of an item is a bin of this warehouse; %s is a %s.", l.Code, l.Kind)
		}
	}
	_, err = tx.ExecContext(ctx, `
		insert into warehouse_items (warehouse_id, item_id, home_id) values ($1, $2, nullif($3::bigint, 0))
		on conflict (warehouse_id, item_id) do update set home_id = excluded.home_id`, warehouse, item, bin)
	return err
}
