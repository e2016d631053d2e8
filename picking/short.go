package picking

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/inventory"
	"tote/labels"
)

// Short says that the present stop does not give what it should, for one of the Problems' commands. What is missing
// is planned from another bin at once if one has it; else the demand waits for it, and its owner hears of it by the
// fact demand.shorted.
func Short(ctx context.Context, tx *sql.Tx, list ListID, problem string, s scan.Scan) (scan.Step, error) {
	s.Code = command(problem)
	return Take(ctx, tx, list, s)
}

// Skip puts the present stop at the end of the walk.
func Skip(ctx context.Context, tx *sql.Tx, list ListID, s scan.Scan) (scan.Step, error) {
	s.Code = command(labels.CommandSkip)
	return Take(ctx, tx, list, s)
}

// TakeOver makes whoever scans the picker of the list.
func TakeOver(ctx context.Context, tx *sql.Tx, list ListID, s scan.Scan) (scan.Step, error) {
	s.Code = command(CommandTakeOver)
	return Take(ctx, tx, list, s)
}

// askProblem is the question behind a scanned X-SHORT.
func (j *job) askProblem(s scan.Scan) scan.Step {
	step := j.step(s.Staff)
	step.Result, step.Message = scan.Decide, "What is the problem?"
	step.Choices = nil
	for _, p := range Problems {
		step.Choices = append(step.Choices, scan.Choice{Label: p.Label, Code: command(p.Command), Style: scan.Answer})
	}
	return step
}

// short ends the present task with what was picked so far.
func (j *job) short(ctx context.Context, tx *sql.Tx, s scan.Scan, p Problem) (scan.Step, error) {
	switch {
	case j.wantsTote():
		return j.wrong(s, "Scan an empty tote first."), nil
	case p.Gone && !j.here():
		return j.wrong(s, "Scan the bin %s first: an empty bin is taken off the books.", j.stops[0].binCode), nil
	}
	now, missing := j.stops[0], j.stops[0].left()
	demands, err := lockDemandsOf(ctx, tx, j.list)
	if err != nil {
		return scan.Step{}, err
	}
	mine, err := j.strandedHere(ctx, tx, demands)
	if err != nil {
		return scan.Step{}, err
	}
	gone, doubted := mine, int64(0)
	if p.Gone {
		var others []stranded
		var more []demand
		if others, more, doubted, err = j.emptied(ctx, tx, s, mine); err != nil {
			return scan.Step{}, err
		}
		gone, demands = slices.Concat(mine, others), append(demands, more...)
	}
	if p.Gone = p.Gone && doubted == 0; !p.Gone {
		if err := j.block(ctx, tx, s, p); err != nil {
			return scan.Step{}, err
		}
	}
	found, err := reroute(ctx, tx, j.warehouse, now, p, gone)
	if err != nil {
		return scan.Step{}, err
	}
	if err := settle(ctx, tx, demands...); err != nil {
		return scan.Step{}, err
	}
	if err := inventory.AskCount(ctx, tx, inventory.CountRequest{Warehouse: j.warehouse, Location: now.bin, Item: now.stock.item,
		Reason: inventory.CountShort, Ref: j.list.String(), Staff: s.Staff, At: s.At}); err != nil {
		return scan.Step{}, err
	}
	if now.position != 0 && now.picked > 0 {
		if err := j.wait(ctx, tx, now.tote, now.toteCode); err != nil {
			return scan.Step{}, err
		}
	}
	err = j.reread(ctx, tx)
	if doubted > 0 {
		return j.right(s, "The books say %d in %s: somebody counts it. %s", doubted, now.binCode, whereElse(found, missing, now, mine, "the count")), err
	}
	return j.right(s, "%s: %d %s short. %s", now.binCode, missing, now.name, whereElse(found, missing, now, mine, "new stock")), err
}

// strandedHere is what the present stop does not give, for each of those who share it.
func (j *job) strandedHere(ctx context.Context, q pg.Querier, demands []demand) (gone []stranded, err error) {
	now := j.stops[0]
	open := []part{{now.task, now.demand, now.ref, now.left()}}
	if j.method.mixed() {
		if open, err = j.openHere(ctx, q); err != nil {
			return nil, err
		}
	}
	documents := map[DemandID]string{}
	for _, d := range demands {
		documents[d.id] = d.ref
	}
	for _, p := range open {
		gone = append(gone, stranded{list: j.list, task: p.task, demand: p.demand, document: documents[p.demand], ref: p.ref, quantity: p.quantity})
	}
	return gone, nil
}

// whereElse says what becomes of the units that were missing, and until what they wait.
func whereElse(found []pick, missing int64, now stop, here []stranded, until string) string {
	bins, from := int64(0), ""
	who := now.document + " waits"
	if len(here) > 1 {
		who = fmt.Sprintf("%s and %d more wait", now.document, len(here)-1)
	}
	for _, f := range found {
		for _, h := range here {
			if f.ref != h.ref || f.list != h.list {
				continue
			}
			if bins += f.quantity; !strings.Contains(from, " "+f.from.at.code) {
				from += " " + f.from.at.code
			}
			break
		}
	}
	switch {
	case bins == 0:
		return who + " for " + until + "."
	case bins < missing:
		return fmt.Sprintf("%d more from%s; %s for the rest.", bins, from, who)
	}
	return fmt.Sprintf("Take them from%s instead.", from)
}

// emptied books off what the books still show in a bin that a picker found empty. It answers whom else that strands,
// and all whose lists may change by it. Where that is more than one person's count may book, one tap does not either:
// nothing is booked, only the rest of this list is stranded, and doubted is what the books show.
func (j *job) emptied(ctx context.Context, tx *sql.Tx, s scan.Scan, mine []stranded) (others []stranded, demands []demand, doubted int64, err error) {
	now := j.stops[0]
	others, demands, err = lockOthers(ctx, tx, j.warehouse, now, mine)
	if err != nil {
		return nil, nil, 0, err
	}
	var there int64
	err = tx.QueryRowContext(ctx, `
		select on_hand from balances where item_id = $1 and location_id = $2 and lot_id = $3`,
		now.stock.item, now.bin, now.stock.lot).Scan(&there)
	if errors.Is(err, sql.ErrNoRows) {
		return others, demands, 0, nil
	}
	if err != nil {
		return nil, nil, 0, err
	}
	if much, err := inventory.NeedsRecount(ctx, tx, j.warehouse, now.stock.item, there, there); err != nil || much {
		others = slices.DeleteFunc(others, func(g stranded) bool { return g.list != j.list }) // whoever saw it empty is not sent there again
		return others, demands, there, err
	}
	lost, err := inventory.Standing(ctx, tx, j.warehouse, inventory.Lost)
	if err != nil {
		return nil, nil, 0, err
	}
	return others, demands, 0, inventory.Move(ctx, tx, inventory.Movement{
		Warehouse: j.warehouse, Item: now.stock.item, Lot: now.stock.lot, Quantity: there, From: now.bin, To: lost,
		Reason: inventory.ReasonAdjust, Ref: now.ref, Note: "short pick, " + j.list.String(), Staff: s.Staff, Station: s.Station, Scan: s.Key, At: s.At})
}

// block keeps the item from being planned from this bin again until somebody has looked.
func (j *job) block(ctx context.Context, tx *sql.Tx, s scan.Scan, p Problem) error {
	now := j.stops[0]
	_, err := tx.ExecContext(ctx, `
		insert into pick_blocks (warehouse_id, location_id, item_id, reason, list_id, placed_by, placed_at)
		values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (location_id, item_id) where cleared_at is null do nothing`,
		j.warehouse, now.bin, now.stock.item, p.Reason, j.list, s.Staff, s.At)
	return err
}

// shorted is the fact that a demand lacks units it was to get.
func shorted(g stranded, now stop, reason string, missing int64) (outbox.Fact, error) {
	data, err := json.Marshal(map[string]any{"line": g.ref, "item": now.stock.item, "sku": now.sku, "name": now.name,
		"missing": missing, "bin": now.binCode, "reason": reason, "list": g.list.String()})
	return outbox.Fact{Name: "demand.shorted", Ref: g.document, Data: data}, err
}
