package shipping

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/inventory"
	"tote/packing"
)

// Undeliverable begins the answer to "Does it come back undelivered?"; the carton's number follows.
const Undeliverable = "undelivered-"

// onTheRoad reports that a parcel has left and nobody has said that it arrived.
func onTheRoad(ctx context.Context, q pg.Querier, p pack) (yes bool, err error) {
	if p.shipment == 0 || p.state != "shipped" {
		return false, nil
	}
	err = q.QueryRowContext(ctx, `
		select s.state in ('dispatched', 'in transit', 'exception') and not exists (
		    select from shipment_cartons sc where sc.carton_id = $2 and sc.delivered_at is not null)
		from shipments s where s.id = $1`, p.shipment, p.carton).Scan(&yes)
	return yes, err
}

// askUndelivered asks about a parcel that stands on the returns desk though it was never delivered and nobody has announced
// it: what nobody took is kept apart from what somebody sends back.
func askUndelivered(ctx context.Context, q pg.Querier, step *scan.Step, warehouse inventory.WarehouseID, p pack, found []Return) (asks bool, err error) {
	for _, r := range found {
		if r.State != Withdrawn && r.Received < r.Units {
			return false, nil
		}
	}
	if p.carton == 0 || p.warehouse != warehouse {
		return false, nil
	}
	if asks, err = onTheRoad(ctx, q, p); !asks || err != nil {
		return false, err
	}
	step.Result, step.Message = scan.Decide, fmt.Sprintf("This parcel of %s was never delivered, and no return of it is announced.", p.ref)
	step.Next = "Does it come back undelivered?"
	step.Choices = []scan.Choice{{Label: "Yes: nobody took it", Action: Undeliverable + strconv.FormatInt(int64(p.carton), 10)}, {Label: "No: set it aside", Action: "leave"}}
	return true, nil
}

// DecideReturnStart answers a button of the returns desk: Undeliverable with a carton's number, or leave.
func DecideReturnStart(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, action string, s scan.Scan) (_ scan.Step, err error) {
	defer fault.Wrap(&err, "shipping.DecideReturnStart(%q)", action)
	step, err := scan.Once(ctx, tx, s, desk(s.Staff), func() (scan.Step, error) {
		step, err := returnStart(ctx, tx, warehouse)
		if err != nil {
			return step, err
		}
		if action == "leave" {
			step.Result, step.Message = scan.Right, "Set aside; nothing was written."
			return step, nil
		}
		digits, ok := strings.CutPrefix(action, Undeliverable)
		carton, wrong := strconv.ParseInt(digits, 10, 64)
		if !ok || wrong != nil {
			step.Result, step.Message = scan.Wrong, "There is no such button here. Scan the parcel again."
			return step, nil
		}
		return takeUndelivered(ctx, tx, step, warehouse, packing.CartonID(carton), s)
	})
	if err != nil {
		return step, err
	}
	return atDesk(ctx, tx, warehouse, s.Staff, step)
}

// takeUndelivered opens the return of a parcel that nobody took, with all that it holds, and says so in its shipment.
func takeUndelivered(ctx context.Context, tx *sql.Tx, step scan.Step, warehouse inventory.WarehouseID, carton packing.CartonID, s scan.Scan) (scan.Step, error) {
	var p pack
	err := tx.QueryRowContext(ctx, `
		select k.id, k.state, k.ref, sc.shipment_id from cartons k join shipment_cartons sc on sc.carton_id = k.id and sc.void_at is null
		where k.id = $1 and k.warehouse_id = $2`, carton, warehouse).Scan(&p.carton, &p.state, &p.ref, &p.shipment)
	if errors.Is(err, sql.ErrNoRows) {
		step.Result, step.Message = scan.Wrong, "There is no such parcel. Scan it again."
		return step, nil
	}
	if err != nil {
		return step, err
	}
	id, err := returnUndelivered(ctx, tx, warehouse, p, Request{Staff: s.Staff, At: s.At})
	if err != nil {
		return step, err
	}
	if id == 0 {
		step.Result, step.Message = scan.Wrong, fmt.Sprintf("This parcel of %s is not on the road any more. Scan it again.", p.ref)
		return step, nil
	}
	step.Result, step.Message = scan.Right, fmt.Sprintf("%s of %s: nobody took it.", id, p.ref)
	step.Finished, step.Goto = true, fmt.Sprintf("/returns/%d/receive", id)
	return step, nil
}

// returnUndelivered is the one way to the return of a parcel that nobody took, from the returns desk and from the queue of
// exceptions: both are answered the same return. 0 says that the parcel is not on the road.
func returnUndelivered(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, p pack, r Request) (id ReturnID, err error) {
	if _, err := lockOrder(ctx, tx, p.ref); err != nil {
		return 0, err
	}
	r.Ref, r.Submission = p.ref, fmt.Sprintf("undelivered carton %d", p.carton)
	if id, err = submitted(ctx, tx, r); err != nil {
		return 0, err
	}
	if id == 0 {
		if id, err = openUndelivered(ctx, tx, r, warehouse, p); err != nil || id == 0 {
			return id, err
		}
	}
	return id, settle(ctx, tx, p.shipment, "return made", r.Staff, r.At, Returned, Missed, BadPlace, Still)
}

func openUndelivered(ctx context.Context, tx *sql.Tx, r Request, warehouse inventory.WarehouseID, p pack) (id ReturnID, err error) {
	if road, err := onTheRoad(ctx, tx, p); err != nil || !road {
		return 0, err
	}
	can, err := CanReturn(ctx, tx, p.ref)
	if err != nil {
		return 0, err
	}
	left := map[string]int64{}
	for _, c := range can {
		left[c.Ref] = c.Left()
	}
	inside, err := list(ctx, tx, func(l *RequestLine) []any { return []any{&l.Ref, &l.Quantity} },
		`select ref, sum(quantity)::bigint from carton_lines where carton_id = $1 and quantity > 0 group by ref order by ref`, p.carton)
	if err != nil {
		return 0, err
	}
	why, err := whyBack(ctx, tx, p.shipment)
	if err != nil {
		return 0, err
	}
	for _, l := range inside {
		if l.Quantity = min(l.Quantity, left[l.Ref]); l.Quantity > 0 {
			l.Reason, l.Note = undelivered, why
			r.Lines = append(r.Lines, l)
		}
	}
	if len(r.Lines) == 0 {
		return 0, nil
	}
	if id, err = r.open(ctx, tx, warehouse, "carrier"); err != nil {
		return 0, err
	}
	if _, err := Track(ctx, tx, Event{Shipment: p.shipment, At: r.At, Kind: "exception", Source: "scan", Key: r.Submission,
		Note: fmt.Sprintf("Came back to us undelivered: %s", id), Staff: r.Staff}, r.At); err != nil {
		return 0, err
	}
	return id, outbox.Put(ctx, tx, outbox.Fact{Name: "return.undelivered", Ref: id.String()})
}

// whyBack says in what words of a carrier or driver a shipment could not be handed over; "" where none are known.
func whyBack(ctx context.Context, q pg.Querier, id ID) (why string, err error) {
	err = q.QueryRowContext(ctx, `
		select coalesce((select left(what || coalesce(': ' || nullif(note, ''), ''), 500) from troubles
		                 where shipment_id = $1 and what = any($2) order by settled_at is not null, since desc, id desc limit 1), '')`,
		id, pg.Array(words([]Trouble{Returned, Missed, BadPlace}))).Scan(&why)
	return why, err
}
