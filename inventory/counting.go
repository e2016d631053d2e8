package inventory

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/labels"
)

// Commands of counting beside those of every screen.
const (
	commandEmpty = "EMPTY" // nothing is in the bin, as it says in picking
	commandNone  = "NOLOT" // the piece in hand bears no lot
)

// CountingCommands are the command barcodes that counting knows beside those of every screen.
func CountingCommands() []labels.Command {
	return []labels.Command{
		{Name: commandEmpty, Words: "The bin is empty"},
		{Name: commandLot, Words: "What follows is of another lot"},
		{Name: commandNone, Words: "It bears no lot"},
	}
}

// counter is one scan of somebody who counts.
type counter struct {
	tx        *sql.Tx
	scan      scan.Scan
	warehouse WarehouseID
	count     count // zero: no bin is being counted
	hand      talker
}

// talker is what the screen remembers for one person.
type talker struct {
	item     ItemID // "+5" counts of it
	lot      LotID  // of this one
	asked    lotInHand
	bin      LocationID
	question string
}

// lotInHand is what is known of pieces that are counted as soon as their lot is.
type lotInHand struct {
	tag
	quantity int64
}

// count is one person's count of one bin.
type count struct {
	ID        CountID
	Warehouse WarehouseID
	Location  LocationID
	Code      string
	Whole     bool
	Staff     staff.ID
	By        string
	Claimed   time.Time
	Started   time.Time // zero until the bin was scanned
	Why       string
}

const countColumns = `
	select c.id, c.warehouse_id, c.location_id, l.code, c.whole, c.staff_id, s.name, c.claimed_at, c.started_at,
	       coalesce((select string_agg(distinct t.reason || case when t.ref = '' then '' else ', ' || t.ref end, '; ') from count_tasks t where t.count_id = c.id), '')
	from counts c join locations l on l.id = c.location_id join staff s on s.id = c.staff_id `

func (c *count) fields() []any {
	return []any{&c.ID, &c.Warehouse, &c.Location, &c.Code, &c.Whole, &c.Staff, &c.By, &c.Claimed, (*moment)(&c.Started), &c.Why}
}

// countWhere reads a count; none is a zero one.
func countWhere(ctx context.Context, q pg.Querier, where string, arg any) (c count, err error) {
	err = q.QueryRowContext(ctx, countColumns+where, arg).Scan(c.fields()...)
	if err == sql.ErrNoRows {
		return count{}, nil
	}
	return c, err
}

// countOf is what a person counts.
func countOf(ctx context.Context, q pg.Querier, who staff.ID, lock string) (count, error) {
	return countWhere(ctx, q, `where c.staff_id = $1 and c.state = 'open'`+lock, who)
}

// counting names the document of one person's counting scans.
func counting(who staff.ID) string { return "counting-" + strconv.FormatInt(int64(who), 10) }

// Count answers one scan of a person who counts bins. A bin's code says which; then every item scanned is one more of
// it, "+5" five more of the item scanned last and "12" twelve of it in all; the bin's code once more ends the count.
// Of what is tracked, what is counted is a lot or a piece: its code says which, or the screen asks, and what follows is
// of the same lot until another is named.
//
// The screen never says what the books say. Work goes on meanwhile: what moved between a scan and the end is no
// difference, and what moved while an item was being counted has that item counted again.
//
// A difference becomes movements from found or to lost when the count ends. A large one waits until somebody else has
// found the same.
func Count(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, s scan.Scan) (step scan.Step, err error) {
	defer fault.Wrap(&err, "inventory.Count(%d)", s.Staff)
	c := &counter{tx: tx, scan: s, warehouse: warehouse}
	return c.answer(ctx, func() (verdict, error) { return c.take(ctx) })
}

// UndoCount takes back what an earlier scan counted, or the end of a count with what it moved.
func UndoCount(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, which scan.Key, s scan.Scan) (step scan.Step, err error) {
	defer fault.Wrap(&err, "inventory.UndoCount(%s)", which)
	c := &counter{tx: tx, scan: s, warehouse: warehouse}
	return c.answer(ctx, func() (verdict, error) { return c.undo(ctx, which) })
}

func (c *counter) answer(ctx context.Context, do func() (verdict, error)) (step scan.Step, err error) {
	if err := c.begin(ctx); err != nil {
		return scan.Step{}, err
	}
	defer markCounted(ctx, c.tx, &step, &err)
	return scan.Once(ctx, c.tx, c.scan, counting(c.scan.Staff), func() (scan.Step, error) {
		done, err := do()
		if err != nil {
			return scan.Step{}, err
		}
		return c.finish(ctx, done)
	})
}

// begin locks the person's row, so that two scans of one person take turns, then what they count.
func (c *counter) begin(ctx context.Context) error {
	err := c.tx.QueryRowContext(ctx, `
		insert into counting (staff_id) values ($1) on conflict (staff_id) do update set staff_id = excluded.staff_id
		returning `+talkerColumns, c.scan.Staff).Scan(c.hand.fields()...)
	if err == nil {
		c.count, err = countOf(ctx, c.tx, c.scan.Staff, ` for no key update of c`)
	}
	if c.count.ID == 0 && (c.hand.waits() || c.hand.item != 0) { // a colleague has the bin now: nothing more is asked about it
		c.hand = talker{}
	}
	return err
}

const talkerColumns = `coalesce(item_id, 0), lot_id, lot, quantity, expires_on, coalesce(bin_id, 0), question`

func (h *talker) fields() []any {
	return []any{&h.item, &h.lot, &h.asked.lot, &h.asked.quantity, (*moment)(&h.asked.expires), &h.bin, &h.question}
}

func (c *counter) finish(ctx context.Context, done verdict) (scan.Step, error) {
	_, err := c.tx.ExecContext(ctx, `
		update counting set item_id = nullif($2::bigint, 0), lot_id = $3, lot = $4, quantity = $5, expires_on = $6::date,
		       bin_id = nullif($7::bigint, 0), question = $8 where staff_id = $1`,
		c.scan.Staff, c.hand.item, c.hand.lot, c.hand.asked.lot, c.hand.asked.quantity, dayOrNull(c.hand.asked.expires), c.hand.bin, c.hand.question)
	if err != nil {
		return scan.Step{}, err
	}
	if c.count, err = countOf(ctx, c.tx, c.scan.Staff, ``); err != nil {
		return scan.Step{}, err
	}
	return countingScreen(ctx, c.tx, c.warehouse, c.count, c.hand, done)
}

// number is how many there are in all; with a plus, how many more.
var number = regexp.MustCompile(`^[0-9]{1,6}$`)

// take reads the code and does what it says.
func (c *counter) take(ctx context.Context) (verdict, error) {
	code, err := labels.Parse(c.scan.Code)
	if err != nil {
		return wrong("%s", fault.Message(err)), nil
	}
	switch {
	case code.Kind == labels.KindCommand:
		return c.command(ctx, code.Value)
	case c.hand.waits():
		return c.answerLot(ctx, code)
	case c.count.ID == 0 && code.Kind != labels.KindLocation:
		if v, lost, err := c.lost(ctx, code); err != nil || lost {
			return v, err
		}
	}
	switch {
	case amount.MatchString(c.scan.Code):
		return c.more(ctx, quantityOf(c.scan.Code))
	}
	it, n, err := FindBarcode(ctx, c.tx, code)
	misread := err
	if k := fault.KindOf(err); err != nil && k != fault.NotFound && k != fault.Invalid {
		return verdict{}, err
	}
	if misread == nil {
		return c.item(ctx, it, n, code)
	}
	if len(c.scan.Code) >= lotDigits {
		if v, known, err := c.bareLot(ctx, code); err != nil || known {
			return v, err
		}
	}
	if number.MatchString(c.scan.Code) && c.hand.item != 0 {
		n, err := strconv.ParseInt(c.scan.Code, 10, 64)
		if err != nil {
			return verdict{}, err
		}
		if cut, err := c.cutInTwo(ctx); err != nil || cut {
			return wrong("That may be the rest of a barcode: scan it again. If you meant %d in all, type it once more.", n), err
		}
		return c.all(ctx, n)
	}
	place, err := FindLocation(ctx, c.tx, c.warehouse, code)
	switch {
	case err == nil:
		return c.place(ctx, place)
	case fault.KindOf(err) != fault.NotFound:
		return verdict{}, err
	}
	if v, known, err := c.bareLot(ctx, code); err != nil || known {
		return v, err
	}
	return c.unknown(ctx, code, misread)
}

func (c *counter) command(ctx context.Context, name string) (verdict, error) {
	switch {
	case name == labels.CommandUndo && c.hand.question != "":
		return c.dropped(), nil
	case name == labels.CommandUndo:
		return c.undoLast(ctx)
	case c.hand.waits():
		return c.commandOfLot(ctx, name)
	case name == commandLot && !c.count.Started.IsZero():
		c.hand = talker{}
		return right("Scan the next item, or type the other lot."), nil
	case name == labels.CommandOK && c.hand.question == asksUnasked:
		return c.countUnasked(ctx)
	case name == labels.CommandOK && c.hand.question == asksColleague:
		return c.takeOver(ctx)
	case name == labels.CommandOK && c.hand.question == asksEmpty:
		return c.empty(ctx)
	case name == labels.CommandOK && c.hand.question == asksNamed:
		return c.end(ctx)
	case name == labels.CommandSkip && c.hand.question != "":
		return c.dropped(), nil
	case name == labels.CommandSkip && c.count.ID != 0:
		return c.leave(ctx)
	case (name == labels.CommandNew || name == labels.CommandOK) && c.count.ID == 0:
		return c.next(ctx)
	case name == commandEmpty && !c.count.Started.IsZero():
		return c.empty(ctx)
	}
	return wrong("X-%s means nothing here. %s", name, c.instruction()), nil
}

func (c *counter) instruction() string {
	switch {
	case c.count.ID == 0:
		return "Scan a bin to count."
	case c.count.Started.IsZero():
		return "Scan the bin " + c.count.Code + "."
	}
	return "Scan what is in " + c.count.Code + ", then the bin again."
}

// place answers the scan of a location.
func (c *counter) place(ctx context.Context, l Location) (verdict, error) {
	switch {
	case c.count.ID == 0:
		return c.at(ctx, l)
	case l.ID == c.count.Location && c.count.Started.IsZero():
		return c.start(ctx)
	case l.ID == c.count.Location:
		return c.end(ctx)
	case c.count.Started.IsZero():
		return wrong("This is %s. Go to %s and scan it there, or choose Leave it.", l.Code, c.count.Code), nil
	}
	return wrong("This is %s. You count %s: scan it again when all in it is counted.", l.Code, c.count.Code), nil
}

// leave gives the bin back for somebody else; what was counted of it so far counts for nothing.
func (c *counter) leave(ctx context.Context) (verdict, error) {
	code := c.count.Code
	err := abandon(ctx, c.tx, c.count.ID)
	c.count, c.hand = count{}, talker{}
	return right("%s is left for somebody else.", code), err
}

// abandon ends a count without a result: its tasks wait again.
func abandon(ctx context.Context, tx *sql.Tx, id CountID) error {
	for _, do := range []string{
		`delete from count_scans where count_id = $1`,
		`update counts set state = 'cancelled' where id = $1`,
		`update count_tasks set count_id = null where count_id = $1 and state = 'open'`,
	} {
		if _, err := tx.ExecContext(ctx, do, id); err != nil {
			return err
		}
	}
	return nil
}

// ShowCounting is the counting screen as this person left it.
func ShowCounting(ctx context.Context, q pg.Querier, warehouse WarehouseID, who staff.ID) (step scan.Step, err error) {
	defer fault.Wrap(&err, "inventory.ShowCounting(%d)", who)
	c, err := countOf(ctx, q, who, ``)
	if err != nil {
		return scan.Step{}, err
	}
	var h talker
	err = q.QueryRowContext(ctx, `select `+talkerColumns+` from counting where staff_id = $1`, who).Scan(h.fields()...)
	if err != nil && err != sql.ErrNoRows {
		return scan.Step{}, err
	}
	if step, err = countingScreen(ctx, q, warehouse, c, h, verdict{}); err != nil {
		return scan.Step{}, err
	}
	if step.Recent, err = scan.Last(ctx, q, counting(who), 5); err == nil {
		markCounted(ctx, q, &step, &err)
	}
	return step, err
}

// markCounted leaves the button to take a scan back on scans that counted, and on the one that ended a count.
func markCounted(ctx context.Context, q pg.Querier, step *scan.Step, errp *error) {
	if *errp != nil || len(step.Recent) == 0 {
		return
	}
	keys := column(step.Recent, func(r scan.Recent) string { return r.Key.String() })
	live, err := list(ctx, q, func(k *scan.Key) []any { return []any{k} }, `
		select s.scan from count_scans s join counts c on c.id = s.count_id where s.scan = any($1::uuid[]) and c.state = 'open'
		union all
		select scan from counts c where scan = any($1::uuid[]) and `+lastHere, pg.Array(keys))
	undoable := map[scan.Key]bool{}
	for _, k := range live {
		undoable[k] = true
	}
	for i := range step.Recent {
		step.Recent[i].Undoable = step.Recent[i].Undoable && undoable[step.Recent[i].Key]
	}
	*errp = err
}

// lastHere is true of a finished count c of a bin where nobody has counted since.
const lastHere = `c.state in ('counted', 'differs') and not exists (select from counts n where n.location_id = c.location_id and n.id > c.id and n.state <> 'cancelled')`

func countingScreen(ctx context.Context, q pg.Querier, warehouse WarehouseID, c count, h talker, done verdict) (scan.Step, error) {
	step := scan.Step{Result: done.result, Message: done.message, Title: "Counting"}
	undo := scan.Choice{Label: "Take back my last scan", Code: "X-" + labels.CommandUndo, Style: scan.Problem}
	if c.ID == 0 {
		return nothingToCount(ctx, q, warehouse, h, step, undo)
	}
	step.Title, step.Target = "Counting "+c.Code, c.Code
	leave := scan.Choice{Label: "Leave it", Code: "X-" + labels.CommandSkip, Style: scan.Bar}
	if c.Started.IsZero() {
		step.Next, step.Expect = "Scan the bin", []string{string(labels.KindLocation), string(labels.KindCommand)}
		what, err := whatToCount(ctx, q, c)
		step.Detail = append(what, "Why: "+c.Why)
		step.Choices = []scan.Choice{leave, undo}
		return step, err
	}
	return countAt(ctx, q, c, h, step, leave, undo)
}

// nothingToCount is the screen of somebody who counts no bin at this moment.
func nothingToCount(ctx context.Context, q pg.Querier, warehouse WarehouseID, h talker, step scan.Step, undo scan.Choice) (scan.Step, error) {
	n, err := CountsWaiting(ctx, q, warehouse)
	if err != nil {
		return step, err
	}
	step.Next, step.Expect = "Scan a bin to count", []string{string(labels.KindLocation), string(labels.KindCommand)}
	step.Detail = []string{fmt.Sprintf("%d bins wait to be counted.", n)}
	switch n {
	case 0:
		step.Detail = []string{"No bin waits to be counted. Any bin may be."}
	case 1:
		step.Detail = []string{"One bin waits to be counted."}
	}
	open, err := opened(ctx, q, count{}, h)
	if err != nil {
		return step, err
	}
	if open.put(&step); n > 0 {
		step.Choices = append(step.Choices, scan.Choice{Label: "Give me work", Code: "X-" + labels.CommandNew, Style: scan.Bar})
	}
	step.Choices = append(step.Choices, undo)
	return step, nil
}

// whatToCount names what in the bin a count is about.
func whatToCount(ctx context.Context, q pg.Querier, c count) ([]string, error) {
	if c.Whole {
		return []string{"Count all that is in it."}, nil
	}
	names, err := pg.Values[string](q.QueryContext(ctx, `
		select distinct i.name from count_tasks t join items i on i.id = t.item_id where t.count_id = $1 order by i.name`, c.ID))
	for i, name := range names {
		names[i] = "Count only: " + name
	}
	return names, err
}

// countAt is the screen at the bin. It is blind: it tells what this person counted, never what the books say.
func countAt(ctx context.Context, q pg.Querier, c count, h talker, step scan.Step, leave, undo scan.Choice) (scan.Step, error) {
	step.Next, step.Expect = "Scan an item in it", []string{"item", string(labels.KindLocation), string(labels.KindCommand)}
	what, err := whatToCount(ctx, q, c)
	if err != nil {
		return step, err
	}
	step.Detail = append(what, "Scan the bin again when all is counted.")
	all, err := tallies(ctx, q, c.ID)
	if err != nil {
		return step, err
	}
	if h.waits() {
		return askedLot(ctx, q, c, h, step, undo)
	}
	if at, err := handled(ctx, q, h, all); err != nil {
		return step, err
	} else if at.item != 0 {
		step.Here, step.Quantity, step.Detail = true, at.counted, at.detail()
		if at.tracking == ByLot {
			step.Choices = append(step.Choices, scan.Choice{Label: "Another lot", Code: "X-" + commandLot, Style: scan.Bar})
		}
	}
	open, err := opened(ctx, q, c, h)
	if err != nil {
		return step, err
	}
	if open.put(&step); open.next == "" && len(all) == 0 {
		label := "Bin is empty"
		if !c.Whole {
			label = "None here"
		}
		step.Choices = append(step.Choices, scan.Choice{Label: label, Code: "X-" + commandEmpty, Style: scan.Bar})
	}
	step.Choices = append(step.Choices, leave, undo)
	return step, nil
}
