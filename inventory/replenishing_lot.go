package inventory

import (
	"context"
	"errors"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/labels"
)

// liftItem takes n pieces of the item that is brought: of the lot that its code says, else of the only one there. A piece
// with a serial number is always told by it.
func (b *bringing) liftItem(ctx context.Context, it Item, n int64, said tag) (verdict, error) {
	if it.Tracking == Untracked {
		return b.lift(ctx, anyLot, n)
	}
	if it.Tracking == BySerial && n != 1 {
		return wrong(eachSerial, it.Name), nil
	}
	if said.lot != "" {
		return b.liftLot(ctx, it, n, said.lot)
	}
	codes, err := pg.Values[string](b.tx.QueryContext(ctx, `select lo.code `+lotsInTurn, b.hand.source, it.ID, false))
	switch {
	case err != nil:
		return verdict{}, err
	case it.Tracking == BySerial && len(codes) > 0 && codes[0] != "":
		return wrong("Scan or type the serial number on the piece: %s, or another of this bin.", codes[0]), nil
	case len(codes) > 1:
		return wrong("%d lots of %s lie here. Scan or type the lot on it: %s.", len(codes), it.Name, codes[0]), nil
	}
	return b.lift(ctx, anyLot, n)
}

func (b *bringing) liftLot(ctx context.Context, it Item, n int64, code string) (verdict, error) {
	lot, err := FindLot(ctx, b.tx, it.ID, code)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return verdict{}, err
	}
	var there int64
	var old bool
	if err == nil {
		err = b.tx.QueryRowContext(ctx, `
			select coalesce(sum(b.on_hand), 0)::bigint, l.blocked from lots l left join balances b on b.lot_id = l.id and b.item_id = l.item_id and b.location_id = $2
			where l.id = $1 group by l.id`, lot, b.hand.source).Scan(&there, &old)
		if err != nil {
			return verdict{}, err
		}
	}
	switch {
	case there == 0:
		return wrong("By the books %s %s of %s is not in this bin. Read it again, or take another.", lotWord(it.Tracking), clip(code), it.Name), nil
	case old:
		return wrong("Lot %s is too old to be sold. Leave it and take another.", code), nil
	case n > there:
		return wrong("Only %d of %s %s are here.", there, lotWord(it.Tracking), code), nil
	}
	return b.lift(ctx, lot, n)
}

// lotAlone reads a code that means nothing else as a lot of the item that is brought; no is the answer if it is none.
func (b *bringing) lotAlone(ctx context.Context, code labels.Code, no string) (verdict, error) {
	if b.task.ID == 0 || b.hand.source == 0 {
		return wrong("%s", no), nil
	}
	_, err := FindLot(ctx, b.tx, b.task.Item, code.Text)
	if errors.Is(err, fault.NotFound) {
		return wrong("%s", no), nil
	}
	if err != nil {
		return verdict{}, err
	}
	it, err := ItemByID(ctx, b.tx, b.task.Item)
	if err != nil {
		return verdict{}, err
	}
	return b.item(ctx, it, 1, tag{lot: code.Text})
}
