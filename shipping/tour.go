package shipping

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/inventory"
	"tote/labels"
	"tote/packing"
)

// Tour is what one truck of the own fleet still has to bring.
type Tour struct {
	Manifest ManifestID
	Door     string
	Left     time.Time
	Stops    int64
	Parcels  int64
}

// onTour is the parcels of our own trucks, the ways $1, that are still to be handed over.
const onTour = `
	from manifests m join carriers c on c.code = m.carrier and c.adapter = any($1) join locations l on l.id = m.door_id
	join shipment_cartons sc on sc.manifest_id = m.id and sc.void_at is null and sc.delivered_at is null
	join shipments s on s.id = sc.shipment_id and s.state in ('dispatched', 'in transit', 'exception') and not ` + IsBack + `
	where m.state = 'dispatched' `

// Tours lists the trucks of a warehouse's own fleet that have parcels to hand over, the newest first.
func Tours(ctx context.Context, q pg.Querier, warehouse inventory.WarehouseID) (_ []Tour, err error) {
	defer fault.Wrap(&err, "shipping.Tours(%d)", warehouse)
	return list(ctx, q, func(t *Tour) []any { return []any{&t.Manifest, &t.Door, &t.Left, &t.Stops, &t.Parcels} }, `
		select m.id, l.code, m.dispatched_at, count(distinct s.id), count(*) `+onTour+` and m.warehouse_id = $2
		group by m.id, l.code order by m.id desc limit 50`, pg.Array(adaptersOf(ours)), warehouse)
}

// Stop is one doorstep of a tour.
type Stop struct {
	Manifest  ManifestID
	Shipment  ID
	Warehouse inventory.WarehouseID
	Recipient string
	Address   string
	Phone     string
	Notes     string
	Orders    []string
	Parcels   int64  // still to hand over
	Scanned   int64  // of them, at this doorstep
	Tried     string // what the last attempt came to
}

// Stops are the doorsteps of a truck in the order of its tour: by postcode, then street, those that were tried last.
// With a shipment it is that one alone.
func Stops(ctx context.Context, q pg.Querier, manifest ManifestID, only ID) (_ []Stop, err error) {
	defer fault.Wrap(&err, "shipping.Stops(%s)", manifest)
	return list(ctx, q, func(s *Stop) []any {
		return []any{&s.Manifest, &s.Shipment, &s.Warehouse, &s.Recipient, &s.Address, &s.Phone, &s.Notes, pg.Array(&s.Orders), &s.Parcels, &s.Scanned, &s.Tried}
	}, `
		select id, shipment, warehouse_id, recipient, address, phone, notes, orders, parcels, scanned, tried from (
		select m.id, s.id as shipment, s.warehouse_id, s.recipient, concat_ws(', ', s.street, nullif(s.street2, ''), s.postcode || ' ' || s.city) as address, s.phone, s.notes,
		       array(select so.ref from shipment_orders so where so.shipment_id = s.id order by so.ref) as orders, count(*) as parcels,
		       (select count(*) from doorstep_scans d join shipment_cartons x on x.carton_id = d.carton_id where x.shipment_id = s.id and x.delivered_at is null) as scanned,
		       coalesce((select d.outcome || coalesce(': ' || nullif(d.note, ''), '') from doorsteps d where d.shipment_id = s.id order by d.id desc limit 1), '') as tried,
		       row_number() over (order by s.postcode, s.street, s.id) as n
		`+onTour+` and m.id = $2 and ($3::bigint = 0 or s.id = $3)
		group by m.id, s.id) stops order by tried <> '', n`, pg.Array(adaptersOf(ours)), manifest, only)
}

// OnBoard is a parcel that is to be handed over at a stop.
type OnBoard struct {
	Carton  packing.CartonID
	Number  string
	Order   string
	Scanned bool
}

// AtStop lists the parcels still to be handed over at a stop.
func AtStop(ctx context.Context, q pg.Querier, manifest ManifestID, id ID) (_ []OnBoard, err error) {
	defer fault.Wrap(&err, "shipping.AtStop(%s)", id)
	return list(ctx, q, func(p *OnBoard) []any { return []any{&p.Carton, &p.Number, &p.Order, &p.Scanned} }, `
		select sc.carton_id, sc.package_number, k.ref, d.carton_id is not null
		from shipment_cartons sc join cartons k on k.id = sc.carton_id left join doorstep_scans d on d.carton_id = sc.carton_id
		where sc.manifest_id = $1 and sc.shipment_id = $2 and sc.void_at is null and sc.delivered_at is null order by k.ref, k.number`, manifest, id)
}

func atStop(manifest ManifestID, id ID) string { return fmt.Sprintf("%s %s", manifest, id) }

// ScanAtStop answers the scan of a parcel at a doorstep: it belongs here, or where it belongs is said.
func ScanAtStop(ctx context.Context, tx *sql.Tx, stop Stop, s scan.Scan) (_ scan.Step, err error) {
	defer fault.Wrap(&err, "shipping.ScanAtStop(%s, %q)", stop.Shipment, s.Code)
	code, err := labels.Parse(s.Code)
	if err != nil {
		return scan.Step{}, err
	}
	step, err := scan.Once(ctx, tx, s, atStop(stop.Manifest, stop.Shipment), func() (scan.Step, error) {
		said, err := stop.scanned(ctx, tx, s, code)
		if err != nil {
			return scan.Step{}, err
		}
		step, err := showStop(ctx, tx, stop.Manifest, stop.Shipment)
		step.Result, step.Message = said.Result, said.Message
		return step, err
	})
	return final(step), err
}

func (stop Stop) scanned(ctx context.Context, tx *sql.Tx, s scan.Scan, code labels.Code) (scan.Step, error) {
	found, err := scanned(ctx, tx, s.Code, code)
	if err != nil {
		return scan.Step{}, err
	}
	if len(found) == 0 {
		if id, err := palletIn(ctx, tx, stop.Warehouse, code); err != nil || id != 0 {
			if err != nil {
				return scan.Step{}, err
			}
			return stop.pallet(ctx, tx, s, id)
		}
	}
	if len(found) != 1 || found[0].warehouse != stop.Warehouse || !found[0].booked {
		return wrong("No parcel of this tour goes by %s. Scan the label of the parcel.", clip(code.String()))
	}
	p := found[0]
	if p.shipment != stop.Shipment {
		var to string
		if err := tx.QueryRowContext(ctx, `select recipient || ', ' || street from shipments where id = $1`, p.shipment).Scan(&to); err != nil {
			return scan.Step{}, err
		}
		return wrong("%s does not belong here: it goes to %s.", p.number, clip(to))
	}
	var delivered bool
	if err := tx.QueryRowContext(ctx, `select delivered_at is not null from shipment_cartons where carton_id = $1`, p.carton).Scan(&delivered); err != nil {
		return scan.Step{}, err
	}
	if delivered {
		return wrong("%s was handed over already.", p.number)
	}
	first, err := changed(tx.ExecContext(ctx, `insert into doorstep_scans (carton_id, staff_id, at) values ($1, $2, $3) on conflict do nothing`, p.carton, s.Staff, s.At))
	if err == nil && !first {
		return wrong("%s is scanned already. Scan the next parcel, or hand over.", p.number)
	}
	return scan.Step{Result: scan.Right, Message: p.number + " belongs here."}, err
}

// pallet answers the scan of a pallet's label at a doorstep: all that stands on it and is not handed over counts.
func (stop Stop) pallet(ctx context.Context, tx *sql.Tx, s scan.Scan, id PalletID) (scan.Step, error) {
	p, err := FindPallet(ctx, tx, id, stop.Warehouse)
	if err != nil {
		return scan.Step{}, err
	}
	switch {
	case p.Apart || p.Parcels == 0:
		return wrong("Nothing stands on this pallet by the book. Scan the labels of the parcels.")
	case p.Shipment != stop.Shipment:
		return wrong("This pallet does not belong here: it goes to %s, %s.", clip(p.Recipient), clip(p.City))
	}
	fresh, err := changed(tx.ExecContext(ctx, `
		insert into doorstep_scans (carton_id, staff_id, at)
		select carton_id, $2, $3 from shipment_cartons where pallet_id = $1 and void_at is null and delivered_at is null on conflict do nothing`, id, s.Staff, s.At))
	if err == nil && !fresh {
		return wrong("This pallet is scanned already, or handed over. Scan the next parcel, or hand over.")
	}
	return scan.Step{Result: scan.Right, Message: "The pallet with " + parcels(p.Parcels) + " belongs here."}, err
}

// ShowStop is the screen of a doorstep.
func ShowStop(ctx context.Context, q pg.Querier, manifest ManifestID, id ID) (step scan.Step, err error) {
	defer fault.Wrap(&err, "shipping.ShowStop(%s)", id)
	if step, err = showStop(ctx, q, manifest, id); err == nil {
		step.Recent, err = scan.Last(ctx, q, atStop(manifest, id), 5)
	}
	return final(step), err
}

func showStop(ctx context.Context, q pg.Querier, manifest ManifestID, id ID) (step scan.Step, err error) {
	stops, err := Stops(ctx, q, manifest, id)
	if err != nil || len(stops) == 0 {
		return scan.Step{Title: "Doorstep", Next: "Everything here is handed over", Finished: true, Goto: fmt.Sprintf("/tour/%d", manifest)}, err
	}
	stop := stops[0]
	step = scan.Step{Title: stop.Recipient, Next: "Scan each parcel, then hand over", Detail: []string{stop.Address}, Done: stop.Scanned, Total: stop.Parcels,
		Expect: []string{string(labels.KindSSCC), string(labels.KindUnknown)}}
	if stop.Scanned == stop.Parcels {
		step.Next = "All parcels are scanned: hand over below"
	}
	return step, nil
}

// Doorstep is what came of a stop.
type Doorstep struct {
	Manifest   ManifestID
	Shipment   ID
	Submission string
	Recipient  string // who took it
	Signature  string // hash in the store of files; so is the photo
	Photo      string
	Note       string
	Parcels    []Handed // none: nobody is home
	Staff      staff.ID
	At         time.Time
}

// Handed is what became of one parcel at a doorstep.
type Handed struct {
	Carton  packing.CartonID
	Outcome string // delivered, refused or missing
	Reason  string // of the last two
}

// At the doorstep each parcel is one of these.
const (
	HandedOver = "delivered"
	Refused    = "refused"
	NotThere   = "missing"
)

// HandOver records what was handed over at a doorstep, with its proof, and what was not, and why. Said twice by one form it
// counts once. Mistakes are fault.Fields named recipient, proof, note, parcels.N.outcome and parcels.N.reason.
func HandOver(ctx context.Context, tx *sql.Tx, d Doorstep) (err error) {
	defer fault.Wrap(&err, "shipping.HandOver(%s)", d.Shipment)
	if err := d.check(); err != nil {
		return err
	}
	id, first, err := d.store(ctx, tx)
	if err != nil || !first {
		return err
	}
	numbers := map[string][]string{}
	last := false
	for _, p := range d.Parcels {
		if _, err := tx.ExecContext(ctx, `insert into doorstep_parcels (doorstep_id, carton_id, outcome, reason) values ($1, $2, $3, $4)`, id, p.Carton, p.Outcome, p.Reason); err != nil {
			return err
		}
		var number string
		if err := tx.QueryRowContext(ctx, `select package_number from shipment_cartons where carton_id = $1`, p.Carton).Scan(&number); err != nil {
			return err
		}
		if p.Outcome != HandedOver {
			number += " (" + p.Reason + ")"
		} else if last, err = arrived(ctx, tx, d.Shipment, p.Carton, d.At); err != nil {
			return err
		}
		numbers[p.Outcome] = append(numbers[p.Outcome], number)
	}
	if _, err := tx.ExecContext(ctx, `delete from doorstep_scans where carton_id in (select carton_id from shipment_cartons where shipment_id = $1)`, d.Shipment); err != nil {
		return err
	}
	return d.tell(ctx, tx, id, numbers, last)
}

// check names what is missing in the form.
func (d Doorstep) check() error {
	var bad fault.Fields
	given := false
	for i, p := range d.Parcels {
		switch {
		case p.Outcome == HandedOver:
			given = true
		case p.Outcome != Refused && p.Outcome != NotThere:
			bad.Add(fmt.Sprintf("parcels.%d.outcome", i), "Say what became of this parcel: handed over, refused, or not there.")
		case strings.TrimSpace(p.Reason) == "" || wrongText(p.Reason, 200) != "":
			bad.Add(fmt.Sprintf("parcels.%d.reason", i), "Say why, in up to 200 characters.")
		}
	}
	if wrong := wrongText(d.Recipient, 80); wrong != "" || given && strings.TrimSpace(d.Recipient) == "" {
		bad.Add("recipient", "Write the name of whoever took it, up to 80 characters.")
	}
	if given && d.Signature == "" && d.Photo == "" {
		bad.Add("proof", "Let the recipient sign, or take a photo of where the parcel is left.")
	}
	if wrong := wrongText(strings.NewReplacer("\n", " ", "\r", " ").Replace(d.Note), 300); wrong != "" {
		bad.Add("note", "The note %s.", wrong)
	}
	return bad.Err()
}

// store locks the shipment, refuses parcels that are not to be handed over here, and keeps the doorstep.
func (d Doorstep) store(ctx context.Context, tx *sql.Tx) (id int64, first bool, err error) {
	var state State
	if err := tx.QueryRowContext(ctx, `select state from shipments where id = $1 for no key update`, d.Shipment).Scan(&state); err != nil {
		return 0, false, err
	}
	outcome := d.outcome()
	err = tx.QueryRowContext(ctx, `
		insert into doorsteps (submission, shipment_id, manifest_id, outcome, recipient, signature, photo, note, staff_id, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (submission) do nothing returning id`,
		d.Submission, d.Shipment, d.Manifest, outcome, d.Recipient, d.Signature, d.Photo, d.Note, d.Staff, d.At).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil // this form was heard before
	}
	if err != nil {
		return 0, false, err
	}
	there, err := AtStop(ctx, tx, d.Manifest, d.Shipment)
	if err != nil {
		return 0, false, err
	}
	here := map[packing.CartonID]bool{}
	for _, p := range there {
		here[p.Carton] = true
	}
	for _, p := range d.Parcels {
		if !here[p.Carton] {
			return 0, false, fault.New(fault.Conflict, "A parcel of %s was handed over already, by somebody else perhaps. Load the page again.", d.Shipment)
		}
		delete(here, p.Carton)
	}
	if len(there) == 0 || len(d.Parcels) > 0 && len(here) > 0 {
		return 0, false, fault.New(fault.Conflict, "The parcels of %s are others by now. Load the page again.", d.Shipment)
	}
	return id, true, nil
}

func (d Doorstep) outcome() string {
	given, kept := 0, 0
	for _, p := range d.Parcels {
		if p.Outcome == HandedOver {
			given++
		} else {
			kept++
		}
	}
	switch {
	case len(d.Parcels) == 0:
		return "nobody home"
	case kept == 0:
		return "handed over"
	case given == 0:
		return "refused"
	}
	return "partly"
}

// tell lets the doorstep become an event of the shipment, and what was not handed over an exception.
func (d Doorstep) tell(ctx context.Context, tx *sql.Tx, id int64, numbers map[string][]string, last bool) error {
	var says []string
	for _, o := range []struct{ outcome, words string }{{HandedOver, "Handed to " + d.Recipient + ": "}, {Refused, "Refused: "}, {NotThere, "Not on the truck: "}} {
		if len(numbers[o.outcome]) > 0 {
			says = append(says, o.words+strings.Join(numbers[o.outcome], ", ")+".")
		}
	}
	if len(d.Parcels) == 0 {
		says = append(says, "Nobody was home.")
	}
	if d.Note != "" {
		says = append(says, d.Note)
	}
	e := Event{Shipment: d.Shipment, At: d.At, Kind: "exception", Source: "scan", Key: fmt.Sprintf("doorstep %d", id), Note: clipTo(strings.Join(says, " "), 500), Staff: d.Staff}
	short := len(numbers[Refused])+len(numbers[NotThere]) > 0 || len(d.Parcels) == 0
	if last {
		e.Kind = "delivered"
	} else if !short {
		e.Kind = "note"
	}
	if _, err := Track(ctx, tx, e, d.At); err != nil || !short {
		return err
	}
	return raise(ctx, tx, d.Shipment, Missed, e.Note, d.At)
}

// Proof is what shows that something was handed over, or tried.
type Proof struct {
	Outcome, Recipient, Signature, Photo, Note, By string
	At                                             time.Time
	Parcels                                        []string // "TT… delivered", "TT… refused: broken"
}

// Proofs are a shipment's doorsteps, newest first.
func Proofs(ctx context.Context, q pg.Querier, id ID) (_ []Proof, err error) {
	defer fault.Wrap(&err, "shipping.Proofs(%s)", id)
	return list(ctx, q, func(p *Proof) []any {
		return []any{&p.Outcome, &p.Recipient, &p.Signature, &p.Photo, &p.Note, &p.By, &p.At, pg.Array(&p.Parcels)}
	}, `
		select d.outcome, d.recipient, d.signature, d.photo, d.note, s.name, d.at,
		       array(select sc.package_number || ' ' || p.outcome || coalesce(': ' || nullif(p.reason, ''), '') from doorstep_parcels p
		             join shipment_cartons sc on sc.carton_id = p.carton_id where p.doorstep_id = d.id order by sc.package_number)
		from doorsteps d join staff s on s.id = d.staff_id where d.shipment_id = $1 order by d.id desc`, id)
}
