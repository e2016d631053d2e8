package inventory

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/labels"
)

// commandAll says that everything in the bin goes along.
const commandAll = "ALL"

// MovingCommands are the command barcodes that moving knows beside those of every screen.
func MovingCommands() []labels.Command {
	return []labels.Command{{Name: commandAll, Words: "Everything in the bin"}}
}

// Planned is what a pick list will take of an item in a bin.
type Planned struct {
	List     string // P-104
	Item     ItemID
	Lot      LotID
	Quantity int64
}

// Plans tells what open pick lists will take out of a bin. Whoever knows pick lists gives it; it is asked when the items
// of the bin are locked, so that no list is planned in between.
type Plans func(ctx context.Context, q pg.Querier, bin LocationID) ([]Planned, error)

// inAll is a number typed alone: so many in all. What is longer is a barcode.
var inAll = regexp.MustCompile(`^[0-9]{1,4}$`)

// mover is one scan of somebody who moves stock about.
type mover struct {
	tx        *sql.Tx
	scan      scan.Scan
	warehouse WarehouseID
	plans     Plans
	hand      shifting
}

// shifting is what the screen remembers: a container, or a bin and what of it.
type shifting struct {
	container, from LocationID
	everything      bool
	item            ItemID
	lot             LotID // of the item: anyLot, or the one that goes
	asks            bool  // the lot or serial number is asked for
	quantity        int64
	to              LocationID // asked about: a manager's second scan confirms
}

func (h *shifting) fields() []any {
	return []any{&h.container, &h.from, &h.everything, &h.item, &h.lot, &h.asks, &h.quantity, &h.to}
}

const handColumns = `coalesce(container_id, 0), coalesce(from_id, 0), everything, coalesce(item_id, 0), coalesce(lot_id, -1), asks, quantity, coalesce(to_id, 0)`

// movings names the document of one person's scans of moving.
func movings(who staff.ID) string { return "moving-" + strconv.FormatInt(int64(who), 10) }

// Shift answers one scan of a person who moves stock from place to place. A tote, cart, pallet or carton and then a place
// carry it there with all that is in it. A bin, then an item, "+4" and another bin move five of it; a bin, X-ALL and
// another bin move everything.
//
// What a place does not take is refused, or taken by a manager's second scan. What open pick lists will take out of a bin
// stays there: the refusal names the list.
func Shift(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, plans Plans, s scan.Scan) (step scan.Step, err error) {
	defer fault.Wrap(&err, "inventory.Shift(%d)", s.Staff)
	m := &mover{tx: tx, scan: s, warehouse: warehouse, plans: plans}
	return m.answer(ctx, func() (verdict, error) { return m.take(ctx) })
}

// UndoShift brings back what an earlier scan moved.
func UndoShift(ctx context.Context, tx *sql.Tx, warehouse WarehouseID, plans Plans, which scan.Key, s scan.Scan) (step scan.Step, err error) {
	defer fault.Wrap(&err, "inventory.UndoShift(%s)", which)
	m := &mover{tx: tx, scan: s, warehouse: warehouse, plans: plans}
	return m.answer(ctx, func() (verdict, error) { return m.undo(ctx, which) })
}

func (m *mover) answer(ctx context.Context, do func() (verdict, error)) (step scan.Step, err error) {
	err = m.tx.QueryRowContext(ctx, `
		insert into moving (staff_id) values ($1) on conflict (staff_id) do update set staff_id = excluded.staff_id returning `+handColumns, m.scan.Staff).
		Scan(m.hand.fields()...)
	if err != nil {
		return scan.Step{}, err
	}
	defer markShifted(ctx, m.tx, &step, &err)
	return scan.Once(ctx, m.tx, m.scan, movings(m.scan.Staff), func() (scan.Step, error) {
		done, err := do()
		if err != nil {
			return scan.Step{}, err
		}
		h := m.hand
		_, err = m.tx.ExecContext(ctx, `
			update moving set container_id = nullif($2::bigint, 0), from_id = nullif($3::bigint, 0), everything = $4, item_id = nullif($5::bigint, 0),
			       lot_id = nullif($6::bigint, -1), asks = $7, quantity = $8, to_id = nullif($9::bigint, 0) where staff_id = $1`,
			m.scan.Staff, h.container, h.from, h.everything, h.item, h.lot, h.asks, h.quantity, h.to)
		if err != nil {
			return scan.Step{}, err
		}
		return shiftScreen(ctx, m.tx, h, done)
	})
}

// markShifted leaves the button to take a scan back only on scans that moved something.
func markShifted(ctx context.Context, q pg.Querier, step *scan.Step, errp *error) {
	if *errp != nil || len(step.Recent) == 0 {
		return
	}
	moved, err := pg.Values[string](q.QueryContext(ctx, `
		select scan::text from movements where scan = any($1::uuid[]) and reason = 'transfer'
		union select scan::text from relocations where scan = any($1::uuid[])`,
		pg.Array(column(step.Recent, func(r scan.Recent) string { return r.Key.String() }))))
	known := strings.Join(moved, " ")
	for i := range step.Recent {
		step.Recent[i].Undoable = step.Recent[i].Undoable && strings.Contains(known, step.Recent[i].Key.String())
	}
	*errp = err
}

// take reads the code and does what it says.
func (m *mover) take(ctx context.Context) (verdict, error) {
	code, err := labels.Parse(m.scan.Code)
	if err != nil {
		return wrong("%s", fault.Message(err)), nil
	}
	switch {
	case code.Kind == labels.KindCommand:
		return m.command(ctx, code.Value)
	case m.hand.asks:
		return m.answerLot(ctx, code)
	case amount.MatchString(m.scan.Code):
		return m.some(ctx, m.hand.quantity, quantityOf(m.scan.Code))
	}
	place, err := FindLocation(ctx, m.tx, m.warehouse, code)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return m.goods(ctx, code)
	case err != nil:
		return verdict{}, err
	}
	return m.place(ctx, place)
}

func (m *mover) command(ctx context.Context, name string) (verdict, error) {
	switch {
	case name == labels.CommandUndo:
		return m.undoLast(ctx)
	case name == labels.CommandSkip:
		m.hand = shifting{}
		return right("Nothing was moved. Scan a container or a bin."), nil
	case name == labels.CommandOK && m.hand.to != 0:
		place, err := LocationByID(ctx, m.tx, m.hand.to)
		if err != nil {
			return verdict{}, err
		}
		return m.place(ctx, place)
	case name == commandAll && m.hand.item != 0:
		n, err := m.onHandOf(ctx, m.hand.item, m.hand.lot)
		m.hand.quantity, m.hand.to, m.hand.asks = n, 0, false
		return right("All %d. Scan where they go.", n), err
	case name == commandAll && m.hand.from != 0:
		m.hand.everything, m.hand.to = true, 0
		return right("Everything in it. Scan the bin it goes to."), nil
	}
	if m.hand.asks {
		it, err := ItemByID(ctx, m.tx, m.hand.item)
		return wrong("X-%s means nothing here. %s", name, wants(questionOf(it))), err
	}
	return wrong("X-%s means nothing here. Scan a container or a bin.", name), nil
}

// some has so many of the item in hand: what was there of them before and n more.
func (m *mover) some(ctx context.Context, before, n int64) (verdict, error) {
	if m.hand.item == 0 {
		return wrong("Scan the bin and the item first, then type how many."), nil
	}
	there, err := m.onHandOf(ctx, m.hand.item, m.hand.lot)
	switch {
	case err != nil:
		return verdict{}, err
	case n == 0:
		return wrong("Type a plus and how many more, like +5, or how many in all, from 1 to %d.", there), nil
	case before+n > there:
		return wrong("Only %d are there. Type how many in all, from 1 to %d.", there, there), nil
	}
	m.hand.quantity, m.hand.to = before+n, 0
	return right("%d of %d. Scan where they go.", m.hand.quantity, there), nil
}

// goods is an item scanned at the bin it is taken from: one more of it, or as many as its code says.
func (m *mover) goods(ctx context.Context, code labels.Code) (verdict, error) {
	it, pack, err := FindBarcode(ctx, m.tx, code)
	switch k := fault.KindOf(err); {
	case k == fault.NotFound && m.hand.item != 0 && inAll.MatchString(m.scan.Code):
		return m.some(ctx, 0, quantityOf("+"+m.scan.Code))
	case (k == fault.NotFound || k == fault.Invalid) && m.hand.from != 0:
		return m.lotAlone(ctx, code, wrong("%s", fault.Message(err)))
	case k == fault.NotFound, k == fault.Invalid:
		return m.nothing(ctx, code, err)
	case err != nil:
		return verdict{}, err
	case m.hand.container != 0:
		return wrong("This is %s. Scan the place where the container stands now.", it.Name), nil
	case m.hand.from == 0:
		return wrong("This is %s. Scan the bin first that you take it from.", it.Name), nil
	}
	return m.liftItem(ctx, it, piecesOf(code, max(1, pack)), tagOf(code, it, m.scan.At))
}

// ShowShift is the screen of moving as this person left it.
func ShowShift(ctx context.Context, q pg.Querier, who staff.ID) (step scan.Step, err error) {
	defer fault.Wrap(&err, "inventory.ShowShift(%d)", who)
	var h shifting
	err = q.QueryRowContext(ctx, `select `+handColumns+` from moving where staff_id = $1`, who).Scan(h.fields()...)
	if err != nil && err != sql.ErrNoRows {
		return step, err
	}
	if step, err = shiftScreen(ctx, q, h, verdict{}); err != nil {
		return step, err
	}
	if step.Recent, err = scan.Last(ctx, q, movings(who), 5); err == nil {
		markShifted(ctx, q, &step, &err)
	}
	return step, err
}

func shiftScreen(ctx context.Context, q pg.Querier, h shifting, done verdict) (step scan.Step, err error) {
	step = scan.Step{Result: done.result, Message: done.message, Title: "Move stock", Next: "Scan a container or a bin",
		Detail: []string{"A tote, pallet or carton goes as a whole. Of a bin, everything or some."},
		Expect: []string{string(labels.KindLocation), string(labels.KindTote), string(labels.KindCommand)}}
	switch {
	case h.container != 0:
		err = containerScreen(ctx, q, h, &step)
	case h.from != 0:
		err = binScreen(ctx, q, h, &step)
	}
	if h.to != 0 && step.Result == "" {
		step.Result = scan.Decide
	}
	if h.to != 0 && step.Result == scan.Decide {
		step.Choices = append(step.Choices, scan.Choice{Label: "Put it here all the same", Code: "X-" + labels.CommandOK, Style: scan.Answer})
	}
	if h.container != 0 || h.from != 0 {
		step.Choices = append(step.Choices, scan.Choice{Label: "Leave it", Code: "X-" + labels.CommandSkip, Style: scan.Bar})
	}
	step.Choices = append(step.Choices, scan.Choice{Label: "Take back my last scan", Code: "X-" + labels.CommandUndo, Style: scan.Problem})
	return step, err
}

func containerScreen(ctx context.Context, q pg.Querier, h shifting, step *scan.Step) error {
	var code, around string
	var pieces int64
	err := q.QueryRowContext(ctx, `
		with recursive here as (select $1::bigint as id union all select c.id from locations c join here on c.parent_id = here.id)
		select l.code, coalesce(p.code, ''), coalesce((select sum(on_hand) from balances join here on here.id = location_id), 0)::bigint
		from locations l left join locations p on p.id = l.parent_id where l.id = $1`, h.container).Scan(&code, &around, &pieces)
	step.Title, step.Next, step.Target = "Move "+code, "Scan where it stands now", ""
	step.Detail = []string{many(pieces, "piece is", "pieces are") + " in it."}
	if around != "" {
		step.Detail = append(step.Detail, "By the books it stands in "+around+".")
	}
	return err
}

func binScreen(ctx context.Context, q pg.Querier, h shifting, step *scan.Step) error {
	var code string
	var pieces, items int64
	err := q.QueryRowContext(ctx, `
		select l.code, coalesce(sum(b.on_hand), 0)::bigint, count(distinct b.item_id)
		from locations l left join balances b on b.location_id = l.id and b.on_hand > 0 where l.id = $1 group by l.code`, h.from).
		Scan(&code, &pieces, &items)
	step.Title, step.Next = "Move from "+code, "Scan an item in "+code
	step.Detail = []string{fmt.Sprintf("%s of %s there.", many(pieces, "piece", "pieces"), many(items, "item lies", "items lie"))}
	boxes, err := Inside(ctx, q, h.from)
	if err != nil {
		return err
	}
	if len(boxes) > 0 {
		step.Detail = append(step.Detail, "In it stands "+strings.Join(column(boxes, func(l Location) string { return l.Code }), ", ")+".")
	}
	step.Expect = append([]string{"item"}, step.Expect...)
	switch {
	case h.asks:
		return whichOfBin(ctx, q, h, step)
	case h.everything:
		step.Next, step.Detail = "Scan the bin it all goes to", append([]string{"Everything in " + code}, step.Detail...)
	case h.item != 0:
		var g goods
		g, err = goodsOf(ctx, q, h.item, max(0, h.lot))
		step.Next, step.Quantity, step.Detail = "Scan where they go", h.quantity, []string{g.name}
		if g.lot != "" {
			step.Detail = append(step.Detail, lotTitle(g.tracking)+" "+g.lot)
		}
		if g.tracking != BySerial {
			step.Detail = append(step.Detail, "Scan it again for one more; type +5 for five more, 5 for five in all.")
		}
	}
	if !h.everything {
		step.Choices = append(step.Choices, scan.Choice{Label: "Everything", Code: "X-" + commandAll, Style: scan.Bar})
	}
	return err
}
