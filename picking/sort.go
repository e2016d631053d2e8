package picking

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/labels"
)

// sorter is somebody at a put-wall: out of which tote he sorts, and what is in his hand.
type sorter struct {
	who       staff.ID
	warehouse inventory.WarehouseID
	wall      inventory.LocationID
	wallCode  string
	tote      inventory.LocationID
	toteCode  string
	left      int64 // units in the tote
	hand      hand
}

// hand is what goes into a slot next.
type hand struct {
	demand   DemandID
	document string // the demand's ref; "" = the hand is empty
	ref      string // the line; "" = all that lies in the tote
	stock    stock
	name     string
	quantity int64
	most     int64 // so many of the line lie in the tote and in nobody else's hand
	slot     inventory.LocationID
	slotCode string
}

// sorting names the document of one person's scans at put-walls.
func sorting(who staff.ID) string { return fmt.Sprintf("sorting-%d", who) }

// Sort is one scan at a put-wall: the wall, a tote to be sorted, a unit out of it, or the slot that it goes into. A tote
// that holds goods of one order alone goes into its slot as a whole. What does not fit is a Step that is Wrong; nothing
// is moved then.
func Sort(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, s scan.Scan) (_ scan.Step, err error) {
	defer fault.Wrap(&err, "picking.Sort(%q)", s.Code)
	code, err := labels.Parse(s.Code)
	if err != nil {
		return scan.Step{}, err
	}
	if _, err := tx.ExecContext(ctx, `
		insert into sorters (staff_id, warehouse_id) values ($1, $2)
		on conflict (staff_id) do update set warehouse_id = excluded.warehouse_id`, s.Staff, warehouse); err != nil {
		return scan.Step{}, err
	}
	step, err := scan.Once(ctx, tx, s, sorting(s.Staff), func() (scan.Step, error) {
		w, err := readSorter(ctx, tx, warehouse, s.Staff)
		if err != nil {
			return scan.Step{}, err
		}
		step, err := w.answer(ctx, tx, s, code)
		if errors.Is(err, fault.Conflict) || errors.Is(err, fault.NotFound) {
			return w.wrong("%s", fault.Message(err)), nil
		}
		return step, err
	})
	if err != nil {
		return step, err
	}
	return step, markSorted(ctx, tx, step.Recent)
}

// markSorted leaves the undo button only to scans that put something into a slot.
func markSorted(ctx context.Context, q pg.Querier, recent []scan.Recent) error {
	moved, err := pg.Values[scan.Key](q.QueryContext(ctx, `select scan from movements where scan = any($1) and reason = 'sort'`,
		pg.Column(recent, func(r scan.Recent) string { return r.Key.String() })))
	for i := range recent {
		recent[i].Undoable = recent[i].Undoable && slices.Contains(moved, recent[i].Key)
	}
	return err
}

// ShowSort is the screen of somebody at a put-wall as it is now.
func ShowSort(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, who staff.ID) (_ scan.Step, err error) {
	defer fault.Wrap(&err, "picking.ShowSort(%d)", who)
	w, err := readSorter(ctx, q, warehouse, who)
	if err != nil {
		return scan.Step{}, err
	}
	step := w.step()
	if step.Recent, err = scan.Last(ctx, q, sorting(who), 5); err != nil {
		return step, err
	}
	return step, markSorted(ctx, q, step.Recent)
}

// freeInTote is how much of what sorter s has in hand lies in his tote, without what others have in hand of it.
const freeInTote = `
	select l.quantity - coalesce((
		select sum(h.quantity) from sorters h
		where h.tote_id = l.tote_id and h.ref = l.ref and h.lot_id = l.lot_id and h.staff_id <> s.staff_id), 0)::bigint as most
	from tote_lines l
	where l.tote_id = s.tote_id and l.ref = s.ref and l.lot_id = s.lot_id`

// readSorter reads where somebody is. With one put-wall in the house he stands at that one.
func readSorter(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, who staff.ID) (w sorter, err error) {
	w.who, w.warehouse = who, warehouse
	err = q.QueryRowContext(ctx, `
		with walls as (
			select id, code from locations where warehouse_id = $1 and kind = 'wall' and active),
		single as (
			select id from walls where (select count(*) from walls) = 1)
		select coalesce(wall.id, 0), coalesce(wall.code, ''), coalesce(s.tote_id, 0), coalesce(t.code, ''),
			coalesce((select sum(quantity) from tote_lines where tote_id = s.tote_id), 0)::bigint,
			coalesce(s.demand_id, 0), coalesce(d.ref, ''), coalesce(s.ref, ''), coalesce(s.item_id, 0), coalesce(s.lot_id, 0), coalesce(i.name, ''),
			coalesce(s.quantity, 0), coalesce(s.slot_id, 0), coalesce(o.code, ''), coalesce(free.most, 0)
		from (select 1) one
		left join sorters s on s.staff_id = $2 and s.warehouse_id = $1
		left join walls wall on wall.id = coalesce(s.wall_id, (select id from single))
		left join locations t on t.id = s.tote_id
		left join demands d on d.id = s.demand_id
		left join items i on i.id = s.item_id
		left join locations o on o.id = s.slot_id
		left join lateral (`+freeInTote+`) free on true`, warehouse, who).Scan(&w.wall, &w.wallCode, &w.tote, &w.toteCode, &w.left,
		&w.hand.demand, &w.hand.document, &w.hand.ref, &w.hand.stock.item, &w.hand.stock.lot, &w.hand.name, &w.hand.quantity,
		&w.hand.slot, &w.hand.slotCode, &w.hand.most)
	return w, err
}

func (w sorter) step() scan.Step {
	s := scan.Step{Title: "Put-wall"}
	if w.wall != 0 {
		s.Title += " " + w.wallCode
	}
	switch h := w.hand; {
	case w.wall == 0:
		s.Next, s.Expect = "Scan the put-wall", []string{string(labels.KindLocation)}
	case h.document != "" && h.ref == "":
		s.Next, s.Target, s.Expect = "Put all of it into the slot and scan the slot", h.slotCode, []string{string(labels.KindTote)}
		s.Detail, s.Quantity = []string{"everything in tote " + w.toteCode, h.document}, h.quantity
	case h.document != "":
		s.Next, s.Target, s.Expect = "Put it into the slot and scan the slot", h.slotCode, []string{string(labels.KindTote)}
		s.Detail, s.Quantity = []string{h.name, h.document}, h.quantity
	case w.tote != 0 && w.left > 0:
		s.Next, s.Target, s.Expect = "Scan the next piece", w.toteCode, []string{string(labels.KindGTIN), string(labels.KindUnknown)}
		s.Detail = []string{fmt.Sprintf("%d %s left in this tote", w.left, units(w.left))}
	default:
		s.Next, s.Expect = "Scan a tote to be sorted", []string{string(labels.KindTote)}
	}
	if w.hand.document == "" && w.tote != 0 && w.left > 0 {
		s.Choices = []scan.Choice{{Label: "Not in the tote", Code: command(labels.CommandShort), Style: scan.Problem}}
	}
	if h := w.hand; h.ref != "" && h.most > h.quantity { // no X-OK, as in picking
		s.Choices = append(s.Choices, scan.Choice{Label: fmt.Sprintf("All %d", h.most), Code: fmt.Sprintf("+%d", h.most-h.quantity), Style: scan.Bar})
	}
	if w.hand.document != "" {
		s.Choices = append(s.Choices, button("Undo", labels.CommandUndo))
	}
	return s
}

func (w sorter) right(format string, args ...any) scan.Step {
	step := w.step()
	step.Result, step.Message = scan.Right, fmt.Sprintf(format, args...)
	return step
}

func (w sorter) wrong(format string, args ...any) scan.Step {
	step := w.step()
	step.Result, step.Message = scan.Wrong, fmt.Sprintf(format, args...)
	return step
}

func (w *sorter) answer(ctx context.Context, tx *sql.Tx, s scan.Scan, code labels.Code) (scan.Step, error) {
	switch {
	case code.Kind == labels.KindCommand && code.Value == labels.CommandUndo:
		return w.undo(ctx, tx, s, uuid.Nil)
	case code.Kind == labels.KindCommand && code.Value == labels.CommandOK && w.hand.ref != "":
		return w.grow(ctx, tx, func(h hand) int64 { return h.most })
	case code.Kind == labels.KindCommand:
		if step, known, err := w.problem(ctx, tx, s, code.Value); known || err != nil {
			return step, err
		}
		return w.wrong("%s does nothing here. %s.", code, w.step().Next), nil
	case w.hand.document != "":
		return w.put(ctx, tx, s, code)
	}
	wall, err := w.wallOf(ctx, tx, code)
	switch {
	case err != nil:
		return scan.Step{}, err
	case wall != 0:
		return w.goTo(ctx, tx, wall)
	case code.Kind == labels.KindLocation:
		return w.wrong("%s is no put-wall. Scan the label of a wall, or a tote to be sorted.", code), nil
	case w.wall == 0:
		return w.wrong("This is %s. Scan the put-wall first.", code.Kind.A()), nil
	case code.Kind == labels.KindTote:
		return w.bring(ctx, tx, code)
	case w.tote == 0 || w.left == 0:
		return w.wrong("This is %s. Scan a tote to be sorted first.", code.Kind.A()), nil
	}
	return w.pick(ctx, tx, code)
}

// wallOf is the put-wall that was scanned, or typed by name; 0 for what cannot be one.
func (w *sorter) wallOf(ctx context.Context, q pg.Querier, code labels.Code) (inventory.LocationID, error) {
	if code.Kind == labels.KindTote || code.Kind == labels.KindGTIN {
		return 0, nil
	}
	return structure(ctx, q, w.warehouse, inventory.Wall, code)
}

// goTo takes another put-wall.
func (w *sorter) goTo(ctx context.Context, tx *sql.Tx, wall inventory.LocationID) (scan.Step, error) {
	err := tx.QueryRowContext(ctx, `
		update sorters set wall_id = l.id from locations l where staff_id = $1 and l.id = $2
		returning l.code`, w.who, wall).Scan(&w.wallCode)
	w.wall = wall
	return w.right("This is put-wall %s.", w.wallCode), err
}

// bring takes a tote to be sorted.
func (w *sorter) bring(ctx context.Context, tx *sql.Tx, code labels.Code) (scan.Step, error) {
	tote, err := lockTote(ctx, tx, w.warehouse, code)
	if err != nil {
		return scan.Step{}, err
	}
	var t struct {
		units, orders int64
		document      string
		inWall, whole bool
		filledBy      string
	}
	err = tx.QueryRowContext(ctx, `
		select coalesce(sum(l.quantity), 0)::bigint, count(distinct l.demand_id), coalesce(min(d.ref), ''),
			exists (select from locations o join locations p on p.id = o.parent_id where o.id = $1 and p.kind = 'wall'),
			coalesce(bool_and(d.state = 'picked') and not exists (
				select from tote_lines e where e.demand_id = min(d.id) and e.tote_id <> $1), false),
			coalesce((select format('%s fills it for P-%s', s.name, p.id) from pick_lists p join staff s on s.id = p.picker_id
				where p.state = 'started' and (p.tote_id = $1
					or exists (select from cart_totes c where c.list_id = p.id and c.tote_id = $1 and c.active)) limit 1), '')
		from tote_lines l join demands d on d.id = l.demand_id
		where l.tote_id = $1`, tote).Scan(&t.units, &t.orders, &t.document, &t.inWall, &t.whole, &t.filledBy)
	switch {
	case err != nil:
		return scan.Step{}, err
	case t.filledBy != "":
		return w.wrong("%s is not finished: %s. Scan another one.", code, t.filledBy), nil
	case t.units == 0 && t.inWall:
		return w.wrong("Slot %s is free.", code), nil
	case t.units == 0:
		return w.wrong("Tote %s is empty. Scan another one.", code), nil
	case t.inWall && t.whole:
		return w.carryOff(code, t.document, "Slot %s holds all of %s: carry it to packing."), nil
	case t.inWall:
		return w.wrong("Slot %s holds a part of %s. Scan a tote to be sorted.", code, t.document), nil
	case t.orders == 1 && t.whole:
		return w.carryOff(code, t.document, "Tote %s holds all of %s, and nothing else: carry it to packing."), nil
	}
	w.tote, w.toteCode, w.left = tote, code.String(), t.units
	if _, err := tx.ExecContext(ctx, `update sorters set tote_id = $2, wall_id = $3 where staff_id = $1`, w.who, tote, w.wall); err != nil {
		return scan.Step{}, err
	}
	if t.orders > 1 {
		return w.right("Tote %s: %d pieces of %d orders.", code, t.units, t.orders), nil
	}
	d, err := lockDemand(ctx, tx, t.document)
	if err != nil {
		return scan.Step{}, err
	}
	return w.take(ctx, tx, hand{demand: d.id, document: d.ref, quantity: t.units}, "Tote "+code.String()+" holds goods of "+d.ref+" alone.")
}

// carryOff is the screen for a tote that needs no sorting, until the next scan.
func (w *sorter) carryOff(tote labels.Code, document, said string) scan.Step {
	step := w.right(said, tote, document)
	step.Next, step.Target, step.Detail = "Carry it to packing", tote.String(), []string{document}
	return step
}

// turn makes those who sort out of one tote take turns.
func (w *sorter) turn(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `select from locations where id = $1 for no key update`, w.tote)
	return err
}

// pick takes a piece out of the tote: for an order that has a slot already rather than for another.
func (w *sorter) pick(ctx context.Context, tx *sql.Tx, code labels.Code) (scan.Step, error) {
	item, counts, lot, err := w.identify(ctx, tx, code)
	if errors.Is(err, fault.NotFound) || errors.Is(err, fault.Invalid) || errors.Is(err, fault.Conflict) {
		return w.wrong("%s", fault.Message(err)), nil
	}
	if err != nil {
		return scan.Step{}, err
	}
	h := hand{name: item.Name}
	var there int64
	if err := w.turn(ctx, tx); err != nil {
		return scan.Step{}, err
	}
	err = tx.QueryRowContext(ctx, `
		select l.demand_id, d.ref, l.ref, l.item_id, l.lot_id, l.quantity - h.held
		from tote_lines l join demands d on d.id = l.demand_id
		cross join lateral (
			select coalesce(sum(quantity), 0)::bigint as held from sorters o
			where o.tote_id = l.tote_id and o.ref = l.ref and o.lot_id = l.lot_id and o.staff_id <> $6) h
		where l.tote_id = $1 and l.item_id = $2 and l.quantity > h.held
			and ($4 = '' or l.lot_id in (0, (select id from lots where item_id = $2 and code = $4 limit 1)))
		order by l.quantity - h.held < $5, exists (
			select from tote_lines o join locations s on s.id = o.tote_id
			where o.demand_id = l.demand_id and s.parent_id = $3) desc, d.priority desc, d.due, d.id, l.ref
		limit 1`, w.tote, item.ID, w.wall, lot, counts, w.who).Scan(&h.demand, &h.document, &h.ref, &h.stock.item, &h.stock.lot, &there)
	if errors.Is(err, sql.ErrNoRows) {
		return w.wrong("This is %s. None of it should be in tote %s: put it aside.", item.Name, w.toteCode), nil
	}
	if err != nil {
		return scan.Step{}, err
	}
	if h.quantity, h.most = counts, there; counts > there {
		return w.wrong("This pack holds %d %s; no order in this tote wants so many. Scan single pieces.", counts, item.Name), nil
	}
	return w.take(ctx, tx, h, item.Name+" for "+h.document+".")
}

// take puts something into the sorter's hand, with the slot it goes to.
func (w *sorter) take(ctx context.Context, tx *sql.Tx, h hand, said string) (scan.Step, error) {
	var err error
	if h.slot, h.slotCode, err = w.slotFor(ctx, tx, h.demand); err != nil {
		return scan.Step{}, err
	}
	if h.slot == 0 {
		return w.wrong("Every slot of %s is taken. Bring complete orders to packing first.", w.wallCode), nil
	}
	_, err = tx.ExecContext(ctx, `
		update sorters set demand_id = $2, ref = nullif($3, ''), item_id = nullif($4::bigint, 0), lot_id = $5, quantity = $6, slot_id = $7
		where staff_id = $1`, w.who, h.demand, h.ref, h.stock.item, h.stock.lot, h.quantity, h.slot)
	w.hand = h
	return w.right("%s Slot %s.", said, h.slotCode), err
}

// slotFor is the slot of an order, or a free one for it; 0 when there is none. The wall is locked, so that two sorters
// never mean the same free slot.
func (w *sorter) slotFor(ctx context.Context, tx *sql.Tx, demand DemandID) (slot inventory.LocationID, code string, err error) {
	if _, err := tx.ExecContext(ctx, `select from locations where id = $1 for no key update`, w.wall); err != nil {
		return 0, "", err
	}
	err = tx.QueryRowContext(ctx, `
		select s.id, s.code from locations s
		where s.parent_id = $1 and s.kind = 'tote' and s.active
			and not exists (select from tote_lines l where l.tote_id = s.id and l.demand_id <> $2)
			and not exists (select from sorters o where o.slot_id = s.id and o.demand_id <> $2)
			and (exists (select from tote_lines l where l.tote_id = s.id)
				or not exists (select from balances b where b.location_id = s.id and b.on_hand > 0))
		order by exists (select from tote_lines l where l.tote_id = s.id) or exists (select from sorters o where o.slot_id = s.id) desc,
			length(s.code), s.code
		limit 1`, w.wall, demand).Scan(&slot, &code)
	return slot, code, orNone(err)
}

// put is the scan of the slot. Another one is a hard stop.
func (w *sorter) put(ctx context.Context, tx *sql.Tx, s scan.Scan, code labels.Code) (scan.Step, error) {
	h := w.hand
	switch {
	case code.Kind == labels.KindTote && code.String() != h.slotCode:
		return w.wrong("This is %s. Put it into slot %s and scan that slot.", code, h.slotCode), nil
	case code.Kind != labels.KindTote && h.ref == "":
		return w.wrong("Put it into slot %s and scan that slot.", h.slotCode), nil
	case code.Kind != labels.KindTote:
		return w.oneMore(ctx, tx, code)
	}
	if _, err := lockDemand(ctx, tx, h.document); err != nil {
		return scan.Step{}, err
	}
	lines, err := w.inHand(ctx, tx)
	if err != nil {
		return scan.Step{}, err
	}
	if len(lines) == 0 {
		err := w.drop(ctx, tx)
		return w.wrong("It is not in tote %s any more. Scan the next piece.", w.toteCode), err
	}
	if err := w.carry(ctx, tx, s, lines); err != nil {
		return scan.Step{}, err
	}
	if err := w.drop(ctx, tx); err != nil {
		return scan.Step{}, err
	}
	for _, l := range lines {
		w.left -= l.quantity
	}
	complete, err := lit(ctx, tx, h.demand)
	switch {
	case err == nil && complete:
	case h.ref != "" && h.quantity > 1:
		return w.right("%d in slot %s.", h.quantity, h.slotCode), err
	default:
		return w.right("In slot %s.", h.slotCode), err
	}
	return w.right("Slot %s is complete: %s goes to packing.", h.slotCode, h.document),
		outbox.Put(ctx, tx, outbox.Fact{Name: "demand.changed", Ref: h.document})
}

// toteLine is what lies in a tote for a line.
type toteLine struct {
	ref      string
	stock    stock
	quantity int64
}

// inHand is what of the tote goes into the slot.
func (w *sorter) inHand(ctx context.Context, q pg.Querier) ([]toteLine, error) {
	return pg.Collect(func(l *toteLine) []any { return []any{&l.ref, &l.stock.item, &l.stock.lot, &l.quantity} })(q.QueryContext(ctx, `
		select ref, item_id, lot_id, case when $3 = '' then quantity else $5 end
		from tote_lines
		where tote_id = $1 and demand_id = $2 and ($3 = '' or ref = $3 and lot_id = $4 and quantity >= $5)
		order by ref, lot_id`, w.tote, w.hand.demand, w.hand.ref, w.hand.stock.lot, w.hand.quantity))
}

// carry moves lines from the tote into the slot.
func (w *sorter) carry(ctx context.Context, tx *sql.Tx, s scan.Scan, lines []toteLine) error {
	moves := make([]inventory.Movement, len(lines))
	for i, l := range lines {
		moves[i] = inventory.Movement{Warehouse: w.warehouse, Item: l.stock.item, Lot: l.stock.lot, Quantity: l.quantity, From: w.tote, To: w.hand.slot,
			Reason: inventory.ReasonSort, Ref: l.ref, Note: w.hand.document, Staff: s.Staff, Station: s.Station, Scan: s.Key, Leg: int16(i), At: s.At}
	}
	if err := inventory.Move(ctx, tx, moves...); err != nil {
		return err
	}
	return relay(ctx, tx, w.tote, w.hand.slot, lines)
}

// relay follows on the books of totes what was moved from one to another.
func relay(ctx context.Context, tx *sql.Tx, from, to inventory.LocationID, lines []toteLine) error {
	for _, l := range lines {
		if err := Unload(ctx, tx, from, l.ref, l.stock.lot, l.quantity); err != nil {
			return err
		}
		if err := Reload(ctx, tx, to, l.ref, l.stock.lot, l.quantity); err != nil {
			return err
		}
	}
	return nil
}

// drop empties the hand.
func (w *sorter) drop(ctx context.Context, tx *sql.Tx) error {
	w.hand = hand{}
	_, err := tx.ExecContext(ctx, `
		update sorters set demand_id = null, ref = null, item_id = null, lot_id = 0, quantity = 0, slot_id = null where staff_id = $1`, w.who)
	return err
}

// lit reports whether all of a demand is picked and lies in one slot of a put-wall.
func lit(ctx context.Context, q pg.Querier, demand DemandID) (complete bool, err error) {
	err = q.QueryRowContext(ctx, `
		select d.state = 'picked' and (
			select count(distinct l.tote_id) = 1 and bool_and(w.kind is not null)
			from tote_lines l join locations s on s.id = l.tote_id left join locations w on w.id = s.parent_id and w.kind = 'wall'
			where l.demand_id = d.id)
		from demands d where d.id = $1`, demand).Scan(&complete)
	return complete, err
}

// UndoSort takes a scan at a put-wall back, the last one that moved something when key is zero. What is in the hand goes
// back into the tote first.
func UndoSort(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, key scan.Key, s scan.Scan) (scan.Step, error) {
	s.Code = command(labels.CommandUndo)
	if key == uuid.Nil {
		return Sort(ctx, tx, warehouse, s)
	}
	step, err := scan.Once(ctx, tx, s, sorting(s.Staff), func() (scan.Step, error) {
		w, err := readSorter(ctx, tx, warehouse, s.Staff)
		if err != nil {
			return scan.Step{}, err
		}
		return w.undo(ctx, tx, s, key)
	})
	if err != nil {
		return step, err
	}
	return step, markSorted(ctx, tx, step.Recent)
}

func (w *sorter) undo(ctx context.Context, tx *sql.Tx, s scan.Scan, key scan.Key) (scan.Step, error) {
	if key == uuid.Nil && w.hand.document != "" {
		err := w.drop(ctx, tx)
		return w.right("Put it back into tote %s.", w.toteCode), err
	}
	type moved struct {
		toteLine
		scan     scan.Key
		document string
		from, to inventory.LocationID
		there    int64
	}
	lines, err := pg.Collect(func(m *moved) []any {
		return []any{&m.scan, &m.ref, &m.stock.item, &m.stock.lot, &m.quantity, &m.document, &m.from, &m.to, &m.there}
	})(tx.QueryContext(ctx, `
		select m.scan, m.ref, m.item_id, m.lot_id, m.quantity, m.note, m.from_id, m.to_id, coalesce(l.quantity, 0)
		from movements m left join tote_lines l on l.tote_id = m.to_id and l.ref = m.ref and l.lot_id = m.lot_id
		where m.reason = 'sort' and m.scan = (
			select s.key from scans s
			where s.ref = $1 and s.undone_by is null and ($2::uuid is null or s.key = $2)
				and exists (select from movements o where o.scan = s.key and o.reason = 'sort')
			order by s.id desc limit 1)
		order by m.id`, sorting(s.Staff), uuid.NullUUID{UUID: key, Valid: key != uuid.Nil}))
	if err != nil {
		return scan.Step{}, err
	}
	if len(lines) == 0 {
		return w.wrong("There is nothing to take back here."), nil
	}
	if _, err := lockDemand(ctx, tx, lines[0].document); err != nil {
		return scan.Step{}, err
	}
	back := make([]toteLine, len(lines))
	for i, l := range lines {
		if back[i] = l.toteLine; l.there < l.quantity {
			return w.wrong("That is in a carton already. Have the packer take it out first."), nil
		}
	}
	if err := inventory.Reverse(ctx, tx, lines[0].scan, inventory.Movement{Staff: s.Staff, Station: s.Station, Scan: s.Key, At: s.At}); err != nil {
		return scan.Step{}, err
	}
	if err := scan.TakeBack(ctx, tx, lines[0].scan, s.Key); err != nil {
		return scan.Step{}, err
	}
	if err := relay(ctx, tx, lines[0].to, lines[0].from, back); err != nil {
		return scan.Step{}, err
	}
	if _, err := tx.ExecContext(ctx, `update sorters set tote_id = $2 where staff_id = $1`, w.who, lines[0].from); err != nil {
		return scan.Step{}, err
	}
	*w, err = readSorter(ctx, tx, w.warehouse, w.who)
	return w.right("Taken back: it belongs into tote %s again.", w.toteCode), err
}
