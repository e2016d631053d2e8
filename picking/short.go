package picking

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"tote/internal/outbox"
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
	case j.tote == 0:
		return j.wrong(s, "Scan an empty tote first."), nil
	case p.Gone && !j.here():
		return j.wrong(s, "Scan the bin %s first: an empty bin is taken off the books.", j.stops[0].binCode), nil
	}
	now, missing := j.stops[0], j.stops[0].left()
	demands, err := lockDemandsOf(ctx, tx, j.list)
	if err != nil {
		return scan.Step{}, err
	}
	gone := []stranded{{list: j.list, task: now.task, demand: now.demand, document: now.document, ref: now.ref, quantity: missing}}
	if p.Gone {
		others, more, err := j.emptied(ctx, tx, s, now)
		if err != nil {
			return scan.Step{}, err
		}
		gone, demands = append(gone, others...), append(demands, more...)
	} else if err := j.block(ctx, tx, s, p); err != nil {
		return scan.Step{}, err
	}
	found, err := reroute(ctx, tx, j.warehouse, now, p, gone)
	if err != nil {
		return scan.Step{}, err
	}
	if err := settle(ctx, tx, demands...); err != nil {
		return scan.Step{}, err
	}
	after, err := readJob(ctx, tx, j.list, labels.Code{})
	*j = after
	return j.right(s, "%s: %d %s short. %s", now.binCode, missing, now.name, whereElse(found, missing, now)), err
}

// whereElse says what becomes of the units that were missing.
func whereElse(found []pick, missing int64, now stop) string {
	bins, from := int64(0), ""
	for _, f := range found {
		if f.ref == now.ref {
			bins, from = bins+f.quantity, from+" "+f.from.at.code
		}
	}
	switch {
	case bins == 0:
		return fmt.Sprintf("%s waits for new stock.", now.document)
	case bins < missing:
		return fmt.Sprintf("%d more from%s; %s waits for the rest.", bins, from, now.document)
	}
	return fmt.Sprintf("Take them from%s instead.", from)
}

// emptied books off what the books still show in a bin that a picker found empty. It answers whom else that strands,
// and all whose lists may change by it.
func (j *job) emptied(ctx context.Context, tx *sql.Tx, s scan.Scan, now stop) ([]stranded, []demand, error) {
	others, demands, err := lockOthers(ctx, tx, j.warehouse, now)
	if err != nil {
		return nil, nil, err
	}
	var there int64
	err = tx.QueryRowContext(ctx, `
		select on_hand from balances where item_id = $1 and location_id = $2 and lot_id = $3`,
		now.stock.item, now.bin, now.stock.lot).Scan(&there)
	if errors.Is(err, sql.ErrNoRows) {
		return others, demands, nil
	}
	if err != nil {
		return nil, nil, err
	}
	lost, err := inventory.Standing(ctx, tx, j.warehouse, inventory.Lost)
	if err != nil {
		return nil, nil, err
	}
	return others, demands, inventory.Move(ctx, tx, inventory.Movement{
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
