package packing

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/inventory"
	"tote/labels"
	"tote/picking"
)

// Put is one scan of a packer at a demand's bench: a unit, the weight, or a command. What does not fit is answered
// with a Step that is Wrong; nothing is packed then.
func Put(ctx context.Context, tx *sql.Tx, ref string, s scan.Scan) (scan.Step, error) {
	return scanned(ctx, tx, ref, s, func(b *bench, code labels.Code) (scan.Step, error) {
		if done := b.State == picking.Packed || b.State == picking.Shipped; done && code.Kind != labels.KindCommand {
			return bring(ctx, tx, b.warehouse, code)
		}
		if why := b.blocked(); why != "" {
			if slices.Contains(opens, string(code.Kind)) {
				return bring(ctx, tx, b.warehouse, code)
			}
			return b.wrong(s, "%s", why), nil
		}
		if code.Kind == labels.KindCommand {
			return b.obey(ctx, tx, s, code)
		}
		if b.elsewhere(s) {
			return b.wrong(s, "%s Say first that the carton is here now.", b.elsewhereIs(s.Staff, "this")), nil
		}
		if grams, ok := b.typedWeight(code.Value); ok && code.Kind == labels.KindUnknown {
			return b.weighed(ctx, tx, s, grams)
		}
		return b.put(ctx, tx, s, code)
	})
}

// scanned locks a demand and answers a scan at its bench, once.
func scanned(ctx context.Context, tx *sql.Tx, ref string, s scan.Scan, answer func(*bench, labels.Code) (scan.Step, error)) (_ scan.Step, err error) {
	defer fault.Wrap(&err, "packing.Put(%s, %q)", ref, s.Code)
	code, err := labels.Parse(s.Code)
	if err != nil {
		return scan.Step{}, err
	}
	hand, err := picking.Lock(ctx, tx, ref)
	if err != nil {
		return scan.Step{}, err
	}
	step, err := scan.Once(ctx, tx, s, ref, func() (scan.Step, error) {
		b, err := readBench(ctx, tx, hand, s.Station, code)
		if err != nil {
			return scan.Step{}, err
		}
		if b.standsAt != packs {
			return scan.Step{}, notAtBench(ctx, tx, b.warehouse)
		}
		if err := b.withdraw(ctx, tx, code); err != nil {
			return scan.Step{}, err
		}
		return answer(&b, code)
	})
	if err != nil {
		return step, err
	}
	return step, markUndoable(ctx, tx, step.Recent)
}

// markUndoable leaves the undo button only to scans whose units lie in an open carton.
func markUndoable(ctx context.Context, q pg.Querier, recent []scan.Recent) error {
	open, err := pg.Values[scan.Key](q.QueryContext(ctx, `
		select c.scan from pack_counts c join cartons k on k.id = c.carton_id and k.state = 'open'
		where c.scan = any($1) and c.undone_by is null`, pg.Column(recent, func(r scan.Recent) string { return r.Key.String() })))
	for i := range recent {
		recent[i].Undoable = slices.Contains(open, recent[i].Key)
	}
	return err
}

func (b *bench) right(s scan.Scan, format string, args ...any) scan.Step {
	step := b.step(s.Staff, s.Station)
	step.Result, step.Message = scan.Right, fmt.Sprintf(format, args...)
	if step.Finished {
		step.Result = scan.Done
	}
	return step
}

func (b *bench) wrong(s scan.Scan, format string, args ...any) scan.Step {
	step := b.step(s.Staff, s.Station)
	step.Result, step.Message = scan.Wrong, fmt.Sprintf(format, args...)
	return step
}

func (b *bench) elsewhere(s scan.Scan) bool { return b.carton != 0 && b.station != s.Station }

// mostSaid is how much of what was typed is said back; what is longer is a barcode of some sort.
const mostSaid = 40

// put packs what was scanned, if it lies in a tote of this demand and is not too much.
func (b *bench) put(ctx context.Context, tx *sql.Tx, s scan.Scan, code labels.Code) (scan.Step, error) {
	if b.weighing() {
		if _, n, _ := b.match(code); n == 0 && code.Kind == labels.KindUnknown && len(code.Value) <= mostSaid {
			return b.wrong(s, "%s is not a weight. Type it in kg, like 1.25.", code.Value), nil
		}
		return b.wrong(s, "Carton %d is full. Weigh it first.", b.number), nil
	}
	if b.allClosed() {
		return b.wrong(s, "Everything of %s is packed. Finish it first.", b.Ref), nil
	}
	found, n, there := b.match(code)
	found, there, problem := ofLot(found, n, there, code)
	switch {
	case problem != "":
		return b.wrong(s, "%s", problem), nil
	case n != 0 && code.Kind != labels.KindWorkOrder && severalWorks(found) != "":
		return b.wrong(s, "Pieces of %s in this order were made from different artwork. Scan the paper of the piece: %s.", found[0].name, severalWorks(found)), nil
	case n == 0 && code.Kind == labels.KindWorkOrder:
		return b.wrong(s, "Nothing of %s lies in the totes of %s: put it aside.", code, b.Ref), nil
	case n == 0:
		return b.foreign(ctx, tx, s, code)
	case n > there:
		return b.wrong(s, "That would be %d %s, %s left to pack.", n, found[0].name, onlyLeft(there)), nil
	}
	fresh := b.carton == 0
	if fresh {
		box, err := b.planned(ctx, tx)
		if err != nil {
			return scan.Step{}, err
		}
		if err := b.open(ctx, tx, s, box); err != nil {
			return scan.Step{}, err
		}
	}
	parts := share(found, n)
	if err := b.move(ctx, tx, s, parts); err != nil {
		return scan.Step{}, err
	}
	b.count(parts)
	if fresh || len(b.left) == 0 {
		if err := b.reread(ctx, tx); err != nil {
			return scan.Step{}, err
		}
	}
	return b.right(s, "+%d %s, %s", n, found[0].name, leftOf(there-n)), nil
}

// count follows in memory what was packed.
func (b *bench) count(parts []lying) {
	for _, p := range parts {
		b.packed, b.inCarton = b.packed+p.quantity, b.inCarton+p.quantity
		for i := range b.left {
			if l := &b.left[i]; l.tote == p.tote && l.ref == p.ref && l.lot == p.lot {
				l.quantity -= p.quantity
			}
		}
	}
	b.left = slices.DeleteFunc(b.left, func(l lying) bool { return l.quantity == 0 })
}

// reread reads the bench as this transaction left it.
func (b *bench) reread(ctx context.Context, tx *sql.Tx) error {
	hand, err := picking.HandOf(ctx, tx, b.Ref)
	if err != nil {
		return err
	}
	*b, err = readBench(ctx, tx, hand, 0, labels.Code{})
	return err
}

func leftOf(n int64) string {
	if n == 0 {
		return "all of it is in"
	}
	return fmt.Sprintf("%d to go", n)
}

func onlyLeft(n int64) string {
	if n == 1 {
		return "only 1 is"
	}
	return fmt.Sprintf("only %d are", n)
}

// work is the work order that made the pieces, "" for what comes from a shelf.
func (l lying) work() string {
	made, _, _ := strings.Cut(l.lotCode, " ")
	if code, err := labels.Parse(made); err != nil || code.Kind != labels.KindWorkOrder {
		return ""
	}
	return made
}

// severalWorks names the work orders of pieces that look alike to their barcode; "" where there are not several.
func severalWorks(found []lying) string {
	var works []string
	for _, l := range found {
		if w := l.work(); w != "" && !slices.Contains(works, w) {
			works = append(works, w)
		}
	}
	if len(works) < 2 {
		return ""
	}
	return strings.Join(works, " or ")
}

// match finds what a code means among what lies in the totes: by barcode, else by SKU, or by the work order that made it.
func (b *bench) match(code labels.Code) (found []lying, n, there int64) {
	for _, l := range b.left {
		if code.Kind == labels.KindWorkOrder && l.work() == code.String() {
			l.counts = 1
		}
		if l.counts == 0 && code.Kind == labels.KindUnknown && (strings.EqualFold(l.sku, code.Value) || l.tracked() && l.lotCode == code.Text) {
			l.counts = 1
		}
		if l.counts > 0 {
			found, n, there = append(found, l), l.counts, there+l.quantity
		}
	}
	return found, n, there
}

// tracked reports that a lot or serial number of its maker tells the pieces from others.
func (l lying) tracked() bool {
	return l.tracking != inventory.Untracked && l.lotCode != "" && l.work() == ""
}

// ofLot keeps of what a code means those pieces whose lot or serial number it says. A number that was not picked for the
// order is a problem; so is a code that says none where several were picked, for what is shipped is written down.
func ofLot(found []lying, n, there int64, code labels.Code) (_ []lying, _ int64, problem string) {
	if n == 0 || !found[0].tracked() {
		return found, there, ""
	}
	said := code.Lot()
	if found[0].tracking == inventory.BySerial {
		said = code.Serial()
	}
	if said == "" && code.Kind == labels.KindUnknown {
		said = code.Text
	}
	var kept []lying
	var names []string
	for _, l := range found {
		if !slices.Contains(names, l.lotCode) {
			names = append(names, l.lotCode)
		}
		if l.lotCode == said {
			kept = append(kept, l)
		}
	}
	slices.Sort(names)
	switch {
	case len(kept) > 0:
		there = 0
		for _, l := range kept {
			there += l.quantity
		}
		return kept, there, ""
	case code.Lot() != "" || code.Serial() != "":
		return nil, 0, fmt.Sprintf("This %s is %s. Picked were %s: put it aside.", found[0].name, cmp.Or(said, "of no lot"), strings.Join(names, ", "))
	case len(names) > 1:
		return nil, 0, fmt.Sprintf("Several of %s were picked: %s. Scan or type the number on the piece.", found[0].name, strings.Join(names, ", "))
	}
	return found, there, ""
}

// share divides n units among what lies there, line by line.
func share(found []lying, n int64) (parts []lying) {
	for _, l := range found {
		if l.quantity = min(l.quantity, n); l.quantity > 0 {
			parts, n = append(parts, l), n-l.quantity
		}
	}
	return parts
}

// foreign says what was scanned that cannot be packed here.
func (b *bench) foreign(ctx context.Context, tx *sql.Tx, s scan.Scan, code labels.Code) (scan.Step, error) {
	switch code.Kind {
	case labels.KindGTIN, labels.KindUnknown, labels.KindGS1, labels.KindDigitalLink:
	default:
		return b.wrong(s, "This is %s. Scan the units of %s first.", code.Kind.A(), b.Ref), nil
	}
	item, _, err := inventory.FindBarcode(ctx, tx, code)
	if errors.Is(err, fault.NotFound) || errors.Is(err, fault.Invalid) {
		return b.wrong(s, "%s", fault.Message(err)), nil
	}
	if err != nil {
		return scan.Step{}, err
	}
	var asked, packed int64
	err = tx.QueryRowContext(ctx, `
		select coalesce(sum(l.quantity), 0)::bigint, coalesce(sum((
			select sum(c.quantity) from carton_lines c join cartons k on k.id = c.carton_id where c.ref = l.ref and k.state in ('open', 'closed'))), 0)::bigint
		from demand_lines l where l.demand_id = $1 and l.item_id = $2 and not l.straight`, b.ID, item.ID).Scan(&asked, &packed)
	switch {
	case err != nil:
		return scan.Step{}, err
	case asked == 0:
		return b.wrong(s, "This is %s. It does not belong to %s: put it aside.", item.Name, b.Ref), nil
	case packed == 0:
		return b.wrong(s, "%s was not picked for %s: put it aside.", item.Name, b.Ref), nil
	}
	return b.wrong(s, "All %d %s are packed already: put this one aside.", packed, item.Name), nil
}

// planned is the box of the next carton of the plan that the bench shows, 0 where there is none. The demand alone is
// locked by now, and the page that shows the plan has worked it out already.
func (b *bench) planned(ctx context.Context, tx *sql.Tx) (TypeID, error) {
	ask, err := ReadQuestion(ctx, tx, b.Ref, b.warehouse)
	if err != nil {
		return 0, err
	}
	return Suggest(ask).Preset(), nil
}

// open begins a carton if there is none: numbered with the lowest free number, of the type that is said, or, where no
// plan says one, of the type used last at this station.
func (b *bench) open(ctx context.Context, tx *sql.Tx, s scan.Scan, box TypeID) error {
	if b.carton != 0 {
		return nil
	}
	var stand inventory.LocationID
	if err := tx.QueryRowContext(ctx, `
		select nextval(pg_get_serial_sequence('cartons', 'id')), coalesce((select location_id from stations where id = $1), 0)`,
		s.Station).Scan(&b.carton, &stand); err != nil {
		return err
	}
	place, err := inventory.AddLocation(ctx, tx, inventory.Location{Warehouse: b.warehouse, Parent: stand, Kind: inventory.Carton, Code: b.carton.String()})
	if err != nil {
		return err
	}
	b.place, b.station = place, s.Station
	return tx.QueryRowContext(ctx, `
		insert into cartons (id, warehouse_id, location_id, demand_id, ref, station_id, type_id, number, opened_by, opened_at) overriding system value
		select $1, $2, $3, $4, $5, $6,
			coalesce((select id from carton_types where id = $9 and warehouse_id = $2 and active),
				(select k.type_id from cartons k join carton_types t on t.id = k.type_id and t.active where k.station_id = $6 order by k.id desc limit 1)),
			(select min(n) from generate_series(1, (select count(*) + 1 from cartons where demand_id = $4 and state <> 'void')) n
				where n not in (select number from cartons where demand_id = $4 and state <> 'void')),
			$7, $8
		returning number`,
		b.carton, b.warehouse, place, b.ID, b.Ref, s.Station, s.Staff, s.At, box).Scan(&b.number)
}

// move carries parts from their totes into the carton.
func (b *bench) move(ctx context.Context, tx *sql.Tx, s scan.Scan, parts []lying) error {
	moves := make([]inventory.Movement, len(parts))
	for i, p := range parts {
		moves[i] = inventory.Movement{Warehouse: b.warehouse, Item: p.stock, Lot: p.lot, Quantity: p.quantity, From: p.tote, To: b.place,
			Reason: inventory.ReasonPack, Ref: p.ref, Note: b.carton.String(), Staff: s.Staff, Station: s.Station, Scan: s.Key, Leg: int16(i), At: s.At}
	}
	if err := inventory.Move(ctx, tx, moves...); err != nil {
		return err
	}
	for _, p := range parts {
		if err := picking.Unload(ctx, tx, p.tote, p.ref, p.lot, p.quantity); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `
		with part as materialized (
			select * from unnest($3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[]) with ordinality
				as p (ref, tote_id, item_id, lot_id, quantity, n)),
		counted as (
			insert into pack_counts (scan, leg, carton_id, tote_id, ref, lot_id, quantity)
			select $2, n - 1, $1, tote_id, ref, lot_id, quantity from part),
		changed as (
			update cartons set typed_g = null where id = $1 and typed_g is not null),
		unsaid as (
			delete from carton_materials where carton_id = $1)
		insert into carton_lines (carton_id, ref, tote_id, item_id, lot_id, quantity)
		select $1, ref, tote_id, item_id, lot_id, quantity from part
		on conflict (carton_id, ref, tote_id, lot_id) do update set quantity = carton_lines.quantity + excluded.quantity`,
		b.carton, s.Key,
		pg.Column(parts, func(p lying) string { return p.ref }),
		pg.Column(parts, func(p lying) inventory.LocationID { return p.tote }),
		pg.Column(parts, func(p lying) inventory.ItemID { return p.stock }),
		pg.Column(parts, func(p lying) inventory.LotID { return p.lot }),
		pg.Column(parts, func(p lying) int64 { return p.quantity }))
	return err
}

// obey does what a command says.
func (b *bench) obey(ctx context.Context, tx *sql.Tx, s scan.Scan, code labels.Code) (scan.Step, error) {
	if code.Value == picking.CommandTakeOver {
		return b.takeOver(ctx, tx, s)
	}
	if b.elsewhere(s) {
		return b.wrong(s, "%s Say first that the carton is here now.", b.elsewhereIs(s.Staff, "this")), nil
	}
	if box, ok := labels.BoxOf(code.Value); ok {
		return b.chooseByCode(ctx, tx, s, box)
	}
	switch code.Value {
	case labels.CommandUndo:
		return b.undo(ctx, tx, s, uuid.Nil)
	case labels.CommandNew:
		return b.seal(ctx, tx, s)
	case labels.CommandOK:
		return b.confirm(ctx, tx, s)
	}
	return b.wrong(s, "%s does nothing here. Scan the next piece.", code), nil
}
