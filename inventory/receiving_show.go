package inventory

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/labels"
)

// ShowReceipt is the receiving screen as this person left it.
func ShowReceipt(ctx context.Context, q pg.Querier, id ReceiptID, who staff.ID) (step scan.Step, err error) {
	defer fault.Wrap(&err, "inventory.ShowReceipt(%d)", id)
	r, err := ReceiptOf(ctx, q, id)
	if err != nil {
		return scan.Step{}, err
	}
	h, err := receiverAt(ctx, q, id, who)
	if err != nil {
		return scan.Step{}, err
	}
	done := verdict{}
	if h.question != "" && r.Open {
		done = ask()
	}
	if step, err = receivingScreen(ctx, q, r, h, done); err != nil {
		return scan.Step{}, err
	}
	if step.Recent, err = scan.Last(ctx, q, id.String(), 5); err == nil {
		markUndoable(ctx, q, &step, &err)
	}
	return step, err
}

func (u *unloading) screen(ctx context.Context, done verdict) (scan.Step, error) {
	return receivingScreen(ctx, u.tx, u.receipt, u.hand, done)
}

// truck is what the screen tells of the receipt.
type truck struct {
	numbers     []string
	total, done int64 // expected on all its purchase orders, and there of that
	units       int64 // on this receipt
	sku, name   string
	lot         string // of the line in hand
	tracking    Tracking
	more        int64 // the line in hand misses, if what was counted last was good
}

func truckAt(ctx context.Context, q pg.Querier, id ReceiptID, line int64) (t truck, err error) {
	err = q.QueryRowContext(ctx, `
		with line as (
			select l.quantity, coalesce((select sum(r.quantity) from receipt_lines r where r.expected_line_id = l.id), 0) as arrived, l.id
			from receipt_expected re join expected_lines l on l.expected_id = re.expected_id where re.receipt_id = $1
		), hand as (
			select i.sku, i.name, i.tracking, o.code as lot, coalesce((select greatest(0, quantity - arrived) from line
				where line.id = r.expected_line_id and r.condition = 'good' and i.tracking <> 'serial'), 0) as more
			from receipt_lines r join items i on i.id = r.item_id join lots o on o.id = r.lot_id where r.id = $2
		)
		select array(select e.number from receipt_expected re join expected_receipts e on e.id = re.expected_id where re.receipt_id = $1 order by e.number),
		       coalesce((select sum(quantity) from line), 0), coalesce((select sum(least(quantity, arrived)) from line), 0),
		       coalesce((select sum(quantity) from receipt_lines where receipt_id = $1), 0),
		       coalesce((select sku from hand), ''), coalesce((select name from hand), ''), coalesce((select lot from hand), ''), coalesce((select tracking from hand), 'none'), coalesce((select more from hand), 0)`, id, line).
		Scan(pg.Array(&t.numbers), &t.total, &t.done, &t.units, &t.sku, &t.name, &t.lot, &t.tracking, &t.more)
	return t, err
}

func receivingScreen(ctx context.Context, q pg.Querier, r Receipt, h receiver, done verdict) (scan.Step, error) {
	t, err := truckAt(ctx, q, r.ID, h.line)
	if err != nil {
		return scan.Step{}, err
	}
	step := scan.Step{Result: done.result, Message: done.message, Title: fmt.Sprintf("Receiving %s · %s", r.ID, r.DockCode),
		Done: t.done, Total: t.total, Expect: []string{"item", "purchase order", string(labels.KindCommand)}}
	if !r.Open {
		step.Finished, step.Goto = true, "/putaway"
		step.Next, step.Detail = "This receipt is closed", []string{fmt.Sprintf("%d units came. They wait to be put away.", t.units)}
		return step, nil
	}
	step.Next = "Scan an item"
	if t.name != "" {
		step.Detail = []string{t.name, t.sku}
	}
	if t.lot != "" {
		step.Detail = append(step.Detail, lotTitle(t.tracking)+" "+t.lot)
	}
	if h.item != 0 && h.lot != "" && h.question == "" { // named, and nothing of it is counted yet
		step.Detail[len(step.Detail)-1] = "Lot " + h.lot
	}
	switch {
	case h.damaged:
		step.Next = "Scan the damaged item"
	case len(t.numbers) == 0 && !r.Blind && h.line == 0:
		step.Next = "Scan the purchase order"
		step.Detail = []string{"The number on the papers. Without papers: No PO, or scan an item."}
	case t.name == "" && len(t.numbers) > 0:
		step.Detail = []string{strings.Join(t.numbers, ", ")}
	}
	step.Choices = bar(r, h, t)
	if step.Into, err = standsIn(ctx, q, h.pallet); err != nil {
		return step, err
	}
	if h.question != "" { // it stands until it is answered, also after a scan that was refused
		return step, question(ctx, q, r, h, &step)
	}
	return step, nil
}

// bar are the buttons of the thumb and of the Problem list.
func bar(r Receipt, h receiver, t truck) []scan.Choice {
	var all []scan.Choice
	if t.more > 0 && h.question == "" && !h.damaged {
		all = append(all, scan.Choice{Label: fmt.Sprintf("All: +%d", t.more), Code: fmt.Sprintf("+%d", t.more), Style: scan.Bar})
	}
	if !r.Blind && len(t.numbers) == 0 {
		all = append(all, scan.Choice{Label: "No PO", Code: "X-" + commandBlind, Style: scan.Bar})
	}
	if t.units > 0 || len(t.numbers) > 0 {
		all = append(all, scan.Choice{Label: "Close", Code: "X-" + commandClose, Style: scan.Bar})
	}
	all = append(all, scan.Choice{Label: "The next item is damaged", Code: "X-" + commandDamaged, Style: scan.Problem})
	if t.lot != "" && t.tracking == ByLot {
		all = append(all, scan.Choice{Label: "What follows is of another lot", Code: "X-" + commandLot, Style: scan.Problem})
	}
	if t.units > 0 {
		all = append(all, scan.Choice{Label: "Take back my last scan", Code: "X-" + labels.CommandUndo, Style: scan.Problem})
	}
	if r.Blind || len(t.numbers) > 0 {
		all = append(all, scan.Choice{Label: "There are goods without a purchase order", Code: "X-" + commandBlind, Style: scan.Problem})
	}
	return all
}

// question draws what is asked and its answers; the first answer is what a second scan of the item says.
func question(ctx context.Context, q pg.Querier, r Receipt, h receiver, step *scan.Step) error {
	switch h.question {
	case asksClose:
		return closeQuestion(ctx, q, r, step)
	case asksLot, asksSerial, asksExpiry, asksExpired, asksDates:
		return lotQuestion(ctx, q, r, h, step)
	}
	var name, sku, number string
	var wanted, arrived int64
	err := q.QueryRowContext(ctx, `
		select i.name, i.sku, coalesce(e.number, ''), coalesce(w.quantity, 0), coalesce(w.arrived, 0)
		from items i left join expected_receipts e on e.id = nullif($3::bigint, 0) left join lateral (
			select sum(l.quantity) as quantity, sum((select sum(c.quantity) from receipt_lines c where c.expected_line_id = l.id)) as arrived
			from expected_lines l join receipt_expected re on re.expected_id = l.expected_id
			where re.receipt_id = $2 and l.item_id = i.id) w on true
		where i.id = $1`, h.item, r.ID, h.expected).Scan(&name, &sku, &number, &wanted, &arrived)
	if err == sql.ErrNoRows {
		return fault.New(fault.NotFound, "The item is gone. Scan the next one.")
	}
	if err != nil {
		return err
	}
	step.Detail = []string{name, sku}
	step.Quantity = h.quantity
	yes, words, no := "", "", "Wrong item: quarantine"
	switch h.question {
	case asksOver:
		no = "Too many: quarantine"
		yes, words = "Keep them", fmt.Sprintf("%d of %d are here already. Keep %d more than ordered? Scan it again to keep.", arrived, wanted, h.quantity-max(0, wanted-arrived))
	case asksElsewhere:
		yes, words = "Add "+number, fmt.Sprintf("Not on this receipt, but on %s. Scan it again to add %s.", number, number)
	default:
		yes, words = "Take it without PO", "On no open purchase order. Scan it again to take it without one."
	}
	step.Next = "Keep or set aside?"
	if step.Message == "" {
		step.Message = words
	}
	step.Choices = append([]scan.Choice{
		{Label: yes, Code: "X-" + labels.CommandOK, Style: scan.Answer},
		{Label: "Do not count", Code: "X-" + labels.CommandSkip, Style: scan.Answer},
		{Label: no, Code: "X-" + commandWrong, Style: scan.Answer},
	}, step.Choices...)
	if h.question == asksElsewhere {
		step.Next = "Add " + number + "?"
	}
	return nil
}

const mostNamed = 6

func closeQuestion(ctx context.Context, q pg.Querier, r Receipt, step *scan.Step) error {
	lines, err := ReceiptLines(ctx, q, r.ID)
	if err != nil {
		return err
	}
	words := differing(lines)
	step.Next = "Close " + r.ID.String() + "?"
	if step.Message == "" {
		step.Message = many(int64(len(words)), "line is", "lines are") + " not as expected. What is missing may still come on another truck."
	}
	step.Detail = words
	if len(words) > mostNamed {
		step.Detail = append(words[:mostNamed:mostNamed], fmt.Sprintf("and %d more", len(words)-mostNamed))
	}
	step.Choices = []scan.Choice{
		{Label: "Close", Code: "X-" + labels.CommandOK, Style: scan.Answer},
		{Label: "Go on receiving", Code: "X-" + labels.CommandSkip, Style: scan.Answer},
	}
	return nil
}
