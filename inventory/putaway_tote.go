package inventory

import (
	"context"
	"fmt"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/labels"
)

// takeTote takes up a tote: its only load as any other, several of them together.
func (c *carrying) takeTote(ctx context.Context, tote Location) (verdict, error) {
	loads, err := loadsIn(ctx, c.tx, tote.ID, "")
	if err != nil {
		return verdict{}, err
	}
	c.hand = carrier{}
	if len(loads) < 2 {
		return c.claimWhere(ctx, tote.Code, `t.from_id = $2`, tote.ID)
	}
	c.hand.tote = tote.ID
	return right("%s: %s in %s. Scan the bin for all of it, or an item.", tote.Code, several(piecesIn(loads), "piece"), several(int64(len(loads)), "load")), nil
}

// loadsIn are the open loads that stand in a tote.
func loadsIn(ctx context.Context, q pg.Querier, tote LocationID, lock string) ([]PutawayTask, error) {
	return list(ctx, q, (*PutawayTask).fields, taskColumns+`
		where t.from_id = $1 and t.done < t.quantity order by t.item_id, t.lot_id, t.id`+lock, tote)
}

// several counts things in a sentence.
func several(n int64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

func piecesIn(loads []PutawayTask) (n int64) {
	for _, l := range loads {
		n += l.Left()
	}
	return n
}

// ofTote is a scan with a tote in hand: a bin for all of it, an item to be put away by itself, or another tote.
func (c *carrying) ofTote(ctx context.Context, code labels.Code) (verdict, error) {
	it, _, err := FindBarcode(ctx, c.tx, code)
	switch k := fault.KindOf(err); {
	case err == nil:
		return c.outOfTote(ctx, it, tagOf(code, it, c.scan.At))
	case k != fault.NotFound && k != fault.Invalid:
		return verdict{}, err
	}
	place, err := FindLocation(ctx, c.tx, c.warehouse, code)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return c.lotAlone(ctx, code, clip(c.scan.Code)+" is no bin here. Scan the bin for all of it, or an item of the tote.")
	case err != nil:
		return verdict{}, err
	case place.Kind == Tote:
		return c.takeTote(ctx, place)
	}
	if no := unfit(place); no != "" {
		c.hand.forget()
		return wrong("%s Scan another bin.", no), nil
	}
	return c.choose(ctx, place)
}

// outOfTote takes the load of one item out of the tote in hand; what else is in it stays to be put away.
func (c *carrying) outOfTote(ctx context.Context, it Item, said tag) (verdict, error) {
	var here bool
	err := c.tx.QueryRowContext(ctx, `
		select exists (select from putaway_tasks where from_id = $1 and item_id = $2 and done < quantity)`, c.hand.tote, it.ID).Scan(&here)
	switch {
	case err != nil:
		return verdict{}, err
	case !here:
		return wrong("Nothing of %s is in this tote. Scan what is, or the bin for all of it.", it.Name), nil
	}
	return c.takeItem(ctx, it, said)
}

// choose puts all of the tote into the bin that the screen names. Another one is scanned twice.
func (c *carrying) choose(ctx context.Context, place Location) (verdict, error) {
	to, err := suggestWhole(ctx, c.tx, c.warehouse, c.hand.tote)
	if err != nil {
		return verdict{}, err
	}
	if place.ID == to.Location || place.ID == c.hand.bin {
		return c.pour(ctx, place.ID)
	}
	if no, err := c.noRoomFor(ctx, place); err != nil || no.result != "" {
		return no, err
	}
	c.hand.bin, c.hand.overfull = place.ID, false
	if to.Code == "" {
		return verdict{scan.Decide, "All of it into " + place.Code + "? Scan it again to put it here."}, nil
	}
	return verdict{scan.Decide, "This is " + place.Code + ", not " + to.Code + ". Scan it again to put all of it here."}, nil
}

// noRoomFor refuses a bin that does not take all that is in the tote. A manager is asked: the second scan is their word.
func (c *carrying) noRoomFor(ctx context.Context, place Location) (verdict, error) {
	if c.hand.overfull && c.hand.bin == place.ID {
		return verdict{}, nil
	}
	all, err := poured(ctx, c.tx, c.hand.tote)
	if err != nil {
		return verdict{}, err
	}
	f, err := room(ctx, c.tx, place.ID, all.item, all.lot, 0)
	if err != nil {
		return verdict{}, err
	}
	no := f.refusesContainer(all)
	if no == "" {
		return verdict{}, nil
	}
	c.hand.forget()
	manager, err := mayOverfill(ctx, c.tx, c.scan.Staff)
	if err != nil || !manager {
		return wrong("%s Scan another bin, or put it away item by item.", no), err
	}
	c.hand.bin, c.hand.overfull = place.ID, true
	return verdict{scan.Decide, no + " Scan another bin, or this one again to put all of it here all the same."}, nil
}

// poured is what is in a tote as a bin feels it when the tote does not go in with it.
func poured(ctx context.Context, q pg.Querier, tote LocationID) (cargo, error) {
	c, err := contents(ctx, q, tote)
	c.packages = 0
	return c, err
}

// suggestWhole proposes a bin for all that is in a tote: the first that the rules name for its first load and that takes
// the rest as well.
func suggestWhole(ctx context.Context, q pg.Querier, warehouse WarehouseID, tote LocationID) (s Suggestion, err error) {
	all, err := poured(ctx, q, tote)
	if err != nil {
		return s, err
	}
	s, err = propose(ctx, q, warehouse, tote, 0, all, func(f fill) int64 {
		if f.refusesContainer(all) != "" {
			return 0
		}
		return all.pieces
	})
	if err == nil && s.Location == 0 {
		s.Why = "no bin takes all of it" + s.Why
	}
	return s, err
}

// pour moves every load of the tote into a bin: all of them by one scan, or none.
func (c *carrying) pour(ctx context.Context, bin LocationID) (verdict, error) {
	place, err := LocationByID(ctx, c.tx, bin)
	if err != nil {
		return verdict{}, err
	}
	if no := unfit(place); no != "" {
		c.hand.forget()
		return wrong("%s Scan another bin.", no), nil
	}
	loads, err := loadsIn(ctx, c.tx, c.hand.tote, ` for update of t`)
	switch {
	case err != nil:
		return verdict{}, err
	case len(loads) == 0:
		return wrong("A colleague has put all of it away meanwhile. Scan the next item."), nil
	}
	for _, l := range loads {
		if l.Staff != 0 && l.Staff != c.scan.Staff {
			return wrong("%s carries %s out of %s. Put the rest away item by item.", l.By, l.Name, l.FromCode), nil
		}
	}
	if no, err := c.noRoomFor(ctx, place); err != nil || no.result != "" {
		return no, err
	}
	return c.pourLoads(ctx, place, loads)
}

func (c *carrying) pourLoads(ctx context.Context, place Location, loads []PutawayTask) (verdict, error) {
	moves := make([]Movement, len(loads))
	for i, l := range loads {
		moves[i] = Movement{Warehouse: c.warehouse, Item: l.Item, Lot: l.Lot, Quantity: l.Left(), From: l.From, To: place.ID, Reason: ReasonPutaway,
			Ref: l.Ref, Staff: c.scan.Staff, Station: c.scan.Station, Scan: c.scan.Key, Leg: int16(i), At: c.scan.At}
	}
	err := Move(ctx, c.tx, moves...)
	if fault.KindOf(err) == fault.Conflict {
		return wrong("%s", fault.Message(err)), nil
	}
	if err != nil {
		return verdict{}, err
	}
	if c.hand.overfull {
		err := staff.Audit(ctx, c.tx, c.scan.Staff, "bin.overfilled", place.Code, map[string]any{"tote": loads[0].FromCode, "quantity": piecesIn(loads)})
		if err != nil {
			return verdict{}, err
		}
	}
	if _, err := c.tx.ExecContext(ctx, `
		update putaway_tasks set done = quantity, suggested_id = null, suggested = 0, reason = '' where id = any($1)`,
		pg.Array(column(loads, func(l PutawayTask) int64 { return int64(l.ID) }))); err != nil {
		return verdict{}, err
	}
	c.hand = carrier{}
	err = carryOff(ctx, c.tx, Relocation{Location: loads[0].From, Staff: c.scan.Staff, Scan: c.scan.Key, At: c.scan.At})
	return right("%s out of %s put into %s.", several(piecesIn(loads), "piece"), loads[0].FromCode, place.Code), err
}

// toteScreen is the screen with a tote in hand.
func toteScreen(ctx context.Context, q pg.Querier, warehouse WarehouseID, h carrier, step scan.Step) (scan.Step, error) {
	loads, err := loadsIn(ctx, q, h.tote, "")
	if err == nil && len(loads) == 0 { // somebody else was faster
		return emptyHands(ctx, q, warehouse, carrier{}, step)
	}
	if err != nil {
		return step, err
	}
	to, err := suggestWhole(ctx, q, warehouse, h.tote)
	if err != nil {
		return step, err
	}
	step.Title = fmt.Sprintf("Putaway · %s", loads[0].FromCode)
	step.Next, step.Target, step.Quantity = "Scan the bin for all of it", to.Code, piecesIn(loads)
	step.Detail = []string{several(int64(len(loads)), "load") + ". Or scan an item to put it away by itself.", "Why: " + to.Why}
	if to.Location == 0 {
		step.Next = "Scan an item of the tote"
	}
	step.Expect = []string{"item", string(labels.KindLocation), string(labels.KindTote), string(labels.KindCommand)}
	if (h.bin != 0 || h.task != 0) && step.Result == "" {
		step.Result = scan.Decide
	}
	if step.Result == scan.Decide {
		step.Choices = append(step.Choices, scan.Choice{Label: "Yes", Code: "X-" + labels.CommandOK, Style: scan.Answer})
	}
	step.Choices = append(step.Choices,
		scan.Choice{Label: "One by one", Code: "X-" + labels.CommandNew, Style: scan.Bar},
		scan.Choice{Label: "Put back", Code: "X-" + labels.CommandSkip, Style: scan.Bar},
		scan.Choice{Label: "Take back my last scan", Code: "X-" + labels.CommandUndo, Style: scan.Problem})
	return step, nil
}
