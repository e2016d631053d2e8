package picking

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/inventory"
	"tote/labels"
)

// emptySlot is the first place on the cart of list p that needs a tote.
const emptySlot = `
	select c.position, d.ref, (select sum(quantity - picked - short) from pick_tasks
		where list_id = p.id and demand_id = c.demand_id and state = 'open')::bigint as units,
		(select max(position) from cart_totes where list_id = p.id and active) as places
	from cart_totes c join demands d on d.id = c.demand_id
	where c.list_id = p.id and c.active and c.tote_id is null
		and exists (select from pick_tasks where list_id = p.id and demand_id = c.demand_id and state = 'open')
	order by c.position
	limit 1`

// wantsTote reports whether a tote must be scanned before the walk goes on: the one of a list, every one of a cart
// before it sets out, and later that of an order whose tote was full or which joined on the way.
func (j *job) wantsTote() bool { return j.toFill().position != 0 || j.method != Cluster && j.tote == 0 }

// toFill is the place on the cart that a tote is wanted for now; position 0 for none.
func (j *job) toFill() slot {
	switch {
	case j.method != Cluster || len(j.stops) == 0:
		return slot{}
	case j.done == 0 && j.at == 0:
		fill := j.empty
		fill.which = "in all"
		return fill
	}
	if now := j.stops[0]; now.tote == 0 {
		return slot{now.position, now.document, now.left(), "at this stop"}
	}
	return slot{}
}

// mount puts a tote on the cart.
func (j *job) mount(ctx context.Context, tx *sql.Tx, s scan.Scan, code labels.Code) (scan.Step, error) {
	place := j.toFill()
	if place.position == 0 {
		return j.strangeTote(code), nil
	}
	var demand DemandID
	if err := tx.QueryRowContext(ctx, `
		select demand_id from cart_totes where list_id = $1 and position = $2`, j.list, place.position).Scan(&demand); err != nil {
		return scan.Step{}, err
	}
	tote, why, err := j.freeTote(ctx, tx, code, 0, demand)
	if err != nil || why != "" {
		return j.wrong(s, "%s", why), err
	}
	if _, err := tx.ExecContext(ctx, `
		update cart_totes set tote_id = $3 where list_id = $1 and position = $2`, j.list, place.position, tote); err != nil {
		return scan.Step{}, err
	}
	if err := j.reread(ctx, tx); err != nil {
		return scan.Step{}, err
	}
	return j.right(s, "Tote %s stands at place %d, for %s.", code, place.position, place.document), nil
}

// strangeTote answers a tote that nobody asked for.
func (j *job) strangeTote(code labels.Code) scan.Step {
	now := j.stops[0]
	s := scan.Scan{Staff: j.picker}
	if code.String() == now.toteCode {
		return j.right(s, "%s is right. First take %d %s.", code, now.left(), now.name)
	}
	return j.wrong(s, "This is tote %s. What you take now goes into tote %s.", code, now.toteCode)
}

func (j *job) reread(ctx context.Context, q pg.Querier) error {
	after, err := readJob(ctx, q, j.list, labels.Code{})
	*j = after
	return err
}

// unload takes the totes with goods off a cart that is full; the rest of the walk goes on with empty ones.
func (j *job) unload(ctx context.Context, tx *sql.Tx, s scan.Scan) (scan.Step, error) {
	if j.method != Cluster {
		return j.toteFull(ctx, tx, s)
	}
	full, err := pg.Values[string](tx.QueryContext(ctx, `
		with off as (
			update cart_totes c set tote_id = null
			from locations l
			where l.id = c.tote_id and c.list_id = $1 and c.active and exists (select from tote_lines t where t.tote_id = c.tote_id)
			returning l.code)
		select code from off order by length(code), code`, j.list))
	if err != nil {
		return scan.Step{}, err
	}
	if len(full) == 0 {
		return j.wrong(s, "Nothing lies in the totes of this cart yet."), nil
	}
	if err := j.stand(ctx, tx, 0); err != nil {
		return scan.Step{}, err
	}
	if err := j.reread(ctx, tx); err != nil {
		return scan.Step{}, err
	}
	return j.right(s, "Leave %s for packing, then go on with empty totes.", words(full)), nil
}

// giveUp leaves the rest of a list to whoever asks for work next.
func (j *job) giveUp(ctx context.Context, tx *sql.Tx, s scan.Scan) (scan.Step, error) {
	leave, err := j.leftBehind(ctx, tx)
	if err != nil {
		return scan.Step{}, err
	}
	_, err = tx.ExecContext(ctx, `
		with off as (
			update cart_totes set tote_id = null where list_id = $1 and active)
		update pick_lists set state = 'released', picker_id = null, started_at = null, tote_id = null, at_task = null where id = $1`, j.list)
	if err != nil {
		return scan.Step{}, err
	}
	if err := j.reread(ctx, tx); err != nil {
		return scan.Step{}, err
	}
	step := j.right(s, "%s waits for somebody else.%s", j.list, leave)
	step.Result, step.Next, step.Detail, step.Expect, step.Choices = scan.Done, "You gave the list back", nil, nil, nil
	step.Finished, step.Goto = true, "/picking"
	return step, nil
}

// leftBehind says where the totes of a list go that hold something.
func (j *job) leftBehind(ctx context.Context, q pg.Querier) (string, error) {
	full, err := pg.Values[string](q.QueryContext(ctx, `
		select l.code from locations l
		where (l.id = $2 or l.id in (select tote_id from cart_totes where list_id = $1 and active))
			and exists (select from tote_lines t where t.tote_id = l.id)
		order by length(l.code), l.code`, j.list, j.tote))
	if err != nil || len(full) == 0 {
		return "", err
	}
	return fmt.Sprintf(" Leave %s for %s.", words(full), j.goesTo()), nil
}

// goesTo is where the totes of a list go.
func (j *job) goesTo() string {
	if j.method.mixed() {
		return "the put-wall"
	}
	return "packing"
}

// freeTote finds a tote and says why it cannot be taken, "" when it can.
func (j *job) freeTote(ctx context.Context, tx *sql.Tx, code labels.Code, list ListID, demand DemandID) (tote inventory.LocationID, why string, err error) {
	tote, err = lockTote(ctx, tx, j.warehouse, code)
	if missing := refusal(err); missing != "" {
		return 0, missing, nil
	}
	if err != nil {
		return 0, "", err
	}
	whose, err := usedBy(ctx, tx, tote, list, demand)
	if whose != "" {
		why = fmt.Sprintf("Tote %s is in use: %s. Take another one.", code, whose)
	}
	return tote, why, err
}

// refusal is what to tell about a thing that is not there, "" for another error or none.
func refusal(err error) string {
	if errors.Is(err, fault.NotFound) {
		return fault.Message(err)
	}
	return ""
}

// words joins names: "T-1, T-2 and T-3".
func words(names []string) string {
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}
