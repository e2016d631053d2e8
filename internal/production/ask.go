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

// Asked is what a line's pieces will be.
type Asked struct {
	Lot      inventory.LotID // of the finished pieces
	Straight bool            // a partner sends them to the customer
}

// Ask makes work orders for those of the lines whose flow is made in the workshop or by a partner and whose artwork is
// approved, promises them their blanks or gives them to a fulfiller, and tells what the finished pieces of each line will be.
// Lines of other items are not among the answers: they come from the shelf.
func Ask(ctx context.Context, tx *sql.Tx, list []Wanted, at time.Time) (made map[string]Asked, err error) {
	defer fault.Wrap(&err, "production.Ask(%d lines)", len(list))
	orders, err := toMake(ctx, tx, list)
	if err != nil || len(orders) == 0 {
		return nil, err
	}
	made = map[string]Asked{}
	outside := false
	var blanks []inventory.Want
	for i := range orders {
		w := &orders[i]
		if err := w.release(ctx, tx, at); err != nil {
			return nil, err
		}
		made[w.Ref], outside = Asked{w.Lot, w.Straight}, outside || w.Partner != 0
		if w.Blank != 0 {
			blanks = append(blanks, inventory.Want{Ref: w.ID.String(), Document: w.ID.String(), Warehouse: w.Warehouse, Item: w.Blank, Quantity: w.Pieces,
				Priority: w.priority, Due: w.Due, Since: at})
		}
	}
	if _, err = inventory.Reserve(ctx, tx, blanks...); err != nil || !outside {
		return made, err
	}
	return made, deal(ctx, tx, at)
}

// asked is a work order before it has a number.
type asked struct {
	WorkOrder
	decision int64
	lotCode  string
	priority int
}

// toMake finds the lines that are made here, with the decision that approved what is made. Its lot is named after the
// work order, the line and the first approved file.
func toMake(ctx context.Context, q pg.Querier, list []Wanted) ([]asked, error) {
	byRef := map[string]Wanted{}
	for _, w := range list {
		byRef[w.Ref] = w
	}
	all, err := pg.Collect(func(a *asked) []any {
		return []any{&a.Ref, &a.Item, &a.SKU, &a.Product, &a.Blank, &a.Instructions, &a.decision, &a.lotCode, &a.Partner, &a.Straight}
	})(q.QueryContext(ctx, `
		select j.ref, j.item_id, j.sku, j.product, case when f.making = 'workshop' then coalesce(c.blank_id, 0) else 0 end, coalesce(c.instructions, ''), j.decision_id,
		       (select format('%s v%s %s', j.ref, f.version, left(f.hash, 12)) from art_decision_files f where f.decision_id = j.decision_id order by f.version limit 1), coalesce(f.partner_id, 0), f.straight
		from art_jobs j join flows f on f.id = j.flow_id left join custom_items c on c.item_id = j.item_id
		where j.ref = any($1) and j.state = 'approved' and f.making in ('workshop', 'partner') order by j.ref`, pg.Column(list, func(w Wanted) string { return w.Ref })))
	for i := range all {
		w := byRef[all[i].Ref]
		all[i].Document, all[i].Warehouse, all[i].Due, all[i].Pieces, all[i].priority = w.Document, w.Warehouse, w.Due, w.Quantity, w.Priority
		all[i].Notes = w.Notes
	}
	return all, err
}

func (a *asked) release(ctx context.Context, tx *sql.Tx, at time.Time) (err error) {
	if err := tx.QueryRowContext(ctx, `select nextval(pg_get_serial_sequence('work_orders', 'id'))`).Scan(&a.ID); err != nil {
		return err
	}
	if a.Lot, err = inventory.AddLot(ctx, tx, a.Item, a.ID.String()+" "+a.lotCode); err != nil { // packers scan the J- of the pieces' paper
		return err
	}
	_, err = tx.ExecContext(ctx, `
		insert into work_orders (id, ref, document, warehouse_id, item_id, sku, product, lot_id, blank_id, instructions, pieces, due, created_at, notes,
			partner_id, straight, partner_state, partner_since) overriding system value
		values ($16, $1, $2, $3, $4, $5, $6, $7, nullif($8::bigint, 0), $9, $10, $11, $12, $15,
			nullif($13::bigint, 0), $14, case when $13::bigint = 0 then '' else 'waiting' end, case when $13::bigint <> 0 then $12::timestamptz end)`,
		a.Ref, a.Document, a.Warehouse, a.Item, a.SKU, a.Product, a.Lot, a.Blank, a.Instructions, a.Pieces, a.Due, at, a.Partner, a.Straight, a.Notes, a.ID)
	if err != nil {
		return err
	}
	if a.Partner != 0 {
		if err := a.happened(ctx, tx, "asked", "", a.Pieces, 0, at); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `
		update tools t set hash = (select hash from art_decision_files where decision_id = $2 order by version limit 1)
		from line_tools l where l.tool_id = t.id and l.ref = $1 and t.hash = '' and t.state in ('wanted', 'begun')`, a.Ref, a.decision); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		insert into work_files (work_order_id, decision_id, version, hash) select $1, decision_id, version, hash from art_decision_files where decision_id = $2`, a.ID, a.decision)
	return err
}

// Cancel ends the work orders of a document, and frees their blanks. What was begun cannot be unmade, and what a partner has
// is out of our hands until somebody says that the partner stopped: a Conflict.
func Cancel(ctx context.Context, tx *sql.Tx, document string, at time.Time) (err error) {
	defer fault.Wrap(&err, "production.Cancel(%q)", document)
	return each(ctx, tx, `w.document = $1`, document, func(w WorkOrder) error {
		if w.State != Open {
			return tooLate(w)
		}
		if err := w.cancel(ctx, tx, at); err != nil {
			return err
		}
		_, err := inventory.ReleaseDocument(ctx, tx, w.ID.String())
		return err
	})
}

// cancel ends a work order that nobody began.
func (w WorkOrder) cancel(ctx context.Context, tx *sql.Tx, at time.Time) error {
	if w.Partner != 0 {
		if err := w.stands(ctx, tx, Over, "over", "cancelled", 0, 0, at, ""); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `update work_orders set state = 'cancelled' where id = $1`, w.ID)
	return err
}

func tooLate(w WorkOrder) error {
	if w.Partner != 0 {
		return fault.New(fault.Conflict, "It is too late: %s is with %s already, as %s. Ask them to stop it; when they did, %s says so on the page of %s.",
			w.Ref, w.PartnerName, or(w.Number, w.ID.String()), or(w.FulfillerName, "a fulfiller"), w.ID)
	}
	return fault.New(fault.Conflict, "It is too late: %s is being made on %s already.", w.Ref, w.ID)
}

// Amend lowers how many pieces a line wants; 0 cancels its work order. Only before somebody began.
func Amend(ctx context.Context, tx *sql.Tx, ref string, pieces int64, at time.Time) (err error) {
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
		if err := w.lower(ctx, tx, pieces, at); err != nil {
			return err
		}
		if w.Blank == 0 {
			return nil
		}
		return inventory.Release(ctx, tx, w.ID.String(), w.Pieces-pieces)
	})
}

func (w WorkOrder) lower(ctx context.Context, tx *sql.Tx, pieces int64, at time.Time) error {
	if pieces == 0 {
		return w.cancel(ctx, tx, at)
	}
	_, err := tx.ExecContext(ctx, `update work_orders set pieces = $2 where id = $1`, w.ID, pieces)
	return err
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
