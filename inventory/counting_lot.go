package inventory

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/labels"
)

// eachSerial refuses to count pieces by their number that have one each.
const eachSerial = "Each piece of %s has a serial number of its own. Scan the piece, not its case."

// waits reports that pieces are in hand whose lot is asked for.
func (h talker) waits() bool {
	return asksOfLot(h.question) || h.question == asksNew || h.question == asksNotHere
}

// lotDigits is from how many characters on a number that names a lot is the lot, and not so many pieces.
const lotDigits = 5

// bareLot takes a code as a lot of the item in hand, or of what else is in the bin. A lot so named is what follows is of,
// and counts nothing by itself; a piece with a serial number counts.
func (c *counter) bareLot(ctx context.Context, code labels.Code) (_ verdict, known bool, err error) {
	if c.count.Started.IsZero() || code.GTIN() != "" {
		return verdict{}, false, nil
	}
	text := strings.TrimSpace(c.scan.Code)
	if lot := cmp.Or(code.Serial(), code.Lot()); lot != "" {
		text = lot
	}
	items, err := pg.Values[ItemID](c.tx.QueryContext(ctx, `
		select l.item_id from lots l join items i on i.id = l.item_id
		where l.code = $1 and l.code <> '' and i.tracking <> 'none'
		  and (l.item_id = $2 or l.item_id in (select item_id from count_lines where count_id = $3))
		order by l.item_id <> $2, l.item_id limit 2`, text, c.hand.item, c.count.ID))
	switch {
	case err != nil || len(items) == 0:
		return verdict{}, false, err
	case len(items) > 1 && items[0] != c.hand.item:
		return wrong("Two items in %s have a lot %s. Scan the item first.", c.count.Code, clip(text)), true, nil
	}
	it, err := ItemByID(ctx, c.tx, items[0])
	if err != nil {
		return verdict{}, true, err
	}
	var n int64
	if it.Tracking == BySerial {
		n = 1
	}
	c.hand = talker{item: it.ID, asked: lotInHand{tag{lot: text}, n}}
	v, err := c.lotKnown(ctx, it)
	return v, true, err
}

// unknown refuses a code that names nothing here; it may be the lot of what is in hand.
func (c *counter) unknown(ctx context.Context, code labels.Code, misread error) (verdict, error) {
	if c.count.Started.IsZero() && code.Kind == labels.KindUnknown && !code.Damaged {
		return wrong("%s is no bin here. %s", clip(c.scan.Code), c.instruction()), nil
	}
	t, err := handled(ctx, c.tx, c.hand, nil)
	if err == nil && t.tracking == ByLot {
		return wrong("%s If it is a lot, choose Another lot and scan the item first.", fault.Message(misread)), nil
	}
	return wrong("%s", fault.Message(misread)), err
}

// named reports that a lot was named for what follows, and nothing of it counted since.
func (h talker) named() bool { return h.lot != 0 && h.asked.lot != "" }

// ofLot counts n pieces of an item that is tracked. What was scanned last says the lot of what is scanned after it
// without one, unless that lot was said not to be there.
func (c *counter) ofLot(ctx context.Context, it Item, n int64, said tag) (verdict, error) {
	if said.lot == "" && it.Tracking == ByLot && c.hand.item == it.ID {
		if none, err := c.saidNone(ctx); err != nil {
			return verdict{}, err
		} else if !none {
			return c.enter(ctx, n, false)
		}
	}
	c.hand = talker{item: it.ID, asked: lotInHand{said, n}}
	return c.lotKnown(ctx, it)
}

// saidNone reports that the lot in hand was said not to be there, and not named again since.
func (c *counter) saidNone(ctx context.Context) (bool, error) {
	all, err := tallies(ctx, c.tx, c.count.ID)
	return !c.hand.named() && slices.ContainsFunc(all, func(t pieces) bool { return t.same(c.hand.item, c.hand.lot) && t.counted == 0 }), err
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
	if here, err := c.here(ctx, it, lot); err != nil || !here {
		h.question = asksNotHere
		return ask(), err
	}
	h.lot = lot
	return c.countLot(ctx, it)
}

// here reports whether a lot may lie in the bin without another word: by the books it does, it was counted, or somebody
// has said yes. A single piece is told apart by its number, and comes over.
func (c *counter) here(ctx context.Context, it Item, lot LotID) (here bool, err error) {
	if it.Tracking == BySerial {
		return true, nil
	}
	err = c.tx.QueryRowContext(ctx, `
		select exists (select from balances where location_id = $1 and item_id = $2 and lot_id = $3 and on_hand > 0)
		    or exists (select from count_lines where count_id = $4 and item_id = $2 and lot_id = $3)`, c.count.Location, it.ID, lot, c.count.ID).Scan(&here)
	return here, err
}

// hereToo counts a lot here that the books do not have here.
func (c *counter) hereToo(ctx context.Context, it Item) (v verdict, err error) {
	if c.hand.lot, err = FindLot(ctx, c.tx, it.ID, c.hand.asked.lot); err != nil {
		return verdict{}, err
	}
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

// countLot counts the pieces in hand, or keeps the lot that was named for what follows. One with a serial number is
// counted once, and only if it may lie here: from another bin of the house it comes over when the count is booked.
func (c *counter) countLot(ctx context.Context, it Item) (verdict, error) {
	if c.hand.asked.quantity == 0 {
		return c.name(ctx)
	}
	if it.Tracking != BySerial {
		return c.enter(ctx, c.hand.asked.quantity, false)
	}
	last, refused, err := c.wrongSerial(ctx, it)
	if err != nil || refused != "" {
		c.hand = talker{}
		return wrong("%s", refused), err
	}
	v, err := c.enter(ctx, c.hand.asked.quantity, false)
	if last.Kind == Bin && last.Place != c.count.Location {
		v.message += " The books have it in " + last.Code + ": it comes over when the count is booked."
	}
	return v, err
}

// name takes the lot in hand for what follows; asked about once, it is not asked about again.
func (c *counter) name(ctx context.Context) (verdict, error) {
	_, err := c.tx.ExecContext(ctx, `
		insert into count_lines (count_id, item_id, lot_id, book, ledger)
		select $1, w.item_id, w.lot_id, `+bookAndLedger+` from (select $3::bigint as item_id, $4::bigint as lot_id) w
		on conflict (count_id, item_id, lot_id) do nothing`, c.count.ID, c.count.Location, c.hand.item, c.hand.lot)
	if err != nil {
		return verdict{}, err
	}
	c.hand = talker{item: c.hand.item, lot: c.hand.lot, asked: lotInHand{tag: tag{lot: c.hand.asked.lot}}}
	t, err := handled(ctx, c.tx, c.hand, nil)
	return right("%s: scan its pieces, or type how many there are.", t.what()), err
}

func (c *counter) wrongSerial(ctx context.Context, it Item) (last Stood, refused string, err error) {
	code := c.hand.asked.lot
	all, err := tallies(ctx, c.tx, c.count.ID)
	if err != nil {
		return last, "", err
	}
	if slices.ContainsFunc(all, func(t pieces) bool { return t.same(it.ID, c.hand.lot) && t.counted > 0 }) {
		return last, "Serial " + code + " of " + it.Name + " is counted already.", nil
	}
	last, err = WhereStood(ctx, c.tx, it.ID, c.hand.lot)
	if err != nil || last.gone() || last.Kind == Bin && last.Warehouse == c.warehouse {
		return last, "", err
	}
	return last, "Serial " + code + " of " + it.Name + " " + last.words() + ". Lay it aside and tell a manager.", nil
}

// answerLot takes a code as what the screen asked of the lot in hand. The same lot once more says that a new one is there.
func (c *counter) answerLot(ctx context.Context, code labels.Code) (verdict, error) {
	it, err := ItemByID(ctx, c.tx, c.hand.item)
	if err != nil {
		return verdict{}, err
	}
	h := &c.hand
	if number.MatchString(c.scan.Code) && len(c.scan.Code) < lotDigits && !asksOfLot(h.question) {
		if _, err := FindLot(ctx, c.tx, it.ID, c.scan.Code); errors.Is(err, fault.NotFound) {
			return wrong("Say first whether lot %s is right, then how many there are.", h.asked.lot), nil
		} else if err != nil {
			return verdict{}, err
		}
	}
	said, refused, err := readAnswer(ctx, c.tx, h.question, it, code, c.scan.Code, c.scan.At)
	switch {
	case err != nil || refused != "":
		return wrong("%s", refused), err
	case said.lot != "" && said.lot != h.asked.lot:
		h.asked.tag = said
	case h.question == asksNotHere:
		return c.hereToo(ctx, it)
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
		return c.dropped(), nil
	case name == labels.CommandOK && c.hand.question == asksNotHere:
		return c.hereToo(ctx, it)
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
	case asksNotHere:
		step.Next = lotTitle(it.Tracking) + " " + h.asked.lot + ", here?"
		if words, err = elsewhereWords(ctx, q, c, it, h.asked.lot); err != nil {
			return step, err
		}
		step.Choices = []scan.Choice{{Label: "Yes, it is here", Code: "X-" + labels.CommandOK, Style: scan.Answer}}
	}
	if step.Message == "" {
		step.Message = words
	}
	step.Choices = append(step.Choices, scan.Choice{Label: "Do not count", Code: "X-" + labels.CommandSkip, Style: scan.Answer}, undo)
	return step, nil
}

// elsewhereWords say where the books have a lot that they do not have in this bin.
func elsewhereWords(ctx context.Context, q pg.Querier, c count, it Item, lot string) (string, error) {
	places, err := pg.Values[string](q.QueryContext(ctx, `
		select distinct p.code from lots l join balances b on b.item_id = l.item_id and b.lot_id = l.id and b.on_hand > 0
		join locations p on p.id = b.location_id
		where l.item_id = $1 and l.code = $2 and b.warehouse_id = $3 and p.physical order by p.code limit $4`, it.ID, lot, c.Warehouse, placesNamed+1))
	switch {
	case err != nil:
		return "", err
	case len(places) == 0:
		return "The books have no more of lot " + lot + ". Scan it again if it is right.", nil
	case len(places) > placesNamed:
		places[placesNamed] = "other places"
	}
	return "The books have lot " + lot + " of it in " + strings.Join(places, ", ") + ", not in " + c.Code + ". Scan it again if it is right.", nil
}

// placesNamed is how many places of a lot the screen names.
const placesNamed = 3

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
