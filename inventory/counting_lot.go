package inventory

import (
	"context"
	"errors"
	"slices"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/labels"
)

// eachSerial refuses to count pieces by their number that have one each.
const eachSerial = "Each piece of %s has a serial number of its own. Scan the piece, not its case."

// waits reports that pieces are in hand whose lot is asked for.
func (h talker) waits() bool { return asksOfLot(h.question) || h.question == asksNew }

// ofLot counts n pieces of an item that is tracked. What was scanned last says the lot of what is scanned after it
// without one.
func (c *counter) ofLot(ctx context.Context, it Item, n int64, said tag) (verdict, error) {
	if said.lot == "" && it.Tracking == ByLot && c.hand.item == it.ID {
		return c.enter(ctx, n, false)
	}
	c.hand = talker{item: it.ID, asked: lotInHand{said, n}}
	return c.lotKnown(ctx, it)
}

// lotKnown asks what is still to be known of the lot in hand, one question at a time, and counts when nothing is.
func (c *counter) lotKnown(ctx context.Context, it Item) (verdict, error) {
	h := &c.hand
	switch {
	case it.Tracking == BySerial && h.asked.quantity != 1:
		*h = talker{}
		return wrong(eachSerial, it.Name), nil
	case h.asked.lot == "" && it.Tracking == BySerial:
		return c.askLot(asksSerial)
	case h.asked.lot == "":
		return c.askLot(asksLot)
	case wrongLotCode(h.asked.lot):
		*h = talker{}
		return wrong("The lot in this code cannot be read. Scan it again."), nil
	}
	lot, err := FindLot(ctx, c.tx, it.ID, h.asked.lot)
	switch {
	case errors.Is(err, fault.NotFound):
		return c.askLot(asksNew)
	case err != nil:
		return verdict{}, err
	}
	h.lot = lot
	return c.countLot(ctx, it)
}

func (c *counter) askLot(question string) (verdict, error) {
	c.hand.question = question
	return ask(), nil
}

// newLot counts pieces of a lot that nobody knew, as soon as its day is known too.
func (c *counter) newLot(ctx context.Context, it Item) (v verdict, err error) {
	h := &c.hand
	if it.Expires && h.asked.expires.IsZero() {
		return c.askLot(asksExpiry)
	}
	h.lot, err = haveLot(ctx, c.tx, Lot{Item: it.ID, Code: h.asked.lot, Serial: it.Tracking == BySerial, ExpiresOn: h.asked.expires,
		ReceivedOn: c.scan.At, Source: c.count.ID.String()})
	if err != nil {
		return verdict{}, err
	}
	return c.countLot(ctx, it)
}

// countLot counts the pieces in hand. One with a serial number is counted once, and only if it may lie here: from
// another bin of the house it comes over when the count is booked.
func (c *counter) countLot(ctx context.Context, it Item) (verdict, error) {
	if it.Tracking == BySerial {
		if refused, err := c.wrongSerial(ctx, it); err != nil || refused != "" {
			c.hand = talker{}
			return wrong("%s", refused), err
		}
	}
	return c.enter(ctx, c.hand.asked.quantity, false)
}

func (c *counter) wrongSerial(ctx context.Context, it Item) (string, error) {
	code := c.hand.asked.lot
	all, err := tallies(ctx, c.tx, c.count.ID)
	if err != nil {
		return "", err
	}
	if slices.ContainsFunc(all, func(t pieces) bool { return t.same(it.ID, c.hand.lot) && t.counted > 0 }) {
		return "Serial " + code + " of " + it.Name + " is counted already.", nil
	}
	last, err := whereStood(ctx, c.tx, it.ID, c.hand.lot)
	if err != nil || last.gone() || last.kind == Bin && last.warehouse == c.warehouse {
		return "", err
	}
	return "Serial " + code + " of " + it.Name + " " + last.words() + ". Lay it aside and tell a manager.", nil
}

// answerLot takes a code as what the screen asked of the lot in hand. The same lot once more says that a new one is there.
func (c *counter) answerLot(ctx context.Context, code labels.Code) (verdict, error) {
	it, err := ItemByID(ctx, c.tx, c.hand.item)
	if err != nil {
		return verdict{}, err
	}
	h := &c.hand
	said, refused, err := readAnswer(ctx, c.tx, h.question, it, code, c.scan.Code, c.scan.At)
	switch {
	case err != nil || refused != "":
		return wrong("%s", refused), err
	case said.lot != "" && said.lot != h.asked.lot:
		h.asked.tag = said
	case h.question == asksNew || h.question == asksExpiry:
		if !said.expires.IsZero() {
			h.asked.expires = said.expires
		}
		return c.newLot(ctx, it)
	}
	h.question = ""
	return c.lotKnown(ctx, it)
}

// commandOfLot answers a command while the lot in hand is asked for.
func (c *counter) commandOfLot(ctx context.Context, name string) (verdict, error) {
	it, err := ItemByID(ctx, c.tx, c.hand.item)
	switch {
	case err != nil:
		return verdict{}, err
	case name == labels.CommandSkip:
		c.hand = talker{}
		return right("Not counted. %s", c.instruction()), nil
	case name == labels.CommandOK && c.hand.question == asksNew:
		return c.newLot(ctx, it)
	case name == commandNone && c.hand.question == asksLot:
		return c.ofNoLot(ctx)
	}
	return wrong("X-%s means nothing here. %s", name, wants(c.hand.question)), nil
}

// ofNoLot counts pieces that bear no lot, which the books know of a time before the item was tracked.
func (c *counter) ofNoLot(ctx context.Context) (verdict, error) {
	if there, err := lotless(ctx, c.tx, c.count.Location, c.hand.item); err != nil || !there {
		return wrong("All of it here has a lot. %s", wants(c.hand.question)), err
	}
	c.hand.lot = 0
	return c.enter(ctx, c.hand.asked.quantity, false)
}

func lotless(ctx context.Context, q pg.Querier, bin LocationID, item ItemID) (there bool, err error) {
	err = q.QueryRowContext(ctx, `
		select exists (select from balances where location_id = $1 and item_id = $2 and lot_id = 0 and on_hand > 0)`, bin, item).Scan(&there)
	return there, err
}

// offered is how many lots of a bin the screen names.
const offered = 6

// askedLot is the screen while the lot in hand is asked for. It names the lots that lie in the bin, never how many of them.
func askedLot(ctx context.Context, q pg.Querier, c count, h talker, step scan.Step, undo scan.Choice) (scan.Step, error) {
	it, err := ItemByID(ctx, q, h.item)
	if err != nil {
		return step, err
	}
	if step.Result == "" {
		step.Result = scan.Decide
	}
	step.Here, step.Quantity, step.Detail = true, h.asked.quantity, []string{it.Name, it.SKU}
	words := ""
	switch h.question {
	case asksLot:
		step.Next, words = "Which lot?", "The barcode does not say the lot. "+wants(h.question)
		if step.Choices, err = lotChoices(ctx, q, c.Location, it.ID); err != nil {
			return step, err
		}
	case asksSerial:
		step.Next, words = "Which serial number?", "Each piece has a number of its own. "+wants(h.question)
	case asksExpiry:
		step.Next, words = "Good until?", lotTitle(it.Tracking)+" "+h.asked.lot+" is new. "+wants(h.question)
	case asksNew:
		step.Next, words = "A new "+lotWord(it.Tracking)+"?", "Nobody knows "+lotWord(it.Tracking)+" "+h.asked.lot+" of it yet. Scan it again if it is right."
		step.Choices = []scan.Choice{{Label: "Yes, count it", Code: "X-" + labels.CommandOK, Style: scan.Answer}}
	}
	if step.Message == "" {
		step.Message = words
	}
	step.Choices = append(step.Choices, scan.Choice{Label: "Do not count", Code: "X-" + labels.CommandSkip, Style: scan.Answer}, undo)
	return step, nil
}

// lotChoices are the lots of an item in a bin, whose turn comes first before the rest.
func lotChoices(ctx context.Context, q pg.Querier, bin LocationID, item ItemID) ([]scan.Choice, error) {
	codes, err := pg.Values[string](q.QueryContext(ctx, `
		select l.code from balances b join lots l on l.id = b.lot_id
		where b.location_id = $1 and b.item_id = $2 and b.on_hand > 0 and b.lot_id <> 0
		order by l.expires_on nulls last, l.received_on nulls last, l.code limit $3`, bin, item, offered))
	if err != nil {
		return nil, err
	}
	there, err := lotless(ctx, q, bin, item)
	if there {
		codes = append(codes, "")
	}
	return lotButtons(codes), err
}
