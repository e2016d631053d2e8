package inventory

import (
	"context"

	"tote/internal/fault"
	"tote/internal/scan"
)

// putBack is what a scan put into a bin, and the load it was of.
type putBack struct {
	task           TaskID
	quantity       int64
	from           LocationID
	name, out, bin string
}

func (p *putBack) fields() []any {
	return []any{&p.task, &p.quantity, &p.from, &p.name, &p.out, &p.bin}
}

// undo brings the goods of one scan back to where they were taken from. Their loads are open again.
func (c *carrying) undo(ctx context.Context, which scan.Key) (verdict, error) {
	all, err := list(ctx, c.tx, (*putBack).fields, `
		select (select t.id from putaway_tasks t where t.from_id = m.from_id and t.item_id = m.item_id and t.lot_id = m.lot_id
		          and t.ref = m.ref and t.done >= m.quantity order by t.done < t.quantity desc, t.id desc limit 1),
		       m.quantity, m.from_id, i.name, f.code, b.code
		from movements m join scans s on s.key = m.scan join items i on i.id = m.item_id
		     join locations f on f.id = m.from_id join locations b on b.id = m.to_id
		where m.scan = $1 and m.reason = 'putaway' and s.ref = $2 and s.undone_by is null order by m.id`, which, hands(c.scan.Staff))
	if err != nil {
		return verdict{}, err
	}
	if len(all) == 0 {
		return wrong("That scan put nothing away, or was taken back already."), nil
	}
	if no, err := givenUp(ctx, c.tx, all[0].from); err != nil || no != "" {
		return wrong("%s", no), err
	}
	err = Reverse(ctx, c.tx, which, Movement{Staff: c.scan.Staff, Station: c.scan.Station, Scan: c.scan.Key, At: c.scan.At})
	if fault.KindOf(err) == fault.Conflict {
		return wrong("%s", fault.Message(err)), nil
	}
	if err != nil {
		return verdict{}, err
	}
	if err := scan.TakeBack(ctx, c.tx, which, c.scan.Key); err != nil {
		return verdict{}, err
	}
	return c.reopenAll(ctx, all)
}

func (c *carrying) reopenAll(ctx context.Context, all []putBack) (verdict, error) {
	first, total := all[0], int64(0)
	for _, p := range all {
		if err := c.reopen(ctx, p.task, p.quantity, len(all) == 1); err != nil {
			return verdict{}, err
		}
		total += p.quantity
	}
	if len(all) == 1 {
		return right("Taken back: %d %s from %s to %s.", total, first.name, first.bin, first.out), nil
	}
	if c.task.ID == 0 {
		c.hand = carrier{tote: first.from}
	}
	return right("Taken back: %s from %s to %s.", several(total, "piece"), first.bin, first.out), nil
}

// reopen gives a single load back to this person when the hands are empty, else to anybody.
func (c *carrying) reopen(ctx context.Context, task TaskID, n int64, single bool) error {
	mine := single && c.task.ID == 0
	_, err := c.tx.ExecContext(ctx, `
		update putaway_tasks set done = done - $2, staff_id = case when $3 then $4 when done < quantity then staff_id end where id = $1`,
		task, n, mine, c.scan.Staff)
	if err == nil && (mine || task == c.task.ID) {
		err = direct(ctx, c.tx, c.warehouse, task)
	}
	return err
}
