package picking

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
	"tote/labels"
)

// identify says which item of the tote a code means, how many of it and of which lot. A lot or serial number that lies in
// the tote may be scanned alone. fault.Conflict asks for it where several lie there and the code does not say which: each
// order gets those that were picked for it.
func (w *sorter) identify(ctx context.Context, tx *sql.Tx, code labels.Code) (it inventory.Item, counts int64, lot string, err error) {
	it, counts, err = inventory.FindBarcode(ctx, tx, code)
	if errors.Is(err, fault.NotFound) || errors.Is(err, fault.Invalid) {
		return w.lotAlone(ctx, tx, code, err)
	}
	if err != nil || it.Tracking == inventory.Untracked {
		return it, counts, code.Lot(), err
	}
	if lot = lotOf(code, it.Tracking); lot != "" {
		return it, counts, lot, nil
	}
	lots, err := pg.Values[string](tx.QueryContext(ctx, `
		select distinct o.code from tote_lines l join lots o on o.id = l.lot_id where l.tote_id = $1 and l.item_id = $2 and l.lot_id <> 0 order by o.code`, w.tote, it.ID))
	if err == nil && len(lots) > 1 {
		more := ""
		if len(lots) > 3 {
			lots, more = lots[:3], " …"
		}
		err = fault.New(fault.Conflict, "Several of %s lie in this tote: %s%s. Scan or type the number on the piece.", it.Name, strings.Join(lots, ", "), more)
	}
	return it, counts, "", err
}

func (w *sorter) lotAlone(ctx context.Context, tx *sql.Tx, code labels.Code, no error) (it inventory.Item, counts int64, lot string, err error) {
	items, err := pg.Values[inventory.ItemID](tx.QueryContext(ctx, `
		select distinct l.item_id from tote_lines l join lots o on o.id = l.lot_id join items i on i.id = l.item_id
		where l.tote_id = $1 and o.code = $2 and i.tracking <> 'none'`, w.tote, code.Text))
	if err != nil || len(items) != 1 {
		if err == nil {
			err = no
		}
		return it, 0, "", err
	}
	it, err = inventory.ItemByID(ctx, tx, items[0])
	return it, 1, code.Text, err
}
