package production

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/labels"
	"tote/picking"
)

// Spoils are the reasons to scrap a piece, as people read them.
var Spoils = []string{"misprint", "wrong colour", "damaged", "wrong size", "other"}

// scrapping begins the Action of a button that scraps a piece.
const scrapping = "scrap "

// Knows reports whether a bench has a button of that action.
func Knows(action string) bool {
	reason, is := strings.CutPrefix(action, scrapping)
	return is && slices.Contains(Spoils, reason)
}

// bench is one scan of somebody who makes things.
type bench struct {
	tx        *sql.Tx
	scan      scan.Scan
	warehouse inventory.WarehouseID
	order     WorkOrder            // zero: nothing on the bench
	bin       inventory.LocationID // that blanks are taken from
}

// room names the document of one person's scans at a bench.
func room(who staff.ID) string { return "workshop-" + strconv.FormatInt(int64(who), 10) }

// Take answers one scan at a bench, or one of its buttons (action). A work order puts itself on the bench and is started; a
// bin and a blank draw blanks; a number or X-OK says how many are made; a tote takes those that pass the check; a button
// scraps one. What does not fit is answered with a Step that is Wrong.
func Take(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, s scan.Scan, action string) (step scan.Step, err error) {
	defer fault.Wrap(&err, "production.Take(%d)", s.Staff)
	if action != "" {
		s.Code = action
	}
	b := &bench{tx: tx, scan: s, warehouse: warehouse}
	return b.answer(ctx, func() (scan.Result, string, error) { return b.take(ctx, action) })
}

// UndoTake takes back what an earlier scan of this person drew or made.
func UndoTake(ctx context.Context, tx *sql.Tx, warehouse inventory.WarehouseID, which scan.Key, s scan.Scan) (step scan.Step, err error) {
	defer fault.Wrap(&err, "production.UndoTake(%s)", which)
	b := &bench{tx: tx, scan: s, warehouse: warehouse}
	return b.answer(ctx, func() (scan.Result, string, error) { return b.undo(ctx, which) })
}

func (b *bench) answer(ctx context.Context, do func() (scan.Result, string, error)) (scan.Step, error) {
	if err := b.begin(ctx); err != nil {
		return scan.Step{}, err
	}
	step, err := scan.Once(ctx, b.tx, b.scan, room(b.scan.Staff), func() (scan.Step, error) {
		result, message, err := do()
		if err != nil {
			return scan.Step{}, err
		}
		return b.finish(ctx, result, message)
	})
	if err == nil {
		err = markUndoable(ctx, b.tx, step.Recent)
	}
	return step, err
}

// markUndoable leaves the undo button only to scans that drew or made something.
func markUndoable(ctx context.Context, q pg.Querier, recent []scan.Recent) error {
	open, err := pg.Values[scan.Key](q.QueryContext(ctx, `
		select scan from work_counts where scan = any($1) and kind in ('drawn', 'made') and undone_by is null`,
		pg.Column(recent, func(r scan.Recent) string { return r.Key.String() })))
	for i := range recent {
		recent[i].Undoable = slices.Contains(open, recent[i].Key)
	}
	return err
}

// Show is a person's bench as it was left.
func Show(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID, who staff.ID) (step scan.Step, err error) {
	defer fault.Wrap(&err, "production.Show(%d)", who)
	var id ID
	var bin inventory.LocationID
	err = q.QueryRowContext(ctx, `select coalesce(work_order_id, 0), coalesce(bin_id, 0) from makers where staff_id = $1`, who).Scan(&id, &bin)
	if err != nil && err != sql.ErrNoRows {
		return step, err
	}
	var w WorkOrder
	if id != 0 {
		if w, err = get(ctx, q, warehouse, id, ""); err != nil && fault.KindOf(err) != fault.NotFound {
			return step, err
		}
	}
	if step, err = screen(ctx, q, w, bin); err != nil {
		return step, err
	}
	if step.Recent, err = scan.Last(ctx, q, room(who), 5); err != nil {
		return step, err
	}
	return step, markUndoable(ctx, q, step.Recent)
}

// begin locks the person's row, then the work order on the bench.
func (b *bench) begin(ctx context.Context) error {
	var id ID
	err := b.tx.QueryRowContext(ctx, `
		insert into makers (staff_id) values ($1) on conflict (staff_id) do update set staff_id = excluded.staff_id
		returning coalesce(work_order_id, 0), coalesce(bin_id, 0)`, b.scan.Staff).Scan(&id, &b.bin)
	if err != nil || id == 0 {
		return err
	}
	b.order, err = get(ctx, b.tx, b.warehouse, id, ` for update of w`)
	if fault.KindOf(err) == fault.NotFound { // of a warehouse this person left
		return nil
	}
	return err
}

func (b *bench) finish(ctx context.Context, result scan.Result, message string) (scan.Step, error) {
	if b.order.ID != 0 {
		var err error
		if b.order, err = get(ctx, b.tx, b.warehouse, b.order.ID, ""); err != nil {
			return scan.Step{}, err
		}
	}
	if b.order.State == Finished || b.order.State == Cancelled {
		b.order, b.bin = WorkOrder{}, 0
	}
	if _, err := b.tx.ExecContext(ctx, `update makers set work_order_id = nullif($2::bigint, 0), bin_id = nullif($3::bigint, 0) where staff_id = $1`,
		b.scan.Staff, b.order.ID, b.bin); err != nil {
		return scan.Step{}, err
	}
	step, err := screen(ctx, b.tx, b.order, b.bin)
	step.Result, step.Message = result, message
	return step, err
}

func right(format string, args ...any) (scan.Result, string, error) {
	return scan.Right, fmt.Sprintf(format, args...), nil
}

func wrong(format string, args ...any) (scan.Result, string, error) {
	return scan.Wrong, fmt.Sprintf(format, args...), nil
}

// refused turns a conflict of what lies below into an answer; nothing was written then.
func refused(err error) (scan.Result, string, error) {
	if fault.KindOf(err) == fault.Conflict || fault.KindOf(err) == fault.NotFound {
		return wrong("%s", fault.Message(err))
	}
	return "", "", err
}

// take reads the code and does what it says.
func (b *bench) take(ctx context.Context, action string) (scan.Result, string, error) {
	if reason, is := strings.CutPrefix(action, scrapping); is {
		return b.scrap(ctx, reason)
	}
	code, err := labels.Parse(b.scan.Code)
	if err != nil {
		return wrong("%s", fault.Message(err))
	}
	if code.Kind == labels.KindWorkOrder {
		return b.open(ctx, ID(code.Number))
	}
	if b.order.ID == 0 {
		return wrong("This is %s. Scan a work order first.", code.Kind.A())
	}
	if n, typed := amount(b.scan.Code); typed {
		return b.make(ctx, n)
	}
	switch code.Kind {
	case labels.KindTote:
		return b.pass(ctx, code)
	case labels.KindCommand:
		return b.obey(ctx, code.Value)
	}
	return b.draw(ctx, code)
}

// amount reads "3" or "+3" as it is typed.
func amount(text string) (n int64, typed bool) {
	digits := strings.TrimPrefix(text, "+")
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil && n > 0 && len(digits) <= 5
}

// obey answers a command: X-OK says that everything on the bench is made, X-SKIP clears the bench.
func (b *bench) obey(ctx context.Context, name string) (scan.Result, string, error) {
	switch name {
	case labels.CommandOK:
		return b.make(ctx, b.order.AtBench())
	case labels.CommandSkip:
		was := b.order
		b.order, b.bin = WorkOrder{}, 0
		return right("%s is off your bench. Scan it to go on.", was.ID)
	case labels.CommandUndo:
		return b.undo(ctx, scan.Key{})
	}
	return wrong("X-%s means nothing here.", name)
}

// open puts a work order on the bench, and starts it. Only the very files that were approved can be started.
func (b *bench) open(ctx context.Context, id ID) (scan.Result, string, error) {
	w, err := get(ctx, b.tx, b.warehouse, id, ` for update of w`)
	switch {
	case err != nil:
		return refused(err)
	case w.State == Finished:
		return wrong("%s is finished: all %d pieces are good.", id, w.Pieces)
	case w.State == Cancelled:
		return wrong("%s was cancelled. Throw its paper away.", id)
	case b.scan.Station == 0:
		return wrong("Scan the code of your bench first, so that everybody knows where %s is.", id)
	case b.order.ID != 0 && b.order.ID != id && b.order.Made > 0:
		return wrong("%d of %s are made and nobody has looked at them. Scan a tote for the good ones, or X-SKIP to leave them for later.", b.order.Made, b.order.ID)
	}
	if why, err := unapproved(ctx, b.tx, w); err != nil || why != "" {
		return scan.Wrong, why, err
	}
	if w.Partner != 0 {
		return b.unwrap(w)
	}
	tool, err := toolOf(ctx, b.tx, w.Ref)
	if err != nil {
		return "", "", err
	}
	if tool.ID != 0 && tool.State != ToolMade {
		return wrong("%s", tool.says())
	}
	b.order, b.bin = w, 0
	if w.State == Started {
		return right("%s", strings.TrimSpace(fmt.Sprintf("%s goes on here. %s", id, tool.says())))
	}
	if err := b.set(ctx, `state = 'started', started_at = $2`, b.scan.At); err != nil {
		return "", "", err
	}
	if tool.ID != 0 {
		return right("%s is started: %d × %s. %s", id, w.Pieces, w.Product, tool.says())
	}
	return right("%s is started: %d × %s.", id, w.Pieces, w.Product)
}

// unwrap puts what a partner printed on the bench, to be looked at.
func (b *bench) unwrap(w WorkOrder) (scan.Result, string, error) {
	switch {
	case w.Straight:
		return wrong("%s goes straight from %s to the customer. Put it aside and call %s.", w.ID, w.PartnerName, or(w.FulfillerName, "a fulfiller"))
	case w.State == Open:
		return wrong("%s was not handed to %s yet. Put it aside and call %s.", w.ID, w.PartnerName, or(w.FulfillerName, "a fulfiller"))
	}
	b.order, b.bin = w, 0
	return right("%s came from %s: count, then look at each piece.", w.ID, w.PartnerName)
}

// unapproved says why a work order may not be made: its files are no longer those that were approved.
func unapproved(ctx context.Context, q pg.Querier, w WorkOrder) (why string, err error) {
	var same bool
	err = q.QueryRowContext(ctx, `
		select exists (select from work_files where work_order_id = $1) and not exists (
			select version, hash from work_files where work_order_id = $1
			except select f.version, f.hash from art_jobs j join art_decision_files f on f.decision_id = j.decision_id and f.verdict = 'approved'
			where j.ref = $2 and j.state = 'approved')`, w.ID, w.Ref).Scan(&same)
	if err == nil && !same {
		why = fmt.Sprintf("The files of %s are not those that were approved. Do not make it, and call a manager.", w.ID)
	}
	return why, err
}

// set changes the work order on the bench, counts the scan and tells the order.
func (b *bench) set(ctx context.Context, what string, args ...any) error {
	return b.count(ctx, "started", 0, "", false, what, args...)
}

func (b *bench) count(ctx context.Context, kind string, n int64, reason string, unmade bool, what string, args ...any) error {
	if _, err := b.tx.ExecContext(ctx, `update work_orders set `+what+` where id = $1`, append([]any{b.order.ID}, args...)...); err != nil {
		return err
	}
	if _, err := b.tx.ExecContext(ctx, `
		insert into work_counts (scan, work_order_id, kind, quantity, reason, unmade, staff_id, station_id, at) values ($1, $2, $3, $4, $5, $6, $7, nullif($8::bigint, 0), $9)`,
		b.scan.Key, b.order.ID, kind, n, reason, unmade, b.scan.Staff, b.scan.Station, b.scan.At); err != nil {
		return err
	}
	return tell(ctx, b.tx, b.order)
}

// draw takes blanks: first the bin is scanned, then the blank, once for each or for each pack of it.
func (b *bench) draw(ctx context.Context, code labels.Code) (scan.Result, string, error) {
	it, n, err := inventory.FindBarcode(ctx, b.tx, code)
	if kind := fault.KindOf(err); err != nil && kind != fault.NotFound && kind != fault.Invalid {
		return "", "", err
	}
	if err == nil {
		return b.drawItem(ctx, it, n)
	}
	place, missing := inventory.FindLocation(ctx, b.tx, b.warehouse, code)
	if missing != nil {
		return refused(missing)
	}
	return b.drawFrom(ctx, place)
}

func (b *bench) drawFrom(ctx context.Context, l inventory.Location) (scan.Result, string, error) {
	w := b.order
	if w.Wanted() == 0 {
		return wrong("Nothing is to be taken from %s: all blanks are here.", l.Code)
	}
	there, err := inventory.OnHand(ctx, b.tx, w.Blank, l.ID)
	if err != nil {
		return "", "", err
	}
	if there <= 0 || l.Kind != inventory.Bin {
		return wrong("%s is not in %s by the books.", w.BlankName, l.Code)
	}
	b.bin = l.ID
	return right("%s: take %d × %s.", l.Code, min(there, w.Wanted()), w.BlankName)
}

func (b *bench) drawItem(ctx context.Context, it inventory.Item, n int64) (scan.Result, string, error) {
	w := b.order
	switch {
	case w.Blank == 0:
		return wrong("%s needs no blanks.", w.ID)
	case it.ID != w.Blank:
		return wrong("This is %s. Take %s.", it.Name, w.BlankName)
	case b.bin == 0:
		return wrong("Scan the bin first that you take %s from.", w.BlankName)
	case n > w.Wanted():
		return wrong("Only %d more are wanted.", w.Wanted())
	}
	workshop, err := inventory.Standing(ctx, b.tx, b.warehouse, inventory.Workshop)
	if err != nil {
		return "", "", err
	}
	m := b.movement(w.Blank, n)
	m.From, m.To = b.bin, workshop
	if err := inventory.Ship(ctx, b.tx, m); err != nil {
		return refused(err)
	}
	if err := b.count(ctx, "drawn", n, "", false, `drawn = drawn + $2`, n); err != nil {
		return "", "", err
	}
	if w.Wanted() == n {
		b.bin = 0
	}
	return right("+%d %s, %d of %d", n, it.Name, w.Drawn+n, w.Pieces+w.Scrapped)
}

func (b *bench) movement(item inventory.ItemID, n int64) inventory.Movement {
	return inventory.Movement{Warehouse: b.warehouse, Item: item, Quantity: n, Reason: inventory.ReasonMake, Ref: b.order.ID.String(), Note: b.order.Ref,
		Staff: b.scan.Staff, Station: b.scan.Station, Scan: b.scan.Key, At: b.scan.At}
}

// make counts pieces as made; somebody still has to look at them.
func (b *bench) make(ctx context.Context, n int64) (scan.Result, string, error) {
	switch most := b.order.AtBench(); {
	case most <= 0 && b.order.Again > 0:
		return wrong("%s was not asked for the spoiled ones again yet. Call %s.", b.order.PartnerName, or(b.order.FulfillerName, "a fulfiller"))
	case most <= 0 && b.order.Wanted() > 0:
		return wrong("There are no blanks on your bench. Take %s first.", b.order.BlankName)
	case most <= 0:
		return wrong("Everything is made. Look at the pieces: scan a tote for the good ones.")
	case n > most:
		return wrong("Only %d can be made of what is on your bench.", most)
	}
	if err := b.count(ctx, "made", n, "", false, `made = made + $2`, n); err != nil {
		return "", "", err
	}
	if b.order.Partner != 0 {
		return right("%d came. Look at them: good ones go into a tote.", n)
	}
	return right("%d made. Look at them: good ones go into a tote.", n)
}

// pass puts the pieces that are good into a tote of their order.
func (b *bench) pass(ctx context.Context, tote labels.Code) (scan.Result, string, error) {
	w := b.order
	if w.Made == 0 {
		return wrong("Nothing is made that could go into %s. Say first how many are made.", tote)
	}
	from := inventory.Workshop
	if w.Partner != 0 {
		from = inventory.Partner
	}
	err := picking.Deliver(ctx, b.tx, picking.Delivery{Warehouse: b.warehouse, Line: w.Ref, Lot: w.Lot, Quantity: w.Made, From: from, Tote: tote, Scan: b.scan})
	if err != nil {
		return refused(err)
	}
	set := `good = good + $2, made = 0`
	if w.Good+w.Made == w.Pieces {
		set += `, state = 'finished', finished_at = $3`
	} else {
		set += `, started_at = least(started_at, $3)`
	}
	if err := b.count(ctx, "passed", w.Made, "", false, set, w.Made, b.scan.At); err != nil {
		return "", "", err
	}
	if w.Partner != 0 && w.Good+w.Made == w.Pieces {
		if err := w.stands(ctx, b.tx, Over, "over", "all came and are good", 0, b.scan.Staff, b.scan.At, ""); err != nil {
			return "", "", err
		}
	}
	if w.Good+w.Made == w.Pieces {
		return right("%s is finished: %d good in %s, ready to be packed.", w.ID, w.Pieces, tote)
	}
	return right("%d good into %s, %d of %d", w.Made, tote, w.Good+w.Made, w.Pieces)
}

// scrap throws one piece away, one that was made or one under work, and asks for another blank.
func (b *bench) scrap(ctx context.Context, reason string) (scan.Result, string, error) {
	w := b.order
	if !slices.Contains(Spoils, reason) {
		return wrong("Say why it is scrapped.")
	}
	unmade := w.Made > 0
	if !unmade && w.Partner != 0 {
		return wrong("Say first how many came.")
	}
	if !unmade && (w.ID == 0 || w.AtBench() <= 0) {
		return wrong("There is nothing on your bench that could be scrapped.")
	}
	if w.Blank != 0 || w.Partner != 0 {
		if err := b.throwAway(ctx); err != nil {
			return refused(err)
		}
	}
	set := `scrapped = scrapped + 1`
	if unmade {
		set += `, made = made - 1`
	}
	if err := b.count(ctx, "scrapped", 1, reason, unmade, set); err != nil {
		return "", "", err
	}
	if w.Partner != 0 {
		err := w.stands(ctx, b.tx, Waiting, "spoiled", reason, 1, b.scan.Staff, b.scan.At, `, again = again + 1`)
		if err != nil {
			return "", "", err
		}
		return right("1 scrapped: %s. %s is asked for another one.", reason, w.PartnerName)
	}
	return right("1 scrapped: %s. Make another one.", reason)
}

// throwAway moves a spoiled blank to scrap, and promises another one to the work order; or a spoiled piece of a partner.
func (b *bench) throwAway(ctx context.Context) error {
	made, item, lot := inventory.Workshop, b.order.Blank, inventory.LotID(0)
	if b.order.Partner != 0 {
		made, item, lot = inventory.Partner, b.order.Item, b.order.Lot
	}
	workshop, err := inventory.Standing(ctx, b.tx, b.warehouse, made)
	if err != nil {
		return err
	}
	bucket, err := inventory.Standing(ctx, b.tx, b.warehouse, inventory.Scrap)
	if err != nil {
		return err
	}
	m := b.movement(item, 1)
	m.Lot, m.From, m.To = lot, workshop, bucket
	if err := inventory.Move(ctx, b.tx, m); err != nil || b.order.Partner != 0 {
		return err
	}
	return b.promise(ctx, 1)
}

// promise wants so many more blanks for the work order.
func (b *bench) promise(ctx context.Context, n int64) error {
	w := b.order
	_, err := inventory.Reserve(ctx, b.tx, inventory.Want{Ref: w.ID.String(), Document: w.ID.String(), Warehouse: w.Warehouse, Item: w.Blank, Quantity: n, Due: w.Due, Since: b.scan.At})
	return err
}

// undo takes a scan at this work order back, the last one for the zero key: blanks go to their bin, made ones are not made. What lies in a tote is
// packing's, and what is scrap stays scrap.
func (b *bench) undo(ctx context.Context, which scan.Key) (scan.Result, string, error) {
	var key scan.Key
	var kind string
	var n int64
	err := b.tx.QueryRowContext(ctx, `
		select scan, kind, quantity from work_counts
		where work_order_id = $1 and staff_id = $2 and undone_by is null and kind <> 'started' and $3::uuid in (scan, '00000000-0000-0000-0000-000000000000'::uuid)
		order by id desc limit 1`, b.order.ID, b.scan.Staff, which).Scan(&key, &kind, &n)
	switch {
	case err == sql.ErrNoRows:
		return wrong("There is nothing to take back.")
	case err != nil:
		return "", "", err
	case kind == "passed":
		return wrong("The pieces are in their tote. Take them out at packing.")
	case kind == "scrapped":
		return wrong("What is scrapped stays scrapped.")
	}
	set := map[string]string{"drawn": `drawn = drawn - $2`, "made": `made = made - $2`}[kind]
	if kind == "drawn" {
		if b.order.AtBench() < n {
			return wrong("Those blanks are made into pieces already.")
		}
		if err := inventory.Reverse(ctx, b.tx, key, inventory.Movement{Staff: b.scan.Staff, Station: b.scan.Station, Scan: b.scan.Key, At: b.scan.At}); err != nil {
			return refused(err)
		}
		if err := b.promise(ctx, n); err != nil {
			return "", "", err
		}
	} else if b.order.Made < n {
		return wrong("Those pieces were looked at already.")
	}
	if _, err := b.tx.ExecContext(ctx, `update work_orders set `+set+` where id = $1`, b.order.ID, n); err != nil {
		return "", "", err
	}
	if _, err := b.tx.ExecContext(ctx, `update work_counts set undone_by = $2 where scan = $1`, key, b.scan.Key); err != nil {
		return "", "", err
	}
	if err := scan.TakeBack(ctx, b.tx, key, b.scan.Key); err != nil {
		return "", "", err
	}
	return right("Taken back: %d %s.", n, kind)
}
