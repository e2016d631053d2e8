package picking

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
)

// Report is how far a demand is. Counts are units over all its lines.
type Report struct {
	Ref          string
	State        State
	Held         string // why no work may be done on it
	ShipComplete bool
	Priority     int
	Urgent       bool // by the rules of its warehouse
	Due          time.Time
	Released     time.Time
	Carrier      string
	Notes        string
	Asked        int64
	Promised     int64    // held in stock and not shipped
	Planned      int64    // on lists, still to be picked
	Picked       int64    // ever
	Shipped      int64    // of those
	Begun        bool     // a picker is at it
	Lists        []string // that are not over: P-104
	Pickers      []string // who is at them
	Totes        []string // that hold something of it
	Unsorted     []string // of those, the ones that hold goods of other orders too
	OnTheWay     []string // lists whose pickers still have one of them: P-104
	Cause        Cause    // of an open one: why it is on no list; "" of the others
	Lacking      []string // what is not there to be promised: "3 Blue mug, expected with PO-7 on 30 Nov 2026"
	Blocked      []string // what is promised but cannot be taken from its bin: "Blue mug in A-07-3-B: damaged"

	LackingItem inventory.ItemID     // the first of what is lacking; 0: nothing
	BlockedBin  inventory.LocationID // the first of the blocked bins; 0: none
}

// Waiting says in a sentence what a demand waits for, "" when it has left.
func (r Report) Waiting() string {
	switch {
	case r.State == Shipped || r.State == Cancelled:
		return ""
	case r.State == Open:
		return strings.Join(r.Causes(), ". ")
	case r.Held != "":
		return "Held: " + r.Held
	case r.State == Packed:
		return "Packed, waits to be handed to the carrier"
	case r.State == Picked && len(r.OnTheWay) > 0:
		return "Picked, on its way with " + words(r.OnTheWay)
	case r.State == Picked && len(r.Unsorted) > 0:
		return "Waits to be sorted" + in(" (tote ", r.Unsorted, ")")
	case r.State == Picked:
		return "Waits to be packed" + in(" (tote ", r.Totes, ")")
	case r.Begun:
		return fmt.Sprintf("%s picking it%s, %d of %d", are(r.Pickers), in(" (", r.Lists, ")"), r.Picked-r.Shipped, r.Picked-r.Shipped+r.Planned)
	case r.State == Listed:
		return strings.Join(r.Lists, ", ") + " waits for a picker" + in(", ", r.begun(), "")
	}
	return ""
}

// A Cause is why an open demand is on no list. Who asks for work is given what is ready; the others wait for somebody else.
type Cause string

// The causes, the hardest to mend first.
const (
	CauseHeld    Cause = "held"
	CauseStock   Cause = "stock"
	CauseBlocked Cause = "blocked"
	CauseNone    Cause = "ready" // nothing is in the way
)

// Causes are all reasons of which an open demand waits, the hardest to mend first.
func (r Report) Causes() (all []string) {
	if r.Held != "" {
		all = append(all, "Held: "+r.Held)
	}
	if r.Cause == CauseNone && len(r.Lacking) > 0 {
		all = append(all, "Ready as far as there is stock")
	}
	if len(r.Lacking) > 0 {
		all = append(all, "Waits for stock: "+strings.Join(r.Lacking, ", "))
	}
	if len(r.Blocked) > 0 {
		all = append(all, "Cannot be taken: "+strings.Join(r.Blocked, ", "))
	}
	if len(all) == 0 && r.Urgent {
		return []string{"Urgent: joins the next cart with a free place, or goes to whoever asks for work"}
	}
	if len(all) == 0 {
		return []string{"Ready: waits for somebody to ask for work"}
	}
	return all
}

// begun says, of a demand whose list was given back, how much of it is picked.
func (r Report) begun() []string {
	picked := r.Picked - r.Shipped
	if picked == 0 {
		return nil
	}
	return []string{arePicked(picked, picked+r.Planned)}
}

// arePicked is how far picking is, in words: "3 of 8 are picked".
func arePicked(done, total int64) string {
	if done == 1 {
		return fmt.Sprintf("1 of %d is picked", total)
	}
	return fmt.Sprintf("%d of %d are picked", done, total)
}

func in(before string, words []string, after string) string {
	if len(words) == 0 {
		return ""
	}
	return before + strings.Join(words, ", ") + after
}

func are(names []string) string {
	switch len(names) {
	case 0:
		return "Somebody is"
	case 1:
		return names[0] + " is"
	}
	return strings.Join(names, " and ") + " are"
}

// Progress tells how far demands are; a ref that was never asked for is missing in the answer.
func Progress(ctx context.Context, q pg.Querier, refs ...string) (_ map[string]Report, err error) {
	defer fault.Wrap(&err, "picking.Progress(%d refs)", len(refs))
	list, err := reports(ctx, q, `d.ref = any($1)`, `d.id`, pg.Array(refs))
	all := make(map[string]Report, len(list))
	for _, r := range list {
		all[r.Ref] = r
	}
	return all, err
}

// inTheWay is true of a block k that keeps something from demand d: what is free in the bins that one may take from is less
// than a line of it still wants.
const inTheWay = `k.cleared_at is null and k.warehouse_id = d.warehouse_id and exists (
		select from demand_lines l
		where l.demand_id = d.id and not l.straight and l.item_id = k.item_id and l.quantity - l.shipped > coalesce((
			select sum(b.on_hand - coalesce((
				select sum(t.quantity - t.picked - t.short) from pick_tasks t
				where t.location_id = b.location_id and t.item_id = b.item_id and t.lot_id = b.lot_id and t.state = 'open'), 0))
			from balances b join locations o on o.id = b.location_id
			where b.warehouse_id = k.warehouse_id and b.item_id = k.item_id and o.kind = 'bin' and o.use in ('pickable', 'overstock') and o.active
				and not exists (
					select from pick_blocks x where x.location_id = b.location_id and x.item_id = b.item_id and x.cleared_at is null)), 0))`

// causeOf is the Cause of an open demand d, the hardest to mend.
const causeOf = `case when d.held_reason <> '' then 'held'
	when not (` + servable + `) then 'stock'
	when exists (select from pick_blocks k where ` + inTheWay + `) then 'blocked'
	else 'ready' end`

// Causes counts the open demands of a warehouse by why they are on no list.
func Causes(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (_ map[Cause]int64, err error) {
	defer fault.Wrap(&err, "picking.Causes(%d)", warehouse)
	type row struct {
		cause Cause
		n     int64
	}
	rows, err := pg.Collect(func(r *row) []any { return []any{&r.cause, &r.n} })(q.QueryContext(ctx, `
		select `+causeOf+`, count(*) from demands d where d.warehouse_id = $1 and d.state = 'open' and `+ofTheFloor+` group by 1`, warehouse))
	counts := map[Cause]int64{}
	for _, r := range rows {
		counts[r.cause] = r.n
	}
	return counts, err
}

// QueueOf lists the open demands of a warehouse that wait by a cause, the most urgent first; with after only what comes
// behind that demand.
func QueueOf(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, cause Cause, after string, limit int) (_ []Report, err error) {
	defer fault.Wrap(&err, "picking.QueueOf(%d, %s)", warehouse, cause)
	return reports(ctx, q, `d.warehouse_id = $1 and d.state = 'open' and `+ofTheFloor+` and (`+causeOf+`) = $3
			and ($4 = '' or (-d.priority, d.due, d.id) > (select -priority, due, id from demands where ref = $4))`,
		`d.priority desc, d.due, d.id limit $2`, warehouse, limit, string(cause), after)
}

// Queue lists the demands of a warehouse that are in one of the states, the most urgent first; with after only what comes
// behind that demand.
func Queue(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, after string, limit int, states ...State) (_ []Report, err error) {
	defer fault.Wrap(&err, "picking.Queue(%d)", warehouse)
	return reports(ctx, q, `d.warehouse_id = $1 and d.state = any($3) and `+ofTheFloor+`
			and ($4 = '' or (-d.priority, d.due, d.id) > (select -priority, due, id from demands where ref = $4))`,
		`d.priority desc, d.due, d.id limit $2`, warehouse, limit, pg.Array(states), after)
}

func reports(ctx context.Context, q pg.Querier, where, order string, args ...any) ([]Report, error) {
	return pg.Collect(func(r *Report) []any {
		return []any{&r.Ref, &r.State, &r.Held, &r.ShipComplete, &r.Priority, &r.Urgent, &r.Due, &r.Released, &r.Carrier, &r.Notes,
			&r.Asked, &r.Promised, &r.Planned, &r.Picked, &r.Shipped, &r.Begun,
			pg.Array(&r.Lists), pg.Array(&r.Pickers), pg.Array(&r.Totes), pg.Array(&r.Unsorted), pg.Array(&r.OnTheWay), pg.Array(&r.Lacking), pg.Array(&r.Blocked),
			&r.LackingItem, &r.BlockedBin, &r.Cause}
	})(q.QueryContext(ctx, `
		with chosen as materialized (
			select d.* from demands d where `+where+` order by `+order+`)
		select d.ref, d.state, d.held_reason, d.ship_complete, d.priority,
			d.priority >= coalesce((select urgent_from from pick_rules where warehouse_id = d.warehouse_id), `+strconv.Itoa(DefaultRules().Urgent)+`),
			d.due, d.released_at, d.carrier, d.notes,
			u.asked, u.promised, u.planned, u.picked, u.shipped, coalesce(p.begun, false),
			coalesce(p.lists, '{}'), coalesce(p.pickers, '{}'),
			array(select l.code from tote_lines t join locations l on l.id = t.tote_id
				where t.demand_id = d.id group by l.code order by length(l.code), l.code),
			array(select l.code from tote_lines t join locations l on l.id = t.tote_id
				where t.demand_id = d.id and exists (select from tote_lines o where o.tote_id = t.tote_id and o.demand_id <> d.id)
				group by l.code order by length(l.code), l.code),
			case when d.state <> 'picked' then '{}' else array(
				select distinct format('P-%s', p.id)
				from tote_lines t join pick_lists p on p.state = 'started' and (p.tote_id = t.tote_id
					or exists (select from cart_totes c where c.list_id = p.id and c.tote_id = t.tote_id and c.active))
				where t.demand_id = d.id) end,
			coalesce(u.lacking, '{}'),
			case when d.state <> 'open' then '{}' else array(
				select format('%s in %s: %s', i.name, b.code, k.reason)
				from pick_blocks k join items i on i.id = k.item_id join locations b on b.id = k.location_id
				where `+inTheWay+`
				order by k.id) end,
			coalesce(u.lacks, 0), case when d.state <> 'open' then 0 else coalesce((
				select k.location_id from pick_blocks k
				where `+inTheWay+`
				order by k.id limit 1), 0) end,
			case when d.state = 'open' then `+causeOf+` else '' end
		from chosen d
		cross join lateral (
			select coalesce(sum(l.quantity), 0)::bigint as asked, coalesce(sum(r.held), 0)::bigint as promised,
				coalesce(sum(t.planned), 0)::bigint as planned, coalesce(sum(t.picked), 0)::bigint as picked, coalesce(sum(l.shipped), 0)::bigint as shipped,
				array_agg(format('%s %s%s', l.quantity - l.shipped - coalesce(r.held, 0), i.name, ', expected with ' || x.receipts) order by l.line)
					filter (where l.quantity - l.shipped > coalesce(r.held, 0)) as lacking,
				(array_agg(l.item_id order by l.line) filter (where l.quantity - l.shipped > coalesce(r.held, 0)))[1] as lacks
			from demand_lines l join items i on i.id = l.item_id `+lineSources+`
			left join lateral (
				select string_agg(e.number || coalesce(' on ' || to_char(e.due_on, 'FMDD Mon YYYY'), ''), ' and ' order by e.due_on, e.number) as receipts
				from expected_receipts e join expected_lines y on y.expected_id = e.id
				where y.item_id = l.item_id and e.warehouse_id = d.warehouse_id and e.state = 'open' and l.quantity - l.shipped > coalesce(r.held, 0)) x on true
			where l.demand_id = d.id and not l.straight) u
		left join lateral (
			select bool_or(p.state = 'started') as begun, array_agg(distinct format('P-%s', p.id)) as lists,
				array_agg(distinct w.name) filter (where p.state = 'started') as pickers
			from pick_lists p left join staff w on w.id = p.picker_id
			where p.state in ('released', 'started') and p.id in (select list_id from pick_tasks where demand_id = d.id and state = 'open')) p on true
		order by `+strings.Split(order, " limit")[0], args...))
}
