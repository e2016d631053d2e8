package shipping

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/scan"
	"tote/inventory"
)

// judge moves what is in hand.
func (c *inspecting) judge(ctx context.Context, said string) (scan.Step, error) {
	grade, what, _ := strings.Cut(said, "-")
	if !slices.ContainsFunc(verdicts, func(v verdict) bool { return v.grade == grade && v.what == what }) {
		return c.answer(scan.Wrong, "%q is no verdict. Only grades A and B go back on the shelf.", clip(said)), nil
	}
	if c.hand.item == 0 {
		return c.answer(scan.Wrong, "Scan an item first."), nil
	}
	if left := c.undecided(c.hand.item); left < c.hand.quantity {
		c.hand = hand{}
		return c.answer(scan.Wrong, "A colleague has decided about it meanwhile. Scan the next item."), nil
	}
	if wrong, err := c.forbidden(ctx, verdict{grade: grade, what: what}); err != nil || wrong != "" {
		return c.answer(scan.Wrong, "%s", wrong), err
	}
	if err := c.decide(ctx, grade, what); err != nil {
		return scan.Step{}, err
	}
	done := c.hand
	if _, err := c.tx.ExecContext(ctx, `delete from return_hands where return_id = $1 and staff_id = $2`, c.ret.ID, c.scan.Staff); err != nil {
		return scan.Step{}, err
	}
	if err := settleReturn(ctx, c.tx, c.ret.ID, c.scan.At); err != nil {
		return scan.Step{}, err
	}
	if err := c.read(ctx, c.tx, c.ret.ID); err != nil {
		return scan.Step{}, err
	}
	step := c.answer(scan.Right, "%d %s: grade %s, %s.", done.quantity, done.name, grade, what)
	if step.Finished {
		step.Result = scan.Done
	}
	return step, nil
}

// forbidden says what stands against a verdict on the goods in hand; "" is nothing.
func (c *inspecting) forbidden(ctx context.Context, v verdict) (string, error) {
	switch wrong := wrongText(c.note, 500); {
	case wrong != "":
		return "The note " + wrong + ".", nil
	case c.asksLot():
		return fmt.Sprintf("Say first which %s of %s came back.", c.hand.word(), c.hand.name), nil
	case c.hand.old && v.what != "quarantine" && v.what != "scrap":
		return fmt.Sprintf("Lot %s of %s was good until %s: it goes into quarantine or to scrap.", c.hand.lotCode, c.hand.name, c.hand.expires.Format("2 January 2006")), nil
	case c.hand.perishes && v.resold():
		return fmt.Sprintf("%s has a day it is good until: once opened it is not sold again. Put it into quarantine.", c.hand.name), nil
	}
	return c.wrongSerial(ctx, c.hand.lot, c.hand.lotCode)
}

// decide writes the decisions and their movements, line by line.
func (c *inspecting) decide(ctx context.Context, grade, what string) error {
	from, err := inventory.Standing(ctx, c.tx, c.ret.Warehouse, inventory.Returns)
	if err != nil {
		return err
	}
	to, err := destination(ctx, c.tx, c.ret.Warehouse, what)
	if err != nil {
		return err
	}
	customer, err := inventory.Standing(ctx, c.tx, c.ret.Warehouse, inventory.Customer)
	if err != nil {
		return err
	}
	var moves []inventory.Movement
	left := c.hand.quantity
	for _, l := range c.lines {
		n := min(left, l.Undecided())
		if l.Item != c.hand.item || n == 0 {
			continue
		}
		lot := l.Lot
		if c.hand.tracked() {
			lot = c.hand.lot
		}
		m := c.movement(l.Item, n, from, to, inventory.ReasonDisposition)
		m.Lot, m.Note, left = lot, "grade "+grade, left-n
		if lot != l.Lot {
			moves = append(moves, renamed(m, l.Lot, customer)...)
		}
		moves = append(moves, m)
		if _, err := c.tx.ExecContext(ctx, `
			insert into dispositions (line_id, lot_id, what, grade, quantity, note, staff_id, scan, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			l.ID, lot, what, grade, n, c.note, c.scan.Staff, c.scan.Key, c.scan.At); err != nil {
			return err
		}
		if what != "restock" {
			continue
		}
		if err := inventory.OpenPutaway(ctx, c.tx, inventory.PutawayTask{Warehouse: c.ret.Warehouse, Item: l.Item, Lot: lot, From: to, Quantity: n, Ref: c.ret.ID.String()}); err != nil {
			return err
		}
	}
	for i := range moves {
		moves[i].Leg = int16(i)
	}
	return inventory.Move(ctx, c.tx, moves...)
}

// destination is where goods go by what becomes of them.
func destination(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, what string) (inventory.LocationID, error) {
	switch what {
	case "quarantine":
		return quarantine(ctx, tx, warehouse)
	case "scrap":
		return inventory.Standing(ctx, tx, warehouse, inventory.Scrap)
	case "vendor":
		return inventory.Standing(ctx, tx, warehouse, inventory.Supplier)
	case "rework":
		return shelf(ctx, tx, warehouse, reworkShelf, inventory.Hospital)
	}
	return shelf(ctx, tx, warehouse, restockShelf, inventory.Hold)
}

// shelf is a place of the returns desk by its code, whose stock is not for sale; the first return of a warehouse that needs
// it makes it.
func shelf(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, code string, use inventory.Use) (id inventory.LocationID, err error) {
	const known = `select id from locations where warehouse_id = $1 and kind = 'bin' and code = $2`
	if err = tx.QueryRowContext(ctx, known, warehouse, code).Scan(&id); !errors.Is(err, sql.ErrNoRows) {
		return id, err
	}
	id, err = inventory.AddLocation(ctx, tx, inventory.Location{Warehouse: warehouse, Kind: inventory.Bin, Code: code, Use: use})
	if errors.Is(err, fault.Invalid) { // somebody made it meanwhile
		err = tx.QueryRowContext(ctx, known, warehouse, code).Scan(&id)
	}
	return id, err
}

// settleReturn says that a return is inspected once every unit that came is decided upon.
func settleReturn(ctx context.Context, tx *sql.Tx, id ReturnID, at time.Time) error {
	ok, err := changed(tx.ExecContext(ctx, `
		update returns r set state = 'inspected', inspected_at = $2
		where r.id = $1 and r.state = 'received'
		  and (select coalesce(sum(received), 0) from return_lines where return_id = r.id)
		    = (select coalesce(sum(d.quantity), 0) from dispositions d join return_lines l on l.id = d.line_id where l.return_id = r.id)`, id, at))
	if err != nil || !ok {
		return err
	}
	return outbox.Put(ctx, tx, outbox.Fact{Name: "return.inspected", Ref: id.String()})
}
