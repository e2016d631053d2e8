package inventory

import (
	"context"
	"strconv"

	"tote/internal/fault"
	"tote/internal/scan"
)

// place answers the scan of a location by somebody who has something to bring.
func (b *bringing) place(ctx context.Context, l Location) (verdict, error) {
	carried, again := b.task.Carried(), l.ID == b.hand.bin
	b.hand.bin = 0
	switch {
	case carried == 0 && l.ID == b.task.Face:
		return wrong("You carry nothing yet. Take %s from %s first.", b.task.Name, b.task.FromCode), nil
	case carried == 0:
		return b.at(ctx, l, again)
	case l.ID == b.task.Face:
		return b.put(ctx, l)
	case l.ID == b.hand.source && !b.full() && !again: // half way: that is no wish to put it back
		b.hand.bin = l.ID
		return verdict{scan.Decide, "You carry " + strconv.FormatInt(carried, 10) + " " + b.task.Name + ". Scan " + l.Code + " again to put them back."}, nil
	}
	if no := unfit(l); no != "" {
		return wrong("%s Take it to %s.", no, b.task.FaceCode), nil
	}
	if !again {
		b.hand.bin = l.ID
		return verdict{scan.Decide, "This is " + l.Code + ", not " + b.task.FaceCode + ". Scan it again to put it here."}, nil
	}
	return b.put(ctx, l)
}

// at says which bin it is taken from.
func (b *bringing) at(ctx context.Context, l Location, again bool) (verdict, error) {
	if l.ID != b.task.From {
		if no := unfit(l); no != "" {
			return wrong("%s Go to %s.", no, b.task.FromCode), nil
		}
		there, err := OnHand(ctx, b.tx, b.task.Item, l.ID)
		if err != nil {
			return verdict{}, err
		}
		if there <= 0 {
			return wrong("%s is not in %s by the books. Go to %s.", b.task.Name, l.Code, b.task.FromCode), nil
		}
		if !again {
			b.hand.bin = l.ID
			return verdict{scan.Decide, "This is " + l.Code + ", not " + b.task.FromCode + ". Scan it again to take it from here."}, nil
		}
		if _, err := b.tx.ExecContext(ctx, `update replenishments set from_id = $2 where id = $1`, b.task.ID, l.ID); err != nil {
			return verdict{}, err
		}
	}
	b.hand.source = l.ID
	return right("%s: take %d %s.", l.Code, b.task.Quantity-b.task.Taken, b.task.Name), nil
}

// agreed is X-OK to the bin that was asked about.
func (b *bringing) agreed(ctx context.Context) (verdict, error) {
	l, err := LocationByID(ctx, b.tx, b.hand.bin)
	if err != nil {
		return verdict{}, err
	}
	return b.place(ctx, l)
}

// put lays what is carried into a bin: the pick face, another bin, or back where it came from.
func (b *bringing) put(ctx context.Context, l Location) (verdict, error) {
	if no := unfit(l); no != "" {
		return wrong("%s Put it back into %s, and tell a manager.", no, b.task.FromCode), nil
	}
	n := b.task.Carried()
	err := b.carry(ctx, 0, l.ID, anyLot, n)
	if fault.KindOf(err) == fault.Conflict {
		return wrong("%s", fault.Message(err)), nil
	}
	if err != nil {
		return verdict{}, err
	}
	if l.ID == b.task.From {
		_, err := b.tx.ExecContext(ctx, `update replenishments set taken = done where id = $1`, b.task.ID)
		return right("%d %s put back into %s.", n, b.task.Name, l.Code), err
	}
	b.hand.source = 0
	_, err = b.tx.ExecContext(ctx, `
		update replenishments set done = taken, state = case when taken >= quantity then 'done' else 'open' end, closed_at = case when taken >= quantity then $2::timestamptz end
		where id = $1`, b.task.ID, b.scan.At)
	if b.full() {
		return right("%d %s put into %s.", n, b.task.Name, l.Code), err
	}
	return right("%d %s put into %s, %d left to bring.", n, b.task.Name, l.Code, b.task.Quantity-b.task.Taken), err
}

// leave lets somebody else go on, or nobody: what was brought is enough.
func (b *bringing) leave(ctx context.Context) (verdict, error) {
	if b.task.Carried() > 0 {
		return wrong("You carry %d %s. Take them to %s, or scan %s twice to put them back.", b.task.Carried(), b.task.Name, b.task.FaceCode, b.task.FromCode), nil
	}
	b.hand.source, b.hand.bin = 0, 0
	return right("The rest of %s is left for somebody else.", b.task.Name), b.over(ctx)
}

// over ends work that goes no further: done as far as it went, else it waits for somebody else.
func (b *bringing) over(ctx context.Context) error {
	_, err := b.tx.ExecContext(ctx, `
		update replenishments set state = case when done > 0 then 'done' else 'open' end, closed_at = case when done > 0 then $2::timestamptz end,
		       staff_id = case when done > 0 then staff_id end, claimed_at = case when done > 0 then claimed_at end
		where id = $1`, b.task.ID, b.scan.At)
	return err
}

// short says that the bin does not give what it should: it is to be counted, and gives nothing more until then.
func (b *bringing) short(ctx context.Context) (verdict, error) {
	if b.hand.source == 0 {
		return wrong("Scan the bin %s first.", b.task.FromCode), nil
	}
	var code string
	if err := b.tx.QueryRowContext(ctx, `select code from locations where id = $1`, b.hand.source).Scan(&code); err != nil {
		return verdict{}, err
	}
	bin, carried := b.hand.source, b.task.Carried()
	b.hand.source, b.hand.bin = 0, 0
	if carried > 0 {
		if _, err := b.tx.ExecContext(ctx, `update replenishments set quantity = taken where id = $1`, b.task.ID); err != nil {
			return verdict{}, err
		}
	} else if _, err := b.tx.ExecContext(ctx, `
		update replenishments set state = case when done > 0 then 'done' else 'cancelled' end, closed_at = $2 where id = $1`, b.task.ID, b.scan.At); err != nil {
		return verdict{}, err
	}
	err := AskCount(ctx, b.tx, CountRequest{Warehouse: b.warehouse, Location: bin, Item: b.task.Item, Reason: CountShort, Ref: b.task.ID.String(), Staff: b.scan.Staff, At: b.scan.At})
	if carried > 0 {
		return right("%s is to be counted. Take your %d to %s.", code, carried, b.task.FaceCode), err
	}
	return right("%s is to be counted. It is brought from another bin, if there is one.", code), err
}
