package inventory

import (
	"context"
	"database/sql"
	"fmt"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/labels"
)

// ShowBringing is the replenishing screen as this person left it.
func ShowBringing(ctx context.Context, q pg.Querier, warehouse WarehouseID, who staff.ID) (step scan.Step, err error) {
	defer fault.Wrap(&err, "inventory.ShowBringing(%d)", who)
	t, err := bringsNow(ctx, q, who, ``)
	if err != nil {
		return scan.Step{}, err
	}
	var h bringer
	err = q.QueryRowContext(ctx, `
		select coalesce(hand_id, 0), coalesce(source_id, 0), coalesce(bin_id, 0), coalesce(task_id, 0) from replenishing where staff_id = $1`, who).
		Scan(&h.hands, &h.source, &h.bin, &h.task)
	if err != nil && err != sql.ErrNoRows {
		return scan.Step{}, err
	}
	if step, err = bringingScreen(ctx, q, warehouse, t, h, verdict{}); err != nil {
		return scan.Step{}, err
	}
	if step.Recent, err = scan.Last(ctx, q, refills(who), 5); err == nil {
		markBrought(ctx, q, &step, &err)
	}
	return step, err
}

// markBrought leaves the button to take a scan back on scans that moved something.
func markBrought(ctx context.Context, q pg.Querier, step *scan.Step, errp *error) {
	markMoved(ctx, q, step, errp, ReasonTransfer)
}

func bringingScreen(ctx context.Context, q pg.Querier, warehouse WarehouseID, t Replenishment, h bringer, done verdict) (scan.Step, error) {
	step := scan.Step{Result: done.result, Message: done.message, Title: "Replenishing"}
	undo := scan.Choice{Label: "Take back my last scan", Code: "X-" + labels.CommandUndo, Style: scan.Problem}
	if t.ID == 0 {
		return nothingToBring(ctx, q, warehouse, h, step, undo)
	}
	step.Title = "Replenishing " + t.FaceCode
	step.Done, step.Total = t.Done, t.Quantity
	step.Expect = []string{string(labels.KindLocation), "item", string(labels.KindCommand)}
	step.Detail = []string{t.Name, t.SKU}
	if lot, err := lotToTake(ctx, q, t, h); err != nil {
		return step, err
	} else if lot != "" {
		step.Detail = append(step.Detail, lot)
	}
	if t.Reason == ForDemand {
		step.Detail = append(step.Detail, "Orders wait for it.")
	}
	left := t.Quantity - t.Taken
	step.Next, step.Target, step.Quantity, step.Into = "Scan the bin", t.FromCode, left, t.FaceCode
	switch {
	case left <= 0 || h.source == 0 && t.Carried() > 0:
		step.Target, step.Quantity, step.Into = t.FaceCode, t.Carried(), ""
	case h.source != 0:
		step.Next, step.Here = "Scan the item", true
		if t.Carried() > 0 {
			step.Detail = append(step.Detail, fmt.Sprintf("You carry %d. Enough? Scan %s.", t.Carried(), t.FaceCode))
			step.Choices = append(step.Choices, scan.Choice{Label: fmt.Sprintf("All: +%d", left), Code: fmt.Sprintf("+%d", left), Style: scan.Bar})
		}
		step.Choices = append(step.Choices, scan.Choice{Label: "There is not enough here", Code: "X-" + labels.CommandShort, Style: scan.Problem})
	}
	if h.bin != 0 && step.Result == "" {
		step.Result = scan.Decide
	}
	if step.Result == scan.Decide {
		step.Choices = append([]scan.Choice{{Label: "Yes, this bin", Code: "X-" + labels.CommandOK, Style: scan.Answer}}, step.Choices...)
	}
	if t.Carried() == 0 {
		step.Choices = append(step.Choices, scan.Choice{Label: "Leave it", Code: "X-" + labels.CommandSkip, Style: scan.Bar})
	}
	step.Choices = append(step.Choices, undo)
	return step, nil
}

// lotToTake says which lot is next to be taken out of the bin; nothing where lots are not told apart or all is taken.
func lotToTake(ctx context.Context, q pg.Querier, t Replenishment, h bringer) (says string, err error) {
	from := t.From
	if h.source != 0 {
		from = h.source
	}
	if t.Taken >= t.Quantity {
		return "", nil
	}
	var code string
	var tracking Tracking
	var until sql.NullTime
	err = q.QueryRowContext(ctx, `select lo.code, i.tracking, lo.expires_on `+lotsInTurn+` limit 1`, from, t.Item, false).Scan(&code, &tracking, &until)
	switch {
	case err == sql.ErrNoRows || err == nil && code == "":
		return "", nil
	case err == nil && tracking == BySerial:
		return "Take serial " + code + ", or another of this bin.", nil
	case err == nil && until.Valid:
		return "Take lot " + code + ", good until " + until.Time.Format("2 Jan 2006") + ".", nil
	}
	return "Take lot " + code + ".", err
}

// nothingToBring is the screen of somebody with empty hands.
func nothingToBring(ctx context.Context, q pg.Querier, warehouse WarehouseID, h bringer, step scan.Step, undo scan.Choice) (scan.Step, error) {
	n, err := ReplenishmentsWaiting(ctx, q, warehouse)
	if err != nil {
		return step, err
	}
	step.Expect = []string{string(labels.KindLocation), "item", string(labels.KindCommand)}
	step.Next, step.Detail = "Scan a bin or an item", []string{fmt.Sprintf("%d pick faces want stock. Or let Tote give you work.", n)}
	switch n {
	case 0:
		step.Next, step.Detail = "Nothing waits to be brought", []string{"Pick faces below their minimum, and what orders need from overstock, come up here."}
	case 1:
		step.Detail = []string{"One pick face wants stock."}
	}
	if h.task != 0 && step.Result == "" {
		step.Result = scan.Decide
	}
	if step.Result == scan.Decide {
		step.Choices = append(step.Choices,
			scan.Choice{Label: "Take it over", Code: "X-" + labels.CommandOK, Style: scan.Answer},
			scan.Choice{Label: "Leave it", Code: "X-" + labels.CommandSkip, Style: scan.Answer})
	}
	if n > 0 {
		step.Choices = append(step.Choices, scan.Choice{Label: "Give me work", Code: "X-" + labels.CommandNew, Style: scan.Bar})
	}
	step.Choices = append(step.Choices, undo)
	return step, nil
}
