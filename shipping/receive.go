package shipping

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

// counting is one scan at a return whose parcel is open.
type counting struct{ opened }

// opened is a returned parcel in front of a person: what was announced, and what he holds in his hand.
type opened struct {
	tx    *sql.Tx
	scan  scan.Scan
	ret   Return
	lines []ReturnLine
	hand  hand
}

// ReceiveReturn answers one scan of somebody who counts what is in a returned parcel: an item counts;
// what was not announced is asked about; the command OK ends the counting.
func ReceiveReturn(ctx context.Context, tx *sql.Tx, id ReturnID, s scan.Scan) (scan.Step, error) {
	code, err := labels.Parse(s.Code)
	if err != nil {
		return scan.Step{}, err
	}
	return atReturn(ctx, tx, id, s, func(c *counting) (scan.Step, error) {
		switch {
		case code.Kind == labels.KindCommand && code.Value == labels.CommandOK:
			return c.finish(ctx, false)
		case code.Kind == labels.KindCommand && code.Value == labels.CommandUndo:
			return c.undoLast(ctx)
		case code.Kind == labels.KindReturn && ReturnID(code.Number) == id:
			return c.answer(scan.Right, "This is %s. Scan what is in it.", id), nil
		}
		return c.count(ctx, code)
	})
}

// DecideReturn answers a button of that screen: extra, leave, finish, finish-short, keep.
func DecideReturn(ctx context.Context, tx *sql.Tx, id ReturnID, action string, s scan.Scan) (scan.Step, error) {
	return atReturn(ctx, tx, id, s, func(c *counting) (scan.Step, error) {
		switch action {
		case "extra":
			return c.extra(ctx)
		case "leave":
			return c.leave(ctx)
		case "finish", "finish-short":
			return c.finish(ctx, action == "finish-short")
		case "keep":
			return c.answer(scan.Right, "Go on counting."), nil
		}
		return c.answer(scan.Wrong, "There is no such button here. Load the page again."), nil
	})
}

// UndoReturn takes back what an earlier scan counted, until the counting is ended.
func UndoReturn(ctx context.Context, tx *sql.Tx, id ReturnID, which scan.Key, s scan.Scan) (scan.Step, error) {
	return atReturn(ctx, tx, id, s, func(c *counting) (scan.Step, error) { return c.undo(ctx, which) })
}

// ShowReturn is the counting screen of a return.
func ShowReturn(ctx context.Context, q pg.Querier, id ReturnID, who staff.ID) (_ scan.Step, err error) {
	c := counting{opened{scan: scan.Scan{Staff: who}}}
	if err := c.read(ctx, q, id); err != nil {
		return scan.Step{}, err
	}
	step := c.answer("", "")
	if step.Recent, err = scan.Last(ctx, q, id.String(), 5); err != nil {
		return scan.Step{}, err
	}
	return step, markCounted(ctx, q, id, step.Recent)
}

// atReturn locks a return and answers a scan of it, once.
func atReturn(ctx context.Context, tx *sql.Tx, id ReturnID, s scan.Scan, do func(*counting) (scan.Step, error)) (_ scan.Step, err error) {
	defer fault.Wrap(&err, "shipping.ReceiveReturn(%s, %q)", id, s.Code)
	if _, err := tx.ExecContext(ctx, `select from returns where id = $1 for no key update`, id); err != nil {
		return scan.Step{}, err
	}
	step, err := scan.Once(ctx, tx, s, id.String(), func() (scan.Step, error) {
		c := counting{opened{tx: tx, scan: s}}
		if err := c.read(ctx, tx, id); err != nil {
			return scan.Step{}, err
		}
		if c.ret.State == Withdrawn {
			return c.answer(scan.Wrong, "%s was withdrawn. Set the parcel aside and ask the office.", id), nil
		}
		return do(&c)
	})
	if err != nil {
		return scan.Step{}, err
	}
	return step, markCounted(ctx, tx, id, step.Recent)
}

// leave puts aside what was asked about.
func (c *counting) leave(ctx context.Context) (scan.Step, error) {
	if err := c.drop(ctx); err != nil {
		return scan.Step{}, err
	}
	return c.answer(scan.Right, "Left aside; nothing was counted."), nil
}

func (c *opened) read(ctx context.Context, q pg.Querier, id ReturnID) (err error) {
	if c.ret, err = FindReturn(ctx, q, id); err != nil {
		return err
	}
	if c.lines, err = ReturnLines(ctx, q, id); err != nil {
		return err
	}
	c.hand, err = handOf(ctx, q, id, c.scan.Staff)
	return err
}

// answer is the counting screen.
func (c *counting) answer(r scan.Result, format string, args ...any) scan.Step {
	step := scan.Step{
		Result: r, Message: fmt.Sprintf(format, args...), Title: fmt.Sprintf("Return %s · %s", c.ret.ID, c.ret.Ref),
		Next: "Scan an item of the parcel", Expect: []string{"item"}, Done: c.ret.Received, Total: c.ret.Units,
	}
	for _, l := range c.lines {
		if l.Received < l.Quantity {
			step.Detail = append(step.Detail, fmt.Sprintf("%d of %d %s · %s", l.Received, l.Quantity, l.Name, l.Reason))
		}
	}
	switch {
	case c.hand.item != 0:
		step.Result = scan.Decide
		step.Next = fmt.Sprintf("Is %s really in this parcel?", c.hand.name)
		step.Choices = []scan.Choice{{Label: "Yes: into quarantine", Action: "extra"}, {Label: "No: leave it", Action: "leave"}}
	case c.ret.Received == c.ret.Units:
		step.Next = "Everything is here. Finish the counting"
		step.Choices = []scan.Choice{{Label: "Finish", Action: "finish", Style: scan.Bar}}
	case c.ret.Received > 0:
		step.Choices = []scan.Choice{{Label: "Finish", Action: "finish", Style: scan.Bar}}
	}
	return step
}
