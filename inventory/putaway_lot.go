package inventory

import (
	"context"
	"errors"
	"fmt"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/labels"
)

// Goods is what a load is of, with its lot or serial number.
func (t PutawayTask) Goods() string {
	return goods{t.Name, t.LotCode, t.Tracking}.String()
}

// ofItem is SQL for the open loads of item $2, in the tote in hand if there is one.
func (c *carrying) ofItem() string {
	if c.hand.tote != 0 {
		return fmt.Sprintf(`t.item_id = $2 and t.from_id = %d`, c.hand.tote)
	}
	return `t.item_id = $2`
}

// takeItem takes a load of an item: of the lot that its code says, or that which is asked for where the code does not say
// it and it cannot be told from what waits. A piece with a serial number is always told by it.
func (c *carrying) takeItem(ctx context.Context, it Item, said tag) (verdict, error) {
	if it.Tracking == Untracked {
		return c.claimWhere(ctx, it.Name, c.ofItem(), it.ID)
	}
	if said.lot != "" {
		return c.takeLot(ctx, it, said.lot)
	}
	var lots int64
	var named, again bool
	err := c.tx.QueryRowContext(ctx, `
		select count(distinct t.lot_id), coalesce(bool_or(t.lot_id <> 0), false), coalesce(bool_or(t.id = $3), false) from putaway_tasks t
		where t.warehouse_id = $1 and `+c.ofItem()+` and t.done < t.quantity`, c.warehouse, it.ID, c.hand.task).Scan(&lots, &named, &again)
	switch {
	case err != nil:
		return verdict{}, err
	case again:
		return c.takeOver(ctx)
	case lots > 1 || named && it.Tracking == BySerial:
		return c.askLot(it.ID), nil
	}
	return c.claimWhere(ctx, it.Name, c.ofItem(), it.ID)
}

func (c *carrying) askLot(item ItemID) verdict {
	c.hand.forget()
	c.hand.item = item
	return ask()
}

// takeLot takes a load of one lot of an item.
func (c *carrying) takeLot(ctx context.Context, it Item, code string) (verdict, error) {
	c.hand.item = 0
	lot, err := FindLot(ctx, c.tx, it.ID, code)
	if errors.Is(err, fault.NotFound) {
		return wrong("There is no %s %s of %s. Read it again; if it is right, it was never received: tell the dock.", lotWord(it.Tracking), clip(code), it.Name), nil
	}
	if err != nil {
		return verdict{}, err
	}
	return c.claimWhere(ctx, it.Name+", "+lotWord(it.Tracking)+" "+code, c.ofItem()+fmt.Sprintf(` and t.lot_id = %d`, lot), it.ID)
}

// lotAlone takes a load by its lot or serial number alone, which is read where a code means nothing else; no says what is
// answered if it is none.
func (c *carrying) lotAlone(ctx context.Context, code labels.Code, no string) (verdict, error) {
	items, err := pg.Values[ItemID](c.tx.QueryContext(ctx, `
		select distinct t.item_id from lots l join putaway_tasks t on t.lot_id = l.id
		where l.code = $2 and l.id <> 0 and t.warehouse_id = $1 and t.done < t.quantity and ($3::bigint = 0 or t.from_id = $3) limit 2`,
		c.warehouse, code.Text, c.hand.tote))
	switch {
	case err != nil:
		return verdict{}, err
	case len(items) == 0:
		return wrong("%s", no), nil
	case len(items) > 1:
		return wrong("Several items have a lot %s. Scan the item first.", clip(code.Text)), nil
	}
	it, err := ItemByID(ctx, c.tx, items[0])
	if err != nil {
		return verdict{}, err
	}
	return c.takeLot(ctx, it, code.Text)
}

// answerLot takes a code as the lot or serial number that is asked for.
func (c *carrying) answerLot(ctx context.Context, code labels.Code) (verdict, error) {
	it, err := ItemByID(ctx, c.tx, c.hand.item)
	if err != nil {
		return verdict{}, err
	}
	said, refused, err := readAnswer(ctx, c.tx, questionOf(it), it, code, c.scan.Code, c.scan.At)
	if err != nil || refused != "" {
		return wrong("%s", refused), err
	}
	done, err := c.takeLot(ctx, it, said.lot)
	if err == nil && done.result == scan.Wrong {
		c.hand.item = it.ID
	}
	return done, err
}

// commandOfLot answers a command while a lot is asked for.
func (c *carrying) commandOfLot(ctx context.Context, name string) (verdict, error) {
	it, err := ItemByID(ctx, c.tx, c.hand.item)
	switch {
	case err != nil:
		return verdict{}, err
	case name == labels.CommandSkip:
		c.hand.forget()
		return right("Left where it is. %s", c.instruction()), nil
	case name == commandNone:
		c.hand.item = 0
		return c.claimWhere(ctx, it.Name+" without a "+lotWord(it.Tracking), c.ofItem()+` and t.lot_id = 0`, it.ID)
	}
	return wrong("X-%s means nothing here. %s", name, wants(questionOf(it))), nil
}

// anotherLot answers the scan of the item that is carried, or of a lot of it: another lot, if that waits, is carried in
// place of the one in hand.
func (c *carrying) anotherLot(ctx context.Context, said tag) (verdict, error) {
	switch {
	case c.task.LotCode == "" || said.lot == c.task.LotCode:
		return right("Yes, %s. Take it to %s and scan the bin.", c.task.Goods(), c.where()), nil
	case said.lot == "":
		return right("You carry %s. Take it to %s and scan the bin.", c.task.Goods(), c.where()), nil
	}
	var free bool
	err := c.tx.QueryRowContext(ctx, `
		select exists (select from putaway_tasks t join lots l on l.id = t.lot_id
			where t.warehouse_id = $1 and `+c.ofItem()+` and l.code = $3 and t.done < t.quantity and t.staff_id is null)`,
		c.warehouse, c.task.Item, said.lot).Scan(&free)
	switch {
	case err != nil:
		return verdict{}, err
	case !free:
		return wrong("This is %s %s. You carry %s: take it to %s first, or choose Put back.", lotWord(c.task.Tracking), clip(said.lot), c.task.Goods(), c.where()), nil
	}
	it, err := ItemByID(ctx, c.tx, c.task.Item)
	if err == nil {
		_, err = c.layDown(ctx)
	}
	if err != nil {
		return verdict{}, err
	}
	c.task = PutawayTask{}
	return c.takeLot(ctx, it, said.lot)
}

// questionOf is what is asked of a piece whose item is tracked.
func questionOf(it Item) string {
	if it.Tracking == BySerial {
		return asksSerial
	}
	return asksLot
}

// asksWhich draws that question.
func asksWhich(it Item, step *scan.Step) {
	if step.Result == "" {
		step.Result = scan.Decide
	}
	step.Detail = []string{it.Name, it.SKU}
	step.Expect = []string{string(labels.KindUnknown), "item", string(labels.KindCommand)}
	words := "The barcode does not say the lot. "
	step.Next = "Which lot?"
	if it.Tracking == BySerial {
		step.Next, words = "Which serial number?", "Each piece has a number of its own. "
	}
	if step.Message == "" {
		step.Message = words + wants(questionOf(it))
	}
}

// whichLoad is the screen while the lot of a load is asked for. It names the lots that wait; a serial number is read off
// the piece.
func whichLoad(ctx context.Context, q pg.Querier, warehouse WarehouseID, h carrier, step scan.Step) (scan.Step, error) {
	it, err := ItemByID(ctx, q, h.item)
	if err != nil {
		return step, err
	}
	asksWhich(it, &step)
	codes, err := pg.Values[string](q.QueryContext(ctx, `
		select l.code from putaway_tasks t join lots l on l.id = t.lot_id
		where t.warehouse_id = $1 and t.item_id = $2 and t.done < t.quantity and ($3::bigint = 0 or t.from_id = $3) and (t.lot_id = 0 or $4)
		group by l.id order by l.expires_on nulls last, l.received_on nulls last, l.code limit $5`, warehouse, it.ID, h.tote, it.Tracking == ByLot, offered))
	if err != nil {
		return step, err
	}
	step.Choices = append(lotButtons(codes),
		scan.Choice{Label: "Leave it", Code: "X-" + labels.CommandSkip, Style: scan.Answer},
		scan.Choice{Label: "Take back my last scan", Code: "X-" + labels.CommandUndo, Style: scan.Problem})
	return step, nil
}

// lotButtons are lots to choose from; the code of none is empty.
func lotButtons(codes []string) (all []scan.Choice) {
	for _, code := range codes {
		if code == "" {
			all = append(all, scan.Choice{Label: "It bears none", Code: "X-" + commandNone, Style: scan.Answer})
			continue
		}
		all = append(all, scan.Choice{Label: "Lot " + code, Code: code, Style: scan.Answer})
	}
	return all
}
