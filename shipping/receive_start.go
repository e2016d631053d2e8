package shipping

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/labels"
)

// desk names the document of one person's scans at the returns desk, before a return is chosen.
func desk(who staff.ID) string { return "returns-" + strconv.FormatInt(int64(who), 10) }

// StartReturn answers the scan of a parcel that came back: by its return, its order, its tracking number
// or its SSCC. One return leads to its counting; several are asked; none says what to do.
func StartReturn(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, s scan.Scan) (_ scan.Step, err error) {
	defer fault.Wrap(&err, "shipping.StartReturn(%q)", s.Code)
	code, err := labels.Parse(s.Code)
	if err != nil {
		return scan.Step{}, err
	}
	if code.Kind == labels.KindCommand && code.Value == labels.CommandUndo {
		last, err := lastVerdict(ctx, tx, warehouse, s.Staff, s.Key)
		if err != nil {
			return scan.Step{}, err
		}
		if last.Undoable {
			return UndoLastVerdict(ctx, tx, warehouse, last.Key, s)
		}
	}
	step, err := scan.Once(ctx, tx, s, desk(s.Staff), func() (scan.Step, error) { return startReturn(ctx, tx, warehouse, s, code) })
	if err != nil {
		return step, err
	}
	return atDesk(ctx, tx, warehouse, s.Staff, step)
}

// ShowReturnStart is the screen of the returns desk.
func ShowReturnStart(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, who staff.ID) (step scan.Step, err error) {
	if step, err = returnStart(ctx, q, warehouse); err != nil {
		return step, err
	}
	if step.Recent, err = scan.Last(ctx, q, desk(who), 5); err != nil {
		return step, err
	}
	return atDesk(ctx, q, warehouse, who, step)
}

func returnStart(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (step scan.Step, err error) {
	step = scan.Step{Title: "Returns", Next: "Scan the return slip", Target: "R-…",
		Expect: []string{string(labels.KindReturn), string(labels.KindOrder), string(labels.KindSSCC), string(labels.KindUnknown)}}
	var waiting int64
	err = q.QueryRowContext(ctx, `select count(*) from returns where warehouse_id = $1 and state = 'authorised'`, warehouse).Scan(&waiting)
	step.Detail = []string{"or the order, the tracking number, the parcel's SSCC", fmt.Sprintf("%d announced", waiting)}
	return step, err
}

func startReturn(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, s scan.Scan, code labels.Code) (scan.Step, error) {
	step, err := returnStart(ctx, tx, warehouse)
	if err != nil {
		return step, err
	}
	if code.Kind == labels.KindCommand && code.Value == labels.CommandUndo {
		step.Result, step.Message = scan.Wrong, "There is nothing of yours to take back here. Scan the return slip."
		return step, nil
	}
	ref, parcel, words, err := meant(ctx, tx, s, code)
	if err != nil || words != "" {
		step.Result, step.Message = scan.Wrong, words
		return step, err
	}
	var found []Return
	if code.Kind == labels.KindReturn {
		r, err := FindReturn(ctx, tx, ReturnID(code.Number))
		if err != nil && !errors.Is(err, fault.NotFound) {
			return step, err
		}
		if err == nil {
			found = []Return{r}
		}
	} else if found, err = Returns(ctx, tx, ReturnFilter{Ref: ref}); err != nil {
		return step, err
	}
	if asks, err := askUndelivered(ctx, tx, &step, warehouse, parcel, found); asks || err != nil {
		return step, err
	}
	return choose(step, warehouse, ref, found), nil
}

// meant is the order that something scanned belongs to, and the parcel where it is one's; words says why there is none.
// A return names itself.
func meant(ctx context.Context, q pg.Querier, s scan.Scan, code labels.Code) (ref string, parcel pack, words string, err error) {
	switch code.Kind {
	case labels.KindReturn:
		return code.String(), parcel, "", nil
	case labels.KindOrder:
		return labels.OrderCode(code.Number).String(), parcel, "", nil
	}
	found, err := scanned(ctx, q, s.Code, code)
	switch {
	case err != nil:
		return "", parcel, "", err
	case len(found) == 1:
		return found[0].ref, found[0], "", nil
	case len(found) > 0:
		return found[0].ref, parcel, "", nil
	case code.Damaged:
		return "", parcel, "The barcode was misread. Scan it again.", nil
	case code.Kind == labels.KindUnknown, code.Kind == labels.KindSSCC:
		return "", parcel, fmt.Sprintf("Nothing of ours goes by %s. Look for the slip in the parcel, or type the order's number.", clip(code.String())), nil
	}
	return "", parcel, fmt.Sprintf("%s is %s. Scan the return slip, the order or the parcel's label.", clip(code.String()), code.Kind.A()), nil
}

// choose leads to the return that fits.
func choose(step scan.Step, warehouse inventory.WarehouseID, ref string, found []Return) scan.Step {
	var open []Return
	var waiting Return // whose slip was scanned again
	for _, r := range found {
		switch {
		case r.Warehouse != warehouse || r.State == Withdrawn:
		case r.State == Authorised || r.Received < r.Units: // all may be counted, and the counting not finished
			open = append(open, r)
		case r.State == Received && ref == r.ID.String():
			waiting = r
		}
	}
	switch {
	case len(open) == 1:
		step.Result, step.Message = scan.Right, fmt.Sprintf("%s of %s.", open[0].ID, open[0].Ref)
		step.Finished, step.Goto = true, fmt.Sprintf("/returns/%d/receive", open[0].ID)
	case len(open) > 1:
		step.Result, step.Message, step.Next = scan.Decide, fmt.Sprintf("%s has %d returns on their way.", ref, len(open)), "Which one is this?"
		for _, r := range open {
			step.Choices = append(step.Choices, scan.Choice{Label: fmt.Sprintf("%s · %d units", r.ID, r.Units), Code: r.ID.String()})
		}
	case waiting.ID != 0:
		step.Result, step.Message = scan.Right, fmt.Sprintf("%s of %s is counted: look at every unit.", waiting.ID, waiting.Ref)
		step.Finished, step.Goto = true, fmt.Sprintf("/returns/%d/inspect", waiting.ID)
	case len(found) == 1 && found[0].State == Withdrawn:
		step.Result, step.Message = scan.Wrong, fmt.Sprintf("%s was withdrawn. Announce it anew at the office.", found[0].ID)
	case len(found) > 0 && found[0].Warehouse != warehouse:
		step.Result, step.Message = scan.Wrong, fmt.Sprintf("%s goes to another warehouse. Set it aside and call a manager.", found[0].ID)
	case len(found) > 0:
		step.Result, step.Message = scan.Wrong, fmt.Sprintf("%s has come completely already. Announce what is in this parcel at the office.", found[0].ID)
	default:
		step.Result, step.Message = scan.Wrong, fmt.Sprintf("No return of %s is announced. Announce it at the office: Returns, New.", ref)
	}
	return step
}
