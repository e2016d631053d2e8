package picking

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/inventory"
	"tote/labels"
)

const (
	commandMissing = "MISSING" // yes, what the books show in the tote is not there; only the question's button
	notInTote      = "not in the tote"
)

// absent is what the books still show in a tote for a line.
type absent struct {
	demand   DemandID
	document string
	toteLine
	name string
	sku  string
}

// absents are what lies in a sorter's tote by the books and is in nobody else's hand.
func (w *sorter) absents(ctx context.Context, q pg.Querier) ([]absent, error) {
	return pg.Collect(func(a *absent) []any {
		return []any{&a.demand, &a.document, &a.ref, &a.stock.item, &a.stock.lot, &a.quantity, &a.name, &a.sku}
	})(q.QueryContext(ctx, `
		select * from (
			select l.demand_id, d.ref as document, l.ref, l.item_id, l.lot_id, l.quantity - coalesce((
				select sum(h.quantity) from sorters h
				where h.tote_id = l.tote_id and h.ref = l.ref and h.lot_id = l.lot_id and h.staff_id <> $2), 0)::bigint as left_over, i.name, i.sku
			from tote_lines l join demands d on d.id = l.demand_id join items i on i.id = l.item_id
			where l.tote_id = $1) a
		where left_over > 0
		order by ref, lot_id`, w.tote, w.who))
}

// problem answers the commands about a tote that does not hold what it should.
func (w *sorter) problem(ctx context.Context, tx *sql.Tx, s scan.Scan, command string) (scan.Step, bool, error) {
	sure := command == commandMissing || command == labels.CommandOK
	switch {
	case command != labels.CommandShort && command != labels.CommandSkip && !sure:
		return scan.Step{}, false, nil
	case w.hand.document != "" && command == labels.CommandShort:
		return w.wrong("First put what is in your hand into slot %s.", w.hand.slotCode), true, nil
	case w.hand.document != "" || w.tote == 0 || w.left == 0:
		return scan.Step{}, false, nil
	case command == labels.CommandShort:
		step, err := w.askMissing(ctx, tx)
		return step, true, err
	}
	asked, err := w.wasAsked(ctx, tx)
	switch {
	case err != nil || !asked:
		return scan.Step{}, false, err
	case sure:
		step, err := w.missing(ctx, tx, s)
		return step, true, err
	}
	return w.right("Go on."), true, nil
}

// wasAsked reports whether the sorter's last scan asked whether the tote is empty.
func (w *sorter) wasAsked(ctx context.Context, q pg.Querier) (asked bool, err error) {
	err = q.QueryRowContext(ctx, `
		select upper(raw) = $2 from scans where ref = $1 order by id desc limit 1`, sorting(w.who), command(labels.CommandShort)).Scan(&asked)
	return asked, orNone(err)
}

// askMissing asks whether nothing of what the books show lies in the tote.
func (w *sorter) askMissing(ctx context.Context, q pg.Querier) (scan.Step, error) {
	all, err := w.absents(ctx, q)
	if err != nil {
		return scan.Step{}, err
	}
	var names []string
	pieces, of := int64(0), map[string]int64{}
	for _, a := range all {
		if pieces += a.quantity; of[a.name] == 0 {
			names = append(names, a.name)
		}
		of[a.name] += a.quantity
	}
	step := w.right("%s still in %s by the books.", piecesAre(pieces), w.toteCode)
	step.Result, step.Next, step.Detail = scan.Decide, "Is the tote empty?", nil
	for _, name := range names {
		step.Detail = append(step.Detail, fmt.Sprintf("%d %s", of[name], name))
	}
	step.Expect = []string{string(labels.KindCommand)}
	step.Choices = []scan.Choice{{Label: "Yes, they are missing", Code: command(commandMissing), Style: scan.Answer},
		{Label: "No, I go on", Code: command(labels.CommandSkip), Style: scan.Answer}}
	return step, nil
}

func piecesAre(n int64) string {
	if n == 1 {
		return "1 piece is"
	}
	return fmt.Sprintf("%d pieces are", n)
}

// missing books what is not in the tote to lost, as it is done for a bin found empty. Its orders are not complete any
// more: they are picked again from other stock, or wait for it, and their owners hear of that.
func (w *sorter) missing(ctx context.Context, tx *sql.Tx, s scan.Scan) (scan.Step, error) {
	demands, err := w.lockConcerned(ctx, tx)
	if err != nil {
		return scan.Step{}, err
	}
	all, err := w.absents(ctx, tx)
	if err != nil {
		return scan.Step{}, err
	}
	if len(all) == 0 {
		return w.wrong("Nothing is missing in %s any more.", w.toteCode), nil
	}
	if err := w.writeOff(ctx, tx, s, all); err != nil {
		return scan.Step{}, err
	}
	waits, again, err := w.tellMissing(ctx, tx, all)
	if err != nil {
		return scan.Step{}, err
	}
	if err := settle(ctx, tx, demands...); err != nil {
		return scan.Step{}, err
	}
	var pieces int64
	for _, a := range all {
		pieces += a.quantity
	}
	w.left -= pieces
	return w.right("%s missing out of %s.%s%s", piecesAre(pieces), w.toteCode, do(waits, "waits", "wait", "for new stock"), do(again, "is", "are", "picked again")), nil
}

// do is a sentence about some orders, "" about none.
func do(orders []string, one, several, what string) string {
	verb := one
	if len(orders) > 1 {
		verb = several
	}
	if len(orders) == 0 {
		return ""
	}
	return fmt.Sprintf(" %s %s %s.", words(orders), verb, what)
}

// lockConcerned locks, in the order everybody keeps, the lists that are to take items of the tote, the tote, and the
// demands of both: a loss may take a promise from any of them.
func (w *sorter) lockConcerned(ctx context.Context, tx *sql.Tx) ([]demand, error) {
	if _, err := pg.Values[ListID](tx.QueryContext(ctx, `
		select p.id from pick_lists p
		where p.warehouse_id = $2 and p.id in (
			select list_id from pick_tasks where state = 'open' and item_id in (select item_id from tote_lines where tote_id = $1))
		order by p.id
		for update`, w.tote, w.warehouse)); err != nil {
		return nil, err
	}
	if err := w.turn(ctx, tx); err != nil {
		return nil, err
	}
	return pg.Collect((*demand).fields)(tx.QueryContext(ctx, `
		select `+demandColumns+` from demands d
		where d.warehouse_id = $2 and d.id in (
			select demand_id from tote_lines where tote_id = $1
			union all
			select demand_id from pick_tasks where state = 'open' and item_id in (select item_id from tote_lines where tote_id = $1))
		order by d.id
		for update`, w.tote, w.warehouse))
}

// writeOff moves what is missing to lost. Its picks are picks no longer.
func (w *sorter) writeOff(ctx context.Context, tx *sql.Tx, s scan.Scan, all []absent) error {
	lost, err := inventory.Standing(ctx, tx, w.warehouse, inventory.Lost)
	if err != nil {
		return err
	}
	moves := make([]inventory.Movement, len(all))
	for i, a := range all {
		if err := Unload(ctx, tx, w.tote, a.ref, a.stock.lot, a.quantity); err != nil {
			return err
		}
		if err := unpick(ctx, tx, w.tote, a.toteLine); err != nil {
			return err
		}
		moves[i] = inventory.Movement{Warehouse: w.warehouse, Item: a.stock.item, Lot: a.stock.lot, Quantity: a.quantity, From: w.tote, To: lost,
			Reason: inventory.ReasonAdjust, Ref: a.ref, Note: notInTote, Staff: s.Staff, Station: s.Station, Scan: s.Key, Leg: int16(i), At: s.At}
	}
	if err := inventory.Move(ctx, tx, moves...); err != nil {
		return err
	}
	for _, item := range itemsOfAbsent(all) {
		if err := unplanLost(ctx, tx, w.warehouse, item); err != nil {
			return err
		}
	}
	return nil
}

func itemsOfAbsent(all []absent) (items []inventory.ItemID) {
	for _, a := range all {
		items = append(items, a.stock.item)
	}
	slices.Sort(items)
	return slices.Compact(items)
}

// unpick makes picks of a line short, those into this tote and the last ones first.
func unpick(ctx context.Context, tx *sql.Tx, tote inventory.LocationID, l toteLine) error {
	var done int64
	err := tx.QueryRowContext(ctx, `
		with share as (
			select c.id, c.task_id, least(c.quantity - c.lost, greatest(0, $4 - coalesce(sum(c.quantity - c.lost) over (
				order by c.tote_id = $1 desc, c.id desc rows between unbounded preceding and 1 preceding), 0))) as n
			from pick_counts c join pick_tasks t on t.id = c.task_id
			where t.ref = $2 and t.lot_id = $3 and c.undone_by is null),
		counted as (
			update pick_counts c set lost = c.lost + share.n from share where c.id = share.id and share.n > 0),
		task as (
			update pick_tasks t set picked = picked - x.n, short = short + x.n, reason = $5,
				state = case when picked + short < quantity then 'open' else 'short' end
			from (select task_id, sum(n) as n from share group by task_id having sum(n) > 0) x
			where t.id = x.task_id)
		select coalesce(sum(n), 0)::bigint from share`, tote, l.ref, l.stock.lot, l.quantity, notInTote).Scan(&done)
	if err == nil && done != l.quantity {
		err = fmt.Errorf("%d of %s are missing, %d were picked", l.quantity, l.ref, done)
	}
	return err
}

// tellMissing puts a fact for each line that is not promised anything instead of what is missing. It answers which orders
// wait for new stock, and which are only picked again.
func (w *sorter) tellMissing(ctx context.Context, tx *sql.Tx, all []absent) (waits, again []string, err error) {
	var facts []outbox.Fact
	for _, a := range all {
		l, err := readLine(ctx, tx, a.demand, a.ref)
		if err != nil {
			return nil, nil, err
		}
		lacks := a.quantity - max(0, min(a.quantity, l.held-(l.picked-l.shipped)-l.planned))
		if again = append(again, a.document); lacks == 0 {
			continue
		}
		waits = append(waits, a.document)
		var list ListID
		if err := tx.QueryRowContext(ctx, `select max(list_id) from pick_tasks where ref = $1`, a.ref).Scan(&list); err != nil {
			return nil, nil, err
		}
		f, err := shorted(stranded{list: list, document: a.document, ref: a.ref},
			stop{stock: a.stock, sku: a.sku, name: a.name, binCode: w.toteCode}, notInTote, lacks)
		if err != nil {
			return nil, nil, err
		}
		facts = append(facts, f)
	}
	waits = inOrder(waits)
	again = slices.DeleteFunc(inOrder(again), func(ref string) bool { return slices.Contains(waits, ref) })
	return waits, again, outbox.Put(ctx, tx, facts...)
}

func inOrder(refs []string) []string {
	slices.Sort(refs)
	return slices.Compact(refs)
}
