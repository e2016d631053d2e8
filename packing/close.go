package packing

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"tote/internal/fault"
	"tote/internal/outbox"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/labels"
	"tote/picking"
)

// ClosedFact is the data of the fact carton.closed, whose Ref is the carton (C-88).
type ClosedFact struct {
	Carton CartonID
	Ref    string // the demand's
	SSCC   string
	Number int
	Last   bool // of this demand, for now: everything that was picked is packed
}

var weightShape = regexp.MustCompile(`(?i)^([0-9]{1,7})(?:[.,]([0-9]{1,3}))? ?(kg|g)$`)

// weight reads what a scale or a person types: "1240 g", "1.24kg".
func weight(text string) (grams int64, ok bool) {
	m := weightShape.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil || strings.EqualFold(m[3], "g") && m[2] != "" {
		return 0, false
	}
	whole, _ := strconv.ParseInt(m[1], 10, 64)
	if strings.EqualFold(m[3], "g") {
		return whole, true
	}
	part, _ := strconv.ParseInt((m[2] + "000")[:3], 10, 64)
	return whole*1000 + part, true
}

// bareNumber is shorter than every retail barcode.
var bareNumber = regexp.MustCompile(`^[0-9]{1,7}(?:[.,][0-9]{1,3})?$`)

// typedWeight is weight for what a person types when the weight is asked for: a bare number is kilograms.
func (b *bench) typedWeight(text string) (grams int64, ok bool) {
	if b.weighing() && bareNumber.MatchString(text) {
		text += " kg"
	}
	return weight(text)
}

// heaviest is the most a carton may weigh; more is a slip of the finger. Grams.
const heaviest = 1_000_000

// tolerance is how far a weight may be from what items and box should weigh before it is asked again: a tenth, and
// 50 g at least.
func tolerance(expected int64) int64 { return max(50, expected/10) }

// Weigh is Put for a weight in grams.
func Weigh(ctx context.Context, tx *sql.Tx, ref string, grams int64, s scan.Scan) (scan.Step, error) {
	s.Code = fmt.Sprintf("%d g", grams)
	return Put(ctx, tx, ref, s)
}

// weighed takes the weight of a full carton. One that cannot be right is asked for once more.
func (b *bench) weighed(ctx context.Context, tx *sql.Tx, s scan.Scan, grams int64) (scan.Step, error) {
	switch {
	case !b.weighing():
		return b.wrong(s, "Too early to weigh: %s still to be packed. Scan on, or press Carton full.", unitsAre(b.toPack())), nil
	case b.box == 0 && b.boxes:
		return b.wrong(s, "Choose the box first."), nil
	case b.photoDue:
		return b.wrong(s, "Take a photo of the open carton first."), nil
	case grams < 1:
		return b.wrong(s, "%s cannot be right. Weigh the carton again.", kilos(grams)), nil
	case grams > heaviest:
		return b.wrong(s, "%s is more than any carton weighs. Type it in kg, like 1.25.", strings.Replace(kilos(grams), ".000 kg", " kg", 1)), nil
	}
	if b.doubt(grams) != "" && grams != b.typedG {
		if _, err := tx.ExecContext(ctx, `update cartons set typed_g = $2 where id = $1`, b.carton, grams); err != nil {
			return scan.Step{}, err
		}
		b.typedG = grams
		step := b.step(s.Staff, s.Station)
		step.Result, step.Message = scan.Decide, b.asksAgain()
		return step, nil
	}
	return b.close(ctx, tx, s, grams)
}

func unitsAre(n int64) string {
	if n == 1 {
		return "1 unit is"
	}
	return fmt.Sprintf("%d units are", n)
}

// doubt says why a weight looks wrong, "" when it looks right.
func (b *bench) doubt(grams int64) string {
	switch {
	case b.maxG > 0 && grams > b.maxG:
		return fmt.Sprintf("%s is more than the box carries (%s).", kilos(grams), kilos(b.maxG))
	case b.weighable && grams > b.expectedG+tolerance(b.expectedG):
		return fmt.Sprintf("%s is more than the expected %s.", kilos(grams), kilos(b.expectedG))
	case b.weighable && grams < b.expectedG-tolerance(b.expectedG):
		return fmt.Sprintf("%s is less than the expected %s.", kilos(grams), kilos(b.expectedG))
	}
	return ""
}

// asksAgain asks about the weight that looked wrong.
func (b *bench) asksAgain() string {
	return strings.TrimSpace(b.doubt(b.typedG) + " Weigh again, or confirm.")
}

// withdraw takes the question about a weight back where a scan is not its answer: whoever goes on with something else, or types
// a weight that is refused, does not mean the older weight by a confirmation that follows.
func (b *bench) withdraw(ctx context.Context, tx *sql.Tx, code labels.Code) error {
	grams, isWeight := b.typedWeight(code.Value)
	same := isWeight && code.Kind == labels.KindUnknown && grams == b.typedG
	if b.typedG == 0 || same || code.Kind == labels.KindCommand && code.Value == labels.CommandOK {
		return nil
	}
	_, err := tx.ExecContext(ctx, `update cartons set typed_g = null where id = $1`, b.carton)
	b.typedG = 0
	return err
}

// Refuse is the bench as it is, with what is wrong with an entry that never came as far as Put.
func Refuse(ctx context.Context, tx *sql.Tx, ref, why string, s scan.Scan) (step scan.Step, err error) {
	defer fault.Wrap(&err, "packing.Refuse(%s)", ref)
	if _, err := picking.Lock(ctx, tx, ref); err != nil {
		return step, err
	}
	if _, err := tx.ExecContext(ctx, `update cartons set typed_g = null where ref = $1 and state = 'open' and typed_g is not null`, ref); err != nil {
		return step, err
	}
	step, err = Show(ctx, tx, ref, s.Staff, s.Station)
	step.Result, step.Message = scan.Wrong, why
	return step, err
}

// confirm accepts the weight that looked wrong.
func (b *bench) confirm(ctx context.Context, tx *sql.Tx, s scan.Scan) (scan.Step, error) {
	if b.allClosed() {
		return b.finish(ctx, tx, s)
	}
	if b.typedG == 0 && b.weighing() {
		return b.wrong(s, "There is no weight to confirm. Weigh the carton again."), nil
	}
	if b.typedG == 0 || !b.weighing() {
		return b.wrong(s, "There is nothing to confirm."), nil
	}
	if b.photoDue {
		return b.wrong(s, "Take a photo of the open carton first."), nil
	}
	return b.close(ctx, tx, s, b.typedG)
}

// finish ends a demand whose last carton was closed before anybody knew that it was the last.
func (b *bench) finish(ctx context.Context, tx *sql.Tx, s scan.Scan) (scan.Step, error) {
	if _, err := tx.ExecContext(ctx, `update cartons set state = 'void' where demand_id = $1 and state = 'open'`, b.ID); err != nil {
		return scan.Step{}, err
	}
	if err := picking.MarkPacked(ctx, tx, b.Ref); err != nil {
		return scan.Step{}, err
	}
	last := ClosedFact{Ref: b.Ref, Last: true}
	if err := tx.QueryRowContext(ctx, `
		select id, sscc, number from cartons where demand_id = $1 and state = 'closed' order by number desc limit 1`, b.ID).
		Scan(&last.Carton, &last.SSCC, &last.Number); err != nil {
		return scan.Step{}, err
	}
	if err := tell(ctx, tx, "carton.closed", last.Carton, last); err != nil {
		return scan.Step{}, err
	}
	err := b.reread(ctx, tx)
	return b.right(s, "%s is packed.", b.Ref), err
}

// seal says that the carton is full though more is to come.
func (b *bench) seal(ctx context.Context, tx *sql.Tx, s scan.Scan) (scan.Step, error) {
	if b.carton == 0 || b.inCarton == 0 {
		return b.wrong(s, "The carton is empty. Put something in first."), nil
	}
	_, err := tx.ExecContext(ctx, `update cartons set sealing = true where id = $1`, b.carton)
	b.sealing = true
	return b.right(s, "Carton %d is full.", b.number), err
}

// close gives the carton its SSCC and uses up its materials. With the last one the demand is packed.
func (b *bench) close(ctx context.Context, tx *sql.Tx, s scan.Scan, grams int64) (scan.Step, error) {
	var prefix string
	var serial int64
	if err := tx.QueryRowContext(ctx, `select gs1_prefix, nextval('sscc_serial') from warehouses where id = $1`, b.warehouse).Scan(&prefix, &serial); err != nil {
		return scan.Step{}, err
	}
	sscc, err := labels.SSCC(0, prefix, serial)
	if err != nil {
		return scan.Step{}, err
	}
	lacks, err := b.useUp(ctx, tx, s)
	if err != nil {
		return scan.Step{}, err
	}
	if _, err := tx.ExecContext(ctx, `
		update cartons set state = 'closed', weight_g = $2, expected_g = $3, sscc = $4, closed_by = $5, closed_at = $6, typed_g = null, sealing = false
		where id = $1 and state = 'open'`, b.carton, grams, b.expectedG, sscc, s.Staff, s.At); err != nil {
		return scan.Step{}, err
	}
	closed := ClosedFact{Carton: b.carton, Ref: b.Ref, SSCC: sscc, Number: b.number, Last: len(b.left) == 0}
	if closed.Last {
		if err := picking.MarkPacked(ctx, tx, b.Ref); err != nil {
			return scan.Step{}, err
		}
	}
	if err := tell(ctx, tx, "carton.closed", closed.Carton, closed); err != nil {
		return scan.Step{}, err
	}
	if err := b.reread(ctx, tx); err != nil {
		return scan.Step{}, err
	}
	return b.right(s, "Carton %d of %s is closed: %s.%s", closed.Number, b.Ref, kilos(grams), lacks), nil
}

func tell(ctx context.Context, tx *sql.Tx, name string, carton CartonID, data any) error {
	text, err := json.Marshal(data)
	if err != nil {
		return err
	}
	return outbox.Put(ctx, tx, outbox.Fact{Name: name, Ref: carton.String(), Data: text})
}

// Choose says which box the open carton is. It begins the carton if there is none yet.
func Choose(ctx context.Context, tx *sql.Tx, ref string, box TypeID, s scan.Scan) (scan.Step, error) {
	s.Code = fmt.Sprintf("box %d", box)
	return scanned(ctx, tx, ref, s, func(b *bench, _ labels.Code) (scan.Step, error) {
		if why := b.blocked(); why != "" || b.elsewhere(s) {
			return b.wrong(s, "%s", why), nil
		}
		if b.State != picking.Picked {
			return b.wrong(s, "%s is packed already.", b.Ref), nil
		}
		return b.choose(ctx, tx, s, box)
	})
}

func (b *bench) choose(ctx context.Context, tx *sql.Tx, s scan.Scan, box TypeID) (scan.Step, error) {
	if err := b.open(ctx, tx, s, box); err != nil {
		return scan.Step{}, err
	}
	result, err := tx.ExecContext(ctx, `
		update cartons set type_id = $2, typed_g = null
		where id = $1 and exists (select from carton_types where id = $2 and warehouse_id = $3 and active)`, b.carton, box, b.warehouse)
	if err != nil {
		return scan.Step{}, err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return scan.Step{}, fault.Because(err, fault.NotFound, "There is no such box here. Load the page again.")
	}
	err = b.reread(ctx, tx)
	return b.right(s, "Carton %d is %s.", b.number, b.boxName), err
}

// takeOver moves the open carton to this station, in the books as on the floor; it is put on record.
func (b *bench) takeOver(ctx context.Context, tx *sql.Tx, s scan.Scan) (scan.Step, error) {
	if !b.elsewhere(s) {
		return b.wrong(s, "%s is at this station already.", b.Ref), nil
	}
	move := inventory.Relocation{Location: b.place, Staff: s.Staff, Scan: s.Key, At: s.At}
	if err := tx.QueryRowContext(ctx, `
		with taken as (update cartons set station_id = $2 where id = $1)
		select coalesce(location_id, 0) from stations where id = $2`, b.carton, s.Station).Scan(&move.To); err != nil {
		return scan.Step{}, err
	}
	if err := inventory.Relocate(ctx, tx, move); err != nil {
		return scan.Step{}, err
	}
	err := staff.Audit(ctx, tx, s.Staff, "took packing over", b.Ref, map[string]any{"from": b.stationAt, "packer": b.packer})
	b.station = s.Station
	return b.right(s, "%s is yours now.", b.Ref), err
}
