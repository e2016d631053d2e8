package shipping

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/inventory"
	"tote/labels"
)

// lotAnswer begins the answer to "Which lot came back?"; the lot's number follows, or anotherLot.
const (
	lotAnswer  = "lot-"
	anotherLot = lotAnswer + "another"
)

// mostLots is how many lots are offered as answers; the others are scanned or typed.
const mostLots = 6

// sentLot is a lot that the cartons of a return's order took away, and what of it was not given back yet.
type sentLot struct {
	lot        inventory.LotID
	code       string
	sent, left int64
}

// sentLots reads what the cartons know of the item in hand; of a parcel that nobody took, what lay in it.
func (c *inspecting) sentLots(ctx context.Context, q pg.Querier) (all []sentLot, err error) {
	return list(ctx, q, func(s *sentLot) []any { return []any{&s.lot, &s.code, &s.sent, &s.left} }, `
		with mine as (select ref from return_lines where return_id = $1 and item_id = $2)
		select o.id, o.code, gone.n, gone.n - coalesce(back.n, 0)
		from (select l.lot_id, sum(l.quantity)::bigint as n
		      from carton_lines l join shipment_cartons sc on sc.carton_id = l.carton_id and sc.void_at is null
		      join shipments s on s.id = sc.shipment_id join returns r on r.id = $1
		      where l.ref in (select ref from mine) and l.quantity > 0 and s.dispatched_at is not null
		        and (r.submission not like 'undelivered carton %' or r.submission = 'undelivered carton ' || l.carton_id)
		      group by l.lot_id) gone
		join lots o on o.id = gone.lot_id
		left join (select d.lot_id, sum(d.quantity)::bigint as n from dispositions d join return_lines l on l.id = d.line_id
		           where l.ref in (select ref from mine) group by d.lot_id) back using (lot_id)
		where gone.n > coalesce(back.n, 0)
		order by o.expires_on nulls last, o.code`, c.ret.ID, c.hand.item)
}

// asksLot reports that the item in hand is told apart by lots or serial numbers, and nobody has said by which.
func (c *inspecting) asksLot() bool { return c.hand.item != 0 && c.hand.tracked() && !c.hand.named }

// lotQuestion draws the question, with the lots that were sent as its answers.
func (c *inspecting) lotQuestion(step *scan.Step) {
	word, piece := "lot", "Scan the piece again by its GS1 code, type the lot, or choose."
	if c.hand.tracking == inventory.BySerial {
		word, piece = "serial number", "Scan or type the number on the piece, or choose."
	}
	step.Next, step.Target, step.Quantity = "Which "+word+" came back?", c.hand.name, c.hand.quantity
	step.Expect, step.Detail = []string{string(labels.KindUnknown), "item"}, []string{piece}
	for i, s := range c.sent {
		if i == mostLots {
			step.Detail = append(step.Detail, fmt.Sprintf("%d more were sent", len(c.sent)-mostLots))
			break
		}
		label := s.code
		switch {
		case s.lot == 0:
			label = "None is on it"
		case c.hand.tracking != inventory.BySerial:
			label += fmt.Sprintf(" · %d of %d sent", s.left, s.sent)
		}
		step.Choices = append(step.Choices, scan.Choice{Label: label, Action: lotAnswer + strconv.FormatInt(int64(s.lot), 10), Style: scan.Answer})
	}
	step.Choices = append(step.Choices, scan.Choice{Label: "Another " + word, Action: anotherLot, Style: scan.Bar})
}

// saidIn is the lot or serial number that a code says of itself.
func (h hand) saidIn(code labels.Code) string {
	if h.tracking == inventory.BySerial {
		return code.Serial()
	}
	return code.Lot()
}

// chooseLot takes an answer to the question.
func (c *inspecting) chooseLot(ctx context.Context, action string) (scan.Step, error) {
	switch {
	case c.hand.item == 0:
		return c.answer(scan.Wrong, "Scan an item first."), nil
	case !c.hand.tracked():
		return c.answer(scan.Wrong, "%s has no lots: say what it is like.", c.hand.name), nil
	case action == anotherLot:
		return c.answer(scan.Decide, "Scan or type what stands on the piece."), nil
	}
	for _, s := range c.sent {
		if action == lotAnswer+strconv.FormatInt(int64(s.lot), 10) {
			return c.nameLot(ctx, s.lot, s.code)
		}
	}
	return c.answer(scan.Wrong, "All of that one is given back already. Choose again, or type what stands on the piece."), nil
}

// sayLot takes what was scanned or typed as the lot of the item in hand.
func (c *inspecting) sayLot(ctx context.Context, code string) (scan.Step, error) {
	code = strings.TrimSpace(code)
	lot, err := inventory.FindLot(ctx, c.tx, c.hand.item, code)
	if errors.Is(err, fault.NotFound) {
		return c.answer(scan.Wrong, "There was never a %s %s of %s. Read it again; if it is right, set the piece aside and call a manager.",
			c.hand.word(), clip(code), c.hand.name), nil
	}
	if err != nil {
		return scan.Step{}, err
	}
	if sure, err := c.sure(ctx, lot); err != nil || !sure {
		return c.answer(scan.Decide, "Lot %s was not sent with %s. Scan it again if it stands on the piece; else read it again.", code, c.ret.Ref), err
	}
	return c.nameLot(ctx, lot, code)
}

// sure reports that a lot was sent, as far as the cartons know, or that its code was scanned twice in a row though it was
// not: what is printed on the piece counts. Serial numbers are judged by what the ledger knows of each.
func (c *inspecting) sure(ctx context.Context, lot inventory.LotID) (bool, error) {
	if len(c.sent) == 0 || c.hand.tracking == inventory.BySerial || slices.ContainsFunc(c.sent, func(s sentLot) bool { return s.lot == lot }) {
		return true, nil
	}
	var twice bool
	err := c.tx.QueryRowContext(ctx, `
		select raw = $3 and result = 'decide' from scans where ref = $1 and staff_id = $2 order by id desc limit 1`,
		inspection(c.ret.ID), c.scan.Staff, c.scan.Code).Scan(&twice)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return twice, err
}

// nameLot writes which lot the goods in hand are of.
func (c *inspecting) nameLot(ctx context.Context, lot inventory.LotID, code string) (scan.Step, error) {
	if wrong, err := c.wrongSerial(ctx, lot, code); err != nil || wrong != "" {
		return c.answer(scan.Wrong, "%s", wrong), err
	}
	if _, err := c.tx.ExecContext(ctx, `update return_hands set lot_id = $3 where return_id = $1 and staff_id = $2`, c.ret.ID, c.scan.Staff, lot); err != nil {
		return scan.Step{}, err
	}
	if err := c.read(ctx, c.tx, c.ret.ID); err != nil {
		return scan.Step{}, err
	}
	if lot == 0 {
		return c.answer(scan.Right, "%s without a %s.", c.hand.name, c.hand.word()), nil
	}
	return c.answer(scan.Right, "%s: %s %s.", c.hand.name, c.hand.word(), code), nil
}

// wrongSerial says why a serial number cannot come back: it is one piece, which must be out, and with this customer. The lot
// is locked, so that of two who give one number the second sees the first.
func (c *inspecting) wrongSerial(ctx context.Context, lot inventory.LotID, code string) (string, error) {
	if lot == 0 || c.hand.tracking != inventory.BySerial || c.counted(lot) {
		return "", nil
	}
	if _, err := c.tx.ExecContext(ctx, `select from lots where id = $1 for no key update`, lot); err != nil {
		return "", err
	}
	last, err := inventory.WhereStood(ctx, c.tx, c.hand.item, lot)
	if err != nil {
		return "", err
	}
	var sent string
	err = c.tx.QueryRowContext(ctx, `
		select coalesce((select split_part(ref, '.', 1) from movements where item_id = $1 and lot_id = $2 and reason = 'ship' order by id desc limit 1), '')`,
		c.hand.item, lot).Scan(&sent)
	switch {
	case err != nil:
		return "", err
	case sent == "":
		return fmt.Sprintf("Serial number %s of %s was never sent to anybody. Read it again; if it is right, set the piece aside and call a manager.", code, c.hand.name), nil
	case last.Kind != inventory.Customer:
		return fmt.Sprintf("Serial number %s of %s came back already: %s, %s. Read the number again.", code, c.hand.name, last.Code, last.Ref), nil
	}
	same, err := c.sameCustomer(ctx, sent)
	if err != nil || same {
		return "", err
	}
	return fmt.Sprintf("Serial number %s of %s went to somebody else, with %s. Read it again; if it is right, set the piece aside and call a manager.", code, c.hand.name, sent), nil
}

// counted reports that goods of this return lie at the desk under this lot already, from the days when a lot was guessed.
func (c *inspecting) counted(lot inventory.LotID) bool {
	for _, l := range c.lines {
		if l.Item == c.hand.item && l.Lot == lot && l.Undecided() > 0 {
			return true
		}
	}
	return false
}

// sameCustomer reports that an order went to the same name and door as the return's own: the floor knows people by nothing else.
func (c *inspecting) sameCustomer(ctx context.Context, ref string) (same bool, err error) {
	if ref == c.ret.Ref {
		return true, nil
	}
	err = c.tx.QueryRowContext(ctx, `
		select exists (select from shipment_orders mo join shipments mine on mine.id = mo.shipment_id, shipment_orders so join shipments s on s.id = so.shipment_id
		    where mo.ref = $1 and so.ref = $2 and lower(mine.recipient) = lower(s.recipient) and lower(mine.street) = lower(s.street)
		      and mine.postcode = s.postcode and mine.country = s.country)`, c.ret.Ref, ref).Scan(&same)
	return same, err
}

// renamed brings goods that were counted under one lot under the one that was read off them: out to the customer, and in again.
func renamed(m inventory.Movement, counted inventory.LotID, customer inventory.LocationID) []inventory.Movement {
	out, in := m, m
	out.Lot, out.To = counted, customer
	in.From, in.To = customer, m.From
	for _, leg := range []*inventory.Movement{&out, &in} {
		leg.Reason, leg.Note = inventory.ReasonReturn, "lot read at the inspection"
	}
	return []inventory.Movement{out, in}
}
