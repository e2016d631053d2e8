package inventory

import (
	"context"
	"database/sql"

	"tote/internal/fault"
)

// AddLot makes a lot of an item, named by a code that no other of its lots has.
func AddLot(ctx context.Context, tx *sql.Tx, item ItemID, code string) (id LotID, err error) {
	defer fault.Wrap(&err, "inventory.AddLot(%d, %q)", item, code)
	if problem := fault.WrongText(code, 60, false); code == "" || problem != "" {
		return 0, fault.New(fault.Invalid, "A lot needs a code of up to 60 characters.")
	}
	err = tx.QueryRowContext(ctx, `insert into lots (item_id, code) values ($1, $2) on conflict (item_id, code) where code <> '' do nothing returning id`, item, code).Scan(&id)
	if err == sql.ErrNoRows {
		return 0, fault.New(fault.Conflict, "There is a lot %s of this item already.", code)
	}
	return id, err
}
