package inventory

import (
	"context"
	"errors"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/labels"
)

// anyLot stands for what is not told apart by lots, and for all the lots of an item.
const anyLot LotID = -1

// goods is an item by name, and a lot or piece of it.
type goods struct {
	name, lot string
	tracking  Tracking
}

func goodsOf(ctx context.Context, q pg.Querier, item ItemID, lot LotID) (g goods, err error) {
	err = q.QueryRowContext(ctx, `select i.name, i.tracking, o.code from items i, lots o where i.id = $1 and o.id = $2`, item, lot).Scan(&g.name, &g.tracking, &g.lot)
	return g, err
}

func (g goods) String() string {
	if g.lot == "" {
		return g.name
	}
	return g.name + ", " + lotWord(g.tracking) + " " + g.lot
}

// onHandOf is how much of the item and lot in hand lies in the bin it is taken from.
func (m *mover) onHandOf(ctx context.Context, item ItemID, lot LotID) (n int64, err error) {
	err = m.tx.QueryRowContext(ctx, `
		select coalesce(sum(on_hand), 0)::bigint from balances where location_id = $1 and item_id = $2 and ($3::bigint = -1 or lot_id = $3)`,
		m.hand.from, item, lot).Scan(&n)
	return n, err
}

// liftItem takes n pieces of an item out of the bin: of the lot that the code says, of the lot in hand where it says none, or
// of the only one there; else the lot is asked for. A piece with a serial number is always told by it.
func (m *mover) liftItem(ctx context.Context, it Item, n int64, said tag) (verdict, error) {
	if it.Tracking == Untracked {
		return m.lift(ctx, it, anyLot, n)
	}
	if it.Tracking == BySerial && n != 1 {
		return wrong(eachSerial, it.Name), nil
	}
	if said.lot != "" {
		return m.liftLot(ctx, it, n, said.lot)
	}
	if it.ID == m.hand.item && m.hand.lot != anyLot && it.Tracking == ByLot {
		return m.lift(ctx, it, m.hand.lot, n)
	}
	lots, err := pg.Values[LotID](m.tx.QueryContext(ctx, `
		select lot_id from balances where location_id = $1 and item_id = $2 and on_hand > 0 order by lot_id desc limit 2`, m.hand.from, it.ID))
	switch {
	case err != nil:
		return verdict{}, err
	case len(lots) == 0:
		return m.lift(ctx, it, anyLot, n)
	case len(lots) == 1 && (it.Tracking == ByLot || lots[0] == 0):
		return m.lift(ctx, it, lots[0], n)
	}
	m.hand.item, m.hand.lot, m.hand.asks, m.hand.quantity, m.hand.everything, m.hand.to = it.ID, anyLot, true, n, false, 0
	return ask(), nil
}

func (m *mover) liftLot(ctx context.Context, it Item, n int64, code string) (verdict, error) {
	lot, err := FindLot(ctx, m.tx, it.ID, code)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return verdict{}, err
	}
	var there int64
	if err == nil {
		if there, err = m.onHandOf(ctx, it.ID, lot); err != nil {
			return verdict{}, err
		}
	}
	if there == 0 {
		return wrong("By the books %s %s of %s is not in this bin. Read it again, have the bin counted, or scan the bin it really came from.",
			lotWord(it.Tracking), clip(code), it.Name), nil
	}
	return m.lift(ctx, it, lot, n)
}

// lift has n pieces more in hand; another item or lot than before takes the place of what was in hand.
func (m *mover) lift(ctx context.Context, it Item, lot LotID, n int64) (verdict, error) {
	there, err := m.onHandOf(ctx, it.ID, lot)
	if err != nil {
		return verdict{}, err
	}
	if it.ID == m.hand.item && lot == m.hand.lot && !m.hand.asks {
		n += m.hand.quantity
	}
	switch {
	case there == 0:
		return wrong("By the books there is no %s in this bin. Have it counted, or scan the bin it really came from.", it.Name), nil
	case n > there && it.Tracking == BySerial:
		return wrong("This one is in hand already. Scan where it goes."), nil
	case n > there:
		return wrong("There are only %d %s in this bin.", there, it.Name), nil
	}
	m.hand.item, m.hand.lot, m.hand.asks, m.hand.quantity, m.hand.everything, m.hand.to = it.ID, lot, false, n, false, 0
	g, err := goodsOf(ctx, m.tx, it.ID, max(0, lot))
	if it.Tracking == BySerial {
		return right("%s. Scan where it goes.", g), err
	}
	return right("%d %s. Scan where they go, or type +5 for five more.", n, g), err
}

// answerLot takes a code as the lot or serial number that is asked for.
func (m *mover) answerLot(ctx context.Context, code labels.Code) (verdict, error) {
	it, err := ItemByID(ctx, m.tx, m.hand.item)
	if err != nil {
		return verdict{}, err
	}
	said, refused, err := readAnswer(ctx, m.tx, questionOf(it), it, code, m.scan.Code, m.scan.At)
	if err != nil || refused != "" {
		return wrong("%s", refused), err
	}
	return m.liftLot(ctx, it, m.hand.quantity, said.lot)
}

// lotAlone reads a code that means nothing else as a lot of the bin; no is the answer if it is none.
func (m *mover) lotAlone(ctx context.Context, code labels.Code, no verdict) (verdict, error) {
	items, err := pg.Values[ItemID](m.tx.QueryContext(ctx, `
		select b.item_id from balances b join lots l on l.id = b.lot_id
		where b.location_id = $1 and b.on_hand > 0 and l.code = $2 and l.id <> 0 limit 2`, m.hand.from, code.Text))
	switch {
	case err != nil:
		return verdict{}, err
	case len(items) == 0:
		return no, nil
	case len(items) > 1:
		return wrong("Several items have a lot %s. Scan the item first.", clip(code.Text)), nil
	}
	it, err := ItemByID(ctx, m.tx, items[0])
	if err != nil {
		return verdict{}, err
	}
	return m.liftLot(ctx, it, 1, code.Text)
}

// nothing answers a code that means no place and no item, with empty hands: of a serial number or lot it says where it lies.
func (m *mover) nothing(ctx context.Context, code labels.Code, misread error) (verdict, error) {
	if m.hand.container != 0 || code.Kind != labels.KindUnknown {
		return wrong("%s", fault.Message(misread)), nil
	}
	places, err := pg.Values[string](m.tx.QueryContext(ctx, `
		select distinct p.code from lots l join balances b on b.item_id = l.item_id and b.lot_id = l.id join locations p on p.id = b.location_id
		where l.code = $2 and l.id <> 0 and b.warehouse_id = $1 and b.on_hand > 0 and p.kind = 'bin' order by p.code limit $3`, m.warehouse, code.Text, offered))
	if err != nil || len(places) == 0 {
		return wrong("No container, bin or item is called %s here. Scan a container or a bin.", clip(code.Text)), err
	}
	return wrong("%s lies in %s. Scan the bin first that you take it from.", clip(code.Text), strings.Join(places, ", ")), nil
}

// whichOfBin is the screen while the lot of what is taken is asked for.
func whichOfBin(ctx context.Context, q pg.Querier, h shifting, step *scan.Step) error {
	it, err := ItemByID(ctx, q, h.item)
	if err != nil {
		return err
	}
	asksWhich(it, step)
	step.Quantity = h.quantity
	if it.Tracking == ByLot {
		step.Choices, err = lotChoices(ctx, q, h.from, it.ID)
	}
	step.Choices = append(step.Choices, scan.Choice{Label: "All of it", Code: "X-" + commandAll, Style: scan.Answer})
	return err
}
