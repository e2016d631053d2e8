package inventory

import (
	"context"
	"database/sql"
	"strconv"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/labels"
)

// ReplenishingCommands are the command barcodes that replenishing shares with picking.
func ReplenishingCommands() []labels.Command {
	return []labels.Command{{Name: commandEmpty, Words: "The bin is empty"}}
}

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
		return b.item(ctx, it, n, tagOf(code, it, b.scan.At))
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
	return b.lotAlone(ctx, code, fault.Message(misread))
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
	case (name == labels.CommandNew || name == labels.CommandOK) && !working:
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
			err = b.carry(ctx, theirs, 0, anyLot, r.Carried())
		}
		if err != nil {
			return verdict{}, err
		}
	}
	return b.claim(ctx, r)
}

// item answers the scan of an item.
func (b *bringing) item(ctx context.Context, it Item, n int64, said tag) (verdict, error) {
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
	return b.liftItem(ctx, it, n, said)
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
	it, err := ItemByID(ctx, b.tx, b.task.Item)
	if err == nil && it.Tracking == BySerial {
		return b.liftItem(ctx, it, n, tag{})
	}
	if err != nil {
		return verdict{}, err
	}
	return b.lift(ctx, anyLot, n)
}

// lift takes pieces out of the bin into the hands: of one lot, or of those whose turn it is.
func (b *bringing) lift(ctx context.Context, lot LotID, n int64) (verdict, error) {
	b.hand.bin = 0
	err := b.carry(ctx, b.hand.source, 0, lot, n)
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

// lotsInTurn are the lots of an item in a place in the order in which they leave it; with $3 those too that are too old.
const lotsInTurn = `
	from balances b join lots lo on lo.id = b.lot_id join items i on i.id = b.item_id join warehouses w on w.id = b.warehouse_id
	where b.location_id = $1 and b.item_id = $2 and b.on_hand > 0 and (not lo.blocked or $3)
	order by case coalesce(nullif(i.removal, ''), w.removal) when 'fifo' then null else lo.expires_on end nulls last, lo.received_on nulls first, b.lot_id`

// carry moves pieces of the task's item between two places, of one lot or lot by lot in their turn; what is too old stays in its bin. A
// place of 0 is this person's hands, which are made when they are first needed.
func (b *bringing) carry(ctx context.Context, from, to LocationID, lot LotID, n int64) error {
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
		select b.lot_id, b.on_hand `+lotsInTurn+` for no key update of b`, from, b.task.Item, from == b.hand.hands)
	if err != nil {
		return err
	}
	var moves []Movement
	m := Movement{Warehouse: b.warehouse, Item: b.task.Item, From: from, To: to, Reason: ReasonTransfer, Ref: b.task.ID.String(),
		Note: "to a pick face, " + b.task.Reason, Staff: b.scan.Staff, Station: b.scan.Station, Scan: b.scan.Key, At: b.scan.At}
	for _, l := range lots {
		if m.Lot, m.Quantity = l.lot, min(l.by, n); m.Quantity > 0 && (lot == anyLot || l.lot == lot) {
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
