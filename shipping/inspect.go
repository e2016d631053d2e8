package shipping

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/labels"
)

// verdict is a grade of a unit and what becomes of it.
type verdict struct{ grade, what, words string }

// openedAside keeps from the shelf what was opened; for goods that perish it is the usual verdict.
var openedAside = verdict{"B", "quarantine", "B, but into quarantine"}

// resold reports that opened goods would go back on the shelf.
func (v verdict) resold() bool { return v.grade == "B" && v.what == "restock" }

// verdicts are what may become of a unit by its grade, the usual one first. Goods of grade C and D never
// go back on the shelf: whoever orders them expects them new.
var verdicts = []verdict{
	{"A", "restock", "A · as new → restock"},
	{"B", "restock", "B · opened → restock"},
	{"C", "quarantine", "C · doubtful → quarantine"},
	{"D", "scrap", "D · broken → scrap"},
	{"A", "quarantine", "A, but into quarantine"},
	openedAside,
	{"B", "rework", "B · to be mended"},
	{"C", "rework", "C · to be mended"},
	{"C", "vendor", "C · back to the supplier"},
	{"D", "vendor", "D · back to the supplier"},
	{"C", "scrap", "C, but scrap it"},
	{"D", "quarantine", "D, but into quarantine"},
}

// usual is how many of the verdicts are shown as answers; the others stand behind Problem.
const usual = 4

// restockShelf is where graded goods wait to be put away, reworkShelf where they wait for whoever mends them.
const (
	restockShelf = "RESTOCK"
	reworkShelf  = "REWORK"
)

// inspecting is one scan of somebody who looks at returned goods.
type inspecting struct {
	opened
	note string
	sent []sentLot // of the item in hand, while its lot is asked
}

func (c *inspecting) read(ctx context.Context, q pg.Querier, id ReturnID) (err error) {
	if err = c.opened.read(ctx, q, id); err == nil && c.asksLot() {
		c.sent, err = c.sentLots(ctx, q)
	}
	return err
}

// Inspect answers one scan at the inspection of a return: an item is taken up; "+3" typed takes up three. What is tracked
// needs its lot or serial number, out of the same code, by one more scan, or by an answer given to Judge. Then Judge says
// what becomes of it.
func Inspect(ctx context.Context, tx *sql.Tx, id ReturnID, s scan.Scan) (scan.Step, error) {
	code, err := labels.Parse(s.Code)
	if err != nil {
		return scan.Step{}, err
	}
	return atInspection(ctx, tx, id, s, func(c *inspecting) (scan.Step, error) {
		if code.Kind == labels.KindCommand && code.Value == labels.CommandUndo {
			return c.undoLast(ctx)
		}
		return c.takeUp(ctx, code)
	})
}

// Judge says what becomes of the goods in hand: verdict is a grade and what to do, "A-restock", or names the lot that was asked. Each
// unit moves by the ledger; restocked ones wait to be put away and are not for sale before.
func Judge(ctx context.Context, tx *sql.Tx, id ReturnID, verdict, note string, s scan.Scan) (scan.Step, error) {
	return atInspection(ctx, tx, id, s, func(c *inspecting) (scan.Step, error) {
		if strings.HasPrefix(verdict, lotAnswer) {
			return c.chooseLot(ctx, verdict)
		}
		c.note = note
		return c.judge(ctx, verdict)
	})
}

// NoteVerdict keeps what there is to say about goods that a scan decided upon, and a photo by its content hash; an empty
// photo leaves the one there is. Mistakes are fault.Fields named note.
func NoteVerdict(ctx context.Context, tx *sql.Tx, id ReturnID, which scan.Key, note, photo string) (err error) {
	defer fault.Wrap(&err, "shipping.NoteVerdict(%s)", id)
	if wrong := wrongText(note, 500); wrong != "" {
		return fault.Fields{{Name: "note", Message: "The note " + wrong + "."}}
	}
	done, err := tx.ExecContext(ctx, `
		update dispositions d set note = $3, photo = coalesce(nullif($4, ''), d.photo)
		from return_lines l where l.id = d.line_id and l.return_id = $1 and d.scan = $2`, id, which, note, photo)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return fault.New(fault.NotFound, "This verdict was taken back meanwhile. Judge the goods again, then write the note.")
}

// UndoJudge takes back what was decided by an earlier scan, as long as the goods still stand there.
func UndoJudge(ctx context.Context, tx *sql.Tx, id ReturnID, which scan.Key, s scan.Scan) (scan.Step, error) {
	return atInspection(ctx, tx, id, s, func(c *inspecting) (scan.Step, error) { return c.undo(ctx, which) })
}

// ShowInspection is the inspection screen of a return.
func ShowInspection(ctx context.Context, q pg.Querier, id ReturnID, who staff.ID) (_ scan.Step, err error) {
	c := inspecting{opened: opened{scan: scan.Scan{Staff: who}}}
	if err := c.read(ctx, q, id); err != nil {
		return scan.Step{}, err
	}
	step := c.answer("", "")
	if c.ret.State == Authorised {
		step.Next = "Count the parcel first"
		step.Finished, step.Goto = true, fmt.Sprintf("/returns/%d/receive", id)
	}
	if step.Recent, err = scan.Last(ctx, q, inspection(id), 5); err != nil {
		return scan.Step{}, err
	}
	return step, markJudged(ctx, q, id, who, step.Recent)
}

// inspection names the document of a return's inspection scans.
func inspection(id ReturnID) string { return id.String() + " inspection" }

func atInspection(ctx context.Context, tx *sql.Tx, id ReturnID, s scan.Scan, do func(*inspecting) (scan.Step, error)) (_ scan.Step, err error) {
	defer fault.Wrap(&err, "shipping.Inspect(%s, %q)", id, s.Code)
	if _, err := tx.ExecContext(ctx, `select from returns where id = $1 for no key update`, id); err != nil {
		return scan.Step{}, err
	}
	step, err := scan.Once(ctx, tx, s, inspection(id), func() (scan.Step, error) {
		c := inspecting{opened: opened{tx: tx, scan: s}}
		if err := c.read(ctx, tx, id); err != nil {
			return scan.Step{}, err
		}
		if c.ret.State == Authorised || c.ret.State == Withdrawn {
			return c.answer(scan.Wrong, "%s is %s: its parcel was not counted to the end. Do that first.", id, c.ret.State), nil
		}
		return do(&c)
	})
	if err != nil {
		return scan.Step{}, err
	}
	return step, markJudged(ctx, tx, id, s.Staff, step.Recent)
}

// undecided is how many of an item wait for a verdict.
func (c *inspecting) undecided(item inventory.ItemID) (n int64) {
	for _, l := range c.lines {
		if l.Item == item {
			n += l.Undecided()
		}
	}
	return n
}

func (c *inspecting) answer(r scan.Result, format string, args ...any) scan.Step {
	step := scan.Step{
		Result: r, Message: fmt.Sprintf(format, args...), Title: fmt.Sprintf("Inspecting %s · %s", c.ret.ID, c.ret.Ref),
		Next: "Scan an item", Expect: []string{"item"}, Done: c.ret.Decided, Total: c.ret.Received,
	}
	if c.hand.item != 0 {
		c.verdictQuestion(&step)
		return step
	}
	for _, l := range c.lines {
		if l.Undecided() > 0 {
			step.Detail = append(step.Detail, fmt.Sprintf("%d %s · said to be: %s", l.Undecided(), l.Name, l.Reason))
		}
	}
	if c.ret.Decided == c.ret.Received {
		step.Next = "Everything is decided"
		step.Finished, step.Goto = true, fmt.Sprintf("/returns/receive?inspected=%d", c.ret.ID)
	}
	return step
}

// verdictQuestion asks what goods in hand are like, once it is known of which lot they are.
func (c *inspecting) verdictQuestion(step *scan.Step) {
	if left := c.undecided(c.hand.item); left > c.hand.quantity && c.hand.tracking != inventory.BySerial {
		all := scan.Choice{Label: fmt.Sprintf("All %d are alike", left), Code: fmt.Sprintf("+%d", left), Style: scan.Bar}
		step.Choices = append(step.Choices, all)
	}
	if c.asksLot() {
		c.lotQuestion(step)
		return
	}
	step.Next, step.Target, step.Quantity = "What is it like?", c.hand.name, c.hand.quantity
	if c.hand.lotCode != "" && c.hand.tracked() {
		step.Detail = []string{c.hand.word() + " " + c.hand.lotCode}
	}
	for i, v := range c.hand.verdicts() {
		choice := scan.Choice{Label: v.words, Action: v.grade + "-" + v.what, Style: scan.Answer}
		if i >= usual {
			choice.Style = scan.Problem
		}
		step.Choices = append(step.Choices, choice)
	}
}

// verdicts are those that fit what is in hand.
func (h hand) verdicts() (fit []verdict) {
	for _, v := range verdicts {
		switch {
		case h.old && v.what != "quarantine" && v.what != "scrap", h.perishes && !h.old && v == openedAside:
			continue
		case h.perishes && v.resold():
			v = verdict{v.grade, openedAside.what, "B · opened → quarantine"}
		}
		fit = append(fit, v)
	}
	return fit
}
