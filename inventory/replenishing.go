package inventory

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/labels"
)

// ReplenishingCommands are the command barcodes that replenishing shares with picking.
func ReplenishingCommands() []labels.Command { return CountingCommands() }

// bringing is one scan of somebody who brings stock to pick faces.
type bringing struct {
	tx        *sql.Tx
	scan      scan.Scan
	warehouse WarehouseID
	task      Replenishment // zero: nothing to bring
	hand      bringer
}

// bringer is what the screen remembers for one person.
type bringer struct {
	hands  LocationID      // theirs: what they carry lies there by the books; 0 before the first time
	source LocationID      // the bin they take from, once it was scanned
	bin    LocationID      // another bin, scanned once: a second scan of it confirms
	task   ReplenishmentID // a colleague's work: a second scan takes it over
}

// refills names the document of one person's replenishing scans.
func refills(who staff.ID) string { return "replenishing-" + strconv.FormatInt(int64(who), 10) }

// Bring answers one scan of a person who brings stock to pick faces: the bin named, the item once for each piece or
// "+5" for five, then the pick face. What was taken lies in the person's hands by the books as well, so that nobody is
// sent to a bin for it and it stays promised. Another bin than the one named must be scanned twice.
func Bring(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, s scan.Scan) (step scan.Step, err error) {
	defer fault.Wrap(&err, "inventory.Bring(%d)", s.Staff)
	b := &bringing{tx: tx, scan: s, warehouse: warehouse}
	return b.answer(ctx, func() (verdict, error) { return b.take(ctx) })
}

// UndoBring brings back in the books what an earlier scan took or put.
func UndoBring(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, which scan.Key, s scan.Scan) (step scan.Step, err error) {
	defer fault.Wrap(&err, "inventory.UndoBring(%s)", which)
	b := &bringing{tx: tx, scan: s, warehouse: warehouse}
	return b.answer(ctx, func() (verdict, error) { return b.undo(ctx, which) })
}

func (b *bringing) answer(ctx context.Context, do func() (verdict, error)) (step scan.Step, err error) {
	if err := b.begin(ctx); err != nil {
		return scan.Step{}, err
	}
	defer markBrought(ctx, b.tx, &step, &err)
	return scan.Once(ctx, b.tx, b.scan, refills(b.scan.Staff), func() (scan.Step, error) {
		done, err := do()
		if err != nil {
			return scan.Step{}, err
		}
		return b.finish(ctx, done)
	})
}

// begin locks the person's row, so that two scans of one person take turns, then what they work on.
func (b *bringing) begin(ctx context.Context) error {
	err := b.tx.QueryRowContext(ctx, `
		insert into replenishing (staff_id) values ($1) on conflict (staff_id) do update set staff_id = excluded.staff_id
		returning coalesce(hand_id, 0), coalesce(source_id, 0), coalesce(bin_id, 0), coalesce(task_id, 0)`, b.scan.Staff).
		Scan(&b.hand.hands, &b.hand.source, &b.hand.bin, &b.hand.task)
	if err == nil {
		b.task, err = bringsNow(ctx, b.tx, b.scan.Staff, ` for no key update of t`)
	}
	return err
}

// bringsNow is what a person works on.
func bringsNow(ctx context.Context, q pg.Querier, who staff.ID, lock string) (Replenishment, error) {
	return replenishmentWhere(ctx, q, `where t.staff_id = $1 and t.state = 'open'`+lock, who)
}

func (b *bringing) finish(ctx context.Context, done verdict) (scan.Step, error) {
	_, err := b.tx.ExecContext(ctx, `
		update replenishing set hand_id = nullif($2::bigint, 0), source_id = nullif($3::bigint, 0), bin_id = nullif($4::bigint, 0), task_id = nullif($5::bigint, 0)
		where staff_id = $1`, b.scan.Staff, b.hand.hands, b.hand.source, b.hand.bin, b.hand.task)
	if err != nil {
		return scan.Step{}, err
	}
	if b.task, err = bringsNow(ctx, b.tx, b.scan.Staff, ``); err != nil {
		return scan.Step{}, err
	}
	return bringingScreen(ctx, b.tx, b.warehouse, b.task, b.hand, done)
}

// take reads the code and does what it says.
func (b *bringing) take(ctx context.Context) (verdict, error) {
	code, err := labels.Parse(b.scan.Code)
	if err != nil {
		return wrong("%s", fault.Message(err)), nil
	}
	switch {
	case code.Kind == labels.KindCommand:
		return b.command(ctx, code.Value)
	case amount.MatchString(b.scan.Code):
		return b.typed(ctx, quantityOf(b.scan.Code))
	}
	it, n, err := FindBarcode(ctx, b.tx, code)
	misread := err
	if k := fault.KindOf(err); err != nil && k != fault.NotFound && k != fault.Invalid {
		return verdict{}, err
	}
	if misread == nil {
		return b.item(ctx, it, n)
	}
	place, err := FindLocation(ctx, b.tx, b.warehouse, code)
	switch {
	case err == nil && b.task.ID == 0:
		return b.claimWhere(ctx, place.Code, `$2 in (t.from_id, t.face_id)`, place.ID)
	case err == nil:
		return b.place(ctx, place)
	case fault.KindOf(err) != fault.NotFound:
		return verdict{}, err
	}
	return wrong("%s", fault.Message(misread)), nil
}

func (b *bringing) command(ctx context.Context, name string) (verdict, error) {
	working := b.task.ID != 0
	switch {
	case name == labels.CommandUndo:
		return b.undoLast(ctx)
	case name == labels.CommandOK && b.hand.bin != 0 && working:
		return b.agreed(ctx)
	case name == labels.CommandOK && b.hand.task != 0 && !working:
		return b.takeOver(ctx)
	case name == labels.CommandSkip && working:
		return b.leave(ctx)
	case name == labels.CommandSkip:
		b.hand.task = 0
		return right("Left with your colleague. %s", b.instruction()), nil
	case name == labels.CommandNew && !working:
		return b.claimWhere(ctx, "", `$2 = 0`, 0)
	case (name == commandEmpty || name == labels.CommandShort) && working:
		return b.short(ctx)
	}
	return wrong("X-%s means nothing here. %s", name, b.instruction()), nil
}

func (b *bringing) instruction() string {
	switch {
	case b.task.ID == 0:
		return "Scan a bin or an item, or ask for work."
	case b.full():
		return "Take it to " + b.task.FaceCode + " and scan the bin."
	case b.hand.source == 0:
		return "Scan the bin " + b.task.FromCode + "."
	}
	return "Scan the item."
}

// full says that all that is wanted is in hand.
func (b *bringing) full() bool { return b.task.Taken >= b.task.Quantity }

// claimWhere takes the next in turn that nobody works on; two who ask at once get different ones: the second waits for
// the first and goes on to the next row. (Rows that are locked are not skipped, for Replenish locks them all while it
// looks.) When all are worked on, it asks whether to take one over.
func (b *bringing) claimWhere(ctx context.Context, what, condition string, arg any) (verdict, error) {
	mine, err := replenishmentWhere(ctx, b.tx, `
		where t.warehouse_id = $1 and `+condition+` and t.state = 'open' and t.staff_id is null`+inTurn+` limit 1 for no key update of t`, b.warehouse, arg)
	if err != nil {
		return verdict{}, err
	}
	if mine.ID != 0 {
		return b.claim(ctx, mine)
	}
	other, err := replenishmentWhere(ctx, b.tx, `
		where t.warehouse_id = $1 and `+condition+` and t.state = 'open' and t.staff_id is not null order by t.claimed_at, t.id limit 1`, b.warehouse, arg)
	switch {
	case err != nil:
		return verdict{}, err
	case other.ID == 0 && what == "":
		return wrong("Nothing waits to be brought."), nil
	case other.ID == 0:
		return wrong("Nothing of %s waits to be brought. Scan another item or bin.", what), nil
	case what == "":
		return wrong("All that waits is being worked on already. Scan an item to take it over."), nil
	case b.hand.task == other.ID:
		return b.takeOver(ctx)
	}
	b.hand.task = other.ID
	return verdict{scan.Decide, other.By + " brings " + other.Name + " since " + other.ClaimedAt.UTC().Format("15:04") + " UTC. Scan it again to take it over."}, nil
}

func (b *bringing) claim(ctx context.Context, r Replenishment) (verdict, error) {
	b.hand.source, b.hand.bin, b.hand.task = 0, 0, 0
	_, err := b.tx.ExecContext(ctx, `update replenishments set staff_id = $2, claimed_at = $3 where id = $1`, r.ID, b.scan.Staff, b.scan.At)
	return right("%d %s from %s to %s.", r.Quantity-r.Done, r.Name, r.FromCode, r.FaceCode), err
}

// takeOver makes a colleague's work this person's, with what the colleague carries.
func (b *bringing) takeOver(ctx context.Context) (verdict, error) {
	r, err := replenishmentWhere(ctx, b.tx, `where t.id = $1 and t.warehouse_id = $2 for no key update of t`, b.hand.task, b.warehouse)
	if err != nil {
		return verdict{}, err
	}
	if r.State != "open" {
		b.hand.task = 0
		return wrong("Your colleague has brought it meanwhile. Scan the next item."), nil
	}
	if r.Carried() > 0 {
		var theirs LocationID
		err := b.tx.QueryRowContext(ctx, `select hand_id from replenishing where staff_id = $1`, r.Staff).Scan(&theirs)
		if err == nil {
			b.task = r
			err = b.carry(ctx, theirs, 0, r.Carried())
		}
		if err != nil {
			return verdict{}, err
		}
	}
	return b.claim(ctx, r)
}

// item answers the scan of an item.
func (b *bringing) item(ctx context.Context, it Item, n int64) (verdict, error) {
	switch {
	case b.task.ID == 0:
		return b.claimWhere(ctx, it.Name, `t.item_id = $2`, it.ID)
	case it.ID != b.task.Item:
		return wrong("This is %s. You bring %s.", it.Name, b.task.Name), nil
	case b.full():
		return wrong("You have all %d. Take them to %s and scan the bin.", b.task.Carried(), b.task.FaceCode), nil
	case b.hand.source == 0:
		return wrong("Scan the bin %s first, then the item.", b.task.FromCode), nil
	}
	return b.lift(ctx, n)
}

// typed takes so many at once.
func (b *bringing) typed(ctx context.Context, n int64) (verdict, error) {
	left := b.task.Quantity - b.task.Taken
	switch {
	case b.task.ID == 0 || b.hand.source == 0:
		return wrong("%s", b.instruction()), nil
	case left <= 0:
		return wrong("You have all %d. Take them to %s and scan the bin.", b.task.Carried(), b.task.FaceCode), nil
	case n == 0 || n > left:
		return wrong("%d %s are wanted. Type a plus and a number from 1 to %d.", left, b.task.Name, left), nil
	}
	return b.lift(ctx, n)
}

// lift takes pieces out of the bin into the hands.
func (b *bringing) lift(ctx context.Context, n int64) (verdict, error) {
	b.hand.bin = 0
	err := b.carry(ctx, b.hand.source, 0, n)
	if fault.KindOf(err) == fault.Conflict {
		return wrong("%s", fault.Message(err)), nil
	}
	if err != nil {
		return verdict{}, err
	}
	if _, err = b.tx.ExecContext(ctx, `update replenishments set taken = taken + $2 where id = $1`, b.task.ID, n); err != nil {
		return verdict{}, err
	}
	b.task.Taken += n
	if b.full() {
		return right("+%d %s: all %d. Take them to %s.", n, b.task.Name, b.task.Carried(), b.task.FaceCode), nil
	}
	return right("+%d %s, %d of %d.", n, b.task.Name, b.task.Taken-b.task.Done, b.task.Quantity-b.task.Done), nil
}

// carry moves pieces of the task's item between two places, the lots as they lie there. A place of 0 is this person's
// hands, which are made when they are first needed.
func (b *bringing) carry(ctx context.Context, from, to LocationID, n int64) error {
	if b.hand.hands == 0 {
		err := b.tx.QueryRowContext(ctx, `
			insert into locations (warehouse_id, kind, code) values ($1, 'cart', $2)
			on conflict (warehouse_id, kind, code) do update set code = excluded.code returning id`,
			b.warehouse, "HAND-"+strconv.FormatInt(int64(b.scan.Staff), 10)).Scan(&b.hand.hands)
		if err == nil {
			_, err = b.tx.ExecContext(ctx, `update replenishing set hand_id = $2 where staff_id = $1`, b.scan.Staff, b.hand.hands)
		}
		if err != nil {
			return err
		}
	}
	if from == 0 {
		from = b.hand.hands
	}
	if to == 0 {
		to = b.hand.hands
	}
	lots, err := list(ctx, b.tx, func(d *difference) []any { return []any{&d.lot, &d.by} }, `
		select lot_id, on_hand from balances where location_id = $1 and item_id = $2 and on_hand > 0 order by lot_id for no key update`, from, b.task.Item)
	if err != nil {
		return err
	}
	var moves []Movement
	m := Movement{Warehouse: b.warehouse, Item: b.task.Item, From: from, To: to, Reason: ReasonTransfer, Ref: b.task.ID.String(),
		Note: "to a pick face, " + b.task.Reason, Staff: b.scan.Staff, Station: b.scan.Station, Scan: b.scan.Key, At: b.scan.At}
	for _, l := range lots {
		if m.Lot, m.Quantity = l.lot, min(l.by, n); m.Quantity > 0 {
			moves, n = append(moves, m), n-m.Quantity
			m.Leg++
		}
	}
	if n > 0 { // more than is there: the ledger says so
		m.Lot, m.Quantity = 0, n
		if len(lots) > 0 && len(moves) > 0 && moves[0].Lot == 0 {
			moves[0].Quantity += n
		} else {
			moves = append(moves, m)
		}
	}
	return Move(ctx, b.tx, moves...)
}

// place answers the scan of a location by somebody who has something to bring.
func (b *bringing) place(ctx context.Context, l Location) (verdict, error) {
	carried, again := b.task.Carried(), l.ID == b.hand.bin
	b.hand.bin = 0
	switch {
	case carried == 0 && l.ID == b.task.Face:
		return wrong("You carry nothing yet. Take %s from %s first.", b.task.Name, b.task.FromCode), nil
	case carried == 0:
		return b.at(ctx, l, again)
	case l.ID == b.task.Face:
		return b.put(ctx, l)
	case l.ID == b.hand.source && !b.full() && !again: // half way: that is no wish to put it back
		b.hand.bin = l.ID
		return verdict{scan.Decide, "You carry " + strconv.FormatInt(carried, 10) + " " + b.task.Name + ". Scan " + l.Code + " again to put them back."}, nil
	}
	if no := unfit(l); no != "" {
		return wrong("%s Take it to %s.", no, b.task.FaceCode), nil
	}
	if !again {
		b.hand.bin = l.ID
		return verdict{scan.Decide, "This is " + l.Code + ", not " + b.task.FaceCode + ". Scan it again to put it here."}, nil
	}
	return b.put(ctx, l)
}

// at says which bin it is taken from.
func (b *bringing) at(ctx context.Context, l Location, again bool) (verdict, error) {
	if l.ID != b.task.From {
		if no := unfit(l); no != "" {
			return wrong("%s Go to %s.", no, b.task.FromCode), nil
		}
		there, err := OnHand(ctx, b.tx, b.task.Item, l.ID)
		if err != nil {
			return verdict{}, err
		}
		if there <= 0 {
			return wrong("%s is not in %s by the books. Go to %s.", b.task.Name, l.Code, b.task.FromCode), nil
		}
		if !again {
			b.hand.bin = l.ID
			return verdict{scan.Decide, "This is " + l.Code + ", not " + b.task.FromCode + ". Scan it again to take it from here."}, nil
		}
		if _, err := b.tx.ExecContext(ctx, `update replenishments set from_id = $2 where id = $1`, b.task.ID, l.ID); err != nil {
			return verdict{}, err
		}
	}
	b.hand.source = l.ID
	return right("%s: take %d %s.", l.Code, b.task.Quantity-b.task.Taken, b.task.Name), nil
}

// agreed is X-OK to the bin that was asked about.
func (b *bringing) agreed(ctx context.Context) (verdict, error) {
	l, err := LocationByID(ctx, b.tx, b.hand.bin)
	if err != nil {
		return verdict{}, err
	}
	return b.place(ctx, l)
}

// put lays what is carried into a bin: the pick face, another bin, or back where it came from.
func (b *bringing) put(ctx context.Context, l Location) (verdict, error) {
	if no := unfit(l); no != "" {
		return wrong("%s Put it back into %s, and tell a manager.", no, b.task.FromCode), nil
	}
	n := b.task.Carried()
	err := b.carry(ctx, 0, l.ID, n)
	if fault.KindOf(err) == fault.Conflict {
		return wrong("%s", fault.Message(err)), nil
	}
	if err != nil {
		return verdict{}, err
	}
	if l.ID == b.task.From {
		_, err := b.tx.ExecContext(ctx, `update replenishments set taken = done where id = $1`, b.task.ID)
		return right("%d %s put back into %s.", n, b.task.Name, l.Code), err
	}
	b.hand.source = 0
	_, err = b.tx.ExecContext(ctx, `
		update replenishments set done = taken, state = case when taken >= quantity then 'done' else 'open' end, closed_at = case when taken >= quantity then $2::timestamptz end
		where id = $1`, b.task.ID, b.scan.At)
	if b.full() {
		return right("%d %s put into %s.", n, b.task.Name, l.Code), err
	}
	return right("%d %s put into %s, %d left to bring.", n, b.task.Name, l.Code, b.task.Quantity-b.task.Taken), err
}

// leave lets somebody else go on, or nobody: what was brought is enough.
func (b *bringing) leave(ctx context.Context) (verdict, error) {
	if b.task.Carried() > 0 {
		return wrong("You carry %d %s. Take them to %s, or scan %s twice to put them back.", b.task.Carried(), b.task.Name, b.task.FaceCode, b.task.FromCode), nil
	}
	b.hand.source, b.hand.bin = 0, 0
	return right("The rest of %s is left for somebody else.", b.task.Name), b.over(ctx)
}

// over ends work that goes no further: done as far as it went, else it waits for somebody else.
func (b *bringing) over(ctx context.Context) error {
	_, err := b.tx.ExecContext(ctx, `
		update replenishments set state = case when done > 0 then 'done' else 'open' end, closed_at = case when done > 0 then $2::timestamptz end,
		       staff_id = case when done > 0 then staff_id end, claimed_at = case when done > 0 then claimed_at end
		where id = $1`, b.task.ID, b.scan.At)
	return err
}

// short says that the bin does not give what it should: it is to be counted, and gives nothing more until then.
func (b *bringing) short(ctx context.Context) (verdict, error) {
	if b.hand.source == 0 {
		return wrong("Scan the bin %s first.", b.task.FromCode), nil
	}
	var code string
	if err := b.tx.QueryRowContext(ctx, `select code from locations where id = $1`, b.hand.source).Scan(&code); err != nil {
		return verdict{}, err
	}
	bin, carried := b.hand.source, b.task.Carried()
	b.hand.source, b.hand.bin = 0, 0
	if carried > 0 {
		if _, err := b.tx.ExecContext(ctx, `update replenishments set quantity = taken where id = $1`, b.task.ID); err != nil {
			return verdict{}, err
		}
	} else if _, err := b.tx.ExecContext(ctx, `
		update replenishments set state = case when done > 0 then 'done' else 'cancelled' end, closed_at = $2 where id = $1`, b.task.ID, b.scan.At); err != nil {
		return verdict{}, err
	}
	err := AskCount(ctx, b.tx, CountRequest{Warehouse: b.warehouse, Location: bin, Item: b.task.Item, Reason: CountShort, Ref: b.task.ID.String(), Staff: b.scan.Staff, At: b.scan.At})
	if carried > 0 {
		return right("%s is to be counted. Take your %d to %s.", code, carried, b.task.FaceCode), err
	}
	return right("%s is to be counted. It is brought from another bin, if there is one.", code), err
}

// undoLast takes back the last of this person's scans that moved something.
func (b *bringing) undoLast(ctx context.Context) (verdict, error) {
	var key scan.Key
	err := b.tx.QueryRowContext(ctx, `
		select s.key from scans s
		where s.ref = $1 and s.undone_by is null and exists (
			select from movements m join locations f on f.id = m.from_id join locations t on t.id = m.to_id
			where m.scan = s.key and m.reason = 'transfer' and m.ref like 'REPL-%' and 'bin' in (f.kind, t.kind))
		order by s.id desc limit 1`, refills(b.scan.Staff)).Scan(&key)
	if err == sql.ErrNoRows {
		return wrong("There is nothing to take back."), nil
	}
	if err != nil {
		return verdict{}, err
	}
	return b.undo(ctx, key)
}

// undo mirrors what one scan took or put. Work that was over is open again.
func (b *bringing) undo(ctx context.Context, which scan.Key) (verdict, error) {
	var id ReplenishmentID
	var n int64
	var from, to LocationID
	var fromCode, toCode string
	err := b.tx.QueryRowContext(ctx, `
		select substring(m.ref from 6)::bigint, sum(m.quantity)::bigint, m.from_id, m.to_id, f.code, t.code
		from movements m join scans s on s.key = m.scan join locations f on f.id = m.from_id join locations t on t.id = m.to_id
		where m.scan = $1 and m.reason = 'transfer' and m.ref like 'REPL-%' and 'bin' in (f.kind, t.kind) and s.ref = $2 and s.undone_by is null
		group by m.ref, m.from_id, m.to_id, f.code, t.code`, which, refills(b.scan.Staff)).Scan(&id, &n, &from, &to, &fromCode, &toCode)
	if err == sql.ErrNoRows {
		return wrong("That scan moved nothing, or was taken back already."), nil
	}
	if err != nil {
		return verdict{}, err
	}
	r, err := replenishmentWhere(ctx, b.tx, `where t.id = $1 for no key update of t`, id)
	if err != nil {
		return verdict{}, err
	}
	if no, err := b.mayUndo(ctx, r, from, to); err != nil || no.message != "" {
		return no, err
	}
	err = Reverse(ctx, b.tx, which, Movement{Staff: b.scan.Staff, Station: b.scan.Station, Scan: b.scan.Key, At: b.scan.At})
	if fault.KindOf(err) == fault.Conflict {
		return wrong("%s", fault.Message(err)), nil
	}
	if err == nil {
		err = scan.TakeBack(ctx, b.tx, which, b.scan.Key)
	}
	if err != nil {
		return verdict{}, err
	}
	taken, done := int64(0), int64(0)
	switch {
	case to == b.hand.hands: // it was taken
		taken = -n
		b.hand.source = from
	case to == r.From: // it was put back
		taken = n
	default: // it was put
		done = -n
	}
	b.hand.bin, b.hand.task = 0, 0
	_, err = b.tx.ExecContext(ctx, `
		update replenishments set taken = taken + $2, done = done + $3, quantity = greatest(quantity, taken + $2), state = 'open', closed_at = null, staff_id = $4,
		       claimed_at = coalesce(claimed_at, $5) where id = $1`, id, taken, done, b.scan.Staff, b.scan.At)
	return right("Taken back: %d %s from %s to %s.", n, r.Name, toCode, fromCode), err
}

// mayUndo says why a scan's work cannot be taken up again.
func (b *bringing) mayUndo(ctx context.Context, r Replenishment, from, to LocationID) (no verdict, err error) {
	if from != b.hand.hands && to != b.hand.hands {
		return wrong("A colleague has taken this over. Ask them to bring it back."), nil
	}
	if b.task.ID != 0 && b.task.ID != r.ID {
		return wrong("You bring %s now. Finish or leave it first.", b.task.Name), nil
	}
	if r.State == "open" {
		if r.Staff != 0 && r.Staff != b.scan.Staff {
			return wrong("%s works on this now.", r.By), nil
		}
		return verdict{}, nil
	}
	if err := turn(ctx, b.tx, r.Face); err != nil {
		return verdict{}, err
	}
	other, err := replenishmentWhere(ctx, b.tx, `where t.face_id = $1 and t.item_id = $2 and t.state = 'open' for no key update of t`, r.Face, r.Item)
	if err != nil || other.ID == 0 {
		return verdict{}, err
	}
	if other.Staff != 0 {
		return wrong("%s brings more of it to %s now. Take it back on the page of the bin.", other.By, r.FaceCode), nil
	}
	_, err = b.tx.ExecContext(ctx, `update replenishments set state = 'cancelled', closed_at = $2 where id = $1`, other.ID, b.scan.At)
	return verdict{}, err
}

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
