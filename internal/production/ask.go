package production

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
)

// Wanted is a line of an order that may have to be made.
type Wanted struct {
	Ref, Document string
	Warehouse     inventory.WarehouseID
	Priority      int
	Due           time.Time
	Quantity      int64
	Notes         string // what was chosen for the line: words to be drawn, a colour
}

// Ask makes work orders for those of the lines whose flow is made in the workshop and whose artwork is approved, promises
// them their blanks, and tells the lot that the finished pieces of each line will have. Lines of other items are not among
// the answers: they come from the shelf.
func Ask(ctx context.Context, tx *sql.Tx, list []Wanted, at time.Time) (lots map[string]inventory.LotID, err error) {
	defer fault.Wrap(&err, "production.Ask(%d lines)", len(list))
	orders, err := toMake(ctx, tx, list)
	if err != nil || len(orders) == 0 {
		return nil, err
	}
	lots = map[string]inventory.LotID{}
	var blanks []inventory.Want
	for i := range orders {
		w := &orders[i]
		if err := w.release(ctx, tx, at); err != nil {
			return nil, err
		}
		lots[w.Ref] = w.Lot
		if w.Blank != 0 {
			blanks = append(blanks, inventory.Want{Ref: w.ID.String(), Document: w.ID.String(), Warehouse: w.Warehouse, Item: w.Blank, Quantity: w.Pieces,
				Priority: w.priority, Due: w.Due, Since: at})
		}
	}
	_, err = inventory.Reserve(ctx, tx, blanks...)
	return lots, err
}

// asked is a work order before it has a number.
type asked struct {
	WorkOrder
	decision int64
	lotCode  string
	priority int
}

// toMake finds the lines that are made here, with the decision that approved what is made. Its lot is named after the line
// and the first approved file.
func toMake(ctx context.Context, q pg.Querier, list []Wanted) ([]asked, error) {
	byRef := map[string]Wanted{}
	for _, w := range list {
		byRef[w.Ref] = w
	}
	all, err := pg.Collect(func(a *asked) []any {
		return []any{&a.Ref, &a.Item, &a.SKU, &a.Product, &a.Blank, &a.Instructions, &a.decision, &a.lotCode}
	})(q.QueryContext(ctx, `
		select j.ref, j.item_id, j.sku, j.product, coalesce(c.blank_id, 0), coalesce(c.instructions, ''), j.decision_id,
		       (select format('%s v%s %s', j.ref, f.version, left(f.hash, 12)) from art_decision_files f where f.decision_id = j.decision_id order by f.version limit 1)
		from art_jobs j join flows f on f.id = j.flow_id left join custom_items c on c.item_id = j.item_id
		where j.ref = any($1) and j.state = 'approved' and f.making = 'workshop' order by j.ref`, pg.Column(list, func(w Wanted) string { return w.Ref })))
	for i := range all {
		w := byRef[all[i].Ref]
		all[i].Document, all[i].Warehouse, all[i].Due, all[i].Pieces, all[i].priority = w.Document, w.Warehouse, w.Due, w.Quantity, w.Priority
		all[i].Notes = w.Notes
	}
	return all, err
}

func (a *asked) release(ctx context.Context, tx *sql.Tx, at time.Time) (err error) {
	if a.Lot, err = inventory.AddLot(ctx, tx, a.Item, a.lotCode); err != nil {
		return err
	}
	err = tx.QueryRowContext(ctx, `
		insert into work_orders (ref, document, warehouse_id, item_id, sku, product, lot_id, blank_id, instructions, pieces, due, created_at, notes)
		values ($1, $2, $3, $4, $5, $6, $7, nullif($8::bigint, 0), $9, $10, $11, $12, $13) returning id`,
		a.Ref, a.Document, a.Warehouse, a.Item, a.SKU, a.Product, a.Lot, a.Blank, a.Instructions, a.Pieces, a.Due, at, a.Notes).Scan(&a.ID)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		insert into work_files (work_order_id, decision_id, version, hash) select $1, decision_id, version, hash from art_decision_files where decision_id = $2`, a.ID, a.decision)
	return err
}

// Cancel ends the work orders of a document, and frees their blanks. What was begun cannot be unmade: it is a Conflict.
func Cancel(ctx context.Context, tx *sql.Tx, document string) (err error) {
	defer fault.Wrap(&err, "production.Cancel(%q)", document)
	return each(ctx, tx, `w.document = $1`, document, func(w WorkOrder) error {
		if w.State != Open {
			return tooLate(w)
		}
		if _, err := tx.ExecContext(ctx, `update work_orders set state = 'cancelled' where id = $1`, w.ID); err != nil {
			return err
		}
		_, err := inventory.ReleaseDocument(ctx, tx, w.ID.String())
		return err
	})
}

func tooLate(w WorkOrder) error {
	return fault.New(fault.Conflict, "It is too late: %s is being made on %s already.", w.Ref, w.ID)
}

// Amend lowers how many pieces a line wants; 0 cancels its work order. Only before somebody began.
func Amend(ctx context.Context, tx *sql.Tx, ref string, pieces int64) (err error) {
	defer fault.Wrap(&err, "production.Amend(%q)", ref)
	return each(ctx, tx, `w.ref = $1`, ref, func(w WorkOrder) error {
		switch {
		case w.State != Open:
			return tooLate(w)
		case pieces > w.Pieces:
			return fault.New(fault.Conflict, "%s is in production already. Place another order for more.", w.Ref)
		case pieces == w.Pieces:
			return nil
		}
		update := `update work_orders set pieces = $2 where id = $1`
		if pieces == 0 {
			update = `update work_orders set state = case when $2 = 0 then 'cancelled' else state end where id = $1`
		}
		if _, err := tx.ExecContext(ctx, update, w.ID, pieces); err != nil {
			return err
		}
		if w.Blank == 0 {
			return nil
		}
		return inventory.Release(ctx, tx, w.ID.String(), w.Pieces-pieces)
	})
}

// each locks the work orders that are not cancelled, and does something with each.
func each(ctx context.Context, tx *sql.Tx, where, arg string, do func(WorkOrder) error) error {
	list, err := pg.Collect((*WorkOrder).fields)(tx.QueryContext(ctx, fmt.Sprint(`
		select `+columns+source+`where `, where, ` and w.state <> 'cancelled' order by w.id for update of w`), arg))
	for _, w := range list {
		if err := do(w); err != nil {
			return err
		}
	}
	return err
}
